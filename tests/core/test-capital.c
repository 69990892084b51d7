/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/capital.h"

#include <string.h>

static void
test_capital (void)
{
    static const struct {
        const char *amount, *capital;
    } cases[] = {
        { "0", "零元整" },
        { "210", "贰佰壹拾元整" },
        { "10", "壹拾元整" },
        { "10.05", "壹拾元零伍分" },
        { "10.50", "壹拾元伍角整" },
        { "10.55", "壹拾元伍角伍分" },
        { "0.05", "伍分" },
        { "0.5", "伍角整" },
        { "0.55", "伍角伍分" },
        { "-3.5", "负叁元伍角整" },
        { "1", "壹元整" },
        { "101", "壹佰零壹元整" },
        { "1001", "壹仟零壹元整" },
        { "1010", "壹仟零壹拾元整" },
        { "1100", "壹仟壹佰元整" },
        { "1680.32", "壹仟陆佰捌拾元叁角贰分" },
        { "6007.14", "陆仟零柒元壹角肆分" },
        { "107000.53", "壹拾万柒仟元伍角叁分" },
        { "16409.02", "壹万陆仟肆佰零玖元零贰分" },
        { "10000", "壹万元整" },
        { "10001", "壹万零壹元整" },
        { "100100", "壹拾万零壹佰元整" },
        { "1000000", "壹佰万元整" },
        { "10010000", "壹仟零壹万元整" },
        { "10100010", "壹仟零壹拾万零壹拾元整" },
        { "99999999", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元整" },
        { "100000000", "壹亿元整" },
        { "100000001", "壹亿零壹元整" },
        { "100010000", "壹亿零壹万元整" },
        { "110000000", "壹亿壹仟万元整" },
        { "100010001.01", "壹亿零壹万零壹元零壹分" },
        { "1000000000000", "壹万亿元整" },
        { "1234500000000", "壹万贰仟叁佰肆拾伍亿元整" },
        { "922337203685477.58", "玖佰贰拾贰万叁仟叁佰柒拾贰亿零叁佰陆拾捌万伍仟肆佰柒拾柒元伍角捌分" },
        { "0.0049", "零元整" },
        { "0.005", "壹分" },
        { "0.9950", "壹元整" },
        { "9.9949", "玖元玖角玖分" },
        { "9.9950", "壹拾元整" },
        { "-0.0049", "零元整" },
        { "-0.0050", "负壹分" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *capital = NULL;
        OcMoney money;

        g_assert_true (oc_money_from_decimal (cases[i].amount, &money));
        capital = oc_money_to_capital (money);
        g_assert_cmpstr (capital, ==, cases[i].capital);
    }
}

/* No zeros beside each other, none at the end, and the ends of 64 bits. */
static void
test_capital_form (void)
{
    GRand *rand = g_rand_new_with_seed (20260313);

    for (int i = 0; i < 20000; i++) {
        gint64 fen = ((gint64) g_rand_int (rand) << 8 | g_rand_int (rand) >> 24) >> (g_rand_int (rand) % 38);
        g_autofree char *capital = oc_money_to_capital (oc_money_from_fen (fen));

        g_assert_null (g_strstr_len (capital, -1, "零零"));
        g_assert_null (g_strstr_len (capital, -1, "零万"));
        g_assert_null (g_strstr_len (capital, -1, "零亿"));
        g_assert_null (g_strstr_len (capital, -1, "亿万"));
        if (fen > 0)
            g_assert_false (g_str_has_prefix (capital, "零"));
        g_assert_cmpint (g_str_has_suffix (capital, "整"), ==, fen % 10 == 0);
    }
    g_rand_free (rand);
}

static void
test_capital_ends (void)
{
    g_autofree char *least = oc_money_to_capital ((OcMoney){ G_MININT64 });
    g_autofree char *most = oc_money_to_capital ((OcMoney){ G_MAXINT64 });

    g_assert_true (g_str_has_prefix (least, "负玖佰贰拾贰万"));
    g_assert_cmpstr (least + strlen ("负"), ==, most);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/core/capital/amounts", test_capital);
    g_test_add_func ("/core/capital/form", test_capital_form);
    g_test_add_func ("/core/capital/ends", test_capital_ends);

    return g_test_run ();
}

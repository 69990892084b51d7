/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"

static void
test_initials (void)
{
    static const struct {
        const char *text, *initials;
    } cases[] = {
        { "", "" },
        { "吴敏", "wm" },
        { "单雄信", "sxx" }, { "曾国藩", "zgf" }, { "仇英", "qy" }, { "解缙", "xj" }, { "查良镛", "zly" }, { "区大相", "odx" },
        { "欧阳·修", "oyx" },
        { "3号楼B座-1201", "3hlbz1201" },
        { "〇一二", "lye" },
        { "Li Ming", "liming" },
        { "éÉ°", "" },
        { "㐀䶵龥", "qcy" },
        { "𠀀𪛖😀", "" }, /* beyond the table */
        { "　，。", "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *initials = oc_text_initials (cases[i].text);

        g_assert_cmpstr (initials, ==, cases[i].initials);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/core/text/initials", test_initials);

    return g_test_run ();
}

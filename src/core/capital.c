/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capital numerals by the rules for bills of the People's Bank (支付结算办法, appendix 1): a run of zeros within a number
 * is one 零, 整 follows yuan and jiao but never fen. */
#include "core/capital.h"

static const char *const digits[] = { "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖" };

/* 1 to 9999, without a 零 before it. */
static void
append_four (GString *out, guint n)
{
    static const struct {
        guint size;
        const char *name;
    } places[] = { { 1000, "仟" }, { 100, "佰" }, { 10, "拾" }, { 1, "" } };
    gboolean begun = FALSE, gap = FALSE;

    for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
        guint digit = n / places[i].size % 10;

        if (digit == 0) {
            gap = begun;
            continue;
        }
        if (gap)
            g_string_append (out, digits[0]);
        g_string_append (out, digits[digit]);
        g_string_append (out, places[i].name);
        begun = TRUE;
        gap = FALSE;
    }
}

/* 1 to 99999999. */
static void
append_eight (GString *out, guint n)
{
    guint high = n / 10000, low = n % 10000;

    if (high > 0) {
        append_four (out, high);
        g_string_append (out, "万");
    }
    if (low > 0) {
        if (high > 0 && low < 1000)
            g_string_append (out, digits[0]);
        append_four (out, low);
    }
}

/* Whole yuan, more than none: what fits into 64 bits has at most 15 digits. */
static void
append_yuan (GString *out, guint64 yuan)
{
    guint high = (guint) (yuan / 100000000), low = (guint) (yuan % 100000000);

    if (high > 0) {
        append_eight (out, high);
        g_string_append (out, "亿");
    }
    if (low > 0) {
        if (high > 0 && low < 10000000)
            g_string_append (out, digits[0]);
        append_eight (out, low);
    }
    g_string_append (out, "元");
}

char *
oc_money_to_capital (OcMoney money)
{
    guint64 size = money.units < 0 ? 0 - (guint64) money.units : (guint64) money.units;
    guint64 total_fen = (size + 50) / 100; /* half up, by size: −0.005 is −0.01 */
    guint64 yuan = total_fen / 100;
    guint jiao = (guint) (total_fen / 10 % 10), fen = (guint) (total_fen % 10);
    GString *out = g_string_new (money.units < 0 && total_fen > 0 ? "负" : "");

    if (yuan > 0)
        append_yuan (out, yuan);
    if (jiao > 0)
        g_string_append_printf (out, "%s角", digits[jiao]);
    else if (yuan > 0 && fen > 0)
        g_string_append (out, digits[0]);
    if (fen > 0)
        g_string_append_printf (out, "%s分", digits[fen]);
    else
        g_string_append (out, total_fen > 0 ? "整" : "零元整");

    return g_string_free (out, FALSE);
}

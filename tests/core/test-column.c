/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/column.h"

static void
test_formats (void)
{
    static const struct {
        OcColumnKind kind;
        const char *cell, *shown;
    } cases[] = {
        { OC_COLUMN_TEXT, "1234.5", "1234.5" },
        { OC_COLUMN_TEXT, NULL, "" },
        { OC_COLUMN_INTEGER, "1234", "1234" },
        { OC_COLUMN_MONEY, "1234.5", "1,234.50" },
        { OC_COLUMN_MONEY, NULL, "" },
        { OC_COLUMN_MONEY, "much", "much" },
        { OC_COLUMN_QUANTITY, "1234.5000", "1,234.5" },
        { OC_COLUMN_TIME, "2026-03-13 04:45:59.123+00", "2026-03-13 12:45" },
        { OC_COLUMN_TIME, "2026-03-13 12:45:00+08", "2026-03-13 12:45" },
        { OC_COLUMN_TIME, "2026-03-13T10:15:00+05:30", "2026-03-13 12:45" },
        { OC_COLUMN_TIME, "2026-03-13 12:45", "2026-03-13 12:45" },
        { OC_COLUMN_TIME, NULL, "" },
        { OC_COLUMN_DATE, "2026-03-13 23:00:00+00", "2026-03-14" },
        { OC_COLUMN_DATE, "2026-03-13", "2026-03-13" },
        { OC_COLUMN_STATE, "pending", "Unfinished" },
        { OC_COLUMN_STATE, "a-new-word", "a-new-word" },
        { OC_COLUMN_SUB_METER, "22", "22 Cold water" },
        { OC_COLUMN_SUB_METER, "11", "11 Electricity" },
        { OC_COLUMN_SUB_METER, "0", "" },
        { OC_COLUMN_SUB_METER, "99", "99" },
        { OC_COLUMN_SUB_METER, "20", "20" },
        { OC_COLUMN_SUB_METER, NULL, "" },
        { OC_COLUMN_PAY, "cash", "Cash" },
        { OC_COLUMN_PAY, "wechat=40.00,cash=60.00", "WeChat Pay 40.00 + Cash 60.00" },
        { OC_COLUMN_PAY, NULL, "" },
        { OC_COLUMN_DETAIL, "meter=13\nledger=3", "the meter says 13, the ledger says 3" },
        { OC_COLUMN_DETAIL, "attempt 1 of 2: old", "attempt 1 of 2: old" },
        { OC_COLUMN_DETAIL, "", "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr(OcRows) rows = oc_rows_new ((const char *const[]){ "cell", NULL });
        const OcColumn column = { "Title", "cell", cases[i].kind, 10 };
        g_autofree char *shown = NULL;

        oc_rows_append (rows, (const char *const[]){ cases[i].cell });
        shown = oc_column_format (&column, rows, 0);
        g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

static void
test_numeric (void)
{
    for (int kind = OC_COLUMN_TEXT; kind <= OC_COLUMN_DETAIL; kind++) {
        const OcColumn column = { "Title", "cell", (OcColumnKind) kind, 10 };

        g_assert_cmpint (oc_column_is_numeric (&column), ==,
            kind == OC_COLUMN_INTEGER || kind == OC_COLUMN_MONEY || kind == OC_COLUMN_QUANTITY);
    }
}

static void
test_words (void)
{
    g_assert_cmpstr (oc_word ("cold-water"), ==, "Cold water");
    g_assert_cmpstr (oc_word ("cash"), ==, "Cash");
    g_assert_cmpstr (oc_word (""), ==, "");
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/core/column/formats", test_formats);
    g_test_add_func ("/core/column/numeric", test_numeric);
    g_test_add_func ("/core/column/words", test_words);

    return g_test_run ();
}

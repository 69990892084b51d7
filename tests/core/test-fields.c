/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/fields.h"

static void
test_order_and_replace (void)
{
    g_autoptr(OcFields) fields = oc_fields_new ("Wallet");

    oc_fields_set (fields, "amount", "100.00");
    oc_fields_set_full (fields, "count", "Times bought", "3", "00000003", "2");
    oc_fields_set (fields, "amount", oc_fields_get (fields, "amount")); /* its own value */
    oc_fields_set (fields, "note", NULL);

    g_assert_cmpstr (oc_fields_get_title (fields), ==, "Wallet");
    g_assert_cmpuint (oc_fields_count (fields), ==, 3);
    g_assert_cmpstr (oc_fields_name (fields, 0), ==, "amount");
    g_assert_cmpstr (oc_fields_value (fields, 0), ==, "100.00");
    g_assert_cmpstr (oc_fields_label (fields, 1), ==, "Times bought");
    g_assert_cmpstr (oc_fields_raw (fields, 1), ==, "00000003");
    g_assert_cmpstr (oc_fields_ledger_value (fields, 1), ==, "2");
    g_assert_cmpstr (oc_fields_get (fields, "note"), ==, "");
    g_assert_null (oc_fields_get (fields, "absent"));

    oc_fields_set_title (fields, oc_fields_get_title (fields));
    g_assert_cmpstr (oc_fields_get_title (fields), ==, "Wallet");
}

static void
test_differs (void)
{
    g_autoptr(OcFields) fields = oc_fields_new (NULL);

    oc_fields_set_full (fields, "a", NULL, "1", NULL, "1");
    oc_fields_set_full (fields, "b", NULL, "1", NULL, "2");
    oc_fields_set_full (fields, "c", NULL, "1", NULL, NULL);
    g_assert_false (oc_fields_differs (fields, 0));
    g_assert_true (oc_fields_differs (fields, 1));
    g_assert_false (oc_fields_differs (fields, 2));
}

static void
test_columns (void)
{
    const char *const columns[] = { "name", "balance", NULL };
    g_autoptr(OcRows) rows = oc_rows_new (columns);
    g_autoptr(OcFields) fields = oc_fields_new (NULL);

    oc_rows_append (rows, (const char *[]){ "吴敏", "0" });
    oc_rows_append (rows, (const char *[]){ "单雄信", NULL });
    oc_fields_set (fields, "balance", "1");
    oc_fields_set_columns (fields, rows, 1);
    g_assert_cmpuint (oc_fields_count (fields), ==, 2);
    g_assert_cmpstr (oc_fields_get (fields, "name"), ==, "单雄信");
    g_assert_cmpstr (oc_fields_get (fields, "balance"), ==, "");
}

static void
test_rows (void)
{
    OcFields *fields = oc_fields_new (NULL);
    g_autoptr(OcFields) row = oc_fields_new (NULL);
    GPtrArray *rows;

    oc_fields_set (row, "tier", "1");
    oc_fields_add_row (fields, "lines", row);
    oc_fields_add_row (fields, "lines", row);
    rows = oc_fields_get_rows (fields, "lines");
    g_assert_cmpuint (rows->len, ==, 2);
    g_assert_true (g_ptr_array_index (rows, 0) == row);
    g_assert_null (oc_fields_get_rows (fields, "tiers"));
    g_assert_cmpuint (oc_fields_count (fields), ==, 0);

    oc_fields_ref (fields);
    oc_fields_unref (fields);
    oc_fields_unref (fields);
    g_assert_cmpstr (oc_fields_get (row, "tier"), ==, "1"); /* outlives the table */
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/core/fields/order", test_order_and_replace);
    g_test_add_func ("/core/fields/differs", test_differs);
    g_test_add_func ("/core/fields/columns", test_columns);
    g_test_add_func ("/core/fields/rows", test_rows);

    return g_test_run ();
}

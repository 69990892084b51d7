/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/rows.h"

static const char *const columns[] = { "name", "count", "done", "amount", "quantity", "image", NULL };

static OcRows *
make_rows (void)
{
    OcRows *rows = oc_rows_new (columns);

    oc_rows_append (rows, (const char *const[]){ "吴敏", "-7", "t", "-12.3400", "25.6", "\\x0aFf" });
    oc_rows_append (rows, (const char *const[]){ NULL, NULL, NULL, NULL, NULL, NULL });
    oc_rows_append (rows, (const char *const[]){ "", "9223372036854775807", "f", "0", "0.0001", "\\x" });

    return rows;
}

static void
test_cells (void)
{
    g_autoptr(OcRows) rows = make_rows ();
    g_autoptr(GBytes) image = oc_rows_bytes (rows, 0, "image");
    g_autoptr(GBytes) empty = oc_rows_bytes (rows, 2, "image");
    gsize size;
    const guint8 *bytes = g_bytes_get_data (image, &size);

    g_assert_cmpuint (oc_rows_count (rows), ==, 3);
    g_assert_cmpuint (oc_rows_n_columns (rows), ==, 6);
    g_assert_cmpstr (oc_rows_column_name (rows, 3), ==, "amount");
    g_assert_cmpint (oc_rows_find_column (rows, "quantity"), ==, 4);
    g_assert_cmpint (oc_rows_find_column (rows, "absent"), ==, -1);

    g_assert_cmpstr (oc_rows_text (rows, 0, "name"), ==, "吴敏");
    g_assert_cmpint (oc_rows_int (rows, 0, "count"), ==, -7);
    g_assert_true (oc_rows_bool (rows, 0, "done"));
    g_assert_cmpint (oc_rows_money (rows, 0, "amount").units, ==, -123400);
    g_assert_cmpint (oc_rows_quantity (rows, 0, "quantity").units, ==, 256000);
    g_assert_cmpmem (bytes, size, "\x0a\xff", 2);

    g_assert_false (oc_rows_is_null (rows, 2, "name"));
    g_assert_cmpint (oc_rows_int (rows, 2, "count"), ==, G_MAXINT64);
    g_assert_false (oc_rows_bool (rows, 2, "done"));
    g_assert_cmpuint (g_bytes_get_size (empty), ==, 0);
}

static void
test_nulls (void)
{
    g_autoptr(OcRows) rows = make_rows ();

    g_assert_true (oc_rows_is_null (rows, 1, "name"));
    g_assert_cmpstr (oc_rows_text (rows, 1, "name"), ==, "");
    g_assert_cmpint (oc_rows_int (rows, 1, "count"), ==, 0);
    g_assert_false (oc_rows_bool (rows, 1, "done"));
    g_assert_cmpint (oc_rows_money (rows, 1, "amount").units, ==, 0);
    g_assert_cmpint (oc_rows_quantity (rows, 1, "quantity").units, ==, 0);
    g_assert_null (oc_rows_bytes (rows, 1, "image"));
}

static void
test_list_model (void)
{
    OcRows *rows = make_rows ();
    g_autoptr(OcRow) row = g_list_model_get_item (G_LIST_MODEL (rows), 0);
    g_autoptr(OcRow) again = g_list_model_get_item (G_LIST_MODEL (rows), 0);
    OcRow *last = g_list_model_get_item (G_LIST_MODEL (rows), 2);

    g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (rows)) == OC_TYPE_ROW);
    g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 3);
    g_assert_null (g_list_model_get_item (G_LIST_MODEL (rows), 3));
    g_assert_true (row == again);
    g_assert_true (oc_row_get_rows (row) == rows);
    g_assert_cmpuint (oc_row_get_index (last), ==, 2);

    g_object_unref (last);
    last = g_list_model_get_item (G_LIST_MODEL (rows), 2); /* made anew */
    g_assert_cmpuint (oc_row_get_index (last), ==, 2);
    g_object_unref (last);

    g_object_unref (rows); /* a row keeps its rows */
    g_assert_cmpstr (oc_row_text (row, "name"), ==, "吴敏");
}

static void
test_no_rows (void)
{
    g_autoptr(OcRows) rows = oc_rows_new (columns);
    g_autoptr(OcRows) nothing = oc_rows_new ((const char *const[]){ NULL });

    g_assert_cmpuint (oc_rows_count (rows), ==, 0);
    g_assert_cmpuint (oc_rows_count (nothing), ==, 0);
    g_assert_null (g_list_model_get_item (G_LIST_MODEL (rows), 0));
}

/* A bug ends the program and names the column, not the value. */
static void
test_bugs (void)
{
    static const char *const names[] = { "absent-column", "beyond-the-rows", "no-number", "no-amount", "no-truth",
        "no-bytes" };

    if (g_test_subprocess ()) {
        g_autoptr(OcRows) rows = make_rows ();
        const char *name = g_getenv ("BUG");

        if (g_strcmp0 (name, names[0]) == 0)
            oc_rows_text (rows, 0, "nmae");
        else if (g_strcmp0 (name, names[1]) == 0)
            oc_rows_text (rows, 3, "name");
        else if (g_strcmp0 (name, names[2]) == 0)
            oc_rows_int (rows, 0, "name");
        else if (g_strcmp0 (name, names[3]) == 0)
            oc_rows_money (rows, 0, "name");
        else if (g_strcmp0 (name, names[4]) == 0)
            oc_rows_bool (rows, 0, "name");
        else if (g_strcmp0 (name, names[5]) == 0)
            oc_rows_bytes (rows, 0, "name");
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        g_setenv ("BUG", names[i], TRUE);
        g_test_trap_subprocess (NULL, 0, 0);
        g_test_trap_assert_failed ();
        g_test_trap_assert_stderr_unmatched ("*吴敏*");
    }
    g_unsetenv ("BUG");
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/core/rows/cells", test_cells);
    g_test_add_func ("/core/rows/nulls", test_nulls);
    g_test_add_func ("/core/rows/list-model", test_list_model);
    g_test_add_func ("/core/rows/none", test_no_rows);
    g_test_add_func ("/core/rows/bugs", test_bugs);

    return g_test_run ();
}

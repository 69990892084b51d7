/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A part of rows, in an order. */
#include "ui/rows-part.h"

#include <string.h>

typedef struct {
    OcRows *rows;
    const OcColumn *column;
    gboolean descending;
} Order;

static int
compare_cells (const Order *order, guint a, guint b)
{
    const char *field = order->column->field;
    gint64 x, y;

    switch (order->column->kind) {
    case OC_COLUMN_INTEGER:
    case OC_COLUMN_SUB_METER:
        x = oc_rows_int (order->rows, a, field);
        y = oc_rows_int (order->rows, b, field);
        break;
    case OC_COLUMN_MONEY:
        x = oc_rows_money (order->rows, a, field).units;
        y = oc_rows_money (order->rows, b, field).units;
        break;
    case OC_COLUMN_QUANTITY:
        x = oc_rows_quantity (order->rows, a, field).units;
        y = oc_rows_quantity (order->rows, b, field).units;
        break;
    case OC_COLUMN_TIME:
    case OC_COLUMN_DATE:
        return strcmp (oc_rows_text (order->rows, a, field), oc_rows_text (order->rows, b, field));
    default:
        return g_utf8_collate (oc_rows_text (order->rows, a, field), oc_rows_text (order->rows, b, field));
    }
    return (x > y) - (x < y);
}

static int
compare_rows_cb (gconstpointer a, gconstpointer b, gpointer data)
{
    const Order *order = data;
    guint x = *(const guint *) a, y = *(const guint *) b;
    int result = order->column != NULL ? compare_cells (order, x, y) : 0;

    if (result == 0)
        return (x > y) - (x < y); /* as they came */
    return order->descending ? -result : result;
}

/* Whether any cell that is shown has the text in it. */
static gboolean
row_fits (const OcRowsPart *part, OcRows *rows, guint row, const char *folded)
{
    for (guint i = 0; i < part->n_columns; i++) {
        g_autofree char *cell = oc_column_format (&part->columns[i], rows, row);
        g_autofree char *cell_folded = g_utf8_casefold (cell, -1);
        if (strstr (cell_folded, folded) != NULL)
            return TRUE;
    }
    return FALSE;
}

static OcRows *
rows_by_index (OcRows *rows, GArray *indices)
{
    guint n = oc_rows_n_columns (rows);
    g_autofree const char **names = g_new0 (const char *, n + 1);
    g_autofree const char **cells = g_new0 (const char *, n + 1);
    OcRows *chosen;

    for (guint i = 0; i < n; i++)
        names[i] = oc_rows_column_name (rows, i);
    chosen = oc_rows_new (names);
    for (guint r = 0; r < indices->len; r++) {
        guint row = g_array_index (indices, guint, r);
        for (guint i = 0; i < n; i++)
            cells[i] = oc_rows_is_null (rows, row, names[i]) ? NULL : oc_rows_text (rows, row, names[i]);
        oc_rows_append (chosen, cells);
    }
    return chosen;
}

OcRows *
oc_rows_part (OcRows *rows, const OcRowsPart *part)
{
    g_autofree char *folded = g_utf8_casefold (part->text, -1);
    g_autoptr(GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint));
    Order order = { rows, part->sort, part->descending };

    g_return_val_if_fail (OC_IS_ROWS (rows), NULL);
    for (guint i = 0; i < oc_rows_count (rows); i++) {
        if (*folded == '\0' || row_fits (part, rows, i, folded))
            g_array_append_val (indices, i);
    }
    g_array_sort_with_data (indices, compare_rows_cb, &order);
    return rows_by_index (rows, indices);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer of a call: one array of cells, row after row, and a list model over it. The list's items are made when
 * somebody asks for them and live as long as somebody holds them; the same row is the same item while it lives. Cells
 * may be read on any thread, the list model is for the main one. */
#include "core/rows.h"

#include <string.h>

struct _OcRows {
    GObject parent_instance;

    GStrv columns;
    guint n_columns;
    GPtrArray *cells;       /* char *, n_columns a row; NULL is SQL null */
    GPtrArray *items;       /* OcRow, weak: each takes itself out; as long as the rows once there is one */
};

struct _OcRow {
    GObject parent_instance;

    OcRows *rows;
    guint index;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OcRows, oc_rows, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))
G_DEFINE_FINAL_TYPE (OcRow, oc_row, G_TYPE_OBJECT)

static void
oc_row_finalize (GObject *object)
{
    OcRow *self = OC_ROW (object);

    g_ptr_array_index (self->rows->items, self->index) = NULL;
    g_object_unref (self->rows);
    G_OBJECT_CLASS (oc_row_parent_class)->finalize (object);
}

static void
oc_row_class_init (OcRowClass *class)
{
    G_OBJECT_CLASS (class)->finalize = oc_row_finalize;
}

static void
oc_row_init (OcRow *self)
{
}

static GType
get_item_type (GListModel *model)
{
    return OC_TYPE_ROW;
}

static guint
get_n_items (GListModel *model)
{
    return oc_rows_count (OC_ROWS (model));
}

static gpointer
get_item (GListModel *model, guint position)
{
    OcRows *self = OC_ROWS (model);
    OcRow *row;

    if (position >= oc_rows_count (self))
        return NULL;

    if (self->items->len == 0)
        g_ptr_array_set_size (self->items, (int) oc_rows_count (self));
    row = g_ptr_array_index (self->items, position);
    if (row)
        return g_object_ref (row);

    row = g_object_new (OC_TYPE_ROW, NULL);
    row->rows = g_object_ref (self);
    row->index = position;
    g_ptr_array_index (self->items, position) = row;

    return row;
}

static void
list_model_init (GListModelInterface *iface)
{
    iface->get_item_type = get_item_type;
    iface->get_n_items = get_n_items;
    iface->get_item = get_item;
}

static void
oc_rows_finalize (GObject *object)
{
    OcRows *self = OC_ROWS (object);

    g_strfreev (self->columns);
    g_ptr_array_unref (self->cells);
    g_ptr_array_unref (self->items);
    G_OBJECT_CLASS (oc_rows_parent_class)->finalize (object);
}

static void
oc_rows_class_init (OcRowsClass *class)
{
    G_OBJECT_CLASS (class)->finalize = oc_rows_finalize;
}

static void
oc_rows_init (OcRows *self)
{
    self->cells = g_ptr_array_new_with_free_func (g_free);
    self->items = g_ptr_array_new ();
}

OcRows *
oc_rows_new (const char *const *columns)
{
    OcRows *self = g_object_new (OC_TYPE_ROWS, NULL);

    self->columns = g_strdupv ((char **) columns);
    self->n_columns = g_strv_length (self->columns);

    return self;
}

void
oc_rows_append (OcRows *self, const char *const *cells)
{
    g_return_if_fail (OC_IS_ROWS (self));
    g_return_if_fail (self->items->len == 0); /* already shown to others */
    g_return_if_fail (self->n_columns > 0);

    for (guint i = 0; i < self->n_columns; i++)
        g_ptr_array_add (self->cells, g_strdup (cells[i]));
}

guint
oc_rows_count (OcRows *self)
{
    return self->n_columns ? self->cells->len / self->n_columns : 0;
}

guint
oc_rows_n_columns (OcRows *self)
{
    return self->n_columns;
}

const char *
oc_rows_column_name (OcRows *self, guint column)
{
    g_return_val_if_fail (column < self->n_columns, NULL);

    return self->columns[column];
}

int
oc_rows_find_column (OcRows *self, const char *name)
{
    for (guint i = 0; i < self->n_columns; i++)
        if (g_str_equal (self->columns[i], name))
            return (int) i;

    return -1;
}

static const char *
cell (OcRows *self, guint row, const char *name)
{
    int column = oc_rows_find_column (self, name);

    if (column < 0)
        g_error ("there is no column \"%s\" in this answer", name);
    if (row >= oc_rows_count (self))
        g_error ("row %u of column \"%s\" was asked for, there are %u", row, name, oc_rows_count (self));

    return g_ptr_array_index (self->cells, row * self->n_columns + (guint) column);
}

/* The value itself stays out of the log. */
static void G_GNUC_NORETURN
unreadable (const char *column, const char *what)
{
    g_error ("column \"%s\" does not hold %s", column, what);
}

gboolean
oc_rows_is_null (OcRows *self, guint row, const char *column)
{
    return cell (self, row, column) == NULL;
}

const char *
oc_rows_text (OcRows *self, guint row, const char *column)
{
    const char *text = cell (self, row, column);

    return text ? text : "";
}

gint64
oc_rows_int (OcRows *self, guint row, const char *column)
{
    const char *text = cell (self, row, column);
    gint64 number = 0;

    if (text && !g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL))
        unreadable (column, "a whole number");

    return number;
}

gboolean
oc_rows_bool (OcRows *self, guint row, const char *column)
{
    const char *text = cell (self, row, column);

    if (text && !g_str_equal (text, "t") && !g_str_equal (text, "f"))
        unreadable (column, "true or false");

    return text && *text == 't';
}

OcMoney
oc_rows_money (OcRows *self, guint row, const char *column)
{
    const char *text = cell (self, row, column);
    OcMoney money = { 0 };

    if (text && !oc_money_from_decimal (text, &money))
        unreadable (column, "an amount");

    return money;
}

OcQuantity
oc_rows_quantity (OcRows *self, guint row, const char *column)
{
    const char *text = cell (self, row, column);
    OcQuantity quantity = { 0 };

    if (text && !oc_quantity_from_decimal (text, &quantity))
        unreadable (column, "a quantity");

    return quantity;
}

GBytes *
oc_rows_bytes (OcRows *self, guint row, const char *column)
{
    const char *text = cell (self, row, column);
    gsize length;
    guint8 *data;

    if (text == NULL)
        return NULL;

    length = strlen (text);
    if (!g_str_has_prefix (text, "\\x") || length % 2)
        unreadable (column, "bytes");
    data = g_malloc (length / 2); /* one more than needed, so never none */
    for (gsize i = 2; i < length; i += 2) {
        int high = g_ascii_xdigit_value (text[i]), low = g_ascii_xdigit_value (text[i + 1]);

        if (high < 0 || low < 0)
            unreadable (column, "bytes");
        data[i / 2 - 1] = (guint8) (high << 4 | low);
    }

    return g_bytes_new_take (data, length / 2 - 1);
}

OcRows *
oc_row_get_rows (OcRow *self)
{
    return self->rows;
}

guint
oc_row_get_index (OcRow *self)
{
    return self->index;
}

const char *
oc_row_text (OcRow *self, const char *column)
{
    return oc_rows_text (self->rows, self->index, column);
}

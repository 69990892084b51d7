/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The query shape. What came is kept whole; the quick text and the sorting show a part of it in an order. */
#include "ui/query-screen.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/present-error.h"

typedef struct {
    GtkLabel *title;
    GtkLabel *purpose;
    GtkEditable *text;
    GtkBox *tools;
    OcTable *table;
    GtkLabel *summary;

    OcRows *all;
} OcQueryScreenPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (OcQueryScreen, oc_query_screen, OC_TYPE_SCREEN)

static OcQueryScreenPrivate *
get_private (OcQueryScreen *self)
{
    return oc_query_screen_get_instance_private (self);
}

/* A part in an order ------------------------------------------------------------------------------------------------ */

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
row_fits (OcQueryScreenClass *klass, OcRows *rows, guint row, const char *folded)
{
    for (guint i = 0; i < klass->n_columns; i++) {
        g_autofree char *cell = oc_column_format (&klass->columns[i], rows, row);
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

static char *
summary_of (OcQueryScreenClass *klass, OcRows *rows)
{
    guint n = oc_rows_count (rows);
    g_autofree char *number = g_strdup_printf ("%u", n);
    /* Translators: %s is a number. */
    g_autofree char *count = g_strdup_printf (ngettext ("%s row", "%s rows", n), number);
    GString *text = g_string_new (count);

    for (guint i = 0; i < klass->n_columns; i++) {
        const OcColumn *column = &klass->columns[i];
        g_autofree char *sum = NULL;
        OcMoney money = { 0 };

        if (!column->total || column->kind != OC_COLUMN_MONEY)
            continue;
        for (guint row = 0; row < n; row++) {
            if (!oc_money_add (money, oc_rows_money (rows, row, column->field), &money))
                break;
        }
        sum = oc_money_format (money);
        g_string_append_printf (text, " · %s %s", _(column->title), sum);
    }
    return g_string_free (text, FALSE);
}

static void
show_rows (OcQueryScreen *self)
{
    OcQueryScreenPrivate *priv = get_private (self);
    OcQueryScreenClass *klass = OC_QUERY_SCREEN_GET_CLASS (self);
    g_autofree char *folded = g_utf8_casefold (gtk_editable_get_text (priv->text), -1);
    g_autoptr(GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint));
    g_autoptr(OcRows) rows = NULL;
    g_autofree char *summary = NULL;
    Order order = { .rows = priv->all };

    if (priv->all == NULL)
        return;
    for (guint i = 0; i < oc_rows_count (priv->all); i++) {
        if (*folded == '\0' || row_fits (klass, priv->all, i, folded))
            g_array_append_val (indices, i);
    }
    order.column = oc_table_get_sort (priv->table, &order.descending);
    g_array_sort_with_data (indices, compare_rows_cb, &order);
    rows = rows_by_index (priv->all, indices);
    oc_table_set_rows (priv->table, rows, klass->key);
    summary = summary_of (klass, rows);
    gtk_label_set_label (priv->summary, oc_rows_count (rows) > 0 ? summary : "");
    oc_screen_update_actions (OC_SCREEN (self));
}

/* Loading ------------------------------------------------------------------------------------------------------------- */

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    g_autoptr(GError) error = NULL;
    OcQueryScreen *self = oc_busy_get_screen (busy);
    g_autoptr(OcRows) rows = NULL;
    OcQueryScreenPrivate *priv;

    if (self == NULL)
        return;
    priv = get_private (self);
    rows = OC_QUERY_SCREEN_GET_CLASS (self)->load_finish (self, result, &error);
    if (rows == NULL) {
        oc_present_error (GTK_WIDGET (self), error);
        return;
    }
    g_set_object (&priv->all, rows);
    show_rows (self);
}

static void
oc_query_screen_refresh (OcScreen *screen)
{
    OcQueryScreen *self = OC_QUERY_SCREEN (screen);
    OcBusy *busy = oc_screen_busy (screen, get_private (self)->all == NULL ? _("Asking the database") : NULL);

    OC_QUERY_SCREEN_GET_CLASS (self)->load (self, oc_busy_get_cancellable (busy), on_loaded_cb, busy);
}

static void
on_row_activated_cb (OcQueryScreen *self)
{
    if (OC_QUERY_SCREEN_GET_CLASS (self)->row_activated != NULL)
        OC_QUERY_SCREEN_GET_CLASS (self)->row_activated (self);
}

/* The field takes Esc for itself: the first empties it, the next is a step back like everywhere. */
static void
on_stop_search_cb (OcQueryScreen *self)
{
    OcQueryScreenPrivate *priv = get_private (self);

    if (*gtk_editable_get_text (priv->text) != '\0')
        gtk_editable_set_text (priv->text, "");
    else
        gtk_widget_activate_action (GTK_WIDGET (self), "oc.back", NULL);
}

static void
on_selection_changed_cb (OcQueryScreen *self)
{
    oc_screen_update_actions (OC_SCREEN (self));
}

static void
oc_query_screen_start (OcScreen *screen)
{
    OcQueryScreenPrivate *priv = get_private (OC_QUERY_SCREEN (screen));

    if (oc_table_get_rows (priv->table) != NULL && oc_rows_count (oc_table_get_rows (priv->table)) > 0)
        oc_table_focus (priv->table);
    else
        gtk_widget_grab_focus (GTK_WIDGET (priv->text));
}

/* GObject --------------------------------------------------------------------------------------------------------------- */

static void
oc_query_screen_constructed (GObject *object)
{
    OcQueryScreen *self = OC_QUERY_SCREEN (object);
    OcQueryScreenPrivate *priv = get_private (self);
    OcQueryScreenClass *klass = OC_QUERY_SCREEN_GET_CLASS (self);

    G_OBJECT_CLASS (oc_query_screen_parent_class)->constructed (object);
    gtk_label_set_label (priv->title, _(klass->title));
    gtk_label_set_label (priv->purpose, _(klass->purpose));
    oc_table_set_columns (priv->table, klass->columns, klass->n_columns, _(klass->title));
    oc_table_set_empty (priv->table, klass->empty_icon, _(klass->empty_title), _(klass->empty_text));
    gtk_box_append (priv->tools, oc_table_make_chooser (priv->table));
}

/* gtk_widget_dispose_template () of 4.8 looks at the template of the instance's own class, and a subclass has none. The
 * base takes the children away. */
static void
oc_query_screen_dispose (GObject *object)
{
    g_clear_object (&get_private (OC_QUERY_SCREEN (object))->all);
    G_OBJECT_CLASS (oc_query_screen_parent_class)->dispose (object);
}

static void
oc_query_screen_class_init (OcQueryScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_query_screen_constructed;
    G_OBJECT_CLASS (klass)->dispose = oc_query_screen_dispose;
    OC_SCREEN_CLASS (klass)->refresh = oc_query_screen_refresh;
    OC_SCREEN_CLASS (klass)->start = oc_query_screen_start;
    g_type_ensure (OC_TYPE_TABLE);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/query-screen.ui");
    gtk_widget_class_bind_template_child_private (widget_class, OcQueryScreen, title);
    gtk_widget_class_bind_template_child_private (widget_class, OcQueryScreen, purpose);
    gtk_widget_class_bind_template_child_private (widget_class, OcQueryScreen, text);
    gtk_widget_class_bind_template_child_private (widget_class, OcQueryScreen, tools);
    gtk_widget_class_bind_template_child_private (widget_class, OcQueryScreen, table);
    gtk_widget_class_bind_template_child_private (widget_class, OcQueryScreen, summary);
    gtk_widget_class_bind_template_callback_full (widget_class, "show_rows", G_CALLBACK (show_rows));
    gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_selection_changed_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_stop_search_cb);
}

static void
oc_query_screen_init (OcQueryScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

/* Public ------------------------------------------------------------------------------------------------------------------ */

void
oc_query_screen_add_tool (OcQueryScreen *self, GtkWidget *tool)
{
    g_return_if_fail (OC_IS_QUERY_SCREEN (self));
    gtk_box_prepend (get_private (self)->tools, tool);
}

gboolean
oc_query_screen_get_selected (OcQueryScreen *self, OcRows **rows, guint *row)
{
    OcTable *table;
    int selected;

    g_return_val_if_fail (OC_IS_QUERY_SCREEN (self), FALSE);
    table = get_private (self)->table;
    if ((selected = oc_table_get_selected (table)) < 0)
        return FALSE;
    *rows = oc_table_get_rows (table);
    *row = selected;
    return TRUE;
}

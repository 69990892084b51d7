/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The query shape. What came is kept whole; the quick text and the sorting show a part of it. */
#include "ui/query-screen.h"

#include <glib/gi18n-lib.h>

#include "ui/present-error.h"
#include "ui/rows-part.h"

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
    g_autoptr(OcRows) rows = NULL;
    g_autofree char *summary = NULL;
    const OcColumn *column;
    gboolean descending;

    if (priv->all == NULL)
        return;
    column = oc_table_get_sort (priv->table, &descending);
    rows = oc_rows_part (priv->all, &(OcRowsPart){ klass->columns, klass->n_columns, gtk_editable_get_text (priv->text), column,
        descending });
    oc_table_set_rows (priv->table, rows, klass->key);
    summary = summary_of (klass, rows);
    gtk_label_set_label (priv->summary, summary);
    gtk_widget_set_visible (GTK_WIDGET (priv->summary), oc_rows_count (rows) > 0);
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
        oc_present_load_error (OC_SCREEN (self), error);
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
    if (OC_QUERY_SCREEN_GET_CLASS (self)->row_chosen != NULL)
        OC_QUERY_SCREEN_GET_CLASS (self)->row_chosen (self);
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

void
oc_query_screen_set_detail (OcQueryScreen *self, GtkWidget *detail)
{
    OcQueryScreenPrivate *priv;

    g_return_if_fail (OC_IS_QUERY_SCREEN (self));
    priv = get_private (self);
    gtk_box_insert_child_after (GTK_BOX (gtk_widget_get_parent (GTK_WIDGET (priv->table))), detail, GTK_WIDGET (priv->table));
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

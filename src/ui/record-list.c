/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of records. */
#include "ui/record-list.h"

#include <glib/gi18n-lib.h>

#include "ui/record.h"
#include "ui/rows-part.h"

struct _OcRecordList {
    GtkWidget parent_instance;

    GtkWidget *box;
    GtkEditable *text;
    GtkWidget *add;
    OcTable *table;

    const OcColumn *columns;
    guint n_columns;
    OcRows *all;
    gint64 marked;
    gboolean marking; /* the table's row is set by us */
};

enum { SIGNAL_CHOSEN, SIGNAL_ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OcRecordList, oc_record_list, GTK_TYPE_WIDGET)

static void
show_rows (OcRecordList *self)
{
    OcRowsPart part = { self->columns, self->n_columns, gtk_editable_get_text (self->text), NULL, FALSE };
    g_autoptr(OcRows) rows = NULL;

    if (self->all == NULL)
        return;
    part.sort = oc_table_get_sort (self->table, &part.descending);
    rows = oc_rows_part (self->all, &part);
    self->marking = TRUE;
    oc_table_set_rows (self->table, rows, NULL);
    self->marking = FALSE;
    oc_record_list_mark (self, self->marked);
}

static void
on_selection_changed_cb (OcRecordList *self)
{
    int row = oc_table_get_selected (self->table);

    if (!self->marking && row >= 0)
        g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, oc_rows_int (oc_table_get_rows (self->table), (guint) row, "id"));
}

static void
on_row_activated_cb (OcRecordList *self)
{
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

/* The field takes Esc for itself: the first empties it, the next is a step back like everywhere. */
static void
on_stop_search_cb (OcRecordList *self)
{
    if (*gtk_editable_get_text (self->text) != '\0')
        gtk_editable_set_text (self->text, "");
    else
        gtk_widget_activate_action (GTK_WIDGET (self), "oc.back", NULL);
}

static void
oc_record_list_dispose (GObject *object)
{
    g_clear_object (&OC_RECORD_LIST (object)->all);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_RECORD_LIST);
    G_OBJECT_CLASS (oc_record_list_parent_class)->dispose (object);
}

static void
oc_record_list_class_init (OcRecordListClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_record_list_dispose;
    signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", OC_TYPE_RECORD_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
        G_TYPE_INT64);
    signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", OC_TYPE_RECORD_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
        0);
    g_type_ensure (OC_TYPE_TABLE);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/record-list.ui");
    gtk_widget_class_bind_template_child (widget_class, OcRecordList, box); /* what is bound goes with the template */
    gtk_widget_class_bind_template_child (widget_class, OcRecordList, text);
    gtk_widget_class_bind_template_child (widget_class, OcRecordList, add);
    gtk_widget_class_bind_template_child (widget_class, OcRecordList, table);
    gtk_widget_class_bind_template_callback_full (widget_class, "show_rows", G_CALLBACK (show_rows));
    gtk_widget_class_bind_template_callback (widget_class, on_selection_changed_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_stop_search_cb);
}

static void
oc_record_list_init (OcRecordList *self)
{
    GtkEventController *keys = gtk_shortcut_controller_new ();

    gtk_widget_init_template (GTK_WIDGET (self));
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Delete, 0), gtk_named_action_new ("record.delete")));
    gtk_widget_add_controller (GTK_WIDGET (self->table), keys);
}

/* Public ------------------------------------------------------------------------------------------------------------- */

void
oc_record_list_set_up (OcRecordList *self, const OcColumn *columns, guint n, const char *title, const char *icon,
    const char *empty_text)
{
    g_return_if_fail (OC_IS_RECORD_LIST (self));
    self->columns = columns;
    self->n_columns = n;
    oc_table_set_columns (self->table, columns, n, title);
    oc_table_set_empty (self->table, icon, _("Nothing here yet"), empty_text);
}

void
oc_record_list_set_grows (OcRecordList *self, gboolean grows)
{
    g_return_if_fail (OC_IS_RECORD_LIST (self));
    gtk_widget_set_visible (self->add, grows);
}

void
oc_record_list_set_rows (OcRecordList *self, OcRows *rows)
{
    g_return_if_fail (OC_IS_RECORD_LIST (self));
    g_set_object (&self->all, rows);
    show_rows (self);
}

void
oc_record_list_mark (OcRecordList *self, gint64 id)
{
    g_return_if_fail (OC_IS_RECORD_LIST (self));
    self->marked = id;
    self->marking = TRUE;
    oc_table_select (self->table, id != 0 ? oc_record_find (oc_table_get_rows (self->table), id) : -1);
    self->marking = FALSE;
}

gint64
oc_record_list_first (OcRecordList *self)
{
    OcRows *rows;

    g_return_val_if_fail (OC_IS_RECORD_LIST (self), 0);
    rows = oc_table_get_rows (self->table);
    return rows != NULL && oc_rows_count (rows) > 0 ? oc_rows_int (rows, 0, "id") : 0;
}

void
oc_record_list_start (OcRecordList *self)
{
    g_return_if_fail (OC_IS_RECORD_LIST (self));
    if (oc_record_list_first (self) != 0)
        oc_table_focus (self->table);
    else
        gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

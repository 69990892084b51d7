/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See picker.h: the caret is in the field, Enter takes the row that is chosen, else the first. */
#include "ui/picker.h"

#include <glib/gi18n-lib.h>

#include "ops/ops.h"
#include "ui/present-error.h"
#include "ui/table.h"

#define LIMIT 50

#define OC_TYPE_PICKER (oc_picker_get_type ())
G_DECLARE_FINAL_TYPE (OcPicker, oc_picker, OC, PICKER, GtkWindow)

struct _OcPicker {
    GtkWindow parent_instance;

    OcScreen *screen;
    OcPickedFunc picked;
    GtkEditable *text;
    OcTable *table;
    guint asked;
};

G_DEFINE_FINAL_TYPE (OcPicker, oc_picker, GTK_TYPE_WINDOW)

static const OcColumn columns[] = {
    { N_("Number"), "pre_registered", OC_COLUMN_INTEGER, 8 },
    { N_("Name"), "name", OC_COLUMN_TEXT, 10 },
    { N_("Address"), "address", OC_COLUMN_TEXT, 26 },
    { N_("Telephone"), "phone", OC_COLUMN_TEXT, 12 },
};

typedef struct {
    OcPicker *picker;
    guint asked;
} Find;

static void
on_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree Find *find = data;
    g_autoptr(OcPicker) self = find->picker;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_pre_registered_find_finish (OC_DESK (source), result, &error);

    if (self->screen == NULL || find->asked != self->asked)
        return; /* closed, or a later answer comes */
    if (rows != NULL)
        oc_table_set_rows (self->table, rows, "pre_registered");
    else
        oc_present_error (GTK_WIDGET (self->screen), error);
}

static void
find (OcPicker *self)
{
    OcFindAsk ask = { .text = gtk_editable_get_text (self->text), .limit = LIMIT };
    Find *data = g_new0 (Find, 1);

    *data = (Find){ g_object_ref (self), ++self->asked };
    oc_pre_registered_find_async (oc_screen_get_desk (self->screen), &ask, NULL, on_found_cb, data);
}

static void
take (OcPicker *self)
{
    OcRows *rows = oc_table_get_rows (self->table);
    int row = oc_table_get_selected (self->table);
    g_autoptr(OcFields) record = oc_fields_new (NULL);

    if (rows == NULL || oc_rows_count (rows) == 0)
        return;
    if (row < 0)
        row = 0; /* Enter takes the first that was found */
    for (guint i = 0; i < oc_rows_n_columns (rows); i++)
        oc_fields_set (record, oc_rows_column_name (rows, i), oc_rows_text (rows, (guint) row, oc_rows_column_name (rows, i)));
    self->picked (self->screen, record);
    gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
on_escape_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
    gtk_window_close (GTK_WINDOW (widget));
    return TRUE;
}

static void
oc_picker_dispose (GObject *object)
{
    g_clear_object (&OC_PICKER (object)->screen);
    G_OBJECT_CLASS (oc_picker_parent_class)->dispose (object);
}

static void
oc_picker_class_init (OcPickerClass *klass)
{
    G_OBJECT_CLASS (klass)->dispose = oc_picker_dispose;
    gtk_widget_class_add_binding (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, on_escape_cb, NULL);
}

static void
oc_picker_init (OcPicker *self)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
    GtkWidget *entry = gtk_search_entry_new ();

    self->text = GTK_EDITABLE (entry);
    self->table = g_object_new (OC_TYPE_TABLE, "vexpand", TRUE, NULL);
    gtk_widget_add_css_class (box, "page");
    gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Find a customer"), -1);
    g_signal_connect_object (entry, "search-changed", G_CALLBACK (find), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (entry, "activate", G_CALLBACK (take), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (entry, "stop-search", G_CALLBACK (gtk_window_close), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->table, "row-activated", G_CALLBACK (take), self, G_CONNECT_SWAPPED);
    oc_table_set_columns (self->table, columns, G_N_ELEMENTS (columns), _("Pre-registered customers"));
    oc_table_set_empty (self->table, "oc-person-symbolic", _("Nobody is waiting for an account"),
        _("Try a part of the name or address, its pinyin initials, or the telephone."));
    gtk_box_append (GTK_BOX (box), entry);
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->table));
    gtk_window_set_child (GTK_WINDOW (self), box);
    gtk_window_set_modal (GTK_WINDOW (self), TRUE);
    gtk_window_set_default_size (GTK_WINDOW (self), 640, 420);
    gtk_window_set_title (GTK_WINDOW (self), _("Find pre-registered"));
}

void
oc_picker_present (OcScreen *screen, OcPickedFunc picked)
{
    OcPicker *self = g_object_new (OC_TYPE_PICKER, "transient-for", gtk_widget_get_root (GTK_WIDGET (screen)), NULL);

    self->screen = g_object_ref (screen);
    self->picked = picked;
    gtk_window_present (GTK_WINDOW (self));
    gtk_widget_grab_focus (GTK_WIDGET (self->text));
    find (self);
}

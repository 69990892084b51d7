/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers that come late are dropped. */
#include "ui/finder.h"

#include <glib/gi18n-lib.h>

#include "ui/present-error.h"

#define LIMIT 50

struct _OcFinder {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkEditable *text;
    OcTable *table;
    const OcFinderKind *kind;
    OcDesk *desk;
    GtkWidget *errors; /* weak */
    guint asked;
};

G_DEFINE_FINAL_TYPE (OcFinder, oc_finder, GTK_TYPE_WIDGET)

enum { SIGNAL_TAKEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static const OcColumn pre_registered_columns[] = {
    { N_("Number"), "pre_registered", OC_COLUMN_INTEGER, 8 },
    { N_("Name"), "name", OC_COLUMN_TEXT, 10 },
    { N_("Address"), "address", OC_COLUMN_TEXT, 26 },
    { N_("Telephone"), "phone", OC_COLUMN_TEXT, 12 },
};
const OcFinderKind oc_finder_pre_registered = {
    oc_pre_registered_find_async, oc_pre_registered_find_finish, "pre_registered", pre_registered_columns,
    G_N_ELEMENTS (pre_registered_columns), N_("Pre-registered customers"), N_("Nobody is waiting for an account"),
};

static const OcColumn customer_columns[] = {
    { N_("Customer"), "customer", OC_COLUMN_INTEGER, 9 },
    { N_("Name"), "name", OC_COLUMN_TEXT, 10 },
    { N_("Address"), "address", OC_COLUMN_TEXT, 22 },
    { N_("Telephone"), "phone", OC_COLUMN_TEXT, 12 },
    { N_("State"), "state", OC_COLUMN_STATE, 8 },
    { N_("Card"), "card_state", OC_COLUMN_STATE, 9 },
};
const OcFinderKind oc_finder_customers = {
    oc_customers_find_async, oc_customers_find_finish, "customer", customer_columns, G_N_ELEMENTS (customer_columns),
    N_("Customers"), N_("Nobody is found by this"),
};

typedef struct {
    OcFinder *finder;
    guint asked;
} Find;

static void
on_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree Find *find = data;
    g_autoptr(OcFinder) self = find->finder;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = self->kind->find_finish (OC_DESK (source), result, &error);

    if (self->desk == NULL || find->asked != self->asked)
        return; /* disposed, or a later answer comes */
    if (rows != NULL)
        oc_table_set_rows (self->table, rows, self->kind->key);
    else if (self->errors != NULL)
        oc_present_error (self->errors, error);
}

static void
take (OcFinder *self)
{
    OcRows *rows = oc_table_get_rows (self->table);
    int row = oc_table_get_selected (self->table);
    g_autoptr(OcFields) record = oc_fields_new (NULL);

    if (rows == NULL || oc_rows_count (rows) == 0)
        return;
    if (row < 0)
        row = 0; /* Enter takes the first that was found */
    oc_fields_set_columns (record, rows, (guint) row);
    g_signal_emit (self, signals[SIGNAL_TAKEN], 0, record);
}

/* The field takes Esc for itself: the first empties it, the next is a step back like everywhere. */
static void
on_stop_search_cb (OcFinder *self)
{
    if (*gtk_editable_get_text (self->text) != '\0')
        gtk_editable_set_text (self->text, "");
    else if (!gtk_widget_activate_action (GTK_WIDGET (self), "oc.back", NULL))
        gtk_widget_activate_action (GTK_WIDGET (self), "window.close", NULL);
}

static gboolean
oc_finder_grab_focus (GtkWidget *widget)
{
    return gtk_widget_grab_focus (GTK_WIDGET (OC_FINDER (widget)->text));
}

static void
oc_finder_dispose (GObject *object)
{
    OcFinder *self = OC_FINDER (object);

    g_clear_object (&self->desk);
    g_clear_weak_pointer (&self->errors);
    g_clear_pointer (&self->box, gtk_widget_unparent);
    G_OBJECT_CLASS (oc_finder_parent_class)->dispose (object);
}

static void
oc_finder_class_init (OcFinderClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_finder_dispose;
    widget_class->grab_focus = oc_finder_grab_focus;
    signals[SIGNAL_TAKEN] = g_signal_new ("taken", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
        G_TYPE_NONE, 1, G_TYPE_POINTER);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
oc_finder_init (OcFinder *self)
{
    GtkWidget *entry = gtk_search_entry_new ();

    self->text = GTK_EDITABLE (entry);
    self->table = g_object_new (OC_TYPE_TABLE, "vexpand", TRUE, NULL);
    self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
    gtk_widget_set_parent (self->box, GTK_WIDGET (self));
    gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Find a customer"), -1);
    g_object_set (entry, "placeholder-text", _("Number, name, pinyin initials, telephone, address, card or meter"), NULL);
    g_signal_connect_object (entry, "search-changed", G_CALLBACK (oc_finder_refresh), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (entry, "stop-search", G_CALLBACK (on_stop_search_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (entry, "activate", G_CALLBACK (take), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->table, "row-activated", G_CALLBACK (take), self, G_CONNECT_SWAPPED);
    gtk_box_append (GTK_BOX (self->box), entry);
    gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->table));
}

void
oc_finder_start (OcFinder *self, const OcFinderKind *kind, OcDesk *desk, GtkWidget *errors)
{
    g_return_if_fail (OC_IS_FINDER (self));
    self->kind = kind;
    self->desk = g_object_ref (desk);
    g_set_weak_pointer (&self->errors, errors);
    oc_table_set_columns (self->table, kind->columns, kind->n_columns, _(kind->name));
    oc_table_set_empty (self->table, "oc-person-symbolic", _(kind->empty_title),
        _("Try a part of the name or address, its pinyin initials, or the telephone."));
    oc_finder_refresh (self);
}

void
oc_finder_refresh (OcFinder *self)
{
    OcFindAsk ask = { .limit = LIMIT };
    Find *data;

    g_return_if_fail (OC_IS_FINDER (self));
    if (self->desk == NULL)
        return;
    ask.text = gtk_editable_get_text (self->text);
    data = g_new0 (Find, 1);
    *data = (Find){ g_object_ref (self), ++self->asked };
    self->kind->find (self->desk, &ask, NULL, on_found_cb, data);
}

void
oc_finder_clear (OcFinder *self)
{
    g_return_if_fail (OC_IS_FINDER (self));
    gtk_editable_set_text (self->text, "");
}

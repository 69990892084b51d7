/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Editors of fields. */
#include "ui/field-editor.h"

#include "ui/drop-down.h"

static GtkWidget *
make_entry (OcFieldKind kind, int max_length)
{
    GtkWidget *entry = gtk_entry_new ();

    gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
    if (max_length > 0)
        gtk_entry_set_max_length (GTK_ENTRY (entry), max_length);
    if (kind == OC_FIELD_NUMBER) {
        gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_NUMBER);
        gtk_widget_add_css_class (entry, "numeric");
    } else if (kind == OC_FIELD_TIME) {
        gtk_entry_set_max_length (GTK_ENTRY (entry), 19);
        gtk_entry_set_placeholder_text (GTK_ENTRY (entry), "2026-01-01 00:00");
    }
    return entry;
}

static void
on_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer ellipsize)
{
    GtkWidget *label = gtk_label_new (NULL);

    gtk_label_set_xalign (GTK_LABEL (label), 0);
    if (GPOINTER_TO_INT (ellipsize)) {
        gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
        gtk_label_set_width_chars (GTK_LABEL (label), 6);
        gtk_widget_set_hexpand (label, TRUE);
    }
    gtk_list_item_set_child (item, label);
}

static void
on_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
    GtkStringObject *string = gtk_list_item_get_item (item);

    gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), gtk_string_object_get_string (string));
}

static GtkListItemFactory *
make_factory (gboolean ellipsize)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

    g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cb), GINT_TO_POINTER (ellipsize));
    g_signal_connect (factory, "bind", G_CALLBACK (on_bind_cb), NULL);
    return factory;
}

/* A name that is too long for the form is cut in it, and whole in the list. */
static GtkWidget *
make_drop_down (void)
{
    GtkWidget *drop_down = gtk_drop_down_new (G_LIST_MODEL (gtk_string_list_new (NULL)), NULL);
    g_autoptr(GtkListItemFactory) cut = make_factory (TRUE);
    g_autoptr(GtkListItemFactory) whole = make_factory (FALSE);

    gtk_drop_down_set_factory (GTK_DROP_DOWN (drop_down), cut);
    gtk_drop_down_set_list_factory (GTK_DROP_DOWN (drop_down), whole);
    oc_drop_down_keep_caret (GTK_DROP_DOWN (drop_down));
    return drop_down;
}

GtkWidget *
oc_field_editor_new (OcFieldKind kind, const char *title, int max_length)
{
    switch (kind) {
    case OC_FIELD_CHOICE:
        return make_drop_down ();
    case OC_FIELD_CHECK:
        return gtk_check_button_new_with_label (title);
    case OC_FIELD_PASSWORD:
        return g_object_new (GTK_TYPE_PASSWORD_ENTRY, "show-peek-icon", TRUE, NULL);
    case OC_FIELD_TEXT:
    case OC_FIELD_NUMBER:
    case OC_FIELD_TIME:
        break;
    }
    return make_entry (kind, max_length);
}

const char *
oc_field_editor_signal (OcFieldKind kind)
{
    return kind == OC_FIELD_CHOICE ? "notify::selected" : kind == OC_FIELD_CHECK ? "toggled" : "changed";
}

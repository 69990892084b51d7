/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list is a part of the drop-down that has no name outside GTK: it is looked for by its kind. Its rows know their place; they tell it
 * by being selected. */
#include "ui/drop-down.h"

static GtkWidget *
find_inside (GtkWidget *widget, GType type)
{
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child)) {
        GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (child, type) ? child : find_inside (child, type);

        if (found)
            return found;
    }
    return NULL;
}

static gboolean
give_caret (GtkWidget *list, guint position)
{
    gtk_selection_model_select_item (gtk_list_view_get_model (GTK_LIST_VIEW (list)), position, TRUE);
    gtk_widget_activate_action (list, "list.scroll-to-item", "u", position);
    for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row)) {
        if (gtk_widget_get_state_flags (row) & GTK_STATE_FLAG_SELECTED)
            return gtk_widget_grab_focus (row);
    }
    return FALSE;
}

/* A long list has its rows only when it was laid out. */
static gboolean
on_frame_cb (GtkWidget *list, GdkFrameClock *clock, gpointer drop_down)
{
    give_caret (list, gtk_drop_down_get_selected (drop_down));
    return G_SOURCE_REMOVE;
}

static void
on_opened_cb (GtkWidget *popover, GtkDropDown *drop_down)
{
    GtkWidget *list = find_inside (popover, GTK_TYPE_LIST_VIEW);
    guint chosen = gtk_drop_down_get_selected (drop_down);

    if (chosen != GTK_INVALID_LIST_POSITION && !give_caret (list, chosen))
        gtk_widget_add_tick_callback (list, on_frame_cb, g_object_ref (drop_down), g_object_unref);
}

static gboolean
on_key_cb (GtkEventControllerKey *keys, guint value, guint code, GdkModifierType state, gpointer data)
{
    GtkRoot *root = gtk_widget_get_root (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (keys)));
    GtkWidget *row = gtk_root_get_focus (root);

    if (row && (value == GDK_KEY_Return || value == GDK_KEY_KP_Enter || value == GDK_KEY_ISO_Enter))
        gtk_widget_activate_action (row, "listitem.select", "(bb)", FALSE, FALSE);
    return GDK_EVENT_PROPAGATE; /* the row is activated as ever */
}

void
oc_drop_down_keep_caret (GtkDropDown *drop_down)
{
    GtkWidget *popover = find_inside (GTK_WIDGET (drop_down), GTK_TYPE_POPOVER);
    GtkWidget *list = popover != NULL ? find_inside (popover, GTK_TYPE_LIST_VIEW) : NULL;
    GtkEventController *keys;

    if (list == NULL)
        return; /* a GTK that makes it of other parts */
    keys = gtk_event_controller_key_new ();
    gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
    g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_cb), NULL);
    gtk_widget_add_controller (list, keys);
    g_signal_connect_object (popover, "map", G_CALLBACK (on_opened_cb), drop_down, G_CONNECT_AFTER);
}

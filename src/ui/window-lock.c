/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock of a window. */
#include "ui/window-lock.h"

struct _OcWindowLock {
    GtkWindow *window;
    GPtrArray *covered;
    GtkWidget *page; /* NULL: not locked */
};

/* Asked for each time: a template of GTK 4.8 takes its children from a window without telling it. */
static GtkOverlay *
overlay_of (OcWindowLock *self)
{
    return GTK_OVERLAY (gtk_window_get_child (self->window));
}

static void
set_reachable (OcWindowLock *self, gboolean reachable)
{
    GtkWidget *content = gtk_overlay_get_child (overlay_of (self));

    gtk_window_set_focus (self->window, NULL);
    gtk_widget_set_sensitive (content, reachable);
    gtk_accessible_update_state (GTK_ACCESSIBLE (content), GTK_ACCESSIBLE_STATE_HIDDEN, !reachable, -1);
    for (guint i = 0; i < self->covered->len; i++)
        gtk_widget_set_sensitive (self->covered->pdata[i], reachable);
}

static void
close_dialogs (OcWindowLock *self)
{
    GListModel *windows = gtk_window_get_toplevels ();

    for (guint i = g_list_model_get_n_items (windows); i > 0; i--) {
        g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i - 1);
        if (window != NULL && gtk_window_get_transient_for (window) == self->window)
            gtk_window_close (window);
    }
}

OcWindowLock *
oc_window_lock_new (GtkWindow *window)
{
    OcWindowLock *self = g_new0 (OcWindowLock, 1);

    self->window = window;
    self->covered = g_ptr_array_new ();
    return self;
}

void
oc_window_lock_free (OcWindowLock *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref (self->covered);
    g_free (self);
}

void
oc_window_lock_cover (OcWindowLock *self, GtkWidget *widget)
{
    g_ptr_array_add (self->covered, widget);
}

gboolean
oc_window_lock_is_on (OcWindowLock *self)
{
    return self->page != NULL;
}

OcLockPage *
oc_window_lock_put (OcWindowLock *self)
{
    g_return_val_if_fail (self->page == NULL, NULL);
    close_dialogs (self);
    set_reachable (self, FALSE);
    self->page = g_object_new (OC_TYPE_LOCK_PAGE, NULL);
    gtk_overlay_add_overlay (overlay_of (self), self->page);
    return OC_LOCK_PAGE (self->page);
}

void
oc_window_lock_take_away (OcWindowLock *self)
{
    if (self->page == NULL)
        return;
    gtk_window_set_focus (self->window, NULL);
    gtk_overlay_remove_overlay (overlay_of (self), self->page);
    self->page = NULL;
    set_reachable (self, TRUE);
}

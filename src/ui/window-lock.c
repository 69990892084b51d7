/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock of a window. */
#include "ui/window-lock.h"

struct _OcWindowLock {
    GtkWindow *window;
    GPtrArray *covered;
    GtkWidget *page;    /* NULL: not locked */
    GPtrArray *dialogs; /* out of sight, the lowest first; a reference of ours */
    gulong coming;      /* handler that hears of new windows while it is on */
    guint hiding;       /* idle that hides them */
};

/* Asked for each time: a template of GTK 4.8 takes its children from a window without telling it. */
static GtkOverlay *
overlay_of (OcWindowLock *self)
{
    return GTK_OVERLAY (gtk_window_get_child (self->window));
}

static void
set_content_reachable (GtkWidget *content, gboolean reachable)
{
    gtk_widget_set_sensitive (content, reachable);
    gtk_accessible_update_state (GTK_ACCESSIBLE (content), GTK_ACCESSIBLE_STATE_HIDDEN, !reachable, -1);
}

static void
set_reachable (OcWindowLock *self, gboolean reachable)
{
    gtk_window_set_focus (self->window, NULL);
    set_content_reachable (gtk_overlay_get_child (overlay_of (self)), reachable);
    for (guint i = 0; i < self->covered->len; i++)
        gtk_widget_set_sensitive (self->covered->pdata[i], reachable);
}

/* Adds the windows over @below that are seen, and those over them. */
static void
collect_dialogs (GtkWindow *below, GPtrArray *dialogs)
{
    GListModel *windows = gtk_window_get_toplevels ();

    for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
        g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);
        if (gtk_window_get_transient_for (window) != below || !gtk_widget_get_mapped (GTK_WIDGET (window))
            || g_ptr_array_find (dialogs, window, NULL))
            continue;
        g_ptr_array_add (dialogs, g_object_ref (window));
        collect_dialogs (window, dialogs);
    }
}

/* Only its surface is hidden: GTK 4.8 falls over a window that is not mapped and that a screen reader still asks for. */
static void
hide_dialog (GtkWindow *dialog)
{
    gtk_window_set_modal (dialog, FALSE); /* or it would keep all keys for itself */
    if (gtk_window_get_child (dialog) != NULL)
        set_content_reachable (gtk_window_get_child (dialog), FALSE);
    gdk_surface_hide (gtk_native_get_surface (GTK_NATIVE (dialog)));
}

static void
show_dialog (GtkWindow *dialog)
{
    GdkToplevelLayout *layout = gdk_toplevel_layout_new ();

    if (gtk_window_get_child (dialog) != NULL)
        set_content_reachable (gtk_window_get_child (dialog), TRUE);
    gtk_window_set_modal (dialog, TRUE);
    gdk_toplevel_present (GDK_TOPLEVEL (gtk_native_get_surface (GTK_NATIVE (dialog))), layout);
    gdk_toplevel_layout_unref (layout);
    gtk_window_present (dialog);
}

static void
hide_dialogs (OcWindowLock *self)
{
    guint n = self->dialogs->len;

    collect_dialogs (self->window, self->dialogs);
    for (guint i = self->dialogs->len; i > n; i--)
        hide_dialog (self->dialogs->pdata[i - 1]);
}

/* What went on below may ask something: it is not for who stands before the lock. */
static gboolean
on_hiding_idle_cb (gpointer data)
{
    OcWindowLock *self = data;

    self->hiding = 0;
    hide_dialogs (self);
    return G_SOURCE_REMOVE;
}

static void
on_windows_changed_cb (OcWindowLock *self, guint position, guint removed, guint added)
{
    if (added > 0 && self->hiding == 0)
        self->hiding = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_hiding_idle_cb, self, NULL);
}

static void
stop_hiding (OcWindowLock *self)
{
    if (self->coming != 0)
        g_signal_handler_disconnect (gtk_window_get_toplevels (), self->coming);
    self->coming = 0;
    g_clear_handle_id (&self->hiding, g_source_remove);
}

/* FALSE: its act has ended and closed it. */
static gboolean
is_there (GtkWindow *dialog)
{
    GListModel *windows = gtk_window_get_toplevels ();
    gboolean found = FALSE;

    for (guint i = 0; !found && i < g_list_model_get_n_items (windows); i++) {
        g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);
        found = window == dialog;
    }
    return found;
}

static void
show_dialogs (OcWindowLock *self)
{
    for (guint i = 0; i < self->dialogs->len; i++) {
        if (is_there (self->dialogs->pdata[i]))
            show_dialog (self->dialogs->pdata[i]);
    }
    g_ptr_array_set_size (self->dialogs, 0);
}

OcWindowLock *
oc_window_lock_new (GtkWindow *window)
{
    OcWindowLock *self = g_new0 (OcWindowLock, 1);

    self->window = window;
    self->covered = g_ptr_array_new ();
    self->dialogs = g_ptr_array_new_with_free_func (g_object_unref);
    return self;
}

void
oc_window_lock_free (OcWindowLock *self)
{
    if (self == NULL)
        return;
    stop_hiding (self);
    g_ptr_array_unref (self->covered);
    g_ptr_array_unref (self->dialogs);
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
    hide_dialogs (self);
    self->coming = g_signal_connect_swapped (gtk_window_get_toplevels (), "items-changed", G_CALLBACK (on_windows_changed_cb), self);
    set_reachable (self, FALSE);
    self->page = g_object_new (OC_TYPE_LOCK_PAGE, NULL);
    gtk_overlay_add_overlay (overlay_of (self), self->page);
    return OC_LOCK_PAGE (self->page);
}

static void
take_page_away (OcWindowLock *self)
{
    if (self->page == NULL)
        return;
    stop_hiding (self);
    gtk_window_set_focus (self->window, NULL);
    gtk_overlay_remove_overlay (overlay_of (self), self->page);
    self->page = NULL;
    set_reachable (self, TRUE);
}

void
oc_window_lock_take_away (OcWindowLock *self)
{
    take_page_away (self);
    show_dialogs (self);
}

/* Closed as a person closes them, the uppermost first: each lets go of what it holds. */
void
oc_window_lock_end (OcWindowLock *self)
{
    take_page_away (self);
    collect_dialogs (self->window, self->dialogs);
    for (guint i = self->dialogs->len; i > 0; i--) {
        if (is_there (self->dialogs->pdata[i - 1]))
            gtk_window_close (self->dialogs->pdata[i - 1]);
    }
    g_ptr_array_set_size (self->dialogs, 0);
}

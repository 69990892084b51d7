/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Idle time. */
#include "ui/idle-watch.h"

#include "ui/settings.h"

#define LOOK_EVERY_S 5

struct _OcIdleWatch {
    OcIdleFunc idle;
    gpointer data;
    gint64 touched_at; /* monotonic */
    guint timer;
    GPtrArray *events; /* a controller a window; references of ours: a window lets go of its one first */
    gulong coming;     /* handler that hears of new windows */
};

static gboolean
on_event_cb (OcIdleWatch *self, GdkEvent *event)
{
    switch (gdk_event_get_event_type (event)) {
    case GDK_KEY_PRESS:
    case GDK_BUTTON_PRESS:
    case GDK_MOTION_NOTIFY:
    case GDK_SCROLL:
    case GDK_TOUCH_BEGIN:
        self->touched_at = g_get_monotonic_time ();
        break;
    default:
        break;
    }
    return GDK_EVENT_PROPAGATE;
}

static gboolean
on_timer_cb (gpointer data)
{
    OcIdleWatch *self = data;
    g_autofree char *minutes = oc_settings_get ("idle-minutes");
    gint64 limit = minutes != NULL ? g_ascii_strtoll (minutes, NULL, 10) * G_TIME_SPAN_MINUTE : 0;

    if (limit > 0 && g_get_monotonic_time () - self->touched_at > limit)
        self->idle (self->data);
    return G_SOURCE_CONTINUE;
}

static void
watch (OcIdleWatch *self, GtkWidget *window)
{
    GtkEventController *events = gtk_event_controller_legacy_new ();

    gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
    g_signal_connect_swapped (events, "event", G_CALLBACK (on_event_cb), self);
    g_ptr_array_add (self->events, g_object_ref (events));
    gtk_widget_add_controller (window, events);
}

/* A dialog is a window of its own. */
static void
on_windows_changed_cb (OcIdleWatch *self, guint position, guint removed, guint added, GListModel *windows)
{
    for (guint i = self->events->len; i > 0; i--) {
        if (gtk_event_controller_get_widget (self->events->pdata[i - 1]) == NULL)
            g_ptr_array_remove_index_fast (self->events, i - 1);
    }
    for (guint i = 0; i < added; i++) {
        g_autoptr(GtkWidget) window = g_list_model_get_item (windows, position + i);
        watch (self, window);
    }
}

OcIdleWatch *
oc_idle_watch_new (OcIdleFunc idle, gpointer data)
{
    OcIdleWatch *self = g_new0 (OcIdleWatch, 1);
    GListModel *windows = gtk_window_get_toplevels ();

    self->idle = idle;
    self->data = data;
    self->touched_at = g_get_monotonic_time ();
    self->events = g_ptr_array_new_with_free_func (g_object_unref);
    self->coming = g_signal_connect_swapped (windows, "items-changed", G_CALLBACK (on_windows_changed_cb), self);
    on_windows_changed_cb (self, 0, 0, g_list_model_get_n_items (windows), windows);
    self->timer = g_timeout_add_seconds (LOOK_EVERY_S, on_timer_cb, self);
    return self;
}

void
oc_idle_watch_free (OcIdleWatch *self)
{
    if (self == NULL)
        return;
    g_clear_handle_id (&self->timer, g_source_remove);
    g_signal_handler_disconnect (gtk_window_get_toplevels (), self->coming);
    for (guint i = 0; i < self->events->len; i++)
        g_signal_handlers_disconnect_by_data (self->events->pdata[i], self);
    g_ptr_array_unref (self->events);
    g_free (self);
}

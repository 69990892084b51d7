/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key controller itself remembers whether Enter is held since it last counted. */
#include "ui/enter-once.h"

#define DOWN "oc-enter-down"

static gboolean
is_enter (guint keyval)
{
    return keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;
}

static gboolean
on_pressed_cb (GObject *keys, guint keyval)
{
    if (!is_enter (keyval))
        return GDK_EVENT_PROPAGATE;
    if (g_object_get_data (keys, DOWN) != NULL)
        return GDK_EVENT_STOP;
    g_object_set_data (keys, DOWN, keys);
    return GDK_EVENT_PROPAGATE;
}

static void
on_released_cb (GObject *keys, guint keyval)
{
    if (is_enter (keyval))
        g_object_set_data (keys, DOWN, NULL);
}

/* Its release is not heard any more. */
static void
on_left_cb (GObject *keys)
{
    g_object_set_data (keys, DOWN, NULL);
}

void
oc_enter_once (GtkWidget *widget)
{
    GtkEventController *keys = gtk_event_controller_key_new ();
    GtkEventController *focus = gtk_event_controller_focus_new ();

    g_return_if_fail (GTK_IS_WIDGET (widget));
    gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
    g_signal_connect (keys, "key-pressed", G_CALLBACK (on_pressed_cb), NULL);
    g_signal_connect (keys, "key-released", G_CALLBACK (on_released_cb), NULL);
    g_signal_connect_object (focus, "leave", G_CALLBACK (on_left_cb), keys, G_CONNECT_SWAPPED);
    gtk_widget_add_controller (widget, keys);
    gtk_widget_add_controller (widget, focus);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See picker.h: a finder in a dialog. */
#include "ui/picker.h"

#include <glib/gi18n-lib.h>

#include "ui/finder.h"

#define OC_TYPE_PICKER (oc_picker_get_type ())
G_DECLARE_FINAL_TYPE (OcPicker, oc_picker, OC, PICKER, GtkWindow)

struct _OcPicker {
    GtkWindow parent_instance;

    OcScreen *screen;
    OcPickedFunc picked;
    OcFinder *finder;
};

G_DEFINE_FINAL_TYPE (OcPicker, oc_picker, GTK_TYPE_WINDOW)

static void
on_taken_cb (OcPicker *self, OcFields *record)
{
    self->picked (self->screen, record);
    gtk_window_destroy (GTK_WINDOW (self));
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
    gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
oc_picker_init (OcPicker *self)
{
    self->finder = g_object_new (OC_TYPE_FINDER, NULL);
    g_signal_connect_object (self->finder, "taken", G_CALLBACK (on_taken_cb), self, G_CONNECT_SWAPPED);
    gtk_widget_add_css_class (GTK_WIDGET (self->finder), "page");
    gtk_window_set_child (GTK_WINDOW (self), GTK_WIDGET (self->finder));
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
    oc_finder_start (self->finder, &oc_finder_pre_registered, oc_screen_get_desk (screen), GTK_WIDGET (screen));
    gtk_window_present (GTK_WINDOW (self));
    gtk_widget_grab_focus (GTK_WIDGET (self->finder));
}

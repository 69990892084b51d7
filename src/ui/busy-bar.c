/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The busy bar. */
#include "ui/busy-bar.h"

#define SHOW_AFTER_MS 500

struct _OcBusyBar {
    GtkWidget parent_instance;

    GtkWidget *box;
    GtkSpinner *spinner;
    GtkLabel *label;
    GtkWidget *cancel;
    guint timer;
};

G_DEFINE_FINAL_TYPE (OcBusyBar, oc_busy_bar, GTK_TYPE_WIDGET)

enum { SIGNAL_CANCELLED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_cancel_cb (OcBusyBar *self)
{
    g_signal_emit (self, signals[SIGNAL_CANCELLED], 0);
}

static gboolean
on_long_cb (gpointer data)
{
    OcBusyBar *self = data;

    self->timer = 0;
    gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
    gtk_spinner_start (self->spinner);
    return G_SOURCE_REMOVE;
}

static void
oc_busy_bar_dispose (GObject *object)
{
    g_clear_handle_id (&OC_BUSY_BAR (object)->timer, g_source_remove);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_BUSY_BAR);
    G_OBJECT_CLASS (oc_busy_bar_parent_class)->dispose (object);
}

static void
oc_busy_bar_class_init (OcBusyBarClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_busy_bar_dispose;
    signals[SIGNAL_CANCELLED] = g_signal_new ("cancelled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/busy-bar.ui");
    gtk_widget_class_bind_template_child (widget_class, OcBusyBar, box);
    gtk_widget_class_bind_template_child (widget_class, OcBusyBar, spinner);
    gtk_widget_class_bind_template_child (widget_class, OcBusyBar, label);
    gtk_widget_class_bind_template_child (widget_class, OcBusyBar, cancel);
    gtk_widget_class_bind_template_callback (widget_class, on_cancel_cb);
}

static void
oc_busy_bar_init (OcBusyBar *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
oc_busy_bar_new (void)
{
    return g_object_new (OC_TYPE_BUSY_BAR, NULL);
}

void
oc_busy_bar_show (OcBusyBar *self, const char *what, gboolean can_cancel)
{
    g_return_if_fail (OC_IS_BUSY_BAR (self));
    if (what == NULL) {
        g_clear_handle_id (&self->timer, g_source_remove);
        gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
        gtk_spinner_stop (self->spinner);
        return;
    }
    gtk_label_set_label (self->label, what);
    gtk_widget_set_visible (self->cancel, can_cancel);
    if (self->timer == 0 && !gtk_widget_get_visible (GTK_WIDGET (self)))
        self->timer = g_timeout_add (SHOW_AFTER_MS, on_long_cb, self);
}

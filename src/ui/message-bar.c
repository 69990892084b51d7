/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The message bar: an icon goes with every colour. */
#include "ui/message-bar.h"

struct _OcMessageBar {
    GtkWidget parent_instance;

    GtkWidget *box;
    GtkImage *icon;
    GtkLabel *label;
    GtkButton *offer;
};

G_DEFINE_FINAL_TYPE (OcMessageBar, oc_message_bar, GTK_TYPE_WIDGET)

static void
on_close_cb (OcMessageBar *self)
{
    oc_message_bar_show (self, NULL, NULL);
}

static void
oc_message_bar_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_MESSAGE_BAR);
    G_OBJECT_CLASS (oc_message_bar_parent_class)->dispose (object);
}

static void
oc_message_bar_class_init (OcMessageBarClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_message_bar_dispose;
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/message-bar.ui");
    gtk_widget_class_bind_template_child (widget_class, OcMessageBar, box);
    gtk_widget_class_bind_template_child (widget_class, OcMessageBar, icon);
    gtk_widget_class_bind_template_child (widget_class, OcMessageBar, label);
    gtk_widget_class_bind_template_child (widget_class, OcMessageBar, offer);
    gtk_widget_class_bind_template_callback (widget_class, on_close_cb);
}

static void
oc_message_bar_init (OcMessageBar *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_message_bar_show (self, NULL, NULL);
}

GtkWidget *
oc_message_bar_new (void)
{
    return g_object_new (OC_TYPE_MESSAGE_BAR, NULL);
}

void
oc_message_bar_show (OcMessageBar *self, const char *style, const char *text)
{
    static const struct {
        const char *style, *icon;
    } looks[] = {
        { "error", "oc-error-symbolic" },
        { "warning", "oc-warning-symbolic" },
        { "success", "oc-done-symbolic" },
    };

    g_return_if_fail (OC_IS_MESSAGE_BAR (self));
    gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);
    gtk_widget_set_visible (GTK_WIDGET (self->offer), FALSE);
    if (text == NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (looks); i++) {
        gtk_widget_remove_css_class (self->box, looks[i].style);
        if (g_strcmp0 (style, looks[i].style) == 0) {
            gtk_widget_add_css_class (self->box, style);
            gtk_image_set_from_icon_name (self->icon, looks[i].icon);
        }
    }
    gtk_label_set_label (self->label, text);
}

void
oc_message_bar_offer (OcMessageBar *self, const char *label, const char *action)
{
    g_return_if_fail (OC_IS_MESSAGE_BAR (self));
    gtk_button_set_label (self->offer, label);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (self->offer), action);
    gtk_widget_set_visible (GTK_WIDGET (self->offer), TRUE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window's actions and their keys. */
#include "ui/window-private.h"

#include <glib/gi18n-lib.h>

#include "ui/help.h"
#include "ui/password-form.h"
#include "ui/print.h"
#include "ui/screen-stack.h"
#include "ui/screens.h"

static void
show_action (GtkWidget *widget, const char *name, GVariant *target)
{
    if (!oc_window_lock_is_on (OC_WINDOW (widget)->lock))
        oc_window_show_screen (OC_WINDOW (widget), g_variant_get_string (target, NULL));
}

static void
show_for_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcWindow *self = OC_WINDOW (widget);
    const char *id;
    gint64 customer;

    g_variant_get (target, "(&sx)", &id, &customer);
    if (oc_window_lock_is_on (self->lock))
        return;
    oc_window_show_screen (self, id);
    if (g_strcmp0 (oc_window_get_screen (self), id) == 0)
        oc_screen_show_customer (oc_window_current (self), customer);
}

static void
again_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcWindow *self = OC_WINDOW (widget);

    if (self->inside)
        oc_screen_again (oc_window_current (self));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcWindow *self = OC_WINDOW (widget);

    if (!oc_window_lock_is_on (self->lock) && !oc_screen_back (oc_window_current (self)) && self->inside)
        oc_window_show_screen (self, OC_SCREEN_HOME);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcWindow *self = OC_WINDOW (widget);

    if (self->inside)
        oc_search_open (self->search);
}

static void
fold_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcWindow *self = OC_WINDOW (widget);

    self->folded = !self->folded;
    oc_window_update_fold (self);
}

static void
tray_action (GtkWidget *widget, const char *name, GVariant *target)
{
    GtkToggleButton *button = GTK_TOGGLE_BUTTON (OC_WINDOW (widget)->tray_button);

    if (gtk_widget_get_visible (GTK_WIDGET (button)))
        gtk_toggle_button_set_active (button, !gtk_toggle_button_get_active (button));
}

static void
print_last_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcWindow *self = OC_WINDOW (widget);

    if (self->last != NULL && self->inside)
        oc_print_receipt (GTK_WIDGET (oc_window_current (self)), self->last, FALSE, NULL, NULL);
}

static void
change_password_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcWindow *self = OC_WINDOW (widget);

    if (self->inside)
        oc_password_dialog_present (GTK_WINDOW (self), self->desk);
}

static void
help_action (GtkWidget *widget, const char *name, GVariant *target)
{
    oc_help_present (GTK_WINDOW (widget));
}

static void
about_action (GtkWidget *widget, const char *name, GVariant *target)
{
    gtk_show_about_dialog (GTK_WINDOW (widget), "program-name", _("OneCard"), "version", ONECARD_VERSION,
        "logo-icon-name", "io.github.onecard.OneCard", "comments", _("Prepaid energy on IC cards"), "license-type",
        GTK_LICENSE_GPL_3_0, NULL);
}

static void
sign_out_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcWindow *self = OC_WINDOW (widget);

    if (!self->inside)
        return;
    if (oc_screen_is_busy (oc_window_current (self))) {
        oc_screen_show_message (oc_window_current (self), "warning", _("Wait until the work on this screen has ended."));
        return;
    }
    oc_sign_out (self->desk);
    oc_window_leave (self);
}

static void
lock_action (GtkWidget *widget, const char *name, GVariant *target)
{
    oc_window_lock_up (OC_WINDOW (widget), FALSE);
}

static void
change_operator_action (GtkWidget *widget, const char *name, GVariant *target)
{
    oc_window_lock_up (OC_WINDOW (widget), TRUE);
}

void
oc_window_install_actions (GtkWidgetClass *klass)
{
    guint n;
    const OcScreenInfo *infos = oc_screens (&n);

    gtk_widget_class_install_action (klass, "oc.show", "s", show_action);
    gtk_widget_class_install_action (klass, "oc.show-for", "(sx)", show_for_action);
    gtk_widget_class_install_action (klass, "oc.again", NULL, again_action);
    gtk_widget_class_install_action (klass, "oc.back", NULL, back_action);
    gtk_widget_class_install_action (klass, "oc.search", NULL, search_action);
    gtk_widget_class_install_action (klass, "oc.fold", NULL, fold_action);
    gtk_widget_class_install_action (klass, "oc.tray", NULL, tray_action);
    gtk_widget_class_install_action (klass, "oc.print-last", NULL, print_last_action);
    gtk_widget_class_install_action (klass, "oc.change-password", NULL, change_password_action);
    gtk_widget_class_install_action (klass, "oc.lock", NULL, lock_action);
    gtk_widget_class_install_action (klass, "oc.change-operator", NULL, change_operator_action);
    gtk_widget_class_install_action (klass, "oc.help", NULL, help_action);
    gtk_widget_class_install_action (klass, "oc.about", NULL, about_action);
    gtk_widget_class_install_action (klass, "oc.sign-out", NULL, sign_out_action);

    for (guint i = 0; i < n; i++) {
        guint key;
        GdkModifierType mods;
        if (infos[i].accel != NULL && gtk_accelerator_parse (infos[i].accel, &key, &mods))
            gtk_widget_class_add_binding_action (klass, key, mods, "oc.show", "s", infos[i].id);
    }
    gtk_widget_class_add_binding_action (klass, GDK_KEY_F1, 0, "oc.help", NULL);
    gtk_widget_class_add_binding_action (klass, GDK_KEY_F5, 0, "oc.again", NULL);
    gtk_widget_class_add_binding_action (klass, GDK_KEY_Escape, 0, "oc.back", NULL);
    gtk_widget_class_add_binding_action (klass, GDK_KEY_k, GDK_CONTROL_MASK, "oc.search", NULL);
    gtk_widget_class_add_binding_action (klass, GDK_KEY_b, GDK_CONTROL_MASK, "oc.fold", NULL);
    gtk_widget_class_add_binding_action (klass, GDK_KEY_t, GDK_CONTROL_MASK, "oc.tray", NULL);
    gtk_widget_class_add_binding_action (klass, GDK_KEY_p, GDK_CONTROL_MASK, "oc.print-last", NULL);
    gtk_widget_class_add_binding_action (klass, GDK_KEY_l, GDK_CONTROL_MASK, "oc.lock", NULL);
    gtk_widget_class_add_binding_action (klass, GDK_KEY_q, GDK_CONTROL_MASK, "window.close", NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog for a new password. */
#include "ui/new-password.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "ui/form-field.h"
#include "ui/form.h"

#define MIN_PASSWORD 4

#define OC_TYPE_NEW_PASSWORD (oc_new_password_get_type ())
G_DECLARE_FINAL_TYPE (OcNewPassword, oc_new_password, OC, NEW_PASSWORD, GtkWindow)

struct _OcNewPassword {
    GtkWindow parent_instance;

    GtkLabel *text;
    OcForm *form;
    OcFormField *first, *second;

    OcNewPasswordFunc typed;
    gpointer data;
    GDestroyNotify data_free;
};

G_DEFINE_FINAL_TYPE (OcNewPassword, oc_new_password, GTK_TYPE_WINDOW)

static void
use_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcNewPassword *self = OC_NEW_PASSWORD (widget);
    g_autofree char *first = oc_form_field_get (self->first);
    g_autofree char *second = oc_form_field_get (self->second);

    oc_form_clear_errors (self->form);
    if (g_utf8_strlen (first, -1) < MIN_PASSWORD) {
        g_autoptr(GError) error = oc_error_new_code ("OC081", (const OcErrorParam[]){ { "min", G_STRINGIFY (MIN_PASSWORD) }, { NULL, NULL } });
        oc_form_show_error (self->form, "first", error->message);
    } else if (!g_str_equal (first, second)) {
        oc_form_show_error (self->form, "second", _("The two passwords differ. Type the new one again."));
    } else {
        self->typed (first, self->data);
        gtk_window_destroy (GTK_WINDOW (self));
    }
    memset (first, 0, strlen (first));
    memset (second, 0, strlen (second));
}

static void
on_submitted_cb (OcNewPassword *self)
{
    gtk_widget_activate_action (GTK_WIDGET (self), "new-password.use", NULL);
}

static void
oc_new_password_dispose (GObject *object)
{
    OcNewPassword *self = OC_NEW_PASSWORD (object);

    if (self->data_free != NULL)
        g_clear_pointer (&self->data, self->data_free);
    gtk_widget_dispose_template (GTK_WIDGET (self), OC_TYPE_NEW_PASSWORD);
    G_OBJECT_CLASS (oc_new_password_parent_class)->dispose (object);
}

static void
oc_new_password_class_init (OcNewPasswordClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_new_password_dispose;
    g_type_ensure (OC_TYPE_FORM);
    g_type_ensure (OC_TYPE_FORM_FIELD);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/new-password.ui");
    gtk_widget_class_bind_template_child (widget_class, OcNewPassword, text);
    gtk_widget_class_bind_template_child (widget_class, OcNewPassword, form);
    gtk_widget_class_bind_template_child (widget_class, OcNewPassword, first);
    gtk_widget_class_bind_template_child (widget_class, OcNewPassword, second);
    gtk_widget_class_bind_template_callback (widget_class, on_submitted_cb);
    gtk_widget_class_install_action (widget_class, "new-password.use", NULL, use_action);
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
oc_new_password_init (OcNewPassword *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

void
oc_new_password_present (GtkWidget *widget, const char *title, const char *text, OcNewPasswordFunc typed, gpointer data,
    GDestroyNotify data_free)
{
    OcNewPassword *self = g_object_new (OC_TYPE_NEW_PASSWORD, "transient-for", gtk_widget_get_root (widget), "title", title, NULL);

    self->typed = typed;
    self->data = data;
    self->data_free = data_free;
    gtk_label_set_label (self->text, text);
    gtk_window_present (GTK_WINDOW (self));
    oc_form_start (self->form);
}

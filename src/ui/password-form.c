/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new password: after the first sign-in, and from the operator's menu. */
#include "ui/password-form.h"

#include <glib/gi18n-lib.h>

#include "ops/ops.h"
#include "ui/form-hint.h"

struct _OcPasswordForm {
    GtkWidget parent_instance;

    GtkWidget *box;
    GtkEditable *first;
    GtkEditable *second;
    OcFormHint *first_hint;
    OcFormHint *second_hint;
    GtkWidget *save;
    GtkWidget *spinner;

    OcDesk *desk;
    gboolean busy;
};

enum { SIGNAL_DONE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OcPasswordForm, oc_password_form, GTK_TYPE_WIDGET)

static void
set_busy (OcPasswordForm *self, gboolean busy)
{
    self->busy = busy;
    gtk_widget_set_visible (self->spinner, busy);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "password.save", !busy);
}

static void
on_changed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcPasswordForm) self = data;
    g_autoptr(GError) error = NULL;
    gboolean done = oc_change_password_finish (OC_DESK (source), result, &error);

    if (self->desk == NULL)
        return; /* disposed meanwhile */
    set_busy (self, FALSE);
    if (done) {
        g_signal_emit (self, signals[SIGNAL_DONE], 0);
        return;
    }
    oc_form_hint_set_error (self->first_hint, error->message);
    gtk_widget_grab_focus (GTK_WIDGET (self->first));
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcPasswordForm *self = OC_PASSWORD_FORM (widget);
    const char *password = gtk_editable_get_text (self->first);

    oc_form_hint_set_error (self->first_hint, NULL);
    oc_form_hint_set_error (self->second_hint, NULL);
    if (g_utf8_strlen (password, -1) < 4) {
        oc_form_hint_set_error (self->first_hint, _("At least 4 characters are needed."));
        gtk_widget_grab_focus (GTK_WIDGET (self->first));
    } else if (g_strcmp0 (password, gtk_editable_get_text (self->second)) != 0) {
        oc_form_hint_set_error (self->second_hint, _("The two passwords differ. Type the new one again."));
        gtk_widget_grab_focus (GTK_WIDGET (self->second));
    } else {
        set_busy (self, TRUE);
        oc_change_password_async (self->desk, password, NULL, on_changed_cb, g_object_ref (self));
    }
}

static void
on_activate_cb (OcPasswordForm *self)
{
    if (!self->busy)
        gtk_widget_activate_action (GTK_WIDGET (self), "password.save", NULL);
}

static void
oc_password_form_dispose (GObject *object)
{
    OcPasswordForm *self = OC_PASSWORD_FORM (object);

    g_clear_object (&self->desk);
    gtk_widget_dispose_template (GTK_WIDGET (self), OC_TYPE_PASSWORD_FORM);
    G_OBJECT_CLASS (oc_password_form_parent_class)->dispose (object);
}

static void
oc_password_form_class_init (OcPasswordFormClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_password_form_dispose;
    signals[SIGNAL_DONE] = g_signal_new ("done", OC_TYPE_PASSWORD_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
        G_TYPE_NONE, 0);
    g_type_ensure (OC_TYPE_FORM_HINT);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/password-form.ui");
    gtk_widget_class_bind_template_child (widget_class, OcPasswordForm, box);
    gtk_widget_class_bind_template_child (widget_class, OcPasswordForm, first);
    gtk_widget_class_bind_template_child (widget_class, OcPasswordForm, second);
    gtk_widget_class_bind_template_child (widget_class, OcPasswordForm, first_hint);
    gtk_widget_class_bind_template_child (widget_class, OcPasswordForm, second_hint);
    gtk_widget_class_bind_template_child (widget_class, OcPasswordForm, save);
    gtk_widget_class_bind_template_child (widget_class, OcPasswordForm, spinner);
    gtk_widget_class_bind_template_callback (widget_class, on_activate_cb);
    gtk_widget_class_install_action (widget_class, "password.save", NULL, save_action);
}

static void
oc_password_form_init (OcPasswordForm *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

void
oc_password_form_set_desk (OcPasswordForm *self, OcDesk *desk)
{
    g_return_if_fail (OC_IS_PASSWORD_FORM (self));
    g_set_object (&self->desk, desk);
}

void
oc_password_form_start (OcPasswordForm *self)
{
    g_return_if_fail (OC_IS_PASSWORD_FORM (self));
    gtk_editable_set_text (self->first, "");
    gtk_editable_set_text (self->second, "");
    oc_form_hint_set_error (self->first_hint, NULL);
    oc_form_hint_set_error (self->second_hint, NULL);
    gtk_widget_grab_focus (GTK_WIDGET (self->first));
}

void
oc_password_dialog_present (GtkWindow *parent, OcDesk *desk)
{
    GtkWidget *window = gtk_window_new ();
    GtkWidget *form = g_object_new (OC_TYPE_PASSWORD_FORM, "margin-top", 18, "margin-bottom", 18, "margin-start", 18,
        "margin-end", 18, NULL);
    GtkEventController *keys = gtk_shortcut_controller_new ();

    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
    gtk_widget_add_controller (window, keys);
    oc_password_form_set_desk (OC_PASSWORD_FORM (form), desk);
    gtk_window_set_title (GTK_WINDOW (window), _("Change my password"));
    gtk_window_set_transient_for (GTK_WINDOW (window), parent);
    gtk_window_set_modal (GTK_WINDOW (window), TRUE);
    gtk_window_set_resizable (GTK_WINDOW (window), FALSE);
    gtk_window_set_default_size (GTK_WINDOW (window), 360, -1);
    gtk_window_set_child (GTK_WINDOW (window), form);
    g_signal_connect_object (form, "done", G_CALLBACK (gtk_window_destroy), window, G_CONNECT_SWAPPED);
    gtk_window_present (GTK_WINDOW (window));
    oc_password_form_start (OC_PASSWORD_FORM (form));
}

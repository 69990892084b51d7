/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock. The desk knows the password of who is signed in: it is compared here, also while the database is away. Whoever guesses
 * is signed out. */
#include "ui/lock-page.h"

#include <glib/gi18n-lib.h>

#include "ops/ops.h"
#include "ui/form-field.h"
#include "ui/form.h"

#define TRIES 5

struct _OcLockPage {
    GtkWidget parent_instance;

    GtkWidget *box;
    GtkLabel *who;
    OcForm *form;
    OcFormField *number, *password;

    OcDesk *desk;
    guint n_wrong;
};

enum { SIGNAL_UNLOCKED, SIGNAL_OTHER, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OcLockPage, oc_lock_page, GTK_TYPE_WIDGET)

static void
refuse (OcLockPage *self)
{
    oc_form_field_put (self->password, "");
    if (++self->n_wrong >= TRIES)
        oc_sign_out (self->desk);
    else
        oc_form_show_error (self->form, "password", _("The password is wrong. Type it again."));
}

static void
unlock_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcLockPage *self = OC_LOCK_PAGE (widget);
    g_autofree char *number = oc_form_field_get (self->number);
    g_autofree char *password = oc_form_field_get (self->password);
    OcFields *session = oc_desk_get_session (self->desk);

    oc_form_clear_errors (self->form);
    if (session == NULL || !oc_form_check (self->form))
        return;
    if (!g_str_equal (number, oc_fields_get (session, "operator"))) {
        g_signal_emit (self, signals[SIGNAL_OTHER], 0, number, password);
    } else if (oc_desk_is_password (self->desk, password)) {
        oc_form_field_put (self->password, "");
        g_signal_emit (self, signals[SIGNAL_UNLOCKED], 0);
    } else {
        refuse (self);
    }
}

static void
on_submitted_cb (OcLockPage *self)
{
    gtk_widget_activate_action (GTK_WIDGET (self), "lock.unlock", NULL);
}

static void
oc_lock_page_dispose (GObject *object)
{
    g_clear_object (&OC_LOCK_PAGE (object)->desk);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_LOCK_PAGE);
    G_OBJECT_CLASS (oc_lock_page_parent_class)->dispose (object);
}

static void
oc_lock_page_class_init (OcLockPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_lock_page_dispose;
    signals[SIGNAL_UNLOCKED] = g_signal_new ("unlocked", OC_TYPE_LOCK_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[SIGNAL_OTHER] = g_signal_new ("other", OC_TYPE_LOCK_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
        G_TYPE_STRING, G_TYPE_STRING);
    g_type_ensure (OC_TYPE_FORM);
    g_type_ensure (OC_TYPE_FORM_FIELD);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "lockpage");
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/lock-page.ui");
    gtk_widget_class_bind_template_child (widget_class, OcLockPage, box);
    gtk_widget_class_bind_template_child (widget_class, OcLockPage, who);
    gtk_widget_class_bind_template_child (widget_class, OcLockPage, form);
    gtk_widget_class_bind_template_child (widget_class, OcLockPage, number);
    gtk_widget_class_bind_template_child (widget_class, OcLockPage, password);
    gtk_widget_class_bind_template_callback (widget_class, on_submitted_cb);
    gtk_widget_class_install_action (widget_class, "lock.unlock", NULL, unlock_action);
}

static void
oc_lock_page_init (OcLockPage *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

void
oc_lock_page_start (OcLockPage *self, OcDesk *desk, gboolean other)
{
    OcFields *session = oc_desk_get_session (desk);
    g_autofree char *who = NULL;

    g_return_if_fail (OC_IS_LOCK_PAGE (self) && session != NULL);
    g_set_object (&self->desk, desk);
    self->n_wrong = 0;
    /* Translators: %s is an operator's name. */
    who = g_strdup_printf (_("Locked by %s. What was typed is still there."), oc_fields_get (session, "operator_name"));
    gtk_label_set_label (self->who, who);
    oc_form_clear_errors (self->form);
    oc_form_field_put (self->number, other ? "" : oc_fields_get (session, "operator"));
    oc_form_field_put (self->password, "");
    gtk_widget_child_focus (GTK_WIDGET (other ? self->number : self->password), GTK_DIR_TAB_FORWARD);
}

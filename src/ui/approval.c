/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The approval's dialog. */
#include "ui/approval.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "ops/ops.h"
#include "ui/form-field.h"
#include "ui/form.h"

#define OC_TYPE_APPROVAL (oc_approval_get_type ())
G_DECLARE_FINAL_TYPE (OcApproval, oc_approval, OC, APPROVAL, GtkWindow)

struct _OcApproval {
    GtkWindow parent_instance;

    GtkLabel *reason;
    OcForm *form;
    OcFormField *number, *password;
    GtkWidget *spinner;

    OcDesk *desk;
    GError *wanted;
    GCancellable *cancellable;
    OcApprovedFunc approved;
    gpointer data;
    GDestroyNotify data_free;
};

G_DEFINE_FINAL_TYPE (OcApproval, oc_approval, GTK_TYPE_WINDOW)

static void
set_busy (OcApproval *self, gboolean busy)
{
    gtk_widget_set_visible (self->spinner, busy);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "approval.approve", !busy);
}

/* What is wrong with the number stands there; the rest, a wrong password mostly, at the password. */
static void
refuse (OcApproval *self, const GError *error)
{
    const char *field = oc_error_get_field (error);

    oc_form_show_error (self->form, field != NULL && g_str_equal (field, "approver") ? "number" : "password", error->message);
}

static void
on_approved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcApproval) self = data;
    g_autoptr(GError) error = NULL;
    gboolean done = oc_approve_finish (OC_DESK (source), result, &error);

    if (self->desk == NULL)
        return; /* disposed meanwhile */
    set_busy (self, FALSE);
    oc_form_field_put (self->password, "");
    if (!done) {
        refuse (self, error);
        return;
    }
    self->approved (self->data);
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
approve_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcApproval *self = OC_APPROVAL (widget);
    g_autofree char *number = oc_form_field_get (self->number);
    g_autofree char *password = oc_form_field_get (self->password);
    OcApproveAsk ask = { .wanted = self->wanted, .number = g_ascii_strtoll (number, NULL, 10), .password = password };

    oc_form_clear_errors (self->form);
    if (!oc_form_check (self->form))
        return;
    set_busy (self, TRUE);
    oc_approve_async (self->desk, &ask, self->cancellable, on_approved_cb, g_object_ref (self));
}

static void
on_submitted_cb (OcApproval *self)
{
    gtk_widget_activate_action (GTK_WIDGET (self), "approval.approve", NULL);
}

static void
oc_approval_dispose (GObject *object)
{
    OcApproval *self = OC_APPROVAL (object);

    g_cancellable_cancel (self->cancellable);
    g_clear_object (&self->desk);
    if (self->data_free != NULL)
        g_clear_pointer (&self->data, self->data_free);
    gtk_widget_dispose_template (GTK_WIDGET (self), OC_TYPE_APPROVAL);
    G_OBJECT_CLASS (oc_approval_parent_class)->dispose (object);
}

static void
oc_approval_finalize (GObject *object)
{
    OcApproval *self = OC_APPROVAL (object);

    g_object_unref (self->cancellable);
    g_clear_error (&self->wanted);
    G_OBJECT_CLASS (oc_approval_parent_class)->finalize (object);
}

static void
oc_approval_class_init (OcApprovalClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_approval_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_approval_finalize;
    g_type_ensure (OC_TYPE_FORM);
    g_type_ensure (OC_TYPE_FORM_FIELD);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/approval.ui");
    gtk_widget_class_bind_template_child (widget_class, OcApproval, reason);
    gtk_widget_class_bind_template_child (widget_class, OcApproval, form);
    gtk_widget_class_bind_template_child (widget_class, OcApproval, number);
    gtk_widget_class_bind_template_child (widget_class, OcApproval, password);
    gtk_widget_class_bind_template_child (widget_class, OcApproval, spinner);
    gtk_widget_class_bind_template_callback (widget_class, on_submitted_cb);
    gtk_widget_class_install_action (widget_class, "approval.approve", NULL, approve_action);
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
oc_approval_init (OcApproval *self)
{
    self->cancellable = g_cancellable_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
}

void
oc_approval_present (GtkWidget *widget, OcDesk *desk, const GError *wanted, OcApprovedFunc approved, gpointer data,
    GDestroyNotify data_free)
{
    OcApproval *self = g_object_new (OC_TYPE_APPROVAL, "transient-for", gtk_widget_get_root (widget), NULL);

    self->desk = g_object_ref (desk);
    self->wanted = g_error_copy (wanted);
    self->approved = approved;
    self->data = data;
    self->data_free = data_free;
    gtk_label_set_label (self->reason, wanted->message);
    gtk_window_present (GTK_WINDOW (self));
    oc_form_start (self->form);
}

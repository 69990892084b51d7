/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See form-dialog.h. */
#include "ui/form-dialog.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"

struct _OcFormDialog {
    GtkWindow parent_instance;

    OcForm *form;
    GtkWidget *content;
    GtkLabel *error;
    gboolean busy;
};

G_DEFINE_FINAL_TYPE (OcFormDialog, oc_form_dialog, GTK_TYPE_WINDOW)

enum { SIGNAL_CONFIRMED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_confirm_cb (OcFormDialog *self)
{
    g_autoptr(OcFields) values = NULL;

    gtk_widget_set_visible (GTK_WIDGET (self->error), FALSE);
    oc_form_clear_errors (self->form);
    if (self->busy || !oc_form_check (self->form))
        return;
    values = oc_form_read (self->form);
    g_signal_emit (self, signals[SIGNAL_CONFIRMED], 0, values);
}

static gboolean
on_escape_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
    gtk_window_close (GTK_WINDOW (widget));
    return TRUE;
}

/* An act that has begun is waited for: its answer is shown here. */
static gboolean
oc_form_dialog_close_request (GtkWindow *window)
{
    return OC_FORM_DIALOG (window)->busy;
}

static void
oc_form_dialog_class_init (OcFormDialogClass *klass)
{
    GTK_WINDOW_CLASS (klass)->close_request = oc_form_dialog_close_request;
    gtk_widget_class_add_binding (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, on_escape_cb, NULL);
    signals[SIGNAL_CONFIRMED] = g_signal_new ("confirmed", OC_TYPE_FORM_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
        G_TYPE_POINTER);
}

static void
oc_form_dialog_init (OcFormDialog *self)
{
    gtk_window_set_modal (GTK_WINDOW (self), TRUE);
    gtk_window_set_resizable (GTK_WINDOW (self), FALSE);
}

static GtkWidget *
make_field (const OcFormDialogField *field)
{
    return g_object_new (OC_TYPE_FORM_FIELD, "field", field->field, "kind", field->kind, "label", _(field->label), "hint",
        field->hint != NULL ? _(field->hint) : NULL, "choices", field->choices, "needed", field->needed, "decimals", field->decimals,
        "default", field->value, "wide", TRUE, NULL);
}

static GtkWidget *
make_buttons (OcFormDialog *self, const char *yes)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *cancel = gtk_button_new_with_label (_("Cancel"));
    GtkWidget *confirm = gtk_button_new_with_label (yes);

    gtk_widget_set_halign (box, GTK_ALIGN_END);
    gtk_widget_add_css_class (confirm, "suggested-action");
    g_signal_connect_object (cancel, "clicked", G_CALLBACK (gtk_window_close), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (confirm, "clicked", G_CALLBACK (on_confirm_cb), self, G_CONNECT_SWAPPED);
    gtk_box_append (GTK_BOX (box), cancel);
    gtk_box_append (GTK_BOX (box), confirm);
    return box;
}

static GtkWidget *
make_label (const char *text, const char *style)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_label_set_max_width_chars (GTK_LABEL (label), 48);
    gtk_widget_add_css_class (label, style);
    return label;
}

OcFormDialog *
oc_form_dialog_new (GtkWidget *parent, const char *title, const char *explanation, const char *yes, const OcFormDialogField *fields,
    guint n_fields)
{
    OcFormDialog *self = g_object_new (OC_TYPE_FORM_DIALOG, "title", title, "transient-for", gtk_widget_get_root (parent), NULL);

    self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
    self->form = g_object_new (OC_TYPE_FORM, NULL);
    self->error = GTK_LABEL (make_label ("", "error"));
    gtk_widget_add_css_class (self->content, "page");
    gtk_widget_set_size_request (self->content, 360, -1);
    gtk_widget_set_visible (GTK_WIDGET (self->error), FALSE);
    for (guint i = 0; i < n_fields; i++)
        gtk_widget_insert_before (make_field (&fields[i]), GTK_WIDGET (self->form), NULL);
    oc_form_fill (self->form, NULL);
    g_signal_connect_object (self->form, "submitted", G_CALLBACK (on_confirm_cb), self, G_CONNECT_SWAPPED);
    if (explanation != NULL)
        gtk_box_append (GTK_BOX (self->content), make_label (explanation, "dim-label"));
    gtk_box_append (GTK_BOX (self->content), GTK_WIDGET (self->form));
    gtk_box_append (GTK_BOX (self->content), GTK_WIDGET (self->error));
    gtk_box_append (GTK_BOX (self->content), make_buttons (self, yes));
    gtk_window_set_child (GTK_WINDOW (self), self->content);
    oc_form_start (self->form);
    gtk_window_present (GTK_WINDOW (self));
    return self;
}

OcFormField *
oc_form_dialog_get_field (OcFormDialog *self, const char *name)
{
    g_return_val_if_fail (OC_IS_FORM_DIALOG (self), NULL);
    for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->form)); child != NULL; child = gtk_widget_get_next_sibling (child))
        if (g_str_equal (oc_form_field_get_name (OC_FORM_FIELD (child)), name))
            return OC_FORM_FIELD (child);
    return NULL;
}

void
oc_form_dialog_set_busy (OcFormDialog *self, gboolean busy)
{
    g_return_if_fail (OC_IS_FORM_DIALOG (self));
    self->busy = busy;
    if (busy)
        oc_form_let_go (self->form);
    gtk_widget_set_sensitive (self->content, !busy);
}

void
oc_form_dialog_refuse (OcFormDialog *self, const GError *error)
{
    const char *field = oc_error_get_field (error);

    g_return_if_fail (OC_IS_FORM_DIALOG (self));
    oc_form_dialog_set_busy (self, FALSE);
    if (field != NULL && oc_form_show_error (self->form, field, error->message))
        return;
    gtk_label_set_label (self->error, error->message);
    gtk_widget_set_visible (GTK_WIDGET (self->error), TRUE);
    oc_form_start (self->form);
}

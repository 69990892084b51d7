/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See form-act.h. The dialog owns one reference, and each operation that is under way another. */
#include "ui/form-act.h"

#include "core/error.h"
#include "ops/ops.h"
#include "ui/approval.h"

OcFormAct *
oc_form_act_new (OcScreen *screen, void (*start) (OcFormAct *self))
{
    OcFormAct *self = g_atomic_rc_box_new0 (OcFormAct);

    self->screen = g_object_ref (screen);
    self->start = start;
    return self;
}

OcFormAct *
oc_form_act_ref (OcFormAct *self)
{
    return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
    OcFormAct *self = data;

    g_clear_weak_pointer (&self->dialog);
    g_object_unref (self->screen);
    g_clear_object (&self->rows);
    g_free (self->meter);
    g_free (self->request);
    g_clear_pointer (&self->values, oc_fields_unref);
}

void
oc_form_act_unref (OcFormAct *self)
{
    g_atomic_rc_box_release_full (self, clear);
}

static void
on_gone_cb (gpointer self, GClosure *closure)
{
    oc_form_act_unref (self);
}

static void
begin (OcFormAct *self)
{
    oc_form_dialog_set_busy (self->dialog, TRUE);
    self->start (self);
}

/* What is confirmed anew is another request. */
static void
on_confirmed_cb (OcFormDialog *dialog, OcFields *values, gpointer data)
{
    OcFormAct *self = data;

    g_free (self->request);
    self->request = oc_request_id ();
    g_clear_pointer (&self->values, oc_fields_unref);
    self->values = oc_fields_ref (values);
    begin (self);
}

void
oc_form_act_present (OcFormAct *self, OcFormDialog *dialog)
{
    g_set_weak_pointer (&self->dialog, dialog);
    g_signal_connect_data (dialog, "confirmed", G_CALLBACK (on_confirmed_cb), self, on_gone_cb, 0);
}

static void
on_approved_cb (gpointer data)
{
    OcFormAct *self = data;

    if (self->dialog != NULL)
        begin (self);
}

/* Shown in the dialog, or gone with it. */
static void
show_refusal (OcFormAct *self, const GError *error)
{
    if (self->dialog == NULL)
        return;
    oc_form_dialog_refuse (self->dialog, error);
    if (oc_error_get_param (error, "digest") != NULL)
        oc_approval_present (GTK_WIDGET (self->dialog), oc_screen_get_desk (self->screen), error, on_approved_cb, oc_form_act_ref (self),
            (GDestroyNotify) oc_form_act_unref);
}

void
oc_form_act_ended (OcFormAct *self, const char *text, const GError *error)
{
    if (error != NULL) {
        show_refusal (self, error);
    } else {
        if (self->dialog != NULL)
            gtk_window_destroy (GTK_WINDOW (self->dialog));
        oc_screen_show_message (self->screen, "success", text);
        oc_screen_refresh (self->screen);
    }
    oc_form_act_unref (self);
}

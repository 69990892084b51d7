/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two fields for a new password of one's own; "done" when the database has taken it. */
#pragma once

#include <gtk/gtk.h>

#include "ops/desk.h"

G_BEGIN_DECLS

#define OC_TYPE_PASSWORD_FORM (oc_password_form_get_type ())
G_DECLARE_FINAL_TYPE (OcPasswordForm, oc_password_form, OC, PASSWORD_FORM, GtkWidget)

/* @desk is referenced. */
void oc_password_form_set_desk (OcPasswordForm *self, OcDesk *desk);
/* Empties both fields and puts the caret into the first. */
void oc_password_form_start (OcPasswordForm *self);

/* The form in a window of its own. */
void oc_password_dialog_present (GtkWindow *parent, OcDesk *desk);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A short form in a dialog, for an act that needs a few words more: an amount, a reason. It stays until the act has ended, and shows
 * what was wrong at the field. Main thread. */
#pragma once

#include "ui/form.h"
#include "ui/form-field.h"

G_BEGIN_DECLS

#define OC_TYPE_FORM_DIALOG (oc_form_dialog_get_type ())
G_DECLARE_FINAL_TYPE (OcFormDialog, oc_form_dialog, OC, FORM_DIALOG, GtkWindow)

/* A field as data; texts are msgids. */
typedef struct {
    const char *field;
    OcFieldKind kind;
    const char *label, *hint;
    const char *choices;  /* words of the api, with spaces between */
    const char *value;    /* at the beginning */
    gboolean needed;
    int decimals;
} OcFormDialogField;

/* Title, explanation and the button's words are translated. Signal "confirmed" (OcFields): the form was filled and is right. */
OcFormDialog *oc_form_dialog_new (GtkWidget *parent, const char *title, const char *explanation, const char *yes,
    const OcFormDialogField *fields, guint n_fields);
/* The field of this name; borrowed. */
OcFormField *oc_form_dialog_get_field (OcFormDialog *self, const char *name);
/* While the act runs nothing in it can be changed. */
void oc_form_dialog_set_busy (OcFormDialog *self, gboolean busy);
/* At its field, else below the form; no longer busy. */
void oc_form_dialog_refuse (OcFormDialog *self, const GError *error);

G_END_DECLS

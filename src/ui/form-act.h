/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An act that a short form asks a few words for: the dialog stays until the act has succeeded, shows a refusal at its field, and lets a
 * second person approve where that is needed. Then the screen says what came of it, and asks the database again. Main thread. */
#pragma once

#include "ui/form-dialog.h"
#include "ui/screen.h"

G_BEGIN_DECLS

typedef struct _OcFormAct OcFormAct;
struct _OcFormAct {
    OcScreen *screen;
    OcFormDialog *dialog; /* weak */
    void (*start) (OcFormAct *self); /* begins the operation, with a reference of its own as the callback's data */
    char *request;        /* a new one for what is confirmed anew, the same for what was approved */
    OcFields *values;     /* as they were confirmed */

    /* What it works on; each act has its own use for them. */
    gint64 number;
    char *meter;
    OcRows *rows;
    guint row;
    gboolean opposite;
};

/* One reference, for the caller, which oc_form_act_present () takes over. */
OcFormAct *oc_form_act_new (OcScreen *screen, void (*start) (OcFormAct *self));
OcFormAct *oc_form_act_ref (OcFormAct *self);
void oc_form_act_unref (OcFormAct *self);
void oc_form_act_present (OcFormAct *self, OcFormDialog *dialog);
/* For the operation's callback: what is said where it succeeded, else @error. Takes the callback's reference over. */
void oc_form_act_ended (OcFormAct *self, const char *text, const GError *error);

G_END_DECLS

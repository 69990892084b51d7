/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A form: fields in two columns where there is room, else in one, at most 640 wide; whatever else stands in it goes over
 * the whole width. It fills, reads and checks its parts (form-part.h), wherever they are below it. Signals: "changed", a person
 * changed something; "submitted", Enter in a field. Main thread. */
#pragma once

#include "ui/form-part.h"

G_BEGIN_DECLS

#define OC_TYPE_FORM (oc_form_get_type ())
G_DECLARE_FINAL_TYPE (OcForm, oc_form, OC, FORM, GtkWidget)

/* Shows a record, which is then unchanged; NULL: a new one. */
void oc_form_fill (OcForm *self, const OcFields *values);
/* Shows the fields that are in @values as if a person had put them in. */
void oc_form_put (OcForm *self, const OcFields *values);
/* What is in it now; caller unrefs. */
OcFields *oc_form_read (OcForm *self);
guint oc_form_count_changes (OcForm *self);
/* Every part; the first that is wrong says so and gets the caret. */
gboolean oc_form_check (OcForm *self);
/* TRUE when one of the parts has @field. */
gboolean oc_form_show_error (OcForm *self, const char *field, const char *text);
void oc_form_clear_errors (OcForm *self);
/* Values as a person reads them, in the order of the form; caller unrefs. */
OcFields *oc_form_describe (OcForm *self, const OcFields *values);
/* The caret into the first field that can be changed. */
void oc_form_start (OcForm *self);
/* The caret out of the form, before it becomes insensitive: a text complains otherwise. */
void oc_form_let_go (OcForm *self);

/* For the parts. */
void oc_form_changed (OcForm *self);
void oc_form_submit (OcForm *self);

G_END_DECLS

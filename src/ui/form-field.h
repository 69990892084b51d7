/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One value of a form: its label, over the editor that its kind asks for, over a hint that an error replaces. In a .ui:
 * <object class="OcFormField"> with the properties field (its name in the api), kind, label, hint, needed, wide, default (of
 * a new record), choices (words of the api, with spaces between), minimum, maximum and decimals (numbers), max-length.
 * Main thread. */
#pragma once

#include "core/rows.h"
#include "ui/field-value.h"
#include "ui/form-part.h"

G_BEGIN_DECLS

#define OC_TYPE_FORM_FIELD (oc_form_field_get_type ())
G_DECLARE_FINAL_TYPE (OcFormField, oc_form_field, OC, FORM_FIELD, GtkWidget)

const char *oc_form_field_get_name (OcFormField *self);
gboolean oc_form_field_is_wide (OcFormField *self);

/* The value as the api says it; caller frees. What is no number or time stays as it was typed. */
char *oc_form_field_get (OcFormField *self);
/* As if a person had put it in. */
void oc_form_field_put (OcFormField *self, const char *value);
/* What is chosen from: @values of the api, shown as @titles (NULL: as oc_word () has them). What is chosen stays where it is
 * one of them, with @keep (the list only came anew) in any case. */
void oc_form_field_set_choices (OcFormField *self, const char *const *values, const char *const *titles, gboolean keep);
/* The same, of the column @field of those rows that are "active" where there is such a column. */
void oc_form_field_set_rows (OcFormField *self, OcRows *rows, const char *field);
void oc_form_field_set_hint (OcFormField *self, const char *hint);
/* FALSE: shown, and can't be changed. */
void oc_form_field_set_editable (OcFormField *self, gboolean editable);
void oc_form_field_show_error (OcFormField *self, const char *text);

G_END_DECLS

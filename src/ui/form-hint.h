/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line under a field: a grey hint, which a red error with an icon replaces. Property "hint". */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define OC_TYPE_FORM_HINT (oc_form_hint_get_type ())
G_DECLARE_FINAL_TYPE (OcFormHint, oc_form_hint, OC, FORM_HINT, GtkWidget)

void oc_form_hint_set_hint (OcFormHint *self, const char *hint);
/* NULL: the hint again. */
void oc_form_hint_set_error (OcFormHint *self, const char *error);
gboolean oc_form_hint_has_error (OcFormHint *self);

G_END_DECLS

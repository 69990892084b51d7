/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The widget that a field's value is put in with. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "ui/field-value.h"

G_BEGIN_DECLS

/* @title: of a check; @max_length: of a text, 0 none. */
GtkWidget *oc_field_editor_new (OcFieldKind kind, const char *title, int max_length);
/* Emitted when what is in it changed. */
const char *oc_field_editor_signal (OcFieldKind kind);

G_END_DECLS

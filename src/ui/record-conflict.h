/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two people changed the same record: both versions side by side, and which one is to stay. */
#pragma once

#include <gtk/gtk.h>

#include "core/fields.h"

G_BEGIN_DECLS

typedef struct {
    const char *text;      /* who saved it when, as the error says it */
    const OcFields *mine;  /* label and value, as a form describes them */
    const OcFields *theirs; /* NULL: it was deleted */
} OcConflict;

typedef void (*OcConflictFunc) (gboolean keep_mine, gpointer data);

/* @decided is called only when one of the two was chosen. Main thread. */
void oc_record_conflict_present (GtkWidget *widget, const OcConflict *conflict, OcConflictFunc decided, gpointer data,
    GDestroyNotify data_free);

G_END_DECLS

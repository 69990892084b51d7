/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person does with the records of a record screen: actions record.add, save, discard, delete and undo, Ctrl+N and Ctrl+S,
 * and the question about what is not saved. Main thread. */
#pragma once

#include "ui/record-screen.h"

G_BEGIN_DECLS

void oc_record_acts_install (GtkWidgetClass *klass);
void oc_record_acts_add_keys (OcRecordScreen *self);
void oc_record_acts_discard (OcRecordScreen *self);

typedef void (*OcRecordLeave) (OcRecordScreen *self, gint64 id);
/* Calls @proceed at once, or when the person does not want to keep what is not saved. */
void oc_record_acts_leave (OcRecordScreen *self, OcRecordLeave proceed, gint64 id);

G_END_DECLS

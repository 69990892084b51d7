/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked of the database for the record that a screen shows, and where the answer goes: to the field that is wrong, into
 * the choice between two versions, or into the bar with Undo beside it. Main thread. */
#pragma once

#include "ui/record-screen.h"

G_BEGIN_DECLS

/* Sends what the form holds, and @more (may be NULL; its fields go with it). @password: of a new operator. */
void oc_record_change_save (OcRecordScreen *self, const OcFields *more, const char *password);
/* Sends @fields alone: another change of the record than what its form holds. */
void oc_record_change_send (OcRecordScreen *self, OcFields *fields);
void oc_record_change_delete (OcRecordScreen *self);
/* Takes back the change of this number. */
void oc_record_change_undo (OcRecordScreen *self, gint64 change);
/* Another act on the record has ended: @error shown where it belongs, or @text as success, and asked again. */
void oc_record_change_done (OcRecordScreen *self, const char *text, const GError *error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record of the settings: the fields of a row of oc_setting_list (). */
#pragma once

#include "core/fields.h"
#include "core/rows.h"

G_BEGIN_DECLS

/* The row with this "id", -1 when there is none (or no @rows). */
int oc_record_find (OcRows *rows, gint64 id);
/* Caller unrefs. */
OcFields *oc_record_of_row (OcRows *rows, guint row);
/* 0 for NULL. */
gint64 oc_record_id (const OcFields *record);
gint64 oc_record_version (const OcFields *record);
/* Adds to @values what is in @record alone. */
void oc_record_complete (OcFields *values, const OcFields *record);

G_END_DECLS

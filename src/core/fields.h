/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and values in order: what feeds a receipt template, and what the read-card screen shows as a
 * group. A field may carry a label (msgid), raw bytes in hex and a mark that it differs from the ledger.
 * A value may also be a table: a list of rows, each again an OcFields. Not thread-safe while it is built;
 * afterwards read-only and passed on by reference. */
#pragma once

#include "core/rows.h"

G_BEGIN_DECLS

typedef struct _OcFields OcFields;

OcFields *oc_fields_new (const char *title); /* title: msgid of the group, may be NULL */
OcFields *oc_fields_ref (OcFields *self);
void oc_fields_unref (OcFields *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcFields, oc_fields_unref)

const char *oc_fields_get_title (const OcFields *self);
void oc_fields_set_title (OcFields *self, const char *title);

/* Adds or replaces. All strings are copied; a NULL value becomes "". */
void oc_fields_set (OcFields *self, const char *name, const char *value);
void oc_fields_set_full (OcFields *self, const char *name, const char *label, const char *value,
    const char *raw_hex, const char *ledger_value);
/* Sets each column of @row of @rows, under its name. */
void oc_fields_set_columns (OcFields *self, OcRows *rows, guint row);
/* Adds a row to the table @name (made when absent); takes a reference of its own. */
void oc_fields_add_row (OcFields *self, const char *name, OcFields *row);

guint oc_fields_count (const OcFields *self);
const char *oc_fields_name (const OcFields *self, guint i);
const char *oc_fields_label (const OcFields *self, guint i);        /* msgid or NULL */
const char *oc_fields_value (const OcFields *self, guint i);
const char *oc_fields_raw (const OcFields *self, guint i);          /* hex or NULL */
const char *oc_fields_ledger_value (const OcFields *self, guint i); /* NULL: nothing to compare with */
gboolean oc_fields_differs (const OcFields *self, guint i);

const char *oc_fields_get (const OcFields *self, const char *name); /* NULL when absent */
guint oc_fields_n_tables (const OcFields *self);
const char *oc_fields_table_name (const OcFields *self, guint i);
/* Rows of the table @name: an array of OcFields owned by self, NULL when absent. */
GPtrArray *oc_fields_get_rows (const OcFields *self, const char *name);

G_END_DECLS

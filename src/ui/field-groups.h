/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of fields beside each other, each a table of name, value and, where asked for, raw bytes; what differs from
 * the ledger carries a mark and the ledger's value. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "core/fields.h"

G_BEGIN_DECLS

#define OC_TYPE_FIELD_GROUPS (oc_field_groups_get_type ())
G_DECLARE_FINAL_TYPE (OcFieldGroups, oc_field_groups, OC, FIELD_GROUPS, GtkWidget)

/* @groups: OcFields, referenced as long as they are shown; NULL: nothing. */
void oc_field_groups_set (OcFieldGroups *self, GPtrArray *groups);
void oc_field_groups_set_view (OcFieldGroups *self, gboolean raw, gboolean only_different);

G_END_DECLS

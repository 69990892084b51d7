/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A number entry for a quantity. Main thread. */
#pragma once

#include "core/quantity.h"
#include "ui/number-entry.h"

G_BEGIN_DECLS

#define OC_TYPE_QUANTITY_ENTRY (oc_quantity_entry_get_type ())
G_DECLARE_FINAL_TYPE (OcQuantityEntry, oc_quantity_entry, OC, QUANTITY_ENTRY, OcNumberEntry)

/* What is in it; OC019, OC016 on @field otherwise. */
gboolean oc_quantity_entry_get (OcQuantityEntry *self, const char *field, OcQuantity *out, GError **error);
/* Shows a computed quantity, NULL: nothing. Does not emit "typed". */
void oc_quantity_entry_show (OcQuantityEntry *self, const OcQuantity *quantity);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An entry for a quantity (cubic metres, kWh). It knows what a person typed from what was computed: the signal "typed"
 * comes only for the first. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "core/quantity.h"

G_BEGIN_DECLS

#define OC_TYPE_QUANTITY_ENTRY (oc_quantity_entry_get_type ())
G_DECLARE_FINAL_TYPE (OcQuantityEntry, oc_quantity_entry, OC, QUANTITY_ENTRY, GtkEntry)

/* Whether there is nothing in it but spaces. */
gboolean oc_quantity_entry_is_empty (OcQuantityEntry *self);
/* What is in it; OC019, OC016 on @field otherwise. */
gboolean oc_quantity_entry_get (OcQuantityEntry *self, const char *field, OcQuantity *out, GError **error);
/* Shows a computed quantity, NULL: nothing. Does not emit "typed". */
void oc_quantity_entry_show (OcQuantityEntry *self, const OcQuantity *quantity);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a form that holds what a version of a price costs: a row a tier, a column an item, the total by itself.
 * What is in it is an OcTierTable (tier-table.h). Main thread. */
#pragma once

#include "core/rows.h"
#include "ui/form-part.h"

G_BEGIN_DECLS

#define OC_TYPE_TIER_GRID (oc_tier_grid_get_type ())
G_DECLARE_FINAL_TYPE (OcTierGrid, oc_tier_grid, OC, TIER_GRID, GtkWidget)

/* The items that a price of this meter type may have; those that it has are shown in any case. */
void oc_tier_grid_set_items (OcTierGrid *self, const char *const *items);
/* Shows a column for each of them and for none other: those of another meter type go. */
void oc_tier_grid_offer (OcTierGrid *self);
/* FALSE: one row without a limit. */
void oc_tier_grid_set_tiered (OcTierGrid *self, gboolean tiered);
/* FALSE: shown only, and not sent. */
void oc_tier_grid_set_editable (OcTierGrid *self, gboolean editable);
/* What is typed counts as changed, whatever it was: it is to be a new version. */
void oc_tier_grid_touch (OcTierGrid *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sub-meters of a card as tiles, and all that is known of the chosen one: user type with its limits, meter, return data, prices.
 * Signal "chosen" when another one is. Main thread. */
#pragma once

#include "ops/ops.h"
#include "ui/meter-cards.h"

G_BEGIN_DECLS

#define OC_TYPE_CARD_METERS (oc_card_meters_get_type ())
G_DECLARE_FINAL_TYPE (OcCardMeters, oc_card_meters, OC, CARD_METERS, GtkWidget)

void oc_card_meters_set_for (OcCardMeters *self, OcMetersFor purpose);
/* NULL, or a card that is nobody's: none. Referenced. */
void oc_card_meters_set_reading (OcCardMeters *self, OcReading *reading);
/* The rows of the reading, and the chosen one; NULL: none is chosen. Borrowed. */
OcRows *oc_card_meters_get_chosen (OcCardMeters *self, guint *row);
/* Code of the chosen one: 11; 0: none. */
int oc_card_meters_get_sub_meter (OcCardMeters *self);
/* Why the chosen one is not fit for it, "" if it is. */
const char *oc_card_meters_get_reason (OcCardMeters *self);
/* By slot. */
void oc_card_meters_choose (OcCardMeters *self, int slot);
/* What may be bought for the chosen one at most, in words; caller frees. */
char *oc_card_meters_dup_limits (OcCardMeters *self);

G_END_DECLS

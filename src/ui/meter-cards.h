/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sub-meters of a card as tiles to choose from: type, number, remaining, last purchase, and why one can't buy.
 * Signal "chosen" when another one is (also by oc_meter_cards_choose ()). Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "core/rows.h"

G_BEGIN_DECLS

#define OC_TYPE_METER_CARDS (oc_meter_cards_get_type ())
G_DECLARE_FINAL_TYPE (OcMeterCards, oc_meter_cards, OC, METER_CARDS, GtkWidget)

/* Rows as oc_reading_meters () has them, NULL: none. Chooses the sole one, else the one bought for last among those
 * that can buy, else the first. */
void oc_meter_cards_set_rows (OcMeterCards *self, OcRows *meters);
/* Index into the rows, -1: none. */
int oc_meter_cards_get_chosen (OcMeterCards *self);
/* By slot; nothing happens when there is none. */
void oc_meter_cards_choose (OcMeterCards *self, int slot);

/* "yuan" for meters that count money, else the unit of the meter's type; translated. */
const char *oc_meter_unit (OcRows *meters, guint row);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sub-meters of a card as tiles to choose from: type, number, remaining, last purchase, and why one can't buy.
 * Signal "chosen" when another one is (also by oc_meter_cards_choose ()). Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "core/rows.h"

G_BEGIN_DECLS

#define OC_TYPE_METER_CARDS (oc_meter_cards_get_type ())
G_DECLARE_FINAL_TYPE (OcMeterCards, oc_meter_cards, OC, METER_CARDS, GtkWidget)

/* What one is chosen for. */
typedef enum {
    OC_METERS_SELL,      /* all can be chosen; one that can't buy says why */
    OC_METERS_SELL_ANEW, /* only one whose purchase is unread can */
    OC_METERS_REPLACE,   /* all can; what is unread on it speaks not against it */
} OcMetersFor;

/* OC_METERS_SELL when it was not said; before there are rows. */
void oc_meter_cards_set_for (OcMeterCards *self, OcMetersFor purpose);
/* Rows as oc_reading_meters () has them, NULL: none. Chooses the sole one, else the one bought for last among those
 * that are fit for it, else the first, unless none can be chosen. */
void oc_meter_cards_set_rows (OcMeterCards *self, OcRows *meters);
/* Why row @row is not fit for it, "" if it is. Borrowed. */
const char *oc_meter_cards_get_reason (OcMeterCards *self, guint row);
/* Index into the rows, -1: none. */
int oc_meter_cards_get_chosen (OcMeterCards *self);
/* By slot; nothing happens when there is none. */
void oc_meter_cards_choose (OcMeterCards *self, int slot);

/* "yuan" for meters that count money, else the unit of the meter's type; translated. */
const char *oc_meter_unit (OcRows *meters, guint row);

G_END_DECLS

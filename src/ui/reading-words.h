/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the banner says of a card that was read, of one that could not be, and of an act that is done. Main thread. */
#pragma once

#include "ops/ops.h"
#include "ui/card-banner.h"
#include "ui/till.h"

G_BEGIN_DECLS

/* Which card the right one is. */
typedef enum {
    OC_CARD_CUSTOMERS, /* a customer's newest one */
    OC_CARD_BLANK,
    OC_CARD_OURS,      /* that of a customer, or one that was replaced or reported lost */
} OcCardWanted;

/* Whether it is, and nothing speaks against it. */
gboolean oc_reading_fits (OcReading *reading, OcCardWanted wanted);
/* @blank_words: what a blank card is good for here, where one is wanted; translated. */
void oc_reading_show_in_banner (OcReading *reading, OcCardBanner *banner, OcCardWanted wanted, const char *blank_words);
/* What the reader says while nothing was read. */
void oc_presence_show_in_banner (OcDeskPresence presence, OcCardBanner *banner);
void oc_reading_show_failure_in_banner (const GError *error, OcCardBanner *banner);
/* @settled: it was begun before, and is proven now. */
void oc_outcome_show_in_banner (const OcOutcome *outcome, OcCardBanner *banner, gboolean settled);
/* What was booked, as it will stand on the receipt: after an act that ended later it is not what is typed. */
void oc_outcome_show_in_till (const OcOutcome *outcome, OcTill *till);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the banner says of a card that was read, of one that could not be, and of an act that is done. Main thread. */
#pragma once

#include "ops/ops.h"
#include "ui/card-banner.h"

G_BEGIN_DECLS

/* @want_blank: for an opening, where a blank card is the right one. */
void oc_reading_show_in_banner (OcReading *reading, OcCardBanner *banner, gboolean want_blank);
void oc_reading_show_failure_in_banner (const GError *error, OcCardBanner *banner);
/* @settled: it was begun before, and is proven now. */
void oc_outcome_show_in_banner (const OcOutcome *outcome, OcCardBanner *banner, gboolean settled);

G_END_DECLS

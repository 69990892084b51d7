/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a card that was read says: whose it is, in which state, and its meters with what is unread. Main thread. */
#pragma once

#include "ops/ops.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define OC_TYPE_CARD_SUMMARY (oc_card_summary_get_type ())
G_DECLARE_FINAL_TYPE (OcCardSummary, oc_card_summary, OC, CARD_SUMMARY, GtkWidget)

/* NULL, or a card that is nobody's: nothing is shown. */
void oc_card_summary_set_reading (OcCardSummary *self, OcReading *reading);
/* A sentence over it all; @icon as for a banner. NULL: none. */
void oc_card_summary_set_verdict (OcCardSummary *self, const char *icon, const char *text);

G_END_DECLS

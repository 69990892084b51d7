/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an amount would buy at a price that is being typed: quoted by the database while it is typed, tier by tier and item by item;
 * nothing is written. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "ops/ops.h"

G_BEGIN_DECLS

#define OC_TYPE_TARIFF_PREVIEW (oc_tariff_preview_get_type ())
G_DECLARE_FINAL_TYPE (OcTariffPreview, oc_tariff_preview, OC, TARIFF_PREVIEW, GtkWidget)

/* Quotes again by @fields, the form of a price (referenced; NULL: there is nothing to quote). @unit: "kWh". */
void oc_tariff_preview_set_price (OcTariffPreview *self, OcDesk *desk, OcFields *fields, const char *unit);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of prices: meter type, price, version. Signals: "chosen" (gint64 price, gint64 version), by a person; "activated"
 * (double click or Enter). Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "core/rows.h"

G_BEGIN_DECLS

#define OC_TYPE_PRICE_TREE (oc_price_tree_get_type ())
G_DECLARE_FINAL_TYPE (OcPriceTree, oc_price_tree, OC, PRICE_TREE, GtkWidget)

/* Rows of the kind "prices". Versions that were set stay until they come anew. */
void oc_price_tree_set_prices (OcPriceTree *self, OcRows *prices);
/* Rows of the kind "price-versions" of one price. */
void oc_price_tree_set_versions (OcPriceTree *self, gint64 price, OcRows *versions);
OcRows *oc_price_tree_get_versions (OcPriceTree *self, gint64 price); /* borrowed; NULL before they came */
/* The chosen one, without "chosen"; a price stands for the version that is in force, else its newest. 0, 0: none. */
void oc_price_tree_mark (OcPriceTree *self, gint64 price, gint64 version);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a version of a price costs, as it is typed: a tier a row, a price item a column. Texts stay as typed, so that a wrong number
 * can be corrected; totals are exact. Field "tiers" of a record: rows of upper_limit ("" in the last) and of a table "items" of
 * item and unit_price. Main thread. */
#pragma once

#include "core/fields.h"

G_BEGIN_DECLS

#define OC_TIERS "tiers"
#define OC_TIERS_MAX 7
#define OC_TIER_DECIMALS 4
#define OC_TIER_LIMIT -1 /* instead of an item */

typedef struct {
    GPtrArray *items; /* names, the columns */
    GPtrArray *rows;
} OcTierTable;

OcTierTable *oc_tier_table_new (void);
void oc_tier_table_free (OcTierTable *self);

guint oc_tier_table_count (const OcTierTable *self);
/* @item OC_TIER_LIMIT: up to where the tier goes. Borrowed. */
const char *oc_tier_table_get (const OcTierTable *self, guint tier, int item);
void oc_tier_table_set (OcTierTable *self, guint tier, int item, const char *text);
/* The column of an item, made when there is none. */
guint oc_tier_table_column (OcTierTable *self, const char *item);
/* Columns for all of @items and for none other, where that is not so; TRUE: something changed. */
gboolean oc_tier_table_offer (OcTierTable *self, GPtrArray *items);
/* A further tier costs what the last one does, until something else is typed. */
void oc_tier_table_add (OcTierTable *self);
void oc_tier_table_remove (OcTierTable *self, guint tier);

/* What @values (NULL: a new price) say, with a column for each of @items too. */
void oc_tier_table_take (OcTierTable *self, const OcFields *values, GPtrArray *items);
/* Adds the first @n tiers to @values. */
void oc_tier_table_read (const OcTierTable *self, guint n, OcFields *values);
/* Every cell of the first @n tiers that would be sent, in one order: changes are counted by it. Caller unrefs. */
GPtrArray *oc_tier_table_cells (const OcTierTable *self, guint n);
/* Sum of the items of a tier, "–" where one of them is no number; an empty one is an item that the price does not have. Caller
 * frees. */
char *oc_tier_table_total (const OcTierTable *self, guint tier);
/* Adds a line a tier of @values, as a person reads it: "1: 水价 2.07, 污水处理费 1.36". */
void oc_tier_table_describe (const OcFields *values, OcFields *lines);

G_END_DECLS

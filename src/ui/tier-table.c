/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiers as typed. */
#include "ui/tier-table.h"

#include <glib/gi18n-lib.h>

#include "core/decimal.h"
#include "core/money.h"

/* One row; prices runs along the table's items. */
typedef struct {
    char *limit;
    GPtrArray *prices;
} Tier;

static void
tier_free (gpointer data)
{
    Tier *self = data;

    g_free (self->limit);
    g_ptr_array_unref (self->prices);
    g_free (self);
}

static Tier *
tier_of (const OcTierTable *self, guint tier)
{
    return self->rows->pdata[tier];
}

static void
add_empty (OcTierTable *self)
{
    Tier *tier = g_new0 (Tier, 1);

    tier->limit = g_strdup ("");
    tier->prices = g_ptr_array_new_with_free_func (g_free);
    for (guint i = 0; i < self->items->len; i++)
        g_ptr_array_add (tier->prices, g_strdup (""));
    g_ptr_array_add (self->rows, tier);
}

/* "0.4885" of "0.48850000"; what is no number stays. */
static char *
plain (const char *text)
{
    gint64 units;

    return oc_decimal_parse_typed (text, OC_TIER_DECIMALS, &units) == OC_DECIMAL_OK ? oc_decimal_to_text (units, 0, "", ".")
                                                                                      : g_strdup (text);
}

static int
find_item (GPtrArray *items, const char *item)
{
    for (guint i = 0; i < items->len; i++) {
        if (g_str_equal (items->pdata[i], item))
            return (int) i;
    }
    return -1;
}

OcTierTable *
oc_tier_table_new (void)
{
    OcTierTable *self = g_new0 (OcTierTable, 1);

    self->items = g_ptr_array_new_with_free_func (g_free);
    self->rows = g_ptr_array_new_with_free_func (tier_free);
    return self;
}

void
oc_tier_table_free (OcTierTable *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref (self->items);
    g_ptr_array_unref (self->rows);
    g_free (self);
}

guint
oc_tier_table_count (const OcTierTable *self)
{
    return self->rows->len;
}

const char *
oc_tier_table_get (const OcTierTable *self, guint tier, int item)
{
    return item == OC_TIER_LIMIT ? tier_of (self, tier)->limit : tier_of (self, tier)->prices->pdata[item];
}

void
oc_tier_table_set (OcTierTable *self, guint tier, int item, const char *text)
{
    Tier *row = tier_of (self, tier);
    char **place = item == OC_TIER_LIMIT ? &row->limit : (char **) &row->prices->pdata[item];

    g_free (*place);
    *place = g_strstrip (g_strdup (text));
}

guint
oc_tier_table_column (OcTierTable *self, const char *item)
{
    int column = find_item (self->items, item);

    if (column >= 0)
        return (guint) column;
    g_ptr_array_add (self->items, g_strdup (item));
    for (guint i = 0; i < self->rows->len; i++)
        g_ptr_array_add (tier_of (self, i)->prices, g_strdup (""));
    return self->items->len - 1;
}

gboolean
oc_tier_table_offer (OcTierTable *self, GPtrArray *items)
{
    gboolean changed = FALSE;

    for (guint i = self->items->len; i > 0; i--) {
        if (find_item (items, self->items->pdata[i - 1]) >= 0)
            continue;
        g_ptr_array_remove_index (self->items, i - 1);
        for (guint t = 0; t < self->rows->len; t++)
            g_ptr_array_remove_index (tier_of (self, t)->prices, i - 1);
        changed = TRUE;
    }
    for (guint i = 0; i < items->len; i++) {
        guint n = self->items->len;
        changed = oc_tier_table_column (self, items->pdata[i]) == n || changed;
    }
    return changed;
}

void
oc_tier_table_add (OcTierTable *self)
{
    guint n = self->rows->len;

    add_empty (self);
    for (guint i = 0; n > 0 && i < self->items->len; i++)
        oc_tier_table_set (self, n, (int) i, oc_tier_table_get (self, n - 1, (int) i));
}

void
oc_tier_table_remove (OcTierTable *self, guint tier)
{
    g_ptr_array_remove_index (self->rows, tier);
}

static void
take_tier (OcTierTable *self, const OcFields *row)
{
    GPtrArray *items = oc_fields_get_rows (row, "items");
    g_autofree char *limit = plain (oc_fields_get (row, "upper_limit"));
    guint tier = self->rows->len;

    add_empty (self);
    oc_tier_table_set (self, tier, OC_TIER_LIMIT, limit);
    for (guint i = 0; items != NULL && i < items->len; i++) {
        g_autofree char *price = plain (oc_fields_get (items->pdata[i], "unit_price"));
        guint column = oc_tier_table_column (self, oc_fields_get (items->pdata[i], "item"));
        oc_tier_table_set (self, tier, (int) column, price);
    }
}

void
oc_tier_table_take (OcTierTable *self, const OcFields *values, GPtrArray *items)
{
    GPtrArray *rows = values != NULL ? oc_fields_get_rows (values, OC_TIERS) : NULL;

    g_ptr_array_set_size (self->rows, 0);
    g_ptr_array_set_size (self->items, 0);
    for (guint i = 0; i < items->len; i++)
        oc_tier_table_column (self, items->pdata[i]);
    for (guint t = 0; rows != NULL && t < rows->len; t++)
        take_tier (self, rows->pdata[t]);
    if (self->rows->len == 0)
        add_empty (self);
}

void
oc_tier_table_read (const OcTierTable *self, guint n, OcFields *values)
{
    for (guint t = 0; t < n; t++) {
        g_autoptr(OcFields) row = oc_fields_new (NULL);
        oc_fields_set (row, "upper_limit", t + 1 < n ? tier_of (self, t)->limit : "");
        for (guint i = 0; i < self->items->len; i++) {
            g_autoptr(OcFields) item = oc_fields_new (NULL);
            g_autofree char *price = plain (oc_tier_table_get (self, t, (int) i));
            if (*price == '\0')
                continue;
            oc_fields_set (item, "item", self->items->pdata[i]);
            oc_fields_set (item, "unit_price", price);
            oc_fields_add_row (row, "items", item);
        }
        oc_fields_add_row (values, OC_TIERS, row);
    }
}

GPtrArray *
oc_tier_table_cells (const OcTierTable *self, guint n)
{
    GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

    for (guint t = 0; t < n; t++) {
        g_ptr_array_add (cells, g_strdup (t + 1 < n ? tier_of (self, t)->limit : ""));
        for (guint i = 0; i < self->items->len; i++)
            g_ptr_array_add (cells, plain (oc_tier_table_get (self, t, (int) i)));
    }
    return cells;
}

char *
oc_tier_table_total (const OcTierTable *self, guint tier)
{
    OcMoney total = { 0 };

    for (guint i = 0; i < self->items->len; i++) {
        const char *text = oc_tier_table_get (self, tier, (int) i);
        OcMoney part;
        if (*text == '\0')
            continue;
        if (oc_decimal_parse_typed (text, OC_TIER_DECIMALS, &part.units) != OC_DECIMAL_OK || !oc_money_add (total, part, &total))
            return g_strdup ("–");
    }
    return oc_decimal_to_text (total.units, 2, "", ".");
}

static char *
describe_tier (const OcFields *row)
{
    GPtrArray *items = oc_fields_get_rows (row, "items");
    g_autofree char *limit = plain (oc_fields_get (row, "upper_limit"));
    GString *text = g_string_new (NULL);

    for (guint i = 0; items != NULL && i < items->len; i++) {
        g_autofree char *price = plain (oc_fields_get (items->pdata[i], "unit_price"));
        g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", oc_fields_get (items->pdata[i], "item"), price);
    }
    if (*limit != '\0')
        g_string_append_printf (text, " (≤ %s)", limit);
    return g_string_free (text, FALSE);
}

void
oc_tier_table_describe (const OcFields *values, OcFields *lines)
{
    GPtrArray *rows = oc_fields_get_rows (values, OC_TIERS);

    for (guint t = 0; rows != NULL && t < rows->len; t++) {
        /* Translators: %u is the number of a tier. */
        g_autofree char *name = g_strdup_printf (_("Tier %u"), t + 1);
        g_autofree char *text = describe_tier (rows->pdata[t]);
        oc_fields_set (lines, name, text);
    }
}

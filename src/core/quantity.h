/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantity: an exact count of 1/10000 cubic metre or kWh; see money.h. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    gint64 units; /* 1/10000 of the meter's unit */
} OcQuantity;

/* As oc_money_parse, with at most four decimals: OC019, OC016 on @field. */
gboolean oc_quantity_parse (const char *text, const char *field, OcQuantity *out, GError **error);
gboolean oc_quantity_from_decimal (const char *text, OcQuantity *out);

/* Shortest exact form: "25.6", "3". */
char *oc_quantity_to_decimal (OcQuantity quantity);

/* The same with the locale's separators. */
char *oc_quantity_format (OcQuantity quantity);

/* Checked: FALSE on overflow, @out untouched. */
gboolean oc_quantity_add (OcQuantity a, OcQuantity b, OcQuantity *out);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantity. Whether it lies on the meter's step is for the database to say: only it knows the meter. */
#include "core/quantity.h"

#include "core/decimal.h"
#include "core/error.h"

#define MAX_QUANTITY G_GINT64_CONSTANT (99999999) /* as the money that it could cost */

gboolean
oc_quantity_parse (const char *text, const char *field, OcQuantity *out, GError **error)
{
    const char *name = field ? field : "quantity";
    g_autofree char *limit = g_strdup_printf ("%" G_GINT64_FORMAT, MAX_QUANTITY);
    OcDecimalState state;
    gint64 units = 0;

    g_return_val_if_fail (out != NULL, FALSE);

    state = oc_decimal_parse_typed (text, 4, &units);
    if (state == OC_DECIMAL_TOO_LARGE || units > MAX_QUANTITY * OC_DECIMAL_UNITS)
        return oc_error_set (error, "OC016", "limit", limit, "field", name, NULL);
    if (state != OC_DECIMAL_OK || units <= 0)
        return oc_error_set (error, "OC019", "field", name, NULL);
    out->units = units;

    return TRUE;
}

gboolean
oc_quantity_from_decimal (const char *text, OcQuantity *out)
{
    return oc_decimal_parse_exact (text, &out->units) == OC_DECIMAL_OK;
}

char *
oc_quantity_to_decimal (OcQuantity quantity)
{
    return oc_decimal_to_text (quantity.units, 0, "", ".");
}

char *
oc_quantity_format (OcQuantity quantity)
{
    return oc_decimal_format (quantity.units, 0);
}

gboolean
oc_quantity_add (OcQuantity a, OcQuantity b, OcQuantity *out)
{
    gint64 units;

    if (__builtin_add_overflow (a.units, b.units, &units))
        return FALSE;
    out->units = units;

    return TRUE;
}

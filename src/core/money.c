/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money. No rounding happens here: an amount that does not fit is refused. */
#include "core/money.h"

#include "core/decimal.h"
#include "core/error.h"

gboolean
oc_money_parse (const char *text, const char *field, OcMoney *out, GError **error)
{
    const char *name = field ? field : "amount";
    g_autofree char *limit = g_strdup_printf ("%" G_GINT64_FORMAT, OC_MONEY_MAX_YUAN);
    OcDecimalState state;
    gint64 units = 0;

    g_return_val_if_fail (out != NULL, FALSE);

    state = oc_decimal_parse_typed (text, 2, &units);
    if (state == OC_DECIMAL_TOO_FINE)
        return oc_error_set (error, "OC014", "field", name, NULL);
    if (state == OC_DECIMAL_TOO_LARGE || units > OC_MONEY_MAX_YUAN * OC_MONEY_UNITS)
        return oc_error_set (error, "OC016", "limit", limit, "field", name, NULL);
    if (state == OC_DECIMAL_NOT_A_NUMBER || units <= 0)
        return oc_error_set (error, "OC010", "field", name, NULL);
    out->units = units;

    return TRUE;
}

gboolean
oc_money_from_decimal (const char *text, OcMoney *out)
{
    return oc_decimal_parse_exact (text, &out->units) == OC_DECIMAL_OK;
}

char *
oc_money_to_decimal (OcMoney money)
{
    return oc_decimal_to_text (money.units, 2, "", ".");
}

char *
oc_money_format (OcMoney money)
{
    return oc_decimal_format (money.units, 2);
}

gboolean
oc_money_add (OcMoney a, OcMoney b, OcMoney *out)
{
    gint64 units;

    if (__builtin_add_overflow (a.units, b.units, &units))
        return FALSE;
    out->units = units;

    return TRUE;
}

gboolean
oc_money_sub (OcMoney a, OcMoney b, OcMoney *out)
{
    gint64 units;

    if (__builtin_sub_overflow (a.units, b.units, &units))
        return FALSE;
    out->units = units;

    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money: an exact count of 1/10000 yuan in a struct of its own, so that adding yuan to cubic metres
 * does not compile. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    gint64 units; /* 1/10000 yuan */
} OcMoney;

#define OC_MONEY_UNITS 10000
#define OC_MONEY_MAX_YUAN G_GINT64_CONSTANT (99999999) /* what one trade may be at the most */

static inline OcMoney
oc_money_from_fen (gint64 fen)
{
    return (OcMoney){ fen * 100 };
}

/* Reads an amount as a person types it: optional spaces, full-width digits and point, a thousands comma;
 * at most two decimals, greater than zero, at most OC_MONEY_MAX_YUAN. OC010, OC014 or OC016 on @field. */
gboolean oc_money_parse (const char *text, const char *field, OcMoney *out, GError **error);

/* Reads an exact decimal as the database prints a numeric ("-12.3400"); FALSE if it isn't one or has more
 * than four decimals that count. */
gboolean oc_money_from_decimal (const char *text, OcMoney *out);

/* "12.30": at least two decimals, more only where they are not zero; the api's form, locale-free. */
char *oc_money_to_decimal (OcMoney money);

/* "1,234.50" with the locale's separators, two decimals at least. */
char *oc_money_format (OcMoney money);

/* Checked arithmetic: FALSE on overflow, @out untouched. */
gboolean oc_money_add (OcMoney a, OcMoney b, OcMoney *out);
gboolean oc_money_sub (OcMoney a, OcMoney b, OcMoney *out);
static inline int
oc_money_cmp (OcMoney a, OcMoney b)
{
    return (a.units > b.units) - (a.units < b.units);
}

G_END_DECLS

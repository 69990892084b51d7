/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact decimals as counts of 1/10000: what money and quantity have in common. For core and for forms. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define OC_DECIMAL_UNITS 10000

typedef enum {
    OC_DECIMAL_OK,
    OC_DECIMAL_NOT_A_NUMBER,
    OC_DECIMAL_TOO_LARGE,
    OC_DECIMAL_TOO_FINE, /* more decimals than allowed that are not zero */
} OcDecimalState;

/* As a person types it: spaces around, full-width digits, points and commas, commas between thousands. No sign but
 * '-' and '+'. @max_decimals: 0 to 4. @out untouched unless OK. */
OcDecimalState oc_decimal_parse_typed (const char *text, int max_decimals, gint64 *out);

/* As the database prints a numeric: optional '-', digits, optional '.' and digits; nothing else. */
OcDecimalState oc_decimal_parse_exact (const char *text, gint64 *out);

/* At least @min_decimals, more only where they are not zero. @grouping and @point: "," and "."; "" for no groups. */
char *oc_decimal_to_text (gint64 units, int min_decimals, const char *grouping, const char *point);

/* With the user's separators. */
char *oc_decimal_format (gint64 units, int min_decimals);

G_END_DECLS

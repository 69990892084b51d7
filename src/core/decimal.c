/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact decimals. Everything a Chinese input method makes of digits, point and comma is understood, because an
 * operator does not see the difference; what is ambiguous ("1,5") is refused. */
#include "core/decimal.h"

#include <locale.h>
#include <string.h>

#define MAX_TYPED 64 /* characters; longer is no amount */
#define DECIMALS 4

/* The ASCII character that @c stands for, 0 if none. */
static char
plain_character (gunichar c)
{
    if (c >= 0xff10 && c <= 0xff19)
        return (char) ('0' + (c - 0xff10));
    if ((c >= '0' && c <= '9') || c == '.' || c == ',' || c == '-' || c == '+')
        return (char) c;

    switch (c) {
    case 0xff0e: /* ． */
    case 0x3002: /* 。: the key of the point */
        return '.';
    case 0xff0c: /* ， */
        return ',';
    case 0xff0d: /* － */
    case 0x2212: /* − */
        return '-';
    case 0xff0b: /* ＋ */
        return '+';
    default:
        return 0;
    }
}

/* Adds digits to @units as far as they go; the caller has seen to it that they are digits. */
static OcDecimalState
scale_digits (const char *whole, gsize n_whole, const char *fraction, gsize n_fraction, int max_decimals,
    gboolean negative, gint64 *out)
{
    guint64 limit = negative ? (guint64) G_MAXINT64 + 1 : (guint64) G_MAXINT64;
    guint64 units = 0;

    for (gsize i = (gsize) max_decimals; i < n_fraction; i++)
        if (fraction[i] != '0')
            return OC_DECIMAL_TOO_FINE;

    for (gsize i = 0; i < n_whole + DECIMALS; i++) {
        gsize place = i - n_whole; /* of the fraction, once i has passed the whole part */
        guint digit = 0;

        if (i < n_whole)
            digit = (guint) (whole[i] - '0');
        else if (place < n_fraction)
            digit = (guint) (fraction[place] - '0');
        if (units > (limit - digit) / 10)
            return OC_DECIMAL_TOO_LARGE;
        units = units * 10 + digit;
    }
    *out = negative ? (gint64) (0 - units) : (gint64) units;

    return OC_DECIMAL_OK;
}

/* Digits in @text from the start. */
static gsize
count_digits (const char *text)
{
    return strspn (text, "0123456789");
}

/* The whole part with its commas taken out; FALSE where one is not between thousands. */
static gboolean
remove_commas (char *whole)
{
    gsize length = strlen (whole);
    char *write = whole;

    if (strchr (whole, ',') && (whole[0] == ',' || strcspn (whole, ",") > 3))
        return FALSE;
    for (gsize i = 0; i < length; i++) {
        gsize group = strcspn (whole + i + 1, ",");

        if (whole[i] != ',')
            *write++ = whole[i];
        else if (group != 3)
            return FALSE;
    }
    *write = '\0';

    return TRUE;
}

static OcDecimalState
parse_plain (char *text, int max_decimals, gint64 *out)
{
    gboolean negative = *text == '-';
    char *point;
    const char *fraction = "";

    if (*text == '-' || *text == '+')
        text++;
    if ((point = strchr (text, '.'))) {
        *point = '\0';
        fraction = point + 1;
    }
    if (!remove_commas (text) || count_digits (text) != strlen (text)
        || count_digits (fraction) != strlen (fraction) || (*text == '\0' && *fraction == '\0'))
        return OC_DECIMAL_NOT_A_NUMBER;

    return scale_digits (text, strlen (text), fraction, strlen (fraction), max_decimals, negative, out);
}

OcDecimalState
oc_decimal_parse_typed (const char *text, int max_decimals, gint64 *out)
{
    g_autoptr(GString) plain = g_string_new (NULL);

    g_return_val_if_fail (max_decimals >= 0 && max_decimals <= DECIMALS, OC_DECIMAL_NOT_A_NUMBER);

    if (text == NULL || !g_utf8_validate (text, -1, NULL))
        return OC_DECIMAL_NOT_A_NUMBER;

    for (; *text; text = g_utf8_next_char (text)) {
        gunichar c = g_utf8_get_char (text);
        char ascii = plain_character (c);

        if (g_unichar_isspace (c) || c == 0x00a0 || c == 0x3000) {
            g_string_append_c (plain, ' '); /* allowed around only: strip below, refused within */
            continue;
        }
        if (ascii == 0)
            return OC_DECIMAL_NOT_A_NUMBER;
        g_string_append_c (plain, ascii);
    }
    g_strstrip (plain->str);
    if (strlen (plain->str) > MAX_TYPED && count_digits (plain->str) == strlen (plain->str))
        return OC_DECIMAL_TOO_LARGE;

    return parse_plain (plain->str, max_decimals, out);
}

OcDecimalState
oc_decimal_parse_exact (const char *text, gint64 *out)
{
    g_autofree char *copy = NULL;

    if (text == NULL || *text == '+' || *text == '.' || strchr (text, ',') || g_str_has_suffix (text, ".")
        || g_str_has_prefix (text, "-."))
        return OC_DECIMAL_NOT_A_NUMBER;
    copy = g_strdup (text);

    return parse_plain (copy, DECIMALS, out);
}

char *
oc_decimal_to_text (gint64 units, int min_decimals, const char *grouping, const char *point)
{
    guint64 size = units < 0 ? 0 - (guint64) units : (guint64) units;
    g_autofree char *whole = g_strdup_printf ("%" G_GUINT64_FORMAT, size / OC_DECIMAL_UNITS);
    char fraction[DECIMALS + 1];
    GString *out = g_string_new (units < 0 ? "-" : "");
    gsize length = strlen (whole);
    int decimals = DECIMALS;

    for (gsize i = 0; i < length; i++) {
        g_string_append_c (out, whole[i]);
        if (i + 1 < length && (length - i - 1) % 3 == 0)
            g_string_append (out, grouping);
    }

    g_snprintf (fraction, sizeof fraction, "%04u", (guint) (size % OC_DECIMAL_UNITS));
    while (decimals > min_decimals && fraction[decimals - 1] == '0')
        decimals--;
    if (decimals > 0) {
        g_string_append (out, point);
        g_string_append_len (out, fraction, decimals);
    }

    return g_string_free (out, FALSE);
}

char *
oc_decimal_format (gint64 units, int min_decimals)
{
    const struct lconv *locale = localeconv ();
    const char *point = locale->decimal_point && *locale->decimal_point ? locale->decimal_point : ".";
    const char *grouping = locale->thousands_sep ? locale->thousands_sep : "";

    /* The plain C locale names no separator; people still read thousands in groups. */
    if (*grouping == '\0' && strcmp (point, ".") == 0)
        grouping = ",";

    return oc_decimal_to_text (units, min_decimals, grouping, point);
}

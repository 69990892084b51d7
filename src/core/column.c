/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells as people read them, and the words of the api in the user's language. */
#include "core/column.h"

#include <glib/gi18n-lib.h>

char *
oc_pay_format (const char *pay)
{
    g_auto(GStrv) parts = g_strsplit (pay, ",", -1);

    for (gsize i = 0; parts[i]; i++) {
        char *amount = strchr (parts[i], '=');
        char *shown;

        if (amount)
            *amount++ = '\0';
        shown = amount ? g_strconcat (oc_word (parts[i]), " ", amount, NULL) : g_strdup (oc_word (parts[i]));
        g_free (parts[i]);
        parts[i] = shown;
    }

    return g_strjoinv (" + ", parts);
}

char *
oc_sub_meter_format (gint64 code)
{
    static const char *const types[] = { NULL, "electricity", "cold-water", "gas", "hot-water", "heat" };
    gint64 type = code / 10, slot = code % 10;

    if (code == 0)
        return g_strdup ("");
    if (type < 1 || type >= (gint64) G_N_ELEMENTS (types) || slot < 1 || slot > 8)
        return g_strdup_printf ("%" G_GINT64_FORMAT, code);

    /* translators: a sub-meter by its code (%d) and its meter type (%s): "22 Cold water" */
    return g_strdup_printf (C_("sub-meter", "%d %s"), (int) code, oc_word (types[type]));
}

static const char *
detail_word (const char *key)
{
    static const struct {
        const char *key, *word;
    } words[] = {
        { "meter", NC_("detail", "the meter says") },
        { "card", NC_("detail", "the card says") },
        { "ledger", NC_("detail", "the ledger says") },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (g_str_equal (words[i].key, key))
            return g_dpgettext2 (GETTEXT_PACKAGE, "detail", words[i].word);

    return key;
}

char *
oc_detail_format (const char *detail)
{
    g_auto(GStrv) lines = g_strsplit (detail, "\n", -1);

    for (gsize i = 0; lines[i]; i++) {
        g_auto(GStrv) parts = g_strsplit (lines[i], "=", 2);
        char *words;

        if (g_strv_length (parts) != 2)
            continue;
        words = g_strdup_printf ("%s %s", detail_word (parts[0]), parts[1]);
        g_free (lines[i]);
        lines[i] = words;
    }

    return g_strjoinv (", ", lines);
}

/* @format as of g_date_time_format (); a text that is no time stays what it is. */
static char *
format_time (const char *text, const char *format)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (text, zone);
    g_autoptr(GDateTime) local = time ? g_date_time_to_local (time) : NULL;

    return local ? g_date_time_format (local, format) : g_strdup (text);
}

char *
oc_time_format (const char *timestamptz)
{
    g_return_val_if_fail (timestamptz != NULL, g_strdup (""));

    return format_time (timestamptz, "%Y-%m-%d %H:%M");
}

char *
oc_format_value (OcColumnKind kind, const char *text)
{
    OcMoney money;
    OcQuantity quantity;
    gint64 number;

    switch (kind) {
    case OC_COLUMN_MONEY:
        return oc_money_from_decimal (text, &money) ? oc_money_format (money) : g_strdup (text);
    case OC_COLUMN_QUANTITY:
        return oc_quantity_from_decimal (text, &quantity) ? oc_quantity_format (quantity) : g_strdup (text);
    case OC_COLUMN_TIME:
        return oc_time_format (text);
    case OC_COLUMN_DATE:
        return format_time (text, "%Y-%m-%d");
    case OC_COLUMN_STATE:
        return g_strdup (oc_word (text));
    case OC_COLUMN_SUB_METER:
        return g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &number, NULL) ? oc_sub_meter_format (number)
                                                                                 : g_strdup (text);
    case OC_COLUMN_TRUTH:
        return g_strdup (oc_word (*text == 't' ? "yes" : "no"));
    case OC_COLUMN_PAY:
        return oc_pay_format (text);
    case OC_COLUMN_DETAIL:
        return oc_detail_format (text);
    case OC_COLUMN_TEXT:
    case OC_COLUMN_INTEGER:
        break;
    }

    return g_strdup (text);
}

char *
oc_column_format (const OcColumn *column, OcRows *rows, guint row)
{
    return oc_format_value (column->kind, oc_rows_text (rows, row, column->field));
}

gboolean
oc_column_is_numeric (const OcColumn *column)
{
    return column->kind == OC_COLUMN_INTEGER || column->kind == OC_COLUMN_MONEY
        || column->kind == OC_COLUMN_QUANTITY;
}

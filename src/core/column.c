/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells as people read them, and the words of the api in the user's language. */
#include "core/column.h"

#include <glib/gi18n-lib.h>

/* Everything that the api says in words of its own and a person may meet. */
static const struct {
    const char *word;
    const char *text;
} words[] = {
    /* kinds of trades and of card jobs */
    { "open", NC_("word", "Account opened") },
    { "purchase", NC_("word", "Purchase") },
    { "replace-card", NC_("word", "Card replaced") },
    { "re-purchase", NC_("word", "Re-purchase") },
    { "replace-meter", NC_("word", "Meter replaced") },
    { "clear-card", NC_("word", "Card cleared") },
    { "close", NC_("word", "Account closed") },
    { "balance", NC_("word", "Balance") },
    /* states of trades, card jobs, customers, cards and meters */
    { "pending", NC_("word", "Unfinished") },
    { "effective", NC_("word", "Effective") },
    { "void", NC_("word", "Void") },
    { "done", NC_("word", "Done") },
    { "undone", NC_("word", "Undone") },
    { "conflict", NC_("word", "Conflict") },
    { "closed", NC_("word", "Closed") },
    { "current", NC_("word", "In use") },
    { "dead", NC_("word", "Replaced") },
    { "lost", NC_("word", "Reported lost") },
    { "cleared", NC_("word", "Cleared") },
    { "replaced", NC_("word", "Replaced") },
    { "blank", NC_("word", "Blank") },
    { "foreign", NC_("word", "Not of this system") },
    { "other-area", NC_("word", "Other area") },
    { "damaged", NC_("word", "Damaged") },
    { "unreadable", NC_("word", "Unreadable") },
    { "in-doubt", NC_("word", "In doubt") },
    { "ahead", NC_("word", "Ahead of the ledger") },
    { "valid", NC_("word", "Valid") },
    { "stale", NC_("word", "Written by two stations") },
    { "active", NC_("word", "Active") },
    { "locked", NC_("word", "Locked") },
    { "deleted", NC_("word", "Deleted") },
    { "settled", NC_("word", "Settled") },
    /* what a read-back says of a write */
    { "old", NC_("word", "Not written") },
    { "new", NC_("word", "Written") },
    { "torn", NC_("word", "Partly written") },
    { "used", NC_("word", "Used in the meter") },
    { "unseen", NC_("word", "Not seen") },
    /* means of payment, and where money goes */
    { "cash", NC_("word", "Cash") },
    { "bankcard", NC_("word", "Bank card") },
    { "wechat", NC_("word", "WeChat Pay") },
    { "alipay", NC_("word", "Alipay") },
    { "transfer", NC_("word", "Transfer") },
    { "item", NC_("word", "Price item") },
    { "presale", NC_("word", "Presale") },
    { "opening-fee", NC_("word", "Opening fee") },
    { "replacement-fee", NC_("word", "Replacement-card fee") },
    { "meter-change-fee", NC_("word", "Meter-change fee") },
    /* meter types */
    { "electricity", NC_("word", "Electricity") },
    { "cold-water", NC_("word", "Cold water") },
    { "hot-water", NC_("word", "Hot water") },
    { "gas", NC_("word", "Gas") },
    { "heat", NC_("word", "Heat") },
    /* card families and chips */
    { "24c", NC_("word", "24C series") },
    { "24c01", NC_("word", "24C01") },
    { "24c02", NC_("word", "24C02") },
    { "24c04", NC_("word", "24C04") },
    { "24c08", NC_("word", "24C08") },
    { "24c16", NC_("word", "24C16") },
    { "24c32", NC_("word", "24C32") },
    { "24c64", NC_("word", "24C64") },
    { "cpu", NC_("word", "CPU card") },
    /* what an error says is unknown */
    { "meter model", NC_("word", "meter model") },
    { "user type", NC_("word", "user type") },
    { "price", NC_("word", "price") },
    { "branch", NC_("word", "branch") },
    { "role", NC_("word", "role") },
    { "sex", NC_("word", "sex") },
    { "meter type", NC_("word", "meter type") },
    { "card layout", NC_("word", "card layout") },
    { "card family", NC_("word", "card family") },
    { "chip", NC_("word", "chip") },
    { "sampling step", NC_("word", "sampling step") },
    { "price item", NC_("word", "price item") },
    { "period", NC_("word", "period") },
    { "permission", NC_("word", "permission") },
    { "choice", NC_("word", "choice") },
    /* people */
    { "male", NC_("word", "Male") },
    { "female", NC_("word", "Female") },
};

const char *
oc_word (const char *word)
{
    g_return_val_if_fail (word != NULL, "");

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (g_str_equal (words[i].word, word))
            return g_dpgettext2 (GETTEXT_PACKAGE, "word", words[i].text);

    return word;
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

    /* translators: a sub-meter by the number of its place on the card (%d) and its meter type (%s): "2 Cold water" */
    return g_strdup_printf (C_("sub-meter", "%d %s"), (int) slot, oc_word (types[type]));
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

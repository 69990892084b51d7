/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of fields. Numbers are compared by what they are: "100" is no change of "100.00". */
#include "ui/field-value.h"

#include <string.h>

#include "core/column.h"
#include "core/decimal.h"
#include "core/error.h"

#define MAX_NUMBER "9999999999"
#define SHOWN_DECIMALS 4

G_DEFINE_ENUM_TYPE (OcFieldKind, oc_field_kind, G_DEFINE_ENUM_VALUE (OC_FIELD_TEXT, "text"),
    G_DEFINE_ENUM_VALUE (OC_FIELD_NUMBER, "number"), G_DEFINE_ENUM_VALUE (OC_FIELD_CHOICE, "choice"),
    G_DEFINE_ENUM_VALUE (OC_FIELD_CHECK, "check"), G_DEFINE_ENUM_VALUE (OC_FIELD_PASSWORD, "password"),
    G_DEFINE_ENUM_VALUE (OC_FIELD_TIME, "time"))

/* As the api would print it without zeros that say nothing; NULL: it is no number. */
static char *
plain_number (const char *typed, guint decimals)
{
    gint64 units;

    if (oc_decimal_parse_typed (typed, (int) decimals, &units) != OC_DECIMAL_OK)
        return NULL;
    return oc_decimal_to_text (units, 0, "", ".");
}

/* "2026-03-13 12:45" in local time as ISO 8601; NULL: it is no time. */
static char *
plain_time (const char *typed)
{
    g_autofree char *text = g_strdelimit (g_strdup (typed), " ", 'T');
    g_autofree char *iso = g_strconcat (text, strlen (text) == 10 ? "T00:00:00" : strlen (text) == 16 ? ":00" : "", NULL);
    g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (g_strdelimit (iso, "/", '-'), zone);

    return time != NULL ? g_date_time_format_iso8601 (time) : NULL;
}

char *
oc_field_value_of (const OcFieldRule *rule, const char *typed)
{
    char *plain = NULL;

    if (rule->kind == OC_FIELD_NUMBER)
        plain = plain_number (typed, rule->decimals);
    else if (rule->kind == OC_FIELD_TIME && *typed != '\0')
        plain = plain_time (typed);
    return plain != NULL ? plain : g_strdup (typed);
}

char *
oc_field_value_show (const OcFieldRule *rule, const char *value)
{
    char *plain = NULL;

    if (rule->kind == OC_FIELD_NUMBER)
        plain = plain_number (value, SHOWN_DECIMALS);
    else if (rule->kind == OC_FIELD_TIME && *value != '\0')
        plain = oc_time_format (value);
    return plain != NULL ? plain : g_strdup (value);
}

gboolean
oc_field_value_is_true (const char *value)
{
    return *value == 't' || *value == '1';
}

static GError *
number_error (const OcFieldRule *rule, const char *value)
{
    const char *most = rule->maximum != NULL ? rule->maximum : MAX_NUMBER;
    const char *least = rule->minimum != NULL ? rule->minimum : "0";
    g_autofree char *decimals = g_strdup_printf ("%u", rule->decimals);
    gint64 number, low, high;

    oc_decimal_parse_exact (least, &low);
    oc_decimal_parse_exact (most, &high);
    if (oc_decimal_parse_typed (value, (int) rule->decimals, &number) == OC_DECIMAL_OK && number >= low && number <= high)
        return NULL;
    return oc_error_new_code (rule->decimals == 0 ? "OC101" : "OC102", (const OcErrorParam[]){ { "min", least },
        { "max", most }, { "decimals", decimals }, { NULL, NULL } });
}

GError *
oc_field_value_check (const OcFieldRule *rule, const char *value)
{
    g_autofree char *time = NULL;

    if (*value == '\0')
        return rule->needed ? oc_error_new_code ("OC100", NULL) : NULL;
    if (rule->kind == OC_FIELD_NUMBER)
        return number_error (rule, value);
    if (rule->kind == OC_FIELD_TIME && (time = plain_time (value)) == NULL)
        return oc_error_new_code ("OC124", NULL);
    return NULL;
}

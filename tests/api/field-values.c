/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "field-values.h"

static guint64
power (guint64 base, guint n)
{
    guint64 power = 1;

    while (n-- > 0)
        power *= base;
    return power;
}

static guint64
any_number (GRand *rand, guint64 below)
{
    guint64 n = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);

    return n % below;
}

/* From 0 to @most. */
static guint64
number_of (guint round, guint64 most, GRand *rand)
{
    switch (round) {
    case 0:
        return 0;
    case 1:
        return 1;
    case 2:
        return most - 1;
    case 3:
        return most;
    default:
        return any_number (rand, most + 1);
    }
}

static char *
scaled (gboolean negative, guint64 n, guint decimals)
{
    guint64 scale = power (10, decimals);

    if (decimals == 0)
        return g_strdup_printf ("%s%" G_GUINT64_FORMAT, negative ? "-" : "", n);
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT, negative ? "-" : "", n / scale, (int) decimals, n % scale);
}

static char *
signed_value (const OcLayoutField *field, guint round, GRand *rand)
{
    gboolean negative = round == 0 || round == 1 || (round >= FIELD_EDGES && g_rand_boolean (rand));
    guint64 n = round == 0 ? (guint64) G_MAXINT32 + 1 : round == 1 ? 1 : number_of (round, G_MAXINT32, rand);

    return scaled (negative && n > 0, n, field->in_steps ? 1 : field->decimals);
}

static char *
digits_value (const OcLayoutField *field, guint round, GRand *rand)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < field->length * 2; i++)
        g_string_append_printf (text, "%u",
            round == 0 ? 0 : round == 1 ? (i + 1 == field->length * 2) : round < FIELD_EDGES ? 9 : (guint) any_number (rand, 10));
    return g_string_free (text, FALSE);
}

static char *
time_value (const OcLayoutField *field, guint round, GRand *rand)
{
    gboolean wide = field->length == 7;
    static const char *const short_edges[] = { "", "2000-01-01 00:00", "2024-02-29 12:00", "2099-12-31 23:59" };
    static const char *const long_edges[] = { "", "1900-01-01 00:00:00", "2024-02-29 12:00:59", "9999-12-31 23:59:59" };
    g_autofree char *text = NULL;

    if (round < FIELD_EDGES)
        return g_strdup (wide ? long_edges[round] : short_edges[round]);
    text = g_strdup_printf ("20%02u-%02u-%02u %02u:%02u", (guint) any_number (rand, 100), (guint) any_number (rand, 12) + 1,
        (guint) any_number (rand, 28) + 1, (guint) any_number (rand, 24), (guint) any_number (rand, 60));
    return wide ? g_strdup_printf ("%s:%02u", text, (guint) any_number (rand, 60)) : g_steal_pointer (&text);
}

static char *
minutes_value (guint round, GRand *rand)
{
    g_autoptr(GDateTime) start = g_date_time_new_utc (2020, 1, 1, 0, 0, 0);
    guint64 n = number_of (round, power (256, 3) - 1, rand);
    g_autoptr(GDateTime) time = g_date_time_add_minutes (start, (int) n);

    return n == 0 ? g_strdup ("") : g_date_time_format (time, "%Y-%m-%d %H:%M");
}

static char *
hex_value (const OcLayoutField *field, guint round, GRand *rand)
{
    static const guint8 edges[] = { 0x00, 0x01, 0x7F, 0xFF };
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < field->length; i++)
        g_string_append_printf (text, "%02X", round < FIELD_EDGES ? edges[round] : (guint) any_number (rand, 256));
    return g_string_free (text, FALSE);
}

static char *
value_of (const OcLayoutField *field, guint round, GRand *rand)
{
    switch (field->encoding) {
    case OC_ENC_U8:
    case OC_ENC_U16:
    case OC_ENC_U24:
    case OC_ENC_U32:
        return scaled (FALSE, number_of (round, power (256, field->length) - 1, rand), field->in_steps ? 1 : field->decimals);
    case OC_ENC_I32:
        return signed_value (field, round, rand);
    case OC_ENC_BCD:
        return scaled (FALSE, number_of (round, power (100, field->length) - 1, rand), field->decimals);
    case OC_ENC_DIGITS:
        return digits_value (field, round, rand);
    case OC_ENC_TIME:
        return time_value (field, round, rand);
    case OC_ENC_MINUTES:
        return minutes_value (round, rand);
    case OC_ENC_STEP:
        return g_strdup ("0.1");
    case OC_ENC_HEX:
        return hex_value (field, round, rand);
    default:
        return NULL;
    }
}

OcFields *
field_values (const OcLayoutArea *area, guint round, GRand *rand)
{
    OcFields *values = oc_fields_new (NULL);

    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        for (guint k = 1; k <= field->repeat; k++) {
            g_autofree char *name = field->repeat > 1 ? g_strdup_printf ("%s%u", field->name, k) : g_strdup (field->name);
            g_autofree char *value = value_of (field, round, rand);

            if (value != NULL)
                oc_fields_set (values, name, value);
        }
    }
    return values;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a meter writes back: every value that it has, under the names of the layouts' fields; which of them are on the card,
 * and in what form, is the layout's. */
#include <string.h>

#include "card/engine.h"
#include "sim/meter-private.h"

static const OcLayoutField *
field_of (const OcSimMeter *self, const char *name)
{
    return oc_layout_field (oc_layout_role (self->plan, OC_ROLE_RETURN), name);
}

/* The largest number that the field's bytes hold. */
static guint64
most_of (const OcLayoutField *field)
{
    guint64 most = 1;

    if (field->encoding == OC_ENC_I32)
        return G_MAXINT32;
    for (guint i = 0; i < field->length; i++)
        most *= field->encoding == OC_ENC_BCD ? 100 : 256;
    return most - 1;
}

static guint64
power_of_ten (guint n)
{
    guint64 power = 1;

    while (n-- > 0)
        power *= 10;
    return power;
}

/* @units of 1/10000, in the field's own decimals; what is left of them is dropped, or counts as one more (@up). A counter that
 * is full stays so. */
static void
set_amount (const OcSimMeter *self, OcFields *values, const char *name, gint64 units, gboolean up)
{
    const OcLayoutField *field = field_of (self, name);
    guint64 size = units < 0 ? 0 - (guint64) units : (guint64) units, scale, step;

    if (field == NULL)
        return;
    step = 10000 / power_of_ten (field->decimals);
    scale = power_of_ten (field->decimals);
    size = MIN ((size + (up ? step - 1 : 0)) / step, most_of (field));
    if (units < 0 && field->encoding != OC_ENC_I32)
        size = 0;
    {
        g_autofree char *text = field->decimals > 0
            ? g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT, units < 0 ? "-" : "", size / scale,
                (int) field->decimals, size % scale)
            : g_strdup_printf ("%s%" G_GUINT64_FORMAT, units < 0 ? "-" : "", size);

        oc_fields_set (values, name, text);
    }
}

static void
set_number (const OcSimMeter *self, OcFields *values, const char *name, guint64 number)
{
    set_amount (self, values, name, (gint64) number * 10000, FALSE);
}

/* As hexadecimal digits or as a number, whichever the field is. */
static void
set_code (const OcSimMeter *self, OcFields *values, const char *name, guint code)
{
    const OcLayoutField *field = field_of (self, name);
    g_autofree char *text = NULL;

    if (field == NULL)
        return;
    text = field->encoding == OC_ENC_HEX ? g_strdup_printf ("%0*X", (int) field->length * 2, code) : g_strdup_printf ("%u", code);
    oc_fields_set (values, name, text);
}

static void
set_now (const OcSimMeter *self, OcFields *values)
{
    const OcLayoutField *field = field_of (self, "return_time");
    g_autoptr(GDateTime) now = g_date_time_new_now_local ();
    g_autofree char *text = NULL;

    if (field == NULL)
        return;
    text = g_date_time_format (now, field->length == 7 ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M");
    oc_fields_set (values, "return_time", text);
    set_code (self, values, "weekday", (guint) g_date_time_get_day_of_week (now) % 7);
}

/* Bit 0 the valve is closed, bits 1 and 2 the alarm. */
static guint
status_of (const OcSimMeter *self)
{
    return (meter_valve_closed (self) ? 1u : 0u) | meter_alarm (self) << 1;
}

static void
set_counters (const OcSimMeter *self, OcFields *values)
{
    const MeterParameters *p = &self->in_force;

    set_number (self, values, "count", self->count);
    set_amount (self, values, "purchase", self->purchase, FALSE);
    set_amount (self, values, "remaining", self->remaining, self->remaining < 0);
    set_amount (self, values, "overdraft", MAX (-self->remaining, 0), TRUE);
    set_amount (self, values, "credited", self->credited, FALSE);
    set_amount (self, values, "used", self->used, FALSE);
    set_number (self, values, "pulses", (guint64) ((__int128) self->used * p->pulse_constant / 10000 / 10000));
    set_amount (self, values, "month_used", self->months[0], FALSE);
    set_number (self, values, "illegal_insertions", self->illegal_insertions);
    if (field_of (self, "month") != NULL)
        for (guint i = 0; i < MIN (METER_MONTHS, field_of (self, "month")->repeat); i++) {
            g_autofree char *name = g_strdup_printf ("month%u", i + 1);
            g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, MIN (self->months[i] / 10000, (gint64) most_of (field_of (self, "month"))));

            oc_fields_set (values, name, text);
        }
}

GBytes *
meter_make_return (const OcSimMeter *self, const MeterSheet *sheet)
{
    const OcLayoutArea *area = oc_layout_role (self->plan, OC_ROLE_RETURN);
    const MeterParameters *p = &self->in_force;
    g_autoptr(OcFields) values = oc_fields_new (NULL);
    g_autoptr(GError) error = NULL;
    GBytes *file;

    oc_fields_set (values, "meter", self->number);
    oc_fields_set (values, "customer", self->customer);
    if (field_of (self, "user_type") != NULL)
        oc_fields_set (values, "user_type", p->user_type);
    if (field_of (self, "billing") != NULL)
        oc_fields_set (values, "billing", p->billing);
    oc_fields_set (values, "ct", p->ct);
    oc_fields_set (values, "vt", p->vt);
    if (field_of (self, "sub_meter") != NULL && oc_fields_get (sheet->parameters, "sub_meter") != NULL)
        oc_fields_set (values, "sub_meter", oc_fields_get (sheet->parameters, "sub_meter"));
    set_code (self, values, "card_type", sheet->card_type);
    set_code (self, values, "meter_kind", self->type_code);
    set_code (self, values, "status", status_of (self));
    set_code (self, values, "key_number", 3);
    set_code (self, values, "key_version", 1);
    set_amount (self, values, "alarm_1", p->alarm_1, FALSE);
    set_amount (self, values, "alarm_2", p->alarm_2, FALSE);
    set_amount (self, values, "hoarding", p->hoarding, FALSE);
    set_amount (self, values, "overdraft_limit", p->overdraft_limit, FALSE);
    set_amount (self, values, "pulse_constant", p->pulse_constant, FALSE);
    set_counters (self, values);
    set_now (self, values);
    file = oc_engine_encode (area, values, 0, &error);
    g_assert_no_error (error);
    return file;
}

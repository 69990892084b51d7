/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a meter does with a card. Sources: cards.md 6, its table and the paragraphs below it. The order is that of real
 * firmware: check, credit (kept in the meter), parameters, return data; a card pulled in between is found again by its
 * count. */
#include "sim/meter.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sim/meter-private.h"

static gboolean
same_card (const OcSimMeter *self, const MeterSheet *sheet)
{
    return self->is_cpu ? strcmp (self->card, sheet->card) == 0 : self->issue == sheet->issue;
}

static gboolean
is_retired (const OcSimMeter *self, const MeterSheet *sheet)
{
    if (!self->is_cpu)
        return sheet->issue < self->issue;
    return g_ptr_array_find_with_equal_func (self->retired, sheet->card, g_str_equal, NULL);
}

/* Whether this card may speak to this meter at all. */
static OcMeterError
check_card (const OcSimMeter *self, const MeterSheet *sheet)
{
    if (sheet->card_type < 1 || sheet->card_type > 3)
        return OC_METER_CARD_TYPE;
    if (!self->opened)
        return sheet->card_type == 1 ? OC_METER_OK : OC_METER_NOT_OPENED;
    if (strcmp (self->customer, sheet->customer) != 0)
        return OC_METER_CUSTOMER;
    if (!same_card (self, sheet) && (sheet->card_type == 2 || is_retired (self, sheet)))
        return OC_METER_RETIRED;
    if (sheet->card_type == 1 && self->count > 1)
        return OC_METER_OPENED;
    return OC_METER_OK;
}

static void
bind_card (OcSimMeter *self, const MeterSheet *sheet)
{
    if (self->opened && self->is_cpu && !same_card (self, sheet))
        g_ptr_array_add (self->retired, g_strdup (self->card));
    self->opened = TRUE;
    g_strlcpy (self->customer, sheet->customer, sizeof self->customer);
    g_strlcpy (self->card, sheet->card, sizeof self->card);
    self->issue = sheet->issue;
}

void
meter_sheet_clear (MeterSheet *self)
{
    g_clear_pointer (&self->parameters, oc_fields_unref);
}

/* The table of cards.md 6 up to the return data: what the count leads to. @give_back: return data are written. */
static gboolean
settle_count (OcSimMeter *self, MeterLink *link, const MeterSheet *sheet, OcSimMeterReport *report, gboolean *give_back, GError **error)
{
    MeterParameters parameters = self->in_force;
    gboolean next = sheet->count == self->count + 1;

    *give_back = TRUE;
    if (sheet->count > self->count + 1)
        report->error = OC_METER_COUNT;
    else if (next && !sheet->return_empty)
        report->error = OC_METER_NOT_EMPTY;
    if (report->error != OC_METER_OK || sheet->count < self->count)
        return TRUE;

    if (sheet->return_empty || next) {
        report->error = self->is_cpu ? meter_cpu_parameters (self, link, sheet, &parameters) : meter_memory_parameters (sheet, &parameters);
        if (next && report->error == OC_METER_OK && parameters.hoarding > 0 && self->remaining + sheet->purchase > parameters.hoarding)
            report->error = OC_METER_HOARDING;
        if (report->error != OC_METER_OK) {
            *give_back = FALSE;
            return TRUE;
        }
        self->in_force = parameters;
        report->parameters = TRUE;
    }
    if (next) {
        self->remaining += sheet->purchase;
        self->credited += sheet->purchase;
        self->purchase = sheet->purchase;
        self->count = sheet->count;
        report->credited = TRUE;
        report->purchase = sheet->purchase;
    }
    bind_card (self, sheet);
    self->acknowledged = self->remaining > 0 && self->remaining <= self->in_force.alarm_2;
    return meter_save (self, error); /* from here on the purchase can't be credited again */
}

static gboolean
work (OcSimMeter *self, MeterLink *link, OcSimMeterReport *report, GError **error)
{
    g_auto(MeterSheet) sheet = { 0 };
    gboolean give_back;
    OcMeterError fault;

    report->error = self->is_cpu ? meter_cpu_read (self, link, &sheet) : meter_memory_read (self, link, &sheet);
    if (report->error == OC_METER_OK)
        report->error = check_card (self, &sheet);
    if (report->error != OC_METER_OK)
        return TRUE;
    if (!settle_count (self, link, &sheet, report, &give_back, error))
        return FALSE;
    if (!give_back)
        return TRUE;
    /* a memory record counts in steps, which a meter learns from its first card */
    fault = self->is_cpu ? meter_cpu_return (self, link, &sheet) : meter_memory_return (self, link, &sheet);
    report->returned = fault == OC_METER_OK;
    if (report->error == OC_METER_OK)
        report->error = fault;
    return TRUE;
}

gboolean
oc_sim_meter_insert (OcSimMeter *self, const char *card_path, const char *faults, OcSimMeterReport *report, GError **error)
{
    g_autoptr(OcSimFaults) parsed = oc_sim_faults_parse (faults, error);
    g_autoptr(OcSimCard) card = NULL;
    MeterLink link = { 0 };
    gboolean ok = TRUE;

    *report = (OcSimMeterReport){ 0 };
    if (parsed == NULL || !(card = oc_sim_card_open (card_path, error)))
        return FALSE;
    oc_sim_card_reset (card, OC_SIM_READER_ACS);
    link.card = card;
    link.faults = parsed;
    if (self->broken)
        report->error = OC_METER_CARD_FAULT;
    else
        ok = work (self, &link, report, error);
    if (ok && report->error != OC_METER_OK && !self->broken && !report->credited) {
        self->illegal_insertions = MIN (self->illegal_insertions + 1, 999999);
        ok = meter_save (self, error);
    }
    report->count = self->count;
    report->remaining = self->remaining;
    report->n_apdus = oc_sim_faults_count (parsed);
    return ok;
}

const char *
oc_sim_meter_error_text (OcMeterError error)
{
    switch (error) {
    case OC_METER_OK:
        return _("accepted");
    case OC_METER_CARD_TYPE:
        return _("not a card for this kind of meter");
    case OC_METER_MAC:
        return _("card and meter don't have the same keys, or the card was altered");
    case OC_METER_NUMBER:
        return _("the card is for another meter");
    case OC_METER_CUSTOMER:
        return _("the card is another customer's");
    case OC_METER_RETIRED:
        return _("the card was replaced by a newer one");
    case OC_METER_FORMAT:
        return _("the card holds no valid data");
    case OC_METER_OPENED:
        return _("an opening card, but the meter is already in use");
    case OC_METER_NOT_OPENED:
        return _("the meter needs an opening card first");
    case OC_METER_COUNT:
        return _("a purchase in between is missing");
    case OC_METER_NOT_EMPTY:
        return _("the card's return data were not cleared");
    case OC_METER_CARD_FAULT:
        return _("the card was taken out too early, or can't be read or written");
    case OC_METER_HOARDING:
        return _("remaining and purchase are above the hoarding limit");
    }
    g_assert_not_reached ();
}

char *
oc_sim_meter_report_text (const OcSimMeter *self, const OcSimMeterReport *report)
{
    g_autofree char *purchase = oc_quantity_format ((OcQuantity){ report->purchase });
    g_autofree char *remaining = oc_quantity_format ((OcQuantity){ report->remaining });

    if (self->broken)
        return g_strdup (_("The meter is broken: its display stays dark."));
    if (report->error != OC_METER_OK && report->credited)
        /* Translators: %1$s an amount, %2$d the number on the display, %3$s its meaning, %4$s an amount */
        return g_strdup_printf (_("Credited %1$s, then error %2$d: %3$s. Remaining %4$s."), purchase, report->error,
            oc_sim_meter_error_text (report->error), remaining);
    if (report->error != OC_METER_OK)
        /* Translators: %1$d the number on the display, %2$s its meaning, %3$s an amount */
        return g_strdup_printf (_("Error %1$d: %2$s. Remaining %3$s."), report->error, oc_sim_meter_error_text (report->error),
            remaining);
    if (report->credited)
        /* Translators: both are amounts in the meter's unit */
        return g_strdup_printf (_("Credited %1$s. Remaining %2$s."), purchase, remaining);
    /* Translators: %s is an amount in the meter's unit */
    return g_strdup_printf (_("Nothing new on the card; return data written. Remaining %s."), remaining);
}

gboolean
oc_sim_meter_is_opened (const OcSimMeter *self)
{
    return self->opened;
}

const char *
oc_sim_meter_number (const OcSimMeter *self)
{
    return self->number;
}

guint64
oc_sim_meter_count (const OcSimMeter *self)
{
    return self->count;
}

gint64
oc_sim_meter_remaining (const OcSimMeter *self)
{
    return self->remaining;
}

gint64
oc_sim_meter_credited (const OcSimMeter *self)
{
    return self->credited;
}

static void
set_amount (OcFields *fields, const char *name, gint64 units)
{
    g_autofree char *text = oc_quantity_to_decimal ((OcQuantity){ units });

    oc_fields_set (fields, name, text);
}

/* Where there is more than one: "limit_1", "rate_1_2", … */
static void
add_tiers (OcFields *fields, const MeterPrice *price)
{
    for (guint tier = 0; tier + 1 < METER_TIERS && price->limit[tier] > 0; tier++) {
        g_autofree char *limit = g_strdup_printf ("limit_%u", tier + 1);
        g_autofree char *rate = g_strdup_printf ("rate_1_%u", tier + 2);

        set_amount (fields, limit, price->limit[tier]);
        set_amount (fields, rate, meter_price_of (price, tier + 1));
    }
}

OcFields *
oc_sim_meter_describe (const OcSimMeter *self)
{
    OcFields *fields = oc_fields_new (NULL);
    g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT, self->count);
    g_autofree char *alarm = g_strdup_printf ("%u", meter_alarm (self));
    g_autofree char *illegal = g_strdup_printf ("%u", self->illegal_insertions);

    oc_fields_set (fields, "layout", self->layout);
    oc_fields_set (fields, "type", self->type);
    oc_fields_set (fields, "number", self->number);
    oc_fields_set (fields, "opened", self->opened ? "true" : "false");
    oc_fields_set (fields, "customer", self->customer);
    oc_fields_set (fields, "count", count);
    set_amount (fields, "remaining", self->remaining);
    set_amount (fields, "credited", self->credited);
    set_amount (fields, "used", self->used);
    set_amount (fields, "rate_1", meter_price_of (&self->in_force.prices[0], 0));
    set_amount (fields, "rate_2", meter_price_of (&self->in_force.prices[1], 0));
    add_tiers (fields, &self->in_force.prices[0]);
    oc_fields_set (fields, "switch_time", self->in_force.switch_time);
    set_amount (fields, "alarm_1", self->in_force.alarm_1);
    set_amount (fields, "alarm_2", self->in_force.alarm_2);
    set_amount (fields, "hoarding", self->in_force.hoarding);
    oc_fields_set (fields, "valve", meter_valve_closed (self) ? "closed" : "open");
    oc_fields_set (fields, "alarm", alarm);
    oc_fields_set (fields, "broken", self->broken ? "true" : "false");
    oc_fields_set (fields, "illegal_insertions", illegal);
    return fields;
}

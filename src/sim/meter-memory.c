/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a meter reads and writes a memory card. Sources: cards.md 3 (header, slots, copies, MAC, in force). Taken apart
 * by offsets, not by the layout engine: the meter is what the engine is tried against. */
#include <string.h>

#include "seal/bytes.h"
#include "seal/derive.h"
#include "seal/mac.h"
#include "sim/meter-private.h"

#define SALE 32u
#define SALE_MAC 4u
#define BACK 16u
#define BACK_MAC 3u

/* Where things lie on a chip. */
typedef struct {
    const OcSimChip *chip;
    guint header, first, stride, back_b, slots;
} Places;

static Places
places_of (const OcSimChip *chip)
{
    Places p = { .chip = chip, .header = 0, .first = 32, .stride = 96, .back_b = 80 };

    if (chip->size >= 4096) {
        p.first = p.stride = 128;
        p.back_b = 96;
    } else if (chip->page == 1) { /* SLE4442: 32 bytes of the factory come first */
        p.header = 32;
        p.first = 64;
    }
    p.slots = MIN (8, (chip->size - p.first) / p.stride);
    return p;
}

static gboolean
read_bytes (MeterLink *link, guint at, guint8 *out, gsize len)
{
    return meter_link_expect (link, (guint8[]){ 0xff, 0xb0, at >> 8, at & 0xff, (guint8) len }, 5, out, len);
}

/* Page by page, in ascending order: the MAC comes last. */
static gboolean
write_bytes (MeterLink *link, const OcSimChip *chip, guint at, const guint8 *data, gsize len)
{
    guint page = chip->page > 1 ? chip->page : BACK;

    while (len > 0) {
        gsize part = MIN (len, page - at % page);
        guint8 command[5 + 255] = { 0xff, 0xd0, at >> 8, at & 0xff, (guint8) part };

        memcpy (command + 5, data, part);
        if (!meter_link_expect (link, command, 5 + part, NULL, 0))
            return FALSE;
        at += (guint) part;
        data += part;
        len -= part;
    }
    return TRUE;
}

static gboolean
choose_card (OcSimMeter *self, MeterLink *link, const OcSimChip *chip)
{
    guint8 psc[8] = { 0xff, 0x20, 0x00, 0x00, 0x03 }, page = 0x03, out[256];
    gsize len;
    guint16 sw;

    while (chip->page > 1 && 1u << page < chip->page)
        page++;
    if (!meter_link_expect (link, (guint8[]){ 0xff, 0xa4, 0x00, 0x00, 0x01, chip->type }, 6, NULL, 0))
        return FALSE;
    if (chip->page > 1)
        return meter_link_expect (link, (guint8[]){ 0xff, 0x01, 0x00, 0x00, 0x01, page }, 6, NULL, 0);
    memcpy (psc + 5, self->keys.psc, 3);
    return meter_link_send (link, psc, sizeof psc, out, &len, &sw) && sw == 0x9007;
}

static void
record_mac (const MeterSheet *sheet, guint key, char kind, guint slot, guint copy, const guint8 meter[6], const guint8 *record, gsize len,
    guint8 mac[16])
{
    guint8 message[1 + 1 + 1 + 8 + 6 + SALE] = { (guint8) kind, (guint8) slot, (guint8) copy };

    memcpy (message + 3, sheet->card_id, 8);
    memcpy (message + 11, meter, 6);
    memcpy (message + 17, record, len);
    oc_seal_cmac (sheet->keys[key], message, 17 + len, mac);
}

/* @key (may be NULL): which version of the card's key fits. */
static gboolean
mac_is_right (const MeterSheet *sheet, char kind, guint slot, guint copy, const guint8 meter[6], const guint8 *record, gsize size,
    gsize mac_len, guint *key)
{
    guint8 mac[16];

    for (guint i = 0; i < sheet->n_keys; i++) {
        record_mac (sheet, i, kind, slot, copy, meter, record, size - mac_len, mac);
        if (key != NULL)
            *key = i;
        if (oc_equal_ct (mac, record + size - mac_len, mac_len))
            return TRUE;
    }
    return FALSE;
}

static OcMeterError
read_header (OcSimMeter *self, MeterLink *link, const Places *places, MeterSheet *sheet)
{
    static const guint8 nobody[6];
    guint8 header[32];

    if (!read_bytes (link, places->header, header, sizeof header))
        return OC_METER_CARD_FAULT;
    if (header[0] != 'O' || header[1] != 'C' || header[2] != 0x01)
        return OC_METER_FORMAT;
    memcpy (sheet->card_id, header + 8, 8);
    oc_derive_memory_key (self->keys.area, self->keys.area_len, header + 8, header + 16, sheet->keys[0]);
    oc_derive_memory_key (self->before.area, self->before.area_len, header + 8, header + 16, sheet->keys[1]);
    sheet->n_keys = self->has_before ? 2 : 1;
    if (!mac_is_right (sheet, 'H', 0, 0, nobody, header, sizeof header, 4, NULL))
        return OC_METER_MAC;
    sheet->issue = (guint) meter_number_be (header + 6, 2);
    meter_digits (header + 16, 6, sheet->customer);
    return OC_METER_OK;
}

/* Finds the slot that names this meter, and its record in force. */
static OcMeterError
find_slot (OcSimMeter *self, MeterLink *link, const Places *places, MeterSheet *sheet)
{
    OcMeterError seen = OC_METER_NUMBER;

    for (guint slot = 1; slot <= places->slots; slot++) {
        guint8 copies[2][SALE];
        gint64 best = -1;

        if (!read_bytes (link, places->first + (slot - 1) * places->stride, copies[0], sizeof copies))
            return OC_METER_CARD_FAULT;
        for (guint copy = 0; copy < 2; copy++) {
            const guint8 *r = copies[copy];
            gint64 rank = (gint64) meter_number_be (r, 2) * 16 + (r[3] >> 4);
            char number[METER_NUMBER + 1];
            guint key;

            meter_digits (r + 19, 6, number);
            if (strcmp (number, self->number) != 0)
                continue;
            if (!mac_is_right (sheet, 'V', slot, copy, r + 19, r, SALE, SALE_MAC, &key)) {
                seen = OC_METER_MAC;
                continue;
            }
            if (rank <= best)
                continue;
            best = rank;
            sheet->key = key;
            memcpy (sheet->sale, r, SALE);
        }
        if (best >= 0) {
            sheet->slot = slot;
            return OC_METER_OK;
        }
    }
    return seen;
}

typedef struct {
    guint in_force;  /* copy; 2: none is valid */
    guint64 count, minutes;
    guint64 highest; /* count of any valid copy */
} Back;

static gboolean
read_back (MeterLink *link, const Places *places, const MeterSheet *sheet, Back *back)
{
    *back = (Back){ .in_force = 2 };
    for (guint copy = 0; copy < 2; copy++) {
        guint at = places->first + (sheet->slot - 1) * places->stride + (copy == 0 ? 64 : places->back_b);
        guint8 r[BACK];
        guint64 count, minutes;

        if (!read_bytes (link, at, r, sizeof r))
            return FALSE;
        if (!mac_is_right (sheet, 'R', sheet->slot, copy, sheet->sale + 19, r, BACK, BACK_MAC, NULL))
            continue;
        count = meter_number_be (r, 2);
        minutes = meter_number_be (r + 10, 3);
        back->highest = MAX (back->highest, count);
        if (back->in_force < 2 && (count < back->count || (count == back->count && minutes <= back->minutes)))
            continue;
        back->in_force = copy;
        back->count = count;
        back->minutes = minutes;
    }
    return TRUE;
}

static gint64
step_of (guint8 code)
{
    static const gint64 steps[] = { 100, 1000, 10000, 100000 };

    return code < G_N_ELEMENTS (steps) ? steps[code] : 0;
}

OcMeterError
meter_memory_read (OcSimMeter *self, MeterLink *link, MeterSheet *sheet)
{
    OcMeterError error;
    Places places;
    gint64 step;
    Back back;

    if (oc_sim_card_memory (link->card) == NULL)
        return OC_METER_CARD_TYPE;
    places = places_of (oc_sim_memory_chip (oc_sim_card_memory (link->card)));
    if ((places.chip->page == 1) != g_str_equal (self->layout, "mem-4442"))
        return OC_METER_CARD_TYPE;
    if (!choose_card (self, link, places.chip))
        return OC_METER_CARD_FAULT;
    if ((error = read_header (self, link, &places, sheet)) != OC_METER_OK)
        return error;
    if ((error = find_slot (self, link, &places, sheet)) != OC_METER_OK)
        return error;
    step = step_of (sheet->sale[25]);
    if (step == 0 || (self->in_force.step != 0 && step != self->in_force.step))
        return OC_METER_FORMAT;
    if (!read_back (link, &places, sheet, &back))
        return OC_METER_CARD_FAULT;
    sheet->count = meter_number_be (sheet->sale, 2);
    sheet->card_type = sheet->sale[2];
    sheet->purchase = (gint64) meter_number_be (sheet->sale + 4, 4) * step;
    sheet->return_empty = back.in_force == 2 || back.highest < sheet->count;
    return OC_METER_OK;
}

OcMeterError
meter_memory_parameters (const MeterSheet *sheet, MeterParameters *parameters)
{
    parameters->step = step_of (sheet->sale[25]);
    parameters->alarm_1 = (gint64) meter_number_be (sheet->sale + 12, 2) * 10000;
    parameters->alarm_2 = (gint64) meter_number_be (sheet->sale + 14, 2) * 10000;
    parameters->hoarding = (gint64) meter_number_be (sheet->sale + 16, 3) * parameters->step;
    return OC_METER_OK;
}

/* Minutes since 2020-01-01 on the meter's clock, and later than the return data in force of the same count: the later
 * of two equal counts is in force. */
static guint64
minutes_now (const OcSimMeter *self, const Back *back)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local ();
    g_autoptr(GDateTime) start = g_date_time_new_local (2020, 1, 1, 0, 0, 0);
    gint64 seconds = g_date_time_difference (now, start) / G_TIME_SPAN_SECOND + g_date_time_get_utc_offset (now) / G_TIME_SPAN_SECOND
        - g_date_time_get_utc_offset (start) / G_TIME_SPAN_SECOND;
    guint64 minutes = (guint64) MAX (seconds, 0) / 60;

    if (back->in_force < 2 && back->count == self->count && minutes <= back->minutes)
        minutes = back->minutes + 1;
    return minutes;
}

static guint8
status_of (const OcSimMeter *self)
{
    guint alarm = meter_alarm (self);

    return (guint8) ((meter_valve_closed (self) ? 1 : 0) | (alarm >= 1 ? 2 : 0) | (alarm >= 2 ? 4 : 0) | (self->remaining < 0 ? 8 : 0));
}

/* Whole steps, rounded down: the meter never shows more than it has. */
static gint64
in_steps (gint64 amount, gint64 step)
{
    return amount >= 0 ? amount / step : -((-amount + step - 1) / step);
}

OcMeterError
meter_memory_return (OcSimMeter *self, MeterLink *link, const MeterSheet *sheet)
{
    Places places = places_of (oc_sim_memory_chip (oc_sim_card_memory (link->card)));
    gint64 step = step_of (sheet->sale[25]);
    guint8 r[BACK] = { 0 }, seen[BACK], mac[16];
    guint64 remaining, credited, minutes;
    guint copy, at;
    Back back;

    if (!read_back (link, &places, sheet, &back))
        return OC_METER_CARD_FAULT;
    copy = back.in_force == 0 ? 1 : 0;
    at = places.first + (sheet->slot - 1) * places.stride + (copy == 0 ? 64 : places.back_b);
    remaining = (guint64) in_steps (self->remaining, step);
    credited = (guint64) in_steps (self->credited, step);
    minutes = minutes_now (self, &back);
    for (guint i = 0; i < 2; i++)
        r[i] = (guint8) (self->count >> (8 - 8 * i));
    for (guint i = 0; i < 4; i++)
        r[2 + i] = (guint8) (remaining >> (24 - 8 * i));
    for (guint i = 0; i < 3; i++) {
        r[6 + i] = (guint8) (credited >> (16 - 8 * i));
        r[10 + i] = (guint8) (minutes >> (16 - 8 * i));
    }
    r[9] = status_of (self);
    record_mac (sheet, sheet->key, 'R', sheet->slot, copy, sheet->sale + 19, r, BACK - BACK_MAC, mac);
    memcpy (r + BACK - BACK_MAC, mac, BACK_MAC);
    if (!write_bytes (link, places.chip, at, r, sizeof r) || !read_bytes (link, at, seen, sizeof seen)
        || memcmp (r, seen, sizeof r) != 0)
        return OC_METER_CARD_FAULT;
    return OC_METER_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How an electricity meter reads and writes a CPU card. Sources: cards.md 2 (files, frames, session). The frames are
 * taken apart here by their offsets, not by the layout engine: the meter is what the engine is tried against. */
#include <string.h>

#include "seal/bytes.h"
#include "seal/derive.h"
#include "seal/mac.h"
#include "sim/meter-private.h"

#define FRAME 6 /* 68, command, length 2 … sum, 16 */
#define RETURN_SIZE 49

/* The frame's constants, length and sum. */
static gboolean
frame_is_right (const guint8 *frame, gsize size, guint8 command)
{
    guint8 sum = 0;

    for (gsize i = 1; i < size - 2; i++)
        sum += frame[i];
    return frame[0] == 0x68 && frame[1] == command && meter_number_be (frame + 2, 2) == size - FRAME && frame[size - 2] == sum
        && frame[size - 1] == 0x16;
}

static gboolean
select_directory (MeterLink *link, guint16 id, gboolean *there)
{
    guint8 out[256];
    gsize len;
    guint16 sw;

    if (!meter_link_send (link, (guint8[]){ 0x00, 0xa4, 0x00, 0x00, 0x02, id >> 8, id & 0xff }, 7, out, &len, &sw))
        return FALSE;
    *there = sw == 0x9000;
    return *there || sw == 0x6a82;
}

static gboolean
read_file (MeterLink *link, guint8 sfi, guint offset, guint8 *out, gsize len)
{
    return meter_link_expect (link, (guint8[]){ 0x00, 0xb0, 0x80 | sfi, (guint8) offset, (guint8) len }, 5, out, len);
}

/* DF01 for the first electricity meter of a card, DF1s for further ones: the one whose parameters name this meter. */
static OcMeterError
find_directory (OcSimMeter *self, MeterLink *link, MeterSheet *sheet)
{
    OcMeterError seen = OC_METER_FORMAT;

    for (guint slot = 1; slot <= 8; slot++) {
        guint16 id = slot == 1 ? 0xdf01 : (guint16) (0xdf10 + slot);
        char number[METER_NUMBER + 1];
        guint8 file[45];
        gboolean there;

        if (!select_directory (link, id, &there))
            return OC_METER_CARD_FAULT;
        if (!there)
            continue;
        if (!read_file (link, 1, 0, file, sizeof file))
            return OC_METER_CARD_FAULT;
        if (!frame_is_right (file, sizeof file, 0x01))
            continue;
        meter_digits (file + 30, 6, number);
        if (strcmp (number, self->number) != 0) {
            seen = OC_METER_NUMBER;
            continue;
        }
        sheet->directory = id;
        memcpy (sheet->parameters, file + 4, sizeof sheet->parameters);
        return OC_METER_OK;
    }
    return seen;
}

/* The card proves itself, then the meter: a wrong card costs no try. */
static OcMeterError
authenticate (OcSimMeter *self, MeterLink *link, const guint8 serial[8])
{
    guint8 command[13] = { 0x00, 0x88, 0x00, 0x01, 0x08 };
    guint8 key[16], expected[8], answer[8], challenge[8];
    guint8 out[256];
    gsize len;
    guint16 sw;

    oc_random (command + 5, 8);
    oc_derive_cpu_key (self->keys.internal, serial, key);
    oc_seal_3des_encrypt (key, command + 5, 8, expected);
    if (!meter_link_expect (link, command, sizeof command, answer, 8))
        return OC_METER_CARD_FAULT;
    if (!oc_equal_ct (answer, expected, 8))
        return OC_METER_MAC;

    if (!meter_link_expect (link, (guint8[]){ 0x00, 0x84, 0x00, 0x00, 0x08 }, 5, challenge, 8))
        return OC_METER_CARD_FAULT;
    oc_derive_cpu_key (self->keys.external, serial, key);
    command[1] = 0x82;
    command[3] = 0x02;
    oc_seal_3des_encrypt (key, challenge, 8, command + 5);
    oc_wipe (key, sizeof key);
    if (!meter_link_send (link, command, sizeof command, out, &len, &sw))
        return OC_METER_CARD_FAULT;
    if (sw == 0x9000)
        return OC_METER_OK;
    return (sw & 0xfff0) == 0x63c0 || sw == 0x6983 ? OC_METER_MAC : OC_METER_CARD_FAULT;
}

OcMeterError
meter_cpu_read (OcSimMeter *self, MeterLink *link, MeterSheet *sheet)
{
    guint8 serial[8], wallet[8], back[RETURN_SIZE];
    OcMeterError error;
    gboolean there;

    if (oc_sim_card_cpu (link->card) == NULL)
        return OC_METER_CARD_TYPE;
    if (!select_directory (link, 0x3f00, &there) || !there || !read_file (link, 0x19, 1, serial, 8))
        return OC_METER_CARD_FAULT;
    meter_digits (serial, 8, sheet->card);
    if ((error = find_directory (self, link, sheet)) != OC_METER_OK)
        return error;
    if ((error = authenticate (self, link, serial)) != OC_METER_OK)
        return error;
    if (!read_file (link, 2, 0, wallet, sizeof wallet) || !read_file (link, 5, 0, back, sizeof back))
        return OC_METER_CARD_FAULT;
    sheet->purchase = (gint64) meter_number_be (wallet, 4) * 100; /* fen */
    sheet->count = meter_number_be (wallet + 4, 4);
    sheet->card_type = sheet->parameters[38];
    meter_digits (sheet->parameters + 32, 6, sheet->customer);
    sheet->return_empty = back[0] != 0x68 && back[5] == 0 && back[6] == 0 && back[7] == 0;
    return OC_METER_OK;
}

/* The first of the 63 rates of a file that spans two commands. */
static OcMeterError
read_rate (MeterLink *link, guint8 sfi, gint64 *rate)
{
    guint8 file[258];
    guint64 value;

    if (!read_file (link, sfi, 0, file, 250) || !read_file (link, sfi, 250, file + 250, 8))
        return OC_METER_CARD_FAULT;
    if (!frame_is_right (file, sizeof file, 0x01) || !meter_bcd (file + 4, 4, &value))
        return OC_METER_FORMAT;
    *rate = (gint64) value; /* 1/10000 yuan */
    return OC_METER_OK;
}

OcMeterError
meter_cpu_parameters (MeterLink *link, const MeterSheet *sheet, MeterParameters *parameters)
{
    const guint8 *p = sheet->parameters;
    guint8 flags = p[1];
    guint64 alarm_1, alarm_2;
    OcMeterError error;

    if ((flags & 0x01) && (error = read_rate (link, 3, &parameters->rate_1)) != OC_METER_OK)
        return error;
    if (flags & 0x02) {
        if ((error = read_rate (link, 4, &parameters->rate_2)) != OC_METER_OK)
            return error;
        meter_digits (p + 6, 5, parameters->switch_time);
    }
    if (flags & 0x80) {
        if (!meter_bcd (p + 12, 4, &alarm_1) || !meter_bcd (p + 16, 4, &alarm_2))
            return OC_METER_FORMAT;
        parameters->alarm_1 = (gint64) alarm_1 * 100;
        parameters->alarm_2 = (gint64) alarm_2 * 100;
        meter_digits (p + 20, 3, parameters->ct);
        meter_digits (p + 23, 3, parameters->vt);
    }
    meter_digits (p, 1, parameters->user_type);
    return OC_METER_OK;
}

static void
put_digits (guint8 *out, gsize len, const char *digits)
{
    for (gsize i = 0; i < len; i++)
        out[i] = (guint8) (g_ascii_xdigit_value (digits[2 * i]) << 4 | g_ascii_xdigit_value (digits[2 * i + 1]));
}

static void
make_return (OcSimMeter *self, guint8 frame[RETURN_SIZE])
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local ();
    g_autofree char *time = g_date_time_format (now, "%y%m%d%H%M");
    gint64 fen = MAX (self->remaining, 0) / 100, overdraft = (MAX (-self->remaining, 0) + 99) / 100;
    guint8 sum = 0;

    memset (frame, 0, RETURN_SIZE);
    frame[0] = 0x68;
    frame[1] = 0x11;
    frame[3] = RETURN_SIZE - FRAME;
    put_digits (frame + 4, 1, self->user_type);
    put_digits (frame + 5, 3, self->ct);
    put_digits (frame + 8, 3, self->vt);
    put_digits (frame + 11, 6, self->number);
    put_digits (frame + 17, 6, self->customer);
    for (guint i = 0; i < 4; i++) {
        frame[23 + i] = (guint8) (fen >> (24 - 8 * i));
        frame[27 + i] = (guint8) (self->count >> (24 - 8 * i));
    }
    meter_put_bcd (frame + 31, 4, (guint64) overdraft);
    memcpy (frame + 35, (guint8[]){ 0x00, 0x00, 0x03, 0x01 }, 4); /* keys: state, update mode, number, version */
    meter_put_bcd (frame + 39, 3, self->illegal_insertions);
    put_digits (frame + 42, 5, time);
    for (guint i = 1; i < RETURN_SIZE - 2; i++)
        sum += frame[i];
    frame[RETURN_SIZE - 2] = sum;
    frame[RETURN_SIZE - 1] = 0x16;
}

OcMeterError
meter_cpu_return (OcSimMeter *self, MeterLink *link, const MeterSheet *sheet)
{
    guint8 command[5 + RETURN_SIZE + 4] = { 0x04, 0xd6, 0x85, 0x00, RETURN_SIZE + 4 };
    guint8 iv[8] = { 0 }, serial[8], key[16], out[256];
    gsize len;
    guint16 sw;

    make_return (self, command + 5);
    if (!meter_link_expect (link, (guint8[]){ 0x00, 0x84, 0x00, 0x00, 0x04 }, 5, iv, 4))
        return OC_METER_CARD_FAULT;
    put_digits (serial, 8, sheet->card);
    oc_derive_cpu_key (self->keys.mac, serial, key);
    oc_seal_retail_mac (key, iv, command, 5 + RETURN_SIZE, command + 5 + RETURN_SIZE);
    oc_wipe (key, sizeof key);
    if (!meter_link_send (link, command, sizeof command, out, &len, &sw))
        return OC_METER_CARD_FAULT;
    return sw == 0x9000 ? OC_METER_OK : OC_METER_CARD_FAULT;
}

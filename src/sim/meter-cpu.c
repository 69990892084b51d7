/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a meter reads and writes its directory of a CPU card, whatever its layout. Sources: cards.md 2 (session, write order) and
 * the layout's document: what the seller's SQL made of the same document is tried here against the C engine. */
#include <string.h>

#include "card/engine.h"
#include "core/quantity.h"
#include "seal/bytes.h"
#include "seal/derive.h"
#include "seal/mac.h"
#include "sim/meter-private.h"

#define PIECE 250 /* of a file, so that a second command's offset fits into a byte */

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
read_file (MeterLink *link, const OcLayoutArea *area, guint8 *out)
{
    for (guint at = 0; at < area->size; at += PIECE) {
        guint8 command[] = { 0x00, 0xb0, (guint8) (0x80 | area->sfi), (guint8) at, (guint8) MIN (PIECE, area->size - at) };

        if (!meter_link_expect (link, command, sizeof command, out + at, command[4]))
            return FALSE;
    }
    return TRUE;
}

/* NULL with what is wrong: the card is gone, or the file's constants, length or sum. @raw: its bytes, caller unrefs; may be NULL. */
static OcFields *
read_fields (MeterLink *link, const OcLayoutArea *area, GBytes **raw, OcMeterError *fault)
{
    g_autofree guint8 *data = g_malloc (area->size);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(OcFields) fields = NULL;
    OcAreaCheck check;

    *fault = OC_METER_CARD_FAULT;
    if (!read_file (link, area, data))
        return NULL;
    bytes = g_bytes_new (data, area->size);
    fields = oc_engine_decode (area, bytes, 0, &check);
    if (raw != NULL)
        *raw = g_bytes_ref (bytes);
    *fault = check.valid ? OC_METER_OK : OC_METER_FORMAT;
    return check.valid ? g_steal_pointer (&fields) : NULL;
}

static guint64
number_of (const OcFields *fields, const OcLayoutArea *area, const char *name)
{
    const OcLayoutField *field = oc_layout_field (area, name);
    const char *text = oc_fields_get (fields, name);

    return text != NULL ? g_ascii_strtoull (text, NULL, field->encoding == OC_ENC_HEX ? 16 : 10) : 0;
}

static gint64
amount_of (const OcFields *fields, const char *name)
{
    const char *text = oc_fields_get (fields, name);
    OcQuantity amount = { 0 };

    return text != NULL && oc_quantity_from_decimal (text, &amount) ? amount.units : 0;
}

/* DF0t for the first meter of a type, DFts for further ones: the one whose parameters name this meter. */
static OcMeterError
find_directory (OcSimMeter *self, MeterLink *link, MeterSheet *sheet)
{
    const OcLayoutArea *area = oc_layout_role (self->plan, OC_ROLE_PARAMETERS);
    OcMeterError seen = OC_METER_FORMAT;

    for (guint slot = 1; slot <= 8; slot++) {
        guint16 id = (guint16) (slot == 1 ? 0xdf00 + self->type_code : 0xdf00 + 16 * self->type_code + slot);
        g_autoptr(OcFields) fields = NULL;
        OcMeterError fault;
        gboolean there;

        if (!select_directory (link, id, &there))
            return OC_METER_CARD_FAULT;
        if (!there)
            continue;
        if (!(fields = read_fields (link, area, NULL, &fault))) {
            if (fault == OC_METER_CARD_FAULT)
                return fault;
            continue;
        }
        if (g_strcmp0 (oc_fields_get (fields, "meter"), self->number) != 0) {
            seen = OC_METER_NUMBER;
            continue;
        }
        sheet->directory = id;
        sheet->parameters = g_steal_pointer (&fields);
        return OC_METER_OK;
    }
    return seen;
}

/* The keys that this card is made with. */
static const OcSimKeys *
keys_of (const OcSimMeter *self, const MeterSheet *sheet)
{
    return sheet->key == 0 ? &self->keys : &self->before;
}

/* The card proves itself, then the meter: a wrong card costs no try. */
static OcMeterError
authenticate (OcSimMeter *self, MeterLink *link, const guint8 serial[8], MeterSheet *sheet)
{
    guint8 command[13] = { 0x00, 0x88, 0x00, 0x01, 0x08 };
    guint8 key[16], expected[8], answer[8], challenge[8];
    guint8 out[256];
    gsize len;
    guint16 sw;

    oc_random (command + 5, 8);
    if (!meter_link_expect (link, command, sizeof command, answer, 8))
        return OC_METER_CARD_FAULT;
    for (sheet->key = 0;; sheet->key++) {
        if (sheet->key > (guint) self->has_before)
            return OC_METER_MAC;
        oc_derive_cpu_key (keys_of (self, sheet)->internal, serial, key);
        oc_seal_3des_encrypt (key, command + 5, 8, expected);
        if (oc_equal_ct (answer, expected, 8))
            break;
    }

    if (!meter_link_expect (link, (guint8[]){ 0x00, 0x84, 0x00, 0x00, 0x08 }, 5, challenge, 8))
        return OC_METER_CARD_FAULT;
    oc_derive_cpu_key (keys_of (self, sheet)->external, serial, key);
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

/* A constant that is named must be gone, other fields zeros. */
static gboolean
is_empty (const OcLayoutArea *area, GBytes *raw)
{
    const guint8 *data = g_bytes_get_data (raw, NULL);

    for (guint i = 0; i < area->empty->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->empty, i);

        if (field->encoding == OC_ENC_CONST) {
            if (memcmp (data + field->at, g_bytes_get_data (field->constant, NULL), field->length) == 0)
                return FALSE;
            continue;
        }
        for (guint k = 0; k < field->length * field->repeat; k++)
            if (data[field->at + k] != 0)
                return FALSE;
    }
    return TRUE;
}

static OcMeterError
read_wallet (OcSimMeter *self, MeterLink *link, MeterSheet *sheet)
{
    const OcLayoutArea *area = oc_layout_role (self->plan, OC_ROLE_WALLET);
    OcMeterError fault;
    g_autoptr(OcFields) fields = read_fields (link, area, NULL, &fault);

    if (fields == NULL)
        return fault;
    sheet->purchase = amount_of (fields, "purchase");
    sheet->count = number_of (fields, area, "count");
    return OC_METER_OK;
}

OcMeterError
meter_cpu_read (OcSimMeter *self, MeterLink *link, MeterSheet *sheet)
{
    const OcLayoutArea *parameters = oc_layout_role (self->plan, OC_ROLE_PARAMETERS);
    const OcLayoutArea *back = oc_layout_role (self->plan, OC_ROLE_RETURN);
    const OcLayoutArea serial_file = { .sfi = 0x19, .size = 9 };
    g_autoptr(OcFields) returned = NULL;
    g_autoptr(GBytes) raw = NULL;
    guint8 serial[9];
    OcMeterError error;
    gboolean there;

    if (oc_sim_card_cpu (link->card) == NULL)
        return OC_METER_CARD_TYPE;
    if (!select_directory (link, 0x3f00, &there) || !there || !read_file (link, &serial_file, serial))
        return OC_METER_CARD_FAULT;
    meter_digits (serial + 1, 8, sheet->card);
    if ((error = find_directory (self, link, sheet)) != OC_METER_OK || (error = authenticate (self, link, serial + 1, sheet)) != OC_METER_OK
        || (error = read_wallet (self, link, sheet)) != OC_METER_OK)
        return error;
    returned = read_fields (link, back, &raw, &error);
    if (raw == NULL)
        return error;
    sheet->return_empty = is_empty (back, raw);
    sheet->card_type = (guint) number_of (sheet->parameters, parameters, "card_type");
    g_strlcpy (sheet->customer, oc_fields_get (sheet->parameters, "customer"), sizeof sheet->customer);
    return OC_METER_OK;
}

/* Parameters ------------------------------------------------------------------------------------------------------ */

/* "2026-03-13 12:45" as YYMMDDhhmm; all zeros for none. */
static void
take_time (char out[11], const char *text)
{
    guint n = 0;

    for (const char *c = *text != '\0' ? text + 2 : text; *c != '\0' && n < 10; c++)
        if (g_ascii_isdigit (*c))
            out[n++] = *c;
    while (n < 10)
        out[n++] = '0';
    out[10] = '\0';
}

/* "12" of "limit12"; 1 where there is none. */
static guint
index_of (const char *name, const char *base)
{
    guint64 n = g_ascii_strtoull (name + strlen (base), NULL, 10);

    return CLAMP (n, 1, METER_TIERS) - 1;
}

static void
take_price (MeterPrice *price, const char *name, const OcFields *fields)
{
    if (g_str_equal (name, "rate") || g_str_equal (name, "rate1"))
        price->rate = amount_of (fields, name);
    else if (g_str_has_prefix (name, "price"))
        price->price[index_of (name, "price")] = amount_of (fields, name);
    else if (g_str_has_prefix (name, "limit"))
        price->limit[index_of (name, "limit")] = amount_of (fields, name);
    else if (g_str_equal (name, "settlement_day") || g_str_equal (name, "settlement_day1"))
        g_strlcpy (price->settlement, oc_fields_get (fields, name), sizeof price->settlement);
}

static void
take_ratio (char out[7], const char *text)
{
    g_snprintf (out, 7, "%06" G_GUINT64_FORMAT, g_ascii_strtoull (text, NULL, 10) % 1000000);
}

/* One value of the vocabulary; prices of @set, those called next_… of the second. */
static void
take_value (MeterParameters *p, guint set, const char *name, const OcFields *fields)
{
    const struct {
        const char *name;
        gint64 *to;
    } amounts[] = { { "alarm_1", &p->alarm_1 }, { "alarm_2", &p->alarm_2 }, { "hoarding", &p->hoarding },
        { "overdraft_limit", &p->overdraft_limit }, { "pulse_constant", &p->pulse_constant } };
    const char *text = oc_fields_get (fields, name);
    gsize next = strlen ("next_");

    for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
        if (g_str_equal (amounts[i].name, name))
            *amounts[i].to = amount_of (fields, name);
    if (g_str_equal (name, "switch_time"))
        take_time (p->switch_time, text);
    else if (g_str_equal (name, "ct"))
        take_ratio (p->ct, text);
    else if (g_str_equal (name, "vt"))
        take_ratio (p->vt, text);
    else if (g_str_has_prefix (name, "next_")) {
        g_autoptr(OcFields) plain = oc_fields_new (NULL);

        oc_fields_set (plain, name + next, text);
        take_price (&p->prices[1], name + next, plain);
    } else {
        take_price (&p->prices[set == 2], name, fields);
    }
}

/* Whether the update flags say that this value is new. */
static gboolean
is_flagged (const OcLayout *layout, guint flags, const OcLayoutArea *area, const char *name)
{
    for (guint i = 0; i < layout->bits->len; i++) {
        const OcLayoutBit *bit = g_ptr_array_index (layout->bits, i);

        if (bit->area == area && (flags >> bit->bit & 1) != 0
            && (bit->field == NULL
                || (g_str_has_prefix (name, bit->field->name)
                    && strspn (name + strlen (bit->field->name), "0123456789") == strlen (name) - strlen (bit->field->name))))
            return TRUE;
    }
    return FALSE;
}

static gboolean
any_flagged (const OcLayout *layout, guint flags, const OcLayoutArea *area)
{
    for (guint i = 0; i < layout->bits->len; i++) {
        const OcLayoutBit *bit = g_ptr_array_index (layout->bits, i);

        if (bit->area == area && (flags >> bit->bit & 1) != 0)
            return TRUE;
    }
    return FALSE;
}

static void
take_area (const OcLayout *layout, guint flags, const OcLayoutArea *area, const OcFields *fields, MeterParameters *parameters)
{
    for (guint i = 0; i < oc_fields_count (fields); i++)
        if (is_flagged (layout, flags, area, oc_fields_name (fields, i)))
            take_value (parameters, area->price_set, oc_fields_name (fields, i), fields);
}

/* Only files that a flag says are new are read. A layout without flags means all, always. */
OcMeterError
meter_cpu_parameters (OcSimMeter *self, MeterLink *link, const MeterSheet *sheet, MeterParameters *parameters)
{
    const OcLayoutArea *own = oc_layout_role (self->plan, OC_ROLE_PARAMETERS);
    guint flags = (guint) number_of (sheet->parameters, own, "update_flags");

    for (guint i = 0; i < self->plan->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (self->plan->areas, i);
        g_autoptr(OcFields) fields = NULL;
        OcMeterError fault;

        if (area == own || !any_flagged (self->plan, flags, area))
            continue;
        if (!(fields = read_fields (link, area, NULL, &fault)))
            return fault;
        take_area (self->plan, flags, area, fields, parameters);
    }
    take_area (self->plan, flags, own, sheet->parameters, parameters);
    if (oc_layout_field (own, "user_type") != NULL)
        g_strlcpy (parameters->user_type, oc_fields_get (sheet->parameters, "user_type"), sizeof parameters->user_type);
    if (oc_layout_field (own, "billing") != NULL)
        g_strlcpy (parameters->billing, oc_fields_get (sheet->parameters, "billing"), sizeof parameters->billing);
    return OC_METER_OK;
}

/* Return data ------------------------------------------------------------------------------------------------------ */

#define WRITE_MAX 251

static OcMeterError
write_piece (OcSimMeter *self, MeterLink *link, guint8 sfi, guint at, const guint8 *data, gsize len, const MeterSheet *sheet)
{
    guint8 command[5 + WRITE_MAX + 4] = { 0x04, 0xd6, (guint8) (0x80 | sfi), (guint8) at, (guint8) (len + 4) };
    guint8 iv[8] = { 0 }, serial[8], key[16], out[256];
    gsize out_len;
    guint16 sw;

    memcpy (command + 5, data, len);
    if (!meter_link_expect (link, (guint8[]){ 0x00, 0x84, 0x00, 0x00, 0x04 }, 5, iv, 4))
        return OC_METER_CARD_FAULT;
    for (guint i = 0; i < 8; i++)
        serial[i] = (guint8) (g_ascii_xdigit_value (sheet->card[2 * i]) << 4 | g_ascii_xdigit_value (sheet->card[2 * i + 1]));
    oc_derive_cpu_key (keys_of (self, sheet)->mac, serial, key);
    oc_seal_retail_mac (key, iv, command, 5 + len, command + 5 + len);
    oc_wipe (key, sizeof key);
    if (!meter_link_send (link, command, 9 + len, out, &out_len, &sw))
        return OC_METER_CARD_FAULT;
    return sw == 0x9000 ? OC_METER_OK : OC_METER_CARD_FAULT;
}

OcMeterError
meter_cpu_return (OcSimMeter *self, MeterLink *link, const MeterSheet *sheet)
{
    const OcLayoutArea *area = oc_layout_role (self->plan, OC_ROLE_RETURN);
    g_autoptr(GBytes) file = NULL;
    const guint8 *data;

    meter_turn_period (self);
    file = meter_make_return (self, sheet);
    data = g_bytes_get_data (file, NULL);
    for (guint at = 0; at < area->size; at += WRITE_MAX) {
        OcMeterError fault = write_piece (self, link, (guint8) area->sfi, at, data + at, MIN (WRITE_MAX, area->size - at), sheet);

        if (fault != OC_METER_OK)
            return fault;
    }
    return OC_METER_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of one area <-> named values, by the layout. */
#include "card/engine.h"

#include <stdio.h>
#include <string.h>

#include "seal/bytes.h"

#define UNIT 10000 /* a sampling step is given in 1/10000 */

static const gint64 step_sizes[] = { UNIT / 100, UNIT / 10, UNIT, UNIT * 10 };

static guint64
get_number (const guint8 *data, guint length)
{
    guint64 n = 0;

    for (guint i = 0; i < length; i++)
        n = n << 8 | data[i];
    return n;
}

static void
put_number (guint8 *data, guint length, guint64 n)
{
    for (guint i = length; i-- > 0; n >>= 8)
        data[i] = (guint8) n;
}

static guint64
power (guint base, guint exponent)
{
    guint64 n = 1;

    while (exponent-- > 0)
        n *= base;
    return n;
}

static guint8
sum_of (const guint8 *data, guint from, guint to)
{
    guint8 sum = 0;

    for (guint i = from; i < to; i++)
        sum = (guint8) (sum + data[i]);
    return sum;
}

static gboolean
is_filled (const guint8 *data, gsize len, guint8 with)
{
    for (gsize i = 0; i < len; i++)
        if (data[i] != with)
            return FALSE;
    return TRUE;
}

/* The step that the record itself tells, where the caller knows none. */
static gint64
own_step (const OcLayoutArea *area, const guint8 *data, gsize size)
{
    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        if (field->encoding == OC_ENC_STEP && field->at < size && data[field->at] < G_N_ELEMENTS (step_sizes))
            return step_sizes[data[field->at]];
    }
    return 0;
}

static guint
step_decimals (gint64 step)
{
    guint decimals = 0;

    for (gint64 unit = UNIT; decimals < 4 && step % unit != 0; unit /= 10)
        decimals++;
    return decimals;
}

/* -1234 with two decimals: "-12.34". */
static char *
format_scaled (gint64 n, guint decimals)
{
    guint64 scale = power (10, decimals);
    guint64 size = n < 0 ? 0 - (guint64) n : (guint64) n;
    const char *sign = n < 0 ? "-" : "";

    if (decimals == 0)
        return g_strdup_printf ("%s%" G_GUINT64_FORMAT, sign, size);
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT, sign, size / scale, (int) decimals, size % scale);
}

/* The reverse: exact, or FALSE. Zeros beyond the decimals are passed over. */
static gboolean
parse_scaled (const char *text, guint decimals, gint64 *out)
{
    gboolean negative = *text == '-';
    gboolean any = FALSE;
    guint64 n = 0;
    guint seen = 0;
    gboolean point = FALSE;

    for (const char *c = text + negative; *c != '\0'; c++) {
        if (*c == '.' && !point) {
            point = TRUE;
            continue;
        }
        if (!g_ascii_isdigit (*c))
            return FALSE;
        any = TRUE;
        if (point && seen == decimals) {
            if (*c != '0')
                return FALSE;
            continue;
        }
        seen += point;
        if (n > (G_MAXINT64 - 9) / 10)
            return FALSE;
        n = n * 10 + (guint64) g_ascii_digit_value (*c);
    }
    for (; seen < decimals; seen++) {
        if (n > G_MAXINT64 / 10)
            return FALSE;
        n *= 10;
    }
    *out = negative ? -(gint64) n : (gint64) n;
    return any;
}

/* @n sampling steps as an exact decimal. */
static char *
format_steps (gint64 n, gint64 step)
{
    guint decimals = step_decimals (step);

    return format_scaled (n * step / (gint64) (UNIT / power (10, decimals)), decimals);
}

static gboolean
is_bcd (const guint8 *data, guint length)
{
    for (guint i = 0; i < length; i++)
        if (data[i] >> 4 > 9 || (data[i] & 15) > 9)
            return FALSE;
    return TRUE;
}

static gint64
bcd_number (const guint8 *data, guint length)
{
    gint64 n = 0;

    for (guint i = 0; i < length; i++)
        n = n * 100 + (data[i] >> 4) * 10 + (data[i] & 15);
    return n;
}

static char *
decode_binary (const OcLayoutField *field, const guint8 *data, gint64 step)
{
    gint64 n = (gint64) get_number (data, field->length);

    if (field->encoding == OC_ENC_I32)
        n = (gint32) (guint32) n;
    if (field->in_steps && step > 0)
        return format_steps (n, step);
    return format_scaled (n, field->decimals);
}

static char *
decode_minutes (const guint8 *data, guint length)
{
    g_autoptr(GDateTime) start = g_date_time_new_utc (2020, 1, 1, 0, 0, 0);
    guint64 n = get_number (data, length);
    g_autoptr(GDateTime) time = g_date_time_add_minutes (start, (gint) n);

    return n == 0 ? g_strdup ("") : g_date_time_format (time, "%Y-%m-%d %H:%M");
}

/* NULL: the bytes are none of this encoding. */
static char *
decode_value (const OcLayoutField *field, const guint8 *data, gint64 step)
{
    switch (field->encoding) {
    case OC_ENC_U8:
    case OC_ENC_U16:
    case OC_ENC_U24:
    case OC_ENC_U32:
    case OC_ENC_I32:
    case OC_ENC_LENGTH:
        return decode_binary (field, data, step);
    case OC_ENC_BCD:
        return is_bcd (data, field->length) ? format_scaled (bcd_number (data, field->length), field->decimals) : NULL;
    case OC_ENC_DIGITS:
        return is_bcd (data, field->length) ? oc_hex (data, field->length) : NULL;
    case OC_ENC_TIME:
        if (!is_bcd (data, field->length))
            return NULL;
        if (is_filled (data, field->length, 0))
            return g_strdup ("");
        if (field->length == 7)
            return g_strdup_printf ("%02x%02x-%02x-%02x %02x:%02x:%02x", data[0], data[1], data[2], data[3], data[4], data[5], data[6]);
        return g_strdup_printf ("20%02x-%02x-%02x %02x:%02x", data[0], data[1], data[2], data[3], data[4]);
    case OC_ENC_MINUTES:
        return decode_minutes (data, field->length);
    case OC_ENC_STEP:
        if (data[0] >= G_N_ELEMENTS (step_sizes))
            return NULL;
        return format_steps (1, step_sizes[data[0]]);
    case OC_ENC_HEX:
    case OC_ENC_CONST:
    case OC_ENC_SUM:
    case OC_ENC_MAC:
    case OC_ENC_RESERVED:
        return oc_hex (data, field->length);
    }
    return NULL;
}

/* What the frame promises of this field: constants, length and sum. */
static gboolean
holds (const OcLayoutArea *area, const OcLayoutField *field, const guint8 *data)
{
    const guint8 *bytes = data + field->at;

    switch (field->encoding) {
    case OC_ENC_CONST:
        return memcmp (bytes, g_bytes_get_data (field->constant, NULL), field->length) == 0;
    case OC_ENC_LENGTH:
        return get_number (bytes, field->length) == area->payload_size;
    case OC_ENC_SUM:
        return bytes[0] == sum_of (data, 1, area->payload_at + area->payload_size);
    default:
        return TRUE;
    }
}

OcFields *
oc_engine_decode (const OcLayoutArea *area, GBytes *data, gint64 step, OcAreaCheck *check)
{
    gsize size;
    const guint8 *bytes = g_bytes_get_data (data, &size);
    OcFields *fields = oc_fields_new (area->title);
    gboolean valid = size == area->size;

    if (step == 0)
        step = own_step (area, bytes, size);
    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        for (guint k = 0; k < field->repeat; k++) {
            guint at = field->at + k * field->length;
            g_autofree char *name = field->repeat > 1 ? g_strdup_printf ("%s%u", field->name, k + 1) : g_strdup (field->name);
            g_autofree char *value = NULL;
            g_autofree char *raw = NULL;

            if (at + field->length > size)
                break;
            value = decode_value (field, bytes + at, step);
            raw = oc_hex (bytes + at, field->length);
            valid = valid && value != NULL && holds (area, field, bytes);
            oc_fields_set_full (fields, name, field->label, value, raw, NULL);
        }
    }
    if (check != NULL) {
        check->valid = valid;
        check->blank = is_filled (bytes, size, 0xFF) || is_filled (bytes, size, 0);
    }
    return fields;
}

static gboolean
encode_binary (const OcLayoutField *field, const char *value, gint64 step, guint8 *out)
{
    gboolean is_signed = field->encoding == OC_ENC_I32;
    gint64 n;

    if (!parse_scaled (value, field->in_steps && step > 0 ? 4 : field->decimals, &n))
        return FALSE;
    if (field->in_steps && step > 0) {
        if (n % step != 0)
            return FALSE;
        n /= step;
    }
    if (n < (is_signed ? G_MININT32 : 0) || n > (is_signed ? G_MAXINT32 : (gint64) power (256, field->length) - 1))
        return FALSE;
    put_number (out, field->length, (guint64) n);
    return TRUE;
}

static gboolean
encode_bcd (const OcLayoutField *field, const char *value, guint8 *out)
{
    gint64 n;

    if (!parse_scaled (value, field->decimals, &n) || n < 0)
        return FALSE;
    for (guint i = field->length; i-- > 0; n /= 100)
        out[i] = (guint8) (n / 10 % 10 << 4 | n % 10);
    return n == 0;
}

static gboolean
encode_digits (const OcLayoutField *field, const char *value, guint8 *out)
{
    gsize n = strlen (value);

    if (n == 0 || n > field->length * 2 || strspn (value, "0123456789") != n)
        return FALSE;
    memset (out, 0, field->length);
    for (gsize i = 0; i < n; i++)
        out[field->length - 1 - i / 2] |= (guint8) ((value[n - 1 - i] - '0') << (i % 2 == 0 ? 0 : 4));
    return TRUE;
}

/* "2026-03-13 12:45", where the field has them also ":59", in UTC's clothes: a card's clock knows no zone. */
static GDateTime *
parse_time (const char *value, gboolean seconds)
{
    int year, month, day, hour, minute, second = 0, end = 0, more = 0;

    if (sscanf (value, "%4d-%2d-%2d %2d:%2d%n", &year, &month, &day, &hour, &minute, &end) != 5)
        return NULL;
    if (seconds && sscanf (value + end, ":%2d%n", &second, &more) == 1)
        end += more;
    return value[end] == '\0' ? g_date_time_new_utc (year, month, day, hour, minute, second) : NULL;
}

static gboolean
encode_time (const OcLayoutField *field, const char *value, guint8 *out)
{
    g_autoptr(GDateTime) time = parse_time (value, field->length == 7);
    g_autoptr(GDateTime) start = g_date_time_new_utc (2020, 1, 1, 0, 0, 0);
    gboolean century = field->length == 7;
    gint64 minutes;
    int parts[7];

    if (*value == '\0')
        return TRUE;
    if (time == NULL)
        return FALSE;
    if (field->encoding == OC_ENC_MINUTES) {
        minutes = g_date_time_difference (time, start) / G_TIME_SPAN_MINUTE;
        put_number (out, field->length, (guint64) minutes);
        return minutes >= 0 && minutes < (gint64) power (256, field->length);
    }
    parts[0] = g_date_time_get_year (time) / 100;
    parts[1] = g_date_time_get_year (time) % 100;
    parts[2] = g_date_time_get_month (time);
    parts[3] = g_date_time_get_day_of_month (time);
    parts[4] = g_date_time_get_hour (time);
    parts[5] = g_date_time_get_minute (time);
    parts[6] = (int) g_date_time_get_second (time);
    for (guint i = 0; i < field->length; i++)
        out[i] = (guint8) (parts[i + !century] / 10 << 4 | parts[i + !century] % 10);
    return century || parts[0] == 20;
}

static gboolean
encode_hex (const OcLayoutField *field, const char *value, guint8 *out)
{
    g_autoptr(GBytes) bytes = oc_unhex (value);

    if (bytes == NULL || g_bytes_get_size (bytes) != field->length)
        return FALSE;
    memcpy (out, g_bytes_get_data (bytes, NULL), field->length);
    return TRUE;
}

static gboolean
encode_step (const char *value, guint8 *out)
{
    gint64 n;

    if (!parse_scaled (value, 4, &n))
        return FALSE;
    for (guint8 i = 0; i < G_N_ELEMENTS (step_sizes); i++)
        if (step_sizes[i] == n) {
            *out = i;
            return TRUE;
        }
    return FALSE;
}

static gboolean
encode_value (const OcLayoutField *field, const char *value, gint64 step, guint8 *out)
{
    switch (field->encoding) {
    case OC_ENC_U8:
    case OC_ENC_U16:
    case OC_ENC_U24:
    case OC_ENC_U32:
    case OC_ENC_I32:
        return encode_binary (field, value, step, out);
    case OC_ENC_BCD:
        return encode_bcd (field, value, out);
    case OC_ENC_DIGITS:
        return encode_digits (field, value, out);
    case OC_ENC_TIME:
    case OC_ENC_MINUTES:
        return encode_time (field, value, out);
    case OC_ENC_STEP:
        return encode_step (value, out);
    case OC_ENC_HEX:
    case OC_ENC_RESERVED:
        return encode_hex (field, value, out);
    case OC_ENC_CONST:
    case OC_ENC_LENGTH:
    case OC_ENC_SUM:
    case OC_ENC_MAC:
        return TRUE; /* the frame's, not the caller's */
    }
    return FALSE;
}

/* Constants and length, then the sum over them and the payload. */
static void
put_frame (const OcLayoutArea *area, guint8 *bytes)
{
    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        if (field->encoding == OC_ENC_CONST)
            memcpy (bytes + field->at, g_bytes_get_data (field->constant, NULL), field->length);
        else if (field->encoding == OC_ENC_LENGTH)
            put_number (bytes + field->at, field->length, area->payload_size);
    }
    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        if (field->encoding == OC_ENC_SUM)
            bytes[field->at] = sum_of (bytes, 1, area->payload_at + area->payload_size);
    }
}

GBytes *
oc_engine_encode (const OcLayoutArea *area, const OcFields *values, gint64 step, GError **error)
{
    g_autofree guint8 *bytes = g_malloc0 (area->size);

    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        for (guint k = 0; k < field->repeat; k++) {
            g_autofree char *name = field->repeat > 1 ? g_strdup_printf ("%s%u", field->name, k + 1) : g_strdup (field->name);
            const char *value = oc_fields_get (values, name);

            if (value != NULL && !encode_value (field, value, step, bytes + field->at + k * field->length)) {
                g_set_error (error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID, "the value of %s does not fit its field of %s",
                    name, area->name);
                return NULL;
            }
        }
    }
    put_frame (area, bytes);
    return g_bytes_new_take (g_steal_pointer (&bytes), area->size);
}

GBytes *
oc_engine_mac_message (const OcLayoutArea *area, guint slot, guint copy, const guint8 card_id[8], const guint8 meter[6],
    GBytes *record)
{
    GByteArray *message = g_byte_array_new ();
    guint8 head[3] = { (guint8) area->kind, (guint8) slot, (guint8) copy };
    guint size = area->size;

    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        if (field->encoding == OC_ENC_MAC)
            size = field->at;
    }
    g_assert (g_bytes_get_size (record) >= size);
    g_byte_array_append (message, head, sizeof head);
    g_byte_array_append (message, card_id, 8);
    g_byte_array_append (message, meter, 6);
    g_byte_array_append (message, g_bytes_get_data (record, NULL), size);
    return g_byte_array_free_to_bytes (message);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every field of every layout over its range: what is encoded decodes to the same value, the bytes beside it stay, and the first
 * value beyond an end is refused. Fields of one byte are tried whole (with ONECARD_TEST_FULL=1 of two too), others at their ends and in
 * between. */
#include <string.h>

#include "card/engine.h"
#include "seal/bytes.h"

#define UNIT 10000

typedef struct {
    const OcLayout *layout;
    const OcLayoutArea *area;
    const OcLayoutField *field;
    char *name;  /* of the first element */
    gint64 step; /* 0 where the field counts none */
    guint n;     /* values tried */
} Case;

static GBytes *
encode (const Case *self, const char *value, GError **error)
{
    g_autoptr(OcFields) values = oc_fields_new (NULL);

    oc_fields_set (values, self->name, value);
    return oc_engine_encode (self->area, values, self->step, error);
}

static gboolean
is_computed (const OcLayoutField *field)
{
    return field->encoding == OC_ENC_SUM;
}

/* Nothing but the field and the sum over it differs from an area of zeros. */
static void
check_beside (const Case *self, GBytes *bytes)
{
    g_autoptr(OcFields) none = oc_fields_new (NULL);
    g_autoptr(GBytes) zero = oc_engine_encode (self->area, none, self->step, NULL);
    const guint8 *a = g_bytes_get_data (bytes, NULL), *b = g_bytes_get_data (zero, NULL);

    for (guint i = 0; i < self->area->fields->len; i++) {
        const OcLayoutField *other = g_ptr_array_index (self->area->fields, i);
        guint skip = other == self->field ? other->length : 0; /* of repeated ones only the first was set */

        if (!is_computed (other))
            g_assert_cmpmem (a + other->at + skip, other->length * other->repeat - skip, b + other->at + skip,
                other->length * other->repeat - skip);
    }
}

static void
comes_back (Case *self, const char *value)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = encode (self, value, &error);
    g_autoptr(OcFields) fields = NULL;
    OcAreaCheck check;

    g_assert_no_error (error);
    fields = oc_engine_decode (self->area, bytes, self->step, &check);
    g_assert_cmpstr (oc_fields_get (fields, self->name), ==, value);
    g_assert_true (check.valid);
    if (self->n++ % 97 == 0)
        check_beside (self, bytes);
}

static void
is_refused (const Case *self, const char *value)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = encode (self, value, &error);

    if (bytes != NULL)
        g_test_message ("%s.%s.%s took %s", self->layout->name, self->area->name, self->name, value);
    g_assert_null (bytes);
    g_assert_error (error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID);
}

/* @n units of the field, as the engine writes them: an exact decimal with as many places as unit and decimals have. */
static char *
decimal (const Case *self, gint64 n)
{
    guint places = self->field->decimals;
    guint64 size = (guint64) (n < 0 ? -n : n), scale = 1;

    if (self->step != 0) {
        gint64 unit = UNIT;

        for (places = 0; places < 4 && self->step % unit != 0; unit /= 10)
            places++;
        size = size * (guint64) self->step / (guint64) unit;
    }
    for (guint i = 0; i < places; i++)
        scale *= 10;
    return places == 0 ? g_strdup_printf ("%s%" G_GUINT64_FORMAT, n < 0 ? "-" : "", size)
                       : g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT, n < 0 ? "-" : "", size / scale, (int) places,
                             size % scale);
}

static void
try_numbers (Case *self, gint64 min, gint64 max)
{
    const gint64 whole = g_getenv ("ONECARD_TEST_FULL") != NULL ? 65535 : 255;
    gint64 stride = max - min <= whole ? 1 : (max - min) / 1009;
    g_autofree char *below = decimal (self, min - 1), *above = decimal (self, max + 1), *last = decimal (self, max);

    for (gint64 n = min; n <= max && n >= min; n += stride) {
        g_autofree char *value = decimal (self, n);

        comes_back (self, value);
    }
    comes_back (self, last);
    is_refused (self, above);
    if (min - 1 != 0)
        is_refused (self, below);
    is_refused (self, "");
    is_refused (self, "x");
}

static void
try_hex (Case *self)
{
    g_autofree guint8 *bytes = g_malloc0 (self->field->length);
    g_autofree char *longer = g_strnfill (self->field->length * 2 + 2, '0');

    for (guint at = 0; at < self->field->length; at++)
        for (guint value = 0; value < 256; value++) {
            g_autofree char *hex = NULL;

            bytes[at] = (guint8) value;
            hex = oc_hex (bytes, self->field->length);
            comes_back (self, hex);
        }
    is_refused (self, longer);
    is_refused (self, longer + 3);
}

static void
try_digits (Case *self)
{
    guint n = self->field->length * 2;
    g_autofree char *longer = NULL;

    for (guint at = 0; at < n; at++)
        for (char digit = '0'; digit <= '9'; digit++) {
            g_autofree char *value = g_strnfill (n, '0');

            value[at] = digit;
            comes_back (self, value);
        }
    longer = g_strnfill (n + 1, '1');
    is_refused (self, longer);
    longer[n] = '\0';
    longer[0] = 'A';
    is_refused (self, longer);
}

static void
try_times (Case *self, int first_year, int last_year)
{
    gboolean seconds = self->field->encoding == OC_ENC_TIME && self->field->length == 7;

    comes_back (self, "");
    for (int year = first_year; year <= last_year; year++)
        for (int month = 1; month <= 12; month++) {
            int days = g_date_get_days_in_month ((GDateMonth) month, (GDateYear) year);
            g_autofree char *begin = g_strdup_printf ("%d-%02d-01 00:00%s", year, month, seconds ? ":00" : "");
            g_autofree char *end = g_strdup_printf ("%d-%02d-%02d 23:59%s", year, month, days, seconds ? ":59" : "");
            g_autofree char *beyond = g_strdup_printf ("%d-%02d-%02d 12:00%s", year, month, days + 1, seconds ? ":00" : "");

            if (self->field->encoding != OC_ENC_MINUTES || year != first_year || month != 1) /* minute 0 is "no time" */
                comes_back (self, begin);
            comes_back (self, end);
            is_refused (self, beyond);
        }
}

static gint64
power (gint64 base, guint exponent)
{
    gint64 n = 1;

    while (exponent-- > 0)
        n *= base;
    return n;
}

static void
try_field (Case *self)
{
    static const char *const steps[] = { "0.01", "0.1", "1", "10" };
    guint length = self->field->length;

    switch (self->field->encoding) {
    case OC_ENC_U8:
    case OC_ENC_U16:
    case OC_ENC_U24:
    case OC_ENC_U32:
        try_numbers (self, 0, power (256, length) - 1);
        break;
    case OC_ENC_I32:
        try_numbers (self, G_MININT32, G_MAXINT32);
        break;
    case OC_ENC_BCD:
        try_numbers (self, 0, power (100, length) - 1);
        break;
    case OC_ENC_HEX:
        try_hex (self);
        break;
    case OC_ENC_DIGITS:
        try_digits (self);
        break;
    case OC_ENC_TIME:
        try_times (self, 2000, 2099);
        break;
    case OC_ENC_MINUTES:
        try_times (self, 2020, 2050);
        break;
    case OC_ENC_STEP:
        for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
            comes_back (self, steps[i]);
        is_refused (self, "0.2");
        break;
    default:
        break; /* the frame's and the MAC are not the caller's */
    }
}

static void
test_area (gconstpointer data)
{
    static const gint64 steps[] = { 100, 1000, 10000, 100000 };
    const Case *area = data;
    guint n = 0;

    for (guint i = 0; i < area->area->fields->len; i++) {
        Case one = { area->layout, area->area, g_ptr_array_index (area->area->fields, i), NULL, 0, 0 };
        g_autofree char *name = one.field->repeat > 1 ? g_strconcat (one.field->name, "1", NULL) : g_strdup (one.field->name);

        one.name = name;
        for (gsize s = 0; s < (one.field->in_steps ? G_N_ELEMENTS (steps) : 1); s++) {
            one.step = one.field->in_steps ? steps[s] : 0;
            try_field (&one);
        }
        n += one.n;
    }
    g_test_message ("%u values", n);
    g_assert_cmpuint (n, >, 0);
}

int
main (int argc, char **argv)
{
    const GPtrArray *layouts;

    g_test_init (&argc, &argv, NULL);
    layouts = oc_layouts ();
    for (guint i = 0; i < layouts->len; i++) {
        const OcLayout *layout = g_ptr_array_index (layouts, i);

        for (guint k = 0; k < layout->areas->len; k++) {
            const OcLayoutArea *area = g_ptr_array_index (layout->areas, k);
            g_autofree char *path = g_strdup_printf ("/fields/%s/%s", layout->name, area->name);
            Case *data = g_new0 (Case, 1);

            data->layout = layout;
            data->area = area;
            g_test_add_data_func_full (path, data, test_area, g_free);
        }
    }
    return g_test_run ();
}

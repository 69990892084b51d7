/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer: any bytes in any area of any layout. What decodes as valid encodes to the same bytes, but for MACs and times
 * that are no day. */
#include <string.h>

#include "card/engine.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static void
check_round_trip (const OcLayoutArea *area, GBytes *bytes, const OcFields *fields, gint64 step)
{
    g_autoptr(OcFields) values = oc_fields_new (NULL);
    g_autoptr(GBytes) again = NULL;
    const guint8 *was = g_bytes_get_data (bytes, NULL);

    for (guint i = 0; i < oc_fields_count (fields); i++)
        oc_fields_set (values, oc_fields_name (fields, i), oc_fields_value (fields, i));
    if ((again = oc_engine_encode (area, values, step, NULL)) == NULL)
        return; /* a clock may say the 45th of a month */
    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        if (field->encoding != OC_ENC_MAC
            && memcmp (was + field->at, (const guint8 *) g_bytes_get_data (again, NULL) + field->at, field->length * field->repeat) != 0)
            g_error ("%s of %s does not come back", field->name, area->name);
    }
}

/* An area with its frame put right, so that what lies behind it is tried too. */
static void
frame (const OcLayoutArea *area, guint8 *bytes)
{
    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        if (field->encoding == OC_ENC_CONST)
            memcpy (bytes + field->at, g_bytes_get_data (field->constant, NULL), field->length);
        for (guint k = 0; field->encoding == OC_ENC_LENGTH && k < field->length; k++)
            bytes[field->at + k] = (guint8) (area->payload_size >> 8 * (field->length - 1 - k));
    }
    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        if (field->encoding != OC_ENC_SUM)
            continue;
        bytes[field->at] = 0;
        for (guint at = 1; at < area->payload_at + area->payload_size; at++)
            bytes[field->at] = (guint8) (bytes[field->at] + bytes[at]);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
    static const gint64 steps[] = { 0, 100, 1000, 10000, 100000 };
    const GPtrArray *layouts = oc_layouts ();
    const OcLayout *layout;
    const OcLayoutArea *area;
    g_autoptr(OcFields) fields = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autofree guint8 *own = NULL;
    OcAreaCheck check;
    gint64 step;

    if (size < 4)
        return 0;
    layout = g_ptr_array_index (layouts, data[0] % layouts->len);
    area = g_ptr_array_index (layout->areas, data[1] % layout->areas->len);
    step = steps[data[2] % G_N_ELEMENTS (steps)];
    own = g_memdup2 (data + 4, size - 4);
    if ((data[3] & 1) != 0 && size - 4 >= area->size) {
        size = area->size + 4;
        frame (area, own);
    }
    bytes = g_bytes_new (own, size - 4);
    fields = oc_engine_decode (area, bytes, step, &check);
    if (check.valid && step != 0) /* 0: decoded by the step in the record, which encoding has to be told */
        check_round_trip (area, bytes, fields, step);
    if (area->kind != 0 && size - 4 >= area->size) {
        g_autoptr(GBytes) message = oc_engine_mac_message (area, 1, 0, data + 4, data + 4, bytes);

        g_assert (g_bytes_get_size (message) > 17);
    }
    return 0;
}

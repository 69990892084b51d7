/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer: any bytes as a layout document. It is refused with a line and a reason, or can be worked with. */
#include <string.h>

#include "card/engine.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

/* Zeros in every area: decoded, encoded, and placed on every chip. */
static void
work_with (const OcLayout *layout)
{
    for (guint i = 0; i < layout->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (layout->areas, i);
        g_autofree guint8 *zeros = g_malloc0 (area->size);
        g_autoptr(GBytes) bytes = g_bytes_new (zeros, area->size);
        g_autoptr(OcFields) fields = oc_engine_decode (area, bytes, 1000, NULL);
        g_autoptr(OcFields) none = oc_fields_new (NULL);
        g_autoptr(GBytes) encoded = oc_engine_encode (area, none, 1000, NULL);

        g_assert (encoded != NULL && g_bytes_get_size (encoded) == area->size);
        for (guint k = 0; area->kind != 0 && k < layout->chips->len; k++) {
            const OcLayoutChip *chip = g_ptr_array_index (layout->chips, k);
            guint slots = oc_layout_chip_slots (layout, chip);

            for (guint copy = 0; copy < area->n_copies && slots > 0; copy++)
                g_assert (oc_layout_offset (area, chip, slots, copy) + area->size <= chip->size);
        }
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
    g_autoptr(GBytes) json = g_bytes_new (data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcLayout) layout = oc_layout_parse (json, &error);

    g_assert ((layout != NULL) == (error == NULL));
    if (layout != NULL)
        work_with (layout);
    else
        g_assert (g_str_has_prefix (error->message, "line "));
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose bytes these are: a card that the ledger doesn't know is shown by the layout that fits best. */
#include <string.h>

#include "card/card.h"
#include "card/engine.h"

static gboolean
keeps_fixed (const OcLayoutArea *area, const OcFields *fields)
{
    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        if (field->fixed != NULL && g_strcmp0 (oc_fields_get (fields, field->name), field->fixed) != 0)
            return FALSE;
    }
    return TRUE;
}

/* Two points for a file whose constants, length and sum are right, one more for fixed values; a file without a frame says nothing. */
static guint
points_of (const OcLayoutArea *area, GBytes *bytes)
{
    g_autoptr(GBytes) mine = NULL;
    g_autoptr(OcFields) fields = NULL;
    OcAreaCheck check;

    if (bytes == NULL || g_bytes_get_size (bytes) < area->size || area->payload_size == 0)
        return 0;
    mine = g_bytes_new_from_bytes (bytes, 0, area->size);
    fields = oc_engine_decode (area, mine, 0, &check);
    if (!check.valid || check.blank)
        return 0;
    return keeps_fixed (area, fields) ? 3 : 2;
}

const OcLayout *
oc_card_layout_of (const OcImage *image, const char *area)
{
    g_autofree char *directory = g_strndup (area, strcspn (area, "/"));
    g_autoptr(GPtrArray) layouts = NULL;
    const OcLayout *best = NULL;
    guint most = 0;

    if (!g_str_equal (oc_image_family (image), "cpu"))
        return oc_layout_for_family (oc_image_family (image), NULL);
    layouts = oc_layouts_of_directory (directory, NULL);
    for (guint i = 0; i < layouts->len; i++) {
        const OcLayout *layout = g_ptr_array_index (layouts, i);
        guint points = 0;

        for (guint k = 0; k < layout->areas->len; k++) {
            const OcLayoutArea *file = g_ptr_array_index (layout->areas, k);
            g_autofree char *name = g_strdup_printf ("%s/%02X", directory, file->sfi);

            points += points_of (file, oc_image_get (image, name));
        }
        if (best == NULL || points > most) {
            best = layout;
            most = points;
        }
    }
    return best;
}

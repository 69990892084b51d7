/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layouts that came with the program, and finding one's way in a layout. */
#include "card/layout.h"

#include <gio/gio.h>
#include <string.h>

#define FOLDER "/onecard/cards/"

static gpointer
load_all (gpointer unused)
{
    GPtrArray *all = g_ptr_array_new ();
    g_auto(GStrv) names = g_resources_enumerate_children (FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_strconcat (FOLDER, names[i], NULL);
        g_autoptr(GBytes) json = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        g_autoptr(GError) error = NULL;
        OcLayout *layout = oc_layout_parse (json, &error);

        if (layout == NULL)
            g_error ("%s: %s", names[i], error->message);
        g_ptr_array_add (all, layout);
    }
    return all;
}

const GPtrArray *
oc_layouts (void)
{
    static GOnce once = G_ONCE_INIT;

    return g_once (&once, load_all, NULL);
}

const OcLayout *
oc_layout_find (const char *name)
{
    const GPtrArray *all = oc_layouts ();

    for (guint i = 0; i < all->len; i++) {
        const OcLayout *layout = g_ptr_array_index (all, i);

        if (g_str_equal (layout->name, name))
            return layout;
    }
    return NULL;
}

const OcLayout *
oc_layout_for_family (const char *family, const char *meter_type)
{
    const GPtrArray *all = oc_layouts ();

    for (guint i = 0; i < all->len; i++) {
        const OcLayout *layout = g_ptr_array_index (all, i);

        if (g_str_equal (layout->family, family)
            && (meter_type == NULL || layout->meter_type == NULL || g_str_equal (layout->meter_type, meter_type)))
            return layout;
    }
    return NULL;
}

const OcLayoutArea *
oc_layout_area (const OcLayout *self, const char *name)
{
    for (guint i = 0; i < self->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (self->areas, i);

        if (g_str_equal (area->name, name))
            return area;
    }
    return NULL;
}

const OcLayoutArea *
oc_layout_area_of (const OcLayout *self, const char *image_area)
{
    const char *slash = strchr (image_area, '/');
    guint64 sfi = slash != NULL ? g_ascii_strtoull (slash + 1, NULL, 16) : 0;
    char kind = slash != NULL ? 0 : g_ascii_toupper (*image_area);

    for (guint i = 0; i < self->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (self->areas, i);

        if (slash != NULL ? area->sfi != 0 && area->sfi == sfi : area->kind != 0 && area->kind == kind)
            return area;
    }
    return NULL;
}

const OcLayoutChip *
oc_layout_chip (const OcLayout *self, const char *chip)
{
    for (guint i = 0; i < self->chips->len; i++) {
        const OcLayoutChip *found = g_ptr_array_index (self->chips, i);

        if (g_str_equal (found->name, chip))
            return found;
    }
    return NULL;
}

guint
oc_layout_chip_slots (const OcLayout *self, const OcLayoutChip *chip)
{
    return MIN (8, (chip->size - chip->first) / chip->stride);
}

guint
oc_layout_offset (const OcLayoutArea *area, const OcLayoutChip *chip, guint slot, guint copy)
{
    const guint *copies = area->copies;

    if (area->kind == 'H')
        return area->copies[0];
    /* The wider places where the slots have room for them: then no two copies share a page. */
    if (area->wide_copies[area->n_copies - 1] + area->size <= chip->stride)
        copies = area->wide_copies;
    return chip->first + (slot - 1) * chip->stride + copies[copy];
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/holding.h"

#include "card/card.h"
#include "card/engine.h"

static void
holding_free (gpointer data)
{
    OcSimHolding *self = data;

    g_free (self->meter);
    g_free (self->customer);
    g_free (self);
}

static void
add_file (guint16 directory, guint8 sfi, const guint8 *data, gsize size, gpointer image)
{
    g_autofree char *name = g_strdup_printf ("%04X/%02X", directory, sfi);

    oc_image_set (image, name, data, size);
}

OcImage *
oc_sim_cpu_image (OcSimCpu *cpu)
{
    OcImage *image = oc_image_new ("cpu", "cpu");

    oc_sim_cpu_foreach_file (cpu, add_file, image);
    return image;
}

static void
add_holding (GPtrArray *holdings, const OcImage *image, const char *name, GBytes *bytes)
{
    const OcLayout *layout = oc_card_layout_of (image, name);
    const OcLayoutArea *area = layout != NULL ? oc_layout_area_of (layout, name) : NULL;
    g_autoptr(GBytes) mine = NULL;
    g_autoptr(OcFields) fields = NULL;
    OcSimHolding *holding;
    OcAreaCheck check;

    if (area == NULL || area->role != OC_ROLE_PARAMETERS || g_bytes_get_size (bytes) < area->size)
        return;
    mine = g_bytes_new_from_bytes (bytes, 0, area->size);
    fields = oc_engine_decode (area, mine, 0, &check);
    if (!check.valid || check.blank)
        return;
    holding = g_new0 (OcSimHolding, 1);
    holding->layout = layout;
    holding->type = oc_layout_directory_type (name);
    holding->meter = g_strdup (oc_fields_get (fields, "meter"));
    holding->customer = g_strdup (oc_fields_get (fields, "customer"));
    g_ptr_array_add (holdings, holding);
}

GPtrArray *
oc_sim_cpu_holdings (OcSimCpu *cpu)
{
    GPtrArray *holdings = g_ptr_array_new_with_free_func (holding_free);
    g_autoptr(OcImage) image = oc_sim_cpu_image (cpu);

    for (guint i = 0; i < oc_image_count (image); i++)
        add_holding (holdings, image, oc_image_area (image, i), oc_image_bytes (image, i));
    return holdings;
}

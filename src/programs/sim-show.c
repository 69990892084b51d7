/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/sim-show.h"

#include "card/card.h"
#include "card/engine.h"
#include "core/quantity.h"
#include "seal/bytes.h"
#include "sim/holding.h"

typedef struct {
    JsonBuilder *builder;
    const OcLayout *layout;
    gint64 step; /* of the slot that is shown, 1/10000; 0: not known */
} Show;

static void
add_text (JsonBuilder *builder, const char *member, const char *text)
{
    json_builder_set_member_name (builder, member);
    json_builder_add_string_value (builder, text);
}

static void
add_hex (JsonBuilder *builder, const char *member, const guint8 *data, gsize size)
{
    g_autofree char *hex = oc_hex (data, size);

    add_text (builder, member, hex);
}

static gboolean
is_blank (const guint8 *data, gsize size)
{
    gboolean zero = TRUE, ff = TRUE;

    for (gsize i = 0; i < size; i++) {
        zero &= data[i] == 0x00;
        ff &= data[i] == 0xff;
    }
    return zero || ff;
}

/* @area NULL: no layout knows this file. */
static void
add_area (Show *self, const char *name, const OcLayoutArea *area, const guint8 *data, gsize size)
{
    JsonBuilder *b = self->builder;

    if (is_blank (data, size))
        return;
    json_builder_set_member_name (b, name);
    json_builder_begin_object (b);
    add_hex (b, "hex", data, size);
    if (area != NULL && area->size <= size) { /* a file may be longer than its layout says */
        g_autoptr(GBytes) bytes = g_bytes_new (data, area->size);
        OcAreaCheck check;
        g_autoptr(OcFields) fields = oc_engine_decode (area, bytes, self->step, &check);

        json_builder_set_member_name (b, "valid");
        json_builder_add_boolean_value (b, check.valid);
        json_builder_set_member_name (b, "fields");
        json_builder_begin_object (b);
        for (guint i = 0; i < oc_fields_count (fields); i++)
            add_text (b, oc_fields_name (fields, i), oc_fields_value (fields, i));
        json_builder_end_object (b);
    }
    json_builder_end_object (b);
}

static void
add_files (Show *self, OcSimCpu *cpu)
{
    g_autoptr(OcImage) image = oc_sim_cpu_image (cpu);

    for (guint i = 0; i < oc_image_count (image); i++) {
        const char *name = oc_image_area (image, i);
        const OcLayout *layout = oc_card_layout_of (image, name);
        gsize size;
        const guint8 *data = g_bytes_get_data (oc_image_bytes (image, i), &size);

        add_area (self, name, layout != NULL ? oc_layout_area_of (layout, name) : NULL, data, size);
    }
}

/* The sampling step that a slot's sale record tells; return data have none of their own. */
static gint64
step_of_slot (const OcLayout *layout, const guint8 *slot)
{
    const OcLayoutArea *sale = oc_layout_area (layout, "sale");

    for (guint copy = 0; sale != NULL && copy < sale->n_copies; copy++) {
        const guint8 *record = slot + sale->copies[copy];
        g_autoptr(GBytes) bytes = g_bytes_new (record, sale->size);
        g_autoptr(OcFields) fields = is_blank (record, sale->size) ? NULL : oc_engine_decode (sale, bytes, 0, NULL);
        const char *text = fields != NULL ? oc_fields_get (fields, "step") : NULL;
        OcQuantity step;

        if (text != NULL && oc_quantity_from_decimal (text, &step))
            return step.units;
    }
    return 0;
}

static void
add_records (Show *self, OcSimMemory *memory)
{
    const OcSimChip *sim_chip = oc_sim_memory_chip (memory);
    const OcLayoutChip *chip = self->layout != NULL ? oc_layout_chip (self->layout, sim_chip->name) : NULL;
    const guint8 *bytes = oc_sim_memory_bytes (memory);
    guint slots;

    if (chip == NULL) {
        add_area (self, "memory", NULL, bytes, sim_chip->size);
        return;
    }
    slots = oc_layout_chip_slots (self->layout, chip);
    for (guint i = 0; i < self->layout->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (self->layout->areas, i);

        if (area->kind == 'H')
            add_area (self, "header", area, bytes + area->copies[0], area->size);
        for (guint slot = 1; area->kind != 'H' && slot <= slots; slot++) {
            self->step = step_of_slot (self->layout, bytes + chip->first + (slot - 1) * chip->stride);
            for (guint copy = 0; copy < area->n_copies; copy++) {
                g_autofree char *name = g_strdup_printf ("%c%u%c", area->kind, slot, 'A' + copy);

                add_area (self, name, area, bytes + oc_layout_offset (area, chip, slot, copy), area->size);
            }
        }
    }
}

static void
add_tries (JsonBuilder *b, OcSimCpu *cpu, OcSimMemory *memory)
{
    json_builder_set_member_name (b, "tries");
    json_builder_begin_object (b);
    for (guint id = 0xdf00; cpu != NULL && id <= 0xdfff; id++) {
        for (guint8 kid = 2; kid <= 3; kid++) {
            g_autofree char *name = g_strdup_printf ("%04X/%u", id, kid);
            int tries = oc_sim_cpu_tries (cpu, (guint16) id, kid);

            if (tries < 0 || tries >= OC_SIM_TRIES)
                continue; /* only what was spent */
            json_builder_set_member_name (b, name);
            json_builder_add_int_value (b, tries);
        }
    }
    if (memory != NULL && oc_sim_memory_tries (memory) >= 0) {
        json_builder_set_member_name (b, "psc");
        json_builder_add_int_value (b, oc_sim_memory_tries (memory));
    }
    json_builder_end_object (b);
}

JsonNode *
oc_sim_card_describe (OcSimCard *card)
{
    g_autoptr(JsonBuilder) b = json_builder_new ();
    OcSimMemory *memory = oc_sim_card_memory (card);
    OcSimCpu *cpu = oc_sim_card_cpu (card);
    gsize atr_len;
    const guint8 *atr = oc_sim_card_atr (card, &atr_len);
    Show self = { .builder = b };

    json_builder_begin_object (b);
    add_text (b, "family", oc_sim_card_family (card));
    if (cpu != NULL)
        add_hex (b, "serial", oc_sim_cpu_serial (cpu), 8);
    add_hex (b, "atr", atr, atr_len);
    add_tries (b, cpu, memory);
    json_builder_set_member_name (b, "areas");
    json_builder_begin_object (b);
    if (cpu != NULL) {
        add_files (&self, cpu);
    } else {
        self.layout = oc_layout_for_family (g_str_has_prefix (oc_sim_card_family (card), "24c") ? "24c" : "4442", NULL);
        add_records (&self, memory);
    }
    json_builder_end_object (b);
    json_builder_end_object (b);
    return json_builder_get_root (b);
}

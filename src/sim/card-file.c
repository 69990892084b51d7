/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/card-file.h"

#include <glib/gi18n-lib.h>

#include "seal/bytes.h"
#include "sim/locked-file.h"

G_DEFINE_QUARK (oc-sim-error-quark, oc_sim_error)

struct _OcSimCard {
    OcSimFile *file;
    OcSimCpu *cpu;
    OcSimMemory *memory;
    gboolean kept;
};

static JsonBuilder *
begin_content (const char *family)
{
    JsonBuilder *builder = json_builder_new ();

    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "onecard-sim");
    json_builder_add_string_value (builder, "card");
    json_builder_set_member_name (builder, "version");
    json_builder_add_int_value (builder, 1);
    json_builder_set_member_name (builder, "family");
    json_builder_add_string_value (builder, family);
    return builder;
}

gboolean
oc_sim_card_make (const char *path, const char *family, const OcSimKeys *keys, const guint8 *serial, GError **error)
{
    g_autoptr(JsonBuilder) builder = begin_content (family);
    const OcSimChip *chip = oc_sim_chip_find (family);

    if (g_str_equal (family, "cpu")) {
        g_autoptr(OcSimCpu) cpu = NULL;
        guint8 random[8];

        if (keys == NULL || !keys->cpu) {
            g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_USE, _("A CPU card needs keys."));
            return FALSE;
        }
        if (serial == NULL)
            oc_random (random, sizeof random);
        cpu = oc_sim_cpu_new (serial != NULL ? serial : random, keys);
        oc_sim_cpu_to_json (cpu, builder);
    } else if (chip != NULL) {
        g_autoptr(OcSimMemory) memory = oc_sim_memory_new (chip, keys);

        oc_sim_memory_to_json (memory, builder);
    } else {
        g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_USE, _("There is no card family “%s”."), family);
        return FALSE;
    }
    json_builder_end_object (builder);
    return oc_sim_file_create (path, builder, error);
}

static OcSimCard *
open_card (const char *path, gboolean lock, GError **error)
{
    g_autoptr(OcSimCard) self = g_new0 (OcSimCard, 1);
    g_autoptr(JsonObject) root = NULL;
    const char *family;

    if (!(self->file = oc_sim_file_open (path, "card", lock, &root, error)))
        return NULL;
    family = json_object_get_string_member_with_default (root, "family", "");
    if (g_str_equal (family, "cpu"))
        self->cpu = oc_sim_cpu_from_json (root, error);
    else
        self->memory = oc_sim_memory_from_json (root, error);
    if (self->cpu == NULL && self->memory == NULL) {
        g_prefix_error (error, "%s: ", path);
        return NULL;
    }
    self->kept = TRUE;
    oc_sim_card_reset (self, OC_SIM_READER_ACS);
    return g_steal_pointer (&self);
}

OcSimCard *
oc_sim_card_open (const char *path, GError **error)
{
    return open_card (path, TRUE, error);
}

OcSimCard *
oc_sim_card_peek (const char *path, GError **error)
{
    return open_card (path, FALSE, error);
}

void
oc_sim_card_free (OcSimCard *self)
{
    oc_sim_file_free (self->file);
    g_clear_pointer (&self->cpu, oc_sim_cpu_free);
    g_clear_pointer (&self->memory, oc_sim_memory_free);
    g_free (self);
}

const char *
oc_sim_card_path (const OcSimCard *self)
{
    return oc_sim_file_path (self->file);
}

const char *
oc_sim_card_family (const OcSimCard *self)
{
    return self->cpu != NULL ? "cpu" : oc_sim_memory_chip (self->memory)->name;
}

OcSimCpu *
oc_sim_card_cpu (OcSimCard *self)
{
    return self->cpu;
}

OcSimMemory *
oc_sim_card_memory (OcSimCard *self)
{
    return self->memory;
}

const guint8 *
oc_sim_card_atr (const OcSimCard *self, gsize *len)
{
    return self->cpu != NULL ? oc_sim_cpu_atr (self->cpu, len) : oc_sim_memory_atr (self->memory, len);
}

void
oc_sim_card_reset (OcSimCard *self, OcSimReaderKind reader)
{
    if (self->cpu != NULL)
        oc_sim_cpu_reset (self->cpu);
    else
        oc_sim_memory_reset (self->memory, reader);
}

gboolean
oc_sim_card_transmit (OcSimCard *self, const guint8 *in, gsize in_len, const OcSimTear *tear, guint8 *out, gsize *out_len,
    GError **error)
{
    gboolean changed = self->cpu != NULL ? oc_sim_cpu_transmit (self->cpu, in, in_len, tear, out, out_len)
                                         : oc_sim_memory_transmit (self->memory, in, in_len, tear, out, out_len);

    return !changed || !self->kept || oc_sim_card_save (self, error);
}

void
oc_sim_card_set_kept (OcSimCard *self, gboolean kept)
{
    self->kept = kept;
}

gboolean
oc_sim_card_save (OcSimCard *self, GError **error)
{
    g_autoptr(JsonBuilder) builder = begin_content (oc_sim_card_family (self));

    if (self->cpu != NULL)
        oc_sim_cpu_to_json (self->cpu, builder);
    else
        oc_sim_memory_to_json (self->memory, builder);
    json_builder_end_object (builder);
    return oc_sim_file_replace (self->file, builder, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources: cards.md 2 (files, diversification). */
#include "sim/cpu-card-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/layout.h"
#include "seal/bytes.h"
#include "seal/derive.h"
#include "sim/card-file.h"
#include "sim/locked-file.h"

#define MAX_FILE 1024

CpuFile *
cpu_find_file (CpuDirectory *directory, guint8 sfi)
{
    for (guint f = 0; f < directory->n_files; f++) {
        if (directory->files[f].sfi == sfi)
            return &directory->files[f];
    }
    return NULL;
}

/* Of the longer size where it is there already. */
static void
add_file (CpuDirectory *directory, guint8 sfi, guint size)
{
    CpuFile *file = cpu_find_file (directory, sfi);

    if (file == NULL) {
        g_assert (directory->n_files < CPU_FILES);
        file = &directory->files[directory->n_files++];
        *file = (CpuFile){ sfi, 0, NULL };
    }
    if (size <= file->size)
        return;
    file->data = g_realloc (file->data, size);
    memset (file->data + file->size, 0, size - file->size);
    file->size = size;
}

static CpuDirectory *
add_directory (OcSimCpu *self, guint16 id)
{
    CpuDirectory *directory = &self->directories[self->n_directories++];

    g_assert (self->n_directories <= CPU_DIRECTORIES);
    directory->id = id;
    for (guint k = 0; k < N_KEYS; k++)
        directory->tries[k] = OC_SIM_TRIES;
    return directory;
}

/* An issuer that serves every maker: each directory has the files of all layouts of its type of meter. */
static void
lay_out (OcSimCpu *self)
{
    add_file (add_directory (self, 0x3f00), 0x19, 9);
    for (guint slot = 1; slot <= 8; slot++)
        for (guint type = 1; type <= 5; type++) {
            guint16 id = (guint16) (slot == 1 ? 0xdf00 + type : 0xdf00 + 16 * type + slot);
            g_autofree char *name = g_strdup_printf ("%04X", id);
            g_autoptr(GPtrArray) layouts = oc_layouts_of_directory (name, NULL);
            CpuDirectory *directory = add_directory (self, id);

            for (guint i = 0; i < layouts->len; i++) {
                const OcLayout *layout = g_ptr_array_index (layouts, i);

                for (guint k = 0; k < layout->areas->len; k++) {
                    const OcLayoutArea *area = g_ptr_array_index (layout->areas, k);

                    add_file (directory, (guint8) area->sfi, area->size);
                }
            }
        }
}

OcSimCpu *
oc_sim_cpu_new (const guint8 serial[8], const OcSimKeys *keys)
{
    OcSimCpu *self = g_new0 (OcSimCpu, 1);

    lay_out (self);
    memcpy (self->serial, serial, 8);
    memcpy (self->directories[0].files[0].data + 1, serial, 8);
    oc_derive_cpu_key (keys->internal, serial, self->keys[KEY_INTERNAL]);
    oc_derive_cpu_key (keys->external, serial, self->keys[KEY_EXTERNAL]);
    oc_derive_cpu_key (keys->mac, serial, self->keys[KEY_MAC]);
    oc_sim_cpu_reset (self);
    return self;
}

void
oc_sim_cpu_free (OcSimCpu *self)
{
    for (guint i = 0; i < self->n_directories; i++) {
        for (guint f = 0; f < self->directories[i].n_files; f++)
            g_free (self->directories[i].files[f].data);
    }
    oc_wipe (self->keys, sizeof self->keys);
    g_free (self);
}

CpuDirectory *
cpu_find_directory (OcSimCpu *self, guint16 id)
{
    for (guint i = 0; i < self->n_directories; i++) {
        if (self->directories[i].id == id)
            return &self->directories[i];
    }
    return NULL;
}

/* Files go by their short name, "05": {"size": 49, "hex": …}; hex is left out where all is zero. */
static gboolean
files_from_json (CpuDirectory *directory, JsonObject *files)
{
    g_autoptr(GList) names = json_object_get_members (files);

    for (GList *l = names; l != NULL; l = l->next) {
        JsonNode *node = json_object_get_member (files, l->data);
        JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
        guint64 sfi = g_ascii_strtoull (l->data, NULL, 16);
        gint64 size = object != NULL ? json_object_get_int_member_with_default (object, "size", 0) : 0;

        if (sfi < 1 || sfi > 30 || size < 1 || size > MAX_FILE || directory->n_files == CPU_FILES)
            return FALSE;
        add_file (directory, (guint8) sfi, (guint) size);
        if (json_object_has_member (object, "hex")
            && !oc_sim_json_bytes (object, "hex", cpu_find_file (directory, (guint8) sfi)->data, (gsize) size))
            return FALSE;
    }
    return TRUE;
}

static gboolean
directory_from_json (CpuDirectory *directory, JsonObject *object)
{
    JsonArray *tries = json_object_has_member (object, "tries") ? json_object_get_array_member (object, "tries") : NULL;
    JsonObject *files = json_object_has_member (object, "files") ? json_object_get_object_member (object, "files") : NULL;

    if (tries == NULL || json_array_get_length (tries) != N_KEYS || files == NULL)
        return FALSE;
    for (guint k = 0; k < N_KEYS; k++)
        directory->tries[k] = CLAMP ((int) json_array_get_int_element (tries, k), 0, OC_SIM_TRIES);
    return files_from_json (directory, files);
}

static gboolean
directories_from_json (OcSimCpu *self, JsonObject *directories)
{
    g_autoptr(GList) names = json_object_get_members (directories);

    for (GList *l = names; l != NULL; l = l->next) {
        JsonNode *node = json_object_get_member (directories, l->data);
        guint64 id = g_ascii_strtoull (l->data, NULL, 16);

        if (!JSON_NODE_HOLDS_OBJECT (node) || self->n_directories == CPU_DIRECTORIES || id > G_MAXUINT16
            || cpu_find_directory (self, (guint16) id) != NULL
            || !directory_from_json (add_directory (self, (guint16) id), json_node_get_object (node)))
            return FALSE;
    }
    return self->n_directories > 0 && self->directories[0].id == 0x3f00 && cpu_find_file (&self->directories[0], 0x19) != NULL
        && cpu_find_file (&self->directories[0], 0x19)->size == 9;
}

OcSimCpu *
oc_sim_cpu_from_json (JsonObject *object, GError **error)
{
    g_autoptr(OcSimCpu) self = g_new0 (OcSimCpu, 1);
    JsonObject *directories = json_object_has_member (object, "directories") ? json_object_get_object_member (object, "directories") : NULL;

    if (directories == NULL || !oc_sim_json_bytes (object, "serial", self->serial, 8)
        || !oc_sim_json_bytes (object, "key-internal", self->keys[KEY_INTERNAL], 16)
        || !oc_sim_json_bytes (object, "key-external", self->keys[KEY_EXTERNAL], 16)
        || !oc_sim_json_bytes (object, "key-mac", self->keys[KEY_MAC], 16) || !directories_from_json (self, directories)) {
        g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FORMAT, _("The simulated CPU card is damaged."));
        return NULL;
    }
    memcpy (self->directories[0].files[0].data + 1, self->serial, 8);
    oc_sim_cpu_reset (self);
    return g_steal_pointer (&self);
}

static gboolean
is_zero (const guint8 *data, gsize size)
{
    for (gsize i = 0; i < size; i++) {
        if (data[i] != 0)
            return FALSE;
    }
    return TRUE;
}

void
oc_sim_cpu_to_json (const OcSimCpu *self, JsonBuilder *builder)
{
    oc_sim_json_add_bytes (builder, "serial", self->serial, 8);
    oc_sim_json_add_bytes (builder, "key-internal", self->keys[KEY_INTERNAL], 16);
    oc_sim_json_add_bytes (builder, "key-external", self->keys[KEY_EXTERNAL], 16);
    oc_sim_json_add_bytes (builder, "key-mac", self->keys[KEY_MAC], 16);
    json_builder_set_member_name (builder, "directories");
    json_builder_begin_object (builder);
    for (guint i = 0; i < self->n_directories; i++) {
        const CpuDirectory *directory = &self->directories[i];
        g_autofree char *name = g_strdup_printf ("%04X", directory->id);

        json_builder_set_member_name (builder, name);
        json_builder_begin_object (builder);
        json_builder_set_member_name (builder, "tries");
        json_builder_begin_array (builder);
        for (guint k = 0; k < N_KEYS; k++)
            json_builder_add_int_value (builder, directory->tries[k]);
        json_builder_end_array (builder);
        json_builder_set_member_name (builder, "files");
        json_builder_begin_object (builder);
        for (guint f = 0; f < directory->n_files; f++) {
            const CpuFile *file = &directory->files[f];
            g_autofree char *sfi = g_strdup_printf ("%02X", file->sfi);

            json_builder_set_member_name (builder, sfi);
            json_builder_begin_object (builder);
            json_builder_set_member_name (builder, "size");
            json_builder_add_int_value (builder, file->size);
            if (!is_zero (file->data, file->size))
                oc_sim_json_add_bytes (builder, "hex", file->data, file->size);
            json_builder_end_object (builder);
        }
        json_builder_end_object (builder);
        json_builder_end_object (builder);
    }
    json_builder_end_object (builder);
}

const guint8 *
oc_sim_cpu_serial (const OcSimCpu *self)
{
    return self->serial;
}

guint8 *
oc_sim_cpu_file (OcSimCpu *self, guint16 directory, guint8 sfi, gsize *size)
{
    CpuDirectory *d = cpu_find_directory (self, directory);
    CpuFile *file = d != NULL ? cpu_find_file (d, sfi) : NULL;

    if (file != NULL && size != NULL)
        *size = file->size;
    return file != NULL ? file->data : NULL;
}

int
oc_sim_cpu_tries (const OcSimCpu *self, guint16 directory, guint8 kid)
{
    CpuDirectory *d = cpu_find_directory ((OcSimCpu *) self, directory);

    return d != NULL && kid >= 1 && kid <= N_KEYS ? d->tries[kid - 1] : -1;
}

void
oc_sim_cpu_foreach_file (OcSimCpu *self, void (*func) (guint16 directory, guint8 sfi, const guint8 *data, gsize size, gpointer user),
    gpointer user)
{
    for (guint i = 0; i < self->n_directories; i++) {
        for (guint f = 0; f < self->directories[i].n_files; f++) {
            const CpuFile *file = &self->directories[i].files[f];

            func (self->directories[i].id, file->sfi, file->data, file->size, user);
        }
    }
}

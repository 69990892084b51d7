/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources: cards.md 2 (files, session, MAC, diversification); public FMCOS manuals for the status words. */
#include "sim/cpu-card.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/layout.h"
#include "card/reader.h"
#include "seal/bytes.h"
#include "seal/derive.h"
#include "seal/mac.h"
#include "sim/card-file.h"
#include "sim/locked-file.h"

#define MAX_DIRECTORIES 41 /* MF; DF0t and DFt2…DFt8 of five types */
#define MAX_FILES 16
#define MAX_FILE 1024

enum { KEY_INTERNAL, KEY_EXTERNAL, KEY_MAC, N_KEYS }; /* kid − 1 */

typedef struct {
    guint8 sfi;
    guint size;
    guint8 *data;
} File;

typedef struct {
    guint16 id;
    guint n_files;
    File files[MAX_FILES];
    int tries[N_KEYS];
} Directory;

struct _OcSimCpu {
    guint8 serial[8];
    guint8 keys[N_KEYS][16];
    Directory directories[MAX_DIRECTORIES];
    guint n_directories;

    /* the session, gone with the power */
    Directory *current;
    File *file;            /* the last that was named by its SFI */
    guint8 challenge[8];
    gsize challenge_len;   /* 0: none; good for the next command only */
    gboolean authenticated;
    guint8 waiting[64];    /* for GET RESPONSE; good for the next command only */
    gsize waiting_len;
};

/* A command taken apart, and its answer. */
typedef struct {
    guint8 cla, ins, p1, p2;
    const guint8 *data;
    gsize lc;
    guint le;              /* 0: not given or as much as there is */
    const OcSimTear *tear;
    guint8 *out;
    gsize out_len;
    gboolean changed;
} Command;

/* TS, T0 (no interface bytes: T=0; 8 historical), "OCSIMCPU". */
static const guint8 atr[] = { 0x3b, 0x08, 'O', 'C', 'S', 'I', 'M', 'C', 'P', 'U' };

static File *
find_file (Directory *directory, guint8 sfi)
{
    for (guint f = 0; f < directory->n_files; f++) {
        if (directory->files[f].sfi == sfi)
            return &directory->files[f];
    }
    return NULL;
}

/* Of the longer size where it is there already. */
static void
add_file (Directory *directory, guint8 sfi, guint size)
{
    File *file = find_file (directory, sfi);

    if (file == NULL) {
        g_assert (directory->n_files < MAX_FILES);
        file = &directory->files[directory->n_files++];
        *file = (File){ sfi, 0, NULL };
    }
    if (size <= file->size)
        return;
    file->data = g_realloc (file->data, size);
    memset (file->data + file->size, 0, size - file->size);
    file->size = size;
}

static Directory *
add_directory (OcSimCpu *self, guint16 id)
{
    Directory *directory = &self->directories[self->n_directories++];

    g_assert (self->n_directories <= MAX_DIRECTORIES);
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
            Directory *directory = add_directory (self, id);

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

static Directory *
find_directory (OcSimCpu *self, guint16 id)
{
    for (guint i = 0; i < self->n_directories; i++) {
        if (self->directories[i].id == id)
            return &self->directories[i];
    }
    return NULL;
}

/* Files go by their short name, "05": {"size": 49, "hex": …}; hex is left out where all is zero. */
static gboolean
files_from_json (Directory *directory, JsonObject *files)
{
    g_autoptr(GList) names = json_object_get_members (files);

    for (GList *l = names; l != NULL; l = l->next) {
        JsonNode *node = json_object_get_member (files, l->data);
        JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
        guint64 sfi = g_ascii_strtoull (l->data, NULL, 16);
        gint64 size = object != NULL ? json_object_get_int_member_with_default (object, "size", 0) : 0;

        if (sfi < 1 || sfi > 30 || size < 1 || size > MAX_FILE || directory->n_files == MAX_FILES)
            return FALSE;
        add_file (directory, (guint8) sfi, (guint) size);
        if (json_object_has_member (object, "hex")
            && !oc_sim_json_bytes (object, "hex", find_file (directory, (guint8) sfi)->data, (gsize) size))
            return FALSE;
    }
    return TRUE;
}

static gboolean
directory_from_json (Directory *directory, JsonObject *object)
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

        if (!JSON_NODE_HOLDS_OBJECT (node) || self->n_directories == MAX_DIRECTORIES || id > G_MAXUINT16
            || find_directory (self, (guint16) id) != NULL
            || !directory_from_json (add_directory (self, (guint16) id), json_node_get_object (node)))
            return FALSE;
    }
    return self->n_directories > 0 && self->directories[0].id == 0x3f00 && find_file (&self->directories[0], 0x19) != NULL
        && find_file (&self->directories[0], 0x19)->size == 9;
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
        const Directory *directory = &self->directories[i];
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
            const File *file = &directory->files[f];
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

const guint8 *
oc_sim_cpu_atr (const OcSimCpu *self, gsize *len)
{
    *len = sizeof atr;
    return atr;
}

void
oc_sim_cpu_reset (OcSimCpu *self)
{
    self->current = &self->directories[0];
    self->file = NULL;
    self->challenge_len = 0;
    self->authenticated = FALSE;
    self->waiting_len = 0;
}

guint8 *
oc_sim_cpu_file (OcSimCpu *self, guint16 directory, guint8 sfi, gsize *size)
{
    Directory *d = find_directory (self, directory);
    File *file = d != NULL ? find_file (d, sfi) : NULL;

    if (file != NULL && size != NULL)
        *size = file->size;
    return file != NULL ? file->data : NULL;
}

int
oc_sim_cpu_tries (const OcSimCpu *self, guint16 directory, guint8 kid)
{
    Directory *d = find_directory ((OcSimCpu *) self, directory);

    return d != NULL && kid >= 1 && kid <= N_KEYS ? d->tries[kid - 1] : -1;
}

void
oc_sim_cpu_foreach_file (OcSimCpu *self, void (*func) (guint16 directory, guint8 sfi, const guint8 *data, gsize size, gpointer user),
    gpointer user)
{
    for (guint i = 0; i < self->n_directories; i++) {
        for (guint f = 0; f < self->directories[i].n_files; f++) {
            const File *file = &self->directories[i].files[f];

            func (self->directories[i].id, file->sfi, file->data, file->size, user);
        }
    }
}

/* Commands ---------------------------------------------------------------------------------------------------- */

/* The answer waits for GET RESPONSE, as T=0 wants it. */
static guint16
let_wait (OcSimCpu *self, const guint8 *data, gsize size)
{
    memcpy (self->waiting, data, size);
    self->waiting_len = size;
    return (guint16) (0x6100 | size);
}

static guint16
select_directory (OcSimCpu *self, Command *c)
{
    Directory *directory;
    guint16 id;

    if (c->p1 == 0x04)
        return 0x6a82; /* no directory has a name */
    if (c->p1 != 0 || c->p2 != 0)
        return 0x6a86;
    if (c->lc != 2)
        return 0x6700;
    id = (guint16) (c->data[0] << 8 | c->data[1]);
    if (!(directory = find_directory (self, id)))
        return 0x6a82;
    self->current = directory;
    self->file = NULL;
    self->authenticated = FALSE;
    return let_wait (self, (guint8[]){ 0x6f, 0x04, 0x83, 0x02, c->data[0], c->data[1] }, 6);
}

static guint16
get_response (OcSimCpu *self, Command *c, const guint8 *waiting, gsize len)
{
    if (len == 0)
        return 0x6f00;
    if (c->le != len) {
        let_wait (self, waiting, len);
        return (guint16) (0x6c00 | len);
    }
    memcpy (c->out, waiting, len);
    c->out_len = len;
    return 0x9000;
}

/* The file and offset that P1 P2 name; NULL with *sw. */
static File *
name_file (OcSimCpu *self, const Command *c, guint *offset, guint16 *sw)
{
    if (c->p1 & 0x80) {
        self->file = find_file (self->current, c->p1 & 0x1f);
        *offset = c->p2;
        *sw = 0x6a82;
    } else {
        *offset = (guint) c->p1 << 8 | c->p2;
        *sw = 0x6986;
    }
    if (self->file != NULL && *offset >= self->file->size) {
        *sw = 0x6b00;
        return NULL;
    }
    return self->file;
}

static guint16
read_binary (OcSimCpu *self, Command *c)
{
    guint16 sw;
    guint offset, left, want = c->le != 0 ? c->le : 256;
    const File *file = name_file (self, c, &offset, &sw);

    if (file == NULL)
        return sw;
    left = file->size - offset;
    if (want > left)
        return (guint16) (0x6c00 | left);
    memcpy (c->out, file->data + offset, want);
    c->out_len = want;
    return 0x9000;
}

static guint16
get_challenge (OcSimCpu *self, Command *c)
{
    if (c->p1 != 0 || c->p2 != 0)
        return 0x6a86;
    if (c->le != 4 && c->le != 8)
        return 0x6700;
    oc_random (self->challenge, c->le);
    self->challenge_len = c->le;
    memcpy (c->out, self->challenge, c->le);
    c->out_len = c->le;
    return 0x9000;
}

static guint16
internal_authenticate (OcSimCpu *self, Command *c)
{
    guint8 answer[8];

    if (c->p1 != 0)
        return 0x6a86;
    if (c->p2 != KEY_INTERNAL + 1)
        return 0x6a88;
    if (c->lc != 8)
        return 0x6700;
    oc_seal_3des_encrypt (self->keys[KEY_INTERNAL], c->data, 8, answer);
    return let_wait (self, answer, 8);
}

/* A try is spent, for good when it was the last. */
static void
spend (OcSimCpu *self, Command *c, guint key)
{
    self->current->tries[key]--;
    self->authenticated = FALSE;
    c->changed = TRUE;
}

static void
restore (OcSimCpu *self, Command *c, guint key)
{
    if (self->current->tries[key] == OC_SIM_TRIES)
        return;
    self->current->tries[key] = OC_SIM_TRIES;
    c->changed = TRUE;
}

static guint16
external_authenticate (OcSimCpu *self, Command *c, const guint8 *challenge, gsize challenge_len)
{
    guint8 expected[8];

    if (c->p1 != 0)
        return 0x6a86;
    if (c->p2 != KEY_EXTERNAL + 1)
        return 0x6a88;
    if (c->lc != 8)
        return 0x6700;
    if (self->current->tries[KEY_EXTERNAL] == 0)
        return 0x6983;
    if (challenge_len != 8)
        return 0x6984;
    oc_seal_3des_encrypt (self->keys[KEY_EXTERNAL], challenge, 8, expected);
    if (!oc_equal_ct (expected, c->data, 8)) {
        spend (self, c, KEY_EXTERNAL);
        return (guint16) (0x63c0 | self->current->tries[KEY_EXTERNAL]);
    }
    restore (self, c, KEY_EXTERNAL);
    self->authenticated = TRUE;
    return 0x9000;
}

static gboolean
mac_is_right (OcSimCpu *self, const Command *c, const guint8 *challenge)
{
    guint8 iv[8] = { 0 }, mac[4], message[5 + 255];

    memcpy (iv, challenge, 4);
    message[0] = c->cla;
    message[1] = c->ins;
    message[2] = c->p1;
    message[3] = c->p2;
    message[4] = (guint8) c->lc;
    memcpy (message + 5, c->data, c->lc - 4);
    oc_seal_retail_mac (self->keys[KEY_MAC], iv, message, 5 + c->lc - 4, mac);
    return oc_equal_ct (mac, c->data + c->lc - 4, 4);
}

static void
store (File *file, guint offset, const guint8 *data, gsize size, const OcSimTear *tear)
{
    gsize keep = size;

    if (tear != NULL)
        keep = tear->keep < 0 ? size / 2 : MIN (size, (gsize) tear->keep);
    memcpy (file->data + offset, data, keep);
    if (tear != NULL && tear->erased)
        memset (file->data + offset + keep, 0xff, size - keep);
}

static guint16
update_binary (OcSimCpu *self, Command *c, const guint8 *challenge, gsize challenge_len)
{
    guint16 sw;
    guint offset;
    File *file;

    if (c->cla != 0x04 || self->current->id == 0x3f00)
        return 0x6982; /* every file wants a MAC; the serial is for ever */
    if (!(file = name_file (self, c, &offset, &sw)))
        return sw;
    if (c->lc < 5)
        return 0x6700;
    if (!self->authenticated)
        return 0x6982;
    if (self->current->tries[KEY_MAC] == 0)
        return 0x6983;
    if (challenge_len != 4)
        return 0x6984;
    if (!mac_is_right (self, c, challenge)) {
        spend (self, c, KEY_MAC);
        return 0x6988;
    }
    restore (self, c, KEY_MAC);
    if (offset + c->lc - 4 > file->size)
        return 0x6b00;
    store (file, offset, c->data, c->lc - 4, c->tear);
    c->changed = TRUE;
    return 0x9000;
}

static gboolean
take_apart (const guint8 *in, gsize in_len, gboolean has_data, Command *c)
{
    if (!has_data) {
        c->le = in_len == 5 ? in[4] : 0;
        return in_len <= 5;
    }
    if (in_len < 5)
        return FALSE;
    c->lc = in[4];
    c->data = in + 5;
    return in_len == 5 + c->lc || in_len == 6 + c->lc; /* T=0 readers drop Le */
}

static guint16
run (OcSimCpu *self, const guint8 *in, gsize in_len, Command *c)
{
    guint8 challenge[8], waiting[sizeof self->waiting];
    gsize challenge_len = self->challenge_len, waiting_len = self->waiting_len;
    gboolean has_data;

    memcpy (challenge, self->challenge, sizeof challenge);
    memcpy (waiting, self->waiting, sizeof waiting);
    self->challenge_len = self->waiting_len = 0;
    if (in_len < 4)
        return 0x6700;
    c->cla = in[0];
    c->ins = in[1];
    c->p1 = in[2];
    c->p2 = in[3];
    if (c->cla != 0x00 && !(c->cla == 0x04 && c->ins == 0xd6))
        return 0x6e00;
    has_data = c->ins == 0xa4 || c->ins == 0x88 || c->ins == 0x82 || c->ins == 0xd6;
    if (!take_apart (in, in_len, has_data, c))
        return 0x6700;
    switch (c->ins) {
    case 0xa4:
        return select_directory (self, c);
    case 0xc0:
        return get_response (self, c, waiting, waiting_len);
    case 0xb0:
        return read_binary (self, c);
    case 0x84:
        return get_challenge (self, c);
    case 0x88:
        return internal_authenticate (self, c);
    case 0x82:
        return external_authenticate (self, c, challenge, challenge_len);
    case 0xd6:
        return update_binary (self, c, challenge, challenge_len);
    default:
        return 0x6d00;
    }
}

gboolean
oc_sim_cpu_transmit (OcSimCpu *self, const guint8 *in, gsize in_len, const OcSimTear *tear, guint8 *out, gsize *out_len)
{
    Command c = { .out = out, .tear = tear };
    guint16 sw = run (self, in, in_len, &c);

    out[c.out_len] = sw >> 8;
    out[c.out_len + 1] = sw & 0xff;
    *out_len = c.out_len + 2;
    return c.changed;
}

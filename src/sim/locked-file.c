/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/locked-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seal/bytes.h"
#include "sim/card-file.h"

struct _OcSimFile {
    char *path;
    int fd; /* -1: not locked */
};

static void
set_error (GError **error, const char *path, int number)
{
    g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FILE, "%s: %s", path, g_strerror (number));
}

static char *
to_text (JsonBuilder *content, gsize *len)
{
    g_autoptr(JsonNode) root = json_builder_get_root (content);
    g_autoptr(JsonGenerator) generator = json_generator_new ();

    json_generator_set_root (generator, root);
    json_generator_set_pretty (generator, TRUE);
    json_generator_set_indent (generator, 1);
    return json_generator_to_data (generator, len);
}

static gboolean
write_all (int fd, const char *text, gsize len)
{
    while (len > 0) {
        gssize n = write (fd, text, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return FALSE;
        text += n;
        len -= (gsize) n;
    }
    return TRUE;
}

gboolean
oc_sim_file_create (const char *path, JsonBuilder *content, GError **error)
{
    gsize len;
    g_autofree char *text = to_text (content, &len);
    int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    gboolean ok;

    if (fd < 0) {
        set_error (error, path, errno);
        return FALSE;
    }
    ok = write_all (fd, text, len);
    if (!ok)
        set_error (error, path, errno);
    close (fd);
    if (!ok)
        g_unlink (path);
    return ok;
}

/* Opens the file that has the name now and locks it; -1 with an error. */
static int
open_locked (const char *path, GError **error)
{
    for (;;) {
        struct stat named, opened;
        int fd = g_open (path, O_RDWR | O_CLOEXEC, 0);

        if (fd < 0) {
            set_error (error, path, errno);
            return -1;
        }
        if (flock (fd, LOCK_EX | LOCK_NB) != 0) {
            g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_LOCKED, _("“%s” is in another reader or meter. Take it out there first."), path);
            close (fd);
            return -1;
        }
        if (stat (path, &named) == 0 && fstat (fd, &opened) == 0 && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev)
            return fd;
        close (fd); /* replaced between open and lock */
    }
}

OcSimFile *
oc_sim_file_open (const char *path, const char *what, gboolean lock, JsonObject **root, GError **error)
{
    g_autoptr(JsonParser) parser = json_parser_new ();
    g_autoptr(GError) why = NULL;
    OcSimFile *self;
    JsonNode *node;
    int fd = -1;

    if (lock && (fd = open_locked (path, error)) < 0)
        return NULL;
    self = g_new0 (OcSimFile, 1);
    self->path = g_strdup (path);
    self->fd = fd;
    if (json_parser_load_from_file (parser, path, &why)) {
        node = json_parser_get_root (parser);
        if (node != NULL && JSON_NODE_HOLDS_OBJECT (node)
            && g_strcmp0 (json_object_get_string_member_with_default (json_node_get_object (node), "onecard-sim", ""), what) == 0) {
            *root = json_object_ref (json_node_get_object (node));
            return self;
        }
    }
    if (why != NULL && why->domain == G_FILE_ERROR)
        g_set_error_literal (error, OC_SIM_ERROR, OC_SIM_ERROR_FILE, why->message);
    else
        g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FORMAT,
            g_str_equal (what, "card") ? _("“%s” isn't a simulated card.") : _("“%s” isn't a simulated meter."), path);
    oc_sim_file_free (self);
    return NULL;
}

void
oc_sim_file_free (OcSimFile *self)
{
    if (self == NULL)
        return;
    if (self->fd >= 0)
        close (self->fd);
    g_free (self->path);
    g_free (self);
}

const char *
oc_sim_file_path (const OcSimFile *self)
{
    return self->path;
}

gboolean
oc_sim_file_replace (OcSimFile *self, JsonBuilder *content, GError **error)
{
    gsize len;
    g_autofree char *text = to_text (content, &len);
    /* Only the holder of the lock uses this name; what a killed process left there is written over. */
    g_autofree char *next = g_strconcat (self->path, "~", NULL);
    int fd;

    if (self->fd < 0) {
        g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_USE, _("“%s” was opened for looking only."), self->path);
        return FALSE;
    }
    fd = g_open (next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || flock (fd, LOCK_EX | LOCK_NB) != 0 || !write_all (fd, text, len) || fdatasync (fd) != 0
        || g_rename (next, self->path) != 0) {
        set_error (error, next, errno);
        if (fd >= 0)
            close (fd);
        return FALSE;
    }
    close (self->fd);
    self->fd = fd;
    return TRUE;
}

gboolean
oc_sim_json_bytes (JsonObject *object, const char *member, guint8 *out, gsize size)
{
    const char *hex = json_object_get_string_member_with_default (object, member, NULL);
    g_autoptr(GBytes) bytes = hex != NULL ? oc_unhex (hex) : NULL;

    if (bytes == NULL || g_bytes_get_size (bytes) != size)
        return FALSE;
    memcpy (out, g_bytes_get_data (bytes, NULL), size);
    return TRUE;
}

void
oc_sim_json_add_bytes (JsonBuilder *builder, const char *member, const guint8 *data, gsize size)
{
    g_autofree char *hex = oc_hex (data, size);

    json_builder_set_member_name (builder, member);
    json_builder_add_string_value (builder, hex);
}

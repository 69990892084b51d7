/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who this station is: a random id, made once and kept beside the settings. It names who writes a card; it opens
 * nothing. And which reader it uses. */
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "card/reader.h"
#include "db/cluster.h"
#include "db/connection.h"
#include "ops/desk-private.h"

#define GROUP "station"

static gboolean
save_file (GKeyFile *file, const char *path, GError **error)
{
    g_autofree char *dir = g_path_get_dirname (path);
    g_autofree char *text = g_key_file_to_data (file, NULL, NULL);
    g_autoptr(GError) failure = NULL;

    g_mkdir_with_parents (dir, 0700);
    if (g_file_set_contents (path, text, -1, &failure))
        return TRUE;
    g_set_error (error, OC_DB_ERROR, OC_DB_ERROR_CLUSTER,
        _("The station's file can't be written (%s). Correct the folder's rights."), failure->message);

    return FALSE;
}

gboolean
oc_station_load (const char *data_dir, char **id, char **name, GError **error)
{
    g_autofree char *path = g_build_filename (data_dir, "station.ini", NULL);
    g_autoptr(GKeyFile) file = g_key_file_new ();
    g_autofree char *known = NULL;

    g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
    known = g_key_file_get_string (file, GROUP, "id", NULL);
    if (known == NULL || !g_uuid_string_is_valid (known)) {
        g_free (known);
        known = g_uuid_string_random ();
        g_key_file_set_string (file, GROUP, "id", known);
        if (!save_file (file, path, error))
            return FALSE;
    }
    *name = g_key_file_get_string (file, GROUP, "name", NULL);
    if (*name == NULL)
        *name = g_strdup (g_get_host_name ());
    *id = g_steal_pointer (&known);

    return TRUE;
}

static GKeyFile *
load_file (const char *data_dir, char **path)
{
    g_autofree char *dir = data_dir ? g_strdup (data_dir) : oc_cluster_default_data_dir ();
    GKeyFile *file = g_key_file_new ();

    *path = g_build_filename (dir, "station.ini", NULL);
    g_key_file_load_from_file (file, *path, G_KEY_FILE_KEEP_COMMENTS, NULL);

    return file;
}

char *
oc_station_get_reader (const char *data_dir)
{
    g_autofree char *path = NULL;
    g_autoptr(GKeyFile) file = load_file (data_dir, &path);

    return g_key_file_get_string (file, GROUP, "reader", NULL);
}

gboolean
oc_station_set_reader (const char *data_dir, const char *spec, GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr(GKeyFile) file = load_file (data_dir, &path);

    if (spec) {
        const char *comma = strrchr (spec, ',');
        g_autofree char *name = g_strndup (spec, comma ? (gsize) (comma - spec) : strlen (spec));
        g_autofree char *stem = oc_reader_name_stem (name);
        g_autofree char *kept = g_strconcat (stem, comma, NULL);

        g_key_file_set_string (file, GROUP, "reader", kept);
    } else {
        g_key_file_remove_key (file, GROUP, "reader", NULL);
    }

    return save_file (file, path, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who this station is: a random id, made once and kept beside the settings. It names who writes a card; it opens
 * nothing. */
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "db/connection.h"
#include "ops/desk-private.h"

#define GROUP "station"

static gboolean
save_id (GKeyFile *file, const char *path, GError **error)
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
        if (!save_id (file, path, error))
            return FALSE;
    }
    *name = g_key_file_get_string (file, GROUP, "name", NULL);
    if (*name == NULL)
        *name = g_strdup (g_get_host_name ());
    *id = g_steal_pointer (&known);

    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The station's key file. */
#include "ui/settings.h"

#define GROUP "station"

static GKeyFile *
load (char **path)
{
    GKeyFile *file = g_key_file_new ();

    *path = g_build_filename (g_get_user_config_dir (), "onecard", "station.ini", NULL);
    g_key_file_load_from_file (file, *path, G_KEY_FILE_KEEP_COMMENTS, NULL); /* not there yet: empty */
    return file;
}

char *
oc_settings_get (const char *key)
{
    g_autofree char *path = NULL;
    g_autoptr(GKeyFile) file = load (&path);

    return g_key_file_get_string (file, GROUP, key, NULL);
}

gboolean
oc_settings_get_bool (const char *key, gboolean standard)
{
    g_autofree char *value = oc_settings_get (key);

    return value != NULL ? g_str_equal (value, "true") : standard;
}

void
oc_settings_set (const char *key, const char *value)
{
    g_autofree char *path = NULL;
    g_autofree char *folder = NULL;
    g_autoptr(GKeyFile) file = load (&path);
    g_autoptr(GError) error = NULL;

    folder = g_path_get_dirname (path);
    g_key_file_set_string (file, GROUP, key, value);
    g_mkdir_with_parents (folder, 0700);
    if (!g_key_file_save_to_file (file, path, &error))
        g_message ("The station's settings can't be kept: %s", error->message);
}

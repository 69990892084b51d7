/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card layouts of a site's own meter makers: *.json in the folder "cards" of the data. The station takes them when a desk is
 * made, the database when it is made or upgraded; both read the same files, and a broken one is refused with its line. */
#include <glib/gi18n-lib.h>

#include "card/layout.h"
#include "ops/desk-private.h"

static char *
folder_of (const char *data_dir)
{
    g_autofree char *standard = data_dir == NULL ? oc_cluster_default_data_dir () : NULL;

    return g_build_filename (data_dir != NULL ? data_dir : standard, "cards", NULL);
}

void
oc_own_layouts_take (const char *data_dir)
{
    g_autofree char *folder = folder_of (data_dir);
    g_autoptr(GError) error = NULL;

    if (!oc_layouts_add_folder (folder, &error))
        g_warning ("%s", error->message);
}

GPtrArray *
oc_own_layouts_read (const char *data_dir, GError **error)
{
    g_autofree char *folder = folder_of (data_dir);
    g_autoptr(GPtrArray) paths = oc_layout_files (folder);
    g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);

    for (guint i = 0; i < paths->len; i++) {
        g_autoptr(OcLayout) layout = NULL;
        char *text = NULL;

        if (!(layout = oc_layout_read (paths->pdata[i], &text, error)))
            return NULL;
        g_ptr_array_add (documents, text);
    }

    return g_steal_pointer (&documents);
}

gboolean
oc_own_layouts_install (OcDb *owner, GPtrArray *documents, GError **error)
{
    for (guint i = 0; i < documents->len; i++)
        if (!oc_db_call (owner, "admin.load_layout", NULL, error, oc_json (documents->pdata[i])))
            return FALSE;

    return TRUE;
}

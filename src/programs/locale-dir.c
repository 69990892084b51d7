/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program may be run from its build folder, from its prefix, or from a prefix that was moved. */
#include "programs/locale-dir.h"

#include <glib.h>
#include <glib/gi18n.h>

#define CATALOG "zh_CN/LC_MESSAGES/" GETTEXT_PACKAGE ".mo"

/* The folder of the program itself, NULL where the system does not tell. Caller frees. */
static char *
program_dir (void)
{
    g_autofree char *path = g_file_read_link ("/proc/self/exe", NULL);

    return path != NULL ? g_path_get_dirname (path) : NULL;
}

void
oc_locale_dir_bind (void)
{
    static const char *const beside[] = { "../share/locale", "../../po" };
    g_autofree char *dir = program_dir ();
    g_autofree char *found = NULL;

    for (gsize i = 0; dir != NULL && found == NULL && i < G_N_ELEMENTS (beside); i++) {
        g_autofree char *locale = g_build_filename (dir, beside[i], NULL);
        g_autofree char *catalog = g_build_filename (locale, CATALOG, NULL);

        if (g_file_test (catalog, G_FILE_TEST_EXISTS))
            found = g_steal_pointer (&locale);
    }
    bindtextdomain (GETTEXT_PACKAGE, found != NULL ? found : ONECARD_LOCALEDIR);
    bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
    textdomain (GETTEXT_PACKAGE);
}

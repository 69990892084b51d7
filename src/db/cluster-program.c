/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PostgreSQL's own programs: where they are, and running them as the user the server belongs to. */
#include "db/private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define DEBIAN_DIR "/usr/lib/postgresql"
#define OLDEST 15

/* Major versions under Debian's folder, newest first. */
static GArray *
installed_majors (void)
{
    GArray *majors = g_array_new (FALSE, FALSE, sizeof (int));
    g_autoptr(GDir) dir = g_dir_open (DEBIAN_DIR, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name (dir))) {
        g_autofree char *initdb = g_build_filename (DEBIAN_DIR, name, "bin", "initdb", NULL);
        int major = (int) g_ascii_strtoll (name, NULL, 10);
        guint at = 0;

        if (major <= 0 || !g_file_test (initdb, G_FILE_TEST_IS_EXECUTABLE))
            continue;
        while (at < majors->len && g_array_index (majors, int, at) > major)
            at++;
        g_array_insert_val (majors, at, major);
    }

    return majors;
}

/* Elsewhere than on Debian the programs of one version are in PATH: "initdb (PostgreSQL) 16.3". */
static char *
programs_in_path (int *major)
{
    g_autofree char *initdb = g_find_program_in_path ("initdb");
    g_autofree char *output = NULL;
    const char *argv[] = { initdb, "--version", NULL };
    const char *number;

    if (initdb == NULL
        || !g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL, NULL, NULL)
        || (number = strstr (output, ") ")) == NULL)
        return NULL;
    *major = (int) g_ascii_strtoll (number + 2, NULL, 10);

    return g_path_get_dirname (initdb);
}

static void
set_not_installed (GError **error, const char *major, const GArray *majors)
{
    g_autoptr(GString) have = g_string_new (NULL);

    for (guint i = 0; i < majors->len; i++)
        g_string_append_printf (have, "%s%d", i ? ", " : "", g_array_index (majors, int, i));
    if (major && have->len > 0)
        oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL,
            _("The data folder was made by PostgreSQL %s, but this machine has %s. Install package postgresql-%s."), major,
            have->str, major);
    else if (major)
        oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL,
            _("The data folder was made by PostgreSQL %s, which is not installed. Install package postgresql-%s."), major,
            major);
    else
        oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL,
            _("No PostgreSQL server of version %d or later is installed. Install package postgresql."), OLDEST);
}

char *
oc_cluster_find_programs (const char *major, GError **error)
{
    g_autoptr(GArray) majors = installed_majors ();
    int wanted = major ? (int) g_ascii_strtoll (major, NULL, 10) : 0;
    int found = 0;
    g_autofree char *in_path = NULL;

    for (guint i = 0; i < majors->len; i++) {
        int each = g_array_index (majors, int, i);

        if (wanted ? each == wanted : each >= OLDEST)
            return g_strdup_printf (DEBIAN_DIR "/%d/bin", each);
    }
    in_path = programs_in_path (&found);
    if (in_path && (wanted ? found == wanted : found >= OLDEST))
        return g_steal_pointer (&in_path);
    if (in_path && majors->len == 0)
        g_array_append_val (majors, found);
    set_not_installed (error, major, majors);

    return NULL;
}

/* The last line that says something. Caller frees. */
static char *
last_words (const char *output)
{
    g_auto(GStrv) lines = g_strsplit (output ? output : "", "\n", -1);

    for (guint i = g_strv_length (lines); i-- > 0;)
        if (*g_strstrip (lines[i]))
            return g_strdup (lines[i]);

    return g_strdup ("");
}

static GSubprocessLauncher *
make_launcher (void)
{
    GSubprocessLauncher *launcher =
        g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
    g_auto(GStrv) names = g_listenv ();

    for (gsize i = 0; names[i]; i++)
        if (g_str_has_prefix (names[i], "PG"))
            g_subprocess_launcher_unsetenv (launcher, names[i]);
    g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
    /* The server's user may not be able to enter ours. */
    g_subprocess_launcher_set_cwd (launcher, "/");

    return launcher;
}

gboolean
oc_cluster_run (OcClusterFolder *folder, const char *bin, const char *const *argv, GError **error)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new ();
    g_autofree char *program = g_build_filename (bin, argv[0], NULL);
    g_autoptr(GSubprocessLauncher) launcher = make_launcher ();
    g_autoptr(GSubprocess) process = NULL;
    g_autoptr(GError) failure = NULL;
    g_autofree char *output = NULL;
    g_autofree char *words_said = NULL;

    if (folder->as_other) {
        g_ptr_array_add (words, (gpointer) "runuser");
        g_ptr_array_add (words, (gpointer) "-u");
        g_ptr_array_add (words, (gpointer) "postgres");
        g_ptr_array_add (words, (gpointer) "--");
    }
    g_ptr_array_add (words, program);
    for (gsize i = 1; argv[i]; i++)
        g_ptr_array_add (words, (gpointer) argv[i]);
    g_ptr_array_add (words, NULL);

    process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words->pdata, &failure);
    if (process && g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &failure)
        && g_subprocess_get_successful (process))
        return TRUE;
    words_said = last_words (output);
    g_info ("%s: %s", argv[0], output ? output : "");
    oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL, "%s: %s", argv[0], failure ? failure->message : words_said);

    return FALSE;
}

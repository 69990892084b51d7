/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a private cluster: make, start, stop. Whether it runs is asked of the socket, never of a pid alone: a
 * killed server leaves its pid file, its process may linger as a zombie, and its number may belong to another
 * program by now. */
#include "db/cluster.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/private.h"

#define SUPERUSER "postgres"
#define SUPERUSER_FILE "superuser.password"
#define OWNER_FILE "owner.password"
#define START_ATTEMPTS 40 /* × 250 ms: children of a killed server may hold its memory for a while */

struct _OcCluster {
    OcClusterFolder folder;
    gboolean started_here;
};

/* The time zone is the one that initdb found here: days, months and what meters write are of that place. */
static const char settings[] =
    "\n# OneCard: nobody comes in over the network, everybody with a password.\n"
    "listen_addresses = ''\n"
    "max_connections = 300\n"
    "password_encryption = 'scram-sha-256'\n"
    "log_min_messages = warning\n"
    "log_min_error_statement = panic\n" /* statements of operators don't belong in a log file */
    "log_checkpoints = off\n"
    "lc_messages = 'C'\n";

char *
oc_cluster_default_data_dir (void)
{
    if (geteuid () == 0)
        return g_strdup ("/var/lib/onecard");

    return g_build_filename (g_get_user_data_dir (), "onecard", NULL);
}

OcCluster *
oc_cluster_open (const char *data_dir, GError **error)
{
    g_autofree char *fallback = data_dir ? NULL : oc_cluster_default_data_dir ();
    g_autoptr(OcCluster) self = g_new0 (OcCluster, 1);

    if (!oc_cluster_folder_init (&self->folder, data_dir ? data_dir : fallback, error))
        return NULL;

    return g_steal_pointer (&self);
}

void
oc_cluster_free (OcCluster *self)
{
    if (self == NULL)
        return;
    oc_cluster_folder_clear (&self->folder);
    g_free (self);
}

const char *
oc_cluster_data_dir (OcCluster *self)
{
    return self->folder.data_dir;
}

char *
oc_cluster_version (OcCluster *self)
{
    g_autofree char *path = g_build_filename (self->folder.pgdata, "PG_VERSION", NULL);
    char *version = NULL;

    if (!g_file_get_contents (path, &version, NULL, NULL))
        return NULL;

    return g_strchomp (version);
}

gboolean
oc_cluster_exists (OcCluster *self)
{
    g_autofree char *version = oc_cluster_version (self);

    return version != NULL;
}

/* Line @n (from 0) of postmaster.pid: 0 the pid, 4 the socket's folder. NULL when there is no such file or line. */
static char *
pid_file_line (OcCluster *self, guint n)
{
    g_autofree char *path = g_build_filename (self->folder.pgdata, "postmaster.pid", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents (path, &text, NULL, NULL))
        return NULL;
    lines = g_strsplit (text, "\n", -1);

    return g_strv_length (lines) > n && *lines[n] ? g_strdup (lines[n]) : NULL;
}

/* The folder's socket: of the running server when it says so (its $XDG_RUNTIME_DIR may be another). */
static char *
socket_dir (OcCluster *self)
{
    char *said = pid_file_line (self, 4);

    return said ? said : g_strdup (self->folder.socket_dir);
}

char *
oc_cluster_uri (OcCluster *self, const char *dbname)
{
    g_autofree char *dir = socket_dir (self);
    g_autoptr(GString) quoted = g_string_new (NULL);

    for (const char *p = dir; *p; p++) {
        if (*p == '\'' || *p == '\\')
            g_string_append_c (quoted, '\\');
        g_string_append_c (quoted, *p);
    }

    return g_strdup_printf ("host='%s' port=5432 dbname=%s", quoted->str, dbname);
}

gboolean
oc_cluster_is_running (OcCluster *self)
{
    g_autofree char *uri = NULL;

    if (!oc_cluster_exists (self))
        return FALSE;
    uri = oc_cluster_uri (self, "postgres");

    return PQping (uri) == PQPING_OK;
}

gboolean
oc_cluster_was_started_here (OcCluster *self)
{
    return self->started_here;
}

/* Whether process @pid is alive and is the server of this folder. The server's current directory is its data
 * folder; a zombie has none. Where there is no /proc, a signal must do. */
static gboolean
is_our_server (OcCluster *self, int pid)
{
    g_autofree char *link = g_strdup_printf ("/proc/%d/cwd", pid);
    g_autofree char *cwd = NULL;
    g_autofree char *real = NULL;

    if (!g_file_test ("/proc/self/cwd", G_FILE_TEST_EXISTS))
        return kill (pid, 0) == 0;
    cwd = g_file_read_link (link, NULL);
    real = realpath (self->folder.pgdata, NULL);

    return cwd && real && strcmp (cwd, real) == 0;
}

int
oc_cluster_pid (OcCluster *self)
{
    g_autofree char *line = pid_file_line (self, 0);
    int pid = line ? (int) g_ascii_strtoll (line, NULL, 10) : 0;

    return pid > 0 && is_our_server (self, pid) ? pid : 0;
}

char *
oc_cluster_owner_password (OcCluster *self, GError **error)
{
    return oc_cluster_folder_secret (&self->folder, OWNER_FILE, FALSE, error);
}

char *
oc_cluster_superuser_password (OcCluster *self, GError **error)
{
    return oc_cluster_folder_secret (&self->folder, SUPERUSER_FILE, FALSE, error);
}

OcDb *
oc_cluster_open_db (OcCluster *self, const char *dbname, OcClusterRole role, GError **error)
{
    g_autofree char *uri = oc_cluster_uri (self, dbname);
    g_autofree char *password = role == OC_CLUSTER_OWNER ? oc_cluster_owner_password (self, error)
                                                         : oc_cluster_superuser_password (self, error);
    OcDbLogin login = { uri, role == OC_CLUSTER_OWNER ? OC_CLUSTER_DATABASE "_owner" : SUPERUSER, password, "onecard" };

    return password ? oc_db_open (&login, 10, error) : NULL;
}

/* Removes the leftovers of an initdb that was killed. */
static void
remove_tree (const char *path)
{
    g_autoptr(GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name (dir))) {
        g_autofree char *child = g_build_filename (path, name, NULL);

        remove_tree (child);
    }
    g_remove (path);
}

static gboolean
write_for_server (OcCluster *self, const char *path, const char *text, GError **error)
{
    g_autoptr(GError) failure = NULL;

    if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &failure)) {
        oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL, "%s", failure->message);
        return FALSE;
    }

    return oc_cluster_folder_give (&self->folder, path, error);
}

static gboolean
configure (OcCluster *self, const char *bin, const char *pgdata, GError **error)
{
    g_autofree char *path = g_build_filename (pgdata, "postgresql.conf", NULL);
    g_autofree char *delay = g_build_filename (bin, "..", "lib", "auth_delay.so", NULL);
    g_autofree char *old = NULL;
    g_autofree char *text = NULL;

    if (!g_file_get_contents (path, &old, NULL, NULL))
        old = g_strdup ("");
    /* Slows down who guesses passwords. */
    text = g_strconcat (old, settings, g_file_test (delay, G_FILE_TEST_EXISTS)
        ? "shared_preload_libraries = 'auth_delay'\nauth_delay.milliseconds = 500\n" : "", NULL);

    return write_for_server (self, path, text, error);
}

/* Makes the cluster beside its place and moves it there when it is whole. */
static gboolean
init_cluster (OcCluster *self, GError **error)
{
    g_autofree char *bin = oc_cluster_find_programs (NULL, error);
    g_autofree char *fresh = g_strconcat (self->folder.pgdata, ".new", NULL);
    g_autofree char *password_file = g_build_filename (self->folder.server_dir, "initial.password", NULL);
    g_autofree char *pwfile_option = g_strconcat ("--pwfile=", password_file, NULL);
    g_autofree char *password = NULL;
    const char *argv[] = { "initdb", "-k", "-D", fresh, "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256",
        pwfile_option, "-U", SUPERUSER, NULL };
    gboolean done;

    if (bin == NULL || !(password = oc_cluster_folder_secret (&self->folder, SUPERUSER_FILE, TRUE, error)))
        return FALSE;
    remove_tree (fresh);
    done = write_for_server (self, password_file, password, error)
        && oc_cluster_run (&self->folder, bin, argv, error) && configure (self, bin, fresh, error);
    g_remove (password_file);
    if (done && g_rename (fresh, self->folder.pgdata) != 0) {
        oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL, "%s: %s", self->folder.pgdata, g_strerror (errno));
        return FALSE;
    }

    return done;
}

gboolean
oc_cluster_create (OcCluster *self, GError **error)
{
    g_autofree char *owner = NULL;
    gboolean done;
    int lock;

    if (!oc_cluster_folder_prepare (&self->folder, error) || (lock = oc_cluster_folder_lock (&self->folder, error)) < 0)
        return FALSE;
    done = (owner = oc_cluster_folder_secret (&self->folder, OWNER_FILE, TRUE, error))
        && (oc_cluster_exists (self) || init_cluster (self, error));
    close (lock);

    return done;
}

/* Whether any process of a server works in the folder. A killed server's children take a moment to notice. */
static gboolean
has_server_processes (OcCluster *self)
{
    g_autoptr(GDir) dir = g_dir_open ("/proc", 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name (dir))) {
        g_autofree char *link = g_build_filename ("/proc", name, "exe", NULL);
        g_autofree char *program = g_ascii_isdigit (*name) ? g_file_read_link (link, NULL) : NULL;

        /* After an upgrade of the package the program's name ends with " (deleted)". */
        if (program && strstr (program, "/postgres") && is_our_server (self, (int) g_ascii_strtoll (name, NULL, 10)))
            return TRUE;
    }

    return FALSE;
}

/* PostgreSQL refuses to start over a lock file whose process number is alive, be it a zombie or another program by
 * now. Only when nobody works in the folder are they out of date: its own check of memory in use goes with them. */
static void
remove_stale_locks (OcCluster *self)
{
    g_autofree char *pid_file = g_build_filename (self->folder.pgdata, "postmaster.pid", NULL);
    g_autofree char *socket_lock = g_build_filename (self->folder.socket_dir, ".s.PGSQL.5432.lock", NULL);

    if (!g_file_test ("/proc/self/cwd", G_FILE_TEST_EXISTS))
        return;
    for (int i = 0; i < 100 && has_server_processes (self); i++)
        g_usleep (100 * 1000);
    if (has_server_processes (self))
        return;
    g_remove (pid_file);
    g_remove (socket_lock);
}

/* The newest line of the server's log, which says why it didn't start. Caller frees. */
static char *
log_says (OcCluster *self)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents (self->folder.log, &text, NULL, NULL))
        return g_strdup ("");
    lines = g_strsplit (g_strchomp (text), "\n", -1);
    for (guint i = g_strv_length (lines); i-- > 0;)
        if (strstr (lines[i], "FATAL") || strstr (lines[i], "PANIC"))
            return g_strdup (lines[i]);

    return g_strdup ("");
}

static gboolean
run_server (OcCluster *self, const char *bin, GError **error)
{
    g_autofree char *option = g_strdup_printf ("-k '%s'", self->folder.socket_dir);
    const char *argv[] = { "pg_ctl", "-D", self->folder.pgdata, "-l", self->folder.log, "-o", option, "-w", "-t", "60",
        "start", NULL };
    g_autoptr(GError) failure = NULL;
    g_autofree char *said = NULL;

    for (int i = 0; i < START_ATTEMPTS; i++) {
        g_clear_error (&failure);
        g_clear_pointer (&said, g_free);
        remove_stale_locks (self);
        if (oc_cluster_run (&self->folder, bin, argv, &failure) && oc_cluster_is_running (self))
            return TRUE;
        said = log_says (self);
        if (strstr (said, "still in use") == NULL)
            break;
        g_usleep (250 * 1000);
    }
    oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL,
        _("The private database server does not start: %s. Its log is %s."), *said ? said : failure->message,
        self->folder.log);

    return FALSE;
}

/* Waits for a server that answers but does not accept yet: another program started it, or it recovers. */
static gboolean
wait_until_accepting (OcCluster *self)
{
    for (int i = 0; i < 240 && oc_cluster_pid (self) != 0; i++) {
        if (oc_cluster_is_running (self))
            return TRUE;
        g_usleep (250 * 1000);
    }

    return oc_cluster_is_running (self);
}

static gboolean
start_locked (OcCluster *self, GError **error)
{
    g_autofree char *version = NULL;
    g_autofree char *bin = NULL;

    if (oc_cluster_is_running (self) || (oc_cluster_pid (self) != 0 && wait_until_accepting (self)))
        return TRUE;
    if (!(version = oc_cluster_version (self))) {
        oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL, _("There is no database in %s yet. Run “onecardctl init”."),
            self->folder.data_dir);
        return FALSE;
    }
    if (!(bin = oc_cluster_find_programs (version, error)) || !oc_cluster_folder_prepare_socket (&self->folder, error)
        || !run_server (self, bin, error))
        return FALSE;
    self->started_here = TRUE;

    return TRUE;
}

gboolean
oc_cluster_start (OcCluster *self, GError **error)
{
    gboolean done;
    int lock;

    if (oc_cluster_is_running (self))
        return TRUE;
    if (!g_file_test (self->folder.data_dir, G_FILE_TEST_IS_DIR))
        return start_locked (self, error); /* says that there is nothing */
    if ((lock = oc_cluster_folder_lock (&self->folder, error)) < 0)
        return FALSE;
    done = start_locked (self, error);
    close (lock);

    return done;
}

static gboolean
stop_locked (OcCluster *self, GError **error)
{
    const char *argv[] = { "pg_ctl", "-D", self->folder.pgdata, "-m", "fast", "-w", "-t", "60", "stop", NULL };
    g_autofree char *version = oc_cluster_version (self);
    g_autofree char *bin = NULL;

    if (oc_cluster_pid (self) == 0)
        return TRUE;

    return (bin = oc_cluster_find_programs (version, error)) && oc_cluster_run (&self->folder, bin, argv, error);
}

gboolean
oc_cluster_stop (OcCluster *self, GError **error)
{
    gboolean done;
    int lock;

    if (!oc_cluster_exists (self))
        return TRUE;
    if ((lock = oc_cluster_folder_lock (&self->folder, error)) < 0)
        return FALSE;
    done = stop_locked (self, error);
    if (done)
        self->started_here = FALSE;
    close (lock);

    return done;
}

gboolean
oc_cluster_stop_if_idle (OcCluster *self, GError **error)
{
    static const char others[] =
        "select count(*) as n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
    g_autoptr(OcDb) db = oc_cluster_open_db (self, "postgres", OC_CLUSTER_SUPERUSER, error);
    g_autoptr(OcRows) rows = NULL;

    if (db == NULL
        || !oc_db_execute (db, &(OcStatement){ .name = "clients", .sql = others }, &rows, error))
        return FALSE;
    if (oc_rows_int (rows, 0, "n") > 0)
        return TRUE;
    g_clear_pointer (&db, oc_db_free);

    return oc_cluster_stop (self, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The private server outlives whatever is done to it: kill -9, a stale pid file, half an initdb, two starters at
 * once, a folder too deep for a socket. Each test has a folder and a server of its own. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/install.h"
#include "support/pg-cluster.h"

typedef struct {
    char *dir;
    char *data_dir;
    OcCluster *cluster;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    self->dir = oc_test_dir_new ();
    self->data_dir = g_build_filename (self->dir, data ? (const char *) data : "d", NULL);
    self->cluster = oc_cluster_open (self->data_dir, &error);
    g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    int pid = oc_cluster_pid (self->cluster);

    oc_cluster_stop (self->cluster, NULL);
    if (pid > 0)
        kill (pid, SIGKILL); /* the folder goes next, whatever the test left */
    oc_cluster_free (self->cluster);
    oc_test_dir_remove (self->dir);
    g_free (self->data_dir);
    g_free (self->dir);
}

static void
create_and_start (Fixture *self)
{
    g_autoptr(GError) error = NULL;

    oc_cluster_create (self->cluster, &error);
    g_assert_no_error (error);
    oc_cluster_start (self->cluster, &error);
    g_assert_no_error (error);
    g_assert_true (oc_cluster_is_running (self->cluster));
    g_assert_cmpint (oc_cluster_pid (self->cluster), >, 0);
}

static OcDb *
open_db (Fixture *self)
{
    g_autoptr(GError) error = NULL;
    OcDb *db = oc_cluster_open_db (self->cluster, "postgres", OC_CLUSTER_SUPERUSER, &error);

    g_assert_no_error (error);

    return db;
}

static char *
path_of (Fixture *self, const char *name)
{
    return g_build_filename (self->data_dir, name, NULL);
}

static void
assert_mode (Fixture *self, const char *name, guint mode)
{
    g_autofree char *path = path_of (self, name);
    struct stat info;

    g_assert_cmpint (lstat (path, &info), ==, 0);
    g_assert_cmphex (info.st_mode & 07777, ==, mode);
}

static void
test_life (Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcDb) db = NULL;
    g_autofree char *listens = NULL;
    g_autofree char *method = NULL;

    g_assert_false (oc_cluster_exists (self->cluster));
    g_assert_false (oc_cluster_is_running (self->cluster));
    g_assert_false (oc_cluster_start (self->cluster, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_CLUSTER);
    g_clear_error (&error);

    create_and_start (self);
    g_assert_true (oc_cluster_was_started_here (self->cluster));
    assert_mode (self, "superuser.password", 0600);
    assert_mode (self, "owner.password", 0600);
    assert_mode (self, "server", 0700);
    assert_mode (self, "server/data", 0700);
    assert_mode (self, "server/socket", 0700);
    db = open_db (self);
    listens = oc_test_sql_value (db, "select setting from pg_settings where name = 'listen_addresses'");
    g_assert_cmpstr (listens, ==, "");
    method = oc_test_sql_value (db, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules");
    g_assert_cmpstr (method, ==, "scram-sha-256");

    oc_cluster_stop (self->cluster, &error);
    g_assert_no_error (error);
    g_assert_false (oc_cluster_is_running (self->cluster));
    g_assert_cmpint (oc_cluster_pid (self->cluster), ==, 0);
    oc_cluster_stop (self->cluster, &error); /* not running is stopped */
    g_assert_no_error (error);
}

/* kill -9 of the server: the next start recovers, with all that was committed. */
static void
test_kill_server (Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcDb) db = NULL;
    g_autoptr(OcDb) again = NULL;
    g_autofree char *n = NULL;
    int pid;

    create_and_start (self);
    pid = oc_cluster_pid (self->cluster);
    db = open_db (self);
    oc_test_sql (db, "create table public.kept as select 42 as n");
    g_assert_cmpint (kill (pid, SIGKILL), ==, 0);

    oc_cluster_start (self->cluster, &error);
    g_assert_no_error (error);
    g_assert_cmpint (oc_cluster_pid (self->cluster), !=, pid);
    again = open_db (self);
    n = oc_test_sql_value (again, "select n from public.kept");
    g_assert_cmpstr (n, ==, "42");
}

/* This program again, as a program that starts with installing; caller waits for it. */
static pid_t
spawn_installer (Fixture *self)
{
    const char *argv[] = { "/proc/self/exe", "--install", self->data_dir, NULL };
    g_autoptr(GError) error = NULL;
    GPid pid;

    g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, &pid,
        &error);
    g_assert_no_error (error);

    return pid;
}

static int
be_installer (const char *data_dir)
{
    g_autoptr(OcCluster) cluster = oc_cluster_open (data_dir, NULL);
    g_autoptr(GError) error = NULL;

    if (oc_install_private (cluster, &error))
        kill (getpid (), SIGKILL);
    g_printerr ("%s\n", error->message);

    return 1;
}

/* The program that started it is killed: the server stays and the next program finds it running. */
static void
test_kill_program (Fixture *self, gconstpointer data)
{
    pid_t program = spawn_installer (self);
    g_autoptr(GError) error = NULL;
    int status = 0;
    int pid;

    g_assert_cmpint (waitpid (program, &status, 0), ==, program);
    g_assert_true (WIFSIGNALED (status));
    pid = oc_cluster_pid (self->cluster);
    g_assert_cmpint (pid, >, 0);
    oc_cluster_start (self->cluster, &error);
    g_assert_no_error (error);
    g_assert_cmpint (oc_cluster_pid (self->cluster), ==, pid);
    g_assert_false (oc_cluster_was_started_here (self->cluster));
}

/* A killed server's pid file whose number now belongs to another process: that one is left alone. */
static void
test_stale_pid (Fixture *self, gconstpointer data)
{
    g_autofree char *path = path_of (self, "server/data/postmaster.pid");
    g_autofree char *text = NULL;
    g_autofree char *other = NULL;
    g_autoptr(GError) error = NULL;
    const char *rest;

    create_and_start (self);
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    rest = strchr (text, '\n');
    oc_cluster_stop (self->cluster, &error);
    g_assert_no_error (error);
    other = g_strdup_printf ("%d%s", (int) getpid (), rest);
    g_assert_true (g_file_set_contents (path, other, -1, NULL));

    g_assert_cmpint (oc_cluster_pid (self->cluster), ==, 0);
    oc_cluster_start (self->cluster, &error);
    g_assert_no_error (error);
    g_assert_cmpint (oc_cluster_pid (self->cluster), !=, getpid ());
}

/* A program was killed in the middle of initdb. */
static void
test_half_made (Fixture *self, gconstpointer data)
{
    g_autofree char *half = path_of (self, "server/data.new/base");
    g_autofree char *file = path_of (self, "server/data.new/PG_VERSION");
    g_autofree char *server = path_of (self, "server");

    g_assert_cmpint (g_mkdir_with_parents (half, 0700), ==, 0);
    g_assert_cmpint (chmod (self->data_dir, 0711), ==, 0);
    g_assert_true (g_file_set_contents (file, "15", -1, NULL));
    create_and_start (self);
    g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
}

static gpointer
start_thread (gpointer data)
{
    Fixture *self = data;
    g_autoptr(OcCluster) cluster = oc_cluster_open (self->data_dir, NULL);
    g_autoptr(GError) error = NULL;

    oc_cluster_create (cluster, &error);
    g_assert_no_error (error);
    oc_cluster_start (cluster, &error);
    g_assert_no_error (error);

    return GINT_TO_POINTER (oc_cluster_was_started_here (cluster));
}

static void
test_at_once (Fixture *self, gconstpointer data)
{
    GThread *threads[4];
    int starters = 0;

    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("start", start_thread, self);
    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        starters += GPOINTER_TO_INT (g_thread_join (threads[i]));
    g_assert_cmpint (starters, ==, 1);
    g_assert_true (oc_cluster_is_running (self->cluster));
}

static void
test_idle (Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcDb) client = NULL;

    create_and_start (self);
    client = open_db (self);
    oc_cluster_stop_if_idle (self->cluster, &error);
    g_assert_no_error (error);
    g_assert_true (oc_cluster_is_running (self->cluster));
    g_clear_pointer (&client, oc_db_free);
    for (int i = 0; i < 100 && oc_cluster_is_running (self->cluster); i++) { /* the session's end takes a moment */
        oc_cluster_stop_if_idle (self->cluster, &error);
        g_assert_no_error (error);
        g_usleep (50 * 1000);
    }
    g_assert_false (oc_cluster_is_running (self->cluster));
}

/* The folder of a PostgreSQL that is not installed (any more). */
static void
test_other_major (Fixture *self, gconstpointer data)
{
    g_autofree char *path = path_of (self, "server/data/PG_VERSION");
    g_autofree char *version = NULL;
    g_autoptr(GError) error = NULL;

    oc_cluster_create (self->cluster, &error);
    g_assert_no_error (error);
    version = oc_cluster_version (self->cluster);
    g_assert_true (g_file_set_contents (path, "12\n", -1, NULL));
    g_assert_false (oc_cluster_start (self->cluster, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_CLUSTER);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, "12"));
    g_assert_nonnull (strstr (error->message, version));
    g_assert_nonnull (strstr (error->message, "postgresql-12"));
}

/* The server's log says why it doesn't start; so do we. */
static void
test_will_not_start (Fixture *self, gconstpointer data)
{
    g_autofree char *path = path_of (self, "server/data/postgresql.conf");
    g_autoptr(GError) error = NULL;
    FILE *file;

    oc_cluster_create (self->cluster, &error);
    g_assert_no_error (error);
    file = g_fopen (path, "a");
    fputs ("shared_preload_libraries = 'no_such_library'\n", file);
    g_assert_cmpint (fclose (file), ==, 0);
    g_assert_false (oc_cluster_start (self->cluster, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_CLUSTER);
    g_assert_nonnull (strstr (error->message, "no_such_library"));
}

static void
test_deep (Fixture *self, gconstpointer data)
{
    g_autofree char *uri = NULL;

    create_and_start (self);
    uri = oc_cluster_uri (self->cluster, "postgres");
    g_assert_null (strstr (uri, self->data_dir));
}

/* Somebody else's folder where the server's would be. */
static void
test_foreign_folder (Fixture *self, gconstpointer data)
{
    g_autofree char *server = path_of (self, "server");
    g_autoptr(GError) error = NULL;

    g_assert_cmpint (g_mkdir_with_parents (server, 0755), ==, 0);
    g_assert_cmpint (chmod (self->data_dir, 0755), ==, 0);
    g_assert_cmpint (chmod (server, 0777), ==, 0);
    g_assert_false (oc_cluster_create (self->cluster, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_CLUSTER);
    g_assert_nonnull (strstr (error->message, server));
}

/* What a first start of the program does, killed at any moment and done again. */
static void
test_install_private (Fixture *self, gconstpointer data)
{
    static const guint moments_ms[] = { 100, 400, 700, 900, 1100, 1400 };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcDb) owner = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS (moments_ms); i++) {
        pid_t program = spawn_installer (self);

        g_usleep (moments_ms[i] * 1000);
        kill (program, SIGKILL);
        waitpid (program, NULL, 0);
    }
    oc_install_private (self->cluster, &error);
    g_assert_no_error (error);
    owner = oc_cluster_open_db (self->cluster, OC_CLUSTER_DATABASE, OC_CLUSTER_OWNER, &error);
    g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
    static const char deep[] = "a-folder-whose-name-is-long/another-folder-whose-name-is-long/and-a-third-one/so-that-a-socket-does-not-fit";
    static const struct {
        const char *path;
        void (*run) (Fixture *self, gconstpointer data);
        const char *folder;
    } tests[] = {
        { "/db/cluster/life", test_life, NULL }, { "/db/cluster/kill-server", test_kill_server, NULL },
        { "/db/cluster/kill-program", test_kill_program, NULL }, { "/db/cluster/stale-pid", test_stale_pid, NULL },
        { "/db/cluster/half-made", test_half_made, NULL }, { "/db/cluster/at-once", test_at_once, NULL },
        { "/db/cluster/idle", test_idle, NULL }, { "/db/cluster/other-major", test_other_major, NULL },
        { "/db/cluster/will-not-start", test_will_not_start, NULL }, { "/db/cluster/deep", test_deep, deep },
        { "/db/cluster/foreign-folder", test_foreign_folder, NULL },
        { "/db/cluster/install", test_install_private, NULL },
    };

    if (argc == 3 && strcmp (argv[1], "--install") == 0)
        return be_installer (argv[2]);
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
        g_test_add (tests[i].path, Fixture, tests[i].folder, set_up, tests[i].run, tear_down);

    return g_test_run ();
}

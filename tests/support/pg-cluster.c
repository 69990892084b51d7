/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See pg-cluster.h. A shell that waits for the end of a pipe is the guardian of each folder: when the test program
 * dies, even by an assertion or kill -9, the pipe ends and the guardian stops what runs there and removes it. */
#include "support/pg-cluster.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/install.h"
#include "db/private.h"

typedef struct {
    char *dir;
    pid_t guardian;
    int pipe;
} Guarded;

static GHashTable *guarded; /* dir -> Guarded */
static OcCluster *cluster;
static char *cluster_dir;
static void (*prepare_template) (OcDb *owner);
static gboolean prepared;
static guint n_databases;

static void
start_guardian (Guarded *self)
{
    static const char script[] =
        "read nothing; find \"$1\" -name postmaster.pid 2>/dev/null | while read f; do p=$(head -n 1 \"$f\");"
        " if [ \"$(readlink /proc/$p/cwd)\" = \"${f%/*}\" ]; then kill -QUIT $p;"
        " for i in $(seq 100); do [ -e \"$f\" ] || break; sleep 0.05; done; fi; done; rm -rf \"$1\"";
    int fds[2];

    g_assert_cmpint (pipe (fds), ==, 0);
    g_assert_cmpint (fcntl (fds[1], F_SETFD, FD_CLOEXEC), ==, 0);
    self->guardian = fork ();
    g_assert_cmpint (self->guardian, >=, 0);
    if (self->guardian == 0) {
        int null = open ("/dev/null", O_WRONLY);

        dup2 (fds[0], 0);
        dup2 (null, 1); /* whoever reads the test's output need not wait for us */
        dup2 (null, 2);
        close (fds[1]);
        setsid ();
        execl ("/bin/sh", "sh", "-c", script, "guardian", self->dir, NULL);
        _exit (127);
    }
    close (fds[0]);
    self->pipe = fds[1];
}

char *
oc_test_dir_new (void)
{
    char *path = g_build_filename (g_get_tmp_dir (), "octXXXXXX", NULL);
    Guarded *self = g_new0 (Guarded, 1);

    g_assert_nonnull (g_mkdtemp (path));
    g_assert_cmpint (chmod (path, 0711), ==, 0);
    if (guarded == NULL)
        guarded = g_hash_table_new (g_str_hash, g_str_equal);
    self->dir = g_strdup (path);
    start_guardian (self);
    g_hash_table_insert (guarded, self->dir, self);

    return path;
}

void
oc_test_dir_remove (const char *path)
{
    Guarded *self = g_hash_table_lookup (guarded, path);

    g_assert_nonnull (self);
    g_hash_table_remove (guarded, path);
    close (self->pipe);
    g_assert_cmpint (waitpid (self->guardian, NULL, 0), ==, self->guardian);
    g_free (self->dir);
    g_free (self);
}

/* Durability costs time and proves nothing here; only the tests of killing the server need what is on disk,
 * and that a killed process has written stays written. */
static void
make_fast (const char *dir)
{
    g_autofree char *path = g_build_filename (dir, "server", "data", "postgresql.conf", NULL);
    FILE *file = g_fopen (path, "a");

    g_assert_nonnull (file);
    fputs ("fsync = off\nfull_page_writes = off\nauth_delay.milliseconds = 0\n", file);
    g_assert_cmpint (fclose (file), ==, 0);
}

OcCluster *
oc_test_cluster (void)
{
    g_autoptr(GError) error = NULL;

    if (cluster)
        return cluster;
    signal (SIGPIPE, SIG_IGN);
    cluster_dir = oc_test_dir_new ();
    cluster = oc_cluster_open (cluster_dir, &error);
    g_assert_no_error (error);
    oc_cluster_create (cluster, &error);
    g_assert_no_error (error);
    make_fast (cluster_dir);
    oc_install_private (cluster, &error);
    g_assert_no_error (error);

    return cluster;
}

void
oc_test_cluster_end (void)
{
    if (cluster == NULL)
        return;
    g_clear_pointer (&cluster, oc_cluster_free);
    oc_test_dir_remove (cluster_dir);
    g_clear_pointer (&cluster_dir, g_free);
    prepared = FALSE;
}

void
oc_test_db_prepare (void (*prepare) (OcDb *owner))
{
    prepare_template = prepare;
}

static OcDb *
open_as (const char *name, OcClusterRole role)
{
    g_autoptr(GError) error = NULL;
    OcDb *db = oc_cluster_open_db (oc_test_cluster (), name, role, &error);

    g_assert_no_error (error);
    if (role == OC_CLUSTER_OWNER) /* who calls functions of rules, which take the names of their caller */
        oc_test_sql (db, "set search_path = onecard, rules, ext, pg_temp");

    return db;
}

OcTestDb *
oc_test_db_new (void)
{
    OcTestDb *self = g_new0 (OcTestDb, 1);
    g_autoptr(OcDb) admin = open_as ("postgres", OC_CLUSTER_SUPERUSER);
    g_autofree char *create = NULL;
    g_autofree char *close_off = NULL;

    if (!prepared && prepare_template) {
        g_autoptr(OcDb) owner = open_as (OC_CLUSTER_DATABASE, OC_CLUSTER_OWNER);

        prepare_template (owner);
    }
    prepared = TRUE;
    self->name = g_strdup_printf ("t%u", ++n_databases);
    self->uri = oc_cluster_uri (oc_test_cluster (), self->name);
    /* Who just left the template may still be on his way out. */
    create = g_strdup_printf ("create database %s template onecard owner onecard_owner", self->name);
    for (int i = 0; i < 100 && !oc_db_script (admin, "clone", create, NULL); i++)
        g_usleep (20 * 1000);
    /* What a database may is not cloned with it. */
    close_off = g_strdup_printf ("revoke all on database %s from public; grant connect on database %s to onecard_operator, onecard_backup",
        self->name, self->name);
    oc_test_sql (admin, close_off);

    return self;
}

void
oc_test_db_free (OcTestDb *self)
{
    g_autoptr(OcDb) admin = open_as ("postgres", OC_CLUSTER_SUPERUSER);
    g_autofree char *drop = g_strdup_printf ("drop database %s with (force)", self->name);

    oc_test_sql (admin, drop);
    g_free (self->name);
    g_free (self->uri);
    g_free (self);
}

OcDb *
oc_test_db_owner (OcTestDb *self)
{
    return open_as (self->name, OC_CLUSTER_OWNER);
}

OcDb *
oc_test_db_superuser (OcTestDb *self)
{
    return open_as (self->name, OC_CLUSTER_SUPERUSER);
}

OcDb *
oc_test_db_operator (OcTestDb *self, int number, const char *password, GError **error)
{
    g_autofree char *user = g_strdup_printf ("onecard_%d", number);

    return oc_db_open (&(OcDbLogin){ self->uri, user, password, "onecard-test" }, 10, error);
}

void
oc_test_sql (OcDb *db, const char *sql)
{
    g_autoptr(GError) error = NULL;

    oc_db_script (db, "test", sql, &error);
    g_assert_no_error (error);
}

char *
oc_test_sql_value (OcDb *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;

    oc_db_execute (db, &(OcStatement){ .name = "test", .sql = sql }, &rows, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (oc_rows_count (rows), >, 0);

    return g_strdup (oc_rows_text (rows, 0, oc_rows_column_name (rows, 0)));
}

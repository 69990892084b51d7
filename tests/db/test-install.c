/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database is brought to this program's version once, again without harm, and never backwards. */
#include <string.h>

#include "db/install.h"
#include "support/pg-cluster.h"

typedef struct {
    OcTestDb *db;
    OcDb *owner;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
    self->db = oc_test_db_new ();
    self->owner = oc_test_db_owner (self->db);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    oc_db_free (self->owner);
    oc_test_db_free (self->db);
}

static void
assert_value (Fixture *self, const char *sql, const char *expected)
{
    g_autofree char *value = oc_test_sql_value (self->owner, sql);

    g_assert_cmpstr (value, ==, expected);
}

static gboolean
is_current (Fixture *self)
{
    g_autoptr(GError) error = NULL;
    gboolean current = FALSE;

    oc_install_is_current (self->owner, &current, &error);
    g_assert_no_error (error);

    return current;
}

static void
upgrade (Fixture *self)
{
    g_autoptr(GError) error = NULL;

    oc_install_upgrade (self->owner, &error);
    g_assert_no_error (error);
    g_assert_true (is_current (self));
}

static void
test_twice (Fixture *self, gconstpointer data)
{
    g_assert_true (is_current (self));
    assert_value (self, "select count(*) > 0 from onecard.card_layout", "t");
    oc_test_sql (self->owner, "create function api.strange() returns void language sql as ''");
    upgrade (self);
    assert_value (self, "select to_regprocedure('api.strange()') is null", "t");
    assert_value (self, "select count(*) = count(distinct number) from onecard.schema_version", "t");
    upgrade (self);
}

/* A database whose functions are of an older program: made new, and what it holds stays. */
static void
test_upgrade (Fixture *self, gconstpointer data)
{
    oc_test_sql (self->owner,
        "update onecard.schema_version set sha256 = 'older', program = '0.0.9' where number = 0;"
        " create table onecard.kept as select 42 as n; drop schema api, admin, rules cascade");
    g_assert_false (is_current (self));
    upgrade (self);
    assert_value (self, "select n from onecard.kept", "42");
    assert_value (self, "select to_regnamespace('api') is not null", "t");
    assert_value (self, "select program from onecard.schema_version where number = 0", ONECARD_VERSION);
}

static void
assert_refused (Fixture *self, OcDbErrorCode code, const char *word)
{
    gboolean current;
    g_autoptr(GError) asked = NULL;
    g_autoptr(GError) upgraded = NULL;

    g_assert_false (oc_install_is_current (self->owner, &current, &asked));
    g_assert_error (asked, OC_DB_ERROR, (int) code);
    g_assert_false (oc_install_upgrade (self->owner, &upgraded));
    g_assert_error (upgraded, OC_DB_ERROR, (int) code);
    g_assert_nonnull (strstr (upgraded->message, word));
    assert_value (self, "select to_regnamespace('api') is not null", "t");
}

static void
test_newer_tables (Fixture *self, gconstpointer data)
{
    oc_test_sql (self->owner,
        "insert into onecard.schema_version (number, file, sha256, program) values (999, 'tables/999-later.sql', 'x', '0.1.0')");
    assert_refused (self, OC_DB_ERROR_NEWER, "newer");
}

static void
test_newer_program (Fixture *self, gconstpointer data)
{
    oc_test_sql (self->owner, "update onecard.schema_version set program = '0.10.0' where number = 0");
    assert_refused (self, OC_DB_ERROR_NEWER, "newer");
}

static void
test_other_text (Fixture *self, gconstpointer data)
{
    oc_test_sql (self->owner, "update onecard.schema_version set sha256 = 'x' where number = 1");
    assert_refused (self, OC_DB_ERROR_INTERNAL, "tables/001-start.sql");
}

static void
test_not_prepared (Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    oc_test_sql (self->owner, "drop table onecard.schema_version");
    g_assert_false (oc_install_upgrade (self->owner, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_OLDER);
    g_assert_nonnull (strstr (error->message, "onecardctl"));
}

static gpointer
upgrade_thread (gpointer data)
{
    Fixture *self = data;
    g_autoptr(OcDb) owner = oc_test_db_owner (self->db);
    g_autoptr(GError) error = NULL;

    oc_install_upgrade (owner, &error);
    g_assert_no_error (error);

    return NULL;
}

static void
test_at_once (Fixture *self, gconstpointer data)
{
    GThread *threads[3];

    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("upgrade", upgrade_thread, self);
    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        g_thread_join (threads[i]);
    g_assert_true (is_current (self));
}

/* A second database on one server has roles of its own, which can't touch the first. */
static void
test_second_database (Fixture *self, gconstpointer data)
{
    OcCluster *cluster = oc_test_cluster ();
    g_autoptr(OcDb) superuser = oc_cluster_open_db (cluster, "postgres", OC_CLUSTER_SUPERUSER, NULL);
    g_autofree char *uri = oc_cluster_uri (cluster, "second");
    g_autofree char *first_uri = oc_cluster_uri (cluster, OC_CLUSTER_DATABASE);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcDb) owner = NULL;
    g_autofree char *prefix = NULL;

    for (int i = 0; i < 2; i++) { /* may be repeated */
        oc_install_create (superuser, "second", i == 0 ? "owner's word" : "another", &error);
        g_assert_no_error (error);
    }
    g_assert_null (oc_db_open (&(OcDbLogin){ uri, "second_owner", "owner's word", "test" }, 5, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD);
    g_clear_error (&error);
    owner = oc_db_open (&(OcDbLogin){ uri, "second_owner", "another", "test" }, 5, &error);
    g_assert_no_error (error);
    oc_install_upgrade (owner, &error);
    g_assert_no_error (error);
    prefix = oc_test_sql_value (owner, "select onecard.role_prefix()");
    g_assert_cmpstr (prefix, ==, "second");
    g_assert_null (oc_db_open (&(OcDbLogin){ first_uri, "second_owner", "another", "test" }, 5, &error));
    g_assert_nonnull (error);
    g_clear_error (&error);

    g_assert_false (oc_install_create (superuser, "no\"name", "x", &error));
    g_assert_nonnull (error);
}

int
main (int argc, char *argv[])
{
    static const struct {
        const char *path;
        void (*run) (Fixture *self, gconstpointer data);
    } tests[] = {
        { "/db/install/twice", test_twice }, { "/db/install/upgrade", test_upgrade },
        { "/db/install/newer-tables", test_newer_tables }, { "/db/install/newer-program", test_newer_program },
        { "/db/install/other-text", test_other_text }, { "/db/install/not-prepared", test_not_prepared },
        { "/db/install/at-once", test_at_once }, { "/db/install/second-database", test_second_database },
    };
    int rc;

    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
        g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
    rc = g_test_run ();
    oc_test_cluster_end ();

    return rc;
}

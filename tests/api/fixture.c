/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See fixture.h. */
#include "fixture.h"

#include "core/error.h"
#include "db/private.h"

const char *const api_verifier =
    "SCRAM-SHA-256$4096:AAECAwQFBgcICQoLDA0ODw==$bsMJqrn9RAHj+yLik1BQDzlB7o2sLjNxw0ilvLPefcY="
    ":W8AAXmUxp5Ucv16cu2FHZWuIxwogLL+MguivLj1RM/I=";

static const char *const *demo_scripts;

static void
run_script (OcDb *superuser, const char *name)
{
    g_autofree char *path = g_test_build_filename (G_TEST_DIST, name, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *sql = NULL;

    g_file_get_contents (path, &sql, NULL, &error);
    g_assert_no_error (error);
    oc_test_sql (superuser, sql);
}

static void
make_demo (OcDb *owner)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcDb) superuser = NULL;

    oc_test_sql (owner, "select admin.init_demo()");
    if (demo_scripts == NULL)
        return;
    superuser = oc_cluster_open_db (oc_test_cluster (), OC_CLUSTER_DATABASE, OC_CLUSTER_SUPERUSER, &error);
    g_assert_no_error (error);
    for (gsize i = 0; demo_scripts[i]; i++)
        run_script (superuser, demo_scripts[i]);
}

void
api_demo_with (const char *const *scripts)
{
    demo_scripts = scripts;
}

OcTestDb *
api_demo_new (void)
{
    oc_test_db_prepare (make_demo);

    return oc_test_db_new ();
}

OcDb *
api_operator (OcTestDb *db, int number)
{
    g_autofree char *password = g_strdup_printf ("%d", number);
    g_autoptr(GError) error = NULL;
    OcDb *operator = oc_test_db_operator (db, number, password, &error);

    g_assert_no_error (error);

    return operator;
}

char *
api_run (OcDb *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    const char *code;

    if (oc_db_execute (db, &(OcStatement){ .name = "test", .sql = sql }, NULL, &error))
        return g_strdup ("");
    code = oc_error_get_code (error);
    if (code == NULL)
        code = oc_db_error_get_sqlstate (error);

    return g_strdup (code ? code : error->message);
}

void
api_expect (OcDb *db, const char *sql, const char *code)
{
    g_autofree char *got = api_run (db, sql);

    if (g_strcmp0 (got, code) != 0)
        g_test_fail_printf ("%s: “%s”, not “%s”", sql, got, code);
}

void
api_expect_value (OcDb *db, const char *sql, const char *value)
{
    g_autofree char *got = oc_test_sql_value (db, sql);

    if (g_strcmp0 (got, value) != 0)
        g_test_fail_printf ("%s: “%s”, not “%s”", sql, got, value);
}

OcRows *
api_rows (OcDb *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    OcRows *rows = NULL;

    oc_db_execute (db, &(OcStatement){ .name = "test", .sql = sql }, &rows, &error);
    g_assert_no_error (error);

    return rows;
}

void
api_script (OcTestDb *db, const char *name)
{
    g_autoptr(OcDb) superuser = oc_test_db_superuser (db);

    run_script (superuser, name);
}

void
api_undo_pending (OcTestDb *db)
{
    g_autoptr(OcDb) superuser = oc_test_db_superuser (db);

    oc_test_sql (superuser, "update onecard.trade set state = 'void' where state = 'pending'; update onecard.card_job_meter set pending = false;"
        " update onecard.card_job set state = 'undone', finished_at = now() where state = 'pending'");
}

char *
api_broken (OcDb *owner)
{
    return oc_test_sql_value (owner,
        "select coalesce(string_agg(invariant, ', ' order by invariant), '') from admin.check() where broken > 0");
}

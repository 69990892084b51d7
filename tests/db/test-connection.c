/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connecting, calling with every kind of argument, and what each way of failing is called. */
#include <string.h>

#include "core/error.h"
#include "db/call.h"
#include "support/pg-cluster.h"

typedef struct {
    OcTestDb *db;
    OcDb *owner;
} Fixture;

/* Functions of the test's own, where operations would find theirs. */
static const char functions[] =
    "create function api.echo(a text, b bigint, c boolean, d numeric, e uuid, f bytea, g timestamptz, h jsonb)"
    " returns table (a text, b bigint, c boolean, d numeric, e uuid, f bytea, g text, h text)"
    " language sql as $$ select $1, $2, $3, $4, $5, $6, to_char($7 at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), $8->>'k' $$;"
    "create function api.lists(a text[], b bigint[], c numeric[], d bytea[], e timestamptz[])"
    " returns table (i bigint, a text, b bigint, c numeric, d bytea, e text) language sql as $$"
    " select i, x.a, x.b, x.c, x.d, to_char(x.e at time zone 'UTC', 'YYYY') from unnest($1, $2, $3, $4, $5)"
    " with ordinality as x (a, b, c, d, e, i) order by i $$;"
    "create function api.fail(code text, lines text) returns void language plpgsql as $$ begin"
    " raise exception using errcode = code, message = 'secret 4711', detail = lines; end $$;"
    "create table onecard.counted (n bigint);"
    "create function api.count() returns bigint language sql as $$"
    " insert into onecard.counted values (1) returning (select count(*) + 1 from onecard.counted) $$;"
    "create function api.end_me() returns void language sql as $$ select pg_terminate_backend(pg_backend_pid()) $$;"
    "create function api.sleep() returns void language sql as $$ select pg_sleep(60) $$;"
    "create sequence onecard.tries;"
    "create function api.serialize(until bigint, code text) returns bigint language plpgsql as $$ declare n bigint; begin"
    " n := nextval('onecard.tries'); if n < until then raise exception using errcode = code, message = 'again'; end if;"
    " return n; end $$;";

static void
set_up (Fixture *self, gconstpointer data)
{
    self->db = oc_test_db_new ();
    self->owner = oc_test_db_owner (self->db);
    oc_test_sql (self->owner, functions);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    oc_db_free (self->owner);
    oc_test_db_free (self->db);
}

static void
test_typed (Fixture *self, gconstpointer data)
{
    static const char hard[] = "'; drop table x; -- \\ \"\n\t吴敏 😀";
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new ("\0\1\xff", 3);
    g_autoptr(GBytes) back = NULL;

    oc_db_call (self->owner, "echo", &rows, &error, oc_text (hard), oc_int (G_MININT64), oc_bool (TRUE),
        oc_money ((OcMoney){ -12300 }), oc_uuid ("00000000-0000-4000-8000-000000000001"), oc_bytes (&bytes),
        oc_time ("2026-01-02T03:04:05+08:00"), oc_json ("{\"k\": \"v\"}"));
    g_assert_no_error (error);
    g_assert_cmpuint (oc_rows_count (rows), ==, 1);
    g_assert_cmpstr (oc_rows_text (rows, 0, "a"), ==, hard);
    g_assert_true (oc_rows_int (rows, 0, "b") == G_MININT64);
    g_assert_true (oc_rows_bool (rows, 0, "c"));
    g_assert_cmpint (oc_rows_money (rows, 0, "d").units, ==, -12300);
    g_assert_cmpstr (oc_rows_text (rows, 0, "e"), ==, "00000000-0000-4000-8000-000000000001");
    g_assert_cmpstr (oc_rows_text (rows, 0, "g"), ==, "2026-01-01 19:04:05");
    g_assert_cmpstr (oc_rows_text (rows, 0, "h"), ==, "v");
    back = oc_rows_bytes (rows, 0, "f");
    g_assert_true (g_bytes_equal (back, bytes));
}

static void
test_nulls (Fixture *self, gconstpointer data)
{
    static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;

    oc_db_call (self->owner, "echo", &rows, &error, oc_text (NULL), oc_null (OC_ARG_INT), oc_null (OC_ARG_BOOL),
        oc_null (OC_ARG_NUMERIC), oc_uuid (NULL), oc_null (OC_ARG_BYTES), oc_time (NULL), oc_json (NULL));
    g_assert_no_error (error);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        g_assert_true (oc_rows_is_null (rows, 0, names[i]));
}

static void
test_lists (Fixture *self, gconstpointer data)
{
    static const char *const texts[] = { "a,\"b\\{}", NULL, "NULL" };
    static const char *const times[] = { "2026-01-01T00:00:00Z", NULL, "2027-01-01T00:00:00Z" };
    static const gint64 ints[] = { 1, -2, 3 };
    static const gint64 numerics[] = { 10001, G_MININT64, -1 };
    g_autoptr(GBytes) full = g_bytes_new ("\x5c\x22\x00", 3);
    g_autoptr(GBytes) empty = g_bytes_new ("", 0);
    GBytes *bytess[] = { full, NULL, empty };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;

    oc_db_call (self->owner, "lists", &rows, &error, oc_texts (texts, 3), oc_ints (ints, 3), oc_numerics (numerics, 3),
        oc_bytess (bytess, 3), oc_times (times, 3));
    g_assert_no_error (error);
    g_assert_cmpuint (oc_rows_count (rows), ==, 3);
    g_assert_cmpstr (oc_rows_text (rows, 0, "a"), ==, texts[0]);
    g_assert_true (oc_rows_is_null (rows, 1, "a"));
    g_assert_cmpstr (oc_rows_text (rows, 2, "a"), ==, "NULL");
    g_assert_cmpint (oc_rows_int (rows, 1, "b"), ==, -2);
    g_assert_cmpint (oc_rows_quantity (rows, 0, "c").units, ==, 10001);
    g_assert_true (oc_rows_is_null (rows, 1, "c"));
    g_assert_cmpint (oc_rows_quantity (rows, 2, "c").units, ==, -1);
    g_assert_cmpstr (oc_rows_text (rows, 0, "d"), ==, "\\x5c2200");
    g_assert_true (oc_rows_is_null (rows, 1, "d"));
    g_assert_cmpstr (oc_rows_text (rows, 2, "d"), ==, "\\x");
    g_assert_cmpstr (oc_rows_text (rows, 0, "e"), ==, "2026");
    g_assert_true (oc_rows_is_null (rows, 1, "e"));
}

/* Empty arrays are arrays without elements, not null. */
static void
test_empty_lists (Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;

    oc_db_call (self->owner, "lists", &rows, &error, oc_texts (NULL, 0), oc_ints (NULL, 0), oc_numerics (NULL, 0),
        oc_bytess (NULL, 0), oc_times (NULL, 0));
    g_assert_no_error (error);
    g_assert_cmpuint (oc_rows_count (rows), ==, 0);
}

static void
test_refusal (Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_false (oc_db_call (self->owner, "fail", NULL, &error, oc_text ("OC011"), oc_text ("limit=500.00\nno value\nx=a\\nb")));
    g_assert_true (error->domain == OC_ERROR);
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC011");
    g_assert_nonnull (strstr (error->message, "500"));
    g_assert_null (strstr (error->message, "4711"));
    g_assert_true (oc_db_is_up (self->owner));
}

/* Every other state has the words for the one who sits there, and never what the server quoted. */
static void
test_failures (Fixture *self, gconstpointer data)
{
    static const struct {
        const char *sqlstate;
        OcDbErrorCode code;
    } cases[] = {
        { "57014", OC_DB_ERROR_BUSY }, { "55P03", OC_DB_ERROR_BUSY }, { "3F000", OC_DB_ERROR_NEWER },
        { "23505", OC_DB_ERROR_INTERNAL }, { "XX000", OC_DB_ERROR_INTERNAL }, { "57P01", OC_DB_ERROR_LOST },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false (oc_db_call (self->owner, "fail", NULL, &error, oc_text (cases[i].sqlstate), oc_text ("")));
        g_assert_error (error, OC_DB_ERROR, (int) cases[i].code);
        g_assert_cmpstr (oc_db_error_get_sqlstate (error), ==, cases[i].sqlstate);
        g_assert_null (strstr (error->message, "4711"));
    }
}

static void
test_unknown_function (Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_false (oc_db_call0 (self->owner, "not_there", NULL, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_NEWER);
    g_assert_cmpstr (oc_db_error_get_sqlstate (error), ==, "42883");
}

/* A serialization failure is repeated until it comes through, a deadlock too; the caller sees one call. */
static void
test_again (Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    guint calls = oc_db_n_calls (self->owner);

    oc_db_call (self->owner, "serialize", &rows, &error, oc_int (3), oc_text ("40001"));
    g_assert_no_error (error);
    g_assert_cmpint (oc_rows_int (rows, 0, "serialize"), ==, 3);
    g_assert_cmpuint (oc_db_n_calls (self->owner), ==, calls + 1);

    g_assert_false (oc_db_call (self->owner, "serialize", NULL, &error, oc_int (1000), oc_text ("40P01")));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_BUSY);
}

static void
test_lost (Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;

    g_assert_false (oc_db_call0 (self->owner, "end_me", NULL, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_LOST);
    g_assert_false (oc_db_is_up (self->owner));
    g_clear_error (&error);

    oc_db_call0 (self->owner, "count", &rows, &error); /* connects by itself */
    g_assert_no_error (error);
    g_assert_true (oc_db_is_up (self->owner));
}

typedef struct {
    gboolean before;
    guint asked;
} Break;

static gboolean
break_cb (gboolean before, guint call, const char *name, gpointer data)
{
    Break *self = data;

    g_assert_cmpstr (name, ==, "count");
    self->asked++;

    return before != self->before;
}

/* Broken before it was sent nothing happened; broken after the answer it did. Both look the same to the caller. */
static void
test_fault (Fixture *self, gconstpointer data)
{
    for (int before = 0; before <= 1; before++) {
        Break fault = { before, 0 };
        g_autoptr(GError) error = NULL;
        g_autofree char *n = NULL;

        oc_test_sql (self->owner, "truncate onecard.counted");
        oc_db_set_fault (self->owner, break_cb, &fault);
        g_assert_false (oc_db_call0 (self->owner, "count", NULL, &error));
        oc_db_set_fault (self->owner, NULL, NULL);
        g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_LOST);
        g_assert_cmpuint (fault.asked, ==, before ? 1 : 2);
        n = oc_test_sql_value (self->owner, "select count(*) from onecard.counted");
        g_assert_cmpstr (n, ==, before ? "0" : "1");
    }
}

/* A server that ended our session while nobody asked: the next call does not even notice. */
static void
test_idle_drop (Fixture *self, gconstpointer data)
{
    g_autoptr(OcDb) other = oc_test_db_superuser (self->db);
    g_autoptr(GError) error = NULL;

    oc_test_sql (other,
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'onecard_owner' and datname = current_database()");
    oc_db_call0 (self->owner, "count", NULL, &error);
    g_assert_no_error (error);
}

static gboolean
hello_cb (OcDb *db, gpointer data, GError **error)
{
    ++*(guint *) data;

    return oc_db_call0 (db, "count", NULL, error);
}

static void
test_hello (Fixture *self, gconstpointer data)
{
    guint said = 0;
    g_autoptr(GError) error = NULL;

    oc_db_set_hello (self->owner, hello_cb, &said, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (said, ==, 1);
    oc_db_reconnect (self->owner, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (said, ==, 2);
    g_assert_false (oc_db_call0 (self->owner, "end_me", NULL, NULL));
    oc_db_call0 (self->owner, "count", NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (said, ==, 3);
}

static guint
count_prepared (Fixture *self)
{
    g_autofree char *n = oc_test_sql_value (self->owner, "select count(*) from pg_prepared_statements");

    return (guint) g_ascii_strtoull (n, NULL, 10);
}

static void
call_count (Fixture *self)
{
    g_autoptr(GError) error = NULL;

    oc_db_call0 (self->owner, "count", NULL, &error);
    g_assert_no_error (error);
}

/* The second time a call comes it is prepared, on each connection anew; and one that the server forgot is said again. */
static void
test_prepared (Fixture *self, gconstpointer data)
{
    guint said = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *n = NULL;

    call_count (self);
    g_assert_cmpuint (count_prepared (self), ==, 0);
    call_count (self);
    call_count (self);
    g_assert_cmpuint (count_prepared (self), ==, 1);
    for (int i = 1; i <= 3; i++) {
        g_autoptr(OcRows) rows = NULL;

        oc_db_call (self->owner, "fail", NULL, NULL, oc_text ("OC020"), oc_text (""));
        oc_db_call (self->owner, "lists", &rows, &error, oc_texts (NULL, 0), oc_ints (NULL, 0), oc_numerics (NULL, 0),
            oc_bytess (NULL, 0), oc_times (NULL, 0));
        g_assert_no_error (error);
        call_count (self);
    }
    g_assert_cmpuint (count_prepared (self), ==, 3);

    oc_db_reconnect (self->owner, &error);
    g_assert_no_error (error);
    call_count (self);
    g_assert_cmpuint (count_prepared (self), ==, 0);
    call_count (self);
    oc_db_set_hello (self->owner, hello_cb, &said, &error);
    g_assert_no_error (error);
    oc_test_sql (self->owner, "deallocate all");
    call_count (self);
    g_assert_cmpuint (said, ==, 2);

    n = oc_test_sql_value (self->owner, "select count(*) from onecard.counted");
    g_assert_cmpstr (n, ==, "11"); /* and nothing twice */
}

/* The database is upgraded while a station is connected: new columns are just there, a function that is gone is the newer
 * database's. */
static void
test_upgraded (Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    g_autoptr(OcDb) other = oc_test_db_owner (self->db);

    call_count (self);
    call_count (self);
    oc_test_sql (other, "drop function api.count(); create function api.count() returns table (n bigint, more text)"
                        " language sql as $$ select 7::bigint, 'more' $$");
    oc_db_call0 (self->owner, "count", &rows, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_rows_text (rows, 0, "more"), ==, "more");
    call_count (self);
    oc_test_sql (other, "drop function api.count()");
    g_assert_false (oc_db_call0 (self->owner, "count", NULL, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_NEWER);
}

static gpointer
cancel_thread (gpointer data)
{
    OcDb *db = data;

    for (int i = 0; i < 50; i++) { /* it may not have begun yet */
        g_usleep (100 * 1000);
        oc_db_cancel (db);
        if (i == 2)
            break;
    }

    return NULL;
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
    g_autoptr(GThread) thread = g_thread_new ("cancel", cancel_thread, self->owner);
    gint64 began = g_get_monotonic_time ();
    g_autoptr(GError) error = NULL;

    g_assert_false (oc_db_call0 (self->owner, "sleep", NULL, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_BUSY);
    g_assert_cmpint (g_get_monotonic_time () - began, <, 20 * G_TIME_SPAN_SECOND);
    g_thread_join (g_steal_pointer (&thread));
}

static OcDb *
open_with (Fixture *self, const char *uri, const char *user, const char *password, GError **error)
{
    return oc_db_open (&(OcDbLogin){ uri ? uri : self->db->uri, user, password, "test" }, 3, error);
}

static void
test_login (Fixture *self, gconstpointer data)
{
    g_autoptr(OcDb) superuser = oc_test_db_superuser (self->db);
    g_autofree char *verifier = NULL;
    g_autofree char *create = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcDb) db = NULL;

    verifier = oc_db_make_verifier (superuser, "onecard_7777", "pass 密码", &error);
    g_assert_no_error (error);
    g_assert_true (g_str_has_prefix (verifier, "SCRAM-SHA-256$4096:"));
    create = g_strdup_printf ("drop role if exists onecard_7777; create role onecard_7777 login in role onecard_operator password '%s'", verifier);
    oc_test_sql (superuser, create);

    db = open_with (self, NULL, "onecard_7777", "pass 密码", &error);
    g_assert_no_error (error);
    g_clear_pointer (&db, oc_db_free);

    g_assert_null (open_with (self, NULL, "onecard_7777", "wrong", &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD);
    g_clear_error (&error);
    g_assert_null (open_with (self, NULL, "onecard_7778", "nobody", &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD);
    g_clear_error (&error);
    oc_test_sql (superuser, "alter role onecard_7777 nologin");
    g_assert_null (open_with (self, NULL, "onecard_7777", "pass 密码", &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_LOCKED);
    oc_test_sql (superuser, "drop role onecard_7777");
}

static void
test_unreachable (Fixture *self, gconstpointer data)
{
    static const char *const uris[] = {
        "host=/nonexistent dbname=onecard", "host=127.0.0.1 port=9 dbname=onecard", "dbname='", "not an address",
    };
    g_autofree char *no_database = oc_cluster_uri (oc_test_cluster (), "nothing_here");
    g_autofree char *password = oc_cluster_owner_password (oc_test_cluster (), NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (uris); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null (open_with (self, uris[i], "a", "b", &error));
        g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_UNREACHABLE);
    }
    for (int i = 0; i < 1; i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null (open_with (self, no_database, "onecard_owner", password, &error));
        g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_UNREACHABLE);
    }
}

/* The first of several hosts is away: the second serves. */
static void
test_second_host (Fixture *self, gconstpointer data)
{
    g_auto(GStrv) parts = g_strsplit (self->db->uri, "'", 3);
    g_autofree char *uri = g_strdup_printf ("host='/nonexistent,%s' port=5432 dbname=%s", parts[1], self->db->name);
    g_autofree char *password = oc_cluster_owner_password (oc_test_cluster (), NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcDb) db = open_with (self, uri, "onecard_owner", password, &error);

    g_assert_no_error (error);
    oc_db_call0 (db, "count", NULL, &error);
    g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
    static const struct {
        const char *path;
        void (*run) (Fixture *self, gconstpointer data);
    } tests[] = {
        { "/db/call/typed", test_typed }, { "/db/call/nulls", test_nulls }, { "/db/call/lists", test_lists },
        { "/db/call/empty-lists", test_empty_lists }, { "/db/call/refusal", test_refusal },
        { "/db/call/failures", test_failures }, { "/db/call/unknown-function", test_unknown_function },
        { "/db/call/again", test_again }, { "/db/call/lost", test_lost }, { "/db/call/fault", test_fault },
        { "/db/call/cancel", test_cancel }, { "/db/connection/idle-drop", test_idle_drop },
        { "/db/connection/prepared", test_prepared }, { "/db/connection/upgraded", test_upgraded },
        { "/db/connection/hello", test_hello }, { "/db/connection/login", test_login },
        { "/db/connection/unreachable", test_unreachable }, { "/db/connection/second-host", test_second_host },
    };
    int rc;

    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
        g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
    rc = g_test_run ();
    oc_test_cluster_end ();

    return rc;
}

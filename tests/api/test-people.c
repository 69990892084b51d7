/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operators are logins: made, locked, unlocked, deleted; and nobody gives what he does not have. */
#include "fixture.h"

#include <string.h>

/* The form of a new operator; and of one that is changed. */
#define MAKE "select * from api.setting_save(null, 'operators', null, jsonb_build_object('operator', @, 'verifier', $v, "
#define SAVE "select * from api.setting_save(null, 'operators', @, jsonb_build_object("
#define DELETE "select * from api.setting_delete(null, 'operators', @, null)"
#define END "), null)"
#define CLERK "'branch', 1002, 'role', '营业员', 'name', '某人', 'sex', 'female', 'phone', ''"

static OcTestDb *base;

static void
run_with (OcDb *db, const char *format, int number, const char *code)
{
    g_auto(GStrv) parts = g_strsplit (format, "@", -1);
    g_autofree char *text = g_strdup_printf ("%d", number);
    g_autofree char *numbered = g_strjoinv (text, parts);
    g_auto(GStrv) around = g_strsplit (numbered, "$v", -1);
    g_autofree char *verifier = g_strdup_printf ("'%s'", api_verifier);
    g_autofree char *sql = g_strjoinv (verifier, around);

    api_expect (db, sql, code);
}

static void
expect_login (int number, const char *password, gboolean may)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcDb) operator = oc_test_db_operator (base, number, password, &error);

    if ((operator != NULL) != may)
        g_test_fail_printf ("%d: %s", number, error ? error->message : "was let in");
}

static void
test_life (void)
{
    g_autoptr(OcDb) administrator = api_operator (base, 1001);
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autoptr(OcDb) inside = NULL;
    g_autofree char *broken = NULL;

    run_with (administrator, MAKE CLERK END, 1003, "");
    expect_login (1003, "secret-1", TRUE);
    expect_login (1003, "1003", FALSE);
    run_with (administrator, MAKE CLERK END, 1003, "OC103");
    run_with (administrator, MAKE CLERK END, 1000, "OC101");
    run_with (administrator, MAKE "'branch', 9999, 'role', '营业员', 'name', 'x', 'sex', '', 'phone', ''" END, 1004, "OC047");
    run_with (administrator, MAKE "'branch', 1002, 'role', 'nobody', 'name', 'x', 'sex', '', 'phone', ''" END, 1004, "OC047");
    run_with (administrator, MAKE "'branch', 1002, 'role', '营业员', 'name', ' ', 'sex', '', 'phone', ''" END, 1004, "OC100");
    run_with (administrator, MAKE "'branch', 1002, 'role', '营业员', 'name', repeat('x', 51), 'sex', '', 'phone', ''" END, 1004, "OC042");
    run_with (administrator, "select * from api.setting_save(null, 'operators', null, jsonb_build_object('operator', @, 'verifier', 'in clear', " CLERK END, 1004, "22023");
    run_with (administrator, "select api.operator_reset_password(@, 'in clear')", 1002, "22023");
    expect_login (1004, "in clear", FALSE);

    inside = oc_test_db_operator (base, 1003, "secret-1", NULL);
    run_with (administrator, "select api.operator_lock(@)", 1003, "");
    expect_login (1003, "secret-1", FALSE);
    api_expect (inside, "select * from api.state()", "OC002");
    api_expect_value (administrator, "select ended::text from api.operator_end_sessions(1003)", "1");
    run_with (administrator, "select api.operator_unlock(@)", 1003, "");
    expect_login (1003, "secret-1", TRUE);
    broken = api_broken (owner);
    g_assert_cmpstr (broken, ==, "");

    run_with (administrator, DELETE, 1003, "");
    expect_login (1003, "secret-1", FALSE);
    run_with (administrator, "select api.operator_unlock(@)", 1003, "OC080");
    run_with (administrator, MAKE CLERK END, 1003, "OC103");
    api_expect_value (administrator, "select state from api.operators() where operator = 1003", "deleted");
    api_expect_value (owner, "select string_agg(after ->> 'state', ' ' order by id) from onecard.audit where what = 'operator' and key = '1003'",
        "active locked active deleted");
    api_expect_value (owner, "select count(*)::text from onecard.audit where coalesce(before, after)::text || after::text like '%SCRAM%'", "0");
    g_clear_pointer (&broken, g_free);
    broken = api_broken (owner);
    g_assert_cmpstr (broken, ==, "");
}

/* Nobody locks, deletes or demotes himself. */
static void
test_oneself (void)
{
    g_autoptr(OcDb) administrator = api_operator (base, 1001);

    run_with (administrator, "select api.operator_lock(@)", 1001, "OC084");
    run_with (administrator, DELETE, 1001, "OC084");
    run_with (administrator, "select api.operator_reset_password(@, $v)", 1001, "OC084");
    run_with (administrator, SAVE "'branch', 1001, 'role', '营业员', 'name', '管理员', 'sex', 'male', 'phone', ''" END, 1001, "OC084");
    run_with (administrator, SAVE "'branch', 1001, 'role', '管理员', 'name', '管理员', 'sex', 'male', 'phone', '10'" END, 1001, "");
    run_with (administrator, "select api.operator_lock(@)", 99999, "OC080");
    run_with (administrator, "select api.operator_lock(null)", 0, "OC080");
}

/* With the permission to manage operators alone, an operator can't make himself or a friend an administrator, nor take an
 * administrator's place. */
static void
test_no_ladder (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autoptr(OcDb) administrator = api_operator (base, 1001);
    g_autoptr(OcDb) clerk = NULL;

    oc_test_sql (owner, "insert into onecard.role (name) values ('assistant');"
        "insert into onecard.role_permission select id, x from onecard.role, unnest(array['operators', 'purchase']) x where name = 'assistant'");
    run_with (administrator, MAKE "'branch', 1001, 'role', 'assistant', 'name', 'x', 'sex', '', 'phone', ''" END, 1005, "");
    oc_test_sql (owner, "update onecard.operator set must_change = false where number = 1005");
    clerk = oc_test_db_operator (base, 1005, "secret-1", NULL);
    g_assert_nonnull (clerk);
    run_with (clerk, MAKE "'branch', 1001, 'role', '管理员', 'name', 'x', 'sex', '', 'phone', ''" END, 1006, "OC086");
    run_with (clerk, MAKE "'branch', 1001, 'role', '营业员', 'name', 'x', 'sex', '', 'phone', ''" END, 1006, "OC086");
    run_with (clerk, SAVE "'branch', 1001, 'role', '管理员', 'name', 'x', 'sex', '', 'phone', ''" END, 1005, "OC086");
    run_with (clerk, SAVE "'branch', 1002, 'role', 'assistant', 'name', 'x', 'sex', '', 'phone', ''" END, 1002, "OC086");
    run_with (clerk, "select api.operator_reset_password(@, $v)", 1001, "OC086");
    run_with (clerk, "select api.operator_reset_password(@, $v)", 1002, "OC086");
    run_with (clerk, "select api.operator_lock(@)", 1001, "OC086");
    run_with (clerk, MAKE "'branch', 1001, 'role', 'assistant', 'name', 'y', 'sex', '', 'phone', ''" END, 1006, "");
    expect_login (1001, "1001", TRUE);
}

/* The session is over: at the latest the second statement meets the login that is refused. */
static void
expect_ended (OcDb *db, const char *code)
{
    g_autofree char *first = api_run (db, "select 1");

    if (strcmp (first, code) != 0)
        api_expect (db, "select 1", code);
    g_assert_cmpstr (first, !=, "");
}

/* Two sessions of his are open, one idle and one in the middle of something: both end, and he doesn't come in again. */
static void
test_open_sessions_end (void)
{
    g_autoptr(OcDb) administrator = api_operator (base, 1001);
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autoptr(OcDb) idle = NULL;
    g_autoptr(OcDb) busy = NULL;

    run_with (administrator, MAKE CLERK END, 1020, "");
    idle = oc_test_db_operator (base, 1020, "secret-1", NULL);
    busy = oc_test_db_operator (base, 1020, "secret-1", NULL);
    oc_test_sql (busy, "begin; select 1");
    run_with (administrator, "select api.operator_lock(@)", 1020, "");
    api_expect_value (administrator, "select ended::text from api.operator_end_sessions(1020)", "2");
    expect_ended (idle, "28000");
    expect_ended (busy, "28000");
    expect_login (1020, "secret-1", FALSE);
    run_with (administrator, "select api.operator_unlock(@)", 1020, "");
    g_clear_pointer (&idle, oc_db_free);
    idle = oc_test_db_operator (base, 1020, "secret-1", NULL);
    g_assert_nonnull (idle);
    run_with (administrator, DELETE, 1020, "");
    expect_ended (idle, "28P01");
    run_with (administrator, MAKE CLERK END, 1020, "OC103");
    run_with (administrator, SAVE CLERK END, 1020, "OC080");
    api_expect (owner, "delete from onecard.operator where number = 1020", "P0001");
    api_expect_value (owner, "select string_agg(act, ' ' order by id) from onecard.change where kind = 'operators' and setting = 1020",
        "save lock unlock delete");
}

typedef struct {
    OcDb *db;
    char *code;
} Rival;

static gpointer
lock_the_other (gpointer data)
{
    Rival *self = data;

    oc_db_adopt (self->db);
    self->code = api_run (self->db, "select api.operator_lock(1001)");

    return NULL;
}

static void
wait_for_lock (OcDb *owner)
{
    for (int i = 0; i < 500; i++) {
        g_autofree char *waiting = oc_test_sql_value (owner,
            "select count(*)::text from pg_stat_activity where wait_event_type = 'Lock' and usename = 'onecard_1030'");

        if (strcmp (waiting, "1") == 0)
            return;
        g_usleep (10000);
    }
    g_assert_not_reached ();
}

/* Somebody is left who may everything: by the api, by the owner's SQL, by roles, and when two administrators lock each other. */
static void
test_last_administrator (void)
{
    static const char *const by_owner[] = {
        "update onecard.operator set state = 'locked' where number = 1001", "update onecard.operator set state = 'deleted' where number = 1001",
        "update onecard.operator set role = (select id from onecard.role where not is_administrator limit 1) where number = 1001",
        "update onecard.role set is_administrator = false", "update onecard.operator set state = 'locked'",
    };
    g_autoptr(OcTestDb) mine = api_demo_new ();
    g_autoptr(OcDb) owner = oc_test_db_owner (mine);
    g_autoptr(OcDb) watcher = oc_test_db_superuser (mine);
    g_autoptr(OcDb) first = api_operator (mine, 1001);
    g_autoptr(GThread) thread = NULL;
    Rival rival = { 0 };

    for (gsize i = 0; i < G_N_ELEMENTS (by_owner); i++)
        api_expect (owner, by_owner[i], "OC085");
    api_expect (owner, "delete from onecard.operator where number = 1001", "P0001");
    api_expect (owner, "truncate onecard.operator cascade", "P0001");
    api_expect (owner, "delete from onecard.role where is_administrator", "23503");
    api_expect (first, "select * from api.setting_save(null, 'roles', 1, '{\"administrator\": false}', null)", "OC084");
    api_expect (first, "select * from api.setting_delete(null, 'roles', 1, null)", "OC110");
    api_expect (first, "select * from api.setting_delete(null, 'operators', 1001, null)", "OC084");

    run_with (first, MAKE "'branch', 1001, 'role', '管理员', 'name', 'x'" END, 1030, "");
    oc_test_sql (owner, "update onecard.operator set must_change = false where number = 1030");
    rival.db = oc_test_db_operator (mine, 1030, "secret-1", NULL);
    g_assert_nonnull (rival.db);
    oc_test_sql (first, "begin; select api.operator_lock(1030)");
    thread = g_thread_new ("rival", lock_the_other, &rival);
    wait_for_lock (watcher);
    oc_test_sql (first, "commit");
    g_thread_join (g_steal_pointer (&thread));
    g_assert_cmpstr (rival.code, ==, "OC085");
    api_expect_value (owner, "select string_agg(number || ' ' || state, ', ' order by number) from onecard.operator where number in (1001, 1030)",
        "1001 active, 1030 locked");
    oc_db_adopt (rival.db);
    oc_db_free (rival.db);
    g_free (rival.code);
    run_with (first, DELETE, 1030, "");
}

/* A role that is taken away counts at once, in the session that is open. */
static void
test_roles_at_once (void)
{
    g_autoptr(OcTestDb) mine = api_demo_new ();
    g_autoptr(OcDb) administrator = api_operator (mine, 1001);
    g_autoptr(OcDb) clerk = api_operator (mine, 1002);

    api_expect (clerk, "select * from api.unfinished(false)", "");
    api_expect (administrator, "select * from api.setting_save(null, 'roles', 2, '{\"permissions\": \"query\"}', null)", "");
    api_expect (clerk, "select * from api.unfinished(false)", "OC001");
    api_expect_value (clerk, "select permissions || ' ' || (roles_version > 1) from api.hello(1, null, null, null)", "query true");
    api_expect (administrator, "select * from api.setting_save(null, 'roles', 2, '{\"permissions\": \"roles query\"}', null)", "");
    /* with the permission for roles: not more than he has himself, nor what an administrator has */
    api_expect (clerk, "select * from api.setting_save(null, 'roles', 2, '{\"permissions\": \"roles query purchase\"}', null)", "OC086");
    api_expect (clerk, "select * from api.setting_save(null, 'roles', null, '{\"name\": \"x\", \"permissions\": \"keys\"}', null)", "OC086");
    api_expect (clerk, "select * from api.setting_save(null, 'roles', null, '{\"name\": \"x\", \"administrator\": true}', null)", "OC086");
    api_expect (clerk, "select * from api.setting_save(null, 'roles', 1, '{\"name\": \"x\"}', null)", "OC086");
    api_expect (clerk, "select * from api.setting_delete(null, 'roles', 1, null)", "OC086");
    api_expect (clerk, "select * from api.setting_save(null, 'roles', null, '{\"name\": \"x\", \"permissions\": \"query\"}', null)", "");
}

/* A change of people reaches every station: the version grows. */
static void
test_versions (void)
{
    g_autoptr(OcDb) administrator = api_operator (base, 1001);
    g_autofree char *before = oc_test_sql_value (administrator, "select version::text from api.state() where topic = 'operators'");
    g_autofree char *after = NULL;

    run_with (administrator, SAVE "'branch', 1002, 'role', '营业员', 'name', '无名', 'sex', 'male', 'phone', '1'" END, 1002, "");
    after = oc_test_sql_value (administrator, "select version::text from api.state() where topic = 'operators'");
    g_assert_cmpint (g_ascii_strtoll (after, NULL, 10), ==, g_ascii_strtoll (before, NULL, 10) + 1);
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    g_test_add_func ("/api/people/life", test_life);
    g_test_add_func ("/api/people/oneself", test_oneself);
    g_test_add_func ("/api/people/no-ladder", test_no_ladder);
    g_test_add_func ("/api/people/open-sessions-end", test_open_sessions_end);
    g_test_add_func ("/api/people/last-administrator", test_last_administrator);
    g_test_add_func ("/api/people/roles-at-once", test_roles_at_once);
    g_test_add_func ("/api/people/versions", test_versions);
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

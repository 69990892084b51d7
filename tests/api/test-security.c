/* SPDX-License-Identifier: GPL-3.0-or-later */
/* psql with an operator's password: nothing but the functions of schema api, of those only what his role may, and no way to
 * more. And the catalogue: every function is what that needs. */
#include "fixture.h"

static OcTestDb *base;

/* Whatever the statement answers is a finding. */
static void
expect_nothing (const char *sql)
{
    g_autoptr(OcDb) superuser = oc_test_db_superuser (base);
    g_autoptr(OcRows) rows = api_rows (superuser, sql);

    for (guint i = 0; i < oc_rows_count (rows); i++)
        g_test_fail_printf ("%s", oc_rows_text (rows, i, oc_rows_column_name (rows, 0)));
}

#define FUNCTIONS "pg_proc p join pg_namespace n on n.oid = p.pronamespace"
#define OURS "n.nspname in ('onecard', 'rules', 'api', 'admin', 'roles')"

static void
test_definer (void)
{
    expect_nothing ("select p.oid::regprocedure::text from " FUNCTIONS
                    " where n.nspname in ('api', 'roles') and not p.prosecdef");
    expect_nothing ("select p.oid::regprocedure::text from " FUNCTIONS
                    " where n.nspname in ('rules', 'admin') and p.prosecdef");
}

static void
test_search_path (void)
{
    /* functions of rules take the names of who called them, and nobody but these can */
    expect_nothing ("select p.oid::regprocedure::text from " FUNCTIONS " where " OURS " and n.nspname <> 'rules'"
                    " and not exists (select from unnest(p.proconfig) c where c ~ '^search_path=[a-z_, ]*, pg_temp$')");
    /* and find the same names whoever called: all of api give them the same */
    expect_nothing ("select p.oid::regprocedure::text from " FUNCTIONS " where n.nspname = 'api'"
                    " and not 'search_path=onecard, rules, ext, pg_temp' = any (p.proconfig)");
}

static void
test_grants (void)
{
    expect_nothing ("select p.oid::regprocedure::text from " FUNCTIONS
                    " cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where " OURS
                    " and a.grantee = 0");
    expect_nothing ("select p.oid::regprocedure::text from " FUNCTIONS " where " OURS
                    " and has_function_privilege('onecard_operator', p.oid, 'execute') <> (n.nspname = 'api')");
    expect_nothing ("select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                    " where n.nspname in ('onecard', 'rules', 'admin', 'roles') and c.relkind in ('r', 'v', 'm', 'p')"
                    " and (has_table_privilege('onecard_operator', c.oid, 'select,insert,update,delete,truncate,references,trigger')"
                    " or has_any_column_privilege('onecard_operator', c.oid, 'select,insert,update,references'))");
    expect_nothing ("select n.nspname::text from pg_namespace n where n.nspname !~ '^pg_' and n.nspname not in ('information_schema')"
                    " and (has_schema_privilege('onecard_operator', n.oid, 'create')"
                    " or has_schema_privilege('onecard_operator', n.oid, 'usage') <> (n.nspname = 'api'))");
}

/* What the client sends (db/call.h): functions with another type could not be called; and one text a name, or a call could
 * find another one than was meant. */
static void
test_argument_types (void)
{
    expect_nothing ("select p.oid::regprocedure::text from " FUNCTIONS " where n.nspname = 'api' and exists ("
                    " select from unnest(p.proargtypes) t where t not in ("
                    " 'text'::regtype, 'bigint'::regtype, 'boolean'::regtype, 'numeric'::regtype, 'uuid'::regtype, 'bytea'::regtype,"
                    " 'timestamptz'::regtype, 'jsonb'::regtype, 'text[]'::regtype, 'bigint[]'::regtype, 'numeric[]'::regtype,"
                    " 'bytea[]'::regtype, 'timestamptz[]'::regtype))");
    expect_nothing ("select p.proname::text from " FUNCTIONS " where n.nspname = 'api' group by 1 having count(*) > 1");
    expect_nothing ("select p.oid::regprocedure::text from " FUNCTIONS " where n.nspname = 'api'"
                    " and exists (select from unnest(p.proargnames, coalesce(p.proargmodes, '{}')) a(name, mode)"
                    " where (mode is null or mode = 'i') and name !~ '^p_')");
}

/* Calls of every function of api with nulls, as @db; all but those in @but must end with @code. */
static void
call_all (OcDb *db, const char *but, const char *code)
{
    g_autoptr(OcDb) superuser = oc_test_db_superuser (base);
    g_autofree char *list = g_strdup_printf (
        "select format('select * from api.%%I(%%s)', p.proname, (select string_agg('null::' || t::regtype::text, ', ')"
        " from unnest(p.proargtypes) t)) from " FUNCTIONS " where n.nspname = 'api' and not p.proname = any ('{%s}') order by 1", but);
    g_autoptr(OcRows) rows = api_rows (superuser, list);

    g_assert_cmpuint (oc_rows_count (rows), >, 10);
    for (guint i = 0; i < oc_rows_count (rows); i++)
        api_expect (db, oc_rows_text (rows, i, "format"), code);
}

/* Every function asks for a permission before anything else; these few belong to everybody who is signed in. */
#define FOR_EVERYBODY "hello,change_password,state,home,slots,sub_meters,card_layouts,meter_models,user_types,price_items,prices,price_tiers," \
                      "price_versions,price_version_tiers,unit,parameters,branches,permissions"

static void
test_permissions (void)
{
    g_autoptr(OcTestDb) mine = api_demo_new ();
    g_autoptr(OcDb) owner = oc_test_db_owner (mine);
    g_autoptr(OcDb) operator = api_operator (mine, 1002);

    oc_test_sql (owner, "delete from onecard.role_permission");
    call_all (operator, FOR_EVERYBODY, "OC001");
    oc_test_sql (owner, "update onecard.operator set must_change = true where number = 1002");
    call_all (operator, "hello,change_password", "OC003");
    oc_test_sql (owner, "update onecard.operator set state = 'locked' where number = 1002");
    call_all (operator, "hello", "OC002");
    api_expect (operator, "select * from api.hello(1, null, null, null)", "OC002");
    oc_test_sql (owner, "alter table onecard.card_job disable trigger user; alter table onecard.operator disable trigger operator_keep;"
        "delete from onecard.operator where number = 1002");
    call_all (operator, "", "OC080");
}

static void
test_owner_is_no_operator (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);

    call_all (owner, "", "OC080");
}

/* No table, by no verb. */
static void
test_tables (void)
{
    static const char *const verbs[] = {
        "select * from %s", "insert into %s default values", "delete from %s", "truncate %s", "do $$ begin lock table %s; end $$", "copy %s to stdout",
        "create index on %s ((1))", "alter table %s disable trigger all", "drop table %s", "grant select on %s to onecard_1002",
        "create rule r as on select to %s do also nothing", "analyze %s",
    };
    g_autoptr(OcDb) superuser = oc_test_db_superuser (base);
    g_autoptr(OcDb) operator = api_operator (base, 1002);
    g_autoptr(OcRows) tables = api_rows (superuser,
        "select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname in ('onecard', 'rules', 'admin', 'roles') and c.relkind in ('r', 'v')");

    g_assert_cmpuint (oc_rows_count (tables), >, 25);
    for (guint i = 0; i < oc_rows_count (tables); i++)
        for (gsize verb = 0; verb < G_N_ELEMENTS (verbs); verb++) {
            g_auto(GStrv) parts = g_strsplit (verbs[verb], "%s", 2);
            g_autofree char *sql = g_strjoinv (oc_rows_text (tables, i, "name"), parts);

            api_expect (operator, sql, "42501");
        }
}

/* Ways to become somebody else or to reach further; each must be refused. */
static void
test_escapes (void)
{
    static const char *const ways[] = {
        "set role onecard_owner", "set role onecard_roles", "set role postgres", "set role onecard_backup",
        "set session authorization onecard_1001", "set session authorization postgres",
        "create role mallory", "create role mallory superuser", "alter role onecard_1002 createrole", "alter role onecard_1002 superuser",
        "alter role onecard_1001 password 'x'", "grant onecard_owner to onecard_1002", "grant onecard_operator to onecard_1002 with admin option",
        "grant onecard_roles to onecard_1002", "grant pg_read_server_files to onecard_1002", "drop role onecard_1001",
        "create schema mine", "create table api.t (a int)", "create temporary table t (a int)", "create table pg_temp.t (a int)",
        "create function api.f() returns int language sql as 'select 1'", "create function pg_temp.f() returns int language sql as 'select 1'",
        "create view api.v as select 1", "create type api.t as (a int)", "create extension adminpack", "create database mine",
        "create event trigger e on ddl_command_start execute function x()", "create language plperlu", "create publication p for all tables",
        "alter database onecard set search_path to mine", "alter system set log_statement = 'all'", "alter function api.state() security invoker",
        "alter function api.state() owner to onecard_1002", "alter default privileges for role onecard_owner grant select on tables to public",
        "create or replace function api.state() returns table (topic text, version bigint) language sql as 'select null::text, 0::bigint'",
        "drop function api.state()", "drop schema api cascade", "comment on function api.state() is 'x'",
        "select rules.secret('cpu-mac')", "select * from admin.sim_keys()", "select admin.make_keys()", "select admin.init_demo()",
        "select admin.fill(1, 1, 1)", "select * from admin.check()", "select admin.create_operator(9999, 1001, '管理员', 'x', '', '', 'x', false)",
        "insert into onecard.approval (request, operator) values (gen_random_uuid(), 1001)",
        "select roles.set_password(1001, 'x')", "select roles.create_login(1003, 'x')", "select roles.end_sessions(1001)",
        "select onecard.role_prefix()", "select ext.gen_random_bytes(8)",
        "set session_replication_role = replica", "set log_statement = 'none'", "set shared_preload_libraries = 'x'",
        "copy (select 1) to '/tmp/x'", "copy (select 1) to program 'true'", "select pg_read_file('/etc/passwd')", "select pg_ls_dir('/')",
        "select lo_creat(-1)", "select lo_create(0)", "select lo_from_bytea(0, 'x')", "select lo_import('/etc/passwd')",
        "load 'auth_delay'", "select pg_reload_conf()", "checkpoint", "select pg_switch_wal()",
        "select rolpassword from pg_authid", "select * from pg_shadow", "select * from pg_file_settings",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'onecard_owner' limit 1",
    };
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autoptr(OcDb) operator = api_operator (base, 1002);
    g_autofree char *broken = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
        g_autofree char *code = api_run (operator, ways[i]);

        /* 0A000: not possible here at all; 42704, 42883: what it names is out of sight */
        if (g_strcmp0 (code, "42501") != 0 && g_strcmp0 (code, "0A000") != 0
            && g_strcmp0 (code, "42704") != 0 && g_strcmp0 (code, "42883") != 0
            && g_strcmp0 (code, "55P02") != 0)
            g_test_fail_printf ("%s: “%s”", ways[i], code);
    }
    /* these two are no errors, they do nothing */
    api_expect (operator, "grant execute on function api.state() to public", "");
    api_expect (operator, "revoke execute on function api.state() from onecard_operator", "");
    api_expect (operator, "select * from api.state()", "");
    broken = api_broken (owner);
    g_assert_cmpstr (broken, ==, "");
    api_expect_value (owner, "select count(*)::text from pg_roles where rolname = 'mallory'", "0");
}

/* What a session can set about itself changes nothing about who it is. */
static void
test_settings_of_a_session (void)
{
    g_autoptr(OcDb) operator = api_operator (base, 1002);

    oc_test_sql (operator, "set onecard.role_prefix = 'other'; set onecard.station = 'no uuid'; set onecard.process = ''''''");
    oc_test_sql (operator, "set search_path = pg_temp, api; set timezone = 'Asia/Tokyo'");
    api_expect_value (operator, "select operator::text from api.hello(1, null, null, null)", "1002");
    api_expect (operator, "select * from api.unfinished(true)", "OC001");
    oc_test_sql (operator, "set onecard.station = 'no uuid'");
    api_expect (operator, "select * from api.card_read('24c', '24c04', null, '{}', '{}')", "");
}

/* Days, tiers and switch times go by the clock of the database's place, whatever a session says of its own. */
static void
test_time_zone (void)
{
    OcTestDb *db = api_demo_new ();
    g_autoptr(OcDb) owner = oc_test_db_owner (db);
    g_autoptr(OcDb) operator = api_operator (db, 1002);

    api_expect (owner, "select admin.set_time_zone('Mars/City')", "22023");
    api_expect (owner, "select admin.set_time_zone('Pacific/Kiritimati')", "");
    api_expect (owner, "select admin.set_time_zone(null)", "");
    api_expect_value (owner, "select time_zone from admin.status()", "Pacific/Kiritimati");
    api_expect_value (owner, "select string_agg(after ->> 'time_zone', ' ') from onecard.audit where what = 'meta'", "Pacific/Kiritimati");
    oc_test_sql (operator, "set timezone = 'Etc/GMT+12'");
    oc_test_sql (operator, "begin");
    api_expect (operator, "select * from api.state()", "");
    api_expect_value (operator, "show timezone", "Pacific/Kiritimati");
    oc_test_sql (operator, "commit");
    api_expect_value (operator, "show timezone", "Etc/GMT+12");
    api_expect_value (operator, "select right(server_time::text, 3) from api.hello(1, null, null, null)", "+14");
    api_expect_value (operator, "show timezone", "Pacific/Kiritimati");
    g_clear_pointer (&operator, oc_db_free);
    g_clear_pointer (&owner, oc_db_free);
    owner = oc_test_db_owner (db);
    api_expect_value (owner, "show timezone", "Pacific/Kiritimati");
    g_clear_pointer (&owner, oc_db_free);
    oc_test_db_free (db);
}

/* Another permission's function, and what is masked. */
static void
test_other_permissions (void)
{
    static const char *const calls[] = {
        "select * from api.unfinished(true)", "select * from api.operators()", "select * from api.roles()",
        "select * from api.setting_save(null, 'operators', null, '{\"operator\": 1009}', null)", "select api.operator_lock(1001)",
        "select api.operator_reset_password(1001, '')", "select * from api.operator_end_sessions(1001)",
        "select * from api.setting_delete(null, 'operators', 1001, null)", "select * from api.setting_delete(null, 'roles', 1, null)",
        "select * from api.setting_save(null, 'operators', 1002, '{\"role\": \"管理员\"}', null)", "select api.operator_unlock(1002)",
        "select * from api.setting_save(null, 'roles', 2, '{\"administrator\": true}', null)", "select * from api.setting_undo(null, 1, null)",
        "select * from api.setting_save(null, 'prices', 1, '{\"name\": \"x\"}', null)", "select api.approve(gen_random_uuid(), '\\x00')",
    };
    g_autoptr(OcDb) operator = api_operator (base, 1002);
    g_autoptr(OcDb) administrator = api_operator (base, 1001);

    for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
        api_expect (operator, calls[i], "OC001");
    api_expect_value (operator, "select id_number from api.customers_find('1', 1)", "**************1234");
    api_expect_value (administrator, "select id_number from api.customers_find('1', 1)", "510102199001011234");
}

/* The two tables that only grow, and the ledger's, hold against the owner too. */
static void
test_guards (void)
{
    static const char *const refused[] = {
        "update onecard.trade set due = 0", "update onecard.trade set state = 'pending'", "update onecard.trade set at = now()",
        "delete from onecard.trade", "update onecard.trade_line set amount = 1", "delete from onecard.trade_line",
        "insert into onecard.trade_line (trade, line, account, amount) values (1, 9, 'cash', 1)",
        "update onecard.audit set operator = 'x'", "delete from onecard.audit", "delete from onecard.key_handout",
        "insert into onecard.trade (kind, request_id, customer, due, received, operator, branch) values ('open', gen_random_uuid(), 1, 10, 10, 1001, 1001)",
    };
    g_autoptr(OcDb) owner = oc_test_db_owner (base);

    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
        api_expect (owner, refused[i], "P0001");
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    api_script (base, "sale.sql");
    {
        g_autoptr(OcDb) superuser = oc_test_db_superuser (base);

        oc_test_sql (superuser, "drop schema test cascade; revoke usage on schema rules from public");
    }
    g_test_add_func ("/api/security/definer", test_definer);
    g_test_add_func ("/api/security/search-path", test_search_path);
    g_test_add_func ("/api/security/grants", test_grants);
    g_test_add_func ("/api/security/argument-types", test_argument_types);
    g_test_add_func ("/api/security/permissions", test_permissions);
    g_test_add_func ("/api/security/owner-is-no-operator", test_owner_is_no_operator);
    g_test_add_func ("/api/security/tables", test_tables);
    g_test_add_func ("/api/security/escapes", test_escapes);
    g_test_add_func ("/api/security/settings-of-a-session", test_settings_of_a_session);
    g_test_add_func ("/api/security/time-zone", test_time_zone);
    g_test_add_func ("/api/security/other-permissions", test_other_permissions);
    g_test_add_func ("/api/security/guards", test_guards);
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings: bad input at every field is refused with its code and its field's name, and nothing of it is saved; who comes second is
 * told; what was saved can be taken back; every change is on the trail. */
#include "fixture.h"

#include <string.h>

#include "core/error.h"
#include "db/private.h"

static OcTestDb *base;

static char *
escaped (const char *text)
{
    g_auto(GStrv) parts = g_strsplit (text, "'", -1);

    return g_strjoinv ("''", parts);
}

/* The call of a form; @id and @version "null" where there is none. Caller frees. */
static char *
save_sql (const char *kind, const char *id, const char *form, const char *version)
{
    g_autofree char *quoted = escaped (form);

    return g_strdup_printf ("select id::text from api.setting_save(null, '%s', %s, '%s', %s)", kind, id, quoted, version);
}

/* The code and field of what a statement is refused with: "OC101 number", "" when it is not. Caller frees. */
static char *
refusal_of (OcDb *db, const char *sql)
{
    g_autoptr(GError) error = NULL;

    if (oc_db_execute (db, &(OcStatement){ .name = "test", .sql = sql }, NULL, &error))
        return g_strdup ("");
    if (oc_error_get_code (error) == NULL)
        return g_strdup (error->message);

    return g_strdup_printf ("%s %s", oc_error_get_code (error), oc_error_get_field (error) ? oc_error_get_field (error) : "-");
}

/* Everything that settings are, as one text. Caller frees. */
static char *
everything (OcDb *owner)
{
    return oc_test_sql_value (owner,
        "select md5(string_agg(t, '|' order by t)) from ("
        " select x::text as t from onecard.parameters x union all select x::text from onecard.unit x union all"
        " select x::text from onecard.sub_meter_slot x union all select x::text from onecard.meter_model x union all"
        " select x::text from onecard.user_type x union all select x::text from onecard.price_item x union all"
        " select x::text from onecard.price x union all select x::text from onecard.price_version x union all"
        " select x::text from onecard.price_tier x union all select x::text from onecard.price_tier_item x union all"
        " select x::text from onecard.branch x union all select x::text from onecard.role x union all"
        " select x::text from onecard.role_permission x union all select x::text from onecard.operator x union all"
        " select x::text from onecard.state x union all select count(*)::text from onecard.audit union all"
        " select count(*)::text from onecard.change) x");
}

/* kind | id or - | form | code and field. A ~ stands for 300 letters. */
static void
check_line (OcDb *administrator, const char *line)
{
    g_auto(GStrv) cells = g_strsplit (line, " | ", 4);
    g_auto(GStrv) around = g_strsplit (cells[2], "~", -1);
    g_autofree char *letters = g_strnfill (300, 'x');
    g_autofree char *form = g_strjoinv (letters, around);
    g_autofree char *sql = save_sql (cells[0], strcmp (cells[1], "-") == 0 ? "null" : cells[1], form, "null");
    g_autofree char *got = refusal_of (administrator, sql);

    if (strcmp (got, cells[3]) != 0)
        g_test_fail_printf ("%s %s %s: “%s”, not “%s”", cells[0], cells[1], cells[2], got, cells[3]);
}

static void
test_bad_input (void)
{
    g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "fixtures", "bad-settings.txt", NULL);
    g_autoptr(OcDb) administrator = api_operator (base, 1001);
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autofree char *before = everything (owner);
    g_autofree char *after = NULL;
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) lines = NULL;
    guint n = 0;

    g_file_get_contents (path, &text, NULL, &error);
    g_assert_no_error (error);
    lines = g_strsplit (text, "\n", -1);
    for (gsize i = 0; lines[i]; i++)
        if (*lines[i] && *lines[i] != '#') {
            check_line (administrator, lines[i]);
            n++;
        }
    g_assert_cmpuint (n, >, 100);
    after = everything (owner);
    g_assert_cmpstr (after, ==, before);
}

/* A new one of each kind, changed, taken back, deleted, taken back: each form comes out of the list as it went in. */
static void
test_life_of_each_kind (void)
{
    static const struct {
        const char *kind, *form, *change, *list, *was, *is_now;
    } kinds[] = {
        { "meter-models", "{\"name\": \"DN15\", \"meter_type\": \"cold-water\", \"layout\": \"mem-24c\", \"chip\": \"24c02\", \"step\": \"1\", \"bore\": \"15\"}",
            "{\"bore\": 20, \"name\": \"DN20\"}", "select concat_ws(' ', name, layout, chip, trim_scale(step), bore, ct, active) from api.meter_models()",
            "DN15 mem-24c 24c02 1 15 1 t", "DN20 mem-24c 24c02 1 20 1 t" },
        { "user-types", "{\"name\": \"商业\", \"meter_type\": \"gas\", \"alarm_1\": \"5\", \"alarm_2\": \"0\", \"hoarding\": \"100\", \"purchase_limit\": \"100\"}",
            "{\"alarm_2\": \"4.99\", \"active\": false}", "select concat_ws(' ', name, alarm_1, alarm_2, hoarding, presale, purchase_limit, active) from api.user_types()",
            "商业 5.00 0.00 100.00 0.00 100.00 t", "商业 5.00 4.99 100.00 0.00 100.00 f" },
        { "price-items", "{\"name\": \"水资源费\", \"meter_type\": \"cold-water\"}", "{\"name\": \"水资源税\"}",
            "select concat_ws(' ', name, meter_type, active) from api.price_items()", "水资源费 cold-water t", "水资源税 cold-water t" },
        { "branches", "{\"number\": \"1003\", \"name\": \"南门\"}", "{\"name\": \"北门\", \"active\": \"false\"}",
            "select concat_ws(' ', number, name, active) from api.branches()", "1003 南门 t", "1003 北门 f" },
        { "roles", "{\"name\": \"会计\", \"permissions\": \"query query-all\"}", "{\"permissions\": [\"settlement\", \"query\"]}",
            "select concat_ws(' ', name, administrator, permissions) from api.roles()", "会计 f query query-all", "会计 f settlement query" },
    };
    g_autoptr(OcTestDb) mine = api_demo_new ();
    g_autoptr(OcDb) administrator = api_operator (mine, 1001);
    g_autoptr(OcDb) owner = oc_test_db_owner (mine);

    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
        g_autofree char *make = save_sql (kinds[i].kind, "null", kinds[i].form, "null");
        g_autofree char *id = oc_test_sql_value (administrator, make);
        g_autofree char *change = save_sql (kinds[i].kind, id, kinds[i].change, "1");
        g_autofree char *shown = g_strdup_printf ("select coalesce((%s where id = %s), '')", kinds[i].list, id);
        g_autofree char *remove = g_strdup_printf ("select change::text from api.setting_delete(null, '%s', %s, null)", kinds[i].kind, id);
        g_autofree char *undo = NULL;
        g_autofree char *deleted = NULL;
        g_autofree char *again = NULL;
        g_autofree char *shown_again = NULL;

        api_expect_value (administrator, shown, kinds[i].was);
        api_expect (administrator, change, "");
        api_expect_value (administrator, shown, kinds[i].is_now);
        undo = oc_test_sql_value (owner, "select format('select id::text from api.setting_undo(null, %s, null)', max(id)) from onecard.change");
        api_expect_value (administrator, undo, id);
        api_expect_value (administrator, shown, kinds[i].was);
        api_expect (administrator, undo, "OC119");
        deleted = oc_test_sql_value (administrator, remove);
        api_expect_value (administrator, shown, "");
        api_expect (administrator, remove, "OC114");
        again = g_strdup_printf ("select id::text from api.setting_undo(null, %s, null)", deleted);
        g_free (id);
        id = oc_test_sql_value (administrator, again);
        shown_again = g_strdup_printf ("select coalesce((%s where id = %s), '')", kinds[i].list, id);
        api_expect_value (administrator, shown_again, kinds[i].was);
    }
}

/* Two red dots. */
#define LOGO "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVQI12P8z8DA" \
    "wMAAAAYIAQHDmmDFAAAAAElFTkSuQmCC"

/* The one-row kinds, the places of the card. */
static void
test_fixed_kinds (void)
{
    g_autoptr(OcTestDb) mine = api_demo_new ();
    g_autoptr(OcDb) administrator = api_operator (mine, 1001);
    g_autoptr(OcDb) owner = oc_test_db_owner (mine);
    g_autofree char *undo = NULL;

    api_expect (administrator, "select * from api.setting_save(null, 'unit', 1, '{\"name\": \"甲\", \"email\": \"a@b\","
        " \"logo\": \"" LOGO "\"}', null)", "");
    api_expect_value (administrator, "select name || ' ' || email || ' ' || left(logo::text, 10) || ' ' || address from api.unit()",
        "甲 a@b \\x89504e47 示范路1号");
    api_expect (administrator, "select * from api.setting_save(null, 'unit', 1, '{\"logo\": \"\"}', null)", "");
    api_expect_value (administrator, "select (logo is null)::text from api.unit()", "true");
    undo = oc_test_sql_value (owner, "select format('select * from api.setting_undo(null, %s, null)', max(id)) from onecard.change");
    api_expect (administrator, undo, "");
    api_expect_value (administrator, "select length(logo)::text from api.unit()", "72");
    api_expect_value (owner, "select count(*)::text from onecard.audit where coalesce(before, after)::text || after::text like '%89504e%'", "0");

    api_expect (administrator, "select * from api.setting_delete(null, 'sub-meters', 8, null)", "");
    api_expect_value (administrator, "select count(*)::text from api.slots()", "7");
    api_expect_value (administrator, "select coalesce(meter_type, 'none') || row_version from api.sub_meters() where slot = 8", "none0");
    api_expect (administrator, "select * from api.setting_save(null, 'sub-meters', 8, '{\"meter_type\": \"gas\"}', null)", "");
    api_expect_value (administrator, "select meter_type from api.slots() where slot = 8", "gas");
    api_expect (administrator, "select * from api.setting_delete(null, 'unit', 1, null)", "OC120");
    api_expect (administrator, "select * from api.setting_delete(null, 'parameters', 1, null)", "OC120");
    api_expect (administrator, "select * from api.setting_delete(null, 'branches', 1001, null)", "OC120");
}

/* Everybody signs in again, told why. */
static void
test_parameters (void)
{
    g_autoptr(OcTestDb) mine = api_demo_new ();
    g_autoptr(OcDb) administrator = api_operator (mine, 1001);
    g_autoptr(OcDb) clerk = api_operator (mine, 1002);

    api_expect_value (clerk, "select concat_ws(' ', sessions_version, sessions_reason) from api.hello(1, null, null, null)", "1");
    api_expect (administrator, "select * from api.setting_save(null, 'parameters', 1, '{\"opening_fee\": \"12.5\", \"card_family\": \"cpu\"}', null)", "");
    api_expect_value (clerk, "select concat_ws(' ', sessions_version, sessions_reason, sessions_operator) from api.hello(1, null, null, null)",
        "2 parameters 管理员");
    api_expect_value (clerk, "select concat_ws(' ', card_family, opening_fee, replacement_fee) from api.parameters()", "cpu 12.50 10.00");
}

/* Cards in use: family and area number only with their number typed. And what meters use stays what it is. */
static void
test_in_use (void)
{
    g_autoptr(OcTestDb) mine = api_demo_new ();
    g_autoptr(OcDb) administrator = api_operator (mine, 1001);
    g_autoptr(OcDb) owner = oc_test_db_owner (mine);
    static const struct {
        const char *kind, *id, *form, *refusal;
    } lines[] = {
        { "parameters", "1", "{\"area_number\": \"7\"}", "OC115 confirm" },
        { "parameters", "1", "{\"card_family\": \"cpu\", \"confirm\": \"yes\"}", "OC115 confirm" },
        { "parameters", "1", "{\"opening_fee\": \"11\"}", "" },
        { "parameters", "1", "{\"area_number\": \"7\", \"confirm\": \"6\"}", "OC115 confirm" },
        { "parameters", "1", "{\"area_number\": \"7\", \"confirm\": \"5\"}", "" },
        { "sub-meters", "(select slot from u)", "{\"meter_type\": \"heat\"}", "OC111 meter_type" },
        { "sub-meters", "(select slot from u)", "{\"meter_type\": \"\"}", "OC111 meter_type" },
        { "meter-models", "(select model from u)", "{\"step\": \"10\"}", "OC111 step" },
        { "meter-models", "(select model from u)", "{\"meter_type\": \"hot-water\"}", "OC111 meter_type" },
        { "meter-models", "(select model from u)", "{\"chip\": \"24c64\"}", "OC111 chip" },
        { "meter-models", "(select model from u)", "{\"bore\": \"26\"}", "" },
        { "user-types", "(select user_type from u)", "{\"meter_type\": \"hot-water\"}", "OC111 meter_type" },
        { "user-types", "(select user_type from u)", "{\"alarm_1\": \"11\"}", "" },
        { "price-items", "(select item from u)", "{\"meter_type\": \"hot-water\"}", "OC111 meter_type" },
        { "prices", "(select price from u)", "{\"meter_type\": \"hot-water\"}", "OC111 meter_type" },
        { "branches", "1002", "{\"number\": \"1003\"}", "OC111 number" },
        { "operators", "1002", "{\"operator\": \"1003\"}", "OC111 operator" },
    };

    oc_test_sql (owner, "select admin.fill(5, 50, 1)");
    for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autofree char *column = g_strdup (strchr (lines[i].id, '(') ? lines[i].id + strlen ("(select ") : "");
        g_autofree char *find = NULL;
        g_autofree char *id = NULL;
        g_autofree char *sql = NULL;
        g_autofree char *got = NULL;

        if (*column) {
            *strchr (column, ' ') = '\0';
            find = g_strdup_printf ("select %s::text from (select m.slot, m.model, m.user_type, m.price_1 as price,"
                " (select min(i.item) from onecard.price_tier_item i join onecard.price_version v on v.id = i.version and v.price = m.price_1) as item"
                " from onecard.meter m where m.sub_meter / 10 = 2 limit 1) u", column);
            id = oc_test_sql_value (owner, find);
        }
        sql = save_sql (lines[i].kind, id ? id : lines[i].id, lines[i].form, "null");
        got = refusal_of (administrator, sql);
        if (strcmp (got, lines[i].refusal) != 0)
            g_test_fail_printf ("%s %s: “%s”, not “%s”", lines[i].kind, lines[i].form, got, lines[i].refusal);
    }
    api_expect (administrator, "select * from api.setting_delete(null, 'user-types', 2, null)", "OC110");
    api_expect (administrator, "select * from api.setting_delete(null, 'meter-models', 2, null)", "OC110");
    api_expect (administrator, "select * from api.setting_delete(null, 'price-items', 2, null)", "OC110");
    api_expect (administrator, "select * from api.setting_delete(null, 'prices', 2, null)", "OC110");
    api_expect (administrator, "select * from api.setting_delete(null, 'roles', 2, null)", "OC110");
    api_expect (administrator, "select * from api.setting_delete(null, 'branches', 1002, null)", "OC110");
    api_expect (owner, "update onecard.price_version set per_person = 1 where id in (select price_version from onecard.trade)", "OC109");
    api_expect (owner, "update onecard.price_tier_item set unit_price = 1 where version in (select price_version from onecard.trade)", "OC109");
}

/* The second of two who edit the same is told who was first; nothing of his is saved until he has seen it. */
static void
test_two_at_once (void)
{
    g_autoptr(OcTestDb) mine = api_demo_new ();
    g_autoptr(OcDb) administrator = api_operator (mine, 1001);
    g_autoptr(OcDb) owner = oc_test_db_owner (mine);
    g_autoptr(GError) error = NULL;
    const char *second = "select * from api.setting_save(null, 'user-types', 2, '{\"alarm_1\": \"30\"}', 1)";

    api_expect (administrator, "select * from api.setting_save(null, 'user-types', 2, '{\"alarm_1\": \"20\"}', 1)", "");
    g_assert_false (oc_db_execute (administrator, &(OcStatement){ .name = "test", .sql = second }, NULL, &error));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC113");
    g_assert_cmpstr (oc_error_get_param (error, "operator"), ==, "管理员");
    api_expect_value (administrator, "select row_version || ' ' || alarm_1 from api.user_types() where id = 2", "2 20.00");
    api_expect (administrator, "select * from api.setting_save(null, 'user-types', 2, '{\"alarm_1\": \"30\"}', 2)", "");
    api_expect (administrator, "select * from api.setting_delete(null, 'roles', 2, 7)", "OC113");
    /* also of children: a role's permissions, a price's versions */
    api_expect (administrator, "select * from api.setting_save(null, 'roles', 2, '{\"permissions\": \"query\"}', 1)", "");
    api_expect (administrator, "select * from api.setting_save(null, 'roles', 2, '{\"permissions\": \"query purchase\"}', 1)", "OC113");
    /* only an undo of the newest */
    api_expect (administrator, "select * from api.setting_undo(null, 1, null)", "OC119");
}

/* A request that is sent again, because its answer was lost, is done once. */
static void
test_sent_again (void)
{
    g_autoptr(OcTestDb) mine = api_demo_new ();
    g_autoptr(OcDb) administrator = api_operator (mine, 1001);
    const char *save = "select concat_ws(' ', id, row_version, change) from api.setting_save('00000000-0000-4000-8000-000000000001', 'branches', null,"
                       " '{\"number\": \"1005\", \"name\": \"东门\"}', null)";
    g_autofree char *first = oc_test_sql_value (administrator, save);

    api_expect_value (administrator, save, first);
    api_expect (administrator, "select * from api.setting_save('00000000-0000-4000-8000-000000000001', 'branches', null,"
        " '{\"number\": \"1006\", \"name\": \"东门\"}', null)", "OC005");
    api_expect_value (administrator, "select count(*)::text from api.branches() where number > 1002", "1");
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    g_test_add_func ("/api/settings/bad-input", test_bad_input);
    g_test_add_func ("/api/settings/life-of-each-kind", test_life_of_each_kind);
    g_test_add_func ("/api/settings/fixed-kinds", test_fixed_kinds);
    g_test_add_func ("/api/settings/parameters", test_parameters);
    g_test_add_func ("/api/settings/in-use", test_in_use);
    g_test_add_func ("/api/settings/two-at-once", test_two_at_once);
    g_test_add_func ("/api/settings/sent-again", test_sent_again);
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

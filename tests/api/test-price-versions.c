/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices as administrators keep them: versions that begin, a second person for large changes, a preview by the same engine, and the
 * trail of it all. */
#include "fixture.h"

#include <string.h>

#include "core/error.h"
#include "db/private.h"

#define TIERS "\"tiered\": true, \"period\": \"month\", \"base_persons\": 4, \"per_person\": \"2.5\"," \
              " \"tiers\": [{\"upper_limit\": \"10\", \"items\": {\"水价\": \"2\", \"污水处理费\": \"1\"}}," \
              " {\"upper_limit\": \"20\", \"items\": {\"水价\": \"3\", \"污水处理费\": \"1\"}}, {\"items\": {\"水价\": \"5\", \"污水处理费\": \"1\"}}]"
#define PRICE "\"name\": \"新水价\", \"meter_type\": \"cold-water\", " TIERS

typedef struct {
    OcTestDb *db;
    OcDb *administrator, *clerk, *owner;
} Desk;

static void
desk_init (Desk *self)
{
    self->db = api_demo_new ();
    self->administrator = api_operator (self->db, 1001);
    self->clerk = api_operator (self->db, 1002);
    self->owner = oc_test_db_owner (self->db);
}

static void
desk_clear (Desk *self)
{
    oc_db_free (self->administrator);
    oc_db_free (self->clerk);
    oc_db_free (self->owner);
    oc_test_db_free (self->db);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

/* A form of price @id with what stands behind; answers its id. Caller frees. */
static char *
save (OcDb *db, const char *id, const char *form, const char *code)
{
    g_autofree char *sql = g_strdup_printf ("select id::text from api.setting_save(null, 'prices', %s, '{%s}', null)", id, form);

    if (code == NULL)
        return oc_test_sql_value (db, sql);
    api_expect (db, sql, code);

    return NULL;
}

static const char *const shown =
    "select string_agg(concat_ws(' ', v.state, v.tiered, v.period, v.base_persons, trim_scale(v.per_person), v.tiers, trim_scale(v.unit_price)), ', '"
    " order by v.starts_at) from api.prices() p, api.price_versions(p.id) v where p.name = '新水价'";

static void
test_versions (void)
{
    g_auto(Desk) desk = { 0 };
    g_autofree char *id = NULL;
    g_autofree char *future = NULL;
    g_autofree char *change = NULL;
    g_autofree char *drop = NULL;
    g_autofree char *undo = NULL;

    desk_init (&desk);
    id = save (desk.administrator, "null", PRICE, NULL);
    api_expect_value (desk.administrator, shown, "current t month 4 2.5 3 3");
    api_expect_value (desk.administrator,
        "select string_agg(concat_ws(' ', t.tier, trim_scale(t.upper_limit), t.item, trim_scale(t.unit_price)), ', ' order by t.tier, t.item)"
        " from api.prices() p, api.price_versions(p.id) v, api.price_version_tiers(v.id) t where p.name = '新水价'",
        "1 10 水价 2, 1 10 污水处理费 1, 2 20 水价 3, 2 20 污水处理费 1, 3 水价 5, 3 污水处理费 1");
    /* one that begins later: it can be changed, moved and dropped until it begins */
    g_free (save (desk.administrator, id, "\"starts_at\": \"2099-01-01\", \"tiers\": [{\"items\": {\"水价\": 9}}]", NULL));
    api_expect_value (desk.administrator, shown, "current t month 4 2.5 3 3, future f year 0 0 1 9");
    future = oc_test_sql_value (desk.owner, "select max(id)::text from onecard.price_version");
    save (desk.administrator, id, "\"starts_at\": \"2099-01-01\", \"tiers\": [{\"items\": {\"水价\": 9}}]", "OC103");
    change = g_strdup_printf ("\"version\": %s, \"starts_at\": \"2098-01-01\", \"tiers\": [{\"items\": {\"水价\": 8}}]", future);
    g_free (save (desk.administrator, id, change, NULL));
    api_expect_value (desk.administrator, shown, "current t month 4 2.5 3 3, future f year 0 0 1 8");
    undo = oc_test_sql_value (desk.owner, "select format('select change::text from api.setting_undo(null, %s, null)', max(id)) from onecard.change");
    api_expect (desk.administrator, undo, "");
    api_expect_value (desk.administrator, shown, "current t month 4 2.5 3 3, future f year 0 0 1 9");
    drop = g_strdup_printf ("\"drop_version\": %s", future);
    g_free (save (desk.administrator, id, drop, NULL));
    api_expect_value (desk.administrator, shown, "current t month 4 2.5 3 3");
    g_free (undo);
    undo = oc_test_sql_value (desk.owner, "select format('select change::text from api.setting_undo(null, %s, null)', max(id)) from onecard.change");
    api_expect (desk.administrator, undo, "");
    api_expect_value (desk.administrator, shown, "current t month 4 2.5 3 3, future f year 0 0 1 9");
    /* a list's row comes back with its name changed: no version is touched */
    g_free (save (desk.administrator, id, "\"name\": \"新水价\", \"unit\": \"m³\", \"tiered\": false, \"starts_at\": \"2001-01-01\", \"unit_price\": 3", NULL));
    api_expect_value (desk.administrator, shown, "current t month 4 2.5 3 3, future f year 0 0 1 9");
}

/* One begins tonight, one now: what is sold is by the one in force at the server's time. */
static void
test_begins (void)
{
    g_auto(Desk) desk = { 0 };
    g_autofree char *id = NULL;

    desk_init (&desk);
    id = save (desk.administrator, "null", PRICE, NULL);
    g_free (save (desk.administrator, id, "\"starts_at\": \"2099-12-31 23:59:59\", \"tiers\": [{\"items\": {\"水价\": 9}}]", NULL));
    api_expect_value (desk.owner,
        "select string_agg(trim_scale(i.unit_price)::text, ' ' order by t) from unnest(array[now(), '2099-12-31 23:59:58.9', '2099-12-31 23:59:59']) t"
        " join onecard.price p on p.name = '新水价' cross join lateral rules.price_version_at(p.id, t) v"
        " join onecard.price_tier_item i on i.version = v.id and i.tier = 1 join onecard.price_item n on n.id = i.item and n.name = '水价'", "2 2 9");
    /* now is this minute; the minute before is the past */
    oc_test_sql (desk.owner, "update onecard.price_version set starts_at = now() - interval '1 hour' where starts_at <= now()"
        " and price = (select id from onecard.price where name = '新水价')");
    {
        g_autofree char *now = oc_test_sql_value (desk.owner, "select to_char(now(), 'YYYY-MM-DD HH24:MI')");
        g_autofree char *past = oc_test_sql_value (desk.owner, "select to_char(now() - interval '2 minutes', 'YYYY-MM-DD HH24:MI')");
        g_autofree char *form = g_strdup_printf ("\"starts_at\": \"%s\", \"tiers\": [{\"items\": {\"水价\": 3}}]", now);
        g_autofree char *late = g_strdup_printf ("\"starts_at\": \"%s\", \"tiers\": [{\"items\": {\"水价\": 3}}]", past);

        save (desk.administrator, id, late, "OC108");
        save (desk.administrator, id, form, "");
    }
    api_expect_value (desk.administrator, "select string_agg(v.state || ' ' || trim_scale(v.unit_price), ', ' order by v.starts_at)"
        " from api.prices() p, api.price_versions(p.id) v where p.name = '新水价'", "past 3, current 3, future 9");
    api_expect_value (desk.owner, "select bool_and(starts_at >= c.at - interval '1 second')::text from onecard.price_version v, lateral ("
        " select max(at) as at from onecard.change) c where v.starts_at between c.at - interval '1 minute' and c.at", "true");
}

#define REQUEST "00000000-0000-4000-8000-00000000000"

/* As an act asks: with a request of its own. The code it ends with; @error gets the refusal. Caller frees. */
static char *
ask (OcDb *db, int request, const char *form, GError **error)
{
    g_autofree char *sql = g_strdup_printf ("select * from api.setting_save('" REQUEST "%d', 'prices', (select max(id) from api.prices()), '{%s}', null)",
        request, form);
    GError *failure = NULL;
    char *code;

    if (oc_db_execute (db, &(OcStatement){ .name = "test", .sql = sql }, NULL, &failure))
        return g_strdup ("");
    code = g_strdup (oc_error_get_code (failure));
    g_propagate_error (error, failure);

    return code;
}

static void
approve (OcDb *db, int request, const char *digest, const char *code)
{
    g_autofree char *sql = g_strdup_printf ("select api.approve('" REQUEST "%d', '\\x%s')", request, digest);

    api_expect (db, sql, code);
}

static void
expect_ask (OcDb *db, int request, const char *form, const char *code)
{
    g_autofree char *got = ask (db, request, form, NULL);

    g_assert_cmpstr (got, ==, code);
}

/* Above the limit a second person must approve this very request, at most five minutes before. */
static void
test_approval (void)
{
    static const char small[] = "\"tiers\": [{\"items\": {\"水价\": 2.2}}]";
    static const char large[] = "\"starts_at\": \"2099-01-01\", \"tiers\": [{\"items\": {\"水价\": 2.21}}]";
    static const char larger[] = "\"starts_at\": \"2099-01-01\", \"tiers\": [{\"items\": {\"水价\": 22.1}}]";
    g_auto(Desk) desk = { 0 };
    g_autoptr(GError) error = NULL;
    g_autofree char *digest = NULL;
    g_autofree char *code = NULL;

    desk_init (&desk);
    g_free (save (desk.administrator, "null", "\"name\": \"p\", \"meter_type\": \"cold-water\", \"tiers\": [{\"items\": {\"水价\": 2}}]", NULL));
    oc_test_sql (desk.owner, "update onecard.parameters set approval_percent = 10;"
        " update onecard.price_version set starts_at = now() - interval '1 day' where price = (select max(id) from onecard.price)");
    expect_ask (desk.administrator, 1, small, "");
    oc_test_sql (desk.owner, "update onecard.price_version set starts_at = starts_at - interval '1 hour' where price = (select max(id) from onecard.price);"
        " update onecard.price_tier_item set unit_price = 2 where version = (select max(id) from onecard.price_version)");
    code = ask (desk.administrator, 2, large, &error);
    g_assert_cmpstr (code, ==, "OC117");
    g_assert_cmpstr (oc_error_get_param (error, "limit"), ==, "10");
    g_assert_cmpstr (oc_error_get_param (error, "request"), ==, REQUEST "2");
    digest = g_strdup (oc_error_get_param (error, "digest"));

    approve (desk.administrator, 2, digest, "");                       /* oneself does not count */
    expect_ask (desk.administrator, 2, large, "OC117");
    approve (desk.clerk, 2, digest, "OC001");                          /* nor who may not */
    oc_test_sql (desk.owner, "insert into onecard.role_permission values (2, 'approve')");
    approve (desk.clerk, 3, digest, "");                               /* another request */
    approve (desk.clerk, 2, "00", "OC118");
    expect_ask (desk.administrator, 2, large, "OC117");
    approve (desk.clerk, 2, digest, "");
    expect_ask (desk.administrator, 2, larger, "OC117");               /* the same request with other contents */
    oc_test_sql (desk.owner, "update onecard.approval set at = now() - interval '5 minutes 1 second'");
    expect_ask (desk.administrator, 2, large, "OC117");                /* too long ago */
    approve (desk.clerk, 2, digest, "");
    oc_test_sql (desk.owner, "update onecard.operator set state = 'locked' where number = 1002");
    expect_ask (desk.administrator, 2, large, "OC117");                /* locked since */
    oc_test_sql (desk.owner, "update onecard.operator set state = 'active' where number = 1002");
    expect_ask (desk.administrator, 2, large, "");
    expect_ask (desk.administrator, 2, large, "");                     /* sent again: the first answer */
    api_expect_value (desk.owner, "select approved_by::text from onecard.change order by id desc limit 1", "1002");
    api_expect_value (desk.administrator, "select approved_name from api.trail(null, null, null, null, 1)", "无名");
    api_expect_value (desk.owner, "select count(*)::text from onecard.price_version where starts_at > now()", "1");
    /* a limit that moves is a change of price at some quantity */
    save (desk.administrator, "3", "\"starts_at\": \"2099-01-01\", \"tiered\": true, \"base_persons\": 3, \"per_person\": 48, \"tiers\": ["
        "{\"upper_limit\": 170, \"items\": {\"水价\": 2.07, \"污水处理费\": 1.36}}, {\"upper_limit\": 260, \"items\": {\"水价\": 4.07, \"污水处理费\": 1.36}},"
        " {\"items\": {\"水价\": 6.07, \"污水处理费\": 1.36}}]", "OC117");
}

/* What is typed is quoted as it would be once it is kept. */
static void
test_preview (void)
{
    /* amount, quantity, household, bought before, by money, step */
    static const char *const cases[][6] = {
        { "100", "null", "3", "0", "false", "0.1" }, { "33.33", "null", "7", "9.9", "false", "1" }, { "null", "25", "4", "0", "false", "0.1" },
        { "59.5", "null", "4", "12", "true", "0.01" }, { "null", "31.5", "9", "0", "true", "0.01" },
    };
    static const char columns[] = "select string_agg(concat_ws(' ', q.tier, q.item_name, trim_scale(q.quantity), q.amount, q.due, q.left_over,"
                                  " trim_scale(q.card_amount)), '; ' order by q.tier, q.item_name) from";
    g_auto(Desk) desk = { 0 };

    desk_init (&desk);
    g_free (save (desk.administrator, "null", PRICE, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        const char *const *c = cases[i];
        g_autofree char *typed = g_strdup_printf ("%s api.price_preview('{" PRICE "}', %s, %s, %s, %s, %s, %s) q", columns, c[0], c[1], c[2], c[3], c[4], c[5]);
        g_autofree char *kept = g_strdup_printf ("%s rules.quote(2, (select max(id) from onecard.price_version), null, %s, %s, %s, %s, %s, 0, true, %s) q",
            columns, c[2], c[4], c[5], c[0], c[1], c[3]);
        g_autofree char *expected = oc_test_sql_value (desk.owner, kept);

        g_assert_nonnull (strstr (expected, "; "));
        api_expect_value (desk.administrator, typed, expected);
    }
    api_expect (desk.clerk, "select * from api.price_preview('{}', 1, null, 1, 0, false, 1)", "OC001");
    api_expect (desk.administrator, "select * from api.price_preview('{\"meter_type\": \"cold-water\", \"tiers\": [{\"items\": {\"水价\": \"x\"}}]}',"
        " 1, null, 1, 0, false, 1)", "OC102");
    api_expect (desk.administrator, "select * from api.price_preview('{" PRICE "}', 0, null, 1, 0, false, 1)", "OC010");
    api_expect_value (desk.owner, "select count(*)::text from onecard.change", "1");
}

static void
test_trail (void)
{
    g_auto(Desk) desk = { 0 };
    g_autofree char *first = NULL;
    g_autofree char *trail = NULL;
    g_autofree char *last = NULL;

    desk_init (&desk);
    g_free (save (desk.administrator, "null", PRICE, NULL));
    api_expect (desk.administrator, "select * from api.setting_save(null, 'user-types', 2, '{\"alarm_1\": \"20\", \"name\": \"居民用水\"}', null)", "");
    api_expect (desk.administrator, "select * from api.setting_save(null, 'unit', 1, '{\"phone\": \"12345\"}', null)", "");
    oc_test_sql (desk.owner, "update onecard.branch set name = '南门' where number = 1002");
    /* what was there before the first change is the demo's own */
    first = oc_test_sql_value (desk.owner, "select min(at)::text from onecard.change");
    trail = g_strdup_printf ("select string_agg(concat_ws(' ', operator, operator_name, act, kind, name), '; ' order by time desc, id desc)"
        " from api.trail('%s', null, null, null, null)", first);
    api_expect_value (desk.administrator, trail,
        "database-owner save branches 1002; 1001 管理员 save unit 一卡通示范公司; 1001 管理员 save user-types 居民用水; 1001 管理员 save prices 新水价");
    last = oc_test_sql_value (desk.owner, "select format('select string_agg(concat_ws('' '', field, before, after), ''; '') from api.trail_fields(%s)', id)"
        " from onecard.change where kind = 'user-types'");
    api_expect_value (desk.administrator, last, "alarm_1 10 20");
    g_free (last);
    last = oc_test_sql_value (desk.owner, "select format('select string_agg(concat_ws('' '', field, after), ''; '')"
        " from api.trail_fields(%s) where field like ''%%.tiers.2.%%''', id) from onecard.change where kind = 'prices'");
    api_expect_value (desk.administrator, last, "versions.1.tiers.2.items.水价 3; versions.1.tiers.2.items.污水处理费 1; versions.1.tiers.2.upper_limit 20");
    api_expect_value (desk.administrator, "select count(*)::text from api.trail(null, null, '新水价', null, null)", "1");
    api_expect_value (desk.administrator, "select count(*)::text from api.trail(null, null, '污水处理费', null, null) where id > 0", "1");
    api_expect_value (desk.administrator, "select count(*)::text from api.trail(now() + interval '1 minute', null, null, null, null)", "0");
    api_expect (desk.clerk, "select * from api.trail(null, null, null, null, null)", "OC001");
    api_expect (desk.owner, "update onecard.change set act = 'undo'", "P0001");
    api_expect (desk.owner, "delete from onecard.change", "P0001");
    api_expect (desk.owner, "truncate onecard.change cascade", "P0001");
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/api/price-versions/versions", test_versions);
    g_test_add_func ("/api/price-versions/begins", test_begins);
    g_test_add_func ("/api/price-versions/approval", test_approval);
    g_test_add_func ("/api/price-versions/preview", test_preview);
    g_test_add_func ("/api/price-versions/trail", test_trail);
    failed = g_test_run ();
    oc_test_cluster_end ();

    return failed;
}

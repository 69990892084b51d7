/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tariff engine against a table of cases, and against what must hold for any tariff. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "db/private.h"
#include "support/pg-cluster.h"

static OcTestDb *base;
static OcDb *owner;

static void
add_tier (const char *tariff, const char *text, int tier)
{
    g_auto(GStrv) words = g_strsplit (text, " ", 2);
    g_auto(GStrv) items = g_strsplit (words[1], ",", -1);
    g_autofree char *limit = strcmp (words[0], "-") == 0 ? g_strdup ("null") : g_strdup (words[0]);
    g_autofree char *sql = g_strdup_printf (
        "insert into onecard.price_tier select id, %d, %s from onecard.price_version v where price ="
        " (select id from onecard.price where name = '%s')", tier, limit, tariff);

    oc_test_sql (owner, sql);
    for (gsize i = 0; items[i]; i++) {
        g_auto(GStrv) pair = g_strsplit (items[i], "=", 2);
        g_autofree char *item = g_strdup_printf (
            "insert into onecard.price_item (meter_type, name) values (2, '%s') on conflict do nothing", pair[0]);
        g_autofree char *cost = g_strdup_printf (
            "insert into onecard.price_tier_item select v.id, %d, i.id, %s from onecard.price_version v"
            " join onecard.price p on p.id = v.price and p.name = '%s'"
            " join onecard.price_item i on i.meter_type = 2 and i.name = '%s'", tier, pair[1], tariff, pair[0]);

        oc_test_sql (owner, item);
        oc_test_sql (owner, cost);
    }
}

/* tariff NAME KIND BASE PER-PERSON STEP | tier | … */
static void
add_tariff (const char *line, GHashTable *steps)
{
    g_auto(GStrv) parts = g_strsplit (line, " | ", -1);
    g_auto(GStrv) words = g_strsplit (parts[0], " ", -1);
    gboolean flat = strcmp (words[2], "flat") == 0;
    g_autofree char *sql = g_strdup_printf (
        "with p as (insert into onecard.price (meter_type, name) values (2, '%s') returning id)"
        " insert into onecard.price_version (price, starts_at, tiered, period, base_persons, per_person)"
        " select id, '2015-01-01', %s, '%s', %s, %s from p",
        words[1], flat ? "false" : "true", flat ? "year" : words[2], words[3], words[4]);

    oc_test_sql (owner, sql);
    for (int i = 1; parts[i]; i++)
        add_tier (words[1], g_strstrip (parts[i]), i);
    g_hash_table_insert (steps, g_strdup (words[1]), g_strdup (words[5]));
}

/* case TARIFF bought Q persons N amount|quantity X balance B keep|change -> … */
static void
check_case (const char *line, GHashTable *steps)
{
    g_auto(GStrv) sides = g_strsplit (line, " -> ", 2);
    g_auto(GStrv) w = g_strsplit (sides[0], " ", -1);
    gboolean by_amount = strcmp (w[6], "amount") == 0;
    g_autofree char *sql = g_strdup_printf (
        "with q as (select * from rules.quote(2, (select v.id from onecard.price_version v join onecard.price p"
        " on p.id = v.price where p.name = '%s'), null, %s, false, %s, %s, %s, %s, %s, %s))"
        " select format('%%s %%s %%s %%s ', trim_scale(max(total_quantity)), trim_scale(max(total_amount)),"
        " trim_scale(max(due)), trim_scale(max(left_over))) || (select string_agg(format('%%s=%%s', trim_scale(t.quantity),"
        " trim_scale(t.amount)), ';' order by t.tier) from (select tier, quantity, sum(amount) as amount from q"
        " group by 1, 2) t) from q",
        w[1], w[5], (char *) g_hash_table_lookup (steps, w[1]), by_amount ? w[7] : "null", by_amount ? "null" : w[7], w[9],
        strcmp (w[10], "keep") == 0 ? "true" : "false", w[3]);
    g_autofree char *got = NULL;

    if (g_str_has_prefix (sides[1], "OC0")) {
        /* The refusal's code, as the block below turns it into a value. */
        g_autofree char *refused = g_strdup_printf (
            "do $$ begin perform (%s); raise exception 'sold'; exception when sqlstate '%s' then null; end $$", sql, sides[1]);

        oc_test_sql (owner, refused);
        return;
    }
    got = oc_test_sql_value (owner, sql);
    if (strcmp (got, sides[1]) != 0)
        g_test_message ("%s", sides[0]);
    g_assert_cmpstr (got, ==, sides[1]);
}

static char *
run_value (const char *sql)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;

    oc_db_execute (owner, &(OcStatement){ .name = "test", .sql = sql }, &rows, &error);

    return g_strdup (error ? oc_error_get_code (error) : oc_rows_text (rows, 0, oc_rows_column_name (rows, 0)));
}

/* One trade of the newest customer: TIME=QUANTITY with a letter behind. */
static void
add_trade (const char *text)
{
    g_auto(GStrv) pair = g_strsplit (text, "=", 2);
    char letter = pair[1][strlen (pair[1]) - 1];
    g_autofree char *quantity = g_strndup (pair[1], strlen (pair[1]) - (g_ascii_isalpha (letter) ? 1 : 0));
    g_autofree char *sql = g_strdup_printf (
        "with t as (insert into onecard.trade (kind, state, request_id, customer, sub_meter, quantity, due, received, operator, branch, at)"
        " select 'balance', '%s', gen_random_uuid(), max(number), 22, %s, 0, 0, 1001, 1001, '%s+08' from onecard.customer returning *)"
        " insert into onecard.trade (kind, state, request_id, customer, sub_meter, due, received, operator, branch, at, reverses)"
        " select 'balance', 'effective', gen_random_uuid(), customer, 22, 0, 0, 1001, 1001, at, number from t where %s",
        letter == 'v' ? "void" : letter == 'p' ? "pending" : "effective", quantity, pair[0], letter == 'r' ? "true" : "false");

    oc_test_sql (owner, sql);
}

/* period month|year at TIME trades … -> USED; whatever zone the session is in. */
static void
check_period (const char *line)
{
    static const char *const zones[] = { "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati" };
    g_auto(GStrv) sides = g_strsplit (line, " -> ", 2);
    g_auto(GStrv) w = g_strsplit (sides[0], " ", -1);
    g_auto(GStrv) trades = g_strsplit (w[5] ? w[5] : "", ",", -1);
    g_autofree char *sql = g_strdup_printf ("select trim_scale(rules.bought((select max(number) from onecard.customer), 2, '%s', '%s+08'))::text", w[1], w[3]);

    oc_test_sql (owner, "insert into onecard.customer (name, address, branch, operator) values ('x', 'x', 1001, 1001)");
    for (gsize i = 0; trades[i] && *trades[i]; i++)
        add_trade (trades[i]);
    for (gsize i = 0; i < G_N_ELEMENTS (zones); i++) {
        g_autofree char *zone = g_strdup_printf ("set timezone = '%s'", zones[i]);
        g_autofree char *got = NULL;

        oc_test_sql (owner, zone);
        got = run_value (sql);
        if (strcmp (got, sides[1]) != 0)
            g_test_fail_printf ("%s: %s in %s", line, got, zones[i]);
    }
    oc_test_sql (owner, "reset timezone");
}

/* version starts TIME=PRICE,… at TIME -> PRICE */
static void
check_version (const char *line)
{
    g_auto(GStrv) sides = g_strsplit (line, " -> ", 2);
    g_auto(GStrv) w = g_strsplit (sides[0], " ", -1);
    g_auto(GStrv) versions = g_strsplit (w[2], ",", -1);
    g_autofree char *sql = g_strdup_printf ("select trim_scale(per_person)::text from onecard.price_version where id ="
        " (rules.price_version_at((select max(id) from onecard.price), '%s+08')).id", w[4]);
    g_autofree char *got = NULL;

    oc_test_sql (owner, "insert into onecard.price (meter_type, name) values (2, gen_random_uuid()::text)");
    for (gsize i = 0; versions[i]; i++) {
        g_auto(GStrv) pair = g_strsplit (versions[i], "=", 2);
        g_autofree char *add = g_strdup_printf ("insert into onecard.price_version (price, starts_at, per_person)"
            " select max(id), '%s+08', %s from onecard.price", pair[0], pair[1]);

        oc_test_sql (owner, add);
    }
    got = run_value (sql);
    if (strcmp (got, sides[1]) != 0)
        g_test_fail_printf ("%s: %s", line, got);
}

static void
test_cases (void)
{
    g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "fixtures", "price-cases.txt", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(GHashTable) steps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GError) error = NULL;
    guint n = 0;

    g_file_get_contents (path, &text, NULL, &error);
    g_assert_no_error (error);
    lines = g_strsplit (text, "\n", -1);
    for (gsize i = 0; lines[i]; i++) {
        if (g_str_has_prefix (lines[i], "tariff ")) {
            add_tariff (lines[i], steps);
        } else if (g_str_has_prefix (lines[i], "case ")) {
            check_case (lines[i], steps);
            n++;
        } else if (g_str_has_prefix (lines[i], "period ")) {
            check_period (lines[i]);
            n++;
        } else if (g_str_has_prefix (lines[i], "version ")) {
            check_version (lines[i]);
            n++;
        }
    }
    g_assert_cmpuint (n, >=, 200);
}

/* For any tariff of up to six tiers and five items, any household, whatever was bought before:
 *   - a quantity fits its money, one step more does not;
 *   - more money never buys less;
 *   - the items of a tier sum to the tier, the tiers to the whole, and the quote says what cost () says;
 *   - two sales cost what one does, but for the rounding of one tier. */
static void
test_any_tariff (void)
{
    gboolean full = g_getenv ("ONECARD_TEST_FULL") != NULL;
    g_autofree char *sql = g_strdup_printf (
        "do $$ declare items rules.tier_item[]; rooms rules.tier_room[]; rest rules.tier_room[]; n int; m int; step numeric; money numeric; more numeric;"
        " q numeric; part numeric; used numeric; added numeric; below numeric; whole numeric; split numeric; r record; begin"
        " perform setseed(0.42);"
        " for i in 1 .. %d loop"
        "  n := 1 + floor(random() * 6); m := 1 + floor(random() * 5); items := '{}'; below := 0;"
        "  for j in 1 .. n loop"
        "   below := below + round((0.0001 + random() * random() * 300)::numeric, (random() * 4)::int) + 0.0001;"
        "   for k in 1 .. m loop"
        "    items := items || row(j, case when j < n then below end, k, 'x', round(((case when j < n and random() < 0.05 then 0 else 0.0001 end)"
        "     + random() * random() * 4)::numeric, 4))::rules.tier_item;"
        "   end loop;"
        "  end loop;"
        "  step := (array[0.01, 0.1, 1, 10])[1 + floor(random() * 4)];"
        "  added := round((floor(random() * 4) * random() * 30)::numeric, 2);"
        "  used := round((random() * random() * 600)::numeric, (random() * 4)::int);"
        "  money := round((random() * random() * 2000)::numeric, 2);"
        "  rooms := rules.tier_rooms(items, added, used);"
        "  q := rules.quantity_for(rooms, money, step);"
        "  assert mod(q, step) = 0, 'off the step';"
        "  whole := rules.cost(rooms, q);"
        "  assert whole <= money, 'costs more than was given';"
        "  assert rules.cost(rooms, q + step) > money, 'one step more was affordable';"
        "  more := money + case when random() < 0.5 then 0.01 else round((random() * 50)::numeric, 2) end;"
        "  assert rules.quantity_for(rooms, more, step) >= q, 'more money bought less';"
        "  continue when q = 0;"
        "  select sum(x.amount) as amount, max(x.total_amount) as total, bool_and(x.amount >= 0) as positive into r"
        "   from rules.quote_items(items, added, used, false, step, null, q, 0, true) x;"
        "  assert r.amount = whole and r.total = whole and r.positive, 'the items do not sum to the whole';"
        "  assert not exists (select from rules.quote_items(items, added, used, false, step, null, q, 0, true) x group by x.tier"
        "   having sum(x.amount) <> round(max(x.quantity) * sum(x.unit_price), 2)), 'the items do not sum to their tier';"
        "  part := floor(random() * (q / step)::double precision)::numeric * step;"
        "  rest := rules.tier_rooms(items, added, used + part);"
        "  split := rules.cost(rooms, part) + rules.cost(rest, q - part);"
        "  assert abs(split - whole) <= 0.01, 'two sales differ from one by more than a rounding';"
        " end loop; end $$", full ? 100000 : 6000);

    oc_test_sql (owner, "set statement_timeout = 0");
    oc_test_sql (owner, sql);
}

/* The items of a tier sum to the tier, to the fen, whatever is bought. */
static void
test_items_sum (void)
{
    g_autofree char *wrong = oc_test_sql_value (owner,
        "select count(*) from onecard.price_version v, generate_series(0, 300) n, lateral ("
        " select q.tier, sum(q.amount) as items, round(max(q.quantity) * sum(q.unit_price), 2) as whole"
        " from rules.quote(2, v.id, null, 4, false, 0.1, null, 0.1 + n * 3.7, 0, true, n * 1.3) q group by q.tier) t"
        " where t.items <> t.whole");

    g_assert_cmpstr (wrong, ==, "0");
}

int
main (int argc, char **argv)
{
    int status;

    g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
    base = oc_test_db_new ();
    owner = oc_test_db_owner (base);
    oc_test_sql (owner, "select admin.init_basic(); update onecard.meta set time_zone = 'Asia/Shanghai'");
    g_test_add_func ("/prices/cases", test_cases);
    g_test_add_func ("/prices/any-tariff", test_any_tariff);
    g_test_add_func ("/prices/items-sum", test_items_sum);
    status = g_test_run ();
    oc_db_free (owner);
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tariff engine against a table of cases, and against what must hold for any tariff. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

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
        }
    }
    g_assert_cmpuint (n, >, 100);
}

/* For any tariff: a quantity fits its money, one step more does not, and more money never buys less. */
static void
test_any_tariff (void)
{
    oc_test_sql (owner,
        "do $$ declare rooms rules.tier_room[]; tiers int; step numeric; money numeric; q numeric; begin"
        " perform setseed(0.42);"
        " for i in 1 .. 5000 loop"
        "  tiers := 1 + floor(random() * 6); rooms := '{}';"
        "  for j in 1 .. tiers loop"
        "   rooms := rooms || row(j, case when j < tiers then round((random() * random() * 500)::numeric, (random() * 4)::int) end,"
        "    round((0.0001 + random() * random() * 9)::numeric, 4))::rules.tier_room;"
        "  end loop;"
        "  step := (array[0.01, 0.1, 1, 10])[1 + floor(random() * 4)];"
        "  money := round((random() * random() * 2000)::numeric, 2);"
        "  q := rules.quantity_for(rooms, money, step);"
        "  assert mod(q, step) = 0, 'off the step';"
        "  assert rules.cost(rooms, q) <= money, 'costs more than was given';"
        "  assert rules.cost(rooms, q + step) > money, 'one step more was affordable';"
        "  assert rules.quantity_for(rooms, money + 0.01, step) >= q, 'more money bought less';"
        " end loop; end $$");
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
    g_test_add_func ("/prices/cases", test_cases);
    g_test_add_func ("/prices/any-tariff", test_any_tariff);
    g_test_add_func ("/prices/items-sum", test_items_sum);
    status = g_test_run ();
    oc_db_free (owner);
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return status;
}

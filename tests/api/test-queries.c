/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists and look-ups after two stories (sale.sql): each an account, a purchase, and a purchase that is begun only. */
#include "fixture.h"

static OcTestDb *base;

static void
test_find (void)
{
    static const struct {
        const char *text;
        const char *found;
    } cases[] = {
        { "1", "1" },                        /* customer number */
        { "000000000007", "2" },             /* meter number */
        { "7", "2" },                        /* the same, short */
        { "22", "1" },
        { "1122334455667788", "2" },         /* card */
        { "吴", "1 2" },                     /* beginning of a name */
        { "吴敏", "1 2" }, { " 吴敏 ", "1 2" },
        { "有地", "1 2" },                   /* inside the address */
        { "2345678", "1 2" },                /* inside the telephone */
        { "345", "1 2" }, { "12", "1 2" }, { "18612345678", "1 2" }, { "23456789", "" },
        { "wm", "1 2" }, { "WM", "1 2" }, { "w", "1 2" }, { "m", "" }, { "wmx", "" }, /* pinyin initials */
        { "王", "" }, { "地有", "" }, { "没方", "" }, { "%", "" }, { "__", "" }, { "'; drop", "" }, { "\\", "" },
        { "", "1 2" },
    };
    g_autoptr(OcDb) clerk = api_operator (base, 1002);

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_auto(GStrv) quotes = g_strsplit (cases[i].text, "'", -1);
        g_autofree char *text = g_strjoinv ("''", quotes);
        g_autofree char *sql = g_strdup_printf (
            "select coalesce(string_agg(customer::text, ' ' order by customer), '') from api.customers_find('%s', 10)", text);

        api_expect_value (clerk, sql, cases[i].found);
    }
    api_expect_value (clerk, "select count(*)::text from api.customers_find('吴敏', 1)", "1");
    api_expect_value (clerk, "select concat_ws(' ', meters, state, household) from api.customers_find('22', 1)", "000000000022 open 3");
}

static void
test_unfinished (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autoptr(OcDb) clerk = api_operator (base, 1002);
    g_autoptr(OcDb) administrator = api_operator (base, 1001);

    api_expect_value (clerk, "select string_agg(concat_ws(' ', kind, state, name, family, sub_meters, round(due, 2), pay, attempt, operator_name, branch_name),"
        " '; ' order by number) from api.unfinished(false)",
        "purchase serving 吴敏 24c 22 50.00 wechat 1 无名 1号营业厅; purchase serving 吴敏 cpu 11 50.00 wechat 1 无名 1号营业厅");
    api_expect_value (administrator, "select count(*)::text from api.unfinished(false)", "0");
    api_expect_value (administrator, "select count(*)::text from api.unfinished(true)", "2");
    oc_test_sql (owner, "update onecard.card_job set lease_until = now() - interval '1 second'");
    api_expect_value (clerk, "select string_agg(distinct state || coalesce(serving_operator, '-'), ' ') from api.unfinished(false)", "pending-");
    oc_test_sql (owner, "insert into onecard.conflict (meter, reason, detail) select id, 'ahead', 'x' from onecard.meter where number = '000000000007'");
    api_expect_value (clerk, "select concat_ws(' ', customer, sub_meters, reason, detail) from api.unfinished(false) where state = 'conflict'", "2 11 ahead x");
    oc_test_sql (owner, "update onecard.conflict set state = 'settled', decision = 'dismiss', decided_at = now()");
    api_expect_value (clerk, "select count(*)::text from api.unfinished(false)", "2");
}

static void
test_trades (void)
{
    g_autoptr(OcDb) clerk = api_operator (base, 1002);

    api_expect_value (clerk, "select string_agg(concat_ws(' ', kind, sub_meter, purchase_count, trim_scale(quantity), trim_scale(card_amount),"
        " trim_scale(due), trim_scale(balance_change), pay, state), '; ' order by trade) from api.trades_of(2, 10)",
        "open 0 0 0 10 0 cash effective; purchase 11 1 409.4164 100 200 0 cash effective;"
        " purchase 11 2 102.3541 50 50 0 wechat effective; purchase 11 3 102.3541 50 50 0 wechat pending");
    api_expect_value (clerk, "select string_agg(concat_ws(' ', kind, sub_meter, purchase_count, trim_scale(quantity), trim_scale(card_amount),"
        " trim_scale(due), trim_scale(balance_change), pay, state), '; ' order by trade) from api.trades_of(1, 2)",
        "purchase 22 2 12.5 12.5 50 0 wechat effective; purchase 22 3 12.5 12.5 50 0 wechat pending");
    api_expect_value (clerk, "select count(*)::text from api.trades_of(99, 10)", "0");
}

static void
test_home (void)
{
    g_autoptr(OcDb) clerk = api_operator (base, 1002);
    g_autoptr(OcDb) owner = oc_test_db_owner (base);

    api_expect_value (clerk, "select concat_ws(' ', purchases, trim_scale(received), opened, customers, unfinished, unfinished_all) from api.home()",
        "6 532.3 2 2 2");
    oc_test_sql (owner, "delete from onecard.role_permission where permission = 'query'");
    api_expect_value (clerk, "select coalesce(received::text, 'hidden') from api.home()", "hidden");
    oc_test_sql (owner, "insert into onecard.role_permission select id, 'query' from onecard.role where name = '营业员'");
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    api_script (base, "sale.sql");
    g_test_add_func ("/api/queries/find", test_find);
    g_test_add_func ("/api/queries/home", test_home);
    g_test_add_func ("/api/queries/trades", test_trades);
    g_test_add_func ("/api/queries/unfinished", test_unfinished);
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

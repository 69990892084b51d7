/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `db fill`: as many as asked for, reproducible, clean, fast, and beside what is there already. */
#include "fixture.h"

static char *
digest_of (OcDb *owner)
{
    return oc_test_sql_value (owner,
        "select md5(string_agg(x, '|')) from ("
        " select md5(string_agg(to_jsonb(t)::text, '|' order by t.number)) from onecard.trade t union all"
        " select md5(string_agg(to_jsonb(l)::text, '|' order by l.trade, l.line)) from onecard.trade_line l union all"
        " select md5(string_agg(concat_ws(' ', c.name, c.address, c.phone, c.household), '|' order by c.number)) from onecard.customer c) y(x)");
}

static void
test_reproducible (void)
{
    static const char *const fills[] = { "select admin.fill(30, 300, 7)", "select admin.fill(30, 300, 7)", "select admin.fill(30, 300, 8)" };
    g_autofree char *digests[3] = { NULL };

    for (int i = 0; i < 3; i++) {
        g_autoptr(OcTestDb) db = api_demo_new ();
        g_autoptr(OcDb) owner = oc_test_db_owner (db);

        oc_test_sql (owner, fills[i]);
        digests[i] = digest_of (owner);
    }
    g_assert_cmpstr (digests[0], ==, digests[1]);
    g_assert_cmpstr (digests[0], !=, digests[2]);
    g_clear_pointer (&digests[1], g_free);
    g_clear_pointer (&digests[2], g_free);
}

static void
test_beside (void)
{
    g_autoptr(OcTestDb) db = api_demo_new ();
    g_autoptr(OcDb) owner = oc_test_db_owner (db);
    g_autofree char *broken = NULL;

    api_script (db, "sale.sql");
    api_expect_value (owner, "select customers || ' ' || trades from admin.fill(50, 333, 1)", "50 333");
    api_expect_value (owner, "select customers || ' ' || trades from admin.fill(50, 10, 1)", "50 100");
    api_expect_value (owner, "select count(*)::text from onecard.customer", "102");
    /* two stories of open, purchase and a purchase begun; then the fills */
    api_expect_value (owner, "select count(*)::text from onecard.trade", "441");
    broken = api_broken (owner);
    g_assert_cmpstr (broken, ==, "");
    /* what was taken away for speed is there again */
    api_expect (owner, "delete from onecard.trade", "P0001");
    api_expect (owner, "insert into onecard.card (customer, family, chip, serial) values (99999, 'cpu', 'cpu', '\\x0102030405060708')", "23503");
    api_expect (owner, "insert into onecard.card (customer, family, chip, serial) select customer, family, chip, serial from onecard.card limit 1", "23505");
    api_expect_value (owner, "select count(*)::text from pg_index i where i.indrelid in ('onecard.trade'::regclass, 'onecard.customer'::regclass)", "13");
    /* the next customer and trade get numbers of their own */
    api_expect (owner, "insert into onecard.customer (name, address, branch, operator) values ('x', 'y', 1001, 1001)", "");
}

/* A million trades take a third of a minute here; twenty thousand must not take twenty seconds anywhere. */
static void
test_speed (void)
{
    g_autoptr(OcTestDb) db = api_demo_new ();
    g_autoptr(OcDb) owner = oc_test_db_owner (db);
    gint64 start;

    oc_test_sql (owner, "select admin.no_time_limit()");
    api_expect_value (owner, "select current_setting('statement_timeout')", "0");
    start = g_get_monotonic_time ();
    oc_test_sql (owner, "select admin.fill(2000, 20000, 1)");
    g_test_minimized_result ((double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC, "20000 trades");
    g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/api/fill/reproducible", test_reproducible);
    g_test_add_func ("/api/fill/beside", test_beside);
    g_test_add_func ("/api/fill/speed", test_speed);
    failed = g_test_run ();
    oc_test_cluster_end ();

    return failed;
}

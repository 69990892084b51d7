/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A station keeps its plans all day. Those that it makes while the tables are a page each, and the server has seen that they are,
 * must find by their keys what grows: api/cards.sql. */
#include "fixture.h"

#define HELLO "select * from api.hello(1, '00000000-0000-4000-8000-000000000001', 'test', '00000000-0000-4000-8000-000000000002')"

static OcTestDb *base;

/* How often each of the tables that grow with what is sold was read whole until now. */
static char *
times_read_whole (OcDb *superuser)
{
    return oc_test_sql_value (superuser,
        "select string_agg(relname || ' ' || seq_scan, ', ' order by relname) from pg_stat_user_tables where schemaname = 'onecard' and relname in"
        " ('card', 'card_job', 'card_job_meter', 'customer', 'key_handout', 'meter', 'observation', 'trade', 'trade_line')");
}

/* The card is read, a purchase begun and finished; twice, as a plan may be made anew after its first uses. */
static void
test_sale (gconstpointer data)
{
    const char *name = data;
    gboolean cpu = strcmp (name, "cpu") == 0;
    g_autoptr(OcDb) superuser = oc_test_db_superuser (base);
    g_autoptr(OcDb) clerk = api_operator (base, 1002);
    g_autofree char *read = g_strdup_printf ("select count(*)::text from api.card_read('%s', null, %s, test.areas('%s'), test.bytes('%s'))"
        " where part in ('card', 'meter')", name, cpu ? "'\\x1122334455667788'" : "null", name, name);

    oc_test_sql (superuser, "analyze");
    api_expect (clerk, HELLO, "");
    for (int i = 0; i < 2; i++) {
        g_autofree char *sell = g_strdup_printf ("select test.purchase('%s', '00000000-0000-4000-8000-0000000000%d%d', true)", name, cpu ? 6 : 7, i);
        g_autofree char *answer = g_strdup_printf ("select test.insert_card('%s', %d), pg_stat_force_next_flush()", name, 20 - i);
        g_autofree char *before = times_read_whole (superuser);
        g_autofree char *after = NULL;

        api_expect_value (clerk, read, "2");
        api_expect_value (clerk, sell, "done");
        oc_test_sql (clerk, "select pg_stat_force_next_flush()");
        after = times_read_whole (superuser);
        g_assert_cmpstr (after, ==, before);
        oc_test_sql (superuser, answer);
    }
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    api_script (base, "sale.sql");
    api_undo_pending (base);
    g_test_add_data_func ("/api/plans/cpu", "cpu", test_sale);
    g_test_add_data_func ("/api/plans/24c", "24c", test_sale);
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same request twice: the second gets the first one's answer, also when it comes while the first is still on its way (the
 * connection broke, the server goes on). The same id with other contents is refused. */
#include "fixture.h"

#include "db/private.h"

#define ID(n) "00000000-0000-4000-8000-0000000000" n
#define HELLO "select * from api.hello(1, '00000000-0000-4000-8000-000000000001', 'test', '00000000-0000-4000-8000-000000000002')"
#define PURCHASE(id, what) "select string_agg(part, ' ') from api.purchase_begin('" ID (id) "', '24c', '24c04', null, test.areas('24c')," \
    " test.bytes('24c'), 22, " what ", null, 50, 'wechat', 'again')"
#define OPEN(id, serial, meter) "select string_agg(part, ' ') from api.open_begin('" ID (id) "', 'cpu', 'cpu', '\\x" serial "'," \
    " test.areas('new'), test.bytes('new'), '吴敏', '没有地方', null, null, null, null, 3, null, null, '{1}', '{RT-dt}', '{" meter "}', '{居民用电}'," \
    " '{居民电价}', '{null}', '{null}', '{null}', '{null}', '{100}', '{null}', null, 300, 'cash', null)"
#define OPENED "job directory step step step step step"
#define SOLD "job step step step step"

static OcTestDb *base;

typedef struct {
    const char *sql;
    char *answer;
} Second;

static gpointer
run_second (gpointer data)
{
    Second *second = data;
    g_autoptr(OcDb) clerk = api_operator (base, 1002);
    g_autoptr(OcRows) rows = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true (oc_db_execute (clerk, &(OcStatement){ .name = "hello", .sql = HELLO }, NULL, NULL));
    if (oc_db_execute (clerk, &(OcStatement){ .name = "test", .sql = second->sql }, &rows, &error))
        second->answer = g_strdup (oc_rows_text (rows, 0, oc_rows_column_name (rows, 0)));
    else
        second->answer = g_strdup (error->message);

    return NULL;
}

/* @sql in a transaction that stays open until the same statement of another connection waits for it. */
static void
repeat (const char *sql, const char *answer)
{
    g_autoptr(OcDb) owner = oc_test_db_superuser (base);
    g_autoptr(OcDb) clerk = api_operator (base, 1002);
    Second second = { sql, NULL };
    GThread *thread;

    api_expect (clerk, HELLO, "");
    oc_test_sql (clerk, "begin");
    api_expect_value (clerk, sql, answer);
    thread = g_thread_new ("second", run_second, &second);
    for (int i = 0; i < 500; i++) {
        g_autofree char *waiting = oc_test_sql_value (owner,
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and usename = 'onecard_1002'");

        if (g_strcmp0 (waiting, "1") == 0)
            break;
        g_usleep (10000);
    }
    oc_test_sql (clerk, "commit");
    g_thread_join (thread);
    g_assert_cmpstr (second.answer, ==, answer);
    g_free (second.answer);
    api_expect_value (clerk, sql, answer);
}

static void
test_purchase (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autoptr(OcDb) clerk = api_operator (base, 1002);
    g_autoptr(OcDb) other = api_operator (base, 1001);

    repeat (PURCHASE ("41", "50, null"), SOLD);
    api_expect_value (owner, "select count(*)::text from onecard.trade where reference = 'again'", "1");
    api_expect (clerk, HELLO, "");
    api_expect (clerk, PURCHASE ("41", "50.01, null"), "OC005");
    api_expect (clerk, PURCHASE ("41", "null, 50"), "OC005");
    api_expect (other, PURCHASE ("41", "50, null"), "OC005");
    /* another process of the same operator is told to show the card again, another request who serves */
    oc_test_sql (clerk, "set onecard.process = '00000000-0000-4000-8000-000000000009'");
    api_expect (clerk, PURCHASE ("41", "50, null"), "OC031");
    api_expect (clerk, PURCHASE ("42", "50, null"), "OC030");
}

static void
test_open (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autoptr(OcDb) clerk = api_operator (base, 1002);
    g_autofree char *broken = NULL;

    repeat (OPEN ("51", "8877665544332211", "88"), OPENED);
    api_expect_value (owner, "select count(*)::text from onecard.customer where state = 'pending'", "1");
    api_expect (clerk, HELLO, "");
    api_expect (clerk, OPEN ("51", "8877665544332211", "89"), "OC005");
    api_expect (clerk, OPEN ("52", "8877665544332212", "88"), "OC045");
    api_expect (clerk, OPEN ("52", "8877665544332211", "89"), "OC031");
    broken = api_broken (owner);
    g_assert_cmpstr (broken, ==, "");
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    api_script (base, "sale.sql");
    api_undo_pending (base);
    {
        g_autoptr(OcDb) superuser = oc_test_db_superuser (base);

        oc_test_sql (superuser, "insert into test.card select 'new', area, decode(repeat('00', length(bytes)), 'hex'), ord from test.card where name = 'cpu'");
    }
    g_test_add_func ("/api/repeat/purchase", test_purchase);
    g_test_add_func ("/api/repeat/open", test_open);
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

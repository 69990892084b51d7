/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meters that are added to a card in use, and new meters in the place of old ones: what is charged, carried and refused, and how
 * a card that was cut is judged. Every test has a database of its own with a memory and a CPU card. */
#include "fixture.h"

#include <string.h>

#define JOB "'00000000-0000-4000-8000-000000000201'"
#define NEXT "'00000000-0000-4000-8000-000000000202'"

typedef struct {
    const char *family;
    OcTestDb *db;
    OcDb *owner;
    OcDb *here;
} Desk;

static void
set_up (Desk *desk, gconstpointer family)
{
    desk->family = family;
    desk->db = api_demo_new ();
    desk->owner = oc_test_db_owner (desk->db);
    desk->here = api_operator (desk->db, 1002);
    api_expect (desk->here, "select * from api.hello(1, '00000000-0000-4000-8000-000000000001', 'x', '00000000-0000-4000-8000-000000000002')", "");
}

static void
tear_down (Desk *desk, gconstpointer family)
{
    g_autofree char *broken = api_broken (desk->owner);

    g_assert_cmpstr (broken, ==, "");
    g_clear_pointer (&desk->here, oc_db_free);
    g_clear_pointer (&desk->owner, oc_db_free);
    g_clear_pointer (&desk->db, oc_test_db_free);
}

/* @ in @call is the family in quotes. */
static void
expect (Desk *desk, const char *call, const char *answer)
{
    g_auto(GStrv) parts = g_strsplit (call, "@", -1);
    g_autofree char *quoted = g_strdup_printf ("'%s'", desk->family);
    g_autofree char *with = g_strjoinv (quoted, parts);
    g_autofree char *sql = g_strconcat ("select test.", with, NULL);

    if (g_str_has_prefix (answer, "OC"))
        api_expect (desk->here, sql, answer);
    else
        api_expect_value (desk->here, sql, answer);
}

static gboolean
is_cpu (Desk *desk)
{
    return strcmp (desk->family, "cpu") == 0;
}

static const char *
either (Desk *desk, const char *cpu, const char *memory)
{
    return is_cpu (desk) ? cpu : memory;
}

static const char *
begun (Desk *desk, int attempt)
{
    static const char *const texts[2][2] = {
        { "attempt 1, steps 2, keys 0 pending", "attempt 2, steps 2, keys 0 pending" },
        { "attempt 1, steps 5, keys 1 pending", "attempt 2, steps 5, keys 1 pending" },
    };

    return texts[is_cpu (desk)][attempt - 1];
}

/* This one query of the owner's about the meters of the family. */
static void
expect_meters (Desk *desk, const char *answer)
{
    g_autofree char *sql = g_strdup_printf ("select string_agg(concat_ws(' ', ltrim(number, '0'), state, purchase_count, trim_scale(last_purchase)), '; '"
        " order by id) from onecard.meter where (directory <> '') = %s", is_cpu (desk) ? "true" : "false");

    api_expect_value (desk->owner, sql, answer);
}

/* Replace meter -------------------------------------------------------------------------------------------------------- */

/* Money: presale 100, 40 left. Quantity: presale 3, 40 left. */
static void
test_carried (Desk *desk, gconstpointer family)
{
    expect (desk, "look(@)", "current//- current//-");
    expect (desk, "change_quote(@, null)", either (desk, "40 0 40 100 0 60 160", "40 0 40 3 37 0 100"));
    expect (desk, "change_quote(@, 12.34)", either (desk, "12.34 0 12.34 100 0 87.66 187.66", "12.34 0 12.4 3 9.4 0 100"));
    expect (desk, "change_quote(@, 0)", either (desk, "0 0 0 100 0 100 200", "0 0 0 3 0 3 112"));
    expect (desk, "change_quote(@, -20)", either (desk, "-20 0 -20 100 0 120 220", "-20 0 -20 3 0 23 192"));
    expect (desk, "change_quote(@, -0.01)", either (desk, "-0.01 0 -0.01 100 0 100.01 200.01", "-0.01 0 0 3 0 3 112"));
    expect (desk, "change_quote(@, 40.01)", "OC176");

    expect (desk, "change(@, " JOB ", '8', 12.34, 1)", "OC037");
    expect (desk, "change(@, " JOB ", '8', 12.34, 187.66)", is_cpu (desk) ? begun (desk, 1) : "OC037");
    if (!is_cpu (desk))
        expect (desk, "change(@, " JOB ", '8', 12.34, 100)", begun (desk, 1));
    /* the same again is the same answer; another content is not */
    expect (desk, either (desk, "change(@, " JOB ", '8', 12.34, 187.66)", "change(@, " JOB ", '8', 12.34, 100)"), begun (desk, 1));
    expect (desk, either (desk, "change(@, " JOB ", '8', 12.33, 187.66)", "change(@, " JOB ", '8', 12.33, 100)"), "OC005");
    expect (desk, "put(@, " JOB ", null, false)", "put");
    expect_meters (desk, either (desk, "7 replaced 3 50; 8 pending 0 0", "22 replaced 3 12.5; 8 pending 0 0"));
    expect (desk, "end(@, " JOB ", 1, true, true, false, false)", "done new");
    expect_meters (desk, either (desk, "7 replaced 3 50; 8 open 1 0", "22 replaced 3 12.5; 8 open 1 9.4"));
    api_expect_value (desk->owner, "select concat_ws(' ', kind, state, trim_scale(quantity), trim_scale(card_amount), trim_scale(presale), trim_scale(carried),"
        " trim_scale(due), trim_scale(received), purchase_count) from onecard.trade where request_id = " JOB,
        either (desk, "replace-meter effective 179.4472 0 87.66 12.34 187.66 187.66 1", "replace-meter effective 0 9.4 0 12.4 100 100 1"));
    api_expect_value (desk->owner, "select string_agg(concat_ws(' ', account, trim_scale(amount)), ', ' order by line) from onecard.trade_line"
        " where trade = (select number from onecard.trade where request_id = " JOB ")",
        either (desk, "cash -187.66, meter-change-fee 100, presale 87.66", "cash -100, meter-change-fee 100"));
    /* counts go on from there, after the new meter has answered */
    expect (desk, "begin(@, " NEXT ", 50)", "OC023");
    expect (desk, "use(@, 12)", "used");
    expect (desk, "begin(@, " NEXT ", 50)", either (desk, "attempt 1, steps 5, keys 1 pending", "attempt 1, steps 1, keys 0 pending"));
    expect (desk, "put(@, " NEXT ", null, false)", "put");
    expect (desk, "end(@, " NEXT ", 1, true, true, false, false)", "done new");
    expect_meters (desk, either (desk, "7 replaced 3 50; 8 open 2 50", "22 replaced 3 12.5; 8 open 2 12.5"));
}

/* The manual's own row: remaining 100, presale 100, written 0, received 100. */
static void
test_manual (Desk *desk, gconstpointer family)
{
    expect (desk, "use(@, 100)", "used");
    expect (desk, "look(@)", "current//- current//-");
    expect (desk, "change(@, " JOB ", '000000000008', 100, 100)", begun (desk, 1));
    expect (desk, "put(@, " JOB ", null, false)", "put");
    expect (desk, "end(@, " JOB ", 1, true, true, false, false)", "done new");
    api_expect_value (desk->owner, "select concat_ws(' ', sub_meter, trim_scale(quantity), trim_scale(card_amount), trim_scale(carried), trim_scale(received),"
        " purchase_count) from onecard.trade where request_id = " JOB, either (desk, "11 0 0 100 100 1", "22 0 97 100 100 1"));
}

/* A purchase that was not put in the old meter comes to the new one, without being typed. */
static void
test_unread (Desk *desk, gconstpointer family)
{
    expect (desk, "begin(@, " JOB ", 50)", either (desk, "attempt 1, steps 5, keys 1 pending", "attempt 1, steps 1, keys 0 pending"));
    expect (desk, "put(@, " JOB ", null, false)", "put");
    expect (desk, "end(@, " JOB ", 1, true, true, false, false)", "done new");
    expect (desk, "change_quote(@, null)", either (desk, "40 50 90 100 0 10 110", "40 12.5 52.5 3 49.5 0 100"));
    expect (desk, "change_quote(@, 41)", "OC176");
    expect (desk, "change(@, " NEXT ", '8', null)", begun (desk, 1));
    expect (desk, "put(@, " NEXT ", null, false)", "put");
    expect (desk, "end(@, " NEXT ", 1, true, true, false, false)", "done new");
    /* it was not bought: it can't be sold anew */
    api_expect (desk->here, either (desk, "select * from api.repurchase_quote(2, 11, 1, null)", "select * from api.repurchase_quote(1, 22, 1, null)"), "OC179");
    api_expect (desk->here, either (desk, "select * from api.repurchase_begin(gen_random_uuid(), 'cpu', 'cpu', test.serial('cpu'), test.areas('cpu'), test.bytes('cpu'),"
        " 11, 1, null, null, null, 'cash', null, false)", "select * from api.repurchase_begin(gen_random_uuid(), '24c', '24c04', null, test.areas('24c'),"
        " test.bytes('24c'), 22, 1, null, null, null, 'cash', null, false)"), "OC179");
    /* the card says nothing of the old meter any more */
    api_expect_value (desk->owner, "select count(*)::text from test.card c, onecard.meter m where m.state = 'replaced'"
        " and position(decode(m.number, 'hex') in c.bytes) > 0 and c.area !~ '^R' and c.name = (case when m.directory <> '' then 'cpu' else '24c' end)", "0");
}

/* The card is as before: the old meter is in use again, and the new one's number is free. */
static void
test_undone (Desk *desk, gconstpointer family)
{
    expect (desk, "change(@, " JOB ", '8', null)", begun (desk, 1));
    /* nobody gets the old meter meanwhile */
    expect (desk, either (desk, "add('24c', " NEXT ", 3, '7', 20)", "add('24c', " NEXT ", 3, '22', 20)"), is_cpu (desk) ? "OC045" : "OC031");
    expect (desk, "end(@, " JOB ", 1, true, true, true, true)", "undone old");
    expect_meters (desk, either (desk, "7 open 3 50; 8 void 0 0", "22 open 3 12.5; 8 void 0 0"));
    expect (desk, "look(@)", "current//- current//-");
    expect (desk, "change(@, " NEXT ", '8', null)", begun (desk, 1));
    expect (desk, "put(@, " NEXT ", null, false)", "put");
    expect (desk, "end(@, " NEXT ", 1, true, true, false, false)", "done new");
    expect_meters (desk, either (desk, "7 replaced 3 50; 8 void 0 0; 8 open 1 0", "22 replaced 3 12.5; 8 void 0 0; 8 open 1 37"));
}

/* Cut after every step, whole or in the middle of it: nothing but forward. */
static void
test_cut (Desk *desk, gconstpointer family)
{
    int n = is_cpu (desk) ? 5 : 2;

    for (int step = 0; step <= n; step++)
        for (int torn = 0; torn < 2; torn++) {
            g_autofree char *job = g_strdup_printf ("'00000000-0000-4000-8000-%012d'", 300 + 2 * step + torn);
            g_autofree char *begin = g_strdup_printf ("change(@, %s, '%d', 5)", job, 100 + 2 * step + torn);
            g_autofree char *put = g_strdup_printf ("put(@, %s, %d, %s)", job, step, torn ? "true" : "false");
            g_autofree char *resume = g_strdup_printf ("resume(@, %s)", job);
            g_autofree char *rest = g_strdup_printf ("put(@, %s, null, false)", job);
            g_autofree char *end = g_strdup_printf ("end(@, %s, 2, true, true, false, true)", job);
            gboolean whole = step == n && (!torn || is_cpu (desk)); /* a return file whose beginning is clear is empty */

            expect (desk, begin, begun (desk, 1));
            expect (desk, put, "put");
            expect (desk, resume, whole ? either (desk, "attempt 2, steps 0, keys 0 pending", "attempt 2, steps 0, keys 0 pending") : begun (desk, 2));
            expect (desk, rest, "put");
            expect (desk, end, "done new");
            expect (desk, "use(@, 10)", "used");
            expect (desk, "look(@)", "current//- current//-");
        }
}

/* The old wallet is the new one, byte for byte (count 1, the same value): nothing written is still nothing written. */
static void
test_same_wallet (Desk *desk, gconstpointer family)
{
    expect (desk, "change(@, " JOB ", '8', 0)", begun (desk, 1));
    expect (desk, "put(@, " JOB ", null, false)", "put");
    expect (desk, "end(@, " JOB ", 1, true, true, false, false)", "done new");
    oc_test_sql (desk->owner, "update onecard.user_type set presale = 0");
    expect (desk, "change_quote(@, null)", either (desk, "100 0 100 0 100 0 100", "3 0 3 0 3 0 100"));
    expect (desk, "change(@, " NEXT ", '9', 0)", begun (desk, 1));
    expect (desk, "end(@, " NEXT ", 1, true, true, true, true)", "undone old");
    expect_meters (desk, either (desk, "7 replaced 3 50; 8 open 1 0; 9 void 0 0", "22 replaced 3 12.5; 8 open 1 0; 9 void 0 0"));
}

/* The meter was quicker than the station. */
static void
test_used (Desk *desk, gconstpointer family)
{
    expect (desk, "change(@, " JOB ", '8', null)", begun (desk, 1));
    expect (desk, "put(@, " JOB ", null, false)", "put");
    oc_test_sql (desk->owner, "update onecard.meter set state = 'open', purchase_count = 1 where state = 'pending'");
    expect (desk, "use(@, 40)", "used");
    oc_test_sql (desk->owner, "update onecard.meter set state = 'pending', purchase_count = 0 where ltrim(number, '0') = '8'");
    expect (desk, "resume(@, " JOB ")", "attempt 2, steps 0, keys 0 pending");
    expect (desk, "end(@, " JOB ", 2, true, true, false, false)", "done used");
    expect (desk, "look(@)", "current//- current//-");
}

/* The card was lost before the write was proven: the new one carries it on, and the new meter is on it. */
static void
test_card_lost (Desk *desk, gconstpointer family)
{
    expect (desk, "change(@, " JOB ", '8', null)", begun (desk, 1));
    expect (desk, "end(@, " JOB ", 1, false, false, false, false)", "pending unseen");
    api_expect_value (desk->here, either (desk, "select concat_ws(' ', ltrim(meter, '0'), purchase_count, trim_scale(amount)) from api.replace_card_quote(2)",
        "select concat_ws(' ', ltrim(meter, '0'), purchase_count, trim_scale(amount)) from api.replace_card_quote(1)"), either (desk, "8 1 0", "8 1 37"));
    oc_test_sql (desk->owner, "update test.card set bytes = decode(repeat('00', length(bytes)), 'hex') where name = 'cpu';"
        " update test.card set bytes = decode(repeat('ff', length(bytes)), 'hex') where name = '24c'");
    api_expect_value (desk->here, either (desk, "select test.keep(" NEXT ", array(select x from api.replace_card_begin(" NEXT ", 'cpu', 'cpu', '\\x1122334455667700',"
        " test.areas('cpu'), test.bytes('cpu'), 2, null, null, 'cash', null) x))", "select test.keep(" NEXT ", array(select x from"
        " api.replace_card_begin(" NEXT ", '24c', '24c04', null, test.areas('24c'), test.bytes('24c'), 1, null, null, 'cash', null) x))"),
        either (desk, "attempt 1, steps 5, keys 1 pending", "attempt 1, steps 2, keys 0 pending"));
    if (is_cpu (desk)) /* another serial proves itself otherwise: not this test's */
        oc_test_sql (desk->owner, "update onecard.card set serial = '\\x1122334455667799' where serial = '\\x1122334455667788';"
            " update onecard.card set serial = '\\x1122334455667788' where serial = '\\x1122334455667700'");
    expect (desk, "put(@, " NEXT ", null, false)", "put");
    expect (desk, "end(@, " NEXT ", 1, true, true, false, false)", "done new");
    expect_meters (desk, either (desk, "7 replaced 3 50; 8 open 1 0", "22 replaced 3 12.5; 8 open 1 37"));
    expect (desk, "use(@, 10)", "used");
    expect (desk, "look(@)", "current//- current//-");
}

static void
test_change_refused (Desk *desk, gconstpointer family)
{
    static const struct {
        const char *call, *cpu, *memory;
    } cases[] = {
        { "change(@, " JOB ", '', null)", "OC044", "OC044" }, { "change(@, " JOB ", null, null)", "OC044", "OC044" },
        { "change(@, " JOB ", '0', null)", "OC044", "OC044" }, { "change(@, " JOB ", 'x', null)", "OC044", "OC044" },
        { "change(@, " JOB ", '7', null)", "OC045", "OC045" }, { "change(@, " JOB ", '22', null)", "OC045", "OC045" },
        { "change(@, " JOB ", '8', 'NaN')", "OC177", "OC177" }, { "change(@, " JOB ", '8', 1.00001)", "OC177", "OC177" },
        { "change(@, " JOB ", '8', -1e12)", "OC177", "OC177" }, { "change(@, " JOB ", '8', 40.0001)", "OC176", "OC176" },
        { "change(@, " JOB ", '8', null, null, 'RT')", "OC047", "OC047" }, { "change(@, " JOB ", '8', null, null, 'CPU卡燃气表')", "OC048", "OC048" },
        { "change(@, " JOB ", '8', null, null, '24C16接触式冷水表')", "OC048", "OC036" }, { "change(@, " JOB ", '8', null, null, 'CPU卡冷水表')", "OC048", "OC036" },
        { "change(@, " JOB ", '8', null, null, null, '居民用气')", "OC047", "OC047" }, { "change(@, " JOB ", '8', null, null, null, null, '居民气价')", "OC047", "OC047" },
        { "change(@, " JOB ", '8', null, null, null, null, null, 'x')", "OC047", "OC047" }, { "change(@, " JOB ", '8', null, null, null, null, '居民阶梯电价')", "OC017", "OC047" },
        { "change(@, " JOB ", '8', null, null, null, null, null, null, 0)", "OC052", "OC052" },
        { "change(@, " JOB ", '8', null, null, null, null, null, null, 1, 1000000)", "OC052", "OC052" },
        { "change(@, " JOB ", '8', null, null, null, null, null, null, null, null, 12)", "OC029", "OC029" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        expect (desk, cases[i].call, either (desk, cases[i].cpu, cases[i].memory));
    oc_test_sql (desk->owner, "update onecard.card_layout set by_money = not by_money where name in ('cpu-electricity-2013', 'mem-4442');"
        " update onecard.meter_model set layout = 'mem-4442', chip = '24c04' where name = '24C16接触式冷水表'; update onecard.card_layout set family = '24c'"
        " where name = 'mem-4442'");
    expect (desk, either (desk, "change(@, " JOB ", '8', null, null, 'CPU卡阶梯电表')", "change(@, " JOB ", '8', null, null, '24C16接触式冷水表')"), "OC178");
    oc_test_sql (desk->owner, "update onecard.user_type set hoarding = 36, purchase_limit = 30, presale = 3, alarm_1 = 2, alarm_2 = 1");
    expect (desk, "change(@, " JOB ", '8', null)", "OC012");
    oc_test_sql (desk->owner, "update onecard.meter set barred = 'debts'");
    expect (desk, "change(@, " JOB ", '8', 0)", "OC028");
    oc_test_sql (desk->owner, "update onecard.meter set barred = null; insert into onecard.conflict (meter, reason) select id, 'test' from onecard.meter");
    expect (desk, "change(@, " JOB ", '8', 0)", "OC038");
    oc_test_sql (desk->owner, "update onecard.conflict set state = 'settled', decision = 'dismiss', decided_at = now()");
    oc_test_sql (desk->owner, "delete from onecard.role_permission where permission = 'replace-meter'");
    expect (desk, "change(@, " JOB ", '8', 0)", "OC001");
    expect (desk, "change_quote(@, 0)", "OC001");
    api_expect_value (desk->owner, "select count(*)::text from onecard.meter where state <> 'open'", "0");
    api_expect_value (desk->owner, "select count(*)::text from onecard.card_job where state = 'pending'", "0");
}

/* What came back from a re-purchase waits for a second person: no return data of the old meter will come. */
static void
test_held (Desk *desk, gconstpointer family)
{
    expect (desk, "begin(@, " JOB ", 50)", either (desk, "attempt 1, steps 5, keys 1 pending", "attempt 1, steps 1, keys 0 pending"));
    expect (desk, "put(@, " JOB ", null, false)", "put");
    expect (desk, "end(@, " JOB ", 1, true, true, false, false)", "done new");
    api_expect_value (desk->here, either (desk, "select test.keep(" NEXT ", array(select x from api.repurchase_begin(" NEXT ", 'cpu', 'cpu', test.serial('cpu'),"
        " test.areas('cpu'), test.bytes('cpu'), 11, null, null, null, null, 'cash', null, false) x))", "select test.keep(" NEXT ", array(select x from"
        " api.repurchase_begin(" NEXT ", '24c', '24c04', null, test.areas('24c'), test.bytes('24c'), 22, null, null, null, null, 'cash', null, false) x))"),
        either (desk, "attempt 1, steps 5, keys 1 pending", "attempt 1, steps 1, keys 0 pending"));
    expect (desk, "put(@, " NEXT ", null, false)", "put");
    expect (desk, "end(@, " NEXT ", 1, true, true, false, false)", "done new");
    /* nothing is unread any more: it was taken back */
    expect (desk, "change_quote(@, null)", either (desk, "40 0 40 100 0 60 160", "40 0 40 3 37 0 100"));
    expect (desk, "change(@, '00000000-0000-4000-8000-000000000203', '8', null)", begun (desk, 1));
    expect (desk, "put(@, '00000000-0000-4000-8000-000000000203', null, false)", "put");
    expect (desk, "end(@, '00000000-0000-4000-8000-000000000203', 1, true, true, false, false)", "done new");
    expect (desk, "use(@, 30)", "used");
    expect (desk, "look(@)", "current//- current//-");
    api_expect_value (desk->owner, "select string_agg(state || ' ' || trim_scale(amount), ', ') from onecard.held", "held 50");
}

/* Add sub-meter ---------------------------------------------------------------------------------------------------------- */

static void
test_added (Desk *desk, gconstpointer family)
{
    const char *directory = either (desk, "DF14", "");

    /* the first meter's purchase is unread: its record stays as it is */
    expect (desk, "begin(@, " JOB ", 50)", either (desk, "attempt 1, steps 5, keys 1 pending", "attempt 1, steps 1, keys 0 pending"));
    expect (desk, "put(@, " JOB ", null, false)", "put");
    expect (desk, "end(@, " JOB ", 1, true, true, false, false)", "done new");
    if (is_cpu (desk)) {
        expect (desk, "add(@, " NEXT ", 4, '44', 100)", "OC049");
        expect (desk, "add_directory('DF14')", "there");
    }
    expect (desk, "save(@)", "saved");
    expect (desk, either (desk, "add(@, " NEXT ", 4, '44', 100, 200)", "add(@, " NEXT ", 3, '44', 20, 32)"),
        either (desk, "attempt 1, steps 5, keys 1 pending", "attempt 1, steps 1, keys 0 pending"));
    expect (desk, either (desk, "add(@, " NEXT ", 4, '44', 100, 200)", "add(@, " NEXT ", 3, '44', 20, 32)"),
        either (desk, "attempt 1, steps 5, keys 1 pending", "attempt 1, steps 1, keys 0 pending"));
    expect (desk, "add(@, " NEXT ", 4, '44', 100.01, 200)", "OC005");
    expect (desk, "put(@, " NEXT ", null, false)", "put");
    expect_meters (desk, either (desk, "7 open 4 50; 44 pending 0 0", "22 open 4 12.5; 44 pending 0 0"));
    expect (desk, is_cpu (desk) ? "end_in('DF14', " NEXT ", 1, false)" : "end(@, " NEXT ", 1, true, true, false, false)", "done new");
    expect_meters (desk, either (desk, "7 open 4 50; 44 open 1 100", "22 open 4 12.5; 44 open 1 5"));
    api_expect_value (desk->owner, "select directory from onecard.meter where number like '%44'", directory);
    api_expect_value (desk->owner, "select string_agg(concat_ws(' ', kind, state, sub_meter, trim_scale(card_amount), trim_scale(presale), trim_scale(due)), '; ')"
        " from onecard.trade where request_id = " NEXT, either (desk, "purchase effective 14 100 100 200", "purchase effective 23 5 12 32"));
    expect (desk, "look(@)", "current//- current/OC023/- current/OC023/-");
    api_expect_value (desk->owner, "select count(*)::text from test.card c join test.saved s using (name, area) where c.bytes <> s.bytes and area !~ '^(V3|DF14)'", "0");
}

static void
test_added_undone (Desk *desk, gconstpointer family)
{
    if (is_cpu (desk))
        expect (desk, "add_directory('DF14')", "there");
    expect (desk, either (desk, "add(@, " JOB ", 4, '44', 100)", "add(@, " JOB ", 3, '44', 20)"),
        either (desk, "attempt 1, steps 5, keys 1 pending", "attempt 1, steps 1, keys 0 pending"));
    api_expect_value (desk->here, "select kind || ' ' || state || ' ' || sub_meters from api.unfinished(false)", either (desk, "add-meter serving 14", "add-meter serving 23"));
    expect (desk, "begin(@, " NEXT ", 50)", "OC031");
    expect (desk, is_cpu (desk) ? "end_in('DF14', " JOB ", 1, true)" : "end(@, " JOB ", 1, true, true, true, true)", "undone old");
    expect_meters (desk, either (desk, "7 open 3 50; 44 void 0 0", "22 open 3 12.5; 44 void 0 0"));
    api_expect_value (desk->owner, "select string_agg(state, ' ' order by number) from onecard.customer where number in (1, 2)", "open open");
    api_expect_value (desk->owner, "select string_agg(state, ' ' order by id) from onecard.card", "current current");
    expect (desk, "look(@)", "current//- current//-");
    expect (desk, either (desk, "add(@, " NEXT ", 4, '44', 100)", "add(@, " NEXT ", 3, '44', 20)"),
        either (desk, "attempt 1, steps 5, keys 1 pending", "attempt 1, steps 1, keys 0 pending"));
    expect (desk, "put(@, " NEXT ", null, false)", "put");
    expect (desk, is_cpu (desk) ? "end_in('DF14', " NEXT ", 1, false)" : "end(@, " NEXT ", 1, true, true, false, false)", "done new");
}

/* What the customer bought before counts into the tiers of the added meter, in the quote as in the sale. */
static void
test_added_tiers (Desk *desk, gconstpointer family)
{
    oc_test_sql (desk->owner, "update onecard.customer set household = 3; update onecard.price_tier set upper_limit = 60 where upper_limit = 180");
    api_expect_value (desk->here, "select string_agg(concat_ws(' ', tier, item_name, trim_scale(quantity), trim_scale(amount), trim_scale(due_total)), ', ')"
        " from api.add_meter_quote(1, '居民用水', '24C04接触式冷水表', '居民阶梯水价', null, 10, null)",
        "1 水价 4 8.28 56.59, 1 污水处理费 4 5.44 56.59, 2 水价 6 24.42 56.59, 2 污水处理费 6 8.16 56.59");
    api_expect_value (desk->here, "select distinct trim_scale(due_total)::text from api.quote_open('居民用水', '24C04接触式冷水表', '居民阶梯水价', 3, null, 10, false, null)",
        "44.59");
    api_expect (desk->here, "select test.keep(" JOB ", array(select x from api.add_meter_begin(" JOB ", '24c', '24c04', null, test.areas('24c'), test.bytes('24c'),"
        " '{3}', '{24C04接触式冷水表}', '{44}', '{居民用水}', '{居民阶梯水价}', '{null}', '{null}', '{null}', '{null}', '{null}', '{10}', 44.59, null, 'cash', null) x))",
        "OC037");
    api_expect_value (desk->here, "select test.keep(" JOB ", array(select x from api.add_meter_begin(" JOB ", '24c', '24c04', null, test.areas('24c'), test.bytes('24c'),"
        " '{3}', '{24C04接触式冷水表}', '{44}', '{居民用水}', '{居民阶梯水价}', '{null}', '{null}', '{null}', '{null}', '{null}', '{10}', 56.59, null, 'cash', null) x))",
        "attempt 1, steps 1, keys 0 pending");
    expect (desk, "put(@, " JOB ", null, false)", "put");
    expect (desk, "end(@, " JOB ", 1, true, true, false, false)", "done new");
}

static void
test_add_refused (Desk *desk, gconstpointer family)
{
    static const struct {
        const char *call, *cpu, *memory;
    } cases[] = {
        { "add(@, " JOB ", null, '44', 20)", "OC046", "OC046" }, { "add(@, " JOB ", 9, '44', 20)", "OC046", "OC046" },
        { "add(@, " JOB ", 1, '44', 20)", "OC046", "OC048" }, { "add(@, " JOB ", 2, '44', 20)", "OC048", "OC046" },
        { "add(@, " JOB ", 4, '', 20)", "OC044", "OC048" }, { "add(@, " JOB ", 3, '22', 20)", "OC048", "OC045" },
        { "add(@, " JOB ", 4, '7', 20)", "OC045", "OC048" }, { "add(@, " JOB ", 8, '44', 20)", "OC048", "OC049" },
        { "add(@, " JOB ", 3, '44', 20, null, '24C16接触式冷水表')", "OC036", "OC036" }, { "add(@, " JOB ", 3, '44', 20, null, 'CPU卡冷水表', '居民用水', '居民水价')", "OC049", "OC036" },
        { "add(@, " JOB ", 3, '44', 20, null, 'x')", "OC047", "OC047" }, { "add(@, " JOB ", 3, '44', 20, null, null, 'x')", "OC048", "OC047" },
        { "add(@, " JOB ", 3, '44', 20, null, null, null, 'x')", "OC048", "OC047" }, { "add(@, " JOB ", 3, '44', 20, null, null, null, null, 0)", "OC048", "OC052" },
        { "add(@, " JOB ", 3, '44', -1)", "OC048", "OC010" }, { "add(@, " JOB ", 3, '44', 0.001)", "OC048", "OC014" },
        { "add(@, " JOB ", 3, '44', 5000)", "OC048", "OC011" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        expect (desk, cases[i].call, either (desk, cases[i].cpu, cases[i].memory));
    api_expect (desk->here, "select test.keep(" JOB ", array(select x from api.add_meter_begin(" JOB ", '24c', '24c04', null, test.areas('24c'), test.bytes('24c'),"
        " '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', null, null, 'cash', null) x))", "OC056");
    api_expect (desk->here, "select test.keep(" JOB ", array(select x from api.add_meter_begin(" JOB ", '24c', '24c04', null, test.areas('24c'), test.bytes('24c'),"
        " '{3,3}', '{24C04接触式冷水表,24C04接触式冷水表}', '{44,45}', '{居民用水,居民用水}', '{居民水价,居民水价}', '{null,null}', '{null,null}', '{null,null}',"
        " '{null,null}', '{20,20}', '{null,null}', null, null, 'cash', null) x))", "OC046");
    oc_test_sql (desk->owner, "insert into onecard.blacklist (customer, reason, operator) values (1, 'debts', 1001), (2, 'debts', 1001)");
    expect (desk, either (desk, "add(@, " JOB ", 4, '44', 20)", "add(@, " JOB ", 3, '44', 20)"), "OC028");
    oc_test_sql (desk->owner, "update onecard.blacklist set released_at = now(), released_by = 1001, release_reason = 'paid';"
        " delete from onecard.role_permission where permission = 'open-account'");
    expect (desk, "add(@, " JOB ", 3, '44', 20)", "OC001");
    api_expect (desk->here, "select * from api.add_meter_quote(1, '居民用水', '24C04接触式冷水表', '居民水价', 20, null, null)", "OC001");
    api_expect_value (desk->owner, "select count(*)::text from onecard.meter where state <> 'open'", "0");
}

int
main (int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*test) (Desk *desk, gconstpointer family);
    } tests[] = {
        { "carried", test_carried }, { "manual", test_manual }, { "unread", test_unread }, { "undone", test_undone }, { "cut", test_cut },
        { "same-wallet", test_same_wallet }, { "used", test_used }, { "card-lost", test_card_lost }, { "change-refused", test_change_refused },
        { "held", test_held }, { "added", test_added }, { "added-undone", test_added_undone },
        { "add-refused", test_add_refused },
    };
    static const char *const families[] = { "24c", "cpu" };
    static const char *const scripts[] = { "sale.sql", "jobs.sql", "meters.sql", NULL };
    int failed;

    g_test_init (&argc, &argv, NULL);
    api_demo_with (scripts);
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
        for (gsize family = 0; family < G_N_ELEMENTS (families); family++) {
            g_autofree char *path = g_strdup_printf ("/api/meters/%s/%s", tests[i].name, families[family]);

            g_test_add (path, Desk, families[family], set_up, tests[i].test, tear_down);
        }
    g_test_add ("/api/meters/added-tiers", Desk, "24c", set_up, test_added_tiers, tear_down);
    failed = g_test_run ();
    oc_test_cluster_end ();

    return failed;
}

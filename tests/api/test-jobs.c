/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card jobs as the database judges them: what was proven, torn, undone, taken over, stale; and which cards sell nothing. Every test
 * has a database of its own with a memory and a CPU card, and two stations with an operator each. */
#include "fixture.h"

#include <string.h>

#define JOB "'00000000-0000-4000-8000-000000000101'"
#define NEXT "'00000000-0000-4000-8000-000000000102'"

typedef struct {
    const char *family;
    OcTestDb *db;
    OcDb *owner;
    OcDb *here;  /* 1002, at the station that began everything */
    OcDb *there; /* 1001, at another one */
} Desk;

static void
hello (OcDb *operator, int station)
{
    g_autofree char *sql = g_strdup_printf ("select * from api.hello(1, '00000000-0000-4000-8000-%012d', 'x',"
        " '00000000-0000-4000-8000-%012d')", station, station + 1);

    api_expect (operator, sql, "");
}

static void
set_up (Desk *desk, gconstpointer family)
{
    desk->family = family;
    desk->db = api_demo_new ();
    desk->owner = oc_test_db_owner (desk->db);
    desk->here = api_operator (desk->db, 1002);
    desk->there = api_operator (desk->db, 1001);
    hello (desk->here, 1);
    hello (desk->there, 5);
}

/* Nothing that a test did may break the ledger. */
static void
tear_down (Desk *desk, gconstpointer family)
{
    g_autofree char *broken = api_broken (desk->owner);

    g_assert_cmpstr (broken, ==, "");
    g_clear_pointer (&desk->here, oc_db_free);
    g_clear_pointer (&desk->there, oc_db_free);
    g_clear_pointer (&desk->owner, oc_db_free);
    g_clear_pointer (&desk->db, oc_test_db_free);
}

/* @ in @call is the family in quotes. */
static void
expect (Desk *desk, OcDb *who, const char *call, const char *answer)
{
    g_auto(GStrv) parts = g_strsplit (call, "@", -1);
    g_autofree char *quoted = g_strdup_printf ("'%s'", desk->family);
    g_autofree char *with = g_strjoinv (quoted, parts);
    g_autofree char *sql = g_strconcat ("select test.", with, NULL);

    if (g_str_has_prefix (answer, "OC"))
        api_expect (who, sql, answer);
    else
        api_expect_value (who, sql, answer);
}

static gboolean
is_cpu (Desk *desk)
{
    return strcmp (desk->family, "cpu") == 0;
}

static const char *
begun (Desk *desk)
{
    return is_cpu (desk) ? "attempt 1, steps 5, keys 1 pending" : "attempt 1, steps 1, keys 0 pending";
}

static const char *
taken_over (Desk *desk)
{
    return is_cpu (desk) ? "attempt 2, steps 5, keys 1 pending" : "attempt 2, steps 1, keys 0 pending";
}

static void
test_done (Desk *desk, gconstpointer family)
{
    expect (desk, desk->here, "begin(@, " JOB ", 50)", begun (desk));
    expect (desk, desk->here, "put(@, " JOB ", null, false)", "put");
    expect (desk, desk->here, "end(@, " JOB ", 1, true, true, false, false)", "done new");
    /* the same once more is the same answer; something else is too late */
    expect (desk, desk->here, "end(@, " JOB ", 1, true, true, false, false)", "done new");
    expect (desk, desk->here, "look(@)", "current//- current/OC023/-");
    expect (desk, desk->here, "begin(@, " NEXT ", 50)", "OC023");
    expect (desk, desk->here, "use(@, 50)", "used");
    expect (desk, desk->here, "look(@)", "current//- current//-");
    expect (desk, desk->here, "begin(@, " NEXT ", 50)", begun (desk));
}

/* The meter was quicker than the station: it took the card before anybody proved the write. */
static void
test_used (Desk *desk, gconstpointer family)
{
    expect (desk, desk->here, "begin(@, " JOB ", 50)", begun (desk));
    expect (desk, desk->here, "put(@, " JOB ", null, false)", "put");
    if (is_cpu (desk))
        expect (desk, desk->here, "use(@, 60)", "used");
    else
        oc_test_sql (desk->owner, "update onecard.meter set purchase_count = purchase_count + 1 where directory = '';"
            " select test.insert_card('24c', 60);"
            " update onecard.meter set purchase_count = purchase_count - 1 where directory = ''");
    expect (desk, desk->here, "resume(@, " JOB ")", "attempt 2, steps 0, keys 0 pending");
    expect (desk, desk->here, "end(@, " JOB ", 2, true, true, false, false)", "done used");
    expect (desk, desk->here, "look(@)", "current//- current//-");
}

/* Nothing was written and the same process can say so, or the card proves it. */
static void
test_undone (Desk *desk, gconstpointer family)
{
    expect (desk, desk->here, "begin(@, " JOB ", 50)", begun (desk));
    expect (desk, desk->here, "end(@, " JOB ", 1, true, true, true, false)", "pending old");
    expect (desk, desk->here, "resume(@, " JOB ")", taken_over (desk));
    if (is_cpu (desk)) {
        expect (desk, desk->here, "end(@, " JOB ", 2, true, false, true, true)", "pending old");
        expect (desk, desk->here, "resume(@, " JOB ")", "attempt 3, steps 5, keys 1 pending");
        expect (desk, desk->here, "end(@, " JOB ", 3, true, true, false, true)", "undone old");
    } else {
        /* the image that was handed out may have been saved: it can only be written */
        expect (desk, desk->here, "end(@, " JOB ", 2, true, true, true, true)", "pending old");
        expect (desk, desk->here, "resume(@, " JOB ")", "attempt 3, steps 1, keys 0 pending");
        expect (desk, desk->here, "put(@, " JOB ", null, false)", "put");
        expect (desk, desk->here, "end(@, " JOB ", 3, true, true, false, true)", "done new");
    }
}

static void
test_undone_at_once (Desk *desk, gconstpointer family)
{
    expect (desk, desk->here, "begin(@, " JOB ", 50)", begun (desk));
    expect (desk, desk->here, "end(@, " JOB ", 1, true, true, true, true)", "undone old");
    expect (desk, desk->here, "look(@)", "current//- current//-");
    api_expect_value (desk->owner, "select state from onecard.trade where request_id = " JOB, "void");
    expect (desk, desk->here, "begin(@, " NEXT ", 50)", begun (desk));
}

/* Cut after every step, whole or in the middle of it: forward only, and the same end. */
static void
test_cut (Desk *desk, gconstpointer family)
{
    int n = is_cpu (desk) ? 5 : 1;

    for (int step = 0; step <= n; step++)
        for (int torn = 0; torn < 2; torn++) {
            g_autofree char *put = g_strdup_printf ("put(@, '00000000-0000-4000-8000-%012d', %d, %s)", 300 + 2 * step + torn, step,
                torn ? "true" : "false");
            g_autofree char *begin = g_strdup_printf ("begin(@, '00000000-0000-4000-8000-%012d', 50)", 300 + 2 * step + torn);
            g_autofree char *end = g_strdup_printf ("end(@, '00000000-0000-4000-8000-%012d', 2, true, true, false, true)", 300 + 2 * step + torn);
            g_autofree char *resume = g_strdup_printf ("resume(@, '00000000-0000-4000-8000-%012d')", 300 + 2 * step + torn);
            g_autofree char *rest = g_strdup_printf ("put(@, '00000000-0000-4000-8000-%012d', null, false)", 300 + 2 * step + torn);

            expect (desk, desk->here, begin, begun (desk));
            expect (desk, desk->here, put, "put");
            expect (desk, desk->here, "look(@)", "in-doubt/OC031/- in-doubt/OC031/-");
            /* a return file whose beginning is clear is empty, for meters too */
            if (step == n && (!torn || is_cpu (desk)))
                expect (desk, desk->here, resume, "attempt 2, steps 0, keys 0 pending");
            else
                expect (desk, desk->here, resume, taken_over (desk));
            expect (desk, desk->here, rest, "put");
            expect (desk, desk->here, end, "done new");
            expect (desk, desk->here, "use(@, 10)", "used");
        }
    api_expect_value (desk->owner, "select count(*) = max(t.purchase_count) from onecard.trade t join onecard.meter m on m.id = t.meter"
        " group by m.directory <> '' order by 1 limit 1", "t");
}

/* The card could not be seen, or could not prove itself: nothing is decided. */
static void
test_unproven (Desk *desk, gconstpointer family)
{
    expect (desk, desk->here, "begin(@, " JOB ", 50)", begun (desk));
    expect (desk, desk->here, "end(@, " JOB ", 1, false, false, false, true)", "pending unseen");
    expect (desk, desk->here, "put(@, " JOB ", null, false)", "put");
    if (is_cpu (desk))
        expect (desk, desk->here, "end(@, " JOB ", 1, true, false, false, true)", "pending new");
    api_expect_value (desk->here, "select kind || ' ' || state from api.unfinished(false)", "purchase pending");
    expect (desk, desk->here, "begin(@, " NEXT ", 50)", "OC031");
    expect (desk, desk->here, "resume(@, " JOB ")", "attempt 2, steps 0, keys 0 pending");
    expect (desk, desk->here, "end(@, " JOB ", 2, true, true, false, true)", "done new");
}

/* Who serves is named; his lease keeps others away, except at his own station. */
static void
test_served (Desk *desk, gconstpointer family)
{
    expect (desk, desk->here, "begin(@, " JOB ", 50)", begun (desk));
    expect (desk, desk->there, "look(@)", "in-doubt/OC030/无名 in-doubt/OC030/-");
    expect (desk, desk->there, "begin(@, " NEXT ", 50)", "OC030");
    expect (desk, desk->there, "resume(@, " JOB ")", "OC030");
    api_expect_value (desk->here, "select lease_seconds::text from api.job_renew(" JOB ", 1)", "60");
    api_expect (desk->there, "select * from api.job_renew(" JOB ", 1)", "OC032");
    /* another program of the same station */
    hello (desk->there, 1);
    oc_test_sql (desk->there, "set onecard.process = '00000000-0000-4000-8000-000000000077'");
    expect (desk, desk->there, "resume(@, " JOB ")", taken_over (desk));
    api_expect (desk->here, "select * from api.job_renew(" JOB ", 1)", "OC032");
    api_expect (desk->here, "select * from api.job_renew(" JOB ", 2)", "OC032");
    expect (desk, desk->there, "put(@, " JOB ", null, false)", "put");
    expect (desk, desk->there, "end(@, " JOB ", 2, true, true, false, false)", "done new");
}

/* The slow one comes back after another finished: what he says is kept and bars the meter, whatever it says. */
static void
test_stale (Desk *desk, gconstpointer family)
{
    expect (desk, desk->here, "begin(@, " JOB ", 50)", begun (desk));
    expect (desk, desk->here, "save(@)", "saved");
    oc_test_sql (desk->owner, "update onecard.card_job set lease_until = now() - interval '1 second' where state = 'pending'");
    expect (desk, desk->there, "resume(@, " JOB ")", taken_over (desk));
    expect (desk, desk->there, "put(@, " JOB ", null, false)", "put");
    expect (desk, desk->there, "end(@, " JOB ", 2, true, true, false, false)", "done new");
    expect (desk, desk->here, "end(@, " JOB ", 1, true, true, false, true)", "conflict new");
    expect (desk, desk->here, "use(@, 50)", "used");
    expect (desk, desk->here, "look(@)", "current//- current/OC038/-");
    expect (desk, desk->here, "begin(@, " NEXT ", 50)", "OC038");
    api_expect_value (desk->here, "select state || ' ' || reason from api.unfinished(false)", "conflict stale");
    api_expect_value (desk->owner, "select count(*)::text from onecard.job_evidence where verdict = 'stale new'", "1");
    api_expect_value (desk->owner, "select count(*)::text from onecard.trade where state = 'void'", "0");
}

/* A copy of the old card is shown at another branch, in time to undo, while the first station still writes. */
static void
test_clone (Desk *desk, gconstpointer family)
{
    expect (desk, desk->here, "save(@)", "saved");
    expect (desk, desk->here, "begin(@, " JOB ", 50)", begun (desk));
    expect (desk, desk->there, "resume(@, " JOB ")", "OC030");
    oc_test_sql (desk->owner, "update onecard.card_job set lease_until = now() - interval '1 second' where state = 'pending'");
    expect (desk, desk->there, "resume(@, " JOB ")", taken_over (desk));
    /* a memory card's copy can't undo; a CPU card can't be copied, and without its proof nothing is undone either */
    expect (desk, desk->there, "end(@, " JOB ", 2, true, false, true, true)", "pending old");
    expect (desk, desk->here, "put(@, " JOB ", null, false)", "put");
    expect (desk, desk->here, "end(@, " JOB ", 1, true, true, false, false)", "conflict new");
    api_expect_value (desk->owner, "select count(*)::text from onecard.trade where state = 'void'", "0");
    api_expect_value (desk->owner, "select state from onecard.trade where request_id = " JOB, "pending");
    expect (desk, desk->there, "resume(@, " JOB ")", "attempt 3, steps 0, keys 0 pending");
    expect (desk, desk->there, "end(@, " JOB ", 3, true, true, false, false)", "done new");
    expect (desk, desk->there, "use(@, 50)", "used");
    expect (desk, desk->there, "begin(@, " NEXT ", 50)", "OC038");
}

/* An older image was put back, or the card knows of a sale that the ledger lost. */
static void
test_images (Desk *desk, gconstpointer family)
{
    expect (desk, desk->here, "save(@)", "saved");
    expect (desk, desk->here, "begin(@, " JOB ", 50)", begun (desk));
    expect (desk, desk->here, "put(@, " JOB ", null, false)", "put");
    expect (desk, desk->here, "end(@, " JOB ", 1, true, true, false, false)", "done new");
    expect (desk, desk->here, "use(@, 50)", "used");
    expect (desk, desk->here, "restore(@)", "restored");
    expect (desk, desk->here, "look(@)", "current//- current/OC027/-");
    expect (desk, desk->here, "begin(@, " NEXT ", 50)", "OC027");
}

static void
test_ahead (Desk *desk, gconstpointer family)
{
    g_autoptr(OcDb) superuser = oc_test_db_superuser (desk->db);
    g_autofree char *broken = NULL;

    /* the newest purchase is lost from the ledger, as by a restore */
    oc_test_sql (superuser, "set session_replication_role = replica;"
        " create temp table lost as select t.job, t.meter, t.number from onecard.trade t where t.purchase_count = 3;"
        " delete from onecard.trade_line where trade in (select number from lost); delete from onecard.trade where number in (select number from lost);"
        " delete from onecard.card_job_meter where job in (select job from lost); delete from onecard.card_job where id in (select job from lost);"
        " delete from onecard.key_handout where job in (select job from lost); delete from onecard.observation where count = 3;"
        " update onecard.meter m set purchase_count = 2, last_purchase = t.card_amount, last_purchase_at = t.at, total_bought = total_bought - last_purchase,"
        " return_count = o.count, return_remaining = o.remaining, return_overdraft = o.overdraft, return_credited = o.credited, return_time = o.return_time"
        " from onecard.trade t, (select distinct on (meter) * from onecard.observation order by meter, id desc) o"
        " where t.meter = m.id and t.purchase_count = 2 and o.meter = m.id");
    broken = api_broken (desk->owner);
    g_assert_cmpstr (broken, ==, "");
    expect (desk, desk->here, "look(@)", "current//- current/OC026/-");
    expect (desk, desk->here, "begin(@, " JOB ", 50)", "OC026");
    api_expect_value (desk->here, "select concat_ws(' ', state, reason, replace(detail, chr(10), ' ')) from api.unfinished(false)",
        "conflict ahead card=3 ledger=2");
}

/* Bent, foreign, dead, of another area: each says what it is, and nothing is sold. */
static void
test_other_cards (Desk *desk, gconstpointer family)
{
    expect (desk, desk->here, "save(@)", "saved");
    if (is_cpu (desk)) {
        expect (desk, desk->here, "bend(@, 'DF01/01', 35)", "bent");
        expect (desk, desk->here, "begin(@, " JOB ", 50)", "OC025");
        expect (desk, desk->here, "restore(@)", "restored");
        oc_test_sql (desk->owner, "update onecard.card set serial = '\\x9999999999999999' where family = 'cpu'");
        expect (desk, desk->here, "look(@)", "foreign/OC020/-");
        expect (desk, desk->here, "begin(@, " JOB ", 50)", "OC020");
        oc_test_sql (desk->owner, "update onecard.card set serial = '\\x1122334455667788' where family = 'cpu'");
    } else {
        expect (desk, desk->here, "bend(@, 'header', 31)", "bent");
        expect (desk, desk->here, "look(@)", "damaged/OC025/- damaged/OC025/-");
        expect (desk, desk->here, "begin(@, " JOB ", 50)", "OC025");
        expect (desk, desk->here, "restore(@)", "restored");
        expect (desk, desk->here, "bend(@, 'header', 12)", "bent");
        expect (desk, desk->here, "look(@)", "foreign/OC020/-");
        expect (desk, desk->here, "restore(@)", "restored");
        oc_test_sql (desk->owner, "update onecard.parameters set area_number = 7");
        expect (desk, desk->here, "look(@)", "other-area/OC021/-");
        expect (desk, desk->here, "begin(@, " JOB ", 50)", "OC021");
        oc_test_sql (desk->owner, "update onecard.parameters set area_number = 0");
        /* a sale record that is bent is not there: the one before it counts, which is not the ledger's */
        oc_test_sql (desk->owner, "select test.bend('24c', area, 31) from test.card where name = '24c' and area ~ '^V2'");
        expect (desk, desk->here, "begin(@, " JOB ", 50)", "OC025");
        expect (desk, desk->here, "restore(@)", "restored");
    }
    oc_test_sql (desk->owner, "update onecard.card set state = 'lost'");
    expect (desk, desk->here, "look(@)", "lost/OC022/- lost/OC022/-");
    expect (desk, desk->here, "begin(@, " JOB ", 50)", "OC022");
    oc_test_sql (desk->owner, "update onecard.card set state = 'current'; update onecard.meter set barred = 'debts'");
    expect (desk, desk->here, "begin(@, " JOB ", 50)", "OC028");
    api_expect_value (desk->owner, "select count(*)::text from onecard.card_job where state = 'pending'", "0");
}

/* A job is finished with the card that it was begun for. */
static void
test_wrong_card (Desk *desk, gconstpointer family)
{
    g_autofree char *other = g_strdup_printf ("select test.resume('%s', " JOB ")", is_cpu (desk) ? "24c" : "cpu");

    expect (desk, desk->here, "begin(@, " JOB ", 50)", begun (desk));
    api_expect (desk->here, other, "OC033");
    api_expect (desk->here, "select test.resume('24c', gen_random_uuid())", "OC033");
    expect (desk, desk->here, "put(@, " JOB ", null, false)", "put");
    expect (desk, desk->here, "end(@, " JOB ", 1, true, true, false, false)", "done new");
}

static void
test_amounts (Desk *desk, gconstpointer family)
{
    static const struct {
        const char *amount;
        const char *money;    /* CPU card, sold by money */
        const char *quantity; /* memory card, sold by the quantity */
    } cases[] = {
        { "0", "OC010", "OC010" }, { "-1", "OC010", "OC010" }, { "'NaN'", "OC010", "OC010" }, { "null", "OC010", "OC010" },
        { "1e9", "OC016", "OC016" }, { "0.001", "OC014", "OC014" }, { "500.01", "OC011", "" }, { "0.05", "", "OC013" },
        { "4000.40", "OC011", "OC011" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *call = g_strdup_printf ("begin(@, " JOB ", %s)", cases[i].amount);
        const char *code = is_cpu (desk) ? cases[i].money : cases[i].quantity;

        if (*code)
            expect (desk, desk->here, call, code);
    }
    oc_test_sql (desk->owner, "update onecard.user_type set purchase_limit = hoarding");
    expect (desk, desk->here, is_cpu (desk) ? "begin(@, " JOB ", 970)" : "begin(@, " JOB ", 7900)", "OC012");
    api_expect_value (desk->owner, "select count(*)::text from onecard.card_job where state = 'pending'", "0");
}

int
main (int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*test) (Desk *desk, gconstpointer family);
    } tests[] = {
        { "done", test_done }, { "used", test_used }, { "undone", test_undone }, { "undone-at-once", test_undone_at_once }, { "cut", test_cut },
        { "unproven", test_unproven }, { "served", test_served }, { "stale", test_stale }, { "clone", test_clone }, { "images", test_images },
        { "ahead", test_ahead }, { "other-cards", test_other_cards }, { "wrong-card", test_wrong_card }, { "amounts", test_amounts },
    };
    static const char *const families[] = { "24c", "cpu" };
    static const char *const scripts[] = { "sale.sql", "jobs.sql", NULL };
    int failed;

    g_test_init (&argc, &argv, NULL);
    api_demo_with (scripts);
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
        for (gsize family = 0; family < G_N_ELEMENTS (families); family++) {
            g_autofree char *path = g_strdup_printf ("/api/jobs/%s/%s", tests[i].name, families[family]);

            g_test_add (path, Desk, families[family], set_up, tests[i].test, tear_down);
        }
    failed = g_test_run ();
    oc_test_cluster_end ();

    return failed;
}

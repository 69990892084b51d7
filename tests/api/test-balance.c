/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money into and out of a balance, and payments of several means. */
#include "fixture.h"

#define ID(n) "00000000-0000-4000-8000-0000000000" n
#define BALANCE(id, out, amount, tendered, pay) "select string_agg(concat_ws(' ', part, state, trim_scale(due), trim_scale(change), trim_scale(balance), pay, account," \
    " trim_scale(amount)), '; ') from api.balance_change('" ID (id) "', 2, " out ", " amount ", " tendered ", '" pay "', 'ref 1')"

typedef struct {
    OcTestDb *db;
    OcDb *owner, *clerk;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
    self->db = api_demo_new ();
    api_script (self->db, "sale.sql");
    self->owner = oc_test_db_owner (self->db);
    self->clerk = api_operator (self->db, 1002);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    g_autofree char *broken = api_broken (self->owner);

    g_assert_cmpstr (broken, ==, "");
    oc_db_free (self->owner);
    oc_db_free (self->clerk);
    oc_test_db_free (self->db);
}

static void
test_in_and_out (Fixture *self, gconstpointer data)
{
    OcDb *clerk = self->clerk;

    api_expect_value (clerk, BALANCE ("c1", "false", "100.50", "110", "cash"),
        "job done 100.5 9.5 100.5 cash; trade effective 100.5 9.5 100.5 cash; line effective 100.5 9.5 100.5 cash cash -100.5; line effective 100.5 9.5 100.5 cash balance 100.5");
    /* the same again is the same trade; another content is not */
    api_expect (clerk, BALANCE ("c1", "false", "100.50", "110", "cash"), "");
    api_expect (clerk, BALANCE ("c1", "false", "100.51", "110", "cash"), "OC005");
    api_expect (clerk, BALANCE ("c1", "true", "100.50", "110", "cash"), "OC005");
    api_expect (clerk, BALANCE ("c1", "false", "100.50", "110", "wechat"), "OC005");
    api_expect (clerk, BALANCE ("c1", "false", "100.50", "110", "cash=100.50"), "");
    api_expect (clerk, BALANCE ("c1", "false", "100.50", "110", "wechat=0.5,cash"), "OC005");
    api_expect_value (self->owner, "select trim_scale(balance)::text from onecard.customer where number = 2", "100.5");
    api_expect (clerk, BALANCE ("c2", "true", "100.51", "null", "cash"), "OC159");
    api_expect (clerk, BALANCE ("c2", "true", "100.50", "null", "bankcard"), "");
    api_expect_value (self->owner, "select trim_scale(balance)::text from onecard.customer where number = 2", "0");
    api_expect_value (clerk, "select string_agg(concat_ws(' ', kind, trim_scale(received), trim_scale(balance_change), pay, reference), '; ' order by trade)"
        " from api.trades_of(2, 10) where kind = 'balance'", "balance 100.5 100.5 cash ref 1; balance -100.5 -100.5 bankcard ref 1");
}

static void
test_refused (Fixture *self, gconstpointer data)
{
    static const struct {
        const char *sql, *code;
    } cases[] = {
        { BALANCE ("d1", "false", "0", "null", "cash"), "OC010" }, { BALANCE ("d1", "false", "-1", "null", "cash"), "OC010" },
        { BALANCE ("d1", "false", "null", "null", "cash"), "OC010" }, { BALANCE ("d1", "false", "100000000", "null", "cash"), "OC010" },
        { BALANCE ("d1", "false", "'NaN'", "null", "cash"), "OC010" }, { BALANCE ("d1", "false", "0.001", "null", "cash"), "OC014" },
        { BALANCE ("d1", "false", "5", "4", "cash"), "OC055" }, { BALANCE ("d1", "false", "5", "null", "balance"), "OC054" },
        { BALANCE ("d1", "false", "5", "null", ""), "OC054" }, { BALANCE ("d1", "true", "0.01", "null", "cash"), "OC159" },
        { BALANCE ("d1", "false", "5", "null", "cash=4,wechat=2"), "OC158" },
        { "select api.balance_change(gen_random_uuid(), 99, false, 1, null, 'cash', '')", "OC050" },
        { "select api.balance_change(gen_random_uuid(), 2, false, 1, null, 'cash', repeat('x', 101))", "OC042" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        api_expect (self->clerk, cases[i].sql, cases[i].code);
    oc_test_sql (self->owner, "update onecard.parameters set allow_balance = false");
    api_expect (self->clerk, BALANCE ("d1", "false", "5", "null", "cash"), "OC160");
    oc_test_sql (self->owner, "delete from onecard.role_permission where permission = 'balance'");
    api_expect (self->clerk, BALANCE ("d1", "false", "5", "null", "cash"), "OC001");
    api_expect_value (self->owner, "select count(*)::text from onecard.trade where kind = 'balance'", "0");
}

/* What an unfinished write has counted on stays. */
static void
test_counted_on (Fixture *self, gconstpointer data)
{
    api_expect (self->clerk, BALANCE ("e1", "false", "30", "null", "cash"), "");
    oc_test_sql (self->owner, "alter table onecard.trade disable trigger user;"
        " update onecard.trade set balance_change = -10 where state = 'pending' and customer = 2; alter table onecard.trade enable trigger user");
    api_expect (self->clerk, BALANCE ("e2", "true", "20.01", "null", "cash"), "OC159");
    api_expect (self->clerk, BALANCE ("e2", "true", "20", "null", "cash"), "");
    oc_test_sql (self->owner, "alter table onecard.trade disable trigger user;"
        " update onecard.trade set balance_change = 0 where state = 'pending' and customer = 2; alter table onecard.trade enable trigger user");
}

/* A second person's word, for this request with this content alone. */
static void
test_approval (Fixture *self, gconstpointer data)
{
    g_autoptr(OcDb) administrator = api_operator (self->db, 1001);
    const char *approve = "select api.approve('" ID ("f2") "', public_digest)"
        " from (select ext.digest(jsonb_build_array('balance', 2, true, 500::numeric, null::numeric, 'cash', 'ref 1')::text, 'sha256')) x(public_digest)";

    oc_test_sql (self->owner, "update onecard.parameters set approval_amount = 500");
    api_expect (self->clerk, BALANCE ("f1", "false", "1000", "null", "cash"), "");
    api_expect (self->clerk, BALANCE ("f2", "true", "500", "null", "cash"), "OC168");
    api_expect (administrator, approve, "42501"); /* nobody reaches the digest by himself: the refusal says it */
    oc_test_sql (self->owner, "insert into onecard.approval (request, digest, operator) select '" ID ("f2") "',"
        " ext.digest(jsonb_build_array('balance', 2, true, 500::numeric, null::numeric, 'cash', 'ref 1')::text, 'sha256'), 1001");
    api_expect (self->clerk, BALANCE ("f2", "true", "600", "null", "cash"), "OC168");
    api_expect (self->clerk, BALANCE ("f2", "true", "500", "null", "cash"), "");
    api_expect (self->clerk, BALANCE ("f3", "true", "499.99", "null", "cash"), "");
}

/* Several means ------------------------------------------------------------------------------------------------------ */

static void
test_parts (Fixture *self, gconstpointer data)
{
    static const struct {
        const char *pay, *from, *due, *lines;
    } cases[] = {
        { "cash", "0", "50", "cash -50" },
        { "wechat=20,cash=30", "0", "50", "wechat -20; cash -30" },
        { "wechat=20,cash", "0", "50", "wechat -20; cash -30" },
        { "wechat=20,cash", "10", "5", "wechat -5" },
        { "wechat=20,cash", "10", "30", "wechat -10; cash -20" },
        { "wechat=20,cash", "20", "30", "cash -30" },
        { "wechat=20,cash=5,alipay=0.55", "19", "6.5", "wechat -1; cash -5; alipay -0.5" },
        { "wechat=20,cash", "0", "-50", "wechat 20; cash 30" },
    };
    static const char *const wrong[] = { "", ",", "cash,wechat", "cash=1,cash=2", "cash=", "cash=,wechat", "gold=1", "cash=-1", "cash=0", "cash=1.234",
        "cash=1e3", "cash==1", "balance=1", "cash=1;wechat=2" };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *sql = g_strdup_printf ("select string_agg(account || ' ' || trim_scale(amount), '; ') from unnest(rules.pay_lines('%s', %s, %s))",
            cases[i].pay, cases[i].from, cases[i].due);

        api_expect_value (self->owner, sql, cases[i].lines);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
        g_autofree char *sql = g_strdup_printf ("select rules.check_pay('%s')", wrong[i]);

        api_expect (self->owner, sql, "OC054");
    }
}

/* A sale paid with two means says both, and its trade is balanced. */
static void
test_mixed_sale (Fixture *self, gconstpointer data)
{
#define SELL(id, pay) "select count(*)::text from api.purchase_begin('" ID (id) "', 'cpu', 'cpu', '\\x1122334455667788', test.areas('cpu'), test.bytes('cpu')," \
    " 11, 50, null, null, 60, '" pay "', 'ref')"
    oc_test_sql (self->owner, "update onecard.card_job_meter set pending = false; update onecard.card_job set state = 'undone', finished_at = now()"
        " where state = 'pending'; update onecard.trade set state = 'void' where state = 'pending'");
    api_expect (self->clerk, SELL ("e9", "wechat=20,cash=31"), "OC158");
    api_expect (self->clerk, SELL ("e9", "wechat=51,cash"), "OC158");
    api_expect (self->clerk, SELL ("e9", "wechat=20,cash"), "");
    api_expect_value (self->clerk, "select pay from api.trades_of(2, 1)", "wechat=20.00,cash=30.00");
    api_expect_value (self->clerk, "select concat_ws(' ', pay, trim_scale(due)) from api.unfinished(false)", "wechat=20.00,cash=30.00 50");
}

#define ADD(name, f) g_test_add ("/api/balance/" name, Fixture, NULL, set_up, f, tear_down)

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    ADD ("approval", test_approval);
    ADD ("counted-on", test_counted_on);
    ADD ("in-and-out", test_in_and_out);
    ADD ("mixed-sale", test_mixed_sale);
    ADD ("parts", test_parts);
    ADD ("refused", test_refused);
    failed = g_test_run ();
    oc_test_cluster_end ();

    return failed;
}

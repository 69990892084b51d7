/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `db check`: clean after real sales and a fill, and it finds every kind of corruption. Each is planted by a superuser with the
 * guards off, in a transaction that is rolled back. */
#include "fixture.h"

#include <string.h>

typedef struct {
    const char *invariant; /* must be among what is found */
    const char *sql;       /* plants it */
} Corruption;

#define SOME_METER "(select id from onecard.meter where number = '000000000022')"
#define DONE_JOB "(select id from onecard.card_job where kind = 'purchase' and state = 'done' and family = '24c')"
#define LAST_TRADE "(select number from onecard.trade where job = " DONE_JOB ")"
#define CPU_JOB "(select id from onecard.card_job where kind = 'purchase' and state = 'done' and family = 'cpu')"
#define PENDING_JOB "(select id from onecard.card_job where state = 'pending' and family = '24c')"

static const Corruption corruptions[] = {
    { "lines sum to zero", "update onecard.trade_line set amount = amount + 1 where trade = " LAST_TRADE " and line = 1" },
    { "lines sum to zero", "delete from onecard.trade_line where trade = " LAST_TRADE },
    { "trade is its lines", "update onecard.trade set received = received + 1, due = due + 1 where number = " LAST_TRADE },
    { "trade is its lines", "update onecard.trade set balance_change = 1 where number = " LAST_TRADE },
    { "trade is its lines", "update onecard.trade set tendered = due - 1 where number = " LAST_TRADE },
    { "whole fen", "update onecard.trade_line set amount = amount + sign(amount) * 0.001 where trade = " LAST_TRADE },
    { "tiers", "update onecard.trade_line set unit_price = unit_price + 1 where account = 'item' and trade = " LAST_TRADE },
    { "tiers", "update onecard.trade set card_amount = card_amount + 1 where number = " LAST_TRADE },
    { "customer balance", "update onecard.customer set balance = balance + 0.01 where state = 'open'" },
    { "purchase counts", "update onecard.meter set purchase_count = purchase_count + 1 where id = " SOME_METER },
    { "purchase counts", "update onecard.trade set purchase_count = 9 where number = " LAST_TRADE },
    { "purchase counts", "update onecard.trade set purchase_count = purchase_count + 1 where state = 'pending' and purchase_count is not null" },
    { "revisions", "update onecard.trade set revision = 2 where number = " LAST_TRADE },
    { "revisions", "update onecard.meter set revision = 1 where id = " SOME_METER },
    { "meter totals", "update onecard.meter set total_bought = total_bought + 1 where id = " SOME_METER },
    { "meter totals", "update onecard.meter set last_purchase = 1 where id = " SOME_METER },
    { "meter totals", "update onecard.meter set last_purchase_at = now() - interval '1 year' where id = " SOME_METER },
    { "ahead is listed", "update onecard.meter set return_count = 99 where id = " SOME_METER },
    { "return is observed", "update onecard.meter set return_remaining = 1 where id = " SOME_METER },
    { "return is observed", "delete from onecard.observation" },
    { "trade stands as its job", "update onecard.trade set state = 'void' where number = " LAST_TRADE },
    { "trade stands as its job", "update onecard.trade set job = null where number = " LAST_TRADE },
    { "trade stands as its job", "update onecard.trade set request_id = gen_random_uuid() where number = " LAST_TRADE },
    { "trade stands as its job", "update onecard.card_job set state = 'undone' where id = " DONE_JOB },
    { "job is its trades", "update onecard.card_job set finished_at = null where id = " DONE_JOB },
    { "job is its trades", "update onecard.card_job_meter set amount = amount + 1 where job = " DONE_JOB },
    { "job is its trades", "update onecard.card_job_meter set pending = false where job = " PENDING_JOB },
    { "job is its trades", "delete from onecard.trade where number = " LAST_TRADE },
    { "job is its trades", "update onecard.card_job set state = 'carried', finished_at = null where id = " DONE_JOB },
    { "replaced meters", "update onecard.meter set state = 'replaced' where id = " SOME_METER },
    { "replaced meters", "update onecard.card_job set old_meter = " SOME_METER " where id = " DONE_JOB },
    { "replaced meters", "update onecard.trade set carried = 1 where number = " LAST_TRADE },
    { "replaced meters", "update onecard.trade set kind = 'replace-meter' where number = " LAST_TRADE },
    { "held", "update onecard.trade set held = 5 where number = " LAST_TRADE },
    { "held", "insert into onecard.held (trade, customer, meter, purchase_count, amount) select number, customer, meter, purchase_count, 1"
        " from onecard.trade where number = " LAST_TRADE },
    { "one pending job", "drop index onecard.card_job_one_pending; update onecard.card_job set state = 'pending' where id = " DONE_JOB },
    { "one pending job", "drop index onecard.card_job_meter_one_pending; update onecard.card_job_meter set pending = true where job = " DONE_JOB },
    { "job chain", "update onecard.card_job set before_bytes[2] = '\\x00' where id = " CPU_JOB },
    { "card is ledger", "update onecard.card_job set after_bytes[4] = '\\x0000271000000009' where id = " CPU_JOB },
    { "card is ledger", "update onecard.card_job set after_bytes[1] = set_byte(after_bytes[1], 28, get_byte(after_bytes[1], 28) # 1) where id = " DONE_JOB },
    { "key handouts", "update onecard.key_handout set attempt = 7" },
    { "states", "update onecard.customer set state = 'pending' where number = 1" },
    { "states", "update onecard.customer set state = 'void' where number = 1" },
    { "states", "update onecard.customer set state = 'closed' where number = 1" },
    { "states", "update onecard.card set state = 'pending' where customer = 3" },
    { "states", "update onecard.meter set state = 'pending' where customer = 3" },
    { "initials", "update onecard.customer set initials = 'xx' where number = 1" },
    { "prices", "update onecard.price_tier set upper_limit = 1 where version = 1" },
    { "prices", "update onecard.price_tier set upper_limit = 1 where version = 3 and tier = 2" },
    { "prices", "delete from onecard.price_tier where version = 3 and tier = 2" },
    { "prices", "delete from onecard.price_tier_item where version = 3 and tier = 2" },
    { "logins", "alter role onecard_1002 nologin" },
    { "logins", "alter role onecard_1002 createrole" },
    { "logins", "grant pg_read_server_files to onecard_1002" },
    { "logins", "update onecard.operator set state = 'deleted' where number = 1002" },
    { "grants", "grant select on onecard.card_key to onecard_operator" },
    { "grants", "grant select on onecard.trade to public" },
    { "grants", "grant execute on function rules.secret(text) to onecard_operator" },
    { "grants", "grant execute on function admin.sim_keys() to public" },
    { "grants", "alter function api.state() security invoker" },
    { "grants", "alter function api.state() reset search_path" },
};

static OcTestDb *base;

static void
test_clean (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autofree char *broken = api_broken (owner);

    g_assert_cmpstr (broken, ==, "");
}

static void
test_finds (gconstpointer data)
{
    const Corruption *corruption = data;
    g_autoptr(OcDb) superuser = oc_test_db_superuser (base);
    g_autofree char *broken = NULL;
    g_auto(GStrv) found = NULL;

    oc_test_sql (superuser, "begin; set local session_replication_role = replica");
    oc_test_sql (superuser, corruption->sql);
    broken = api_broken (superuser);
    oc_test_sql (superuser, "rollback");
    found = g_strsplit (broken, ", ", -1);
    if (!g_strv_contains ((const char *const *) found, corruption->invariant))
        g_test_fail_printf ("%s: found “%s”", corruption->sql, broken);
}

/* Every invariant has a corruption above that it finds. */
static void
test_every_invariant (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autoptr(OcRows) rows = api_rows (owner, "select invariant from admin.check()");

    g_assert_cmpuint (oc_rows_count (rows), >, 10);
    for (guint i = 0; i < oc_rows_count (rows); i++) {
        const char *invariant = oc_rows_text (rows, i, "invariant");
        gboolean tried = FALSE;

        for (gsize n = 0; n < G_N_ELEMENTS (corruptions); n++)
            tried |= strcmp (corruptions[n].invariant, invariant) == 0;
        if (!tried)
            g_test_fail_printf ("nothing tries “%s”", invariant);
    }
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    api_script (base, "sale.sql");
    {
        g_autoptr(OcDb) owner = oc_test_db_owner (base);

        oc_test_sql (owner, "select admin.fill(20, 100, 1)");
    }
    g_test_add_func ("/api/check/clean", test_clean);
    for (gsize i = 0; i < G_N_ELEMENTS (corruptions); i++) {
        g_autofree char *path = g_strdup_printf ("/api/check/finds/%02" G_GSIZE_FORMAT " %s", i + 1, corruptions[i].invariant);

        g_test_add_data_func (path, &corruptions[i], test_finds);
    }
    g_test_add_func ("/api/check/every-invariant", test_every_invariant);
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random histories of a customer, by seed: every act, at two stations, with faults in it, cards that are lost in the middle, the meter
 * between and beside them; after each step the ledger and the meter must hold what model.c says, after each history all of the ledger
 * must be sound.
 *
 *   test-histories PLASTIC N [SEED]   N histories from this seed on
 *   ONECARD_TEST_FULL=1               twelve times as many */
#include <stdlib.h>
#include <string.h>

#include "kill/acts.h"
#include "kill/faults.h"
#include "kill/model.h"

#define YUAN 10000
#define HELD "held where state in ('held', 'contested') and customer"
#define ANEW 50 /* histories that one database sees: each is checked whole after each of them */

typedef enum {
    PURCHASE, PURCHASE_ANEW, TAKE_BACK, REPLACE_CARD, REPLACE_METER, INSERT, INSERT_OLD, USE, PAY_IN, PAY_OUT, BAR, LOSE_AND_FIND,
    N_STEPS
} Step;

static const struct {
    const char *name;
    guint often;
} steps[N_STEPS] = {
    [PURCHASE] = { "purchase", 6 }, [PURCHASE_ANEW] = { "re-purchase", 5 }, [TAKE_BACK] = { "take back", 1 },
    [REPLACE_CARD] = { "replace card", 2 }, [REPLACE_METER] = { "replace meter", 1 }, [INSERT] = { "insert", 7 },
    [INSERT_OLD] = { "insert the old card", 2 }, [USE] = { "use", 2 }, [PAY_IN] = { "pay in", 1 }, [PAY_OUT] = { "pay out", 1 },
    [BAR] = { "bar", 1 }, [LOSE_AND_FIND] = { "report lost", 1 },
};

static const ModelTerms by_money = { 0, 100, 100 * YUAN, 100 * YUAN, 10 * YUAN, 10 * YUAN, 100 * YUAN, TRUE };
static const ModelTerms by_quantity = { 4 * YUAN, 1000, 3 * 10000, 12 * YUAN, 10 * YUAN, 10 * YUAN, 100 * YUAN, FALSE };

typedef struct {
    World *world;
    GRand *rand;
    Customer *customer;
    Model model;
    gboolean bound;     /* the meter had this card */
    gboolean old_bound; /* and the one before */
    gboolean same;      /* which has the same purchase as this one */
    gboolean unsure;    /* this card was in the meter half written: perhaps it had it */
} History;

static const Plastic *plastic;
static guint n_faults, n_unproven, n_acts;

/* The acts ------------------------------------------------------------------------------------------------------- */

typedef gboolean (*ModelAct) (Model *model, gint64 money);

static gboolean
new_card (Model *model, gint64 money)
{
    return model_replace_card (model);
}

static gboolean
new_meter (Model *model, gint64 money)
{
    return model_replace_meter (model);
}

static gboolean
closed (Model *model, gint64 money)
{
    return model_close (model);
}

static OcOutcome *
run_replace_card (Station *station, const Customer *customer, int yuan, GError **error)
{
    return act_replace_card (station, customer, error);
}

static OcOutcome *
run_replace_meter (Station *station, const Customer *customer, int yuan, GError **error)
{
    return act_replace_meter (station, customer, error);
}

static OcOutcome *
run_close (Station *station, const Customer *customer, int yuan, GError **error)
{
    return act_close (station, customer, error);
}

static guint
pick (History *self, guint n)
{
    return (guint) g_rand_int_range (self->rand, 0, (gint32) n);
}

static Station *
pick_station (History *self)
{
    return &self->world->stations[pick (self, 2)];
}

/* Every other act goes wrong somewhere, or would if it came so far. */
static Fault
pick_fault (History *self)
{
    static const FaultKind kinds[] = { PULL, TORN, LOST, STATUS, GONE, DROP_BEFORE, DROP_AFTER };
    Fault fault = { N_FAULTS };

    if (pick (self, 2))
        return fault;
    n_faults++;
    fault.kind = pick (self, 50) == 0 ? AWAY : kinds[pick (self, G_N_ELEMENTS (kinds))]; /* it costs seconds of trying again */
    fault.at = 1 + pick (self, fault_infos[fault.kind].verb == NULL ? 3 : self->customer->cpu ? 40 : 14);

    return fault;
}

/* A sum of money of this customer. */
static gint64
ledger_money (History *self, const char *sum, const char *rows)
{
    g_autofree char *sql = g_strdup_printf ("select (coalesce(%s, 0) * 10000)::bigint from onecard.%s = %" G_GINT64_FORMAT,
        sum, rows, self->customer->in_ledger);
    g_autofree char *value = oc_test_sql_value (self->world->owner, sql);

    return g_ascii_strtoll (value, NULL, 10);
}

/* The newest row of his meter's number. */
static void
look_up_customer (History *self)
{
    g_autofree char *sql = g_strdup_printf ("select coalesce((select customer from onecard.meter where number = '%s' order by id desc limit 1), 0)",
        self->customer->number);
    g_autofree char *number = oc_test_sql_value (self->world->owner, sql);

    self->customer->in_ledger = g_ascii_strtoll (number, NULL, 10);
}

static void
insert (History *self)
{
    OcSimMeterReport report = world_put_in_meter (self->world, self->customer, self->customer->card);

    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_true (report.credited == !self->model.read);
    self->bound = TRUE;
    self->unsure = FALSE;
    model_insert (&self->model, report.remaining);
}

/* An unfinished write ----------------------------------------------------------------------------------------------- */

/* The last card job of whoever has this meter, as "state" or, when there is none or it is not after @known, "". Caller frees. */
static char *
state_of_job_after (History *self, gint64 known)
{
    g_autofree char *sql = g_strdup_printf ("select coalesce((select state from onecard.card_job where customer = %" G_GINT64_FORMAT
        " and number > %" G_GINT64_FORMAT " order by number desc limit 1), '')", self->customer->in_ledger, known);

    return oc_test_sql_value (self->world->owner, sql);
}

static gint64
last_job (History *self)
{
    g_autofree char *number = oc_test_sql_value (self->world->owner, "select coalesce(max(number), 0) from onecard.card_job");

    return g_ascii_strtoll (number, NULL, 10);
}

/* The card was read, and the ledger knows what the meter said, unless that was cut. */
static void
may_have_shown (History *self)
{
    g_autofree char *sql = g_strdup_printf ("select coalesce((select (return_remaining * 10000)::bigint from onecard.meter"
        " where number = '%s' and return_count = %u order by id desc limit 1), -1)", self->customer->number, self->model.count);
    g_autofree char *returned = oc_test_sql_value (self->world->owner, sql);

    if (g_ascii_strtoll (returned, NULL, 10) == self->model.on_card)
        model_show (&self->model);
}

/* What the meter makes of a card in the middle of a write is told by the model only when it is known how that ended. */
static gboolean
settle (History *self, ActFunc act, gint64 known, Model *after)
{
    Station *station = pick_station (self);
    g_autofree char *state = NULL;
    OcSimMeterReport report = { 0 };
    gboolean inserted = pick (self, 3) == 0;

    if (inserted)
        report = world_put_in_meter (self->world, self->customer, self->customer->card);
    world_expire_leases (self->world);
    world_settle (self->world, station, self->customer);
    station_remove (station);
    state = state_of_job_after (self, known);
    g_assert_cmpstr (state, !=, "pending");
    g_test_message ("  settled: %s%s", state, report.credited ? ", credited before" : "");
    if (strcmp (state, "done") == 0) {
        self->model = *after;
        if (act == run_replace_meter || act == run_close) {
            g_assert_false (report.credited); /* by the old meter, or of what was paid out */
            return TRUE;
        }
    }
    if (inserted && report.error == OC_METER_OK) {
        self->unsure = !self->bound;
        if (report.credited)
            g_assert_cmpint (report.purchase, ==, self->model.amount);
        if (report.credited || self->model.read)
            model_insert (&self->model, report.remaining);
    }
    may_have_shown (self);

    return strcmp (state, "done") == 0;
}

/* The card is lost while a write of it is unfinished: a new one takes it over. */
static void
lose_and_replace (History *self, Model *after)
{
    Station *station = pick_station (self);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    g_test_message ("lost in the middle");
    customer_lose_card (self->world, self->customer);
    world_expire_leases (self->world);
    station_insert (station, self->customer);
    outcome = act_replace_card (station, self->customer, &error);
    g_assert_no_error (error);
    station_remove (station);
    self->model = *after;
    model_replace_card (&self->model);
    self->old_bound = self->bound;
    self->bound = self->same = FALSE;
}

/* Does what the clerk was asked for, perhaps with a fault, and ends what it left unfinished. FALSE: it was not done. */
static gboolean
carry_out (History *self, ActFunc act, ModelAct model_act, int yuan, Fault fault)
{
    Station *station = pick_station (self);
    Model after = self->model;
    gint64 known = last_job (self);
    gboolean possible;
    g_autofree char *job = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;
    Told told;

    n_acts++;
    if (act != run_replace_card)
        model_show (&after);
    possible = model_act (&after, (gint64) yuan * YUAN);
    if (fault.kind != N_FAULTS)
        g_test_message ("  %s at %u", fault_infos[fault.kind].name, fault.at);
    station_insert (station, self->customer);
    fault_arm (&fault, station);
    outcome = act (station, self->customer, yuan, &error);
    fault_disarm (station);
    station_remove (station);
    told = told_by (outcome, error);
    look_up_customer (self);
    job = world_pending_job (self->world, self->customer);
    if (told == UNPROVEN) {
        n_unproven++;
        if (!possible) {
            g_assert_null (job);
            may_have_shown (self);
            return FALSE;
        }
        if (job && after.open && act != run_replace_card && pick (self, 4) == 0) {
            lose_and_replace (self, &after);
            return TRUE;
        }
        return settle (self, act, known, &after);
    }
    g_assert_null (job);
    g_assert_true (told == NOT_DONE || possible);
    g_assert_true (told == DONE || !possible || fault.kind != N_FAULTS);
    if (told == DONE)
        self->model = after;
    else if (fault.kind != N_FAULTS)
        may_have_shown (self);
    else
        model_show (&self->model);

    return told == DONE;
}

/* The steps ---------------------------------------------------------------------------------------------------------- */

static void
open_account (History *self)
{
    int yuan = 4 + (int) pick (self, 60);

    if (!carry_out (self, act_open, model_open, yuan, pick_fault (self)) && !self->model.open)
        g_assert_true (carry_out (self, act_open, model_open, yuan, (Fault){ N_FAULTS }));
    look_up_customer (self);
}

static void
replace_card (History *self)
{
    g_autofree char *old = g_strdup (self->customer->old_card);
    g_autofree char *card = g_strdup (self->customer->card);
    gboolean seen = self->model.seen;
    gboolean bound = self->bound;

    self->bound = FALSE;
    customer_lose_card (self->world, self->customer);
    if (carry_out (self, run_replace_card, new_card, 0, pick_fault (self))) {
        self->old_bound = bound;
        self->same = TRUE;
        return;
    }
    /* it is found again, and goes on */
    g_free (self->customer->card);
    self->customer->card = g_steal_pointer (&card);
    g_free (self->customer->old_card);
    self->customer->old_card = g_steal_pointer (&old);
    self->model.seen = seen;
    self->bound = bound;
}

static void
replace_meter (History *self)
{
    if (self->model.read && !self->model.seen && !self->model.known)
        return;
    if (self->customer->next_meter == NULL)
        customer_get_next_meter (self->world, self->customer);
    if (!carry_out (self, run_replace_meter, new_meter, 0, pick_fault (self)))
        return;
    g_free (self->customer->meter);
    self->customer->meter = g_steal_pointer (&self->customer->next_meter);
    customer_next_number (self->customer, self->customer->number);
    self->bound = self->same = FALSE;
}

/* Somebody puts the card in that was replaced: it does once what the new one would have done, and nothing after that. A CPU card that was
 * never in the meter is not known to it, and is left out: it would be taken for the newest. */
static void
insert_old (History *self)
{
    gboolean retired = self->bound && (self->old_bound || !self->customer->cpu);
    OcSimMeterReport report;

    if (self->customer->old_card == NULL || self->unsure || (!retired && (self->bound || !self->same)))
        return;
    report = world_put_in_meter (self->world, self->customer, self->customer->old_card);
    g_assert_true ((report.error == OC_METER_OK) == !retired);
    g_assert_true (report.credited == (!retired && !self->model.read));
    if (retired)
        return;
    self->old_bound = TRUE;
    model_insert_other (&self->model);
}

static void
use (History *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimMeter) meter = oc_sim_meter_open (self->customer->meter, &error);
    OcQuantity flowed;

    g_assert_no_error (error);
    oc_sim_meter_use (meter, (OcQuantity){ 1000 * (gint64) (1 + pick (self, 400)) }, FALSE, &flowed, &error);
    g_assert_no_error (error);
}

static void
pay (History *self, gboolean out)
{
    gint64 money = (gint64) (1 + pick (self, 20)) * YUAN;
    Model after = self->model;
    gboolean possible = out ? model_pay_out (&after, money) : model_pay_in (&after, money);
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    outcome = oc_balance (pick_station (self)->desk, &(OcBalanceAsk){
        .request_id = request, .customer = self->customer->in_ledger, .out = out, .amount = { money }, .pay = "cash" }, NULL, &error);
    g_assert_true ((outcome != NULL) == possible);
    self->model = after;
}

static void
expect_refused (History *self, const char *code)
{
    Station *station = pick_station (self);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (station, self->customer);
    outcome = act_purchase (station, self->customer, 8, &error);
    g_assert_null (outcome);
    expect_code (&error, code);
    station_remove (station);
    may_have_shown (self);
}

static void
bar (History *self)
{
    OcMeterAsk ask = { .customer = self->customer->in_ledger, .meter = self->customer->number, .reason = "欠费" };
    g_autoptr(OcRows) barred = NULL;
    g_autoptr(OcRows) released = NULL;
    g_autoptr(GError) error = NULL;

    barred = oc_blacklist_add (self->world->stations[0].desk, &ask, NULL, &error);
    g_assert_no_error (error);
    expect_refused (self, "OC028");
    released = oc_blacklist_remove (self->world->stations[0].desk, &ask, NULL, &error);
    g_assert_no_error (error);
}

static void
lose_and_find (History *self)
{
    OcCustomerAsk ask = { .number = self->customer->in_ledger };
    g_autoptr(OcRows) lost = NULL;
    g_autoptr(OcRows) found = NULL;
    g_autoptr(GError) error = NULL;

    lost = oc_card_lost (self->world->stations[0].desk, &ask, NULL, &error);
    g_assert_no_error (error);
    expect_refused (self, "OC022");
    found = oc_card_found (self->world->stations[0].desk, &ask, NULL, &error);
    g_assert_no_error (error);
}

static Step
pick_step (History *self)
{
    guint sum = 0, at;

    for (guint i = 0; i < N_STEPS; i++)
        sum += steps[i].often;
    at = pick (self, sum);
    for (guint i = 0; i < N_STEPS; i++) {
        if (at < steps[i].often)
            return i;
        at -= steps[i].often;
    }
    g_assert_not_reached ();
}

static void
take_step (History *self, Step step)
{
    switch (step) {
    case PURCHASE:
        if ((self->model.read || self->model.amount > 0)
            && carry_out (self, act_purchase, model_purchase, 4 + (int) pick (self, 60), pick_fault (self)))
            self->same = FALSE;
        break;
    case PURCHASE_ANEW:
    case TAKE_BACK:
        if (self->model.read == (self->model.seen || self->model.known)
            && carry_out (self, act_repurchase, model_purchase_anew, step == TAKE_BACK ? 0 : 4 + (int) pick (self, 60), pick_fault (self)))
            self->same = FALSE;
        break;
    case REPLACE_CARD:
        replace_card (self);
        break;
    case REPLACE_METER:
        replace_meter (self);
        break;
    case INSERT:
        insert (self);
        break;
    case INSERT_OLD:
        insert_old (self);
        break;
    case USE:
        use (self);
        break;
    case PAY_IN:
        pay (self, FALSE);
        break;
    case PAY_OUT:
        if (self->model.read)
            pay (self, TRUE);
        break;
    case BAR:
        bar (self);
        break;
    case LOSE_AND_FIND:
        lose_and_find (self);
        break;
    default:
        g_assert_not_reached ();
    }
}

/* What must be so ----------------------------------------------------------------------------------------------------- */

static void
check (History *self)
{
    const Model *model = &self->model;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimMeter) meter = oc_sim_meter_peek (self->customer->meter, &error);

    g_assert_no_error (error);
    g_assert_true (model_is_sound (model));
    g_assert_cmpint (oc_sim_meter_credited (meter), ==, model->credited);
    g_assert_cmpuint (oc_sim_meter_count (meter), ==, model->read ? model->count : model->count - 1);
    g_assert_cmpint (ledger_money (self, "max(balance)", "customer where number"), ==, model->balance);
    g_assert_cmpint (ledger_money (self, "sum(amount)", HELD), ==, model->held);
    g_assert_cmpint (ledger_money (self, "sum(received)", "trade where state = 'effective' and customer"), ==, model->cash);
}

/* The card in his hand is what the model says it is: the meter takes it once. */
static void
go_home (History *self)
{
    insert (self);
    check (self);
    insert (self);
    check (self);
}

static void
live (History *self)
{
    guint n = 4 + pick (self, 12);

    open_account (self);
    check (self);
    for (guint i = 0; i < n; i++) {
        Step step = pick_step (self);

        g_test_message ("%s", steps[step].name);
        take_step (self, step);
        check (self);
    }
    if (pick (self, 3) == 0 && !(self->model.carried && !self->model.read) && self->model.read == (self->model.seen || self->model.known)) {
        g_test_message ("close");
        carry_out (self, run_close, closed, 0, pick_fault (self));
        check (self);
    }
    if (self->model.open)
        go_home (self);
    if (pick (self, 3) == 0 && self->model.open && self->model.stuck == 0) {
        g_test_message ("close");
        if (!carry_out (self, run_close, closed, 0, pick_fault (self)) && self->model.open)
            carry_out (self, run_close, closed, 0, (Fault){ N_FAULTS });
        g_assert_false (self->model.open);
        check (self);
    }
    world_check_ledger (self->world);
}

static void
test_histories (gconstpointer data)
{
    const guint *range = data;
    World *world = NULL;

    for (guint i = 0; i < range[1]; i++) {
        History history = { 0 };

        if (i % ANEW == 0) {
            g_clear_pointer (&world, world_free);
            world = world_new ();
        }
        g_test_message ("seed %u", range[0] + i);
        history.world = world;
        history.rand = g_rand_new_with_seed (range[0] + i);
        history.customer = world_customer_of (world, plastic);
        model_init (&history.model, strcmp (plastic->type, "electricity") == 0 ? &by_money : &by_quantity);
        live (&history);
        for (int station = 0; station < 2; station++)
            station_remove (&world->stations[station]);
        customer_free (history.customer);
        g_rand_free (history.rand);
    }
    world_free (world);
    g_test_message ("%u histories, %u acts, %u faults, %u unproven", range[1], n_acts, n_faults, n_unproven);
}

int
main (int argc, char **argv)
{
    guint range[2];
    int status;

    g_test_init (&argc, &argv, NULL);
    g_assert_cmpint (argc, >=, 3);
    plastic = plastic_find (argv[1]);
    range[0] = argc > 3 ? (guint) atoi (argv[3]) : 1;
    range[1] = (guint) atoi (argv[2]) * (g_getenv ("ONECARD_TEST_FULL") ? 12 : 1);
    world_set_reader (plastic->reader);
    g_test_add_data_func ("/histories", range, test_histories);
    status = g_test_run ();
    oc_test_cluster_end ();

    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two stations at once on one card or one meter: one sells, the other is told who is serving, or that the card is older.
 * And many stations at once on cards of their own. */
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "kill/held.h"

#define N_ROUNDS 40
#define N_STATIONS 8
#define N_CUSTOMERS 200

static World *world;

/* Threads that begin at one moment ------------------------------------------------------------------------------- */

typedef struct {
    GMutex lock;
    GCond changed;
    guint n, n_there;
} Start;

static void
meet (Start *self)
{
    g_mutex_lock (&self->lock);
    self->n_there++;
    g_cond_broadcast (&self->changed);
    while (self->n_there < self->n)
        g_cond_wait (&self->changed, &self->lock);
    g_mutex_unlock (&self->lock);
}

typedef struct {
    Station *station;
    GPtrArray *household; /* opening; NULL: purchase */
    const Customer *customer;
    gboolean read_first;  /* both have read before either buys */
    Start *start;
    OcOutcome *outcome;
    GError *error;
} Racer;

static void
buy (Racer *self)
{
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcReading) reading = NULL;

    if (!self->read_first)
        meet (self->start);
    reading = oc_read_card (self->station->desk, &(OcReadAsk){ .settle = TRUE }, NULL, &self->error);
    if (self->read_first)
        meet (self->start);
    if (reading)
        self->outcome = oc_purchase (self->station->desk, &(OcPurchaseAsk){
            .request_id = request, .reading = reading, .sub_meter = self->customer->sub_meter, .amount = { 100000 },
            .expected_due = { -1 }, .pay = "cash" }, NULL, &self->error);
}

static gpointer
race_thread (gpointer data)
{
    Racer *self = data;

    station_take_over (self->station);
    if (self->household) {
        meet (self->start);
        self->outcome = act_open_all (self->station, self->household, 10, &self->error);
    } else {
        buy (self);
    }

    return NULL;
}

/* Which of the two won; asserts that the other did not. */
static int
race (Racer racers[2])
{
    Start start = { .n = 2 };
    GThread *threads[2];
    int winner;

    g_mutex_init (&start.lock);
    g_cond_init (&start.changed);
    for (int i = 0; i < 2; i++) {
        racers[i].station = &world->stations[i];
        racers[i].start = &start;
        threads[i] = g_thread_new ("station", race_thread, &racers[i]);
    }
    for (int i = 0; i < 2; i++) {
        g_thread_join (threads[i]);
        station_take_over (&world->stations[i]);
    }
    g_mutex_clear (&start.lock);
    g_cond_clear (&start.changed);
    for (int i = 0; i < 2; i++)
        if (racers[i].error)
            g_test_message ("station %d: %s", i + 1, racers[i].error->message);
    g_assert_cmpint (racers[0].outcome != NULL, !=, racers[1].outcome != NULL);
    winner = racers[0].outcome ? 0 : 1;
    g_clear_pointer (&racers[winner].outcome, oc_outcome_free);
    g_assert_no_error (racers[winner].error);
    g_assert_nonnull (racers[!winner].error);

    return winner;
}

/* The loser is told who is serving, by name and branch, or @otherwise. TRUE for the former. */
static gboolean
expect_loser (Racer racers[2], int winner, const char *otherwise)
{
    static const char *const names[] = { "管理员", "无名" };
    static const char *const branches[] = { "默认网点", "1号营业厅" };
    GError **error = &racers[!winner].error;

    if (g_strcmp0 (oc_error_get_code (*error), "OC030") != 0) {
        expect_code (error, otherwise);
        return FALSE;
    }
    g_assert_nonnull (strstr ((*error)->message, names[winner]));
    g_assert_nonnull (strstr ((*error)->message, branches[winner]));
    g_clear_error (error);

    return TRUE;
}

/* One card at two stations ----------------------------------------------------------------------------------------- */

/* Who loses has written nothing; who wins has the customer's card. Whether the loser was told who serves. */
static gboolean
run_round (Customer *customer, const char *second, gboolean read_first, int *winner)
{
    const char *cards[2] = { customer->card, second };
    g_autofree char *untouched = NULL;
    Racer racers[2] = { 0 };
    gboolean served;

    for (int i = 0; i < 2; i++) {
        racers[i] = (Racer){ .customer = customer, .read_first = read_first };
        station_insert_file (&world->stations[i], cards[i]);
    }
    untouched = world_copy_card (world, second);
    *winner = race (racers);
    served = expect_loser (racers, *winner, "OC027");
    for (int i = 0; i < 2; i++)
        station_remove (&world->stations[i]);
    if (*winner == 0) {
        g_assert_true (same_card (second, untouched));
    } else {
        g_free (customer->card);
        customer->card = g_strdup (second);
    }
    world_check (world, customer);

    return served;
}

static Customer *
opened_customer (gboolean cpu)
{
    Customer *customer = world_customer (world, cpu);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (&world->stations[0], customer);
    outcome = act_open (&world->stations[0], customer, 100, &error);
    g_assert_no_error (error);
    world_check (world, customer);

    return customer;
}

static void
test_card (gconstpointer data)
{
    g_autoptr(Customer) customer = opened_customer (GPOINTER_TO_INT (data));
    guint n_served = 0, n_first = 0;

    for (guint round = 0; round < N_ROUNDS; round++) {
        g_autofree char *copy = world_copy_card (world, customer->card);
        int winner;

        n_served += run_round (customer, copy, round % 2 == 0, &winner);
        n_first += winner == 0;
    }
    g_test_message ("%d rounds: the first station won %u; the other was told who serves %u times, that the card is older %u times",
        N_ROUNDS, n_first, n_served, N_ROUNDS - n_served);
    g_assert_cmpuint (n_served, >, 0);
}

/* The second station's image is that of the sale before: it never wins. */
static void
test_older (gconstpointer data)
{
    g_autoptr(Customer) customer = opened_customer (GPOINTER_TO_INT (data));
    g_autofree char *older = world_copy_card (world, customer->card);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (&world->stations[0], customer);
    outcome = act_purchase (&world->stations[0], customer, 10, &error);
    g_assert_no_error (error);
    world_check (world, customer);
    for (guint round = 0; round < N_ROUNDS / 4; round++) {
        g_autofree char *next = world_copy_card (world, customer->card);
        int winner;

        run_round (customer, older, round % 2 == 0, &winner);
        g_assert_cmpint (winner, ==, 0);
        g_free (older);
        older = g_steal_pointer (&next);
    }
}

/* The same, one step after the other: while the sale stands still, and when it is done. */
static void
test_told (gconstpointer data)
{
    g_autoptr(Customer) customer = opened_customer (GPOINTER_TO_INT (data));
    g_autofree char *copy = world_copy_card (world, customer->card);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(GError) error = NULL;
    HeldAct *first;

    station_insert (&world->stations[0], customer);
    first = held_start (&world->stations[0], customer, act_purchase, 100, "purchase_begin", 1, FALSE);
    station_insert_file (&world->stations[1], copy);
    reading = oc_read_card (world->stations[1].desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_reading_state (reading), ==, "in-doubt");
    g_assert_cmpstr (oc_rows_text (oc_reading_card (reading), 0, "serving_operator"), ==, "管理员");
    g_assert_cmpstr (oc_rows_text (oc_reading_card (reading), 0, "serving_branch"), ==, "默认网点");
    outcome = act_purchase (&world->stations[1], customer, 100, &error);
    g_assert_null (outcome);
    expect_code (&error, "OC030");
    outcome = held_end (first, &error);
    g_assert_no_error (error);
    g_assert_null (act_purchase (&world->stations[1], customer, 100, &error));
    expect_code (&error, "OC027");
    world_check (world, customer);
}

/* One meter, two blank cards; one blank card, two meters; two meters, crossed ---------------------------------------- */

static Customer *
twin_of (const Customer *customer, const char *card, int sub_meter)
{
    Customer *twin = g_new0 (Customer, 1);

    *twin = *customer;
    twin->card = g_strdup (card);
    twin->meter = g_strdup (customer->meter);
    twin->sub_meter = sub_meter;

    return twin;
}

static int
race_to_open (GPtrArray *households[2], const char *otherwise, guint *n_served)
{
    Racer racers[2] = { 0 };
    int winner;

    for (int i = 0; i < 2; i++) {
        racers[i] = (Racer){ .household = households[i] };
        station_insert (&world->stations[i], households[i]->pdata[0]);
    }
    winner = race (racers);
    *n_served += expect_loser (racers, winner, otherwise);
    for (guint i = 0; i < households[winner]->len; i++)
        world_check (world, households[winner]->pdata[i]);

    return winner;
}

/* Of some rounds; the others met when all was over. */
static void
tell_served (guint n_served)
{
    g_test_message ("%d rounds, %u told who serves", N_ROUNDS / 4, n_served);
    g_assert_cmpuint (n_served, >, 0);
}

static void
test_meter (gconstpointer data)
{
    gboolean cpu = GPOINTER_TO_INT (data);
    guint n_served = 0;

    for (guint round = 0; round < N_ROUNDS / 4; round++) {
        g_autoptr(GPtrArray) first = world_household (world, cpu, (int[]){ cpu ? 11 : 22 }, 1);
        g_autoptr(GPtrArray) other = world_household (world, cpu, (int[]){ cpu ? 11 : 22 }, 1);
        g_autoptr(GPtrArray) second = g_ptr_array_new_with_free_func ((GDestroyNotify) customer_free);
        GPtrArray *households[2] = { first, second };

        g_ptr_array_add (second, twin_of (first->pdata[0], ((Customer *) other->pdata[0])->card, cpu ? 11 : 22));
        race_to_open (households, "OC045", &n_served);
    }
    tell_served (n_served);
}

static void
test_blank_card (void)
{
    guint n_served = 0;

    for (guint round = 0; round < N_ROUNDS / 4; round++) {
        g_autoptr(GPtrArray) first = world_household (world, TRUE, (int[]){ 11 }, 1);
        g_autoptr(GPtrArray) second = world_household (world, TRUE, (int[]){ 11 }, 1);
        GPtrArray *households[2] = { first, second };
        Customer *other = second->pdata[0];

        g_free (other->card);
        other->card = world_copy_card (world, ((Customer *) first->pdata[0])->card);
        race_to_open (households, "OC024", &n_served);
    }
    tell_served (n_served);
}

static void
test_crossed_meters (void)
{
    guint n_served = 0;

    for (guint round = 0; round < N_ROUNDS / 4; round++) {
        g_autoptr(GPtrArray) first = world_household (world, FALSE, (int[]){ 22, 23 }, 2);
        g_autoptr(GPtrArray) other = world_household (world, FALSE, (int[]){ 22 }, 1);
        g_autoptr(GPtrArray) second = g_ptr_array_new_with_free_func ((GDestroyNotify) customer_free);
        GPtrArray *households[2] = { first, second };
        const char *card = ((Customer *) other->pdata[0])->card;

        g_ptr_array_add (second, twin_of (first->pdata[1], card, 22));
        g_ptr_array_add (second, twin_of (first->pdata[0], card, 23));
        race_to_open (households, "OC045", &n_served);
    }
    tell_served (n_served);
}

/* Many at once ----------------------------------------------------------------------------------------------------- */

typedef struct {
    Station station;
    GThread *thread;
    GPtrArray *customers; /* of all; every N_STATIONS-th is his */
    guint number;
    Start *opened, *bought;
    gint64 *began;        /* of the purchases; first in sets it */
} Clerk;

static gpointer
clerk_thread (gpointer data)
{
    Clerk *self = data;

    station_take_over (&self->station);
    for (int act = 0; act < 2; act++) {
        for (guint i = self->number; i < self->customers->len; i += N_STATIONS) {
            const Customer *customer = self->customers->pdata[i];
            g_autoptr(OcOutcome) outcome = NULL;
            g_autoptr(GError) error = NULL;

            station_insert (&self->station, customer);
            outcome = act ? act_purchase (&self->station, customer, 10, &error) : act_open (&self->station, customer, 10, &error);
            g_assert_no_error (error);
            station_remove (&self->station);
            if (act == 0) {
                g_autoptr(OcSimMeter) meter = oc_sim_meter_open (customer->meter, &error);
                OcSimMeterReport report;

                g_assert_no_error (error);
                oc_sim_meter_insert (meter, customer->card, NULL, &report, &error);
                g_assert_no_error (error);
                g_assert_true (report.credited);
            }
        }
        meet (act ? self->bought : self->opened);
        if (act == 0 && self->number == 0)
            *self->began = g_get_monotonic_time ();
    }

    return NULL;
}

static void
test_many (void)
{
    g_autoptr(GPtrArray) customers = g_ptr_array_new_with_free_func ((GDestroyNotify) customer_free);
    Clerk clerks[N_STATIONS] = { 0 };
    Start starts[2] = { { .n = N_STATIONS }, { .n = N_STATIONS } };
    gint64 began = 0;
    double seconds;
    g_autofree char *newest = oc_test_sql_value (world->owner, "select coalesce(max(number), 0) from onecard.trade");
    g_autofree char *sql = NULL;
    g_autofree char *got = NULL;
    g_autofree char *wanted = g_strdup_printf ("%d %d %d", N_CUSTOMERS, N_CUSTOMERS, 2 * N_CUSTOMERS);

    for (guint i = 0; i < N_CUSTOMERS; i++)
        g_ptr_array_add (customers, world_customer (world, i % 2));
    for (guint i = 0; i < 2; i++) {
        g_mutex_init (&starts[i].lock);
        g_cond_init (&starts[i].changed);
    }
    for (guint i = 0; i < N_STATIONS; i++) {
        g_autofree char *dir = g_strdup_printf ("%s/clerk-%u", world->dir, i);

        g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
        station_open (&clerks[i].station, dir, world->db->uri, 1001 + (int) i % 2);
        clerks[i].customers = customers;
        clerks[i].number = i;
        clerks[i].opened = &starts[0];
        clerks[i].bought = &starts[1];
        clerks[i].began = &began;
    }
    for (guint i = 0; i < N_STATIONS; i++)
        clerks[i].thread = g_thread_new ("clerk", clerk_thread, &clerks[i]);
    for (guint i = 0; i < N_STATIONS; i++)
        g_thread_join (clerks[i].thread);
    seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
    for (guint i = 0; i < N_STATIONS; i++) {
        station_take_over (&clerks[i].station);
        station_close (&clerks[i].station);
    }
    for (guint i = 0; i < 2; i++) {
        g_mutex_clear (&starts[i].lock);
        g_cond_clear (&starts[i].changed);
    }
    g_test_message ("%d purchases by %d stations in %.2f s", N_CUSTOMERS, N_STATIONS, seconds);

    /* meters that have the counts 1 and 2 and no other, trade numbers that are each one trade's */
    sql = g_strdup_printf (
        "with t as (select * from onecard.trade where number > %s and kind = 'purchase' and state = 'effective'),"
        " m as (select meter, array_agg(purchase_count order by number) as counts from t group by meter)"
        " select (select count(*) from m) || ' ' || (select count(*) from m where counts = '{1,2}') || ' ' || count(distinct number) from t",
        newest);
    got = oc_test_sql_value (world->owner, sql);
    g_assert_cmpstr (got, ==, wanted);
    for (guint i = 0; i < N_CUSTOMERS; i++)
        world_check_meter (world, customers->pdata[i]);
    world_check_ledger (world);
}

int
main (int argc, char **argv)
{
    int status;

    g_test_init (&argc, &argv, NULL);
    world = world_new ();
    for (int cpu = 0; cpu < 2; cpu++) {
        static const struct {
            const char *name;
            GTestDataFunc func;
        } tests[] = { { "told", test_told }, { "card", test_card }, { "older", test_older }, { "meter", test_meter } };

        for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
            g_autofree char *path = g_strdup_printf ("/clash/%s/%s", tests[i].name, cpu ? "cpu" : "24c");

            g_test_add_data_func (path, GINT_TO_POINTER (cpu), tests[i].func);
        }
    }
    g_test_add_func ("/clash/blank-card", test_blank_card);
    g_test_add_func ("/clash/crossed-meters", test_crossed_meters);
    g_test_add_func ("/clash/many", test_many);
    status = g_test_run ();
    world_free (world);
    oc_test_cluster_end ();

    return status;
}

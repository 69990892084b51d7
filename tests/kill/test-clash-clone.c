/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sale that is held up at the first branch while its card, or a copy of it with the old image, is at the second one:
 * before and after the lease ran out, in every order. No void trade stays on a card, whatever contradicts itself is
 * listed, and a meter never credits more than was paid.
 *
 * A lease of no seconds makes every write ask for it anew, so that the first station knows when it is over; a lease that
 * is ended in the database stands for a station that does not know. */
#include <string.h>

#include "core/error.h"
#include "kill/held.h"

/* Where the first branch stands still. */
typedef enum { BEGUN, WRITING, WRITTEN, N_POINTS } Point;
/* What the second one does meanwhile. */
typedef enum { BUY, SETTLE, UNDO, N_DEEDS } Deed;

static const char *const point_names[] = { "begun", "writing", "written" };
static const char *const deed_names[] = { "buys", "settles", "undoes" };

typedef struct {
    gboolean cpu;
    ActFunc act;       /* purchase or opening */
    Point point;
    Deed deed;
    gboolean lease;    /* is still held */
    gboolean knows;    /* the first station asks for its lease at each write */
    gboolean returned; /* CPU: the one card there is was put back before the first goes on */
    gboolean dropped;  /* the first station's connection breaks where it stands: it finishes later still */
} Case;

static World *world;
static guint n_cases, n_conflicts; /* of a test */

static void
set_lease (int seconds)
{
    g_autofree char *sql = g_strdup_printf ("update onecard.parameters set lease_seconds = %d", seconds);

    oc_test_sql (world->owner, sql);
}

/* How many rows of @table are of this customer's meter and @state. */
static gint64
n_rows (const char *table, const Customer *customer, const char *state)
{
    g_autofree char *sql = g_strdup_printf (
        "select count(*) from onecard.%s x join onecard.meter m on m.id = x.meter where m.number = '%s' and x.state = '%s'", table,
        customer->number, state);
    g_autofree char *value = oc_test_sql_value (world->owner, sql);

    return g_ascii_strtoll (value, NULL, 10);
}

static gint64
n_trades (const Customer *customer, const char *state)
{
    return n_rows ("trade", customer, state);
}

static gint64
n_open_conflicts (const Customer *customer)
{
    return n_rows ("conflict", customer, "open");
}

static void
tell_figures (void)
{
    g_test_message ("%u cases, %u of them with a conflict listed", n_cases, n_conflicts);
    g_assert_cmpuint (n_cases, >, 0);
    n_cases = n_conflicts = 0;
}

/* The second branch, with its card in. */
static gboolean
do_deed (const Case *c, const Customer *customer, GError **error)
{
    Station *second = &world->stations[1];
    g_autoptr(OcOutcome) outcome = NULL;

    outcome = c->deed == BUY ? act_purchase (second, customer, 10, error) : act_settle (world, second, customer, c->deed == UNDO, error);

    return outcome != NULL;
}

/* The same on a thread of its own; the card names the job. */
static OcOutcome *
act_settle_card (Station *station, const Customer *customer, int yuan, GError **error)
{
    return oc_unfinished_settle (station->desk, &(OcSettleAsk){ NULL, FALSE }, NULL, error);
}

/* The one who serves is named. */
static void
expect_served (GError **error)
{
    g_assert_nonnull (*error);
    g_test_message ("%s", (*error)->message);
    g_assert_nonnull (strstr ((*error)->message, "管理员"));
    g_assert_nonnull (strstr ((*error)->message, "默认网点"));
    expect_code (error, "OC030");
}

/* The meter gets a card that it may not credit again. */
static void
insert_twin (const Customer *customer, const char *card)
{
    g_assert_false (world_put_in_meter (world, customer, card).credited);
}

static Customer *
customer_for (const Case *c)
{
    Customer *customer = world_customer (world, c->cpu);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    if (c->act == act_open)
        return customer;
    station_insert (&world->stations[0], customer);
    outcome = act_open (&world->stations[0], customer, 100, &error);
    g_assert_no_error (error);
    world_check (world, customer);

    return customer;
}

static HeldAct *
hold (const Case *c, const Customer *customer)
{
    Station *first = &world->stations[0];
    const char *begin = c->act == act_open ? "open_begin" : "purchase_begin";

    switch (c->point) {
    case BEGUN:
        return held_start (first, customer, c->act, 100, begin, 1, FALSE);
    case WRITING:
        return held_start (first, customer, c->act, 100, "job_renew", 2, TRUE);
    default:
        return held_start (first, customer, c->act, 100, "job_finish", 1, TRUE);
    }
}

static void
set_remaining_lease (const Case *c)
{
    if (c->lease)
        oc_test_sql (world->owner, "update onecard.card_job set lease_until = clock_timestamp() + interval '60 seconds' where state = 'pending'");
    else
        world_expire_leases (world);
}

/* The end of a case: at most one effective sale more than before, the written card is sold, and what was told is so. */
static void
check_end (const Case *c, const Customer *customer, const char *other, gint64 sold_before)
{
    g_autofree char *pending = world_pending_job (world, customer);
    gint64 sold;

    if (pending) {
        world_expire_leases (world);
        world_settle (world, &world->stations[0], customer);
    }
    sold = n_trades (customer, "effective") - sold_before;
    g_assert_cmpint (sold, >=, 0);
    g_assert_cmpint (sold, <=, 1);
    if (sold == 0) /* what is void is on no card: both do nothing in the meter */
        g_assert_cmpint (n_trades (customer, "void"), ==, 1);
    else
        g_assert_cmpint (n_trades (customer, "void"), ==, 0);
    world_check (world, customer);
    if (other)
        insert_twin (customer, other);
    n_conflicts += n_open_conflicts (customer) > 0;
    n_cases++;
}

/* A listed meter sells nothing more, at any branch; another one sells. */
static void
check_barred (const Customer *customer)
{
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *state = world_meter_state (world, customer);

    if (strcmp (state, "open") != 0)
        return;
    station_insert (&world->stations[1], customer);
    outcome = act_purchase (&world->stations[1], customer, 10, &error);
    if (n_open_conflicts (customer) > 0) {
        g_assert_null (outcome);
        expect_code (&error, "OC038");
    } else {
        g_assert_no_error (error);
        world_check (world, customer);
    }
}

/* A copy of the old image at the second branch: 24C ------------------------------------------------------------------ */

static void
run_clone (const Case *c)
{
    g_autoptr(Customer) customer = customer_for (c);
    g_autofree char *old = world_copy_card (world, customer->card);
    g_autofree char *clone = world_copy_card (world, customer->card);
    g_autofree char *card = g_strdup (customer->card);
    gint64 before = c->act == act_open ? 0 : 1;
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) first_error = NULL;
    gboolean took_over;
    HeldAct *first;

    g_test_message ("%s, %s, the second %s, lease %s%s", c->act == act_open ? "opening" : "purchase", point_names[c->point],
        deed_names[c->deed], c->lease ? "held" : "over", c->knows ? "" : ", the first does not know");
    set_lease (c->knows ? 0 : 60);
    station_insert (&world->stations[0], customer);
    first = hold (c, customer);
    set_remaining_lease (c);
    station_insert_file (&world->stations[1], clone);
    do_deed (c, customer, &error);
    if (c->deed == BUY && c->act == act_open)
        expect_code (&error, "OC020"); /* a blank card says nothing */
    else if (c->lease)
        expect_served (&error);
    else if (c->deed == BUY)
        expect_code (&error, "OC023"); /* it was settled on the way */
    else if (c->deed == UNDO)
        expect_code (&error, "OC035");
    else
        g_assert_no_error (error);
    station_remove (&world->stations[1]);
    took_over = !c->lease && !(c->deed == BUY && c->act == act_open);
    if (c->lease || c->deed == UNDO || !took_over)
        g_assert_true (same_card (clone, old));

    outcome = held_end (first, &first_error);
    set_lease (60);
    if (!took_over) {
        g_assert_no_error (first_error);
        g_assert_cmpint (n_open_conflicts (customer), ==, 0);
    } else {
        g_assert_null (outcome);
        expect_code (&first_error, "OC032");
        /* Listed as soon as the first may have put the record on its card. */
        g_assert_cmpint (n_open_conflicts (customer) > 0, ==, c->point == WRITTEN || !c->knows);
    }
    /* The card that holds the sale goes to the meter first, then the other one. */
    station_remove (&world->stations[0]);
    if (took_over && c->deed != UNDO) {
        g_free (customer->card);
        customer->card = g_strdup (clone);
        check_end (c, customer, card, before);
    } else {
        check_end (c, customer, clone, before);
    }
    check_barred (customer);
}

static void
test_clone (gconstpointer data)
{
    ActFunc act = data ? act_open : act_purchase;

    for (int lease = 0; lease < 2; lease++)
        for (Point point = BEGUN; point < N_POINTS; point++)
            for (Deed deed = BUY; deed < N_DEEDS; deed++)
                for (int knows = 0; knows < 2; knows++)
                    if (knows || point != WRITING) /* who does not know asks for nothing on the way */
                        run_clone (&(Case){ .act = act, .point = point, .deed = deed, .lease = lease, .knows = knows });
    tell_figures ();
}

/* Both orders: the second took over and is not through when the first ends. @same: both are one operator, at two stations. */
static void
test_clone_crossed (gconstpointer same)
{
    world_station_anew (world, 1, same ? 1001 : 1002);
    for (Point point = BEGUN; point < N_POINTS; point++) {
        const Case c = { .act = act_purchase, .point = point, .knows = point == WRITING };
        g_autoptr(Customer) customer = customer_for (&c);
        g_autofree char *clone = world_copy_card (world, customer->card);
        g_autofree char *card = g_strdup (customer->card);
        g_autoptr(OcOutcome) late = NULL;
        g_autoptr(OcOutcome) outcome = NULL;
        g_autoptr(GError) error = NULL;
        HeldAct *first, *second;

        set_lease (c.knows ? 0 : 60);
        station_insert (&world->stations[0], customer);
        first = hold (&c, customer);
        world_expire_leases (world);
        station_insert_file (&world->stations[1], clone);
        second = held_start (&world->stations[1], customer, act_settle_card, 0, "job_finish", 1, TRUE);
        late = held_end (first, &error);
        g_assert_null (late);
        expect_code (&error, "OC032");
        g_assert_cmpint (n_trades (customer, "pending"), ==, 1); /* the late one decides nothing */
        outcome = held_end (second, &error);
        g_assert_no_error (error);
        set_lease (60);
        g_assert_cmpint (n_open_conflicts (customer), ==, point == WRITING ? 0 : 1);
        g_free (customer->card);
        customer->card = g_strdup (clone);
        check_end (&c, customer, card, 1);
        check_barred (customer);
    }
    world_station_anew (world, 1, 1002);
    tell_figures ();
}

/* The one card moved: CPU -------------------------------------------------------------------------------------------- */

/* While a station is writing, nobody looks at what comes and goes at its reader. */
static void
take_from_first (const Case *c)
{
    if (c->point == WRITING)
        oc_sim_slot_remove (world->stations[0].slot);
    else
        station_remove (&world->stations[0]);
}

static void
give_to_first (const Case *c, const Customer *customer)
{
    g_autoptr(GError) error = NULL;

    if (c->point != WRITING) {
        station_insert (&world->stations[0], customer);
        return;
    }
    oc_sim_slot_insert (world->stations[0].slot, customer->card, FALSE, &error);
    g_assert_no_error (error);
}

static void
run_moved (const Case *c)
{
    g_autoptr(Customer) customer = customer_for (c);
    gint64 before = c->act == act_open ? 0 : 1;
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) first_error = NULL;
    HeldAct *first;
    gboolean done;

    g_test_message ("%s, %s, the second %s, lease %s%s%s", c->act == act_open ? "opening" : "purchase", point_names[c->point],
        deed_names[c->deed], c->lease ? "held" : "over", c->knows ? "" : ", the first does not know", c->returned ? ", card put back" : "");
    if (c->dropped)
        g_test_message ("… and its connection breaks");
    set_lease (c->knows ? 0 : 60);
    station_insert (&world->stations[0], customer);
    first = hold (c, customer);
    set_remaining_lease (c);
    take_from_first (c);
    station_insert (&world->stations[1], customer);
    done = do_deed (c, customer, &error);
    if (c->lease)
        expect_served (&error);
    else
        g_test_message ("the second: %s", done ? "done" : error->message);
    station_remove (&world->stations[1]);
    if (c->returned)
        give_to_first (c, customer);
    if (c->dropped)
        held_drop (first);
    outcome = held_end (first, &first_error);
    set_lease (60);
    if (first_error)
        g_test_message ("the first: %s", first_error->message);
    if (outcome) /* told so, whoever wrote it */
        g_assert_cmpint (n_trades (customer, "effective"), ==, before + 1);
    station_remove (&world->stations[0]);
    check_end (c, customer, NULL, before);
    check_barred (customer);
}

/* CI takes the four ways in which the first goes on by turns, the whole product all of them. */
static void
run_moved_in_turn (Case c)
{
    static guint turn;
    gboolean full = g_getenv ("ONECARD_TEST_FULL") != NULL;

    for (guint way = 0; way < 4; way++) {
        if (!full && way != turn % 4)
            continue;
        c.returned = way & 1;
        c.dropped = way >> 1;
        run_moved (&c);
    }
    turn++;
}

static void
test_moved (gconstpointer data)
{
    ActFunc act = data ? act_open : act_purchase;

    for (int lease = 0; lease < 2; lease++)
        for (Point point = BEGUN; point < N_POINTS; point++)
            for (Deed deed = BUY; deed < N_DEEDS; deed++)
                for (int knows = 0; knows < 2; knows++)
                    if (knows || point != WRITING)
                        run_moved_in_turn ((Case){ .cpu = TRUE, .act = act, .point = point, .deed = deed, .lease = lease, .knows = knows });
    tell_figures ();
}

int
main (int argc, char **argv)
{
    int status;

    g_test_init (&argc, &argv, NULL);
    world = world_new ();
    oc_test_sql (world->owner, "alter table onecard.parameters drop constraint parameters_lease_seconds_check");
    g_test_add_data_func ("/clash/clone/purchase", GINT_TO_POINTER (FALSE), test_clone);
    g_test_add_data_func ("/clash/clone/open", GINT_TO_POINTER (TRUE), test_clone);
    g_test_add_data_func ("/clash/clone/crossed", GINT_TO_POINTER (FALSE), test_clone_crossed);
    g_test_add_data_func ("/clash/clone/crossed-alone", GINT_TO_POINTER (TRUE), test_clone_crossed);
    g_test_add_data_func ("/clash/moved/purchase", GINT_TO_POINTER (FALSE), test_moved);
    g_test_add_data_func ("/clash/moved/open", GINT_TO_POINTER (TRUE), test_moved);
    status = g_test_run ();
    world_free (world);
    oc_test_cluster_end ();

    return status;
}

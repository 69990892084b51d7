/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images of a 24C card that were saved and are put back: of every moment of its life, at every later moment, at the counter,
 * in the meter and in the middle of a sale. Nothing is sold on an older state, no purchase is credited twice, and no
 * write is undone that may have been saved elsewhere. */
#include <string.h>

#include "core/error.h"
#include "kill/held.h"

#define YUAN 10

/* The card's life: blank, then opened, in the meter, bought, in the meter … */
#define N_MOMENTS 8

static World *world;

static guint
count_at (guint moment)
{
    return (moment + 1) / 2;
}

static void
put_back (const Customer *customer, const char *image)
{
    g_autofree char *bytes = NULL;
    gsize size;

    for (int i = 0; i < 2; i++)
        station_remove (&world->stations[i]);
    g_assert_true (g_file_get_contents (image, &bytes, &size, NULL));
    g_assert_true (g_file_set_contents (customer->card, bytes, (gssize) size, NULL));
}

/* The customer puts @card in at home; TRUE if it was credited. */
static gboolean
insert_at_home (const Customer *customer, const char *card)
{
    return world_put_in_meter (world, customer, card).credited;
}

static void
sell (ActFunc act, const Customer *customer)
{
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (&world->stations[0], customer);
    outcome = act (&world->stations[0], customer, YUAN, &error);
    g_assert_no_error (error);
    station_remove (&world->stations[0]);
}

/* Nothing is sold on @card at @station, for the reason @code, and nothing is written. */
static void
expect_refusal (Station *station, ActFunc act, const Customer *customer, const char *card, const char *code)
{
    g_autofree char *before = world_copy_card (world, card);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert_file (station, card);
    outcome = act (station, customer, YUAN, &error);
    g_assert_null (outcome);
    expect_code (&error, code);
    station_remove (station);
    g_assert_true (same_card (before, card));
}

/* Every image at every later moment ------------------------------------------------------------------------------------ */

/* The image of @moment is shown at @now, at both branches and in the meter. */
static void
show (const Customer *customer, const char *image, guint moment, guint now)
{
    g_autofree char *card = world_copy_card (world, image);
    gboolean same_count = count_at (moment) == count_at (now);

    for (int i = 0; i < 2; i++)
        expect_refusal (&world->stations[i], act_purchase, customer, card,
            moment == 0 ? "OC020" : same_count ? "OC023" : "OC027");
    if (moment == 0)
        expect_refusal (&world->stations[0], act_open, customer, card, "OC045");
    g_assert_false (insert_at_home (customer, card));
    /* the meter's return data on it make it no newer */
    if (!same_count)
        expect_refusal (&world->stations[1], act_purchase, customer, card, moment == 0 ? "OC020" : "OC027");
    world_check_ledger (world);
}

static void
test_moments (void)
{
    g_autoptr(Customer) customer = world_customer (world, FALSE);
    g_autoptr(GPtrArray) images = g_ptr_array_new_with_free_func (g_free);
    guint n = 0;

    for (guint now = 0; now < N_MOMENTS; now++) {
        if (now % 2 == 1)
            sell (now == 1 ? act_open : act_purchase, customer);
        else if (now > 0)
            world_check (world, customer);
        /* the newest first: by the meter's answer on an older one the ledger learns that its purchase was used */
        for (guint moment = now; moment-- > 0; n++)
            show (customer, images->pdata[moment], moment, now);
        g_ptr_array_add (images, world_copy_card (world, customer->card));
    }
    world_check (world, customer);
    g_test_message ("%u images put back", n);
}

/* The image of after the sale is put back after the meter had it, put in again, and is the customer's card from then on. */
static void
test_goes_on (void)
{
    g_autoptr(Customer) customer = world_customer (world, FALSE);
    g_autofree char *sold = NULL;
    g_autofree char *used = NULL;

    sell (act_open, customer);
    sold = world_copy_card (world, customer->card);
    world_check (world, customer);
    used = world_copy_card (world, customer->card);
    put_back (customer, sold);
    expect_refusal (&world->stations[1], act_purchase, customer, customer->card, "OC023");
    g_assert_false (insert_at_home (customer, customer->card));
    sell (act_purchase, customer);
    expect_refusal (&world->stations[1], act_purchase, customer, used, "OC027");
    expect_refusal (&world->stations[1], act_purchase, customer, sold, "OC027");
    world_check (world, customer);
    g_assert_false (insert_at_home (customer, sold));
    g_assert_false (insert_at_home (customer, used));
    sell (act_purchase, customer);
    world_check (world, customer);
}

/* A sale that was cut -------------------------------------------------------------------------------------------------- */

typedef enum { AFTER, BEFORE, N_ORDERS } Order; /* the saved cut image goes to the meter after or before the job is settled */

/* A purchase is stopped at that write; its image is saved, the one of before the sale put back and shown at another branch. */
static void
run_cut (const char *verb, guint at, Order order)
{
    g_autoptr(Customer) customer = world_customer (world, FALSE);
    Station *second = &world->stations[1];
    g_autofree char *spec = g_strdup_printf ("%s@%u", verb, at);
    g_autofree char *before = NULL;
    g_autofree char *cut = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;
    gboolean credited;

    sell (act_open, customer);
    world_check (world, customer);
    before = world_copy_card (world, customer->card);
    station_insert (&world->stations[0], customer);
    g_assert_true (oc_sim_slot_set_faults (world->stations[0].slot, spec, NULL));
    outcome = act_purchase (&world->stations[0], customer, YUAN, &error);
    g_assert_null (outcome);
    g_assert_cmpint (oc_trouble_of (error), ==, OC_TROUBLE_UNPROVEN);
    g_clear_error (&error);
    put_back (customer, customer->card);
    cut = world_copy_card (world, customer->card);
    credited = order == BEFORE && insert_at_home (customer, cut);

    put_back (customer, before);
    world_expire_leases (world);
    station_insert (second, customer);
    outcome = act_settle (world, second, customer, TRUE, &error);
    g_assert_null (outcome);
    expect_code (&error, "OC035");
    station_insert (second, customer);
    outcome = act_settle (world, second, customer, FALSE, &error);
    g_assert_no_error (error);
    credited += order == AFTER && insert_at_home (customer, cut);
    g_test_message ("%s: the saved image was %scredited %s", spec, credited ? "" : "not ", order == AFTER ? "after" : "before");
    credited += insert_at_home (customer, customer->card);
    g_assert_cmpint (credited, ==, 1);
    world_check (world, customer);
    sell (act_purchase, customer);
    world_check (world, customer);
}

static void
on_apdu (const guint8 *in, gsize in_len, const guint8 *out, gsize out_len, gpointer data)
{
    GArray *writes = data;
    guint n = g_array_index (writes, guint, 0) + 1;

    if (out != NULL)
        return;
    g_array_index (writes, guint, 0) = n;
    if (in[0] == 0xFF && in[1] == 0xD0)
        g_array_append_val (writes, n);
}

/* The APDUs of a purchase that write; the first element counts them all. */
static GArray *
course_of_purchase (void)
{
    g_autoptr(Customer) customer = world_customer (world, FALSE);
    GArray *writes = g_array_sized_new (FALSE, TRUE, sizeof (guint), 16);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    g_array_set_size (writes, 1);
    sell (act_open, customer);
    world_check (world, customer);
    station_insert (&world->stations[0], customer);
    oc_sim_slot_set_trace (world->stations[0].slot, on_apdu, writes);
    outcome = act_purchase (&world->stations[0], customer, YUAN, &error);
    oc_sim_slot_set_trace (world->stations[0].slot, NULL, NULL);
    g_assert_no_error (error);

    return writes;
}

static void
test_cut (void)
{
    static const char *const verbs[] = { "pull", "torn", "lost" };
    g_autoptr(GArray) writes = course_of_purchase ();

    g_assert_cmpuint (writes->len, >, 1);
    for (guint i = 1; i < writes->len; i++)
        for (gsize v = 0; v < G_N_ELEMENTS (verbs); v++)
            for (Order order = AFTER; order < N_ORDERS; order++)
                run_cut (verbs[v], g_array_index (writes, guint, i), order);
}

/* In the middle of a sale ---------------------------------------------------------------------------------------------- */

/* The sale stands still at that call, the card is taken out, an older image put back on it, and put in again; then it meets
 * @fault. */
static void
run_swap (const char *name, guint moment, const char *fault)
{
    g_autoptr(Customer) customer = world_customer (world, FALSE);
    Station *first = &world->stations[0];
    g_autoptr(GPtrArray) images = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *written = NULL;
    g_autofree char *pending = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;
    gboolean proven = strcmp (name, "job_finish") == 0;
    HeldAct *held;

    for (guint i = 0; i <= 4; i++) {
        if (i % 2 == 1)
            sell (i == 1 ? act_open : act_purchase, customer);
        else if (i > 0)
            world_check (world, customer);
        g_ptr_array_add (images, world_copy_card (world, customer->card));
    }
    station_insert (first, customer);
    held = held_start (first, customer, act_purchase, YUAN, name, 1, proven);
    station_remove (first);
    written = world_copy_card (world, customer->card);
    put_back (customer, images->pdata[moment]);
    station_insert (first, customer);
    g_assert_true (oc_sim_slot_set_faults (first->slot, fault, NULL));
    outcome = held_end (held, &error);
    station_remove (first);
    pending = world_pending_job (world, customer);
    g_test_message ("at %s the image of moment %u, %s: %s", name, moment, fault ? fault : "no fault", outcome ? "sold" : error->message);
    g_assert_cmpint (outcome != NULL, ==, pending == NULL); /* never undone: the card was out */
    if (proven) {
        /* what was proven stays so; the older image sells nothing */
        g_assert_nonnull (outcome);
        expect_refusal (&world->stations[1], act_purchase, customer, customer->card, moment == 0 ? "OC020" : "OC027");
        g_assert_false (insert_at_home (customer, customer->card));
        put_back (customer, written);
    } else if (pending) {
        if (moment == 0)
            put_back (customer, images->pdata[4]); /* of a card that is blank nothing is known */
        world_expire_leases (world);
        world_settle (world, &world->stations[1], customer);
    }
    world_check (world, customer);
    g_assert_false (insert_at_home (customer, written));
    sell (act_purchase, customer);
    world_check (world, customer);
}

static void
test_swap (void)
{
    static const char *const names[] = { "purchase_begin", "job_finish" };

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        for (guint moment = 0; moment <= 4; moment++)
            run_swap (names[i], moment, NULL);
}

/* The same card is put in again and can't be written then: as it was out it may have been written elsewhere. */
static void
test_out (void)
{
    g_autoptr(GArray) writes = course_of_purchase ();

    for (guint n = 1; n <= g_array_index (writes, guint, 0); n++) {
        g_autofree char *fault = g_strdup_printf ("sw@%u=6581", n);

        run_swap ("purchase_begin", 4, fault);
    }
}

int
main (int argc, char **argv)
{
    int status;

    g_test_init (&argc, &argv, NULL);
    world = world_new ();
    g_test_add_func ("/clash/restored/moments", test_moments);
    g_test_add_func ("/clash/restored/goes-on", test_goes_on);
    g_test_add_func ("/clash/restored/cut", test_cut);
    g_test_add_func ("/clash/restored/swap", test_swap);
    g_test_add_func ("/clash/restored/out", test_out);
    status = g_test_run ();
    world_free (world);
    oc_test_cluster_end ();

    return status;
}

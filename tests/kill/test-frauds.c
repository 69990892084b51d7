/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people may try with cards, on a card of each family: nobody gains at the meter, and money for a purchase that was used all the same
 * is held at the counter, not paid, until the meter's own word names the fraud. Put-back images and copies during a sale are in
 * test-clash-restored.c and test-clash-clone.c, changed bytes at the counter in test-corrupt.c. */
#include <string.h>

#include "core/error.h"
#include "kill/acts.h"

#define SOLD 100 /* yuan, unread on the card */

static World *world;

static Customer *
opened (const Plastic *plastic)
{
    Customer *customer = world_customer_of (world, plastic);
    Station *station = &world->stations[0];
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (station, customer);
    outcome = act_open (station, customer, SOLD, &error);
    g_assert_no_error (error);
    customer->in_ledger = oc_rows_int (outcome->trades, 0, "customer");
    world_check (world, customer);

    return customer;
}

static void
sell (const Customer *customer)
{
    Station *station = &world->stations[0];
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (station, customer);
    outcome = act_purchase (station, customer, SOLD, &error);
    g_assert_no_error (error);
    station_remove (station);
}

static void
expect_refused (OcOutcome *outcome, GError *error, const char *code)
{
    g_autoptr(GError) owned = error;

    g_assert_null (outcome);
    expect_code (&owned, code);
}

/* Takes half of the purchase back; the answer's error is @code when it is not NULL. */
static void
take_half_back (const Customer *customer, gboolean pay_out, const char *code)
{
    Station *station = &world->stations[0];
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    GError *error = NULL;

    station_insert (station, customer);
    reading = oc_read_card (station->desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error);
    g_assert_no_error (error);
    outcome = oc_repurchase (station->desk, &(OcRepurchaseAsk){ .request_id = request, .reading = reading, .sub_meter = customer->sub_meter,
        .amount = { SOLD / 2 * 10000 }, .pay = "cash", .pay_out = pay_out }, NULL, &error);
    station_remove (station);
    if (code)
        expect_refused (outcome, error, code);
    else
        g_assert_no_error (error);
}

static void
expect_no_money (const Customer *customer)
{
    g_autofree char *request = oc_request_id ();
    OcBalanceAsk ask = { .request_id = request, .customer = customer->in_ledger, .out = TRUE, .amount = { 10000 }, .pay = "cash" };
    GError *error = NULL;
    OcOutcome *outcome = oc_balance (world->stations[0].desk, &ask, NULL, &error);

    expect_refused (outcome, error, "OC159");
}

/* The states of what is held for this customer, and how many contradictions of his meter are listed. Caller frees. */
static char *
said_of (const Customer *customer)
{
    g_autofree char *sql = g_strdup_printf ("select coalesce((select string_agg(state, ' ') from onecard.held where customer = %" G_GINT64_FORMAT "), '')"
        " || ' ' || (select count(*) from onecard.conflict c join onecard.meter m on m.id = c.meter where m.customer = %" G_GINT64_FORMAT
        " and c.state = 'open' and c.reason = 'held')", customer->in_ledger, customer->in_ledger);

    return oc_test_sql_value (world->owner, sql);
}

/* Half of a purchase that the meter has was taken back: the card goes to the meter once more, and then to the counter. */
static void
expect_named (const Customer *customer)
{
    Station *station = &world->stations[1];
    OcSimMeterReport report;
    g_autofree char *before = said_of (customer);
    g_autofree char *after = NULL;
    g_autoptr(OcReading) reading = NULL;
    OcOutcome *outcome;
    GError *error = NULL;

    g_assert_cmpstr (before, ==, "held 0");
    expect_no_money (customer);
    report = world_put_in_meter (world, customer, customer->card);
    g_assert_false (report.credited);
    g_assert_true (report.returned);
    station_insert (station, customer);
    reading = oc_read_card (station->desk, &(OcReadAsk){ 0 }, NULL, &error);
    g_assert_no_error (error);
    after = said_of (customer);
    g_assert_cmpstr (after, ==, "contested 1");
    outcome = act_purchase (station, customer, 8, &error);
    expect_refused (outcome, error, "OC038");
    station_remove (station);
    expect_no_money (customer);
    world_check_ledger (world);
}

static void
replace_card (Customer *customer)
{
    Station *station = &world->stations[1];
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    customer_lose_card (world, customer);
    station_insert (station, customer);
    outcome = act_replace_card (station, customer, &error);
    g_assert_no_error (error);
    station_remove (station);
}

/* "Lost", but the meter has had its purchase: the new card brings it nothing more. */
static void
test_lost_used (gconstpointer plastic)
{
    g_autoptr(Customer) customer = opened (plastic);

    sell (customer);
    g_assert_true (world_put_in_meter (world, customer, customer->card).credited);
    replace_card (customer);
    g_assert_false (world_put_in_meter (world, customer, customer->card).credited);
    g_assert_cmpint (world_put_in_meter (world, customer, customer->old_card).error, ==, OC_METER_RETIRED);
    world_check (world, customer);
}

/* The same, and money back for it on the new card. */
static void
test_lost_refunded (gconstpointer plastic)
{
    g_autoptr(Customer) customer = opened (plastic);

    sell (customer);
    g_assert_true (world_put_in_meter (world, customer, customer->card).credited);
    replace_card (customer);
    take_half_back (customer, TRUE, "OC172");
    take_half_back (customer, FALSE, NULL);
    expect_named (customer);
}

/* Both cards, at the counter and in the meter, one after the other. */
static void
test_in_turn (gconstpointer plastic)
{
    g_autoptr(Customer) customer = opened (plastic);
    Station *station = &world->stations[0];

    sell (customer);
    replace_card (customer);
    g_assert_true (world_put_in_meter (world, customer, customer->card).credited);
    for (int i = 0; i < 3; i++) {
        OcOutcome *outcome;
        GError *error = NULL;

        g_assert_cmpint (world_put_in_meter (world, customer, customer->old_card).error, ==, OC_METER_RETIRED);
        station_insert_file (station, customer->old_card);
        outcome = i == 0 ? act_purchase (station, customer, 8, &error) : i == 1 ? act_repurchase (station, customer, 0, &error)
            : act_close (station, customer, &error);
        expect_refused (outcome, error, "OC022");
        station_remove (station);
        sell (customer);
        world_check (world, customer);
    }
}

/* The card as it was is put back after the meter had it: byte by byte, where a card can be copied; where it can't, it is pulled before the
 * meter's answer is on it. */
static void
use_unseen (Customer *customer)
{
    g_autoptr(GError) error = NULL;
    gboolean unseen = FALSE;

    if (!customer->cpu) {
        g_autofree char *copy = world_copy_card (world, customer->card);

        g_assert_true (world_put_in_meter (world, customer, customer->card).credited);
        g_free (customer->card);
        customer->card = g_steal_pointer (&copy);
        return;
    }
    for (guint at = 1; !unseen; at++) {
        g_autoptr(OcSimMeter) meter = oc_sim_meter_open (customer->meter, &error);
        g_autofree char *fault = g_strdup_printf ("pull@%u", at);
        OcSimMeterReport report;

        g_assert_no_error (error);
        oc_sim_meter_insert (meter, customer->card, fault, &report, &error);
        g_assert_no_error (error);
        g_assert_false (report.returned);
        unseen = report.credited;
    }
}

static void
test_used_unseen (gconstpointer plastic)
{
    g_autoptr(Customer) customer = opened (plastic);

    sell (customer);
    use_unseen (customer);
    take_half_back (customer, FALSE, NULL);
    expect_named (customer);
}

/* An account is not closed over a memory card's purchase without a second person. */
static void
test_closed_unseen (gconstpointer plastic)
{
    g_autoptr(Customer) customer = opened (plastic);
    Station *station = &world->stations[0];
    OcOutcome *outcome;
    GError *error = NULL;

    sell (customer);
    use_unseen (customer);
    station_insert (station, customer);
    outcome = act_close (station, customer, &error);
    expect_refused (outcome, error, "OC172");
    station_remove (station);
    world_check_ledger (world);
}

/* A neighbour's card in the meter does nothing, there and on the card. */
static void
test_neighbour (gconstpointer plastic)
{
    g_autoptr(Customer) customer = opened (plastic);
    g_autoptr(Customer) neighbour = opened (plastic);
    g_autofree char *copy = NULL;

    sell (customer);
    sell (neighbour);
    copy = world_copy_card (world, neighbour->card);
    for (int i = 0; i < 2; i++) {
        OcSimMeterReport report = world_put_in_meter (world, customer, neighbour->card);

        g_assert_false (report.credited);
        g_assert_true (report.error == OC_METER_NUMBER || report.error == OC_METER_CUSTOMER);
        g_assert_true (same_card (copy, neighbour->card));
    }
    world_check (world, customer);
    world_check (world, neighbour);
}

/* A memory card with an unread purchase, each byte changed in turn: the meter takes what was sold, or nothing. */
static void
test_edited (gconstpointer plastic)
{
    g_autoptr(Customer) customer = opened (plastic);
    g_autofree char *card = NULL;
    g_autofree char *meter = NULL;
    guint n = oc_sim_chip_find (((const Plastic *) plastic)->family)->size, n_credited = 0;
    gint64 sold;

    sell (customer);
    card = g_strdup (customer->card);
    meter = g_strdup (customer->meter);
    sold = SOLD * 10000 / 4;
    for (guint at = 0; at < n; at++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(OcSimCard) open = NULL;
        OcSimMeterReport report;

        g_free (customer->card);
        g_free (customer->meter);
        customer->card = world_copy_card (world, card);
        customer->meter = world_copy_card (world, meter);
        open = oc_sim_card_open (customer->card, &error);
        g_assert_no_error (error);
        oc_sim_memory_bytes (oc_sim_card_memory (open))[at] ^= 1 << at % 8;
        oc_sim_card_save (open, &error);
        g_assert_no_error (error);
        g_clear_pointer (&open, oc_sim_card_free);
        report = world_put_in_meter (world, customer, customer->card);
        g_assert_true (!report.credited || report.purchase == sold);
        n_credited += report.credited;
    }
    g_test_message ("%u bytes, %u of them without a part in the purchase", n, n_credited);
    g_assert_cmpuint (n_credited, >, 0);
    g_assert_cmpuint (n_credited, <, n);
}

int
main (int argc, char **argv)
{
    static const struct {
        const char *name;
        GTestDataFunc func;
        gboolean memory_only;
    } frauds[] = {
        { "lost-used", test_lost_used, FALSE },         { "lost-refunded", test_lost_refunded, FALSE },
        { "in-turn", test_in_turn, FALSE },             { "used-unseen", test_used_unseen, FALSE },
        { "closed-unseen", test_closed_unseen, TRUE },  { "neighbour", test_neighbour, FALSE },
        { "edited", test_edited, TRUE },
    };
    static const char *const plastics[] = { "cpu", "24c", "4442" };
    int status;

    g_test_init (&argc, &argv, NULL);
    for (gsize p = 0; p < G_N_ELEMENTS (plastics); p++)
        for (gsize i = 0; i < G_N_ELEMENTS (frauds); i++) {
            const Plastic *plastic = plastic_find (plastics[p]);
            g_autofree char *path = g_strdup_printf ("/frauds/%s/%s", plastic->name, frauds[i].name);

            if (strcmp (plastic->family, "cpu") != 0 || !frauds[i].memory_only)
                g_test_add_data_func (path, plastic, frauds[i].func);
        }
    world = world_new ();
    status = g_test_run ();
    world_free (world);
    oc_test_cluster_end ();

    return status;
}

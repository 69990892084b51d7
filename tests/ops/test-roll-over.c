/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new version of a key comes into force while cards and meters are out there: what was written with the old one is read, the next
 * write is made with the new one, and a meter needs to have learned it by then. */
#include <string.h>

#include "kill/world.h"

static World *world;

/* The next version of a key, by the two people that it takes. */
static void
load (const char *purpose, const char *first, const char *second)
{
    const char *components[] = { first, second };

    for (int i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(OcRows) rows = oc_key_component (world->stations[i].desk, &(OcKeyAsk){ purpose, components[i], NULL }, NULL, &error);

        g_assert_no_error (error);
        g_assert_cmpint (oc_rows_is_null (rows, 0, "version"), ==, i == 0);
    }
}

static void
open_account (const Customer *customer)
{
    Station *station = &world->stations[0];
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (station, customer);
    outcome = act_open (station, customer, 100, &error);
    g_assert_no_error (error);
}

static void
purchase (const Customer *customer)
{
    Station *station = &world->stations[0];
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (station, customer);
    outcome = act_purchase (station, customer, 40, &error);
    g_assert_no_error (error);
    station_remove (station);
}

/* What the meter says to the card. */
static OcMeterError
meter_says (const Customer *customer)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimMeter) meter = oc_sim_meter_open (customer->meter, &error);
    OcSimMeterReport report;

    g_assert_no_error (error);
    oc_sim_meter_insert (meter, customer->card, NULL, &report, &error);
    g_assert_no_error (error);
    return report.error;
}

static void
learn (const Customer *customer)
{
    g_auto(OcSimKeys) keys = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimMeter) meter = oc_sim_meter_open (customer->meter, &error);

    world_keys (world, &keys);
    oc_sim_meter_learn (meter, &keys, &error);
    g_assert_no_error (error);
}

static void
test_memory (gconstpointer name)
{
    static int round = 0x10;
    g_autofree char *first = g_strnfill (64, '5'), *second = g_strdup_printf ("%02X%062d", round++, 7);
    g_autoptr(Customer) customer = world_customer_of (world, plastic_find (name));
    g_autoptr(Customer) newcomer = NULL;
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(GError) error = NULL;

    open_account (customer);
    world_check (world, customer);
    load ("memory-area", first, second);

    /* the old card is read as before … */
    station_insert (&world->stations[0], customer);
    reading = oc_read_card (world->stations[0].desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_reading_state (reading), ==, "current");
    world_check (world, customer);
    /* … its next record is a new one, which the meter believes when it has learned the key … */
    purchase (customer);
    g_assert_cmpint (meter_says (customer), ==, OC_METER_OK); /* the record before it is still in force for this meter */
    learn (customer);
    g_assert_cmpint (meter_says (customer), ==, OC_METER_OK);
    world_check (world, customer);
    purchase (customer);
    world_check (world, customer);
    /* … and a meter that knows nothing but the new key takes a card that was opened with it. */
    world_keys (world, &world->keys);
    newcomer = world_customer_of (world, plastic_find (name));
    open_account (newcomer);
    world_check (world, newcomer);
    purchase (newcomer);
    world_check (world, newcomer);
}

/* A CPU card keeps the keys it was personalised with; one that is personalised later has the new ones. */
static void
test_cpu (void)
{
    static const char *const purposes[] = { "cpu-internal", "cpu-external", "cpu-mac" };
    g_autoptr(Customer) old = world_customer (world, TRUE);
    g_autoptr(Customer) unused = world_customer (world, TRUE);
    g_autoptr(Customer) newcomer = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    open_account (old);
    world_check (world, old);
    for (gsize i = 0; i < G_N_ELEMENTS (purposes); i++)
        load (purposes[i], "0123456789ABCDEF 0123456789ABCDEF", "55AA55AA55AA55AA 55AA55AA55AA55AA");
    purchase (old);
    world_check (world, old);
    purchase (old);
    learn (old); /* knows both now, and the card is of the old ones */
    world_check (world, old);
    purchase (old);
    world_check (world, old);

    world_keys (world, &world->keys);
    newcomer = world_customer (world, TRUE);
    open_account (newcomer);
    world_check (world, newcomer);
    purchase (newcomer);
    world_check (world, newcomer);

    /* a blank card with the old keys is not this site's any more: it is refused before it costs a try, and nothing is sold */
    station_insert (&world->stations[0], unused);
    outcome = act_open (&world->stations[0], unused, 100, &error);
    g_assert_null (outcome);
    g_assert_nonnull (error);
    {
        g_autoptr(OcSimCard) card = NULL;

        station_remove (&world->stations[0]);
        card = oc_sim_card_peek (unused->card, NULL);
        g_assert_cmpint (oc_sim_cpu_tries (oc_sim_card_cpu (card), 0xDF01, 2), ==, 3);
    }
}

int
main (int argc, char **argv)
{
    int status;

    g_test_init (&argc, &argv, NULL);
    world = world_new ();
    oc_test_sql (world->owner, "insert into onecard.role_permission select id, 'keys' from onecard.role where name = '营业员'");
    g_test_add_data_func ("/roll-over/24c", "24c", test_memory);
    g_test_add_data_func ("/roll-over/4442", "4442", test_memory);
    g_test_add_func ("/roll-over/cpu", test_cpu);
    status = g_test_run ();
    world_free (world);
    oc_test_cluster_end ();
    return status;
}

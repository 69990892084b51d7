/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One byte of a memory card changed, each in turn, in several ways: the card is refused, or read from its second copy, never
 * believed. "Believed" would be: a sale possible although the record in force was hit, return data that no meter wrote, a card
 * "ahead of the ledger" that isn't.
 *
 *   ONECARD_TEST_FULL=1     every chip, and every bit alone too */
#include <string.h>

#include "kill/world.h"

static World *world;
static const Plastic *plastic;

/* Where a card of this plastic holds anything of ours: header, then the slot. */
typedef struct {
    guint header, slot, slot_size;
} Places;

static Places
places_of (const Customer *customer)
{
    guint n = (guint) (customer->sub_meter % 10) - 1;

    if (strcmp (plastic->family, "4442") == 0)
        return (Places){ 32, 64 + n * 96, 96 };
    return oc_sim_chip_find (plastic->family)->size >= 4096 ? (Places){ 0, 128 + n * 128, 112 } : (Places){ 0, 32 + n * 96, 96 };
}

static void
spoil (const char *card, guint at, guint8 with)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimCard) open = oc_sim_card_open (card, &error);

    g_assert_no_error (error);
    oc_sim_memory_bytes (oc_sim_card_memory (open))[at] ^= with;
    oc_sim_card_save (open, &error);
    g_assert_no_error (error);
}

/* What the ledger has learned from cards. */
static char *
learned (void)
{
    return oc_test_sql_value (world->owner, "select (select count(*) from onecard.observation) || ' '"
        " || (select count(*) from onecard.conflict) || ' ' || (select string_agg(return_remaining || '/' || return_count || '/'"
        " || return_overdraft, ',' order by id) from onecard.meter)");
}

/* "refused", or the state of the meter as far as the card tells it. Caller frees. */
static char *
read_it (const Customer *customer)
{
    Station *station = &world->stations[0];
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(GError) error = NULL;
    OcRows *meters;

    station_insert (station, customer);
    reading = oc_read_card (station->desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error);
    station_remove (station);
    g_assert_no_error (error);
    meters = oc_reading_meters (reading);
    if (strcmp (oc_reading_state (reading), "current") != 0 || oc_rows_count (meters) != 1
        || *oc_rows_text (meters, 0, "reason_code") != '\0')
        return g_strdup ("refused");
    return g_strdup_printf ("count %s unread %s remaining %s", oc_rows_text (meters, 0, "purchase_count"),
        oc_rows_text (meters, 0, "unread"), oc_rows_text (meters, 0, "remaining"));
}

/* An account with two purchases that the meter took: both copies of both records are written. */
static Customer *
used_card (void)
{
    Customer *customer = world_customer_of (world, plastic);
    Station *station = &world->stations[0];

    for (int i = 0; i < 2; i++) {
        g_autoptr(OcOutcome) outcome = NULL;
        g_autoptr(GError) error = NULL;

        station_insert (station, customer);
        outcome = i == 0 ? act_open (station, customer, 100, &error) : act_purchase (station, customer, 40, &error);
        g_assert_no_error (error);
        world_check (world, customer);
    }
    return customer;
}

static void
test_bytes (gconstpointer name)
{
    static const guint8 few[] = { 0x01, 0x80, 0xFF }, bits[] = { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x0F, 0xF0, 0xFF };
    gboolean full = g_getenv ("ONECARD_TEST_FULL") != NULL;
    const guint8 *with = full ? bits : few;
    guint n_with = full ? G_N_ELEMENTS (bits) : G_N_ELEMENTS (few);
    g_autoptr(Customer) customer = NULL;
    g_autofree char *truth = NULL, *ledger = NULL, *again = NULL;
    guint refused = 0, repaired = 0;
    Places places;

    plastic = plastic_find (name);
    customer = used_card ();
    places = places_of (customer);
    truth = read_it (customer);
    ledger = learned ();
    g_assert_cmpstr (truth, !=, "refused");
    for (guint i = 0; i < (32 + places.slot_size) * n_with; i++) {
        guint byte = i / n_with;
        guint at = byte < 32 ? places.header + byte : places.slot + byte - 32;
        g_autofree char *seen = NULL, *now = NULL;

        spoil (customer->card, at, with[i % n_with]);
        seen = read_it (customer);
        now = learned ();
        spoil (customer->card, at, with[i % n_with]);
        g_assert_cmpstr (now, ==, ledger);
        if (strcmp (seen, "refused") == 0)
            refused++;
        else
            g_assert_cmpstr (seen, ==, truth);
        repaired += strcmp (seen, truth) == 0;
    }
    g_test_message ("%u changes: %u refused, %u read from what was not hit", refused + repaired, refused, repaired);
    /* No change of the header or of the sale record in force passes. The return data in force are missed too, unless the meter has
     * answered twice since: then the card is as it was before the second time. */
    g_assert_cmpuint (refused, >=, 64 * n_with);
    g_assert_cmpuint (refused, <=, 80 * n_with);
    again = read_it (customer);
    g_assert_cmpstr (again, ==, truth);
    world_check (world, customer);
}

int
main (int argc, char **argv)
{
    static const struct {
        const char *plastic;
        gboolean in_ci;
    } all[] = { { "24c01", FALSE }, { "24c02", FALSE }, { "24c", TRUE }, { "24c08", FALSE }, { "24c16", FALSE }, { "24c32", FALSE },
        { "24c64", TRUE }, { "4442", TRUE } };
    int status;

    g_test_init (&argc, &argv, NULL);
    world = world_new ();
    for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
        g_autofree char *path = g_strdup_printf ("/corrupt/%s", all[i].plastic);

        if (all[i].in_ci || g_getenv ("ONECARD_TEST_FULL") != NULL)
            g_test_add_data_func (path, all[i].plastic, test_bytes);
    }
    status = g_test_run ();
    world_free (world);
    oc_test_cluster_end ();
    return status;
}

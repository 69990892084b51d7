/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual's own story, for both families of cards, without a window: account, meter, purchase, and what must be
 * refused on the way. */
#include <string.h>

#include "core/error.h"
#include "kill/world.h"
#include "ops/desk-private.h"
#include "ops/reading.h"
#include "seal/bytes.h"

/* cards.md 2: the manual's own card. */
#define PARAMETERS "68 01 0027 02 83 00000000 1503130000 63 00010000 00001000 000001 000001 000000000007 000000000001 03 59 16"
#define WALLET "00002710 00000001"

static OcSimMeterReport
put_in_meter (World *world, const Customer *customer)
{
    g_autoptr(OcSimMeter) meter = NULL;
    g_autoptr(GError) error = NULL;
    OcSimMeterReport report;

    for (int i = 0; i < 2; i++)
        station_remove (&world->stations[i]);
    meter = oc_sim_meter_open (customer->meter, &error);
    g_assert_no_error (error);
    oc_sim_meter_insert (meter, customer->card, NULL, &report, &error);
    g_assert_no_error (error);

    return report;
}

static void
assert_money (const char *value, const char *expected)
{
    OcMoney a, b;

    g_assert_nonnull (value);
    g_assert_true (oc_money_from_decimal (value, &a) && oc_money_from_decimal (expected, &b));
    g_assert_cmpint (a.units, ==, b.units);
}

static void
assert_field (const OcOutcome *outcome, const char *name, const char *expected)
{
    assert_money (oc_fields_get (outcome->fields, name), expected);
}

static void
assert_trade (const OcOutcome *outcome, guint row, const char *kind, const char *due)
{
    g_assert_cmpuint (oc_rows_count (outcome->trades), >, row);
    g_assert_cmpstr (oc_rows_text (outcome->trades, row, "trade_kind"), ==, kind);
    g_assert_cmpstr (oc_rows_text (outcome->trades, row, "state"), ==, "effective");
    assert_money (oc_rows_text (outcome->trades, row, "due"), due);
}

static void
assert_purchase_refused (Station *station, const Customer *customer, int yuan, const char *code)
{
    g_autoptr(GError) error = NULL;
    OcOutcome *outcome = act_purchase (station, customer, yuan, &error);

    g_assert_null (outcome);
    g_assert_cmpstr (oc_error_get_code (error), ==, code);
}

/* The card's files are the manual's vectors but for what differs by intent: the day of the switch and, on an opening, the
 * card type. */
static void
assert_vectors (World *world, Customer *customer)
{
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) parameters = oc_unhex (PARAMETERS);
    g_autoptr(GBytes) wallet = oc_unhex (WALLET);
    g_autofree guint8 *wanted = NULL;
    const guint8 *got;
    gsize size;

    station_insert (&world->stations[0], customer);
    reading = oc_read_card (world->stations[0].desk, &(OcReadAsk){ 0 }, NULL, &error);
    g_assert_no_error (error);
    got = g_bytes_get_data (oc_image_get (reading->image, "DF01/01"), &size);
    g_assert_cmpuint (size, ==, g_bytes_get_size (parameters));
    wanted = g_memdup2 (g_bytes_get_data (parameters, NULL), size);
    memcpy (wanted + 10, got + 10, 5);
    g_assert_cmpint (got[42], ==, 1);
    wanted[42] = 1;
    wanted[43] = got[43];
    g_assert_cmpmem (got, size, wanted, size);
    g_assert_true (g_bytes_equal (oc_image_get (reading->image, "DF01/02"), wallet));
    got = g_bytes_get_data (oc_image_get (reading->image, "DF01/03"), &size);
    g_assert_cmpuint (size, ==, 258);
    g_assert_cmpmem (got, 8, ((guint8[]){ 0x68, 0x01, 0x00, 0xFC, 0x00, 0x00, 0x48, 0x85 }), 8);
    g_assert_cmpmem (got + 256, 2, ((guint8[]){ 0xCA, 0x16 }), 2);
}

static void
test_electricity (void)
{
    World *world = world_new ();
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = NULL;
    g_autoptr(OcOutcome) opened = NULL;
    g_autoptr(OcOutcome) bought = NULL;
    GError *error = NULL;
    OcSimMeterReport report;

    world->n_customers = 6;
    customer = world_customer (world, TRUE);
    station_insert (station, customer);
    opened = act_open (station, customer, 100, &error);
    g_assert_no_error (error);
    assert_field (opened, "due", "210");
    assert_field (opened, "received", "210");
    assert_trade (opened, 0, "open", "10");
    assert_trade (opened, 1, "purchase", "200");
    assert_vectors (world, customer);

    /* Without the insertion in between nothing more is sold. */
    assert_purchase_refused (station, customer, 50, "OC023");

    report = put_in_meter (world, customer);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_true (report.credited);
    g_assert_cmpint (report.purchase, ==, 1000000);
    g_assert_cmpint (report.remaining, ==, 2000000);

    station_insert (station, customer);
    bought = act_purchase (station, customer, 50, &error);
    g_assert_no_error (error);
    assert_trade (bought, 0, "purchase", "50");
    g_assert_cmpstr (oc_fields_get (bought->fields, "purchase_count"), ==, "2");

    report = put_in_meter (world, customer);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_cmpint (report.remaining, ==, 2500000);
    world_check (world, customer);
    world_free (world);
}

/* 4 yuan a cubic metre in steps of 0.1: 101 buys 25.2 m³, and 0.20 is kept for the next time. */
static void
test_water (void)
{
    World *world = world_new ();
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = world_customer (world, FALSE);
    g_autoptr(OcOutcome) opened = NULL;
    g_autoptr(OcOutcome) bought = NULL;
    GError *error = NULL;
    OcSimMeterReport report;

    station_insert (station, customer);
    opened = act_open (station, customer, 101, &error);
    g_assert_no_error (error);
    assert_trade (opened, 0, "open", "10");
    assert_trade (opened, 1, "purchase", "113"); /* presale of 3 m³ */
    assert_field (opened, "due", "123");
    assert_field (opened, "card_amount", "25.2");
    assert_field (opened, "balance", "0.2");

    assert_purchase_refused (station, customer, 50, "OC023");
    report = put_in_meter (world, customer);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_cmpint (report.purchase, ==, 252000);
    g_assert_cmpint (report.remaining, ==, 282000);

    /* 0.20 of before and 100.20 now are 25.1 m³ exactly. */
    station_insert (station, customer);
    bought = act_purchase (station, customer, 100, &error);
    g_assert_no_error (error);
    assert_field (bought, "card_amount", "25");
    assert_field (bought, "balance", "0.2");
    report = put_in_meter (world, customer);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    world_check (world, customer);
    world_free (world);
}

/* The unit's logo comes with what a receipt is drawn from; where there is none the field is empty. */
static void
test_logo (void)
{
    World *world = world_new ();
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = world_customer (world, TRUE);
    g_autoptr(OcOutcome) opened = NULL;
    g_autoptr(OcOutcome) bought = NULL;
    GError *error = NULL;

    station_insert (station, customer);
    opened = act_open (station, customer, 100, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_fields_get (opened->fields, "unit_logo"), ==, "");
    put_in_meter (world, customer);

    oc_test_sql (world->owner, "update onecard.unit set logo = '\\x89504e47'");
    oc_desk_set_site (station->desk, NULL); /* as when a change of the settings was heard of */
    station_insert (station, customer);
    bought = act_purchase (station, customer, 50, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_fields_get (bought->fields, "unit_logo"), ==, "iVBORw==");
    world_free (world);
}

/* card → all that the screen shows; begin; finish. */
static void
test_three_calls (gconstpointer cpu)
{
    World *world = world_new ();
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = world_customer (world, GPOINTER_TO_INT (cpu));
    g_autoptr(OcOutcome) opened = NULL;
    g_autoptr(OcOutcome) bought = NULL;
    g_autoptr(GError) error = NULL;
    guint calls;

    station_insert (station, customer);
    opened = act_open (station, customer, 100, &error);
    g_assert_no_error (error);
    put_in_meter (world, customer);
    station_insert (station, customer);
    calls = oc_db_n_calls (station->desk->dbs[OC_DESK_COUNTER]);
    bought = act_purchase (station, customer, 10, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (oc_db_n_calls (station->desk->dbs[OC_DESK_COUNTER]) - calls, ==, 3);
    world_free (world);
}

/* The same request again is the first one's answer, and nothing is sold twice. */
static void
test_request_repeated (void)
{
    World *world = world_new ();
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = world_customer (world, TRUE);
    g_autoptr(OcOutcome) opened = NULL;
    g_autoptr(OcOutcome) first = NULL;
    g_autoptr(OcOutcome) again = NULL;
    g_autoptr(OcReading) reading = NULL;
    g_autofree char *request = oc_request_id ();
    GError *error = NULL;
    OcPurchaseAsk ask = { .request_id = request, .sub_meter = 11, .amount = { 200000 }, .expected_due = { -1 }, .pay = "cash" };

    station_insert (station, customer);
    opened = act_open (station, customer, 100, &error);
    g_assert_no_error (error);
    put_in_meter (world, customer);
    station_insert (station, customer);
    reading = oc_read_card (station->desk, &(OcReadAsk){ 0 }, NULL, &error);
    g_assert_no_error (error);
    ask.reading = reading;
    first = oc_purchase (station->desk, &ask, NULL, &error);
    g_assert_no_error (error);
    again = oc_purchase (station->desk, &ask, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_fields_get (first->fields, "trades"), ==, oc_fields_get (again->fields, "trades"));

    ask.amount.units = 300000;
    g_assert_null (oc_purchase (station->desk, &ask, NULL, &error));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC005");
    g_clear_error (&error);
    world_check (world, customer);
    world_free (world);
}

/* What the read-card screen shows beside the ledger, and how a difference is marked. */
static void
test_groups (gconstpointer cpu)
{
    World *world = world_new ();
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = world_customer (world, GPOINTER_TO_INT (cpu));
    g_autoptr(OcOutcome) opened = NULL;
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(OcReading) altered = NULL;
    g_autoptr(GError) error = NULL;
    guint compared = 0, differences = 0;

    station_insert (station, customer);
    opened = act_open (station, customer, 100, &error);
    g_assert_no_error (error);
    reading = oc_read_card (station->desk, &(OcReadAsk){ 0 }, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_reading_state (reading), ==, "current");
    for (guint i = 0; i < oc_reading_groups (reading)->len; i++) {
        OcFields *group = oc_reading_groups (reading)->pdata[i];

        for (guint f = 0; f < oc_fields_count (group); f++) {
            compared += oc_fields_ledger_value (group, f) != NULL;
            if (oc_fields_differs (group, f))
                g_test_message ("%s %s: %s, ledger %s", oc_fields_get (group, "area"), oc_fields_name (group, f),
                    oc_fields_value (group, f), oc_fields_ledger_value (group, f));
            g_assert_false (oc_fields_differs (group, f));
        }
    }
    g_assert_cmpuint (compared, >=, 5);

    /* The ledger is altered behind the card's back. */
    oc_test_sql (world->owner, "update onecard.meter set last_purchase = last_purchase + 1");
    altered = oc_read_card (station->desk, &(OcReadAsk){ 0 }, NULL, &error);
    g_assert_no_error (error);
    for (guint i = 0; i < oc_reading_groups (altered)->len; i++) {
        OcFields *group = oc_reading_groups (altered)->pdata[i];

        for (guint f = 0; f < oc_fields_count (group); f++)
            differences += oc_fields_differs (group, f) ? 1 : 0;
    }
    g_assert_cmpuint (differences, ==, 1);
    world_free (world);
}

int
main (int argc, char **argv)
{
    int result;

    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/ops/story/electricity", test_electricity);
    g_test_add_func ("/ops/story/water", test_water);
    g_test_add_func ("/ops/story/logo", test_logo);
    g_test_add_data_func ("/ops/story/three-calls/cpu", GINT_TO_POINTER (TRUE), test_three_calls);
    g_test_add_data_func ("/ops/story/three-calls/24c", GINT_TO_POINTER (FALSE), test_three_calls);
    g_test_add_func ("/ops/story/request-repeated", test_request_repeated);
    g_test_add_data_func ("/ops/story/groups/cpu", GINT_TO_POINTER (TRUE), test_groups);
    g_test_add_data_func ("/ops/story/groups/24c", GINT_TO_POINTER (FALSE), test_groups);
    result = g_test_run ();
    oc_test_cluster_end ();

    return result;
}

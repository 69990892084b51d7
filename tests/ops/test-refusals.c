/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can't be done is refused with its own words, and changes nothing. */
#include <string.h>

#include "card/reader.h"
#include "core/error.h"
#include "kill/world.h"
#include "ops/desk-private.h"

/* Everything of the ledger that a refusal could have changed. */
static char *
ledger_of (World *world)
{
    return oc_test_sql_value (world->owner,
        "select concat_ws('|', (select md5(coalesce(string_agg(t::text, ',' order by number), '')) from onecard.trade t),"
        " (select md5(coalesce(string_agg(c::text, ',' order by number), '')) from onecard.customer c),"
        " (select md5(coalesce(string_agg(k::text, ',' order by id), '')) from onecard.card k),"
        " (select md5(coalesce(string_agg(j::text, ',' order by number), '')) from onecard.card_job j))");
}

static void
assert_same_ledger (World *world, const char *before)
{
    g_autofree char *after = ledger_of (world);

    g_assert_cmpstr (after, ==, before);
    world_check_ledger (world);
}

#define assert_code(error, code) g_assert_cmpstr (oc_error_get_code (error), ==, code)

static void
test_readers_and_cards (void)
{
    World *world = world_new ();
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = world_customer (world, TRUE);
    g_autofree char *before = ledger_of (world);
    GError *error = NULL;

    /* no card */
    g_assert_null (act_purchase (station, customer, 10, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_NO_CARD);
    g_clear_error (&error);
    g_assert_null (act_open (station, customer, 10, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_NO_CARD);
    g_clear_error (&error);

    /* upside down */
    g_assert_true (oc_sim_slot_insert (station->slot, customer->card, TRUE, &error));
    g_assert_null (act_open (station, customer, 10, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_UNRESPONSIVE);
    g_clear_error (&error);
    station_remove (station);

    /* no reader */
    oc_sim_slot_set_plugged (station->slot, FALSE);
    g_assert_null (act_open (station, customer, 10, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_NO_READER);
    g_clear_error (&error);
    station_remove (station);

    /* a blank card sells nothing */
    station_insert (station, customer);
    g_assert_null (act_purchase (station, customer, 10, &error));
    assert_code (error, "OC020");
    g_clear_error (&error);
    assert_same_ledger (world, before);
    world_free (world);
}

/* An account on a card that is then looked at with other eyes. */
static Customer *
open_customer (World *world, gboolean cpu)
{
    Customer *customer = world_customer (world, cpu);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = NULL;

    station_insert (&world->stations[0], customer);
    outcome = act_open (&world->stations[0], customer, 100, &error);
    g_assert_no_error (error);
    station_remove (&world->stations[0]);

    return customer;
}

static void
flip_byte (const Customer *customer, guint offset)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimCard) card = oc_sim_card_open (customer->card, &error);

    g_assert_no_error (error);
    oc_sim_memory_bytes (oc_sim_card_memory (card))[offset] ^= 0x01;
    g_assert_true (oc_sim_card_save (card, &error));
}

static void
assert_purchase_refused (World *world, const Customer *customer, const char *code)
{
    g_autoptr(GError) error = NULL;

    station_insert (&world->stations[0], customer);
    g_assert_null (act_purchase (&world->stations[0], customer, 10, &error));
    assert_code (error, code);
    station_remove (&world->stations[0]);
}

static void
test_foreign_cards (void)
{
    World *world = world_new ();
    g_autoptr(Customer) card = open_customer (world, FALSE);
    g_autoptr(Customer) sealed = open_customer (world, FALSE);
    g_autoptr(Customer) record = open_customer (world, FALSE);
    g_autoptr(Customer) electric = open_customer (world, TRUE);
    g_autofree char *before = NULL;

    /* another area's */
    oc_test_sql (world->owner, "update onecard.parameters set area_number = 7");
    assert_purchase_refused (world, card, "OC021");
    oc_test_sql (world->owner, "update onecard.parameters set area_number = 0");

    /* a header that was altered, a record that was altered */
    before = ledger_of (world);
    flip_byte (sealed, 17);
    assert_purchase_refused (world, sealed, "OC025");
    flip_byte (record, 32 + 96 + 5);
    assert_purchase_refused (world, record, "OC025");

    /* cards that nobody here issued */
    oc_test_sql (world->owner, "update onecard.card set serial = decode('0102030405060708', 'hex') where family = 'cpu'");
    assert_purchase_refused (world, electric, "OC020");
    oc_test_sql (world->owner,
        "update onecard.card set state = 'dead' where customer = (select min(customer) from onecard.card where family = '24c')");
    assert_purchase_refused (world, card, "OC022");
    g_assert_cmpstr (before, !=, "");
    world_free (world);
}

/* A card with other keys is found out before anything that would cost one of its tries. */
static void
test_wrong_keys (void)
{
    World *world = world_new ();
    Station *station = &world->stations[0];
    OcSimKeys right = world->keys;
    g_autoptr(Customer) customer = NULL;
    g_autoptr(OcSimCard) card = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    g_autofree char *state = NULL;
    GError *error = NULL;

    world->keys.internal[3] ^= 0x10;
    world->keys.external[3] ^= 0x10;
    world->keys.mac[3] ^= 0x10;
    customer = world_customer (world, TRUE);
    world->keys = right;
    station_insert (station, customer);
    outcome = act_open (station, customer, 100, &error);
    g_assert_null (outcome);
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_AUTH);
    g_clear_error (&error);
    state = world_meter_state (world, customer);
    g_assert_cmpstr (state, ==, "void");
    station_remove (station);

    card = oc_sim_card_peek (customer->card, &error);
    g_assert_no_error (error);
    for (guint8 kid = 1; kid <= 3; kid++)
        g_assert_cmpint (oc_sim_cpu_tries (oc_sim_card_cpu (card), 0xDF01, kid), ==, OC_SIM_TRIES);
    world_check_ledger (world);
    world_free (world);
}

static void
test_amounts (void)
{
    static const struct {
        const char *text;
        const char *code; /* NULL: accepted */
    } typed[] = {
        { "0", "OC010" }, { "-1", "OC010" }, { "1e9", "OC010" }, { "0.001", "OC014" }, { "１００", NULL }, { "", "OC010" },
        { "1000000000", "OC016" }, { "12,5,0", "OC010" }, { " 25.50 ", NULL }, { "NaN", "OC010" }, { "١٠٠", "OC010" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (typed); i++) {
        g_autoptr(GError) error = NULL;
        OcMoney money;
        gboolean fine = oc_money_parse (typed[i].text, "amount", &money, &error);

        g_test_message ("“%s”", typed[i].text);
        g_assert_cmpint (fine, ==, typed[i].code == NULL);
        g_assert_cmpstr (error ? oc_error_get_code (error) : NULL, ==, typed[i].code);
        if (error)
            g_assert_cmpstr (oc_error_get_field (error), ==, "amount");
    }
}

/* The database says so too, whoever asks. */
static void
test_limits (void)
{
    static const struct {
        gint64 units;
        const char *code;
    } asked[] = {
        { 0, "OC010" }, { -10000, "OC010" }, { 10, "OC014" }, { G_GINT64_CONSTANT (10000000000000), "OC016" },
        { 5010000, "OC011" }, { 4990000, NULL },
    };
    World *world = world_new ();
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = open_customer (world, TRUE);
    g_autoptr(OcSimMeter) meter = NULL;
    OcSimMeterReport report;

    meter = oc_sim_meter_open (customer->meter, NULL);
    g_assert_true (oc_sim_meter_insert (meter, customer->card, NULL, &report, NULL));
    station_insert (station, customer);
    for (gsize i = 0; i < G_N_ELEMENTS (asked); i++) {
        g_autofree char *request = oc_request_id ();
        g_autoptr(GError) error = NULL;
        g_autoptr(OcReading) reading = oc_read_card (station->desk, &(OcReadAsk){ 0 }, NULL, &error);
        g_autoptr(OcOutcome) outcome = NULL;

        g_assert_no_error (error);
        outcome = oc_purchase (station->desk, &(OcPurchaseAsk){ .request_id = request, .reading = reading, .sub_meter = 11,
            .amount = { asked[i].units }, .expected_due = { -1 }, .pay = "cash" }, NULL, &error);
        g_test_message ("%" G_GINT64_FORMAT, asked[i].units);
        g_assert_cmpstr (error ? oc_error_get_code (error) : NULL, ==, asked[i].code);
    }

    /* 200 and 499 are in the meter: with 400 more it would hold over 1000. */
    station_remove (station);
    g_assert_true (oc_sim_meter_insert (meter, customer->card, NULL, &report, NULL));
    g_assert_cmpint (report.remaining, ==, 6990000);
    g_clear_pointer (&meter, oc_sim_meter_free);
    station_insert (station, customer);
    {
        g_autoptr(GError) error = NULL;

        g_assert_null (act_purchase (station, customer, 400, &error));
        assert_code (error, "OC012");
        g_assert_nonnull (strstr (error->message, "699"));
        g_assert_nonnull (strstr (error->message, "1000"));
    }
    world_check (world, customer);
    world_free (world);
}

static GError *
open_named (World *world, const Customer *customer, const char *name, const char *address)
{
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcOutcome) outcome = NULL;
    GError *error = NULL;
    OcOpenMeter meter = { .slot = 1, .model = "RT-dt", .meter = customer->number, .user_type = "居民用电", .price = "居民电价",
        .amount = { 1000000 } };

    outcome = oc_open_account (world->stations[0].desk, &(OcOpenAsk){ .request_id = request, .name = name, .address = address,
        .household = 3, .meters = &meter, .n_meters = 1, .expected_due = { -1 } }, NULL, &error);
    if (outcome)
        g_assert_cmpstr (oc_fields_get (outcome->fields, "name"), ==, name);

    return error;
}

static void
test_names (void)
{
    World *world = world_new ();
    g_autoptr(Customer) customer = world_customer (world, TRUE);
    g_autofree char *longest = g_strnfill (10000, 'x');
    g_autofree char *before = ledger_of (world);
    const struct {
        const char *name, *address, *code, *field;
    } refused[] = {
        { longest, "here", "OC042", "name" }, { "name", longest, "OC042", "address" }, { "", "here", "OC040", "name" },
        { "  ", "here", "OC040", "name" }, { "name", NULL, "OC041", "address" }, { "line\nbreak", "here", "OC042", "name" },
    };

    station_insert (&world->stations[0], customer);
    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autoptr(GError) error = open_named (world, customer, refused[i].name, refused[i].address);

        g_assert_nonnull (error);
        assert_code (error, refused[i].code);
        g_assert_cmpstr (oc_error_get_field (error), ==, refused[i].field);
    }
    assert_same_ledger (world, before);

    /* Quotes, a backslash, an emoji: a name like any other. */
    g_assert_null (open_named (world, customer, "O'Brien \"{},\\ 😀 'x'); --", "1, \"here\""));
    world_check_ledger (world);
    world_free (world);
}

static void
test_passwords (void)
{
    World *world = world_new ();
    OcDesk *desk = oc_desk_new (&(OcDeskOptions){ .data_dir = world->stations[0].dir, .uri = world->db->uri, .role_prefix = "onecard" });
    g_autoptr(GError) error = NULL;

    oc_desk_use_here (desk);
    g_assert_false (oc_sign_in (desk, &(OcSignInAsk){ 1001, "wrong" }, NULL, &error));
    g_assert_cmpint (oc_trouble_of (error), ==, OC_TROUBLE_DATABASE);
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD);
    g_clear_error (&error);
    g_assert_null (oc_desk_get_session (desk));
    g_assert_false (oc_sign_in (desk, &(OcSignInAsk){ 1999, "1001" }, NULL, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD);
    g_clear_error (&error);

    g_assert_true (oc_sign_in (desk, &(OcSignInAsk){ 1002, "1002" }, NULL, &error));
    g_assert_no_error (error);
    g_assert_true (oc_desk_may (desk, "purchase"));
    g_assert_false (oc_desk_may (desk, "settings"));
    g_assert_false (oc_change_password (desk, "abc", NULL, &error));
    assert_code (error, "OC081");
    g_clear_error (&error);
    oc_desk_close (desk, FALSE);
    g_object_unref (desk);
    world_free (world);
}

static void
test_server_away (void)
{
    World *world = world_new ();
    OcDesk *desk = oc_desk_new (&(OcDeskOptions){ .data_dir = world->stations[0].dir, .uri = "host=/nowhere dbname=onecard" });
    g_autoptr(GError) error = NULL;

    oc_desk_use_here (desk);
    g_assert_false (oc_sign_in (desk, &(OcSignInAsk){ 1001, "1001" }, NULL, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_UNREACHABLE);
    g_assert_false (oc_desk_is_online (desk));
    oc_desk_close (desk, FALSE);
    g_object_unref (desk);
    world_free (world);
}

/* A later version's api: another number, or functions that are not there. */
static void
test_database_newer (void)
{
    World *world = world_new ();
    OcDesk *desk = oc_desk_new (&(OcDeskOptions){ .data_dir = world->stations[0].dir, .uri = world->db->uri, .role_prefix = "onecard" });
    g_autoptr(GError) error = NULL;

    oc_desk_use_here (desk);
    oc_test_sql (world->owner, "create or replace function rules.api_version() returns bigint language sql immutable as 'select 2::bigint'");
    g_assert_false (oc_sign_in (desk, &(OcSignInAsk){ 1001, "1001" }, NULL, &error));
    assert_code (error, "OC004");
    g_clear_error (&error);
    oc_test_sql (world->owner, "alter function api.hello rename to hello_again");
    g_assert_false (oc_sign_in (desk, &(OcSignInAsk){ 1001, "1001" }, NULL, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_NEWER);
    oc_desk_close (desk, FALSE);
    g_object_unref (desk);
    world_free (world);
}

/* The card was taken out after it was read: nothing is begun. */
static void
test_card_changed (void)
{
    World *world = world_new ();
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = open_customer (world, TRUE);
    g_autoptr(OcReading) reading = NULL;
    g_autofree char *request = oc_request_id ();
    g_autofree char *before = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (station, customer);
    reading = oc_read_card (station->desk, &(OcReadAsk){ 0 }, NULL, &error);
    g_assert_no_error (error);
    before = ledger_of (world);
    station_insert (station, customer);
    g_assert_null (oc_purchase (station->desk, &(OcPurchaseAsk){ .request_id = request, .reading = reading, .sub_meter = 11,
        .amount = { 100000 }, .expected_due = { -1 } }, NULL, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_CHANGED);
    assert_same_ledger (world, before);
    world_free (world);
}

int
main (int argc, char **argv)
{
    int result;

    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/ops/refusals/readers-and-cards", test_readers_and_cards);
    g_test_add_func ("/ops/refusals/foreign-cards", test_foreign_cards);
    g_test_add_func ("/ops/refusals/wrong-keys", test_wrong_keys);
    g_test_add_func ("/ops/refusals/amounts", test_amounts);
    g_test_add_func ("/ops/refusals/limits", test_limits);
    g_test_add_func ("/ops/refusals/names", test_names);
    g_test_add_func ("/ops/refusals/passwords", test_passwords);
    g_test_add_func ("/ops/refusals/server-away", test_server_away);
    g_test_add_func ("/ops/refusals/database-newer", test_database_newer);
    g_test_add_func ("/ops/refusals/card-changed", test_card_changed);
    result = g_test_run ();
    oc_test_cluster_end ();

    return result;
}

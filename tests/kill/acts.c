/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kill/acts.h"

#include <string.h>

#include "ops/desk-private.h"

/* Acts ---------------------------------------------------------------------------------------------------------- */

OcOutcome *
act_repurchase (Station *station, const Customer *customer, int yuan, GError **error)
{
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcReading) reading = oc_read_card (station->desk, &(OcReadAsk){ .settle = TRUE }, NULL, error);

    if (reading == NULL)
        return NULL;

    return oc_repurchase (station->desk, &(OcRepurchaseAsk){
        .request_id = request, .reading = reading, .sub_meter = customer->sub_meter, .amount = { yuan * 10000 }, .pay = "cash" },
        NULL, error);
}

OcOutcome *
act_replace_card (Station *station, const Customer *customer, GError **error)
{
    g_autofree char *request = oc_request_id ();

    return oc_replace_card (station->desk, &(OcReplaceAsk){
        .request_id = request, .customer = customer->in_ledger, .expected_due = { 100000 }, .pay = "cash" },
        NULL, error);
}

OcOutcome *
act_clear_card (Station *station, const Customer *customer, GError **error)
{
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcReading) reading = oc_read_card (station->desk, &(OcReadAsk){ .whole = TRUE, .settle = TRUE }, NULL, error);

    if (reading == NULL)
        return NULL;

    return oc_clear_card (station->desk, &(OcCloseAsk){ .request_id = request, .reading = reading }, NULL, error);
}

OcOutcome *
act_close (Station *station, const Customer *customer, GError **error)
{
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcReading) reading = oc_read_card (station->desk, &(OcReadAsk){ .whole = TRUE, .settle = TRUE }, NULL, error);

    if (reading == NULL)
        return NULL;

    return oc_close_account (station->desk, &(OcCloseAsk){
        .request_id = request, .reading = reading, .expected = { -1 }, .pay = "cash" }, NULL, error);
}

OcOutcome *
act_add_meter (Station *station, const Customer *customer, GError **error)
{
    const Plastic *plastic = customer->plastic;
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcReading) reading = oc_read_card (station->desk, &(OcReadAsk){ .settle = TRUE }, NULL, error);
    char number[13];
    OcOpenMeter meter = {
        .slot = plastic->second % 10, .model = plastic->model, .meter = number, .user_type = plastic->user_type, .price = plastic->price,
        .amount = { 400000 },
    };

    if (reading == NULL)
        return NULL;
    customer_next_number (customer, number);

    return oc_add_meter (station->desk, &(OcAddMeterAsk){
        .request_id = request, .reading = reading, .meters = &meter, .n_meters = 1, .expected_due = { -1 }, .pay = "cash" }, NULL, error);
}

OcOutcome *
act_replace_meter (Station *station, const Customer *customer, GError **error)
{
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcReading) reading = oc_read_card (station->desk, &(OcReadAsk){ .settle = TRUE }, NULL, error);
    char number[13];

    if (reading == NULL)
        return NULL;
    customer_next_number (customer, number);

    return oc_replace_meter (station->desk, &(OcReplaceMeterAsk){
        .request_id = request, .reading = reading, .sub_meter = customer->sub_meter, .meter = number, .by_return = TRUE,
        .expected_due = { -1 }, .pay = "cash" }, NULL, error);
}

static OcOutcome *
run_open (Station *station, const Customer *customer, GError **error)
{
    return act_open (station, customer, 100, error);
}

static OcOutcome *
run_purchase (Station *station, const Customer *customer, GError **error)
{
    return act_purchase (station, customer, 100, error);
}

static OcOutcome *
run_repurchase (Station *station, const Customer *customer, GError **error)
{
    return act_repurchase (station, customer, 40, error);
}

/* Customers ----------------------------------------------------------------------------------------------------- */

static Customer *
prepare_opened (World *world, const Plastic *plastic)
{
    Customer *customer = world_customer_of (world, plastic);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (&world->stations[0], customer);
    outcome = act_open (&world->stations[0], customer, 100, &error);
    g_assert_no_error (error);
    customer->in_ledger = oc_rows_int (outcome->trades, 0, "customer");
    world_check (world, customer);

    return customer;
}

/* A purchase of 100 that was not put in the meter. */
static Customer *
prepare_unread (World *world, const Plastic *plastic)
{
    Customer *customer = prepare_opened (world, plastic);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (&world->stations[0], customer);
    outcome = act_purchase (&world->stations[0], customer, 100, &error);
    g_assert_no_error (error);
    station_remove (&world->stations[0]);

    return customer;
}

void
customer_lose_card (World *world, Customer *customer)
{
    g_autoptr(GError) error = NULL;

    g_free (customer->old_card);
    customer->old_card = customer->card;
    customer->card = g_strdup_printf ("%s/card-%s-%u", world->cards, customer->number, ++world->n_copies);
    oc_sim_card_make (customer->card, customer->plastic->family, &world->keys, NULL, &error);
    g_assert_no_error (error);
}

static Customer *
prepare_lost (World *world, const Plastic *plastic)
{
    Customer *customer = prepare_unread (world, plastic);

    customer_lose_card (world, customer);

    return customer;
}

/* The card is lost after a purchase on it was cut somewhere while it was written. */
static Customer *
prepare_lost_in_doubt (World *world, const Plastic *plastic)
{
    Customer *customer = prepare_opened (world, plastic);
    Station *station = &world->stations[0];
    g_autofree char *job = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *request = oc_request_id ();

    station_insert (station, customer);
    reading = oc_read_card (station->desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (oc_sim_slot_set_faults (station->slot, customer->cpu ? "lost@8" : "lost@2", NULL));
    outcome = oc_purchase (station->desk, &(OcPurchaseAsk){
        .request_id = request, .reading = reading, .sub_meter = customer->sub_meter, .amount = { 1000000 }, .expected_due = { -1 } },
        NULL, &error);
    g_assert_null (outcome);
    station_remove (station);
    job = world_pending_job (world, customer);
    g_assert_nonnull (job);
    customer_lose_card (world, customer);

    return customer;
}

static Customer *
prepare_with_balance (World *world, const Plastic *plastic)
{
    Customer *customer = prepare_opened (world, plastic);
    Station *station = &world->stations[0];
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    outcome = oc_balance (station->desk, &(OcBalanceAsk){
        .request_id = request, .customer = customer->in_ledger, .amount = { 200000 } }, NULL, &error);
    g_assert_no_error (error);

    return customer;
}

static Customer *
prepare_next_meter (World *world, const Plastic *plastic)
{
    Customer *customer = prepare_opened (world, plastic);

    customer_get_next_meter (world, customer);

    return customer;
}

/* A meter breaks that has not had the last purchase. */
static Customer *
prepare_broken (World *world, const Plastic *plastic)
{
    Customer *customer = prepare_unread (world, plastic);

    customer_get_next_meter (world, customer);

    return customer;
}

/* What must be so ------------------------------------------------------------------------------------------------ */

static void
check_sale (World *world, Customer *customer, gboolean done)
{
    world_check (world, customer);
}

/* Once the meter has had the card there is nothing left to be sold anew: it goes there only if it was. */
static void
check_repurchase (World *world, Customer *customer, gboolean done)
{
    if (done)
        world_check (world, customer);
    else
        world_check_ledger (world);
}

static void
swap_cards (Customer *customer)
{
    char *card = customer->card;

    customer->card = customer->old_card;
    customer->old_card = card;
}

/* The old card is nobody's once there is a new one, at the counter and at the meter; until then it is what the customer has. */
static void
check_replaced (World *world, Customer *customer, gboolean done)
{
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(GError) error = NULL;
    OcSimMeterReport report;

    if (!done) {
        world_check_ledger (world);
        return;
    }
    world_check (world, customer);
    swap_cards (customer);
    station_insert (&world->stations[0], customer);
    reading = oc_read_card (world->stations[0].desk, &(OcReadAsk){ 0 }, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_reading_state (reading), ==, "dead");
    report = world_put_in_meter (world, customer, customer->card);
    g_assert_false (report.credited);
    g_assert_cmpint (report.error, !=, OC_METER_OK);
    swap_cards (customer);
}

/* Blank for whoever wants it, or still the customer's. */
static void
check_cleared (World *world, Customer *customer, gboolean done)
{
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(GError) error = NULL;

    if (!done) {
        world_check (world, customer);
        return;
    }
    station_insert (&world->stations[0], customer);
    reading = oc_read_card (world->stations[0].desk, &(OcReadAsk){ .whole = TRUE }, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_reading_state (reading), ==, "blank");
    station_remove (&world->stations[0]);
    world_check_ledger (world);
}

static void
check_added (World *world, Customer *customer, gboolean done)
{
    Customer second = *customer;

    world_check (world, customer);
    if (!done)
        return;
    second.meter = customer->next_meter;
    customer_next_number (customer, second.number);
    world_check_meter (world, &second);
    world_check_ledger (world);
}

/* The old meter takes nothing of the card any more; the new one has what was in it and what was on the card. */
static void
check_meter_replaced (World *world, Customer *customer, gboolean done)
{
    OcSimMeterReport report;

    if (!done) {
        world_check (world, customer);
        return;
    }
    report = world_put_in_meter (world, customer, customer->card);
    g_assert_false (report.credited);
    g_assert_cmpint (report.error, !=, OC_METER_OK);
    g_free (customer->meter);
    customer->meter = g_steal_pointer (&customer->next_meter);
    customer_next_number (customer, customer->number);
    world_check (world, customer);
}

const CardAct card_acts[] = {
    { "open", "open account", "open", "sold", TRUE, FALSE, world_customer_of, run_open, check_sale },
    { "purchase", "purchase", "purchase", "sold", TRUE, FALSE, prepare_opened, run_purchase, check_sale },
    { "re-purchase", "re-purchase", "re-purchase", "done", TRUE, FALSE, prepare_unread, run_repurchase, check_repurchase },
    { "replace-card", "replace card", "replace-card", "done", TRUE, FALSE, prepare_lost, act_replace_card, check_replaced },
    { "replace-cut", "replace card, lost in an unfinished write", "replace-card", "done", FALSE, FALSE, prepare_lost_in_doubt, act_replace_card, check_replaced },
    { "clear-card", "clear card", "clear-card", "done", TRUE, FALSE, prepare_opened, act_clear_card, check_cleared },
    { "close", "close account", "close", "done", TRUE, FALSE, prepare_with_balance, act_close, check_cleared },
    { "add-meter", "add sub-meter", "add-meter", "done", TRUE, TRUE, prepare_next_meter, act_add_meter, check_added },
    { "replace-meter", "replace meter", "replace-meter", "done", TRUE, FALSE, prepare_broken, act_replace_meter, check_meter_replaced },
};
const guint n_card_acts = G_N_ELEMENTS (card_acts);

const CardAct *
card_act_find (const char *name)
{
    for (guint i = 0; i < n_card_acts; i++)
        if (strcmp (card_acts[i].name, name) == 0)
            return &card_acts[i];
    g_error ("there is no card act %s", name);
}

int
card_act_count (World *world, const CardAct *act, const Customer *customer)
{
    g_autofree char *sql = g_strdup_printf (
        "select count(distinct j.id) from onecard.card_job j join onecard.trade t on t.job = j.id where j.kind = '%s' and t.state = 'effective'"
        " and t.customer in (select m.customer from onecard.meter m where m.number = '%s')", act->kind, customer->number);
    g_autofree char *n = oc_test_sql_value (world->owner, sql);

    return atoi (n);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An electricity meter and its CPU card: every row of the table of cards.md 6 and every error. */
#include <string.h>

#include "sim/kit.h"

#define METER "000000000007"
#define CUSTOMER "000000000001"
#define YUAN 10000

/* The manual's opening: 100 yuan, count 1. */
static const KitSale opening = { .type = 1, .count = 1, .amount = 10000, .meter = METER, .customer = CUSTOMER, .flags = 0x83 };

static OcSimMeter *
new_meter (Kit *kit, gint64 presale, gint64 hoarding)
{
    return kit_meter (kit, "meter", (OcSimMeterMake){ .layout = "cpu-electricity-63", .number = METER, .presale = presale, .hoarding = hoarding });
}

static OcSimMeterReport
put_and_insert (OcSimMeter *meter, const char *card, const KitSale *sale)
{
    kit_put_cpu (card, 0xdf01, sale);
    return kit_insert (meter, card, NULL);
}

static void
assert_back (const char *card, guint64 count, gint64 fen)
{
    guint64 seen_count;
    gint64 seen;

    g_assert_true (kit_cpu_back (card, 0xdf01, &seen_count, &seen));
    g_assert_cmpuint (seen_count, ==, count);
    g_assert_cmpint (seen, ==, fen);
}

static void
assert_no_back (const char *card)
{
    guint64 count;
    gint64 remaining;

    g_assert_false (kit_cpu_back (card, 0xdf01, &count, &remaining));
}

/* A meter opened with 100 yuan presale and the manual's card; the card is its path. */
static OcSimMeter *
opened_meter (Kit *kit, char **card)
{
    OcSimMeter *meter = new_meter (kit, 100 * YUAN, 1000 * YUAN);
    OcSimMeterReport report;

    *card = kit_cpu_card (kit, "card", 0x88);
    report = put_and_insert (meter, *card, &opening);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    return meter;
}

static void
test_opening (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    g_autoptr(OcFields) fields = oc_sim_meter_describe (meter);

    g_assert_true (oc_sim_meter_is_opened (meter));
    g_assert_cmpint (oc_sim_meter_remaining (meter), ==, 200 * YUAN);
    g_assert_cmpint (oc_sim_meter_credited (meter), ==, 100 * YUAN);
    g_assert_cmpstr (oc_fields_get (fields, "customer"), ==, CUSTOMER);
    g_assert_cmpstr (oc_fields_get (fields, "rate_1"), ==, "0.4885");
    g_assert_cmpstr (oc_fields_get (fields, "alarm_1"), ==, "100");
    g_assert_cmpstr (oc_fields_get (fields, "alarm_2"), ==, "10");
    assert_back (card, 1, 20000);
}

static void
test_same_count (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    OcSimMeterReport report;
    OcQuantity flowed;
    KitSale again = opening;

    g_assert_true (oc_sim_meter_use (meter, (OcQuantity){ 10 * 10000 }, FALSE, &flowed, NULL)); /* 4.885 yuan */
    g_assert_cmpint (oc_sim_meter_remaining (meter), ==, 1951150);
    report = kit_insert (meter, card, NULL);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_false (report.credited || report.parameters);
    assert_back (card, 1, 19511);
    again.rate = "00006000"; /* empty return data: the parameters count */
    report = put_and_insert (meter, card, &again);
    g_assert_false (report.credited);
    g_assert_true (report.parameters);
    assert_back (card, 1, 19511);
}

static void
test_next_count (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale next = opening;
    OcSimMeterReport report;

    next.type = 2;
    next.count = 2;
    next.amount = 5050;
    next.back = KIT_TORN_CLEAR; /* counts as empty */
    report = put_and_insert (meter, card, &next);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_true (report.credited);
    g_assert_cmpint (report.purchase, ==, 505000);
    g_assert_cmpuint (report.count, ==, 2);
    assert_back (card, 2, 25050);
}

static void
test_only_what_is_flagged (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    g_autoptr(OcFields) fields = NULL;
    KitSale next = opening;

    next.type = 2;
    next.count = 2;
    next.rate = "00009999";
    next.flags = 0x02;
    put_and_insert (meter, card, &next);
    fields = oc_sim_meter_describe (meter);
    g_assert_cmpstr (oc_fields_get (fields, "rate_1"), ==, "0.4885");
    g_assert_cmpstr (oc_fields_get (fields, "rate_2"), ==, "0.9999");
}

static void
test_not_empty (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale next = opening;
    OcSimMeterReport report;

    next.type = 2;
    next.count = 2;
    next.back = KIT_RETURNED;
    next.back_count = 1;
    report = put_and_insert (meter, card, &next);
    g_assert_cmpint (report.error, ==, OC_METER_NOT_EMPTY);
    g_assert_false (report.credited);
    g_assert_true (report.returned);
    assert_back (card, 1, 20000);
}

static void
test_count_missing (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale next = opening;
    OcSimMeterReport report;

    next.type = 2;
    next.count = 3;
    report = put_and_insert (meter, card, &next);
    g_assert_cmpint (report.error, ==, OC_METER_COUNT);
    g_assert_false (report.credited);
    assert_back (card, 1, 20000);
}

static void
test_older_count (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale next = opening;
    OcSimMeterReport report;

    next.type = 2;
    next.count = 2;
    put_and_insert (meter, card, &next);
    next.count = 1;
    next.rate = "00001111";
    report = put_and_insert (meter, card, &next);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_false (report.credited || report.parameters);
    assert_back (card, 2, 30000);
}

static void
test_hoarding (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale next = opening;
    OcSimMeterReport report;

    next.type = 2;
    next.count = 2;
    next.amount = 80001; /* 200 + 800.01 > 1000 */
    report = put_and_insert (meter, card, &next);
    g_assert_cmpint (report.error, ==, OC_METER_HOARDING);
    g_assert_false (report.credited || report.returned);
    assert_no_back (card);
    next.amount = 80000;
    report = put_and_insert (meter, card, &next);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    assert_back (card, 2, 100000);
}

/* Errors of cards that may not speak to this meter: nothing is written, nothing credited. */
static void
test_wrong_cards (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL, *blank = NULL, *memory = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale sale = opening;
    struct {
        OcMeterError error;
        guint type;
        const char *meter, *customer;
    } rows[] = {
        { OC_METER_CARD_TYPE, 4, METER, CUSTOMER },
        { OC_METER_CARD_TYPE, 0, METER, CUSTOMER },
        { OC_METER_NUMBER, 2, "000000000008", CUSTOMER },
        { OC_METER_CUSTOMER, 2, METER, "000000000002" },
        { OC_METER_CUSTOMER, 1, METER, "000000000002" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        OcSimMeterReport report;

        sale.count = 2;
        sale.type = rows[i].type;
        sale.meter = rows[i].meter;
        sale.customer = rows[i].customer;
        report = put_and_insert (meter, card, &sale);
        g_assert_cmpint (report.error, ==, rows[i].error);
        g_assert_false (report.credited || report.returned);
        g_assert_cmpint (report.remaining, ==, 200 * YUAN);
        assert_no_back (card);
    }
    blank = kit_cpu_card (kit, "blank", 0x99);
    g_assert_cmpint (kit_insert (meter, blank, NULL).error, ==, OC_METER_FORMAT);
    memory = kit_memory_card (kit, "memory", "24c04");
    g_assert_cmpint (kit_insert (meter, memory, NULL).error, ==, OC_METER_CARD_TYPE);
}

static void
test_bad_rates (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    g_autoptr(OcSimCard) open = NULL;
    KitSale next = opening;
    OcSimMeterReport report;

    next.type = 2;
    next.count = 2;
    kit_put_cpu (card, 0xdf01, &next);
    open = oc_sim_card_open (card, NULL);
    oc_sim_cpu_file (oc_sim_card_cpu (open), 0xdf01, 3, NULL)[7] ^= 1;
    g_assert_true (oc_sim_card_save (open, NULL));
    g_clear_pointer (&open, oc_sim_card_free);
    report = kit_insert (meter, card, NULL);
    g_assert_cmpint (report.error, ==, OC_METER_FORMAT);
    g_assert_cmpuint (report.count, ==, 1);
}

static void
test_not_opened (Kit *kit, gconstpointer data)
{
    g_autofree char *card = kit_cpu_card (kit, "card", 0x88);
    g_autoptr(OcSimMeter) meter = new_meter (kit, 0, 0);
    KitSale sale = opening;

    sale.type = 2;
    g_assert_cmpint (put_and_insert (meter, card, &sale).error, ==, OC_METER_NOT_OPENED);
    sale.type = 3;
    g_assert_cmpint (put_and_insert (meter, card, &sale).error, ==, OC_METER_NOT_OPENED);
    sale.type = 1;
    sale.count = 2;
    g_assert_cmpint (put_and_insert (meter, card, &sale).error, ==, OC_METER_COUNT);
    g_assert_false (oc_sim_meter_is_opened (meter));
    sale.count = 1;
    g_assert_cmpint (put_and_insert (meter, card, &sale).error, ==, OC_METER_OK);
}

static void
test_opening_again (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale sale = opening;

    sale.count = 2; /* 01 is taken while E ≤ 1 */
    g_assert_cmpint (put_and_insert (meter, card, &sale).error, ==, OC_METER_OK);
    sale.count = 3;
    g_assert_cmpint (put_and_insert (meter, card, &sale).error, ==, OC_METER_OPENED);
    g_assert_cmpuint (oc_sim_meter_count (meter), ==, 2);
}

/* The replacement binds its serial; the card before it is dead, also as a replacement. */
static void
test_replaced_card (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL, *second = kit_cpu_card (kit, "second", 0x99);
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale sale = opening;

    sale.type = 2;
    sale.count = 2;
    g_assert_cmpint (put_and_insert (meter, second, &sale).error, ==, OC_METER_RETIRED); /* a purchase binds nothing */
    sale.type = 3;
    g_assert_cmpint (put_and_insert (meter, second, &sale).error, ==, OC_METER_OK);
    sale.count = 3;
    for (sale.type = 2; sale.type <= 3; sale.type++)
        g_assert_cmpint (put_and_insert (meter, card, &sale).error, ==, OC_METER_RETIRED);
    sale.type = 2;
    g_assert_cmpint (put_and_insert (meter, second, &sale).error, ==, OC_METER_OK);
}

static void
test_wrong_keys (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL, *foreign = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    g_autoptr(OcSimCard) seen = NULL;
    KitSale sale = opening;

    kit->keys.internal[0] ^= 2; /* bit 0 is DES' parity */
    foreign = kit_cpu_card (kit, "foreign", 0x99);
    sale.type = 3;
    sale.count = 2;
    g_assert_cmpint (put_and_insert (meter, foreign, &sale).error, ==, OC_METER_MAC);
    seen = oc_sim_card_peek (foreign, NULL);
    g_assert_cmpint (oc_sim_cpu_tries (oc_sim_card_cpu (seen), 0xdf01, 2), ==, OC_SIM_TRIES); /* cost no try */
}

/* Pulled at every command: what was credited is credited once, and the next insertion puts everything right. */
static void
test_pulled_everywhere (Kit *kit, gconstpointer data)
{
    static const char *const faults[] = { "pull", "lost", "torn", "sw" };
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale sale = opening;
    guint credited_late = 0;
    guint64 n = 2;

    sale.type = 2;
    sale.amount = 100;
    for (guint f = 0; f < G_N_ELEMENTS (faults); f++) {
        OcSimMeterReport report = { 0 };

        for (guint at = 1; report.error != OC_METER_OK || at == 1; at++, n++) {
            g_autofree char *fault = g_strdup_printf ("%s@%u%s", faults[f], at, f == 3 ? "=6581" : "");
            gint64 before = oc_sim_meter_remaining (meter);

            sale.count = n;
            kit_put_cpu (card, 0xdf01, &sale);
            report = kit_insert (meter, card, fault);
            g_assert_cmpint (report.error == OC_METER_OK || report.error == OC_METER_CARD_FAULT, ==, TRUE);
            credited_late += report.error != OC_METER_OK && report.credited;
            g_assert_cmpint (kit_insert (meter, card, NULL).error, ==, OC_METER_OK);
            g_assert_cmpuint (oc_sim_meter_count (meter), ==, n);
            g_assert_cmpint (oc_sim_meter_remaining (meter), ==, before + 10000);
            assert_back (card, n, oc_sim_meter_remaining (meter) / 100);
            g_assert_cmpuint (at, <, 100);
        }
    }
    g_assert_cmpuint (credited_late, >, 0); /* pulled between credit and return data */
}

static void
test_use (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    g_autoptr(OcFields) fields = NULL, low = NULL;
    OcQuantity flowed;

    g_assert_true (oc_sim_meter_use (meter, (OcQuantity){ 205 * 10000 }, FALSE, &flowed, NULL)); /* 100.1425 */
    low = oc_sim_meter_describe (meter);
    g_assert_cmpstr (oc_fields_get (low, "alarm"), ==, "1");
    g_assert_cmpstr (oc_fields_get (low, "valve"), ==, "open");
    g_assert_true (oc_sim_meter_use (meter, (OcQuantity){ 1000 * 10000 }, FALSE, &flowed, NULL));
    g_assert_cmpint (oc_sim_meter_remaining (meter), <=, 10 * YUAN); /* closed at alarm 2 */
    g_assert_cmpint (oc_sim_meter_remaining (meter), >, 9 * YUAN);
    fields = oc_sim_meter_describe (meter);
    g_assert_cmpstr (oc_fields_get (fields, "valve"), ==, "closed");
    g_assert_true (oc_sim_meter_use (meter, (OcQuantity){ 10000 }, FALSE, &flowed, NULL));
    g_assert_cmpint (flowed.units, ==, 0);
    kit_insert (meter, card, NULL); /* opens it again */
    g_assert_true (oc_sim_meter_use (meter, (OcQuantity){ 1000 * 10000 }, FALSE, &flowed, NULL));
    g_assert_cmpint (flowed.units, >, 0);
    g_assert_cmpint (oc_sim_meter_remaining (meter), <=, 0);
    g_assert_cmpint (oc_sim_meter_remaining (meter), >, -YUAN);
    g_assert_true (oc_sim_meter_use (meter, (OcQuantity){ 100 * 10000 }, TRUE, &flowed, NULL));
    g_assert_cmpint (flowed.units, ==, 100 * 10000);
    g_assert_cmpint (oc_sim_meter_remaining (meter), <, -48 * YUAN);
    kit_insert (meter, card, NULL);
    assert_back (card, 1, 0);
}

static void
test_broken_and_kept (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL, *path = kit_path (kit, "meter");
    OcSimMeter *meter = opened_meter (kit, &card);
    g_autoptr(GError) error = NULL;
    OcQuantity flowed;
    KitSale next = opening;

    g_assert_null (oc_sim_meter_open (path, &error)); /* one holder */
    g_assert_error (error, OC_SIM_ERROR, OC_SIM_ERROR_LOCKED);
    g_assert_true (oc_sim_meter_set_broken (meter, TRUE, NULL));
    oc_sim_meter_free (meter);
    meter = oc_sim_meter_open (path, NULL);
    next.type = 2;
    next.count = 2;
    g_assert_cmpint (put_and_insert (meter, card, &next).error, !=, OC_METER_OK);
    assert_no_back (card);
    g_assert_true (oc_sim_meter_use (meter, (OcQuantity){ 10000 }, FALSE, &flowed, NULL));
    g_assert_cmpint (flowed.units, ==, 0);
    g_assert_true (oc_sim_meter_set_broken (meter, FALSE, NULL));
    g_assert_cmpint (kit_insert (meter, card, NULL).error, ==, OC_METER_OK);
    g_assert_cmpint (oc_sim_meter_remaining (meter), ==, 300 * YUAN);
    oc_sim_meter_free (meter);
}

/* A second electricity meter of the card lies in DF12. */
static void
test_further_directory (Kit *kit, gconstpointer data)
{
    g_autofree char *card = kit_cpu_card (kit, "card", 0x88);
    g_autoptr(OcSimMeter) meter = new_meter (kit, 0, 0);
    KitSale other = opening;
    guint64 count;
    gint64 remaining;

    other.meter = "000000000008";
    kit_put_cpu (card, 0xdf01, &other);
    kit_put_cpu (card, 0xdf12, &opening);
    g_assert_cmpint (kit_insert (meter, card, NULL).error, ==, OC_METER_OK);
    g_assert_true (kit_cpu_back (card, 0xdf12, &count, &remaining));
    g_assert_cmpint (remaining, ==, 10000);
    assert_no_back (card);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sim/meter-cpu/" name, Kit, NULL, kit_set_up, func, kit_tear_down)
    ADD ("opening", test_opening);
    ADD ("same-count", test_same_count);
    ADD ("next-count", test_next_count);
    ADD ("only-what-is-flagged", test_only_what_is_flagged);
    ADD ("not-empty", test_not_empty);
    ADD ("count-missing", test_count_missing);
    ADD ("older-count", test_older_count);
    ADD ("hoarding", test_hoarding);
    ADD ("wrong-cards", test_wrong_cards);
    ADD ("bad-rates", test_bad_rates);
    ADD ("not-opened", test_not_opened);
    ADD ("opening-again", test_opening_again);
    ADD ("replaced-card", test_replaced_card);
    ADD ("wrong-keys", test_wrong_keys);
    ADD ("pulled-everywhere", test_pulled_everywhere);
    ADD ("use", test_use);
    ADD ("broken-and-kept", test_broken_and_kept);
    ADD ("further-directory", test_further_directory);
    return g_test_run ();
}

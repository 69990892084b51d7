/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The meter rules of cards.md 6 and every error number, for each layout of a CPU card. What is on the card is put there by the
 * engine, area by area; the database's side of it is tried in tests/api and tests/kill. */
#include <string.h>

#include "card/engine.h"
#include "sim/kit.h"

#define METER "000000000007"
#define CUSTOMER "000000000001"
#define UNIT 10000

typedef struct {
    guint type;
    guint64 count;
    guint amount; /* whole units */
    const char *meter, *customer, *price;
    enum { EMPTY, RETURNED, TORN_CLEAR } back;
    guint64 back_count;
} Sale;

static const Sale opening = { 1, 1, 100, METER, CUSTOMER, "0.5", EMPTY, 0 };

static const OcLayout *
layout_of (gconstpointer data)
{
    return data;
}

static guint16
directory_of (const OcLayout *layout, guint slot)
{
    static const char *const types[] = { NULL, "electricity", "cold-water", "gas", "hot-water", "heat" };
    guint type = 1;

    while (!oc_layout_serves (layout, types[type]))
        type++;
    return (guint16) (slot == 1 ? 0xdf00 + type : 0xdf00 + 16 * type + slot);
}

static void
set_number (OcFields *values, const char *name, guint64 number)
{
    g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, number);

    oc_fields_set (values, name, text);
}

/* As a hex byte or as a number, whichever the field is. */
static void
set_code (OcFields *values, const OcLayoutArea *area, const char *name, guint code)
{
    const OcLayoutField *field = oc_layout_field (area, name);
    g_autofree char *text = field != NULL && field->encoding == OC_ENC_HEX ? g_strdup_printf ("%02X", code) : g_strdup_printf ("%u", code);

    oc_fields_set (values, name, text);
}

static guint
all_flags (const OcLayout *layout)
{
    guint flags = 0;

    for (guint i = 0; i < layout->bits->len; i++)
        flags |= 1u << ((const OcLayoutBit *) g_ptr_array_index (layout->bits, i))->bit;
    return flags;
}

static OcFields *
values_for (const OcLayout *layout, const OcLayoutArea *area, const Sale *sale)
{
    static const char *const prices[] = { "rate", "rate1", "price", "price1", "next_price1" };
    OcFields *values = oc_fields_new (NULL);

    oc_fields_set (values, "meter", sale->meter);
    oc_fields_set (values, "customer", sale->customer);
    set_number (values, "purchase", sale->amount);
    set_number (values, "count", area->by_meter ? sale->back_count : sale->count);
    set_number (values, "alarm_1", 100);
    set_number (values, "alarm_2", 10);
    set_number (values, "hoarding", 1000);
    set_number (values, "ct", 1);
    set_number (values, "vt", 1);
    set_code (values, area, "card_type", sale->type);
    set_code (values, area, "update_flags", all_flags (layout));
    for (guint i = 0; i < G_N_ELEMENTS (prices); i++)
        if (!(g_str_has_prefix (prices[i], "price") && oc_layout_field (area, "rate") != NULL))
            oc_fields_set (values, prices[i], sale->price);
    return values;
}

static void
put_area (OcSimCpu *cpu, const OcLayout *layout, guint16 directory, const OcLayoutArea *area, const Sale *sale)
{
    g_autoptr(OcFields) values = values_for (layout, area, sale);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = oc_engine_encode (area, values, 0, &error);
    gsize size;
    guint8 *file = oc_sim_cpu_file (cpu, directory, (guint8) area->sfi, &size);

    g_assert_no_error (error);
    memset (file, 0, size);
    if (!area->by_meter || sale->back != EMPTY)
        memcpy (file, g_bytes_get_data (bytes, NULL), area->size);
    if (area->by_meter && sale->back == TORN_CLEAR)
        memset (file, 0, area->size / 2);
}

static void
put (const char *path, const OcLayout *layout, guint slot, const Sale *sale)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimCard) card = oc_sim_card_open (path, &error);

    g_assert_no_error (error);
    for (guint i = 0; i < layout->areas->len; i++)
        put_area (oc_sim_card_cpu (card), layout, directory_of (layout, slot), g_ptr_array_index (layout->areas, i), sale);
    g_assert_true (oc_sim_card_save (card, &error));
}

static OcSimMeter *
new_meter (Kit *kit, const OcLayout *layout)
{
    return kit_meter (kit, "meter", (OcSimMeterMake){ .layout = layout->name, .number = METER, .presale = 100 * UNIT, .hoarding = 1000 * UNIT });
}

static OcSimMeterReport
put_and_insert (OcSimMeter *meter, const char *card, const OcLayout *layout, const Sale *sale)
{
    put (card, layout, 1, sale);
    return kit_insert (meter, card, NULL);
}

/* The return file's values; NULL when it is empty or damaged. */
static OcFields *
read_back (const char *path, const OcLayout *layout, guint slot)
{
    const OcLayoutArea *area = oc_layout_role (layout, OC_ROLE_RETURN);
    g_autoptr(OcSimCard) card = oc_sim_card_peek (path, NULL);
    const guint8 *file = oc_sim_cpu_file (oc_sim_card_cpu (card), directory_of (layout, slot), (guint8) area->sfi, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new (file, area->size);
    OcAreaCheck check;
    g_autoptr(OcFields) fields = oc_engine_decode (area, bytes, 0, &check);

    return check.valid && !check.blank ? g_steal_pointer (&fields) : NULL;
}

static void
assert_back (const char *path, const OcLayout *layout, guint slot, guint64 count, gint64 units)
{
    g_autoptr(OcFields) fields = read_back (path, layout, slot);
    OcQuantity remaining;

    g_assert_nonnull (fields);
    g_assert_cmpstr (oc_fields_get (fields, "meter"), ==, METER);
    g_assert_cmpuint (g_ascii_strtoull (oc_fields_get (fields, "count"), NULL, 10), ==, count);
    g_assert_true (oc_quantity_from_decimal (oc_fields_get (fields, "remaining"), &remaining));
    g_assert_cmpint (remaining.units, ==, units);
}

static void
assert_no_back (const char *path, const OcLayout *layout)
{
    g_autoptr(OcFields) fields = read_back (path, layout, 1);

    g_assert_null (fields);
}

static OcSimMeter *
opened_meter (Kit *kit, const OcLayout *layout, char **card)
{
    OcSimMeter *meter = new_meter (kit, layout);
    OcSimMeterReport report;

    *card = kit_cpu_card (kit, "card", 0x88);
    report = put_and_insert (meter, *card, layout, &opening);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_true (report.credited && report.parameters && report.returned);
    g_assert_cmpint (report.remaining, ==, 200 * UNIT);
    return meter;
}

static void
test_counts (Kit *kit, gconstpointer data)
{
    const OcLayout *layout = layout_of (data);
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, layout, &card);
    OcSimMeterReport report;
    Sale sale = opening;

    assert_back (card, layout, 1, 1, 200 * UNIT);
    /* C = E: no credit; with return data there, no parameters either */
    report = kit_insert (meter, card, NULL);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_true (!report.credited && !report.parameters && report.returned);
    /* C = E, return data empty: the parameters count */
    report = put_and_insert (meter, card, layout, &sale);
    g_assert_true (!report.credited && report.parameters && report.returned);
    assert_back (card, layout, 1, 1, 200 * UNIT);
    /* C = E + 1 and empty, also where a clear was torn */
    sale.type = 2;
    sale.count = 2;
    sale.amount = 50;
    sale.back = TORN_CLEAR;
    report = put_and_insert (meter, card, layout, &sale);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_true (report.credited && report.parameters);
    g_assert_cmpint (report.purchase, ==, 50 * UNIT);
    assert_back (card, layout, 1, 2, 250 * UNIT);
    /* C < E */
    sale.count = 1;
    sale.back = EMPTY;
    report = put_and_insert (meter, card, layout, &sale);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_true (!report.credited && !report.parameters);
    assert_back (card, layout, 1, 2, 250 * UNIT);
    /* C ≥ E + 2 */
    sale.count = 4;
    report = put_and_insert (meter, card, layout, &sale);
    g_assert_cmpint (report.error, ==, OC_METER_COUNT);
    assert_back (card, layout, 1, 2, 250 * UNIT);
    /* C = E + 1, not empty */
    sale.count = 3;
    sale.back = RETURNED;
    sale.back_count = 2;
    report = put_and_insert (meter, card, layout, &sale);
    g_assert_cmpint (report.error, ==, OC_METER_NOT_EMPTY);
    g_assert_true (!report.credited && report.returned);
    assert_back (card, layout, 1, 2, 250 * UNIT);
    g_assert_cmpint (oc_sim_meter_credited (meter), ==, 150 * UNIT);
}

static void
test_hoarding (Kit *kit, gconstpointer data)
{
    const OcLayout *layout = layout_of (data);
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, layout, &card);
    OcSimMeterReport report;
    Sale sale = opening;

    sale.type = 2;
    sale.count = 2;
    sale.amount = 801; /* 200 + 801 > 1000 */
    report = put_and_insert (meter, card, layout, &sale);
    g_assert_cmpint (report.error, ==, OC_METER_HOARDING);
    g_assert_false (report.credited || report.returned || report.parameters);
    assert_no_back (card, layout);
    sale.amount = 800;
    g_assert_cmpint (put_and_insert (meter, card, layout, &sale).error, ==, OC_METER_OK);
    assert_back (card, layout, 1, 2, 1000 * UNIT);
}

static void
test_wrong_cards (Kit *kit, gconstpointer data)
{
    const OcLayout *layout = layout_of (data);
    g_autofree char *card = NULL, *blank = NULL, *memory = NULL, *foreign = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, layout, &card);
    g_autoptr(OcSimCard) open = NULL;
    const OcLayoutArea *parameters = oc_layout_role (layout, OC_ROLE_PARAMETERS);
    const struct {
        OcMeterError error;
        guint type;
        const char *meter, *customer;
    } rows[] = {
        { OC_METER_CARD_TYPE, 4, METER, CUSTOMER },
        { OC_METER_CARD_TYPE, 0, METER, CUSTOMER },
        { OC_METER_NUMBER, 2, "000000000008", CUSTOMER },
        { OC_METER_CUSTOMER, 2, METER, "000000000002" },
    };
    Sale sale = opening;

    sale.count = 2;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        OcSimMeterReport report;

        sale.type = rows[i].type;
        sale.meter = rows[i].meter;
        sale.customer = rows[i].customer;
        report = put_and_insert (meter, card, layout, &sale);
        g_assert_cmpint (report.error, ==, rows[i].error);
        g_assert_false (report.credited || report.returned);
        assert_no_back (card, layout);
    }
    blank = kit_cpu_card (kit, "blank", 0x99);
    g_assert_cmpint (kit_insert (meter, blank, NULL).error, ==, OC_METER_FORMAT);
    memory = kit_memory_card (kit, "memory", "24c04");
    g_assert_cmpint (kit_insert (meter, memory, NULL).error, ==, OC_METER_CARD_TYPE);
    /* a damaged frame */
    sale = opening;
    sale.type = 2;
    sale.count = 2;
    put (card, layout, 1, &sale);
    open = oc_sim_card_open (card, NULL);
    oc_sim_cpu_file (oc_sim_card_cpu (open), directory_of (layout, 1), (guint8) parameters->sfi, NULL)[parameters->payload_at + 1] ^= 1;
    g_assert_true (oc_sim_card_save (open, NULL));
    g_clear_pointer (&open, oc_sim_card_free);
    g_assert_cmpint (kit_insert (meter, card, NULL).error, ==, OC_METER_FORMAT);
    /* other keys */
    kit->keys.internal[0] ^= 2; /* bit 0 is DES' parity */
    foreign = kit_cpu_card (kit, "foreign", 0x77);
    sale.type = 3;
    g_assert_cmpint (put_and_insert (meter, foreign, layout, &sale).error, ==, OC_METER_MAC);
    g_assert_cmpint (oc_sim_meter_remaining (meter), ==, 200 * UNIT);
}

static void
test_opened_and_not (Kit *kit, gconstpointer data)
{
    const OcLayout *layout = layout_of (data);
    g_autofree char *card = kit_cpu_card (kit, "card", 0x88), *second = kit_cpu_card (kit, "second", 0x99);
    g_autoptr(OcSimMeter) meter = new_meter (kit, layout);
    Sale sale = opening;

    for (sale.type = 2; sale.type <= 3; sale.type++)
        g_assert_cmpint (put_and_insert (meter, card, layout, &sale).error, ==, OC_METER_NOT_OPENED);
    sale.type = 1;
    g_assert_cmpint (put_and_insert (meter, card, layout, &sale).error, ==, OC_METER_OK);
    sale.count = 2; /* 01 is taken while E ≤ 1 */
    g_assert_cmpint (put_and_insert (meter, card, layout, &sale).error, ==, OC_METER_OK);
    sale.count = 3;
    g_assert_cmpint (put_and_insert (meter, card, layout, &sale).error, ==, OC_METER_OPENED);
    /* a replacement binds its serial, and the card before it is dead */
    sale.type = 2;
    g_assert_cmpint (put_and_insert (meter, second, layout, &sale).error, ==, OC_METER_RETIRED);
    sale.type = 3;
    g_assert_cmpint (put_and_insert (meter, second, layout, &sale).error, ==, OC_METER_OK);
    sale.count = 4;
    for (sale.type = 2; sale.type <= 3; sale.type++)
        g_assert_cmpint (put_and_insert (meter, card, layout, &sale).error, ==, OC_METER_RETIRED);
}

/* Pulled, torn or failing at every command: what was credited is credited once, and the next insertion puts everything right. */
static void
test_stopped_everywhere (Kit *kit, gconstpointer data)
{
    static const char *const faults[] = { "pull", "lost", "torn", "sw" };
    const OcLayout *layout = layout_of (data);
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, layout, &card);
    Sale sale = opening;
    guint credited_late = 0;

    sale.type = 2;
    sale.amount = 1;
    sale.count = 1;
    for (guint f = 0; f < G_N_ELEMENTS (faults); f++) {
        OcSimMeterReport report = { .error = OC_METER_CARD_FAULT };

        for (guint at = 1; report.error != OC_METER_OK; at++) {
            g_autofree char *fault = g_strdup_printf ("%s@%u%s", faults[f], at, f == 3 ? "=6581" : "");
            gint64 before = oc_sim_meter_remaining (meter);

            sale.count++;
            put (card, layout, 1, &sale);
            report = kit_insert (meter, card, fault);
            g_assert_true (report.error == OC_METER_OK || report.error == OC_METER_CARD_FAULT);
            credited_late += report.error != OC_METER_OK && report.credited;
            g_assert_cmpint (kit_insert (meter, card, NULL).error, ==, OC_METER_OK);
            g_assert_cmpint (oc_sim_meter_remaining (meter), ==, before + UNIT);
            assert_back (card, layout, 1, sale.count, before + UNIT);
            g_assert_cmpuint (at, <, 100);
        }
    }
    g_assert_cmpuint (credited_late, >, 0);
}

/* The meter takes what flows by its price, in tiers where it has them, and says so on its card. */
static void
test_use (Kit *kit, gconstpointer data)
{
    const OcLayout *layout = layout_of (data);
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, layout, &card);
    g_autoptr(OcFields) back = NULL;
    gint64 left = 200 * UNIT - (layout->by_money ? 10 : 20) * UNIT;
    OcQuantity flowed;

    g_assert_true (oc_sim_meter_use (meter, (OcQuantity){ 20 * UNIT }, FALSE, &flowed, NULL));
    g_assert_cmpint (flowed.units, ==, 20 * UNIT);
    g_assert_cmpint (oc_sim_meter_remaining (meter), ==, left);
    kit_insert (meter, card, NULL);
    assert_back (card, layout, 1, 1, left);
    g_assert_true (oc_sim_meter_use (meter, (OcQuantity){ 1000 * UNIT }, TRUE, &flowed, NULL)); /* overdrawn */
    g_assert_cmpint (oc_sim_meter_remaining (meter), <, 0);
    kit_insert (meter, card, NULL);
    back = read_back (card, layout, 1);
    g_assert_nonnull (back);
    g_assert_cmpint (oc_fields_get (back, "remaining")[0] == '-', ==, oc_fields_get (back, "overdraft") == NULL);
}

/* A further meter of the type lies in DFts. */
static void
test_further_directory (Kit *kit, gconstpointer data)
{
    const OcLayout *layout = layout_of (data);
    g_autofree char *card = kit_cpu_card (kit, "card", 0x88);
    g_autoptr(OcSimMeter) meter = new_meter (kit, layout);
    Sale other = opening;

    other.meter = "000000000008";
    put (card, layout, 1, &other);
    put (card, layout, 4, &opening);
    g_assert_cmpint (kit_insert (meter, card, NULL).error, ==, OC_METER_OK);
    assert_back (card, layout, 4, 1, 200 * UNIT);
    assert_no_back (card, layout);
}

int
main (int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*func) (Kit *kit, gconstpointer data);
    } tests[] = {
        { "counts", test_counts }, { "hoarding", test_hoarding }, { "wrong-cards", test_wrong_cards }, { "opened-and-not", test_opened_and_not },
        { "stopped-everywhere", test_stopped_everywhere }, { "use", test_use }, { "further-directory", test_further_directory },
    };
    const GPtrArray *layouts = oc_layouts ();

    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < layouts->len; i++) {
        const OcLayout *layout = g_ptr_array_index (layouts, i);

        for (guint t = 0; g_str_equal (layout->family, "cpu") && t < G_N_ELEMENTS (tests); t++) {
            g_autofree char *path = g_strdup_printf ("/sim/meter-layouts/%s/%s", layout->name, tests[t].name);

            g_test_add (path, Kit, layout, kit_set_up, tests[t].func, kit_tear_down);
        }
    }
    return g_test_run ();
}

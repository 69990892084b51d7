/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A water meter and its memory card, on every chip: every row of the table of cards.md 6, every error number, the copies, and the
 * issue number. */
#include <string.h>

#include "sim/kit.h"

#define METER "000000000007"
#define CUSTOMER "000000000001"
#define CUBIC 10000

/* 25 m³ at steps of 0.1; hoarding 2000, alarms 10 and 5 (kit.c). */
static const KitSale opening = { .type = 1, .count = 1, .amount = 250, .meter = METER, .customer = CUSTOMER };

static gboolean
is_4442 (Kit *kit)
{
    return g_str_equal (kit->chip, "4442");
}

/* Where things lie on the chip: told apart from the meter's own reckoning. */
static guint
header_at (Kit *kit)
{
    return is_4442 (kit) ? 32 : 0;
}

static guint
slot_at (Kit *kit)
{
    return is_4442 (kit) ? 64 : oc_sim_chip_find (kit->chip)->size >= 4096 ? 128 : 32;
}

static void
spoil (const char *card, guint at, guint8 with)
{
    OcSimCard *open = oc_sim_card_open (card, NULL);

    oc_sim_memory_bytes (oc_sim_card_memory (open))[at] ^= with;
    g_assert_true (oc_sim_card_save (open, NULL));
    oc_sim_card_free (open);
}

static OcSimMeter *
new_meter (Kit *kit, const char *name)
{
    return kit_meter (kit, name, (OcSimMeterMake){ .layout = is_4442 (kit) ? "mem-4442" : "mem-24c", .number = METER, .presale = 3 * CUBIC });
}

static OcSimMeterReport
put_and_insert (Kit *kit, OcSimMeter *meter, const char *card, const KitSale *sale)
{
    kit_put_memory (kit, card, sale);
    return kit_insert (meter, card, NULL);
}

static void
assert_back (Kit *kit, const char *card, guint64 count, gint64 steps)
{
    guint64 seen_count;
    gint64 seen, credited;

    g_assert_true (kit_memory_back (kit, card, &opening, &seen_count, &seen, &credited));
    g_assert_cmpuint (seen_count, ==, count);
    g_assert_cmpint (seen, ==, steps);
}

static gboolean
has_back (Kit *kit, const char *card)
{
    guint64 count;
    gint64 remaining, credited;

    return kit_memory_back (kit, card, &opening, &count, &remaining, &credited);
}

static OcSimMeter *
opened_meter (Kit *kit, char **card)
{
    OcSimMeter *meter = new_meter (kit, "meter");

    *card = kit_memory_card (kit, "card", kit->chip);
    g_assert_cmpint (put_and_insert (kit, meter, *card, &opening).error, ==, OC_METER_OK);
    return meter;
}

/* In the chip's last slot. */
static void
test_opening (Kit *kit, gconstpointer data)
{
    static const struct {
        const char *family;
        guint slot;
    } chips[] = { { "24c01", 1 }, { "24c02", 2 }, { "24c04", 5 }, { "24c08", 8 }, { "24c16", 8 }, { "24c32", 8 }, { "24c64", 8 }, { "4442", 2 } };

    for (guint i = 0; i < G_N_ELEMENTS (chips); i++) {
        g_autofree char *card = NULL;
        g_autoptr(OcSimMeter) meter = NULL;
        KitSale sale = opening;
        OcSimMeterReport report;
        guint64 count;
        gint64 remaining, credited;

        if (!g_str_equal (kit->chip, chips[i].family))
            continue;
        card = kit_memory_card (kit, "card", kit->chip);
        meter = new_meter (kit, "meter");
        sale.slot = chips[i].slot;
        report = put_and_insert (kit, meter, card, &sale);
        g_assert_cmpint (report.error, ==, OC_METER_OK);
        g_assert_true (report.credited && report.parameters && report.returned);
        g_assert_cmpint (report.remaining, ==, 28 * CUBIC);
        g_assert_true (kit_memory_back (kit, card, &sale, &count, &remaining, &credited));
        g_assert_cmpuint (count, ==, 1);
        g_assert_cmpint (remaining, ==, 280);
        g_assert_cmpint (credited, ==, 250); /* presale isn't credited */
    }
}

static void
test_same_count (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    OcQuantity flowed;

    for (gint64 i = 1; i <= 5; i++) { /* within a minute too the newer return data are in force */
        OcSimMeterReport report;

        g_assert_true (oc_sim_meter_use (meter, (OcQuantity){ 25000 }, FALSE, &flowed, NULL));
        report = kit_insert (meter, card, NULL);
        g_assert_cmpint (report.error, ==, OC_METER_OK);
        g_assert_false (report.credited);
        assert_back (kit, card, 1, 280 - 25 * i);
    }
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
    next.copy = 1; /* A holds the opening */
    next.amount = 100;
    report = put_and_insert (kit, meter, card, &next);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_true (report.credited);
    assert_back (kit, card, 2, 380);
    g_assert_cmpint (oc_sim_meter_credited (meter), ==, 35 * CUBIC);
}

/* The newer record's MAC doesn't fit: the one before it is in force. */
static void
test_torn_sale (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale next = opening;
    OcSimMeterReport report;

    next.type = 2;
    next.count = 2;
    next.copy = 1;
    kit_put_memory (kit, card, &next);
    spoil (card, slot_at (kit) + 32 + 31, 1);
    report = kit_insert (meter, card, NULL);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_false (report.credited);
    assert_back (kit, card, 1, 280);
}

/* A re-purchase has the count of the one it replaces and the next revision. */
static void
test_revision (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale next = opening;
    OcSimMeterReport report;

    next.type = 2;
    next.count = 2;
    next.copy = 1;
    kit_put_memory (kit, card, &next);
    next.copy = 0;
    next.flags = 0x10;
    next.amount = 70;
    report = put_and_insert (kit, meter, card, &next);
    g_assert_cmpint (report.purchase, ==, 7 * CUBIC);
    assert_back (kit, card, 2, 350);
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
    next.back = KIT_RETURNED; /* with a count that this meter never reached */
    next.back_count = 2;
    report = put_and_insert (kit, meter, card, &next);
    g_assert_cmpint (report.error, ==, OC_METER_NOT_EMPTY);
    g_assert_false (report.credited);
    g_assert_true (report.returned);
}

static void
test_count_missing_and_older (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale next = opening;
    OcSimMeterReport report;

    next.type = 2;
    next.count = 3;
    next.copy = 1;
    report = put_and_insert (kit, meter, card, &next);
    g_assert_cmpint (report.error, ==, OC_METER_COUNT);
    g_assert_true (report.returned);
    assert_back (kit, card, 1, 280);
    next.count = 2;
    g_assert_cmpint (put_and_insert (kit, meter, card, &next).error, ==, OC_METER_OK);
    next.count = 1; /* an image that was saved and put back */
    next.copy = 0;
    kit_put_memory (kit, card, &next);
    next.copy = 1;
    report = put_and_insert (kit, meter, card, &next);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_false (report.credited);
    assert_back (kit, card, 2, 530);
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
    next.copy = 1;
    next.amount = 20000 - 280 + 1;
    report = put_and_insert (kit, meter, card, &next);
    g_assert_cmpint (report.error, ==, OC_METER_HOARDING);
    g_assert_false (report.credited || report.returned);
    assert_back (kit, card, 1, 280); /* as it was */
    next.amount--;
    g_assert_cmpint (put_and_insert (kit, meter, card, &next).error, ==, OC_METER_OK);
    assert_back (kit, card, 2, 20000);
}

static void
test_wrong_cards (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    struct {
        OcMeterError error;
        guint type;
        const char *meter, *customer;
    } rows[] = {
        { OC_METER_CARD_TYPE, 4, METER, CUSTOMER },
        { OC_METER_NUMBER, 2, "000000000008", CUSTOMER },
        { OC_METER_CUSTOMER, 2, METER, "000000000002" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *name = g_strdup_printf ("wrong%u", i);
        g_autofree char *wrong = kit_memory_card (kit, name, kit->chip);
        KitSale sale = opening;
        OcSimMeterReport report;

        sale.count = 2;
        sale.type = rows[i].type;
        sale.meter = rows[i].meter;
        sale.customer = rows[i].customer;
        report = put_and_insert (kit, meter, wrong, &sale);
        g_assert_cmpint (report.error, ==, rows[i].error);
        g_assert_false (report.credited || report.returned);
        g_assert_false (has_back (kit, wrong));
    }
}

/* Every byte of header and record that the meter reads is under a MAC. */
static void
test_altered (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL, *cpu = NULL, *blank = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale sale = opening;

    sale.count = 2;
    sale.type = 2;
    for (guint i = 0; i < 64; i++) {
        OcSimMeterReport report;

        kit_put_memory (kit, card, &sale);
        spoil (card, i < 32 ? header_at (kit) + i : slot_at (kit) + i - 32, 0x40);
        report = kit_insert (meter, card, NULL);
        g_assert_cmpint (report.error, !=, OC_METER_OK);
        g_assert_false (report.credited);
    }
    blank = kit_memory_card (kit, "blank", kit->chip);
    g_assert_cmpint (kit_insert (meter, blank, NULL).error, ==, OC_METER_FORMAT);
    cpu = kit_cpu_card (kit, "cpu", 0x88);
    g_assert_cmpint (kit_insert (meter, cpu, NULL).error, ==, OC_METER_CARD_TYPE);
}

static void
test_opened_and_not (Kit *kit, gconstpointer data)
{
    g_autofree char *card = kit_memory_card (kit, "card", kit->chip);
    g_autoptr(OcSimMeter) meter = new_meter (kit, "meter");
    KitSale sale = opening;

    sale.type = 2;
    g_assert_cmpint (put_and_insert (kit, meter, card, &sale).error, ==, OC_METER_NOT_OPENED);
    sale.type = 1;
    g_assert_cmpint (put_and_insert (kit, meter, card, &sale).error, ==, OC_METER_OK);
    sale.count = 2;
    g_assert_cmpint (put_and_insert (kit, meter, card, &sale).error, ==, OC_METER_OK);
    sale.count = 3;
    g_assert_cmpint (put_and_insert (kit, meter, card, &sale).error, ==, OC_METER_OPENED);
}

/* The issue number of a replacement rises; the card before it is dead. */
static void
test_replaced_card (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL, *second = kit_memory_card (kit, "second", kit->chip);
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale sale = opening;

    sale.count = 2;
    sale.type = 2;
    sale.issue = 2;
    g_assert_cmpint (put_and_insert (kit, meter, second, &sale).error, ==, OC_METER_RETIRED);
    sale.type = 3;
    g_assert_cmpint (put_and_insert (kit, meter, second, &sale).error, ==, OC_METER_OK);
    sale.count = 3;
    sale.issue = 1;
    for (sale.type = 2; sale.type <= 3; sale.type++)
        g_assert_cmpint (put_and_insert (kit, meter, card, &sale).error, ==, OC_METER_RETIRED);
}

static void
test_pulled_everywhere (Kit *kit, gconstpointer data)
{
    static const char *const faults[] = { "pull@%u", "lost@%u", "torn@%u", "torn@%u:1ff", "sw@%u=6300" };
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    KitSale sale = opening;
    guint credited_late = 0;
    guint64 n = 2;

    sale.type = 2;
    sale.amount = 1;
    for (guint f = 0; f < G_N_ELEMENTS (faults); f++) {
        OcSimMeterReport report = { 0 };

        for (guint at = 1; report.error != OC_METER_OK || at == 1; at++, n++) {
            g_auto(GStrv) halves = g_strsplit (faults[f], "%u", 2);
            g_autofree char *fault = g_strdup_printf ("%s%u%s", halves[0], at, halves[1]);
            gint64 before = oc_sim_meter_remaining (meter);

            sale.count = n;
            sale.copy = 1 - sale.copy;
            kit_put_memory (kit, card, &sale);
            report = kit_insert (meter, card, fault);
            credited_late += report.error != OC_METER_OK && report.credited;
            g_assert_cmpint (kit_insert (meter, card, NULL).error, ==, OC_METER_OK);
            g_assert_cmpint (oc_sim_meter_remaining (meter), ==, before + 1000);
            assert_back (kit, card, n, oc_sim_meter_remaining (meter) / 1000);
            g_assert_cmpuint (at, <, 100);
        }
    }
    g_assert_cmpuint (credited_late, >, 0);
}

static void
test_overdraft (Kit *kit, gconstpointer data)
{
    g_autofree char *card = NULL;
    g_autoptr(OcSimMeter) meter = opened_meter (kit, &card);
    OcQuantity flowed;

    g_assert_true (oc_sim_meter_use (meter, (OcQuantity){ 30 * CUBIC + 500 }, TRUE, &flowed, NULL));
    kit_insert (meter, card, NULL);
    assert_back (kit, card, 1, -21); /* −2.05, never more than there is */
}

/* A card of the other family, and a card that the meter can't open: its code was changed, or it is locked. */
static void
test_wrong_family (Kit *kit, gconstpointer data)
{
    g_autofree char *other = kit_memory_card (kit, "other", is_4442 (kit) ? "24c04" : "4442");
    g_autofree char *foreign = NULL;
    g_autoptr(OcSimMeter) meter = new_meter (kit, "meter");

    g_assert_cmpint (put_and_insert (kit, meter, other, &opening).error, ==, OC_METER_CARD_TYPE);
    if (!is_4442 (kit))
        return;
    memcpy (kit->keys.psc, (guint8[]){ 1, 2, 3 }, 3);
    foreign = kit_memory_card (kit, "foreign", "4442");
    g_assert_cmpint (put_and_insert (kit, meter, foreign, &opening).error, ==, OC_METER_CARD_FAULT);
}

static void
add (const char *chip, const char *name, void (*func) (Kit *, gconstpointer))
{
    g_autofree char *path = g_strdup_printf ("/sim/meter-memory/%s/%s", chip, name);

    g_test_add (path, Kit, chip, kit_set_up, func, kit_tear_down);
}

int
main (int argc, char **argv)
{
    static const char *const chips[] = { "24c01", "24c02", "24c04", "24c08", "24c16", "24c32", "24c64", "4442" };

    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (chips); i++) {
#define ADD(name, func) add (chips[i], name, func)
        ADD ("opening", test_opening);
        ADD ("same-count", test_same_count);
        ADD ("next-count", test_next_count);
        ADD ("torn-sale", test_torn_sale);
        ADD ("revision", test_revision);
        ADD ("not-empty", test_not_empty);
        ADD ("count-missing-and-older", test_count_missing_and_older);
        ADD ("hoarding", test_hoarding);
        ADD ("wrong-cards", test_wrong_cards);
        ADD ("altered", test_altered);
        ADD ("opened-and-not", test_opened_and_not);
        ADD ("replaced-card", test_replaced_card);
        ADD ("pulled-everywhere", test_pulled_everywhere);
        ADD ("overdraft", test_overdraft);
        ADD ("wrong-family", test_wrong_family);
    }
    return g_test_run ();
}

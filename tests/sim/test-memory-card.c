/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated memory cards: pages that wrap, torn pages, PSC tries, both readers' commands. */
#include <string.h>

#include "card/reader.h"
#include "seal/bytes.h"
#include "sim/kit.h"

static guint16
say_torn (OcSimCard *card, const char *hex, const OcSimTear *tear, char **data)
{
    g_autoptr(GBytes) in = oc_unhex (hex);
    g_autoptr(GError) error = NULL;
    guint8 out[OC_APDU_MAX];
    gsize len;

    g_assert_true (oc_sim_card_transmit (card, g_bytes_get_data (in, NULL), g_bytes_get_size (in), tear, out, &len, &error));
    if (data != NULL) {
        g_free (*data);
        *data = oc_hex (out, len - 2);
    }
    return (guint16) (out[len - 2] << 8 | out[len - 1]);
}

static guint16
say (OcSimCard *card, const char *hex, char **data)
{
    return say_torn (card, hex, NULL, data);
}

static OcSimCard *
new_card (Kit *kit, const char *family)
{
    g_autofree char *path = kit_memory_card (kit, family, family);
    g_autoptr(GError) error = NULL;
    OcSimCard *card = oc_sim_card_open (path, &error);

    g_assert_no_error (error);
    return card;
}

static const struct {
    const char *family, *type;
    guint size, page;
} chips[] = {
    { "24c01", "01", 128, 8 },
    { "24c02", "01", 256, 8 },
    { "24c04", "01", 512, 16 },
    { "24c08", "01", 1024, 16 },
    { "24c16", "01", 2048, 16 },
    { "24c32", "02", 4096, 32 },
    { "24c64", "02", 8192, 32 },
};

/* A write of a whole page and one byte more begins the page again. */
static void
test_pages_wrap (Kit *kit, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS (chips); i++) {
        g_autoptr(OcSimCard) card = new_card (kit, chips[i].family);
        const guint8 *bytes = oc_sim_memory_bytes (oc_sim_card_memory (card));
        guint at = chips[i].size - chips[i].page - 2; /* crosses into the last page */
        g_autofree char *select = g_strdup_printf ("FFA4000001%s", chips[i].type);
        g_autofree char *write = g_strdup_printf ("FFD0%04X0401020304", at);

        g_assert_cmphex (say (card, select, NULL), ==, 0x9000);
        g_assert_cmphex (say (card, write, NULL), ==, 0x9000);
        g_assert_cmphex (bytes[at], ==, 0x01);
        g_assert_cmphex (bytes[at + 1], ==, 0x02);
        g_assert_cmphex (bytes[at + 2], ==, 0xff); /* the next page is untouched */
        g_assert_cmphex (bytes[at + 2 - chips[i].page], ==, 0x03);
        g_assert_cmphex (bytes[at + 3 - chips[i].page], ==, 0x04);
    }
}

static void
test_ends (Kit *kit, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS (chips); i++) {
        g_autoptr(OcSimCard) card = new_card (kit, chips[i].family);
        g_autofree char *select = g_strdup_printf ("FFA4000001%s", chips[i].type);
        g_autofree char *last = g_strdup_printf ("FFB0%04X08", chips[i].size - 8);
        g_autofree char *past = g_strdup_printf ("FFB0%04X09", chips[i].size - 8);
        g_autofree char *write = g_strdup_printf ("FFD0%04X0100", chips[i].size);
        g_autofree char *bytes = NULL;

        g_assert_cmphex (say (card, last, NULL), ==, 0x6300); /* no type chosen yet */
        g_assert_cmphex (say (card, select, NULL), ==, 0x9000);
        g_assert_cmphex (say (card, last, &bytes), ==, 0x9000);
        g_assert_cmpstr (bytes, ==, "FFFFFFFFFFFFFFFF");
        g_assert_cmphex (say (card, past, NULL), ==, 0x6300);
        g_assert_cmphex (say (card, write, NULL), ==, 0x6300);
    }
}

static void
test_torn_page (Kit *kit, gconstpointer data)
{
    g_autoptr(OcSimCard) card = new_card (kit, "24c04");
    g_autofree char *bytes = NULL;

    say (card, "FFA400000101", NULL);
    say (card, "FFD0002008" "1111111111111111", NULL);
    say_torn (card, "FFD0002008" "2222222222222222", &(OcSimTear){ .keep = 3 }, NULL);
    say (card, "FFB0002008", &bytes);
    g_assert_cmpstr (bytes, ==, "2222221111111111");
    say_torn (card, "FFD0002008" "3333333333333333", &(OcSimTear){ .keep = -1, .erased = TRUE }, NULL);
    say (card, "FFB0002008", &bytes);
    g_assert_cmpstr (bytes, ==, "33333333FFFFFFFF");
    say_torn (card, "FFD0002008" "4444444444444444", &(OcSimTear){ .keep = 0 }, NULL);
    say (card, "FFB0002008", &bytes);
    g_assert_cmpstr (bytes, ==, "33333333FFFFFFFF");
}

/* What was answered is on disk. */
static void
test_kept (Kit *kit, gconstpointer data)
{
    OcSimCard *card = new_card (kit, "24c16");
    g_autofree char *path = g_strdup (oc_sim_card_path (card)), *bytes = NULL;

    say (card, "FFA400000101", NULL);
    say (card, "FFD007F01000112233445566778899AABBCCDDEEFF", NULL);
    oc_sim_card_free (card);
    card = oc_sim_card_open (path, NULL);
    say (card, "FFA400000101", NULL);
    say (card, "FFB007F010", &bytes);
    g_assert_cmpstr (bytes, ==, "00112233445566778899AABBCCDDEEFF");
    oc_sim_card_free (card);
}

/* The reader can't know which I2C chip it is: the wrong type reads FF and writes nothing. */
static void
test_wrong_type (Kit *kit, gconstpointer data)
{
    g_autoptr(OcSimCard) card = new_card (kit, "24c04");
    g_autofree char *bytes = NULL;

    say (card, "FFA400000101", NULL);
    say (card, "FFD00000020102", NULL);
    g_assert_cmphex (say (card, "FFA400000102", NULL), ==, 0x9000);
    g_assert_cmphex (say (card, "FFB0000002", &bytes), ==, 0x9000);
    g_assert_cmpstr (bytes, ==, "FFFF");
    g_assert_cmphex (say (card, "FFD00000020304", NULL), ==, 0x6300);
    g_assert_cmphex (say (card, "FFA400000106", NULL), ==, 0x6300);
    g_assert_cmphex (say (card, "FFA400000109", NULL), ==, 0x6a81);
    g_assert_cmphex (say (card, "00A40000023F00", NULL), ==, 0x6e00);
    say (card, "FFA400000101", NULL);
    say (card, "FFB0000002", &bytes);
    g_assert_cmpstr (bytes, ==, "0102");
}

static void
test_sle4442 (Kit *kit, gconstpointer data)
{
    OcSimCard *card;
    g_autofree char *bytes = NULL, *path = NULL;

    memcpy (kit->keys.psc, (guint8[]){ 0x12, 0x34, 0x56 }, 3);
    card = new_card (kit, "4442");
    path = g_strdup (oc_sim_card_path (card));
    g_assert_cmphex (say (card, "FFA400000106", NULL), ==, 0x9000);
    g_assert_cmphex (say (card, "FFB0000004", &bytes), ==, 0x9000);
    g_assert_cmpstr (bytes, ==, "A2131091");
    g_assert_cmphex (say (card, "FFD00040020102", NULL), ==, 0x9000); /* without the PSC nothing happens */
    say (card, "FFB0004002", &bytes);
    g_assert_cmpstr (bytes, ==, "FFFF");
    g_assert_cmphex (say (card, "FF20000003123456", NULL), ==, 0x9007);
    g_assert_cmphex (say (card, "FFD00040020102", NULL), ==, 0x9000);
    say (card, "FFB0004002", &bytes);
    g_assert_cmpstr (bytes, ==, "0102");
    say (card, "FFD0000004DEADBEEF", NULL); /* protected by the factory */
    say (card, "FFB0000004", &bytes);
    g_assert_cmpstr (bytes, ==, "A2131091");
    g_assert_cmphex (say (card, "FF20000003FFFFFF", NULL), ==, 0x9003);
    g_assert_cmphex (say (card, "FF20000003FFFFFF", NULL), ==, 0x9001);
    say (card, "FFB1000004", &bytes);
    g_assert_cmpstr (bytes, ==, "01000000");
    g_assert_cmphex (say (card, "FF20000003FFFFFF", NULL), ==, 0x9000);
    oc_sim_card_free (card);
    card = oc_sim_card_open (path, NULL);
    say (card, "FFA400000106", NULL);
    g_assert_cmphex (say (card, "FF20000003123456", NULL), ==, 0x9000); /* locked: 90 00 is not 90 07 */
    say (card, "FFD00040020304", NULL);
    say (card, "FFB0004002", &bytes);
    g_assert_cmpstr (bytes, ==, "0102");
    oc_sim_card_free (card);
}

static void
test_omnikey (Kit *kit, gconstpointer data)
{
    g_autoptr(OcSimCard) small = new_card (kit, "24c04");
    g_autoptr(OcSimCard) large = new_card (kit, "24c64");
    g_autoptr(OcSimCard) sle = new_card (kit, "4442");
    g_autofree char *bytes = NULL;

    oc_sim_card_reset (small, OC_SIM_READER_OMNIKEY);
    g_assert_cmphex (say (small, "FF300005090100000010" "00000004", NULL), ==, 0x6300);
    g_assert_cmphex (say (small, "FF3000040801011001" "00000200", NULL), ==, 0x9000);
    g_assert_cmphex (say (small, "FF30000609" "0100000010" "01020304", NULL), ==, 0x9000);
    g_assert_cmphex (say (small, "FF30000509" "0100000010" "00000004", &bytes), ==, 0x9000);
    g_assert_cmpstr (bytes, ==, "01020304");
    g_assert_cmphex (say (small, "FFB0000004", NULL), ==, 0x6d00);

    oc_sim_card_reset (large, OC_SIM_READER_OMNIKEY);
    g_assert_cmphex (say (large, "FF3000040801022002" "00002000", NULL), ==, 0x9000);
    g_assert_cmphex (say (large, "FF30000607" "0100001FFE" "0102", NULL), ==, 0x9000);
    g_assert_cmphex (say (large, "FF30000509" "0100001FFE" "00000002", &bytes), ==, 0x9000);
    g_assert_cmpstr (bytes, ==, "0102");

    oc_sim_card_reset (sle, OC_SIM_READER_OMNIKEY);
    g_assert_cmphex (say (sle, "FFB0000004", &bytes), ==, 0x9000);
    g_assert_cmpstr (bytes, ==, "A2131091");
    g_assert_cmphex (say (sle, "FFD60040020102", NULL), ==, 0x6982);
    g_assert_cmphex (say (sle, "FF20000003000000", NULL), ==, 0x63c2);
    g_assert_cmphex (say (sle, "FF20000003FFFFFF", NULL), ==, 0x9000);
    g_assert_cmphex (say (sle, "FFD60040020102", NULL), ==, 0x9000);
}

static void
test_faults_understood (Kit *kit, gconstpointer data)
{
    static const char *const wrong[] = { "pull", "pull@", "pull@0", "pull@x", "sw@3", "sw@3=12345", "sw@3=1000", "torn@3:x", "torn@3:ff",
        "pull@3:1", "drop@3", "slow@5=1" };
    g_autoptr(OcSimFaults) faults = oc_sim_faults_parse (" pull@3 , slow@20,torn@4:5ff,sw@6=6581", NULL);
    const OcSimFault *fault;

    for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null (oc_sim_faults_parse (wrong[i], &error));
        g_assert_error (error, OC_SIM_ERROR, OC_SIM_ERROR_USE);
    }
    g_assert_cmpuint (oc_sim_faults_slow_ms (faults), ==, 20);
    g_assert_cmpint (oc_sim_faults_next (faults)->kind, ==, OC_SIM_FAULT_NONE);
    g_assert_cmpint (oc_sim_faults_next (faults)->kind, ==, OC_SIM_FAULT_NONE);
    g_assert_cmpint (oc_sim_faults_next (faults)->kind, ==, OC_SIM_FAULT_PULL);
    fault = oc_sim_faults_next (faults);
    g_assert_cmpint (fault->kind, ==, OC_SIM_FAULT_TORN);
    g_assert_cmpint (fault->tear.keep, ==, 5);
    g_assert_true (fault->tear.erased);
    g_assert_cmpint (oc_sim_faults_next (faults)->kind, ==, OC_SIM_FAULT_NONE);
    g_assert_cmphex (oc_sim_faults_next (faults)->sw, ==, 0x6581);
    g_assert_cmpuint (oc_sim_faults_count (faults), ==, 6);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sim/memory-card/" name, Kit, NULL, kit_set_up, func, kit_tear_down)
    ADD ("pages-wrap", test_pages_wrap);
    ADD ("ends", test_ends);
    ADD ("torn-page", test_torn_page);
    ADD ("kept", test_kept);
    ADD ("wrong-type", test_wrong_type);
    ADD ("sle4442", test_sle4442);
    ADD ("omnikey", test_omnikey);
    ADD ("faults-understood", test_faults_understood);
    return g_test_run ();
}

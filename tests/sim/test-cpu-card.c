/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulated CPU card really checks: challenges, keys, MACs, tries that lock for ever. */
#include <string.h>

#include "card/reader.h"
#include "seal/bytes.h"
#include "seal/derive.h"
#include "seal/mac.h"
#include "sim/kit.h"

#define MF "00A40000023F00"
#define DF01 "00A4000002DF01"
#define WALLET "0000271000000001"

static guint16
send_bytes (OcSimCard *card, const guint8 *in, gsize len, const OcSimTear *tear, guint8 *out, gsize *out_len)
{
    g_autoptr(GError) error = NULL;
    guint8 answer[OC_APDU_MAX];
    gsize answer_len;

    g_assert_true (oc_sim_card_transmit (card, in, len, tear, answer, &answer_len, &error));
    g_assert_cmpuint (answer_len, >=, 2);
    if (out != NULL) {
        memcpy (out, answer, answer_len - 2);
        *out_len = answer_len - 2;
    }
    return (guint16) (answer[answer_len - 2] << 8 | answer[answer_len - 1]);
}

/* Sends hex; the answer's data in hex, or NULL where the test doesn't look. */
static guint16
say (OcSimCard *card, const char *hex, char **data)
{
    g_autoptr(GBytes) in = oc_unhex (hex);
    guint8 out[OC_APDU_MAX];
    gsize len;
    guint16 sw = send_bytes (card, g_bytes_get_data (in, NULL), g_bytes_get_size (in), NULL, out, &len);

    if (data != NULL)
        *data = oc_hex (out, len);
    return sw;
}

static void
get_challenge (OcSimCard *card, guint8 len, guint8 *challenge)
{
    gsize got;

    g_assert_cmphex (send_bytes (card, (guint8[]){ 0x00, 0x84, 0x00, 0x00, len }, 5, NULL, challenge, &got), ==, 0x9000);
    g_assert_cmpuint (got, ==, len);
}

static guint16
authenticate (Kit *kit, OcSimCard *card, gboolean right)
{
    guint8 command[13] = { 0x00, 0x82, 0x00, 0x02, 0x08 }, key[16], challenge[8];

    get_challenge (card, 8, challenge);
    oc_derive_cpu_key (kit->keys.external, oc_sim_cpu_serial (oc_sim_card_cpu (card)), key);
    oc_seal_3des_encrypt (key, challenge, 8, command + 5);
    if (!right)
        command[5] ^= 0x01;
    return send_bytes (card, command, sizeof command, NULL, NULL, NULL);
}

static guint16
update (Kit *kit, OcSimCard *card, guint8 sfi, guint8 offset, const char *hex, gboolean right, const OcSimTear *tear)
{
    g_autoptr(GBytes) data = oc_unhex (hex);
    gsize len = g_bytes_get_size (data);
    guint8 command[5 + 255] = { 0x04, 0xd6, 0x80 | sfi, offset, (guint8) (len + 4) }, iv[8] = { 0 }, key[16];

    memcpy (command + 5, g_bytes_get_data (data, NULL), len);
    get_challenge (card, 4, iv);
    oc_derive_cpu_key (kit->keys.mac, oc_sim_cpu_serial (oc_sim_card_cpu (card)), key);
    oc_seal_retail_mac (key, iv, command, 5 + len, command + 5 + len);
    if (!right)
        command[5 + len] ^= 0x80;
    return send_bytes (card, command, 5 + len + 4, tear, NULL, NULL);
}

static OcSimCard *
open_card (Kit *kit)
{
    g_autofree char *path = kit_path (kit, "cpu");
    g_autoptr(GError) error = NULL;
    OcSimCard *card;

    if (!g_file_test (path, G_FILE_TEST_EXISTS))
        g_free (kit_cpu_card (kit, "cpu", 0x88));
    card = oc_sim_card_open (path, &error);
    g_assert_no_error (error);
    return card;
}

static void
test_files (Kit *kit, gconstpointer data)
{
    g_autoptr(OcSimCard) card = open_card (kit);
    g_autofree char *serial = NULL, *wallet = NULL;

    g_assert_cmphex (say (card, "00B0990108", &serial), ==, 0x9000); /* MF is selected at power on */
    g_assert_cmpstr (serial, ==, "1122334455667788");
    g_assert_cmphex (say (card, "00B0820008", NULL), ==, 0x6a82);
    g_assert_cmphex (say (card, DF01, NULL), ==, 0x6106);
    g_assert_cmphex (say (card, "00B0820008", &wallet), ==, 0x9000);
    g_assert_cmpstr (wallet, ==, "0000000000000000");
    g_assert_cmphex (say (card, "00B0820009", NULL), ==, 0x6c08);
    g_assert_cmphex (say (card, "00B0820400", NULL), ==, 0x6c04);
    g_assert_cmphex (say (card, "00B0820800", NULL), ==, 0x6b00);
    g_assert_cmphex (say (card, "00B0830000", NULL), ==, 0x9000); /* 256 of 258 */
    g_assert_cmphex (say (card, "00B083FA08", NULL), ==, 0x9000);
    g_assert_cmphex (say (card, "00A4000002DF11", NULL), ==, 0x6a82);
    g_assert_cmphex (say (card, "00A4000002DF12", NULL), ==, 0x6106);
    g_assert_cmphex (say (card, "00A4000002DF02", NULL), ==, 0x6106);
    g_assert_cmphex (say (card, "00B087006A", NULL), ==, 0x9000);
    g_assert_cmphex (say (card, "00A4040007A0000000031010", NULL), ==, 0x6a82);
}

static void
test_answers_that_wait (Kit *kit, gconstpointer data)
{
    g_autoptr(OcSimCard) card = open_card (kit);
    g_autofree char *fci = NULL, *answer = NULL;

    g_assert_cmphex (say (card, MF, NULL), ==, 0x6106);
    g_assert_cmphex (say (card, "00C0000010", NULL), ==, 0x6c06);
    g_assert_cmphex (say (card, "00C0000006", &fci), ==, 0x9000);
    g_assert_cmpstr (fci, ==, "6F0483023F00");
    g_assert_cmphex (say (card, "00C0000006", NULL), ==, 0x6f00); /* once only */
    g_assert_cmphex (say (card, "00880001080102030405060708", NULL), ==, 0x6108);
    g_assert_cmphex (say (card, "00C0000008", &answer), ==, 0x9000);
    g_assert_cmphex (say (card, "00880002080102030405060708", NULL), ==, 0x6a88);
    g_assert_cmphex (say (card, "00880001070102030405060708", NULL), ==, 0x6700);
}

/* cards.md 2: MK 000102…0F, serial 1122334455667788, challenge 0102030405060708. */
static void
test_vector (Kit *kit, gconstpointer data)
{
    g_autoptr(OcSimCard) card = open_card (kit);
    g_autofree char *answer = NULL;

    g_assert_cmphex (say (card, "00880001080102030405060708", NULL), ==, 0x6108);
    g_assert_cmphex (say (card, "00C0000008", &answer), ==, 0x9000);
    g_assert_cmpstr (answer, ==, "19AA2BB8DB1AA24C");
}

static void
test_wrong_commands (Kit *kit, gconstpointer data)
{
    g_autoptr(OcSimCard) card = open_card (kit);

    g_assert_cmphex (say (card, "80B0990108", NULL), ==, 0x6e00);
    g_assert_cmphex (say (card, "FFB0000010", NULL), ==, 0x6e00);
    g_assert_cmphex (say (card, "00F0000000", NULL), ==, 0x6d00);
    g_assert_cmphex (say (card, "00A4", NULL), ==, 0x6700);
    g_assert_cmphex (say (card, "00A40000033F00", NULL), ==, 0x6700);
    g_assert_cmphex (say (card, "0084000007", NULL), ==, 0x6700);
    g_assert_cmphex (say (card, "00B0000008", NULL), ==, 0x6986); /* no file was named */
}

static void
test_write_needs_everything (Kit *kit, gconstpointer data)
{
    g_autoptr(OcSimCard) card = open_card (kit);
    g_autofree char *wallet = NULL;

    say (card, DF01, NULL);
    g_assert_cmphex (say (card, "00D6820008" WALLET, NULL), ==, 0x6982);
    g_assert_cmphex (update (kit, card, 2, 0, WALLET, TRUE, NULL), ==, 0x6982); /* not authenticated */
    g_assert_cmphex (authenticate (kit, card, TRUE), ==, 0x9000);
    g_assert_cmphex (say (card, "04D682000C" WALLET "00000000", NULL), ==, 0x6984); /* no challenge */
    g_assert_cmphex (update (kit, card, 2, 0, WALLET, TRUE, NULL), ==, 0x9000);
    g_assert_cmphex (update (kit, card, 2, 1, WALLET, TRUE, NULL), ==, 0x6b00); /* past its end */
    g_assert_cmphex (update (kit, card, 9, 0, WALLET, TRUE, NULL), ==, 0x6a82);
    say (card, "00A4000002DF02", NULL);
    say (card, DF01, NULL);
    g_assert_cmphex (update (kit, card, 2, 0, WALLET, TRUE, NULL), ==, 0x6982); /* another directory forgets */
    g_assert_cmphex (authenticate (kit, card, TRUE), ==, 0x9000);
    oc_sim_card_reset (card, OC_SIM_READER_ACS);
    say (card, DF01, NULL);
    g_assert_cmphex (update (kit, card, 2, 0, WALLET, TRUE, NULL), ==, 0x6982); /* so does power */
    g_assert_cmphex (say (card, "00B0820008", &wallet), ==, 0x9000);
    g_assert_cmpstr (wallet, ==, WALLET);
    say (card, MF, NULL);
    g_assert_cmphex (authenticate (kit, card, TRUE), ==, 0x9000);
    g_assert_cmphex (update (kit, card, 0x19, 1, WALLET, TRUE, NULL), ==, 0x6982); /* the serial is for ever */
}

static void
test_challenge_serves_once (Kit *kit, gconstpointer data)
{
    g_autoptr(OcSimCard) card = open_card (kit);
    guint8 command[13] = { 0x00, 0x82, 0x00, 0x02, 0x08 }, key[16], challenge[8];

    say (card, DF01, NULL);
    get_challenge (card, 8, challenge);
    say (card, "00B0820008", NULL);
    oc_derive_cpu_key (kit->keys.external, oc_sim_cpu_serial (oc_sim_card_cpu (card)), key);
    oc_seal_3des_encrypt (key, challenge, 8, command + 5);
    g_assert_cmphex (send_bytes (card, command, sizeof command, NULL, NULL, NULL), ==, 0x6984);
    g_assert_cmpint (oc_sim_cpu_tries (oc_sim_card_cpu (card), 0xdf01, 2), ==, 3);
}

static void
test_external_key_locks (Kit *kit, gconstpointer data)
{
    OcSimCard *card = open_card (kit);

    say (card, DF01, NULL);
    g_assert_cmphex (authenticate (kit, card, FALSE), ==, 0x63c2);
    g_assert_cmphex (authenticate (kit, card, TRUE), ==, 0x9000); /* gives them back */
    g_assert_cmphex (authenticate (kit, card, FALSE), ==, 0x63c2);
    g_assert_cmphex (update (kit, card, 2, 0, WALLET, TRUE, NULL), ==, 0x6982); /* and takes the right away */
    g_assert_cmphex (authenticate (kit, card, FALSE), ==, 0x63c1);
    g_assert_cmphex (authenticate (kit, card, FALSE), ==, 0x63c0);
    g_assert_cmphex (authenticate (kit, card, TRUE), ==, 0x6983);
    oc_sim_card_free (card); /* no new power opens it again */
    card = open_card (kit);
    say (card, DF01, NULL);
    g_assert_cmphex (authenticate (kit, card, TRUE), ==, 0x6983);
    say (card, "00A4000002DF12", NULL); /* another directory has its own */
    g_assert_cmphex (authenticate (kit, card, TRUE), ==, 0x9000);
    oc_sim_card_free (card);
}

static void
test_mac_key_locks (Kit *kit, gconstpointer data)
{
    g_autoptr(OcSimCard) card = open_card (kit);

    say (card, DF01, NULL);
    authenticate (kit, card, TRUE);
    g_assert_cmphex (update (kit, card, 2, 0, WALLET, FALSE, NULL), ==, 0x6988);
    g_assert_cmpint (oc_sim_cpu_tries (oc_sim_card_cpu (card), 0xdf01, 3), ==, 2);
    for (guint i = 0; i < 2; i++) {
        authenticate (kit, card, TRUE);
        g_assert_cmphex (update (kit, card, 2, 0, WALLET, FALSE, NULL), ==, 0x6988);
    }
    authenticate (kit, card, TRUE);
    g_assert_cmphex (update (kit, card, 2, 0, WALLET, TRUE, NULL), ==, 0x6983);
}

static void
test_torn_and_kept (Kit *kit, gconstpointer data)
{
    OcSimCard *card = open_card (kit);
    g_autofree char *half = NULL, *erased = NULL;

    say (card, DF01, NULL);
    authenticate (kit, card, TRUE);
    update (kit, card, 2, 0, "1111111111111111", TRUE, NULL);
    g_assert_cmphex (update (kit, card, 2, 0, "2222222222222222", TRUE, &(OcSimTear){ .keep = -1 }), ==, 0x9000);
    oc_sim_card_free (card);
    card = open_card (kit); /* what is on disk */
    say (card, DF01, NULL);
    say (card, "00B0820008", &half);
    g_assert_cmpstr (half, ==, "2222222211111111");
    authenticate (kit, card, TRUE);
    update (kit, card, 2, 0, "3333333333333333", TRUE, &(OcSimTear){ .keep = 1, .erased = TRUE });
    say (card, "00B0820008", &erased);
    g_assert_cmpstr (erased, ==, "33FFFFFFFFFFFFFF");
    oc_sim_card_free (card);
}

static void
test_one_holder (Kit *kit, gconstpointer data)
{
    g_autoptr(OcSimCard) card = open_card (kit);
    g_autoptr(GError) error = NULL;

    g_assert_null (oc_sim_card_open (oc_sim_card_path (card), &error));
    g_assert_error (error, OC_SIM_ERROR, OC_SIM_ERROR_LOCKED);
    g_clear_error (&error);
    say (card, DF01, NULL);
    authenticate (kit, card, TRUE);
    update (kit, card, 2, 0, WALLET, TRUE, NULL); /* the file was replaced: the lock went along */
    g_assert_null (oc_sim_card_open (oc_sim_card_path (card), &error));
    g_assert_error (error, OC_SIM_ERROR, OC_SIM_ERROR_LOCKED);
}

static void
test_bad_files (Kit *kit, gconstpointer data)
{
    g_autofree char *path = kit_path (kit, "bad");
    g_autoptr(GError) error = NULL;
    static const char *const texts[] = { "", "[]", "{}", "{\"onecard-sim\": \"meter\"}", "{\"onecard-sim\": \"card\", \"family\": \"cpu\"}",
        "{\"onecard-sim\": \"card\", \"family\": \"24c04\", \"memory\": [\"00\"]}", "{\"onecard-sim\": \"card\", \"family\": \"5\"}" };

    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
        g_assert_null (oc_sim_card_open (path, &error));
        g_assert_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FORMAT);
        g_clear_error (&error);
    }
    g_assert_false (oc_sim_card_make (path, "24c04", NULL, NULL, &error)); /* never over a file */
    g_assert_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FILE);
    g_clear_error (&error);
    g_assert_null (oc_sim_card_open ("/nowhere/at/all", &error));
    g_assert_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FILE);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sim/cpu-card/" name, Kit, NULL, kit_set_up, func, kit_tear_down)
    ADD ("files", test_files);
    ADD ("answers-that-wait", test_answers_that_wait);
    ADD ("vector", test_vector);
    ADD ("wrong-commands", test_wrong_commands);
    ADD ("write-needs-everything", test_write_needs_everything);
    ADD ("challenge-serves-once", test_challenge_serves_once);
    ADD ("external-key-locks", test_external_key_locks);
    ADD ("mac-key-locks", test_mac_key_locks);
    ADD ("torn-and-kept", test_torn_and_kept);
    ADD ("one-holder", test_one_holder);
    ADD ("bad-files", test_bad_files);
    return g_test_run ();
}

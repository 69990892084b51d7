/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ciphers, MACs and key derivation against vectors of others. */
#include <string.h>

#include "seal/bytes.h"
#include "seal/derive.h"
#include "seal/mac.h"

static GKeyFile *vectors;

static GBytes *
vector (const char *group, const char *name)
{
    g_autofree char *hex = g_key_file_get_string (vectors, group, name, NULL);
    GBytes *bytes = hex != NULL ? oc_unhex (hex) : NULL;

    if (bytes == NULL)
        g_error ("no vector %s %s", group, name);
    return bytes;
}

static const guint8 *
data_of (GBytes *bytes)
{
    return g_bytes_get_data (bytes, NULL);
}

static void
assert_bytes (GBytes *wanted, const guint8 *got, gsize len)
{
    g_assert_cmpmem (g_bytes_get_data (wanted, NULL), g_bytes_get_size (wanted), got, len);
}

static void
test_derive (void)
{
    g_autoptr(GBytes) master = vector ("derive-cpu", "master");
    g_autoptr(GBytes) serial = vector ("derive-cpu", "serial");
    g_autoptr(GBytes) wanted = vector ("derive-cpu", "key");
    g_autoptr(GBytes) area_key = vector ("derive-memory", "area_key");
    g_autoptr(GBytes) card_id = vector ("derive-memory", "card_id");
    g_autoptr(GBytes) customer = vector ("derive-memory", "customer");
    g_autoptr(GBytes) wanted_memory = vector ("derive-memory", "key");
    guint8 key[16];

    oc_derive_cpu_key (data_of (master), data_of (serial), key);
    assert_bytes (wanted, key, sizeof key);
    oc_derive_memory_key (data_of (area_key), g_bytes_get_size (area_key), data_of (card_id), data_of (customer), key);
    assert_bytes (wanted_memory, key, sizeof key);
}

static void
test_external_authenticate (void)
{
    g_autoptr(GBytes) key = vector ("derive-cpu", "key");
    g_autoptr(GBytes) challenge = vector ("external-authenticate", "challenge");
    g_autoptr(GBytes) wanted = vector ("external-authenticate", "answer");
    guint8 answer[8];

    oc_seal_3des_encrypt (data_of (key), data_of (challenge), 8, answer);
    assert_bytes (wanted, answer, sizeof answer);
}

static void
test_retail_mac (void)
{
    g_autoptr(GBytes) key = vector ("derive-cpu", "key");
    g_autoptr(GBytes) iv = vector ("retail-mac", "iv");
    g_autoptr(GBytes) message = vector ("retail-mac", "message");
    g_autoptr(GBytes) wanted = vector ("retail-mac", "mac");
    guint8 mac[4];
    guint8 changed[13];

    g_assert_cmpuint (g_bytes_get_size (message), ==, sizeof changed);
    oc_seal_retail_mac (data_of (key), data_of (iv), data_of (message), sizeof changed, mac);
    assert_bytes (wanted, mac, sizeof mac);
    for (guint i = 0; i < sizeof changed * 8; i++) {
        memcpy (changed, data_of (message), sizeof changed);
        changed[i / 8] ^= (guint8) (1u << i % 8);
        oc_seal_retail_mac (data_of (key), data_of (iv), changed, sizeof changed, mac);
        g_assert_false (oc_equal_ct (mac, data_of (wanted), sizeof mac));
    }
}

static void
test_cmac (void)
{
    static const char *const groups[] = { "cmac-empty", "cmac-40", "cmac-64" };

    for (guint i = 0; i < G_N_ELEMENTS (groups); i++) {
        g_autoptr(GBytes) key = vector (groups[i], "key");
        g_autoptr(GBytes) message = vector (groups[i], "message");
        g_autoptr(GBytes) wanted = vector (groups[i], "mac");
        guint8 mac[16];

        oc_seal_cmac (data_of (key), data_of (message), g_bytes_get_size (message), mac);
        assert_bytes (wanted, mac, sizeof mac);
    }
}

static void
test_digests (void)
{
    g_autoptr(GBytes) key = vector ("hmac", "key");
    g_autoptr(GBytes) message = vector ("hmac", "message");
    g_autoptr(GBytes) wanted = vector ("hmac", "mac");
    g_autoptr(GBytes) text = vector ("sha256", "message");
    g_autoptr(GBytes) digest = vector ("sha256", "digest");
    guint8 out[32];

    oc_seal_hmac_sha256 (data_of (key), g_bytes_get_size (key), data_of (message), g_bytes_get_size (message), out);
    assert_bytes (wanted, out, sizeof out);
    oc_seal_sha256 (data_of (text), g_bytes_get_size (text), out);
    assert_bytes (digest, out, sizeof out);
}

static void
test_bytes (void)
{
    g_autoptr(GBytes) bytes = oc_unhex ("00 0a FF");
    g_autoptr(GBytes) secret = oc_secret_bytes (data_of (bytes), 3);
    g_autofree char *hex = oc_hex (data_of (bytes), 3);
    guint8 random[2][16];

    g_assert_cmpstr (hex, ==, "000AFF");
    g_assert_true (g_bytes_equal (bytes, secret));
    g_assert_null (oc_unhex ("0"));
    g_assert_null (oc_unhex ("0G"));
    oc_random (random[0], 16);
    oc_random (random[1], 16);
    g_assert_false (oc_equal_ct (random[0], random[1], 16));
    oc_wipe (random[0], 16);
    memset (random[1], 0, 16);
    g_assert_true (oc_equal_ct (random[0], random[1], 16));
}

int
main (int argc, char **argv)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;

    g_test_init (&argc, &argv, NULL);
    path = g_test_build_filename (G_TEST_DIST, "fixtures", "card-vectors.txt", NULL);
    vectors = g_key_file_new ();
    if (!g_key_file_load_from_file (vectors, path, G_KEY_FILE_NONE, &error))
        g_error ("%s: %s", path, error->message);
    g_test_add_func ("/seal/derive", test_derive);
    g_test_add_func ("/seal/external-authenticate", test_external_authenticate);
    g_test_add_func ("/seal/retail-mac", test_retail_mac);
    g_test_add_func ("/seal/cmac", test_cmac);
    g_test_add_func ("/seal/digests", test_digests);
    g_test_add_func ("/seal/bytes", test_bytes);
    return g_test_run ();
}

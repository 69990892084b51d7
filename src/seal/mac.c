/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ciphers and MACs of cards over libcrypto. A failure of libcrypto here (no such cipher, no memory) is not something
 * that a caller could mend: it aborts. */
#include "seal/mac.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#define BLOCK 8

static void
must (gboolean ok, const char *what)
{
    if (!ok)
        g_error ("libcrypto cannot do %s", what);
}

static void
des_ede_ecb (const guint8 key[16], gboolean encrypt, const guint8 *in, gsize len, guint8 *out)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new ();
    int n = 0;

    g_assert (len % BLOCK == 0 && len <= G_MAXINT);
    must (ctx != NULL && EVP_CipherInit_ex (ctx, EVP_des_ede_ecb (), NULL, key, NULL, encrypt) == 1
            && EVP_CIPHER_CTX_set_padding (ctx, 0) == 1
            && EVP_CipherUpdate (ctx, out, &n, in, (int) len) == 1 && n == (int) len,
        "3DES");
    EVP_CIPHER_CTX_free (ctx);
}

void
oc_seal_3des_encrypt (const guint8 key[16], const guint8 *in, gsize len, guint8 *out)
{
    des_ede_ecb (key, TRUE, in, len, out);
}

void
oc_seal_retail_mac (const guint8 key[16], const guint8 iv[8], const guint8 *message, gsize len, guint8 mac[4])
{
    gsize padded_len = (len / BLOCK + 1) * BLOCK;
    guint8 *padded = g_malloc0 (padded_len);
    guint8 halves[16];
    guint8 block[BLOCK];

    if (len > 0)
        memcpy (padded, message, len);
    padded[len] = 0x80;

    /* The chain runs in single DES, which OpenSSL 3 has only as DES-EDE with equal halves; encrypting the last block
     * under both halves of the key is the algorithm's final decipher and encipher in one. */
    memcpy (halves, key, 8);
    memcpy (halves + 8, key, 8);
    memcpy (block, iv, BLOCK);
    for (gsize at = 0; at < padded_len; at += BLOCK) {
        for (guint i = 0; i < BLOCK; i++)
            block[i] ^= padded[at + i];
        des_ede_ecb (at + BLOCK < padded_len ? halves : key, TRUE, block, BLOCK, block);
    }
    memcpy (mac, block, 4);
    OPENSSL_cleanse (halves, sizeof halves);
    OPENSSL_cleanse (block, sizeof block);
    OPENSSL_cleanse (padded, padded_len);
    g_free (padded);
}

void
oc_seal_cmac (const guint8 key[16], const guint8 *message, gsize len, guint8 mac[16])
{
    char cipher[] = "AES-128-CBC";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string (OSSL_MAC_PARAM_CIPHER, cipher, 0),
        OSSL_PARAM_construct_end (),
    };
    EVP_MAC *algorithm = EVP_MAC_fetch (NULL, "CMAC", NULL);
    EVP_MAC_CTX *ctx = algorithm != NULL ? EVP_MAC_CTX_new (algorithm) : NULL;
    size_t n = 0;

    must (ctx != NULL && EVP_MAC_init (ctx, key, 16, params) == 1 && EVP_MAC_update (ctx, message, len) == 1
            && EVP_MAC_final (ctx, mac, &n, 16) == 1 && n == 16,
        "AES-CMAC");
    EVP_MAC_CTX_free (ctx);
    EVP_MAC_free (algorithm);
}

void
oc_seal_hmac_sha256 (const guint8 *key, gsize key_len, const guint8 *message, gsize len, guint8 mac[32])
{
    unsigned int n = 0;

    g_assert (key_len <= G_MAXINT);
    must (HMAC (EVP_sha256 (), key, (int) key_len, message, len, mac, &n) != NULL && n == 32, "HMAC-SHA-256");
}

void
oc_seal_sha256 (const guint8 *data, gsize len, guint8 out[32])
{
    unsigned int n = 0;

    must (EVP_Digest (data, len, out, &n, EVP_sha256 (), NULL) == 1 && n == 32, "SHA-256");
}

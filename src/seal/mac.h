/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ciphers and MACs of cards over libcrypto. Keys are given as bytes and never logged; buffers are wiped.
 * Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Two-key 3DES ECB of whole blocks. */
void oc_seal_3des_encrypt (const guint8 key[16], const guint8 *in, gsize len, guint8 *out);
/* ISO 9797-1 algorithm 3 (retail MAC), padding 80 00…, the given 8-byte start value; first 4 bytes. */
void oc_seal_retail_mac (const guint8 key[16], const guint8 iv[8], const guint8 *message, gsize len, guint8 mac[4]);
/* AES-128-CMAC, 16 bytes. */
void oc_seal_cmac (const guint8 key[16], const guint8 *message, gsize len, guint8 mac[16]);
void oc_seal_hmac_sha256 (const guint8 *key, gsize key_len, const guint8 *message, gsize len, guint8 mac[32]);
void oc_seal_sha256 (const guint8 *data, gsize len, guint8 out[32]);

G_END_DECLS

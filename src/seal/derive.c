/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of one card from the masters. */
#include "seal/derive.h"

#include <string.h>

#include "seal/bytes.h"
#include "seal/mac.h"

void
oc_derive_cpu_key (const guint8 master[16], const guint8 serial[8], guint8 key[16])
{
    guint8 both[16];

    for (guint i = 0; i < 8; i++) {
        both[i] = serial[i];
        both[8 + i] = (guint8) ~serial[i];
    }
    oc_seal_3des_encrypt (master, both, sizeof both, key);
}

void
oc_derive_memory_key (const guint8 *area_key, gsize len, const guint8 card_id[8], const guint8 customer[6], guint8 key[16])
{
    guint8 message[14];
    guint8 digest[32];

    memcpy (message, card_id, 8);
    memcpy (message + 8, customer, 6);
    oc_seal_hmac_sha256 (area_key, len, message, sizeof message, digest);
    memcpy (key, digest, 16);
    oc_wipe (digest, sizeof digest);
}

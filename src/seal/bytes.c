/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secret bytes: wiping, constant-time comparison, random and hex over libcrypto and the system's random source. */
#include "seal/bytes.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

typedef struct {
    gsize len;
    guint8 data[];
} SecretBox;

static void
secret_box_free (gpointer box)
{
    SecretBox *self = box;

    OPENSSL_cleanse (self->data, self->len);
    g_free (self);
}

void
oc_wipe (void *data, gsize len)
{
    if (data != NULL)
        OPENSSL_cleanse (data, len);
}

gboolean
oc_equal_ct (const guint8 *a, const guint8 *b, gsize len)
{
    return CRYPTO_memcmp (a, b, len) == 0;
}

void
oc_random (guint8 *out, gsize len)
{
    g_assert (len <= G_MAXINT);
    if (RAND_bytes (out, (int) len) != 1)
        g_error ("the system gives no random bytes");
}

char *
oc_hex (const guint8 *data, gsize len)
{
    static const char digits[] = "0123456789ABCDEF";
    char *hex = g_malloc (len * 2 + 1);

    for (gsize i = 0; i < len; i++) {
        hex[2 * i] = digits[data[i] >> 4];
        hex[2 * i + 1] = digits[data[i] & 15];
    }
    hex[len * 2] = '\0';
    return hex;
}

GBytes *
oc_unhex (const char *hex)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new ();
    int high = -1;

    for (; *hex != '\0'; hex++) {
        int digit;

        if (*hex == ' ')
            continue;
        if ((digit = g_ascii_xdigit_value (*hex)) < 0)
            return NULL;
        if (high < 0) {
            high = digit;
        } else {
            guint8 byte = (guint8) (high << 4 | digit);

            g_byte_array_append (bytes, &byte, 1);
            high = -1;
        }
    }
    if (high >= 0)
        return NULL;
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

GBytes *
oc_secret_bytes (const guint8 *data, gsize len)
{
    SecretBox *box = g_malloc (sizeof *box + len);

    box->len = len;
    if (len > 0)
        memcpy (box->data, data, len);
    return g_bytes_new_with_free_func (box->data, len, secret_box_free, box);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPU cards: the session of cards.md, chapter 2. */
#include "card/cpu.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "seal/bytes.h"
#include "seal/mac.h"

#define SW_NOT_FOUND 0x6A82
#define SW_END_OF_FILE 0x6282
#define SW_OFFSET 0x6B00
#define READ_MAX 248  /* a second READ BINARY's offset must fit into P2 */
#define WRITE_MAX 251 /* 255 less the MAC */
#define OFFSET_MAX 255

guint16
oc_cpu_directory (const char *name)
{
    return (guint16) g_ascii_strtoull (name, NULL, 16);
}

static gboolean
select_file (OcCpu *self, guint16 id, guint16 *sw, GError **error)
{
    OcApdu apdu = oc_apdu_new (0x00, 0xA4, 0x00, 0x00);
    const guint8 name[2] = { (guint8) (id >> 8), (guint8) id };

    oc_apdu_put_data (&apdu, name, sizeof name);
    if (!oc_apdu_send (self->link, &apdu, OC_FOLLOW_NOTHING, 0, NULL, NULL, sw, error))
        return FALSE;
    if (oc_sw_ok (*sw))
        self->current = id;
    return TRUE;
}

gboolean
oc_cpu_select (OcCpu *self, guint16 directory, gboolean *there, GError **error)
{
    guint16 sw;

    *there = TRUE;
    if (self->current == directory)
        return TRUE;
    if (!select_file (self, directory, &sw, error))
        return FALSE;
    /* Some cards find a directory only from its parent. */
    if (sw == SW_NOT_FOUND && self->current != OC_CPU_MF && directory != OC_CPU_MF) {
        if (!select_file (self, OC_CPU_MF, &sw, error))
            return FALSE;
        if (oc_sw_ok (sw) && !select_file (self, directory, &sw, error))
            return FALSE;
    }
    *there = sw != SW_NOT_FOUND;
    return !*there || oc_sw_ok (sw) || oc_sw_error (sw, "selecting a directory", error);
}

static gboolean
read_piece (OcCpu *self, guint8 sfi, guint at, guint8 *out, gsize len, GError **error)
{
    OcApdu apdu = oc_apdu_new (0x00, 0xB0, (guint8) (0x80 | sfi), (guint8) at);

    oc_apdu_put_le (&apdu, (guint) len);
    return oc_apdu_get (self->link, &apdu, "reading a file", out, len, error);
}

gboolean
oc_cpu_serial (OcCpu *self, guint8 serial[8], GError **error)
{
    return read_piece (self, 0x19, 1, serial, 8, error);
}

gboolean
oc_cpu_read (OcCpu *self, guint8 sfi, guint8 *out, gsize size, GError **error)
{
    g_assert (size <= OFFSET_MAX + READ_MAX);
    for (gsize at = 0; at < size; at += READ_MAX)
        if (!read_piece (self, sfi, (guint) at, out + at, MIN (READ_MAX, size - at), error))
            return FALSE;
    return TRUE;
}

gboolean
oc_cpu_read_some (OcCpu *self, guint8 sfi, guint8 *out, gsize *size, GError **error)
{
    gsize room = *size;

    g_assert (room <= OFFSET_MAX + READ_MAX);
    for (*size = 0; *size < room;) {
        gsize want = MIN (READ_MAX, room - *size);
        OcApdu apdu = oc_apdu_new (0x00, 0xB0, (guint8) (0x80 | sfi), (guint8) *size);
        gsize got = want;
        guint16 sw;

        oc_apdu_put_le (&apdu, (guint) want);
        if (!oc_apdu_send (self->link, &apdu, OC_FOLLOW_ALL, 0, out + *size, &got, &sw, error))
            return FALSE;
        if ((sw == SW_NOT_FOUND && *size == 0) || (sw == SW_OFFSET && *size > 0))
            return TRUE;
        if (!oc_sw_ok (sw) && sw != SW_END_OF_FILE)
            return oc_sw_error (sw, "reading a file", error);
        *size += got;
        if (got < want)
            return TRUE;
    }
    return TRUE;
}

gboolean
oc_cpu_internal_authenticate (OcCpu *self, guint8 kid, const guint8 challenge[8], guint8 answer[8], GError **error)
{
    OcApdu apdu = oc_apdu_new (0x00, 0x88, 0x00, kid);

    oc_apdu_put_data (&apdu, challenge, 8);
    return oc_apdu_get (self->link, &apdu, "internal authenticate", answer, 8, error);
}

static gboolean
get_challenge (OcCpu *self, guint8 *out, gsize len, GError **error)
{
    OcApdu apdu = oc_apdu_new (0x00, 0x84, 0x00, 0x00);

    oc_apdu_put_le (&apdu, (guint) len);
    return oc_apdu_get (self->link, &apdu, "get challenge", out, len, error);
}

gboolean
oc_cpu_external_authenticate (OcCpu *self, guint8 kid, const guint8 key[16], GError **error)
{
    OcApdu apdu = oc_apdu_new (0x00, 0x82, 0x00, kid);
    guint8 challenge[8];
    guint8 answer[8];
    guint16 sw;
    gboolean ok;

    if (!get_challenge (self, challenge, sizeof challenge, error))
        return FALSE;
    oc_seal_3des_encrypt (key, challenge, sizeof challenge, answer);
    oc_apdu_put_data (&apdu, answer, sizeof answer);
    ok = oc_apdu_send (self->link, &apdu, OC_FOLLOW_ALL, 0, NULL, NULL, &sw, error)
        && (oc_sw_ok (sw) || oc_sw_error (sw, "external authenticate", error));
    oc_wipe (answer, sizeof answer);
    oc_wipe (&apdu, sizeof apdu);
    return ok;
}

/* `04 D6 (80|SFI) offset Lc data MAC4` under a challenge of its own. */
static gboolean
write_piece (OcCpu *self, guint8 sfi, const guint8 mac_key[16], guint at, const guint8 *data, gsize len,
    OcCpuBeforeWrite before, gpointer user, GError **error)
{
    OcApdu apdu = oc_apdu_new (0x04, 0xD6, (guint8) (0x80 | sfi), (guint8) at);
    guint8 sealed[WRITE_MAX + 4];
    guint8 iv[8] = { 0 };
    guint16 sw;

    g_assert (at <= OFFSET_MAX && len <= WRITE_MAX);
    if (!get_challenge (self, iv, 4, error))
        return FALSE;
    memcpy (sealed, data, len);
    memset (sealed + len, 0, 4);
    oc_apdu_put_data (&apdu, sealed, len + 4);
    oc_seal_retail_mac (mac_key, iv, apdu.bytes, 5 + len, apdu.bytes + 5 + len);
    if (!before (user, error) || !oc_apdu_send (self->link, &apdu, OC_FOLLOW_ALL, len, NULL, NULL, &sw, error))
        return FALSE;
    return oc_sw_ok (sw) || oc_sw_error (sw, "writing a file", error);
}

gboolean
oc_cpu_write (OcCpu *self, guint8 sfi, const guint8 mac_key[16], const guint8 *now, const guint8 *target, gsize size,
    OcCpuBeforeWrite before, gpointer data, GError **error)
{
    g_assert (size <= OFFSET_MAX + WRITE_MAX);
    for (gsize first = 0; first < size;) {
        gsize begin, end;

        if (now[first] == target[first]) {
            first++;
            continue;
        }
        begin = MIN (first, OFFSET_MAX);
        end = MIN (size, begin + WRITE_MAX);
        while (now[end - 1] == target[end - 1])
            end--;
        if (!write_piece (self, sfi, mac_key, (guint) begin, target + begin, end - begin, before, data, error))
            return FALSE;
        first = end;
    }
    return TRUE;
}

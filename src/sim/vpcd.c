/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/vpcd.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#define VPCD_ATR 4 /* 0 off, 1 on, 2 reset */

/* vpcd sends length and payload in two writes: without this Nagle and delayed acknowledgements cost 48 ms an APDU.
 * The kernel forgets it, so it is said before every read; sockets that aren't TCP have no such option. */
static void
acknowledge_at_once (GSocket *socket)
{
#ifdef TCP_QUICKACK
    g_socket_set_option (socket, IPPROTO_TCP, TCP_QUICKACK, 1, NULL);
#endif
}

/* FALSE without an error: the other side closed between two frames. */
static gboolean
receive (GSocket *socket, guint8 *out, gsize len, gboolean *closed, GCancellable *cancellable, GError **error)
{
    gsize have = 0;

    while (have < len) {
        gssize n;

        acknowledge_at_once (socket);
        n = g_socket_receive (socket, (char *) out + have, len - have, cancellable, error);
        if (n < 0)
            return FALSE;
        if (n == 0) {
            if (have == 0 && closed != NULL)
                *closed = TRUE;
            else
                g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "pcscd closed in the middle of a frame.");
            return FALSE;
        }
        have += (gsize) n;
    }
    return TRUE;
}

static gboolean
send_frame (GSocket *socket, const guint8 *data, gsize len, GCancellable *cancellable, GError **error)
{
    guint8 frame[2 + OC_APDU_MAX];
    gsize sent = 0;

    g_assert (len <= OC_APDU_MAX);
    frame[0] = (guint8) (len >> 8);
    frame[1] = len & 0xff;
    memcpy (frame + 2, data, len);
    while (sent < len + 2) {
        gssize n = g_socket_send (socket, (char *) frame + sent, len + 2 - sent, cancellable, error);

        if (n < 0)
            return FALSE;
        sent += (gsize) n;
    }
    return TRUE;
}

gboolean
oc_sim_vpcd_serve (GSocket *socket, OcSimSlot *slot, GCancellable *cancellable, GError **error)
{
    for (;;) {
        guint8 head[2], frame[65535], out[OC_APDU_MAX];
        gsize len, out_len = 0;
        gboolean closed = FALSE;
        g_autoptr(GError) why = NULL;

        if (!receive (socket, head, 2, &closed, cancellable, error))
            return closed;
        len = (gsize) head[0] << 8 | head[1];
        if (len == 0)
            continue;
        if (!receive (socket, frame, len, NULL, cancellable, error))
            return FALSE;
        if (len == 1) {
            /* pcscd asks for the ATR again and again to see whether the card is there: that resets nothing */
            if (frame[0] == VPCD_ATR ? !oc_sim_slot_get_atr (slot, out, &out_len) : !oc_sim_slot_power (slot))
                return TRUE; /* taken out meanwhile */
            if (frame[0] == VPCD_ATR && out_len == 0)
                out[out_len++] = 0x00; /* vpcd waits for ever for an empty ATR; this one is none either */
            if (frame[0] == VPCD_ATR && !send_frame (socket, out, out_len, cancellable, error))
                return FALSE;
            continue;
        }
        if (!oc_sim_slot_transmit (slot, frame, len, out, &out_len, &why)) {
            if (g_error_matches (why, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED))
                return TRUE;
            g_propagate_error (error, g_steal_pointer (&why));
            return FALSE;
        }
        if (!send_frame (socket, out, out_len, cancellable, error))
            return FALSE;
    }
}

gboolean
oc_sim_vpcd_run (OcSimSlot *slot, guint16 port, void (*ready) (gpointer), gpointer data, GCancellable *cancellable, GError **error)
{
    g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
    g_autoptr(GInetAddress) local = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new (local, port);
    gboolean ok;

    if (socket == NULL || !g_socket_connect (socket, address, cancellable, error))
        return FALSE;
    g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
    if (ready != NULL)
        ready (data);
    ok = oc_sim_vpcd_serve (socket, slot, cancellable, error);
    g_socket_close (socket, NULL);
    return ok;
}

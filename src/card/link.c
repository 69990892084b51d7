/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card inside an exchange. */
#include "card/link.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/apdu.h"
#include "seal/bytes.h"

const guint8 *
oc_card_link_atr (OcCardLink *link, gsize *len)
{
    *len = link->state.atr_len;
    return link->state.atr;
}

const char *
oc_card_link_reader (OcCardLink *link)
{
    return link->state.name;
}

gboolean
oc_card_link_exchange (OcCardLink *link, const guint8 *in, gsize in_len, gsize writes, guint8 *out, gsize *out_len,
    guint16 *sw, GError **error)
{
    g_assert (g_thread_self () == link->thread);
    link->n_apdus++;
    link->n_written += writes;
    *out_len = OC_APDU_MAX;
    if (!link->reader->klass->transmit (link->reader, in, in_len, out, out_len, error))
        return FALSE;
    if (*out_len < 2)
        return oc_card_error_set (error, OC_CARD_ERROR_PROTOCOL, 0, _("The card gave no proper answer."));
    *out_len -= 2;
    *sw = (guint16) (out[*out_len] << 8 | out[*out_len + 1]);
    return TRUE;
}

gboolean
oc_card_link_transmit (OcCardLink *link, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, guint16 *sw,
    GError **error)
{
    OcApdu apdu = { .len = in_len };
    gboolean ok;

    g_return_val_if_fail (in_len >= 4 && in_len <= OC_APDU_MAX, FALSE);
    memcpy (apdu.bytes, in, in_len);
    ok = oc_apdu_send (link, &apdu, OC_FOLLOW_ALL, 0, out, out_len, sw, error);
    oc_wipe (&apdu, sizeof apdu);
    return ok;
}

guint
oc_card_link_n_apdus (OcCardLink *link)
{
    return link->n_apdus;
}

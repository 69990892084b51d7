/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands to cards and what their status words mean. */
#include "card/apdu.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/link.h"
#include "seal/bytes.h"

OcApdu
oc_apdu_new (guint8 cla, guint8 ins, guint8 p1, guint8 p2)
{
    return (OcApdu){ { cla, ins, p1, p2 }, 4 };
}

void
oc_apdu_put_data (OcApdu *self, const guint8 *data, gsize len)
{
    g_assert (self->len == 4 && len > 0 && len <= 255);
    self->bytes[4] = (guint8) len;
    memcpy (self->bytes + 5, data, len);
    self->len = 5 + len;
}

void
oc_apdu_put_le (OcApdu *self, guint le)
{
    g_assert (self->len < OC_APDU_MAX && le > 0 && le <= 256);
    self->bytes[self->len++] = (guint8) le; /* 256 is 00 */
}

/* 6Cxx: the same command once more, with the length that the card has. */
static gboolean
ask_again (OcCardLink *link, const OcApdu *apdu, guint8 *answer, gsize *answer_len, guint16 *sw, GError **error)
{
    OcApdu again = *apdu;
    gboolean ok;

    again.len = apdu->len > 5 ? 5 + (gsize) apdu->bytes[4] : 4;
    oc_apdu_put_le (&again, (*sw & 0xFF) != 0 ? *sw & 0xFF : 256);
    ok = oc_card_link_exchange (link, again.bytes, again.len, 0, answer, answer_len, sw, error);
    oc_wipe (&again, sizeof again);
    return ok;
}

gboolean
oc_apdu_send (OcCardLink *link, const OcApdu *apdu, OcFollow follow, gsize writes, guint8 *out, gsize *out_len,
    guint16 *sw, GError **error)
{
    gsize room = out != NULL && out_len != NULL ? *out_len : 0;
    gsize filled = 0;
    guint8 answer[OC_APDU_MAX];
    gsize n;

    if (!oc_card_link_exchange (link, apdu->bytes, apdu->len, writes, answer, &n, sw, error))
        return FALSE;
    if ((*sw & 0xFF00) == 0x6C00 && !ask_again (link, apdu, answer, &n, sw, error))
        return FALSE;
    for (guint round = 0;; round++) {
        if (n > room - filled && out != NULL)
            return oc_card_error_set (error, OC_CARD_ERROR_PROTOCOL, *sw, _("The card's answer is longer than it should be."));
        if (out != NULL && n > 0)
            memcpy (out + filled, answer, n);
        filled += n;
        if ((*sw & 0xFF00) != 0x6100 || follow == OC_FOLLOW_NOTHING || round == 8)
            break;
        {
            OcApdu more = oc_apdu_new (0x00, 0xC0, 0x00, 0x00);

            oc_apdu_put_le (&more, (*sw & 0xFF) != 0 ? *sw & 0xFF : 256);
            if (!oc_card_link_exchange (link, more.bytes, more.len, 0, answer, &n, sw, error))
                return FALSE;
        }
    }
    if (out_len != NULL)
        *out_len = filled;
    oc_wipe (answer, sizeof answer);
    return TRUE;
}

gboolean
oc_apdu_wrong_length (guint16 sw, GError **error)
{
    return oc_card_error_set (error, OC_CARD_ERROR_PROTOCOL, sw, _("The card answered with the wrong number of bytes."));
}

void
oc_apdu_wipe (OcApdu *self)
{
    oc_wipe (self, sizeof *self);
}

gboolean
oc_apdu_put (OcCardLink *link, const OcApdu *apdu, const char *doing, gsize writes, GError **error)
{
    guint16 sw;

    if (!oc_apdu_send (link, apdu, OC_FOLLOW_ALL, writes, NULL, NULL, &sw, error))
        return FALSE;
    return oc_sw_ok (sw) || oc_sw_error (sw, doing, error);
}

gboolean
oc_apdu_get (OcCardLink *link, const OcApdu *apdu, const char *doing, guint8 *out, gsize len, GError **error)
{
    guint8 answer[OC_APDU_MAX];
    gsize n = sizeof answer;
    guint16 sw;

    if (!oc_apdu_send (link, apdu, OC_FOLLOW_ALL, 0, answer, &n, &sw, error))
        return FALSE;
    if (!oc_sw_ok (sw))
        return oc_sw_error (sw, doing, error);
    if (n != len)
        return oc_apdu_wrong_length (sw, error);
    if (len > 0)
        memcpy (out, answer, len);
    oc_wipe (answer, sizeof answer);
    return TRUE;
}

gboolean
oc_sw_error (guint16 sw, const char *doing, GError **error)
{
    g_debug ("%s: %04X", doing, sw);
    if ((sw & 0xFFF0) == 0x63C0)
        return oc_card_error_set (error, OC_CARD_ERROR_AUTH, sw,
            g_dngettext (GETTEXT_PACKAGE, "The keys don't fit this card; %u try is left. Use another card.",
                "The keys don't fit this card; %u tries are left. Use another card.", sw & 15),
            sw & 15u);
    switch (sw) {
    case 0x6983:
        return oc_card_error_set (error, OC_CARD_ERROR_AUTH, sw, _("A key of this card is locked. Use another card."));
    case 0x6982:
    case 0x6985:
    case 0x6988:
        return oc_card_error_set (error, OC_CARD_ERROR_AUTH, sw, _("The keys don't fit this card. Use another card."));
    case 0x6581:
        return oc_card_error_set (error, OC_CARD_ERROR_STATUS, sw,
            _("The card's memory can't be written (%04X). Use another card."), sw);
    default:
        return oc_card_error_set (error, OC_CARD_ERROR_STATUS, sw, _("The card answered with an error (%04X)."), sw);
    }
}

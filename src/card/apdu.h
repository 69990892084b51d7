/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands to cards and what their status words mean. For the card layer only. */
#pragma once

#include "card/card-service.h"

G_BEGIN_DECLS

typedef struct {
    guint8 bytes[OC_APDU_MAX];
    gsize len;
} OcApdu;

/* CLA INS P1 P2 alone. */
OcApdu oc_apdu_new (guint8 cla, guint8 ins, guint8 p1, guint8 p2);
void oc_apdu_put_data (OcApdu *self, const guint8 *data, gsize len); /* Lc and up to 255 bytes */
void oc_apdu_put_le (OcApdu *self, guint le);                        /* up to 256 */

/* How an answer is followed up. */
typedef enum {
    OC_FOLLOW_ALL,    /* 61xx: the data are fetched; 6Cxx: asked again with the right length */
    OC_FOLLOW_NOTHING /* 61xx is a success whose data nobody wants */
} OcFollow;

/* One command, followed up; counted by the link. @writes: how many of its data bytes go into the card's memory. */
gboolean oc_apdu_send (OcCardLink *link, const OcApdu *apdu, OcFollow follow, gsize writes, guint8 *out, gsize *out_len,
    guint16 *sw, GError **error);

/* The same, where anything but 9000 (61xx) is an error and exactly @len bytes are wanted. @doing: what the log says. */
gboolean oc_apdu_get (OcCardLink *link, const OcApdu *apdu, const char *doing, guint8 *out, gsize len, GError **error);
/* The same for a command that answers nothing: @writes of its bytes go into the card's memory. */
gboolean oc_apdu_put (OcCardLink *link, const OcApdu *apdu, const char *doing, gsize writes, GError **error);
gboolean oc_apdu_wrong_length (guint16 sw, GError **error); /* that error; always FALSE */
void oc_apdu_wipe (OcApdu *self);

static inline gboolean
oc_sw_ok (guint16 sw)
{
    return sw == 0x9000 || (sw & 0xFF00) == 0x6100;
}

/* The error that a status word stands for. Always FALSE. */
gboolean oc_sw_error (guint16 sw, const char *doing, GError **error);

/* reader.c: an error with the status word that rode along. Always FALSE. */
gboolean oc_card_error_set (GError **error, OcCardErrorCode code, guint16 sw, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

G_END_DECLS

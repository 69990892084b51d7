/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns the bytes of one area into named values and back, by its layout. Pure; any thread.
 * Values are texts: numbers as exact decimals ("100.00"), digits with their zeros, hex in capitals, times as
 * "YYYY-MM-DD hh:mm" ("" for all zeros). @step is the sampling step in 1/10000 (0 where no field counts steps). */
#pragma once

#include "card/layout.h"
#include "core/fields.h"

G_BEGIN_DECLS

typedef struct {
    gboolean valid;   /* constants, length and sum are right (MACs are not looked at here) */
    gboolean blank;   /* all FF or all 00 */
} OcAreaCheck;

/* Decodes whatever is there, valid or not; check may be NULL. Fields carry labels and raw hex. */
OcFields *oc_engine_decode (const OcLayoutArea *area, GBytes *data, gint64 step, OcAreaCheck *check);

/* Encodes: absent values are zero; constants, length and sum are filled in; MAC bytes are zero.
 * FALSE (OC_LAYOUT_ERROR) when a value does not fit its field. */
GBytes *oc_engine_encode (const OcLayoutArea *area, const OcFields *values, gint64 step, GError **error);

/* The message whose MAC a memory record carries: kind ‖ slot ‖ copy ‖ card id ‖ meter number (6 BCD) ‖ record
 * without its MAC. @slot 0 and zero meter number for the header; @copy 0 or 1. */
GBytes *oc_engine_mac_message (const OcLayoutArea *area, guint slot, guint copy, const guint8 card_id[8],
    const guint8 meter[6], GBytes *record);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated reader with one slot. The slot is what a person has in hand (tray, tests): cards are put in and
 * taken out, the reader plugged and unplugged, from any thread. The OcReader is what the card service gets; it
 * keeps the slot alive. */
#pragma once

#include "card/reader.h"
#include "sim/card-file.h"
#include "sim/fault.h"

G_BEGIN_DECLS

typedef struct _OcSimSlot OcSimSlot;

/* @name NULL: "ACS ACR39U Simulator 00 00" or "HID OMNIKEY 3x21 Simulator 00 00". Plugged in, empty. */
OcSimSlot *oc_sim_slot_new (OcSimReaderKind kind, const char *name);
OcSimSlot *oc_sim_slot_ref (OcSimSlot *self);
void oc_sim_slot_unref (OcSimSlot *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcSimSlot, oc_sim_slot_unref)

/* A reader over this slot; free it with oc_reader_free (). */
OcReader *oc_sim_slot_reader (OcSimSlot *self);
/* For programs: a reader with the card of @path already in it, and @faults (may be NULL). */
OcReader *oc_sim_reader_new (const char *path, OcSimReaderKind kind, const char *faults, GError **error);

/* Puts the card in (what was in comes out first). @upside_down: it gives no ATR. LOCKED if it is elsewhere. */
gboolean oc_sim_slot_insert (OcSimSlot *self, const char *path, gboolean upside_down, GError **error);
/* The same with a card that is open already; the slot owns it until it comes out. */
void oc_sim_slot_insert_card (OcSimSlot *self, OcSimCard *card, gboolean upside_down);
void oc_sim_slot_remove (OcSimSlot *self);
/* Takes the card out and leaves it open; NULL when empty. Caller frees. */
OcSimCard *oc_sim_slot_take (OcSimSlot *self);
/* Path of the card that is in, NULL when empty. Caller frees. */
char *oc_sim_slot_dup_path (OcSimSlot *self);
/* Unplugging takes the card out too. */
void oc_sim_slot_set_plugged (OcSimSlot *self, gboolean plugged);
gboolean oc_sim_slot_is_plugged (OcSimSlot *self);

/* Replaces the faults and begins to count at 1 again; NULL or "": none. */
gboolean oc_sim_slot_set_faults (OcSimSlot *self, const char *faults, GError **error);
guint64 oc_sim_slot_n_apdus (OcSimSlot *self); /* since set_faults (or new) */

/* Called on the thread that transmits, before each APDU (in @out NULL) and after it; for recordings and traces of
 * tests. May call nothing of the slot. NULL removes it. */
typedef void (*OcSimTrace) (const guint8 *in, gsize in_len, const guint8 *out, gsize out_len, gpointer data);
void oc_sim_slot_set_trace (OcSimSlot *self, OcSimTrace trace, gpointer data);

/* The slot's side without an OcReader, for vpcd. Power on or off: the card forgets its session. FALSE when there is no
 * card. The ATR has OC_ATR_MAX bytes of room and is empty when the card is upside down. */
gboolean oc_sim_slot_power (OcSimSlot *self);
gboolean oc_sim_slot_get_atr (OcSimSlot *self, guint8 *atr, gsize *atr_len);
gboolean oc_sim_slot_transmit (OcSimSlot *self, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len,
    GError **error);

G_END_DECLS

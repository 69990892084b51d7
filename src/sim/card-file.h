/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated card in its file (JSON, readable, 0600: it holds the card's keys). The file is the EEPROM: what a
 * command has changed is in the file before its answer is given, by an atomic replacement, so that a killed process
 * leaves what a real card would hold. While a card is open (in a reader or a meter) its file is locked; the lock ends
 * with the process that holds it. One thread at a time. */
#pragma once

#include "sim/cpu-card.h"
#include "sim/memory-card.h"

G_BEGIN_DECLS

#define OC_SIM_ERROR (oc_sim_error_quark ())

typedef enum {
    OC_SIM_ERROR_LOCKED, /* the card is in another reader or meter */
    OC_SIM_ERROR_FILE,   /* the file can't be read or written */
    OC_SIM_ERROR_FORMAT, /* not a simulated card (or meter), or damaged */
    OC_SIM_ERROR_USE,    /* unknown family, fault, key …, or a key is missing */
} OcSimErrorCode;

GQuark oc_sim_error_quark (void);

typedef struct _OcSimCard OcSimCard;

/* Makes a new card file (never over an existing one) as it comes from the issuer. @family: "24c01" … "24c64", "4442",
 * "cpu". @keys: needed by "cpu", for its PSC by "4442", else may be NULL. @serial: 8 bytes of a CPU card, NULL: random. */
gboolean oc_sim_card_make (const char *path, const char *family, const OcSimKeys *keys, const guint8 *serial,
    GError **error);

/* Opens and locks; LOCKED when it is in use. */
OcSimCard *oc_sim_card_open (const char *path, GError **error);
/* Reads it as it is now, without a lock: for looking only, transmit fails. */
OcSimCard *oc_sim_card_peek (const char *path, GError **error);
void oc_sim_card_free (OcSimCard *self); /* unlocks */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcSimCard, oc_sim_card_free)

const char *oc_sim_card_path (const OcSimCard *self);
const char *oc_sim_card_family (const OcSimCard *self); /* as given to make */
OcSimCpu *oc_sim_card_cpu (OcSimCard *self);            /* NULL for a memory card */
OcSimMemory *oc_sim_card_memory (OcSimCard *self);      /* NULL for a CPU card */
const guint8 *oc_sim_card_atr (const OcSimCard *self, gsize *len);

/* Power on: the session's state is forgotten. */
void oc_sim_card_reset (OcSimCard *self, OcSimReaderKind reader);
/* One command, one answer with its status word in @out (OC_APDU_MAX bytes). @tear NULL: none. Fails only when the file
 * can't be written. */
gboolean oc_sim_card_transmit (OcSimCard *self, const guint8 *in, gsize in_len, const OcSimTear *tear, guint8 *out,
    gsize *out_len, GError **error);
/* A card that is not kept changes in memory only, until oc_sim_card_save (): for benchmarks, where what a file costs is no plastic's. */
void oc_sim_card_set_kept (OcSimCard *self, gboolean kept);
/* Keeps what a test changed in the bytes of the card by hand, or all that a card which is not kept has changed. */
gboolean oc_sim_card_save (OcSimCard *self, GError **error);

G_END_DECLS

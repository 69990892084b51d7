/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated cards and meters for the tests of sim: a folder of its own, keys nobody uses, and cards whose content is put
 * there by hand, apart from the station's code. */
#pragma once

#include "sim/meter.h"

typedef struct {
    char *dir;
    OcSimKeys keys;
    const char *chip; /* what the test is run with: its data */
} Kit;

void kit_set_up (Kit *kit, gconstpointer data);
void kit_tear_down (Kit *kit, gconstpointer data);
char *kit_path (Kit *kit, const char *name); /* caller frees */

/* A purchase as it stands on a card; what is 0 or NULL stays away. */
typedef struct {
    guint type;              /* card type */
    guint64 count;
    gint64 amount;           /* fen, or steps of 0.1 */
    const char *meter, *customer;
    guint8 flags;            /* CPU: update flags; memory: revision */
    const char *rate;        /* CPU: 8 digits */
    enum { KIT_EMPTY, KIT_RETURNED, KIT_TORN_CLEAR } back;
    guint64 back_count;
    guint issue;             /* memory */
    guint copy, slot;        /* memory: 0 A, 1 B; slot 0: 1 */
} KitSale;

/* New files; the CPU card has this serial's last byte. */
char *kit_cpu_card (Kit *kit, const char *name, guint8 serial);
char *kit_memory_card (Kit *kit, const char *name, const char *family);
void kit_put_cpu (const char *card, guint16 directory, const KitSale *sale);
void kit_put_memory (Kit *kit, const char *card, const KitSale *sale);

/* A new meter in the file @name, opened; it has the kit's keys. */
OcSimMeter *kit_meter (Kit *kit, const char *name, OcSimMeterMake make);
/* What the meter did with the card; @faults as in oc_sim_meter_insert. */
OcSimMeterReport kit_insert (OcSimMeter *meter, const char *card, const char *faults);

/* Return data of the CPU card: is the frame right, its count and remaining fen. */
gboolean kit_cpu_back (const char *card, guint16 directory, guint64 *count, gint64 *remaining);
/* The same of a memory card, in steps; the valid copy in force. */
gboolean kit_memory_back (Kit *kit, const char *card, const KitSale *sale, guint64 *count, gint64 *remaining, gint64 *credited);

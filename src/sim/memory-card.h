/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory cards as a PC/SC reader shows them: 24C01…24C64 (a write that crosses a page wraps inside it) and SLE4442
 * (PSC with three tries, protected factory bytes), behind the commands of ACS or of OMNIKEY readers. What it holds is
 * a value; card-file.h keeps it on disk. Not thread-safe.
 *
 * As with real readers a wrong card type is not noticed: reading gives FF, writing fails with 6300. Addresses past the
 * chip's end fail with 6300. */
#pragma once

#include <json-glib/json-glib.h>

#include "sim/fault.h"
#include "sim/keys.h"

G_BEGIN_DECLS

typedef enum { OC_SIM_READER_ACS, OC_SIM_READER_OMNIKEY } OcSimReaderKind;

typedef struct {
    const char *name; /* "24c04", "4442" */
    guint size, page; /* bytes; SLE4442 has no pages: 1 */
    guint8 type;      /* ACS card type */
} OcSimChip;

const OcSimChip *oc_sim_chip_find (const char *name); /* NULL when unknown */

typedef struct _OcSimMemory OcSimMemory;

/* As it comes from the factory: FF (SLE4442: its header in the first 32 bytes). */
OcSimMemory *oc_sim_memory_new (const OcSimChip *chip, const OcSimKeys *keys);
OcSimMemory *oc_sim_memory_from_json (JsonObject *object, GError **error);
void oc_sim_memory_to_json (const OcSimMemory *self, JsonBuilder *builder);
void oc_sim_memory_free (OcSimMemory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcSimMemory, oc_sim_memory_free)

const OcSimChip *oc_sim_memory_chip (const OcSimMemory *self);
guint8 *oc_sim_memory_bytes (OcSimMemory *self); /* chip->size of them */
int oc_sim_memory_tries (const OcSimMemory *self); /* of the PSC; -1 where there is none */
const guint8 *oc_sim_memory_atr (const OcSimMemory *self, gsize *len);
/* Power on, in a reader of that kind. */
void oc_sim_memory_reset (OcSimMemory *self, OcSimReaderKind reader);
/* As oc_sim_cpu_transmit. */
gboolean oc_sim_memory_transmit (OcSimMemory *self, const guint8 *in, gsize in_len, const OcSimTear *tear, guint8 *out,
    gsize *out_len);

G_END_DECLS

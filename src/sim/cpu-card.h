/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A CPU card (ISO 7816-4 with FMCOS/PBOC commands, T=0): MF, DF01…DF05 and DF12…DF58 with the files of every
 * layout of their type of meter, challenges, internal and external authentication, MAC'd writes, tries that lock for ever, 61xx and 6Cxx. What it
 * holds is a value; card-file.h keeps it on disk. Not thread-safe. */
#pragma once

#include <json-glib/json-glib.h>

#include "sim/fault.h"
#include "sim/keys.h"

G_BEGIN_DECLS

#define OC_SIM_TRIES 3 /* of each key in each directory */

typedef struct _OcSimCpu OcSimCpu;

/* As it comes from the issuer: files all zero, keys 1 (internal), 2 (external) and 3 (MAC) of this serial in every
 * directory. */
OcSimCpu *oc_sim_cpu_new (const guint8 serial[8], const OcSimKeys *keys);
OcSimCpu *oc_sim_cpu_from_json (JsonObject *object, GError **error);
void oc_sim_cpu_to_json (const OcSimCpu *self, JsonBuilder *builder);
void oc_sim_cpu_free (OcSimCpu *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcSimCpu, oc_sim_cpu_free)

const guint8 *oc_sim_cpu_serial (const OcSimCpu *self); /* 8 bytes */
const guint8 *oc_sim_cpu_atr (const OcSimCpu *self, gsize *len);
/* Power on: MF is selected, no challenge, nothing authenticated. */
void oc_sim_cpu_reset (OcSimCpu *self);
/* One command; @out has OC_APDU_MAX bytes. @tear: cut a write short. TRUE when something to keep has changed. */
gboolean oc_sim_cpu_transmit (OcSimCpu *self, const guint8 *in, gsize in_len, const OcSimTear *tear, guint8 *out,
    gsize *out_len);

/* A file as it is, for tests and show: 3F00/19, DF01/02. Borrowed; NULL when there is none. */
guint8 *oc_sim_cpu_file (OcSimCpu *self, guint16 directory, guint8 sfi, gsize *size);
/* Tries left of a key; -1 when there is none. */
int oc_sim_cpu_tries (const OcSimCpu *self, guint16 directory, guint8 kid);
void oc_sim_cpu_foreach_file (OcSimCpu *self,
    void (*func) (guint16 directory, guint8 sfi, const guint8 *data, gsize size, gpointer user), gpointer user);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPU cards (ISO 7816-4, FMCOS/PBOC): selecting, reading whole files, authenticating, MAC'd writes. Nothing here is ever
 * tried twice that could cost a try. For the card layer only. */
#pragma once

#include "card/apdu.h"

G_BEGIN_DECLS

/* A session inside one exchange. */
typedef struct {
    OcCardLink *link;
    guint16 current; /* the directory that is selected, 0: not known */
} OcCpu;

#define OC_CPU_MF 0x3F00

/* "DF14" -> 0xDF14. */
guint16 oc_cpu_directory (const char *name);

/* @there FALSE: the card has no such directory. */
gboolean oc_cpu_select (OcCpu *self, guint16 directory, gboolean *there, GError **error);
gboolean oc_cpu_serial (OcCpu *self, guint8 serial[8], GError **error);
gboolean oc_cpu_read (OcCpu *self, guint8 sfi, guint8 *out, gsize size, GError **error);
/* As much of a file as there is, at most *size; *size 0: no such file. */
gboolean oc_cpu_read_some (OcCpu *self, guint8 sfi, guint8 *out, gsize *size, GError **error);

/* The card's answer to @challenge; costs no try. */
gboolean oc_cpu_internal_authenticate (OcCpu *self, guint8 kid, const guint8 challenge[8], guint8 answer[8], GError **error);
/* Proves us to the card: AUTH with the tries left where the key does not fit. Never repeat it. */
gboolean oc_cpu_external_authenticate (OcCpu *self, guint8 kid, const guint8 key[16], GError **error);

/* Called before each command that writes. FALSE stops. */
typedef gboolean (*OcCpuBeforeWrite) (gpointer data, GError **error);
/* Brings a file from @now to @target with as few commands as there can be: each covers as much of what differs as fits
 * into it, from its first to its last differing byte, in ascending order. */
gboolean oc_cpu_write (OcCpu *self, guint8 sfi, const guint8 mac_key[16], const guint8 *now, const guint8 *target,
    gsize size, OcCpuBeforeWrite before, gpointer data, GError **error);

G_END_DECLS

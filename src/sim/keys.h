/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys that simulated cards are personalised with and simulated meters hold. They come from a database (demo)
 * or from a file (tests); never logged, wiped when cleared. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    gboolean cpu; /* all three masters are there */
    guint have;   /* which of them, as bits */
    guint8 internal[16], external[16], mac[16];
    guint8 area[32]; /* of memory cards */
    gsize area_len;  /* 0: not there */
    guint8 psc[3];   /* SLE4442 */
} OcSimKeys;

/* No keys; PSC as SLE4442 cards leave the factory. */
void oc_sim_keys_init (OcSimKeys *self);
void oc_sim_keys_clear (OcSimKeys *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OcSimKeys, oc_sim_keys_clear)

/* @purpose as in the database: "cpu-internal", "cpu-external", "cpu-mac", "memory-area", "memory-psc". */
gboolean oc_sim_keys_set (OcSimKeys *self, const char *purpose, GBytes *secret, GError **error);
/* A JSON object of purposes and hex: {"cpu-internal": "…", …}. */
gboolean oc_sim_keys_load (OcSimKeys *self, const char *path, GError **error);

G_END_DECLS

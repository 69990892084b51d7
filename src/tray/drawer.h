/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drawer under the demo's card tray: a folder with simulated cards and meters. A card that speaks of a meter which
 * is not there gets one: at the demo's houses meters hang on the wall already. Files only; any one thread at a time. */
#pragma once

#include "sim/meter.h"
#include "sim/reader.h"

G_BEGIN_DECLS

/* The keys of the database that the cards are for. Blocks; called from a thread of its own. */
typedef gboolean (*OcDrawerKeys) (OcSimKeys *keys, gpointer data, GError **error);

typedef struct {
    char *path, *name;  /* "3": the card's number in the drawer */
    char *family;       /* "cpu", "24c04", … */
    char *customer;     /* number without zeros, "" on a blank card */
} OcDrawerCard;

typedef struct {
    char *path;
    OcFields *fields;   /* as oc_sim_meter_describe () */
} OcDrawerMeter;

typedef struct _OcDrawer OcDrawer;

/* @folder is made with the first card. */
OcDrawer *oc_drawer_new (const char *folder, OcDrawerKeys keys, gpointer data);
void oc_drawer_free (OcDrawer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcDrawer, oc_drawer_free)

/* As they are now, by their names; arrays of OcDrawerCard and OcDrawerMeter. Caller unrefs. */
GPtrArray *oc_drawer_cards (OcDrawer *self);
GPtrArray *oc_drawer_meters (OcDrawer *self);

/* A blank card. Asks for keys: not on the main thread. */
gboolean oc_drawer_add_card (OcDrawer *self, const char *family, GError **error);
/* TRUE when a card speaks of a meter that is not there: then oc_drawer_add_meters () makes it (asks for
 * keys: not on the main thread). */
gboolean oc_drawer_lacks_meters (OcDrawer *self);
gboolean oc_drawer_add_meters (OcDrawer *self, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a new meter is chosen from. Main thread. */
#pragma once

#include "core/rows.h"
#include "ui/screen.h"

G_BEGIN_DECLS

/* oc_list () of these names; NULL: not there (yet). */
typedef struct {
    OcRows *slots, *meter_models, *user_types, *prices;
} OcMeterLists;

typedef void (*OcMeterListsLoaded) (gpointer owner);

/* Asks for all four; @lists is of @owner, which is in @screen as long as that is there. What is refused is said there; when all are there,
 * @loaded is called, once for each list that comes later. */
void oc_meter_lists_load (OcMeterLists *lists, OcScreen *screen, OcMeterListsLoaded loaded, gpointer owner);
gboolean oc_meter_lists_are_there (const OcMeterLists *lists);
/* Names of the rows of this meter type that may still be chosen; caller frees. */
GStrv oc_meter_names (OcRows *rows, const char *meter_type);
void oc_meter_lists_clear (OcMeterLists *lists);
/* References them. */
OcMeterLists oc_meter_lists_ref (const OcMeterLists *lists);

G_END_DECLS

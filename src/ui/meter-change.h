/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The new meter in the place of an old one: its number and what it is, where that differs from the old one, and what the old one
 * shows. Signals: "edited", a person changed something; "proceed", Enter in a field. Main thread. */
#pragma once

#include "ops/ops.h"
#include "ui/meter-lists.h"

G_BEGIN_DECLS

#define OC_TYPE_METER_CHANGE (oc_meter_change_get_type ())
G_DECLARE_FINAL_TYPE (OcMeterChange, oc_meter_change, OC, METER_CHANGE, GtkWidget)

/* All of them are there; referenced. */
void oc_meter_change_set_lists (OcMeterChange *self, const OcMeterLists *lists);
/* The old meter: row @row of oc_reading_meters (); NULL: none. What was typed for the same one stays. */
void oc_meter_change_set_meter (OcMeterChange *self, OcRows *meters, guint row);

/* Fills the new meter's part of @ask with texts borrowed from the form. FALSE: something is wrong, with @tell said at its field. An
 * empty number is none of it: then ask->meter is NULL. */
gboolean oc_meter_change_read (OcMeterChange *self, OcReplaceMeterAsk *ask, gboolean tell);
/* TRUE when @field is one of its own; with @go the caret goes there. */
gboolean oc_meter_change_show_error (OcMeterChange *self, const char *field, const char *text, gboolean go);
gboolean oc_meter_change_is_typed (OcMeterChange *self);
/* As the old meter. */
void oc_meter_change_clear (OcMeterChange *self);
void oc_meter_change_focus (OcMeterChange *self);

G_END_DECLS

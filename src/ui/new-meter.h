/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The new meter in the place of an old one: its number and what it is, where that differs from the old one, and what the old one
 * shows. Signals: "edited", a person changed something; "proceed", Enter in a field. Main thread. */
#pragma once

#include "ops/ops.h"
#include "ui/screen.h"

G_BEGIN_DECLS

#define OC_TYPE_NEW_METER (oc_new_meter_get_type ())
G_DECLARE_FINAL_TYPE (OcNewMeter, oc_new_meter, OC, NEW_METER, GtkWidget)

/* Asks for what is chosen from, again too; what is typed stays. @screen: the one it is in, which says what is refused. */
void oc_new_meter_load (OcNewMeter *self, OcScreen *screen);
/* The old meter: row @row of oc_reading_meters (); NULL: none. What was typed for the same one stays. */
void oc_new_meter_set_meter (OcNewMeter *self, OcRows *meters, guint row);

/* Fills the new meter's part of @ask with texts borrowed from the form. FALSE: something is wrong, with @tell said at its field. An
 * empty number is none of it: then ask->meter is NULL. */
gboolean oc_new_meter_read (OcNewMeter *self, OcReplaceMeterAsk *ask, gboolean tell);
/* TRUE when @field is one of its own; with @go the caret goes there. */
gboolean oc_new_meter_show_error (OcNewMeter *self, const char *field, const char *text, gboolean go);
gboolean oc_new_meter_is_typed (OcNewMeter *self);
/* As the old meter. */
void oc_new_meter_clear (OcNewMeter *self);
void oc_new_meter_focus (OcNewMeter *self);

G_END_DECLS

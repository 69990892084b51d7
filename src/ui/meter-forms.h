/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sub-meters that are put on a card: a button for each place on it, a form for each one that is chosen, and what all of them cost.
 * Signals: "edited" (what they cost is not known any more), "quoted" (it may be), "proceed" (Enter in what is bought). In a screen
 * Alt+1 … 8 should reach oc_meter_forms_add (). Main thread. */
#pragma once

#include "ops/ops.h"
#include "ui/screen.h"
#include "ui/till.h"

G_BEGIN_DECLS

#define OC_TYPE_METER_FORMS (oc_meter_forms_get_type ())
G_DECLARE_FINAL_TYPE (OcMeterForms, oc_meter_forms, OC, METER_FORMS, GtkWidget)

/* Asks for what is chosen from, again too; what is typed stays. @screen: the one they are in, which says what is refused. */
void oc_meter_forms_load (OcMeterForms *self, OcScreen *screen);
/* Whose card it is, and its meters (rows of oc_reading_meters ()), whose places are taken; 0 and NULL: a new customer's. */
void oc_meter_forms_set_customer (OcMeterForms *self, gint64 customer, OcRows *meters);
/* The card that they are for: only models that go with it are offered. NULL: none was read. Referenced. */
void oc_meter_forms_set_card (OcMeterForms *self, OcReading *card);
/* Quotes again: a tiered price of a new customer goes by it. 0: not told. */
void oc_meter_forms_set_household (OcMeterForms *self, int household);

/* The form of this place, which is made if it is not there, with the caret in it. */
void oc_meter_forms_add (OcMeterForms *self, int slot);
void oc_meter_forms_clear (OcMeterForms *self);
guint oc_meter_forms_count (OcMeterForms *self);
gboolean oc_meter_forms_is_any_tiered (OcMeterForms *self);

/* Whether there is a form and everything in all is typed and quoted. With @tell what is wrong is said at its place. */
gboolean oc_meter_forms_check (OcMeterForms *self, gboolean tell);
/* Their lines in @till; adds what they cost to @due. FALSE: something is not quoted (yet), nothing was shown. */
gboolean oc_meter_forms_show_lines (OcMeterForms *self, OcTill *till, OcMoney *due);
/* As they were checked; texts borrowed, caller frees the array. */
OcOpenMeter *oc_meter_forms_read (OcMeterForms *self, guint *n);
/* TRUE when @field is one of theirs: the sub-meter that @error names shows it. */
gboolean oc_meter_forms_show_error (OcMeterForms *self, const char *field, const GError *error);

G_END_DECLS

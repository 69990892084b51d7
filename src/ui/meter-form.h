/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sub-meter that is put on a card: what kind of meter, at which price, and what is bought first; quoted by
 * itself while it is typed. Signals: "edited" (its quote is not known any more), "quoted" (it is again, or can't be),
 * "proceed" (Enter in what is bought), "removed". Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "ops/ops.h"
#include "ui/meter-lists.h"

G_BEGIN_DECLS

#define OC_TYPE_METER_FORM (oc_meter_form_get_type ())
G_DECLARE_FINAL_TYPE (OcMeterForm, oc_meter_form, OC, METER_FORM, GtkWidget)

/* For row @slot of the slots. The lists are referenced. */
GtkWidget *oc_meter_form_new (OcDesk *desk, const OcMeterLists *lists, guint slot);
int oc_meter_form_get_slot (OcMeterForm *self);
const char *oc_meter_form_get_title (OcMeterForm *self); /* "11 Electricity" */
const char *oc_meter_form_get_unit (OcMeterForm *self);
const char *oc_meter_form_get_meter_type (OcMeterForm *self); /* "electricity" */

/* Quotes again: a tiered price goes by what this customer has bought; a new one's (0), by the household. 0: not told. */
void oc_meter_form_set_customer (OcMeterForm *self, gint64 customer, int household);
/* Only models that this card can carry are offered; NULL: all. Referenced. */
void oc_meter_form_set_card (OcMeterForm *self, OcReading *card);
gboolean oc_meter_form_is_tiered (OcMeterForm *self);
/* What other meters of the type buy before it in the same act: a tiered price goes by it, and is quoted again. */
void oc_meter_form_set_already (OcMeterForm *self, OcQuantity already);
/* Of what is typed now (without opening fee), NULL: not known. */
OcRows *oc_meter_form_get_quote (OcMeterForm *self);
/* The quantity of the quote, with its presale. FALSE while there is no quote. */
gboolean oc_meter_form_get_bought (OcMeterForm *self, OcQuantity *bought);

/* Fills @out with texts borrowed from the form. FALSE when something is wrong: with @tell it has been said at its
 * field and the caret is there. */
gboolean oc_meter_form_read (OcMeterForm *self, OcOpenMeter *out, gboolean tell);
/* TRUE when @field is one of its own; with @go the caret goes there, and the form with it into sight. */
gboolean oc_meter_form_show_error (OcMeterForm *self, const char *field, const char *text, gboolean go);

G_END_DECLS

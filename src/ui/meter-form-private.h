/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What meter-form.c (the form and its choices), meter-form-quote.c and meter-form-read.c share. Main thread. */
#pragma once

#include "ui/form-hint.h"
#include "ui/latest.h"
#include "ui/meter-form.h"
#include "ui/money-entry.h"
#include "ui/quantity-entry.h"

G_BEGIN_DECLS

struct _OcMeterForm {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkImage *icon;
    GtkLabel *title;
    GtkDropDown *user_type, *model, *price_1, *price_2;
    OcFormHint *limits;
    GtkEditable *meter, *ct, *vt, *switch_at;
    GtkWidget *ratios;
    OcMoneyEntry *amount;
    OcQuantityEntry *quantity;
    GtkLabel *unit;
    OcFormHint *meter_hint, *ratio_hint, *price_hint, *switch_hint, *bought_hint;

    OcDesk *desk;
    OcMeterLists lists;
    guint slot;
    OcReading *card;       /* it is for, NULL: none was read yet */
    gint64 customer;
    int household;
    OcQuantity already;
    char *title_text;
    char *switch_iso;      /* what read () lends */
    guint price_was;       /* the first price, before it is chosen anew */
    gboolean by_quantity;
    gboolean filling;
    OcRows *quote;
    OcLatest quoting;
};

/* NULL: nothing to choose from. Lent until something else is chosen. */
const char *oc_meter_form_chosen_name (GtkDropDown *dropdown);
/* What is typed was changed: its quote is not known any more, and asked for soon. */
void oc_meter_form_edited (OcMeterForm *self);
void oc_meter_form_drop_quote (OcMeterForm *self);
/* Both 0 where nothing is typed: then only the presale is charged. FALSE: no amount. */
gboolean oc_meter_form_read_bought (OcMeterForm *self, OcMoney *amount, OcQuantity *quantity, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acts on a customer that ask for a few words in a dialog: money into or out of his balance, barring and releasing, another user type
 * or price for a meter, what is decided where card and ledger do not fit. What came of it is said at the top of the screen, which then asks the database again. Main thread. */
#pragma once

#include "core/rows.h"
#include "ui/screen.h"

G_BEGIN_DECLS

/* @name: the customer's, for the title. */
void oc_balance_present (OcScreen *screen, gint64 customer, const char *name, gboolean out);
/* A meter in use: row @row of oc_customer_meters (). */
void oc_meter_terms_present (OcScreen *screen, gint64 customer, const char *name, OcRows *meters, guint row);
/* @meter: a number, NULL: all of the customer's. */
void oc_bar_present (OcScreen *screen, gint64 customer, const char *name, const char *meter, gboolean release);

/* A row of oc_unfinished_list () in state "conflict". @about: what it is, as people read it; @money: something is contested, else it can
 * only be dismissed. */
void oc_conflict_present (OcScreen *screen, gint64 conflict, const char *about, gboolean money);

G_END_DECLS

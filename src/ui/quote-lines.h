/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A quote as lines of the till: a line a tier and item, then what the balance takes or gives. Main thread. */
#pragma once

#include "core/rows.h"
#include "ui/till.h"

G_BEGIN_DECLS

/* Rows of oc_quote (); @unit as people read it. Adds to what the till shows already. */
void oc_quote_show_lines (OcRows *quote, const char *unit, OcTill *till);
/* The same of oc_repurchase_quote (): what was paid before stands against it. */
void oc_quote_show_again (OcRows *quote, const char *unit, OcTill *till);

/* Only the items: what is due is said by somebody else. */
void oc_quote_show_items (OcRows *quote, const char *unit, OcTill *till);
/* One line: "Opening fee", 10.00. */
void oc_quote_show_fee (const char *name, OcMoney money, OcTill *till);

G_END_DECLS

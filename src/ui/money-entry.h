/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A number entry for an amount of money. Main thread. */
#pragma once

#include "core/money.h"
#include "ui/number-entry.h"

G_BEGIN_DECLS

#define OC_TYPE_MONEY_ENTRY (oc_money_entry_get_type ())
G_DECLARE_FINAL_TYPE (OcMoneyEntry, oc_money_entry, OC, MONEY_ENTRY, OcNumberEntry)

/* What is in it; OC010, OC014, OC016 on @field otherwise. */
gboolean oc_money_entry_get (OcMoneyEntry *self, const char *field, OcMoney *out, GError **error);
/* Shows a computed amount, NULL: nothing. Does not emit "typed". */
void oc_money_entry_show (OcMoneyEntry *self, const OcMoney *money);

G_END_DECLS

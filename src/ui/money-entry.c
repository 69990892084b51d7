/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entry of an amount. */
#include "ui/money-entry.h"

struct _OcMoneyEntry {
    OcNumberEntry parent_instance;
};

G_DEFINE_FINAL_TYPE (OcMoneyEntry, oc_money_entry, OC_TYPE_NUMBER_ENTRY)

static void
oc_money_entry_class_init (OcMoneyEntryClass *klass)
{
}

static void
oc_money_entry_init (OcMoneyEntry *self)
{
}

gboolean
oc_money_entry_get (OcMoneyEntry *self, const char *field, OcMoney *out, GError **error)
{
    g_return_val_if_fail (OC_IS_MONEY_ENTRY (self), FALSE);
    return oc_money_parse (gtk_editable_get_text (GTK_EDITABLE (self)), field, out, error);
}

void
oc_money_entry_show (OcMoneyEntry *self, const OcMoney *money)
{
    g_autofree char *text = NULL;

    g_return_if_fail (OC_IS_MONEY_ENTRY (self));
    text = money != NULL ? oc_money_to_decimal (*money) : g_strdup ("");
    oc_number_entry_show (OC_NUMBER_ENTRY (self), text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entry of a quantity. */
#include "ui/quantity-entry.h"

struct _OcQuantityEntry {
    OcNumberEntry parent_instance;
};

G_DEFINE_FINAL_TYPE (OcQuantityEntry, oc_quantity_entry, OC_TYPE_NUMBER_ENTRY)

static void
oc_quantity_entry_class_init (OcQuantityEntryClass *klass)
{
}

static void
oc_quantity_entry_init (OcQuantityEntry *self)
{
}

gboolean
oc_quantity_entry_get (OcQuantityEntry *self, const char *field, OcQuantity *out, GError **error)
{
    g_return_val_if_fail (OC_IS_QUANTITY_ENTRY (self), FALSE);
    return oc_quantity_parse (gtk_editable_get_text (GTK_EDITABLE (self)), field, out, error);
}

void
oc_quantity_entry_show (OcQuantityEntry *self, const OcQuantity *quantity)
{
    g_autofree char *text = NULL;

    g_return_if_fail (OC_IS_QUANTITY_ENTRY (self));
    text = quantity != NULL ? oc_quantity_to_decimal (*quantity) : g_strdup ("");
    oc_number_entry_show (OC_NUMBER_ENTRY (self), text);
}

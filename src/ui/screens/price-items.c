/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Price items (价格分项设置): what the prices of a meter type are made of. */
#include <glib/gi18n-lib.h>

#include "ui/record-screen.h"
#include "ui/screens.h"

#define OC_TYPE_PRICE_ITEMS_SCREEN (oc_price_items_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcPriceItemsScreen, oc_price_items_screen, OC, PRICE_ITEMS_SCREEN, OcRecordScreen)

struct _OcPriceItemsScreen {
    OcRecordScreen parent_instance;
};

G_DEFINE_FINAL_TYPE (OcPriceItemsScreen, oc_price_items_screen, OC_TYPE_RECORD_SCREEN)

static const OcColumn columns[] = {
    { N_("Meter type"), "meter_type", OC_COLUMN_STATE, 10 },
    { N_("Price item"), "name", OC_COLUMN_TEXT, 16 },
    { N_("In use"), "active", OC_COLUMN_TRUTH, 7 },
};

static void
oc_price_items_screen_class_init (OcPriceItemsScreenClass *klass)
{
    OcRecordScreenClass *record_class = OC_RECORD_SCREEN_CLASS (klass);

    record_class->kind = "price-items";
    record_class->title = N_("Price items");
    record_class->purpose = N_("What a price is made of: each item is reported and passed on by itself.");
    record_class->new_title = N_("New price item");
    record_class->empty_text = N_("Add the items that make up your prices.");
    record_class->icon = "oc-price-item-symbolic";
    record_class->columns = columns;
    record_class->n_columns = G_N_ELEMENTS (columns);
    gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass), "/onecard/ui/screen-price-items.ui");
}

static void
oc_price_items_screen_init (OcPriceItemsScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

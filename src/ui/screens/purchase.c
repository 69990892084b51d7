/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Purchase: card, amount, Enter, Enter is a sale. */
#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "ui/facts.h"
#include "ui/quote-lines.h"
#include "ui/sale-screen.h"
#include "ui/screens.h"

#define OC_TYPE_PURCHASE_SCREEN (oc_purchase_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcPurchaseScreen, oc_purchase_screen, OC, PURCHASE_SCREEN, OcSaleScreen)

struct _OcPurchaseScreen {
    OcSaleScreen parent_instance;
    GtkGrid *trades;
};

G_DEFINE_FINAL_TYPE (OcPurchaseScreen, oc_purchase_screen, OC_TYPE_SALE_SCREEN)

static const OcColumn trade_columns[] = {
    { N_("Trade"), "trade", OC_COLUMN_INTEGER },
    { N_("Time"), "at", OC_COLUMN_TIME },
    { N_("Kind"), "kind", OC_COLUMN_STATE },
    { N_("Sub-meter"), "sub_meter", OC_COLUMN_INTEGER },
    { N_("Quantity"), "quantity", OC_COLUMN_QUANTITY },
    { N_("To card"), "card_amount", OC_COLUMN_QUANTITY },
    { N_("Received"), "received", OC_COLUMN_MONEY },
    { N_("State"), "state", OC_COLUMN_STATE },
};

/* The quote --------------------------------------------------------------------------------------------------------- */

static void
oc_purchase_screen_ask_quote (OcSaleScreen *screen, const OcSold *sold, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    OcQuoteAsk ask = {
        .customer = oc_sale_screen_get_customer (screen),
        .sub_meter = oc_card_meters_get_sub_meter (oc_sale_screen_get_meters (screen)),
        .amount = sold->amount,
        .quantity = sold->quantity,
        .by_quantity = sold->by_quantity,
    };

    oc_quote_async (oc_screen_get_desk (OC_SCREEN (screen)), &ask, cancellable, cb, data);
}

static OcMoney
oc_purchase_screen_show_quote (OcSaleScreen *screen, OcRows *quote)
{
    guint row = 0;
    OcRows *meters = oc_card_meters_get_chosen (oc_sale_screen_get_meters (screen), &row);

    oc_quote_show_lines (quote, meters != NULL ? oc_rows_text (meters, row, "unit") : "",
        oc_card_screen_get_till (OC_CARD_SCREEN (screen)));
    return oc_rows_money (quote, 0, "due");
}

/* The card shape ------------------------------------------------------------------------------------------------------ */

/* What keeps a card from buying most often can be put right at once. */
static void
offer_repurchase (OcCardScreen *screen)
{
    OcCardBanner *banner = oc_card_screen_get_banner (screen);

    if (oc_card_banner_get_state (banner) == OC_BANNER_UNREAD && oc_desk_may (oc_screen_get_desk (OC_SCREEN (screen)), "re-purchase"))
        oc_card_banner_offer_screen (banner, "re-purchase", _("Re-purchase (F6)"));
}

static void
oc_purchase_screen_show_reading (OcCardScreen *screen, OcReading *reading)
{
    OC_CARD_SCREEN_CLASS (oc_purchase_screen_parent_class)->show_reading (screen, reading);
    if (reading == NULL)
        return;
    if (oc_sale_screen_get_customer (OC_SALE_SCREEN (screen)) != 0)
        oc_facts_fill_list (OC_PURCHASE_SCREEN (screen)->trades, trade_columns, G_N_ELEMENTS (trade_columns),
            oc_reading_trades (reading));
    offer_repurchase (screen);
}

static void
on_purchased_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    OcOutcome *outcome = oc_purchase_finish (OC_DESK (source), result, &error);

    oc_card_screen_ended (data, outcome, error);
}

static void
oc_purchase_screen_run (OcCardScreen *screen, const OcPayment *payment, OcBusy *busy)
{
    OcSaleScreen *sale = OC_SALE_SCREEN (screen);
    OcSold sold = oc_sale_screen_get_sold (sale);
    OcPurchaseAsk ask = {
        .request_id = oc_card_screen_get_request (screen),
        .reading = oc_card_screen_get_reading (screen),
        .sub_meter = oc_card_meters_get_sub_meter (oc_sale_screen_get_meters (sale)),
        .amount = sold.amount,
        .quantity = sold.quantity,
        .by_quantity = sold.by_quantity,
        .expected_due = payment->due,
        .tendered = payment->tendered,
        .pay = payment->pay,
        .reference = payment->reference,
    };

    oc_purchase_async (oc_screen_get_desk (OC_SCREEN (screen)), &ask, oc_busy_get_cancellable (busy), on_purchased_cb, busy);
}

static void
oc_purchase_screen_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_PURCHASE_SCREEN);
    G_OBJECT_CLASS (oc_purchase_screen_parent_class)->dispose (object);
}

static void
oc_purchase_screen_class_init (OcPurchaseScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcCardScreenClass *card_class = OC_CARD_SCREEN_CLASS (klass);
    OcSaleScreenClass *sale_class = OC_SALE_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_purchase_screen_dispose;
    card_class->kind = "purchase";
    card_class->show_reading = oc_purchase_screen_show_reading;
    card_class->run = oc_purchase_screen_run;
    sale_class->meters_for = OC_METERS_SELL;
    sale_class->icon = "oc-purchase-symbolic";
    sale_class->title = N_("Card, amount, Enter, Enter");
    sale_class->text = N_("Alt+1 … 8 chooses the sub-meter, F11 types the quantity instead of the amount, F5 reads the card again, Esc goes one step back.");
    sale_class->ask_quote = oc_purchase_screen_ask_quote;
    sale_class->quote_finish = oc_quote_finish;
    sale_class->show_quote = oc_purchase_screen_show_quote;

    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-purchase.ui");
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, trades);
}

static void
oc_purchase_screen_init (OcPurchaseScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_till_set_words (oc_card_screen_get_till (OC_CARD_SCREEN (self)), _("Take the money (Enter)"),
        _("Write the card (Enter)"));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Re-purchase: the last purchase, which no meter has taken, is taken back and the right amount sold; 0 takes it back altogether. What
 * goes back stays in the balance until the meter has answered, unless it is paid out at once. */
#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "ui/latest.h"
#include "ui/quote-lines.h"
#include "ui/sale-screen.h"
#include "ui/screens.h"

#define OC_TYPE_REPURCHASE_SCREEN (oc_repurchase_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcRepurchaseScreen, oc_repurchase_screen, OC, REPURCHASE_SCREEN, OcSaleScreen)

struct _OcRepurchaseScreen {
    OcSaleScreen parent_instance;
    GtkLabel *bought;
    GtkWidget *back_box;
    GtkCheckButton *keep, *pay_out;
    OcLatest looking; /* for what was paid */
};

G_DEFINE_FINAL_TYPE (OcRepurchaseScreen, oc_repurchase_screen, OC_TYPE_SALE_SCREEN)

static OcRows *
chosen_meter (OcRepurchaseScreen *self, guint *row)
{
    return oc_card_meters_get_chosen (oc_sale_screen_get_meters (OC_SALE_SCREEN (self)), row);
}

/* The purchase that is taken back --------------------------------------------------------------------------------------- */

static void
show_bought (OcRepurchaseScreen *self, OcRows *quote)
{
    guint row = 0;
    OcRows *meters = chosen_meter (self, &row);
    g_autofree char *amount = NULL;
    g_autofree char *time = NULL;
    g_autofree char *paid = NULL;
    g_autofree char *text = NULL;

    if (meters == NULL)
        return;
    amount = oc_quantity_format (oc_rows_quantity (quote, 0, "was"));
    time = oc_time_format (oc_rows_text (meters, row, "last_purchase_at"));
    paid = oc_money_format (oc_rows_money (quote, 0, "paid"));
    /* Translators: an amount and its unit, a time, which purchase of this meter it was, money in yuan */
    text = g_strdup_printf (_("%1$s %2$s of %3$s, purchase %4$d of this meter; %5$s yuan were paid."), amount, oc_meter_unit (meters, row),
        time, (int) oc_rows_int (meters, row, "purchase_count"), paid);
    gtk_label_set_label (self->bought, text);
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcRepurchaseScreen) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) quote = oc_repurchase_quote_finish (OC_DESK (source), result, &error);

    if (!oc_latest_is_answer (&self->looking, result))
        return; /* another meter was chosen meanwhile */
    if (quote != NULL && oc_rows_count (quote) > 0)
        show_bought (self, quote);
    else if (error != NULL)
        gtk_label_set_label (self->bought, error->message);
}

static OcRepurchaseAsk
ask_of (OcSaleScreen *screen, const OcSold *sold)
{
    return (OcRepurchaseAsk){
        .customer = oc_sale_screen_get_customer (screen),
        .sub_meter = oc_card_meters_get_sub_meter (oc_sale_screen_get_meters (screen)),
        .amount = sold->amount,
        .quantity = sold->quantity,
        .by_quantity = sold->by_quantity,
    };
}

static void
oc_repurchase_screen_show_meter (OcSaleScreen *screen, OcRows *meters, guint row)
{
    OcRepurchaseScreen *self = OC_REPURCHASE_SCREEN (screen);
    OcRepurchaseAsk ask = ask_of (screen, &(OcSold){ 0 });

    oc_latest_drop (&self->looking);
    gtk_check_button_set_active (self->keep, TRUE);
    gtk_widget_set_visible (self->back_box, FALSE);
    gtk_label_set_label (self->bought, meters == NULL ? _("Nothing on this card is waiting for a meter.") : "");
    if (meters == NULL)
        return;
    oc_repurchase_quote_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_latest_begin (&self->looking), on_looked_cb, g_object_ref (self));
}

/* The quote --------------------------------------------------------------------------------------------------------- */

static void
oc_repurchase_screen_ask_quote (OcSaleScreen *screen, const OcSold *sold, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    OcRepurchaseAsk ask = ask_of (screen, sold);

    oc_repurchase_quote_async (oc_screen_get_desk (OC_SCREEN (screen)), &ask, cancellable, cb, data);
}

static gboolean
is_kept (OcRepurchaseScreen *self)
{
    return gtk_check_button_get_active (self->keep);
}

/* What is due is what goes over the counter now: what stays in the balance does not. */
static OcMoney
oc_repurchase_screen_show_quote (OcSaleScreen *screen, OcRows *quote)
{
    OcRepurchaseScreen *self = OC_REPURCHASE_SCREEN (screen);
    OcTill *till = oc_card_screen_get_till (OC_CARD_SCREEN (screen));
    guint row = 0;
    OcRows *meters = chosen_meter (self, &row);
    OcMoney due = oc_rows_money (quote, 0, "due");

    oc_quote_show_again (quote, meters != NULL ? oc_rows_text (meters, row, "unit") : "", till);
    gtk_widget_set_visible (self->back_box, due.units < 0);
    if (due.units < 0 && is_kept (self)) {
        g_autofree char *text = oc_money_format ((OcMoney){ -due.units });
        oc_till_add_line (till, _("Kept in the balance"), NULL, text);
        due.units = 0;
    }
    return due;
}

static void
on_back_cb (OcRepurchaseScreen *self)
{
    if (oc_sale_screen_get_quote (OC_SALE_SCREEN (self)) == NULL)
        return;
    oc_card_screen_edited (OC_CARD_SCREEN (self));
    oc_sale_screen_show_quote (OC_SALE_SCREEN (self));
}

/* The card shape ------------------------------------------------------------------------------------------------------ */

static void
on_repurchased_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    OcOutcome *outcome = oc_repurchase_finish (OC_DESK (source), result, &error);

    oc_card_screen_ended (data, outcome, error);
}

static void
oc_repurchase_screen_run (OcCardScreen *screen, const OcPayment *payment, OcBusy *busy)
{
    OcSold sold = oc_sale_screen_get_sold (OC_SALE_SCREEN (screen));
    OcRows *quote = oc_sale_screen_get_quote (OC_SALE_SCREEN (screen));
    OcRepurchaseAsk ask = ask_of (OC_SALE_SCREEN (screen), &sold);

    ask.request_id = oc_card_screen_get_request (screen);
    ask.reading = oc_card_screen_get_reading (screen);
    ask.quoted = TRUE;
    ask.expected_due = oc_rows_money (quote, 0, "due");
    ask.tendered = payment->tendered;
    ask.pay = payment->pay;
    ask.reference = payment->reference;
    ask.pay_out = !is_kept (OC_REPURCHASE_SCREEN (screen));
    oc_repurchase_async (oc_screen_get_desk (OC_SCREEN (screen)), &ask, oc_busy_get_cancellable (busy), on_repurchased_cb, busy);
}

static void
oc_repurchase_screen_dispose (GObject *object)
{
    oc_latest_drop (&OC_REPURCHASE_SCREEN (object)->looking);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_REPURCHASE_SCREEN);
    G_OBJECT_CLASS (oc_repurchase_screen_parent_class)->dispose (object);
}

static void
oc_repurchase_screen_class_init (OcRepurchaseScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcCardScreenClass *card_class = OC_CARD_SCREEN_CLASS (klass);
    OcSaleScreenClass *sale_class = OC_SALE_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_repurchase_screen_dispose;
    card_class->kind = "re-purchase";
    card_class->run = oc_repurchase_screen_run;
    sale_class->meters_for = OC_METERS_SELL_ANEW;
    sale_class->zero = TRUE;
    sale_class->icon = "oc-re-purchase-symbolic";
    sale_class->title = N_("A purchase that no meter has taken is sold anew");
    sale_class->text = N_("Place the card and type the right amount; 0 takes the purchase back. Alt+1 … 8 chooses the sub-meter, F11 types the quantity, Esc goes one step back.");
    sale_class->ask_quote = oc_repurchase_screen_ask_quote;
    sale_class->quote_finish = oc_repurchase_quote_finish;
    sale_class->show_quote = oc_repurchase_screen_show_quote;
    sale_class->show_meter = oc_repurchase_screen_show_meter;

    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-re-purchase.ui");
    gtk_widget_class_bind_template_child (widget_class, OcRepurchaseScreen, bought);
    gtk_widget_class_bind_template_child (widget_class, OcRepurchaseScreen, back_box);
    gtk_widget_class_bind_template_child (widget_class, OcRepurchaseScreen, keep);
    gtk_widget_class_bind_template_child (widget_class, OcRepurchaseScreen, pay_out);
    gtk_widget_class_bind_template_callback (widget_class, on_back_cb);
}

static void
oc_repurchase_screen_init (OcRepurchaseScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_till_set_words (oc_card_screen_get_till (OC_CARD_SCREEN (self)), _("On (Enter)"), _("Write the card (Enter)"));
}

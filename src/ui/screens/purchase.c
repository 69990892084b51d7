/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Purchase: amount or quantity, each computing the other by a quote that never holds up typing; card, amount, Enter,
 * Enter is a sale. */
#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "core/error.h"
#include "ui/card-screen.h"
#include "ui/facts.h"
#include "ui/give-way.h"
#include "ui/meter-cards.h"
#include "ui/money-entry.h"
#include "ui/present-error.h"
#include "ui/quantity-entry.h"
#include "ui/quote-lines.h"
#include "ui/screens.h"

#define QUOTE_AFTER_MS 120 /* between two keys of a fast typist nothing is asked */

#define OC_TYPE_PURCHASE_SCREEN (oc_purchase_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcPurchaseScreen, oc_purchase_screen, OC, PURCHASE_SCREEN, OcCardScreen)

struct _OcPurchaseScreen {
    OcCardScreen parent_instance;
    GtkStack *pages;
    OcMeterCards *meters;
    GtkFlowBox *user_facts, *meter_facts, *return_facts, *price_facts;
    GtkLabel *charging;
    GtkGrid *trades;
    OcMoneyEntry *amount;
    OcQuantityEntry *quantity;
    GtkLabel *quantity_unit;
    GtkLabel *hint;
    GtkWidget *hint_icon;
    gint64 customer;        /* whose typing this is */
    int wanted_slot;        /* to choose when the card has been read again; 0: none */
    gboolean by_quantity;   /* which of the two was typed */
    OcRows *quote;          /* of what is typed now, NULL: none */
    GCancellable *quoting;  /* the quote on its way */
    guint quote_timer;
};

G_DEFINE_FINAL_TYPE (OcPurchaseScreen, oc_purchase_screen, OC_TYPE_CARD_SCREEN)

static const OcColumn user_columns[] = {
    { N_("User type"), "user_type", OC_COLUMN_TEXT },
    { N_("Purchase limit"), "purchase_limit", OC_COLUMN_QUANTITY },
    { N_("Alarm 1"), "alarm_1", OC_COLUMN_QUANTITY },
    { N_("Alarm 2"), "alarm_2", OC_COLUMN_QUANTITY },
    { N_("Hoarding limit"), "hoarding", OC_COLUMN_QUANTITY },
};
static const OcColumn meter_columns[] = {
    { N_("Meter model"), "model", OC_COLUMN_TEXT },
    { N_("Meter number"), "meter", OC_COLUMN_TEXT },
    { N_("CT ratio"), "ct", OC_COLUMN_INTEGER }, /* the last two: electricity only */
    { N_("VT ratio"), "vt", OC_COLUMN_INTEGER },
};
static const OcColumn return_columns[] = {
    { N_("Return time"), "return_time", OC_COLUMN_TIME },
    { N_("Remaining"), "remaining", OC_COLUMN_QUANTITY },
    { N_("Overdraft"), "overdraft", OC_COLUMN_QUANTITY },
    { N_("Times bought"), "purchase_count", OC_COLUMN_INTEGER },
};
static const OcColumn price_columns[] = {
    { N_("Price set 1"), "price_1", OC_COLUMN_TEXT },
    { N_("Switch time"), "switch_at", OC_COLUMN_TIME },
    { N_("Price set 2"), "price_2", OC_COLUMN_TEXT },
    { N_("Unit price"), "unit_price", OC_COLUMN_MONEY },
};
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

/* What is shown ----------------------------------------------------------------------------------------------------- */

static OcRows *
chosen_meter (OcPurchaseScreen *self, guint *row)
{
    OcReading *reading = oc_card_screen_get_reading (OC_CARD_SCREEN (self));
    int chosen = oc_meter_cards_get_chosen (self->meters);

    if (reading == NULL || chosen < 0)
        return NULL;
    *row = (guint) chosen;
    return oc_reading_meters (reading);
}

static void
show_hint (OcPurchaseScreen *self, const char *error)
{
    g_autofree char *limits = NULL;
    guint row = 0;
    OcRows *meters = chosen_meter (self, &row);

    if (error == NULL && meters != NULL) {
        g_autofree char *limit = oc_quantity_format (oc_rows_quantity (meters, row, "purchase_limit"));
        g_autofree char *hoarding = oc_quantity_format (oc_rows_quantity (meters, row, "hoarding"));
        /* Translators: two amounts; %3$s is their unit */
        limits = g_strdup_printf (_("At most %1$s %3$s at once and %2$s %3$s in the meter"), limit, hoarding,
            oc_meter_unit (meters, row));
    }
    gtk_label_set_label (self->hint, error != NULL ? error : limits != NULL ? limits : "");
    gtk_widget_set_visible (self->hint_icon, error != NULL);
    if (error != NULL) {
        gtk_widget_add_css_class (GTK_WIDGET (self->hint), "error");
        oc_give_way_reveal (GTK_WIDGET (self->hint));
    } else
        gtk_widget_remove_css_class (GTK_WIDGET (self->hint), "error");
}

static void
show_meter (OcPurchaseScreen *self, OcRows *meters, guint row)
{
    gboolean electric = g_str_equal (oc_rows_text (meters, row, "meter_type"), "electricity");

    /* Translators: kind of charging, as the title over the prices */
    g_autofree char *charging = g_strdup_printf (_("Kind of charging: %s"),
        oc_rows_bool (meters, row, "tiered") ? C_("charging", "Tiered") : C_("charging", "Flat"));

    gtk_label_set_label (self->charging, charging);
    oc_facts_fill (self->user_facts, user_columns, G_N_ELEMENTS (user_columns), meters, row);
    oc_facts_fill (self->meter_facts, meter_columns, G_N_ELEMENTS (meter_columns) - (electric ? 0 : 2), meters, row);
    oc_facts_fill (self->return_facts, return_columns, G_N_ELEMENTS (return_columns), meters, row);
    oc_facts_fill (self->price_facts, price_columns, G_N_ELEMENTS (price_columns), meters, row);
    gtk_label_set_label (self->quantity_unit, oc_rows_text (meters, row, "unit"));
}

/* The quote --------------------------------------------------------------------------------------------------------- */

static void
drop_quote (OcPurchaseScreen *self)
{
    g_clear_handle_id (&self->quote_timer, g_source_remove);
    if (self->quoting != NULL)
        g_cancellable_cancel (self->quoting);
    g_clear_object (&self->quoting);
    g_clear_object (&self->quote);
}

static void
show_quote (OcPurchaseScreen *self, OcRows *quote)
{
    OcTill *till = oc_card_screen_get_till (OC_CARD_SCREEN (self));
    OcMoney due = oc_rows_money (quote, 0, "due");
    guint row = 0;
    OcRows *meters = chosen_meter (self, &row);

    g_set_object (&self->quote, quote);
    if (self->by_quantity) {
        OcMoney total = oc_rows_money (quote, 0, "total_amount");
        oc_money_entry_show (self->amount, &total);
    } else {
        OcQuantity total = oc_rows_quantity (quote, 0, "total_quantity");
        oc_quantity_entry_show (self->quantity, &total);
    }
    oc_till_clear_lines (till);
    oc_quote_show_lines (quote, meters != NULL ? oc_rows_text (meters, row, "unit") : "", till);
    show_hint (self, NULL);
    oc_card_screen_quoted (OC_CARD_SCREEN (self), &due);
}

static void
on_quoted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcPurchaseScreen) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) quote = oc_quote_finish (OC_DESK (source), result, &error);

    if (self->quoting == NULL || g_task_get_cancellable (G_TASK (result)) != self->quoting)
        return; /* something else was typed meanwhile */
    g_clear_object (&self->quoting);
    if (quote != NULL && oc_rows_count (quote) > 0) {
        show_quote (self, quote);
        return;
    }
    if (error != NULL && oc_trouble_of (error) != OC_TROUBLE_CANCELLED)
        show_hint (self, error->message);
    oc_card_screen_quoted (OC_CARD_SCREEN (self), NULL);
}

/* What is typed, as the api wants it; the error is the field's. */
static gboolean
read_input (OcPurchaseScreen *self, OcMoney *amount, OcQuantity *quantity, GError **error)
{
    return self->by_quantity ? oc_quantity_entry_get (self->quantity, "quantity", quantity, error)
                             : oc_money_entry_get (self->amount, "amount", amount, error);
}

static gboolean
on_quote_due_cb (gpointer data)
{
    OcPurchaseScreen *self = data;
    g_autoptr(GError) error = NULL;
    OcQuoteAsk ask = { .customer = self->customer, .by_quantity = self->by_quantity };
    guint row = 0;
    OcRows *meters = chosen_meter (self, &row);

    self->quote_timer = 0;
    if (meters == NULL)
        return G_SOURCE_REMOVE;
    if (!read_input (self, &ask.amount, &ask.quantity, &error)) {
        show_hint (self, error->message);
        oc_card_screen_quoted (OC_CARD_SCREEN (self), NULL);
        return G_SOURCE_REMOVE;
    }
    ask.sub_meter = (int) oc_rows_int (meters, row, "sub_meter");
    self->quoting = g_cancellable_new ();
    oc_quote_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, self->quoting, on_quoted_cb, g_object_ref (self));
    return G_SOURCE_REMOVE;
}

static void
typed (OcPurchaseScreen *self, gboolean by_quantity)
{
    gboolean empty;

    self->by_quantity = by_quantity;
    drop_quote (self);
    oc_till_clear_lines (oc_card_screen_get_till (OC_CARD_SCREEN (self)));
    if (by_quantity)
        oc_money_entry_show (self->amount, NULL);
    else
        oc_quantity_entry_show (self->quantity, NULL);
    empty = by_quantity ? oc_quantity_entry_is_empty (self->quantity) : oc_money_entry_is_empty (self->amount);
    show_hint (self, NULL);
    oc_card_screen_edited (OC_CARD_SCREEN (self));
    if (!empty)
        self->quote_timer = g_timeout_add (QUOTE_AFTER_MS, on_quote_due_cb, self);
}

static void
on_amount_typed_cb (OcPurchaseScreen *self)
{
    typed (self, FALSE);
}

static void
on_quantity_typed_cb (OcPurchaseScreen *self)
{
    typed (self, TRUE);
}

/* The card shape ------------------------------------------------------------------------------------------------------ */

static void
oc_purchase_screen_clear (OcCardScreen *screen)
{
    OcPurchaseScreen *self = OC_PURCHASE_SCREEN (screen);

    drop_quote (self);
    self->by_quantity = FALSE;
    oc_money_entry_show (self->amount, NULL);
    oc_quantity_entry_show (self->quantity, NULL);
    oc_till_clear_lines (oc_card_screen_get_till (screen));
    show_hint (self, NULL);
    oc_card_screen_edited (screen);
}

static gboolean
oc_purchase_screen_is_typed (OcCardScreen *screen)
{
    OcPurchaseScreen *self = OC_PURCHASE_SCREEN (screen);

    return !oc_money_entry_is_empty (self->amount) || !oc_quantity_entry_is_empty (self->quantity);
}

static void
on_chosen_cb (OcPurchaseScreen *self)
{
    OcCardScreen *screen = OC_CARD_SCREEN (self);
    OcTill *till = oc_card_screen_get_till (screen);
    guint row = 0;
    OcRows *meters = chosen_meter (self, &row);
    const char *reason;

    if (meters == NULL || oc_till_get_stage (till) == OC_TILL_RUNNING || oc_till_get_stage (till) == OC_TILL_DOUBT)
        return;
    if (oc_till_get_stage (till) == OC_TILL_DONE) {
        /* the next purchase on the same card */
        self->wanted_slot = (int) oc_rows_int (meters, row, "slot");
        oc_screen_again (OC_SCREEN (self));
        return;
    }
    show_meter (self, meters, row);
    oc_purchase_screen_clear (screen);
    reason = oc_rows_text (meters, row, "reason_text");
    oc_till_set_stage (till, oc_card_screen_is_fitting (screen) && *reason == '\0' ? OC_TILL_INPUT : OC_TILL_CLOSED);
    if (*reason != '\0' && oc_card_screen_is_fitting (screen))
        show_hint (self, reason); /* else the banner says why */
    else if (gtk_widget_get_mapped (GTK_WIDGET (self)) && oc_card_screen_can_work (screen))
        gtk_widget_grab_focus (GTK_WIDGET (self->amount));
}

/* The same customer's card again keeps what was typed and which sub-meter it was typed for. */
static void
oc_purchase_screen_show_reading (OcCardScreen *screen, OcReading *reading)
{
    OcPurchaseScreen *self = OC_PURCHASE_SCREEN (screen);
    OcRows *card = reading != NULL ? oc_reading_card (reading) : NULL;
    OcRows *meters = reading != NULL ? oc_reading_meters (reading) : NULL;
    gint64 customer = card != NULL && oc_rows_count (card) > 0 ? oc_rows_int (card, 0, "customer") : 0;
    g_autofree char *amount = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->amount)));
    g_autofree char *quantity = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->quantity)));
    gboolean by_quantity = self->by_quantity;
    guint row = 0;
    OcRows *had = self->customer == customer && self->wanted_slot == 0 ? chosen_meter (self, &row) : NULL;

    gtk_stack_set_visible_child_name (self->pages, customer != 0 && oc_rows_count (meters) > 0 ? "card" : "none");
    if (reading == NULL) {
        show_hint (self, NULL);
        gtk_label_set_label (self->quantity_unit, "");
        return;
    }
    oc_meter_cards_set_rows (self->meters, customer != 0 ? meters : NULL);
    if (customer != 0)
        oc_facts_fill_list (self->trades, trade_columns, G_N_ELEMENTS (trade_columns), oc_reading_trades (reading));
    if (self->wanted_slot != 0)
        oc_meter_cards_choose (self->meters, self->wanted_slot);
    self->wanted_slot = 0;
    if (customer == 0 || self->customer != customer) {
        self->customer = customer;
        return;
    }
    if (had != NULL && row < oc_rows_count (meters))
        oc_meter_cards_choose (self->meters, (int) oc_rows_int (meters, row, "slot"));
    if (oc_card_screen_can_work (screen))
        gtk_editable_set_text (by_quantity ? GTK_EDITABLE (self->quantity) : GTK_EDITABLE (self->amount),
            by_quantity ? quantity : amount);
}

static gboolean
oc_purchase_screen_check (OcCardScreen *screen, gboolean tell)
{
    OcPurchaseScreen *self = OC_PURCHASE_SCREEN (screen);
    g_autoptr(GError) error = NULL;
    OcMoney amount = { 0 };
    OcQuantity quantity = { 0 };

    if (self->quote != NULL)
        return TRUE;
    if (tell && self->quoting == NULL && !read_input (self, &amount, &quantity, &error)) {
        show_hint (self, error->message);
        OC_CARD_SCREEN_GET_CLASS (screen)->focus_input (screen);
    }
    return FALSE;
}

static void
oc_purchase_screen_focus_input (OcCardScreen *screen)
{
    OcPurchaseScreen *self = OC_PURCHASE_SCREEN (screen);

    gtk_widget_grab_focus (self->by_quantity ? GTK_WIDGET (self->quantity) : GTK_WIDGET (self->amount));
}

static void
oc_purchase_screen_quote (OcCardScreen *screen)
{
    OcPurchaseScreen *self = OC_PURCHASE_SCREEN (screen);

    typed (self, self->by_quantity);
}

static gboolean
oc_purchase_screen_show_field_error (OcCardScreen *screen, const char *field, const GError *error)
{
    OcPurchaseScreen *self = OC_PURCHASE_SCREEN (screen);

    if (!g_str_equal (field, "amount") && !g_str_equal (field, "quantity"))
        return FALSE;
    show_hint (self, error->message);
    oc_purchase_screen_focus_input (screen);
    return TRUE;
}

static void
on_purchased_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    OcCardScreen *self = oc_busy_get_screen (busy);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = oc_purchase_finish (OC_DESK (source), result, &error);

    if (self == NULL)
        return;
    g_object_ref (self);
    g_clear_pointer (&busy, oc_busy_free);
    oc_card_screen_finished (self, g_steal_pointer (&outcome), error);
    g_object_unref (self);
}

static void
oc_purchase_screen_run (OcCardScreen *screen, const OcPayment *payment, OcBusy *busy)
{
    OcPurchaseScreen *self = OC_PURCHASE_SCREEN (screen);
    g_autofree char *request = oc_request_id ();
    guint row = 0;
    OcRows *meters = chosen_meter (self, &row);
    OcPurchaseAsk ask = {
        .request_id = request,
        .reading = oc_card_screen_get_reading (screen),
        .sub_meter = (int) oc_rows_int (meters, row, "sub_meter"),
        .by_quantity = self->by_quantity,
        .expected_due = payment->due,
        .tendered = payment->tendered,
        .pay = payment->pay,
        .reference = payment->reference,
    };

    read_input (self, &ask.amount, &ask.quantity, NULL);
    oc_purchase_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_busy_get_cancellable (busy), on_purchased_cb,
        busy);
}

/* Actions ------------------------------------------------------------------------------------------------------------- */

static void
sub_meter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_meter_cards_choose (OC_PURCHASE_SCREEN (widget)->meters, g_variant_get_int32 (parameter));
}

static void
swap_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcPurchaseScreen *self = OC_PURCHASE_SCREEN (widget);
    GtkWidget *quantity = GTK_WIDGET (self->quantity);

    gtk_widget_grab_focus (gtk_widget_has_focus (GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (quantity))))
        ? GTK_WIDGET (self->amount) : quantity);
}

static void
on_input_enter_cb (OcPurchaseScreen *self)
{
    oc_card_screen_proceed (OC_CARD_SCREEN (self));
}

static void
oc_purchase_screen_dispose (GObject *object)
{
    drop_quote (OC_PURCHASE_SCREEN (object));
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_PURCHASE_SCREEN);
    G_OBJECT_CLASS (oc_purchase_screen_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, pages);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, meters);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, user_facts);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, meter_facts);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, return_facts);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, price_facts);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, charging);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, trades);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, amount);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, quantity);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, quantity_unit);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, hint);
    gtk_widget_class_bind_template_child (widget_class, OcPurchaseScreen, hint_icon);
    gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_amount_typed_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_quantity_typed_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_input_enter_cb);
}

static void
oc_purchase_screen_class_init (OcPurchaseScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcCardScreenClass *card_class = OC_CARD_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_purchase_screen_dispose;
    card_class->show_reading = oc_purchase_screen_show_reading;
    card_class->check = oc_purchase_screen_check;
    card_class->run = oc_purchase_screen_run;
    card_class->show_field_error = oc_purchase_screen_show_field_error;
    card_class->quote = oc_purchase_screen_quote;
    card_class->focus_input = oc_purchase_screen_focus_input;
    card_class->is_typed = oc_purchase_screen_is_typed;
    card_class->clear = oc_purchase_screen_clear;

    g_type_ensure (OC_TYPE_GIVE_WAY);
    g_type_ensure (OC_TYPE_METER_CARDS);
    g_type_ensure (OC_TYPE_MONEY_ENTRY);
    g_type_ensure (OC_TYPE_QUANTITY_ENTRY);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-purchase.ui");
    bind_children (widget_class);
    gtk_widget_class_install_action (widget_class, "purchase.sub-meter", "i", sub_meter_action);
    gtk_widget_class_install_action (widget_class, "purchase.swap", NULL, swap_action);
    for (guint slot = 1; slot <= 8; slot++)
        gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0 + slot, GDK_ALT_MASK, "purchase.sub-meter", "i",
            (int) slot);
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F11, 0, "purchase.swap", NULL);
}

static void
oc_purchase_screen_init (OcPurchaseScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_till_set_words (oc_card_screen_get_till (OC_CARD_SCREEN (self)), _("Take the money (Enter)"),
        _("Write the card (Enter)"));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quote of what is typed: the newest one counts. */
#include "ui/meter-form-private.h"

#include "core/error.h"

void
oc_meter_form_drop_quote (OcMeterForm *self)
{
    oc_latest_drop (&self->quoting);
    g_clear_object (&self->quote);
}

static void
take_quote (OcMeterForm *self, OcRows *quote)
{
    OcMoney amount = oc_rows_money (quote, 0, "total_amount");
    OcQuantity quantity = oc_rows_quantity (quote, 0, "total_quantity");
    gboolean bought = !oc_rows_is_null (quote, 0, "tier");

    g_set_object (&self->quote, quote);
    oc_form_hint_set_error (self->bought_hint, NULL);
    if (self->by_quantity)
        oc_money_entry_show (self->amount, bought ? &amount : NULL);
    else
        oc_quantity_entry_show (self->quantity, bought ? &quantity : NULL);
}

static void
on_quoted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcMeterForm) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) quote = oc_quote_finish (OC_DESK (source), result, &error);
    const char *field;

    if (!oc_latest_is_answer (&self->quoting, result))
        return; /* something else was typed meanwhile */
    if (quote != NULL && oc_rows_count (quote) > 0) {
        take_quote (self, quote);
    } else if (error != NULL && oc_trouble_of (error) != OC_TROUBLE_CANCELLED) {
        field = oc_error_get_field (error);
        if (field == NULL || !oc_meter_form_show_error (self, field, error->message, FALSE))
            oc_form_hint_set_error (self->bought_hint, error->message);
    }
    g_signal_emit_by_name (self, "quoted");
}

gboolean
oc_meter_form_read_bought (OcMeterForm *self, OcMoney *amount, OcQuantity *quantity, GError **error)
{
    *amount = (OcMoney){ 0 };
    *quantity = (OcQuantity){ 0 };
    if (self->by_quantity && !oc_number_entry_is_empty (OC_NUMBER_ENTRY (self->quantity)))
        return oc_quantity_entry_get (self->quantity, "quantity", quantity, error);
    if (!self->by_quantity && !oc_number_entry_is_empty (OC_NUMBER_ENTRY (self->amount)))
        return oc_money_entry_get (self->amount, "amount", amount, error);
    return TRUE;
}

static void
on_quote_due_cb (gpointer data)
{
    OcMeterForm *self = data;
    g_autoptr(GError) error = NULL;
    OcQuoteAsk ask = { .customer = self->customer, .household = self->household, .already = self->already };

    ask.user_type = oc_meter_form_chosen_name (self->user_type);
    ask.model = oc_meter_form_chosen_name (self->model);
    ask.price = oc_meter_form_chosen_name (self->price_1);
    if (ask.user_type == NULL || ask.model == NULL || ask.price == NULL)
        return;
    if (!oc_meter_form_read_bought (self, &ask.amount, &ask.quantity, &error)) {
        oc_form_hint_set_error (self->bought_hint, error->message);
        g_signal_emit_by_name (self, "quoted");
        return;
    }
    ask.by_quantity = ask.quantity.units > 0;
    oc_quote_async (self->desk, &ask, oc_latest_begin (&self->quoting), on_quoted_cb, g_object_ref (self));
}

void
oc_meter_form_edited (OcMeterForm *self)
{
    if (self->filling)
        return;
    oc_meter_form_drop_quote (self);
    oc_form_hint_set_error (self->bought_hint, NULL);
    g_signal_emit_by_name (self, "edited");
    oc_latest_begin_soon (&self->quoting, on_quote_due_cb, self);
}

OcRows *
oc_meter_form_get_quote (OcMeterForm *self)
{
    g_return_val_if_fail (OC_IS_METER_FORM (self), NULL);
    return self->quote;
}

gboolean
oc_meter_form_get_bought (OcMeterForm *self, OcQuantity *bought)
{
    g_return_val_if_fail (OC_IS_METER_FORM (self), FALSE);
    return self->quote != NULL
        && oc_quantity_add (oc_rows_quantity (self->quote, 0, "total_quantity"), oc_rows_quantity (self->quote, 0, "presale_quantity"),
            bought);
}

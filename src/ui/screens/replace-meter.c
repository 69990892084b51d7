/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replace meter: the card is read, one of its meters is chosen, the new one's number is typed and what the old one shows; the card
 * carries the old one's value to the new one. */
#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "core/error.h"
#include "ui/card-screen.h"
#include "ui/facts.h"
#include "ui/latest.h"
#include "ui/meter-cards.h"
#include "ui/new-meter.h"
#include "ui/present-error.h"
#include "ui/quote-lines.h"
#include "ui/screens.h"

#define OC_TYPE_REPLACE_METER_SCREEN (oc_replace_meter_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcReplaceMeterScreen, oc_replace_meter_screen, OC, REPLACE_METER_SCREEN, OcCardScreen)

struct _OcReplaceMeterScreen {
    OcCardScreen parent_instance;
    GtkWidget *body, *content;
    OcMeterCards *meters;
    OcNewMeter *new_meter;
    GtkFlowBox *facts;
    OcRows *quote; /* of what is typed, NULL: not known */
    OcLatest quoting;
};

G_DEFINE_FINAL_TYPE (OcReplaceMeterScreen, oc_replace_meter_screen, OC_TYPE_CARD_SCREEN)

static const OcColumn quote_columns[] = {
    { N_("Remaining"), "remaining", OC_COLUMN_QUANTITY },
    { N_("Unread"), "unread", OC_COLUMN_QUANTITY },
    { N_("Carried over"), "carried", OC_COLUMN_QUANTITY },
    { N_("Presale"), "presale", OC_COLUMN_QUANTITY },
    { N_("Onto the card"), "card_amount", OC_COLUMN_QUANTITY },
};

/* The rows of the reading, and the chosen one; NULL: none. */
static OcRows *
chosen_meter (OcReplaceMeterScreen *self, guint *row)
{
    OcReading *reading = oc_card_screen_get_reading (OC_CARD_SCREEN (self));
    int chosen = oc_meter_cards_get_chosen (self->meters);

    if (reading == NULL || chosen < 0)
        return NULL;
    *row = (guint) chosen;
    return oc_reading_meters (reading);
}

/* FALSE: there is nothing to ask yet, or what is typed is wrong. */
static gboolean
read_ask (OcReplaceMeterScreen *self, OcReplaceMeterAsk *ask, gboolean tell)
{
    guint row = 0;
    OcRows *meters = chosen_meter (self, &row);

    *ask = (OcReplaceMeterAsk){ .reading = oc_card_screen_get_reading (OC_CARD_SCREEN (self)) };
    if (meters == NULL)
        return FALSE;
    ask->customer = oc_rows_int (oc_reading_card (ask->reading), 0, "customer");
    ask->sub_meter = (int) oc_rows_int (meters, row, "sub_meter");
    return oc_new_meter_read (self->new_meter, ask, tell);
}

/* The quote --------------------------------------------------------------------------------------------------------- */

static void
show_quote (OcReplaceMeterScreen *self)
{
    OcTill *till = oc_card_screen_get_till (OC_CARD_SCREEN (self));
    OcMoney due = oc_rows_money (self->quote, 0, "due");

    oc_till_clear_lines (till);
    oc_facts_fill (self->facts, quote_columns, G_N_ELEMENTS (quote_columns), self->quote, 0);
    gtk_widget_set_visible (GTK_WIDGET (self->facts), TRUE);
    if (!oc_rows_is_null (self->quote, 0, "tier"))
        oc_quote_show_items (self->quote, oc_rows_text (self->quote, 0, "unit"), till);
    oc_quote_show_fee (C_("word", "Meter-change fee"), oc_rows_money (self->quote, 0, "fee"), till);
    oc_card_screen_quoted (OC_CARD_SCREEN (self), &due);
}

/* The caret stays where it is: somebody is typing. */
static void
refuse (OcReplaceMeterScreen *self, const GError *error)
{
    const char *field = oc_error_get_field (error);

    if (field == NULL || !oc_new_meter_show_error (self->new_meter, field, error->message, FALSE))
        oc_present_error (GTK_WIDGET (self), error);
}

static void
on_quoted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcReplaceMeterScreen) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) quote = oc_replace_meter_quote_finish (OC_DESK (source), result, &error);

    if (!oc_latest_is_answer (&self->quoting, result))
        return; /* something else was typed meanwhile */
    g_set_object (&self->quote, quote);
    if (quote != NULL && oc_rows_count (quote) > 0)
        show_quote (self);
    else if (error != NULL && oc_trouble_of (error) != OC_TROUBLE_CANCELLED)
        refuse (self, error);
}

static void
on_quote_due_cb (gpointer data)
{
    OcReplaceMeterScreen *self = data;
    OcReplaceMeterAsk ask;

    if (read_ask (self, &ask, FALSE))
        oc_replace_meter_quote_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_latest_begin (&self->quoting), on_quoted_cb,
            g_object_ref (self));
}

static void
drop_quote (OcReplaceMeterScreen *self)
{
    oc_latest_drop (&self->quoting);
    g_clear_object (&self->quote);
    oc_till_clear_lines (oc_card_screen_get_till (OC_CARD_SCREEN (self)));
    gtk_widget_set_visible (GTK_WIDGET (self->facts), FALSE);
    oc_card_screen_edited (OC_CARD_SCREEN (self));
}

static void
oc_replace_meter_screen_quote (OcCardScreen *screen)
{
    OcReplaceMeterScreen *self = OC_REPLACE_METER_SCREEN (screen);

    drop_quote (self);
    if (oc_card_screen_is_fitting (screen))
        oc_latest_begin_soon (&self->quoting, on_quote_due_cb, self);
}

static void
on_edited_cb (OcReplaceMeterScreen *self)
{
    oc_replace_meter_screen_quote (OC_CARD_SCREEN (self));
}

/* The meter ---------------------------------------------------------------------------------------------------------- */

static void
on_chosen_cb (OcReplaceMeterScreen *self)
{
    OcCardScreen *screen = OC_CARD_SCREEN (self);
    OcTill *till = oc_card_screen_get_till (screen);
    guint row = 0;
    OcRows *meters = chosen_meter (self, &row);
    const char *reason = meters != NULL ? oc_meter_cards_get_reason (self->meters, row) : "";
    gboolean open = oc_card_screen_is_fitting (screen) && meters != NULL && *reason == '\0';

    if (oc_till_get_stage (till) > OC_TILL_PAY)
        return;
    oc_new_meter_set_meter (self->new_meter, meters, row);
    gtk_widget_set_sensitive (GTK_WIDGET (self->new_meter), open);
    oc_till_set_stage (till, open ? OC_TILL_INPUT : OC_TILL_CLOSED);
    drop_quote (self);
    if (open)
        oc_replace_meter_screen_quote (screen);
}

static void
sub_meter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_meter_cards_choose (OC_REPLACE_METER_SCREEN (widget)->meters, g_variant_get_int32 (parameter));
}

/* The card shape ------------------------------------------------------------------------------------------------------ */

static void
oc_replace_meter_screen_show_reading (OcCardScreen *screen, OcReading *reading)
{
    OcReplaceMeterScreen *self = OC_REPLACE_METER_SCREEN (screen);
    OcRows *card = reading != NULL ? oc_reading_card (reading) : NULL;
    gboolean known = card != NULL && oc_rows_count (card) > 0 && !oc_rows_is_null (card, 0, "customer");

    drop_quote (self);
    gtk_widget_set_visible (self->body, known);
    oc_meter_cards_set_rows (self->meters, known ? oc_reading_meters (reading) : NULL);
}

static gboolean
oc_replace_meter_screen_check (OcCardScreen *screen, gboolean tell)
{
    OcReplaceMeterScreen *self = OC_REPLACE_METER_SCREEN (screen);
    OcReplaceMeterAsk ask;

    return read_ask (self, &ask, tell) && ask.meter != NULL && self->quote != NULL;
}

static void
on_replaced_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    OcOutcome *outcome = oc_replace_meter_finish (OC_DESK (source), result, &error);

    oc_card_screen_ended (data, outcome, error);
}

static void
oc_replace_meter_screen_run (OcCardScreen *screen, const OcPayment *payment, OcBusy *busy)
{
    OcReplaceMeterAsk ask;

    read_ask (OC_REPLACE_METER_SCREEN (screen), &ask, FALSE);
    ask.request_id = oc_card_screen_get_request (screen);
    ask.expected_due = payment->due;
    ask.tendered = payment->tendered;
    ask.pay = payment->pay;
    ask.reference = payment->reference;
    oc_replace_meter_async (oc_screen_get_desk (OC_SCREEN (screen)), &ask, oc_busy_get_cancellable (busy), on_replaced_cb, busy);
}

static gboolean
oc_replace_meter_screen_show_field_error (OcCardScreen *screen, const char *field, const GError *error)
{
    return oc_new_meter_show_error (OC_REPLACE_METER_SCREEN (screen)->new_meter, field, error->message, TRUE);
}

static void
oc_replace_meter_screen_focus_input (OcCardScreen *screen)
{
    oc_new_meter_focus (OC_REPLACE_METER_SCREEN (screen)->new_meter);
}

static gboolean
oc_replace_meter_screen_is_typed (OcCardScreen *screen)
{
    return oc_new_meter_is_typed (OC_REPLACE_METER_SCREEN (screen)->new_meter);
}

static void
oc_replace_meter_screen_clear (OcCardScreen *screen)
{
    oc_new_meter_clear (OC_REPLACE_METER_SCREEN (screen)->new_meter);
    oc_replace_meter_screen_quote (screen);
}

/* OcScreen and GObject -------------------------------------------------------------------------------------------------- */

/* What is being written, or done, is not edited any more. */
static void
on_staged_cb (OcReplaceMeterScreen *self, OcTill *till)
{
    gtk_widget_set_sensitive (self->content, oc_till_get_stage (till) <= OC_TILL_PAY);
}

static void
oc_replace_meter_screen_refresh (OcScreen *screen)
{
    OC_SCREEN_CLASS (oc_replace_meter_screen_parent_class)->refresh (screen);
    oc_new_meter_load (OC_REPLACE_METER_SCREEN (screen)->new_meter, screen);
}

static void
oc_replace_meter_screen_dispose (GObject *object)
{
    OcReplaceMeterScreen *self = OC_REPLACE_METER_SCREEN (object);

    oc_latest_drop (&self->quoting);
    g_clear_object (&self->quote);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_REPLACE_METER_SCREEN);
    G_OBJECT_CLASS (oc_replace_meter_screen_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
    gtk_widget_class_bind_template_child (widget_class, OcReplaceMeterScreen, body);
    gtk_widget_class_bind_template_child (widget_class, OcReplaceMeterScreen, content);
    gtk_widget_class_bind_template_child (widget_class, OcReplaceMeterScreen, meters);
    gtk_widget_class_bind_template_child (widget_class, OcReplaceMeterScreen, new_meter);
    gtk_widget_class_bind_template_child (widget_class, OcReplaceMeterScreen, facts);
    gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_edited_cb);
    gtk_widget_class_bind_template_callback (widget_class, oc_card_screen_proceed);
}

static void
oc_replace_meter_screen_class_init (OcReplaceMeterScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcCardScreenClass *card_class = OC_CARD_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_replace_meter_screen_dispose;
    OC_SCREEN_CLASS (klass)->refresh = oc_replace_meter_screen_refresh;
    card_class->kind = "replace-meter";
    card_class->show_reading = oc_replace_meter_screen_show_reading;
    card_class->check = oc_replace_meter_screen_check;
    card_class->run = oc_replace_meter_screen_run;
    card_class->show_field_error = oc_replace_meter_screen_show_field_error;
    card_class->quote = oc_replace_meter_screen_quote;
    card_class->focus_input = oc_replace_meter_screen_focus_input;
    card_class->is_typed = oc_replace_meter_screen_is_typed;
    card_class->clear = oc_replace_meter_screen_clear;

    g_type_ensure (OC_TYPE_METER_CARDS);
    g_type_ensure (OC_TYPE_NEW_METER);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-replace-meter.ui");
    bind_children (widget_class);
    gtk_widget_class_install_action (widget_class, "replace-meter.sub-meter", "i", sub_meter_action);
    for (guint slot = 1; slot <= 8; slot++)
        gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0 + slot, GDK_ALT_MASK, "replace-meter.sub-meter", "i", (int) slot);
}

static void
oc_replace_meter_screen_init (OcReplaceMeterScreen *self)
{
    OcTill *till = oc_card_screen_get_till (OC_CARD_SCREEN (self));

    gtk_widget_init_template (GTK_WIDGET (self));
    oc_meter_cards_set_for (self->meters, OC_METERS_REPLACE);
    g_signal_connect_object (till, "staged", G_CALLBACK (on_staged_cb), self, G_CONNECT_SWAPPED);
    oc_till_set_words (till, _("Take the money (Enter)"), _("Write the card (Enter)"));
}

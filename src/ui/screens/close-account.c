/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Close account: the card is read whole; the balance and what no meter has taken are paid out, the card is cleared, the customer's
 * account ends. */
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "ui/card-screen.h"
#include "ui/card-summary.h"
#include "ui/latest.h"
#include "ui/meter-cards.h"
#include "ui/present-error.h"
#include "ui/screens.h"

#define OC_TYPE_CLOSE_ACCOUNT_SCREEN (oc_close_account_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcCloseAccountScreen, oc_close_account_screen, OC, CLOSE_ACCOUNT_SCREEN, OcCardScreen)

struct _OcCloseAccountScreen {
    OcCardScreen parent_instance;
    OcCardSummary *summary;
    OcRows *quote;         /* of the card that lies there, NULL: none yet */
    OcLatest quoting;
};

G_DEFINE_FINAL_TYPE (OcCloseAccountScreen, oc_close_account_screen, OC_TYPE_CARD_SCREEN)

/* What is paid out ------------------------------------------------------------------------------------------------------ */

static void
add_line (OcTill *till, OcRows *quote, guint row)
{
    g_autofree char *amount = oc_money_format (oc_rows_money (quote, row, "amount"));
    g_autofree char *name = NULL;
    g_autofree char *quantity = NULL;

    if (oc_rows_is_null (quote, row, "meter")) {
        oc_till_add_line (till, C_("word", "Balance"), NULL, amount);
        return;
    }
    /* Translators: the number of a meter */
    name = g_strdup_printf (_("Unread purchase, meter %s"), oc_rows_text (quote, row, "meter"));
    quantity = oc_quantity_format (oc_rows_quantity (quote, row, "card_amount"));
    oc_till_add_line (till, name, quantity, amount);
}

static void
show_quote (OcCloseAccountScreen *self)
{
    OcTill *till = oc_card_screen_get_till (OC_CARD_SCREEN (self));
    OcMoney due = { -oc_rows_money (self->quote, 0, "total").units };

    oc_till_clear_lines (till);
    for (guint i = 0; i < oc_rows_count (self->quote); i++)
        add_line (till, self->quote, i);
    if (*oc_rows_text (self->quote, 0, "approval") != '\0')
        oc_card_summary_set_verdict (self->summary, "oc-lock-symbolic", _("A second person has to approve what is paid out."));
    oc_card_screen_quoted (OC_CARD_SCREEN (self), &due);
}

static void
on_quoted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcCloseAccountScreen) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) quote = oc_close_account_quote_finish (OC_DESK (source), result, &error);

    if (!oc_latest_is_answer (&self->quoting, result))
        return; /* another card lies there */
    g_set_object (&self->quote, quote);
    if (quote != NULL && oc_rows_count (quote) > 0)
        show_quote (self);
    else if (error != NULL)
        oc_card_summary_set_verdict (self->summary, "oc-error-symbolic", error->message);
}

static void
drop_quote (OcCloseAccountScreen *self)
{
    oc_latest_drop (&self->quoting);
    g_clear_object (&self->quote);
}

static void
oc_close_account_screen_quote (OcCardScreen *screen)
{
    OcCloseAccountScreen *self = OC_CLOSE_ACCOUNT_SCREEN (screen);
    OcCloseAsk ask = { .reading = oc_card_screen_get_reading (screen) };

    drop_quote (self);
    oc_till_clear_lines (oc_card_screen_get_till (screen));
    oc_card_screen_edited (screen);
    oc_close_account_quote_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_latest_begin (&self->quoting), on_quoted_cb, g_object_ref (self));
}

/* The card shape ------------------------------------------------------------------------------------------------------ */

static void
oc_close_account_screen_show_reading (OcCardScreen *screen, OcReading *reading)
{
    OcCloseAccountScreen *self = OC_CLOSE_ACCOUNT_SCREEN (screen);

    drop_quote (self);
    oc_till_clear_lines (oc_card_screen_get_till (screen));
    oc_card_screen_edited (screen);
    oc_card_summary_set_reading (self->summary, reading);
    if (oc_card_screen_is_fitting (screen))
        oc_close_account_screen_quote (screen);
}

static gboolean
oc_close_account_screen_check (OcCardScreen *screen, gboolean tell)
{
    return OC_CLOSE_ACCOUNT_SCREEN (screen)->quote != NULL;
}

static void
on_closed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    OcOutcome *outcome = oc_close_account_finish (OC_DESK (source), result, &error);

    oc_card_screen_ended (data, outcome, error);
}

static void
oc_close_account_screen_run (OcCardScreen *screen, const OcPayment *payment, OcBusy *busy)
{
    OcCloseAccountScreen *self = OC_CLOSE_ACCOUNT_SCREEN (screen);
    OcCloseAsk ask = {
        .request_id = oc_card_screen_get_request (screen),
        .reading = oc_card_screen_get_reading (screen),
        .customer = oc_rows_int (self->quote, 0, "customer"),
        .expected = oc_rows_money (self->quote, 0, "total"),
        .pay = payment->pay,
        .reference = payment->reference,
    };

    oc_close_account_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_busy_get_cancellable (busy), on_closed_cb, busy);
}

/* An account that ends is not one Enter away: the button is reached by Tab, and then it asks for the second step. */
static void
oc_close_account_screen_focus_input (OcCardScreen *screen)
{
    gtk_widget_grab_focus (GTK_WIDGET (oc_card_screen_get_banner (screen)));
}

static void
oc_close_account_screen_dispose (GObject *object)
{
    drop_quote (OC_CLOSE_ACCOUNT_SCREEN (object));
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_CLOSE_ACCOUNT_SCREEN);
    G_OBJECT_CLASS (oc_close_account_screen_parent_class)->dispose (object);
}

static void
oc_close_account_screen_class_init (OcCloseAccountScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcCardScreenClass *card_class = OC_CARD_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_close_account_screen_dispose;
    card_class->whole = TRUE;
    card_class->kind = "close";
    card_class->show_reading = oc_close_account_screen_show_reading;
    card_class->check = oc_close_account_screen_check;
    card_class->run = oc_close_account_screen_run;
    card_class->quote = oc_close_account_screen_quote;
    card_class->focus_input = oc_close_account_screen_focus_input;

    g_type_ensure (OC_TYPE_CARD_SUMMARY);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-close-account.ui");
    gtk_widget_class_bind_template_child (widget_class, OcCloseAccountScreen, summary);
}

static void
oc_close_account_screen_init (OcCloseAccountScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_till_set_words (oc_card_screen_get_till (OC_CARD_SCREEN (self)), _("Close the account… (Enter)"),
        _("Pay out and close the account (Enter)"));
}

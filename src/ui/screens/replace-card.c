/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replace card: the customer is found, what the new card will carry is shown, a blank card and the fee make it. The old card is dead
 * from then on. */
#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "core/error.h"
#include "ui/card-screen.h"
#include "ui/facts.h"
#include "ui/finder.h"
#include "ui/form-hint.h"
#include "ui/latest.h"
#include "ui/meter-cards.h"
#include "ui/present-error.h"
#include "ui/screens.h"

#define OC_TYPE_REPLACE_CARD_SCREEN (oc_replace_card_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcReplaceCardScreen, oc_replace_card_screen, OC, REPLACE_CARD_SCREEN, OcCardScreen)

struct _OcReplaceCardScreen {
    OcCardScreen parent_instance;
    GtkStack *pages;
    OcFinder *finder;
    GtkLabel *name;
    GtkFlowBox *facts;
    GtkGrid *meters;
    GtkWidget *carried_box;
    GtkLabel *carried;
    gint64 customer; /* 0: none is chosen */
    OcRows *quote;   /* for that customer, NULL: not there (yet) */
    OcLatest quoting;
};

G_DEFINE_FINAL_TYPE (OcReplaceCardScreen, oc_replace_card_screen, OC_TYPE_CARD_SCREEN)

static const OcColumn customer_columns[] = {
    { N_("Customer"), "customer", OC_COLUMN_INTEGER },
    { N_("Address"), "address", OC_COLUMN_TEXT },
    { N_("Old card"), "card_state", OC_COLUMN_STATE },
    { N_("Number of the new card"), "issue", OC_COLUMN_INTEGER },
    { N_("Card family"), "family", OC_COLUMN_STATE },
};
static const OcColumn meter_columns[] = {
    { N_("Sub-meter"), "sub_meter", OC_COLUMN_SUB_METER },
    { N_("Meter number"), "meter", OC_COLUMN_TEXT },
    { N_("Times bought"), "purchase_count", OC_COLUMN_INTEGER },
    { N_("Purchase carried over"), "amount", OC_COLUMN_QUANTITY },
    { N_("Not yet in the meter"), "unread", OC_COLUMN_TRUTH },
};

/* What it costs ------------------------------------------------------------------------------------------------------- */

static void
show_due (OcReplaceCardScreen *self)
{
    OcTill *till = oc_card_screen_get_till (OC_CARD_SCREEN (self));
    OcMoney due;
    g_autofree char *text = NULL;

    if (self->quote == NULL)
        return;
    due = oc_rows_money (self->quote, 0, "due");
    text = oc_money_format (due);
    oc_till_clear_lines (till);
    oc_till_add_line (till, C_("word", "Replacement-card fee"), NULL, text);
    oc_card_screen_quoted (OC_CARD_SCREEN (self), &due);
}

static void
show_quote (OcReplaceCardScreen *self)
{
    OcRows *quote = self->quote;
    gboolean unfinished = !oc_rows_is_null (quote, 0, "job");

    gtk_label_set_label (self->name, oc_rows_text (quote, 0, "name"));
    oc_facts_fill (self->facts, customer_columns, G_N_ELEMENTS (customer_columns), quote, 0);
    oc_facts_fill_list (self->meters, meter_columns, G_N_ELEMENTS (meter_columns), quote);
    gtk_widget_set_visible (self->carried_box, unfinished);
    if (unfinished) {
        /* Translators: the number of a card job */
        g_autofree char *text = g_strdup_printf (_("Write %d of the old card was not finished: the new card carries what was paid, and the write is settled with it."),
            (int) oc_rows_int (quote, 0, "job"));
        gtk_label_set_label (self->carried, text);
    }
    gtk_stack_set_visible_child_name (self->pages, "customer");
    show_due (self);
    if (oc_screen_is_shown (OC_SCREEN (self)) && oc_card_screen_can_work (OC_CARD_SCREEN (self)))
        oc_till_focus (oc_card_screen_get_till (OC_CARD_SCREEN (self)));
}

static void
on_quoted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcReplaceCardScreen) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) quote = oc_replace_card_quote_finish (OC_DESK (source), result, &error);
    g_autoptr(GError) nothing = NULL;

    if (!oc_latest_is_answer (&self->quoting, result))
        return; /* another customer was chosen meanwhile */
    if (quote != NULL && oc_rows_count (quote) > 0) {
        g_set_object (&self->quote, quote);
        oc_screen_show_message (OC_SCREEN (self), NULL, NULL);
        show_quote (self);
        return;
    }
    self->customer = 0;
    nothing = error == NULL ? oc_error_new_code ("OC175", NULL) : NULL;
    oc_present_error (GTK_WIDGET (self), error != NULL ? error : nothing);
}

static void
drop_quote (OcReplaceCardScreen *self)
{
    oc_latest_drop (&self->quoting);
    g_clear_object (&self->quote);
}

static void
oc_replace_card_screen_quote (OcCardScreen *screen)
{
    OcReplaceCardScreen *self = OC_REPLACE_CARD_SCREEN (screen);
    OcReplaceAsk ask = { .customer = self->customer };

    drop_quote (self);
    oc_till_clear_lines (oc_card_screen_get_till (screen));
    oc_card_screen_edited (screen);
    if (self->customer == 0)
        return;
    oc_replace_card_quote_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_latest_begin (&self->quoting), on_quoted_cb, g_object_ref (self));
}

/* Whose card it is ------------------------------------------------------------------------------------------------------ */

static gboolean
may_choose (OcReplaceCardScreen *self)
{
    return oc_till_get_stage (oc_card_screen_get_till (OC_CARD_SCREEN (self))) <= OC_TILL_PAY;
}

static void
oc_replace_card_screen_show_customer (OcScreen *screen, gint64 customer)
{
    OcReplaceCardScreen *self = OC_REPLACE_CARD_SCREEN (screen);

    if (!may_choose (self))
        return;
    self->customer = customer;
    oc_replace_card_screen_quote (OC_CARD_SCREEN (screen));
}

static void
on_taken_cb (OcReplaceCardScreen *self, OcFields *record)
{
    oc_replace_card_screen_show_customer (OC_SCREEN (self), g_ascii_strtoll (oc_fields_get (record, "customer"), NULL, 10));
}

static void
forget_customer (OcReplaceCardScreen *self)
{
    self->customer = 0;
    oc_replace_card_screen_quote (OC_CARD_SCREEN (self));
    gtk_stack_set_visible_child_name (self->pages, "find");
}

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcReplaceCardScreen *self = OC_REPLACE_CARD_SCREEN (widget);

    if (!may_choose (self))
        return;
    forget_customer (self);
    gtk_widget_grab_focus (GTK_WIDGET (self->finder));
}

/* The card shape ------------------------------------------------------------------------------------------------------ */

/* A blank card may come before the customer is found, or after. */
static void
oc_replace_card_screen_show_reading (OcCardScreen *screen, OcReading *reading)
{
    show_due (OC_REPLACE_CARD_SCREEN (screen));
}

static gboolean
oc_replace_card_screen_check (OcCardScreen *screen, gboolean tell)
{
    return OC_REPLACE_CARD_SCREEN (screen)->quote != NULL;
}

static void
on_replaced_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    OcOutcome *outcome = oc_replace_card_finish (OC_DESK (source), result, &error);

    oc_card_screen_ended (data, outcome, error);
}

static void
oc_replace_card_screen_run (OcCardScreen *screen, const OcPayment *payment, OcBusy *busy)
{
    OcReplaceAsk ask = {
        .request_id = oc_card_screen_get_request (screen),
        .customer = OC_REPLACE_CARD_SCREEN (screen)->customer,
        .expected_due = payment->due,
        .tendered = payment->tendered,
        .pay = payment->pay,
        .reference = payment->reference,
    };

    oc_replace_card_async (oc_screen_get_desk (OC_SCREEN (screen)), &ask, oc_busy_get_cancellable (busy), on_replaced_cb, busy);
}

static void
oc_replace_card_screen_focus_input (OcCardScreen *screen)
{
    OcReplaceCardScreen *self = OC_REPLACE_CARD_SCREEN (screen);

    if (self->quote != NULL)
        oc_till_focus (oc_card_screen_get_till (screen));
    else if (gtk_widget_get_focus_child (GTK_WIDGET (screen)) == NULL)
        gtk_widget_grab_focus (GTK_WIDGET (self->finder));
}

static gboolean
oc_replace_card_screen_is_typed (OcCardScreen *screen)
{
    return OC_REPLACE_CARD_SCREEN (screen)->customer != 0;
}

static void
oc_replace_card_screen_clear (OcCardScreen *screen)
{
    OcReplaceCardScreen *self = OC_REPLACE_CARD_SCREEN (screen);

    oc_finder_clear (self->finder);
    forget_customer (self);
}

/* OcScreen ------------------------------------------------------------------------------------------------------------ */

static void
oc_replace_card_screen_start (OcScreen *screen)
{
    oc_replace_card_screen_focus_input (OC_CARD_SCREEN (screen));
}

static void
oc_replace_card_screen_refresh (OcScreen *screen)
{
    oc_finder_refresh (OC_REPLACE_CARD_SCREEN (screen)->finder);
}

static gboolean
oc_replace_card_screen_back (OcScreen *screen)
{
    OcReplaceCardScreen *self = OC_REPLACE_CARD_SCREEN (screen);
    OcTillStage stage = oc_till_get_stage (oc_card_screen_get_till (OC_CARD_SCREEN (screen)));

    if (self->customer != 0 && stage <= OC_TILL_INPUT) {
        gtk_widget_activate_action (GTK_WIDGET (self), "replace-card.find", NULL);
        return TRUE;
    }
    return OC_SCREEN_CLASS (oc_replace_card_screen_parent_class)->back (screen);
}

static void
oc_replace_card_screen_constructed (GObject *object)
{
    OcReplaceCardScreen *self = OC_REPLACE_CARD_SCREEN (object);

    G_OBJECT_CLASS (oc_replace_card_screen_parent_class)->constructed (object);
    oc_finder_start (self->finder, &oc_finder_customers, oc_screen_get_desk (OC_SCREEN (self)), GTK_WIDGET (self));
}

static void
oc_replace_card_screen_dispose (GObject *object)
{
    drop_quote (OC_REPLACE_CARD_SCREEN (object));
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_REPLACE_CARD_SCREEN);
    G_OBJECT_CLASS (oc_replace_card_screen_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
    gtk_widget_class_bind_template_child (widget_class, OcReplaceCardScreen, pages);
    gtk_widget_class_bind_template_child (widget_class, OcReplaceCardScreen, finder);
    gtk_widget_class_bind_template_child (widget_class, OcReplaceCardScreen, name);
    gtk_widget_class_bind_template_child (widget_class, OcReplaceCardScreen, facts);
    gtk_widget_class_bind_template_child (widget_class, OcReplaceCardScreen, meters);
    gtk_widget_class_bind_template_child (widget_class, OcReplaceCardScreen, carried_box);
    gtk_widget_class_bind_template_child (widget_class, OcReplaceCardScreen, carried);
    gtk_widget_class_bind_template_callback (widget_class, on_taken_cb);
}

static void
oc_replace_card_screen_class_init (OcReplaceCardScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcScreenClass *screen_class = OC_SCREEN_CLASS (klass);
    OcCardScreenClass *card_class = OC_CARD_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_replace_card_screen_constructed;
    G_OBJECT_CLASS (klass)->dispose = oc_replace_card_screen_dispose;
    screen_class->start = oc_replace_card_screen_start;
    screen_class->refresh = oc_replace_card_screen_refresh;
    screen_class->back = oc_replace_card_screen_back;
    screen_class->show_customer = oc_replace_card_screen_show_customer;
    card_class->wanted = OC_CARD_BLANK;
    card_class->blank_words = N_("It becomes the customer's new card.");
    card_class->kind = "replace-card";
    card_class->show_reading = oc_replace_card_screen_show_reading;
    card_class->check = oc_replace_card_screen_check;
    card_class->run = oc_replace_card_screen_run;
    card_class->quote = oc_replace_card_screen_quote;
    card_class->focus_input = oc_replace_card_screen_focus_input;
    card_class->is_typed = oc_replace_card_screen_is_typed;
    card_class->clear = oc_replace_card_screen_clear;

    g_type_ensure (OC_TYPE_FINDER);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-replace-card.ui");
    bind_children (widget_class);
    gtk_widget_class_install_action (widget_class, "replace-card.find", NULL, find_action);
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "replace-card.find", NULL);
}

static void
oc_replace_card_screen_init (OcReplaceCardScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_till_set_words (oc_card_screen_get_till (OC_CARD_SCREEN (self)), _("Take the money (Enter)"),
        _("Write the card (Enter)"));
}

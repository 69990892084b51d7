/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Add sub-meter: a customer's card is read, sub-meters are chosen for its free places, and bought for as at an opening, without its
 * fee. */
#include <glib/gi18n-lib.h>

#include "ui/card-screen.h"
#include "ui/card-summary.h"
#include "ui/meter-forms.h"
#include "ui/screens.h"

#define OC_TYPE_ADD_METER_SCREEN (oc_add_meter_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcAddMeterScreen, oc_add_meter_screen, OC, ADD_METER_SCREEN, OcCardScreen)

struct _OcAddMeterScreen {
    OcCardScreen parent_instance;
    GtkWidget *content;
    OcCardSummary *summary;
    OcMeterForms *meters;
    gint64 customer; /* whose card it is, and whose meters are typed; 0: there was none yet */
};

G_DEFINE_FINAL_TYPE (OcAddMeterScreen, oc_add_meter_screen, OC_TYPE_CARD_SCREEN)

static void
on_edited_cb (OcAddMeterScreen *self)
{
    oc_till_clear_lines (oc_card_screen_get_till (OC_CARD_SCREEN (self)));
    oc_card_screen_edited (OC_CARD_SCREEN (self));
}

static void
on_quoted_cb (OcAddMeterScreen *self)
{
    OcTill *till = oc_card_screen_get_till (OC_CARD_SCREEN (self));
    OcMoney due = { 0 };

    oc_till_clear_lines (till);
    if (oc_meter_forms_show_lines (self->meters, till, &due))
        oc_card_screen_quoted (OC_CARD_SCREEN (self), &due);
}

/* The card shape ------------------------------------------------------------------------------------------------------ */

/* What is typed belongs to one customer: another one's card begins anew. */
static void
oc_add_meter_screen_show_reading (OcCardScreen *screen, OcReading *reading)
{
    OcAddMeterScreen *self = OC_ADD_METER_SCREEN (screen);
    gboolean fitting = oc_card_screen_is_fitting (screen);
    gint64 customer = fitting ? oc_rows_int (oc_reading_card (reading), 0, "customer") : 0;

    oc_card_summary_set_reading (self->summary, reading);
    gtk_widget_set_visible (GTK_WIDGET (self->meters), fitting);
    if (!fitting)
        return; /* the banner says why; what was typed waits for the card */
    if (customer != self->customer)
        oc_meter_forms_clear (self->meters);
    self->customer = customer;
    oc_meter_forms_set_card (self->meters, reading);
    oc_meter_forms_set_customer (self->meters, customer, oc_reading_meters (reading));
}

static gboolean
oc_add_meter_screen_check (OcCardScreen *screen, gboolean tell)
{
    return oc_meter_forms_check (OC_ADD_METER_SCREEN (screen)->meters, tell);
}

static void
on_added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    OcOutcome *outcome = oc_add_meter_finish (OC_DESK (source), result, &error);

    oc_card_screen_ended (data, outcome, error);
}

static void
oc_add_meter_screen_run (OcCardScreen *screen, const OcPayment *payment, OcBusy *busy)
{
    guint n_meters = 0;
    g_autofree OcOpenMeter *meters = oc_meter_forms_read (OC_ADD_METER_SCREEN (screen)->meters, &n_meters);
    OcAddMeterAsk ask = {
        .request_id = oc_card_screen_get_request (screen),
        .reading = oc_card_screen_get_reading (screen),
        .meters = meters,
        .n_meters = n_meters,
        .expected_due = payment->due,
        .tendered = payment->tendered,
        .pay = payment->pay,
        .reference = payment->reference,
    };

    oc_add_meter_async (oc_screen_get_desk (OC_SCREEN (screen)), &ask, oc_busy_get_cancellable (busy), on_added_cb, busy);
}

static gboolean
oc_add_meter_screen_show_field_error (OcCardScreen *screen, const char *field, const GError *error)
{
    return oc_meter_forms_show_error (OC_ADD_METER_SCREEN (screen)->meters, field, error);
}

static void
oc_add_meter_screen_quote (OcCardScreen *screen)
{
    oc_meter_forms_set_household (OC_ADD_METER_SCREEN (screen)->meters, 0);
}

/* The caret stays where somebody is typing. */
static void
oc_add_meter_screen_focus_input (OcCardScreen *screen)
{
    if (gtk_widget_get_focus_child (GTK_WIDGET (screen)) == NULL)
        gtk_widget_child_focus (GTK_WIDGET (OC_ADD_METER_SCREEN (screen)->meters), GTK_DIR_TAB_FORWARD);
}

static gboolean
oc_add_meter_screen_is_typed (OcCardScreen *screen)
{
    return oc_meter_forms_count (OC_ADD_METER_SCREEN (screen)->meters) > 0;
}

static void
oc_add_meter_screen_clear (OcCardScreen *screen)
{
    oc_meter_forms_clear (OC_ADD_METER_SCREEN (screen)->meters);
}

/* Callbacks ------------------------------------------------------------------------------------------------------------- */

/* What is being written, or done, is not edited any more. */
static void
on_staged_cb (OcAddMeterScreen *self, OcTill *till)
{
    gtk_widget_set_sensitive (self->content, oc_till_get_stage (till) <= OC_TILL_PAY);
}

static void
add_meter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcAddMeterScreen *self = OC_ADD_METER_SCREEN (widget);

    if (gtk_widget_get_visible (GTK_WIDGET (self->meters)))
        oc_meter_forms_add (self->meters, g_variant_get_int32 (parameter));
}

static void
oc_add_meter_screen_refresh (OcScreen *screen)
{
    OC_SCREEN_CLASS (oc_add_meter_screen_parent_class)->refresh (screen);
    oc_meter_forms_load (OC_ADD_METER_SCREEN (screen)->meters, screen);
}

static void
oc_add_meter_screen_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_ADD_METER_SCREEN);
    G_OBJECT_CLASS (oc_add_meter_screen_parent_class)->dispose (object);
}

static void
oc_add_meter_screen_class_init (OcAddMeterScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcCardScreenClass *card_class = OC_CARD_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_add_meter_screen_dispose;
    OC_SCREEN_CLASS (klass)->refresh = oc_add_meter_screen_refresh;
    card_class->kind = "add-meter";
    card_class->show_reading = oc_add_meter_screen_show_reading;
    card_class->check = oc_add_meter_screen_check;
    card_class->run = oc_add_meter_screen_run;
    card_class->show_field_error = oc_add_meter_screen_show_field_error;
    card_class->quote = oc_add_meter_screen_quote;
    card_class->focus_input = oc_add_meter_screen_focus_input;
    card_class->is_typed = oc_add_meter_screen_is_typed;
    card_class->clear = oc_add_meter_screen_clear;

    g_type_ensure (OC_TYPE_CARD_SUMMARY);
    g_type_ensure (OC_TYPE_METER_FORMS);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-add-meter.ui");
    gtk_widget_class_bind_template_child (widget_class, OcAddMeterScreen, content);
    gtk_widget_class_bind_template_child (widget_class, OcAddMeterScreen, summary);
    gtk_widget_class_bind_template_child (widget_class, OcAddMeterScreen, meters);
    gtk_widget_class_bind_template_callback (widget_class, on_edited_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_quoted_cb);
    gtk_widget_class_bind_template_callback (widget_class, oc_card_screen_proceed);
    gtk_widget_class_install_action (widget_class, "add-meter.add", "i", add_meter_action);
    for (guint slot = 1; slot <= 8; slot++)
        gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0 + slot, GDK_ALT_MASK, "add-meter.add", "i", (int) slot);
}

static void
oc_add_meter_screen_init (OcAddMeterScreen *self)
{
    OcTill *till = oc_card_screen_get_till (OC_CARD_SCREEN (self));

    gtk_widget_init_template (GTK_WIDGET (self));
    g_signal_connect_object (till, "staged", G_CALLBACK (on_staged_cb), self, G_CONNECT_SWAPPED);
    oc_till_set_words (till, _("Take the money (Enter)"), _("Write the card (Enter)"));
}

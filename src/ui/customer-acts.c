/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See customer-acts.h. The dialog lives until the act succeeded; a refusal is shown in it. */
#include "ui/customer-acts.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "ops/ops.h"
#include "ui/approval.h"
#include "ui/form-dialog.h"
#include "ui/meter-lists.h"
#include "ui/window.h"

typedef struct {
    OcScreen *screen;
    OcFormDialog *dialog; /* weak */
    gint64 customer;
    char *meter;
    OcRows *meters;       /* whose row @row is changed */
    guint row;
    gboolean opposite;    /* out, release */
    char *request;
    OcFields *values;
} Work;

static Work *
work_new (OcScreen *screen, gint64 customer, const char *meter, gboolean opposite)
{
    Work *work = g_atomic_rc_box_new0 (Work);

    work->screen = g_object_ref (screen);
    work->customer = customer;
    work->meter = g_strdup (meter);
    work->opposite = opposite;
    return work;
}

static void
work_clear (gpointer data)
{
    Work *work = data;

    g_clear_weak_pointer (&work->dialog);
    g_object_unref (work->screen);
    g_clear_object (&work->meters);
    g_free (work->meter);
    g_free (work->request);
    g_clear_pointer (&work->values, oc_fields_unref);
}

static void
work_unref (gpointer work)
{
    g_atomic_rc_box_release_full (work, work_clear);
}

static void
on_work_gone_cb (gpointer work, GClosure *closure)
{
    work_unref (work);
}

static void
work_present (Work *work, OcFormDialog *dialog, GCallback confirmed)
{
    g_set_weak_pointer (&work->dialog, dialog);
    g_signal_connect_data (dialog, "confirmed", confirmed, work, on_work_gone_cb, 0);
}

/* Shown in the dialog, or gone with it. */
static void
work_done (Work *work, const char *text, const GError *error)
{
    if (error != NULL) {
        if (work->dialog != NULL)
            oc_form_dialog_refuse (work->dialog, error);
        return;
    }
    if (work->dialog != NULL)
        gtk_window_destroy (GTK_WINDOW (work->dialog));
    oc_screen_show_message (work->screen, "success", text);
    oc_screen_refresh (work->screen);
}

static void
work_begin (Work *work, OcFields *values)
{
    if (values != work->values) {
        g_clear_pointer (&work->values, oc_fields_unref);
        work->values = oc_fields_ref (values);
    }
    oc_form_dialog_set_busy (work->dialog, TRUE);
}

/* Balance ---------------------------------------------------------------------------------------------------------- */

static void start_balance (Work *work);

static void
on_approved_cb (gpointer data)
{
    Work *work = data;

    if (work->dialog != NULL)
        start_balance (work);
}

static void
on_balance_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Work *work = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = oc_balance_finish (OC_DESK (source), result, &error);
    OcWindow *window = oc_window_of (GTK_WIDGET (work->screen));

    if (outcome != NULL && window != NULL)
        oc_window_set_last_outcome (window, outcome);
    if (error != NULL && oc_error_get_param (error, "digest") != NULL && work->dialog != NULL) {
        oc_form_dialog_refuse (work->dialog, error);
        oc_approval_present (GTK_WIDGET (work->dialog), OC_DESK (source), error, on_approved_cb, g_atomic_rc_box_acquire (work), work_unref);
    } else
        work_done (work, work->opposite ? _("Paid out. Ctrl+P prints the receipt.") : _("Paid in. Ctrl+P prints the receipt."), error);
    work_unref (work);
}

static void
start_balance (Work *work)
{
    OcBalanceAsk ask = {
        .request_id = work->request,
        .customer = work->customer,
        .out = work->opposite,
        .pay = oc_fields_get (work->values, "pay"),
        .reference = oc_fields_get (work->values, "reference"),
    };
    g_autoptr(GError) error = NULL;

    if (!oc_money_parse (oc_fields_get (work->values, "amount"), "amount", &ask.amount, &error)) {
        work_done (work, NULL, error);
        return;
    }
    work_begin (work, work->values);
    oc_balance_async (oc_screen_get_desk (work->screen), &ask, NULL, on_balance_cb, g_atomic_rc_box_acquire (work));
}

/* What is confirmed anew is another request. */
static void
on_balance_confirmed_cb (OcFormDialog *dialog, OcFields *values, gpointer data)
{
    Work *work = data;

    g_free (work->request);
    work->request = oc_request_id ();
    work_begin (work, values);
    start_balance (work);
}

void
oc_balance_present (OcScreen *screen, gint64 customer, const char *name, gboolean out)
{
    static const OcFormDialogField fields[] = {
        { "amount", OC_FIELD_TEXT, N_("Amount"), NULL, .needed = TRUE },
        { "pay", OC_FIELD_CHOICE, N_("Means of payment"), NULL, .choices = "cash bankcard wechat alipay transfer", .value = "cash", .needed = TRUE },
        { "reference", OC_FIELD_TEXT, N_("Payment reference"), N_("The number of the payment service, if there is one.") },
    };
    Work *work = work_new (screen, customer, NULL, out);

    work_present (work, oc_form_dialog_new (GTK_WIDGET (screen), out ? _("Pay out of the balance") : _("Pay into the balance"), name,
        out ? _("Pay out") : _("Pay in"), fields, G_N_ELEMENTS (fields)), G_CALLBACK (on_balance_confirmed_cb));
}

/* Blacklist -------------------------------------------------------------------------------------------------------- */

static void
on_barred_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Work *work = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = work->opposite ? oc_blacklist_remove_finish (OC_DESK (source), result, &error)
                                            : oc_blacklist_add_finish (OC_DESK (source), result, &error);

    work_done (work, work->opposite ? _("Released: it can buy again.") : _("Barred: it can't buy until it is released."), error);
    work_unref (work);
}

static void
on_bar_confirmed_cb (OcFormDialog *dialog, OcFields *values, gpointer data)
{
    Work *work = data;
    OcMeterAsk ask = { .customer = work->customer, .meter = work->meter, .reason = oc_fields_get (values, "reason") };
    OcDesk *desk = oc_screen_get_desk (work->screen);

    work_begin (work, values);
    if (work->opposite)
        oc_blacklist_remove_async (desk, &ask, NULL, on_barred_cb, g_atomic_rc_box_acquire (work));
    else
        oc_blacklist_add_async (desk, &ask, NULL, on_barred_cb, g_atomic_rc_box_acquire (work));
}

void
oc_bar_present (OcScreen *screen, gint64 customer, const char *name, const char *meter, gboolean release)
{
    static const OcFormDialogField fields[] = {
        { "reason", OC_FIELD_TEXT, N_("Reason"), N_("The customer is told it at the counter."), .needed = TRUE },
    };
    Work *work = work_new (screen, customer, meter, release);
    /* Translators: the first %s is a customer's name, the second the number of a meter. */
    g_autofree char *who = meter != NULL ? g_strdup_printf (_("%s, meter %s"), name, meter) : g_strdup (name);

    work_present (work, oc_form_dialog_new (GTK_WIDGET (screen), release ? _("Release from the blacklist") : _("Put on the blacklist"), who,
        release ? _("Release") : _("Bar"), fields, G_N_ELEMENTS (fields)), G_CALLBACK (on_bar_confirmed_cb));
}

/* User type and prices of a meter ------------------------------------------------------------------------------------- */

static void
offer (Work *work, const char *field, OcRows *rows)
{
    g_auto(GStrv) names = oc_meter_names (rows, oc_rows_text (work->meters, work->row, "meter_type"));

    if (work->dialog != NULL)
        oc_form_field_set_choices (oc_form_dialog_get_field (work->dialog, field), (const char *const *) names,
            (const char *const *) names, TRUE);
}

static OcRows *
list_came (Work *work, GObject *source, GAsyncResult *result)
{
    g_autoptr(GError) error = NULL;
    OcRows *rows = oc_list_finish (OC_DESK (source), result, &error);

    if (rows == NULL)
        work_done (work, NULL, error);
    return rows;
}

static void
on_user_types_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Work *work = data;
    g_autoptr(OcRows) rows = list_came (work, source, result);

    if (rows != NULL)
        offer (work, "user_type", rows);
    work_unref (work);
}

static void
on_prices_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Work *work = data;
    g_autoptr(OcRows) rows = list_came (work, source, result);

    if (rows != NULL) {
        offer (work, "price", rows);
        offer (work, "price_2", rows);
    }
    work_unref (work);
}

static void
on_terms_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Work *work = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_meter_change_finish (OC_DESK (source), result, &error);

    work_done (work, _("Saved: it holds from the next purchase on, and is on the card with it."), error);
    work_unref (work);
}

/* NULL: as it is. */
static const char *
other_value (Work *work, OcFields *values, const char *field, const char *column)
{
    const char *value = oc_fields_get (values, field);

    return g_str_equal (value, oc_rows_text (work->meters, work->row, column)) ? NULL : value;
}

static void
on_terms_confirmed_cb (OcFormDialog *dialog, OcFields *values, gpointer data)
{
    Work *work = data;
    const char *switch_at = oc_fields_get (values, "switch_at");
    OcMeterAsk ask = {
        .customer = work->customer,
        .sub_meter = (int) oc_rows_int (work->meters, work->row, "sub_meter"),
        .user_type = other_value (work, values, "user_type", "user_type"),
        .price = other_value (work, values, "price", "price_1"),
        .price_2 = other_value (work, values, "price_2", "price_2"),
        .switch_at = *switch_at != '\0' ? switch_at : NULL,
    };

    work_begin (work, values);
    oc_meter_change_async (oc_screen_get_desk (work->screen), &ask, NULL, on_terms_cb, g_atomic_rc_box_acquire (work));
}

void
oc_meter_terms_present (OcScreen *screen, gint64 customer, const char *name, OcRows *meters, guint row)
{
    const OcFormDialogField fields[] = {
        { "user_type", OC_FIELD_CHOICE, N_("User type"), N_("Gives alarms and limits."), .value = oc_rows_text (meters, row, "user_type"), .needed = TRUE },
        { "price", OC_FIELD_CHOICE, N_("Price set 1"), NULL, .value = oc_rows_text (meters, row, "price_1"), .needed = TRUE },
        { "price_2", OC_FIELD_CHOICE, N_("Price set 2"), NULL, .value = oc_rows_text (meters, row, "price_2"), .needed = TRUE },
        { "switch_at", OC_FIELD_TIME, N_("Switch time"), N_("When price set 2 begins"), .value = oc_rows_text (meters, row, "switch_at") },
    };
    OcDesk *desk = oc_screen_get_desk (screen);
    Work *work = work_new (screen, customer, NULL, FALSE);
    /* Translators: the first %s is a customer's name, the second the number of a meter. */
    g_autofree char *who = g_strdup_printf (_("%s, meter %s"), name, oc_rows_text (meters, row, "meter"));

    work->meters = g_object_ref (meters);
    work->row = row;
    oc_list_async (desk, "user_types", NULL, on_user_types_cb, g_atomic_rc_box_acquire (work));
    oc_list_async (desk, "prices", NULL, on_prices_cb, g_atomic_rc_box_acquire (work));
    work_present (work, oc_form_dialog_new (GTK_WIDGET (screen), _("Change user type or price"), who, _("Save"), fields,
        G_N_ELEMENTS (fields)), G_CALLBACK (on_terms_confirmed_cb));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See customer-acts.h. */
#include "ui/customer-acts.h"

#include <glib/gi18n-lib.h>

#include "ops/ops.h"
#include "ui/form-act.h"
#include "ui/meter-lists.h"
#include "ui/window.h"

/* Translators: the first %s is a customer's name, the second the number of a meter. */
#define NAME_AND_METER N_("%s, meter %s")

/* Balance ---------------------------------------------------------------------------------------------------------- */

static void
on_balance_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    OcFormAct *act = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = oc_balance_finish (OC_DESK (source), result, &error);
    OcWindow *window = oc_window_of (GTK_WIDGET (act->screen));

    if (outcome != NULL && window != NULL)
        oc_window_set_last_outcome (window, outcome);
    oc_form_act_ended (act, act->opposite ? _("Paid out. Ctrl+P prints the receipt.") : _("Paid in. Ctrl+P prints the receipt."), error);
}

static void
start_balance (OcFormAct *act)
{
    OcBalanceAsk ask = {
        .request_id = act->request,
        .customer = act->number,
        .out = act->opposite,
        .pay = oc_fields_get (act->values, "pay"),
        .reference = oc_fields_get (act->values, "reference"),
    };
    g_autoptr(GError) error = NULL;

    if (oc_money_parse (oc_fields_get (act->values, "amount"), "amount", &ask.amount, &error))
        oc_balance_async (oc_screen_get_desk (act->screen), &ask, NULL, on_balance_cb, oc_form_act_ref (act));
    else
        oc_form_act_ended (oc_form_act_ref (act), NULL, error);
}

void
oc_balance_present (OcScreen *screen, gint64 customer, const char *name, gboolean out)
{
    static const OcFormDialogField fields[] = {
        { "amount", OC_FIELD_TEXT, N_("Amount"), NULL, .needed = TRUE },
        { "pay", OC_FIELD_CHOICE, N_("Means of payment"), NULL, .choices = "cash bankcard wechat alipay transfer", .value = "cash", .needed = TRUE },
        { "reference", OC_FIELD_TEXT, N_("Payment reference"), N_("The number of the payment service, if there is one.") },
    };
    OcFormAct *act = oc_form_act_new (screen, start_balance);

    act->number = customer;
    act->opposite = out;
    oc_form_act_present (act, oc_form_dialog_new (GTK_WIDGET (screen), out ? _("Pay out of the balance") : _("Pay into the balance"), name,
        out ? _("Pay out") : _("Pay in"), fields, G_N_ELEMENTS (fields)));
}

/* Blacklist -------------------------------------------------------------------------------------------------------- */

static void
on_barred_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    OcFormAct *act = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = act->opposite ? oc_blacklist_remove_finish (OC_DESK (source), result, &error)
                                           : oc_blacklist_add_finish (OC_DESK (source), result, &error);

    oc_form_act_ended (act, act->opposite ? _("Released: it can buy again.") : _("Barred: it can't buy until it is released."), error);
}

static void
start_bar (OcFormAct *act)
{
    OcMeterAsk ask = { .customer = act->number, .meter = act->meter, .reason = oc_fields_get (act->values, "reason") };
    OcDesk *desk = oc_screen_get_desk (act->screen);

    if (act->opposite)
        oc_blacklist_remove_async (desk, &ask, NULL, on_barred_cb, oc_form_act_ref (act));
    else
        oc_blacklist_add_async (desk, &ask, NULL, on_barred_cb, oc_form_act_ref (act));
}

void
oc_bar_present (OcScreen *screen, gint64 customer, const char *name, const char *meter, gboolean release)
{
    static const OcFormDialogField fields[] = {
        { "reason", OC_FIELD_TEXT, N_("Reason"), N_("The customer is told it at the counter."), .needed = TRUE },
    };
    OcFormAct *act = oc_form_act_new (screen, start_bar);
    g_autofree char *who = meter != NULL ? g_strdup_printf (_(NAME_AND_METER), name, meter) : g_strdup (name);

    act->number = customer;
    act->meter = g_strdup (meter);
    act->opposite = release;
    oc_form_act_present (act, oc_form_dialog_new (GTK_WIDGET (screen), release ? _("Release from the blacklist") : _("Put on the blacklist"),
        who, release ? _("Release") : _("Bar"), fields, G_N_ELEMENTS (fields)));
}

/* User type and prices of a meter ------------------------------------------------------------------------------------- */

static void
offer (OcFormAct *act, const char *field, OcRows *rows)
{
    g_auto(GStrv) names = oc_meter_names (rows, oc_rows_text (act->rows, act->row, "meter_type"));

    if (act->dialog != NULL)
        oc_form_field_set_choices (oc_form_dialog_get_field (act->dialog, field), (const char *const *) names,
            (const char *const *) names, TRUE);
}

static OcRows *
list_came (OcFormAct *act, GObject *source, GAsyncResult *result)
{
    g_autoptr(GError) error = NULL;
    OcRows *rows = oc_list_finish (OC_DESK (source), result, &error);

    if (rows == NULL && act->dialog != NULL)
        oc_form_dialog_refuse (act->dialog, error);
    return rows;
}

static void
on_user_types_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    OcFormAct *act = data;
    g_autoptr(OcRows) rows = list_came (act, source, result);

    if (rows != NULL)
        offer (act, "user_type", rows);
    oc_form_act_unref (act);
}

static void
on_prices_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    OcFormAct *act = data;
    g_autoptr(OcRows) rows = list_came (act, source, result);

    if (rows != NULL) {
        offer (act, "price", rows);
        offer (act, "price_2", rows);
    }
    oc_form_act_unref (act);
}

static void
on_terms_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_meter_change_finish (OC_DESK (source), result, &error);

    oc_form_act_ended (data, _("Saved: it holds from the next purchase on, and is on the card with it."), error);
}

/* NULL: as it is. */
static const char *
other_value (OcFormAct *act, const char *field, const char *column)
{
    const char *value = oc_fields_get (act->values, field);

    return g_str_equal (value, oc_rows_text (act->rows, act->row, column)) ? NULL : value;
}

static void
start_terms (OcFormAct *act)
{
    const char *switch_at = oc_fields_get (act->values, "switch_at");
    OcMeterAsk ask = {
        .customer = act->number,
        .sub_meter = (int) oc_rows_int (act->rows, act->row, "sub_meter"),
        .user_type = other_value (act, "user_type", "user_type"),
        .price = other_value (act, "price", "price_1"),
        .price_2 = other_value (act, "price_2", "price_2"),
        .switch_at = *switch_at != '\0' ? switch_at : NULL,
    };

    oc_meter_change_async (oc_screen_get_desk (act->screen), &ask, NULL, on_terms_cb, oc_form_act_ref (act));
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
    OcFormAct *act = oc_form_act_new (screen, start_terms);
    g_autofree char *who = g_strdup_printf (_(NAME_AND_METER), name, oc_rows_text (meters, row, "meter"));

    act->number = customer;
    act->rows = g_object_ref (meters);
    act->row = row;
    oc_list_async (desk, "user_types", NULL, on_user_types_cb, oc_form_act_ref (act));
    oc_list_async (desk, "prices", NULL, on_prices_cb, oc_form_act_ref (act));
    oc_form_act_present (act, oc_form_dialog_new (GTK_WIDGET (screen), _("Change user type or price"), who, _("Save"), fields,
        G_N_ELEMENTS (fields)));
}

/* What does not fit ---------------------------------------------------------------------------------------------------- */

static void
on_decided_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_conflict_decide_finish (OC_DESK (source), result, &error);

    oc_form_act_ended (data, _("Decided. If nothing else bars it, the meter can buy again."), error);
}

static void
start_decision (OcFormAct *act)
{
    OcConflictAsk ask = {
        .request_id = act->request,
        .conflict = act->number,
        .decision = oc_fields_get (act->values, "decision"),
        .note = oc_fields_get (act->values, "note"),
    };

    oc_conflict_decide_async (oc_screen_get_desk (act->screen), &ask, NULL, on_decided_cb, oc_form_act_ref (act));
}

void
oc_conflict_present (OcScreen *screen, gint64 conflict, const char *about, gboolean money)
{
    const OcFormDialogField fields[] = {
        { "decision", OC_FIELD_CHOICE, N_("Decision"), N_("It can't be taken back."), .choices = money ? "release withhold" : "dismiss",
            .value = money ? "" : "dismiss", .needed = TRUE },
        { "note", OC_FIELD_TEXT, N_("Why"), N_("What you found out. It is kept with your name and that of who approves."), .needed = TRUE },
    };
    OcFormAct *act = oc_form_act_new (screen, start_decision);

    act->number = conflict;
    oc_form_act_present (act, oc_form_dialog_new (GTK_WIDGET (screen), _("Decide"), about, _("Decide…"), fields, G_N_ELEMENTS (fields)));
}

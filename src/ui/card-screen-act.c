/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what is typed to what is done: the till, the act, a second person, its end; and the settling of an unfinished write. */
#include "ui/card-screen-private.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "ui/approval.h"
#include "ui/present-error.h"
#include "ui/print.h"
#include "ui/settings.h"
#include "ui/window.h"

/* What is done ----------------------------------------------------------------------------------------------------- */

static void
on_printed_cb (gboolean printed, gpointer data)
{
    g_autoptr(OcCardScreen) self = data;
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);

    if (printed && priv->outcome != NULL)
        oc_till_tick (priv->till, "printed");
}

void
oc_card_screen_print (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);

    if (priv->outcome != NULL)
        oc_print_receipt (GTK_WIDGET (self), priv->outcome, FALSE, on_printed_cb, g_object_ref (self));
}

static void
show_done (OcCardScreen *self, OcOutcome *outcome, gboolean settled)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);
    OcWindow *window = oc_window_of (GTK_WIDGET (self));

    g_clear_pointer (&priv->outcome, oc_outcome_free);
    priv->outcome = outcome;
    oc_card_screen_set_stage (self, OC_TILL_DONE);
    for (guint i = 0; i < 3; i++)
        oc_till_tick (priv->till, (const char *const[]){ "booked", "written", "checked" }[i]);
    if (settled)
        oc_outcome_show_in_till (outcome, priv->till);
    oc_outcome_show_in_banner (outcome, priv->banner, settled);
    gtk_widget_set_visible (priv->done_bar, TRUE);
    oc_screen_update_actions (OC_SCREEN (self));
    if (oc_settings_get_bool ("sound", TRUE))
        gdk_display_beep (gtk_widget_get_display (GTK_WIDGET (self)));
    if (window != NULL)
        oc_window_set_last_outcome (window, outcome);
    if (oc_print_has_printer (outcome->kind))
        oc_card_screen_print (self);
}

/* An unfinished write ---------------------------------------------------------------------------------------------- */

static void
on_settled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    OcCardScreen *self = oc_busy_get_screen (busy);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = oc_unfinished_settle_finish (OC_DESK (source), result, &error);
    OcCardScreenPrivate *priv;

    if (self == NULL)
        return;
    priv = oc_card_screen_get_private (self);
    priv->settled = priv->generation;
    g_clear_pointer (&busy, oc_busy_free);
    if (outcome != NULL && g_strcmp0 (oc_fields_get (outcome->fields, "state"), "undone") != 0) {
        priv->own_done = priv->in_doubt && g_str_equal (outcome->kind, OC_CARD_SCREEN_GET_CLASS (self)->kind);
        priv->in_doubt = FALSE;
        show_done (self, g_steal_pointer (&outcome), TRUE);
        OC_SCREEN_GET_CLASS (self)->card_changed (OC_SCREEN (self));
        return;
    }
    oc_card_screen_set_stage (self, OC_TILL_CLOSED);
    priv->in_doubt = FALSE;
    if (outcome != NULL)
        oc_screen_show_message (OC_SCREEN (self), "warning",
            _("Nothing was written to the card. Hand the money back, or sell again."));
    else
        oc_present_error (GTK_WIDGET (self), error);
    priv->act_failed = TRUE;
    priv->generation = 0;
    OC_SCREEN_GET_CLASS (self)->card_changed (OC_SCREEN (self));
    priv->settled = priv->generation;
}

void
oc_card_screen_start_settling (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);
    OcSettleAsk ask = { .job = oc_rows_text (oc_reading_card (priv->reading), 0, "pending_job") };
    OcBusy *busy = oc_screen_busy (OC_SCREEN (self), _("Settling an unfinished write"));

    oc_busy_set_final (busy, _("Settling an unfinished write, do not remove the card"));
    oc_card_screen_set_stage (self, OC_TILL_RUNNING);
    oc_card_banner_set (priv->banner, OC_BANNER_WRITING, _("Settling an unfinished write, do not remove the card"),
        NULL, NULL);
    oc_unfinished_settle_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_busy_get_cancellable (busy),
        on_settled_cb, busy);
}

/* The act ---------------------------------------------------------------------------------------------------------- */

typedef struct {
    OcCardScreen *screen; /* not owned: removed when the act ends */
    OcBusy *busy;
} OcTicking;
static OcTicking ticking; /* acts run one after another */

static void
on_progress_cb (const char *step, gpointer data)
{
    OcCardScreenPrivate *priv;

    if (ticking.screen == NULL || oc_busy_get_screen (ticking.busy) == NULL)
        return;
    priv = oc_card_screen_get_private (ticking.screen);
    oc_till_tick (priv->till, step);
    if (g_str_equal (step, "booked")) {
        oc_card_banner_set (priv->banner, OC_BANNER_WRITING, NULL, NULL, NULL);
        oc_busy_set_final (ticking.busy, _("Writing, do not remove the card"));
    }
}

static void
run_act (OcCardScreen *self, const OcPayment *payment)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (self));
    OcBusy *busy = oc_screen_busy (OC_SCREEN (self), _("Booking"));

    ticking = (OcTicking){ self, busy };
    oc_desk_set_progress (desk, on_progress_cb, NULL);
    oc_card_screen_set_stage (self, OC_TILL_RUNNING);
    oc_card_banner_set (priv->banner, OC_BANNER_WRITING, NULL, NULL, NULL);
    OC_CARD_SCREEN_GET_CLASS (self)->run (self, payment, busy);
}

/* What is confirmed anew is another request. */
static void
start_act (OcCardScreen *self, const OcPayment *payment)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);

    g_free (priv->request);
    priv->request = oc_request_id ();
    run_act (self, payment);
}

/* From the input: to the till, or, where nothing is paid, to the act. */
static void
leave_input (OcCardScreen *self)
{
    if (OC_CARD_SCREEN_GET_CLASS (self)->free)
        start_act (self, &(OcPayment){ .pay = "cash", .reference = "" });
    else
        oc_card_screen_set_stage (self, OC_TILL_PAY);
}

void
oc_card_screen_proceed (OcCardScreen *self)
{
    OcCardScreenPrivate *priv;
    OcPayment payment;

    g_return_if_fail (OC_IS_CARD_SCREEN (self));
    priv = oc_card_screen_get_private (self);
    switch (oc_till_get_stage (priv->till)) {
    case OC_TILL_INPUT:
        priv->enter_waits = !OC_CARD_SCREEN_GET_CLASS (self)->check (self, TRUE);
        if (!priv->enter_waits)
            leave_input (self);
        break;
    case OC_TILL_PAY:
        if (!OC_CARD_SCREEN_GET_CLASS (self)->check (self, TRUE))
            oc_card_screen_set_stage (self, OC_TILL_INPUT);
        else if (oc_till_get_payment (priv->till, &payment))
            start_act (self, &payment);
        break;
    case OC_TILL_CLOSED:
    case OC_TILL_RUNNING:
    case OC_TILL_DONE:
    case OC_TILL_DOUBT:
        break;
    default:
        g_assert_not_reached ();
    }
}

void
oc_card_screen_edited (OcCardScreen *self)
{
    OcCardScreenPrivate *priv;

    g_return_if_fail (OC_IS_CARD_SCREEN (self));
    priv = oc_card_screen_get_private (self);
    priv->enter_waits = FALSE;
    if (oc_till_get_stage (priv->till) == OC_TILL_PAY)
        oc_card_screen_set_stage (self, OC_TILL_INPUT);
    if (oc_till_get_stage (priv->till) <= OC_TILL_INPUT)
        oc_till_set_due (priv->till, NULL);
}

void
oc_card_screen_quoted (OcCardScreen *self, const OcMoney *due)
{
    OcCardScreenPrivate *priv;

    g_return_if_fail (OC_IS_CARD_SCREEN (self));
    priv = oc_card_screen_get_private (self);
    oc_till_set_due (priv->till, due);
    if (!priv->enter_waits)
        return;
    priv->enter_waits = FALSE;
    if (due != NULL && OC_CARD_SCREEN_GET_CLASS (self)->check (self, FALSE))
        leave_input (self);
}

/* The same act once more: nothing could be changed while the dialog was there. */
static void
on_approved_cb (gpointer data)
{
    OcCardScreen *self = data;
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);
    OcPayment payment;

    if (oc_till_get_stage (priv->till) == OC_TILL_PAY && oc_till_get_payment (priv->till, &payment))
        run_act (self, &payment);
}

/* Its end ---------------------------------------------------------------------------------------------------------- */

/* What can be corrected is shown where it was typed; what the card or the database did is shown at the top, and the
 * card is read again because it may not be as it was. */
static void
show_failure (OcCardScreen *self, const GError *error)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);
    OcCardScreenClass *klass = OC_CARD_SCREEN_GET_CLASS (self);
    const char *field = oc_error_get_field (error);

    if (oc_trouble_of (error) == OC_TROUBLE_UNPROVEN) {
        priv->in_doubt = TRUE;
        oc_card_screen_set_stage (self, OC_TILL_DOUBT);
        oc_card_banner_set (priv->banner, OC_BANNER_IN_DOUBT, NULL, error->message, NULL);
        return;
    }
    if (oc_error_get_param (error, "digest") != NULL) {
        oc_card_screen_set_stage (self, OC_TILL_PAY);
        oc_till_show_error (priv->till, NULL, error->message);
        oc_approval_present (GTK_WIDGET (self), oc_screen_get_desk (OC_SCREEN (self)), error, on_approved_cb, g_object_ref (self),
            g_object_unref);
        oc_card_screen_show_banner (self);
        return;
    }
    if (g_strcmp0 (field, "tendered") == 0 || g_strcmp0 (field, "pay") == 0 || g_strcmp0 (field, "reference") == 0) {
        oc_card_screen_set_stage (self, OC_TILL_PAY);
        oc_till_show_error (priv->till, field, error->message);
    } else {
        gboolean other_due = g_strcmp0 (oc_error_get_code (error), "OC037") == 0;

        oc_card_screen_set_stage (self, OC_TILL_INPUT);
        if (other_due)
            klass->quote (self);
        if (other_due || field == NULL || !klass->show_field_error (self, field, error))
            oc_present_error (GTK_WIDGET (self), error);
    }
    oc_card_screen_show_banner (self);
    if (oc_trouble_of (error) == OC_TROUBLE_REFUSED && field != NULL)
        return;
    priv->act_failed = TRUE;
    priv->generation = 0;
}

void
oc_card_screen_ended (OcBusy *busy, OcOutcome *outcome, const GError *error)
{
    OcCardScreen *screen = oc_busy_get_screen (busy);
    g_autoptr(OcCardScreen) self = screen != NULL ? g_object_ref (screen) : NULL;

    g_return_if_fail ((outcome == NULL) != (error == NULL));

    oc_busy_free (busy);
    if (self == NULL) {
        oc_outcome_free (outcome);
        return;
    }
    ticking = (OcTicking){ NULL, NULL };
    oc_desk_set_progress (oc_screen_get_desk (OC_SCREEN (self)), NULL, NULL);
    oc_card_screen_get_private (self)->own_done = outcome != NULL;
    if (outcome != NULL)
        show_done (self, outcome, FALSE);
    else
        show_failure (self, error);
    OC_SCREEN_GET_CLASS (self)->card_changed (OC_SCREEN (self));
}

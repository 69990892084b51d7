/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of steps at the counter. The card decides what comes next: a new insertion is read, taking the card out
 * after a sale clears the screen, showing it again after an unproven one settles it. */
#include "ui/card-screen.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "ui/approval.h"
#include "ui/enter-once.h"
#include "ui/present-error.h"
#include "ui/print.h"
#include "ui/settings.h"
#include "ui/window.h"

typedef struct {
    OcCardBanner *banner;
    GtkWidget *body;
    GtkWidget *till_pane;
    GtkWidget *done_bar;
    OcTill *till;
    OcReading *reading;
    OcOutcome *outcome;  /* of the act that is done; prints */
    char *request;       /* that is under way, or waits for a second person */
    guint generation;    /* of the insertion that was read, or tried to; 0: none */
    guint settled;       /* generation whose unfinished write was tried to settle here */
    gboolean reading_now;
    gboolean unread;     /* the card could not be read because the database was away */
    gboolean away;       /* the database was, when it was last looked at */
    gboolean in_doubt;   /* this screen's last act was not proven, and its card was not seen since */
    gboolean own_done;   /* what is done was typed here: it goes with the card */
    gboolean enter_waits; /* Enter came before the quote */
    gboolean act_failed; /* keep the words at the top through the next reading */
} OcCardScreenPrivate;

static void oc_card_screen_buildable_init (GtkBuildableIface *iface);
G_DEFINE_ABSTRACT_TYPE_WITH_CODE (OcCardScreen, oc_card_screen, OC_TYPE_SCREEN,
    G_ADD_PRIVATE (OcCardScreen)
    G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, oc_card_screen_buildable_init))

static GtkBuildableIface *parent_buildable;

static OcCardScreenPrivate *
get_private (OcCardScreen *self)
{
    return oc_card_screen_get_instance_private (self);
}

/* What becomes insensitive must not hold the caret: the banner takes it, which also reads it out. */
static void
set_stage (OcCardScreen *self, OcTillStage stage)
{
    OcCardScreenPrivate *priv = get_private (self);

    if (stage != OC_TILL_INPUT && stage != OC_TILL_PAY && gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL
        && (stage >= OC_TILL_RUNNING || gtk_widget_get_focus_child (priv->till_pane) != NULL))
        gtk_widget_grab_focus (GTK_WIDGET (priv->banner));
    oc_till_set_stage (priv->till, stage);
}

/* The banner ----------------------------------------------------------------------------------------------------- */

static void
show_banner (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = get_private (self);
    OcCardScreenClass *klass = OC_CARD_SCREEN_GET_CLASS (self);

    if (priv->reading == NULL)
        oc_presence_show_in_banner (oc_desk_get_presence (oc_screen_get_desk (OC_SCREEN (self))), priv->banner);
    else
        oc_reading_show_in_banner (priv->reading, priv->banner, klass->wanted, klass->blank_words != NULL ? _(klass->blank_words) : NULL);
}

static void
take_reading (OcCardScreen *self, OcReading *reading)
{
    OcCardScreenPrivate *priv = get_private (self);

    g_clear_pointer (&priv->reading, oc_reading_unref);
    priv->reading = reading;
    show_banner (self);
    set_stage (self, oc_card_screen_is_fitting (self) ? OC_TILL_INPUT : OC_TILL_CLOSED);
    OC_CARD_SCREEN_GET_CLASS (self)->show_reading (self, priv->reading);
    oc_screen_update_actions (OC_SCREEN (self));
}

/* Forgets what is done: for the next customer, or to begin again. */
static void
clear (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = get_private (self);

    g_clear_pointer (&priv->outcome, oc_outcome_free);
    gtk_widget_set_visible (priv->done_bar, FALSE);
    priv->enter_waits = FALSE;
    if (priv->own_done)
        OC_CARD_SCREEN_GET_CLASS (self)->clear (self);
    oc_till_clear (priv->till);
    oc_screen_show_message (OC_SCREEN (self), NULL, NULL);
}

/* Reading -------------------------------------------------------------------------------------------------------- */

static void start_settling (OcCardScreen *self);

/* What a card says after an act that was not proven: its own unfinished write is settled; any other card means that it
 * still waits on the list, and what was typed is not to be sold once more. */
static void
go_on_from_reading (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = get_private (self);
    OcCardScreenClass *klass = OC_CARD_SCREEN_GET_CLASS (self);
    gboolean unfinished = g_str_equal (oc_reading_state (priv->reading), "in-doubt");

    if (unfinished && priv->settled != priv->generation
        && oc_card_banner_get_state (priv->banner) != OC_BANNER_SERVED) {
        start_settling (self);
        return;
    }
    if (priv->in_doubt && !unfinished) {
        priv->in_doubt = FALSE;
        if (klass->wanted != OC_CARD_BLANK)
            klass->clear (self);
        oc_screen_show_message (OC_SCREEN (self), "warning",
            _("The write before this one is not proven. If its card has not been settled yet, it is listed under "
              "Unfinished writes (F8)."));
    }
    if (oc_card_screen_can_work (self))
        klass->focus_input (self);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    OcCardScreen *self = oc_busy_get_screen (busy);
    g_autoptr(GError) error = NULL;
    OcReading *reading = oc_read_card_finish (OC_DESK (source), result, &error);
    OcCardScreenPrivate *priv;

    if (self == NULL) {
        g_clear_pointer (&reading, oc_reading_unref);
        return;
    }
    priv = get_private (self);
    priv->reading_now = FALSE;
    if (priv->generation != oc_desk_get_card_generation (OC_DESK (source))
        || oc_desk_get_presence (OC_DESK (source)) != OC_DESK_CARD) {
        /* the card went, or another came, meanwhile */
        g_clear_pointer (&reading, oc_reading_unref);
        g_clear_pointer (&busy, oc_busy_free);
        OC_SCREEN_GET_CLASS (self)->card_changed (OC_SCREEN (self));
        return;
    }
    take_reading (self, reading);
    if (reading == NULL) {
        oc_reading_show_failure_in_banner (error, priv->banner);
        priv->unread = oc_trouble_of (error) == OC_TROUBLE_DATABASE;
        priv->away = priv->away || priv->unread;
        if (priv->unread)
            oc_present_load_error (OC_SCREEN (self), error);
        return;
    }
    go_on_from_reading (self);
}

static void
start_reading (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = get_private (self);
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (self));
    OcReadAsk ask = { .whole = OC_CARD_SCREEN_GET_CLASS (self)->whole };
    OcBusy *busy;

    priv->generation = oc_desk_get_card_generation (desk);
    priv->reading_now = TRUE;
    priv->unread = FALSE;
    oc_card_banner_set (priv->banner, OC_BANNER_READING, NULL, NULL, NULL);
    busy = oc_screen_busy (OC_SCREEN (self), priv->act_failed ? NULL : _("Reading the card"));
    priv->act_failed = FALSE;
    oc_read_card_async (desk, &ask, oc_busy_get_cancellable (busy), on_read_cb, busy);
}

static void
oc_card_screen_card_changed (OcScreen *screen)
{
    OcCardScreen *self = OC_CARD_SCREEN (screen);
    OcCardScreenPrivate *priv = get_private (self);
    OcDesk *desk = oc_screen_get_desk (screen);
    OcTillStage stage = oc_till_get_stage (priv->till);
    gboolean there = oc_desk_get_presence (desk) == OC_DESK_CARD;

    if (stage == OC_TILL_RUNNING || priv->reading_now)
        return; /* looked at again when that ends */
    if (there && priv->generation == oc_desk_get_card_generation (desk))
        return;
    if (stage == OC_TILL_DONE)
        clear (self);
    if (stage == OC_TILL_DOUBT && !there)
        return; /* the words stay until the card comes again */
    if (there) {
        start_reading (self);
    } else {
        priv->generation = 0;
        take_reading (self, NULL);
    }
}

static void
read_again (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = get_private (self);

    priv->generation = 0;
    priv->settled = 0;
    OC_SCREEN_GET_CLASS (self)->card_changed (OC_SCREEN (self));
}

/* F5, and whenever what was read may be wrong. */
static void
oc_card_screen_again (OcScreen *screen)
{
    OcCardScreen *self = OC_CARD_SCREEN (screen);
    OcCardScreenPrivate *priv = get_private (self);

    if (oc_screen_is_busy (screen) || oc_till_get_stage (priv->till) == OC_TILL_RUNNING)
        return;
    if (oc_till_get_stage (priv->till) == OC_TILL_DONE)
        clear (self);
    read_again (self);
}

/* The database is back: what waited for it goes on by itself. The card is read that could not be, or whose write is not
 * proven; what is typed and not quoted is quoted. */
static void
come_back (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = get_private (self);
    OcCardScreenClass *klass = OC_CARD_SCREEN_GET_CLASS (self);

    if (!priv->reading_now && (priv->unread || oc_till_get_stage (priv->till) == OC_TILL_DOUBT))
        read_again (self);
    else if (oc_till_get_stage (priv->till) <= OC_TILL_INPUT && klass->is_typed (self) && !klass->check (self, FALSE))
        klass->quote (self);
}

static void
oc_card_screen_refresh (OcScreen *screen)
{
    OcCardScreenPrivate *priv = get_private (OC_CARD_SCREEN (screen));
    gboolean back = priv->away && oc_desk_is_online (oc_screen_get_desk (screen));

    priv->away = !oc_desk_is_online (oc_screen_get_desk (screen));
    if (back)
        come_back (OC_CARD_SCREEN (screen));
}

/* The act -------------------------------------------------------------------------------------------------------- */

static void
on_printed_cb (gboolean printed, gpointer data)
{
    g_autoptr(OcCardScreen) self = data;
    OcCardScreenPrivate *priv = get_private (self);

    if (printed && priv->outcome != NULL)
        oc_till_tick (priv->till, "printed");
}

static void
print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcCardScreenPrivate *priv = get_private (OC_CARD_SCREEN (widget));

    if (priv->outcome != NULL)
        oc_print_receipt (widget, priv->outcome, FALSE, on_printed_cb, g_object_ref (widget));
}

static void
again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_screen_again (OC_SCREEN (widget));
}

static void
show_done (OcCardScreen *self, OcOutcome *outcome, gboolean settled)
{
    OcCardScreenPrivate *priv = get_private (self);
    OcWindow *window = oc_window_of (GTK_WIDGET (self));

    g_clear_pointer (&priv->outcome, oc_outcome_free);
    priv->outcome = outcome;
    set_stage (self, OC_TILL_DONE);
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
        oc_print_receipt (GTK_WIDGET (self), outcome, FALSE, on_printed_cb, g_object_ref (self));
}

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
    priv = get_private (self);
    priv->settled = priv->generation;
    g_clear_pointer (&busy, oc_busy_free);
    if (outcome != NULL && g_strcmp0 (oc_fields_get (outcome->fields, "state"), "undone") != 0) {
        priv->own_done = priv->in_doubt && g_str_equal (outcome->kind, OC_CARD_SCREEN_GET_CLASS (self)->kind);
        priv->in_doubt = FALSE;
        show_done (self, g_steal_pointer (&outcome), TRUE);
        OC_SCREEN_GET_CLASS (self)->card_changed (OC_SCREEN (self));
        return;
    }
    set_stage (self, OC_TILL_CLOSED);
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

static void
start_settling (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = get_private (self);
    OcSettleAsk ask = { .job = oc_rows_text (oc_reading_card (priv->reading), 0, "pending_job") };
    OcBusy *busy = oc_screen_busy (OC_SCREEN (self), _("Settling an unfinished write"));

    oc_busy_set_final (busy, _("Settling an unfinished write, do not remove the card"));
    set_stage (self, OC_TILL_RUNNING);
    oc_card_banner_set (priv->banner, OC_BANNER_WRITING, _("Settling an unfinished write, do not remove the card"),
        NULL, NULL);
    oc_unfinished_settle_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_busy_get_cancellable (busy),
        on_settled_cb, busy);
}

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
    priv = get_private (ticking.screen);
    oc_till_tick (priv->till, step);
    if (g_str_equal (step, "booked")) {
        oc_card_banner_set (priv->banner, OC_BANNER_WRITING, NULL, NULL, NULL);
        oc_busy_set_final (ticking.busy, _("Writing, do not remove the card"));
    }
}

static void
run_act (OcCardScreen *self, const OcPayment *payment)
{
    OcCardScreenPrivate *priv = get_private (self);
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (self));
    OcBusy *busy = oc_screen_busy (OC_SCREEN (self), _("Booking"));

    ticking = (OcTicking){ self, busy };
    oc_desk_set_progress (desk, on_progress_cb, NULL);
    set_stage (self, OC_TILL_RUNNING);
    oc_card_banner_set (priv->banner, OC_BANNER_WRITING, NULL, NULL, NULL);
    OC_CARD_SCREEN_GET_CLASS (self)->run (self, payment, busy);
}

/* What is confirmed anew is another request. */
static void
start_act (OcCardScreen *self, const OcPayment *payment)
{
    OcCardScreenPrivate *priv = get_private (self);

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
        set_stage (self, OC_TILL_PAY);
}

void
oc_card_screen_proceed (OcCardScreen *self)
{
    OcCardScreenPrivate *priv;
    OcPayment payment;

    g_return_if_fail (OC_IS_CARD_SCREEN (self));
    priv = get_private (self);
    switch (oc_till_get_stage (priv->till)) {
    case OC_TILL_INPUT:
        priv->enter_waits = !OC_CARD_SCREEN_GET_CLASS (self)->check (self, TRUE);
        if (!priv->enter_waits)
            leave_input (self);
        break;
    case OC_TILL_PAY:
        if (!OC_CARD_SCREEN_GET_CLASS (self)->check (self, TRUE))
            set_stage (self, OC_TILL_INPUT);
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
    priv = get_private (self);
    priv->enter_waits = FALSE;
    if (oc_till_get_stage (priv->till) == OC_TILL_PAY)
        set_stage (self, OC_TILL_INPUT);
    if (oc_till_get_stage (priv->till) <= OC_TILL_INPUT)
        oc_till_set_due (priv->till, NULL);
}

void
oc_card_screen_quoted (OcCardScreen *self, const OcMoney *due)
{
    OcCardScreenPrivate *priv;

    g_return_if_fail (OC_IS_CARD_SCREEN (self));
    priv = get_private (self);
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
    OcCardScreenPrivate *priv = get_private (self);
    OcPayment payment;

    if (oc_till_get_stage (priv->till) == OC_TILL_PAY && oc_till_get_payment (priv->till, &payment))
        run_act (self, &payment);
}

/* What can be corrected is shown where it was typed; what the card or the database did is shown at the top, and the
 * card is read again because it may not be as it was. */
static void
show_failure (OcCardScreen *self, const GError *error)
{
    OcCardScreenPrivate *priv = get_private (self);
    OcCardScreenClass *klass = OC_CARD_SCREEN_GET_CLASS (self);
    const char *field = oc_error_get_field (error);

    if (oc_trouble_of (error) == OC_TROUBLE_UNPROVEN) {
        priv->in_doubt = TRUE;
        set_stage (self, OC_TILL_DOUBT);
        oc_card_banner_set (priv->banner, OC_BANNER_IN_DOUBT, NULL, error->message, NULL);
        return;
    }
    if (oc_error_get_param (error, "digest") != NULL) {
        set_stage (self, OC_TILL_PAY);
        oc_till_show_error (priv->till, NULL, error->message);
        oc_approval_present (GTK_WIDGET (self), oc_screen_get_desk (OC_SCREEN (self)), error, on_approved_cb, g_object_ref (self),
            g_object_unref);
        show_banner (self);
        return;
    }
    if (g_strcmp0 (field, "tendered") == 0 || g_strcmp0 (field, "pay") == 0 || g_strcmp0 (field, "reference") == 0) {
        set_stage (self, OC_TILL_PAY);
        oc_till_show_error (priv->till, field, error->message);
    } else {
        gboolean other_due = g_strcmp0 (oc_error_get_code (error), "OC037") == 0;

        set_stage (self, OC_TILL_INPUT);
        if (other_due)
            klass->quote (self);
        if (other_due || field == NULL || !klass->show_field_error (self, field, error))
            oc_present_error (GTK_WIDGET (self), error);
    }
    show_banner (self);
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
    get_private (self)->own_done = outcome != NULL;
    if (outcome != NULL)
        show_done (self, outcome, FALSE);
    else
        show_failure (self, error);
    OC_SCREEN_GET_CLASS (self)->card_changed (OC_SCREEN (self));
}

/* OcScreen -------------------------------------------------------------------------------------------------------- */

static gboolean
oc_card_screen_back (OcScreen *screen)
{
    OcCardScreen *self = OC_CARD_SCREEN (screen);
    OcCardScreenPrivate *priv = get_private (self);

    switch (oc_till_get_stage (priv->till)) {
    case OC_TILL_PAY:
        set_stage (self, OC_TILL_INPUT);
        OC_CARD_SCREEN_GET_CLASS (self)->focus_input (self);
        return TRUE;
    case OC_TILL_RUNNING:
        return TRUE;
    case OC_TILL_DONE:
        oc_screen_again (screen);
        return TRUE;
    case OC_TILL_INPUT:
        /* an amount is soon typed again; a customer's whole form is not */
        if (OC_CARD_SCREEN_GET_CLASS (self)->wanted == OC_CARD_BLANK || !OC_CARD_SCREEN_GET_CLASS (self)->is_typed (self))
            return FALSE;
        OC_CARD_SCREEN_GET_CLASS (self)->clear (self);
        OC_CARD_SCREEN_GET_CLASS (self)->focus_input (self);
        return TRUE;
    case OC_TILL_CLOSED:
    case OC_TILL_DOUBT:
        return FALSE;
    default:
        g_assert_not_reached ();
    }
}

static void
oc_card_screen_start (OcScreen *screen)
{
    OcCardScreen *self = OC_CARD_SCREEN (screen);

    if (oc_card_screen_can_work (self))
        OC_CARD_SCREEN_GET_CLASS (self)->focus_input (self);
    else
        OC_SCREEN_CLASS (oc_card_screen_parent_class)->start (screen);
}

static void
oc_card_screen_update_actions (OcScreen *screen)
{
    OcCardScreenPrivate *priv = get_private (OC_CARD_SCREEN (screen));
    GtkWidget *widget = GTK_WIDGET (screen);

    gtk_widget_action_set_enabled (widget, "card.print", priv->outcome != NULL);
    gtk_widget_action_set_enabled (widget, "card.again", !oc_screen_is_busy (screen));
}

/* What another screen did to the card meanwhile is read when this one is shown again, unless something is typed. */
static void
oc_card_screen_unmap (GtkWidget *widget)
{
    OcCardScreen *self = OC_CARD_SCREEN (widget);
    OcCardScreenPrivate *priv = get_private (self);

    if (oc_till_get_stage (priv->till) <= OC_TILL_INPUT && !OC_CARD_SCREEN_GET_CLASS (self)->is_typed (self))
        priv->generation = 0;
    GTK_WIDGET_CLASS (oc_card_screen_parent_class)->unmap (widget);
}

/* Where nothing is typed ------------------------------------------------------------------------------------------- */

static gboolean
oc_card_screen_check (OcCardScreen *self, gboolean tell)
{
    return FALSE;
}

static gboolean
oc_card_screen_show_field_error (OcCardScreen *self, const char *field, const GError *error)
{
    return FALSE;
}

static gboolean
oc_card_screen_is_typed (OcCardScreen *self)
{
    return FALSE;
}

static void
oc_card_screen_nothing (OcCardScreen *self)
{
}

/* GObject --------------------------------------------------------------------------------------------------------- */

static void
oc_card_screen_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
    OcCardScreenPrivate *priv = get_private (OC_CARD_SCREEN (buildable));

    if (g_strcmp0 (type, "body") == 0)
        gtk_box_append (GTK_BOX (priv->body), GTK_WIDGET (child));
    else if (g_strcmp0 (type, "input") == 0)
        GTK_BUILDABLE_GET_IFACE (priv->till)->add_child (GTK_BUILDABLE (priv->till), builder, child, type);
    else
        parent_buildable->add_child (buildable, builder, child, type);
}

static void
oc_card_screen_buildable_init (GtkBuildableIface *iface)
{
    parent_buildable = g_type_interface_peek_parent (iface);
    iface->add_child = oc_card_screen_add_child;
}

static void
oc_card_screen_constructed (GObject *object)
{
    OcCardScreen *self = OC_CARD_SCREEN (object);

    G_OBJECT_CLASS (oc_card_screen_parent_class)->constructed (object);
    gtk_widget_set_visible (get_private (self)->till_pane, OC_CARD_SCREEN_GET_CLASS (self)->till);
    oc_till_set_free (get_private (self)->till, OC_CARD_SCREEN_GET_CLASS (self)->free);
}

/* No gtk_widget_dispose_template () here: GTK 4.8 looks for the children of a base's template in that of the subclass
 * and asserts. OcScreen lets the content go. */
static void
oc_card_screen_dispose (GObject *object)
{
    OcCardScreenPrivate *priv = get_private (OC_CARD_SCREEN (object));

    g_clear_pointer (&priv->reading, oc_reading_unref);
    g_clear_pointer (&priv->outcome, oc_outcome_free);
    g_clear_pointer (&priv->request, g_free);
    G_OBJECT_CLASS (oc_card_screen_parent_class)->dispose (object);
}

static void
oc_card_screen_class_init (OcCardScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcScreenClass *screen_class = OC_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_card_screen_constructed;
    G_OBJECT_CLASS (klass)->dispose = oc_card_screen_dispose;
    widget_class->unmap = oc_card_screen_unmap;
    screen_class->refresh = oc_card_screen_refresh;
    screen_class->card_changed = oc_card_screen_card_changed;
    screen_class->again = oc_card_screen_again;
    screen_class->back = oc_card_screen_back;
    screen_class->start = oc_card_screen_start;
    screen_class->update_actions = oc_card_screen_update_actions;
    klass->till = TRUE;
    klass->check = oc_card_screen_check;
    klass->show_field_error = oc_card_screen_show_field_error;
    klass->is_typed = oc_card_screen_is_typed;
    klass->clear = oc_card_screen_nothing;
    klass->quote = oc_card_screen_nothing;

    g_type_ensure (OC_TYPE_CARD_BANNER);
    g_type_ensure (OC_TYPE_TILL);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/card-screen.ui");
    gtk_widget_class_bind_template_child_private (widget_class, OcCardScreen, banner);
    gtk_widget_class_bind_template_child_private (widget_class, OcCardScreen, body);
    gtk_widget_class_bind_template_child_private (widget_class, OcCardScreen, till_pane);
    gtk_widget_class_bind_template_child_private (widget_class, OcCardScreen, done_bar);
    gtk_widget_class_bind_template_child_private (widget_class, OcCardScreen, till);
    gtk_widget_class_bind_template_callback (widget_class, oc_card_screen_proceed);
    gtk_widget_class_install_action (widget_class, "card.print", NULL, print_action);
    gtk_widget_class_install_action (widget_class, "card.again", NULL, again_action);
}

static void
oc_card_screen_init (OcCardScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_enter_once (GTK_WIDGET (self));
}

/* Public ---------------------------------------------------------------------------------------------------------- */

OcCardBanner *
oc_card_screen_get_banner (OcCardScreen *self)
{
    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), NULL);
    return get_private (self)->banner;
}

OcTill *
oc_card_screen_get_till (OcCardScreen *self)
{
    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), NULL);
    return get_private (self)->till;
}

OcReading *
oc_card_screen_get_reading (OcCardScreen *self)
{
    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), NULL);
    return get_private (self)->reading;
}

const char *
oc_card_screen_get_request (OcCardScreen *self)
{
    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), NULL);
    return get_private (self)->request;
}

gboolean
oc_card_screen_is_fitting (OcCardScreen *self)
{
    OcReading *reading;

    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), FALSE);
    reading = get_private (self)->reading;
    return reading != NULL && oc_reading_fits (reading, OC_CARD_SCREEN_GET_CLASS (self)->wanted);
}

gboolean
oc_card_screen_can_work (OcCardScreen *self)
{
    OcTillStage stage;

    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), FALSE);
    stage = oc_till_get_stage (get_private (self)->till);
    return stage == OC_TILL_INPUT || stage == OC_TILL_PAY;
}

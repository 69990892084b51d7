/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clear card: a card is read whole, what it is and whether it may be cleared is said, one button makes it blank. */
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "ui/card-screen.h"
#include "ui/card-summary.h"
#include "ui/screens.h"

#define OC_TYPE_CLEAR_CARD_SCREEN (oc_clear_card_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcClearCardScreen, oc_clear_card_screen, OC, CLEAR_CARD_SCREEN, OcCardScreen)

struct _OcClearCardScreen {
    OcCardScreen parent_instance;
    OcCardSummary *summary;
};

G_DEFINE_FINAL_TYPE (OcClearCardScreen, oc_clear_card_screen, OC_TYPE_CARD_SCREEN)

static gboolean
is_dead (OcReading *reading)
{
    return g_str_equal (oc_reading_state (reading), "dead");
}

/* Why a purchase on it keeps it from being cleared, NULL: nothing does. What is on a dead card counts no more. */
static GError *
unread_on (OcReading *reading)
{
    OcRows *meters = oc_reading_meters (reading);

    for (guint i = 0; !is_dead (reading) && i < oc_rows_count (meters); i++)
        if (oc_rows_quantity (meters, i, "unread").units > 0)
            return oc_error_new_code ("OC173", (const OcErrorParam[]){ { "meter", oc_rows_text (meters, i, "meter") }, { NULL, NULL } });
    return NULL;
}

static gboolean
can_clear (OcCardScreen *screen)
{
    g_autoptr(GError) unread = oc_card_screen_is_fitting (screen) ? unread_on (oc_card_screen_get_reading (screen)) : NULL;

    return oc_card_screen_is_fitting (screen) && unread == NULL;
}

static void
show_verdict (OcClearCardScreen *self, OcReading *reading)
{
    g_autoptr(GError) unread = unread_on (reading);

    if (unread != NULL)
        oc_card_summary_set_verdict (self->summary, "oc-warning-symbolic", unread->message);
    else if (is_dead (reading))
        oc_card_summary_set_verdict (self->summary, "oc-done-symbolic",
            _("Another card has replaced this one: it can be cleared and given to anybody."));
    else
        oc_card_summary_set_verdict (self->summary, "oc-info-symbolic",
            _("Nothing on it waits for a meter: it can be cleared. The account stays open; the customer then has no card until "
              "one is made with Replace card."));
}

static void
oc_clear_card_screen_show_reading (OcCardScreen *screen, OcReading *reading)
{
    OcClearCardScreen *self = OC_CLEAR_CARD_SCREEN (screen);

    oc_card_screen_edited (screen);
    oc_card_summary_set_reading (self->summary, reading);
    if (!oc_card_screen_is_fitting (screen))
        return; /* the banner says why */
    show_verdict (self, reading);
    if (can_clear (screen))
        oc_card_screen_quoted (screen, &(OcMoney){ 0 });
}

static gboolean
oc_clear_card_screen_check (OcCardScreen *screen, gboolean tell)
{
    return can_clear (screen);
}

static void
on_cleared_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    OcOutcome *outcome = oc_clear_card_finish (OC_DESK (source), result, &error);

    oc_card_screen_ended (data, outcome, error);
}

static void
oc_clear_card_screen_run (OcCardScreen *screen, const OcPayment *payment, OcBusy *busy)
{
    OcCloseAsk ask = { .request_id = oc_card_screen_get_request (screen), .reading = oc_card_screen_get_reading (screen) };

    oc_clear_card_async (oc_screen_get_desk (OC_SCREEN (screen)), &ask, oc_busy_get_cancellable (busy), on_cleared_cb, busy);
}

/* A card that a customer still uses is not one Enter away from being blank. */
static void
oc_clear_card_screen_focus_input (OcCardScreen *screen)
{
    if (can_clear (screen) && is_dead (oc_card_screen_get_reading (screen)))
        oc_till_focus (oc_card_screen_get_till (screen));
    else
        gtk_widget_grab_focus (GTK_WIDGET (oc_card_screen_get_banner (screen)));
}

static void
oc_clear_card_screen_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_CLEAR_CARD_SCREEN);
    G_OBJECT_CLASS (oc_clear_card_screen_parent_class)->dispose (object);
}

static void
oc_clear_card_screen_class_init (OcClearCardScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcCardScreenClass *card_class = OC_CARD_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_clear_card_screen_dispose;
    card_class->free = TRUE;
    card_class->whole = TRUE;
    card_class->wanted = OC_CARD_OURS;
    card_class->kind = "clear-card";
    card_class->show_reading = oc_clear_card_screen_show_reading;
    card_class->check = oc_clear_card_screen_check;
    card_class->run = oc_clear_card_screen_run;
    card_class->focus_input = oc_clear_card_screen_focus_input;

    g_type_ensure (OC_TYPE_CARD_SUMMARY);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-clear-card.ui");
    gtk_widget_class_bind_template_child (widget_class, OcClearCardScreen, summary);
}

static void
oc_clear_card_screen_init (OcClearCardScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_till_set_words (oc_card_screen_get_till (OC_CARD_SCREEN (self)), _("Clear the card (Enter)"), NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unfinished writes: every card job whose outcome is not proven. The card is placed and it settles by itself; a row is
 * chosen only where a memory card can't say which job it is, or where the money is to be handed back. */
#include <glib/gi18n-lib.h>

#include "ops/ops.h"
#include "ui/customer-acts.h"
#include "ui/present-error.h"
#include "ui/query-screen.h"
#include "ui/screens.h"
#include "ui/window.h"

#define OC_TYPE_UNFINISHED_SCREEN (oc_unfinished_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcUnfinishedScreen, oc_unfinished_screen, OC, UNFINISHED_SCREEN, OcQueryScreen)

struct _OcUnfinishedScreen {
    OcQueryScreen parent_instance;

    GtkCheckButton *all;
    GtkWidget *undo, *decide; /* one in the other's place */
    guint tried;  /* generation of the card that was tried by itself */
};

G_DEFINE_FINAL_TYPE (OcUnfinishedScreen, oc_unfinished_screen, OC_TYPE_QUERY_SCREEN)

static const OcColumn columns[] = {
    { N_("State"), "state", OC_COLUMN_STATE, 10 },
    { N_("Card job"), "number", OC_COLUMN_INTEGER, 8 },
    { N_("Since"), "since", OC_COLUMN_TIME, 15 },
    { N_("Kind"), "kind", OC_COLUMN_STATE, 12 },
    { N_("Customer"), "customer", OC_COLUMN_INTEGER, 9 },
    { N_("Name"), "name", OC_COLUMN_TEXT, 10 },
    { N_("Address"), "address", OC_COLUMN_TEXT, 16 },
    { N_("Sub-meter"), "sub_meters", OC_COLUMN_TEXT, 9 },
    { N_("Due"), "due", OC_COLUMN_MONEY, 9, .total = TRUE },
    { N_("Operator"), "operator_name", OC_COLUMN_TEXT, 9 },
    { N_("Branch"), "branch_name", OC_COLUMN_TEXT, 10 },
    { N_("Served by"), "serving_operator", OC_COLUMN_TEXT, 9 },
    { N_("Telephone"), "phone", OC_COLUMN_TEXT, 12, .hidden = TRUE },
    { N_("Received"), "received", OC_COLUMN_MONEY, 9, .hidden = TRUE },
    { N_("Means of payment"), "pay", OC_COLUMN_PAY, 10, .hidden = TRUE },
    { N_("Attempt"), "attempt", OC_COLUMN_INTEGER, 8, .hidden = TRUE },
    { N_("Remark"), "detail", OC_COLUMN_DETAIL, 24, .hidden = TRUE },
};

/* Settling ---------------------------------------------------------------------------------------------------------- */

static void
tell_outcome (OcUnfinishedScreen *self, OcOutcome *outcome)
{
    const char *state = oc_fields_get (outcome->fields, "state");
    const char *name = oc_fields_get (outcome->fields, "name");
    OcWindow *window = oc_window_of (GTK_WIDGET (self));
    g_autofree char *text = NULL;

    if (g_strcmp0 (state, "undone") == 0) {
        /* Translators: %s is a customer's name. */
        text = g_strdup_printf (_("Nothing is on the card of %s: the sale is void. Hand the money back."), name);
        oc_screen_show_message (OC_SCREEN (self), "warning", text);
        return;
    }
    if (window != NULL)
        oc_window_set_last_outcome (window, outcome);
    /* Translators: %s is a customer's name. */
    text = g_strdup_printf (_("Settled: the card of %s holds what was paid. Ctrl+P prints the receipt."), name);
    oc_screen_show_message (OC_SCREEN (self), "success", text);
}

static void
on_settled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    g_autoptr(GError) error = NULL;
    OcUnfinishedScreen *self = oc_busy_get_screen (busy);
    g_autoptr(OcOutcome) outcome = oc_unfinished_settle_finish (OC_DESK (source), result, &error);

    if (self == NULL)
        return;
    if (outcome != NULL)
        tell_outcome (self, outcome);
    else
        oc_present_error (GTK_WIDGET (self), error);
}

static void
settle (OcUnfinishedScreen *self, const char *job, gboolean undo)
{
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (self));
    OcSettleAsk ask = { .job = job, .undo = undo };
    OcBusy *busy = oc_screen_busy (OC_SCREEN (self), _("Settling: do not remove the card"));

    self->tried = oc_desk_get_card_generation (desk);
    oc_busy_set_final (busy, _("Settling: do not remove the card"));
    oc_unfinished_settle_async (desk, &ask, NULL, on_settled_cb, busy);
}

static const char *
selected_job (OcUnfinishedScreen *self)
{
    OcRows *rows;
    guint row;

    if (!oc_query_screen_get_selected (OC_QUERY_SCREEN (self), &rows, &row))
        return NULL;
    return oc_rows_text (rows, row, "job");
}

static void
settle_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcUnfinishedScreen *self = OC_UNFINISHED_SCREEN (widget);
    g_autofree char *job = g_strdup (selected_job (self));

    settle (self, job, FALSE);
}

static void
on_undo_response_cb (GtkDialog *dialog, int response, gpointer data)
{
    g_autoptr(OcUnfinishedScreen) self = data;

    if (response == GTK_RESPONSE_ACCEPT && oc_screen_is_shown (OC_SCREEN (self)))
        settle (self, g_object_get_data (G_OBJECT (dialog), "job"), TRUE);
    gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcUnfinishedScreen *self = OC_UNFINISHED_SCREEN (widget);
    const char *job = selected_job (self);
    GtkWidget *dialog;

    if (job == NULL)
        return;
    dialog = gtk_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), GTK_DIALOG_MODAL, GTK_MESSAGE_QUESTION,
        GTK_BUTTONS_NONE, "%s", _("Hand the money back instead of writing the card?"));
    gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s",
        _("The sale becomes void, if the card in the reader can prove that nothing was written to it."));
    gtk_window_set_title (GTK_WINDOW (dialog), _("Hand the money back"));
    gtk_dialog_add_buttons (GTK_DIALOG (dialog), _("Cancel"), GTK_RESPONSE_CANCEL, _("Make the sale void"),
        GTK_RESPONSE_ACCEPT, NULL);
    g_object_set_data_full (G_OBJECT (dialog), "job", g_strdup (job), g_free);
    g_signal_connect (dialog, "response", G_CALLBACK (on_undo_response_cb), g_object_ref (self));
    gtk_window_present (GTK_WINDOW (dialog));
}

/* Differences --------------------------------------------------------------------------------------------------------- */

static gboolean
is_conflict (OcRows *rows, guint row)
{
    return g_str_equal (oc_rows_text (rows, row, "state"), "conflict");
}

static void
decide_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcRows *rows;
    guint row;
    g_autofree char *detail = NULL;
    g_autofree char *about = NULL;

    if (!oc_query_screen_get_selected (OC_QUERY_SCREEN (widget), &rows, &row) || !is_conflict (rows, row))
        return;
    detail = oc_detail_format (oc_rows_text (rows, row, "detail"));
    about = g_strdup_printf ("%s · %s: %s", oc_rows_text (rows, row, "name"), oc_word (oc_rows_text (rows, row, "reason")), detail);
    oc_conflict_present (OC_SCREEN (widget), oc_rows_int (rows, row, "conflict"), about,
        g_str_equal (oc_rows_text (rows, row, "reason"), "held"));
}

/* The card alone is enough for all but some memory cards: no row need be chosen. */
static void
oc_unfinished_screen_card_changed (OcScreen *screen)
{
    OcUnfinishedScreen *self = OC_UNFINISHED_SCREEN (screen);
    OcDesk *desk = oc_screen_get_desk (screen);

    if (oc_desk_get_presence (desk) == OC_DESK_CARD && !oc_screen_is_final (screen)
        && oc_desk_get_card_generation (desk) != self->tried)
        settle (self, NULL, FALSE);
}

/* Query shape -------------------------------------------------------------------------------------------------------- */

static void
oc_unfinished_screen_load (OcQueryScreen *screen, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
    OcUnfinishedScreen *self = OC_UNFINISHED_SCREEN (screen);

    oc_unfinished_list_async (oc_screen_get_desk (OC_SCREEN (screen)), gtk_check_button_get_active (self->all),
        cancellable, callback, data);
}

static OcRows *
oc_unfinished_screen_load_finish (OcQueryScreen *screen, GAsyncResult *result, GError **error)
{
    return oc_unfinished_list_finish (oc_screen_get_desk (OC_SCREEN (screen)), result, error);
}

static void
oc_unfinished_screen_row_activated (OcQueryScreen *screen)
{
    gtk_widget_activate_action (GTK_WIDGET (screen), "unfinished.settle", NULL);
}

static void
oc_unfinished_screen_update_actions (OcScreen *screen)
{
    OcDesk *desk = oc_screen_get_desk (screen);
    gboolean ready = oc_desk_get_presence (desk) == OC_DESK_CARD && !oc_screen_is_final (screen);

    OcRows *rows = NULL;
    guint row = 0;
    gboolean chosen = oc_query_screen_get_selected (OC_QUERY_SCREEN (screen), &rows, &row);
    gboolean conflict = chosen && is_conflict (rows, row);

    gtk_widget_action_set_enabled (GTK_WIDGET (screen), "unfinished.settle", ready);
    gtk_widget_action_set_enabled (GTK_WIDGET (screen), "unfinished.undo", ready && chosen && !conflict);
    gtk_widget_action_set_enabled (GTK_WIDGET (screen), "unfinished.decide", conflict && oc_desk_may (desk, "unfinished-all"));
    gtk_widget_set_visible (OC_UNFINISHED_SCREEN (screen)->undo, !conflict);
    gtk_widget_set_visible (OC_UNFINISHED_SCREEN (screen)->decide, conflict);
}

/* Without the permission for all branches the list can only be this branch's. */
static void
oc_unfinished_screen_constructed (GObject *object)
{
    OcUnfinishedScreen *self = OC_UNFINISHED_SCREEN (object);
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (self));

    G_OBJECT_CLASS (oc_unfinished_screen_parent_class)->constructed (object);
    gtk_widget_set_visible (GTK_WIDGET (self->all), oc_desk_may (desk, "unfinished-all"));
    self->tried = oc_desk_get_presence (desk) == OC_DESK_CARD ? oc_desk_get_card_generation (desk) : 0;
}

static void
oc_unfinished_screen_class_init (OcUnfinishedScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcQueryScreenClass *query_class = OC_QUERY_SCREEN_CLASS (klass);
    OcScreenClass *screen_class = OC_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_unfinished_screen_constructed;
    screen_class->card_changed = oc_unfinished_screen_card_changed;
    screen_class->update_actions = oc_unfinished_screen_update_actions;
    query_class->title = N_("Unfinished writes");
    query_class->purpose = N_("Sales that were paid and whose card is not proven to be written. Place the card: it settles by itself.");
    query_class->empty_icon = "oc-done-symbolic";
    query_class->empty_title = N_("Nothing is unfinished");
    query_class->empty_text = N_("Every card that was paid for holds what was paid.");
    query_class->columns = columns;
    query_class->n_columns = G_N_ELEMENTS (columns);
    query_class->key = "job";
    query_class->load = oc_unfinished_screen_load;
    query_class->load_finish = oc_unfinished_screen_load_finish;
    query_class->row_activated = oc_unfinished_screen_row_activated;
    gtk_widget_class_install_action (widget_class, "unfinished.settle", NULL, settle_action);
    gtk_widget_class_install_action (widget_class, "unfinished.undo", NULL, undo_action);
    gtk_widget_class_install_action (widget_class, "unfinished.decide", NULL, decide_action);
}

static GtkWidget *
make_button (const char *label, const char *action, const char *style)
{
    GtkWidget *button = gtk_button_new_with_label (label);

    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
    if (style != NULL)
        gtk_widget_add_css_class (button, style);
    return button;
}

static void
oc_unfinished_screen_init (OcUnfinishedScreen *self)
{
    self->all = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_("All branches")));
    g_signal_connect_object (self->all, "toggled", G_CALLBACK (oc_screen_refresh), self, G_CONNECT_SWAPPED);
    oc_query_screen_add_tool (OC_QUERY_SCREEN (self),
        make_button (_("Settle with the card"), "unfinished.settle", "suggested-action"));
    self->undo = make_button (_("Hand the money back…"), "unfinished.undo", NULL);
    self->decide = make_button (_("Decide…"), "unfinished.decide", NULL);
    oc_query_screen_add_tool (OC_QUERY_SCREEN (self), self->undo);
    oc_query_screen_add_tool (OC_QUERY_SCREEN (self), self->decide);
    oc_query_screen_add_tool (OC_QUERY_SCREEN (self), GTK_WIDGET (self->all));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first means takes what the second one leaves of what is due. Only of cash more may be received than it takes. */
#include "ui/pay-part.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/word.h"
#include "ui/drop-down.h"
#include "ui/give-way.h"
#include "ui/money-entry.h"

static const char *const pays[] = { "cash", "bankcard", "wechat", "alipay", "transfer" };
#define CASH 0
#define WECHAT 2

struct _OcPayPart {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkLabel *due_label, *due;
    GtkWidget *taken_box;
    GtkWidget *received_box;
    GtkLabel *received_label;
    OcMoneyEntry *received;
    GtkLabel *change;
    GtkWidget *error_box;
    GtkLabel *error;
    GtkWidget *means_box;
    GtkBox *pay_box;
    GtkToggleButton *pay[G_N_ELEMENTS (pays)];
    GtkToggleButton *split;
    GtkWidget *split_box;
    GtkLabel *first_share;
    GtkDropDown *second;
    OcMoneyEntry *second_amount;
    GtkWidget *reference_box;
    GtkEditable *reference;
    OcPayState state;
    gboolean known; /* due is */
    OcMoney due_amount;
    guint second_pay; /* index into pays; never the first one */
    char *paid_with;  /* of the last payment that was handed out */
};

enum { SIGNAL_PROCEED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OcPayPart, oc_pay_part, GTK_TYPE_WIDGET)

/* How it is paid --------------------------------------------------------------------------------------------------- */

static guint
first_pay (OcPayPart *self)
{
    for (guint i = 0; i < G_N_ELEMENTS (pays); i++)
        if (gtk_toggle_button_get_active (self->pay[i]))
            return i;
    return CASH;
}

static gboolean
is_split (OcPayPart *self)
{
    return gtk_toggle_button_get_active (self->split);
}

static gboolean
takes_cash (OcPayPart *self)
{
    return first_pay (self) == CASH || (is_split (self) && self->second_pay == CASH);
}

static gboolean
is_all_cash (OcPayPart *self)
{
    return first_pay (self) == CASH && !is_split (self);
}

/* Whether anything has to be received: not where nothing is due, or where it is paid out. */
static gboolean
is_taken (OcPayPart *self)
{
    return self->due_amount.units > 0;
}

/* What goes over the counter, one way or the other. */
static OcMoney
moved (OcPayPart *self)
{
    return (OcMoney){ ABS (self->due_amount.units) };
}

/* What each of the two takes of what is due. */
static gboolean
read_shares (OcPayPart *self, OcMoney *first, OcMoney *second, GError **error)
{
    *first = moved (self);
    *second = (OcMoney){ 0 };
    if (!is_split (self))
        return TRUE;
    if (!oc_money_entry_get (self->second_amount, "pay", second, error))
        return FALSE;
    if (!oc_money_sub (moved (self), *second, first) || first->units < 0) {
        g_autofree char *sum = oc_money_to_decimal (*second);
        g_autofree char *due = oc_money_to_decimal (moved (self));
        return oc_error_set (error, "OC158", "sum", sum, "due", due, NULL);
    }
    return TRUE;
}

/* What has to come in cash; nothing: 0. */
static gboolean
read_cash_share (OcPayPart *self, OcMoney *cash, GError **error)
{
    OcMoney first, second;

    if (!read_shares (self, &first, &second, error))
        return FALSE;
    *cash = first_pay (self) == CASH ? first : takes_cash (self) ? second : (OcMoney){ 0 };
    return TRUE;
}

/* What goes back of what was received in cash. */
static gboolean
read_change (OcPayPart *self, OcMoney *change, GError **error)
{
    OcMoney share = { 0 };
    OcMoney received = { 0 };

    *change = (OcMoney){ 0 };
    if (!read_cash_share (self, &share, error))
        return FALSE;
    if (!is_taken (self) || share.units <= 0 || oc_number_entry_is_empty (OC_NUMBER_ENTRY (self->received)))
        return TRUE;
    if (!oc_money_entry_get (self->received, "tendered", &received, error))
        return FALSE;
    if (oc_money_cmp (received, share) < 0) {
        g_autofree char *due = oc_money_to_decimal (share);
        return oc_error_set (error, "OC055", "due", due, NULL);
    }
    return oc_money_sub (received, share, change);
}

/* What is shown ------------------------------------------------------------------------------------------------------ */

static void
show_change (OcPayPart *self)
{
    g_autofree char *text = NULL;
    OcMoney change = { 0 };

    if (self->known && self->state >= OC_PAY_RECEIVE && read_change (self, &change, NULL))
        text = oc_money_format (change);
    gtk_label_set_label (self->change, text != NULL ? text : "–");
}

static void
show_first_share (OcPayPart *self)
{
    g_autofree char *amount = NULL;
    g_autofree char *text = NULL;
    OcMoney first, second;

    if (self->known && read_shares (self, &first, &second, NULL))
        amount = oc_money_format (first);
    /* Translators: a means of payment and how much of it: "Cash 60.00" */
    text = g_strdup_printf (C_("means of payment", "%1$s %2$s"), oc_word (pays[first_pay (self)]), amount != NULL ? amount : "–");
    gtk_label_set_label (self->first_share, text);
}

/* Filled with what has to be received; what was typed there is not for another share. */
static void
fill_received (OcPayPart *self)
{
    OcMoney cash = { 0 };

    if (self->state > OC_PAY_RECEIVE)
        return;
    if (self->state < OC_PAY_RECEIVE || !self->known)
        oc_money_entry_show (self->received, NULL);
    else if (!takes_cash (self))
        oc_money_entry_show (self->received, &self->due_amount);
    else
        oc_money_entry_show (self->received, read_cash_share (self, &cash, NULL) ? &cash : NULL);
}

static void
show_state (OcPayPart *self)
{
    gboolean open = self->state == OC_PAY_CHOOSE || self->state == OC_PAY_RECEIVE;
    gboolean done = self->state == OC_PAY_DONE;

    gtk_label_set_label (self->due_label, self->due_amount.units < 0 ? _("To pay out") : _("Due"));
    gtk_widget_set_visible (self->taken_box, !self->known || is_taken (self));
    gtk_widget_set_sensitive (self->received_box, self->state == OC_PAY_RECEIVE && takes_cash (self));
    gtk_label_set_label (self->received_label, is_split (self) && takes_cash (self) ? _("Received in cash") : _("Received"));
    gtk_widget_set_visible (self->means_box, !done);
    gtk_widget_set_sensitive (self->means_box, open);
    gtk_widget_set_visible (self->split_box, is_split (self) && !done);
    gtk_widget_set_sensitive (self->split_box, open);
    gtk_widget_set_visible (self->reference_box, !is_all_cash (self) && !done);
    gtk_widget_set_sensitive (self->reference_box, open);
    if (done)
        gtk_widget_add_css_class (GTK_WIDGET (self), "done");
    else
        gtk_widget_remove_css_class (GTK_WIDGET (self), "done");
    show_first_share (self);
    show_change (self);
}

static void
means_changed (OcPayPart *self)
{
    oc_pay_part_show_error (self, NULL, NULL);
    fill_received (self);
    show_state (self);
}

/* The list leaves out the first one. */
static void
fill_second (OcPayPart *self, guint wanted)
{
    g_autoptr(GtkStringList) words = gtk_string_list_new (NULL);
    guint first = first_pay (self);

    if (wanted == first)
        wanted = first == CASH ? WECHAT : CASH;
    for (guint i = 0; i < G_N_ELEMENTS (pays); i++)
        if (i != first)
            gtk_string_list_append (words, oc_word (pays[i]));
    gtk_drop_down_set_model (self->second, G_LIST_MODEL (words));
    gtk_drop_down_set_selected (self->second, wanted < first ? wanted : wanted - 1);
    self->second_pay = wanted;
}

/* Callbacks ---------------------------------------------------------------------------------------------------------- */

static void
on_received_cb (OcPayPart *self)
{
    oc_pay_part_show_error (self, NULL, NULL);
    show_change (self);
}

static void
on_pay_cb (OcPayPart *self, GtkToggleButton *button)
{
    if (!gtk_toggle_button_get_active (button))
        return;
    fill_second (self, self->second_pay);
    means_changed (self);
    if (self->state == OC_PAY_RECEIVE && !oc_pay_part_focus (self))
        gtk_widget_grab_focus (GTK_WIDGET (self->reference));
}

static void
on_second_cb (OcPayPart *self)
{
    guint selected = gtk_drop_down_get_selected (self->second);

    if (selected == GTK_INVALID_LIST_POSITION)
        return;
    self->second_pay = selected < first_pay (self) ? selected : selected + 1;
    means_changed (self);
}

static void
on_split_cb (OcPayPart *self)
{
    oc_money_entry_show (self->second_amount, NULL);
    means_changed (self);
    if (is_split (self))
        gtk_widget_grab_focus (GTK_WIDGET (self->second_amount));
    else if (self->state == OC_PAY_RECEIVE)
        oc_pay_part_focus (self);
}

static void
proceed (OcPayPart *self)
{
    if (self->state == OC_PAY_CHOOSE || self->state == OC_PAY_RECEIVE)
        g_signal_emit (self, signals[SIGNAL_PROCEED], 0);
}

static void
on_proceed_cb (OcPayPart *self)
{
    proceed (self);
}

/* What comes in cash is counted before it goes on. */
static void
on_second_amount_enter_cb (OcPayPart *self)
{
    if (self->state == OC_PAY_RECEIVE && takes_cash (self) && is_taken (self))
        gtk_widget_grab_focus (GTK_WIDGET (self->received));
    else
        proceed (self);
}

/* GObject ------------------------------------------------------------------------------------------------------------ */

static void
make_pays (OcPayPart *self)
{
    for (guint i = 0; i < G_N_ELEMENTS (pays); i++) {
        self->pay[i] = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (oc_word (pays[i])));
        gtk_toggle_button_set_group (self->pay[i], i > 0 ? self->pay[0] : NULL);
        gtk_widget_set_hexpand (GTK_WIDGET (self->pay[i]), TRUE);
        gtk_box_append (self->pay_box, GTK_WIDGET (self->pay[i]));
    }
    gtk_toggle_button_set_active (self->pay[CASH], TRUE);
    fill_second (self, WECHAT);
    for (guint i = 0; i < G_N_ELEMENTS (pays); i++)
        g_signal_connect_object (self->pay[i], "toggled", G_CALLBACK (on_pay_cb), self, G_CONNECT_SWAPPED);
}

static void
oc_pay_part_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_PAY_PART);
    G_OBJECT_CLASS (oc_pay_part_parent_class)->dispose (object);
}

static void
oc_pay_part_finalize (GObject *object)
{
    g_free (OC_PAY_PART (object)->paid_with);
    G_OBJECT_CLASS (oc_pay_part_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, box);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, due_label);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, due);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, taken_box);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, received_box);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, received_label);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, received);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, change);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, error_box);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, error);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, means_box);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, pay_box);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, split);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, split_box);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, first_share);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, second);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, second_amount);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, reference_box);
    gtk_widget_class_bind_template_child (widget_class, OcPayPart, reference);
    gtk_widget_class_bind_template_callback (widget_class, on_received_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_proceed_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_split_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_second_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_second_amount_enter_cb);
    gtk_widget_class_bind_template_callback (widget_class, means_changed);
}

static void
oc_pay_part_class_init (OcPayPartClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_pay_part_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_pay_part_finalize;
    signals[SIGNAL_PROCEED] = g_signal_new ("proceed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
        NULL, G_TYPE_NONE, 0);

    g_type_ensure (OC_TYPE_MONEY_ENTRY);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "paypart");
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/pay-part.ui");
    bind_children (widget_class);
}

static void
oc_pay_part_init (OcPayPart *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_drop_down_keep_caret (self->second);
    make_pays (self);
    oc_pay_part_clear (self);
}

/* Public ------------------------------------------------------------------------------------------------------------- */

void
oc_pay_part_set_state (OcPayPart *self, OcPayState state)
{
    gboolean anew;

    g_return_if_fail (OC_IS_PAY_PART (self));
    anew = self->state < OC_PAY_RECEIVE;
    self->state = state;
    if (anew || state < OC_PAY_RECEIVE)
        fill_received (self);
    oc_pay_part_show_error (self, NULL, NULL);
    show_state (self);
}

void
oc_pay_part_set_due (OcPayPart *self, const OcMoney *due)
{
    g_autofree char *text = NULL;

    g_return_if_fail (OC_IS_PAY_PART (self));
    self->known = due != NULL;
    self->due_amount = due != NULL ? *due : (OcMoney){ 0 };
    text = due != NULL ? oc_money_format (moved (self)) : g_strdup ("–");
    gtk_label_set_label (self->due, text);
    show_state (self);
}

gboolean
oc_pay_part_focus (OcPayPart *self)
{
    GtkWidget *place = NULL;

    g_return_val_if_fail (OC_IS_PAY_PART (self), FALSE);
    if (is_split (self) && oc_number_entry_is_empty (OC_NUMBER_ENTRY (self->second_amount)))
        place = GTK_WIDGET (self->second_amount);
    else if (takes_cash (self) && is_taken (self))
        place = GTK_WIDGET (self->received);
    return place != NULL && gtk_widget_grab_focus (place);
}

static void
mark (GtkWidget *widget, gboolean wrong)
{
    if (wrong)
        gtk_widget_add_css_class (widget, "error");
    else
        gtk_widget_remove_css_class (widget, "error");
}

void
oc_pay_part_show_error (OcPayPart *self, const char *field, const char *text)
{
    g_return_if_fail (OC_IS_PAY_PART (self));
    gtk_label_set_label (self->error, text != NULL ? text : "");
    gtk_widget_set_visible (self->error_box, text != NULL);
    if (text != NULL)
        oc_give_way_reveal (self->error_box);
    mark (GTK_WIDGET (self->received), text != NULL && g_strcmp0 (field, "tendered") == 0);
    mark (GTK_WIDGET (self->second_amount), text != NULL && g_strcmp0 (field, "pay") == 0);
    mark (GTK_WIDGET (self->reference), text != NULL && g_strcmp0 (field, "reference") == 0);
}

static void
tell (OcPayPart *self, const GError *error)
{
    const char *field = oc_error_get_field (error);

    oc_pay_part_show_error (self, field, error->message);
    gtk_widget_grab_focus (GTK_WIDGET (g_strcmp0 (field, "pay") == 0 ? self->second_amount : self->received));
}

gboolean
oc_pay_part_get (OcPayPart *self, OcPayment *out)
{
    g_autoptr(GError) error = NULL;
    OcMoney first, second, change;

    g_return_val_if_fail (OC_IS_PAY_PART (self), FALSE);
    if (!read_shares (self, &first, &second, &error) || !read_change (self, &change, &error)) {
        tell (self, error);
        return FALSE;
    }
    out->tendered = (OcMoney){ MAX (self->due_amount.units, 0) + change.units }; /* each is far below what can be counted */
    g_free (self->paid_with);
    if (is_split (self)) {
        g_autofree char *amount = oc_money_to_decimal (second);
        self->paid_with = g_strdup_printf ("%s=%s,%s", pays[self->second_pay], amount, pays[first_pay (self)]);
    } else {
        self->paid_with = g_strdup (pays[first_pay (self)]);
    }
    out->due = self->due_amount;
    out->pay = self->paid_with;
    out->reference = is_all_cash (self) ? "" : gtk_editable_get_text (self->reference);
    return TRUE;
}

void
oc_pay_part_show_paid (OcPayPart *self, OcMoney due, OcMoney tendered)
{
    g_return_if_fail (OC_IS_PAY_PART (self));
    gtk_toggle_button_set_active (self->split, FALSE);
    gtk_toggle_button_set_active (self->pay[CASH], TRUE);
    oc_money_entry_show (self->received, &tendered);
    oc_pay_part_set_due (self, &due);
}

void
oc_pay_part_clear (OcPayPart *self)
{
    g_return_if_fail (OC_IS_PAY_PART (self));
    self->state = OC_PAY_CLOSED;
    gtk_toggle_button_set_active (self->split, FALSE);
    gtk_toggle_button_set_active (self->pay[CASH], TRUE);
    fill_second (self, WECHAT);
    gtk_editable_set_text (self->reference, "");
    oc_money_entry_show (self->received, NULL);
    oc_pay_part_set_due (self, NULL);
}

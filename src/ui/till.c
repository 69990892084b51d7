/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages decide what can be typed and what stands out: due while it is paid, the change once it is done. */
#include "ui/till.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "core/error.h"
#include "ui/money-entry.h"

static const char *const pays[] = { "cash", "bankcard", "wechat", "alipay", "transfer" };
static const struct {
    const char *step, *label;
} ticks[] = {
    { "booked", N_("Booked") },
    { "written", N_("Written") },
    { "checked", N_("Checked") },
    { "printed", N_("Printed") },
};

struct _OcTill {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkScrolledWindow *scroller;
    GtkWidget *input;
    GtkWidget *lines_window;
    GtkGrid *lines;
    GtkLabel *due;
    OcMoneyEntry *received;
    GtkWidget *received_box;
    GtkLabel *change;
    GtkLabel *error;
    GtkBox *pay_box;
    GtkToggleButton *pay[G_N_ELEMENTS (pays)];
    GtkWidget *reference_box;
    GtkEditable *reference;
    GtkBox *tick_box;
    GtkWidget *tick[G_N_ELEMENTS (ticks)];
    GtkButton *proceed;
    OcTillStage stage;
    gboolean known;  /* due is */
    OcMoney due_amount;
    guint n_lines;
    char *input_words, *pay_words;
};

enum { SIGNAL_PROCEED, SIGNAL_STAGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void oc_till_buildable_init (GtkBuildableIface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (OcTill, oc_till, GTK_TYPE_WIDGET,
    G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, oc_till_buildable_init))

static GtkBuildableIface *parent_buildable;

static guint
chosen_pay (OcTill *self)
{
    for (guint i = 0; i < G_N_ELEMENTS (pays); i++)
        if (gtk_toggle_button_get_active (self->pay[i]))
            return i;
    return 0;
}

/* What is received in cash may be more than what is due; what comes otherwise is what is due. */
static gboolean
read_received (OcTill *self, OcMoney *out, GError **error)
{
    if (chosen_pay (self) != 0 || self->due_amount.units <= 0 || oc_money_entry_is_empty (self->received)) {
        *out = self->due_amount;
        return TRUE;
    }
    return oc_money_entry_get (self->received, "tendered", out, error);
}

static void
show_change (OcTill *self)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    OcMoney received = { 0 };
    OcMoney change = { 0 };

    if (self->known && self->stage >= OC_TILL_PAY && read_received (self, &received, &error)
        && oc_money_sub (received, self->due_amount, &change) && change.units >= 0)
        text = oc_money_format (change);
    gtk_label_set_label (self->change, text != NULL ? text : "–");
}

static void
show_stage (OcTill *self)
{
    gboolean paying = self->stage == OC_TILL_PAY;
    gboolean cash = chosen_pay (self) == 0;
    gboolean done = self->stage == OC_TILL_DONE;
    const char *words = paying ? self->pay_words : self->input_words;

    gtk_widget_set_sensitive (self->input, self->stage == OC_TILL_INPUT || paying);
    gtk_widget_set_sensitive (self->received_box, paying && cash);
    gtk_widget_set_sensitive (GTK_WIDGET (self->pay_box), self->stage == OC_TILL_INPUT || paying);
    gtk_widget_set_visible (GTK_WIDGET (self->pay_box), !done);
    gtk_widget_set_visible (self->reference_box, !cash && !done);
    gtk_widget_set_sensitive (self->reference_box, self->stage == OC_TILL_INPUT || paying);
    gtk_widget_set_visible (GTK_WIDGET (self->tick_box), self->stage >= OC_TILL_RUNNING);
    gtk_widget_set_visible (GTK_WIDGET (self->proceed), self->stage <= OC_TILL_PAY);
    gtk_widget_set_sensitive (GTK_WIDGET (self->proceed),
        paying || (self->stage == OC_TILL_INPUT && self->known));
    gtk_button_set_label (self->proceed, words != NULL ? words : "");
    if (done)
        gtk_widget_add_css_class (GTK_WIDGET (self), "done");
    else
        gtk_widget_remove_css_class (GTK_WIDGET (self), "done");
    show_change (self);
}

static gboolean
on_show_end_cb (gpointer data)
{
    OcTill *self = data;
    GtkAdjustment *adjustment = self->scroller != NULL ? gtk_scrolled_window_get_vadjustment (self->scroller) : NULL;

    if (adjustment != NULL && self->stage >= OC_TILL_RUNNING)
        gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
    return G_SOURCE_REMOVE;
}

/* Where a window is too low for all of it, what has happened is seen rather than what was typed. In an idle: the extent changes
 * while sizes are given out. */
static void
on_extent_cb (OcTill *self)
{
    if (self->stage >= OC_TILL_RUNNING)
        g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_show_end_cb, g_object_ref (self), g_object_unref);
}

static void
on_received_cb (OcTill *self)
{
    oc_till_show_error (self, NULL);
    show_change (self);
}

static void
on_pay_cb (OcTill *self, GtkToggleButton *button)
{
    if (!gtk_toggle_button_get_active (button))
        return;
    oc_till_show_error (self, NULL);
    if (chosen_pay (self) != 0)
        oc_money_entry_show (self->received, self->known ? &self->due_amount : NULL);
    show_stage (self);
    if (self->stage == OC_TILL_PAY)
        gtk_widget_grab_focus (chosen_pay (self) == 0 ? GTK_WIDGET (self->received) : GTK_WIDGET (self->reference));
}

static void
on_proceed_cb (OcTill *self)
{
    if (self->stage == OC_TILL_INPUT || self->stage == OC_TILL_PAY)
        g_signal_emit (self, signals[SIGNAL_PROCEED], 0);
}

static void
proceed_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    on_proceed_cb (OC_TILL (widget));
}

static GtkWidget *
make_tick (const char *label)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *icon = gtk_image_new_from_icon_name ("oc-done-symbolic");

    gtk_box_append (GTK_BOX (box), icon);
    gtk_box_append (GTK_BOX (box), gtk_label_new (_(label)));
    gtk_widget_add_css_class (box, "tick");
    return box;
}

static void
make_rows (OcTill *self)
{
    for (guint i = 0; i < G_N_ELEMENTS (pays); i++) {
        self->pay[i] = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (oc_word (pays[i])));
        gtk_toggle_button_set_group (self->pay[i], i > 0 ? self->pay[0] : NULL);
        gtk_widget_set_hexpand (GTK_WIDGET (self->pay[i]), TRUE);
        g_signal_connect_object (self->pay[i], "toggled", G_CALLBACK (on_pay_cb), self, G_CONNECT_SWAPPED);
        gtk_box_append (self->pay_box, GTK_WIDGET (self->pay[i]));
    }
    gtk_toggle_button_set_active (self->pay[0], TRUE);
    for (guint i = 0; i < G_N_ELEMENTS (ticks); i++) {
        self->tick[i] = make_tick (ticks[i].label);
        gtk_box_append (self->tick_box, self->tick[i]);
    }
}

static void
oc_till_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
    if (g_strcmp0 (type, "input") == 0)
        gtk_box_append (GTK_BOX (OC_TILL (buildable)->input), GTK_WIDGET (child));
    else
        parent_buildable->add_child (buildable, builder, child, type);
}

static void
oc_till_buildable_init (GtkBuildableIface *iface)
{
    parent_buildable = g_type_interface_peek_parent (iface);
    iface->add_child = oc_till_add_child;
}

static void
oc_till_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_TILL);
    G_OBJECT_CLASS (oc_till_parent_class)->dispose (object);
}

static void
oc_till_finalize (GObject *object)
{
    OcTill *self = OC_TILL (object);

    g_free (self->input_words);
    g_free (self->pay_words);
    G_OBJECT_CLASS (oc_till_parent_class)->finalize (object);
}

static void
oc_till_class_init (OcTillClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_till_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_till_finalize;
    signals[SIGNAL_PROCEED] = g_signal_new ("proceed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
        NULL, G_TYPE_NONE, 0);
    signals[SIGNAL_STAGED] = g_signal_new ("staged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
        G_TYPE_NONE, 0);

    g_type_ensure (OC_TYPE_MONEY_ENTRY);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "till");
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/till.ui");
    gtk_widget_class_bind_template_child (widget_class, OcTill, box);
    gtk_widget_class_bind_template_child (widget_class, OcTill, scroller);
    gtk_widget_class_bind_template_child (widget_class, OcTill, input);
    gtk_widget_class_bind_template_child (widget_class, OcTill, lines_window);
    gtk_widget_class_bind_template_child (widget_class, OcTill, lines);
    gtk_widget_class_bind_template_child (widget_class, OcTill, due);
    gtk_widget_class_bind_template_child (widget_class, OcTill, received);
    gtk_widget_class_bind_template_child (widget_class, OcTill, received_box);
    gtk_widget_class_bind_template_child (widget_class, OcTill, change);
    gtk_widget_class_bind_template_child (widget_class, OcTill, error);
    gtk_widget_class_bind_template_child (widget_class, OcTill, pay_box);
    gtk_widget_class_bind_template_child (widget_class, OcTill, reference_box);
    gtk_widget_class_bind_template_child (widget_class, OcTill, reference);
    gtk_widget_class_bind_template_child (widget_class, OcTill, tick_box);
    gtk_widget_class_bind_template_child (widget_class, OcTill, proceed);
    gtk_widget_class_bind_template_callback (widget_class, on_received_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_proceed_cb);
    gtk_widget_class_install_action (widget_class, "till.proceed", NULL, proceed_action);
}

static void
oc_till_init (OcTill *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    make_rows (self);
    g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "changed", G_CALLBACK (on_extent_cb), self,
        G_CONNECT_SWAPPED);
    oc_till_clear (self);
}

OcTillStage
oc_till_get_stage (OcTill *self)
{
    g_return_val_if_fail (OC_IS_TILL (self), OC_TILL_CLOSED);
    return self->stage;
}

void
oc_till_set_stage (OcTill *self, OcTillStage stage)
{
    gboolean to_pay;

    g_return_if_fail (OC_IS_TILL (self));
    to_pay = stage == OC_TILL_PAY && self->stage != OC_TILL_PAY;
    if (stage == OC_TILL_RUNNING && self->stage != OC_TILL_RUNNING)
        for (guint i = 0; i < G_N_ELEMENTS (ticks); i++)
            gtk_widget_remove_css_class (self->tick[i], "ticked");
    if (stage <= OC_TILL_INPUT)
        oc_money_entry_show (self->received, NULL);
    if (to_pay)
        oc_money_entry_show (self->received, &self->due_amount);
    self->stage = stage;
    oc_till_show_error (self, NULL);
    show_stage (self);
    g_signal_emit (self, signals[SIGNAL_STAGED], 0);
    if (to_pay)
        gtk_widget_grab_focus (chosen_pay (self) == 0 ? GTK_WIDGET (self->received) : GTK_WIDGET (self->proceed));
}

void
oc_till_set_words (OcTill *self, const char *input, const char *pay)
{
    g_return_if_fail (OC_IS_TILL (self));
    g_free (self->input_words);
    g_free (self->pay_words);
    self->input_words = g_strdup (input);
    self->pay_words = g_strdup (pay);
    show_stage (self);
}

void
oc_till_set_due (OcTill *self, const OcMoney *due)
{
    g_autofree char *text = NULL;

    g_return_if_fail (OC_IS_TILL (self));
    self->known = due != NULL;
    self->due_amount = due != NULL ? *due : (OcMoney){ 0 };
    text = due != NULL ? oc_money_format (*due) : g_strdup ("–");
    gtk_label_set_label (self->due, text);
    show_stage (self);
}

void
oc_till_clear_lines (OcTill *self)
{
    g_return_if_fail (OC_IS_TILL (self));
    while (self->n_lines > 0)
        gtk_grid_remove_row (self->lines, --self->n_lines);
    gtk_widget_set_visible (self->lines_window, FALSE);
}

void
oc_till_add_line (OcTill *self, const char *name, const char *detail, const char *amount)
{
    const char *const texts[] = { name, detail, amount };

    g_return_if_fail (OC_IS_TILL (self));
    for (int i = 0; i < 3; i++) {
        GtkWidget *label = gtk_label_new (texts[i]);
        gtk_label_set_xalign (GTK_LABEL (label), i == 0 ? 0 : 1);
        gtk_widget_set_hexpand (label, i == 0);
        if (i == 0)
            gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
        else
            gtk_widget_add_css_class (label, "numeric");
        if (i == 1)
            gtk_widget_add_css_class (label, "hint");
        gtk_grid_attach (self->lines, label, i, (int) self->n_lines, 1, 1);
    }
    self->n_lines++;
    gtk_widget_set_visible (self->lines_window, TRUE);
}

void
oc_till_show_error (OcTill *self, const char *text)
{
    g_return_if_fail (OC_IS_TILL (self));
    gtk_label_set_label (self->error, text != NULL ? text : "");
    gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->error)), text != NULL);
    if (text != NULL)
        gtk_widget_add_css_class (GTK_WIDGET (self->received), "error");
    else
        gtk_widget_remove_css_class (GTK_WIDGET (self->received), "error");
}

gboolean
oc_till_get_payment (OcTill *self, OcPayment *out)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *due = NULL;

    g_return_val_if_fail (OC_IS_TILL (self), FALSE);
    out->due = self->due_amount;
    out->pay = pays[chosen_pay (self)];
    out->reference = gtk_editable_get_text (self->reference);
    if (read_received (self, &out->tendered, &error) && oc_money_cmp (out->tendered, out->due) < 0) {
        due = oc_money_to_decimal (self->due_amount);
        oc_error_set (&error, "OC055", "due", due, NULL);
    }
    if (error == NULL)
        return TRUE;
    oc_till_show_error (self, error->message);
    gtk_widget_grab_focus (GTK_WIDGET (self->received));
    return FALSE;
}

void
oc_till_show_payment (OcTill *self, OcMoney due, OcMoney tendered)
{
    g_return_if_fail (OC_IS_TILL (self));
    oc_money_entry_show (self->received, &tendered);
    oc_till_set_due (self, &due);
}

void
oc_till_tick (OcTill *self, const char *step)
{
    g_return_if_fail (OC_IS_TILL (self));
    for (guint i = 0; i < G_N_ELEMENTS (ticks); i++) {
        if (g_str_equal (ticks[i].step, step))
            gtk_widget_add_css_class (self->tick[i], "ticked");
    }
}

void
oc_till_clear (OcTill *self)
{
    g_return_if_fail (OC_IS_TILL (self));
    oc_till_clear_lines (self);
    oc_till_set_due (self, NULL);
    gtk_editable_set_text (self->reference, "");
    gtk_toggle_button_set_active (self->pay[0], TRUE);
    oc_till_set_stage (self, OC_TILL_CLOSED);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages decide what can be typed and what stands out: due while it is paid, the change once it is done. */
#include "ui/till.h"

#include <glib/gi18n-lib.h>

#include "ui/give-way.h"

/* What of the input stays in sight in a low window: a field with its label. */
#define LEAST_INPUT 80

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
    OcGiveWay *scroller;
    GtkWidget *input;
    OcGiveWay *sold;
    GtkGrid *lines;
    OcPayPart *pay;
    GtkBox *tick_box;
    GtkWidget *tick[G_N_ELEMENTS (ticks)];
    GtkButton *proceed;
    OcTillStage stage;
    gboolean known;  /* due is */
    guint n_lines;
    char *input_words, *pay_words;
};

enum { SIGNAL_PROCEED, SIGNAL_STAGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void oc_till_buildable_init (GtkBuildableIface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (OcTill, oc_till, GTK_TYPE_WIDGET,
    G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, oc_till_buildable_init))

static GtkBuildableIface *parent_buildable;

static void
show_stage (OcTill *self)
{
    gboolean paying = self->stage == OC_TILL_PAY;
    const char *words = paying ? self->pay_words : self->input_words;

    gtk_widget_set_sensitive (self->input, self->stage == OC_TILL_INPUT || paying);
    gtk_widget_set_visible (GTK_WIDGET (self->tick_box), self->stage >= OC_TILL_RUNNING);
    gtk_widget_set_visible (GTK_WIDGET (self->proceed), self->stage <= OC_TILL_PAY);
    gtk_widget_set_sensitive (GTK_WIDGET (self->proceed),
        paying || (self->stage == OC_TILL_INPUT && self->known));
    gtk_button_set_label (self->proceed, words != NULL ? words : "");
}

static gboolean
on_show_end_cb (gpointer data)
{
    OcTill *self = data;
    GtkAdjustment *adjustment = self->scroller != NULL ? oc_give_way_get_adjustment (self->scroller) : NULL;

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
make_ticks (OcTill *self)
{
    for (guint i = 0; i < G_N_ELEMENTS (ticks); i++) {
        self->tick[i] = make_tick (ticks[i].label);
        gtk_box_append (self->tick_box, self->tick[i]);
    }
}

static void
oc_till_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
    OcTill *self = OC_TILL (buildable);

    if (g_strcmp0 (type, "input") == 0) {
        gtk_box_append (GTK_BOX (self->input), GTK_WIDGET (child));
        gtk_widget_set_visible (self->input, TRUE);
        oc_give_way_set_least_height (self->sold, LEAST_INPUT);
    } else
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

    g_type_ensure (OC_TYPE_GIVE_WAY);
    g_type_ensure (OC_TYPE_PAY_PART);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "till");
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/till.ui");
    gtk_widget_class_bind_template_child (widget_class, OcTill, box);
    gtk_widget_class_bind_template_child (widget_class, OcTill, scroller);
    gtk_widget_class_bind_template_child (widget_class, OcTill, input);
    gtk_widget_class_bind_template_child (widget_class, OcTill, sold);
    gtk_widget_class_bind_template_child (widget_class, OcTill, lines);
    gtk_widget_class_bind_template_child (widget_class, OcTill, pay);
    gtk_widget_class_bind_template_child (widget_class, OcTill, tick_box);
    gtk_widget_class_bind_template_child (widget_class, OcTill, proceed);
    gtk_widget_class_bind_template_callback (widget_class, on_proceed_cb);
    gtk_widget_class_install_action (widget_class, "till.proceed", NULL, proceed_action);
}

static void
oc_till_init (OcTill *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    make_ticks (self);
    g_signal_connect_object (oc_give_way_get_adjustment (self->scroller), "changed", G_CALLBACK (on_extent_cb), self,
        G_CONNECT_SWAPPED);
    oc_till_clear (self);
}

OcTillStage
oc_till_get_stage (OcTill *self)
{
    g_return_val_if_fail (OC_IS_TILL (self), OC_TILL_CLOSED);
    return self->stage;
}

static OcPayState
pay_state (OcTillStage stage)
{
    switch (stage) {
    case OC_TILL_CLOSED:
        return OC_PAY_CLOSED;
    case OC_TILL_INPUT:
        return OC_PAY_CHOOSE;
    case OC_TILL_PAY:
        return OC_PAY_RECEIVE;
    case OC_TILL_RUNNING:
    case OC_TILL_DOUBT:
        return OC_PAY_TAKEN;
    case OC_TILL_DONE:
        return OC_PAY_DONE;
    default:
        g_assert_not_reached ();
    }
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
    self->stage = stage;
    oc_pay_part_set_state (self->pay, pay_state (stage));
    show_stage (self);
    g_signal_emit (self, signals[SIGNAL_STAGED], 0);
    if (to_pay && !oc_pay_part_focus (self->pay))
        gtk_widget_grab_focus (GTK_WIDGET (self->proceed));
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
oc_till_set_free (OcTill *self, gboolean free)
{
    g_return_if_fail (OC_IS_TILL (self));
    gtk_widget_set_visible (GTK_WIDGET (self->pay), !free);
}

void
oc_till_focus (OcTill *self)
{
    g_return_if_fail (OC_IS_TILL (self));
    gtk_widget_grab_focus (GTK_WIDGET (self->proceed));
}

void
oc_till_set_due (OcTill *self, const OcMoney *due)
{
    g_return_if_fail (OC_IS_TILL (self));
    self->known = due != NULL;
    oc_pay_part_set_due (self->pay, due);
    show_stage (self);
}

void
oc_till_clear_lines (OcTill *self)
{
    g_return_if_fail (OC_IS_TILL (self));
    while (self->n_lines > 0)
        gtk_grid_remove_row (self->lines, --self->n_lines);
    gtk_widget_set_visible (GTK_WIDGET (self->lines), FALSE);
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
    gtk_widget_set_visible (GTK_WIDGET (self->lines), TRUE);
}

void
oc_till_show_error (OcTill *self, const char *field, const char *text)
{
    g_return_if_fail (OC_IS_TILL (self));
    oc_pay_part_show_error (self->pay, field, text);
}

gboolean
oc_till_get_payment (OcTill *self, OcPayment *out)
{
    g_return_val_if_fail (OC_IS_TILL (self), FALSE);
    return oc_pay_part_get (self->pay, out);
}

void
oc_till_show_payment (OcTill *self, OcMoney due, OcMoney tendered)
{
    g_return_if_fail (OC_IS_TILL (self));
    self->known = TRUE;
    oc_pay_part_show_paid (self->pay, due, tendered);
    show_stage (self);
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
    oc_pay_part_clear (self->pay);
    oc_till_set_due (self, NULL);
    oc_till_set_stage (self, OC_TILL_CLOSED);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same customer's card again keeps what was typed and which sub-meter it was typed for. */
#include "ui/sale-screen.h"

#include <glib/gi18n-lib.h>

#include "ui/give-way.h"

typedef struct {
    GtkStack *pages;
    GtkImage *icon;
    GtkLabel *title, *text;
    OcCardMeters *meters;
    GtkBox *below, *choice;
    OcSaleInput *input;
    gint64 customer; /* whose typing this is */
    int wanted_slot; /* to choose when the card has been read again; 0: none */
} OcSaleScreenPrivate;

static void oc_sale_screen_buildable_init (GtkBuildableIface *iface);
G_DEFINE_ABSTRACT_TYPE_WITH_CODE (OcSaleScreen, oc_sale_screen, OC_TYPE_CARD_SCREEN,
    G_ADD_PRIVATE (OcSaleScreen)
    G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, oc_sale_screen_buildable_init))

static GtkBuildableIface *parent_buildable;

static OcSaleScreenPrivate *
get_private (OcSaleScreen *self)
{
    return oc_sale_screen_get_instance_private (self);
}

static OcSaleInput *
input_of (OcCardScreen *screen)
{
    return get_private (OC_SALE_SCREEN (screen))->input;
}

static int
chosen_slot (OcSaleScreen *self)
{
    guint row = 0;
    OcRows *meters = oc_card_meters_get_chosen (get_private (self)->meters, &row);

    return meters != NULL ? (int) oc_rows_int (meters, row, "slot") : 0;
}

/* The quote --------------------------------------------------------------------------------------------------------- */

static gboolean
ask_quote (gpointer owner, const OcSold *sold, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    OcSaleScreen *self = owner;

    if (oc_card_screen_get_reading (OC_CARD_SCREEN (self)) == NULL || chosen_slot (self) == 0)
        return FALSE;
    OC_SALE_SCREEN_GET_CLASS (self)->ask_quote (self, sold, cancellable, cb, data);
    return TRUE;
}

static void
on_quoted_cb (OcSaleScreen *self)
{
    oc_sale_screen_show_quote (self);
}

static void
on_edited_cb (OcSaleScreen *self)
{
    oc_till_clear_lines (oc_card_screen_get_till (OC_CARD_SCREEN (self)));
    oc_card_screen_edited (OC_CARD_SCREEN (self));
}

/* What is shown ------------------------------------------------------------------------------------------------------- */

static void
show_meter (OcSaleScreen *self)
{
    OcSaleScreenPrivate *priv = get_private (self);
    OcSaleScreenClass *klass = OC_SALE_SCREEN_GET_CLASS (self);
    guint row = 0;
    OcRows *meters = oc_card_meters_get_chosen (priv->meters, &row);
    g_autofree char *limits = oc_card_meters_dup_limits (priv->meters);

    oc_sale_input_set_hint (priv->input, limits, meters != NULL ? oc_rows_text (meters, row, "unit") : NULL);
    if (klass->show_meter != NULL)
        klass->show_meter (self, meters, row);
}

static void
on_chosen_cb (OcSaleScreen *self)
{
    OcSaleScreenPrivate *priv = get_private (self);
    OcCardScreen *screen = OC_CARD_SCREEN (self);
    OcTill *till = oc_card_screen_get_till (screen);
    const char *reason = oc_card_meters_get_reason (priv->meters);
    int slot = chosen_slot (self);
    gboolean fitting = oc_card_screen_is_fitting (screen);

    if (oc_till_get_stage (till) == OC_TILL_RUNNING || oc_till_get_stage (till) == OC_TILL_DOUBT)
        return;
    if (oc_till_get_stage (till) == OC_TILL_DONE) {
        /* the next sale on the same card */
        priv->wanted_slot = slot;
        if (slot != 0)
            oc_screen_again (OC_SCREEN (self));
        return;
    }
    show_meter (self);
    oc_sale_input_clear (priv->input);
    oc_till_set_stage (till, fitting && slot != 0 && *reason == '\0' ? OC_TILL_INPUT : OC_TILL_CLOSED);
    if (*reason != '\0' && fitting)
        oc_sale_input_show_error (priv->input, reason); /* else the banner says why */
    else if (gtk_widget_get_mapped (GTK_WIDGET (self)) && oc_card_screen_can_work (screen))
        oc_sale_input_focus (priv->input);
}

/* The card shape ------------------------------------------------------------------------------------------------------ */

static void
oc_sale_screen_show_reading (OcCardScreen *screen, OcReading *reading)
{
    OcSaleScreen *self = OC_SALE_SCREEN (screen);
    OcSaleScreenPrivate *priv = get_private (self);
    OcRows *card = reading != NULL ? oc_reading_card (reading) : NULL;
    gint64 customer = card != NULL && oc_rows_count (card) > 0 ? oc_rows_int (card, 0, "customer") : 0;
    gboolean same = customer != 0 && customer == priv->customer;
    g_autoptr(OcTyped) typed = oc_sale_input_dup_typed (priv->input);
    int slot = priv->wanted_slot != 0 ? priv->wanted_slot : same ? chosen_slot (self) : 0;

    gtk_stack_set_visible_child_name (priv->pages,
        customer != 0 && oc_rows_count (oc_reading_meters (reading)) > 0 ? "card" : "none");
    if (reading == NULL) {
        oc_sale_input_set_hint (priv->input, NULL, NULL);
        oc_sale_input_show_error (priv->input, NULL);
        return;
    }
    priv->customer = customer;
    oc_card_meters_set_reading (priv->meters, reading);
    if (slot != 0)
        oc_card_meters_choose (priv->meters, slot);
    priv->wanted_slot = 0;
    if (same && oc_card_screen_can_work (screen))
        oc_sale_input_put (priv->input, typed);
}

static gboolean
oc_sale_screen_check (OcCardScreen *screen, gboolean tell)
{
    return oc_sale_input_check (input_of (screen), tell);
}

static void
oc_sale_screen_focus_input (OcCardScreen *screen)
{
    oc_sale_input_focus (input_of (screen));
}

static void
oc_sale_screen_quote (OcCardScreen *screen)
{
    oc_sale_input_quote_again (input_of (screen));
}

static gboolean
oc_sale_screen_show_field_error (OcCardScreen *screen, const char *field, const GError *error)
{
    return oc_sale_input_show_field_error (input_of (screen), field, error);
}

static gboolean
oc_sale_screen_is_typed (OcCardScreen *screen)
{
    return !oc_sale_input_is_empty (input_of (screen));
}

static void
oc_sale_screen_clear (OcCardScreen *screen)
{
    oc_sale_input_clear (input_of (screen));
}

/* Actions ------------------------------------------------------------------------------------------------------------- */

static void
sub_meter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_card_meters_choose (get_private (OC_SALE_SCREEN (widget))->meters, g_variant_get_int32 (parameter));
}

static void
swap_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_sale_input_swap (get_private (OC_SALE_SCREEN (widget))->input);
}

/* GObject ------------------------------------------------------------------------------------------------------------- */

static void
oc_sale_screen_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
    OcSaleScreenPrivate *priv = get_private (OC_SALE_SCREEN (buildable));

    if (g_strcmp0 (type, "below") == 0)
        gtk_box_append (priv->below, GTK_WIDGET (child));
    else if (g_strcmp0 (type, "choice") == 0)
        gtk_box_append (priv->choice, GTK_WIDGET (child));
    else
        parent_buildable->add_child (buildable, builder, child, type);
}

static void
oc_sale_screen_buildable_init (GtkBuildableIface *iface)
{
    parent_buildable = g_type_interface_peek_parent (iface);
    iface->add_child = oc_sale_screen_add_child;
}

static void
oc_sale_screen_constructed (GObject *object)
{
    OcSaleScreen *self = OC_SALE_SCREEN (object);
    OcSaleScreenPrivate *priv = get_private (self);
    OcSaleScreenClass *klass = OC_SALE_SCREEN_GET_CLASS (self);

    G_OBJECT_CLASS (oc_sale_screen_parent_class)->constructed (object);
    oc_card_meters_set_for (priv->meters, klass->meters_for);
    oc_sale_input_set_quote (priv->input, ask_quote, klass->quote_finish, klass->zero, self);
    gtk_image_set_from_icon_name (priv->icon, klass->icon);
    gtk_label_set_label (priv->title, _(klass->title));
    gtk_label_set_label (priv->text, _(klass->text));
}

static void
bind_children (GtkWidgetClass *widget_class)
{
    gtk_widget_class_bind_template_child_private (widget_class, OcSaleScreen, pages);
    gtk_widget_class_bind_template_child_private (widget_class, OcSaleScreen, icon);
    gtk_widget_class_bind_template_child_private (widget_class, OcSaleScreen, title);
    gtk_widget_class_bind_template_child_private (widget_class, OcSaleScreen, text);
    gtk_widget_class_bind_template_child_private (widget_class, OcSaleScreen, meters);
    gtk_widget_class_bind_template_child_private (widget_class, OcSaleScreen, below);
    gtk_widget_class_bind_template_child_private (widget_class, OcSaleScreen, choice);
    gtk_widget_class_bind_template_child_private (widget_class, OcSaleScreen, input);
    gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_edited_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_quoted_cb);
    gtk_widget_class_bind_template_callback (widget_class, oc_card_screen_proceed);
}

static void
oc_sale_screen_class_init (OcSaleScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcCardScreenClass *card_class = OC_CARD_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_sale_screen_constructed;
    card_class->show_reading = oc_sale_screen_show_reading;
    card_class->check = oc_sale_screen_check;
    card_class->show_field_error = oc_sale_screen_show_field_error;
    card_class->quote = oc_sale_screen_quote;
    card_class->focus_input = oc_sale_screen_focus_input;
    card_class->is_typed = oc_sale_screen_is_typed;
    card_class->clear = oc_sale_screen_clear;

    g_type_ensure (OC_TYPE_CARD_METERS);
    g_type_ensure (OC_TYPE_GIVE_WAY);
    g_type_ensure (OC_TYPE_SALE_INPUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/sale-screen.ui");
    bind_children (widget_class);
    gtk_widget_class_install_action (widget_class, "sale.sub-meter", "i", sub_meter_action);
    gtk_widget_class_install_action (widget_class, "sale.swap", NULL, swap_action);
    for (guint slot = 1; slot <= 8; slot++)
        gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0 + slot, GDK_ALT_MASK, "sale.sub-meter", "i", (int) slot);
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F11, 0, "sale.swap", NULL);
}

static void
oc_sale_screen_init (OcSaleScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

/* Public ---------------------------------------------------------------------------------------------------------------- */

gint64
oc_sale_screen_get_customer (OcSaleScreen *self)
{
    g_return_val_if_fail (OC_IS_SALE_SCREEN (self), 0);
    return get_private (self)->customer;
}

OcCardMeters *
oc_sale_screen_get_meters (OcSaleScreen *self)
{
    g_return_val_if_fail (OC_IS_SALE_SCREEN (self), NULL);
    return get_private (self)->meters;
}

OcSold
oc_sale_screen_get_sold (OcSaleScreen *self)
{
    OcSold sold = { 0 };

    g_return_val_if_fail (OC_IS_SALE_SCREEN (self), sold);
    oc_sale_input_read (get_private (self)->input, &sold, NULL);
    return sold;
}

OcRows *
oc_sale_screen_get_quote (OcSaleScreen *self)
{
    g_return_val_if_fail (OC_IS_SALE_SCREEN (self), NULL);
    return oc_sale_input_get_quote (get_private (self)->input);
}

void
oc_sale_screen_show_quote (OcSaleScreen *self)
{
    OcRows *quote = oc_sale_screen_get_quote (self);
    OcMoney due;

    if (quote == NULL) {
        oc_card_screen_quoted (OC_CARD_SCREEN (self), NULL);
        return;
    }
    oc_till_clear_lines (oc_card_screen_get_till (OC_CARD_SCREEN (self)));
    due = OC_SALE_SCREEN_GET_CLASS (self)->show_quote (self, quote);
    oc_card_screen_quoted (OC_CARD_SCREEN (self), &due);
}

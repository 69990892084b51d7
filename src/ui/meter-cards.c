/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A flow box of tiles; one is always chosen when there is any. */
#include "ui/meter-cards.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "core/error.h"

struct _OcMeterCards {
    GtkWidget parent_instance;
    GtkFlowBox *flow;
    OcMetersFor purpose;
    OcRows *rows;
    int chosen;
    char *in_meter;  /* why what a meter has can't be sold anew */
};

G_DEFINE_FINAL_TYPE (OcMeterCards, oc_meter_cards, GTK_TYPE_WIDGET)

enum { SIGNAL_CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static GtkWidget *
make_label (const char *text, const char *style)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
    gtk_label_set_max_width_chars (GTK_LABEL (label), 24); /* two tiles beside each other at 1280 */
    if (style != NULL)
        gtk_widget_add_css_class (label, style);
    return label;
}

/* Icon and words in one: a state is never told by its colour alone. */
static GtkWidget *
make_chip (const char *icon, const char *text, const char *style)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon));
    gtk_box_append (GTK_BOX (box), make_label (text, NULL));
    gtk_widget_add_css_class (box, "chip");
    gtk_widget_add_css_class (box, style);
    gtk_widget_set_halign (box, GTK_ALIGN_START);
    return box;
}

/* An unread purchase is what keeps a meter from buying, and what can be sold anew. */
static gboolean
is_fit (OcMeterCards *self, guint row)
{
    return *oc_meter_cards_get_reason (self, row) == '\0';
}

static GtkWidget *
make_state (OcMeterCards *self, guint row)
{
    OcRows *rows = self->rows;
    OcQuantity unread = oc_rows_quantity (rows, row, "unread");
    const char *code = oc_rows_text (rows, row, "reason_code");

    if (unread.units > 0) {
        g_autofree char *amount = oc_quantity_format (unread);
        /* Translators: an amount and its unit */
        g_autofree char *text = g_strdup_printf (_("Unread %s %s"), amount, oc_meter_unit (rows, row));
        return make_chip ("oc-warning-symbolic", text, "warning");
    }
    if (g_str_equal (code, "OC023")) /* an opening without a purchase */
        return make_chip ("oc-warning-symbolic", C_("sub-meter", "Not yet in the meter"), "warning");
    if (*code != '\0')
        return make_chip ("oc-error-symbolic", C_("sub-meter", "Not for sale"), "error");
    if (self->purpose == OC_METERS_SELL_ANEW)
        return make_chip ("oc-done-symbolic", C_("sub-meter", "In the meter"), "success");
    return make_chip ("oc-done-symbolic", C_("sub-meter", "Ready"), "success");
}

static char *
remaining_text (OcRows *rows, guint row)
{
    g_autofree char *remaining = NULL;

    if (oc_rows_is_null (rows, row, "remaining"))
        return g_strdup (_("Never inserted"));
    remaining = oc_quantity_format (oc_rows_quantity (rows, row, "remaining"));
    /* Translators: an amount and its unit */
    return g_strdup_printf (_("Remaining %s %s"), remaining, oc_meter_unit (rows, row));
}

static char *
last_text (OcRows *rows, guint row)
{
    g_autofree char *last = NULL;
    g_autofree char *time = NULL;

    if (oc_rows_is_null (rows, row, "last_purchase_at"))
        return g_strdup (_("Nothing bought yet"));
    last = oc_quantity_format (oc_rows_quantity (rows, row, "last_purchase"));
    time = oc_time_format (oc_rows_text (rows, row, "last_purchase_at"));
    /* Translators: an amount, its unit, a time */
    return g_strdup_printf (_("Last %s %s, %s"), last, oc_meter_unit (rows, row), time);
}

/* In full: it is what the tile says now. */
static GtkWidget *
make_reason (const char *reason)
{
    GtkWidget *label = make_label (reason, "hint");

    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    return label;
}

static GtkWidget *
make_tile (OcMeterCards *self, guint row)
{
    OcRows *rows = self->rows;
    const char *type = oc_rows_text (rows, row, "meter_type");
    g_autofree char *icon = g_strdup_printf ("oc-%s-symbolic", type);
    g_autofree char *title = g_strdup_printf ("%s %s", oc_rows_text (rows, row, "sub_meter"), oc_word (type));
    g_autofree char *meter = g_strdup_printf ("%s · %s", oc_rows_text (rows, row, "meter"),
        oc_rows_text (rows, row, "model")); /* where it is too long, the number stays */
    g_autofree char *remaining = remaining_text (rows, row);
    g_autofree char *last = last_text (rows, row);
    GtkWidget *child = gtk_flow_box_child_new ();
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
    GtkWidget *image = gtk_image_new_from_icon_name (icon);

    gtk_image_set_pixel_size (GTK_IMAGE (image), 32);
    gtk_widget_set_valign (image, GTK_ALIGN_START);
    gtk_widget_add_css_class (image, "meter-icon");
    gtk_widget_add_css_class (image, type);
    gtk_box_append (GTK_BOX (lines), make_label (title, "meter-title"));
    gtk_box_append (GTK_BOX (lines), make_label (meter, "hint"));
    gtk_box_append (GTK_BOX (lines), make_label (remaining, "meter-remaining"));
    gtk_box_append (GTK_BOX (lines), make_label (last, "hint"));
    gtk_box_append (GTK_BOX (lines), make_state (self, row));
    gtk_widget_set_hexpand (lines, TRUE);
    gtk_box_append (GTK_BOX (box), image);
    gtk_box_append (GTK_BOX (box), lines);
    gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
    gtk_widget_add_css_class (child, "meter-card");
    gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
        GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, remaining, -1);
    if (self->purpose == OC_METERS_SELL_ANEW && !is_fit (self, row)) {
        gtk_widget_set_sensitive (child, FALSE);
        gtk_box_append (GTK_BOX (lines), make_reason (oc_meter_cards_get_reason (self, row)));
    }
    return child;
}

static void
on_selected_cb (OcMeterCards *self)
{
    GList *selected = gtk_flow_box_get_selected_children (self->flow);
    int chosen = selected != NULL ? gtk_flow_box_child_get_index (selected->data) : -1;

    g_list_free (selected);
    if (chosen == self->chosen)
        return;
    self->chosen = chosen;
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0);
}

static void
oc_meter_cards_dispose (GObject *object)
{
    OcMeterCards *self = OC_METER_CARDS (object);
    GtkWidget *flow = GTK_WIDGET (self->flow);

    self->flow = NULL;
    g_clear_pointer (&flow, gtk_widget_unparent);
    g_clear_object (&self->rows);
    g_clear_pointer (&self->in_meter, g_free);
    G_OBJECT_CLASS (oc_meter_cards_parent_class)->dispose (object);
}

static void
oc_meter_cards_class_init (OcMeterCardsClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_meter_cards_dispose;
    signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
        NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
oc_meter_cards_init (OcMeterCards *self)
{
    g_autoptr(GError) in_meter = oc_error_new_code ("OC170", NULL);

    self->chosen = -1;
    self->in_meter = g_strdup (in_meter->message);
    self->flow = GTK_FLOW_BOX (gtk_flow_box_new ());
    gtk_flow_box_set_selection_mode (self->flow, GTK_SELECTION_SINGLE);
    gtk_flow_box_set_homogeneous (self->flow, TRUE);
    gtk_flow_box_set_min_children_per_line (self->flow, 1);
    gtk_flow_box_set_max_children_per_line (self->flow, 4);
    gtk_flow_box_set_row_spacing (self->flow, 12);
    gtk_flow_box_set_column_spacing (self->flow, 12);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->flow), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Sub-meters"), -1);
    gtk_widget_set_parent (GTK_WIDGET (self->flow), GTK_WIDGET (self));
    g_signal_connect_object (self->flow, "selected-children-changed", G_CALLBACK (on_selected_cb), self,
        G_CONNECT_SWAPPED);
}

/* Times of one server compare as texts. */
static int
best_row (OcMeterCards *self)
{
    OcRows *rows = self->rows;
    int best = -1;

    for (guint i = 0; i < oc_rows_count (rows); i++) {
        if (!is_fit (self, i))
            continue;
        if (best < 0 || strcmp (oc_rows_text (rows, i, "last_purchase_at"),
                            oc_rows_text (rows, (guint) best, "last_purchase_at")) > 0)
            best = (int) i;
    }
    return best < 0 && self->purpose != OC_METERS_SELL_ANEW ? 0 : best;
}

void
oc_meter_cards_set_rows (OcMeterCards *self, OcRows *meters)
{
    GtkWidget *child;
    guint n;
    int best;

    g_return_if_fail (OC_IS_METER_CARDS (self));
    n = meters != NULL ? oc_rows_count (meters) : 0;
    g_set_object (&self->rows, meters);
    self->chosen = -2; /* whatever is chosen now, it is another one */
    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->flow))) != NULL)
        gtk_flow_box_remove (self->flow, child);
    for (guint i = 0; i < n; i++)
        gtk_flow_box_append (self->flow, make_tile (self, i));
    best = n > 0 ? best_row (self) : -1;
    if (best >= 0)
        gtk_flow_box_select_child (self->flow, gtk_flow_box_get_child_at_index (self->flow, best));
    else
        on_selected_cb (self);
}

void
oc_meter_cards_set_for (OcMeterCards *self, OcMetersFor purpose)
{
    g_return_if_fail (OC_IS_METER_CARDS (self));
    self->purpose = purpose;
}

const char *
oc_meter_cards_get_reason (OcMeterCards *self, guint row)
{
    const char *reason;

    g_return_val_if_fail (OC_IS_METER_CARDS (self), "");
    reason = oc_rows_text (self->rows, row, "reason_text");
    if (self->purpose == OC_METERS_SELL)
        return reason;
    if (g_str_equal (oc_rows_text (self->rows, row, "reason_code"), "OC023"))
        return "";
    if (self->purpose == OC_METERS_REPLACE)
        return reason;
    return *reason != '\0' ? reason : self->in_meter;
}

int
oc_meter_cards_get_chosen (OcMeterCards *self)
{
    g_return_val_if_fail (OC_IS_METER_CARDS (self), -1);
    return MAX (self->chosen, -1);
}

void
oc_meter_cards_choose (OcMeterCards *self, int slot)
{
    g_return_if_fail (OC_IS_METER_CARDS (self));
    for (guint i = 0; self->rows != NULL && i < oc_rows_count (self->rows); i++)
        if (oc_rows_int (self->rows, i, "slot") == slot && (self->purpose != OC_METERS_SELL_ANEW || is_fit (self, i)))
            gtk_flow_box_select_child (self->flow, gtk_flow_box_get_child_at_index (self->flow, (int) i));
}

const char *
oc_meter_unit (OcRows *meters, guint row)
{
    return oc_rows_bool (meters, row, "by_money") ? C_("unit", "yuan") : oc_rows_text (meters, row, "unit");
}

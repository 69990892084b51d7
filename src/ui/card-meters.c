/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The facts are filled from the columns below whenever another sub-meter is chosen. */
#include "ui/card-meters.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "ui/facts.h"

struct _OcCardMeters {
    GtkWidget parent_instance;
    GtkWidget *box;
    OcMeterCards *cards;
    GtkFlowBox *user_facts, *meter_facts, *return_facts, *price_facts;
    GtkLabel *charging;
    OcReading *reading; /* NULL: none */
};

G_DEFINE_FINAL_TYPE (OcCardMeters, oc_card_meters, GTK_TYPE_WIDGET)

enum { SIGNAL_CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static const OcColumn user_columns[] = {
    { N_("User type"), "user_type", OC_COLUMN_TEXT },
    { N_("Purchase limit"), "purchase_limit", OC_COLUMN_QUANTITY },
    { N_("Alarm 1"), "alarm_1", OC_COLUMN_QUANTITY },
    { N_("Alarm 2"), "alarm_2", OC_COLUMN_QUANTITY },
    { N_("Hoarding limit"), "hoarding", OC_COLUMN_QUANTITY },
};
static const OcColumn meter_columns[] = {
    { N_("Meter model"), "model", OC_COLUMN_TEXT },
    { N_("Meter number"), "meter", OC_COLUMN_TEXT },
    { N_("CT ratio"), "ct", OC_COLUMN_INTEGER }, /* the last two: electricity only */
    { N_("VT ratio"), "vt", OC_COLUMN_INTEGER },
};
static const OcColumn return_columns[] = {
    { N_("Return time"), "return_time", OC_COLUMN_TIME },
    { N_("Remaining"), "remaining", OC_COLUMN_QUANTITY },
    { N_("Overdraft"), "overdraft", OC_COLUMN_QUANTITY },
    { N_("Times bought"), "purchase_count", OC_COLUMN_INTEGER },
};
static const OcColumn price_columns[] = {
    { N_("Price set 1"), "price_1", OC_COLUMN_TEXT },
    { N_("Switch time"), "switch_at", OC_COLUMN_TIME },
    { N_("Price set 2"), "price_2", OC_COLUMN_TEXT },
    { N_("Unit price"), "unit_price", OC_COLUMN_MONEY },
};

static void
show_facts (OcCardMeters *self, OcRows *meters, guint row)
{
    gboolean electric = g_str_equal (oc_rows_text (meters, row, "meter_type"), "electricity");

    /* Translators: kind of charging, as the title over the prices */
    g_autofree char *charging = g_strdup_printf (_("Kind of charging: %s"),
        oc_rows_bool (meters, row, "tiered") ? C_("charging", "Tiered") : C_("charging", "Flat"));

    gtk_label_set_label (self->charging, charging);
    oc_facts_fill (self->user_facts, user_columns, G_N_ELEMENTS (user_columns), meters, row);
    oc_facts_fill (self->meter_facts, meter_columns, G_N_ELEMENTS (meter_columns) - (electric ? 0 : 2), meters, row);
    oc_facts_fill (self->return_facts, return_columns, G_N_ELEMENTS (return_columns), meters, row);
    oc_facts_fill (self->price_facts, price_columns, G_N_ELEMENTS (price_columns), meters, row);
}

static void
on_chosen_cb (OcCardMeters *self)
{
    guint row = 0;
    OcRows *meters = oc_card_meters_get_chosen (self, &row);
    GtkWidget *facts = gtk_widget_get_next_sibling (GTK_WIDGET (self->cards));

    gtk_widget_set_visible (facts, meters != NULL);
    if (meters != NULL)
        show_facts (self, meters, row);
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0);
}

static void
oc_card_meters_dispose (GObject *object)
{
    OcCardMeters *self = OC_CARD_METERS (object);

    g_clear_pointer (&self->reading, oc_reading_unref);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_CARD_METERS);
    G_OBJECT_CLASS (oc_card_meters_parent_class)->dispose (object);
}

static void
oc_card_meters_class_init (OcCardMetersClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_card_meters_dispose;
    signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
        G_TYPE_NONE, 0);
    g_type_ensure (OC_TYPE_METER_CARDS);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/card-meters.ui");
    gtk_widget_class_bind_template_child (widget_class, OcCardMeters, box);
    gtk_widget_class_bind_template_child (widget_class, OcCardMeters, cards);
    gtk_widget_class_bind_template_child (widget_class, OcCardMeters, user_facts);
    gtk_widget_class_bind_template_child (widget_class, OcCardMeters, meter_facts);
    gtk_widget_class_bind_template_child (widget_class, OcCardMeters, return_facts);
    gtk_widget_class_bind_template_child (widget_class, OcCardMeters, price_facts);
    gtk_widget_class_bind_template_child (widget_class, OcCardMeters, charging);
    gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
}

static void
oc_card_meters_init (OcCardMeters *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

void
oc_card_meters_set_for (OcCardMeters *self, OcMetersFor purpose)
{
    g_return_if_fail (OC_IS_CARD_METERS (self));
    oc_meter_cards_set_for (self->cards, purpose);
}

static gboolean
is_somebodys (OcReading *reading)
{
    OcRows *card = oc_reading_card (reading);

    return oc_rows_count (card) > 0 && !oc_rows_is_null (card, 0, "customer");
}

void
oc_card_meters_set_reading (OcCardMeters *self, OcReading *reading)
{
    g_return_if_fail (OC_IS_CARD_METERS (self));
    g_clear_pointer (&self->reading, oc_reading_unref);
    self->reading = reading != NULL && is_somebodys (reading) ? oc_reading_ref (reading) : NULL;
    oc_meter_cards_set_rows (self->cards, self->reading != NULL ? oc_reading_meters (self->reading) : NULL);
}

OcRows *
oc_card_meters_get_chosen (OcCardMeters *self, guint *row)
{
    int chosen;

    g_return_val_if_fail (OC_IS_CARD_METERS (self), NULL);
    chosen = oc_meter_cards_get_chosen (self->cards);
    if (self->reading == NULL || chosen < 0)
        return NULL;
    *row = (guint) chosen;
    return oc_reading_meters (self->reading);
}

int
oc_card_meters_get_sub_meter (OcCardMeters *self)
{
    guint row = 0;
    OcRows *meters = oc_card_meters_get_chosen (self, &row);

    return meters != NULL ? (int) oc_rows_int (meters, row, "sub_meter") : 0;
}

const char *
oc_card_meters_get_reason (OcCardMeters *self)
{
    guint row = 0;

    return oc_card_meters_get_chosen (self, &row) != NULL ? oc_meter_cards_get_reason (self->cards, row) : "";
}

void
oc_card_meters_choose (OcCardMeters *self, int slot)
{
    g_return_if_fail (OC_IS_CARD_METERS (self));
    oc_meter_cards_choose (self->cards, slot);
}

char *
oc_card_meters_dup_limits (OcCardMeters *self)
{
    guint row = 0;
    OcRows *meters = oc_card_meters_get_chosen (self, &row);
    g_autofree char *limit = NULL;
    g_autofree char *hoarding = NULL;

    if (meters == NULL)
        return NULL;
    limit = oc_quantity_format (oc_rows_quantity (meters, row, "purchase_limit"));
    hoarding = oc_quantity_format (oc_rows_quantity (meters, row, "hoarding"));
    /* Translators: two amounts; %3$s is their unit */
    return g_strdup_printf (_("At most %1$s %3$s at once and %2$s %3$s in the meter"), limit, hoarding, oc_meter_unit (meters, row));
}

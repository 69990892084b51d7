/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts of the customer, a short list of the meters. */
#include "ui/card-summary.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "ui/facts.h"

struct _OcCardSummary {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkWidget *verdict_box;
    GtkImage *icon;
    GtkLabel *verdict;
    GtkWidget *facts_box;
    GtkFlowBox *facts;
    GtkGrid *meters;
};

G_DEFINE_FINAL_TYPE (OcCardSummary, oc_card_summary, GTK_TYPE_WIDGET)

static const OcColumn card_columns[] = {
    { N_("Customer"), "customer", OC_COLUMN_INTEGER },
    { N_("Name"), "name", OC_COLUMN_TEXT },
    { N_("Telephone"), "phone", OC_COLUMN_TEXT },
    { N_("Balance"), "balance", OC_COLUMN_MONEY },
    { N_("State of the card"), "state", OC_COLUMN_STATE },
    { N_("Card no."), "issue", OC_COLUMN_INTEGER },
};
static const OcColumn meter_columns[] = {
    { N_("Sub-meter"), "sub_meter", OC_COLUMN_SUB_METER },
    { N_("Meter number"), "meter", OC_COLUMN_TEXT },
    { N_("Times bought"), "purchase_count", OC_COLUMN_INTEGER },
    { N_("Last purchase"), "last_purchase", OC_COLUMN_QUANTITY },
    { N_("Unread"), "unread", OC_COLUMN_QUANTITY },
};

static void
oc_card_summary_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_CARD_SUMMARY);
    G_OBJECT_CLASS (oc_card_summary_parent_class)->dispose (object);
}

static void
oc_card_summary_class_init (OcCardSummaryClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_card_summary_dispose;
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/card-summary.ui");
    gtk_widget_class_bind_template_child (widget_class, OcCardSummary, box);
    gtk_widget_class_bind_template_child (widget_class, OcCardSummary, verdict_box);
    gtk_widget_class_bind_template_child (widget_class, OcCardSummary, icon);
    gtk_widget_class_bind_template_child (widget_class, OcCardSummary, verdict);
    gtk_widget_class_bind_template_child (widget_class, OcCardSummary, facts_box);
    gtk_widget_class_bind_template_child (widget_class, OcCardSummary, facts);
    gtk_widget_class_bind_template_child (widget_class, OcCardSummary, meters);
}

static void
oc_card_summary_init (OcCardSummary *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

void
oc_card_summary_set_reading (OcCardSummary *self, OcReading *reading)
{
    OcRows *card = reading != NULL ? oc_reading_card (reading) : NULL;
    gboolean known = card != NULL && oc_rows_count (card) > 0 && !oc_rows_is_null (card, 0, "customer");

    g_return_if_fail (OC_IS_CARD_SUMMARY (self));
    gtk_widget_set_visible (self->facts_box, known);
    oc_card_summary_set_verdict (self, NULL, NULL);
    if (!known)
        return;
    oc_facts_fill (self->facts, card_columns, G_N_ELEMENTS (card_columns), card, 0);
    oc_facts_fill_list (self->meters, meter_columns, G_N_ELEMENTS (meter_columns), oc_reading_meters (reading));
}

void
oc_card_summary_set_verdict (OcCardSummary *self, const char *icon, const char *text)
{
    g_return_if_fail (OC_IS_CARD_SUMMARY (self));
    gtk_widget_set_visible (self->verdict_box, text != NULL);
    gtk_label_set_label (self->verdict, text != NULL ? text : "");
    if (icon != NULL)
        gtk_image_set_from_icon_name (self->icon, icon);
}

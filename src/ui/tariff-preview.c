/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The preview of a price. */
#include "ui/tariff-preview.h"

#include <glib/gi18n-lib.h>

#include "ui/form-hint.h"
#include "ui/label.h"
#include "ui/latest.h"
#include "ui/money-entry.h"
#include "ui/quantity-entry.h"

struct _OcTariffPreview {
    GtkWidget parent_instance;

    GtkWidget *box;
    OcMoneyEntry *amount;
    OcQuantityEntry *used;
    GtkSpinButton *household;
    GtkGrid *lines;
    GtkLabel *total;
    OcFormHint *hint;

    OcDesk *desk;
    OcFields *fields;
    char *unit;
    OcLatest quoting;
};

G_DEFINE_FINAL_TYPE (OcTariffPreview, oc_tariff_preview, GTK_TYPE_WIDGET)

static void
clear_lines (OcTariffPreview *self)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->lines))) != NULL)
        gtk_grid_remove (self->lines, child);
    oc_label_show (self->total, "");
}

static void
add_cell (OcTariffPreview *self, const char *text, int column, int row)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_xalign (GTK_LABEL (label), column < 1 ? 0 : 1);
    gtk_widget_set_hexpand (label, column < 1);
    gtk_widget_add_css_class (label, column == 1 ? "dim-label" : "numeric");
    gtk_grid_attach (self->lines, label, column, row, 1, 1);
}

static void
show_quote (OcTariffPreview *self, OcRows *quote)
{
    g_autofree char *quantity = oc_quantity_format (oc_rows_quantity (quote, 0, "total_quantity"));
    g_autofree char *due = oc_money_format (oc_rows_money (quote, 0, "total_amount"));
    g_autofree char *total = NULL;

    for (guint i = 0; i < oc_rows_count (quote); i++) {
        g_autofree char *part = oc_quantity_format (oc_rows_quantity (quote, i, "quantity"));
        g_autofree char *price = oc_money_format (oc_rows_money (quote, i, "unit_price"));
        g_autofree char *amount = oc_money_format (oc_rows_money (quote, i, "amount"));
        g_autofree char *detail = g_strdup_printf ("%s %s × %s", part, self->unit, price);
        /* Translators: number of the tier, name of the price item */
        g_autofree char *name = g_strdup_printf (_("Tier %d · %s"), (int) oc_rows_int (quote, i, "tier"),
            oc_rows_text (quote, i, "item_name"));
        add_cell (self, name, 0, (int) i);
        add_cell (self, detail, 1, (int) i);
        add_cell (self, amount, 2, (int) i);
    }
    /* Translators: quantity, unit, amount of money: "25.5 m³ for 100.00" */
    total = g_strdup_printf (_("%s %s for %s"), quantity, self->unit, due);
    gtk_label_set_label (self->total, total);
}

static void
on_quoted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcTariffPreview) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) quote = oc_price_preview_finish (OC_DESK (source), result, &error);

    if (!oc_latest_is_answer (&self->quoting, result))
        return; /* something else was typed meanwhile */
    clear_lines (self);
    oc_form_hint_set_error (self->hint, error != NULL ? error->message : NULL);
    if (quote != NULL && oc_rows_count (quote) > 0)
        show_quote (self, quote);
}

static void
on_quote_due_cb (gpointer data)
{
    OcTariffPreview *self = data;
    g_autoptr(GError) error = NULL;
    OcPreviewAsk ask = { .fields = self->fields, .household = gtk_spin_button_get_value_as_int (self->household) };

    if (!oc_money_entry_get (self->amount, "amount", &ask.amount, &error)
        || (!oc_number_entry_is_empty (OC_NUMBER_ENTRY (self->used)) && !oc_quantity_entry_get (self->used, "used", &ask.used, &error))) {
        clear_lines (self);
        oc_form_hint_set_error (self->hint, error->message);
        return;
    }
    oc_price_preview_async (self->desk, &ask, oc_latest_begin (&self->quoting), on_quoted_cb, g_object_ref (self));
}

static void
quote (OcTariffPreview *self)
{
    oc_latest_drop (&self->quoting);
    if (self->fields == NULL || oc_number_entry_is_empty (OC_NUMBER_ENTRY (self->amount))) {
        clear_lines (self);
        oc_form_hint_set_error (self->hint, NULL);
        return;
    }
    oc_latest_begin_soon (&self->quoting, on_quote_due_cb, self);
}

static void
oc_tariff_preview_dispose (GObject *object)
{
    OcTariffPreview *self = OC_TARIFF_PREVIEW (object);

    oc_latest_drop (&self->quoting);
    g_clear_object (&self->desk);
    g_clear_pointer (&self->fields, oc_fields_unref);
    g_clear_pointer (&self->unit, g_free);
    gtk_widget_dispose_template (GTK_WIDGET (self), OC_TYPE_TARIFF_PREVIEW);
    G_OBJECT_CLASS (oc_tariff_preview_parent_class)->dispose (object);
}

static void
oc_tariff_preview_class_init (OcTariffPreviewClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_tariff_preview_dispose;
    g_type_ensure (OC_TYPE_MONEY_ENTRY);
    g_type_ensure (OC_TYPE_QUANTITY_ENTRY);
    g_type_ensure (OC_TYPE_FORM_HINT);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/tariff-preview.ui");
    gtk_widget_class_bind_template_child (widget_class, OcTariffPreview, box); /* what is bound goes with the template */
    gtk_widget_class_bind_template_child (widget_class, OcTariffPreview, amount);
    gtk_widget_class_bind_template_child (widget_class, OcTariffPreview, used);
    gtk_widget_class_bind_template_child (widget_class, OcTariffPreview, household);
    gtk_widget_class_bind_template_child (widget_class, OcTariffPreview, lines);
    gtk_widget_class_bind_template_child (widget_class, OcTariffPreview, total);
    gtk_widget_class_bind_template_child (widget_class, OcTariffPreview, hint);
    gtk_widget_class_bind_template_callback_full (widget_class, "quote", G_CALLBACK (quote));
}

static void
oc_tariff_preview_init (OcTariffPreview *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

void
oc_tariff_preview_set_price (OcTariffPreview *self, OcDesk *desk, OcFields *fields, const char *unit)
{
    g_return_if_fail (OC_IS_TARIFF_PREVIEW (self));
    g_set_object (&self->desk, desk);
    g_clear_pointer (&self->fields, oc_fields_unref);
    self->fields = fields != NULL ? oc_fields_ref (fields) : NULL;
    g_free (self->unit);
    self->unit = g_strdup (unit);
    quote (self);
}

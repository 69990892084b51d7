/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two entries and a quote: the newest one counts, what came before it is dropped. */
#include "ui/sale-input.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "ui/form-hint.h"
#include "ui/give-way.h"
#include "ui/latest.h"
#include "ui/money-entry.h"
#include "ui/quantity-entry.h"

struct _OcSaleInput {
    GtkWidget parent_instance;
    GtkWidget *box;
    OcMoneyEntry *amount;
    OcQuantityEntry *quantity;
    GtkLabel *unit;
    OcFormHint *hint;
    OcSaleAsk ask;
    OcSaleFinish finish;
    gpointer owner;
    gboolean zero;
    gboolean by_quantity;  /* which of the two was typed */
    OcRows *quote;
    OcLatest quoting;
};

G_DEFINE_FINAL_TYPE (OcSaleInput, oc_sale_input, GTK_TYPE_WIDGET)

enum { SIGNAL_EDITED, SIGNAL_QUOTED, SIGNAL_PROCEED, N_SIGNALS };
static guint signals[N_SIGNALS];

static GtkWidget *
typed_entry (OcSaleInput *self)
{
    return self->by_quantity ? GTK_WIDGET (self->quantity) : GTK_WIDGET (self->amount);
}

/* The quote --------------------------------------------------------------------------------------------------------- */

static void
drop_quote (OcSaleInput *self)
{
    oc_latest_drop (&self->quoting);
    g_clear_object (&self->quote);
}

static void
take_quote (OcSaleInput *self, OcRows *quote)
{
    g_set_object (&self->quote, quote);
    if (self->by_quantity) {
        OcMoney total = oc_rows_money (quote, 0, "total_amount");
        oc_money_entry_show (self->amount, &total);
    } else {
        OcQuantity total = oc_rows_quantity (quote, 0, "total_quantity");
        oc_quantity_entry_show (self->quantity, &total);
    }
    oc_sale_input_show_error (self, NULL);
}

static void
on_quoted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcSaleInput) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) quote = self->finish (OC_DESK (source), result, &error);

    if (!oc_latest_is_answer (&self->quoting, result))
        return; /* something else was typed meanwhile */
    if (quote != NULL && oc_rows_count (quote) > 0)
        take_quote (self, quote);
    else if (error != NULL && oc_trouble_of (error) != OC_TROUBLE_CANCELLED)
        oc_sale_input_show_error (self, error->message);
    g_signal_emit (self, signals[SIGNAL_QUOTED], 0);
}

static void
on_quote_due_cb (gpointer data)
{
    OcSaleInput *self = data;
    g_autoptr(GError) error = NULL;
    OcSold sold;

    if (!oc_sale_input_read (self, &sold, &error)) {
        oc_sale_input_show_error (self, error->message);
        g_signal_emit (self, signals[SIGNAL_QUOTED], 0);
        return;
    }
    if (!self->ask (self->owner, &sold, oc_latest_begin (&self->quoting), on_quoted_cb, g_object_ref (self))) {
        oc_latest_drop (&self->quoting);
        g_object_unref (self);
    }
}

static void
edit (OcSaleInput *self, gboolean by_quantity)
{
    self->by_quantity = by_quantity;
    drop_quote (self);
    if (by_quantity)
        oc_money_entry_show (self->amount, NULL);
    else
        oc_quantity_entry_show (self->quantity, NULL);
    oc_sale_input_show_error (self, NULL);
    g_signal_emit (self, signals[SIGNAL_EDITED], 0);
    if (!oc_sale_input_is_empty (self))
        oc_latest_begin_soon (&self->quoting, on_quote_due_cb, self);
}

static void
on_amount_typed_cb (OcSaleInput *self)
{
    edit (self, FALSE);
}

static void
on_quantity_typed_cb (OcSaleInput *self)
{
    edit (self, TRUE);
}

static void
on_enter_cb (OcSaleInput *self)
{
    g_signal_emit (self, signals[SIGNAL_PROCEED], 0);
}

/* GObject ------------------------------------------------------------------------------------------------------------- */

static void
oc_sale_input_dispose (GObject *object)
{
    drop_quote (OC_SALE_INPUT (object));
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_SALE_INPUT);
    G_OBJECT_CLASS (oc_sale_input_parent_class)->dispose (object);
}

static void
oc_sale_input_class_init (OcSaleInputClass *klass)
{
    static const char *const names[N_SIGNALS] = { "edited", "quoted", "proceed" };
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_sale_input_dispose;
    for (guint i = 0; i < N_SIGNALS; i++)
        signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    g_type_ensure (OC_TYPE_FORM_HINT);
    g_type_ensure (OC_TYPE_MONEY_ENTRY);
    g_type_ensure (OC_TYPE_QUANTITY_ENTRY);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/sale-input.ui");
    gtk_widget_class_bind_template_child (widget_class, OcSaleInput, box);
    gtk_widget_class_bind_template_child (widget_class, OcSaleInput, amount);
    gtk_widget_class_bind_template_child (widget_class, OcSaleInput, quantity);
    gtk_widget_class_bind_template_child (widget_class, OcSaleInput, unit);
    gtk_widget_class_bind_template_child (widget_class, OcSaleInput, hint);
    gtk_widget_class_bind_template_callback (widget_class, on_amount_typed_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_quantity_typed_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_enter_cb);
}

static void
oc_sale_input_init (OcSaleInput *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

/* Public -------------------------------------------------------------------------------------------------------------- */

void
oc_sale_input_set_quote (OcSaleInput *self, OcSaleAsk ask, OcSaleFinish finish, gboolean zero, gpointer owner)
{
    g_return_if_fail (OC_IS_SALE_INPUT (self));
    self->ask = ask;
    self->finish = finish;
    self->zero = zero;
    self->owner = owner;
}

void
oc_sale_input_set_hint (OcSaleInput *self, const char *hint, const char *unit)
{
    g_return_if_fail (OC_IS_SALE_INPUT (self));
    oc_form_hint_set_hint (self->hint, hint);
    gtk_label_set_label (self->unit, unit != NULL ? unit : "");
    gtk_widget_set_visible (GTK_WIDGET (self->unit), unit != NULL);
}

void
oc_sale_input_show_error (OcSaleInput *self, const char *text)
{
    g_return_if_fail (OC_IS_SALE_INPUT (self));
    oc_form_hint_set_error (self->hint, text);
    if (text != NULL)
        oc_give_way_reveal (GTK_WIDGET (self->hint));
}

gboolean
oc_sale_input_is_empty (OcSaleInput *self)
{
    g_return_val_if_fail (OC_IS_SALE_INPUT (self), TRUE);
    return self->by_quantity ? oc_number_entry_is_empty (OC_NUMBER_ENTRY (self->quantity)) : oc_number_entry_is_empty (OC_NUMBER_ENTRY (self->amount));
}

/* 0 is an amount only here: everywhere else it is one that nobody means. */
static gboolean
is_zero (OcSaleInput *self)
{
    const char *text = gtk_editable_get_text (GTK_EDITABLE (typed_entry (self)));

    return self->zero && !oc_sale_input_is_empty (self) && strspn (text, "0. ") == strlen (text) && strchr (text, '0') != NULL;
}

gboolean
oc_sale_input_read (OcSaleInput *self, OcSold *out, GError **error)
{
    g_return_val_if_fail (OC_IS_SALE_INPUT (self), FALSE);
    *out = (OcSold){ .by_quantity = self->by_quantity };
    if (is_zero (self))
        return TRUE;
    return self->by_quantity ? oc_quantity_entry_get (self->quantity, "quantity", &out->quantity, error)
                             : oc_money_entry_get (self->amount, "amount", &out->amount, error);
}

OcRows *
oc_sale_input_get_quote (OcSaleInput *self)
{
    g_return_val_if_fail (OC_IS_SALE_INPUT (self), NULL);
    return self->quote;
}

gboolean
oc_sale_input_check (OcSaleInput *self, gboolean tell)
{
    g_autoptr(GError) error = NULL;
    OcSold sold;

    g_return_val_if_fail (OC_IS_SALE_INPUT (self), FALSE);
    if (self->quote != NULL)
        return TRUE;
    if (tell && !oc_latest_is_asking (&self->quoting) && !oc_sale_input_read (self, &sold, &error)) {
        oc_sale_input_show_error (self, error->message);
        oc_sale_input_focus (self);
    }
    return FALSE;
}

gboolean
oc_sale_input_show_field_error (OcSaleInput *self, const char *field, const GError *error)
{
    g_return_val_if_fail (OC_IS_SALE_INPUT (self), FALSE);
    if (!g_str_equal (field, "amount") && !g_str_equal (field, "quantity"))
        return FALSE;
    oc_sale_input_show_error (self, error->message);
    oc_sale_input_focus (self);
    return TRUE;
}

void
oc_typed_free (OcTyped *self)
{
    g_free (self->text);
    g_free (self);
}

OcTyped *
oc_sale_input_dup_typed (OcSaleInput *self)
{
    OcTyped *typed = g_new0 (OcTyped, 1);

    typed->by_quantity = self->by_quantity;
    typed->text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (typed_entry (self))));
    return typed;
}

void
oc_sale_input_put (OcSaleInput *self, const OcTyped *typed)
{
    g_return_if_fail (OC_IS_SALE_INPUT (self));
    gtk_editable_set_text (typed->by_quantity ? GTK_EDITABLE (self->quantity) : GTK_EDITABLE (self->amount), typed->text);
}

void
oc_sale_input_quote_again (OcSaleInput *self)
{
    g_return_if_fail (OC_IS_SALE_INPUT (self));
    edit (self, self->by_quantity);
}

void
oc_sale_input_clear (OcSaleInput *self)
{
    g_return_if_fail (OC_IS_SALE_INPUT (self));
    oc_money_entry_show (self->amount, NULL);
    oc_quantity_entry_show (self->quantity, NULL);
    edit (self, FALSE);
}

void
oc_sale_input_focus (OcSaleInput *self)
{
    g_return_if_fail (OC_IS_SALE_INPUT (self));
    gtk_widget_grab_focus (typed_entry (self));
}

void
oc_sale_input_swap (OcSaleInput *self)
{
    GtkEditable *delegate;

    g_return_if_fail (OC_IS_SALE_INPUT (self));
    delegate = gtk_editable_get_delegate (GTK_EDITABLE (self->quantity));
    gtk_widget_grab_focus (gtk_widget_has_focus (GTK_WIDGET (delegate)) ? GTK_WIDGET (self->amount) : GTK_WIDGET (self->quantity));
}

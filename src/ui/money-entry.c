/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An amount: right-aligned, tabular, digits asked of an on-screen keyboard. */
#include "ui/money-entry.h"

struct _OcMoneyEntry {
    GtkEntry parent_instance;
    gboolean showing; /* the text changes because it was computed */
};

G_DEFINE_FINAL_TYPE (OcMoneyEntry, oc_money_entry, GTK_TYPE_ENTRY)

enum { SIGNAL_TYPED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_changed_cb (OcMoneyEntry *self)
{
    if (!self->showing)
        g_signal_emit (self, signals[SIGNAL_TYPED], 0);
}

static void
oc_money_entry_class_init (OcMoneyEntryClass *klass)
{
    signals[SIGNAL_TYPED] = g_signal_new ("typed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
        NULL, G_TYPE_NONE, 0);
}

static void
oc_money_entry_init (OcMoneyEntry *self)
{
    gtk_entry_set_input_purpose (GTK_ENTRY (self), GTK_INPUT_PURPOSE_NUMBER);
    gtk_entry_set_alignment (GTK_ENTRY (self), 1);
    gtk_entry_set_max_length (GTK_ENTRY (self), 24);
    gtk_editable_set_width_chars (GTK_EDITABLE (self), 6);
    gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
    g_signal_connect (self, "changed", G_CALLBACK (on_changed_cb), NULL);
}

gboolean
oc_money_entry_is_empty (OcMoneyEntry *self)
{
    g_autofree char *text = NULL;

    g_return_val_if_fail (OC_IS_MONEY_ENTRY (self), TRUE);
    text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self))));
    return *text == '\0';
}

gboolean
oc_money_entry_get (OcMoneyEntry *self, const char *field, OcMoney *out, GError **error)
{
    g_return_val_if_fail (OC_IS_MONEY_ENTRY (self), FALSE);
    return oc_money_parse (gtk_editable_get_text (GTK_EDITABLE (self)), field, out, error);
}

void
oc_money_entry_show (OcMoneyEntry *self, const OcMoney *money)
{
    g_autofree char *text = NULL;

    g_return_if_fail (OC_IS_MONEY_ENTRY (self));
    text = money != NULL ? oc_money_to_decimal (*money) : g_strdup ("");
    if (g_str_equal (text, gtk_editable_get_text (GTK_EDITABLE (self))))
        return;
    self->showing = TRUE;
    gtk_editable_set_text (GTK_EDITABLE (self), text);
    self->showing = FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A quantity: right-aligned, tabular, digits asked of an on-screen keyboard. */
#include "ui/quantity-entry.h"

struct _OcQuantityEntry {
    GtkEntry parent_instance;
    gboolean showing; /* the text changes because it was computed */
};

G_DEFINE_FINAL_TYPE (OcQuantityEntry, oc_quantity_entry, GTK_TYPE_ENTRY)

enum { SIGNAL_TYPED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_changed_cb (OcQuantityEntry *self)
{
    if (!self->showing)
        g_signal_emit (self, signals[SIGNAL_TYPED], 0);
}

static void
oc_quantity_entry_class_init (OcQuantityEntryClass *klass)
{
    signals[SIGNAL_TYPED] = g_signal_new ("typed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
        NULL, G_TYPE_NONE, 0);
}

static void
oc_quantity_entry_init (OcQuantityEntry *self)
{
    gtk_entry_set_input_purpose (GTK_ENTRY (self), GTK_INPUT_PURPOSE_NUMBER);
    gtk_entry_set_alignment (GTK_ENTRY (self), 1);
    gtk_entry_set_max_length (GTK_ENTRY (self), 24);
    gtk_editable_set_width_chars (GTK_EDITABLE (self), 6);
    gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
    g_signal_connect (self, "changed", G_CALLBACK (on_changed_cb), NULL);
}

gboolean
oc_quantity_entry_is_empty (OcQuantityEntry *self)
{
    g_autofree char *text = NULL;

    g_return_val_if_fail (OC_IS_QUANTITY_ENTRY (self), TRUE);
    text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self))));
    return *text == '\0';
}

gboolean
oc_quantity_entry_get (OcQuantityEntry *self, const char *field, OcQuantity *out, GError **error)
{
    g_return_val_if_fail (OC_IS_QUANTITY_ENTRY (self), FALSE);
    return oc_quantity_parse (gtk_editable_get_text (GTK_EDITABLE (self)), field, out, error);
}

void
oc_quantity_entry_show (OcQuantityEntry *self, const OcQuantity *quantity)
{
    g_autofree char *text = NULL;

    g_return_if_fail (OC_IS_QUANTITY_ENTRY (self));
    text = quantity != NULL ? oc_quantity_to_decimal (*quantity) : g_strdup ("");
    if (g_str_equal (text, gtk_editable_get_text (GTK_EDITABLE (self))))
        return;
    self->showing = TRUE;
    gtk_editable_set_text (GTK_EDITABLE (self), text);
    self->showing = FALSE;
}

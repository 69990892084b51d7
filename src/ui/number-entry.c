/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A number: right-aligned, tabular, digits asked of an on-screen keyboard. */
#include "ui/number-entry.h"

typedef struct {
    gboolean showing; /* the text changes because it was computed */
} OcNumberEntryPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (OcNumberEntry, oc_number_entry, GTK_TYPE_ENTRY)

enum { SIGNAL_TYPED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_changed_cb (OcNumberEntry *self)
{
    OcNumberEntryPrivate *priv = oc_number_entry_get_instance_private (self);

    if (!priv->showing)
        g_signal_emit (self, signals[SIGNAL_TYPED], 0);
}

static void
oc_number_entry_class_init (OcNumberEntryClass *klass)
{
    signals[SIGNAL_TYPED] = g_signal_new ("typed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
        NULL, G_TYPE_NONE, 0);
}

static void
oc_number_entry_init (OcNumberEntry *self)
{
    gtk_entry_set_input_purpose (GTK_ENTRY (self), GTK_INPUT_PURPOSE_NUMBER);
    gtk_entry_set_alignment (GTK_ENTRY (self), 1);
    gtk_entry_set_max_length (GTK_ENTRY (self), 24);
    gtk_editable_set_width_chars (GTK_EDITABLE (self), 6);
    gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
    g_signal_connect (self, "changed", G_CALLBACK (on_changed_cb), NULL);
}

gboolean
oc_number_entry_is_empty (OcNumberEntry *self)
{
    g_autofree char *text = NULL;

    g_return_val_if_fail (OC_IS_NUMBER_ENTRY (self), TRUE);
    text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self))));
    return *text == '\0';
}

void
oc_number_entry_show (OcNumberEntry *self, const char *text)
{
    OcNumberEntryPrivate *priv;

    g_return_if_fail (OC_IS_NUMBER_ENTRY (self));
    if (g_str_equal (text, gtk_editable_get_text (GTK_EDITABLE (self))))
        return;
    priv = oc_number_entry_get_instance_private (self);
    priv->showing = TRUE;
    gtk_editable_set_text (GTK_EDITABLE (self), text);
    priv->showing = FALSE;
}

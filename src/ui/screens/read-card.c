/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Read card: every field on the card in its groups, as its layout names them, with raw bytes on demand and what the
 * ledger says beside it; for blank, foreign and broken cards too. Nothing is sold here. */
#include <glib/gi18n-lib.h>

#include "ui/card-screen.h"
#include "ui/field-groups.h"
#include "ui/screens.h"

#define OC_TYPE_READ_CARD_SCREEN (oc_read_card_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcReadCardScreen, oc_read_card_screen, OC, READ_CARD_SCREEN, OcCardScreen)

struct _OcReadCardScreen {
    OcCardScreen parent_instance;
    GtkWidget *bar;
    GtkLabel *summary;
    GtkImage *summary_icon;
    GtkCheckButton *raw;
    GtkCheckButton *only_different;
    OcFieldGroups *groups;
};

G_DEFINE_FINAL_TYPE (OcReadCardScreen, oc_read_card_screen, OC_TYPE_CARD_SCREEN)

static guint
count_differences (GPtrArray *groups)
{
    guint n = 0;

    for (guint g = 0; g < groups->len; g++) {
        const OcFields *fields = g_ptr_array_index (groups, g);
        for (guint i = 0; i < oc_fields_count (fields); i++)
            n += oc_fields_differs (fields, i);
    }
    return n;
}

static void
show_summary (OcReadCardScreen *self, GPtrArray *groups, gboolean known)
{
    guint n = count_differences (groups);
    g_autofree char *text = NULL;

    if (!known)
        text = g_strdup (_("The ledger knows nothing of this card."));
    else if (n == 0)
        text = g_strdup (_("Card and ledger agree."));
    else
        text = g_strdup_printf (ngettext ("%u field differs from the ledger.", "%u fields differ from the ledger.", n),
            n);
    gtk_label_set_label (self->summary, text);
    gtk_image_set_from_icon_name (self->summary_icon,
        !known ? "oc-info-symbolic" : n == 0 ? "oc-done-symbolic" : "oc-warning-symbolic");
    gtk_widget_set_sensitive (GTK_WIDGET (self->only_different), n > 0);
    if (n == 0)
        gtk_check_button_set_active (self->only_different, FALSE);
}

static void
oc_read_card_screen_show_reading (OcCardScreen *screen, OcReading *reading)
{
    OcReadCardScreen *self = OC_READ_CARD_SCREEN (screen);
    GPtrArray *groups = reading != NULL ? oc_reading_groups (reading) : NULL;
    OcRows *card;

    gtk_widget_set_visible (self->bar, groups != NULL);
    oc_field_groups_set (self->groups, groups);
    if (groups == NULL)
        return;
    card = oc_reading_card (reading);
    show_summary (self, groups, oc_rows_count (card) > 0 && !oc_rows_is_null (card, 0, "customer"));
}

static void
on_view_cb (OcReadCardScreen *self)
{
    oc_field_groups_set_view (self->groups, gtk_check_button_get_active (self->raw),
        gtk_check_button_get_active (self->only_different));
}

static void
raw_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcReadCardScreen *self = OC_READ_CARD_SCREEN (widget);

    gtk_check_button_set_active (self->raw, !gtk_check_button_get_active (self->raw));
}

static void
oc_read_card_screen_focus_input (OcCardScreen *screen)
{
    gtk_widget_grab_focus (GTK_WIDGET (OC_READ_CARD_SCREEN (screen)->raw));
}

static void
oc_read_card_screen_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_READ_CARD_SCREEN);
    G_OBJECT_CLASS (oc_read_card_screen_parent_class)->dispose (object);
}

static void
oc_read_card_screen_class_init (OcReadCardScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcCardScreenClass *card_class = OC_CARD_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_read_card_screen_dispose;
    card_class->till = FALSE;
    card_class->kind = ""; /* none */
    card_class->show_reading = oc_read_card_screen_show_reading;
    card_class->focus_input = oc_read_card_screen_focus_input;

    g_type_ensure (OC_TYPE_FIELD_GROUPS);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-read-card.ui");
    gtk_widget_class_bind_template_child (widget_class, OcReadCardScreen, bar);
    gtk_widget_class_bind_template_child (widget_class, OcReadCardScreen, summary);
    gtk_widget_class_bind_template_child (widget_class, OcReadCardScreen, summary_icon);
    gtk_widget_class_bind_template_child (widget_class, OcReadCardScreen, raw);
    gtk_widget_class_bind_template_child (widget_class, OcReadCardScreen, only_different);
    gtk_widget_class_bind_template_child (widget_class, OcReadCardScreen, groups);
    gtk_widget_class_bind_template_callback (widget_class, on_view_cb);
    gtk_widget_class_install_action (widget_class, "read-card.raw", NULL, raw_action);
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_b, GDK_ALT_MASK, "read-card.raw", NULL);
}

static void
oc_read_card_screen_init (OcReadCardScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_read_card_screen_show_reading (OC_CARD_SCREEN (self), NULL);
}

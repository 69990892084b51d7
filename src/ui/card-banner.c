/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The states of the banner are a table; the rest is showing a row of it. */
#include "ui/card-banner.h"

#include <glib/gi18n-lib.h>

#define SPIN_AFTER_MS 300 /* most cards are read before that; a spinner would only flicker */

struct _OcCardBanner {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkStack *icons;
    GtkImage *icon;
    GtkSpinner *spinner;
    GtkLabel *title;
    GtkLabel *detail;
    GtkLabel *note;
    GtkWidget *offer;
    OcBannerState state;
    guint spin_timer;
};

G_DEFINE_FINAL_TYPE (OcCardBanner, oc_card_banner, GTK_TYPE_WIDGET)

static const struct {
    const char *style, *icon, *title, *detail;
} looks[OC_N_BANNERS] = {
    [OC_BANNER_EMPTY] = { "empty", "oc-card-symbolic", N_("Please place a card"),
        N_("It is read by itself as soon as it lies on the reader.") },
    [OC_BANNER_TROUBLE] = { "trouble", "oc-reader-symbolic", N_("No card reader"), NULL },
    [OC_BANNER_READING] = { "reading", "oc-card-symbolic", N_("Reading the card"), NULL },
    [OC_BANNER_READY] = { "ready", "oc-person-symbolic", NULL, NULL },
    [OC_BANNER_BLANK] = { "blank", "oc-blank-card-symbolic", N_("Blank card"), NULL },
    [OC_BANNER_UNREAD] = { "unread", "oc-warning-symbolic", NULL, NULL },
    [OC_BANNER_BARRED] = { "barred", "oc-error-symbolic", NULL, NULL },
    [OC_BANNER_FOREIGN] = { "foreign", "oc-foreign-card-symbolic", N_("Unknown card"), NULL },
    [OC_BANNER_SERVED] = { "unread", "oc-branch-symbolic", N_("Another counter is serving this card"), NULL },
    [OC_BANNER_WRITING] = { "writing", "oc-card-symbolic", N_("Writing the card, do not remove it"), NULL },
    [OC_BANNER_DONE] = { "done", "oc-done-symbolic", N_("Done, the card may be taken"), NULL },
    [OC_BANNER_IN_DOUBT] = { "in-doubt", "oc-in-doubt-symbolic",
        N_("Outcome not proven: place the card again, do not charge again"), NULL },
};

static gboolean
on_long_cb (gpointer data)
{
    OcCardBanner *self = data;

    self->spin_timer = 0;
    gtk_stack_set_visible_child (self->icons, GTK_WIDGET (self->spinner));
    gtk_spinner_start (self->spinner);
    return G_SOURCE_REMOVE;
}

static void
show_line (GtkLabel *label, const char *text)
{
    gtk_label_set_label (label, text != NULL ? text : "");
    gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
oc_card_banner_dispose (GObject *object)
{
    OcCardBanner *self = OC_CARD_BANNER (object);

    g_clear_handle_id (&self->spin_timer, g_source_remove);
    gtk_widget_dispose_template (GTK_WIDGET (self), OC_TYPE_CARD_BANNER);
    G_OBJECT_CLASS (oc_card_banner_parent_class)->dispose (object);
}

static void
oc_card_banner_class_init (OcCardBannerClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_card_banner_dispose;
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "cardbanner");
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/card-banner.ui");
    gtk_widget_class_bind_template_child (widget_class, OcCardBanner, box);
    gtk_widget_class_bind_template_child (widget_class, OcCardBanner, icons);
    gtk_widget_class_bind_template_child (widget_class, OcCardBanner, icon);
    gtk_widget_class_bind_template_child (widget_class, OcCardBanner, spinner);
    gtk_widget_class_bind_template_child (widget_class, OcCardBanner, title);
    gtk_widget_class_bind_template_child (widget_class, OcCardBanner, detail);
    gtk_widget_class_bind_template_child (widget_class, OcCardBanner, note);
    gtk_widget_class_bind_template_child (widget_class, OcCardBanner, offer);
}

static void
oc_card_banner_init (OcCardBanner *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
    oc_card_banner_set (self, OC_BANNER_EMPTY, NULL, NULL, NULL);
}

void
oc_card_banner_set (OcCardBanner *self, OcBannerState state, const char *title, const char *detail, const char *note)
{
    const char *words;

    g_return_if_fail (OC_IS_CARD_BANNER (self));
    g_return_if_fail (state < OC_N_BANNERS);

    gtk_widget_remove_css_class (GTK_WIDGET (self), looks[self->state].style);
    gtk_widget_add_css_class (GTK_WIDGET (self), looks[state].style);
    self->state = state;
    gtk_image_set_from_icon_name (self->icon, looks[state].icon);
    words = title != NULL ? title : looks[state].title != NULL ? _(looks[state].title) : "";
    gtk_label_set_label (self->title, words);
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), words);
    show_line (self->detail, detail != NULL || title != NULL || looks[state].detail == NULL ? detail
        : _(looks[state].detail));
    show_line (self->note, note);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
    oc_card_banner_offer_screen (self, NULL, NULL);

    g_clear_handle_id (&self->spin_timer, g_source_remove);
    gtk_spinner_stop (self->spinner);
    gtk_stack_set_visible_child (self->icons, GTK_WIDGET (self->icon));
    if (state == OC_BANNER_READING || state == OC_BANNER_WRITING)
        self->spin_timer = g_timeout_add (SPIN_AFTER_MS, on_long_cb, self);
}

OcBannerState
oc_card_banner_get_state (OcCardBanner *self)
{
    g_return_val_if_fail (OC_IS_CARD_BANNER (self), OC_BANNER_EMPTY);
    return self->state;
}

void
oc_card_banner_offer_screen (OcCardBanner *self, const char *id, const char *label)
{
    g_return_if_fail (OC_IS_CARD_BANNER (self));
    gtk_widget_set_visible (self->offer, id != NULL);
    if (id == NULL)
        return;
    gtk_button_set_label (GTK_BUTTON (self->offer), label);
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->offer), "s", id);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (self->offer), "oc.show");
}

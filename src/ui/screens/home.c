/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Home: what to do now ("place a card"), what is left undone, and today's figures. A card placed here opens the screen
 * for it. */
#include <glib/gi18n-lib.h>

#include "ops/ops.h"
#include "ui/present-error.h"
#include "ui/screen.h"
#include "ui/screens.h"

#define OC_TYPE_HOME_SCREEN (oc_home_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcHomeScreen, oc_home_screen, OC, HOME_SCREEN, OcScreen)

struct _OcHomeScreen {
    OcScreen parent_instance;

    GtkWidget *hero;
    GtkImage *hero_icon;
    GtkLabel *hero_title;
    GtkLabel *hero_text;
    GtkWidget *hero_button;
    GtkWidget *alert;
    GtkLabel *alert_title;
    GtkLabel *received;
    GtkWidget *received_tile;
    GtkLabel *purchases;
    GtkLabel *opened;
    GtkLabel *customers;

    guint seen; /* generation of the card that lay there already */
};

G_DEFINE_FINAL_TYPE (OcHomeScreen, oc_home_screen, OC_TYPE_SCREEN)

/* The card ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *icon, *title, *text, *style;
} heroes[] = {
    [OC_DESK_NO_SERVICE] = { "oc-warning-symbolic", N_("The card service does not run"),
        N_("Cards can't be read before it does. It is tried again by itself."), "trouble" },
    [OC_DESK_NO_READER] = { "oc-warning-symbolic", N_("No card reader"), N_("Plug the reader in."), "trouble" },
    [OC_DESK_NO_CARD] = { "oc-card-symbolic", N_("Place a card"),
        N_("It is read by itself, and the screen for it opens."), "calm" },
    [OC_DESK_UNRESPONSIVE] = { "oc-warning-symbolic", N_("The card does not answer"),
        N_("Turn it over or clean its contacts, then place it again."), "trouble" },
    [OC_DESK_CARD] = { "oc-card-symbolic", N_("A card is in the reader"), N_("Enter or F2 sells on it."), "ready" },
};

static void
show_presence (OcHomeScreen *self)
{
    OcDeskPresence presence = oc_desk_get_presence (oc_screen_get_desk (OC_SCREEN (self)));
    const char *const classes[] = { "hero", heroes[presence].style, NULL };

    gtk_image_set_from_icon_name (self->hero_icon, heroes[presence].icon);
    gtk_label_set_label (self->hero_title, _(heroes[presence].title));
    gtk_label_set_label (self->hero_text, _(heroes[presence].text));
    gtk_widget_set_css_classes (self->hero, (const char **) classes);
    gtk_widget_set_visible (self->hero_button, presence == OC_DESK_CARD);
}

static void
oc_home_screen_card_changed (OcScreen *screen)
{
    OcHomeScreen *self = OC_HOME_SCREEN (screen);
    OcDesk *desk = oc_screen_get_desk (screen);
    guint generation = oc_desk_get_card_generation (desk);

    show_presence (self);
    if (oc_desk_get_presence (desk) == OC_DESK_CARD && generation != self->seen)
        oc_screen_open (screen, oc_desk_may (desk, "purchase") ? "purchase" : "read-card");
    self->seen = generation;
}

/* Figures -------------------------------------------------------------------------------------------------------------- */

static void
show_number (GtkLabel *label, OcRows *rows, const char *field)
{
    g_autofree char *text = g_strdup_printf ("%'" G_GINT64_FORMAT, oc_rows_int (rows, 0, field));

    gtk_label_set_label (label, text);
}

static void
show_unfinished (OcHomeScreen *self, gint64 n)
{
    g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, n);
    /* Translators: %s is a number. */
    g_autofree char *text = g_strdup_printf (ngettext ("%s unfinished write", "%s unfinished writes", (gulong) n),
        number);

    gtk_label_set_label (self->alert_title, text);
    gtk_widget_set_visible (self->alert, n > 0);
}

static void
on_figures_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    g_autoptr(GError) error = NULL;
    OcHomeScreen *self = oc_busy_get_screen (busy);
    g_autoptr(OcRows) rows = oc_list_finish (OC_DESK (source), result, &error);

    if (self == NULL)
        return;
    if (rows == NULL) {
        oc_present_load_error (OC_SCREEN (self), error);
        return;
    }
    if (oc_rows_count (rows) == 0)
        return;
    gtk_widget_set_visible (self->received_tile, !oc_rows_is_null (rows, 0, "received"));
    if (!oc_rows_is_null (rows, 0, "received")) {
        g_autofree char *money = oc_money_format (oc_rows_money (rows, 0, "received"));
        gtk_label_set_label (self->received, money);
    }
    show_number (self->purchases, rows, "purchases");
    show_number (self->opened, rows, "opened");
    show_number (self->customers, rows, "customers");
    show_unfinished (self, oc_rows_int (rows, 0, "unfinished"));
}

static void
oc_home_screen_refresh (OcScreen *screen)
{
    OcBusy *busy = oc_screen_busy (screen, NULL);

    oc_list_async (oc_screen_get_desk (screen), "home", oc_busy_get_cancellable (busy), on_figures_cb, busy);
}

static void
oc_home_screen_start (OcScreen *screen)
{
    OcHomeScreen *self = OC_HOME_SCREEN (screen);

    if (gtk_widget_get_visible (self->hero_button))
        gtk_widget_grab_focus (self->hero_button);
    else
        OC_SCREEN_CLASS (oc_home_screen_parent_class)->start (screen);
}

/* A card that lies there at the sign-in is not a reason to leave this screen. */
static void
oc_home_screen_constructed (GObject *object)
{
    OcHomeScreen *self = OC_HOME_SCREEN (object);
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (self));

    G_OBJECT_CLASS (oc_home_screen_parent_class)->constructed (object);
    self->seen = oc_desk_get_card_generation (desk);
}

static void
oc_home_screen_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_HOME_SCREEN);
    G_OBJECT_CLASS (oc_home_screen_parent_class)->dispose (object);
}

static void
oc_home_screen_class_init (OcHomeScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcScreenClass *screen_class = OC_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_home_screen_constructed;
    G_OBJECT_CLASS (klass)->dispose = oc_home_screen_dispose;
    screen_class->refresh = oc_home_screen_refresh;
    screen_class->card_changed = oc_home_screen_card_changed;
    screen_class->start = oc_home_screen_start;
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-home.ui");
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, hero);
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, hero_icon);
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, hero_title);
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, hero_text);
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, hero_button);
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, alert);
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, alert_title);
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, received);
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, received_tile);
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, purchases);
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, opened);
    gtk_widget_class_bind_template_child (widget_class, OcHomeScreen, customers);
}

static void
oc_home_screen_init (OcHomeScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The status bar. A warning icon goes with every amber word: never by colour alone. */
#include "ui/status-bar.h"

#include <glib/gi18n-lib.h>

#define CLOCK_S 10

struct _OcStatusBar {
    GtkWidget parent_instance;

    GtkWidget *box;
    GtkLabel *who;
    GtkImage *database_icon;
    GtkLabel *database;
    GtkImage *reader_icon;
    GtkLabel *reader;
    GtkWidget *unfinished;
    GtkLabel *unfinished_label;
    GtkLabel *time;
    guint clock;
};

G_DEFINE_FINAL_TYPE (OcStatusBar, oc_status_bar, GTK_TYPE_WIDGET)

static gboolean
on_clock_cb (gpointer data)
{
    OcStatusBar *self = data;
    g_autoptr(GDateTime) now = g_date_time_new_now_local ();
    g_autofree char *text = g_date_time_format (now, "%Y-%m-%d %H:%M");

    if (g_strcmp0 (gtk_label_get_label (self->time), text) != 0)
        gtk_label_set_label (self->time, text);
    return G_SOURCE_CONTINUE;
}

static void
set_trouble (GtkLabel *label, GtkImage *icon, const char *calm_icon, gboolean trouble)
{
    GtkWidget *box = gtk_widget_get_parent (GTK_WIDGET (label));

    gtk_image_set_from_icon_name (icon, trouble ? "oc-warning-symbolic" : calm_icon);
    if (trouble)
        gtk_widget_add_css_class (box, "trouble");
    else
        gtk_widget_remove_css_class (box, "trouble");
}

static char *
reader_text (OcDesk *desk, gboolean *trouble)
{
    OcDeskPresence presence = oc_desk_get_presence (desk);
    g_autofree char *name = oc_desk_dup_reader_name (desk);
    const char *state = NULL;

    *trouble = TRUE;
    if (presence == OC_DESK_NO_SERVICE)
        return g_strdup (_("Card service not running"));
    if (presence == OC_DESK_NO_READER || name == NULL)
        return g_strdup (_("No reader"));
    if (oc_desk_is_reader_stuck (desk))
        /* Translators: %s is a card reader's name. */
        return g_strdup_printf (_("%s does not answer"), name);
    *trouble = presence == OC_DESK_UNRESPONSIVE;
    switch (presence) {
    case OC_DESK_UNRESPONSIVE:
        state = _("card does not answer");
        break;
    case OC_DESK_CARD:
        state = _("card in");
        break;
    default:
        state = _("no card");
        break;
    }
    /* Translators: a card reader's name, and whether a card is in it. */
    return g_strdup_printf (_("%s · %s"), name, state);
}

static GtkLabel *
add_part (OcStatusBar *self, GtkImage **icon, const char *icon_name, const char *accessible)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *label = gtk_label_new (NULL);
    GtkWidget *image = gtk_image_new_from_icon_name (icon_name);

    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
    gtk_widget_set_tooltip_text (box, accessible);
    gtk_box_append (GTK_BOX (box), image);
    gtk_box_append (GTK_BOX (box), label);
    gtk_widget_add_css_class (box, "part");
    gtk_box_append (GTK_BOX (self->box), box);
    if (icon != NULL)
        *icon = GTK_IMAGE (image);
    return GTK_LABEL (label);
}

static void
add_unfinished (OcStatusBar *self)
{
    GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

    self->unfinished = gtk_button_new ();
    self->unfinished_label = GTK_LABEL (gtk_label_new (NULL));
    gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name ("oc-unfinished-symbolic"));
    gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->unfinished_label));
    gtk_button_set_child (GTK_BUTTON (self->unfinished), content);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (self->unfinished), "oc.show");
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->unfinished), "s", "unfinished");
    gtk_widget_add_css_class (self->unfinished, "unfinished");
    gtk_widget_set_visible (self->unfinished, FALSE);
    gtk_box_append (GTK_BOX (self->box), self->unfinished);
}

static void
oc_status_bar_dispose (GObject *object)
{
    OcStatusBar *self = OC_STATUS_BAR (object);

    g_clear_handle_id (&self->clock, g_source_remove);
    g_clear_pointer (&self->box, gtk_widget_unparent);
    G_OBJECT_CLASS (oc_status_bar_parent_class)->dispose (object);
}

static void
oc_status_bar_class_init (OcStatusBarClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_status_bar_dispose;
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "statusbar");
}

static void
oc_status_bar_init (OcStatusBar *self)
{
    GtkWidget *spacer = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

    self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
    gtk_widget_set_parent (self->box, GTK_WIDGET (self));
    self->who = add_part (self, NULL, "oc-branch-symbolic", _("Branch and operator"));
    self->database = add_part (self, &self->database_icon, "oc-database-symbolic", _("Database"));
    self->reader = add_part (self, &self->reader_icon, "oc-reader-symbolic", _("Card reader"));
    gtk_widget_set_hexpand (spacer, TRUE);
    gtk_box_append (GTK_BOX (self->box), spacer);
    add_unfinished (self);
    self->time = GTK_LABEL (gtk_label_new (NULL));
    gtk_widget_add_css_class (GTK_WIDGET (self->time), "numeric");
    gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->time));
    on_clock_cb (self);
    self->clock = g_timeout_add_seconds (CLOCK_S, on_clock_cb, self);
}

void
oc_status_bar_update (OcStatusBar *self, OcDesk *desk)
{
    OcFields *session;
    g_autofree char *reader = NULL;
    g_autofree char *who = NULL;
    gboolean trouble;

    g_return_if_fail (OC_IS_STATUS_BAR (self));
    if ((session = oc_desk_get_session (desk)) != NULL) {
        who = g_strdup_printf ("%s · %s %s", oc_fields_get (session, "branch_name"), oc_fields_get (session, "operator"),
            oc_fields_get (session, "operator_name"));
        gtk_label_set_label (self->who, who);
        if (oc_desk_is_online (desk))
            gtk_label_set_label (self->database,
                oc_desk_is_demo (desk) ? _("Demo data") : oc_fields_get (session, "database"));
    }
    if (!oc_desk_is_online (desk))
        gtk_label_set_label (self->database, _("Database not reached"));
    set_trouble (self->database, self->database_icon, "oc-database-symbolic", !oc_desk_is_online (desk));
    reader = reader_text (desk, &trouble);
    gtk_label_set_label (self->reader, reader);
    set_trouble (self->reader, self->reader_icon, "oc-reader-symbolic", trouble);
}

void
oc_status_bar_set_unfinished (OcStatusBar *self, gint64 n)
{
    g_autofree char *number = NULL;
    g_autofree char *text = NULL;

    g_return_if_fail (OC_IS_STATUS_BAR (self));
    number = g_strdup_printf ("%" G_GINT64_FORMAT, n);
    /* Translators: %s is a number. */
    text = g_strdup_printf (ngettext ("%s unfinished write", "%s unfinished writes", (gulong) n), number);
    gtk_label_set_label (self->unfinished_label, text);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->unfinished), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
    gtk_widget_set_visible (self->unfinished, n > 0);
}

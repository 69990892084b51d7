/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys in one page: those of the screens come from their table. */
#include "ui/help.h"

#include <glib/gi18n-lib.h>

#include "ui/screens.h"

typedef struct {
    const char *accel;
    const char *title;
} Key;

static const Key window_keys[] = {
    { "F5", N_("Read the card again, or ask the database again") },
    { "Escape", N_("One step back") },
    { "<Ctrl>k", N_("Search screens") },
    { "<Ctrl>p", N_("Print the last receipt") },
    { "<Ctrl>l", N_("Lock the window; what was typed stays") },
    { "<Ctrl>b", N_("Fold or unfold the sidebar") },
    { "<Ctrl>t", N_("Card tray of the demo") },
    { "F1", N_("Keys and help") },
    { "<Ctrl>q", N_("Quit") },
};

static const Key settings_keys[] = {
    { "<Ctrl>n", N_("Add a record") },
    { "<Ctrl>s", N_("Save the changes") },
    { "Return", N_("Save, from any field") },
    { "Delete", N_("Delete the record that is chosen in the list") },
};

static const Key sale_keys[] = {
    { "Return", N_("On: from the amount to the money received, from there to the card") },
    { "F11", N_("Type the quantity instead of the amount, and back") },
    { "<Alt>1...8", N_("Choose a sub-meter") },
};

static void
add_heading (GtkGrid *grid, int *row, const char *title)
{
    GtkWidget *label = gtk_label_new (title);

    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_widget_add_css_class (label, "heading");
    gtk_grid_attach (grid, label, 0, (*row)++, 2, 1);
}

static void
add_key (GtkGrid *grid, int *row, const char *accel, const char *title)
{
    GtkWidget *keys = gtk_shortcut_label_new (accel);
    GtkWidget *label = gtk_label_new (title);

    gtk_widget_set_halign (keys, GTK_ALIGN_START);
    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_width_chars (GTK_LABEL (label), 40);
    gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
    gtk_widget_set_valign (keys, GTK_ALIGN_START);
    gtk_grid_attach (grid, keys, 0, *row, 1, 1);
    gtk_grid_attach (grid, label, 1, (*row)++, 1, 1);
}

static GtkWidget *
make_page (void)
{
    GtkGrid *grid = GTK_GRID (gtk_grid_new ());
    int row = 0;
    guint n;
    const OcScreenInfo *infos = oc_screens (&n);

    gtk_grid_set_row_spacing (grid, 6);
    gtk_grid_set_column_spacing (grid, 18);
    gtk_widget_add_css_class (GTK_WIDGET (grid), "page");
    add_heading (grid, &row, _("Screens"));
    for (guint i = 0; i < n; i++) {
        if (infos[i].accel != NULL)
            add_key (grid, &row, infos[i].accel, _(infos[i].title));
    }
    add_heading (grid, &row, _("At a sale"));
    for (gsize i = 0; i < G_N_ELEMENTS (sale_keys); i++)
        add_key (grid, &row, sale_keys[i].accel, _(sale_keys[i].title));
    add_heading (grid, &row, _("In the settings"));
    for (gsize i = 0; i < G_N_ELEMENTS (settings_keys); i++)
        add_key (grid, &row, settings_keys[i].accel, _(settings_keys[i].title));
    add_heading (grid, &row, _("Everywhere"));
    for (gsize i = 0; i < G_N_ELEMENTS (window_keys); i++)
        add_key (grid, &row, window_keys[i].accel, _(window_keys[i].title));
    return GTK_WIDGET (grid);
}

void
oc_help_present (GtkWindow *parent)
{
    GtkWidget *window = gtk_window_new ();
    GtkWidget *scrolled = gtk_scrolled_window_new ();
    GtkEventController *keys = gtk_shortcut_controller_new ();

    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
    gtk_widget_add_controller (window, keys);
    gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
    gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 640);
    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), make_page ());
    gtk_window_set_title (GTK_WINDOW (window), _("Keys and help"));
    gtk_window_set_transient_for (GTK_WINDOW (window), parent);
    gtk_window_set_modal (GTK_WINDOW (window), TRUE);
    gtk_window_set_child (GTK_WINDOW (window), scrolled);
    gtk_window_present (GTK_WINDOW (window));
}

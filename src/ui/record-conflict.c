/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conflict dialog: a grid of field, mine, theirs; what differs is bold and has a mark. */
#include "ui/record-conflict.h"

#include <glib/gi18n-lib.h>

typedef struct {
    OcConflictFunc decided;
    gpointer data;
    GDestroyNotify data_free;
    GtkWidget *window;
} Decision;

static void
decision_free (gpointer data, GClosure *closure)
{
    Decision *self = data;

    if (self->data_free != NULL)
        self->data_free (self->data);
    g_free (self);
}

static void
add_cell (GtkGrid *grid, const char *text, int column, int row, const char *style)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_max_width_chars (GTK_LABEL (label), 28);
    gtk_widget_set_valign (label, GTK_ALIGN_START);
    if (style != NULL)
        gtk_widget_add_css_class (label, style);
    gtk_grid_attach (grid, label, column, row, 1, 1);
}

static GtkWidget *
make_grid (const OcConflict *conflict)
{
    GtkGrid *grid = GTK_GRID (gtk_grid_new ());

    gtk_grid_set_column_spacing (grid, 18);
    gtk_grid_set_row_spacing (grid, 6);
    add_cell (grid, _("Mine"), 1, 0, "section");
    add_cell (grid, _("Theirs"), 2, 0, "section");
    for (guint i = 0; i < oc_fields_count (conflict->mine); i++) {
        const char *name = oc_fields_name (conflict->mine, i);
        const char *mine = oc_fields_value (conflict->mine, i);
        const char *theirs = conflict->theirs != NULL ? oc_fields_get (conflict->theirs, name) : NULL;
        gboolean differs = conflict->theirs != NULL && g_strcmp0 (mine, theirs) != 0;
        g_autofree char *marked = g_strconcat (name, differs ? " ≠" : "", NULL);

        add_cell (grid, marked, 0, (int) i + 1, differs ? "differs" : "dim-label");
        add_cell (grid, mine, 1, (int) i + 1, differs ? "differs" : NULL);
        add_cell (grid, conflict->theirs == NULL ? _("deleted") : theirs, 2, (int) i + 1, differs ? "differs" : NULL);
    }
    return GTK_WIDGET (grid);
}

static void
decide (Decision *self, gboolean keep_mine)
{
    self->decided (keep_mine, self->data);
    gtk_window_destroy (GTK_WINDOW (self->window));
}

static void
on_mine_cb (Decision *self)
{
    decide (self, TRUE);
}

static void
on_theirs_cb (Decision *self)
{
    decide (self, FALSE);
}

static GtkWidget *
make_buttons (Decision *decision, const OcConflict *conflict)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *cancel = gtk_button_new_with_label (_("Look at it again"));
    GtkWidget *mine = gtk_button_new_with_label (_("Keep mine"));
    GtkWidget *theirs = gtk_button_new_with_label (_("Take theirs"));

    gtk_widget_set_halign (box, GTK_ALIGN_END);
    gtk_widget_set_hexpand (cancel, TRUE);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "window.close");
    gtk_widget_add_css_class (theirs, "suggested-action");
    g_signal_connect_swapped (mine, "clicked", G_CALLBACK (on_mine_cb), decision);
    g_signal_connect_data (theirs, "clicked", G_CALLBACK (on_theirs_cb), decision, decision_free, G_CONNECT_SWAPPED);
    gtk_box_append (GTK_BOX (box), cancel);
    gtk_box_append (GTK_BOX (box), mine);
    gtk_box_append (GTK_BOX (box), theirs);
    return box;
}

void
oc_record_conflict_present (GtkWidget *widget, const OcConflict *conflict, OcConflictFunc decided, gpointer data,
    GDestroyNotify data_free)
{
    GtkWidget *window = gtk_window_new ();
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
    GtkWidget *text = gtk_label_new (conflict->text);
    GtkWidget *scrolled = gtk_scrolled_window_new ();
    GtkEventController *keys = gtk_shortcut_controller_new ();
    Decision *decision = g_new0 (Decision, 1);

    *decision = (Decision){ decided, data, data_free, window };
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
    gtk_widget_add_controller (window, keys);
    gtk_label_set_wrap (GTK_LABEL (text), TRUE);
    gtk_label_set_xalign (GTK_LABEL (text), 0);
    gtk_label_set_max_width_chars (GTK_LABEL (text), 70);
    gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
    gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 480);
    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), make_grid (conflict));
    gtk_box_append (GTK_BOX (box), text);
    gtk_box_append (GTK_BOX (box), scrolled);
    gtk_box_append (GTK_BOX (box), make_buttons (decision, conflict));
    gtk_widget_add_css_class (box, "page");
    gtk_window_set_title (GTK_WINDOW (window), _("Changed by somebody else"));
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (gtk_widget_get_root (widget)));
    gtk_window_set_modal (GTK_WINDOW (window), TRUE);
    gtk_window_set_resizable (GTK_WINDOW (window), FALSE);
    gtk_window_set_child (GTK_WINDOW (window), box);
    gtk_window_present (GTK_WINDOW (window));
}

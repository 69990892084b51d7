/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels in a grid: what is shown here is at most a screenful. */
#include "ui/facts.h"

#include <glib/gi18n-lib.h>

static GtkWidget *
make_label (const char *text, const char *style, gboolean right)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_xalign (GTK_LABEL (label), right ? 1 : 0);
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
    gtk_widget_set_hexpand (label, TRUE);
    gtk_widget_set_tooltip_text (label, text);
    if (style != NULL)
        gtk_widget_add_css_class (label, style);
    return label;
}

void
oc_facts_clear (GtkGrid *grid)
{
    GtkWidget *child;

    g_return_if_fail (GTK_IS_GRID (grid));
    while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
        gtk_grid_remove (grid, child);
}

static void
add_fact (GtkGrid *grid, guint i, int per_line, const char *title, const char *text)
{
    GtkWidget *pair = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

    gtk_box_append (GTK_BOX (pair), make_label (title, "fact-label", FALSE));
    gtk_box_append (GTK_BOX (pair), make_label (*text != '\0' ? text : "–", "numeric", FALSE));
    gtk_grid_attach (grid, pair, (int) i % per_line, (int) i / per_line, 1, 1);
}

void
oc_facts_fill (GtkGrid *grid, const OcColumn *columns, guint n_columns, OcRows *rows, guint row, int per_line)
{
    oc_facts_clear (grid);
    gtk_grid_set_column_homogeneous (grid, TRUE);
    for (guint i = 0; i < n_columns; i++) {
        g_autofree char *text = oc_column_format (&columns[i], rows, row);

        add_fact (grid, i, per_line, _(columns[i].title), text);
    }
}

void
oc_facts_fill_list (GtkGrid *grid, const OcColumn *columns, guint n_columns, OcRows *rows)
{
    oc_facts_clear (grid);
    for (guint c = 0; c < n_columns; c++) {
        gboolean right = oc_column_is_numeric (&columns[c]);

        gtk_grid_attach (grid, make_label (_(columns[c].title), "fact-label", right), (int) c, 0, 1, 1);
        for (guint r = 0; r < oc_rows_count (rows); r++) {
            g_autofree char *text = oc_column_format (&columns[c], rows, r);
            GtkWidget *label = make_label (text, "numeric", right);
            gtk_widget_add_css_class (label, "list-cell");
            if (right || columns[c].kind == OC_COLUMN_TIME)
                gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
            gtk_grid_attach (grid, label, (int) c, (int) r + 1, 1, 1);
        }
    }
}

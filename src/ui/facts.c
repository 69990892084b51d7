/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels in a grid: what is shown here is at most a screenful. */
#include "ui/facts.h"

#include <glib/gi18n-lib.h>

static GtkWidget *
make_label (const char *text, const char *style, gboolean right)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_xalign (GTK_LABEL (label), right ? 1 : 0);
    gtk_widget_add_css_class (label, style);
    return label;
}

/* Long texts give way, figures never. */
static GtkWidget *
make_value (const OcColumn *column, const char *text, gboolean right)
{
    GtkWidget *label = make_label (text, "numeric", right);

    if (column->kind == OC_COLUMN_TEXT) {
        gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
        gtk_label_set_width_chars (GTK_LABEL (label), MIN (8, (int) g_utf8_strlen (text, -1)));
        gtk_label_set_max_width_chars (GTK_LABEL (label), 20);
        gtk_widget_set_tooltip_text (label, text);
    }
    return label;
}

void
oc_facts_fill (GtkFlowBox *flow, const OcColumn *columns, guint n_columns, OcRows *rows, guint row)
{
    GtkWidget *child;

    g_return_if_fail (GTK_IS_FLOW_BOX (flow));
    gtk_widget_set_can_focus (GTK_WIDGET (flow), FALSE); /* else Tab stops there, where nothing can have it */
    while ((child = gtk_widget_get_first_child (GTK_WIDGET (flow))) != NULL)
        gtk_flow_box_remove (flow, child);
    for (guint i = 0; i < n_columns; i++) {
        g_autofree char *text = oc_column_format (&columns[i], rows, row);
        GtkWidget *pair = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

        gtk_box_append (GTK_BOX (pair), make_label (_(columns[i].title), "fact-label", FALSE));
        gtk_box_append (GTK_BOX (pair), make_value (&columns[i], *text != '\0' ? text : "–", FALSE));
        gtk_flow_box_append (flow, pair);
        gtk_widget_set_focusable (gtk_widget_get_last_child (GTK_WIDGET (flow)), FALSE);
    }
}

void
oc_facts_fill_list (GtkGrid *grid, const OcColumn *columns, guint n_columns, OcRows *rows)
{
    GtkWidget *child;

    g_return_if_fail (GTK_IS_GRID (grid));
    while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
        gtk_grid_remove (grid, child);
    for (guint c = 0; c < n_columns; c++) {
        gboolean right = oc_column_is_numeric (&columns[c]);
        GtkWidget *title = make_label (_(columns[c].title), "fact-label", right);

        gtk_widget_set_hexpand (title, TRUE);
        gtk_grid_attach (grid, title, (int) c, 0, 1, 1);
        for (guint r = 0; r < oc_rows_count (rows); r++) {
            g_autofree char *text = oc_column_format (&columns[c], rows, r);
            GtkWidget *label = make_value (&columns[c], text, right);
            gtk_widget_add_css_class (label, "list-cell");
            gtk_grid_attach (grid, label, (int) c, (int) r + 1, 1, 1);
        }
    }
}

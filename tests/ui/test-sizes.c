/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No screen needs more width than a small monitor has beside the folded sidebar, with text of the usual size and half as
 * large again: then nothing is cut and nothing has to be scrolled sideways. In English, whose words are the longer ones. */
#include <gtk/gtk.h>

#include "ops/desk.h"
#include "ui/field-groups.h"
#include "ui/screens.h"
#include "ui/style.h"

#define MONITOR 1280
#define SIDEBAR 56

static int
minimum_width (const OcScreenInfo *info, OcDesk *desk)
{
    GtkWidget *window = gtk_window_new ();
    int minimum;

    gtk_window_set_child (GTK_WINDOW (window), g_object_new (info->get_type (), "desk", desk, NULL));
    gtk_widget_measure (gtk_window_get_child (GTK_WINDOW (window)), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
    gtk_window_destroy (GTK_WINDOW (window));
    return minimum;
}

static void
test_widths (gconstpointer percent)
{
    guint n, too_wide = 0;
    const OcScreenInfo *infos = oc_screens (&n);
    OcDesk *desk = oc_desk_new (&(OcDeskOptions){ .data_dir = "/nonexistent" }); /* nothing is asked of it */

    g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024 * GPOINTER_TO_INT (percent) / 100, NULL);
    for (guint i = 0; i < n; i++) {
        int width = minimum_width (&infos[i], desk);

        g_test_message ("%s: %d pixels", infos[i].id, width);
        too_wide += width > MONITOR - SIDEBAR;
    }
    g_assert_cmpuint (too_wide, ==, 0);
    oc_desk_close (desk, FALSE);
    g_object_unref (desk);
}

static gboolean
has_label (GtkWidget *widget, const char *text)
{
    if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), text))
        return TRUE;
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
        if (has_label (child, text))
            return TRUE;
    return FALSE;
}

/* Rows that say the same become one, whatever words the layout has for them; others stay as they are. */
static void
test_runs (void)
{
    g_autoptr(OcFields) fields = oc_fields_new ("Rates");
    g_autoptr(GPtrArray) groups = g_ptr_array_new ();
    GtkWidget *widget = g_object_ref_sink (g_object_new (OC_TYPE_FIELD_GROUPS, NULL));

    oc_fields_set_full (fields, "alarm_1", "Alarm 1", "5", NULL, NULL);
    for (int i = 1; i <= 6; i++) {
        g_autofree char *name = g_strdup_printf ("限额%d", i);
        oc_fields_set_full (fields, name, "限额", i == 1 ? "7" : "0", NULL, NULL);
    }
    g_ptr_array_add (groups, fields);
    oc_field_groups_set (OC_FIELD_GROUPS (widget), groups);
    g_assert_true (has_label (widget, "Alarm 1"));
    g_assert_true (has_label (widget, "限额 1"));
    g_assert_true (has_label (widget, "限额 2 … 6"));
    g_assert_false (has_label (widget, "限额 3"));
    g_object_unref (widget);
}

/* What does not fit beside goes below. */
static void
test_columns (void)
{
    GtkWidget *widget = g_object_ref_sink (g_object_new (OC_TYPE_FIELD_GROUPS, NULL));
    g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func ((GDestroyNotify) oc_fields_unref);
    int one, two, minimum, natural;

    for (int i = 0; i < 4; i++) {
        OcFields *fields = oc_fields_new ("Group");
        oc_fields_set_full (fields, "name", "Name", "value", NULL, NULL);
        g_ptr_array_add (groups, fields);
    }
    oc_field_groups_set (OC_FIELD_GROUPS (widget), groups);
    gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
    g_assert_cmpint (natural, ==, 4 * minimum + 3 * 12);
    gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, natural, &one, NULL, NULL, NULL);
    gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, natural - 1, &two, NULL, NULL, NULL);
    g_assert_cmpint (two, ==, 2 * one + 12);
    gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, minimum, &two, NULL, NULL, NULL);
    g_assert_cmpint (two, ==, 4 * one + 3 * 12);
    g_object_unref (widget);
}

int
main (int argc, char **argv)
{
    oc_style_prepare ();
    gtk_test_init (&argc, &argv, NULL);
    oc_style_load ();
    g_test_add_data_func ("/sizes/100", GINT_TO_POINTER (100), test_widths);
    g_test_add_data_func ("/sizes/150", GINT_TO_POINTER (150), test_widths);
    g_test_add_func ("/groups/runs", test_runs);
    g_test_add_func ("/groups/columns", test_columns);
    return g_test_run ();
}

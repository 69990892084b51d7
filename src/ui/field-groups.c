/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of groups. Rate tables have 63 rows of which mostly the first says something: rows at their end that repeat
 * the same value are drawn as one, "Rate 2 … 63". */
#include "ui/field-groups.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "ui/columns-layout.h"

#define LONG_RUN 4 /* a shorter repetition is no burden to the eye */

struct _OcFieldGroups {
    GtkWidget parent_instance;
    GPtrArray *groups;
    gboolean raw, only_different;
};

G_DEFINE_FINAL_TYPE (OcFieldGroups, oc_field_groups, GTK_TYPE_WIDGET)

/* The digits that the layout engine put behind the name of a field that repeats ("rate7", but not "alarm_1"); "": none. */
static const char *
number_of (const OcFields *fields, guint i)
{
    const char *name = oc_fields_name (fields, i);
    const char *digits = name + strlen (name);

    while (digits > name && g_ascii_isdigit (digits[-1]))
        digits--;
    return digits > name && digits[-1] != '_' ? digits : "";
}

/* The words are the layout's, the number stays. @last: the last one of a run, whose number ends it: "Rate 2 … 63". */
static char *
label_of (const OcFields *fields, guint i, guint last)
{
    const char *label = oc_fields_label (fields, i);
    const char *number = number_of (fields, i);

    if (label == NULL)
        return g_strdup (oc_fields_name (fields, i));
    if (*number == '\0')
        return g_strdup (_(label));
    if (last == i)
        return g_strdup_printf ("%s %s", _(label), number);
    return g_strdup_printf ("%s %s … %s", _(label), number, number_of (fields, last));
}

/* How many fields from @i on are the same row again. */
static guint
run_length (const OcFields *fields, guint i)
{
    guint n = 1;

    while (i + n < oc_fields_count (fields) && !oc_fields_differs (fields, i + n) && *number_of (fields, i + n) != '\0'
           && g_strcmp0 (oc_fields_label (fields, i + n), oc_fields_label (fields, i)) == 0
           && g_strcmp0 (oc_fields_value (fields, i + n), oc_fields_value (fields, i)) == 0)
        n++;
    return n;
}

static GtkWidget *
make_label (const char *text, const char *style)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_label_set_selectable (GTK_LABEL (label), TRUE);
    gtk_widget_set_focusable (label, FALSE);
    gtk_widget_add_css_class (label, style);
    return label;
}

/* Hex in pairs, eight bytes a line. */
static char *
raw_text (const char *hex)
{
    g_autoptr(GString) text = g_string_new (NULL);

    for (gsize i = 0; hex[i] != '\0'; i++) {
        if (i > 0 && i % 16 == 0)
            g_string_append_c (text, '\n');
        else if (i > 0 && i % 2 == 0)
            g_string_append_c (text, ' ');
        g_string_append_c (text, hex[i]);
    }
    return g_string_free (g_steal_pointer (&text), FALSE);
}

static GtkWidget *
make_difference (const char *ledger)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
    /* Translators: what the ledger says of a field of the card */
    g_autofree char *text = g_strdup_printf (_("Ledger: %s"), *ledger != '\0' ? ledger : "–");

    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("oc-warning-symbolic"));
    gtk_box_append (GTK_BOX (box), make_label (text, "numeric"));
    gtk_widget_add_css_class (box, "warning");
    return box;
}

static void
add_field (OcFieldGroups *self, GtkGrid *grid, int *row, const OcFields *fields, guint i, guint run)
{
    g_autofree char *label = label_of (fields, i, i + run - 1);
    gboolean is_word = g_str_equal (oc_fields_name (fields, i), "valid");
    const char *value = is_word ? oc_word (oc_fields_value (fields, i)) : oc_fields_value (fields, i);
    const char *raw = oc_fields_raw (fields, i);

    gtk_grid_attach (grid, make_label (label, "field-label"), 0, *row, 1, 1);
    gtk_grid_attach (grid, make_label (*value != '\0' ? value : "–", "numeric"), 1, *row, 1, 1);
    /* the area's own bytes are those of its fields again */
    if (self->raw && raw != NULL && !g_str_equal (oc_fields_name (fields, i), "area")) {
        g_autofree char *bytes = raw_text (raw);
        gtk_grid_attach (grid, make_label (bytes, "raw"), 2, *row, 1, 1);
    }
    (*row)++;
    if (oc_fields_differs (fields, i))
        gtk_grid_attach (grid, make_difference (oc_fields_ledger_value (fields, i)), 1, (*row)++, 2, 1);
}

static GtkWidget *
make_group (OcFieldGroups *self, const OcFields *fields)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
    GtkGrid *grid = GTK_GRID (gtk_grid_new ());
    const char *title = oc_fields_get_title (fields);
    int row = 0;

    gtk_grid_set_column_spacing (grid, 12);
    gtk_grid_set_row_spacing (grid, 3);
    for (guint i = 0; i < oc_fields_count (fields);) {
        guint run = oc_fields_differs (fields, i) ? 1 : run_length (fields, i);
        if (run < LONG_RUN)
            run = 1;
        if (!self->only_different || oc_fields_differs (fields, i))
            add_field (self, grid, &row, fields, i, run);
        i += run;
    }
    gtk_box_append (GTK_BOX (box), make_label (title != NULL ? _(title) : "", "section"));
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (grid));
    gtk_widget_add_css_class (box, "field-group");
    gtk_widget_set_visible (box, row > 0);
    return box;
}

static void
drop_groups (OcFieldGroups *self)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
        gtk_widget_unparent (child);
}

static void
show_groups (OcFieldGroups *self)
{
    drop_groups (self);
    for (guint i = 0; self->groups != NULL && i < self->groups->len; i++)
        gtk_widget_set_parent (make_group (self, g_ptr_array_index (self->groups, i)), GTK_WIDGET (self));
}

static void
oc_field_groups_dispose (GObject *object)
{
    OcFieldGroups *self = OC_FIELD_GROUPS (object);

    drop_groups (self);
    g_clear_pointer (&self->groups, g_ptr_array_unref);
    G_OBJECT_CLASS (oc_field_groups_parent_class)->dispose (object);
}

static void
oc_field_groups_class_init (OcFieldGroupsClass *klass)
{
    G_OBJECT_CLASS (klass)->dispose = oc_field_groups_dispose;
}

static void
oc_field_groups_init (OcFieldGroups *self)
{
    gtk_widget_set_layout_manager (GTK_WIDGET (self), oc_columns_layout_new (12));
}

void
oc_field_groups_set (OcFieldGroups *self, GPtrArray *groups)
{
    g_return_if_fail (OC_IS_FIELD_GROUPS (self));
    g_clear_pointer (&self->groups, g_ptr_array_unref);
    self->groups = groups != NULL ? g_ptr_array_ref (groups) : NULL;
    show_groups (self);
}

void
oc_field_groups_set_view (OcFieldGroups *self, gboolean raw, gboolean only_different)
{
    g_return_if_fail (OC_IS_FIELD_GROUPS (self));
    self->raw = raw;
    self->only_different = only_different;
    show_groups (self);
}

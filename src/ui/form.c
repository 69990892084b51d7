/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form. Two columns need room for two of its widest field: so a larger text folds it into one by itself. */
#include "ui/form.h"

#include "ui/form-field.h"

#define WIDTH 640
#define COLUMN_SPACING 18
#define ROW_SPACING 12

struct _OcForm {
    GtkWidget parent_instance;
};

enum { SIGNAL_CHANGED, SIGNAL_SUBMITTED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void oc_form_buildable_init (GtkBuildableIface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (OcForm, oc_form, GTK_TYPE_WIDGET,
    G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, oc_form_buildable_init))

static GtkBuildableIface *parent_buildable;

/* Layout ----------------------------------------------------------------------------------------------------------- */

static GtkWidget *
next_seen (GtkWidget *child)
{
    while (child != NULL && !gtk_widget_should_layout (child))
        child = gtk_widget_get_next_sibling (child);
    return child;
}

static gboolean
is_half (GtkWidget *child)
{
    return OC_IS_FORM_FIELD (child) && !oc_form_field_is_wide (OC_FORM_FIELD (child));
}

static int
least_width (GtkWidget *child)
{
    int least;

    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
    return least;
}

static void
widest (OcForm *self, int *half, int *whole)
{
    *half = *whole = 0;
    for (GtkWidget *child = next_seen (gtk_widget_get_first_child (GTK_WIDGET (self))); child != NULL;
         child = next_seen (gtk_widget_get_next_sibling (child))) {
        int *most = is_half (child) ? half : whole;
        *most = MAX (*most, least_width (child));
    }
}

/* How wide a half is when there are @width for all. */
static int
half_width (OcForm *self, int width)
{
    int half, whole;

    widest (self, &half, &whole);
    return width >= 2 * half + COLUMN_SPACING ? (width - COLUMN_SPACING) / 2 : width;
}

static int
height_for (GtkWidget *child, int width)
{
    int height;

    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
    return height;
}

/* One row from @child on: its height, the next row's child, and, with @place, the places of its widgets. */
static GtkWidget *
lay_row (GtkWidget *child, int width, int half, int y, gboolean place, int *height)
{
    GtkWidget *second = next_seen (gtk_widget_get_next_sibling (child));
    gboolean paired = is_half (child) && half < width && second != NULL && is_half (second);
    int own = is_half (child) ? half : width;

    *height = height_for (child, own);
    if (paired)
        *height = MAX (*height, height_for (second, half));
    if (place)
        gtk_widget_size_allocate (child, &(GtkAllocation){ 0, y, own, *height }, -1);
    if (place && paired)
        gtk_widget_size_allocate (second, &(GtkAllocation){ half + COLUMN_SPACING, y, half, *height }, -1);
    return paired ? next_seen (gtk_widget_get_next_sibling (second)) : second;
}

static int
lay (OcForm *self, int width, gboolean place)
{
    GtkWidget *child = next_seen (gtk_widget_get_first_child (GTK_WIDGET (self)));
    int half = half_width (self, width);
    int y = 0;

    while (child != NULL) {
        int height;
        child = lay_row (child, width, half, y, place, &height);
        y += height + (child != NULL ? ROW_SPACING : 0);
    }
    return y;
}

static void
oc_form_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
    int *minimum_baseline, int *natural_baseline)
{
    OcForm *self = OC_FORM (widget);
    int half, whole;

    widest (self, &half, &whole);
    if (orientation == GTK_ORIENTATION_HORIZONTAL) {
        *minimum = MAX (half, whole);
        *natural = MAX (*minimum, WIDTH);
    } else {
        *minimum = *natural = lay (self, for_size < 0 ? MAX (MAX (half, whole), WIDTH) : for_size, FALSE);
    }
}

static void
oc_form_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
    lay (OC_FORM (widget), width, TRUE);
}

static GtkSizeRequestMode
oc_form_get_request_mode (GtkWidget *widget)
{
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Parts ------------------------------------------------------------------------------------------------------------ */

static void
collect (GtkWidget *widget, GPtrArray *parts)
{
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child)) {
        if (OC_IS_FORM_PART (child))
            g_ptr_array_add (parts, child);
        else
            collect (child, parts);
    }
}

static GPtrArray *
parts_of (OcForm *self)
{
    GPtrArray *parts = g_ptr_array_new ();

    collect (GTK_WIDGET (self), parts);
    return parts;
}

/* GObject ---------------------------------------------------------------------------------------------------------- */

static void
oc_form_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
    if (GTK_IS_WIDGET (child))
        gtk_widget_set_parent (GTK_WIDGET (child), GTK_WIDGET (buildable));
    else
        parent_buildable->add_child (buildable, builder, child, type);
}

static void
oc_form_buildable_init (GtkBuildableIface *iface)
{
    parent_buildable = g_type_interface_peek_parent (iface);
    iface->add_child = oc_form_add_child;
}

static void
oc_form_dispose (GObject *object)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
        gtk_widget_unparent (child);
    G_OBJECT_CLASS (oc_form_parent_class)->dispose (object);
}

static void
oc_form_class_init (OcFormClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_form_dispose;
    widget_class->measure = oc_form_measure;
    widget_class->size_allocate = oc_form_size_allocate;
    widget_class->get_request_mode = oc_form_get_request_mode;
    signals[SIGNAL_CHANGED] = g_signal_new ("changed", OC_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[SIGNAL_SUBMITTED] = g_signal_new ("submitted", OC_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_css_name (widget_class, "form");
}

static void
oc_form_init (OcForm *self)
{
}

/* Public ----------------------------------------------------------------------------------------------------------- */

void
oc_form_fill (OcForm *self, const OcFields *values)
{
    g_autoptr(GPtrArray) parts = NULL;

    g_return_if_fail (OC_IS_FORM (self));
    parts = parts_of (self);
    for (guint i = 0; i < parts->len; i++) {
        oc_form_part_show_error (parts->pdata[i], NULL, NULL);
        oc_form_part_fill (parts->pdata[i], values);
    }
}

void
oc_form_put (OcForm *self, const OcFields *values)
{
    g_autoptr(GPtrArray) parts = NULL;

    g_return_if_fail (OC_IS_FORM (self) && values != NULL);
    parts = parts_of (self);
    for (guint i = 0; i < parts->len; i++)
        oc_form_part_put (parts->pdata[i], values);
}

OcFields *
oc_form_read (OcForm *self)
{
    g_autoptr(GPtrArray) parts = NULL;
    OcFields *values = oc_fields_new (NULL);

    g_return_val_if_fail (OC_IS_FORM (self), values);
    parts = parts_of (self);
    for (guint i = 0; i < parts->len; i++)
        oc_form_part_read (parts->pdata[i], values);
    return values;
}

guint
oc_form_count_changes (OcForm *self)
{
    g_autoptr(GPtrArray) parts = NULL;
    guint n = 0;

    g_return_val_if_fail (OC_IS_FORM (self), 0);
    parts = parts_of (self);
    for (guint i = 0; i < parts->len; i++)
        n += oc_form_part_count_changes (parts->pdata[i]);
    return n;
}

/* All that is wrong is said; the caret goes to the first. */
gboolean
oc_form_check (OcForm *self)
{
    g_autoptr(GPtrArray) parts = NULL;
    gboolean fits = TRUE;

    g_return_val_if_fail (OC_IS_FORM (self), FALSE);
    parts = parts_of (self);
    for (guint i = parts->len; i > 0; i--)
        fits = oc_form_part_check (parts->pdata[i - 1], TRUE) && fits;
    return fits;
}

gboolean
oc_form_show_error (OcForm *self, const char *field, const char *text)
{
    g_autoptr(GPtrArray) parts = NULL;

    g_return_val_if_fail (OC_IS_FORM (self), FALSE);
    parts = parts_of (self);
    for (guint i = 0; i < parts->len; i++) {
        if (oc_form_part_show_error (parts->pdata[i], field, text))
            return TRUE;
    }
    return FALSE;
}

void
oc_form_clear_errors (OcForm *self)
{
    g_autoptr(GPtrArray) parts = NULL;

    g_return_if_fail (OC_IS_FORM (self));
    parts = parts_of (self);
    for (guint i = 0; i < parts->len; i++)
        oc_form_part_show_error (parts->pdata[i], NULL, NULL);
}

OcFields *
oc_form_describe (OcForm *self, const OcFields *values)
{
    g_autoptr(GPtrArray) parts = NULL;
    OcFields *lines = oc_fields_new (NULL);

    g_return_val_if_fail (OC_IS_FORM (self), lines);
    parts = parts_of (self);
    for (guint i = 0; i < parts->len; i++)
        oc_form_part_describe (parts->pdata[i], values, lines);
    return lines;
}

void
oc_form_start (OcForm *self)
{
    g_return_if_fail (OC_IS_FORM (self));
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

void
oc_form_let_go (OcForm *self)
{
    GtkRoot *root;
    GtkWidget *focus;

    g_return_if_fail (OC_IS_FORM (self));
    root = gtk_widget_get_root (GTK_WIDGET (self));
    focus = root != NULL ? gtk_root_get_focus (root) : NULL;
    if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
        gtk_root_set_focus (root, NULL);
}

void
oc_form_changed (OcForm *self)
{
    g_return_if_fail (OC_IS_FORM (self));
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
oc_form_submit (OcForm *self)
{
    g_return_if_fail (OC_IS_FORM (self));
    g_signal_emit (self, signals[SIGNAL_SUBMITTED], 0);
}

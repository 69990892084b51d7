/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns are as wide as their widest child: with fewer of them children change places, so each number is tried, from the
 * largest down. */
#include "ui/columns-layout.h"

struct _OcColumnsLayout {
    GtkLayoutManager parent_instance;
    int spacing;
};

G_DEFINE_FINAL_TYPE (OcColumnsLayout, oc_columns_layout, GTK_TYPE_LAYOUT_MANAGER)

typedef struct {
    GtkWidget *widget;
    guint column;
    int y, width, height;
} Place;

typedef struct {
    int width, height;
} Column;

static GArray *
shown_children (GtkWidget *widget)
{
    GArray *places = g_array_new (FALSE, TRUE, sizeof (Place));

    for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child)) {
        Place place = { .widget = child };

        if (!gtk_widget_should_layout (child))
            continue;
        gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &place.width, NULL, NULL);
        gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, place.width, &place.height, NULL, NULL, NULL);
        g_array_append_val (places, place);
    }
    return places;
}

/* Into @columns->len columns; their width in all. */
static int
place_children (OcColumnsLayout *self, GArray *places, GArray *columns)
{
    int width = (int) (columns->len - 1) * self->spacing;

    memset (columns->data, 0, columns->len * sizeof (Column));
    for (guint i = 0; i < places->len; i++) {
        Place *place = &g_array_index (places, Place, i);
        Column *column;

        place->column = 0;
        for (guint c = 1; c < columns->len; c++)
            if (g_array_index (columns, Column, c).height < g_array_index (columns, Column, place->column).height)
                place->column = c;
        column = &g_array_index (columns, Column, place->column);
        place->y = column->height;
        column->height += place->height + self->spacing;
        column->width = MAX (column->width, place->width);
    }
    for (guint c = 0; c < columns->len; c++)
        width += g_array_index (columns, Column, c).width;
    return width;
}

/* As many columns as @width has room for, one at least. */
static GArray *
make_columns (OcColumnsLayout *self, GArray *places, int width)
{
    GArray *columns = g_array_new (FALSE, TRUE, sizeof (Column));

    g_array_set_size (columns, MAX (places->len, 1));
    while (place_children (self, places, columns) > width && columns->len > 1)
        g_array_set_size (columns, columns->len - 1);
    return columns;
}

static GtkSizeRequestMode
oc_columns_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
oc_columns_layout_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
    int *natural, int *minimum_baseline, int *natural_baseline)
{
    OcColumnsLayout *self = OC_COLUMNS_LAYOUT (manager);
    g_autoptr(GArray) places = shown_children (widget);
    g_autoptr(GArray) columns = NULL;

    *minimum = *natural = 0;
    if (orientation == GTK_ORIENTATION_HORIZONTAL) {
        for (guint i = 0; i < places->len; i++) {
            *minimum = MAX (*minimum, g_array_index (places, Place, i).width);
            *natural += g_array_index (places, Place, i).width + (i > 0 ? self->spacing : 0);
        }
        return;
    }
    columns = make_columns (self, places, for_size < 0 ? G_MAXINT : for_size);
    for (guint c = 0; c < columns->len; c++)
        *natural = MAX (*natural, g_array_index (columns, Column, c).height - self->spacing);
    *minimum = *natural;
}

static void
oc_columns_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
    OcColumnsLayout *self = OC_COLUMNS_LAYOUT (manager);
    gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
    g_autoptr(GArray) places = shown_children (widget);
    g_autoptr(GArray) columns = make_columns (self, places, width);

    for (guint i = 0; i < places->len; i++) {
        const Place *place = &g_array_index (places, Place, i);
        int room = g_array_index (columns, Column, place->column).width;
        int x = 0;

        for (guint c = 0; c < place->column; c++)
            x += g_array_index (columns, Column, c).width + self->spacing;
        gtk_widget_size_allocate (place->widget,
            &(GtkAllocation){ mirrored ? width - x - room : x, place->y, room, place->height }, -1);
    }
}

static void
oc_columns_layout_class_init (OcColumnsLayoutClass *klass)
{
    GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

    layout_class->get_request_mode = oc_columns_layout_get_request_mode;
    layout_class->measure = oc_columns_layout_measure;
    layout_class->allocate = oc_columns_layout_allocate;
}

static void
oc_columns_layout_init (OcColumnsLayout *self)
{
}

GtkLayoutManager *
oc_columns_layout_new (int spacing)
{
    OcColumnsLayout *self = g_object_new (OC_TYPE_COLUMNS_LAYOUT, NULL);

    self->spacing = spacing;
    return GTK_LAYOUT_MANAGER (self);
}

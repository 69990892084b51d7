/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scrolled window stays inside, because it can't be derived from. */
#include "ui/give-way.h"

#include "ui/scroll.h"

struct _OcGiveWay {
    GtkWidget parent_instance;
    GtkWidget *scroller;
    GtkWidget *content; /* NULL: none yet; the scroller's */
    int least_height;
};

enum { PROP_0, PROP_LEAST_HEIGHT, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void oc_give_way_buildable_init (GtkBuildableIface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (OcGiveWay, oc_give_way, GTK_TYPE_WIDGET,
    G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, oc_give_way_buildable_init))

static GtkBuildableIface *parent_buildable;

static GtkSizeRequestMode
oc_give_way_get_request_mode (GtkWidget *widget)
{
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
oc_give_way_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
    int *natural_baseline)
{
    OcGiveWay *self = OC_GIVE_WAY (widget);
    int content = 0;

    gtk_widget_measure (self->scroller, orientation, orientation == GTK_ORIENTATION_HORIZONTAL ? for_size : -1, minimum, natural, NULL, NULL);
    if (orientation == GTK_ORIENTATION_HORIZONTAL || self->content == NULL)
        return;
    gtk_widget_measure (self->content, orientation, for_size, NULL, &content, NULL, NULL);
    *minimum = MAX (*minimum, MIN (self->least_height, content));
    *natural = MAX (*minimum, content);
}

static void
oc_give_way_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
    gtk_widget_allocate (OC_GIVE_WAY (widget)->scroller, width, height, baseline, NULL);
}

static void
oc_give_way_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
    OcGiveWay *self = OC_GIVE_WAY (buildable);

    if (!GTK_IS_WIDGET (child)) {
        parent_buildable->add_child (buildable, builder, child, type);
        return;
    }
    self->content = GTK_WIDGET (child);
    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->content);
}

static void
oc_give_way_buildable_init (GtkBuildableIface *iface)
{
    parent_buildable = g_type_interface_peek_parent (iface);
    iface->add_child = oc_give_way_add_child;
}

static void
oc_give_way_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    if (id == PROP_LEAST_HEIGHT)
        oc_give_way_set_least_height (OC_GIVE_WAY (object), g_value_get_int (value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oc_give_way_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    if (id == PROP_LEAST_HEIGHT)
        g_value_set_int (value, OC_GIVE_WAY (object)->least_height);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oc_give_way_dispose (GObject *object)
{
    OcGiveWay *self = OC_GIVE_WAY (object);

    self->content = NULL;
    g_clear_pointer (&self->scroller, gtk_widget_unparent);
    G_OBJECT_CLASS (oc_give_way_parent_class)->dispose (object);
}

static void
oc_give_way_class_init (OcGiveWayClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    object_class->set_property = oc_give_way_set_property;
    object_class->get_property = oc_give_way_get_property;
    object_class->dispose = oc_give_way_dispose;
    widget_class->get_request_mode = oc_give_way_get_request_mode;
    widget_class->measure = oc_give_way_measure;
    widget_class->size_allocate = oc_give_way_size_allocate;
    properties[PROP_LEAST_HEIGHT] = g_param_spec_int ("least-height", NULL, NULL, 0, G_MAXINT, 0,
        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
oc_give_way_init (OcGiveWay *self)
{
    self->scroller = gtk_scrolled_window_new ();
    gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

void
oc_give_way_set_least_height (OcGiveWay *self, int pixels)
{
    g_return_if_fail (OC_IS_GIVE_WAY (self));
    self->least_height = pixels;
    gtk_widget_queue_resize (GTK_WIDGET (self));
}

static GtkWidget *
find_around (GtkWidget *widget)
{
    GtkWidget *parent = gtk_widget_get_parent (widget);

    return parent != NULL ? gtk_widget_get_ancestor (parent, OC_TYPE_GIVE_WAY) : NULL;
}

/* The first frame gives out the sizes. */
static gboolean
on_frame_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer began)
{
    graphene_rect_t bounds;

    if (gdk_frame_clock_get_frame_counter (clock) <= *(gint64 *) began)
        return G_SOURCE_CONTINUE;
    for (GtkWidget *around = find_around (widget); around != NULL; around = find_around (around)) {
        OcGiveWay *self = OC_GIVE_WAY (around);
        if (gtk_widget_get_visible (widget) && gtk_widget_compute_bounds (widget, self->content, &bounds))
            oc_scroll_to (oc_give_way_get_adjustment (self), &bounds);
    }
    return G_SOURCE_REMOVE;
}

void
oc_give_way_reveal (GtkWidget *widget)
{
    GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
    gint64 began;

    if (clock == NULL)
        return; /* not seen at all */
    began = gdk_frame_clock_get_frame_counter (clock) + 1;
    gtk_widget_add_tick_callback (widget, on_frame_cb, g_memdup2 (&began, sizeof began), g_free);
}

GtkAdjustment *
oc_give_way_get_adjustment (OcGiveWay *self)
{
    g_return_val_if_fail (OC_IS_GIVE_WAY (self), NULL);
    return self->scroller != NULL ? gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)) : NULL;
}

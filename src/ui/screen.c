/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base of the screens: message bar, content, and over the content what is going on. */
#include "ui/screen.h"

#include "ui/busy-bar.h"
#include "ui/message-bar.h"

struct _OcBusy {
    OcScreen *screen;
    GCancellable *cancellable;
    char *what;
    gboolean final;
};

typedef struct {
    OcDesk *desk;
    GtkWidget *box;
    OcMessageBar *message;
    GtkOverlay *overlay;
    OcBusyBar *busy_bar;
    GPtrArray *busy;    /* OcBusy, not owned; the newest last */
    gboolean stale;     /* something changed while busy */
    gboolean until_reached; /* the message goes when the database is reached again */
    gboolean disposed;
} OcScreenPrivate;

enum { PROP_0, PROP_DESK, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void oc_screen_buildable_init (GtkBuildableIface *iface);
G_DEFINE_ABSTRACT_TYPE_WITH_CODE (OcScreen, oc_screen, GTK_TYPE_WIDGET,
    G_ADD_PRIVATE (OcScreen)
    G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, oc_screen_buildable_init))

static GtkBuildableIface *parent_buildable;

static OcScreenPrivate *
get_private (OcScreen *self)
{
    return oc_screen_get_instance_private (self);
}

/* The busy bar ------------------------------------------------------------------------------------------------- */

static OcBusy *
newest_with_text (OcScreenPrivate *priv)
{
    for (guint i = priv->busy->len; i > 0; i--) {
        OcBusy *busy = g_ptr_array_index (priv->busy, i - 1);
        if (busy->what != NULL)
            return busy;
    }
    return NULL;
}

static void
update_busy_bar (OcScreen *self)
{
    OcScreenPrivate *priv = get_private (self);
    OcBusy *busy = newest_with_text (priv);

    oc_busy_bar_show (priv->busy_bar, busy != NULL ? busy->what : NULL, busy != NULL && !busy->final);
}

static gboolean
cancel_newest (OcScreen *self)
{
    OcBusy *busy = newest_with_text (get_private (self));

    if (busy == NULL || busy->final || g_cancellable_is_cancelled (busy->cancellable))
        return FALSE;
    g_cancellable_cancel (busy->cancellable);
    return TRUE;
}

static void
on_cancel_cb (OcScreen *self)
{
    cancel_newest (self);
}

/* What the desk tells -------------------------------------------------------------------------------------------- */

static void
on_desk_changed_cb (OcScreen *self, const char *topic)
{
    OcScreenPrivate *priv = get_private (self);

    if (priv->disposed || !oc_screen_is_shown (self))
        return;
    if (g_str_equal (topic, "card") || g_str_equal (topic, "reader")) {
        if (OC_SCREEN_GET_CLASS (self)->card_changed != NULL)
            OC_SCREEN_GET_CLASS (self)->card_changed (self);
        oc_screen_update_actions (self);
    } else if (g_str_equal (topic, "session")) {
        oc_screen_update_actions (self);
    } else if (oc_screen_is_busy (self)) {
        priv->stale = TRUE;
    } else {
        oc_screen_refresh (self);
    }
}

/* GtkWidget and GObject ------------------------------------------------------------------------------------------ */

/* A stack of GTK 4.8 leaves its pages in the accessibility tree whether they are seen or not. */
static void
oc_screen_map (GtkWidget *widget)
{
    OcScreen *self = OC_SCREEN (widget);

    GTK_WIDGET_CLASS (oc_screen_parent_class)->map (widget);
    gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_HIDDEN, FALSE, -1);
    oc_screen_refresh (self);
    if (OC_SCREEN_GET_CLASS (self)->card_changed != NULL)
        OC_SCREEN_GET_CLASS (self)->card_changed (self);
    oc_screen_update_actions (self);
}

static void
oc_screen_unmap (GtkWidget *widget)
{
    gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
    GTK_WIDGET_CLASS (oc_screen_parent_class)->unmap (widget);
}

static void
oc_screen_default_start (OcScreen *self)
{
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
oc_screen_constructed (GObject *object)
{
    OcScreenPrivate *priv = get_private (OC_SCREEN (object));

    G_OBJECT_CLASS (oc_screen_parent_class)->constructed (object);
    g_assert (priv->desk != NULL);
    g_signal_connect_object (priv->desk, "changed", G_CALLBACK (on_desk_changed_cb), object,
        G_CONNECT_SWAPPED);
}

static void
oc_screen_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    OcScreenPrivate *priv = get_private (OC_SCREEN (object));

    if (id == PROP_DESK)
        priv->desk = g_value_dup_object (value);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oc_screen_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    if (id == PROP_DESK)
        g_value_set_object (value, get_private (OC_SCREEN (object))->desk);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* What still runs is asked to stop; its guard keeps the instance, not the widgets. */
static void
oc_screen_dispose (GObject *object)
{
    OcScreenPrivate *priv = get_private (OC_SCREEN (object));

    priv->disposed = TRUE;
    for (guint i = 0; i < priv->busy->len; i++) {
        OcBusy *busy = g_ptr_array_index (priv->busy, i);
        if (!busy->final)
            g_cancellable_cancel (busy->cancellable);
    }
    g_clear_pointer (&priv->box, gtk_widget_unparent);
    G_OBJECT_CLASS (oc_screen_parent_class)->dispose (object);
}

static void
oc_screen_finalize (GObject *object)
{
    OcScreenPrivate *priv = get_private (OC_SCREEN (object));

    g_clear_object (&priv->desk);
    g_ptr_array_unref (priv->busy);
    G_OBJECT_CLASS (oc_screen_parent_class)->finalize (object);
}

/* The template's one child is the content under the bars. */
static void
oc_screen_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
    OcScreenPrivate *priv = get_private (OC_SCREEN (buildable));

    if (GTK_IS_WIDGET (child))
        gtk_overlay_set_child (priv->overlay, GTK_WIDGET (child));
    else
        parent_buildable->add_child (buildable, builder, child, type);
}

static void
oc_screen_buildable_init (GtkBuildableIface *iface)
{
    parent_buildable = g_type_interface_peek_parent (iface);
    iface->add_child = oc_screen_add_child;
}

static void
oc_screen_class_init (OcScreenClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    object_class->constructed = oc_screen_constructed;
    object_class->set_property = oc_screen_set_property;
    object_class->get_property = oc_screen_get_property;
    object_class->dispose = oc_screen_dispose;
    object_class->finalize = oc_screen_finalize;
    widget_class->map = oc_screen_map;
    widget_class->unmap = oc_screen_unmap;
    klass->start = oc_screen_default_start;

    properties[PROP_DESK] = g_param_spec_object ("desk", NULL, NULL, OC_TYPE_DESK,
        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (object_class, N_PROPS, properties);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "screen");
}

static void
oc_screen_init (OcScreen *self)
{
    OcScreenPrivate *priv = get_private (self);

    priv->busy = g_ptr_array_new ();
    priv->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
    priv->overlay = GTK_OVERLAY (gtk_overlay_new ());
    gtk_widget_set_vexpand (GTK_WIDGET (priv->overlay), TRUE);
    priv->message = OC_MESSAGE_BAR (oc_message_bar_new ());
    priv->busy_bar = OC_BUSY_BAR (oc_busy_bar_new ());
    g_signal_connect_object (priv->busy_bar, "cancelled", G_CALLBACK (on_cancel_cb), self, G_CONNECT_SWAPPED);
    gtk_box_append (GTK_BOX (priv->box), GTK_WIDGET (priv->message));
    gtk_box_append (GTK_BOX (priv->box), GTK_WIDGET (priv->overlay));
    gtk_overlay_add_overlay (priv->overlay, GTK_WIDGET (priv->busy_bar));
    gtk_widget_set_parent (priv->box, GTK_WIDGET (self));
}

/* Public --------------------------------------------------------------------------------------------------------- */

OcDesk *
oc_screen_get_desk (OcScreen *self)
{
    g_return_val_if_fail (OC_IS_SCREEN (self), NULL);
    return get_private (self)->desk;
}

gboolean
oc_screen_is_shown (OcScreen *self)
{
    g_return_val_if_fail (OC_IS_SCREEN (self), FALSE);
    return gtk_widget_get_mapped (GTK_WIDGET (self));
}

gboolean
oc_screen_is_busy (OcScreen *self)
{
    g_return_val_if_fail (OC_IS_SCREEN (self), FALSE);
    return get_private (self)->busy->len > 0;
}

gboolean
oc_screen_is_working (OcScreen *self)
{
    g_return_val_if_fail (OC_IS_SCREEN (self), FALSE);
    return newest_with_text (get_private (self)) != NULL;
}

gboolean
oc_screen_is_final (OcScreen *self)
{
    OcScreenPrivate *priv;

    g_return_val_if_fail (OC_IS_SCREEN (self), FALSE);
    priv = get_private (self);
    for (guint i = 0; i < priv->busy->len; i++) {
        if (((OcBusy *) g_ptr_array_index (priv->busy, i))->final)
            return TRUE;
    }
    return FALSE;
}

void
oc_screen_refresh (OcScreen *self)
{
    g_return_if_fail (OC_IS_SCREEN (self));
    get_private (self)->stale = FALSE;
    if (get_private (self)->until_reached && oc_desk_is_online (get_private (self)->desk))
        oc_screen_show_message (self, NULL, NULL);
    if (OC_SCREEN_GET_CLASS (self)->refresh != NULL)
        OC_SCREEN_GET_CLASS (self)->refresh (self);
}

void
oc_screen_again (OcScreen *self)
{
    g_return_if_fail (OC_IS_SCREEN (self));
    if (OC_SCREEN_GET_CLASS (self)->again != NULL)
        OC_SCREEN_GET_CLASS (self)->again (self);
    else
        oc_screen_refresh (self);
}

void
oc_screen_update_actions (OcScreen *self)
{
    g_return_if_fail (OC_IS_SCREEN (self));
    if (OC_SCREEN_GET_CLASS (self)->update_actions != NULL && !get_private (self)->disposed)
        OC_SCREEN_GET_CLASS (self)->update_actions (self);
}

gboolean
oc_screen_back (OcScreen *self)
{
    OcScreenPrivate *priv;

    g_return_val_if_fail (OC_IS_SCREEN (self), FALSE);
    priv = get_private (self);
    if (cancel_newest (self))
        return TRUE;
    if (gtk_widget_get_visible (GTK_WIDGET (priv->message))) {
        oc_screen_show_message (self, NULL, NULL);
        return TRUE;
    }
    return OC_SCREEN_GET_CLASS (self)->back != NULL && OC_SCREEN_GET_CLASS (self)->back (self);
}

void
oc_screen_start (OcScreen *self)
{
    g_return_if_fail (OC_IS_SCREEN (self));
    OC_SCREEN_GET_CLASS (self)->start (self);
}

void
oc_screen_show_customer (OcScreen *self, gint64 customer)
{
    g_return_if_fail (OC_IS_SCREEN (self));
    if (OC_SCREEN_GET_CLASS (self)->show_customer != NULL)
        OC_SCREEN_GET_CLASS (self)->show_customer (self, customer);
}

void
oc_screen_open_for (OcScreen *self, const char *id, gint64 customer)
{
    g_return_if_fail (OC_IS_SCREEN (self));
    gtk_widget_activate_action (GTK_WIDGET (self), "oc.show-for", "(sx)", id, customer);
}

void
oc_screen_open (OcScreen *self, const char *id)
{
    g_return_if_fail (OC_IS_SCREEN (self));
    gtk_widget_activate_action (GTK_WIDGET (self), "oc.show", "s", id);
}

void
oc_screen_show_message (OcScreen *self, const char *style, const char *text)
{
    OcScreenPrivate *priv;

    g_return_if_fail (OC_IS_SCREEN (self));
    priv = get_private (self);
    if (priv->disposed)
        return;
    priv->until_reached = FALSE;
    oc_message_bar_show (priv->message, style, text);
}

void
oc_screen_keep_until_reached (OcScreen *self)
{
    g_return_if_fail (OC_IS_SCREEN (self));
    get_private (self)->until_reached = TRUE;
}

void
oc_screen_offer (OcScreen *self, const char *label, const char *action)
{
    OcScreenPrivate *priv;

    g_return_if_fail (OC_IS_SCREEN (self));
    priv = get_private (self);
    if (priv->disposed)
        return;
    oc_message_bar_offer (priv->message, label, action);
}

OcBusy *
oc_screen_busy (OcScreen *self, const char *what)
{
    OcScreenPrivate *priv;
    OcBusy *busy;

    g_return_val_if_fail (OC_IS_SCREEN (self), NULL);
    priv = get_private (self);
    busy = g_new0 (OcBusy, 1);
    busy->screen = g_object_ref (self);
    busy->cancellable = g_cancellable_new ();
    busy->what = g_strdup (what);
    g_ptr_array_add (priv->busy, busy);
    if (what != NULL)
        oc_screen_show_message (self, NULL, NULL);
    update_busy_bar (self);
    oc_screen_update_actions (self);
    return busy;
}

void
oc_busy_free (OcBusy *self)
{
    g_autoptr(OcScreen) screen = NULL;
    OcScreenPrivate *priv;

    if (self == NULL)
        return;
    screen = self->screen;
    priv = get_private (screen);
    g_ptr_array_remove (priv->busy, self);
    if (!priv->disposed) {
        update_busy_bar (screen);
        oc_screen_update_actions (screen);
        if (priv->stale && priv->busy->len == 0 && oc_screen_is_shown (screen))
            oc_screen_refresh (screen);
    }
    g_object_unref (self->cancellable);
    g_free (self->what);
    g_free (self);
}

gpointer
oc_busy_get_screen (OcBusy *self)
{
    g_return_val_if_fail (self != NULL, NULL);
    return get_private (self->screen)->disposed ? NULL : self->screen;
}

GCancellable *
oc_busy_get_cancellable (OcBusy *self)
{
    g_return_val_if_fail (self != NULL, NULL);
    return self->cancellable;
}

void
oc_busy_set_final (OcBusy *self, const char *what)
{
    g_return_if_fail (self != NULL);
    self->final = TRUE;
    g_free (self->what);
    self->what = g_strdup (what);
    if (oc_busy_get_screen (self) != NULL)
        update_busy_bar (self->screen);
}

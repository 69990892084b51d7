/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list box whose headers are the groups. It is one stop of the Tab key; arrows move inside. */
#include "ui/sidebar.h"

#include <glib/gi18n-lib.h>

#include "ui/screens.h"
#include "ui/scroll.h"
#include "ui/style.h"

#define WIDTH 208
#define WIDTH_FOLDED 56

struct _OcSidebar {
    GtkWidget parent_instance;

    GtkWidget *scrolled;
    GtkListBox *list;
    GtkLabel *badge;  /* of "unfinished", NULL when that isn't there */
    gint64 unfinished;
    gboolean folded;
};

G_DEFINE_FINAL_TYPE (OcSidebar, oc_sidebar, GTK_TYPE_WIDGET)

static const OcScreenInfo *
info_of (GtkListBoxRow *row)
{
    return g_object_get_data (G_OBJECT (row), "screen");
}

static void
update_row (OcSidebar *self, GtkListBoxRow *row)
{
    GtkWidget *box = gtk_list_box_row_get_child (row);
    GtkWidget *child = gtk_widget_get_next_sibling (gtk_widget_get_first_child (box));

    for (; child != NULL; child = gtk_widget_get_next_sibling (child))
        gtk_widget_set_visible (child, !self->folded);
    gtk_widget_set_halign (gtk_widget_get_first_child (box), self->folded ? GTK_ALIGN_CENTER : GTK_ALIGN_START);
    gtk_widget_set_hexpand (gtk_widget_get_first_child (box), self->folded);
    gtk_widget_set_has_tooltip (GTK_WIDGET (row), self->folded);
    if (self->folded)
        gtk_widget_set_tooltip_text (GTK_WIDGET (row), _(info_of (row)->title));
}

static void
update_badge (OcSidebar *self)
{
    g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, self->unfinished);

    if (self->badge == NULL)
        return;
    gtk_label_set_label (self->badge, text);
    gtk_widget_set_visible (GTK_WIDGET (self->badge), !self->folded && self->unfinished > 0);
}

static char *
accel_label (const char *accel)
{
    guint key;
    GdkModifierType mods;

    if (accel == NULL || !gtk_accelerator_parse (accel, &key, &mods))
        return g_strdup ("");
    return gtk_accelerator_get_label (key, mods);
}

static GtkWidget *
make_row (OcSidebar *self, const OcScreenInfo *info)
{
    GtkWidget *row = gtk_list_box_row_new ();
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
    GtkWidget *title = gtk_label_new (_(info->title));
    g_autofree char *accel = accel_label (info->accel);

    gtk_label_set_xalign (GTK_LABEL (title), 0);
    gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
    gtk_widget_set_hexpand (title, TRUE);
    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (info->icon));
    gtk_box_append (GTK_BOX (box), title);
    if (g_str_equal (info->id, "unfinished")) {
        self->badge = GTK_LABEL (gtk_label_new (NULL));
        gtk_widget_add_css_class (GTK_WIDGET (self->badge), "badge");
        gtk_widget_set_valign (GTK_WIDGET (self->badge), GTK_ALIGN_CENTER);
        gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->badge));
    }
    if (info->accel != NULL && info->accel[0] == 'F') {
        GtkWidget *key = gtk_label_new (accel);
        gtk_widget_add_css_class (key, "key");
        gtk_widget_set_valign (key, GTK_ALIGN_CENTER);
        gtk_box_append (GTK_BOX (box), key);
    }
    gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, _(info->title), -1);
    g_object_set_data (G_OBJECT (row), "screen", (gpointer) info);
    return row;
}

static void
header_func (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
    OcSidebar *self = data;
    const OcScreenInfo *info = info_of (row);
    GtkWidget *header;

    if (before == NULL || info_of (before)->group == info->group) {
        gtk_list_box_row_set_header (row, NULL);
        return;
    }
    if (self->folded) {
        header = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
    } else {
        header = gtk_label_new (oc_screen_group_title (info->group));
        gtk_label_set_xalign (GTK_LABEL (header), 0);
    }
    gtk_widget_add_css_class (header, "group");
    gtk_list_box_row_set_header (row, header);
}

static void
on_row_activated_cb (OcSidebar *self, GtkListBoxRow *row)
{
    gtk_widget_activate_action (GTK_WIDGET (self), "oc.show", "s", info_of (row)->id);
}

static void
oc_sidebar_dispose (GObject *object)
{
    OcSidebar *self = OC_SIDEBAR (object);

    self->badge = NULL;
    g_clear_pointer (&self->scrolled, gtk_widget_unparent);
    G_OBJECT_CLASS (oc_sidebar_parent_class)->dispose (object);
}

static void
oc_sidebar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
    int *natural_baseline)
{
    OcSidebar *self = OC_SIDEBAR (widget);

    gtk_widget_measure (self->scrolled, orientation, -1, minimum, natural, NULL, NULL);
    if (orientation == GTK_ORIENTATION_HORIZONTAL) {
        *minimum = WIDTH_FOLDED;
        *natural = self->folded ? WIDTH_FOLDED : oc_sidebar_get_full_width (self);
    }
}

static void
oc_sidebar_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
    OcSidebar *self = OC_SIDEBAR (widget);
    int minimum;

    gtk_widget_measure (self->scrolled, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
    gtk_widget_size_allocate (self->scrolled, &(GtkAllocation){ 0, 0, MAX (width, minimum), height }, -1);
}

static void
oc_sidebar_class_init (OcSidebarClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_sidebar_dispose;
    widget_class->measure = oc_sidebar_measure;
    widget_class->size_allocate = oc_sidebar_size_allocate;
    gtk_widget_class_set_css_name (widget_class, "sidebar");
}

static void
oc_sidebar_init (OcSidebar *self)
{
    self->list = GTK_LIST_BOX (gtk_list_box_new ());
    gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_SINGLE);
    gtk_list_box_set_header_func (self->list, header_func, self, NULL);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Screens"), -1);
    g_signal_connect_object (self->list, "row-activated", G_CALLBACK (on_row_activated_cb), self, G_CONNECT_SWAPPED);
    self->scrolled = gtk_scrolled_window_new ();
    gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), GTK_WIDGET (self->list));
    gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
    gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}

void
oc_sidebar_fill (OcSidebar *self, OcDesk *desk)
{
    GtkWidget *child;
    guint n;
    const OcScreenInfo *infos = oc_screens (&n);

    g_return_if_fail (OC_IS_SIDEBAR (self));
    self->badge = NULL;
    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
        gtk_list_box_remove (self->list, child);
    for (int group = 0; group < OC_N_GROUPS; group++) {
        for (guint i = 0; i < n; i++) {
            if ((int) infos[i].group == group && (infos[i].permission == NULL || oc_desk_may (desk, infos[i].permission)))
                gtk_list_box_append (self->list, make_row (self, &infos[i]));
        }
    }
    oc_sidebar_set_folded (self, self->folded);
}

/* A row has its place only after the next layout. */
static gboolean
on_show_idle_cb (gpointer data)
{
    OcSidebar *self = data;
    GtkListBoxRow *row = self->scrolled != NULL ? gtk_list_box_get_selected_row (self->list) : NULL;
    graphene_rect_t place;

    if (row != NULL && gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self->list), &place))
        oc_scroll_to (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled)), &place);
    return G_SOURCE_REMOVE;
}

void
oc_sidebar_mark (OcSidebar *self, const char *id)
{
    g_return_if_fail (OC_IS_SIDEBAR (self));
    for (int i = 0;; i++) {
        GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);
        if (row == NULL || g_str_equal (info_of (row)->id, id)) {
            gtk_list_box_select_row (self->list, row);
            g_idle_add_full (G_PRIORITY_LOW, on_show_idle_cb, g_object_ref (self), g_object_unref);
            return;
        }
    }
}

void
oc_sidebar_set_folded (OcSidebar *self, gboolean folded)
{
    GtkListBoxRow *row;

    g_return_if_fail (OC_IS_SIDEBAR (self));
    self->folded = folded;
    gtk_widget_queue_resize (GTK_WIDGET (self));
    for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
        update_row (self, row);
    update_badge (self);
    gtk_list_box_invalidate_headers (self->list);
}

int
oc_sidebar_get_full_width (OcSidebar *self)
{
    g_return_val_if_fail (OC_IS_SIDEBAR (self), 0);
    return (int) (WIDTH * oc_style_text_scale ());
}

void
oc_sidebar_set_unfinished (OcSidebar *self, gint64 n)
{
    g_return_if_fail (OC_IS_SIDEBAR (self));
    self->unfinished = n;
    update_badge (self);
}

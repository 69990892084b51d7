/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search of the screens. */
#include "ui/search.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/text.h"
#include "ui/screens.h"

#define WIDTH 360

struct _OcSearch {
    GtkWidget parent_instance;

    OcDesk *desk;
    GtkMenuButton *button;
    GtkPopover *popover;
    GtkEditable *entry;
    GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (OcSearch, oc_search, GTK_TYPE_WIDGET)

/* ASCII words are found by their beginnings ("sale", not "ale"); Chinese has no spaces and is found anywhere. */
static gboolean
part_matches (const char *all, const char *part)
{
    for (const char *at = strstr (all, part); at != NULL; at = strstr (at + 1, part)) {
        if (at == all || at[-1] == ' ' || (guchar) part[0] >= 0x80)
            return TRUE;
    }
    return FALSE;
}

/* The pinyin initials of each word, with blanks between. Caller frees. */
static char *
initials_of (const char *words)
{
    g_auto(GStrv) parts = g_strsplit (words, " ", -1);

    for (int i = 0; parts[i] != NULL; i++) {
        char *initials = oc_text_initials (parts[i]);

        g_free (parts[i]);
        parts[i] = initials;
    }
    return g_strjoinv (" ", parts);
}

/* Whether all @parts are found in @all. */
static gboolean
all_match (const char *all, char **parts)
{
    for (int i = 0; parts[i] != NULL; i++) {
        if (*parts[i] != '\0' && !part_matches (all, parts[i]))
            return FALSE;
    }
    return TRUE;
}

enum { NOT_FOUND, FOUND, BY_A_WORD, BY_ITS_BEGINNING, BY_ITS_TITLE, N_RANKS };

guint
oc_search_rank (const char *words, const char *title, const char *text)
{
    g_autofree char *initials = initials_of (words);
    g_autofree char *joined = g_strconcat (words, " ", title, " ", initials, NULL);
    g_autofree char *all = g_utf8_casefold (joined, -1);
    g_autofree char *folded = g_strstrip (g_utf8_casefold (text, -1));
    g_autofree char *called = g_utf8_casefold (title, -1);
    g_auto(GStrv) parts = g_strsplit (folded, " ", -1);
    g_auto(GStrv) whole = g_strsplit (all, " ", -1);

    if (!all_match (all, parts))
        return NOT_FOUND;
    if (*folded == '\0')
        return FOUND;
    if (g_str_has_prefix (called, folded))
        return g_str_equal (called, folded) ? BY_ITS_TITLE : BY_ITS_BEGINNING;
    return g_strv_contains ((const char *const *) whole, folded) ? BY_A_WORD : FOUND;
}

static GtkWidget *
make_row (const OcScreenInfo *info)
{
    GtkWidget *row = gtk_list_box_row_new ();
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *title = gtk_label_new (_(info->title));
    const char *group = oc_screen_group_title (info->group);

    gtk_label_set_xalign (GTK_LABEL (title), 0);
    gtk_widget_set_hexpand (title, TRUE);
    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (info->icon));
    gtk_box_append (GTK_BOX (box), title);
    if (group != NULL) {
        GtkWidget *label = gtk_label_new (group);
        gtk_widget_add_css_class (label, "dim-label");
        gtk_box_append (GTK_BOX (box), label);
    }
    gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, _(info->title), -1);
    g_object_set_data (G_OBJECT (row), "screen", (gpointer) info);
    return row;
}

static gboolean
is_allowed (OcSearch *self, const OcScreenInfo *info)
{
    return info->permission == NULL || (self->desk != NULL && oc_desk_may (self->desk, info->permission));
}

/* The best ones first; among equals, in the order of the sidebar. */
static void
fill (OcSearch *self)
{
    const char *text = gtk_editable_get_text (self->entry);
    GtkListBoxRow *row;
    guint n;
    const OcScreenInfo *infos = oc_screens (&n);

    while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
        gtk_list_box_remove (self->list, GTK_WIDGET (row));
    for (guint rank = N_RANKS - 1; rank > NOT_FOUND; rank--) {
        for (guint i = 0; i < n; i++) {
            if (is_allowed (self, &infos[i]) && oc_search_rank (infos[i].words, _(infos[i].title), text) == rank)
                gtk_list_box_append (self->list, make_row (&infos[i]));
        }
    }
    gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

static void
on_row_activated_cb (OcSearch *self, GtkListBoxRow *row)
{
    const OcScreenInfo *info = g_object_get_data (G_OBJECT (row), "screen");

    gtk_popover_popdown (self->popover);
    gtk_widget_activate_action (GTK_WIDGET (self), "oc.show", "s", info->id);
}

static void
on_entry_activate_cb (OcSearch *self)
{
    GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

    if (row != NULL)
        on_row_activated_cb (self, row);
}

/* Up and Down move the choice while the caret stays in the field. */
static gboolean
on_key_cb (OcSearch *self, guint key, guint code, GdkModifierType mods)
{
    GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
    int step = key == GDK_KEY_Down ? 1 : key == GDK_KEY_Up ? -1 : 0;

    if (step == 0)
        return GDK_EVENT_PROPAGATE;
    if (row != NULL
        && (row = gtk_list_box_get_row_at_index (self->list, gtk_list_box_row_get_index (row) + step)) != NULL)
        gtk_list_box_select_row (self->list, row);
    return GDK_EVENT_STOP;
}

static void
on_shown_cb (OcSearch *self)
{
    gtk_editable_set_text (self->entry, "");
    fill (self);
    gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

/* When it is first opened: the login need not wait for it. */
static void
on_open_cb (GtkMenuButton *button, gpointer data)
{
    OcSearch *self = data;
    GtkWidget *box, *empty;
    GtkEventController *keys;

    if (self->popover != NULL)
        return;
    box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
    empty = gtk_label_new (_("No screen has such a name"));
    keys = gtk_event_controller_key_new ();

    self->entry = GTK_EDITABLE (gtk_search_entry_new ());
    self->list = GTK_LIST_BOX (gtk_list_box_new ());
    self->popover = GTK_POPOVER (gtk_popover_new ());
    gtk_widget_add_css_class (empty, "dim-label");
    gtk_widget_add_css_class (GTK_WIDGET (self->popover), "search");
    gtk_list_box_set_placeholder (self->list, empty);
    gtk_list_box_set_activate_on_single_click (self->list, TRUE);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
        _("Search screens"), -1);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Screens found"), -1);
    gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
    g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_cb), self, G_CONNECT_SWAPPED);
    gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
    g_signal_connect_object (self->entry, "changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->entry, "activate", G_CALLBACK (on_entry_activate_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->list, "row-activated", G_CALLBACK (on_row_activated_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->popover, "show", G_CALLBACK (on_shown_cb), self, G_CONNECT_SWAPPED);
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->entry));
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
    gtk_popover_set_child (self->popover, box);
    gtk_popover_set_has_arrow (self->popover, FALSE);
    gtk_menu_button_set_popover (button, GTK_WIDGET (self->popover));
}

static void
oc_search_dispose (GObject *object)
{
    OcSearch *self = OC_SEARCH (object);

    g_clear_object (&self->desk);
    if (self->button != NULL)
        gtk_widget_unparent (GTK_WIDGET (self->button));
    self->button = NULL;
    G_OBJECT_CLASS (oc_search_parent_class)->dispose (object);
}

static void
oc_search_class_init (OcSearchClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_search_dispose;
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "screensearch");
}

static void
oc_search_init (OcSearch *self)
{
    GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *words = gtk_label_new (_("Search screens"));
    GtkWidget *key = gtk_label_new ("Ctrl+K");

    gtk_widget_set_hexpand (words, TRUE);
    gtk_label_set_xalign (GTK_LABEL (words), 0);
    gtk_widget_add_css_class (key, "key");
    gtk_widget_set_valign (key, GTK_ALIGN_CENTER);
    gtk_widget_set_size_request (content, WIDTH, -1);
    gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name ("oc-search-symbolic"));
    gtk_box_append (GTK_BOX (content), words);
    gtk_box_append (GTK_BOX (content), key);
    self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
    gtk_menu_button_set_child (self->button, content);
    gtk_menu_button_set_create_popup_func (self->button, on_open_cb, self, NULL);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search screens"), -1);
    gtk_widget_set_parent (GTK_WIDGET (self->button), GTK_WIDGET (self));
}

void
oc_search_set_desk (OcSearch *self, OcDesk *desk)
{
    g_return_if_fail (OC_IS_SEARCH (self));
    g_set_object (&self->desk, desk);
}

void
oc_search_open (OcSearch *self)
{
    g_return_if_fail (OC_IS_SEARCH (self));
    gtk_menu_button_popup (self->button);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screens in a stack. */
#include "ui/screen-stack.h"

#include <glib/gi18n-lib.h>

#include "ui/screens.h"

typedef gboolean (*Goes) (OcScreen *screen, const char *id, OcDesk *desk);

static void
drop (GtkStack *stack, Goes goes, OcDesk *desk)
{
    GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack));

    while (child != NULL) {
        GtkWidget *next = gtk_widget_get_next_sibling (child);
        if (goes (OC_SCREEN (child), gtk_stack_page_get_name (gtk_stack_get_page (stack, child)), desk))
            gtk_stack_remove (stack, child);
        child = next;
    }
}

static gboolean
is_allowed (OcDesk *desk, const char *id)
{
    const OcScreenInfo *info = oc_screens_find (id);

    return info == NULL || info->permission == NULL || oc_desk_may (desk, info->permission);
}

static gboolean
is_of_operator (OcScreen *screen, const char *id, OcDesk *desk)
{
    return !g_str_equal (id, OC_SCREEN_LOGIN);
}

static gboolean
is_forbidden (OcScreen *screen, const char *id, OcDesk *desk)
{
    return !is_allowed (desk, id) && !oc_screen_is_final (screen);
}

OcScreen *
oc_screen_stack_get_current (GtkStack *stack)
{
    return OC_SCREEN (gtk_stack_get_visible_child (stack));
}

gboolean
oc_screen_stack_show (GtkStack *stack, OcDesk *desk, const char *id)
{
    const OcScreenInfo *info = oc_screens_find (id);
    GtkWidget *screen;

    if (info == NULL || !is_allowed (desk, id))
        return FALSE;
    if ((screen = gtk_stack_get_child_by_name (stack, id)) == NULL) {
        screen = g_object_new (info->get_type (), "desk", desk, NULL);
        gtk_stack_add_named (stack, screen, id);
    }
    if (gtk_stack_get_visible_child (stack) != screen)
        gtk_root_set_focus (gtk_widget_get_root (GTK_WIDGET (stack)), NULL); /* a text that goes out of sight with the focus complains */
    gtk_stack_set_visible_child (stack, screen);
    oc_screen_start (OC_SCREEN (screen));
    return TRUE;
}

void
oc_screen_stack_drop_all (GtkStack *stack)
{
    drop (stack, is_of_operator, NULL);
}

void
oc_screen_stack_drop_forbidden (GtkStack *stack, OcDesk *desk)
{
    OcScreen *current = oc_screen_stack_get_current (stack);

    if (is_forbidden (current, gtk_stack_get_visible_child_name (stack), desk)) {
        oc_screen_stack_show (stack, desk, OC_SCREEN_HOME);
        oc_screen_show_message (oc_screen_stack_get_current (stack), "warning",
            _("Your role was changed: you may not use this screen any more."));
    }
    drop (stack, is_forbidden, desk);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: who is signed in decides what it shows. */
#include "ui/window-private.h"

#include <glib/gi18n-lib.h>

#include "ui/present-error.h"
#include "ui/screen-stack.h"
#include "ui/screens.h"
#include "ui/style.h"

#define FOLD_BELOW 1100
#define SCREEN_WIDTH 860 /* what the widest screen needs beside the folded sidebar, with it (tests/ui/test-sizes.c) */

G_DEFINE_FINAL_TYPE (OcWindow, oc_window, GTK_TYPE_APPLICATION_WINDOW)

OcScreen *
oc_window_current (OcWindow *self)
{
    return oc_screen_stack_get_current (self->stack);
}

static int
minimum_width (GtkWidget *widget)
{
    int minimum;

    gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
    return minimum;
}

/* Unfinished writes ------------------------------------------------------------------------------------------------ */

static void
on_home_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcWindow) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_list_finish (OC_DESK (source), result, &error);
    gint64 n;

    if (!oc_latest_is_answer (&self->counting, result) || rows == NULL || oc_rows_count (rows) == 0 || !self->inside)
        return; /* the status bar says already when the database is away */
    n = oc_rows_int (rows, 0, "unfinished");
    oc_status_bar_set_unfinished (self->status_bar, n);
    oc_sidebar_set_unfinished (self->sidebar, n);
}

static void
count_unfinished (OcWindow *self)
{
    if (!self->inside)
        return;
    oc_list_async (self->desk, "home", oc_latest_begin (&self->counting), on_home_cb, g_object_ref (self));
}

/* Signing in and out ----------------------------------------------------------------------------------------------- */

static void
show_frame (OcWindow *self, gboolean inside)
{
    self->inside = inside;
    gtk_widget_set_visible (self->fold, inside);
    gtk_widget_set_visible (GTK_WIDGET (self->search), inside);
    gtk_widget_set_visible (GTK_WIDGET (self->menu), inside);
    gtk_widget_set_visible (GTK_WIDGET (self->sidebar), inside);
    gtk_widget_set_visible (GTK_WIDGET (self->status_bar), inside);
    gtk_widget_set_visible (self->tray_button, inside && gtk_revealer_get_child (self->tray) != NULL);
    gtk_widget_set_visible (GTK_WIDGET (self->tray), inside && gtk_revealer_get_child (self->tray) != NULL);
}

/* Who was signed out by somebody else is told why. */
static void
tell_end (OcWindow *self)
{
    g_autoptr(GError) end = oc_desk_dup_end (self->desk);

    if (end != NULL)
        oc_screen_show_message (oc_window_current (self), "warning", end->message);
}

void
oc_window_leave (OcWindow *self)
{
    oc_window_lock_end (self->lock);
    show_frame (self, FALSE);
    gtk_stack_set_visible_child_name (self->stack, OC_SCREEN_LOGIN);
    oc_screen_stack_drop_all (self->stack);
    g_clear_pointer (&self->last, oc_outcome_free);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "oc.print-last", FALSE);
    gtk_label_set_label (self->unit, _("OneCard"));
    oc_screen_start (oc_window_current (self));
    tell_end (self);
}

/* Who is signed in may do other things now, or the unit is called by another name. */
static void
follow_session (OcWindow *self)
{
    OcFields *session = oc_desk_get_session (self->desk);
    const char *unit = oc_fields_get (session, "unit_name");

    gtk_label_set_label (self->unit, unit != NULL && *unit != '\0' ? unit : _("OneCard"));
    gtk_label_set_label (self->operator, oc_fields_get (session, "operator_name"));
    oc_screen_stack_drop_forbidden (self->stack, self->desk);
    oc_sidebar_fill (self->sidebar, self->desk);
    oc_sidebar_mark (self->sidebar, oc_window_get_screen (self));
}

/* A tray beside which a screen would not fit the monitor stays closed until somebody wants it. */
static void
open_tray (OcWindow *self)
{
    GtkWidget *tray = gtk_revealer_get_child (self->tray);
    GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self));
    GdkMonitor *monitor = tray != NULL ? gdk_display_get_monitor_at_surface (gtk_widget_get_display (GTK_WIDGET (self)), surface) : NULL;
    GdkRectangle area;

    if (monitor == NULL)
        return;
    gdk_monitor_get_geometry (monitor, &area);
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->tray_button),
        area.width >= minimum_width (tray) + SCREEN_WIDTH * oc_style_text_scale ());
}

static void
enter (OcWindow *self)
{
    g_autofree char *wanted = g_steal_pointer (&self->wanted);

    if (oc_desk_get_session (self->desk) == NULL)
        return;
    gtk_menu_button_set_menu_model (self->menu, self->operator_menu); /* made of widgets only now */
    oc_search_set_desk (self->search, self->desk);
    follow_session (self);
    oc_status_bar_update (self->status_bar, self->desk);
    open_tray (self);
    show_frame (self, TRUE);
    oc_window_show_screen (self, OC_SCREEN_HOME);
    if (wanted != NULL)
        oc_window_show_screen (self, wanted);
    count_unfinished (self);
}

/* Locking ------------------------------------------------------------------------------------------------------------ */

static void
on_unlocked_cb (OcWindow *self)
{
    oc_window_lock_take_away (self->lock);
    self->inside = TRUE;
    follow_session (self);
    count_unfinished (self);
    oc_status_bar_update (self->status_bar, self->desk);
    oc_screen_start (oc_window_current (self));
}

/* What the first one typed goes with the session. */
static void
on_other_cb (OcWindow *self, const char *number, const char *password)
{
    g_autofree char *other = g_strdup (number);
    g_autofree char *secret = g_strdup (password);

    oc_window_lock_end (self->lock);
    oc_sign_out (self->desk);
    oc_window_leave (self);
    gtk_widget_activate_action (GTK_WIDGET (oc_window_current (self)), "login.sign-in-as", "(ss)", other, secret);
}

/* A card that is written is written to its end first. */
void
oc_window_lock_up (OcWindow *self, gboolean other)
{
    OcLockPage *page;

    if (!self->inside || oc_screen_is_final (oc_window_current (self)))
        return;
    self->inside = FALSE;
    page = oc_window_lock_put (self->lock);
    g_signal_connect_object (page, "unlocked", G_CALLBACK (on_unlocked_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (page, "other", G_CALLBACK (on_other_cb), self, G_CONNECT_SWAPPED);
    oc_lock_page_start (page, self->desk, other);
}

static void
on_idle_cb (gpointer data)
{
    oc_window_lock_up (data, FALSE);
}

static void
on_signed_in_cb (OcWindow *self)
{
    enter (self);
}

static void
on_desk_changed_cb (OcWindow *self, const char *topic)
{
    if ((self->inside || oc_window_lock_is_on (self->lock)) && oc_desk_get_session (self->desk) == NULL) {
        oc_window_leave (self);
        return;
    }
    if (!self->inside)
        return;
    oc_status_bar_update (self->status_bar, self->desk);
    if (g_str_equal (topic, "session"))
        follow_session (self);
    if (g_str_equal (topic, "trades") || g_str_equal (topic, "unfinished"))
        count_unfinished (self);
}

/* Folding ------------------------------------------------------------------------------------------------------------ */

void
oc_window_update_fold (OcWindow *self)
{
    oc_sidebar_set_folded (self->sidebar, self->narrow || self->folded);
}

static gboolean
on_fold_idle_cb (gpointer data)
{
    OcWindow *self = data;

    self->fold_idle = 0;
    oc_window_update_fold (self);
    return G_SOURCE_REMOVE;
}

/* What the tray takes is not there for the screens; and a screen that needs the room gets it. */
static gboolean
is_narrow (OcWindow *self, int width)
{
    GtkWidget *tray = gtk_revealer_get_child (self->tray);

    if (tray != NULL && gtk_widget_get_visible (GTK_WIDGET (self->tray))
        && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->tray_button)))
        width -= minimum_width (tray);
    return width < FOLD_BELOW * oc_style_text_scale ()
        || width < oc_sidebar_get_full_width (self->sidebar) + minimum_width (GTK_WIDGET (self->stack));
}

/* The width is known only here, where nothing may change its size: the fold follows in an idle. */
static void
oc_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
    OcWindow *self = OC_WINDOW (widget);
    gboolean narrow = is_narrow (self, width);

    GTK_WIDGET_CLASS (oc_window_parent_class)->size_allocate (widget, width, height, baseline);
    if (narrow != self->narrow) {
        self->narrow = narrow;
        if (self->fold_idle == 0)
            self->fold_idle = g_idle_add (on_fold_idle_cb, self);
    }
}

/* GtkWidget and GObject ------------------------------------------------------------------------------------------------ */

/* While a card is written the window stays: its job would have to be settled with the card again. */
static gboolean
oc_window_close_request (GtkWindow *window)
{
    OcWindow *self = OC_WINDOW (window);
    OcScreen *screen = oc_window_current (self);

    if (self->inside && oc_screen_is_busy (screen) && oc_screen_is_final (screen)) {
        oc_screen_show_message (screen, "warning", _("A card is being written. Wait until it is done."));
        return TRUE;
    }
    return GTK_WINDOW_CLASS (oc_window_parent_class)->close_request (window);
}

static void
oc_window_dispose (GObject *object)
{
    OcWindow *self = OC_WINDOW (object);

    self->inside = FALSE;
    g_clear_handle_id (&self->fold_idle, g_source_remove);
    g_clear_pointer (&self->idle, oc_idle_watch_free);
    g_clear_pointer (&self->lock, oc_window_lock_free);
    oc_latest_drop (&self->counting);
    g_clear_object (&self->desk);
    g_clear_pointer (&self->last, oc_outcome_free);
    g_clear_pointer (&self->wanted, g_free);
    gtk_widget_dispose_template (GTK_WIDGET (self), OC_TYPE_WINDOW);
    G_OBJECT_CLASS (oc_window_parent_class)->dispose (object);
}

static void
oc_window_class_init (OcWindowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_window_dispose;
    widget_class->size_allocate = oc_window_size_allocate;
    GTK_WINDOW_CLASS (klass)->close_request = oc_window_close_request;
    g_type_ensure (OC_TYPE_SEARCH);
    g_type_ensure (OC_TYPE_SIDEBAR);
    g_type_ensure (OC_TYPE_STATUS_BAR);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/window.ui");
    gtk_widget_class_bind_template_child (widget_class, OcWindow, fold);
    gtk_widget_class_bind_template_child (widget_class, OcWindow, unit);
    gtk_widget_class_bind_template_child (widget_class, OcWindow, search);
    gtk_widget_class_bind_template_child (widget_class, OcWindow, menu);
    gtk_widget_class_bind_template_child (widget_class, OcWindow, operator);
    gtk_widget_class_bind_template_child (widget_class, OcWindow, operator_menu);
    gtk_widget_class_bind_template_child (widget_class, OcWindow, tray_button);
    gtk_widget_class_bind_template_child (widget_class, OcWindow, sidebar);
    gtk_widget_class_bind_template_child (widget_class, OcWindow, stack);
    gtk_widget_class_bind_template_child (widget_class, OcWindow, tray);
    gtk_widget_class_bind_template_child (widget_class, OcWindow, status_bar);
    oc_window_install_actions (widget_class);
}

static void
oc_window_init (OcWindow *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    self->lock = oc_window_lock_new (GTK_WINDOW (self));
    oc_window_lock_cover (self->lock, self->fold);
    oc_window_lock_cover (self->lock, GTK_WIDGET (self->search));
    oc_window_lock_cover (self->lock, GTK_WIDGET (self->menu));
    oc_window_lock_cover (self->lock, self->tray_button);
    self->idle = oc_idle_watch_new (on_idle_cb, self);
}

/* Public ------------------------------------------------------------------------------------------------------------------ */

OcWindow *
oc_window_new (GtkApplication *application, OcDesk *desk)
{
    OcWindow *self;
    GtkWidget *login;

    g_return_val_if_fail (OC_IS_DESK (desk), NULL);
    self = g_object_new (OC_TYPE_WINDOW, "application", application, NULL);
    self->desk = g_object_ref (desk);
    login = g_object_new (oc_login_screen_get_type (), "desk", desk, NULL);
    g_signal_connect_object (login, "signed-in", G_CALLBACK (on_signed_in_cb), self, G_CONNECT_SWAPPED);
    gtk_stack_add_named (self->stack, login, OC_SCREEN_LOGIN);
    g_signal_connect_object (desk, "changed", G_CALLBACK (on_desk_changed_cb), self, G_CONNECT_SWAPPED);
    oc_window_leave (self);
    return self;
}

OcWindow *
oc_window_of (GtkWidget *widget)
{
    GtkRoot *root = gtk_widget_get_root (widget);

    return OC_IS_WINDOW (root) ? OC_WINDOW (root) : NULL;
}

OcDesk *
oc_window_get_desk (OcWindow *self)
{
    g_return_val_if_fail (OC_IS_WINDOW (self), NULL);
    return self->desk;
}

void
oc_window_show_screen (OcWindow *self, const char *id)
{
    g_return_if_fail (OC_IS_WINDOW (self));
    if (!self->inside) {
        g_free (self->wanted);
        self->wanted = g_strdup (id);
    } else if (oc_screen_stack_show (self->stack, self->desk, id)) {
        oc_sidebar_mark (self->sidebar, id);
    }
}

const char *
oc_window_get_screen (OcWindow *self)
{
    g_return_val_if_fail (OC_IS_WINDOW (self), NULL);
    return gtk_stack_get_visible_child_name (self->stack);
}

void
oc_window_set_last_outcome (OcWindow *self, const OcOutcome *outcome)
{
    g_return_if_fail (OC_IS_WINDOW (self));
    g_return_if_fail (outcome != NULL);
    g_clear_pointer (&self->last, oc_outcome_free);
    self->last = g_new0 (OcOutcome, 1);
    self->last->kind = g_strdup (outcome->kind);
    self->last->fields = outcome->fields != NULL ? oc_fields_ref (outcome->fields) : NULL;
    self->last->trades = outcome->trades != NULL ? g_object_ref (outcome->trades) : NULL;
    self->last->job = g_strdup (outcome->job);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "oc.print-last", TRUE);
}

void
oc_window_set_tray (OcWindow *self, GtkWidget *tray)
{
    g_return_if_fail (OC_IS_WINDOW (self));
    g_return_if_fail (GTK_IS_WIDGET (tray));
    gtk_revealer_set_child (self->tray, tray);
    show_frame (self, self->inside);
}

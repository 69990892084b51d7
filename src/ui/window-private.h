/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What window.c (who is in it and what is seen) and window-actions.c (its actions and their keys) share. Main thread. */
#pragma once

#include "ui/idle-watch.h"
#include "ui/latest.h"
#include "ui/screen.h"
#include "ui/search.h"
#include "ui/sidebar.h"
#include "ui/status-bar.h"
#include "ui/window-lock.h"
#include "ui/window.h"

G_BEGIN_DECLS

struct _OcWindow {
    GtkApplicationWindow parent_instance;

    GtkWidget *fold;
    GtkLabel *unit;
    OcSearch *search;
    GtkMenuButton *menu;
    GMenuModel *operator_menu;
    GtkLabel *operator;
    GtkWidget *tray_button;
    OcSidebar *sidebar;
    GtkStack *stack;
    GtkRevealer *tray;
    OcStatusBar *status_bar;
    OcDesk *desk;
    OcOutcome *last;      /* what Ctrl+P prints */
    char *wanted;         /* the screen to begin with */
    OcLatest counting;
    gboolean inside;      /* somebody is signed in and sees the screens */
    OcWindowLock *lock;   /* while it is on, nobody is inside */
    OcIdleWatch *idle;
    gboolean folded;      /* by the operator, for wide windows */
    gboolean narrow;
    guint fold_idle;
};

OcScreen *oc_window_current (OcWindow *self);
/* Back to the login, after the session has ended. */
void oc_window_leave (OcWindow *self);
/* Covers the screens until the operator, or with @other another one, has signed in. */
void oc_window_lock_up (OcWindow *self, gboolean other);
void oc_window_update_fold (OcWindow *self);
void oc_window_install_actions (GtkWidgetClass *klass);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: header bar, sidebar, stack of screens, status bar; the login screen while nobody is signed in. */
#pragma once

#include <gtk/gtk.h>

#include "ops/ops.h"

G_BEGIN_DECLS

#define OC_TYPE_WINDOW (oc_window_get_type ())
G_DECLARE_FINAL_TYPE (OcWindow, oc_window, OC, WINDOW, GtkApplicationWindow)

/* @desk is referenced. */
OcWindow *oc_window_new (GtkApplication *application, OcDesk *desk);
/* The window that @widget is in, NULL when it is in none. */
OcWindow *oc_window_of (GtkWidget *widget);
OcDesk *oc_window_get_desk (OcWindow *self);

/* Shows the screen with this id; nothing happens when it is unknown or the operator may not see it. Before signing in
 * it is remembered for afterwards. In .ui: action "oc.show" with the id as its target. */
void oc_window_show_screen (OcWindow *self, const char *id);
const char *oc_window_get_screen (OcWindow *self); /* id; "login" while nobody is signed in */

/* What Ctrl+P prints; the outcome stays the caller's. */
void oc_window_set_last_outcome (OcWindow *self, const OcOutcome *outcome);

/* A widget beside the screens (the demo's card tray); taken over. */
void oc_window_set_tray (OcWindow *self, GtkWidget *tray);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line at the window's foot: branch and operator, database, reader, unfinished writes, time. */
#pragma once

#include <gtk/gtk.h>

#include "ops/desk.h"

G_BEGIN_DECLS

#define OC_TYPE_STATUS_BAR (oc_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (OcStatusBar, oc_status_bar, OC, STATUS_BAR, GtkWidget)

/* Shows what the desk knows now. */
void oc_status_bar_update (OcStatusBar *self, OcDesk *desk);
/* 0 hides the button. */
void oc_status_bar_set_unfinished (OcStatusBar *self, gint64 n);

G_END_DECLS

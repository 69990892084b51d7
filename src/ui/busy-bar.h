/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is going on, over the content of a screen. It appears only after half a second, so that what is quick does not flicker.
 * Signal "cancelled": the button. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define OC_TYPE_BUSY_BAR (oc_busy_bar_get_type ())
G_DECLARE_FINAL_TYPE (OcBusyBar, oc_busy_bar, OC, BUSY_BAR, GtkWidget)

GtkWidget *oc_busy_bar_new (void);
/* @what NULL: nothing is. @can_cancel: with its button. */
void oc_busy_bar_show (OcBusyBar *self, const char *what, gboolean can_cancel);

G_END_DECLS

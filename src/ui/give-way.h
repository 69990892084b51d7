/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vertical scroller that wants the height that its one child has at its width, and gives way where there is less: a scrolled window
 * of GTK 4.8 does not know how lines wrap. Property "least-height": what stays of it. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define OC_TYPE_GIVE_WAY (oc_give_way_get_type ())
G_DECLARE_FINAL_TYPE (OcGiveWay, oc_give_way, OC, GIVE_WAY, GtkWidget)

void oc_give_way_set_least_height (OcGiveWay *self, int pixels);
/* Scrolls every one that @widget is in so far that it is in sight, once sizes have been given out. */
void oc_give_way_reveal (GtkWidget *widget);
/* Borrowed; its upper bound changes while sizes are given out. */
GtkAdjustment *oc_give_way_get_adjustment (OcGiveWay *self);

G_END_DECLS

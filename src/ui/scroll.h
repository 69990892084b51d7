/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scrolling. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Scrolls as little as brings @bounds, of the content, into sight; their top where there is no room for all. Unlike
 * gtk_adjustment_clamp_page () it ends a scrolling that is under way, as after a click, which would go on to its own end. */
void oc_scroll_to (GtkAdjustment *adjustment, const graphene_rect_t *bounds);

G_END_DECLS

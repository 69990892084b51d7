/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sidebar: the manual's groups with the screens this operator may see. Choosing a row activates "oc.show". */
#pragma once

#include <gtk/gtk.h>

#include "ops/desk.h"

G_BEGIN_DECLS

#define OC_TYPE_SIDEBAR (oc_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (OcSidebar, oc_sidebar, OC, SIDEBAR, GtkWidget)

/* Makes the rows anew for who is signed in. */
void oc_sidebar_fill (OcSidebar *self, OcDesk *desk);
/* Marks the row of the screen that is shown. */
void oc_sidebar_mark (OcSidebar *self, const char *id);
/* Folded: icons alone. Either way it can be squeezed down to its icons, so that it never makes a window too wide. */
void oc_sidebar_set_folded (OcSidebar *self, gboolean folded);
/* Pixels that it needs unfolded. */
int oc_sidebar_get_full_width (OcSidebar *self);
/* The amber number beside "Unfinished writes". */
void oc_sidebar_set_unfinished (OcSidebar *self, gint64 n);

G_END_DECLS

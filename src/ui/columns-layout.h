/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layout that puts children of different heights side by side in as many columns as fit, each child below the shortest
 * column so far: what does not fit beside goes below, not out of sight. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define OC_TYPE_COLUMNS_LAYOUT (oc_columns_layout_get_type ())
G_DECLARE_FINAL_TYPE (OcColumnsLayout, oc_columns_layout, OC, COLUMNS_LAYOUT, GtkLayoutManager)

/* @spacing: pixels between children, both ways. */
GtkLayoutManager *oc_columns_layout_new (int spacing);

G_END_DECLS

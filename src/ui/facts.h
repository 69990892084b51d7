/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small read-only tables out of columns and rows: one row as labels over values, or a short list. For tables that
 * scroll and sort see table.h. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "core/column.h"

G_BEGIN_DECLS

/* Row @row of @rows; replaces what is in @flow. */
void oc_facts_fill (GtkFlowBox *flow, const OcColumn *columns, guint n_columns, OcRows *rows, guint row);
/* All rows under a line of titles; replaces what is in @grid. */
void oc_facts_fill_list (GtkGrid *grid, const OcColumn *columns, guint n_columns, OcRows *rows);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table on screen from columns as data: choose, order and size columns, sort, and words for "loading" and "nothing".
 * Signals: "row-activated" (guint row), "selection-changed", "sorted". Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "core/column.h"

G_BEGIN_DECLS

#define OC_TYPE_TABLE (oc_table_get_type ())
G_DECLARE_FINAL_TYPE (OcTable, oc_table, OC, TABLE, GtkWidget)

/* @columns stay the caller's and must live as long; once. @name: accessible, translated. */
void oc_table_set_columns (OcTable *self, const OcColumn *columns, guint n, const char *name);
/* What is shown when there are no rows; all translated. */
void oc_table_set_empty (OcTable *self, const char *icon, const char *title, const char *text);

/* NULL: still loading. The row chosen before stays chosen where @key (a field) is the same. */
void oc_table_set_rows (OcTable *self, OcRows *rows, const char *key);
OcRows *oc_table_get_rows (OcTable *self); /* borrowed, may be NULL */

int oc_table_get_selected (OcTable *self); /* index in the rows, -1: none */
/* Chooses a row, brings it into sight; -1: none. */
void oc_table_select (OcTable *self, int row);
void oc_table_focus (OcTable *self);

/* The column that the person sorts by, NULL: none. The rows are not touched: their owner sorts. */
const OcColumn *oc_table_get_sort (OcTable *self, gboolean *descending);

/* A button whose popover chooses the columns; caller adds it somewhere. */
GtkWidget *oc_table_make_chooser (OcTable *self);

G_END_DECLS

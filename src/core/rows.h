/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call answered: immutable rows of named, typed cells, and at the same time a GListModel of OcRow,
 * so that a list on screen, a workbook and a test read the same thing. Cells are kept as the server's text;
 * a typed getter parses and asserts. Built by one thread, then read by any (refcounts are atomic). */
#pragma once

#include <gio/gio.h>

#include "core/money.h"
#include "core/quantity.h"

G_BEGIN_DECLS

#define OC_TYPE_ROWS (oc_rows_get_type ())
G_DECLARE_FINAL_TYPE (OcRows, oc_rows, OC, ROWS, GObject)
#define OC_TYPE_ROW (oc_row_get_type ())
G_DECLARE_FINAL_TYPE (OcRow, oc_row, OC, ROW, GObject)

/* @columns: NULL-terminated names. */
OcRows *oc_rows_new (const char *const *columns);
/* @cells: one text (or NULL for SQL null) per column; copied. Only before the rows are shown to others. */
void oc_rows_append (OcRows *self, const char *const *cells);

guint oc_rows_count (OcRows *self);
guint oc_rows_n_columns (OcRows *self);
const char *oc_rows_column_name (OcRows *self, guint column);
/* -1 when there is no such column. */
int oc_rows_find_column (OcRows *self, const char *name);

/* By column name; an absent column or an unreadable cell is a bug and asserts. Texts are owned by self. */
gboolean oc_rows_is_null (OcRows *self, guint row, const char *column);
const char *oc_rows_text (OcRows *self, guint row, const char *column); /* "" for null */
gint64 oc_rows_int (OcRows *self, guint row, const char *column);       /* 0 for null */
gboolean oc_rows_bool (OcRows *self, guint row, const char *column);    /* FALSE for null */
OcMoney oc_rows_money (OcRows *self, guint row, const char *column);
OcQuantity oc_rows_quantity (OcRows *self, guint row, const char *column);
/* bytea ("\x0a0b"): caller unrefs; NULL for null. */
GBytes *oc_rows_bytes (OcRows *self, guint row, const char *column);

/* A row of the list model: which rows and which index. */
OcRows *oc_row_get_rows (OcRow *self);
guint oc_row_get_index (OcRow *self);
const char *oc_row_text (OcRow *self, const char *column);

G_END_DECLS

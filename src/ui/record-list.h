/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of a record screen: quick text, Add, and the table; a row is known by its "id". Signals: "chosen" (gint64 id), by a
 * person; "activated". Main thread. */
#pragma once

#include "ui/table.h"

G_BEGIN_DECLS

#define OC_TYPE_RECORD_LIST (oc_record_list_get_type ())
G_DECLARE_FINAL_TYPE (OcRecordList, oc_record_list, OC, RECORD_LIST, GtkWidget)

/* Once. @title and @empty_text are translated. @columns stay the caller's. */
void oc_record_list_set_up (OcRecordList *self, const OcColumn *columns, guint n, const char *title, const char *icon,
    const char *empty_text);
/* FALSE: no button Add. */
void oc_record_list_set_grows (OcRecordList *self, gboolean grows);
/* All rows; those that fit the quick text are shown. The row that is marked stays so. */
void oc_record_list_set_rows (OcRecordList *self, OcRows *rows);
/* The row of this id is the chosen one, without "chosen"; 0: none. */
void oc_record_list_mark (OcRecordList *self, gint64 id);
/* The first row that is shown, 0: none. */
gint64 oc_record_list_first (OcRecordList *self);
/* The caret to the rows, or to the quick text where there are none. */
void oc_record_list_start (OcRecordList *self);

G_END_DECLS

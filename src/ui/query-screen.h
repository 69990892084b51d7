/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The query shape: a title with what it is for, a line of tools (quick text, the subclass's own, columns), the table, and
 * below it the number of rows and the totals. A subclass supplies columns, loading, and what can be done with a row.
 * Main thread. */
#pragma once

#include "ui/screen.h"
#include "ui/table.h"

G_BEGIN_DECLS

#define OC_TYPE_QUERY_SCREEN (oc_query_screen_get_type ())
G_DECLARE_DERIVABLE_TYPE (OcQueryScreen, oc_query_screen, OC, QUERY_SCREEN, OcScreen)

struct _OcQueryScreenClass {
    OcScreenClass parent_class;

    const char *title;       /* msgids, N_() */
    const char *purpose;
    const char *empty_icon;
    const char *empty_title;
    const char *empty_text;
    const OcColumn *columns;
    guint n_columns;
    const char *key;         /* the field that names a row */

    /* Starts the query; @callback gets the result for load_finish (). */
    void (*load) (OcQueryScreen *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
    OcRows *(*load_finish) (OcQueryScreen *self, GAsyncResult *result, GError **error);
    /* Another row is chosen, or none. */
    void (*row_chosen) (OcQueryScreen *self);
    /* A row was double-clicked, or Enter pressed on it. */
    void (*row_activated) (OcQueryScreen *self);
};

/* Beside the quick text; taken over. */
void oc_query_screen_add_tool (OcQueryScreen *self, GtkWidget *tool);
/* Below the table; taken over. */
void oc_query_screen_set_detail (OcQueryScreen *self, GtkWidget *detail);
/* The row chosen: TRUE with rows (borrowed) and index; FALSE when none is. */
gboolean oc_query_screen_get_selected (OcQueryScreen *self, OcRows **rows, guint *row);

G_END_DECLS

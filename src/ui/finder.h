/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One field that finds people by anything that is known of them, and what it found. Enter takes the row that is chosen, else the
 * first. Signal "taken" (OcFields: names as in the call that found). Main thread. */
#pragma once

#include "ops/ops.h"
#include "ui/table.h"

G_BEGIN_DECLS

#define OC_TYPE_FINDER (oc_finder_get_type ())
G_DECLARE_FINAL_TYPE (OcFinder, oc_finder, OC, FINDER, GtkWidget)

/* Whom it finds. */
typedef struct {
    void (*find) (OcDesk *desk, const OcFindAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
    OcRows *(*find_finish) (OcDesk *desk, GAsyncResult *result, GError **error);
    const char *key;        /* the column with their number */
    const OcColumn *columns;
    guint n_columns;
    const char *name;       /* msgids: of the table */
    const char *empty_title;
} OcFinderKind;

extern const OcFinderKind oc_finder_pre_registered;
extern const OcFinderKind oc_finder_customers;

/* Once; finds the newest ones. Errors are shown on the screen that @errors is in, or is. */
void oc_finder_start (OcFinder *self, const OcFinderKind *kind, OcDesk *desk, GtkWidget *errors);
/* Finds again by what is typed. */
void oc_finder_refresh (OcFinder *self);
void oc_finder_clear (OcFinder *self);

G_END_DECLS

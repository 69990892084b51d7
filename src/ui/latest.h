/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question of which only the latest counts: a quote that follows the typing, what a card says that was changed meanwhile. Embedded
 * in a widget; dropped when it is disposed of. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define OC_QUOTE_AFTER_MS 120 /* between two keys of a fast typist nothing is asked */

typedef struct {
    GCancellable *cancellable; /* of the question that is on its way, NULL: none is */
    guint timer;               /* of the one that is asked when nobody types any more, 0: none */
} OcLatest;

/* No question any more: what is on its way is cancelled, and its answer late. */
void oc_latest_drop (OcLatest *self);
/* A new one instead, to be asked with this cancellable; borrowed. */
GCancellable *oc_latest_begin (OcLatest *self);
/* A new one instead, which @ask begins a moment later, once. */
void oc_latest_begin_soon (OcLatest *self, GSourceOnceFunc ask, gpointer data);
/* For the callback: TRUE when @result, of a GTask, answers the latest question, which is then answered. */
gboolean oc_latest_is_answer (OcLatest *self, GAsyncResult *result);
gboolean oc_latest_is_asking (const OcLatest *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lane: a thread that runs acts one after another, and the only place where something becomes asynchronous.
 * The counter lane runs acts; the query lane runs lists and reports on a connection of its own. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _OcLane OcLane;

OcLane *oc_lane_new (const char *name);
/* Waits for what is running, drops what is queued (their tasks end as cancelled). */
void oc_lane_free (OcLane *self);
gboolean oc_lane_is_current (OcLane *self); /* is this its thread? */

typedef gpointer (*OcLaneFunc) (gpointer source, gpointer ask, GCancellable *cancellable, GError **error);

/* Queues @func; @callback comes on the caller's main context with the GTask. @ask is owned by the lane. */
void oc_lane_push (OcLane *self, gpointer source_object, OcLaneFunc func, gpointer ask, GDestroyNotify ask_free,
    GDestroyNotify result_free, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/* The result of the task, owned by the caller. */
gpointer oc_lane_finish (GAsyncResult *result, GError **error);
/* Runs it on the lane and waits: for programs without a main loop. Not from the lane itself. */
gpointer oc_lane_run (OcLane *self, gpointer source_object, OcLaneFunc func, gpointer ask, GCancellable *cancellable,
    GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cancellable is what tells one question from another. */
#include "ui/latest.h"

void
oc_latest_drop (OcLatest *self)
{
    g_clear_handle_id (&self->timer, g_source_remove);
    if (self->cancellable != NULL)
        g_cancellable_cancel (self->cancellable);
    g_clear_object (&self->cancellable);
}

GCancellable *
oc_latest_begin (OcLatest *self)
{
    oc_latest_drop (self);
    self->cancellable = g_cancellable_new ();
    return self->cancellable;
}

typedef struct {
    OcLatest *latest;
    GSourceOnceFunc ask;
    gpointer data;
} Soon;

static gboolean
on_soon_cb (gpointer data)
{
    Soon *soon = data;

    soon->latest->timer = 0;
    soon->ask (soon->data);
    return G_SOURCE_REMOVE;
}

void
oc_latest_begin_soon (OcLatest *self, GSourceOnceFunc ask, gpointer data)
{
    Soon *soon = g_new (Soon, 1);

    *soon = (Soon){ self, ask, data };
    oc_latest_drop (self);
    self->timer = g_timeout_add_full (G_PRIORITY_DEFAULT, OC_QUOTE_AFTER_MS, on_soon_cb, soon, g_free);
}

gboolean
oc_latest_is_answer (OcLatest *self, GAsyncResult *result)
{
    if (self->cancellable == NULL || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
        return FALSE;
    g_clear_object (&self->cancellable);
    return TRUE;
}

gboolean
oc_latest_is_asking (const OcLatest *self)
{
    return self->cancellable != NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A queue and a thread. The one place where blocking acts become asynchronous: an act's result travels in a GTask, whose
 * answer GLib brings to the caller's main context. */
#include "ops/lane.h"

struct _OcLane {
    GAsyncQueue *queue; /* OcLaneJob; one without a function ends the thread */
    GThread *thread;
    int closed; /* atomic */
};

typedef struct {
    OcLaneFunc func;
    gpointer source;
    gpointer ask;
    GDestroyNotify ask_free, result_free;
    GTask *task; /* NULL: somebody waits in oc_lane_run () */
    GCancellable *cancellable;

    GMutex lock;
    GCond cond;
    gboolean done;
    gpointer result;
    GError *error;
} OcLaneJob;

static void
job_free (OcLaneJob *job)
{
    if (job->ask_free)
        job->ask_free (job->ask);
    g_clear_object (&job->cancellable);
    g_clear_object (&job->task);
    g_free (job);
}

static void
return_to_task (OcLaneJob *job, gpointer result, GError *error)
{
    if (error)
        g_task_return_error (job->task, error);
    else
        g_task_return_pointer (job->task, result, job->result_free);
}

static void
return_to_waiter (OcLaneJob *job, gpointer result, GError *error)
{
    g_mutex_lock (&job->lock);
    job->result = result;
    job->error = error;
    job->done = TRUE;
    g_cond_signal (&job->cond);
    g_mutex_unlock (&job->lock);
}

static void
run_job (OcLane *self, OcLaneJob *job)
{
    GError *error = NULL;
    gpointer result = NULL;

    if (g_atomic_int_get (&self->closed))
        g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "closed");
    else if (!g_cancellable_set_error_if_cancelled (job->cancellable, &error))
        result = job->func (job->source, job->ask, job->cancellable, &error);

    if (job->task == NULL) {
        return_to_waiter (job, result, error); /* who waits owns the job */
        return;
    }
    return_to_task (job, result, error);
    job_free (job);
}

static gpointer
lane_thread (gpointer data)
{
    OcLane *self = data;
    OcLaneJob *job;

    while ((job = g_async_queue_pop (self->queue))->func)
        run_job (self, job);
    g_free (job);

    return NULL;
}

OcLane *
oc_lane_new (const char *name)
{
    OcLane *self = g_new0 (OcLane, 1);

    self->queue = g_async_queue_new ();
    self->thread = g_thread_new (name, lane_thread, self);

    return self;
}

void
oc_lane_free (OcLane *self)
{
    if (self == NULL)
        return;

    g_assert (!oc_lane_is_current (self));
    g_atomic_int_set (&self->closed, TRUE);
    g_async_queue_push (self->queue, g_new0 (OcLaneJob, 1));
    g_thread_join (self->thread);
    g_async_queue_unref (self->queue);
    g_free (self);
}

gboolean
oc_lane_is_current (OcLane *self)
{
    return self->thread == g_thread_self ();
}

void
oc_lane_push (OcLane *self, gpointer source_object, OcLaneFunc func, gpointer ask, GDestroyNotify ask_free,
    GDestroyNotify result_free, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
    OcLaneJob *job = g_new0 (OcLaneJob, 1);

    g_assert (func != NULL);
    job->func = func;
    job->source = source_object;
    job->ask = ask;
    job->ask_free = ask_free;
    job->result_free = result_free;
    job->cancellable = cancellable ? g_object_ref (cancellable) : NULL;
    job->task = g_task_new (source_object, cancellable, callback, data);
    /* What was done is answered as done, however late somebody cancelled. */
    g_task_set_check_cancellable (job->task, FALSE);
    g_task_set_source_tag (job->task, oc_lane_push);
    g_async_queue_push (self->queue, job);
}

gpointer
oc_lane_finish (GAsyncResult *result, GError **error)
{
    g_assert (g_async_result_is_tagged (result, oc_lane_push));

    return g_task_propagate_pointer (G_TASK (result), error);
}

gpointer
oc_lane_run (OcLane *self, gpointer source_object, OcLaneFunc func, gpointer ask, GCancellable *cancellable, GError **error)
{
    OcLaneJob *job = g_new0 (OcLaneJob, 1);
    gpointer result;

    g_assert (func != NULL && !oc_lane_is_current (self));
    job->func = func;
    job->source = source_object;
    job->ask = ask;
    job->cancellable = cancellable ? g_object_ref (cancellable) : NULL;
    g_mutex_init (&job->lock);
    g_cond_init (&job->cond);
    g_async_queue_push (self->queue, job);

    g_mutex_lock (&job->lock);
    while (!job->done)
        g_cond_wait (&job->cond, &job->lock);
    g_mutex_unlock (&job->lock);
    g_mutex_clear (&job->lock);
    g_cond_clear (&job->cond);
    result = job->result;
    if (job->error)
        g_propagate_error (error, job->error);
    job_free (job);

    return result;
}

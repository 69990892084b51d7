/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kill/held.h"

#include <string.h>

#include "ops/desk-private.h"

#define DEADLINE_US (20 * G_TIME_SPAN_SECOND)

/* Calls @func at that call of @name, on the thread that calls; @func answers whether the connection stays up. */
typedef struct {
    const char *name;
    guint nth;
    gboolean before;
    gboolean (*func) (gpointer data);
    gpointer data;
    guint seen;
} Moment;

static gboolean
on_call (gboolean before, guint call, const char *name, gpointer data)
{
    Moment *moment = data;

    if (strcmp (name, moment->name) != 0 || before != moment->before || ++moment->seen != moment->nth)
        return TRUE;

    return moment->func (moment->data);
}

/* The connection is up first: making it anew is not a call of the act. */
static void
set_moment (Station *self, Moment *moment)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_list (self->desk, "slots", NULL, &error);

    g_assert_no_error (error);
    oc_db_set_fault (self->desk->dbs[OC_DESK_COUNTER], on_call, moment);
}

typedef enum { RUNNING, STANDING, GOING_ON, ENDED } HeldState;

struct _HeldAct {
    Station *station;
    const Customer *customer;
    ActFunc func;
    int yuan;
    Moment moment;
    gboolean drop;
    GThread *thread;
    OcOutcome *outcome;
    GError *error;

    GMutex lock;
    GCond changed;
    HeldState state;
};

static void
held_set (HeldAct *self, HeldState state)
{
    g_mutex_lock (&self->lock);
    self->state = state;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->lock);
}

static void
held_wait (HeldAct *self, HeldState state)
{
    gint64 end = g_get_monotonic_time () + DEADLINE_US;

    g_mutex_lock (&self->lock);
    while (self->state != state)
        if (!g_cond_wait_until (&self->changed, &self->lock, end))
            g_error ("an act came to state %d instead of %d", self->state, state);
    g_mutex_unlock (&self->lock);
}

static gboolean
stand_still (gpointer data)
{
    HeldAct *self = data;

    held_set (self, STANDING);
    held_wait (self, GOING_ON);

    return !self->drop;
}

static gpointer
held_thread (gpointer data)
{
    HeldAct *self = data;

    station_take_over (self->station);
    set_moment (self->station, &self->moment);
    self->outcome = self->func (self->station, self->customer, self->yuan, &self->error);
    if (self->station->desk->dbs[OC_DESK_COUNTER])
        oc_db_set_fault (self->station->desk->dbs[OC_DESK_COUNTER], NULL, NULL);
    held_set (self, ENDED);

    return NULL;
}

HeldAct *
held_start (Station *station, const Customer *customer, ActFunc func, int yuan, const char *name, guint nth, gboolean before)
{
    HeldAct *self = g_new0 (HeldAct, 1);

    self->station = station;
    self->customer = customer;
    self->func = func;
    self->yuan = yuan;
    self->moment = (Moment){ name, nth, before, stand_still, self, 0 };
    g_mutex_init (&self->lock);
    g_cond_init (&self->changed);
    self->thread = g_thread_new ("act", held_thread, self);
    held_wait (self, STANDING);

    return self;
}

void
held_drop (HeldAct *self)
{
    self->drop = TRUE;
}

OcOutcome *
held_end (HeldAct *self, GError **error)
{
    OcOutcome *outcome;

    held_set (self, GOING_ON);
    g_thread_join (self->thread);
    station_take_over (self->station);
    outcome = self->outcome;
    if (self->error)
        g_propagate_error (error, self->error);
    g_mutex_clear (&self->lock);
    g_cond_clear (&self->changed);
    g_free (self);

    return outcome;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card service: one thread that alone holds the reader. While nobody has an exchange for it, it waits in the reader
 * for something to change; whoever posts an exchange wakes it. */
#include "card/card-service.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/apdu.h"
#include "card/link.h"

#define RETRY_US (G_USEC_PER_SEC)        /* how long a missing PC/SC service is left alone */
#define STUCK_US (10 * G_USEC_PER_SEC)   /* a reader that lets an exchange wait so long is stuck */
#define END_US (3 * G_USEC_PER_SEC)      /* at the end a stuck reader is not waited for longer */

/* Shared by who waits and the thread: while the reader is stuck the one may go before the other. */
typedef struct {
    gatomicrefcount refs;
    OcCardExchange func;
    gpointer data;
    guint generation;   /* wanted; 0: any */
    gint64 posted;
    gboolean opened;    /* the reader is ours: it is no longer waited for */
    gboolean abandoned; /* nobody waits any more: func must not run */
    gboolean done;
    gboolean ok;
    GError *error;
} Request;

struct _OcCardService {
    GObject parent;
    OcReader *reader;
    GThread *thread;

    GMutex mutex;       /* everything below */
    GCond changed;      /* a request came, ended, or was cancelled; stopping */
    GQueue requests;    /* of Request, owned */
    Request *running;   /* owned */
    gboolean stopping;
    gboolean ended;     /* the thread is past its last look at the reader */
    gboolean left;      /* … and nobody waits for it: it clears up itself */
    OcPresence presence;
    char *reader_name;
    char *seen;         /* readers and cards as a text, to tell whether one came or went */
    guint generation;
    gboolean notify_queued;
    guint64 n_apdus;    /* of the exchanges that have ended */
    guint64 n_written;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OcCardService, oc_card_service, G_TYPE_OBJECT)

static void
request_unref (Request *request)
{
    if (!g_atomic_ref_count_dec (&request->refs))
        return;
    g_clear_error (&request->error);
    g_free (request);
}

static gboolean
on_notify_cb (gpointer data)
{
    g_autoptr(OcCardService) self = g_weak_ref_get (data);

    if (self == NULL)
        return G_SOURCE_REMOVE;
    g_mutex_lock (&self->mutex);
    self->notify_queued = FALSE;
    g_mutex_unlock (&self->mutex);
    g_signal_emit (self, signals[CHANGED], 0);
    return G_SOURCE_REMOVE;
}

static void
weak_ref_free (gpointer data)
{
    g_weak_ref_clear (data);
    g_free (data);
}

/* "changed" on the main context, once for however much has changed by then. Without the mutex held. */
static void
notify (OcCardService *self)
{
    GWeakRef *weak;
    gboolean queue;

    g_mutex_lock (&self->mutex);
    queue = !self->notify_queued && !self->stopping;
    self->notify_queued = self->notify_queued || queue;
    g_mutex_unlock (&self->mutex);
    if (!queue)
        return;
    weak = g_new (GWeakRef, 1);
    g_weak_ref_init (weak, self);
    g_idle_add_full (G_PRIORITY_DEFAULT, on_notify_cb, weak, weak_ref_free);
}

/* One line a reader: whoever compares two of them knows whether a card came or went between. */
static void
describe (GString *seen, const OcReaderState *state)
{
    g_string_append_printf (seen, "\n%s:%d:%u\n", state->name, state->present, state->events);
}

static void
publish (OcCardService *self, OcPresence presence, const char *name, const char *seen)
{
    gboolean card_moved, differs;

    g_mutex_lock (&self->mutex);
    card_moved = g_strcmp0 (seen, self->seen) != 0;
    differs = card_moved || presence != self->presence || g_strcmp0 (name, self->reader_name) != 0;
    if (card_moved)
        self->generation++;
    self->presence = presence;
    if (differs) {
        g_free (self->reader_name);
        self->reader_name = g_strdup (name);
        g_free (self->seen);
        self->seen = g_strdup (seen);
    }
    g_mutex_unlock (&self->mutex);
    if (differs)
        notify (self);
}

/* Which readers and cards there are. FALSE when the system gives no answer. */
static gboolean
look (OcCardService *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) states = self->reader->klass->list (self->reader, &error);
    g_autoptr(GString) seen = g_string_new (NULL);
    const OcReaderState *shown = NULL;
    OcPresence presence = OC_PRESENCE_NO_READER;

    if (states == NULL) {
        g_debug ("no readers: %s", error->message);
        publish (self, OC_PRESENCE_NO_SERVICE, NULL, "");
        return FALSE;
    }
    for (guint i = 0; i < states->len; i++) {
        const OcReaderState *state = g_ptr_array_index (states, i);

        describe (seen, state);
        if (shown == NULL || (state->present && !state->unresponsive && !(shown->present && !shown->unresponsive)))
            shown = state;
    }
    if (shown != NULL)
        presence = !shown->present ? OC_PRESENCE_NO_CARD : shown->unresponsive ? OC_PRESENCE_UNRESPONSIVE : OC_PRESENCE_CARD;
    publish (self, presence, shown != NULL ? shown->name : NULL, seen->str);
    return TRUE;
}

static gboolean
is_late (const Request *request)
{
    return request != NULL && !request->opened && g_get_monotonic_time () - request->posted > STUCK_US;
}

/* The reader has answered, one way or the other. FALSE when nobody waits for it any more. */
static gboolean
end_waiting (OcCardService *self, Request *request)
{
    gboolean was_late, wanted;

    g_mutex_lock (&self->mutex);
    was_late = is_late (request);
    request->opened = TRUE;
    wanted = !request->abandoned;
    g_mutex_unlock (&self->mutex);
    if (was_late)
        notify (self);
    return wanted;
}

/* Is the card in the reader still the one that @request was made for? What open () saw counts, not what was seen last. */
static gboolean
check_generation (OcCardService *self, Request *request, const OcReaderState *state, GError **error)
{
    g_autoptr(GString) now = g_string_new (NULL);
    gboolean same;

    describe (now, state);
    g_mutex_lock (&self->mutex);
    same = self->seen != NULL && strstr (self->seen, now->str) != NULL;
    g_mutex_unlock (&self->mutex);
    if (!same)
        look (self);
    g_mutex_lock (&self->mutex);
    same = request->generation == 0 || request->generation == self->generation;
    request->generation = self->generation;
    g_mutex_unlock (&self->mutex);
    return same
        || oc_card_error_set (error, OC_CARD_ERROR_CHANGED, 0, _("The card was changed in the meantime. Read it again."));
}

static void
run_request (OcCardService *self, Request *request)
{
    OcCardLink link = { .reader = self->reader, .thread = g_thread_self () };
    g_autofree char *name = NULL;
    GError *error = NULL;
    OcPresence there;
    gboolean ok, wanted;

    there = oc_card_service_get_presence (self, &name);
    ok = self->reader->klass->open (self->reader, there == OC_PRESENCE_CARD ? name : NULL, &link.state, &error);
    if (g_error_matches (error, OC_CARD_ERROR, OC_CARD_ERROR_UNRESPONSIVE) && name != NULL
        && !oc_reader_knows_memory (self->reader, name)) {
        g_clear_error (&error);
        oc_card_error_set (&error, OC_CARD_ERROR_UNRESPONSIVE, 0,
            _("The card doesn't answer. Turn it over; if it is a memory card, use another reader: this one can't read it."));
    }
    wanted = end_waiting (self, request);
    if (ok) {
        ok = wanted && check_generation (self, request, &link.state, &error) && request->func (&link, request->data, &error);
        self->reader->klass->close (self->reader);
        g_free (link.state.name);
    }
    g_assert (!wanted || ok == (error == NULL));
    g_mutex_lock (&self->mutex);
    request->ok = ok;
    request->error = error;
    request->done = TRUE;
    self->n_apdus += link.n_apdus;
    self->n_written += link.n_written;
    self->running = NULL;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
    request_unref (request);
}

/* A reader that can't be listed can't be waited for either: a second's rest, unless somebody comes. */
static void
rest (OcCardService *self)
{
    gint64 end = g_get_monotonic_time () + RETRY_US;

    g_mutex_lock (&self->mutex);
    while (!self->stopping && g_queue_is_empty (&self->requests))
        if (!g_cond_wait_until (&self->changed, &self->mutex, end))
            break;
    g_mutex_unlock (&self->mutex);
}

/* The thread's last act, where nobody waits for it: what stop () would have done. */
static gpointer
end_thread (OcCardService *self)
{
    gboolean left;

    g_mutex_lock (&self->mutex);
    self->ended = TRUE;
    left = self->left;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
    if (left) {
        g_clear_pointer (&self->reader, oc_reader_free);
        g_object_unref (self);
    }
    return NULL;
}

static gpointer
service_thread (gpointer data)
{
    OcCardService *self = data;

    for (;;) {
        gboolean there = look (self);
        Request *request;
        gboolean stopping;

        g_mutex_lock (&self->mutex);
        request = self->running = g_queue_pop_head (&self->requests);
        stopping = self->stopping;
        g_mutex_unlock (&self->mutex);
        if (stopping)
            return end_thread (self);
        if (request != NULL)
            run_request (self, request);
        else if (!there || !self->reader->klass->wait (self->reader, -1, NULL))
            rest (self);
    }
}

static void
oc_card_service_finalize (GObject *object)
{
    OcCardService *self = OC_CARD_SERVICE (object);

    oc_card_service_stop (self);
    g_free (self->reader_name);
    g_free (self->seen);
    g_mutex_clear (&self->mutex);
    g_cond_clear (&self->changed);
    G_OBJECT_CLASS (oc_card_service_parent_class)->finalize (object);
}

static void
oc_card_service_class_init (OcCardServiceClass *klass)
{
    G_OBJECT_CLASS (klass)->finalize = oc_card_service_finalize;

    signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
        G_TYPE_NONE, 0);
}

static void
oc_card_service_init (OcCardService *self)
{
    g_mutex_init (&self->mutex);
    g_cond_init (&self->changed);
    g_queue_init (&self->requests);
    self->presence = OC_PRESENCE_NO_READER;
    self->generation = 1; /* 0 means any */
}

OcCardService *
oc_card_service_new (OcReader *reader)
{
    OcCardService *self = g_object_new (OC_TYPE_CARD_SERVICE, NULL);

    self->reader = reader;
    self->thread = g_thread_new ("card service", service_thread, self);
    return self;
}

/* Nobody waits for @request any more. With the mutex held. */
static void
abandon (OcCardService *self, Request *request)
{
    request->abandoned = request->done = TRUE;
    g_cond_broadcast (&self->changed);
}

/* Waits for the thread, but not for ever behind another program that holds the reader: then the thread is left to
 * itself, and ends when the reader answers. */
static gboolean
await_end (OcCardService *self)
{
    gint64 end = g_get_monotonic_time () + END_US;

    while (!self->ended) {
        gboolean stuck = self->running != NULL && !self->running->opened;

        if (!stuck)
            g_cond_wait_until (&self->changed, &self->mutex, g_get_monotonic_time () + END_US);
        else if (!g_cond_wait_until (&self->changed, &self->mutex, end))
            break;
    }
    self->left = !self->ended;
    return self->ended;
}

void
oc_card_service_stop (OcCardService *self)
{
    Request *request;
    gboolean ended;

    if (self->thread == NULL)
        return;
    g_assert (g_thread_self () != self->thread);
    g_mutex_lock (&self->mutex);
    self->stopping = TRUE;
    while ((request = g_queue_pop_head (&self->requests)) != NULL) {
        abandon (self, request);
        request_unref (request);
    }
    if (self->running != NULL && !self->running->opened)
        abandon (self, self->running);
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
    self->reader->klass->cancel (self->reader);
    g_mutex_lock (&self->mutex);
    ended = await_end (self);
    if (!ended)
        g_object_ref (self);
    g_mutex_unlock (&self->mutex);
    if (ended) {
        g_thread_join (g_steal_pointer (&self->thread));
        g_clear_pointer (&self->reader, oc_reader_free);
    } else {
        g_warning ("the reader does not answer; it is left behind");
        g_clear_pointer (&self->thread, g_thread_unref);
    }
}

OcPresence
oc_card_service_get_presence (OcCardService *self, char **reader_name)
{
    OcPresence presence;

    g_mutex_lock (&self->mutex);
    presence = self->presence;
    if (reader_name != NULL)
        *reader_name = g_strdup (self->reader_name);
    g_mutex_unlock (&self->mutex);
    return presence;
}

guint
oc_card_service_get_generation (OcCardService *self)
{
    guint generation;

    g_mutex_lock (&self->mutex);
    generation = self->generation;
    g_mutex_unlock (&self->mutex);
    return generation;
}

gboolean
oc_card_service_is_stuck (OcCardService *self)
{
    gboolean stuck;

    g_mutex_lock (&self->mutex);
    stuck = is_late (self->running) || is_late (g_queue_peek_head (&self->requests));
    g_mutex_unlock (&self->mutex);
    return stuck;
}

static void
on_cancelled_cb (GCancellable *cancellable, OcCardService *self)
{
    g_mutex_lock (&self->mutex);
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
}

/* Takes @request back if its exchange has not begun. With the mutex held. */
static gboolean
take_back (OcCardService *self, Request *request)
{
    if (g_queue_remove (&self->requests, request)) {
        abandon (self, request);
        request_unref (request);
    } else if (request == self->running && !request->opened) {
        abandon (self, request);
    }
    return request->abandoned;
}

/* Until the thread has carried @request out, or it was taken back before that. */
static void
await (OcCardService *self, Request *request, GCancellable *cancellable)
{
    gboolean told = FALSE;

    g_mutex_lock (&self->mutex);
    while (!request->done) {
        if (g_cancellable_is_cancelled (cancellable) && take_back (self, request))
            break;
        if (told || request->opened) {
            g_cond_wait (&self->changed, &self->mutex);
        } else if (!g_cond_wait_until (&self->changed, &self->mutex, request->posted + STUCK_US + 1)) {
            told = TRUE;
            g_mutex_unlock (&self->mutex);
            notify (self);
            g_mutex_lock (&self->mutex);
        }
    }
    g_mutex_unlock (&self->mutex);
}

/* Queues it and wakes the thread. FALSE when the service has ended. */
static gboolean
post (OcCardService *self, Request *request)
{
    gboolean stopping;

    g_mutex_lock (&self->mutex);
    if (!(stopping = self->stopping)) {
        g_atomic_ref_count_inc (&request->refs);
        g_queue_push_tail (&self->requests, request);
        g_cond_broadcast (&self->changed);
        self->reader->klass->cancel (self->reader);
    }
    g_mutex_unlock (&self->mutex);
    return !stopping;
}

gboolean
oc_card_service_exchange (OcCardService *self, OcCardExchange func, gpointer data, guint *generation,
    GCancellable *cancellable, GError **error)
{
    Request *request;
    gboolean ok = FALSE;
    gulong cancel_id = 0;

    g_assert (g_thread_self () != self->thread);
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    request = g_new0 (Request, 1);
    g_atomic_ref_count_init (&request->refs);
    request->func = func;
    request->data = data;
    request->generation = generation != NULL ? *generation : 0;
    request->posted = g_get_monotonic_time ();
    request->abandoned = !post (self, request);
    if (!request->abandoned) {
        if (cancellable != NULL)
            cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled_cb), self, NULL);
        await (self, request, cancellable);
        g_cancellable_disconnect (cancellable, cancel_id);
    }
    if (request->abandoned)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the exchange was cancelled");
    else if (!(ok = request->ok))
        g_propagate_error (error, g_steal_pointer (&request->error));
    else if (generation != NULL)
        *generation = request->generation;
    request_unref (request);
    return ok;
}

guint64
oc_card_service_n_apdus (OcCardService *self)
{
    guint64 n;

    g_mutex_lock (&self->mutex);
    n = self->n_apdus;
    g_mutex_unlock (&self->mutex);
    return n;
}

guint64
oc_card_service_n_written (OcCardService *self)
{
    guint64 n;

    g_mutex_lock (&self->mutex);
    n = self->n_written;
    g_mutex_unlock (&self->mutex);
    return n;
}

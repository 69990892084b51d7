/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card service: one thread that alone holds the reader. While nobody has an exchange for it, it waits in the reader
 * for something to change; whoever posts an exchange wakes it. */
#include "card/card-service.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/apdu.h"
#include "card/link.h"
#include "seal/bytes.h"

#define RETRY_US (G_USEC_PER_SEC)        /* how long a missing PC/SC service is left alone */
#define STUCK_US (10 * G_USEC_PER_SEC)   /* a reader that lets an exchange wait so long is stuck */

typedef struct {
    OcCardExchange func;
    gpointer data;
    guint generation;  /* wanted; 0: any */
    gint64 posted;
    gboolean opened;   /* the reader is ours: it is no longer waited for */
    gboolean done;
    gboolean ok;
    GError *error;
} Request;

struct _OcCardService {
    GObject parent;
    OcReader *reader;
    GThread *thread;
    guint64 n_apdus;    /* of the thread; read by others through the mutex */
    guint64 n_written;

    GMutex mutex;       /* everything below */
    GCond changed;      /* a request came, ended, or was cancelled; stopping */
    GQueue requests;    /* of Request, which live on the stacks of those who wait */
    Request *running;
    gboolean stopping;
    OcPresence presence;
    char *reader_name;
    char *seen;         /* readers and cards as a text, to tell whether one came or went */
    guint generation;
    gboolean notify_queued;
};

struct _OcCardLink {
    OcCardService *service;
    OcReaderState state;
    guint n_apdus;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OcCardService, oc_card_service, G_TYPE_OBJECT)

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

static void
end_waiting (OcCardService *self, Request *request)
{
    g_mutex_lock (&self->mutex);
    request->opened = TRUE;
    g_mutex_unlock (&self->mutex);
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
    OcCardLink link = { .service = self };
    g_autofree char *name = NULL;
    GError *error = NULL;
    gboolean ok;

    if (oc_card_service_get_presence (self, &name) != OC_PRESENCE_CARD)
        g_clear_pointer (&name, g_free);
    ok = self->reader->klass->open (self->reader, name, &link.state, &error);
    end_waiting (self, request);
    if (ok) {
        ok = check_generation (self, request, &link.state, &error) && request->func (&link, request->data, &error);
        self->reader->klass->close (self->reader);
        g_free (link.state.name);
    }
    g_assert (ok == (error == NULL));
    g_mutex_lock (&self->mutex);
    request->ok = ok;
    request->error = error;
    request->done = TRUE;
    self->running = NULL;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
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
            return NULL;
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

void
oc_card_service_stop (OcCardService *self)
{
    Request *request;

    if (self->thread == NULL)
        return;
    g_assert (g_thread_self () != self->thread);
    g_mutex_lock (&self->mutex);
    self->stopping = TRUE;
    while ((request = g_queue_pop_head (&self->requests)) != NULL) {
        request->done = TRUE;
        request->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "the card service ends");
    }
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
    self->reader->klass->cancel (self->reader);
    g_thread_join (g_steal_pointer (&self->thread));
    g_clear_pointer (&self->reader, oc_reader_free);
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

static gboolean
is_late (const Request *request)
{
    return request != NULL && !request->opened && g_get_monotonic_time () - request->posted > STUCK_US;
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

/* Until the thread has carried @request out, or it was taken back before that. */
static void
await (OcCardService *self, Request *request, GCancellable *cancellable)
{
    gboolean told = FALSE;

    g_mutex_lock (&self->mutex);
    while (!request->done) {
        if (g_cancellable_is_cancelled (cancellable) && g_queue_remove (&self->requests, request)) {
            g_cancellable_set_error_if_cancelled (cancellable, &request->error);
            break;
        }
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

gboolean
oc_card_service_exchange (OcCardService *self, OcCardExchange func, gpointer data, guint *generation,
    GCancellable *cancellable, GError **error)
{
    Request request = { .func = func, .data = data, .generation = generation != NULL ? *generation : 0 };
    gulong cancel_id = 0;

    g_assert (g_thread_self () != self->thread);
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    request.posted = g_get_monotonic_time ();
    g_mutex_lock (&self->mutex);
    if (self->stopping) {
        g_mutex_unlock (&self->mutex);
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the card service has ended");
        return FALSE;
    }
    g_queue_push_tail (&self->requests, &request);
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
    self->reader->klass->cancel (self->reader);

    if (cancellable != NULL)
        cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled_cb), self, NULL);
    await (self, &request, cancellable);
    g_cancellable_disconnect (cancellable, cancel_id);
    if (generation != NULL && request.ok)
        *generation = request.generation;
    if (request.error != NULL)
        g_propagate_error (error, request.error);
    return request.ok;
}

const guint8 *
oc_card_link_atr (OcCardLink *link, gsize *len)
{
    *len = link->state.atr_len;
    return link->state.atr;
}

const char *
oc_card_link_reader (OcCardLink *link)
{
    return link->state.name;
}

gboolean
oc_card_link_exchange (OcCardLink *link, const guint8 *in, gsize in_len, gsize writes, guint8 *out, gsize *out_len,
    guint16 *sw, GError **error)
{
    OcCardService *self = link->service;

    g_assert (g_thread_self () == self->thread);
    link->n_apdus++;
    g_mutex_lock (&self->mutex);
    self->n_apdus++;
    self->n_written += writes;
    g_mutex_unlock (&self->mutex);
    *out_len = OC_APDU_MAX;
    if (!self->reader->klass->transmit (self->reader, in, in_len, out, out_len, error))
        return FALSE;
    if (*out_len < 2)
        return oc_card_error_set (error, OC_CARD_ERROR_PROTOCOL, 0, _("The card gave no proper answer."));
    *out_len -= 2;
    *sw = (guint16) (out[*out_len] << 8 | out[*out_len + 1]);
    return TRUE;
}

gboolean
oc_card_link_transmit (OcCardLink *link, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, guint16 *sw,
    GError **error)
{
    OcApdu apdu = { .len = in_len };
    gboolean ok;

    g_return_val_if_fail (in_len >= 4 && in_len <= OC_APDU_MAX, FALSE);
    memcpy (apdu.bytes, in, in_len);
    ok = oc_apdu_send (link, &apdu, OC_FOLLOW_ALL, 0, out, out_len, sw, error);
    oc_wipe (&apdu, sizeof apdu);
    return ok;
}

guint
oc_card_link_n_apdus (OcCardLink *link)
{
    return link->n_apdus;
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listening thread: polls the socket of its own connection and a wake pipe. Also the one place that knows
 * how sockets are polled: winsock has WSAPoll and no pipes among its sockets, so there the wait is cut in
 * slices and the stop flag looked at between them. */
#include "db/listener.h"

#ifdef G_OS_WIN32
#include <winsock2.h>
#else
#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <unistd.h>
#endif

#include "db/private.h"

#define FIRST_BACKOFF_MS 1000
#define MAX_BACKOFF_MS 10000
#define CHECK_S 20 /* an idle connection is looked at this often */

struct _OcListener {
    OcDbLogin login;   /* owned copies */
    OcNotified notified;
    gpointer data;
    GMainContext *context;
    GThread *thread;
    int wake[2];
    int stopping;      /* atomic */
    GMutex lock;
    GPtrArray *sources; /* under lock: posted and not yet run */
};

typedef struct {
    OcListener *listener;
    OcListenerNews news;
    char *payload;
} Post;

#ifdef G_OS_WIN32
#define SLICE_US (250 * G_TIME_SPAN_MILLISECOND)

int
oc_db_wait_socket (int socket, gboolean for_write, int wake, gint64 deadline)
{
    WSAPOLLFD fd = { .fd = (SOCKET) socket, .events = for_write ? POLLWRNORM : POLLRDNORM };
    gint64 left = MAX (deadline - g_get_monotonic_time (), 0);
    int n = WSAPoll (&fd, 1, (int) ((wake >= 0 ? MIN (left, SLICE_US) : left) / 1000));

    return n > 0 ? 1 : n < 0 ? -1 : wake >= 0 && left > SLICE_US ? 2 : 0;
}
#else
int
oc_db_wait_socket (int socket, gboolean for_write, int wake, gint64 deadline)
{
    for (;;) {
        struct pollfd fds[2] = { { .fd = socket, .events = for_write ? POLLOUT : POLLIN }, { .fd = wake, .events = POLLIN } };
        gint64 left = MAX (deadline - g_get_monotonic_time (), 0);
        int n = poll (fds, wake >= 0 ? 2 : 1, (int) ((left + 999) / 1000));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (wake >= 0 && fds[1].revents)
            return 2;

        return n > 0 ? 1 : 0;
    }
}
#endif

static gboolean
stopping (OcListener *self)
{
    return g_atomic_int_get (&self->stopping);
}

static void
post_free (Post *post)
{
    g_free (post->payload);
    g_free (post);
}

static gboolean
on_post_cb (gpointer data)
{
    Post *post = data;
    OcListener *self = post->listener;

    g_mutex_lock (&self->lock);
    g_ptr_array_remove_fast (self->sources, g_main_current_source ());
    g_mutex_unlock (&self->lock);
    self->notified (post->news, post->payload, self->data);

    return G_SOURCE_REMOVE;
}

static void
post (OcListener *self, OcListenerNews news, const char *payload)
{
    Post *item = g_new0 (Post, 1);
    GSource *source = g_idle_source_new ();

    item->listener = self;
    item->news = news;
    item->payload = g_strdup (payload);
    g_source_set_callback (source, on_post_cb, item, (GDestroyNotify) post_free);
    g_mutex_lock (&self->lock);
    g_ptr_array_add (self->sources, source);
    g_source_attach (source, self->context);
    g_mutex_unlock (&self->lock);
}

/* Sleeps about @ms or until woken: the stations that a server lost all at once do not come back all at once. */
static void
pause_for (OcListener *self, int ms)
{
    gint64 deadline = g_get_monotonic_time () + g_random_int_range (ms / 2, ms) * G_TIME_SPAN_MILLISECOND;

#ifdef G_OS_WIN32
    while (!stopping (self) && g_get_monotonic_time () < deadline)
        g_usleep (SLICE_US);
#else
    oc_db_wait_socket (self->wake[0], FALSE, -1, deadline);
#endif
}

/* Listens until the connection breaks or somebody stops us. */
static void
listen_on (OcListener *self, OcDb *db)
{
    if (!oc_db_script (db, "listen", "listen onecard", NULL))
        return;
    post (self, OC_LISTENER_REACHED, NULL);
    while (!stopping (self)) {
        int ready = oc_db_wait_socket (PQsocket (db->conn), FALSE, self->wake[0],
            g_get_monotonic_time () + CHECK_S * G_TIME_SPAN_SECOND);
        gboolean alive = ready >= 0 && PQconsumeInput (db->conn) && PQstatus (db->conn) == CONNECTION_OK;
        PGnotify *notify;

        while ((notify = PQnotifies (db->conn))) { /* also what came just before the end */
            post (self, OC_LISTENER_HINT, notify->extra);
            PQfreemem (notify);
        }
        if (!alive)
            return;
    }
}

/* Says why there is no connection now; @away: whether that it is away was the last word. */
static gboolean
tell_failure (OcListener *self, const GError *failure, gboolean away)
{
    if (g_error_matches (failure, OC_DB_ERROR, OC_DB_ERROR_LOCKED) || g_error_matches (failure, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD)) {
        post (self, OC_LISTENER_REFUSED, NULL);
        return away;
    }
    if (away || !g_error_matches (failure, OC_DB_ERROR, OC_DB_ERROR_UNREACHABLE))
        return away;
    post (self, OC_LISTENER_AWAY, NULL);

    return TRUE;
}

static gpointer
listener_thread (gpointer data)
{
    OcListener *self = data;
    gboolean away = FALSE;
    int backoff = FIRST_BACKOFF_MS;

    while (!stopping (self)) {
        gint64 began = g_get_monotonic_time ();
        g_autoptr(GError) failure = NULL;
        g_autoptr(OcDb) db = oc_db_open (&self->login, 10, &failure);

        if (db) {
            listen_on (self, db);
            away = !stopping (self);
            if (away)
                post (self, OC_LISTENER_AWAY, NULL);
        } else {
            away = tell_failure (self, failure, away);
        }
        if (db && g_get_monotonic_time () - began > 5 * G_TIME_SPAN_SECOND)
            backoff = FIRST_BACKOFF_MS;
        if (!stopping (self))
            pause_for (self, backoff);
        backoff = MIN (backoff * 2, MAX_BACKOFF_MS);
    }

    return NULL;
}

OcListener *
oc_listener_new (const OcDbLogin *login, OcNotified notified, gpointer data)
{
    OcListener *self = g_new0 (OcListener, 1);

    g_return_val_if_fail (login != NULL && notified != NULL, NULL);

    self->login = (OcDbLogin){ g_strdup (login->uri), g_strdup (login->user), g_strdup (login->password),
        g_strdup (login->application_name) };
    self->notified = notified;
    self->data = data;
    self->context = g_main_context_ref_thread_default ();
    self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
    g_mutex_init (&self->lock);
#ifndef G_OS_WIN32
    if (!g_unix_open_pipe (self->wake, FD_CLOEXEC, NULL))
        g_error ("no pipe");
#endif
    self->thread = g_thread_new ("listener", listener_thread, self);

    return self;
}

void
oc_listener_free (OcListener *self)
{
    if (self == NULL)
        return;

    g_atomic_int_set (&self->stopping, TRUE);
#ifndef G_OS_WIN32
    if (write (self->wake[1], "x", 1) != 1)
        g_warning ("listener can't be woken");
#endif
    g_thread_join (self->thread);
#ifndef G_OS_WIN32
    close (self->wake[0]);
    close (self->wake[1]);
#endif
    for (guint i = 0; i < self->sources->len; i++)
        g_source_destroy (self->sources->pdata[i]);
    g_ptr_array_unref (self->sources);
    g_main_context_unref (self->context);
    g_mutex_clear (&self->lock);
    g_free ((char *) self->login.uri);
    g_free ((char *) self->login.user);
    g_free ((char *) self->login.password);
    g_free ((char *) self->login.application_name);
    g_free (self);
}

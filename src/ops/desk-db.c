/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The desk's connections: one a lane, made when first needed, as whoever is signed in. Every act calls the database
 * through here. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "db/install.h"
#include "ops/desk-private.h"

/* Waits before a call is repeated; a server that is started anew needs some of it. */
static const guint waits_ms[] = { 50, 150, 400, 1000, 2000, 3000 };

static OcDeskLane
current_lane (OcDesk *self)
{
    if (self->here) {
        g_assert (self->here == g_thread_self ());
        return OC_DESK_COUNTER;
    }
    for (int i = 0; i < OC_DESK_N_LANES; i++)
        if (self->lanes[i] && oc_lane_is_current (self->lanes[i]))
            return (OcDeskLane) i;
    g_assert_not_reached (); /* acts run on a lane */
}

static gboolean
say_hello (OcDb *db, gpointer data, GError **error)
{
    OcDesk *self = data;
    OcDeskLane lane = current_lane (self);
    g_autoptr(OcRows) rows = NULL;

    if (!oc_db_call (db, "hello", &rows, error, oc_int (OC_API_VERSION), oc_uuid (self->station), oc_text (self->station_name),
        oc_uuid (self->process)))
        return FALSE;
    g_set_object (&self->hello[lane], rows);

    return TRUE;
}

static OcDb *
open_db (OcDesk *self, const OcDbLogin *login, GError **error)
{
    g_autoptr(OcDb) db = NULL;

    if (self->station == NULL && !oc_station_load (self->data_dir, &self->station, &self->station_name, error))
        return NULL;
    if (!(db = oc_db_open (login, 10, error)) || !oc_db_set_hello (db, say_hello, self, error))
        return NULL;

    return g_steal_pointer (&db);
}

static gboolean
make_cluster_ready (OcDesk *self, GError **error)
{
    if (!self->create || self->prepared)
        return oc_cluster_start (self->cluster, error);

    return oc_install_private (self->cluster, error) && oc_upkeep_begin (self->cluster, self->demo, error);
}

gboolean
oc_desk_prepare_server (OcDesk *self, GError **error)
{
    if (self->uri)
        return TRUE;
    if ((self->cluster == NULL && !(self->cluster = oc_cluster_open (self->data_dir, error)))
        || !make_cluster_ready (self, error))
        return FALSE;
    self->prepared = TRUE;

    return TRUE;
}

char *
oc_desk_dup_uri (OcDesk *self, GError **error)
{
    g_autoptr(OcCluster) cluster = NULL;

    if (self->uri)
        return g_strdup (self->uri);
    if (!(cluster = oc_cluster_open (self->data_dir, error)))
        return NULL;

    return oc_cluster_uri (cluster, OC_CLUSTER_DATABASE);
}

OcDb *
oc_desk_db (OcDesk *self, GError **error)
{
    OcDeskLane lane = current_lane (self);
    g_autofree char *user = NULL;
    g_autofree char *uri = NULL;
    char *password;
    guint n_logins;

    if (self->db_pinned[lane] && self->dbs[lane])
        return self->dbs[lane];

    g_mutex_lock (&self->lock);
    user = g_strdup (self->user);
    password = g_strdup (self->password);
    n_logins = self->n_logins;
    g_mutex_unlock (&self->lock);

    if (self->dbs[lane] && self->db_logins[lane] != n_logins)
        g_clear_pointer (&self->dbs[lane], oc_db_free);
    if (user == NULL) {
        g_set_error_literal (error, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD, _("Nobody is signed in. Sign in first."));
    } else if (self->dbs[lane] == NULL && (uri = oc_desk_dup_uri (self, error))) {
        self->dbs[lane] = open_db (self, &(OcDbLogin){ uri, user, password, "onecard" }, error);
        self->db_logins[lane] = n_logins;
    }
    oc_secret_free (password);

    return user ? self->dbs[lane] : NULL;
}

void
oc_desk_pin_db (OcDesk *self, gboolean pin)
{
    self->db_pinned[current_lane (self)] = pin;
}

OcRows *
oc_desk_hello (OcDesk *self)
{
    return self->hello[current_lane (self)];
}

void
oc_desk_drop_db (OcDesk *self)
{
    g_clear_pointer (&self->dbs[current_lane (self)], oc_db_free);
}

/* Asks the server to end what it runs. From a thread of its own: it connects, and who cancels may be the main one. */
typedef struct {
    OcDb *db;
    GThread *thread;
} Watch;

static gpointer
cancel_thread (gpointer data)
{
    oc_db_cancel (data);

    return NULL;
}

static void
on_cancelled_cb (GCancellable *cancellable, Watch *watch)
{
    if (watch->thread == NULL)
        watch->thread = g_thread_new ("cancel", cancel_thread, watch->db);
}

static gboolean
call_once (OcDesk *self, const char *name, const OcArg *args, gsize n_args, OcRows **rows, GCancellable *cancellable,
    GError **error)
{
    g_autoptr(GError) failure = NULL;
    Watch watch = { 0 };
    gulong id = 0;
    gboolean done;

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    if ((watch.db = oc_desk_db (self, &failure)) && cancellable)
        id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled_cb), &watch, NULL);
    done = watch.db && oc_db_call_args (watch.db, name, args, n_args, rows, &failure);
    g_cancellable_disconnect (cancellable, id);
    if (watch.thread)
        g_thread_join (watch.thread);

    oc_desk_set_online (self, done || failure->domain != OC_DB_ERROR
        || (failure->code != OC_DB_ERROR_UNREACHABLE && failure->code != OC_DB_ERROR_LOST));
    if (done)
        return TRUE;
    if (g_strcmp0 (oc_db_error_get_sqlstate (failure), "57014") == 0 && g_cancellable_is_cancelled (cancellable))
        return !g_cancellable_set_error_if_cancelled (cancellable, error);
    g_propagate_error (error, g_steal_pointer (&failure));

    return FALSE;
}

/* Whether a private server that is not there can be there now: somebody stopped or killed it. */
static gboolean
revive (OcDesk *self, const GError *failure)
{
    return self->uri == NULL
        && (g_error_matches (failure, OC_DB_ERROR, OC_DB_ERROR_UNREACHABLE)
            || g_error_matches (failure, OC_DB_ERROR, OC_DB_ERROR_LOST))
        && self->cluster && !oc_cluster_is_running (self->cluster) && oc_cluster_start (self->cluster, NULL);
}

gboolean
oc_desk_call_args (OcDesk *self, const char *name, const OcArg *args, gsize n_args, OcRows **rows, GCancellable *cancellable,
    GError **error)
{
    g_autoptr(GError) failure = NULL;

    if (call_once (self, name, args, n_args, rows, cancellable, &failure))
        return TRUE;
    if (g_error_matches (failure, OC_DB_ERROR, OC_DB_ERROR_UNREACHABLE) && revive (self, failure))
        return call_once (self, name, args, n_args, rows, cancellable, error);
    g_propagate_error (error, g_steal_pointer (&failure));

    return FALSE;
}

gboolean
oc_desk_ask_args (OcDesk *self, const char *name, const OcArg *args, gsize n_args, OcRows **rows, GCancellable *cancellable,
    GError **error)
{
    g_autoptr(GError) failure = NULL;

    if (oc_desk_call_args (self, name, args, n_args, rows, cancellable, &failure))
        return TRUE;
    if (g_error_matches (failure, OC_DB_ERROR, OC_DB_ERROR_LOST)) {
        revive (self, failure);
        return oc_desk_call_args (self, name, args, n_args, rows, cancellable, error);
    }
    g_propagate_error (error, g_steal_pointer (&failure));

    return FALSE;
}

static gboolean
may_repeat (const GError *failure, gboolean begun)
{
    if (failure->domain != OC_DB_ERROR)
        return FALSE;

    return failure->code == OC_DB_ERROR_LOST
        || (begun && (failure->code == OC_DB_ERROR_UNREACHABLE || failure->code == OC_DB_ERROR_BUSY));
}

gboolean
oc_desk_call_through (OcDesk *self, const char *name, const OcArg *args, gsize n_args, gboolean begun, OcRows **rows,
    gboolean *unknown, GCancellable *cancellable, GError **error)
{
    gboolean sent = begun;

    for (guint i = 0;; i++) {
        g_autoptr(GError) failure = NULL;

        if (call_once (self, name, args, n_args, rows, sent ? NULL : cancellable, &failure))
            return TRUE;
        sent = sent || g_error_matches (failure, OC_DB_ERROR, OC_DB_ERROR_LOST);
        if (i == 0 && !sent && revive (self, failure))
            continue;
        if (i < G_N_ELEMENTS (waits_ms) && may_repeat (failure, sent)) {
            g_usleep (waits_ms[i] * 1000);
            revive (self, failure);
            continue;
        }
        if (unknown)
            *unknown = sent && may_repeat (failure, TRUE);
        g_propagate_error (error, g_steal_pointer (&failure));
        return FALSE;
    }
}

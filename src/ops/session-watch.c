/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeping up with what others change while somebody is signed in, and with who ends his session. */
#include <string.h>

#include "core/error.h"
#include "ops/desk-private.h"

#define RESET_TAKES_S 1 /* while a password is reset the login is locked */
#define RESET_LOOK_MS 100

OcFields *
oc_desk_fields_of_hello (OcRows *rows)
{
    OcFields *fields = oc_fields_new (NULL);

    oc_fields_set_columns (fields, rows, 0);

    return fields;
}

static gboolean
differs (OcFields *was, OcRows *now, const char *column)
{
    return g_strcmp0 (oc_fields_get (was, column), oc_rows_text (now, 0, column)) != 0;
}

GError *
oc_desk_dup_end (OcDesk *desk)
{
    GError *end;

    g_return_val_if_fail (OC_IS_DESK (desk), NULL);
    g_mutex_lock (&desk->lock);
    end = desk->end ? g_error_copy (desk->end) : NULL;
    g_mutex_unlock (&desk->lock);

    return end;
}

void
oc_desk_set_end (OcDesk *desk, GError *end)
{
    GError *was;

    g_mutex_lock (&desk->lock);
    was = desk->end;
    desk->end = end;
    g_mutex_unlock (&desk->lock);
    g_clear_error (&was);
}

/* Which login it was that ended: another one may have begun since. */
typedef struct {
    OcDesk *desk;
    guint n_logins;
    GError *reason;
} End;

static guint
current_login (OcDesk *desk)
{
    guint n;

    g_mutex_lock (&desk->lock);
    n = desk->n_logins;
    g_mutex_unlock (&desk->lock);

    return n;
}

static void
end_free (End *self)
{
    g_object_unref (self->desk);
    g_clear_error (&self->reason);
    g_free (self);
}

/* How this login was said to end, as a code; NULL: nobody said. Any thread. */
static const char *
said_end (OcDesk *desk)
{
    static const char *const codes[][2] = { { "locked", "OC088" }, { "password", "OC089" }, { "deleted", "OC088" } };
    const char *code = NULL;

    g_mutex_lock (&desk->lock);
    for (gsize i = 0; i < G_N_ELEMENTS (codes); i++) {
        if (g_strcmp0 (desk->ended, codes[i][0]) == 0)
            code = codes[i][1];
    }
    g_mutex_unlock (&desk->lock);

    return code;
}

static void
set_said_end (OcDesk *desk, const char *word)
{
    g_mutex_lock (&desk->lock);
    g_free (desk->ended);
    desk->ended = g_strdup (word);
    g_mutex_unlock (&desk->lock);
}

/* How a login is refused does not tell why the session ended; who ended it said so. */
static void
correct_reason (End *self)
{
    const char *said = said_end (self->desk);

    if (said == NULL || g_strcmp0 (oc_error_get_code (self->reason), "OC087") == 0)
        return;
    g_clear_error (&self->reason);
    oc_error_set (&self->reason, said, NULL);
}

static gboolean
on_ended_cb (gpointer data)
{
    End *self = data;

    if (self->n_logins == current_login (self->desk)) {
        correct_reason (self);
        oc_desk_set_end (self->desk, g_steal_pointer (&self->reason));
        oc_sign_out (self->desk);
    }

    return G_SOURCE_REMOVE;
}

/* From a lane; the rest is the main context's, which owns the listener. */
static void
end_session (OcDesk *desk, guint n_logins, const char *code, const char *operator_name)
{
    End *end = g_new (End, 1);

    *end = (End){ g_object_ref (desk), n_logins, NULL };
    oc_error_set (&end->reason, code, "operator", operator_name, NULL);
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_ended_cb, end, (GDestroyNotify) end_free); /* after notifications that came together */
}

static gboolean
is_locked (const GError *refusal)
{
    return g_strcmp0 (oc_error_get_code (refusal), "OC002") == 0 || g_error_matches (refusal, OC_DB_ERROR, OC_DB_ERROR_LOCKED);
}

/* What the refusal to let somebody in again says of the end of his session; NULL: nothing. */
static const char *
end_of (const GError *refusal)
{
    if (is_locked (refusal))
        return "OC088";
    if (g_error_matches (refusal, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD))
        return "OC090";

    return NULL;
}

static void
take_over (OcDesk *desk, OcFields *session, OcRows *now)
{
    gboolean settings = differs (session, now, "settings_version");
    gboolean roles = differs (session, now, "roles_version");
    gboolean operators = differs (session, now, "operators_version");

    if (settings)
        oc_desk_set_site (desk, NULL);
    if (settings || roles || operators)
        oc_desk_set_session (desk, oc_desk_fields_of_hello (now));
    if (settings)
        oc_desk_emit (desk, "settings");
    if (roles)
        oc_desk_emit (desk, "roles");
    if (operators)
        oc_desk_emit (desk, "operators");
}

static gboolean
say_hello (OcDesk *desk, OcRows **now, GCancellable *cancellable, GError **error)
{
    return oc_desk_ask (desk, "hello", now, cancellable, error, oc_int (OC_API_VERSION), oc_uuid (desk->station),
        oc_text (desk->station_name), oc_uuid (desk->process));
}

/* As say_hello (). Whoever is locked out, and was not told why, may only be so until his new password is set. */
static gboolean
say_hello_patiently (OcDesk *desk, OcRows **now, GCancellable *cancellable, GError **error)
{
    gint64 until = g_get_monotonic_time () + RESET_TAKES_S * G_TIME_SPAN_SECOND;
    GError *refusal = NULL;

    while (!say_hello (desk, now, cancellable, &refusal)) {
        if (!is_locked (refusal) || said_end (desk) != NULL || g_get_monotonic_time () > until) {
            g_propagate_error (error, refusal);
            return FALSE;
        }
        g_clear_error (&refusal);
        g_usleep (RESET_LOOK_MS * 1000);
    }

    return TRUE;
}

/* Takes over what has changed since; query lane. */
static gpointer
look_again (gpointer source, gpointer ask, GCancellable *cancellable, GError **error)
{
    OcDesk *desk = source;
    OcFields *session = oc_desk_get_session (desk);
    guint n_logins = current_login (desk);
    g_autoptr(OcRows) now = NULL;
    g_autoptr(GError) refusal = NULL;

    if (session == NULL)
        return NULL;
    if (!say_hello_patiently (desk, &now, cancellable, &refusal)) {
        if (end_of (refusal))
            end_session (desk, n_logins, end_of (refusal), NULL);
        return NULL;
    }
    if (differs (session, now, "sessions_version"))
        end_session (desk, n_logins, "OC087", oc_rows_text (now, 0, "sessions_operator"));
    else
        take_over (desk, session, now);

    return NULL;
}

/* @hint may say that somebody ended this login. */
static void
remember_end (OcDesk *desk, OcFields *session, const char *hint)
{
    g_autofree char *ended = g_strdup_printf ("ended %s ", oc_fields_get (session, "operator"));

    if (g_str_has_prefix (hint, ended))
        set_said_end (desk, hint + strlen (ended));
}

/* Where the connection ended the acts may still reach the database: that is looked at too. */
static void
on_notified_cb (OcListenerNews news, const char *payload, gpointer data)
{
    OcDesk *desk = data;
    OcFields *session = oc_desk_get_session (desk);

    if (session == NULL)
        return;
    if (news == OC_LISTENER_HINT)
        remember_end (desk, session, payload);
    if (news == OC_LISTENER_REACHED || news == OC_LISTENER_AWAY)
        oc_desk_set_online (desk, news == OC_LISTENER_REACHED);
    oc_lane_push (oc_desk_lane (desk, OC_DESK_QUERY), desk, look_again, NULL, NULL, NULL, NULL, NULL, NULL);
    if (news != OC_LISTENER_AWAY)
        oc_desk_emit (desk, "unfinished");
}

/* Notifications come to the main context; a program without one looks at every call's answer instead. */
static gboolean
on_listen_cb (gpointer data)
{
    OcDesk *desk = data;
    g_autofree char *uri = NULL;

    set_said_end (desk, NULL);
    g_mutex_lock (&desk->lock);
    uri = g_strdup (desk->uri);
    if (uri == NULL && desk->cluster)
        uri = oc_cluster_uri (desk->cluster, OC_CLUSTER_DATABASE);
    if (uri && desk->user && desk->listener == NULL)
        desk->listener = oc_listener_new (&(OcDbLogin){ uri, desk->user, desk->password, "onecard-listener" }, on_notified_cb,
            desk);
    g_mutex_unlock (&desk->lock);

    return G_SOURCE_REMOVE;
}

void
oc_desk_listen (OcDesk *desk)
{
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_listen_cb, g_object_ref (desk), g_object_unref);
}

void
oc_desk_stop_listening (OcDesk *desk)
{
    OcListener *listener;

    g_mutex_lock (&desk->lock);
    listener = g_steal_pointer (&desk->listener);
    g_mutex_unlock (&desk->lock);
    g_clear_pointer (&listener, oc_listener_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in and out, and one's own password. An operator is a login of the database: whether the password is right is answered there. */
#include <string.h>

#include "core/error.h"
#include "ops/desk-private.h"
#include "seal/bytes.h"

#define FREE_TRIES 5      /* wrong passwords in a row before the station waits */
#define MAX_DELAY_S 60

static void
set_login (OcDesk *desk, const char *user, const char *password)
{
    g_mutex_lock (&desk->lock);
    g_free (desk->user);
    oc_secret_free (desk->password);
    desk->user = g_strdup (user);
    desk->password = user ? oc_secret_dup (password) : NULL;
    desk->n_logins++;
    g_mutex_unlock (&desk->lock);
    oc_desk_set_site (desk, NULL);
}

/* Whoever guesses at one operator waits, ever longer; whoever only mistyped doesn't notice. */
static gboolean
wait_after_wrong_ones (OcDesk *desk, gint64 number, GCancellable *cancellable, GError **error)
{
    guint over;
    gint64 until;

    if (desk->wrong_number != number || desk->n_wrong < FREE_TRIES)
        return TRUE;
    over = MIN (desk->n_wrong - FREE_TRIES, 6);
    until = g_get_monotonic_time () + MIN (1 << over, MAX_DELAY_S) * G_TIME_SPAN_SECOND;
    while (g_get_monotonic_time () < until) {
        if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
        g_usleep (50 * 1000);
    }

    return TRUE;
}

static void
count_wrong_ones (OcDesk *desk, gint64 number, const GError *failure)
{
    if (failure == NULL) {
        desk->n_wrong = 0;
    } else if (g_error_matches (failure, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD)) {
        desk->n_wrong = desk->wrong_number == number ? desk->n_wrong + 1 : 1;
        desk->wrong_number = number;
    }
}

OcDb *
oc_desk_open_as (OcDesk *self, gint64 number, const char *password, GCancellable *cancellable, GError **error)
{
    g_autofree char *user = g_strdup_printf ("%s_%" G_GINT64_FORMAT, self->role_prefix, number);
    g_autofree char *uri = NULL;
    g_autoptr(GError) failure = NULL;
    g_autoptr(OcDb) db = NULL;

    if (!wait_after_wrong_ones (self, number, cancellable, error) || !(uri = oc_desk_dup_uri (self, error)))
        return NULL;
    db = oc_db_open (&(OcDbLogin){ uri, user, password, "onecard-approval" }, 10, &failure);
    count_wrong_ones (self, number, failure);
    if (db
        && oc_db_call (db, "hello", NULL, error, oc_int (OC_API_VERSION), oc_uuid (self->station), oc_text (self->station_name),
            oc_uuid (self->process)))
        return g_steal_pointer (&db);
    if (failure)
        g_propagate_error (error, g_steal_pointer (&failure));

    return NULL;
}

gboolean
oc_desk_is_me (OcDesk *self, gint64 number)
{
    g_autofree char *user = g_strdup_printf ("%s_%" G_GINT64_FORMAT, self->role_prefix, number);
    gboolean same;

    g_mutex_lock (&self->lock);
    same = g_strcmp0 (self->user, user) == 0;
    g_mutex_unlock (&self->lock);

    return same;
}

static gboolean
connect_as (OcDesk *desk, const OcSignInAsk *ask, GError **error)
{
    g_autofree char *user = g_strdup_printf ("%s_%" G_GINT64_FORMAT, desk->role_prefix, ask->number);
    g_autoptr(OcSite) site = NULL;
    OcFields *session;

    set_login (desk, user, ask->password);
    if (oc_desk_db (desk, error) == NULL)
        return FALSE;
    session = oc_desk_fields_of_hello (oc_desk_hello (desk));
    if (!oc_rows_bool (oc_desk_hello (desk), 0, "must_change") && !(site = oc_desk_get_site (desk, error))) {
        oc_fields_unref (session);
        return FALSE;
    }
    oc_desk_set_session (desk, session);

    return TRUE;
}

gboolean
oc_sign_in (OcDesk *desk, const OcSignInAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(GError) failure = NULL;

    oc_desk_set_end (desk, NULL);
    if (!wait_after_wrong_ones (desk, ask->number, cancellable, error) || !oc_desk_prepare_server (desk, error))
        return FALSE;
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

    connect_as (desk, ask, &failure);
    count_wrong_ones (desk, ask->number, failure);
    oc_desk_set_online (desk, failure == NULL);
    if (failure) {
        set_login (desk, NULL, NULL);
        oc_desk_drop_db (desk);
        oc_desk_set_session (desk, NULL);
        g_propagate_error (error, g_steal_pointer (&failure));
        return FALSE;
    }
    if (desk->here == NULL)
        oc_desk_listen (desk);

    return TRUE;
}

static gpointer
sign_in_on_lane (gpointer desk, gpointer ask, GCancellable *cancellable, GError **error)
{
    return GINT_TO_POINTER (oc_sign_in (desk, ask, cancellable, error));
}

static void
sign_in_ask_free (OcSignInAsk *ask)
{
    oc_secret_free ((char *) ask->password);
    g_free (ask);
}

void
oc_sign_in_async (OcDesk *desk, const OcSignInAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    OcSignInAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->password = oc_secret_dup (ask->password);
    oc_desk_stop_listening (desk);
    oc_lane_push (oc_desk_lane (desk, OC_DESK_COUNTER), desk, sign_in_on_lane, copy, (GDestroyNotify) sign_in_ask_free, NULL,
        cancellable, cb, data);
}

gboolean
oc_sign_in_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return GPOINTER_TO_INT (oc_lane_finish (result, error));
}

static gpointer
drop_on_lane (gpointer desk, gpointer ask, GCancellable *cancellable, GError **error)
{
    oc_desk_drop_db (desk);

    return NULL;
}

void
oc_sign_out (OcDesk *desk)
{
    g_return_if_fail (OC_IS_DESK (desk));

    oc_desk_stop_listening (desk);
    set_login (desk, NULL, NULL);
    if (desk->here)
        oc_desk_drop_db (desk);
    for (int i = 0; i < OC_DESK_N_LANES; i++)
        if (desk->lanes[i])
            oc_lane_push (desk->lanes[i], desk, drop_on_lane, NULL, NULL, NULL, NULL, NULL, NULL);
    if (oc_desk_get_session (desk))
        oc_desk_set_session (desk, NULL);
}

gboolean
oc_desk_is_password (OcDesk *desk, const char *password)
{
    gsize length = strlen (password);
    gboolean same;

    g_return_val_if_fail (OC_IS_DESK (desk), FALSE);
    g_mutex_lock (&desk->lock);
    same = desk->password && strlen (desk->password) == length
        && oc_equal_ct ((const guint8 *) desk->password, (const guint8 *) password, length);
    g_mutex_unlock (&desk->lock);

    return same;
}

gboolean
oc_change_password (OcDesk *desk, const char *password, GCancellable *cancellable, GError **error)
{
    g_autofree char *verifier = NULL;
    g_autofree char *user = NULL;
    OcDb *db;

    if (password == NULL || g_utf8_strlen (password, -1) < OC_MIN_PASSWORD)
        return oc_error_set (error, "OC081", "min", G_STRINGIFY (OC_MIN_PASSWORD), NULL);
    if (!(db = oc_desk_db (desk, error)))
        return FALSE;
    g_mutex_lock (&desk->lock);
    user = g_strdup (desk->user);
    g_mutex_unlock (&desk->lock);
    if (!(verifier = oc_db_make_verifier (db, user, password, error))
        || !oc_desk_call (desk, "change_password", NULL, cancellable, error, oc_text (verifier)))
        return FALSE;

    set_login (desk, user, password);
    if (oc_desk_db (desk, error) == NULL) /* the new password, and what may be done with it */
        return FALSE;
    oc_desk_set_session (desk, oc_desk_fields_of_hello (oc_desk_hello (desk)));

    return TRUE;
}

static gpointer
change_password_on_lane (gpointer desk, gpointer password, GCancellable *cancellable, GError **error)
{
    return GINT_TO_POINTER (oc_change_password (desk, password, cancellable, error));
}

void
oc_change_password_async (OcDesk *desk, const char *password, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    oc_lane_push (oc_desk_lane (desk, OC_DESK_COUNTER), desk, change_password_on_lane, oc_secret_dup (password),
        (GDestroyNotify) oc_secret_free, NULL, cancellable, cb, data);
}

gboolean
oc_change_password_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return GPOINTER_TO_INT (oc_lane_finish (result, error));
}

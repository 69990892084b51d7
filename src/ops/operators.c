/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What befalls an operator's login: locked, unlocked, given a new password. The password itself never leaves the station. */
#include "core/error.h"
#include "ops/desk-private.h"

char *
oc_desk_make_verifier (OcDesk *desk, gint64 number, const char *password, GError **error)
{
    g_autofree char *user = g_strdup_printf ("%s_%" G_GINT64_FORMAT, desk->role_prefix, number);
    OcDb *db;

    if (password == NULL || g_utf8_strlen (password, -1) < OC_MIN_PASSWORD) {
        oc_error_set (error, "OC081", "min", G_STRINGIFY (OC_MIN_PASSWORD), NULL);
        return NULL;
    }

    return (db = oc_desk_db (desk, error)) ? oc_db_make_verifier (db, user, password, error) : NULL;
}

/* Each call is committed: who is in must not come back between the two. */
static gboolean
end_sessions (OcDesk *desk, gint64 number, GError **error)
{
    return oc_desk_call (desk, "operator_end_sessions", NULL, NULL, error, oc_int (number));
}

gboolean
oc_operator_change (OcDesk *desk, const OcOperatorAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autofree char *verifier = NULL;

    switch (ask->verb) {
    case OC_OPERATOR_LOCK:
        return oc_desk_call (desk, "operator_lock", NULL, cancellable, error, oc_int (ask->number))
            && end_sessions (desk, ask->number, error);
    case OC_OPERATOR_UNLOCK:
        return oc_desk_call (desk, "operator_unlock", NULL, cancellable, error, oc_int (ask->number));
    case OC_OPERATOR_RESET_PASSWORD:
        return (verifier = oc_desk_make_verifier (desk, ask->number, ask->password, error))
            && oc_desk_call (desk, "operator_reset_password", NULL, cancellable, error, oc_int (ask->number), oc_text (verifier))
            && end_sessions (desk, ask->number, error);
    }
    g_assert_not_reached ();
}

static OcOperatorAsk *
copy_ask (const OcOperatorAsk *ask)
{
    OcOperatorAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->password = ask->password ? oc_secret_dup (ask->password) : NULL;

    return copy;
}

static void
free_ask (OcOperatorAsk *ask)
{
    oc_secret_free ((char *) ask->password);
    g_free (ask);
}

OC_DEFINE_CHECK (oc_operator_change, OcOperatorAsk, OC_DESK_COUNTER, copy_ask, free_ask)

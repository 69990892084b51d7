/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operators: made, locked, unlocked, deleted, given a new password. The password itself never leaves the station. */
#include <string.h>

#include "core/error.h"
#include "ops/desk-private.h"

/* The verifier of an operator's first password; NULL with OC081. Caller frees. */
static char *
make_verifier (OcDesk *desk, gint64 number, const char *password, GError **error)
{
    g_autofree char *user = g_strdup_printf ("%s_%" G_GINT64_FORMAT, desk->role_prefix, number);
    OcDb *db;

    if (password == NULL || g_utf8_strlen (password, -1) < OC_MIN_PASSWORD) {
        oc_error_set (error, "OC081", "min", G_STRINGIFY (OC_MIN_PASSWORD), NULL);
        return NULL;
    }

    return (db = oc_desk_db (desk, error)) ? oc_db_make_verifier (db, user, password, error) : NULL;
}

gboolean
oc_operator_create (OcDesk *desk, const OcOperatorAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autofree char *verifier = make_verifier (desk, ask->number, ask->password, error);

    return verifier
        && oc_desk_call (desk, "operator_create", NULL, cancellable, error, oc_int (ask->number), oc_int (ask->branch),
            oc_text (ask->role), oc_text (ask->name), oc_text (ask->sex ? ask->sex : ""), oc_text (ask->phone ? ask->phone : ""),
            oc_text (verifier));
}

gboolean
oc_operator_reset_password (OcDesk *desk, gint64 number, const char *password, GCancellable *cancellable, GError **error)
{
    g_autofree char *verifier = make_verifier (desk, number, password, error);

    return verifier
        && oc_desk_call (desk, "operator_reset_password", NULL, cancellable, error, oc_int (number), oc_text (verifier));
}

gboolean
oc_operator_lock (OcDesk *desk, gint64 number, GCancellable *cancellable, GError **error)
{
    /* Two calls, each committed: who is in must not come back between them. */
    return oc_desk_call (desk, "operator_lock", NULL, cancellable, error, oc_int (number))
        && oc_desk_call (desk, "operator_end_sessions", NULL, cancellable, error, oc_int (number));
}

gboolean
oc_operator_unlock (OcDesk *desk, gint64 number, GCancellable *cancellable, GError **error)
{
    return oc_desk_call (desk, "operator_unlock", NULL, cancellable, error, oc_int (number));
}

gboolean
oc_operator_delete (OcDesk *desk, gint64 number, GCancellable *cancellable, GError **error)
{
    return oc_desk_call (desk, "operator_delete", NULL, cancellable, error, oc_int (number));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does not fit between card and ledger, decided by a person: one call, which may be repeated with its request. */
#include "ops/desk-private.h"

OcRows *
oc_conflict_decide (OcDesk *desk, const OcConflictAsk *ask, GCancellable *cancellable, GError **error)
{
    const OcArg args[] = { oc_uuid (ask->request_id), oc_int (ask->conflict), oc_text (ask->decision), oc_text (ask->note) };
    OcRows *rows = NULL;

    g_return_val_if_fail (ask->request_id != NULL, NULL);

    if (!oc_desk_call_through (desk, "conflict_decide", args, G_N_ELEMENTS (args), FALSE, &rows, NULL, cancellable, error))
        return NULL;
    oc_desk_emit (desk, "unfinished");
    oc_desk_emit (desk, "trades");

    return rows;
}

static OcConflictAsk *
copy_ask (const OcConflictAsk *ask)
{
    OcConflictAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->request_id = g_strdup (ask->request_id);
    copy->decision = g_strdup (ask->decision);
    copy->note = g_strdup (ask->note);

    return copy;
}

static void
free_ask (OcConflictAsk *ask)
{
    g_free ((char *) ask->request_id);
    g_free ((char *) ask->decision);
    g_free ((char *) ask->note);
    g_free (ask);
}

OC_DEFINE_OP (oc_conflict_decide, OcRows, OcConflictAsk, OC_DESK_COUNTER, copy_ask, free_ask, g_object_unref)

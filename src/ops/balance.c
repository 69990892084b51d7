/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money into and out of a customer's balance: one call, which may be repeated with its request. */
#include "ops/card-job.h"

OcOutcome *
oc_balance (OcDesk *desk, const OcBalanceAsk *ask, GCancellable *cancellable, GError **error)
{
    const OcArg args[] = {
        oc_uuid (ask->request_id), oc_int (ask->customer), oc_bool (ask->out), oc_money (ask->amount),
        OC_TENDERED_ARG (ask->tendered), OC_PAY_ARG (ask->pay), OC_REFERENCE_ARG (ask->reference),
    };
    g_autoptr(OcRows) rows = NULL;

    g_return_val_if_fail (ask->request_id != NULL, NULL);

    if (!oc_desk_call_through (desk, "balance_change", args, G_N_ELEMENTS (args), FALSE, &rows, NULL, cancellable, error))
        return NULL;
    oc_desk_emit (desk, "trades");

    return oc_outcome_new (rows);
}

static OcBalanceAsk *
copy_ask (const OcBalanceAsk *ask)
{
    OcBalanceAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->request_id = g_strdup (ask->request_id);
    copy->pay = g_strdup (ask->pay);
    copy->reference = g_strdup (ask->reference);

    return copy;
}

static void
free_ask (OcBalanceAsk *ask)
{
    g_free ((char *) ask->request_id);
    g_free ((char *) ask->pay);
    g_free ((char *) ask->reference);
    g_free (ask);
}

OC_DEFINE_OP (oc_balance, OcOutcome, OcBalanceAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_outcome_free)

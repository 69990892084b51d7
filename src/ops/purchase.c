/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selling on a card that was read: the card must still be where it was read, the rest is the card job. */
#include "ops/card-job.h"
#include "ops/reading.h"

OcOutcome *
oc_purchase (OcDesk *desk, const OcPurchaseAsk *ask, GCancellable *cancellable, GError **error)
{
    g_auto(OcImageArgs) card = { 0 };

    g_return_val_if_fail (ask->reading != NULL && ask->request_id != NULL, NULL);

    if (!oc_reading_is_present (ask->reading, desk, error))
        return NULL;
    oc_image_args_init (&card, ask->reading->image);

    const OcArg args[] = {
        OC_CARD_ARGS (ask->request_id, ask->reading->image, card), oc_int (ask->sub_meter),
        ask->by_quantity ? oc_null (OC_ARG_NUMERIC) : oc_money (ask->amount),
        ask->by_quantity ? oc_quantity (ask->quantity) : oc_null (OC_ARG_NUMERIC), OC_EXPECTED_ARG (ask->expected_due),
        OC_TENDERED_ARG (ask->tendered), OC_PAY_ARG (ask->pay), OC_REFERENCE_ARG (ask->reference),
    };
    const OcJobAsk job = { "purchase_begin", args, G_N_ELEMENTS (args), ask->request_id, ask->reading->generation };

    return oc_card_job_run (desk, &job, cancellable, error);
}

static OcPurchaseAsk *
copy_ask (const OcPurchaseAsk *ask)
{
    OcPurchaseAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->request_id = g_strdup (ask->request_id);
    copy->reading = oc_reading_ref (ask->reading);
    copy->pay = g_strdup (ask->pay);
    copy->reference = g_strdup (ask->reference);

    return copy;
}

static void
free_ask (OcPurchaseAsk *ask)
{
    g_free ((char *) ask->request_id);
    oc_reading_unref (ask->reading);
    g_free ((char *) ask->pay);
    g_free ((char *) ask->reference);
    g_free (ask);
}

OC_DEFINE_OP (oc_purchase, OcOutcome, OcPurchaseAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_outcome_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selling anew what was not put in a meter: the last purchase is taken back and the right amount sold, in one card job. */
#include "ops/card-job.h"
#include "ops/reading.h"

static OcArg
amount_arg (const OcRepurchaseAsk *ask)
{
    return ask->by_quantity ? oc_null (OC_ARG_NUMERIC) : oc_money (ask->amount);
}

static OcArg
quantity_arg (const OcRepurchaseAsk *ask)
{
    return ask->by_quantity ? oc_quantity (ask->quantity) : oc_null (OC_ARG_NUMERIC);
}

OcRows *
oc_repurchase_quote (OcDesk *desk, const OcRepurchaseAsk *ask, GCancellable *cancellable, GError **error)
{
    OcRows *rows = NULL;

    return oc_desk_ask (desk, "repurchase_quote", &rows, cancellable, error, oc_int (ask->customer), oc_int (ask->sub_meter),
               amount_arg (ask), quantity_arg (ask))
        ? rows
        : NULL;
}

OcOutcome *
oc_repurchase (OcDesk *desk, const OcRepurchaseAsk *ask, GCancellable *cancellable, GError **error)
{
    g_auto(OcImageArgs) card = { 0 };

    g_return_val_if_fail (ask->reading != NULL && ask->request_id != NULL, NULL);

    if (!oc_reading_is_present (ask->reading, desk, error))
        return NULL;
    oc_image_args_init (&card, ask->reading->image);

    const OcArg args[] = {
        OC_CARD_ARGS (ask->request_id, ask->reading->image, card), oc_int (ask->sub_meter), amount_arg (ask),
        quantity_arg (ask), ask->quoted ? oc_money (ask->expected_due) : oc_null (OC_ARG_NUMERIC),
        OC_TENDERED_ARG (ask->tendered), OC_PAY_ARG (ask->pay), OC_REFERENCE_ARG (ask->reference), oc_bool (ask->pay_out),
    };
    const OcJobAsk job = { "repurchase_begin", args, G_N_ELEMENTS (args), ask->request_id, ask->reading->generation };

    return oc_card_job_run (desk, &job, cancellable, error);
}

static OcRepurchaseAsk *
copy_ask (const OcRepurchaseAsk *ask)
{
    OcRepurchaseAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->request_id = g_strdup (ask->request_id);
    copy->reading = ask->reading ? oc_reading_ref (ask->reading) : NULL;
    copy->pay = g_strdup (ask->pay);
    copy->reference = g_strdup (ask->reference);

    return copy;
}

static void
free_ask (OcRepurchaseAsk *ask)
{
    g_free ((char *) ask->request_id);
    g_clear_pointer (&ask->reading, oc_reading_unref);
    g_free ((char *) ask->pay);
    g_free ((char *) ask->reference);
    g_free (ask);
}

OC_DEFINE_OP (oc_repurchase, OcOutcome, OcRepurchaseAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_outcome_free)
OC_DEFINE_OP (oc_repurchase_quote, OcRows, OcRepurchaseAsk, OC_DESK_QUERY, copy_ask, free_ask, g_object_unref)

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ends with a blank card: closing an account, and clearing a card that nobody needs any more. The card was read whole. */
#include "ops/card-job.h"
#include "ops/reading.h"

OcRows *
oc_close_account_quote (OcDesk *desk, const OcCloseAsk *ask, GCancellable *cancellable, GError **error)
{
    g_auto(OcImageArgs) card = { 0 };
    OcRows *rows = NULL;

    g_return_val_if_fail (ask->reading != NULL, NULL);

    if (!oc_reading_is_present (ask->reading, desk, error))
        return NULL;
    oc_image_args_init (&card, ask->reading->image);

    return oc_desk_ask (desk, "close_quote", &rows, cancellable, error, oc_text (oc_image_family (ask->reading->image)),
               oc_bytes (&card.serial), oc_texts (card.areas, card.n), oc_bytess (card.bytes, card.n))
        ? rows
        : NULL;
}

OcOutcome *
oc_close_account (OcDesk *desk, const OcCloseAsk *ask, GCancellable *cancellable, GError **error)
{
    g_auto(OcImageArgs) card = { 0 };

    g_return_val_if_fail (ask->reading != NULL && ask->request_id != NULL, NULL);

    if (!oc_reading_is_present (ask->reading, desk, error))
        return NULL;
    oc_image_args_init (&card, ask->reading->image);

    const OcArg args[] = {
        OC_CARD_ARGS (ask->request_id, ask->reading->image, card), ask->customer ? oc_int (ask->customer) : oc_null (OC_ARG_INT),
        OC_EXPECTED_ARG (ask->expected), OC_PAY_ARG (ask->pay), OC_REFERENCE_ARG (ask->reference),
    };
    const OcJobAsk job = { "close_begin", args, G_N_ELEMENTS (args), ask->request_id, ask->reading->generation };

    return oc_card_job_run (desk, &job, cancellable, error);
}

OcOutcome *
oc_clear_card (OcDesk *desk, const OcCloseAsk *ask, GCancellable *cancellable, GError **error)
{
    g_auto(OcImageArgs) card = { 0 };

    g_return_val_if_fail (ask->reading != NULL && ask->request_id != NULL, NULL);

    if (!oc_reading_is_present (ask->reading, desk, error))
        return NULL;
    oc_image_args_init (&card, ask->reading->image);

    const OcArg args[] = { OC_CARD_ARGS (ask->request_id, ask->reading->image, card) };
    const OcJobAsk job = { "clear_card_begin", args, G_N_ELEMENTS (args), ask->request_id, ask->reading->generation };

    return oc_card_job_run (desk, &job, cancellable, error);
}

static OcCloseAsk *
copy_ask (const OcCloseAsk *ask)
{
    OcCloseAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->request_id = g_strdup (ask->request_id);
    copy->reading = oc_reading_ref (ask->reading);
    copy->pay = g_strdup (ask->pay);
    copy->reference = g_strdup (ask->reference);

    return copy;
}

static void
free_ask (OcCloseAsk *ask)
{
    g_free ((char *) ask->request_id);
    oc_reading_unref (ask->reading);
    g_free ((char *) ask->pay);
    g_free ((char *) ask->reference);
    g_free (ask);
}

OC_DEFINE_OP (oc_close_account, OcOutcome, OcCloseAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_outcome_free)
OC_DEFINE_OP (oc_close_account_quote, OcRows, OcCloseAsk, OC_DESK_QUERY, copy_ask, free_ask, g_object_unref)
OC_DEFINE_OP (oc_clear_card, OcOutcome, OcCloseAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_outcome_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new card for a customer whose card is gone: the blank card in the reader is read here, whole, and gets what the old one had. */
#include "ops/card-job.h"

OcRows *
oc_replace_card_quote (OcDesk *desk, const OcReplaceAsk *ask, GCancellable *cancellable, GError **error)
{
    OcRows *rows = NULL;

    return oc_desk_ask (desk, "replace_card_quote", &rows, cancellable, error, oc_int (ask->customer)) ? rows : NULL;
}

OcOutcome *
oc_replace_card (OcDesk *desk, const OcReplaceAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(OcRows) quote = NULL;
    g_autoptr(OcImage) image = NULL;
    g_auto(OcImageArgs) card = { 0 };
    guint generation;

    g_return_val_if_fail (ask->request_id != NULL, NULL);

    /* which chip a blank memory card is of can't be asked of it */
    if (!(quote = oc_replace_card_quote (desk, ask, cancellable, error)))
        return NULL;
    image = oc_desk_read_image (desk, TRUE, oc_rows_count (quote) ? oc_rows_text (quote, 0, "chip") : NULL, &generation,
        cancellable, error);
    if (image == NULL)
        return NULL;
    oc_image_args_init (&card, image);

    const OcArg args[] = {
        OC_CARD_ARGS (ask->request_id, image, card), oc_int (ask->customer), OC_EXPECTED_ARG (ask->expected_due),
        OC_TENDERED_ARG (ask->tendered), OC_PAY_ARG (ask->pay), OC_REFERENCE_ARG (ask->reference),
    };
    const OcJobAsk job = { "replace_card_begin", args, G_N_ELEMENTS (args), ask->request_id, generation };

    return oc_card_job_run (desk, &job, cancellable, error);
}

static OcReplaceAsk *
copy_ask (const OcReplaceAsk *ask)
{
    OcReplaceAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->request_id = g_strdup (ask->request_id);
    copy->pay = g_strdup (ask->pay);
    copy->reference = g_strdup (ask->reference);

    return copy;
}

static void
free_ask (OcReplaceAsk *ask)
{
    g_free ((char *) ask->request_id);
    g_free ((char *) ask->pay);
    g_free ((char *) ask->reference);
    g_free (ask);
}

OC_DEFINE_OP (oc_replace_card, OcOutcome, OcReplaceAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_outcome_free)
OC_DEFINE_OP (oc_replace_card_quote, OcRows, OcReplaceAsk, OC_DESK_QUERY, copy_ask, free_ask, g_object_unref)

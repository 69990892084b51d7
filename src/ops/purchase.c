/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selling on a card that was read: the card must still be where it was read, the rest is the card job. */
#include <glib/gi18n-lib.h>

#include "ops/card-job.h"
#include "ops/reading.h"

/* A card that was taken out since may be another one, or another state of the same one. */
static gboolean
is_still_there (OcDesk *desk, OcReading *reading, GError **error)
{
    if (reading->image == NULL) {
        g_propagate_error (error, oc_reading_refusal (reading));
        return FALSE;
    }
    if (desk->cards && oc_card_service_get_generation (desk->cards) == reading->generation
        && oc_card_service_get_presence (desk->cards, NULL) == OC_PRESENCE_CARD)
        return TRUE;
    g_set_error_literal (error, OC_CARD_ERROR, OC_CARD_ERROR_CHANGED,
        _("The card was taken out since it was read. Nothing was sold; read the card again."));

    return FALSE;
}

OcOutcome *
oc_purchase (OcDesk *desk, const OcPurchaseAsk *ask, GCancellable *cancellable, GError **error)
{
    g_auto(OcImageArgs) card = { 0 };

    g_return_val_if_fail (ask->reading != NULL && ask->request_id != NULL, NULL);

    if (!is_still_there (desk, ask->reading, error))
        return NULL;
    oc_image_args_init (&card, ask->reading->image);

    const OcArg args[] = {
        oc_uuid (ask->request_id), oc_text (oc_image_family (ask->reading->image)),
        oc_text (oc_image_chip (ask->reading->image)), oc_bytes (&card.serial), oc_texts (card.areas, card.n),
        oc_bytess (card.bytes, card.n), oc_int (ask->sub_meter),
        ask->by_quantity ? oc_null (OC_ARG_NUMERIC) : oc_money (ask->amount),
        ask->by_quantity ? oc_quantity (ask->quantity) : oc_null (OC_ARG_NUMERIC),
        ask->expected_due.units < 0 ? oc_null (OC_ARG_NUMERIC) : oc_money (ask->expected_due),
        ask->tendered.units == 0 ? oc_null (OC_ARG_NUMERIC) : oc_money (ask->tendered),
        oc_text (ask->pay ? ask->pay : "cash"), oc_text (ask->reference ? ask->reference : ""),
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

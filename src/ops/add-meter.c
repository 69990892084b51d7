/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding sub-meters to a card in use: what is not in use on it yet is read too, then the new meters' first purchases go onto it in
 * one card job. The quote is in quote.c. */
#include "ops/card-job.h"
#include "ops/meter-args.h"
#include "ops/reading.h"

OcOutcome *
oc_add_meter (OcDesk *desk, const OcAddMeterAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(OcSite) site = oc_desk_get_site (desk, error);
    g_autoptr(OcImage) image = NULL;
    g_auto(OcImageArgs) card = { 0 };
    g_auto(OcMeterArgs) meters = { 0 };
    gsize n = ask->n_meters;
    guint generation;

    g_return_val_if_fail (ask->reading != NULL && ask->request_id != NULL, NULL);

    if (site == NULL || !oc_reading_is_present (ask->reading, desk, error)
        || !(image = oc_desk_read_image (desk, TRUE, oc_image_chip (ask->reading->image), &generation, cancellable, error))
        || !oc_reading_is_present (ask->reading, desk, error)) /* nor was it changed for another one meanwhile */
        return NULL;
    oc_image_args_init (&card, image);
    oc_meter_args_init (&meters, ask->meters, n, site);

    const OcArg args[] = {
        OC_CARD_ARGS (ask->request_id, image, card), OC_METER_ARGS (meters, n), OC_EXPECTED_ARG (ask->expected_due),
        OC_TENDERED_ARG (ask->tendered), OC_PAY_ARG (ask->pay), OC_REFERENCE_ARG (ask->reference),
    };
    const OcJobAsk job = { "add_meter_begin", args, G_N_ELEMENTS (args), ask->request_id, generation };

    return oc_card_job_run (desk, &job, cancellable, error);
}

static OcAddMeterAsk *
copy_ask (const OcAddMeterAsk *ask)
{
    OcAddMeterAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->request_id = g_strdup (ask->request_id);
    copy->reading = ask->reading ? oc_reading_ref (ask->reading) : NULL;
    copy->meters = oc_open_meters_copy (ask->meters, ask->n_meters);
    copy->pay = g_strdup (ask->pay);
    copy->reference = g_strdup (ask->reference);

    return copy;
}

static void
free_ask (OcAddMeterAsk *ask)
{
    g_free ((char *) ask->request_id);
    g_clear_pointer (&ask->reading, oc_reading_unref);
    oc_open_meters_free ((OcOpenMeter *) ask->meters, ask->n_meters);
    g_free ((char *) ask->pay);
    g_free ((char *) ask->reference);
    g_free (ask);
}

OC_DEFINE_OP (oc_add_meter, OcOutcome, OcAddMeterAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_outcome_free)
OC_DEFINE_OP (oc_add_meter_quote, OcRows, OcAddMeterAsk, OC_DESK_QUERY, copy_ask, free_ask, g_object_unref)

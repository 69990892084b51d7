/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening an account: a blank card is read whole, and the new customer's first purchase, or several, go onto it in one
 * card job. */
#include "ops/card-job.h"
#include "ops/meter-args.h"

OcOutcome *
oc_open_account (OcDesk *desk, const OcOpenAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(OcSite) site = oc_desk_get_site (desk, error);
    g_autoptr(OcImage) image = NULL;
    g_auto(OcImageArgs) card = { 0 };
    g_auto(OcMeterArgs) c = { 0 };
    gsize n = ask->n_meters;
    const char *chip;
    guint generation;

    g_return_val_if_fail (ask->request_id != NULL, NULL);

    if (site == NULL)
        return NULL;
    chip = n ? oc_site_chip_of (site, ask->meters[0].model) : NULL;
    if (!(image = oc_desk_read_image (desk, TRUE, chip, &generation, cancellable, error)))
        return NULL;
    oc_image_args_init (&card, image);
    oc_meter_args_init (&c, ask->meters, n, site);

    const OcArg args[] = {
        OC_CARD_ARGS (ask->request_id, image, card), oc_text (ask->name),
        oc_text (ask->address), oc_text (ask->phone), oc_text (ask->id_kind), oc_text (ask->id_number),
        oc_text (ask->district), ask->household ? oc_int (ask->household) : oc_null (OC_ARG_INT),
        oc_text (ask->permanent_number), oc_text (ask->note), OC_METER_ARGS (c, n), OC_EXPECTED_ARG (ask->expected_due), OC_TENDERED_ARG (ask->tendered),
        OC_PAY_ARG (ask->pay), OC_REFERENCE_ARG (ask->reference),
        ask->pre_registered ? oc_int (ask->pre_registered) : oc_null (OC_ARG_INT),
    };
    const OcJobAsk job = { "open_begin", args, G_N_ELEMENTS (args), ask->request_id, generation };

    return oc_card_job_run (desk, &job, cancellable, error);
}

static OcOpenAsk *
copy_ask (const OcOpenAsk *ask)
{
    OcOpenAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->request_id = g_strdup (ask->request_id);
    copy->name = g_strdup (ask->name);
    copy->address = g_strdup (ask->address);
    copy->phone = g_strdup (ask->phone);
    copy->id_kind = g_strdup (ask->id_kind);
    copy->id_number = g_strdup (ask->id_number);
    copy->district = g_strdup (ask->district);
    copy->permanent_number = g_strdup (ask->permanent_number);
    copy->note = g_strdup (ask->note);
    copy->pay = g_strdup (ask->pay);
    copy->reference = g_strdup (ask->reference);
    copy->meters = oc_open_meters_copy (ask->meters, ask->n_meters);

    return copy;
}

static void
free_ask (OcOpenAsk *ask)
{
    const char *const texts[] = { ask->request_id, ask->name, ask->address, ask->phone, ask->id_kind, ask->id_number,
        ask->district, ask->permanent_number, ask->note, ask->pay, ask->reference };

    for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
        g_free ((char *) texts[k]);
    oc_open_meters_free ((OcOpenMeter *) ask->meters, ask->n_meters);
    g_free (ask);
}

OC_DEFINE_OP (oc_open_account, OcOutcome, OcOpenAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_outcome_free)

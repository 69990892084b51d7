/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new meter in the place of an old one: the card that was read carries the old one's value to it, in one card job. */
#include "ops/card-job.h"
#include "ops/reading.h"

/* What the new meter is, and what the old one shows; absent: as it was. */
#define METER_ARGS(ask) \
    oc_text ((ask)->meter), oc_text ((ask)->model), oc_text ((ask)->user_type), oc_text ((ask)->price), oc_text ((ask)->price_2), \
        (ask)->ct ? oc_int ((ask)->ct) : oc_null (OC_ARG_INT), (ask)->vt ? oc_int ((ask)->vt) : oc_null (OC_ARG_INT), \
        (ask)->by_return ? oc_null (OC_ARG_NUMERIC) : oc_quantity ((ask)->remaining)

OcRows *
oc_replace_meter_quote (OcDesk *desk, const OcReplaceMeterAsk *ask, GCancellable *cancellable, GError **error)
{
    const OcArg args[] = { oc_int (ask->customer), oc_int (ask->sub_meter), METER_ARGS (ask) };
    OcRows *rows = NULL;

    return oc_desk_ask_args (desk, "replace_meter_quote", args, G_N_ELEMENTS (args), &rows, cancellable, error) ? rows : NULL;
}

OcOutcome *
oc_replace_meter (OcDesk *desk, const OcReplaceMeterAsk *ask, GCancellable *cancellable, GError **error)
{
    g_auto(OcImageArgs) card = { 0 };

    g_return_val_if_fail (ask->reading != NULL && ask->request_id != NULL, NULL);

    if (!oc_reading_is_present (ask->reading, desk, error))
        return NULL;
    oc_image_args_init (&card, ask->reading->image);

    const OcArg args[] = {
        OC_CARD_ARGS (ask->request_id, ask->reading->image, card), oc_int (ask->sub_meter), METER_ARGS (ask),
        OC_EXPECTED_ARG (ask->expected_due), OC_TENDERED_ARG (ask->tendered), OC_PAY_ARG (ask->pay),
        OC_REFERENCE_ARG (ask->reference),
    };
    const OcJobAsk job = { "replace_meter_begin", args, G_N_ELEMENTS (args), ask->request_id, ask->reading->generation };

    return oc_card_job_run (desk, &job, cancellable, error);
}

static OcReplaceMeterAsk *
copy_ask (const OcReplaceMeterAsk *ask)
{
    OcReplaceMeterAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->request_id = g_strdup (ask->request_id);
    copy->reading = ask->reading ? oc_reading_ref (ask->reading) : NULL;
    copy->meter = g_strdup (ask->meter);
    copy->model = g_strdup (ask->model);
    copy->user_type = g_strdup (ask->user_type);
    copy->price = g_strdup (ask->price);
    copy->price_2 = g_strdup (ask->price_2);
    copy->pay = g_strdup (ask->pay);
    copy->reference = g_strdup (ask->reference);

    return copy;
}

static void
free_ask (OcReplaceMeterAsk *ask)
{
    const char *const texts[] = { ask->request_id, ask->meter, ask->model, ask->user_type, ask->price, ask->price_2, ask->pay,
        ask->reference };

    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        g_free ((char *) texts[i]);
    g_clear_pointer (&ask->reading, oc_reading_unref);
    g_free (ask);
}

OC_DEFINE_OP (oc_replace_meter, OcOutcome, OcReplaceMeterAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_outcome_free)
OC_DEFINE_OP (oc_replace_meter_quote, OcRows, OcReplaceMeterAsk, OC_DESK_QUERY, copy_ask, free_ask, g_object_unref)

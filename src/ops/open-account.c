/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening an account: a blank card is read whole, and the new customer's first purchase, or several, go onto it in one
 * card job. */
#include "ops/card-job.h"

/* The meters of an ask as the parallel arrays that api.open_begin takes. */
typedef struct {
    gint64 *slot, *ct, *vt, *amount, *quantity;
    const char **model, **meter, **user_type, **price, **price_2, **switch_at;
} Columns;

static void
columns_clear (Columns *self)
{
    g_free (self->slot);
    g_free (self->ct);
    g_free (self->vt);
    g_free (self->amount);
    g_free (self->quantity);
    g_free (self->model);
    g_free (self->meter);
    g_free (self->user_type);
    g_free (self->price);
    g_free (self->price_2);
    g_free (self->switch_at);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Columns, columns_clear)

static void
fill_columns (Columns *self, const OcOpenAsk *ask, OcSite *site)
{
    gsize n = ask->n_meters;

    *self = (Columns){
        g_new (gint64, n + 1), g_new (gint64, n + 1), g_new (gint64, n + 1), g_new (gint64, n + 1), g_new (gint64, n + 1),
        g_new (const char *, n + 1), g_new (const char *, n + 1), g_new (const char *, n + 1), g_new (const char *, n + 1),
        g_new (const char *, n + 1), g_new (const char *, n + 1),
    };
    for (gsize i = 0; i < n; i++) {
        const OcOpenMeter *meter = &ask->meters[i];

        self->slot[i] = meter->slot;
        self->ct[i] = meter->ct ? meter->ct : oc_site_ratio_of (site, meter->model, "ct");
        self->vt[i] = meter->vt ? meter->vt : oc_site_ratio_of (site, meter->model, "vt");
        self->amount[i] = meter->by_quantity || meter->amount.units == 0 ? G_MININT64 : meter->amount.units;
        self->quantity[i] = meter->by_quantity && meter->quantity.units != 0 ? meter->quantity.units : G_MININT64;
        self->model[i] = meter->model;
        self->meter[i] = meter->meter;
        self->user_type[i] = meter->user_type;
        self->price[i] = meter->price;
        self->price_2[i] = meter->price_2 ? meter->price_2 : meter->price;
        self->switch_at[i] = meter->switch_at;
    }
}

OcOutcome *
oc_open_account (OcDesk *desk, const OcOpenAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(OcSite) site = oc_desk_get_site (desk, error);
    g_autoptr(OcImage) image = NULL;
    g_auto(OcImageArgs) card = { 0 };
    g_auto(Columns) c = { 0 };
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
    fill_columns (&c, ask, site);

    const OcArg args[] = {
        OC_CARD_ARGS (ask->request_id, image, card), oc_text (ask->name),
        oc_text (ask->address), oc_text (ask->phone), oc_text (ask->id_kind), oc_text (ask->id_number),
        oc_text (ask->district), ask->household ? oc_int (ask->household) : oc_null (OC_ARG_INT),
        oc_text (ask->permanent_number), oc_text (ask->note), oc_ints (c.slot, n), oc_texts (c.model, n),
        oc_texts (c.meter, n), oc_texts (c.user_type, n), oc_texts (c.price, n), oc_texts (c.price_2, n),
        oc_times (c.switch_at, n), oc_ints (c.ct, n), oc_ints (c.vt, n), oc_numerics (c.amount, n),
        oc_numerics (c.quantity, n), OC_EXPECTED_ARG (ask->expected_due), OC_TENDERED_ARG (ask->tendered),
        OC_PAY_ARG (ask->pay), OC_REFERENCE_ARG (ask->reference),
        ask->pre_registered ? oc_int (ask->pre_registered) : oc_null (OC_ARG_INT),
    };
    const OcJobAsk job = { "open_begin", args, G_N_ELEMENTS (args), ask->request_id, generation };

    return oc_card_job_run (desk, &job, cancellable, error);
}

static OcOpenMeter *
copy_meters (const OcOpenAsk *ask)
{
    OcOpenMeter *meters = g_new0 (OcOpenMeter, ask->n_meters + 1);

    for (guint i = 0; i < ask->n_meters; i++) {
        meters[i] = ask->meters[i];
        meters[i].model = g_strdup (ask->meters[i].model);
        meters[i].meter = g_strdup (ask->meters[i].meter);
        meters[i].user_type = g_strdup (ask->meters[i].user_type);
        meters[i].price = g_strdup (ask->meters[i].price);
        meters[i].price_2 = g_strdup (ask->meters[i].price_2);
        meters[i].switch_at = g_strdup (ask->meters[i].switch_at);
    }

    return meters;
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
    copy->meters = copy_meters (ask);

    return copy;
}

static void
free_ask (OcOpenAsk *ask)
{
    for (guint i = 0; i < ask->n_meters; i++) {
        const OcOpenMeter *meter = &ask->meters[i];
        const char *const texts[] = { meter->model, meter->meter, meter->user_type, meter->price, meter->price_2,
            meter->switch_at };

        for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
            g_free ((char *) texts[k]);
    }
    const char *const texts[] = { ask->request_id, ask->name, ask->address, ask->phone, ask->id_kind, ask->id_number,
        ask->district, ask->permanent_number, ask->note, ask->pay, ask->reference };

    for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
        g_free ((char *) texts[k]);
    g_free ((OcOpenMeter *) ask->meters);
    g_free (ask);
}

OC_DEFINE_OP (oc_open_account, OcOutcome, OcOpenAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_outcome_free)

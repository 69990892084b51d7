/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/meter-args.h"

void
oc_meter_args_clear (OcMeterArgs *self)
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

void
oc_meter_args_init (OcMeterArgs *self, const OcOpenMeter *meters, gsize n, OcSite *site)
{
    *self = (OcMeterArgs){
        g_new (gint64, n + 1), g_new (gint64, n + 1), g_new (gint64, n + 1), g_new (gint64, n + 1), g_new (gint64, n + 1),
        g_new (const char *, n + 1), g_new (const char *, n + 1), g_new (const char *, n + 1), g_new (const char *, n + 1),
        g_new (const char *, n + 1), g_new (const char *, n + 1),
    };
    for (gsize i = 0; i < n; i++) {
        const OcOpenMeter *meter = &meters[i];

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

OcOpenMeter *
oc_open_meters_copy (const OcOpenMeter *meters, guint n)
{
    OcOpenMeter *copies = g_new0 (OcOpenMeter, n + 1);

    for (guint i = 0; i < n; i++) {
        copies[i] = meters[i];
        copies[i].model = g_strdup (meters[i].model);
        copies[i].meter = g_strdup (meters[i].meter);
        copies[i].user_type = g_strdup (meters[i].user_type);
        copies[i].price = g_strdup (meters[i].price);
        copies[i].price_2 = g_strdup (meters[i].price_2);
        copies[i].switch_at = g_strdup (meters[i].switch_at);
    }

    return copies;
}

void
oc_open_meters_free (OcOpenMeter *meters, guint n)
{
    for (guint i = 0; i < n; i++) {
        const OcOpenMeter *meter = &meters[i];
        const char *const texts[] = { meter->model, meter->meter, meter->user_type, meter->price, meter->price_2, meter->switch_at };

        for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
            g_free ((char *) texts[k]);
    }
    g_free (meters);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The new meters of an ask, as an opening and an added sub-meter send them: parallel arrays, one element a sub-meter. */
#pragma once

#include "ops/desk-private.h"

G_BEGIN_DECLS

/* Texts are the meters' own. */
typedef struct {
    gint64 *slot, *ct, *vt, *amount, *quantity;
    const char **model, **meter, **user_type, **price, **price_2, **switch_at;
} OcMeterArgs;
void oc_meter_args_init (OcMeterArgs *self, const OcOpenMeter *meters, gsize n, OcSite *site);
void oc_meter_args_clear (OcMeterArgs *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OcMeterArgs, oc_meter_args_clear)

#define OC_METER_ARGS(c, n) \
    oc_ints ((c).slot, n), oc_texts ((c).model, n), oc_texts ((c).meter, n), oc_texts ((c).user_type, n), oc_texts ((c).price, n), \
        oc_texts ((c).price_2, n), oc_times ((c).switch_at, n), oc_ints ((c).ct, n), oc_ints ((c).vt, n), \
        oc_numerics ((c).amount, n), oc_numerics ((c).quantity, n)

OcOpenMeter *oc_open_meters_copy (const OcOpenMeter *meters, guint n);
void oc_open_meters_free (OcOpenMeter *meters, guint n);

G_END_DECLS

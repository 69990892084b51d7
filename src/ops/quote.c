/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sale would cost: the database's answer, computed as the sale itself will be. */
#include "ops/desk-private.h"

OcRows *
oc_quote (OcDesk *desk, const OcQuoteAsk *ask, GCancellable *cancellable, GError **error)
{
    OcArg amount = ask->by_quantity || ask->amount.units == 0 ? oc_null (OC_ARG_NUMERIC) : oc_money (ask->amount);
    OcArg quantity = ask->by_quantity ? oc_quantity (ask->quantity) : oc_null (OC_ARG_NUMERIC);
    OcRows *rows = NULL;
    gboolean done;

    if (ask->customer != 0)
        done = oc_desk_ask (desk, "quote", &rows, cancellable, error, oc_int (ask->sub_meter), oc_int (ask->customer), amount,
            quantity);
    else
        done = oc_desk_ask (desk, "quote_open", &rows, cancellable, error, oc_text (ask->user_type), oc_text (ask->model),
            oc_text (ask->price), ask->household ? oc_int (ask->household) : oc_null (OC_ARG_INT), amount, quantity,
            oc_bool (ask->first));

    return done ? rows : NULL;
}

static OcQuoteAsk *
copy_ask (const OcQuoteAsk *ask)
{
    OcQuoteAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->user_type = g_strdup (ask->user_type);
    copy->model = g_strdup (ask->model);
    copy->price = g_strdup (ask->price);

    return copy;
}

static void
free_ask (OcQuoteAsk *ask)
{
    g_free ((char *) ask->user_type);
    g_free ((char *) ask->model);
    g_free ((char *) ask->price);
    g_free (ask);
}

OC_DEFINE_OP (oc_quote, OcRows, OcQuoteAsk, OC_DESK_QUERY, copy_ask, free_ask, g_object_unref)

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a price that is being typed would sell. */
#include "ops/desk-private.h"
#include "ops/setting-form.h"

OcRows *
oc_price_preview (OcDesk *desk, const OcPreviewAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(JsonNode) form = oc_setting_form_new (ask->fields);
    g_autofree char *text = oc_setting_form_text (form);
    OcQuantity step = { 100 };
    OcRows *rows = NULL;

    if (ask->step)
        oc_quantity_from_decimal (ask->step, &step);

    return oc_desk_ask (desk, "price_preview", &rows, cancellable, error, oc_json (text),
               ask->by_quantity ? oc_null (OC_ARG_NUMERIC) : oc_money (ask->amount),
               ask->by_quantity ? oc_quantity (ask->quantity) : oc_null (OC_ARG_NUMERIC), oc_int (ask->household), oc_quantity (ask->used),
               oc_bool (ask->by_money), oc_quantity (step))
        ? rows
        : NULL;
}

static OcPreviewAsk *
copy_ask (const OcPreviewAsk *ask)
{
    OcPreviewAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->fields = oc_fields_ref (ask->fields);
    copy->step = g_strdup (ask->step);

    return copy;
}

static void
free_ask (OcPreviewAsk *ask)
{
    oc_fields_unref (ask->fields);
    g_free ((char *) ask->step);
    g_free (ask);
}

OC_DEFINE_OP (oc_price_preview, OcRows, OcPreviewAsk, OC_DESK_QUERY, copy_ask, free_ask, g_object_unref)

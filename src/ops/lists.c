/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What forms choose from, and the home screen's figures. */
#include <string.h>

#include "ops/desk-private.h"

/* Functions of api without arguments that may be asked for by name. */
static const char *const lists[] = {
    "slots", "meter_models", "user_types", "price_items", "prices", "home", "unit", "parameters", "branches", "roles", "operators",
    "permissions", "card_layouts", "key_status", "blacklist", NULL,
};

OcRows *
oc_list (OcDesk *desk, const char *list, GCancellable *cancellable, GError **error)
{
    OcRows *rows = NULL;

    g_return_val_if_fail (g_strv_contains (lists, list), NULL);

    return oc_desk_ask_args (desk, list, NULL, 0, &rows, cancellable, error) ? rows : NULL;
}

static gpointer
list_on_lane (gpointer desk, gpointer list, GCancellable *cancellable, GError **error)
{
    return oc_list (desk, list, cancellable, error);
}

void
oc_list_async (OcDesk *desk, const char *list, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    oc_lane_push (oc_desk_lane (desk, OC_DESK_QUERY), desk, list_on_lane, g_strdup (list), g_free, g_object_unref, cancellable,
        cb, data);
}

OcRows *
oc_list_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return oc_lane_finish (result, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who changed what, and what a change was, field by field. */
#include "ops/desk-private.h"

OcRows *
oc_trail (OcDesk *desk, const OcTrailAsk *ask, GCancellable *cancellable, GError **error)
{
    OcRows *rows = NULL;

    return oc_desk_ask (desk, "trail", &rows, cancellable, error, oc_time (ask->from), oc_time (ask->to), oc_text (ask->text),
               oc_time (ask->before), ask->limit ? oc_int (ask->limit) : oc_null (OC_ARG_INT),
               ask->below ? oc_int (ask->below) : oc_null (OC_ARG_INT))
        ? rows
        : NULL;
}

static OcTrailAsk *
copy_ask (const OcTrailAsk *ask)
{
    OcTrailAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->from = g_strdup (ask->from);
    copy->to = g_strdup (ask->to);
    copy->text = g_strdup (ask->text);
    copy->before = g_strdup (ask->before);

    return copy;
}

static void
free_ask (OcTrailAsk *ask)
{
    g_free ((char *) ask->from);
    g_free ((char *) ask->to);
    g_free ((char *) ask->text);
    g_free ((char *) ask->before);
    g_free (ask);
}

OC_DEFINE_OP (oc_trail, OcRows, OcTrailAsk, OC_DESK_QUERY, copy_ask, free_ask, g_object_unref)

OcRows *
oc_trail_fields (OcDesk *desk, gint64 id, GCancellable *cancellable, GError **error)
{
    OcRows *rows = NULL;

    return oc_desk_ask (desk, "trail_fields", &rows, cancellable, error, oc_int (id)) ? rows : NULL;
}

static gpointer
fields_on_lane (gpointer desk, gpointer id, GCancellable *cancellable, GError **error)
{
    return oc_trail_fields (desk, *(gint64 *) id, cancellable, error);
}

void
oc_trail_fields_async (OcDesk *desk, gint64 id, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    oc_lane_push (oc_desk_lane (desk, OC_DESK_QUERY), desk, fields_on_lane, g_memdup2 (&id, sizeof id), g_free, g_object_unref, cancellable,
        cb, data);
}

OcRows *
oc_trail_fields_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return oc_lane_finish (result, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unfinished writes: the list, and settling the one whose card lies on the reader. */
#include <glib/gi18n-lib.h>

#include "ops/card-job.h"

OcRows *
oc_unfinished_list (OcDesk *desk, gboolean all, GCancellable *cancellable, GError **error)
{
    OcRows *rows = NULL;

    return oc_desk_ask (desk, "unfinished", &rows, cancellable, error, oc_bool (all)) ? rows : NULL;
}

static gpointer
list_on_lane (gpointer desk, gpointer all, GCancellable *cancellable, GError **error)
{
    return oc_unfinished_list (desk, GPOINTER_TO_INT (all), cancellable, error);
}

void
oc_unfinished_list_async (OcDesk *desk, gboolean all, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    oc_lane_push (oc_desk_lane (desk, OC_DESK_QUERY), desk, list_on_lane, GINT_TO_POINTER (all), NULL, g_object_unref,
        cancellable, cb, data);
}

OcRows *
oc_unfinished_list_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return oc_lane_finish (result, error);
}

/* The pending job of the card that was read; NULL with an error when there is none. Caller frees. */
static char *
find_job (OcDesk *desk, const OcImage *image, GCancellable *cancellable, GError **error)
{
    g_auto(OcImageArgs) args = { 0 };
    g_autoptr(OcRows) rows = NULL;

    oc_image_args_init (&args, image);
    if (!oc_desk_ask (desk, "card_read", &rows, cancellable, error, oc_text (oc_image_family (image)),
            oc_text (oc_image_chip (image)), oc_bytes (&args.serial), oc_texts (args.areas, args.n),
            oc_bytess (args.bytes, args.n)))
        return NULL;
    if (!oc_rows_is_null (rows, 0, "pending_job"))
        return g_strdup (oc_rows_text (rows, 0, "pending_job"));
    g_set_error_literal (error, OC_CARD_ERROR, OC_CARD_ERROR_CHANGED,
        _("This card has no unfinished write. There is nothing to settle."));

    return NULL;
}

OcOutcome *
oc_unfinished_settle (OcDesk *desk, const OcSettleAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autofree char *job = g_strdup (ask->job);
    g_autoptr(OcImage) image = NULL;
    guint generation;

    if (!(image = oc_desk_read_image (desk, TRUE, NULL, &generation, cancellable, error)))
        return NULL;
    if (job == NULL && !(job = find_job (desk, image, cancellable, error)))
        return NULL;

    return oc_card_job_resume (desk, job, image, generation, ask->undo, error);
}

static OcSettleAsk *
copy_ask (const OcSettleAsk *ask)
{
    OcSettleAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->job = g_strdup (ask->job);

    return copy;
}

static void
free_ask (OcSettleAsk *ask)
{
    g_free ((char *) ask->job);
    g_free (ask);
}

OC_DEFINE_OP (oc_unfinished_settle, OcOutcome, OcSettleAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_outcome_free)

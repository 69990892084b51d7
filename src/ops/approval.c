/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A second person's word for an act that was refused without it: on a short connection as that person, so that the database knows
 * who it was. The counter's own connection stays as it is. */
#include "core/error.h"
#include "ops/desk-private.h"
#include "seal/bytes.h"

gboolean
oc_approve (OcDesk *desk, const OcApproveAsk *ask, GCancellable *cancellable, GError **error)
{
    const char *request = oc_error_get_param (ask->wanted, "request");
    const char *hex = oc_error_get_param (ask->wanted, "digest");
    g_autoptr(GBytes) digest = NULL;
    g_autoptr(OcDb) db = NULL;

    if (request == NULL || hex == NULL || !(digest = oc_unhex (hex)))
        return oc_error_set (error, "OC118", NULL);
    if (oc_desk_is_me (desk, ask->number))
        return oc_error_set (error, "OC118", NULL);
    if (!(db = oc_desk_open_as (desk, ask->number, ask->password, cancellable, error)))
        return FALSE;

    return oc_db_call (db, "approve", NULL, error, oc_uuid (request), oc_bytes (&digest));
}

static OcApproveAsk *
copy_ask (const OcApproveAsk *ask)
{
    OcApproveAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->wanted = g_error_copy (ask->wanted);
    copy->password = oc_secret_dup (ask->password);

    return copy;
}

static void
free_ask (OcApproveAsk *ask)
{
    g_error_free ((GError *) ask->wanted);
    oc_secret_free ((char *) ask->password);
    g_free (ask);
}

OC_DEFINE_CHECK (oc_approve, OcApproveAsk, OC_DESK_COUNTER, copy_ask, free_ask)

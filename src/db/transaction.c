/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See transaction.h. */
#include "db/transaction.h"

#include "db/private.h"

gboolean
oc_db_begin (OcDb *self, GError **error)
{
    g_assert (!self->pinned);

    return self->pinned = oc_db_script (self, "begin", "begin", error);
}

gboolean
oc_db_commit (OcDb *self, GError **error)
{
    gboolean done;

    g_assert (self->pinned);
    done = oc_db_script (self, "commit", "commit", error);
    self->pinned = FALSE;

    return done;
}

void
oc_db_rollback (OcDb *self)
{
    g_assert (self->pinned);
    if (oc_db_is_up (self))
        oc_db_script (self, "rollback", "rollback", NULL);
    self->pinned = FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several calls that hold together or not at all. Rare: an act is one call, which is a transaction of its own. Between begin and the end
 * the connection is never made anew; when it breaks, the server has undone everything. */
#pragma once

#include "db/connection.h"

G_BEGIN_DECLS

gboolean oc_db_begin (OcDb *self, GError **error);
/* OC_DB_ERROR_LOST: it may or may not have been committed. */
gboolean oc_db_commit (OcDb *self, GError **error);
/* Also where the connection is gone. */
void oc_db_rollback (OcDb *self);

G_END_DECLS

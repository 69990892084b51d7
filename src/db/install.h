/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a database and bringing it to this program's version. The SQL is in the program's resources
 * (data/sql, order in data/sql/ORDER). Blocking; on the thread that owns the connection. */
#pragma once

#include "db/cluster.h"
#include "db/connection.h"

G_BEGIN_DECLS

/* As superuser: roles, database, extensions and the functions of schema roles (ledger.md's table). Also sets the
 * owner's password. May be repeated. @dbname: lower-case letters, digits, _ ; it begins every role's name. */
gboolean oc_install_create (OcDb *superuser, const char *dbname, const char *owner_password, GError **error);

/* Whether the server knows a zone of this name; an error if not. */
gboolean oc_install_check_time_zone (OcDb *db, const char *zone, GError **error);

/* As owner, in one transaction: tables forward, schemas api, admin and rules afresh, card layouts. Refuses a
 * database that is newer (OC_DB_ERROR_NEWER) or whose tables were made from another text. */
gboolean oc_install_upgrade (OcDb *owner, GError **error);

/* Whether the upgrade would change nothing. A newer database is an error, OC_DB_ERROR_NEWER. */
gboolean oc_install_is_current (OcDb *owner, gboolean *current, GError **error);

/* The private server's database, whatever is missing: cluster, start, database, schema. */
gboolean oc_install_private (OcCluster *cluster, GError **error);

G_END_DECLS

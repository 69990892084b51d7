/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A private PostgreSQL server in the user's data folder: SCRAM only, a socket and no network port. As root the
 * server runs as user postgres. Any number of programs may use one folder at once; a lock keeps them from starting
 * it twice, and a server or program that was killed is no obstacle. Blocking; any thread, one at a time.
 * Errors are OC_DB_ERROR_CLUSTER with the reason and the remedy. */
#pragma once

#include "db/connection.h"

G_BEGIN_DECLS

#define OC_CLUSTER_DATABASE "onecard"

typedef enum { OC_CLUSTER_OWNER, OC_CLUSTER_SUPERUSER } OcClusterRole;

typedef struct _OcCluster OcCluster;

/* /var/lib/onecard for root, else onecard in the user's data folder. Caller frees. */
char *oc_cluster_default_data_dir (void);

/* @data_dir NULL: the default. Changes nothing on disk yet. */
OcCluster *oc_cluster_open (const char *data_dir, GError **error);
void oc_cluster_free (OcCluster *self); /* leaves the server running */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcCluster, oc_cluster_free)

const char *oc_cluster_data_dir (OcCluster *self); /* absolute */
/* Whether the folder holds a cluster. */
gboolean oc_cluster_exists (OcCluster *self);
/* Makes folder, passwords and cluster where missing, with the newest PostgreSQL (15 or later) that is installed. */
gboolean oc_cluster_create (OcCluster *self, GError **error);
/* Returns when the server accepts connections; at once when it already does. */
gboolean oc_cluster_start (OcCluster *self, GError **error);
gboolean oc_cluster_is_running (OcCluster *self);
/* Whether this object's start started it: then its program stops it at its end. */
gboolean oc_cluster_was_started_here (OcCluster *self);
/* Ends all sessions; what is not committed is undone. TRUE when it did not run. */
gboolean oc_cluster_stop (OcCluster *self, GError **error);
/* Stops unless another client is connected. */
gboolean oc_cluster_stop_if_idle (OcCluster *self, GError **error);
/* The server's process, 0 when it does not run; for tests. */
int oc_cluster_pid (OcCluster *self);
/* Major version of the folder's cluster ("15"), NULL when there is none. Caller frees. */
char *oc_cluster_version (OcCluster *self);

/* libpq keywords "host=… port=… dbname=…", without user and password. Caller frees. */
char *oc_cluster_uri (OcCluster *self, const char *dbname);
/* From the 0600 files in the folder. Caller frees. */
char *oc_cluster_owner_password (OcCluster *self, GError **error);
char *oc_cluster_superuser_password (OcCluster *self, GError **error);
/* Connects as onecard_owner or as postgres. */
OcDb *oc_cluster_open_db (OcCluster *self, const char *dbname, OcClusterRole role, GError **error);

G_END_DECLS

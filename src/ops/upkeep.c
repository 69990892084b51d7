/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The owner's commands: making, checking and filling a database, starting and stopping the private server. Each opens
 * a connection of its own as the database's owner, whose password lies in the private cluster's folder. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "db/install.h"
#include "ops/desk-private.h"

gboolean
oc_upkeep_begin (OcCluster *cluster, gboolean demo, GError **error)
{
    g_autoptr(GPtrArray) layouts = oc_own_layouts_read (oc_cluster_data_dir (cluster), error);
    g_autoptr(OcDb) owner = layouts ? oc_cluster_open_db (cluster, OC_CLUSTER_DATABASE, OC_CLUSTER_OWNER, error) : NULL;

    return owner && oc_own_layouts_install (owner, layouts, error) && oc_db_call0 (owner, demo ? "admin.init_demo" : "admin.init_basic", NULL, error);
}

gboolean
oc_upkeep_init (const char *data_dir, gboolean demo, GError **error)
{
    g_autoptr(OcCluster) cluster = oc_cluster_open (data_dir, error);

    return cluster && oc_install_private (cluster, error) && oc_upkeep_begin (cluster, demo, error);
}

static OcDb *
open_private (const char *data_dir, GError **error)
{
    g_autoptr(OcCluster) cluster = oc_cluster_open (data_dir, error);

    return cluster && oc_cluster_start (cluster, error)
        ? oc_cluster_open_db (cluster, OC_CLUSTER_DATABASE, OC_CLUSTER_OWNER, error) : NULL;
}

static OcDb *
open_owner (const OcOwnerAsk *ask, GError **error)
{
    g_autofree char *name = ask->uri ? oc_db_uri_dbname (ask->uri) : NULL;
    g_autofree char *user = name ? g_strconcat (name, "_owner", NULL) : NULL;

    if (ask->uri == NULL)
        return open_private (ask->data_dir, error);

    return oc_db_open (&(OcDbLogin){ ask->uri, user, ask->password, "onecard" }, 10, error);
}

gboolean
oc_upkeep_create (const OcCreateAsk *ask, GError **error)
{
    g_autofree char *first = g_strdup_printf ("%s dbname=postgres", ask->server);
    g_autofree char *uri = g_strdup_printf ("%s dbname=%s", ask->server, ask->name);
    g_autofree char *owner_name = g_strconcat (ask->name, "_owner", NULL);
    g_autoptr(OcDb) superuser = oc_db_open (&(OcDbLogin){ first, ask->user ? ask->user : "postgres", ask->password, "onecard" }, 10, error);
    g_autoptr(OcDb) owner = NULL;

    return superuser && (ask->time_zone == NULL || oc_install_check_time_zone (superuser, ask->time_zone, error))
        && oc_install_create (superuser, ask->name, ask->owner_password, error)
        && (owner = oc_db_open (&(OcDbLogin){ uri, owner_name, ask->owner_password, "onecard" }, 10, error))
        && oc_install_upgrade (owner, error) && oc_db_call0 (owner, "admin.init_basic", NULL, error)
        && oc_db_call (owner, "admin.set_time_zone", NULL, error, oc_text (ask->time_zone));
}

gboolean
oc_upkeep_upgrade (const OcOwnerAsk *ask, GError **error)
{
    g_autoptr(GPtrArray) layouts = oc_own_layouts_read (ask->data_dir, error);
    g_autoptr(OcDb) owner = layouts ? open_owner (ask, error) : NULL;

    return owner && oc_install_upgrade (owner, error) && oc_own_layouts_install (owner, layouts, error);
}

OcRows *
oc_upkeep_check (const OcOwnerAsk *ask, GError **error)
{
    g_autoptr(OcDb) owner = open_owner (ask, error);
    OcRows *rows = NULL;

    return owner && oc_db_call0 (owner, "admin.no_time_limit", NULL, error)
        && oc_db_call0 (owner, "admin.check", &rows, error) ? rows : NULL;
}

OcRows *
oc_upkeep_fill (const OcOwnerAsk *ask, gint64 customers, gint64 trades, gint64 seed, GError **error)
{
    g_autoptr(OcDb) owner = open_owner (ask, error);
    OcRows *rows = NULL;

    return owner && oc_db_call0 (owner, "admin.no_time_limit", NULL, error)
        && oc_db_call (owner, "admin.fill", &rows, error, oc_int (customers), oc_int (trades), oc_int (seed)) ? rows : NULL;
}

static gboolean
add_status (OcFields *status, OcDb *owner, GError **error)
{
    g_autoptr(OcRows) rows = NULL;

    if (owner == NULL || !oc_db_call0 (owner, "admin.status", &rows, error))
        return FALSE;
    oc_fields_set_columns (status, rows, 0);

    return TRUE;
}

static OcFields *
private_status (const char *data_dir, GError **error)
{
    g_autoptr(OcCluster) cluster = oc_cluster_open (data_dir, error);
    g_autoptr(OcFields) status = NULL;
    g_autoptr(OcDb) owner = NULL;
    g_autofree char *version = NULL;
    g_autofree char *uri = NULL;
    gboolean running;

    if (cluster == NULL)
        return NULL;
    status = oc_fields_new (NULL);
    running = oc_cluster_is_running (cluster);
    version = oc_cluster_version (cluster);
    uri = oc_cluster_uri (cluster, OC_CLUSTER_DATABASE);
    oc_fields_set (status, "data_dir", oc_cluster_data_dir (cluster));
    oc_fields_set (status, "exists", oc_cluster_exists (cluster) ? "true" : "false");
    oc_fields_set (status, "running", running ? "true" : "false");
    oc_fields_set (status, "server", version);
    oc_fields_set (status, "uri", uri);
    if (running) {
        owner = oc_cluster_open_db (cluster, OC_CLUSTER_DATABASE, OC_CLUSTER_OWNER, error);
        if (!add_status (status, owner, error))
            return NULL;
    }

    return g_steal_pointer (&status);
}

OcFields *
oc_upkeep_status (const OcOwnerAsk *ask, GError **error)
{
    g_autoptr(OcFields) status = NULL;
    g_autoptr(OcDb) owner = NULL;

    if (ask->uri == NULL)
        return private_status (ask->data_dir, error);
    status = oc_fields_new (NULL);
    owner = open_owner (ask, error);
    oc_fields_set (status, "uri", ask->uri);

    return add_status (status, owner, error) ? g_steal_pointer (&status) : NULL;
}

gboolean
oc_upkeep_server (const char *data_dir, const char *verb, GError **error)
{
    g_autoptr(OcCluster) cluster = oc_cluster_open (data_dir, error);

    if (cluster == NULL)
        return FALSE;
    if (strcmp (verb, "start") == 0)
        return oc_cluster_start (cluster, error);
    if (strcmp (verb, "stop") == 0)
        return oc_cluster_stop (cluster, error);
    g_assert (strcmp (verb, "status") == 0);
    if (oc_cluster_is_running (cluster))
        return TRUE;
    g_set_error_literal (error, OC_DB_ERROR, OC_DB_ERROR_UNREACHABLE, _("The private database server is stopped."));

    return FALSE;
}

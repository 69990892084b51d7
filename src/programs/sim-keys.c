/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/sim-keys.h"

#include <glib/gi18n.h>

#include "db/call.h"
#include "db/cluster.h"

gboolean
oc_sim_keys_from_database (OcSimKeys *keys, const char *data_dir, GError **error)
{
    g_autoptr(OcCluster) cluster = oc_cluster_open (data_dir, error);
    g_autoptr(OcRows) rows = NULL;
    g_autoptr(OcDb) db = NULL;

    if (cluster == NULL)
        return FALSE;
    if (!oc_cluster_exists (cluster)) {
        g_set_error (error, OC_DB_ERROR, OC_DB_ERROR_CLUSTER, _("There is no database in “%s”."), oc_cluster_data_dir (cluster));
        return FALSE;
    }
    if (!oc_cluster_start (cluster, error) || !(db = oc_cluster_open_db (cluster, OC_CLUSTER_DATABASE, OC_CLUSTER_OWNER, error))
        || !oc_db_call0 (db, "admin.sim_keys", &rows, error))
        return FALSE;
    for (guint i = 0; i < oc_rows_count (rows); i++) {
        const char *purpose = oc_rows_text (rows, i, "purpose");
        g_autoptr(GBytes) secret = oc_rows_bytes (rows, i, "secret");
        gboolean newest = TRUE;

        for (guint k = 0; k < oc_rows_count (rows); k++) {
            newest &= !g_str_equal (oc_rows_text (rows, k, "purpose"), purpose)
                || oc_rows_int (rows, k, "version") <= oc_rows_int (rows, i, "version");
        }
        if (newest && !oc_sim_keys_set (keys, purpose, secret, error))
            return FALSE;
    }
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this layer share; nobody else includes it. */
#pragma once

#include <libpq-fe.h>

#include "core/rows.h"
#include "db/connection.h"

G_BEGIN_DECLS

struct _OcDb {
    PGconn *conn;      /* NULL while down */
    GThread *owner;
    char *uri;
    char *user;
    char *password;
    char *application_name;
    char *dbname;      /* overrides the one of uri; may be NULL */
    int timeout_s;

    OcDbHello hello;
    gpointer hello_data;
    gboolean greeting; /* hello is running: its calls may not reconnect */
    gboolean pinned;   /* a transaction is open: what follows must not run on another connection */
    GHashTable *sent;  /* texts of calls that this connection saw -> the number it was prepared under, 0: it was not yet */
    guint n_prepared;

    OcDbFault fault;
    gpointer fault_data;
    guint n_calls;

    GMutex cancel_lock;
    PGcancel *cancel;  /* under cancel_lock: the only member another thread may touch */
};

/* connection.c: drops the connection at once, without good-bye to the server's answer. */
void oc_db_break (OcDb *self);
/* Connects when down, says hello. Before a call is sent nothing can be lost by that. */
gboolean oc_db_ensure_up (OcDb *self, GError **error);
/* A second connection with the same login, to another database of the same server. */
OcDb *oc_db_open_sibling (OcDb *self, const char *dbname, GError **error);

/* execute.c: the funnel. @name is for the log, the fault hook and the count. */
typedef struct {
    const char *name;
    const char *sql;
    const Oid *types;
    const char *const *values;
    int n;
    gboolean is_call; /* comes again with other values: prepared when it does */
} OcStatement;

gboolean oc_db_execute (OcDb *self, const OcStatement *statement, OcRows **rows, GError **error);
/* Several statements of a trusted file in one go; @name is the file. Never retried. */
gboolean oc_db_script (OcDb *self, const char *name, const char *sql, GError **error);

/* failure.c: SQLSTATE -> error. */
void oc_db_set_connect_failure (GError **error, const char *message);
void oc_db_set_result_failure (GError **error, const char *name, const PGresult *result);
void oc_db_set_failure (GError **error, OcDbErrorCode code, const char *sqlstate, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
/* "name=value" lines with \n and \\ escaped; a line without '=' is skipped. Ends with {NULL, NULL}; the
 * strings live as long as the array. */
GArray *oc_db_parse_detail (const char *detail);

/* listener.c: waits for the socket (or @wake >= 0) until @deadline (monotonic). 1 socket ready, 2 woken, 0 time
 * is over, -1 failed. The only place that knows how a platform polls sockets. */
int oc_db_wait_socket (int socket, gboolean for_write, int wake, gint64 deadline);

/* cluster-folder.c: the files of a private cluster, see there. All paths absolute. */
typedef struct {
    char *data_dir;
    char *server_dir; /* data_dir/server: belongs to the server's user, 0700 */
    char *pgdata;     /* server_dir/data */
    char *log;        /* server_dir/log */
    char *socket_dir; /* server_dir/socket, or a short one elsewhere */
    gboolean as_other; /* we are root, the server is user postgres */
} OcClusterFolder;

gboolean oc_cluster_folder_init (OcClusterFolder *self, const char *data_dir, GError **error);
void oc_cluster_folder_clear (OcClusterFolder *self);
/* Makes what is missing, with owner and mode; refuses what another user prepared. */
gboolean oc_cluster_folder_prepare (OcClusterFolder *self, GError **error);
/* Prepares the socket's folder alone: /tmp and $XDG_RUNTIME_DIR are emptied at boot. */
gboolean oc_cluster_folder_prepare_socket (OcClusterFolder *self, GError **error);
/* Takes the folder's lock (waits up to a minute); close the descriptor to give it back. -1 on error. */
int oc_cluster_folder_lock (OcClusterFolder *self, GError **error);
/* A random password in a 0600 file of the folder, made when missing. Caller frees. */
char *oc_cluster_folder_secret (OcClusterFolder *self, const char *name, gboolean make, GError **error);
/* Gives @path to the server's user. */
gboolean oc_cluster_folder_give (OcClusterFolder *self, const char *path, GError **error);

/* cluster-program.c: finds and runs PostgreSQL's own programs. */
/* The folder with initdb and pg_ctl of @major, or of the newest when NULL. Caller frees. */
char *oc_cluster_find_programs (const char *major, GError **error);
/* Runs argv (argv[0] a program in @bin) as the server's user, without our PG… variables; FALSE with its last words
 * when it fails. */
gboolean oc_cluster_run (OcClusterFolder *folder, const char *bin, const char *const *argv, GError **error);

G_END_DECLS

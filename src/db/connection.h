/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection to the database, owned by one thread; the only place where libpq executes anything.
 * Connects, reconnects, and turns SQLSTATEs into errors that say what the person can do.
 * No bound value, password or key is ever logged. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define OC_DB_ERROR (oc_db_error_quark ())

typedef enum {
    OC_DB_ERROR_UNREACHABLE,    /* no server there, or the connection was lost and could not be made again */
    OC_DB_ERROR_WRONG_PASSWORD, /* 28P01 */
    OC_DB_ERROR_LOCKED,         /* 28000: role may not log in */
    OC_DB_ERROR_NEWER,          /* the database is newer than the program (also 42883, 3F000 in a call) */
    OC_DB_ERROR_OLDER,          /* the database wants an upgrade */
    OC_DB_ERROR_LOST,           /* the connection broke during a call: it may or may not have been committed */
    OC_DB_ERROR_BUSY,           /* lock or statement timeout, serialization that did not come through */
    OC_DB_ERROR_CLUSTER,        /* the private server can't be started; the text says why and what to do */
    OC_DB_ERROR_INTERNAL,       /* anything else: SQLSTATE in the log, call support */
} OcDbErrorCode;

GQuark oc_db_error_quark (void);
/* The five characters, or NULL; for the log and for tests. */
const char *oc_db_error_get_sqlstate (const GError *error);

typedef struct _OcDb OcDb;

typedef struct {
    const char *uri;      /* libpq keywords without user and password: "host=… dbname=…" */
    const char *user;     /* role name, "onecard_1001" */
    const char *password;
    const char *application_name;
} OcDbLogin;

/* The database that @uri names, NULL when it names none. Caller frees. */
char *oc_db_uri_dbname (const char *uri);

/* Connects (waits at most @timeout_s seconds). The strings are copied, the password wiped at free. */
OcDb *oc_db_open (const OcDbLogin *login, int timeout_s, GError **error);
void oc_db_free (OcDb *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcDb, oc_db_free)

/* Hands the connection to the calling thread; before that, the thread that opened it owns it. */
void oc_db_adopt (OcDb *self);

/* Called after every (re)connect, before anything else runs on it: the desk says hello there. */
typedef gboolean (*OcDbHello) (OcDb *self, gpointer data, GError **error);
gboolean oc_db_set_hello (OcDb *self, OcDbHello hello, gpointer data, GError **error); /* runs it once now */

/* Whether the connection is up (as far as is known without asking). */
gboolean oc_db_is_up (OcDb *self);
/* Drops and makes the connection again; a call after OC_DB_ERROR_LOST does it by itself. */
gboolean oc_db_reconnect (OcDb *self, GError **error);

/* From another thread: asks the server to cancel what runs now. Blocks while it connects. */
void oc_db_cancel (OcDb *self);

/* For the tests of faults: called before each call is sent and after its answer came, with its running number
 * (from 1). Returning FALSE breaks the connection there. NULL removes it. */
typedef gboolean (*OcDbFault) (gboolean before, guint call, const char *name, gpointer data);
void oc_db_set_fault (OcDb *self, OcDbFault fault, gpointer data);
guint oc_db_n_calls (OcDb *self);

/* A SCRAM-SHA-256 verifier made on the station; caller frees. */
char *oc_db_make_verifier (OcDb *self, const char *user, const char *password, GError **error);

G_END_DECLS

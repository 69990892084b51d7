/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making, keeping and dropping one libpq connection. What runs on it is in execute.c.
 *
 * Hosts are tried one after the other here rather than in libpq: with the polled connect, which alone gives
 * the SQLSTATE of a refusal, libpq leaves the time limit of each host to its caller. */
#include "db/private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_KEYWORDS 64

typedef struct {
    const char *keywords[MAX_KEYWORDS];
    const char *values[MAX_KEYWORDS];
    int n;
} Keywords;

static void
wipe_free (char *secret)
{
    volatile char *p = secret;

    while (p && *p)
        *p++ = '\0';
    g_free (secret);
}

static void
add_keyword (Keywords *list, const char *keyword, const char *value)
{
    g_assert (list->n < MAX_KEYWORDS - 1);
    if (value == NULL)
        return;
    list->keywords[list->n] = keyword;
    list->values[list->n++] = value;
}

static const char *
option_value (const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++)
        if (strcmp (options->keyword, keyword) == 0)
            return options->val;

    return NULL;
}

char *
oc_db_uri_dbname (const char *uri)
{
    PQconninfoOption *options = PQconninfoParse (uri, NULL);
    char *name = options ? g_strdup (option_value (options, "dbname")) : NULL;

    PQconninfoFree (options);

    return name;
}

/* The profile's own words win over ours for all that is a matter of the line; never for who connects. */
static void
fill_keywords (OcDb *self, const PQconninfoOption *options, Keywords *list)
{
    static const struct {
        const char *keyword;
        const char *value;
    } defaults[] = {
        { "keepalives_idle", "10" }, { "keepalives_interval", "3" }, { "keepalives_count", "3" },
        { "tcp_user_timeout", "10000" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (defaults); i++)
        add_keyword (list, defaults[i].keyword, defaults[i].value);
    for (const PQconninfoOption *option = options; option->keyword; option++)
        add_keyword (list, option->keyword, option->val);
    add_keyword (list, "dbname", self->dbname);
    add_keyword (list, "user", self->user);
    add_keyword (list, "password", self->password);
    add_keyword (list, "application_name", self->application_name);
    add_keyword (list, "client_encoding", "UTF8");
}

static void
ignore_notice (void *data, const PGresult *result)
{
}

/* Polls one connect to its end or to @deadline. */
static PGconn *
connect_polled (const Keywords *list, gint64 deadline, GError **error)
{
    PGconn *conn = PQconnectStartParams (list->keywords, list->values, FALSE);
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;

    if (conn == NULL)
        g_error ("out of memory");
    PQsetErrorVerbosity (conn, PQERRORS_SQLSTATE);
    PQsetNoticeReceiver (conn, ignore_notice, NULL);

    while (PQstatus (conn) != CONNECTION_BAD && status != PGRES_POLLING_OK) {
        if (oc_db_wait_socket (PQsocket (conn), status == PGRES_POLLING_WRITING, -1, deadline) != 1) {
            oc_db_set_failure (error, OC_DB_ERROR_UNREACHABLE, NULL,
                _("The database did not answer in time. Check the network and the server, then try again."));
            PQfinish (conn);
            return NULL;
        }
        if ((status = PQconnectPoll (conn)) == PGRES_POLLING_FAILED)
            break;
    }

    if (PQstatus (conn) != CONNECTION_OK) {
        oc_db_set_connect_failure (error, PQerrorMessage (conn));
        PQfinish (conn);
        return NULL;
    }
    PQsetErrorVerbosity (conn, PQERRORS_DEFAULT);

    return conn;
}

/* The nth of a comma list; a list of one serves all (libpq's rule for ports). */
static const char *
nth (char **list, guint i)
{
    guint n = list ? g_strv_length (list) : 0;

    if (n == 0)
        return NULL;

    return list[n == 1 ? 0 : MIN (i, n - 1)];
}

static PGconn *
connect_any_host (OcDb *self, const PQconninfoOption *options, GError **error)
{
    const char *host = option_value (options, "host");
    const char *port = option_value (options, "port");
    gboolean split = host && option_value (options, "hostaddr") == NULL;
    g_auto(GStrv) hosts = split ? g_strsplit (host, ",", -1) : NULL;
    g_auto(GStrv) ports = split && port ? g_strsplit (port, ",", -1) : NULL;
    guint n_hosts = hosts ? MAX (g_strv_length (hosts), 1) : 1;

    for (guint i = 0; i < n_hosts; i++) {
        g_autoptr(GError) failure = NULL;
        Keywords list = { .n = 0 };
        PGconn *conn;

        fill_keywords (self, options, &list);
        add_keyword (&list, "host", nth (hosts, i));
        add_keyword (&list, "port", nth (ports, i));
        conn = connect_polled (&list, g_get_monotonic_time () + self->timeout_s * G_TIME_SPAN_SECOND, &failure);
        if (conn)
            return conn;
        if (i + 1 == n_hosts || !g_error_matches (failure, OC_DB_ERROR, OC_DB_ERROR_UNREACHABLE)) {
            g_propagate_error (error, g_steal_pointer (&failure));
            return NULL;
        }
    }
    g_assert_not_reached ();
}

/* One statement sets them all; not connection options, which a pgbouncer refuses. */
static gboolean
set_session (PGconn *conn, GError **error)
{
    PGresult *result = PQexec (conn,
        "select set_config('search_path', 'pg_catalog, pg_temp', false),"
        " set_config('statement_timeout', '30s', false),"
        " set_config('lock_timeout', '10s', false),"
        " set_config('idle_in_transaction_session_timeout', '60s', false),"
        " set_config('jit', 'off', false)," /* short calls: compiling one takes a hundred times what it saves */
        " set_config('datestyle', 'ISO, YMD', false),"
        " set_config('bytea_output', 'hex', false),"
        " set_config('extra_float_digits', '1', false)");
    gboolean done = PQresultStatus (result) == PGRES_TUPLES_OK;

    if (!done)
        oc_db_set_result_failure (error, "connect", result);
    PQclear (result);

    return done;
}

static void
set_conn (OcDb *self, PGconn *conn)
{
    g_mutex_lock (&self->cancel_lock);
    g_clear_pointer (&self->cancel, PQfreeCancel);
    self->cancel = conn ? PQgetCancel (conn) : NULL;
    g_mutex_unlock (&self->cancel_lock);
    g_clear_pointer (&self->conn, PQfinish);
    self->conn = conn;
    g_hash_table_remove_all (self->sent);
}

static gboolean
connect_now (OcDb *self, GError **error)
{
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse (self->uri, &message);
    PGconn *conn;

    if (options == NULL) {
        oc_db_set_failure (error, OC_DB_ERROR_UNREACHABLE, NULL,
            _("The address of the database can't be read (%s). Correct the connection profile."),
            message ? g_strchomp (message) : "");
        PQfreemem (message);
        return FALSE;
    }
    conn = connect_any_host (self, options, error);
    PQconninfoFree (options);
    if (conn == NULL)
        return FALSE;
    if (!set_session (conn, error)) {
        PQfinish (conn);
        return FALSE;
    }
    set_conn (self, conn);

    return TRUE;
}

static gboolean
greet (OcDb *self, GError **error)
{
    gboolean welcome;

    if (self->hello == NULL)
        return TRUE;

    self->greeting = TRUE;
    welcome = self->hello (self, self->hello_data, error);
    self->greeting = FALSE;
    if (!welcome)
        oc_db_break (self);

    return welcome;
}

void
oc_db_break (OcDb *self)
{
    set_conn (self, NULL);
}

/* Whether the server is still at the other end. One that ended the session says so first and hangs up then: only
 * the second reading sees that. */
static gboolean
is_still_there (PGconn *conn)
{
    for (int i = 0; i < 3 && oc_db_wait_socket (PQsocket (conn), FALSE, -1, 0) == 1; i++)
        if (!PQconsumeInput (conn) || PQstatus (conn) != CONNECTION_OK)
            return FALSE;

    return PQstatus (conn) == CONNECTION_OK;
}

gboolean
oc_db_ensure_up (OcDb *self, GError **error)
{
    g_assert (self->owner == g_thread_self ());

    /* A server that was restarted while nobody asked is noticed here, where nothing can be lost yet. */
    if (self->conn && !is_still_there (self->conn))
        oc_db_break (self);
    if (self->conn)
        return TRUE;
    if (self->greeting || self->pinned) {
        oc_db_set_failure (error, OC_DB_ERROR_UNREACHABLE, NULL,
            _("The connection to the database was lost on the way. Nothing was changed; try again."));
        return FALSE;
    }

    return connect_now (self, error) && greet (self, error);
}

static OcDb *
db_new (const OcDbLogin *login, const char *dbname, int timeout_s)
{
    OcDb *self = g_new0 (OcDb, 1);

    self->owner = g_thread_self ();
    self->uri = g_strdup (login->uri);
    self->user = g_strdup (login->user);
    self->password = g_strdup (login->password);
    self->application_name = g_strdup (login->application_name ? login->application_name : "onecard");
    self->dbname = g_strdup (dbname);
    self->timeout_s = timeout_s > 0 ? timeout_s : 10;
    self->sent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_mutex_init (&self->cancel_lock);

    return self;
}

OcDb *
oc_db_open (const OcDbLogin *login, int timeout_s, GError **error)
{
    g_autoptr(OcDb) self = NULL;

    g_return_val_if_fail (login != NULL && login->uri != NULL, NULL);

    self = db_new (login, NULL, timeout_s);
    if (!connect_now (self, error))
        return NULL;

    return g_steal_pointer (&self);
}

OcDb *
oc_db_open_sibling (OcDb *self, const char *dbname, GError **error)
{
    OcDbLogin login = { self->uri, self->user, self->password, self->application_name };
    g_autoptr(OcDb) sibling = db_new (&login, dbname, self->timeout_s);

    if (!connect_now (sibling, error))
        return NULL;

    return g_steal_pointer (&sibling);
}

void
oc_db_free (OcDb *self)
{
    if (self == NULL)
        return;
    oc_db_break (self);
    g_hash_table_unref (self->sent);
    g_mutex_clear (&self->cancel_lock);
    g_free (self->uri);
    g_free (self->user);
    wipe_free (self->password);
    g_free (self->application_name);
    g_free (self->dbname);
    g_free (self);
}

void
oc_db_adopt (OcDb *self)
{
    self->owner = g_thread_self ();
}

gboolean
oc_db_set_hello (OcDb *self, OcDbHello hello, gpointer data, GError **error)
{
    self->hello = hello;
    self->hello_data = data;
    if (self->conn == NULL)
        return oc_db_ensure_up (self, error);

    return greet (self, error);
}

gboolean
oc_db_is_up (OcDb *self)
{
    return self->conn != NULL && PQstatus (self->conn) == CONNECTION_OK;
}

gboolean
oc_db_reconnect (OcDb *self, GError **error)
{
    g_assert (self->owner == g_thread_self ());
    oc_db_break (self);

    return oc_db_ensure_up (self, error);
}

void
oc_db_cancel (OcDb *self)
{
    char why[256];

    g_mutex_lock (&self->cancel_lock);
    if (self->cancel && !PQcancel (self->cancel, why, sizeof why))
        g_info ("cancel: %s", why);
    g_mutex_unlock (&self->cancel_lock);
}

void
oc_db_set_fault (OcDb *self, OcDbFault fault, gpointer data)
{
    self->fault = fault;
    self->fault_data = data;
}

guint
oc_db_n_calls (OcDb *self)
{
    return self->n_calls;
}

char *
oc_db_make_verifier (OcDb *self, const char *user, const char *password, GError **error)
{
    char *made;
    char *copy;

    g_return_val_if_fail (user != NULL && password != NULL, NULL);
    if (!oc_db_ensure_up (self, error))
        return NULL;

    /* "scram-sha-256" is named, so that nothing is asked of the server. */
    made = PQencryptPasswordConn (self->conn, password, user, "scram-sha-256");
    if (made == NULL) {
        oc_db_set_failure (error, OC_DB_ERROR_INTERNAL, NULL, _("The password can't be prepared. Choose another one."));
        return NULL;
    }
    copy = g_strdup (made);
    PQfreemem (made);

    return copy;
}

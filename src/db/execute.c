/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The funnel: everything that this program asks of a database goes through here, in one round trip.
 *
 * Retried are only serialization failures and deadlocks (the server undid the whole statement) and, after
 * connecting anew, a server that has become a standby (it refused before doing anything) and a prepared call that the
 * server no longer knows as it was (the database was upgraded meanwhile, the session was reset: hello then says whether
 * this program still fits). A connection that breaks after sending is never retried: the statement may have been
 * committed. */
#include "db/private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_ATTEMPTS 6

typedef enum { DONE, AGAIN, ANEW, FAILED } Verdict;

static OcRows *
rows_of (const PGresult *result)
{
    int n_columns = PQnfields (result);
    int n_rows = PQntuples (result);
    g_autofree const char **cells = g_new0 (const char *, n_columns + 1);
    OcRows *rows;

    for (int column = 0; column < n_columns; column++)
        cells[column] = PQfname (result, column);
    rows = oc_rows_new (cells);
    for (int row = 0; row < n_rows; row++) {
        for (int column = 0; column < n_columns; column++)
            cells[column] = PQgetisnull (result, row, column) ? NULL : PQgetvalue (result, row, column);
        oc_rows_append (rows, cells);
    }

    return rows;
}

static void
set_lost (GError **error, const char *name)
{
    oc_db_set_failure (error, OC_DB_ERROR_LOST, NULL,
        _("The connection to the database was lost during “%s”. It may or may not have been saved; "
          "look before you repeat it."), name);
}

static gboolean
survives (OcDb *self, gboolean before, const char *name, GError **error)
{
    if (self->fault == NULL || self->fault (before, self->n_calls, name, self->fault_data))
        return TRUE;
    oc_db_break (self);
    set_lost (error, name);

    return FALSE;
}

/* Whether the server refused a prepared call for what it was prepared as: other columns now, or no longer there. */
static gboolean
is_outdated (const OcStatement *statement, const char *sqlstate)
{
    return statement->is_call && (g_strcmp0 (sqlstate, "0A000") == 0 || g_strcmp0 (sqlstate, "26000") == 0);
}

static Verdict
judge (OcDb *self, const OcStatement *statement, const PGresult *result, GError **error)
{
    const char *name = statement->name;
    ExecStatusType status = PQresultStatus (result);
    const char *sqlstate = PQresultErrorField (result, PG_DIAG_SQLSTATE);

    if (PQstatus (self->conn) != CONNECTION_OK) {
        g_info ("%s: connection lost, SQLSTATE %s", name, sqlstate ? sqlstate : "-");
        oc_db_break (self);
        set_lost (error, name);
        return FAILED;
    }
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return DONE;

    oc_db_set_result_failure (error, name, result);
    if (g_strcmp0 (sqlstate, "40001") == 0 || g_strcmp0 (sqlstate, "40P01") == 0)
        return AGAIN;
    if (g_strcmp0 (sqlstate, "25006") == 0 || is_outdated (statement, sqlstate)) {
        oc_db_break (self);
        return ANEW;
    }

    return FAILED;
}

static PGresult *
prepare (OcDb *self, const OcStatement *statement, gpointer *number)
{
    g_autofree char *name = g_strdup_printf ("call%u", self->n_prepared + 1);
    PGresult *result = PQprepare (self->conn, name, statement->sql, statement->n, statement->types);

    if (PQresultStatus (result) == PGRES_COMMAND_OK) {
        *number = GUINT_TO_POINTER (++self->n_prepared);
        g_hash_table_insert (self->sent, g_strdup (statement->sql), *number);
    }

    return result;
}

/* A call that comes again is prepared, so that the server takes it apart and plans it but once. The first time it is not: who
 * calls once pays no second round trip. */
static PGresult *
send (OcDb *self, const OcStatement *statement)
{
    g_autofree char *name = NULL;
    gpointer number = NULL;

    if (!statement->is_call || !g_hash_table_lookup_extended (self->sent, statement->sql, NULL, &number)) {
        if (statement->is_call)
            g_hash_table_insert (self->sent, g_strdup (statement->sql), NULL);
        return PQexecParams (self->conn, statement->sql, statement->n, statement->types, statement->values, NULL, NULL, 0);
    }
    if (number == NULL) {
        PGresult *result = prepare (self, statement, &number);

        if (number == NULL)
            return result;
        PQclear (result);
    }
    name = g_strdup_printf ("call%u", GPOINTER_TO_UINT (number));

    return PQexecPrepared (self->conn, name, statement->n, statement->values, NULL, NULL, 0);
}

static Verdict
attempt (OcDb *self, const OcStatement *statement, OcRows **rows, GError **error)
{
    PGresult *result;
    Verdict verdict;

    if (!oc_db_ensure_up (self, error) || !survives (self, TRUE, statement->name, error))
        return FAILED;

    result = send (self, statement);
    if (!survives (self, FALSE, statement->name, error)) {
        PQclear (result);
        return FAILED;
    }
    verdict = judge (self, statement, result, error);
    if (verdict == DONE && rows)
        *rows = rows_of (result);
    PQclear (result);

    return verdict;
}

gboolean
oc_db_execute (OcDb *self, const OcStatement *statement, OcRows **rows, GError **error)
{
    self->n_calls++;
    for (int i = 1;; i++) {
        g_autoptr(GError) failure = NULL;
        Verdict verdict = attempt (self, statement, rows, &failure);

        if (verdict == DONE)
            return TRUE;
        if (verdict == FAILED || i == MAX_ATTEMPTS || self->pinned || (verdict == ANEW && i > 1)) {
            g_propagate_error (error, g_steal_pointer (&failure));
            return FALSE;
        }
        g_debug ("%s: attempt %d failed, trying again", statement->name, i);
        if (verdict == AGAIN) /* jitter, so that two that met do not meet again */
            g_usleep (g_random_int_range (5000, 20000) * (gulong) i);
    }
}

/* "line 12" of the script where the server says the mistake is; 0 when it does not say. */
static int
line_of (const PGresult *result, const char *sql)
{
    const char *position = PQresultErrorField (result, PG_DIAG_STATEMENT_POSITION);
    gint64 characters = position ? g_ascii_strtoll (position, NULL, 10) : 0;
    int line = 1;

    if (characters <= 0)
        return 0;
    for (const char *p = sql; *p && --characters > 0; p = g_utf8_next_char (p))
        line += *p == '\n';

    return line;
}

gboolean
oc_db_script (OcDb *self, const char *name, const char *sql, GError **error)
{
    PGresult *result;
    gboolean done;

    if (!oc_db_ensure_up (self, error))
        return FALSE;
    result = PQexec (self->conn, sql);
    done = PQresultStatus (result) == PGRES_COMMAND_OK || PQresultStatus (result) == PGRES_TUPLES_OK
        || PQresultStatus (result) == PGRES_EMPTY_QUERY;
    if (!done && PQstatus (self->conn) != CONNECTION_OK) {
        oc_db_break (self);
        set_lost (error, name);
    } else if (!done) {
        const char *sqlstate = PQresultErrorField (result, PG_DIAG_SQLSTATE);
        const char *context = PQresultErrorField (result, PG_DIAG_CONTEXT);

        /* A script is ours and holds no one's data: all that the server says may be told. */
        oc_db_set_failure (error, OC_DB_ERROR_INTERNAL, sqlstate, _("%s, line %d: %s%s%s. Call support."), name,
            line_of (result, sql), PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY), context ? "; " : "",
            context ? context : "");
    }
    PQclear (result);

    return done;
}

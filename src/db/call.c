/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call's arguments as PostgreSQL's text forms. Everything is bound; only the function's name, which is a
 * literal of our own and checked, is part of the statement. */
#include "db/call.h"

#include <string.h>

#include "db/private.h"

static const Oid type_oids[] = {
    [OC_ARG_TEXT] = 25, [OC_ARG_INT] = 20, [OC_ARG_BOOL] = 16, [OC_ARG_NUMERIC] = 1700, [OC_ARG_UUID] = 2950,
    [OC_ARG_BYTES] = 17, [OC_ARG_TIME] = 1184, [OC_ARG_TEXTS] = 1009, [OC_ARG_INTS] = 1016, [OC_ARG_NUMERICS] = 1231,
    [OC_ARG_BYTESS] = 1001, [OC_ARG_TIMES] = 1185, [OC_ARG_JSON] = 3802,
};

static void
append_numeric (GString *out, gint64 units)
{
    guint64 size = units < 0 ? -(guint64) units : (guint64) units;

    g_string_append_printf (out, "%s%" G_GUINT64_FORMAT ".%04u", units < 0 ? "-" : "", size / 10000,
        (guint) (size % 10000));
}

static void
append_bytes (GString *out, GBytes *bytes)
{
    gsize n;
    const guint8 *data = g_bytes_get_data (bytes, &n);

    g_string_append (out, "\\x");
    for (gsize i = 0; i < n; i++)
        g_string_append_printf (out, "%02x", data[i]);
}

/* An element of an array literal, quoted, so that commas, braces and NULL mean themselves. */
static void
append_quoted (GString *out, const char *text)
{
    g_string_append_c (out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c (out, '\\');
        g_string_append_c (out, *text);
    }
    g_string_append_c (out, '"');
}

static void
append_element (GString *out, const OcArg *arg, gsize i)
{
    switch (arg->type) {
    case OC_ARG_TEXTS:
    case OC_ARG_TIMES: {
        const char *text = ((const char *const *) arg->list)[i];

        if (text)
            append_quoted (out, text);
        else
            g_string_append (out, "NULL");
        return;
    }
    case OC_ARG_INTS:
        g_string_append_printf (out, "%" G_GINT64_FORMAT, ((const gint64 *) arg->list)[i]);
        return;
    case OC_ARG_NUMERICS: {
        gint64 units = ((const gint64 *) arg->list)[i];

        if (units == G_MININT64)
            g_string_append (out, "NULL");
        else
            append_numeric (out, units);
        return;
    }
    case OC_ARG_BYTESS: {
        GBytes *bytes = ((GBytes *const *) arg->list)[i];

        if (bytes == NULL) {
            g_string_append (out, "NULL");
            return;
        }
        g_string_append (out, "\"\\"); /* the backslash of \x is itself escaped */
        append_bytes (out, bytes);
        g_string_append_c (out, '"');
        return;
    }
    default:
        g_assert_not_reached ();
    }
}

static char *
list_text (const OcArg *arg)
{
    GString *out;

    if (arg->list == NULL && arg->n == 0 && arg->null)
        return NULL;
    out = g_string_new ("{");
    for (gsize i = 0; i < arg->n; i++) {
        if (i > 0)
            g_string_append_c (out, ',');
        append_element (out, arg, i);
    }
    g_string_append_c (out, '}');

    return g_string_free (out, FALSE);
}

/* The argument as text, NULL for SQL null; caller frees. */
static char *
arg_text (const OcArg *arg)
{
    GString *out = NULL;

    switch (arg->type) {
    case OC_ARG_TEXT:
    case OC_ARG_UUID:
    case OC_ARG_JSON:
    case OC_ARG_TIME:
        return arg->null ? NULL : g_strdup (arg->text);
    case OC_ARG_INT:
        return arg->null ? NULL : g_strdup_printf ("%" G_GINT64_FORMAT, arg->number);
    case OC_ARG_BOOL:
        return arg->null ? NULL : g_strdup (arg->number ? "t" : "f");
    case OC_ARG_NUMERIC:
        if (arg->null)
            return NULL;
        out = g_string_new (NULL);
        append_numeric (out, arg->number);
        break;
    case OC_ARG_BYTES:
        if (arg->null || arg->list == NULL || *(GBytes *const *) arg->list == NULL)
            return NULL;
        out = g_string_new (NULL);
        append_bytes (out, *(GBytes *const *) arg->list);
        break;
    case OC_ARG_TEXTS:
    case OC_ARG_INTS:
    case OC_ARG_NUMERICS:
    case OC_ARG_BYTESS:
    case OC_ARG_TIMES:
        return list_text (arg);
    }

    return g_string_free (out, FALSE);
}

static gboolean
is_function_name (const char *name)
{
    return *name && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_.") == strlen (name);
}

static char *
statement_text (const char *name, gsize n_args)
{
    GString *sql = g_string_new ("select * from ");

    if (strchr (name, '.') == NULL)
        g_string_append (sql, "api.");
    g_string_append (sql, name);
    for (gsize i = 0; i < n_args; i++)
        g_string_append_printf (sql, "%s$%" G_GSIZE_FORMAT, i == 0 ? "(" : ", ", i + 1);
    g_string_append (sql, n_args == 0 ? "()" : ")");

    return g_string_free (sql, FALSE);
}

/* Arguments may be passwords' verifiers or key components: they do not outlive the call. */
static void
wipe_values (char **values, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        for (volatile char *p = values[i]; p && *p; p++)
            *p = '\0';
        g_free (values[i]);
    }
    g_free (values);
}

gboolean
oc_db_call_args (OcDb *db, const char *name, const OcArg *args, gsize n_args, OcRows **rows, GError **error)
{
    g_autofree char *sql = NULL;
    g_autofree Oid *types = g_new0 (Oid, n_args + 1);
    char **values = g_new0 (char *, n_args + 1);
    OcStatement statement;
    gboolean done;

    g_assert (is_function_name (name));
    for (gsize i = 0; i < n_args; i++) {
        types[i] = type_oids[args[i].type];
        values[i] = arg_text (&args[i]);
    }
    sql = statement_text (name, n_args);
    statement = (OcStatement){ name, sql, types, (const char *const *) values, (int) n_args, TRUE };
    done = oc_db_execute (db, &statement, rows, error);
    wipe_values (values, n_args);

    return done;
}

gboolean
oc_db_call0 (OcDb *db, const char *name, OcRows **rows, GError **error)
{
    return oc_db_call_args (db, name, NULL, 0, rows, error);
}

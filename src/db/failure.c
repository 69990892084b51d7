/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what libpq says to what the person can do. A failed connect has no SQLSTATE accessor, but in verbosity
 * PQERRORS_SQLSTATE its message ends with the five characters, in every language of the server. */
#include "db/private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"

typedef struct {
    char sqlstate[6];
} OcDbErrorPrivate;

static void
oc_db_error_private_init (OcDbErrorPrivate *self)
{
    self->sqlstate[0] = '\0';
}

static void
oc_db_error_private_copy (const OcDbErrorPrivate *from, OcDbErrorPrivate *to)
{
    *to = *from;
}

static void
oc_db_error_private_clear (OcDbErrorPrivate *self)
{
}

G_DEFINE_EXTENDED_ERROR (OcDbError, oc_db_error)

/* What each SQLSTATE is to the person; the first row whose state is a prefix counts. */
static const struct {
    const char *sqlstate;
    OcDbErrorCode code;
} meanings[] = {
    { "28P01", OC_DB_ERROR_WRONG_PASSWORD },
    { "28", OC_DB_ERROR_LOCKED },
    { "42883", OC_DB_ERROR_NEWER }, /* a function that this program calls is not there (any more) */
    { "3F000", OC_DB_ERROR_NEWER },
    { "40001", OC_DB_ERROR_BUSY },
    { "40P01", OC_DB_ERROR_BUSY },
    { "55P03", OC_DB_ERROR_BUSY },
    { "57014", OC_DB_ERROR_BUSY },
    { "53300", OC_DB_ERROR_BUSY },
    { "3D000", OC_DB_ERROR_UNREACHABLE },
    { "57P03", OC_DB_ERROR_UNREACHABLE },
    { "57P", OC_DB_ERROR_LOST },
    { "08", OC_DB_ERROR_LOST },
    { "25006", OC_DB_ERROR_UNREACHABLE },
};

static OcDbErrorCode
meaning_of (const char *sqlstate, OcDbErrorCode fallback)
{
    for (gsize i = 0; sqlstate && i < G_N_ELEMENTS (meanings); i++)
        if (g_str_has_prefix (sqlstate, meanings[i].sqlstate))
            return meanings[i].code;

    return fallback;
}

static const char *
sentence_of (OcDbErrorCode code)
{
    switch (code) {
    case OC_DB_ERROR_WRONG_PASSWORD:
        return _("The operator number or the password is wrong. Try again.");
    case OC_DB_ERROR_LOCKED:
        return _("This operator may not sign in. Ask the administrator.");
    case OC_DB_ERROR_NEWER:
        return _("The database is newer than this program. Install the program's new version.");
    case OC_DB_ERROR_OLDER:
        return _("The database is older than this program. Ask the administrator to upgrade it.");
    case OC_DB_ERROR_LOST:
        return _("The connection to the database was lost. What was being done may or may not have been "
                 "saved; look before you repeat it.");
    case OC_DB_ERROR_BUSY:
        return _("The database is busy. Try again in a moment.");
    case OC_DB_ERROR_UNREACHABLE:
        return _("The database can't be reached. Check the network and the server, then try again.");
    case OC_DB_ERROR_CLUSTER:
    case OC_DB_ERROR_INTERNAL:
        break;
    }

    return _("The database refused something it should not have. Call support.");
}

static void
remember_sqlstate (GError **error, const char *sqlstate)
{
    if (error && *error && sqlstate)
        g_strlcpy (oc_db_error_get_private (*error)->sqlstate, sqlstate, sizeof ((OcDbErrorPrivate){ 0 }).sqlstate);
}

void
oc_db_set_failure (GError **error, OcDbErrorCode code, const char *sqlstate, const char *format, ...)
{
    va_list args;
    g_autofree char *text = NULL;

    va_start (args, format);
    text = g_strdup_vprintf (format, args);
    va_end (args);

    g_set_error_literal (error, OC_DB_ERROR, (int) code, text);
    remember_sqlstate (error, sqlstate);
}

/* The last word of @message when it looks like an SQLSTATE; caller frees. */
static char *
sqlstate_at_end (const char *message)
{
    g_autofree char *line = g_strchomp (g_strdup (message));
    gsize length = strlen (line);
    const char *word = length >= 5 ? line + length - 5 : NULL;

    if (word == NULL || (word > line && word[-1] != ' ') || strspn (word, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5)
        return NULL;

    return g_strdup (word);
}

void
oc_db_set_connect_failure (GError **error, const char *message)
{
    g_autofree char *sqlstate = sqlstate_at_end (message);
    OcDbErrorCode code = meaning_of (sqlstate, OC_DB_ERROR_UNREACHABLE);
    g_autofree char *line = g_strdup (message);

    g_info ("connect: %s", message);
    if (code == OC_DB_ERROR_UNREACHABLE || code == OC_DB_ERROR_LOST) {
        /* libpq names the host, the socket or the certificate: the administrator needs that. */
        g_strdelimit (g_strchomp (line), "\n\t", ' ');
        oc_db_set_failure (error, OC_DB_ERROR_UNREACHABLE, sqlstate, "%s (%s)", sentence_of (OC_DB_ERROR_UNREACHABLE),
            line);
        return;
    }
    oc_db_set_failure (error, code, sqlstate, "%s", sentence_of (code));
}

static void
append_unescaped (GString *out, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (text[i] == '\\' && i + 1 < length)
            g_string_append_c (out, text[++i] == 'n' ? '\n' : text[i]);
        else
            g_string_append_c (out, text[i]);
    }
}

static void
clear_param (OcErrorParam *param)
{
    g_free ((char *) param->name);
    g_free ((char *) param->value);
}

GArray *
oc_db_parse_detail (const char *detail)
{
    GArray *params = g_array_new (TRUE, TRUE, sizeof (OcErrorParam));
    g_auto(GStrv) lines = g_strsplit (detail ? detail : "", "\n", -1);

    g_array_set_clear_func (params, (GDestroyNotify) clear_param);
    for (gsize i = 0; lines[i]; i++) {
        const char *equals = strchr (lines[i], '=');
        GString *value;
        OcErrorParam param;

        if (equals == NULL || equals == lines[i])
            continue;
        value = g_string_new (NULL);
        append_unescaped (value, equals + 1, strlen (equals + 1));
        param = (OcErrorParam){ g_strndup (lines[i], equals - lines[i]), g_string_free (value, FALSE) };
        g_array_append_val (params, param);
    }

    return params;
}

/* A refusal of api: the code and its parameters; the sentence is core's. */
static void
set_refusal (GError **error, const char *code, const char *detail)
{
    g_autoptr(GArray) params = oc_db_parse_detail (detail);

    g_propagate_error (error, oc_error_new_code (code, (const OcErrorParam *) (void *) params->data));
}

void
oc_db_set_result_failure (GError **error, const char *name, const PGresult *result)
{
    const char *sqlstate = PQresultErrorField (result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);
    OcDbErrorCode code;

    if (sqlstate && g_str_has_prefix (sqlstate, "OC") && strlen (sqlstate) == 5) {
        set_refusal (error, sqlstate, PQresultErrorField (result, PG_DIAG_MESSAGE_DETAIL));
        return;
    }

    code = meaning_of (sqlstate, OC_DB_ERROR_INTERNAL);
    /* The primary message may quote a value for some states; only states of our own making are told apart. */
    g_info ("%s: SQLSTATE %s", name, sqlstate ? sqlstate : "-");
    if (code == OC_DB_ERROR_INTERNAL)
        g_debug ("%s: %s", name, primary ? primary : "");
    oc_db_set_failure (error, code, sqlstate, "%s (%s, %s)", sentence_of (code), name, sqlstate ? sqlstate : "-");
}

const char *
oc_db_error_get_sqlstate (const GError *error)
{
    const OcDbErrorPrivate *private;

    if (error == NULL || error->domain != OC_DB_ERROR)
        return NULL;
    private = oc_db_error_get_private (error);

    return private->sqlstate[0] ? private->sqlstate : NULL;
}

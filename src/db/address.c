/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/address.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "db/private.h"

OcFields *
oc_db_address_parse (const char *uri, GError **error)
{
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse (uri, &message);
    OcFields *fields;

    if (options == NULL) {
        oc_db_set_failure (error, OC_DB_ERROR_UNREACHABLE, NULL,
            _("The address of the database can't be read (%s). Correct the connection profile."), message ? g_strchomp (message) : "");
        PQfreemem (message);
        return NULL;
    }
    fields = oc_fields_new (NULL);
    for (const PQconninfoOption *option = options; option->keyword; option++)
        if (option->val && strcmp (option->keyword, "user") != 0 && strcmp (option->keyword, "password") != 0)
            oc_fields_set (fields, option->keyword, option->val);
    PQconninfoFree (options);

    return fields;
}

static void
append_quoted (GString *out, const char *value)
{
    g_string_append_c (out, '\'');
    for (; *value; value++) {
        if (*value == '\'' || *value == '\\')
            g_string_append_c (out, '\\');
        g_string_append_c (out, *value);
    }
    g_string_append_c (out, '\'');
}

char *
oc_db_address_format (const OcFields *fields)
{
    GString *out = g_string_new (NULL);

    for (guint i = 0; i < oc_fields_count (fields); i++) {
        if (*oc_fields_value (fields, i) == '\0')
            continue;
        g_string_append_printf (out, "%s%s=", out->len ? " " : "", oc_fields_name (fields, i));
        append_quoted (out, oc_fields_value (fields, i));
    }

    return g_string_free (out, FALSE);
}

char *
oc_db_address_complete (const char *uri, GError **error)
{
    g_autoptr(OcFields) fields = oc_db_address_parse (uri, error);
    const char *host = fields ? oc_fields_get (fields, "host") : NULL;

    if (fields == NULL)
        return NULL;
    if (host && *host != '/' && !oc_fields_get (fields, "sslmode"))
        oc_fields_set (fields, "sslmode", "verify-full");
    if (host && *host != '/' && !oc_fields_get (fields, "target_session_attrs"))
        oc_fields_set (fields, "target_session_attrs", "read-write");

    return oc_db_address_format (fields);
}

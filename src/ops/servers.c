/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared servers by name: profiles.ini in the user's configuration folder, a group for each with "uri" (libpq keywords) and "title". Those of
 * the system's configuration folders serve whoever has none of his own. */
#include <string.h>

#include "core/error.h"
#include "db/address.h"
#include "db/probe.h"
#include "ops/desk-private.h"

#define MAX_NAME 50

static char *
own_path (void)
{
    return g_build_filename (g_get_user_config_dir (), "onecard", "profiles.ini", NULL);
}

/* @own: whether it is the person's. */
static GKeyFile *
load (gboolean *own)
{
    GKeyFile *file = g_key_file_new ();
    g_autofree char *path = own_path ();
    g_autofree char *name = g_build_filename ("onecard", "profiles.ini", NULL);

    *own = g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, NULL);
    if (!*own)
        g_key_file_load_from_dirs (file, name, (const char **) g_get_system_config_dirs (), NULL, G_KEY_FILE_KEEP_TRANSLATIONS, NULL);

    return file;
}

OcRows *
oc_servers (void)
{
    static const char *const columns[] = { "name", "title", "uri", "own", NULL };
    gboolean own;
    g_autoptr(GKeyFile) file = load (&own);
    g_auto(GStrv) groups = g_key_file_get_groups (file, NULL);
    OcRows *rows = oc_rows_new (columns);

    for (gsize i = 0; groups[i]; i++) {
        g_autofree char *title = g_key_file_get_locale_string (file, groups[i], "title", NULL, NULL);
        g_autofree char *uri = g_key_file_get_string (file, groups[i], "uri", NULL);

        if (uri)
            oc_rows_append (rows, (const char *const[]){ groups[i], title ? title : groups[i], uri, own ? "t" : "f" });
    }

    return rows;
}

char *
oc_server_uri (const char *name, GError **error)
{
    gboolean own;
    g_autoptr(GKeyFile) file = load (&own);
    g_autofree char *uri = g_key_file_get_string (file, name, "uri", NULL);

    if (uri)
        return oc_db_address_complete (uri, error);
    oc_error_set (error, "OC047", "what", "server", "name", name, "field", "name", NULL);

    return NULL;
}

OcFields *
oc_server_fields (const char *uri, GError **error)
{
    return oc_db_address_parse (uri, error);
}

static gboolean
check_field (const OcFields *fields, const char *name, GError **error)
{
    const char *value = oc_fields_get (fields, name);

    return (value && *value) || oc_error_set (error, "OC100", "field", name, NULL);
}

/* What a server's form holds; the rest of the address stays as it was. */
static const char *const names[] = { "host", "port", "dbname", "sslmode", "sslrootcert", NULL };

static char *
address_of (const OcFields *fields, const char *was, GError **error)
{
    g_autoptr(OcFields) address = was ? oc_db_address_parse (was, NULL) : NULL;
    g_autofree char *uri = NULL;
    g_autofree char *complete = NULL;

    if (address == NULL)
        address = oc_fields_new (NULL);
    for (gsize i = 0; names[i]; i++)
        if (oc_fields_get (fields, names[i]))
            oc_fields_set (address, names[i], oc_fields_get (fields, names[i]));
    uri = oc_db_address_format (address);

    complete = oc_db_address_complete (uri, error);

    return complete ? g_steal_pointer (&uri) : NULL;
}

static gboolean
store (GKeyFile *file, GError **error)
{
    g_autofree char *path = own_path ();
    g_autofree char *folder = g_path_get_dirname (path);

    g_mkdir_with_parents (folder, 0700);

    return g_key_file_save_to_file (file, path, error);
}

gboolean
oc_server_save (const char *name, const OcFields *fields, GError **error)
{
    gboolean own;
    g_autoptr(GKeyFile) file = load (&own);
    g_autofree char *was = NULL;
    g_autofree char *uri = NULL;

    if (name == NULL || *name == '\0')
        return oc_error_set (error, "OC100", "field", "name", NULL);
    if (g_utf8_strlen (name, -1) > MAX_NAME || strpbrk (name, "[]\n\r\t"))
        return oc_error_set (error, "OC042", "field", "name", "max", G_STRINGIFY (MAX_NAME), NULL);
    if (!check_field (fields, "host", error) || !check_field (fields, "dbname", error))
        return FALSE;
    was = g_key_file_get_string (file, name, "uri", NULL);
    if (!(uri = address_of (fields, was, error)))
        return FALSE;
    g_key_file_set_string (file, name, "uri", uri);
    if (oc_fields_get (fields, "title"))
        g_key_file_set_string (file, name, "title", oc_fields_get (fields, "title"));

    return store (file, error);
}

gboolean
oc_server_delete (const char *name, GError **error)
{
    gboolean own;
    g_autoptr(GKeyFile) file = load (&own);

    if (!g_key_file_remove_group (file, name, NULL))
        return oc_error_set (error, "OC114", NULL);

    return store (file, error);
}

/* The test ------------------------------------------------------------------------------------------------------- */

static const char *const steps[OC_PROBE_N] = { "address", "name", "server", "tls", "login", "database", "version" };

OcRows *
oc_server_test (OcDesk *desk, const OcServerTestAsk *ask, GCancellable *cancellable, GError **error)
{
    static const char *const columns[] = { "step", "ok", "text", NULL };
    g_autofree char *uri = address_of (ask->fields, ask->uri, error);
    g_autofree char *prefix = uri ? oc_db_uri_dbname (uri) : NULL;
    g_autofree char *user = ask->number ? g_strdup_printf ("%s_%" G_GINT64_FORMAT, prefix ? prefix : "", ask->number) : NULL;
    g_autoptr(GError) failure = NULL;
    OcProbeStep failed;
    OcRows *rows;

    if (uri == NULL)
        return NULL;
    failed = oc_db_probe (&(OcDbLogin){ uri, user, ask->password, NULL }, OC_API_VERSION, &failure);
    rows = oc_rows_new (columns);
    for (OcProbeStep step = 0; step < OC_PROBE_N; step++)
        oc_rows_append (rows,
            (const char *const[]){ steps[step], step < failed ? "t" : step == failed && failure ? "f" : NULL,
                step == failed && failure ? failure->message : "" });

    return rows;
}

static OcServerTestAsk *
copy_ask (const OcServerTestAsk *ask)
{
    OcServerTestAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->fields = oc_fields_ref (ask->fields);
    copy->uri = g_strdup (ask->uri);
    copy->password = oc_secret_dup (ask->password);

    return copy;
}

static void
free_ask (OcServerTestAsk *ask)
{
    oc_fields_unref (ask->fields);
    g_free ((char *) ask->uri);
    oc_secret_free ((char *) ask->password);
    g_free (ask);
}

OC_DEFINE_OP (oc_server_test, OcRows, OcServerTestAsk, OC_DESK_QUERY, copy_ask, free_ask, g_object_unref)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/probe.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "db/address.h"
#include "db/call.h"
#include "db/private.h"

#define PATIENCE_S 5
#define DEFAULT_PORT 5432

/* The nth of a comma list; a list of one serves all. */
static const char *
nth (char **list, guint i)
{
    guint n = list ? g_strv_length (list) : 0;

    return n == 0 ? NULL : list[n == 1 ? 0 : MIN (i, n - 1)];
}

/* One host: OC_PROBE_TLS when somebody answers there. */
static OcProbeStep
probe_host (const char *host, const char *port, GError **error)
{
    g_autoptr(GSocketClient) client = g_socket_client_new ();
    g_autoptr(GResolver) resolver = g_resolver_get_default ();
    g_autoptr(GSocketConnection) connection = NULL;
    g_autoptr(GError) failure = NULL;
    g_autolist(GInetAddress) addresses = NULL;
    gint64 number = DEFAULT_PORT;

    if (port && *port && !g_ascii_string_to_signed (port, 10, 1, G_MAXUINT16, &number, NULL)) {
        oc_db_set_failure (error, OC_DB_ERROR_UNREACHABLE, NULL, _("“%s” is no port. Correct the connection profile."), port);
        return OC_PROBE_ADDRESS;
    }
    if (!(addresses = g_resolver_lookup_by_name (resolver, host, NULL, &failure))) {
        oc_db_set_failure (error, OC_DB_ERROR_UNREACHABLE, NULL,
            _("No computer is known here by the name “%s”. Check the spelling and the network."), host);
        return OC_PROBE_NAME;
    }
    g_socket_client_set_timeout (client, PATIENCE_S);
    g_socket_client_set_enable_proxy (client, FALSE);
    if (!(connection = g_socket_client_connect_to_host (client, host, (guint16) number, NULL, &failure))) {
        oc_db_set_failure (error, OC_DB_ERROR_UNREACHABLE, NULL,
            g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)
                ? _("At “%s”, port %d, nobody answers: no server runs there. Check the port and the server.")
                : _("“%s”, port %d, can't be reached: a firewall or the network is between. Ask who looks after them."),
            host, (int) number);
        return OC_PROBE_SERVER;
    }

    return OC_PROBE_TLS;
}

/* The best that one of the hosts gives; a socket's folder needs no name and no port. */
static OcProbeStep
probe_hosts (const OcFields *address, GError **error)
{
    const char *host = oc_fields_get (address, "host");
    const char *port = oc_fields_get (address, "port");
    g_auto(GStrv) hosts = g_strsplit (host ? host : "", ",", -1);
    g_auto(GStrv) ports = port ? g_strsplit (port, ",", -1) : NULL;
    OcProbeStep best = OC_PROBE_ADDRESS;

    if (host == NULL || *host == '\0') {
        oc_db_set_failure (error, OC_DB_ERROR_UNREACHABLE, NULL, _("The profile names no server. Fill in the host."));
        return OC_PROBE_ADDRESS;
    }
    for (guint i = 0; hosts[i]; i++) {
        g_autoptr(GError) failure = NULL;
        OcProbeStep step = *hosts[i] == '/' ? OC_PROBE_TLS : probe_host (hosts[i], nth (ports, i), &failure);

        if (step == OC_PROBE_TLS) {
            g_clear_error (error);
            return step;
        }
        if (error && (*error == NULL || step > best)) {
            g_clear_error (error);
            g_propagate_error (error, g_steal_pointer (&failure));
        }
        best = MAX (best, step);
    }

    return best;
}

/* What a refused connect says; the server answered before. */
static OcProbeStep
step_of (const GError *failure, const char *dbname, GError **error)
{
    const char *sqlstate = oc_db_error_get_sqlstate (failure);

    if (g_strcmp0 (sqlstate, "3D000") == 0) {
        oc_db_set_failure (error, OC_DB_ERROR_UNREACHABLE, sqlstate, _("The server has no database “%s”. Check its name."),
            dbname ? dbname : "");
        return OC_PROBE_DATABASE;
    }
    g_propagate_error (error, g_error_copy (failure));
    if (failure->domain == OC_DB_ERROR && (failure->code == OC_DB_ERROR_WRONG_PASSWORD || failure->code == OC_DB_ERROR_LOCKED))
        return OC_PROBE_LOGIN;

    return sqlstate ? OC_PROBE_SERVER : OC_PROBE_TLS;
}

/* Without an operator: a login that nobody has. That it is refused by name means that all before it went well. */
static gboolean
answers (const char *uri, GError **failure)
{
    g_autoptr(OcDb) db = oc_db_open (&(OcDbLogin){ uri, "onecard-test", "-", "onecard-test" }, PATIENCE_S, failure);

    if (db == NULL && !g_error_matches (*failure, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD))
        return FALSE;
    g_clear_error (failure);

    return TRUE;
}

OcProbeStep
oc_db_probe (const OcDbLogin *login, gint64 api_version, GError **error)
{
    g_autoptr(OcFields) address = NULL;
    g_autofree char *uri = oc_db_address_complete (login->uri, error);
    g_autoptr(GError) failure = NULL;
    g_autoptr(OcDb) db = NULL;
    OcProbeStep step;

    if (uri == NULL || !(address = oc_db_address_parse (uri, error)))
        return OC_PROBE_ADDRESS;
    if ((step = probe_hosts (address, error)) != OC_PROBE_TLS)
        return step;
    if (login->user == NULL)
        return answers (uri, &failure) ? OC_PROBE_LOGIN : step_of (failure, oc_fields_get (address, "dbname"), error);
    if (!(db = oc_db_open (&(OcDbLogin){ uri, login->user, login->password, "onecard-test" }, PATIENCE_S, &failure)))
        return step_of (failure, oc_fields_get (address, "dbname"), error);

    return oc_db_call (db, "hello", NULL, error, oc_int (api_version), oc_uuid (NULL), oc_text (NULL), oc_uuid (NULL)) ? OC_PROBE_N
                                                                                                                   : OC_PROBE_VERSION;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each way in which a connection can be wrong is told by its step. */
#include <gio/gio.h>
#include <string.h>

#include "db/address.h"
#include "db/probe.h"
#include "support/pg-cluster.h"

static OcTestDb *base;

static void
expect_step (const char *uri, const char *user, const char *password, gint64 version, OcProbeStep wanted)
{
    g_autoptr(GError) error = NULL;
    OcProbeStep step = oc_db_probe (&(OcDbLogin){ uri, user, password, NULL }, version, &error);

    if (step != wanted)
        g_test_fail_printf ("%s: step %d, not %d: %s", uri, (int) step, (int) wanted, error ? error->message : "");
    if (wanted == OC_PROBE_N || (wanted == OC_PROBE_LOGIN && user == NULL))
        g_assert_no_error (error);
    else
        g_assert_nonnull (error);
}

/* A port of this machine at which nobody listens, and one at which somebody does who is no PostgreSQL. */
static void
test_tcp (void)
{
    g_autoptr(GSocketListener) listener = g_socket_listener_new ();
    g_autoptr(GError) error = NULL;
    guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
    g_autofree char *mute = g_strdup_printf ("host=127.0.0.1 port=%d dbname=onecard connect_timeout=2", port);
    g_autofree char *closed = NULL;

    g_assert_no_error (error);
    expect_step (mute, NULL, NULL, 1, OC_PROBE_TLS);
    g_socket_listener_close (listener);
    closed = g_strdup_printf ("host=127.0.0.1 port=%d dbname=onecard", port);
    expect_step (closed, NULL, NULL, 1, OC_PROBE_SERVER);
    expect_step ("host=no-such-host.invalid dbname=onecard", NULL, NULL, 1, OC_PROBE_NAME);
    expect_step ("host=127.0.0.1 port=99999 dbname=onecard", NULL, NULL, 1, OC_PROBE_ADDRESS);
    expect_step ("dbname=onecard", NULL, NULL, 1, OC_PROBE_ADDRESS);
    expect_step ("hots=127.0.0.1", NULL, NULL, 1, OC_PROBE_ADDRESS);
    expect_step ("host=127.0.0.1 port='1", NULL, NULL, 1, OC_PROBE_ADDRESS);
}

static void
test_server (void)
{
    g_autoptr(OcFields) address = oc_db_address_parse (base->uri, NULL);
    g_autofree char *elsewhere = NULL;
    g_autofree char *broken = NULL;

    expect_step (base->uri, "onecard_1001", "1001", 1, OC_PROBE_N);
    expect_step (base->uri, NULL, NULL, 1, OC_PROBE_LOGIN);
    expect_step (base->uri, "onecard_1001", "wrong", 1, OC_PROBE_LOGIN);
    expect_step (base->uri, "onecard_4711", "1001", 1, OC_PROBE_LOGIN);
    expect_step (base->uri, "onecard_1001", "1001", 99, OC_PROBE_VERSION);
    oc_fields_set (address, "dbname", "nowhere");
    elsewhere = oc_db_address_format (address);
    expect_step (elsewhere, "onecard_1001", "1001", 1, OC_PROBE_DATABASE);
    oc_fields_set (address, "dbname", base->name);
    oc_fields_set (address, "host", "/nonexistent");
    broken = oc_db_address_format (address);
    expect_step (broken, "onecard_1001", "1001", 1, OC_PROBE_TLS);
}

static void
test_address (void)
{
    g_autoptr(OcFields) fields = oc_db_address_parse ("host=a,b port=1 dbname='it''s'", NULL);
    g_autoptr(OcFields) odd = oc_fields_new (NULL);
    g_autoptr(OcFields) again = NULL;
    g_autofree char *text = NULL;
    g_autofree char *complete = oc_db_address_complete ("host=a dbname=x", NULL);
    g_autofree char *plain = oc_db_address_complete ("host=a dbname=x sslmode=disable target_session_attrs=any", NULL);
    g_autofree char *local = oc_db_address_complete ("host=/run dbname=x", NULL);

    g_assert_null (fields); /* '' is no quote in libpq's keywords */
    oc_fields_set (odd, "host", "a b");
    oc_fields_set (odd, "dbname", "it's \\ odd");
    oc_fields_set (odd, "sslmode", "");
    text = oc_db_address_format (odd);
    again = oc_db_address_parse (text, NULL);
    g_assert_cmpuint (oc_fields_count (again), ==, 2);
    g_assert_cmpstr (oc_fields_get (again, "host"), ==, "a b");
    g_assert_cmpstr (oc_fields_get (again, "dbname"), ==, "it's \\ odd");
    g_assert_nonnull (strstr (complete, "sslmode='verify-full'"));
    g_assert_nonnull (strstr (complete, "target_session_attrs='read-write'"));
    g_assert_nonnull (strstr (plain, "sslmode='disable'"));
    g_assert_null (strstr (local, "sslmode"));
}

static void
prepare (OcDb *owner)
{
    oc_test_sql (owner, "select admin.init_demo()");
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    oc_test_db_prepare (prepare);
    base = oc_test_db_new ();
    g_test_add_func ("/db/probe/address", test_address);
    g_test_add_func ("/db/probe/tcp", test_tcp);
    g_test_add_func ("/db/probe/server", test_server);
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

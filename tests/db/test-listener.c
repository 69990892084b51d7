/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hints come, in the thread that wants them, and again after the server ended the connection; that it is away is said once. */
#include "db/listener.h"
#include "support/pg-cluster.h"

typedef struct {
    GMainLoop *loop;
    GThread *thread;
    OcListenerNews wanted;
    const char *hint; /* that is wanted, of a hint */
    gboolean came;
    guint n[OC_LISTENER_REFUSED + 1]; /* of each kind of news */
} Wait;

static void
on_notified_cb (OcListenerNews news, const char *payload, gpointer data)
{
    Wait *self = data;

    g_assert_true (g_thread_self () == self->thread);
    g_assert_true ((news == OC_LISTENER_HINT) == (payload != NULL));
    self->n[news]++;
    if (news != self->wanted || g_strcmp0 (payload, self->hint) != 0)
        return;
    self->came = TRUE;
    g_main_loop_quit (self->loop);
}

static gboolean
on_timeout_cb (gpointer data)
{
    Wait *self = data;

    g_main_loop_quit (self->loop);

    return G_SOURCE_CONTINUE;
}

static void
wait_for (Wait *self, OcListenerNews news, const char *hint)
{
    guint timeout = g_timeout_add_seconds (20, on_timeout_cb, self);

    self->wanted = news;
    self->hint = hint;
    self->came = FALSE;
    g_main_loop_run (self->loop);
    g_source_remove (timeout);
    g_assert_true (self->came);
}

static void
test_listener (void)
{
    g_autoptr(OcTestDb) db = oc_test_db_new ();
    g_autoptr(OcDb) superuser = oc_test_db_superuser (db);
    g_autofree char *password = oc_cluster_owner_password (oc_test_cluster (), NULL);
    g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
    Wait wait = { .loop = loop, .thread = g_thread_self () };
    OcDbLogin login = { db->uri, "onecard_owner", password, "listener" };
    OcListener *listener = oc_listener_new (&login, on_notified_cb, &wait);

    wait_for (&wait, OC_LISTENER_REACHED, NULL);
    oc_test_sql (superuser, "notify onecard, 'settings'");
    wait_for (&wait, OC_LISTENER_HINT, "settings");
    oc_test_sql (superuser, "notify other, 'not ours'; notify onecard, '价格'");
    wait_for (&wait, OC_LISTENER_HINT, "价格");

    oc_test_sql (superuser, "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'listener'");
    wait_for (&wait, OC_LISTENER_AWAY, NULL);
    wait_for (&wait, OC_LISTENER_REACHED, NULL);
    g_assert_cmpuint (wait.n[OC_LISTENER_REACHED], ==, 2);
    g_assert_cmpuint (wait.n[OC_LISTENER_AWAY], ==, 1);
    oc_test_sql (superuser, "notify onecard, 'roles'");
    wait_for (&wait, OC_LISTENER_HINT, "roles");

    /* What was posted and not yet delivered never comes: its target may be gone. */
    oc_test_sql (superuser, "notify onecard, 'late'");
    g_usleep (300 * 1000);
    oc_listener_free (listener);
    wait.came = FALSE;
    wait.wanted = OC_LISTENER_HINT;
    wait.hint = "late";
    while (g_main_context_iteration (NULL, FALSE))
        ;
    g_assert_false (wait.came);
}

static gboolean
on_over_cb (gpointer loop)
{
    g_main_loop_quit (loop);

    return G_SOURCE_REMOVE;
}

/* Nobody is there: that is said once, however often it is tried, and leaving is quick. */
static void
test_no_server (void)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
    Wait wait = { .loop = loop, .thread = g_thread_self () };
    OcDbLogin login = { "host=/nonexistent dbname=onecard", "a", "b", "listener" };
    OcListener *listener = oc_listener_new (&login, on_notified_cb, &wait);
    gint64 began;

    wait_for (&wait, OC_LISTENER_AWAY, NULL);
    g_timeout_add (1500, on_over_cb, loop); /* it is tried again meanwhile */
    g_main_loop_run (loop);
    g_assert_cmpuint (wait.n[OC_LISTENER_AWAY], ==, 1);
    began = g_get_monotonic_time ();
    oc_listener_free (listener);
    g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * G_TIME_SPAN_SECOND);
    g_assert_cmpuint (wait.n[OC_LISTENER_REACHED], ==, 0);
}

int
main (int argc, char *argv[])
{
    int rc;

    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/db/listener/hints", test_listener);
    g_test_add_func ("/db/listener/no-server", test_no_server);
    rc = g_test_run ();
    oc_test_cluster_end ();

    return rc;
}

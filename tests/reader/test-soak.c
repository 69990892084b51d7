/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A long day through a real pcscd, which dies now and then: no event is missed, nothing grows, no thread is left behind.
 *
 *   ONECARD_TEST_FULL=1     200 cards and ten deaths instead of ten and one */
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "card/card.h"
#include "pcscd.h"
#include "sim/card-file.h"

#define NAME "ACS ACR39U Virtual"
#define PATIENCE_US (30 * G_USEC_PER_SEC)
#define GROWTH_KB 2048

static guint n_changes;

static guint
rss_kb (void)
{
    g_autofree char *text = NULL;
    guint pages = 0;

    g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
    g_assert_cmpint (sscanf (text, "%*u %u", &pages), ==, 1);
    return pages * (guint) (sysconf (_SC_PAGESIZE) / 1024);
}

static guint
n_threads (void)
{
    g_autoptr(GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
    guint n = 0;

    while (g_dir_read_name (tasks) != NULL)
        n++;
    return n;
}

static void
on_changed_cb (OcCardService *service, gpointer unused)
{
    n_changes++;
}

static void
wait_for (OcCardService *service, OcPresence presence, guint changes)
{
    gint64 end = g_get_monotonic_time () + PATIENCE_US;

    while (oc_card_service_get_presence (service, NULL) != presence || n_changes == changes) {
        if (g_get_monotonic_time () > end)
            g_error ("it stays %d instead of %d", oc_card_service_get_presence (service, NULL), presence);
        if (!g_main_context_iteration (NULL, FALSE))
            g_usleep (500);
    }
}

static gboolean
read_exchange (OcCardLink *link, gpointer data, GError **error)
{
    OcImage **image = data;

    return (*image = oc_card_read (link, &(OcCardPlan){ .chip = "24c04" }, error)) != NULL;
}

static void
one_card (Pcscd *pcscd, OcCardService *service, const char *card, gboolean dies)
{
    guint generation = oc_card_service_get_generation (service);
    guint changes = n_changes;
    GSubprocess *served = pcscd_insert (pcscd, 0, card, NULL);
    g_autoptr(OcImage) image = NULL;
    g_autoptr(GError) error = NULL;

    wait_for (service, OC_PRESENCE_CARD, changes);
    g_assert_cmpuint (oc_card_service_get_generation (service), >, generation);
    oc_card_service_exchange (service, read_exchange, &image, NULL, NULL, &error);
    g_assert_no_error (error);
    changes = n_changes;
    if (dies) {
        pcscd_kill (pcscd);
        wait_for (service, OC_PRESENCE_NO_SERVICE, changes);
        pcscd_remove (served);
        changes = n_changes;
        pcscd_restart (pcscd);
    } else {
        pcscd_remove (served);
    }
    wait_for (service, OC_PRESENCE_NO_CARD, changes);
}

static void
test_day (void)
{
    gboolean full = g_getenv ("ONECARD_TEST_FULL") != NULL;
    const guint n = full ? 200 : 10, deaths = full ? 10 : 1;
    g_autofree char *folder = g_dir_make_tmp ("onecard-soak-XXXXXX", NULL);
    g_autofree char *card = g_build_filename (folder, "card", NULL);
    Pcscd *pcscd = pcscd_start (NAME);
    guint threads = n_threads (), rss = 0;
    OcCardService *service;
    g_autoptr(GError) error = NULL;

    oc_sim_card_make (card, "24c04", NULL, NULL, &error);
    g_assert_no_error (error);
    service = oc_card_service_new (oc_pcsc_reader_new (NAME));
    g_signal_connect (service, "changed", G_CALLBACK (on_changed_cb), NULL);
    wait_for (service, OC_PRESENCE_NO_CARD, 0);
    for (guint i = 0; i < n; i++) {
        if (i == n / 5)
            rss = rss_kb ();
        one_card (pcscd, service, card, i % (n / deaths) == n / deaths - 1);
    }
    g_test_message ("%u cards, %u deaths: %u kB after %u, %u kB at the end", n, deaths, rss, n / 5, rss_kb ());
    g_assert_cmpuint (rss_kb (), <=, rss + GROWTH_KB);
    oc_card_service_stop (service);
    g_object_unref (service);
    g_assert_cmpuint (n_threads (), <=, threads + 1); /* of GLib, which watches children */
    pcscd_free (pcscd);
    g_remove (card);
    g_rmdir (folder);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_assert_true (g_main_context_acquire (NULL));
    g_test_add_func ("/reader/soak", test_day);
    return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A long day at the counter: cards come and go, are read and written, readers are unplugged. No event is missed, nothing grows, no
 * thread is left behind.
 *
 *   ONECARD_TEST_FULL=1     ten thousand cards instead of a thousand
 *   ONECARD_NO_RSS=1        where a sanitizer keeps what was freed */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "card/card.h"
#include "sim/reader.h"

#define PATIENCE_US (20 * G_USEC_PER_SEC)
#define GROWTH_KB 1024

static const char *const families[] = { "cpu", "24c04", "4442" };

typedef struct {
    char *folder, *paths[G_N_ELEMENTS (families)];
    OcSimSlot *slot;
    OcCardService *service;
    guint n_changes;
} Fixture;

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
on_changed_cb (OcCardService *service, Fixture *f)
{
    f->n_changes++;
}

/* The service tells it, and by its signal too. */
static void
wait_for (Fixture *f, OcPresence presence, guint changes)
{
    gint64 end = g_get_monotonic_time () + PATIENCE_US;

    while (oc_card_service_get_presence (f->service, NULL) != presence || f->n_changes == changes) {
        g_assert_cmpint (g_get_monotonic_time (), <, end);
        if (!g_main_context_iteration (NULL, FALSE))
            g_thread_yield ();
    }
}

static void
set_up (Fixture *f, gconstpointer unused)
{
    g_auto(OcSimKeys) keys = { 0 };
    g_autoptr(GError) error = NULL;

    f->folder = g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? g_mkdtemp (g_strdup ("/dev/shm/onecard-soak-XXXXXX"))
                                                            : g_dir_make_tmp ("onecard-soak-XXXXXX", NULL);
    g_assert_nonnull (f->folder);
    oc_sim_keys_init (&keys);
    keys.cpu = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS (families); i++) {
        f->paths[i] = g_build_filename (f->folder, families[i], NULL);
        oc_sim_card_make (f->paths[i], families[i], &keys, NULL, &error);
        g_assert_no_error (error);
    }
    f->slot = oc_sim_slot_new (OC_SIM_READER_ACS, NULL);
    f->service = oc_card_service_new (oc_sim_slot_reader (f->slot));
    g_signal_connect (f->service, "changed", G_CALLBACK (on_changed_cb), f);
    wait_for (f, OC_PRESENCE_NO_CARD, 0);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
    oc_card_service_stop (f->service);
    g_object_unref (f->service);
    oc_sim_slot_unref (f->slot);
    for (gsize i = 0; i < G_N_ELEMENTS (families); i++) {
        g_remove (f->paths[i]);
        g_free (f->paths[i]);
    }
    g_rmdir (f->folder);
    g_free (f->folder);
    while (g_main_context_iteration (NULL, FALSE))
        ;
}

static gboolean
read_exchange (OcCardLink *link, gpointer data, GError **error)
{
    static const char *const directories[] = { "DF01", NULL };
    OcImage **image = data;

    return (*image = oc_card_read (link, &(OcCardPlan){ .directories = directories }, error)) != NULL;
}

/* One card in and out; every tenth reader is unplugged with the card in it. */
static void
one_card (Fixture *f, guint i)
{
    guint before = oc_card_service_get_generation (f->service);
    guint changes = f->n_changes;
    g_autoptr(OcImage) image = NULL;
    g_autoptr(GError) error = NULL;

    oc_sim_slot_insert (f->slot, f->paths[i % G_N_ELEMENTS (families)], FALSE, &error);
    g_assert_no_error (error);
    wait_for (f, OC_PRESENCE_CARD, changes);
    g_assert_cmpuint (oc_card_service_get_generation (f->service), ==, before + 1);
    if (i % 7 == 0) {
        oc_card_service_exchange (f->service, read_exchange, &image, NULL, NULL, &error);
        g_assert_no_error (error);
    }
    changes = f->n_changes;
    if (i % 10 == 9) {
        oc_sim_slot_set_plugged (f->slot, FALSE);
        wait_for (f, OC_PRESENCE_NO_READER, changes);
        changes = f->n_changes;
        oc_sim_slot_set_plugged (f->slot, TRUE);
    } else {
        oc_sim_slot_remove (f->slot);
    }
    wait_for (f, OC_PRESENCE_NO_CARD, changes);
    g_assert_cmpuint (oc_card_service_get_generation (f->service), >, before + 1);
}

static void
test_day (Fixture *f, gconstpointer unused)
{
    const guint n = g_getenv ("ONECARD_TEST_FULL") != NULL ? 10000 : 1000;
    guint threads = n_threads ();
    guint rss = 0;

    for (guint i = 0; i < n; i++) {
        if (i == n / 10)
            rss = rss_kb ();
        one_card (f, i);
    }
    g_test_message ("%u cards: %u kB after %u, %u kB at the end", n, rss, n / 10, rss_kb ());
    if (g_getenv ("ONECARD_NO_RSS") == NULL)
        g_assert_cmpuint (rss_kb (), <=, rss + GROWTH_KB);
    g_assert_cmpuint (n_threads (), ==, threads);
}

/* Faster than anybody can look: what is in the end is what is shown, and what was read before is stale. */
static void
test_hurry (Fixture *f, gconstpointer unused)
{
    guint before = oc_card_service_get_generation (f->service);

    for (guint i = 0; i < 500; i++) {
        g_assert_true (oc_sim_slot_insert (f->slot, f->paths[i % G_N_ELEMENTS (families)], FALSE, NULL));
        if (i < 499)
            oc_sim_slot_remove (f->slot);
    }
    wait_for (f, OC_PRESENCE_CARD, 0);
    g_assert_cmpuint (oc_card_service_get_generation (f->service), >, before);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_assert_true (g_main_context_acquire (NULL));
    g_test_add ("/soak/day", Fixture, NULL, set_up, test_day, tear_down);
    g_test_add ("/soak/hurry", Fixture, NULL, set_up, test_hurry, tear_down);
    return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real path: OcCardService over pcsc-lite, pcscd and vpcd, with simulated cards behind it. */
#include <glib/gstdio.h>
#include <string.h>

#include "card/card.h"
#include "pcscd.h"
#include "seal/bytes.h"
#include "seal/derive.h"
#include "seal/mac.h"
#include "sim/card-file.h"

#define NAME "ACS ACR39U Virtual"
#define PATIENCE_US (10 * G_USEC_PER_SEC)

static const guint8 serial[8] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };
static const guint8 master[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

typedef struct {
    Pcscd *pcscd;
    OcCardService *service;
    guint n_changes;
    char *folder;
    char *cpu;
    char *memory;
} Fixture;

static void
on_changed_cb (OcCardService *service, Fixture *f)
{
    f->n_changes++;
}

/* Signals alone bring the news: nothing is asked between two of them. */
static void
wait_for (Fixture *f, OcPresence presence)
{
    gint64 end = g_get_monotonic_time () + PATIENCE_US;

    while (oc_card_service_get_presence (f->service, NULL) != presence) {
        guint seen = f->n_changes;

        while (f->n_changes == seen) {
            if (g_get_monotonic_time () > end)
                g_error ("presence is %d, not %d", oc_card_service_get_presence (f->service, NULL), presence);
            if (!g_main_context_iteration (NULL, FALSE))
                g_usleep (2000);
            if (oc_card_service_get_presence (f->service, NULL) == presence)
                break;
        }
    }
}

static void
set_up (Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_auto(OcSimKeys) keys = { 0 };
    g_autoptr(GBytes) key = g_bytes_new (master, sizeof master);

    f->folder = g_dir_make_tmp ("onecard-reader-XXXXXX", &error);
    g_assert_no_error (error);
    f->cpu = g_build_filename (f->folder, "cpu", NULL);
    f->memory = g_build_filename (f->folder, "memory", NULL);
    oc_sim_keys_init (&keys);
    oc_sim_keys_set (&keys, "cpu-internal", key, &error);
    oc_sim_keys_set (&keys, "cpu-external", key, &error);
    oc_sim_keys_set (&keys, "cpu-mac", key, &error);
    oc_sim_card_make (f->cpu, "cpu", &keys, serial, &error);
    oc_sim_card_make (f->memory, "24c04", NULL, NULL, &error);
    g_assert_no_error (error);
    f->pcscd = pcscd_start (NAME);
    f->service = oc_card_service_new (oc_pcsc_reader_new (NULL));
    g_signal_connect (f->service, "changed", G_CALLBACK (on_changed_cb), f);
    wait_for (f, OC_PRESENCE_NO_CARD);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
    oc_card_service_stop (f->service);
    g_object_unref (f->service);
    pcscd_free (f->pcscd);
    g_remove (f->cpu);
    g_remove (f->memory);
    g_rmdir (f->folder);
    g_free (f->cpu);
    g_free (f->memory);
    g_free (f->folder);
}

static gboolean
read_exchange (OcCardLink *link, gpointer data, GError **error)
{
    const OcCardPlan plan = { NULL, "24c04", TRUE };
    OcImage **image = data;

    return (*image = oc_card_read (link, &plan, error)) != NULL;
}

static OcImage *
read_card (Fixture *f, guint *generation)
{
    OcImage *image = NULL;
    g_autoptr(GError) error = NULL;

    oc_card_service_exchange (f->service, read_exchange, &image, generation, NULL, &error);
    g_assert_no_error (error);
    return image;
}

static gboolean
write_exchange (OcCardLink *link, gpointer data, GError **error)
{
    return oc_card_write (link, data, error);
}

static void
add_step (OcCardTicket *ticket, const char *area, const OcImage *before)
{
    GBytes *old = oc_image_get (before, area);
    gsize size = g_bytes_get_size (old);
    g_autofree guint8 *bytes = g_malloc (size);
    g_autoptr(GBytes) target = NULL;

    for (gsize i = 0; i < size; i++)
        bytes[i] = (guint8) (i + 1);
    target = g_bytes_new (bytes, size);
    oc_card_ticket_add_step (ticket, area, old, target);
}

static OcCardTicket *
cpu_ticket (const OcImage *before)
{
    OcCardTicket *ticket = oc_card_ticket_new ("cpu", "cpu");
    OcCardDirectory *directory = oc_card_ticket_add_directory (ticket, "DF01");
    guint8 key[16], answer[8], digest[32];

    oc_derive_cpu_key (master, serial, key);
    oc_seal_3des_encrypt (key, serial, 8, answer);
    oc_seal_sha256 (answer, sizeof answer, digest);
    directory->layout = oc_layout_find ("cpu-electricity-63");
    directory->internal_kid = 1;
    directory->external_kid = 2;
    directory->mac_kid = 3;
    directory->challenge = g_bytes_new (serial, 8);
    directory->check = g_bytes_new (digest, sizeof digest);
    directory->external_key = oc_secret_bytes (key, sizeof key);
    directory->mac_key = oc_secret_bytes (key, sizeof key);
    ticket->serial = g_bytes_new (serial, sizeof serial);
    add_step (ticket, "DF01/01", before);
    add_step (ticket, "DF01/03", before);
    add_step (ticket, "DF01/02", before);
    return ticket;
}

static OcCardTicket *
memory_ticket (const OcImage *before)
{
    OcCardTicket *ticket = oc_card_ticket_new ("24c", "24c04");

    ticket->serial = g_bytes_new (serial, sizeof serial);
    ticket->blank = TRUE;
    add_step (ticket, "V1A", before);
    add_step (ticket, "V5B", before);
    return ticket;
}

static void
read_and_write (Fixture *f, const char *path, OcCardTicket *(*make) (const OcImage *))
{
    GSubprocess *served = pcscd_insert (f->pcscd, 0, path, NULL);
    g_autofree char *name = NULL;
    g_autoptr(OcImage) before = NULL;
    g_autoptr(OcImage) after = NULL;
    g_autoptr(OcCardTicket) ticket = NULL;
    g_autoptr(GError) error = NULL;
    guint generation = 0;

    wait_for (f, OC_PRESENCE_CARD);
    g_assert_cmpint (oc_card_service_get_presence (f->service, &name), ==, OC_PRESENCE_CARD);
    g_assert_cmpstr (name, ==, NAME " 00 00");
    before = read_card (f, &generation);
    ticket = make (before);
    ticket->fresh = TRUE;
    oc_card_service_exchange (f->service, write_exchange, ticket, &generation, NULL, &error);
    g_assert_no_error (error);
    after = read_card (f, &generation);
    for (guint i = 0; i < ticket->steps->len; i++) {
        const OcCardStep *step = g_ptr_array_index (ticket->steps, i);

        g_assert_true (g_bytes_equal (oc_image_get (ticket->after, step->area), step->target));
        g_assert_true (g_bytes_equal (oc_image_get (after, step->area), step->target));
    }
    pcscd_remove (served);
    wait_for (f, OC_PRESENCE_NO_CARD);
}

static void
test_cards (Fixture *f, gconstpointer unused)
{
    read_and_write (f, f->memory, memory_ticket);
    read_and_write (f, f->cpu, cpu_ticket);
}

static void
test_events (Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcImage) image = NULL;
    OcImage *none = NULL;
    guint generation = 0;
    guint before;

    g_assert_false (oc_card_service_exchange (f->service, read_exchange, &none, NULL, NULL, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_NO_CARD);
    g_clear_error (&error);
    for (guint i = 0; i < 3; i++) {
        GSubprocess *served;

        before = oc_card_service_get_generation (f->service);
        served = pcscd_insert (f->pcscd, i % 2, f->cpu, NULL);
        wait_for (f, OC_PRESENCE_CARD);
        g_assert_cmpuint (oc_card_service_get_generation (f->service), >, before);
        g_clear_pointer (&image, oc_image_free);
        generation = 0;
        image = read_card (f, &generation);
        g_assert_cmpmem (g_bytes_get_data (oc_image_serial (image), NULL), 8, serial, 8);
        pcscd_remove (served);
        wait_for (f, OC_PRESENCE_NO_CARD);
    }

    /* another card of the same look is another card */
    {
        GSubprocess *served = pcscd_insert (f->pcscd, 0, f->memory, NULL);
        OcImage *other = NULL;

        wait_for (f, OC_PRESENCE_CARD);
        g_assert_false (oc_card_service_exchange (f->service, read_exchange, &other, &generation, NULL, &error));
        g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_CHANGED);
        g_assert_null (other);
        pcscd_remove (served);
    }
}

/* An exchange must wake the thread out of its wait at once, however the two meet. */
static void
test_wake (Fixture *f, gconstpointer unused)
{
    GSubprocess *served = pcscd_insert (f->pcscd, 0, f->memory, NULL);
    gint64 begin;

    wait_for (f, OC_PRESENCE_CARD);
    begin = g_get_monotonic_time ();
    for (guint i = 0; i < 200; i++) {
        g_autoptr(OcImage) image = NULL;

        g_usleep (i * 7 % 300);
        image = read_card (f, NULL);
    }
    g_test_message ("%" G_GINT64_FORMAT " us an exchange", (g_get_monotonic_time () - begin) / 200);
    g_assert_cmpint (g_get_monotonic_time () - begin, <, PATIENCE_US);
    pcscd_remove (served);
}

static gboolean
kill_exchange (OcCardLink *link, gpointer data, GError **error)
{
    static const guint8 get_challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
    Fixture *f = data;
    guint8 out[OC_APDU_MAX];
    gsize n = sizeof out;
    guint16 sw;

    if (!oc_card_link_transmit (link, get_challenge, sizeof get_challenge, out, &n, &sw, error))
        return FALSE;
    g_assert_cmphex (sw, ==, 0x9000);
    g_assert_cmpuint (n, ==, 8);
    pcscd_kill (f->pcscd);
    n = sizeof out;
    return oc_card_link_transmit (link, get_challenge, sizeof get_challenge, out, &n, &sw, error);
}

static void
test_restart (Fixture *f, gconstpointer unused)
{
    GSubprocess *served = pcscd_insert (f->pcscd, 0, f->cpu, NULL);
    g_autoptr(OcImage) image = NULL;
    g_autoptr(OcImage) again = NULL;
    g_autoptr(GError) error = NULL;
    guint generation = 0;

    /* killed while nobody does anything */
    wait_for (f, OC_PRESENCE_CARD);
    image = read_card (f, &generation);
    pcscd_kill (f->pcscd);
    wait_for (f, OC_PRESENCE_NO_SERVICE);
    pcscd_remove (served);
    g_assert_false (oc_card_service_exchange (f->service, kill_exchange, f, NULL, NULL, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_NO_SERVICE);
    g_clear_error (&error);
    pcscd_restart (f->pcscd);
    wait_for (f, OC_PRESENCE_NO_CARD);

    /* what was read before is of another time */
    served = pcscd_insert (f->pcscd, 0, f->cpu, NULL);
    wait_for (f, OC_PRESENCE_CARD);
    g_assert_cmpuint (oc_card_service_get_generation (f->service), !=, generation);

    /* killed in the middle of an exchange */
    g_assert_false (oc_card_service_exchange (f->service, kill_exchange, f, NULL, NULL, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED);
    wait_for (f, OC_PRESENCE_NO_SERVICE);
    pcscd_remove (served);
    pcscd_restart (f->pcscd);
    served = pcscd_insert (f->pcscd, 0, f->cpu, NULL);
    wait_for (f, OC_PRESENCE_CARD);
    again = read_card (f, NULL);
    g_assert_true (g_bytes_equal (oc_image_serial (again), oc_image_serial (image)));
    pcscd_remove (served);
}

static const OcReaderClass *pcsc_class;
static int n_lists; /* atomic */

static GPtrArray *
count_list (OcReader *reader, GError **error)
{
    g_atomic_int_inc (&n_lists);
    return pcsc_class->list (reader, error);
}

/* While nothing happens the service waits, also where there is a reader that it was not made for. */
static void
test_idle (Fixture *f, gconstpointer unused)
{
    static const char *const matches[] = { NULL, NAME " 00 01", "None such" };

    for (gsize i = 0; i < G_N_ELEMENTS (matches); i++) {
        OcReader *reader = oc_pcsc_reader_new (matches[i]);
        OcReaderClass counting = *reader->klass;
        OcCardService *service;
        gint64 end;

        pcsc_class = reader->klass;
        counting.list = count_list;
        reader->klass = &counting;
        g_atomic_int_set (&n_lists, 0);
        service = oc_card_service_new (reader);
        end = g_get_monotonic_time () + G_USEC_PER_SEC;
        while (g_get_monotonic_time () < end)
            g_usleep (10000);
        g_assert_cmpint (g_atomic_int_get (&n_lists), >=, 1);
        g_assert_cmpint (g_atomic_int_get (&n_lists), <=, 5);
        oc_card_service_stop (service);
        g_object_unref (service);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add ("/reader/cards", Fixture, NULL, set_up, test_cards, tear_down);
    g_test_add ("/reader/events", Fixture, NULL, set_up, test_events, tear_down);
    g_test_add ("/reader/wake", Fixture, NULL, set_up, test_wake, tear_down);
    g_test_add ("/reader/idle", Fixture, NULL, set_up, test_idle, tear_down);
    g_test_add ("/reader/restart", Fixture, NULL, set_up, test_restart, tear_down);
    return g_test_run ();
}

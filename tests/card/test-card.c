/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole cards through the service: reading, writing, and every way of being cut short, against simulated cards. */
#include <glib/gstdio.h>
#include <string.h>

#include "card/card.h"
#include "card/engine.h"
#include "seal/bytes.h"
#include "seal/derive.h"
#include "seal/mac.h"
#include "sim/reader.h"

static const guint8 psc[3] = { 0xA1, 0xB2, 0xC3 };
static const guint8 serial[8] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };
static const guint8 card_id[8] = { 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6, 0x07, 0x18 };

typedef struct {
    char *folder;
    char *path;
    char *family; /* chip, or "cpu" */
    OcSimKeys keys;
    OcSimSlot *slot;
    OcCardService *service;
} Fixture;

static GBytes *
pattern (gsize size, guint8 start)
{
    guint8 *bytes = g_malloc (size);

    for (gsize i = 0; i < size; i++)
        bytes[i] = (guint8) (start + i);
    return g_bytes_new_take (bytes, size);
}

static GBytes *
filled (gsize size, guint8 with)
{
    guint8 *bytes = g_malloc (size);

    memset (bytes, with, size);
    return g_bytes_new_take (bytes, size);
}

static void
insert (Fixture *f)
{
    g_autoptr(GError) error = NULL;

    oc_sim_slot_insert (f->slot, f->path, FALSE, &error);
    g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) key = pattern (16, 0);
    g_auto(GStrv) words = g_strsplit (data, "-", 2); /* "4442-omnikey" */

    f->folder = g_dir_make_tmp ("onecard-card-XXXXXX", &error);
    g_assert_no_error (error);
    f->path = g_build_filename (f->folder, "card", NULL);
    f->family = g_strdup (words[0]);
    oc_sim_keys_init (&f->keys);
    memcpy (f->keys.psc, psc, sizeof psc);
    oc_sim_keys_set (&f->keys, "cpu-internal", key, &error);
    oc_sim_keys_set (&f->keys, "cpu-external", key, &error);
    oc_sim_keys_set (&f->keys, "cpu-mac", key, &error);
    g_assert_no_error (error);
    oc_sim_card_make (f->path, f->family, &f->keys, serial, &error);
    g_assert_no_error (error);
    f->slot = oc_sim_slot_new (words[1] != NULL ? OC_SIM_READER_OMNIKEY : OC_SIM_READER_ACS, NULL);
    f->service = oc_card_service_new (oc_sim_slot_reader (f->slot));
    insert (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
    oc_card_service_stop (f->service);
    g_object_unref (f->service);
    oc_sim_slot_unref (f->slot);
    oc_sim_keys_clear (&f->keys);
    g_remove (f->path);
    g_rmdir (f->folder);
    g_free (f->path);
    g_free (f->folder);
    g_free (f->family);
}

typedef struct {
    OcCardPlan plan;
    OcImage *image;
} Reading;

static gboolean
read_exchange (OcCardLink *link, gpointer data, GError **error)
{
    Reading *reading = data;

    return (reading->image = oc_card_read (link, &reading->plan, error)) != NULL;
}

static OcImage *
read_card (Fixture *f, const char *chip, gboolean whole, guint *generation)
{
    static const char *const directories[] = { "DF01", "DF14", "DF06", NULL }; /* there is no type 6 */
    Reading reading = { .plan = { directories, chip, whole } };
    g_autoptr(GError) error = NULL;

    oc_card_service_exchange (f->service, read_exchange, &reading, generation, NULL, &error);
    g_assert_no_error (error);
    return reading.image;
}

static gboolean
write_exchange (OcCardLink *link, gpointer data, GError **error)
{
    return oc_card_write (link, data, error);
}

static void
add_directory (OcCardTicket *ticket, const char *df, gboolean wrong)
{
    OcCardDirectory *directory = oc_card_ticket_add_directory (ticket, df);
    g_autoptr(GBytes) master = pattern (16, 0);
    guint8 key[16], answer[8], digest[32];

    oc_derive_cpu_key (g_bytes_get_data (master, NULL), serial, key);
    directory->layout = oc_layout_find ("cpu-electricity-63");
    directory->internal_kid = 1;
    directory->external_kid = 2;
    directory->mac_kid = 3;
    directory->challenge = pattern (8, 1);
    oc_seal_3des_encrypt (key, g_bytes_get_data (directory->challenge, NULL), 8, answer);
    oc_seal_sha256 (answer, sizeof answer, digest);
    directory->check = g_bytes_new (digest, sizeof digest);
    key[0] ^= wrong ? 0x10 : 0;
    directory->external_key = oc_secret_bytes (key, sizeof key);
    directory->mac_key = oc_secret_bytes (key, sizeof key);
}

static void
add_step (OcCardTicket *ticket, const char *area, const OcImage *before, GBytes *target)
{
    oc_card_ticket_add_step (ticket, area, oc_image_get (before, area), target);
    g_bytes_unref (target);
}

/* All files of two directories, in the order of writing. */
static OcCardTicket *
cpu_ticket (const OcImage *before, gboolean wrong)
{
    static const struct {
        const char *name;
        gsize size;
    } areas[] = { { "/01", 45 }, { "/03", 258 }, { "/04", 258 }, { "/02", 8 }, { "/05", 49 } };
    OcCardTicket *ticket = oc_card_ticket_new ("cpu", "cpu");

    ticket->serial = g_bytes_new (serial, sizeof serial);
    for (guint d = 0; d < 2; d++) {
        const char *df = d == 0 ? "DF01" : "DF14";

        add_directory (ticket, df, wrong);
        for (guint i = 0; i < G_N_ELEMENTS (areas); i++) {
            g_autofree char *area = g_strconcat (df, areas[i].name, NULL);

            add_step (ticket, area, before, pattern (areas[i].size, (guint8) (i * 40 + d + 1)));
        }
    }
    return ticket;
}

static const char *
family_of (const char *chip)
{
    return g_str_equal (chip, "4442") || g_str_equal (chip, "cpu") ? chip : "24c";
}

/* Two slots (one, where there are no more) and the header, as an opening has them. */
static OcCardTicket *
memory_ticket (const OcImage *before, const char *chip)
{
    static const char *const read_only[] = { "V1B", "R1A", "R1B", "V2A", "R2A", "R2B" };
    const char *family = family_of (chip);
    OcCardTicket *ticket = oc_card_ticket_new (family, chip);
    const OcLayout *layout = oc_layout_for_family (family, NULL);
    gboolean two = oc_layout_chip_slots (layout, oc_layout_chip (layout, chip)) > 1;
    guint8 header[32] = { 'O', 'C', 1, 3 };

    header[3] = (guint8) oc_layout_chip (layout, chip)->code;
    ticket->psc = g_bytes_new (psc, sizeof psc);
    ticket->psc_tries = 2;
    memcpy (header + 8, card_id, sizeof card_id);
    ticket->serial = g_bytes_new (card_id, sizeof card_id);
    ticket->blank = TRUE;
    add_step (ticket, "V1A", before, pattern (32, 1));
    if (two)
        add_step (ticket, "V2B", before, pattern (32, 101));
    add_step (ticket, "header", before, g_bytes_new (header, sizeof header));
    for (guint i = 0; i < (two ? 6 : 3); i++)
        oc_card_ticket_add_step (ticket, read_only[i], oc_image_get (before, read_only[i]), NULL);
    return ticket;
}

static OcImage *
target_of (const OcCardTicket *ticket)
{
    OcImage *image = oc_image_new (ticket->family, ticket->chip);

    for (guint i = 0; i < ticket->steps->len; i++) {
        const OcCardStep *step = g_ptr_array_index (ticket->steps, i);

        if (step->target != NULL)
            oc_image_set (image, step->area, g_bytes_get_data (step->target, NULL), g_bytes_get_size (step->target));
    }
    return image;
}

static OcCardTicket *
ticket_for (const char *family, const OcImage *before)
{
    return g_str_equal (family, "cpu") ? cpu_ticket (before, FALSE) : memory_ticket (before, family);
}

static const char *
chip_of (const char *family)
{
    return g_str_equal (family, "cpu") ? NULL : family;
}

static void
test_write (Fixture *f, gconstpointer data)
{
    g_autoptr(OcImage) before = read_card (f, chip_of (f->family), TRUE, NULL);
    g_autoptr(OcCardTicket) ticket = ticket_for (f->family, before);
    g_autoptr(OcImage) target = target_of (ticket);
    g_autoptr(OcImage) again = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true (oc_card_service_exchange (f->service, write_exchange, ticket, NULL, NULL, &error));
    g_assert_no_error (error);
    g_assert_true (ticket->sent);
    g_assert_cmpint (oc_image_compare (ticket->after, before, target), ==, OC_IMAGE_NEW);
    again = read_card (f, NULL, FALSE, NULL);
    g_assert_cmpint (oc_image_compare (again, before, target), ==, OC_IMAGE_NEW);
    g_assert_true (g_bytes_equal (oc_image_serial (again), ticket->serial));
    for (guint i = 0; i < ticket->directories->len; i++)
        g_assert_nonnull (((OcCardDirectory *) g_ptr_array_index (ticket->directories, i))->proof);

    /* Once more: it is there already, so nothing is sent. */
    {
        guint64 written = oc_card_service_n_written (f->service);

        g_assert_true (oc_card_service_exchange (f->service, write_exchange, ticket, NULL, NULL, &error));
        g_assert_false (ticket->sent || ticket->sent_mac);
        g_assert_cmpuint (oc_card_service_n_written (f->service), ==, written);
        g_assert_cmpint (oc_image_compare (ticket->after, before, target), ==, OC_IMAGE_NEW);
    }
}

static guint
page_of (const char *chip)
{
    return oc_layout_chip (oc_layout_for_family (family_of (chip), NULL), chip)->page;
}

static guint
least_apdus (const char *family)
{
    if (g_str_equal (family, "cpu"))
        return 10;
    return g_str_equal (family, "4442") ? 5 : 2 + 32 / page_of (family) + 1;
}

/* With fresh only what is needed is exchanged: the least that the session allows. */
static void
test_fresh (Fixture *f, gconstpointer data)
{
    guint generation = 0;
    g_autoptr(OcImage) before = read_card (f, chip_of (f->family), TRUE, &generation);
    g_autoptr(OcCardTicket) ticket = oc_card_ticket_new (family_of (f->family), f->family);
    g_autoptr(GError) error = NULL;
    guint64 apdus;

    ticket->fresh = TRUE;
    if (g_str_equal (f->family, "cpu")) {
        ticket->serial = g_bytes_new (serial, sizeof serial);
        add_directory (ticket, "DF01", FALSE);
        add_step (ticket, "DF01/03", before, filled (258, 0));
        add_step (ticket, "DF01/02", before, pattern (8, 1));
    } else {
        ticket->serial = g_bytes_new (card_id, sizeof card_id);
        ticket->blank = TRUE;
        ticket->psc = g_bytes_new (psc, sizeof psc);
        ticket->psc_tries = 3;
        add_step (ticket, "V1A", before, pattern (32, 1));
        oc_card_ticket_add_step (ticket, "R1A", oc_image_get (before, "R1A"), NULL);
    }
    apdus = oc_card_service_n_apdus (f->service);
    g_assert_true (oc_card_service_exchange (f->service, write_exchange, ticket, &generation, NULL, &error));
    apdus = oc_card_service_n_apdus (f->service) - apdus;
    /* CPU: MF or DF select, proof 2, external 2, write 2, read back 1; the directory is the card's last one or not.
     * Memory: type, page size, a page each, read back 1; SLE4442: error counter and code instead of the page size, and
     * nothing to choose for OMNIKEY. */
    g_assert_cmpuint (apdus, <=, least_apdus (f->family));
    g_assert_true (g_bytes_equal (oc_image_get (ticket->after, oc_image_area (ticket->after, 0)),
        ((OcCardStep *) g_ptr_array_index (ticket->steps, 0))->target));
}

/* Whatever stops the writing, and wherever: what is read then is old, new or between; carried out once more it is new;
 * nothing is written twice. */
static void
cut_everywhere (Fixture *f, const char *family, const char *fault, const char *how)
{
    for (guint n = 1;; n++) {
        g_autofree char *text = g_strdup_printf ("%s@%u%s", fault, n, how);
        g_autoptr(OcImage) before = NULL;
        g_autoptr(OcImage) between = NULL;
        g_autoptr(OcImage) target = NULL;
        g_autoptr(OcCardTicket) ticket = NULL;
        g_autoptr(GError) error = NULL;
        gboolean ok;

        oc_sim_slot_remove (f->slot);
        g_remove (f->path);
        oc_sim_card_make (f->path, family, &f->keys, serial, &error);
        g_assert_no_error (error);
        insert (f);
        before = read_card (f, chip_of (family), TRUE, NULL);
        ticket = ticket_for (family, before);
        target = target_of (ticket);
        oc_sim_slot_set_faults (f->slot, text, &error);
        g_assert_no_error (error);
        ok = oc_card_service_exchange (f->service, write_exchange, ticket, NULL, NULL, &error);
        oc_sim_slot_set_faults (f->slot, NULL, NULL);
        if (ok) {
            g_assert_cmpuint (n, >, 6);
            return;
        }
        g_assert_true (error->domain == OC_CARD_ERROR);
        g_clear_error (&error);
        if (!oc_sim_slot_is_plugged (f->slot))
            oc_sim_slot_set_plugged (f->slot, TRUE);
        oc_sim_slot_remove (f->slot);
        insert (f);

        between = read_card (f, chip_of (family), TRUE, NULL);
        if (!ticket->sent)
            g_assert_cmpint (oc_image_compare (between, before, target), ==, OC_IMAGE_OLD);
        else
            g_assert_cmpint (oc_image_compare (between, before, target), !=, OC_IMAGE_OTHER);
        if (ticket->after != NULL)
            g_assert_cmpint (oc_image_compare (between, before, ticket->after), ==, OC_IMAGE_NEW);
        g_assert_true (oc_card_service_exchange (f->service, write_exchange, ticket, NULL, NULL, &error));
        g_assert_no_error (error);
        g_assert_cmpint (oc_image_compare (ticket->after, before, target), ==, OC_IMAGE_NEW);
    }
}

static void
test_cut (Fixture *f, gconstpointer data)
{
    cut_everywhere (f, f->family, "pull", "");
    cut_everywhere (f, f->family, "lost", "");
    cut_everywhere (f, f->family, "torn", "");
    cut_everywhere (f, f->family, "gone", "");
    cut_everywhere (f, f->family, "sw", "=6581");
}

static void
test_cut_erased (Fixture *f, gconstpointer data)
{
    cut_everywhere (f, f->family, "torn", ":3ff");
}

static int
tries_left (Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimCard) card = oc_sim_card_peek (f->path, &error);

    g_assert_no_error (error);
    return oc_sim_cpu_tries (oc_sim_card_cpu (card), 0xDF01, 2);
}

static void
test_wrong_key (Fixture *f, gconstpointer data)
{
    g_autoptr(OcImage) before = read_card (f, NULL, TRUE, NULL);
    g_autoptr(OcCardTicket) ticket = cpu_ticket (before, TRUE);
    g_autoptr(OcCardTicket) forged = cpu_ticket (before, FALSE);
    OcCardDirectory *second = g_ptr_array_index (forged->directories, 1);
    g_autoptr(GError) error = NULL;

    /* A card that can't prove itself costs no try. */
    g_bytes_unref (second->check);
    second->check = filled (32, 0);
    g_assert_false (oc_card_service_exchange (f->service, write_exchange, forged, NULL, NULL, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_AUTH);
    g_assert_false (forged->sent);
    g_assert_cmpint (tries_left (f), ==, 3);
    g_clear_error (&error);

    /* A key that does not fit costs one, never two. */
    g_assert_false (oc_card_service_exchange (f->service, write_exchange, ticket, NULL, NULL, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_AUTH);
    g_assert_cmphex (oc_card_error_get_sw (error), ==, 0x63C2);
    g_assert_nonnull (strstr (error->message, "2"));
    g_assert_false (ticket->sent);
    g_assert_cmpint (tries_left (f), ==, 2);
    g_assert_cmpint (oc_image_compare (ticket->after, before, before), ==, OC_IMAGE_NEW);
}

static void
test_other_card (Fixture *f, gconstpointer data)
{
    g_autoptr(OcImage) blank = read_card (f, chip_of (f->family), TRUE, NULL);
    g_autoptr(OcCardTicket) ticket = ticket_for (f->family, blank);
    g_autoptr(OcCardTicket) changed = NULL;
    g_autoptr(OcImage) before = NULL;
    g_autoptr(OcImage) strange = NULL;
    const char *area = g_str_equal (f->family, "cpu") ? "DF01/01" : "V1A";
    gsize size = g_bytes_get_size (oc_image_get (blank, area));
    g_autoptr(GBytes) other = filled (size, 0xEE);
    g_autoptr(GBytes) third = filled (size, 0xDD);
    g_autoptr(GError) error = NULL;

    g_assert_true (oc_card_service_exchange (f->service, write_exchange, ticket, NULL, NULL, &error));
    before = read_card (f, chip_of (f->family), TRUE, NULL);
    strange = oc_image_copy (before);

    /* what is on the card is not what the job knows */
    oc_image_set (strange, area, g_bytes_get_data (other, NULL), size);
    changed = oc_card_ticket_new (ticket->family, ticket->chip);
    changed->serial = g_bytes_ref (ticket->serial);
    if (g_str_equal (f->family, "cpu"))
        add_directory (changed, "DF01", FALSE);
    oc_card_ticket_add_step (changed, area, oc_image_get (strange, area), third);
    g_assert_false (oc_card_service_exchange (f->service, write_exchange, changed, NULL, NULL, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_CHANGED);
    g_assert_false (changed->sent);
    g_assert_true (g_bytes_equal (oc_image_get (changed->after, area), oc_image_get (before, area)));
    g_clear_error (&error);

    /* the card has another serial or id */
    g_bytes_unref (ticket->serial);
    ticket->serial = filled (8, 0x42);
    ticket->blank = FALSE;
    g_assert_false (oc_card_service_exchange (f->service, write_exchange, ticket, NULL, NULL, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_CHANGED);
    g_assert_false (ticket->sent);
    g_assert_null (ticket->after);
}

static gboolean
refuse (gpointer data, GError **error)
{
    guint *left = data;

    if (*left > 0 && (*left)-- > 0)
        return TRUE;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the lease is gone");
    return FALSE;
}

static void
test_renew (Fixture *f, gconstpointer data)
{
    g_autoptr(OcImage) before = read_card (f, chip_of (f->family), TRUE, NULL);
    g_autoptr(OcCardTicket) ticket = ticket_for (f->family, before);
    g_autoptr(GError) error = NULL;
    guint left = 1;

    ticket->renew = refuse;
    ticket->renew_data = &left;
    g_assert_false (oc_card_service_exchange (f->service, write_exchange, ticket, NULL, NULL, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
    g_assert_true (ticket->sent);
    /* the first command holds the whole record where a page has room for it */
    g_assert_cmpint (ticket->sent_mac, ==, ticket->directories->len == 0 && page_of (f->family) >= 32);
    g_assert_nonnull (ticket->after);
}

/* A chip that nothing names is found by trying. */
static void
test_unknown_chip (Fixture *f, gconstpointer data)
{
    g_autoptr(OcImage) blank = read_card (f, NULL, FALSE, NULL);
    g_autoptr(OcImage) before = read_card (f, f->family, TRUE, NULL);
    g_autoptr(OcCardTicket) ticket = memory_ticket (before, f->family);
    g_autoptr(OcImage) again = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_null (oc_image_chip (blank));
    g_assert_null (oc_image_serial (blank));
    g_assert_cmpuint (oc_image_count (blank), ==, 1);
    g_assert_true (oc_card_service_exchange (f->service, write_exchange, ticket, NULL, NULL, &error));
    again = read_card (f, NULL, FALSE, NULL);
    g_assert_cmpstr (oc_image_chip (again), ==, f->family);
    g_assert_cmpuint (oc_image_count (again), ==, 1 + 2 * 4);
}

/* What an SLE4442 does with the code: a card that lost a try is left alone where the ticket wants all three, the last try is never
 * used, and a wrong code costs one. */
static void
test_code (Fixture *f, gconstpointer data)
{
    static const guint8 wrong[] = { 1, 2, 3 };
    g_autoptr(OcImage) before = read_card (f, "4442", TRUE, NULL);
    g_autoptr(OcCardTicket) ticket = memory_ticket (before, "4442");
    g_autoptr(GBytes) right = g_bytes_ref (ticket->psc);
    struct {
        gboolean right;
        guint needed;
        gboolean written;
        int left;
    } rounds[] = { { FALSE, 3, FALSE, 2 }, { TRUE, 3, FALSE, 2 }, { FALSE, 2, FALSE, 1 }, { TRUE, 2, FALSE, 1 } };

    for (guint i = 0; i < G_N_ELEMENTS (rounds); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(OcSimCard) card = NULL;

        g_bytes_unref (ticket->psc);
        ticket->psc = rounds[i].right ? g_bytes_ref (right) : g_bytes_new (wrong, sizeof wrong);
        ticket->psc_tries = rounds[i].needed;
        g_assert_false (oc_card_service_exchange (f->service, write_exchange, ticket, NULL, NULL, &error));
        g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_AUTH);
        g_assert_cmphex (oc_card_error_get_sw (error), ==, 0x63C0 | rounds[i].left);
        g_assert_false (ticket->sent || ticket->sent_mac);
        card = oc_sim_card_peek (f->path, NULL);
        g_assert_cmpint (oc_sim_memory_tries (oc_sim_card_memory (card)), ==, rounds[i].left);
    }
}

static void
add (const char *path, const char *family, void (*func) (Fixture *, gconstpointer))
{
    g_autofree char *name = g_strdup_printf ("/card/%s/%s", path, family);

    g_test_add (name, Fixture, family, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
    static const char *const families[] = { "cpu", "24c04", "24c16", "24c01", "24c64", "4442", "24c04-omnikey", "24c64-omnikey",
        "4442-omnikey", "cpu-omnikey" };
    static const char *const chips[] = { "24c02", "24c04", "24c08", "24c16", "24c32", "24c64", "24c02-omnikey", "24c16-omnikey",
        "24c32-omnikey" };

    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (families); i++) {
        add ("write", families[i], test_write);
        add ("fresh", families[i], test_fresh);
        add ("cut", families[i], test_cut);
        add ("other-card", families[i], test_other_card);
        add ("renew", families[i], test_renew);
        if (!g_str_has_prefix (families[i], "cpu"))
            add ("cut-erased", families[i], test_cut_erased);
    }
    add ("code", "4442", test_code);
    add ("code", "4442-omnikey", test_code);
    add ("wrong-key", "cpu", test_wrong_key);
    for (guint i = 0; i < G_N_ELEMENTS (chips); i++)
        add ("unknown-chip", chips[i], test_unknown_chip);
    return g_test_run ();
}

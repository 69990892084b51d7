/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recorded sessions (tests/fixtures, .apdu), played in strict order: reading a card and writing a sale on it are, byte for byte, the
 * commands that they were, for each family of cards behind each family of readers.
 *
 *   ONECARD_RECORD=FOLDER    records them anew from simulated cards */
#include <glib/gstdio.h>
#include <string.h>

#include "card/card.h"
#include "seal/bytes.h"
#include "seal/derive.h"
#include "seal/mac.h"
#include "sim/reader.h"
#include "sim/replay.h"

static const guint8 serial[8] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };
static const guint8 card_id[8] = { 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6, 0x07, 0x18 };
static const guint8 psc[3] = { 0xA1, 0xB2, 0xC3 }; /* nobody's */

typedef struct {
    const char *name, *chip;
    OcSimReaderKind reader;
} Session;

static const Session sessions[] = {
    { "acs-cpu", "cpu", OC_SIM_READER_ACS },
    { "acs-24c04", "24c04", OC_SIM_READER_ACS },
    { "acs-24c64", "24c64", OC_SIM_READER_ACS },
    { "acs-4442", "4442", OC_SIM_READER_ACS },
    { "omnikey-cpu", "cpu", OC_SIM_READER_OMNIKEY },
    { "omnikey-24c04", "24c04", OC_SIM_READER_OMNIKEY },
    { "omnikey-24c64", "24c64", OC_SIM_READER_OMNIKEY },
    { "omnikey-4442", "4442", OC_SIM_READER_OMNIKEY },
};

static const guint8 master[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

static GBytes *
pattern (gsize size, guint8 start)
{
    guint8 *bytes = g_malloc (size);

    for (gsize i = 0; i < size; i++)
        bytes[i] = (guint8) (start + i);
    return g_bytes_new_take (bytes, size);
}

static void
add_step (OcCardTicket *ticket, const OcImage *image, const char *area, guint8 start)
{
    GBytes *before = oc_image_get (image, area);
    g_autoptr(GBytes) target = pattern (g_bytes_get_size (before), start);

    oc_card_ticket_add_step (ticket, area, before, target);
}

static void
add_directory (OcCardTicket *ticket)
{
    OcCardDirectory *directory = oc_card_ticket_add_directory (ticket, "DF01");
    guint8 key[16], answer[8], digest[32];

    oc_derive_cpu_key (master, serial, key);
    directory->layout = oc_layout_find ("cpu-electricity-63");
    directory->internal_kid = 1;
    directory->external_kid = 2;
    directory->mac_kid = 3;
    directory->challenge = pattern (8, 1);
    oc_seal_3des_encrypt (key, g_bytes_get_data (directory->challenge, NULL), 8, answer);
    oc_seal_sha256 (answer, sizeof answer, digest);
    directory->check = g_bytes_new (digest, sizeof digest);
    directory->external_key = oc_secret_bytes (key, sizeof key);
    directory->mac_key = oc_secret_bytes (key, sizeof key);
}

/* One sale: what a job would hand out. */
static OcCardTicket *
ticket_for (const Session *session, const OcImage *image)
{
    gboolean cpu = g_str_equal (session->chip, "cpu");
    OcCardTicket *ticket = oc_card_ticket_new (oc_image_family (image), session->chip);

    ticket->fresh = TRUE;
    ticket->blank = TRUE;
    ticket->serial = g_bytes_new (cpu ? serial : card_id, 8);
    ticket->psc = g_bytes_new (psc, sizeof psc);
    ticket->psc_tries = 3;
    if (cpu) {
        add_directory (ticket);
        add_step (ticket, image, "DF01/01", 1);
        add_step (ticket, image, "DF01/03", 2);
        add_step (ticket, image, "DF01/02", 3);
        add_step (ticket, image, "DF01/05", 4);
    } else {
        add_step (ticket, image, "V1A", 1);
        add_step (ticket, image, "V2B", 2);
    }
    return ticket;
}

typedef struct {
    const Session *session;
    OcReader *replayed; /* NULL: it is being recorded */
    OcImage *image;
    OcCardTicket *ticket;
} Course;

static gboolean
run_course (OcCardLink *link, gpointer data, GError **error)
{
    static const char *const directories[] = { "DF01", NULL };
    Course *course = data;
    const char *chip = g_str_equal (course->session->chip, "cpu") ? NULL : course->session->chip;

    if ((course->image = oc_card_read (link, &(OcCardPlan){ directories, chip, TRUE }, error)) == NULL)
        return FALSE;
    course->ticket = ticket_for (course->session, course->image);
    if (!oc_card_write (link, course->ticket, error))
        return FALSE;
    g_assert_true (course->replayed == NULL || oc_replay_reader_is_at_end (course->replayed));
    return TRUE;
}

/* The whole course with this reader, which is freed. */
static void
play (const Session *session, OcReader *reader, gboolean replayed)
{
    OcCardService *service = oc_card_service_new (reader);
    Course course = { .session = session, .replayed = replayed ? reader : NULL };
    g_autoptr(GError) error = NULL;

    oc_card_service_exchange (service, run_course, &course, NULL, NULL, &error);
    g_assert_no_error (error);
    for (guint i = 0; i < course.ticket->steps->len; i++) {
        const OcCardStep *step = g_ptr_array_index (course.ticket->steps, i);

        g_assert_true (g_bytes_equal (oc_image_get (course.ticket->after, step->area), step->target));
    }
    g_assert_true (course.ticket->sent);
    oc_image_free (course.image);
    oc_card_ticket_free (course.ticket);
    oc_card_service_stop (service);
    g_object_unref (service);
}

static void
on_apdu (const guint8 *in, gsize in_len, const guint8 *out, gsize out_len, gpointer data)
{
    g_autofree char *hex = out != NULL ? oc_hex (out, out_len) : oc_hex (in, in_len);

    g_string_append_printf (data, "%c %s\n", out != NULL ? '<' : '>', hex);
}

static void
record (const Session *session, const char *folder)
{
    g_autofree char *file = g_strconcat (session->name, ".apdu", NULL);
    g_autofree char *path = g_build_filename (folder, file, NULL);
    g_autofree char *card = g_build_filename (folder, "card", NULL);
    g_autoptr(GString) text = g_string_new ("# SPDX-License-Identifier: GPL-3.0-or-later\n# Made by test-replay from a simulated card; keys are nobody's.\n");
    g_autoptr(OcSimSlot) slot = oc_sim_slot_new (session->reader, NULL);
    g_auto(OcSimKeys) keys = { 0 };
    OcReader *reader = oc_sim_slot_reader (slot);
    g_autoptr(GPtrArray) states = NULL;
    g_autoptr(GError) error = NULL;

    oc_sim_keys_init (&keys);
    memcpy (keys.internal, master, 16);
    memcpy (keys.external, master, 16);
    memcpy (keys.mac, master, 16);
    memcpy (keys.psc, psc, 3);
    keys.cpu = TRUE;
    g_remove (card);
    oc_sim_card_make (card, session->chip, &keys, serial, &error);
    g_assert_no_error (error);
    oc_sim_slot_insert (slot, card, FALSE, &error);
    g_assert_no_error (error);
    states = reader->klass->list (reader, NULL);
    {
        const OcReaderState *state = g_ptr_array_index (states, 0);
        g_autofree char *atr = oc_hex (state->atr, state->atr_len);

        g_string_append_printf (text, "reader %s\natr %s\n", state->name, atr);
    }
    oc_sim_slot_set_trace (slot, on_apdu, text);
    play (session, reader, FALSE);
    g_file_set_contents (path, text->str, -1, &error);
    g_assert_no_error (error);
    g_remove (card);
}

static OcReader *
open_fixture (const Session *session)
{
    g_autofree char *file = g_strconcat (session->name, ".apdu", NULL);
    g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", file, NULL);
    g_autoptr(GError) error = NULL;
    OcReader *reader = oc_replay_reader_new (path, &error);

    g_assert_no_error (error);
    return reader;
}

static void
test_session (gconstpointer data)
{
    const Session *session = data;

    if (g_getenv ("ONECARD_RECORD") != NULL)
        record (session, g_getenv ("ONECARD_RECORD"));
    play (session, open_fixture (session), TRUE);
}

/* The order is strict: a command too early, too late or another one is no recorded one. */
static void
test_strict (void)
{
    OcReader *reader = open_fixture (&sessions[1]);
    OcReaderState state = { 0 };
    guint8 out[OC_APDU_MAX];
    gsize len;
    g_autoptr(GError) error = NULL;

    g_assert_true (reader->klass->open (reader, NULL, &state, NULL));
    g_assert_false (reader->klass->transmit (reader, (guint8[]){ 0xFF, 0xB0, 0, 0, 0x80 }, 5, out, &len, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_PROTOCOL);
    g_assert_nonnull (strstr (error->message, "line 5"));
    g_assert_true (reader->klass->transmit (reader, (guint8[]){ 0xFF, 0xA4, 0, 0, 1, 1 }, 6, out, &len, NULL));
    g_assert_cmpmem (out, len, "\x90\x00", 2);
    g_clear_error (&error);
    g_assert_false (reader->klass->transmit (reader, (guint8[]){ 0xFF, 0xA4, 0, 0, 1, 1 }, 6, out, &len, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_PROTOCOL);
    g_assert_false (oc_replay_reader_is_at_end (reader));
    reader->klass->close (reader);
    g_free (state.name);
    oc_reader_free (reader);
}

static void
test_damaged (void)
{
    static const char *const texts[] = { "", "reader X\natr 3B00\n", "reader X\natr 3B00\n> 00\n< 9000\n", "reader X\natr 3B00\n> 00A40000\n",
        "reader X\natr 3B00\n> 00A40000\n> 00A40000\n< 9000\n", "reader X\n> 00A40000\n< 9000\n", "reader X\natr 3B00\nwhat\n",
        "reader X\natr 3B00\n< 9000\n", "reader X\natr 3B00\n> 00A40000\n< 90\n" };
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp ("onecard-replay-XXXXXX", &path, NULL);

    g_close (fd, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
        g_assert_null (oc_replay_reader_new (path, &error));
        g_assert_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FORMAT);
    }
    g_remove (path);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (sessions); i++) {
        g_autofree char *path = g_strdup_printf ("/replay/%s", sessions[i].name);

        g_test_add_data_func (path, &sessions[i], test_session);
    }
    g_test_add_func ("/replay/strict", test_strict);
    g_test_add_func ("/replay/damaged", test_damaged);
    return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card service and what goes over its link, with a reader that plays a script. */
#include <string.h>

#include "card/apdu.h"
#include "card/card.h"
#include "card/cpu.h"
#include "scripted-reader.h"

typedef struct {
    ScriptedReader reader;
    OcCardService *service;
    guint n_changes;
} Fixture;

static void
on_changed_cb (OcCardService *service, Fixture *f)
{
    g_assert_true (g_main_context_is_owner (NULL));
    f->n_changes++;
}

static void
wait_for (Fixture *f, OcPresence presence)
{
    gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
    guint seen = f->n_changes;

    /* the signal comes too, not only the state */
    while (oc_card_service_get_presence (f->service, NULL) != presence || f->n_changes == seen) {
        g_assert_cmpint (g_get_monotonic_time (), <, end);
        g_main_context_iteration (NULL, FALSE);
        g_usleep (500);
    }
}

static void
set_up (Fixture *f, gconstpointer unused)
{
    scripted_reader_init (&f->reader);
    f->service = oc_card_service_new (&f->reader.parent);
    g_signal_connect (f->service, "changed", G_CALLBACK (on_changed_cb), f);
    wait_for (f, OC_PRESENCE_NO_CARD);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
    oc_card_service_stop (f->service);
    oc_card_service_stop (f->service);
    g_assert_true (f->reader.freed);
    g_assert_cmpuint (f->reader.n_opened, ==, f->reader.n_closed);
    g_object_unref (f->service);
    while (g_main_context_iteration (NULL, FALSE))
        ;
    scripted_reader_clear (&f->reader);
}

static gboolean
nothing (OcCardLink *link, gpointer data, GError **error)
{
    guint *n = data;

    (*n)++;
    return TRUE;
}

static void
test_presence (Fixture *f, gconstpointer unused)
{
    guint generation = oc_card_service_get_generation (f->service);
    g_autofree char *name = NULL;

    scripted_reader_set (&f->reader, TRUE, TRUE, FALSE);
    wait_for (f, OC_PRESENCE_CARD);
    g_assert_cmpuint (oc_card_service_get_generation (f->service), ==, generation + 1);
    scripted_reader_set (&f->reader, TRUE, TRUE, TRUE);
    wait_for (f, OC_PRESENCE_UNRESPONSIVE);
    scripted_reader_set (&f->reader, FALSE, FALSE, FALSE);
    wait_for (f, OC_PRESENCE_NO_READER);
    oc_card_service_get_presence (f->service, &name);
    g_assert_null (name);
    scripted_reader_set_dead (&f->reader, TRUE);
    wait_for (f, OC_PRESENCE_NO_SERVICE);
    scripted_reader_set_dead (&f->reader, FALSE);
    scripted_reader_set (&f->reader, TRUE, TRUE, FALSE);
    wait_for (f, OC_PRESENCE_CARD);
    g_assert_cmpuint (oc_card_service_get_generation (f->service), >, generation + 3);
}

static void
test_generation (Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    guint generation = 0;
    guint n = 0;

    g_assert_false (oc_card_service_exchange (f->service, nothing, &n, NULL, NULL, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_NO_CARD);
    g_clear_error (&error);
    scripted_reader_set (&f->reader, TRUE, TRUE, FALSE);
    g_assert_true (oc_card_service_exchange (f->service, nothing, &n, &generation, NULL, &error));
    g_assert_cmpuint (generation, !=, 0);
    g_assert_true (oc_card_service_exchange (f->service, nothing, &n, &generation, NULL, &error));
    /* out and in again, however fast */
    scripted_reader_set (&f->reader, TRUE, FALSE, FALSE);
    scripted_reader_set (&f->reader, TRUE, TRUE, FALSE);
    g_assert_false (oc_card_service_exchange (f->service, nothing, &n, &generation, NULL, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_CHANGED);
    g_assert_cmpuint (n, ==, 2);
}

typedef struct {
    OcCardService *service;
    GCancellable *cancellable;
    guint n;
    GError *error;
} Late;

static gpointer
late_thread (gpointer data)
{
    Late *late = data;

    oc_card_service_exchange (late->service, nothing, &late->n, NULL, late->cancellable, &late->error);
    return NULL;
}

/* Another program holds the reader: the operator is told after ten seconds, and who waits behind may give up. */
static void
test_stuck (Fixture *f, gconstpointer unused)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new ();
    g_autoptr(GCancellable) never_mind = g_cancellable_new ();
    Late first = { f->service };
    Late second = { f->service, cancellable };
    Late third = { f->service, never_mind };
    g_autoptr(GThread) a = NULL;
    g_autoptr(GThread) b = NULL;
    gint64 begin = g_get_monotonic_time ();
    guint changes, tried;

    scripted_reader_set (&f->reader, TRUE, TRUE, FALSE);
    wait_for (f, OC_PRESENCE_CARD);
    scripted_reader_set_blocked (&f->reader, TRUE);
    a = g_thread_new ("first", late_thread, &first);
    g_usleep (20000);
    b = g_thread_new ("second", late_thread, &second);
    while (g_main_context_iteration (NULL, FALSE))
        ;
    changes = f->n_changes;
    g_assert_false (oc_card_service_is_stuck (f->service));
    g_cancellable_cancel (cancellable);
    g_thread_join (g_steal_pointer (&b));
    g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpuint (second.n, ==, 0);
    g_clear_error (&second.error);

    while (f->n_changes == changes && g_get_monotonic_time () - begin < 15 * G_USEC_PER_SEC) {
        g_main_context_iteration (NULL, FALSE);
        g_usleep (10000);
    }
    g_assert_true (oc_card_service_is_stuck (f->service));
    g_assert_cmpint (g_get_monotonic_time () - begin, >=, 10 * G_USEC_PER_SEC);
    scripted_reader_set_blocked (&f->reader, FALSE);
    g_thread_join (g_steal_pointer (&a));
    g_assert_no_error (first.error);
    g_assert_cmpuint (first.n, ==, 1);
    g_assert_false (oc_card_service_is_stuck (f->service));
    changes = f->n_changes;
    while (f->n_changes == changes && g_get_monotonic_time () - begin < 15 * G_USEC_PER_SEC)
        g_main_context_iteration (NULL, FALSE);
    g_assert_cmpuint (f->n_changes, >, changes);

    /* who waits for the reader itself may give up too, and nothing of his is carried out later */
    scripted_reader_set_blocked (&f->reader, TRUE);
    tried = f->reader.n_tried;
    a = g_thread_new ("third", late_thread, &third);
    while ((guint) g_atomic_int_get (&f->reader.n_tried) == tried && g_get_monotonic_time () - begin < 25 * G_USEC_PER_SEC)
        g_usleep (1000);
    g_cancellable_cancel (never_mind);
    g_thread_join (g_steal_pointer (&a));
    g_assert_error (third.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error (&third.error);
    scripted_reader_set_blocked (&f->reader, FALSE);
    g_assert_true (oc_card_service_exchange (f->service, nothing, &first.n, NULL, NULL, NULL));
    g_assert_cmpuint (third.n, ==, 0);
    g_assert_cmpuint (f->reader.n_opened, ==, 3);
}

static gboolean
transmit_exchange (OcCardLink *link, gpointer data, GError **error)
{
    static const guint8 command[] = { 0x00, 0xB0, 0x81, 0x00, 0x04 };
    guint8 out[16];
    gsize n = sizeof out;
    guint16 sw;

    if (!oc_card_link_transmit (link, command, sizeof command, out, &n, &sw, error))
        return FALSE;
    g_assert_cmphex (sw, ==, 0x9000);
    g_assert_cmpmem (out, n, "\x01\x02\x03\x04", 4);
    return TRUE;
}

static gboolean
play (Fixture *f, OcCardExchange func, gpointer data, const char *const *script, GError **error)
{
    gboolean ok;

    scripted_reader_set (&f->reader, TRUE, TRUE, FALSE);
    scripted_reader_play (&f->reader, script);
    ok = oc_card_service_exchange (f->service, func, data, NULL, NULL, error);
    g_assert_null (script[f->reader.at]);
    return ok;
}

static void
test_follow_up (Fixture *f, gconstpointer unused)
{
    static const char *const plain[] = { "00B0810004", "01020304 9000", NULL };
    static const char *const waiting[] = { "00B0810004", "6104", "00C0000004", "01020304 9000", NULL };
    static const char *const in_parts[] = { "00B0810004", "6102", "00C0000002", "0102 6102", "00C0000002", "0304 9000", NULL };
    static const char *const other_length[] = { "00B0810004", "6C03", "00B0810003", "010203 6101", "00C0000001", "04 9000", NULL };
    static const char *const too_long[] = { "00B0810004", "0102030405060708090A0B0C0D0E0F1011 9000", NULL };
    static const char *const too_short[] = { "00B0810004", "90", NULL };
    static const char *const gone[] = { "00B0810004", "", NULL };
    g_autoptr(GError) error = NULL;

    g_assert_true (play (f, transmit_exchange, NULL, plain, &error));
    g_assert_true (play (f, transmit_exchange, NULL, waiting, &error));
    g_assert_true (play (f, transmit_exchange, NULL, in_parts, &error));
    g_assert_true (play (f, transmit_exchange, NULL, other_length, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (oc_card_service_n_apdus (f->service), ==, 9);
    g_assert_false (play (f, transmit_exchange, NULL, too_long, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_PROTOCOL);
    g_clear_error (&error);
    g_assert_false (play (f, transmit_exchange, NULL, too_short, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_PROTOCOL);
    g_clear_error (&error);
    g_assert_false (play (f, transmit_exchange, NULL, gone, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED);
}

static gboolean
authenticate_exchange (OcCardLink *link, gpointer data, GError **error)
{
    static const guint8 key[16] = { 0x56, 0xBE, 0x32, 0xF0, 0x1E, 0x73, 0x6D, 0x0D, 0x9D, 0xE2, 0x42, 0xC4, 0x40, 0xFC, 0xAA, 0xBB };
    OcCpu cpu = { link, 0 };

    return oc_cpu_external_authenticate (&cpu, 2, key, error);
}

/* Each refusal with its own words, and none of them is tried again: the script ends there. */
static void
test_refusals (Fixture *f, gconstpointer unused)
{
    static const struct {
        const char *sw;
        OcCardErrorCode code;
        const char *word;
    } cases[] = {
        { "63C2", OC_CARD_ERROR_AUTH, "2 tries" },
        { "63C1", OC_CARD_ERROR_AUTH, "1 try" },
        { "63C0", OC_CARD_ERROR_AUTH, "0 tries" },
        { "6983", OC_CARD_ERROR_AUTH, "locked" },
        { "6982", OC_CARD_ERROR_AUTH, "fit" },
        { "6581", OC_CARD_ERROR_STATUS, "6581" },
        { "6F00", OC_CARD_ERROR_STATUS, "6F00" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        const char *script[] = { "0084000008", "0102030405060708 9000", "0082000208 19AA2BB8DB1AA24C", cases[i].sw, NULL };
        g_autoptr(GError) error = NULL;

        g_assert_false (play (f, authenticate_exchange, NULL, script, &error));
        g_assert_error (error, OC_CARD_ERROR, (int) cases[i].code);
        g_assert_nonnull (strstr (error->message, cases[i].word));
        g_assert_cmpuint (oc_card_error_get_sw (error), ==, g_ascii_strtoull (cases[i].sw, NULL, 16));
    }
}

static gboolean
agree (gpointer data, GError **error)
{
    return TRUE;
}

static gboolean
write_file_exchange (OcCardLink *link, gpointer data, GError **error)
{
    static const guint8 key[16] = { 0x56, 0xBE, 0x32, 0xF0, 0x1E, 0x73, 0x6D, 0x0D, 0x9D, 0xE2, 0x42, 0xC4, 0x40, 0xFC, 0xAA, 0xBB };
    static const guint8 now[8] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
    static const guint8 target[8] = { 0x00, 0x00, 0x27, 0x10, 0x00, 0x00, 0x00, 0x01 };
    OcCpu cpu = { link, 0 };

    return oc_cpu_write (&cpu, 2, key, now, target, 8, agree, NULL, error);
}

/* The MAC of the vector, byte by byte. */
static void
test_protected_write (Fixture *f, gconstpointer unused)
{
    static const char *const script[] = { "0084000004", "A1B2C3D4 9000", "04D682000C 0000271000000001 2ACBE271", "9000", NULL };
    g_autoptr(GError) error = NULL;

    g_assert_true (play (f, write_file_exchange, NULL, script, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (oc_card_service_n_written (f->service), ==, 8);
}

static gboolean
read_exchange (OcCardLink *link, gpointer data, GError **error)
{
    static const char *const directories[] = { "DF01", "DF14", NULL };
    const OcCardPlan plan = { directories, NULL, FALSE };
    g_autoptr(OcImage) image = oc_card_read (link, &plan, error);

    return image != NULL;
}

static void
test_foreign_cards (Fixture *f, gconstpointer unused)
{
    /* A card without our directories is one on which nothing is; a directory without our files is another maker's;
     * what is neither CPU nor memory card is nothing. */
    static const char *const bare[] = { "00A4000002 3F00", "6106", "00B0990108", "0102030405060708 9000", "00A4000002 DF01", "6A82",
        "00A4000002 DF14", "6A82", NULL };
    static const char *const other[] = { "00A4000002 3F00", "9000", "00B0990108", "0102030405060708 9000", "00A4000002 DF01", "9000",
        "00B081002D", "6A82", NULL };
    static const char *const unknown[] = { "00A4000002 3F00", "6E00", "FFA4000001 01", "6300", "FFA4000001 06", "6300",
        NULL };
    static const char *const no_serial[] = { "00A4000002 3F00", "9000", "00B0990108", "6A82", NULL };
    /* Some cards find a directory only from the master file. */
    static const char *const from_parent[] = { "00A4000002 3F00", "9000", "00B0990108", "0102030405060708 9000", "00A4000002 DF01",
        "9000", "00B081002D",
        "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000 9000", "00A4000002 DF14", "6A82",
        "00A4000002 3F00", "9000", "00A4000002 DF14", "6A82", NULL };
    g_autoptr(GError) error = NULL;

    g_assert_true (play (f, read_exchange, NULL, bare, &error));
    g_assert_true (play (f, read_exchange, NULL, from_parent, &error));
    g_assert_no_error (error);
    g_assert_false (play (f, read_exchange, NULL, other, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_UNREADABLE);
    g_clear_error (&error);
    g_assert_false (play (f, read_exchange, NULL, no_serial, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_UNREADABLE);
    g_clear_error (&error);
    g_assert_false (play (f, read_exchange, NULL, unknown, &error));
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_UNREADABLE);
}

/* An exchange is carried out however often the service stops right after. */
static void
test_stop (void)
{
    for (guint i = 0; i < 50; i++) {
        ScriptedReader reader;
        g_autoptr(OcCardService) service = NULL;
        g_autoptr(GError) error = NULL;
        guint n = 0;

        scripted_reader_init (&reader);
        scripted_reader_set (&reader, TRUE, TRUE, FALSE);
        service = oc_card_service_new (&reader.parent);
        g_assert_true (oc_card_service_exchange (service, nothing, &n, NULL, NULL, &error));
        oc_card_service_stop (service);
        g_assert_false (oc_card_service_exchange (service, nothing, &n, NULL, NULL, &error));
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        g_assert_cmpuint (n, ==, 1);
        scripted_reader_clear (&reader);
    }
}

/* A reader that never answers keeps neither who waits for it nor the end of the program. */
static void
test_stop_stuck (void)
{
    ScriptedReader *reader = g_new0 (ScriptedReader, 1); /* outlives its service */
    g_autoptr(OcCardService) service = NULL;
    g_autoptr(GThread) thread = NULL;
    Late late = { 0 };
    gint64 begin = g_get_monotonic_time ();

    scripted_reader_init (reader);
    scripted_reader_set (reader, TRUE, TRUE, FALSE);
    scripted_reader_set_blocked (reader, TRUE);
    service = oc_card_service_new (&reader->parent);
    late.service = service;
    thread = g_thread_new ("late", late_thread, &late);
    g_usleep (20000);
    g_test_expect_message ("onecard-card", G_LOG_LEVEL_WARNING, "*left behind*");
    oc_card_service_stop (service);
    g_test_assert_expected_messages ();
    g_thread_join (g_steal_pointer (&thread));
    g_assert_error (late.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error (&late.error);
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 8 * G_USEC_PER_SEC);
    g_clear_object (&service);
    scripted_reader_set_blocked (reader, FALSE);
    while (!g_atomic_int_get (&reader->freed))
        g_usleep (1000);
    g_assert_cmpuint (late.n, ==, 0);
    scripted_reader_clear (reader);
    g_free (reader);
}

/* A memory card is mute in a reader that has no commands for it, and what to do is another reader. */
static void
test_plain_reader (Fixture *f, gconstpointer unused)
{
    static const char *const words[] = { "scripted", "use another reader" };
    guint n = 0;

    scripted_reader_set (&f->reader, TRUE, TRUE, TRUE);
    wait_for (f, OC_PRESENCE_UNRESPONSIVE);
    for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
        g_autoptr(GError) error = NULL;

        f->reader.parent.commands = i == 0 ? NULL : OC_READER_PLAIN;
        g_assert_false (oc_card_service_exchange (f->service, nothing, &n, NULL, NULL, &error));
        g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_UNRESPONSIVE);
        g_assert_nonnull (strstr (error->message, words[i]));
    }
    g_assert_cmpuint (n, ==, 0);
}

static void
test_name_stem (void)
{
    static const struct {
        const char *name, *stem;
    } names[] = {
        { "ACS ACR39U ICC Reader 00 00", "ACS ACR39U ICC Reader" },
        { "HID Global OMNIKEY 3x21 Smart Card Reader [OMNIKEY 3x21 Smart Card Reader] 02 00",
            "HID Global OMNIKEY 3x21 Smart Card Reader [OMNIKEY 3x21 Smart Card Reader]" },
        { "OMNIKEY CardMan 3121 00 00", "OMNIKEY CardMan 3121" },
        { "ACS CCID USB Reader 0", "ACS CCID USB Reader" },
        { "Reader", "Reader" },
        { "00 00", "00" },
        { "", "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autofree char *stem = oc_reader_name_stem (names[i].name);

        g_assert_cmpstr (stem, ==, names[i].stem);
    }
}

static void
test_commands (void)
{
    OcReader reader = { 0 };

    g_assert_true (oc_reader_knows_memory (&reader, "ACS ACR39U 00 00"));
    g_assert_true (oc_reader_knows_memory (&reader, "HID Global OMNIKEY 3x21 Smart Card Reader 00 00"));
    g_assert_false (oc_reader_knows_memory (&reader, "Alcor AU9540 00 00"));
    g_assert_true (oc_reader_set_commands (&reader, "omnikey"));
    g_assert_true (oc_reader_knows_memory (&reader, "Alcor AU9540 00 00"));
    g_assert_true (oc_reader_set_commands (&reader, "plain"));
    g_assert_false (oc_reader_knows_memory (&reader, "ACS ACR39U 00 00"));
    g_assert_false (oc_reader_set_commands (&reader, "other"));
    g_assert_true (oc_reader_set_commands (&reader, NULL));
    g_assert_true (oc_reader_knows_memory (&reader, "ACS ACR39U 00 00"));
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_assert_true (g_main_context_acquire (NULL));
    g_test_add ("/service/presence", Fixture, NULL, set_up, test_presence, tear_down);
    g_test_add ("/service/generation", Fixture, NULL, set_up, test_generation, tear_down);
    g_test_add ("/service/follow-up", Fixture, NULL, set_up, test_follow_up, tear_down);
    g_test_add ("/service/refusals", Fixture, NULL, set_up, test_refusals, tear_down);
    g_test_add ("/service/protected-write", Fixture, NULL, set_up, test_protected_write, tear_down);
    g_test_add ("/service/foreign-cards", Fixture, NULL, set_up, test_foreign_cards, tear_down);
    g_test_add ("/service/plain-reader", Fixture, NULL, set_up, test_plain_reader, tear_down);
    g_test_add_func ("/service/name-stem", test_name_stem);
    g_test_add_func ("/service/commands", test_commands);
    g_test_add_func ("/service/stop", test_stop);
    g_test_add_func ("/service/stop-stuck", test_stop_stuck);
    g_test_add ("/service/stuck", Fixture, NULL, set_up, test_stuck, tear_down);
    return g_test_run ();
}

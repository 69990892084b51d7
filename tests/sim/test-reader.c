/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader over a slot, its faults, and the vpcd protocol. */
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seal/bytes.h"
#include "sim/kit.h"
#include "sim/vpcd.h"

#define SELECT_TYPE "FFA400000101"
#define WRITE "FFD00020080102030405060708"
#define READ "FFB0002008"

static gboolean
say (OcReader *reader, const char *hex, char **answer, GError **error)
{
    g_autoptr(GBytes) in = oc_unhex (hex);
    guint8 out[OC_APDU_MAX];
    gsize len;

    if (!reader->klass->transmit (reader, g_bytes_get_data (in, NULL), g_bytes_get_size (in), out, &len, error))
        return FALSE;
    if (answer != NULL) {
        g_free (*answer);
        *answer = oc_hex (out, len);
    }
    return TRUE;
}

static void
assert_open_fails (OcReader *reader, int code)
{
    OcReaderState state = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_false (reader->klass->open (reader, NULL, &state, &error));
    g_assert_error (error, OC_CARD_ERROR, code);
}

static void
open_reader (OcReader *reader)
{
    OcReaderState state = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_true (reader->klass->open (reader, NULL, &state, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (state.atr_len, ==, 2);
    g_free (state.name);
}

/* What the card holds at the place that the tests write to. */
static char *
on_disk (const char *path)
{
    g_autoptr(OcSimCard) card = oc_sim_card_peek (path, NULL);

    return oc_hex (oc_sim_memory_bytes (oc_sim_card_memory (card)) + 0x20, 8);
}

static void
test_states (Kit *kit, gconstpointer data)
{
    g_autofree char *path = kit_memory_card (kit, "card", "24c04");
    g_autoptr(OcSimSlot) slot = oc_sim_slot_new (OC_SIM_READER_ACS, NULL);
    OcReader *reader = oc_sim_slot_reader (slot);
    g_autoptr(GPtrArray) empty = NULL, gone = NULL, mute = NULL;
    g_autoptr(GError) error = NULL;
    OcReaderState *state;
    guint32 events;

    empty = reader->klass->list (reader, &error);
    g_assert_cmpuint (empty->len, ==, 1);
    state = g_ptr_array_index (empty, 0);
    g_assert_true (g_str_has_prefix (state->name, "ACS"));
    g_assert_false (state->present);
    events = state->events;
    assert_open_fails (reader, OC_CARD_ERROR_NO_CARD);

    g_assert_true (oc_sim_slot_insert (slot, path, TRUE, &error));
    mute = reader->klass->list (reader, &error);
    state = g_ptr_array_index (mute, 0);
    g_assert_true (state->present && state->unresponsive);
    g_assert_cmpuint (state->events, >, events);
    assert_open_fails (reader, OC_CARD_ERROR_UNRESPONSIVE);

    g_assert_true (oc_sim_slot_insert (slot, path, FALSE, &error)); /* turned over */
    open_reader (reader);
    assert_open_fails (reader, OC_CARD_ERROR_BUSY);
    g_assert_true (say (reader, SELECT_TYPE, NULL, &error));
    oc_sim_slot_remove (slot);
    g_assert_true (oc_sim_slot_insert (slot, path, FALSE, &error));
    g_assert_false (say (reader, READ, NULL, &error)); /* not the card that was opened */
    g_assert_error (error, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED);
    reader->klass->close (reader);

    oc_sim_slot_set_plugged (slot, FALSE);
    gone = reader->klass->list (reader, NULL);
    g_assert_cmpuint (gone->len, ==, 0);
    assert_open_fails (reader, OC_CARD_ERROR_NO_READER);
    oc_reader_free (reader);
}

static void
test_in_use_elsewhere (Kit *kit, gconstpointer data)
{
    g_autofree char *path = kit_memory_card (kit, "card", "24c04"), *there = NULL;
    g_autoptr(OcSimSlot) one = oc_sim_slot_new (OC_SIM_READER_ACS, NULL);
    g_autoptr(OcSimSlot) other = oc_sim_slot_new (OC_SIM_READER_OMNIKEY, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true (oc_sim_slot_insert (one, path, FALSE, &error));
    g_assert_false (oc_sim_slot_insert (other, path, FALSE, &error));
    g_assert_error (error, OC_SIM_ERROR, OC_SIM_ERROR_LOCKED);
    oc_sim_slot_remove (one);
    g_clear_error (&error);
    g_assert_true (oc_sim_slot_insert (other, path, FALSE, &error));
    there = oc_sim_slot_dup_path (other);
    g_assert_cmpstr (there, ==, path);
}

typedef struct {
    OcSimSlot *slot;
    OcReader *reader;
    const char *path;
} Later;

static gpointer
insert_later (gpointer data)
{
    Later *later = data;

    g_usleep (30000);
    if (later->path != NULL)
        g_assert_true (oc_sim_slot_insert (later->slot, later->path, FALSE, NULL));
    else
        later->reader->klass->cancel (later->reader);
    return NULL;
}

static void
test_wait (Kit *kit, gconstpointer data)
{
    g_autofree char *path = kit_memory_card (kit, "card", "24c04");
    g_autoptr(OcSimSlot) slot = oc_sim_slot_new (OC_SIM_READER_ACS, NULL);
    OcReader *reader = oc_sim_slot_reader (slot);
    Later insert = { slot, reader, path }, cancel = { slot, reader, NULL };
    g_autoptr(GPtrArray) before = reader->klass->list (reader, NULL);
    g_autoptr(GPtrArray) after = NULL;
    GThread *thread;
    gint64 start = g_get_monotonic_time ();

    g_assert_true (reader->klass->wait (reader, 20, NULL)); /* nothing happens */
    g_assert_cmpint (g_get_monotonic_time () - start, >=, 20000);
    thread = g_thread_new ("insert", insert_later, &insert);
    g_assert_true (reader->klass->wait (reader, -1, NULL));
    g_thread_join (thread);
    after = reader->klass->list (reader, NULL);
    g_assert_true (((OcReaderState *) g_ptr_array_index (after, 0))->present);
    thread = g_thread_new ("cancel", insert_later, &cancel);
    g_assert_true (reader->klass->wait (reader, -1, NULL));
    g_thread_join (thread);
    oc_sim_slot_remove (slot);
    g_assert_true (reader->klass->wait (reader, -1, NULL)); /* it happened before: no waiting */
    oc_reader_free (reader);
}

/* Each fault at the second APDU, a write: whether it fails, and what the card holds then. */
static const struct {
    const char *fault;
    int code; /* -1: no error */
    const char *answer, *held;
    gboolean plugged;
} cases[] = {
    { "pull@2", OC_CARD_ERROR_REMOVED, NULL, "FFFFFFFFFFFFFFFF", TRUE },
    { "lost@2", OC_CARD_ERROR_REMOVED, NULL, "0102030405060708", TRUE },
    { "torn@2", OC_CARD_ERROR_REMOVED, NULL, "01020304FFFFFFFF", TRUE },
    { "torn@2:1", OC_CARD_ERROR_REMOVED, NULL, "01FFFFFFFFFFFFFF", TRUE },
    { "gone@2", OC_CARD_ERROR_REMOVED, NULL, "FFFFFFFFFFFFFFFF", FALSE },
    { "sw@2=6581", -1, "6581", "FFFFFFFFFFFFFFFF", TRUE },
    { "slow@1", -1, "9000", "0102030405060708", TRUE },
};

static void
test_faults (Kit *kit, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *name = g_strdup_printf ("card%u", i);
        g_autofree char *path = kit_memory_card (kit, name, "24c04");
        g_autofree char *answer = NULL, *held = NULL, *in = NULL;
        g_autoptr(OcSimSlot) slot = oc_sim_slot_new (OC_SIM_READER_ACS, NULL);
        OcReader *reader = oc_sim_slot_reader (slot);
        g_autoptr(GError) error = NULL;

        g_assert_true (oc_sim_slot_insert (slot, path, FALSE, &error));
        g_assert_true (oc_sim_slot_set_faults (slot, cases[i].fault, &error));
        open_reader (reader);
        g_assert_true (say (reader, SELECT_TYPE, NULL, &error));
        say (reader, WRITE, &answer, &error);
        if (cases[i].code < 0)
            g_assert_no_error (error);
        else
            g_assert_error (error, OC_CARD_ERROR, cases[i].code);
        g_assert_cmpstr (answer, ==, cases[i].answer);
        g_assert_cmpuint (oc_sim_slot_n_apdus (slot), ==, 2);
        held = on_disk (path);
        g_assert_cmpstr (held, ==, cases[i].held);
        in = oc_sim_slot_dup_path (slot);
        g_assert_cmpint (in == NULL, ==, cases[i].code >= 0); /* the card is out */
        g_assert_cmpint (oc_sim_slot_is_plugged (slot), ==, cases[i].plugged);
        oc_reader_free (reader);
    }
}

/* A process that is killed leaves what the card would hold, and no lock. */
static void
test_killed (Kit *kit, gconstpointer data)
{
    static const struct {
        const char *fault, *held;
    } kills[] = { { "kill@2", "FFFFFFFFFFFFFFFF" }, { "killed@2", "0102030405060708" } };

    for (guint i = 0; i < G_N_ELEMENTS (kills); i++) {
        g_autofree char *path = kit_memory_card (kit, kills[i].fault, "24c04"), *held = NULL;
        g_autoptr(OcSimCard) card = NULL;
        g_autoptr(GError) error = NULL;
        int status;
        pid_t pid = fork ();

        if (pid == 0) {
            OcReader *reader = oc_sim_reader_new (path, OC_SIM_READER_ACS, kills[i].fault, NULL);

            open_reader (reader);
            say (reader, SELECT_TYPE, NULL, NULL);
            say (reader, WRITE, NULL, NULL);
            _exit (0);
        }
        g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
        g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
        held = on_disk (path);
        g_assert_cmpstr (held, ==, kills[i].held);
        card = oc_sim_card_open (path, &error);
        g_assert_no_error (error);
    }
}

/* vpcd ------------------------------------------------------------------------------------------------------------ */

typedef struct {
    GSocket *ours, *theirs; /* ours: pcscd's side */
    OcSimSlot *slot;
    GThread *thread;
    gboolean ok;
} Link;

static gpointer
serve (gpointer data)
{
    Link *link = data;

    link->ok = oc_sim_vpcd_serve (link->theirs, link->slot, NULL, NULL);
    g_socket_close (link->theirs, NULL);
    return NULL;
}

static void
link_up (Link *link, OcSimSlot *slot)
{
    int fds[2];

    g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
    link->ours = g_socket_new_from_fd (fds[0], NULL);
    link->theirs = g_socket_new_from_fd (fds[1], NULL);
    g_socket_set_timeout (link->ours, 5);
    link->slot = slot;
    link->thread = g_thread_new ("vpcd", serve, link);
}

static gboolean
link_down (Link *link)
{
    g_socket_close (link->ours, NULL);
    g_thread_join (link->thread);
    g_object_unref (link->ours);
    g_object_unref (link->theirs);
    return link->ok;
}

/* As vpcd does: length and payload in two writes. */
static void
put (Link *link, const char *hex)
{
    g_autoptr(GBytes) bytes = oc_unhex (hex);
    gsize len = g_bytes_get_size (bytes);
    guint8 head[2] = { (guint8) (len >> 8), len & 0xff };

    g_assert_cmpint (g_socket_send (link->ours, (char *) head, 2, NULL, NULL), ==, 2);
    g_assert_cmpint (g_socket_send (link->ours, g_bytes_get_data (bytes, NULL), len, NULL, NULL), ==, (gssize) len);
}

/* The next frame in hex; NULL when the other side closed. */
static char *
get (Link *link)
{
    guint8 buffer[2 + OC_APDU_MAX];
    gsize have = 0, want = 2;

    while (have < want) {
        gssize n = g_socket_receive (link->ours, (char *) buffer + have, want - have, NULL, NULL);

        if (n <= 0)
            return NULL;
        have += (gsize) n;
        if (have == 2)
            want = 2u + ((guint) buffer[0] << 8 | buffer[1]);
    }
    return oc_hex (buffer + 2, want - 2);
}

static void
expect (Link *link, const char *command, const char *answer)
{
    g_autofree char *got = NULL;

    put (link, command);
    got = get (link);
    g_assert_cmpstr (got, ==, answer);
}

static void
test_vpcd (Kit *kit, gconstpointer data)
{
    g_autofree char *path = kit_cpu_card (kit, "card", 0x88);
    g_autoptr(OcSimSlot) slot = oc_sim_slot_new (OC_SIM_READER_ACS, NULL);
    Link link;

    g_assert_true (oc_sim_slot_insert (slot, path, FALSE, NULL));
    link_up (&link, slot);
    put (&link, "01");
    expect (&link, "04", "3B084F4353494D435055");
    expect (&link, "00B0990108", "11223344556677889000");
    expect (&link, "00A4000002DF01", "6106");
    expect (&link, "04", "3B084F4353494D435055"); /* asking for the ATR forgets nothing */
    expect (&link, "00B0820008", "00000000000000009000");
    put (&link, "02");
    expect (&link, "00B0990108", "11223344556677889000"); /* a reset does: MF again */
    put (&link, "00");
    g_assert_true (link_down (&link));
    g_assert_cmpuint (oc_sim_slot_n_apdus (slot), ==, 4);
}

static void
test_vpcd_pulled (Kit *kit, gconstpointer data)
{
    g_autofree char *path = kit_cpu_card (kit, "card", 0x88), *got = NULL;
    g_autoptr(OcSimSlot) slot = oc_sim_slot_new (OC_SIM_READER_ACS, NULL);
    Link link;

    g_assert_true (oc_sim_slot_insert (slot, path, FALSE, NULL));
    g_assert_true (oc_sim_slot_set_faults (slot, "pull@2", NULL));
    link_up (&link, slot);
    expect (&link, "00A4000002DF01", "6106");
    put (&link, "00B0820008");
    got = get (&link);
    g_assert_null (got);
    g_assert_true (link_down (&link));
}

static void
test_vpcd_mute_and_broken (Kit *kit, gconstpointer data)
{
    g_autofree char *path = kit_cpu_card (kit, "card", 0x88);
    g_autoptr(OcSimSlot) slot = oc_sim_slot_new (OC_SIM_READER_ACS, NULL);
    Link link;

    g_assert_true (oc_sim_slot_insert (slot, path, TRUE, NULL));
    link_up (&link, slot);
    expect (&link, "04", "00"); /* no ATR at all */
    g_assert_cmpint (g_socket_send (link.ours, "\0\5\0", 3, NULL, NULL), ==, 3); /* half a frame */
    g_assert_false (link_down (&link));
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sim/reader/" name, Kit, NULL, kit_set_up, func, kit_tear_down)
    ADD ("killed", test_killed);
    ADD ("states", test_states);
    ADD ("in-use-elsewhere", test_in_use_elsewhere);
    ADD ("wait", test_wait);
    ADD ("faults", test_faults);
    ADD ("vpcd", test_vpcd);
    ADD ("vpcd-pulled", test_vpcd_pulled);
    ADD ("vpcd-mute-and-broken", test_vpcd_mute_and_broken);
    return g_test_run ();
}

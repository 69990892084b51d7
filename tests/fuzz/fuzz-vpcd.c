/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer: any bytes from the other side of the vpcd protocol, to a CPU card, a 24C and an SLE4442 in turn. Nothing is overrun and the
 * serving ends when the other side does. */
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/vpcd.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);
int LLVMFuzzerInitialize (int *argc, char ***argv);

#define N_CARDS 3

static OcSimSlot *slots[N_CARDS];
static char *folder;

static void
remove_cards (void)
{
    g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        g_unlink (path);
    }
    g_rmdir (folder);
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
    static const char *const families[N_CARDS] = { "cpu", "24c04", "4442" };
    g_auto(OcSimKeys) keys = { 0 };

    folder = g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? g_strdup ("/dev/shm/onecard-fuzz-XXXXXX") : g_dir_make_tmp (NULL, NULL);
    if (g_str_has_prefix (folder, "/dev/shm"))
        g_assert (g_mkdtemp (folder) != NULL);
    atexit (remove_cards);
    oc_sim_keys_init (&keys);
    keys.cpu = TRUE;
    for (guint i = 0; i < N_CARDS; i++) {
        g_autofree char *path = g_build_filename (folder, families[i], NULL);
        g_autoptr(GError) error = NULL;

        slots[i] = oc_sim_slot_new (i == 1 ? OC_SIM_READER_OMNIKEY : OC_SIM_READER_ACS, NULL);
        if (!oc_sim_card_make (path, families[i], &keys, NULL, &error) || !oc_sim_slot_insert (slots[i], path, FALSE, &error))
            g_error ("%s", error->message);
    }
    return 0;
}

/* What is answered is read away, or the server would wait for room. */
static gpointer
drain (gpointer data)
{
    int fd = GPOINTER_TO_INT (data);
    guint8 away[4096];

    while (read (fd, away, sizeof away) > 0)
        ;
    return NULL;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
    int fds[2];
    g_autoptr(GSocket) socket = NULL;
    g_autoptr(GError) error = NULL;
    GThread *reader;

    if (size < 2 || size > 4096 || socketpair (AF_UNIX, SOCK_STREAM, 0, fds) != 0)
        return 0;
    socket = g_socket_new_from_fd (fds[0], &error);
    g_assert_no_error (error);
    if (write (fds[1], data + 1, size - 1) != (gssize) size - 1)
        g_error ("the socket is full");
    shutdown (fds[1], SHUT_WR);
    reader = g_thread_new ("drain", drain, GINT_TO_POINTER (fds[1]));
    if (!oc_sim_vpcd_serve (socket, slots[data[0] % N_CARDS], NULL, &error))
        g_assert (error != NULL);
    g_socket_close (socket, NULL);
    g_thread_join (reader);
    close (fds[1]);
    return 0;
}

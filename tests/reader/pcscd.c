/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pcscd.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PORT 35963
#define SOCKET "/run/pcscd/pcscd.comm"
#define START_US (20 * G_USEC_PER_SEC)

struct _Pcscd {
    char *folder;
    GSubprocess *process;
};

static void
die_with_the_test (gpointer unused)
{
    prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
spawn (const char *const *argv, const char *log)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (
        log == NULL ? G_SUBPROCESS_FLAGS_STDOUT_SILENCE : G_SUBPROCESS_FLAGS_NONE);
    g_autoptr(GError) error = NULL;
    GSubprocess *process;

    g_subprocess_launcher_set_child_setup (launcher, die_with_the_test, NULL, NULL);
    if (log != NULL) {
        g_subprocess_launcher_set_stdout_file_path (launcher, log);
        g_subprocess_launcher_set_stderr_file_path (launcher, log);
    }
    process = g_subprocess_launcher_spawnv (launcher, argv, &error);
    if (process == NULL)
        g_error ("%s: %s", argv[0], error->message);
    return process;
}

static void
kill_process (GSubprocess *process)
{
    g_subprocess_force_exit (process);
    g_subprocess_wait (process, NULL, NULL);
}

static void
launch (Pcscd *self)
{
    g_autofree char *config = g_build_filename (self->folder, "conf", NULL);
    g_autofree char *log = g_build_filename (self->folder, "log", NULL);
    g_autofree char *found = g_find_program_in_path ("pcscd");
    const char *argv[] = { found != NULL ? found : "/usr/sbin/pcscd", "-f", "-i", "-c", config, NULL };
    gint64 end = g_get_monotonic_time () + START_US;

    /* what a killed pcscd leaves keeps the next one from starting */
    g_unlink ("/run/pcscd/pcscd.pid");
    g_unlink (SOCKET);
    self->process = spawn (argv, log);
    while (!g_file_test (SOCKET, G_FILE_TEST_EXISTS)) {
        if (g_get_monotonic_time () > end)
            g_error ("pcscd does not start; see %s", log);
        g_usleep (20000);
    }
}

Pcscd *
pcscd_start (const char *reader_name)
{
    Pcscd *self = g_new0 (Pcscd, 1);
    g_autoptr(GError) error = NULL;
    g_autofree char *config = NULL;
    g_autofree char *file = NULL;
    g_autofree char *text = NULL;

    self->folder = g_dir_make_tmp ("onecard-pcscd-XXXXXX", &error);
    g_assert_no_error (error);
    config = g_build_filename (self->folder, "conf", NULL);
    file = g_build_filename (config, "reader", NULL);
    text = g_strdup_printf ("FRIENDLYNAME \"%s\"\nDEVICENAME /dev/null:0x%X\n"
                            "LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID 0x%X\n",
        reader_name, PORT, PORT);
    g_assert_cmpint (g_mkdir (config, 0755), ==, 0);
    g_file_set_contents (file, text, -1, &error);
    g_assert_no_error (error);
    launch (self);
    return self;
}

void
pcscd_kill (Pcscd *self)
{
    kill_process (self->process);
    g_clear_object (&self->process);
}

void
pcscd_restart (Pcscd *self)
{
    launch (self);
}

void
pcscd_free (Pcscd *self)
{
    static const char *const files[] = { "conf/reader", "conf", "log", "" };

    if (self->process != NULL)
        pcscd_kill (self);
    for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
        g_autofree char *path = g_build_filename (self->folder, files[i], NULL);

        g_remove (path);
    }
    g_free (self->folder);
    g_free (self);
}

GSubprocess *
pcscd_insert (Pcscd *self, guint slot, const char *card, const char *option)
{
    g_autofree char *port = g_strdup_printf ("%u", PORT + slot);
    const char *argv[] = { g_getenv ("ONECARD_SIM"), "serve", card, "--port", port, option, NULL };

    g_assert_nonnull (argv[0]);
    return spawn (argv, NULL);
}

void
pcscd_remove (GSubprocess *served)
{
    kill_process (served);
    g_object_unref (served);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alone COMMAND…: runs it in mount and network namespaces of its own, with an empty /run and nothing but a loopback: there a
 * pcscd, whose socket has a fixed place, and vpcd, whose port is fixed, meet nobody else's. */
#define _GNU_SOURCE /* unshare */

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void
give_up (const char *what)
{
    int reason = errno;

    g_printerr ("%s: %s\n", what, g_strerror (reason));
    _exit (1);
}

static void
write_file (const char *path, const char *text)
{
    int fd = open (path, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write (fd, text, strlen (text)) < 0)
        give_up (path);
    close (fd);
}

/* A user without rights has them over namespaces of his own, and stays himself in them. */
static void
unshare_all (void)
{
    g_autofree char *users = g_strdup_printf ("%u %u 1", geteuid (), geteuid ());
    g_autofree char *groups = g_strdup_printf ("%u %u 1", getegid (), getegid ());

    if (unshare (CLONE_NEWNS | CLONE_NEWNET) == 0)
        return;
    if (unshare (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) != 0)
        give_up ("no namespaces for a pcscd of its own");
    write_file ("/proc/self/setgroups", "deny");
    write_file ("/proc/self/uid_map", users);
    write_file ("/proc/self/gid_map", groups);
}

/* What is mounted here stays here. In a chroot "/" is no mount point, so that this can't be said of it: all of it is mounted once
 * more, below a mount point that there is and that nobody else sees any more, and is entered there. */
static void
keep_mounts (void)
{
    g_autofree char *here = g_get_current_dir ();

    if (mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
        return;
    if (errno != EINVAL)
        give_up ("private mounts");
    if (mount (NULL, "/proc", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount ("/", "/proc/fs", NULL, MS_BIND | MS_REC, NULL) != 0
        || chroot ("/proc/fs") != 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || chdir (here) != 0)
        give_up ("private mounts in a chroot (is /proc mounted?)");
}

static void
loopback_up (void)
{
    struct ifreq loopback = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
    int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || ioctl (fd, SIOCSIFFLAGS, &loopback) != 0)
        give_up ("no loopback of its own");
    close (fd);
}

int
main (int argc, char **argv)
{
    if (argc < 2) {
        g_printerr ("usage: %s COMMAND…\n", argv[0]);
        return 2;
    }
    unshare_all ();
    keep_mounts ();
    if (mount ("onecard", "/run", "tmpfs", 0, NULL) != 0 || mkdir ("/run/pcscd", 0755) != 0)
        give_up ("no /run of its own");
    loopback_up ();
    execvp (argv[1], argv + 1);
    give_up (argv[1]);
}

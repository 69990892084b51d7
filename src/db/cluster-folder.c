/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of a private cluster: what is in it, whose it is, and where its socket lies.
 *
 *   data_dir/                      ours; for root 0711, so that user postgres can pass
 *     server.lock                  held while somebody creates, starts or stops
 *     superuser.password owner.password   0600
 *     server/                      the server's user's, 0700
 *       data/ log socket/
 *
 * A socket's path has 107 bytes at the most; where data_dir is too deep for that, the socket lies in a 0700 folder
 * under $XDG_RUNTIME_DIR or /tmp, named after a hash of data_dir, whose owner and mode are checked. */
#include "db/private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOCKET_PATH_MAX 107
#define SOCKET_NAME "/.s.PGSQL.5432"
#define LOCK_WAIT_S 60
#define SECRET_BYTES 24

static void
set_cluster_failure (GError **error, const char *path, const char *remedy)
{
    int saved = errno;

    oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL, "%s: %s. %s", path, g_strerror (saved), remedy);
}

/* The user the server runs as; FALSE with an error when root has no user postgres to give it to. */
static gboolean
server_ids (const OcClusterFolder *self, uid_t *uid, gid_t *gid, GError **error)
{
    struct passwd *entry;

    if (!self->as_other) {
        *uid = getuid ();
        *gid = getgid ();
        return TRUE;
    }
    if ((entry = getpwnam ("postgres")) == NULL) {
        oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL,
            _("There is no user postgres on this machine. Install package postgresql."));
        return FALSE;
    }
    *uid = entry->pw_uid;
    *gid = entry->pw_gid;

    return TRUE;
}

static char *
choose_socket_dir (const OcClusterFolder *self)
{
    g_autofree char *near = g_build_filename (self->server_dir, "socket", NULL);
    g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->data_dir, -1);
    g_autofree char *name = g_strdup_printf ("onecard-%.16s", hash);
    const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
    g_autofree char *far = NULL;

    if (strlen (near) + strlen (SOCKET_NAME) <= SOCKET_PATH_MAX)
        return g_steal_pointer (&near);
    if (!self->as_other && runtime && *runtime == '/') {
        far = g_build_filename (runtime, name, NULL);
        if (strlen (far) + strlen (SOCKET_NAME) <= SOCKET_PATH_MAX)
            return g_steal_pointer (&far);
    }

    return g_build_filename ("/tmp", name, NULL);
}

gboolean
oc_cluster_folder_init (OcClusterFolder *self, const char *data_dir, GError **error)
{
    *self = (OcClusterFolder){ 0 };
    self->as_other = geteuid () == 0;
    self->data_dir = g_canonicalize_filename (data_dir, NULL);
    self->server_dir = g_build_filename (self->data_dir, "server", NULL);
    self->pgdata = g_build_filename (self->server_dir, "data", NULL);
    self->log = g_build_filename (self->server_dir, "log", NULL);
    self->socket_dir = choose_socket_dir (self);

    return TRUE;
}

void
oc_cluster_folder_clear (OcClusterFolder *self)
{
    g_clear_pointer (&self->data_dir, g_free);
    g_clear_pointer (&self->server_dir, g_free);
    g_clear_pointer (&self->pgdata, g_free);
    g_clear_pointer (&self->log, g_free);
    g_clear_pointer (&self->socket_dir, g_free);
}

gboolean
oc_cluster_folder_give (OcClusterFolder *self, const char *path, GError **error)
{
    uid_t uid;
    gid_t gid;

    if (!server_ids (self, &uid, &gid, error))
        return FALSE;
    if (self->as_other && lchown (path, uid, gid) != 0) {
        set_cluster_failure (error, path, _("Choose another data folder."));
        return FALSE;
    }

    return TRUE;
}

/* Makes @path a 0700 folder of the server's user. One that is there must be exactly that: in /tmp somebody else
 * may have put it there to be our server. */
static gboolean
prepare_private_dir (OcClusterFolder *self, const char *path, GError **error)
{
    struct stat info;
    uid_t uid;
    gid_t gid;

    if (!server_ids (self, &uid, &gid, error))
        return FALSE;
    if (mkdir (path, 0700) == 0 && !oc_cluster_folder_give (self, path, error))
        return FALSE;
    if (lstat (path, &info) != 0) {
        set_cluster_failure (error, path, _("Choose another data folder."));
        return FALSE;
    }
    if (S_ISDIR (info.st_mode) && info.st_uid == getuid () && uid != getuid ()) {
        /* Made by us and not given away yet: we were killed in between. */
        if (!oc_cluster_folder_give (self, path, error))
            return FALSE;
        info.st_uid = uid;
    }
    if (!S_ISDIR (info.st_mode) || info.st_uid != uid || (info.st_mode & 077) != 0) {
        oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL,
            _("The folder %s belongs to somebody else or is open to others. Remove it, then try again."), path);
        return FALSE;
    }

    return TRUE;
}

/* Whether user postgres can get into the data folder: every folder above must let others pass. */
static gboolean
check_passable (OcClusterFolder *self, GError **error)
{
    g_autofree char *path = g_strdup (self->data_dir);

    while (self->as_other && strcmp (path, "/") != 0) {
        struct stat info;
        char *parent;

        if (stat (path, &info) == 0 && (info.st_mode & S_IXOTH) == 0) {
            oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL,
                _("User postgres can't enter the folder %s, as the server must. Choose another data folder."), path);
            return FALSE;
        }
        parent = g_path_get_dirname (path);
        g_free (path);
        path = parent;
    }

    return TRUE;
}

gboolean
oc_cluster_folder_prepare_socket (OcClusterFolder *self, GError **error)
{
    return prepare_private_dir (self, self->socket_dir, error);
}

gboolean
oc_cluster_folder_prepare (OcClusterFolder *self, GError **error)
{
    gboolean is_new = !g_file_test (self->data_dir, G_FILE_TEST_IS_DIR);

    if (g_mkdir_with_parents (self->data_dir, self->as_other ? 0755 : 0700) != 0
        || (is_new && self->as_other && chmod (self->data_dir, 0711) != 0)) {
        set_cluster_failure (error, self->data_dir, _("Choose another data folder."));
        return FALSE;
    }

    return check_passable (self, error) && prepare_private_dir (self, self->server_dir, error)
        && oc_cluster_folder_prepare_socket (self, error);
}

int
oc_cluster_folder_lock (OcClusterFolder *self, GError **error)
{
    g_autofree char *path = g_build_filename (self->data_dir, "server.lock", NULL);
    gint64 deadline = g_get_monotonic_time () + LOCK_WAIT_S * G_TIME_SPAN_SECOND;
    int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0) {
        set_cluster_failure (error, path, _("Choose another data folder."));
        return -1;
    }
    while (flock (fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR && g_get_monotonic_time () > deadline) {
            oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL,
                _("Another program has been starting the database of %s for a minute. Close it, then try again."),
                self->data_dir);
            close (fd);
            return -1;
        }
        g_usleep (50 * 1000);
    }

    return fd;
}

/* Random bytes of the system as hex. Caller frees. */
static char *
make_secret (GError **error)
{
    guint8 bytes[SECRET_BYTES];
    int fd = open ("/dev/urandom", O_RDONLY | O_CLOEXEC);
    gboolean full = fd >= 0 && read (fd, bytes, sizeof bytes) == (ssize_t) sizeof bytes;
    GString *hex;

    if (!full)
        set_cluster_failure (error, "/dev/urandom", _("Call support."));
    if (fd >= 0)
        close (fd);
    if (!full)
        return NULL;
    hex = g_string_new (NULL);
    for (gsize i = 0; i < sizeof bytes; i++)
        g_string_append_printf (hex, "%02x", bytes[i]);

    return g_string_free (hex, FALSE);
}

char *
oc_cluster_folder_secret (OcClusterFolder *self, const char *name, gboolean make, GError **error)
{
    g_autofree char *path = g_build_filename (self->data_dir, name, NULL);
    g_autofree char *secret = NULL;
    g_autoptr(GError) failure = NULL;

    if (g_file_get_contents (path, &secret, NULL, &failure) && *g_strchomp (secret))
        return g_steal_pointer (&secret);
    if (!make) {
        oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL,
            _("The password file %s can't be read (%s). Run this as the user who made the data folder."), path,
            failure ? failure->message : _("it is empty"));
        return NULL;
    }
    g_free (secret);
    if (!(secret = make_secret (error)))
        return NULL;
    g_clear_error (&failure);
    if (!g_file_set_contents_full (path, secret, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
            &failure)) {
        oc_db_set_failure (error, OC_DB_ERROR_CLUSTER, NULL, "%s. %s", failure->message, _("Choose another data folder."));
        return NULL;
    }

    return g_steal_pointer (&secret);
}

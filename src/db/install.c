/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables move forward by numbered files, each remembered with its hash; schemas api, admin and rules hold no data
 * and are dropped and run again whole. All of it is one transaction: a database is of one version or the other. */
#include "db/install.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "db/private.h"
#include "db/transaction.h"

#define RESOURCES "/onecard/"
#define LOCK_ATTEMPTS 6
#define LOCK_SQL "select pg_advisory_xact_lock(hashtext('onecard upgrade'))"

/* A file of sql/, or data of the program that the database keeps a copy of. */
typedef struct {
    char *path; /* "tables/001-start.sql" */
    int number; /* 1… for tables, 0 for what is made afresh */
    char *text;
    char *sha256;
    const char *loader; /* data: the statement that takes their text */
} Script;

/* What the database says of itself. */
typedef struct {
    int newest;       /* table file */
    GHashTable *hashes; /* number -> sha256 */
    char *program;    /* version that last made api; NULL when none did */
} State;

static void
script_free (Script *self)
{
    g_free (self->path);
    g_free (self->text);
    g_free (self->sha256);
    g_free (self);
}

static void
state_clear (State *self)
{
    g_clear_pointer (&self->hashes, g_hash_table_unref);
    g_clear_pointer (&self->program, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (State, state_clear)

/* A text that is part of the program; its absence is a fault of the build. Caller frees. */
static char *
resource_text (const char *path)
{
    g_autofree char *full = g_strconcat (RESOURCES, path, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_resources_lookup_data (full, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

    if (bytes == NULL)
        g_error ("%s", error->message);

    return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static Script *
script_new (const char *folder, const char *path)
{
    Script *self = g_new0 (Script, 1);
    g_autofree char *full = g_strconcat (folder, path, NULL);

    self->path = g_strdup (path);
    if (g_str_has_prefix (path, "tables/"))
        self->number = (int) g_ascii_strtoll (path + strlen ("tables/"), NULL, 10);
    self->text = resource_text (full);
    self->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->text, -1);

    return self;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The table files in order when @tables, else everything that is made afresh, in order. */
static GPtrArray *
list_scripts (gboolean tables)
{
    GPtrArray *scripts = g_ptr_array_new_with_free_func ((GDestroyNotify) script_free);
    g_autofree char *order = resource_text ("sql/ORDER");
    g_auto(GStrv) lines = g_strsplit (order, "\n", -1);

    if (!tables)
        g_ptr_array_add (scripts, script_new ("sql/", "server/afresh.sql"));
    for (gsize i = 0; lines[i]; i++) {
        const char *line = g_strstrip (lines[i]);

        if (*line && *line != '#' && g_str_has_prefix (line, "tables/") == tables)
            g_ptr_array_add (scripts, script_new ("sql/", line));
    }
    if (!tables)
        g_ptr_array_add (scripts, script_new ("sql/", "server/granted.sql"));

    return scripts;
}

static void
add_data (GPtrArray *data, const char *folder, const char *name, const char *loader)
{
    Script *script = script_new (folder, name);

    script->loader = loader;
    g_ptr_array_add (data, script);
}

/* Pinyin initials and card layouts. */
static GPtrArray *
list_data (void)
{
    GPtrArray *data = g_ptr_array_new_with_free_func ((GDestroyNotify) script_free);
    g_auto(GStrv) names = g_resources_enumerate_children (RESOURCES "cards", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    add_data (data, "", "pinyin-initials.txt", "select rules.load_initials($1)");
    if (names == NULL)
        return data;
    qsort (names, g_strv_length (names), sizeof *names, by_name);
    for (gsize i = 0; names[i]; i++)
        add_data (data, "cards/", names[i], "select rules.load_layout($1::jsonb)");

    return data;
}

/* One hash over everything that is made afresh. Caller frees. */
static char *
hash_of (GPtrArray *scripts, GPtrArray *data)
{
    g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
    GPtrArray *lists[] = { scripts, data };

    for (gsize list = 0; list < G_N_ELEMENTS (lists); list++)
        for (guint i = 0; i < lists[list]->len; i++) {
            const Script *script = lists[list]->pdata[i];

            g_checksum_update (sum, (const guchar *) script->path, -1);
            g_checksum_update (sum, (const guchar *) script->sha256, -1);
        }

    return g_strdup (g_checksum_get_string (sum));
}

static gboolean
run (OcDb *db, const char *name, const char *sql, const char *const *values, int n, OcRows **rows, GError **error)
{
    static const Oid texts[] = { 25, 25, 25, 25 };

    return oc_db_execute (db, &(OcStatement){ name, sql, texts, values, n }, rows, error);
}

static gboolean
load_state (OcDb *db, State *state, GError **error)
{
    g_autoptr(OcRows) rows = NULL;

    *state = (State){ 0, g_hash_table_new_full (NULL, NULL, NULL, g_free), NULL };
    if (!run (db, "schema version", "select number, sha256, program from onecard.schema_version order by number", NULL, 0,
            &rows, error)) {
        if (error && g_strcmp0 (oc_db_error_get_sqlstate (*error), "42P01") == 0) {
            g_clear_error (error);
            oc_db_set_failure (error, OC_DB_ERROR_OLDER, "42P01",
                _("This database was not prepared for OneCard. Let its administrator run “onecardctl db create”."));
        }
        return FALSE;
    }
    for (guint i = 0; i < oc_rows_count (rows); i++) {
        int number = (int) oc_rows_int (rows, i, "number");

        g_hash_table_insert (state->hashes, GINT_TO_POINTER (number), g_strdup (oc_rows_text (rows, i, "sha256")));
        state->newest = MAX (state->newest, number);
        if (number == 0)
            state->program = g_strdup (oc_rows_text (rows, i, "program"));
    }

    return TRUE;
}

/* Compares "0.10.1" and the like number by number. */
static int
compare_versions (const char *a, const char *b)
{
    while (*a || *b) {
        char *end_a, *end_b;
        gint64 number_a = g_ascii_strtoll (a, &end_a, 10);
        gint64 number_b = g_ascii_strtoll (b, &end_b, 10);

        if (number_a != number_b)
            return number_a < number_b ? -1 : 1;
        a = *end_a ? end_a + 1 : end_a;
        b = *end_b ? end_b + 1 : end_b;
    }

    return 0;
}

/* Whether this program may touch the database at all. */
static gboolean
check_state (const State *state, GPtrArray *tables, GError **error)
{
    const Script *last = tables->len > 0 ? tables->pdata[tables->len - 1] : NULL;

    if (state->newest > (last ? last->number : 0)
        || (state->program && compare_versions (state->program, ONECARD_VERSION) > 0)) {
        oc_db_set_failure (error, OC_DB_ERROR_NEWER, NULL,
            _("The database is newer than this program. Install the program's new version."));
        return FALSE;
    }
    for (guint i = 0; i < tables->len; i++) {
        const Script *script = tables->pdata[i];
        const char *hash = g_hash_table_lookup (state->hashes, GINT_TO_POINTER (script->number));

        if (hash && strcmp (hash, script->sha256) != 0) {
            oc_db_set_failure (error, OC_DB_ERROR_INTERNAL, NULL,
                _("The database's tables were made from another text of %s than this program has. "
                  "Install the program that belongs to this database, or call support."), script->path);
            return FALSE;
        }
    }

    return TRUE;
}

static gboolean
remember (OcDb *db, int number, const char *path, const char *sha256, GError **error)
{
    g_autofree char *text = g_strdup_printf ("%d", number);
    const char *values[] = { text, path, sha256, ONECARD_VERSION };

    return run (db, "schema version",
        "insert into onecard.schema_version (number, file, sha256, program) values ($1::int, $2, $3, $4)"
        " on conflict (number) do update set file = excluded.file, sha256 = excluded.sha256,"
        " program = excluded.program, installed_at = now()",
        values, 4, NULL, error);
}

static gboolean
move_tables (OcDb *db, const State *state, GPtrArray *tables, GError **error)
{
    for (guint i = 0; i < tables->len; i++) {
        const Script *script = tables->pdata[i];

        if (script->number <= state->newest)
            continue;
        if (!oc_db_script (db, script->path, script->text, error)
            || !remember (db, script->number, script->path, script->sha256, error))
            return FALSE;
    }

    return TRUE;
}

static gboolean
make_afresh (OcDb *db, GPtrArray *scripts, GPtrArray *data, GError **error)
{
    g_autofree char *hash = hash_of (scripts, data);

    for (guint i = 0; i < scripts->len; i++) {
        const Script *script = scripts->pdata[i];

        if (!oc_db_script (db, script->path, script->text, error))
            return FALSE;
    }
    for (guint i = 0; i < data->len; i++) {
        const Script *file = data->pdata[i];
        const char *values[] = { file->text };

        if (!run (db, file->path, file->loader, values, 1, NULL, error))
            return FALSE;
    }

    return remember (db, 0, "api", hash, error);
}

static gboolean
upgrade_in_transaction (OcDb *db, GError **error)
{
    g_autoptr(GPtrArray) tables = list_scripts (TRUE);
    g_autoptr(GPtrArray) scripts = list_scripts (FALSE);
    g_autoptr(GPtrArray) data = list_data ();
    g_auto(State) state = { 0 };

    return oc_db_script (db, "upgrade lock", LOCK_SQL, error)
        && oc_db_script (db, "upgrade limits",
            "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;"
            " select set_config('onecard.role_prefix', current_database(), true)", error)
        && load_state (db, &state, error) && check_state (&state, tables, error)
        && move_tables (db, &state, tables, error) && make_afresh (db, scripts, data, error);
}

/* One try; the connection stays the same from begin to commit, or nothing happened. */
static gboolean
try_upgrade (OcDb *db, GError **error)
{
    if (!oc_db_begin (db, error))
        return FALSE;
    if (upgrade_in_transaction (db, error))
        return oc_db_commit (db, error);
    oc_db_rollback (db);

    return FALSE;
}

static gboolean
is_lock_failure (const GError *error)
{
    const char *sqlstate = oc_db_error_get_sqlstate (error);

    return g_strcmp0 (sqlstate, "55P03") == 0 || g_strcmp0 (sqlstate, "40P01") == 0;
}

gboolean
oc_install_upgrade (OcDb *owner, GError **error)
{
    for (int i = 1;; i++) {
        g_autoptr(GError) failure = NULL;

        if (try_upgrade (owner, &failure))
            return TRUE;
        if (i == LOCK_ATTEMPTS || !is_lock_failure (failure)) {
            g_propagate_error (error, g_steal_pointer (&failure));
            return FALSE;
        }
        g_usleep (g_random_int_range (100, 1000) * 1000);
    }
}

gboolean
oc_install_is_current (OcDb *owner, gboolean *current, GError **error)
{
    g_autoptr(GPtrArray) tables = list_scripts (TRUE);
    g_autoptr(GPtrArray) scripts = list_scripts (FALSE);
    g_autoptr(GPtrArray) data = list_data ();
    g_autofree char *hash = hash_of (scripts, data);
    const Script *last = tables->len > 0 ? tables->pdata[tables->len - 1] : NULL;
    g_auto(State) state = { 0 };

    if (!load_state (owner, &state, error) || !check_state (&state, tables, error))
        return FALSE;
    *current = state.newest == (last ? last->number : 0)
        && g_strcmp0 (g_hash_table_lookup (state.hashes, GINT_TO_POINTER (0)), hash) == 0;

    return TRUE;
}

/* The server's files name their places as psql does: :"db_owner" an identifier, :'db_owner' a literal,
 * :'verifier' the owner's. Nothing in the values needs escaping: is_database_name and SCRAM's alphabet. */
static char *
fill_in (const char *sql, const char *dbname, const char *verifier)
{
    g_autoptr(GRegex) places = g_regex_new (":(['\"])(db|verifier)([a-z_]*)\\1", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    GString *out = g_string_new (NULL);
    gsize done = 0;

    for (g_regex_match (places, sql, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL)) {
        g_autofree char *quote = g_match_info_fetch (match, 1);
        g_autofree char *what = g_match_info_fetch (match, 2);
        g_autofree char *suffix = g_match_info_fetch (match, 3);
        int start, end;

        g_match_info_fetch_pos (match, 0, &start, &end);
        g_string_append_len (out, sql + done, start - (gssize) done);
        g_string_append_printf (out, "%s%s%s%s", quote, strcmp (what, "db") == 0 ? dbname : verifier, suffix, quote);
        done = (gsize) end;
    }
    g_string_append (out, sql + done);

    return g_string_free (out, FALSE);
}

static gboolean
is_database_name (const char *name)
{
    return g_regex_match_simple ("^[a-z][a-z0-9_]{0,30}$", name, G_REGEX_DOLLAR_ENDONLY, 0);
}

static gboolean
run_server_script (OcDb *db, const char *path, const char *dbname, const char *verifier, GError **error)
{
    g_autofree char *full = g_strconcat ("sql/", path, NULL);
    g_autofree char *text = resource_text (full);
    g_autofree char *sql = fill_in (text, dbname, verifier);

    return oc_db_script (db, path, sql, error);
}

static gboolean
create_database (OcDb *superuser, const char *dbname, GError **error)
{
    g_autoptr(OcRows) rows = NULL;
    g_autofree char *sql = g_strdup_printf ("create database \"%s\" owner \"%s_owner\" encoding 'UTF8' template template0",
        dbname, dbname);

    if (!run (superuser, "database", "select datname from pg_database where datname = $1", &dbname, 1, &rows, error))
        return FALSE;

    return oc_rows_count (rows) > 0
        || (oc_db_script (superuser, "create database", "set statement_timeout = '5min'", error)
            && oc_db_script (superuser, "create database", sql, error));
}

gboolean
oc_install_create (OcDb *superuser, const char *dbname, const char *owner_password, GError **error)
{
    g_autofree char *owner = g_strconcat (dbname, "_owner", NULL);
    g_autofree char *verifier = NULL;
    g_autoptr(OcDb) inside = NULL;

    if (!is_database_name (dbname)) {
        oc_db_set_failure (error, OC_DB_ERROR_INTERNAL, NULL,
            _("“%s” can't be a database's name here. Use lower-case letters, digits and _, at most 31."), dbname);
        return FALSE;
    }

    return (verifier = oc_db_make_verifier (superuser, owner, owner_password, error))
        && run_server_script (superuser, "server/roles.sql", dbname, verifier, error)
        && create_database (superuser, dbname, error)
        && (inside = oc_db_open_sibling (superuser, dbname, error))
        && run_server_script (inside, "server/database.sql", dbname, verifier, error);
}

gboolean
oc_install_check_time_zone (OcDb *db, const char *zone, GError **error)
{
    g_autoptr(OcRows) rows = NULL;

    if (!run (db, "time zone", "select name from pg_timezone_names where name = $1", &zone, 1, &rows, error))
        return FALSE;
    if (oc_rows_count (rows) > 0)
        return TRUE;
    oc_db_set_failure (error, OC_DB_ERROR_INTERNAL, NULL, _("The server knows no time zone “%s”. Give one such as Asia/Shanghai."), zone);

    return FALSE;
}

static gboolean
has_database (OcCluster *cluster, GError **error)
{
    g_autoptr(OcDb) owner = oc_cluster_open_db (cluster, OC_CLUSTER_DATABASE, OC_CLUSTER_OWNER, NULL);
    g_autofree char *password = NULL;
    g_autoptr(OcDb) superuser = NULL;
    g_autoptr(OcRows) rows = NULL;

    /* The usual case costs one connection; all else is put right by creating again. */
    if (owner && run (owner, "database", "select to_regclass('onecard.schema_version')::text as name", NULL, 0, &rows, NULL)
        && !oc_rows_is_null (rows, 0, "name"))
        return TRUE;

    return (password = oc_cluster_owner_password (cluster, error))
        && (superuser = oc_cluster_open_db (cluster, "postgres", OC_CLUSTER_SUPERUSER, error))
        && oc_install_create (superuser, OC_CLUSTER_DATABASE, password, error);
}

gboolean
oc_install_private (OcCluster *cluster, GError **error)
{
    g_autoptr(OcDb) owner = NULL;
    gboolean current;

    return oc_cluster_create (cluster, error) && oc_cluster_start (cluster, error) && has_database (cluster, error)
        && (owner = oc_cluster_open_db (cluster, OC_CLUSTER_DATABASE, OC_CLUSTER_OWNER, error))
        && oc_install_is_current (owner, &current, error)
        && (current || oc_install_upgrade (owner, error));
}

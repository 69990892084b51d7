/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What administrators change, as it reaches a station with an open window: settings and roles at once, and the end of a session with its
 * reason, also at a station that was away. The administrator's acts run on this thread, the other desk on its lanes. */
#include <string.h>

#include "core/error.h"
#include "kill/world.h"
#include "ops/desk-private.h"

typedef struct {
    World *world;
    OcDesk *administrator; /* the world's first station */
    OcDesk *clerk;         /* 1002, as a window has it */
    GHashTable *topics;    /* that the clerk's desk emitted */
    GAsyncResult *result;
} Site;

static void
on_changed_cb (OcDesk *desk, const char *topic, Site *self)
{
    g_hash_table_add (self->topics, g_strdup (topic));
}

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Site *self = data;

    self->result = g_object_ref (result);
}

static gboolean
on_tick_cb (gpointer data)
{
    return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @topic was emitted, or (NULL) an answer came. */
static void
wait_for (Site *self, const char *topic)
{
    gint64 end = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
    guint tick = g_timeout_add (20, on_tick_cb, NULL);

    while (topic ? !g_hash_table_contains (self->topics, topic) : self->result == NULL) {
        g_assert_cmpint (g_get_monotonic_time (), <, end);
        g_main_context_iteration (NULL, TRUE);
    }
    g_source_remove (tick);
}

static void
forget (Site *self)
{
    g_hash_table_remove_all (self->topics);
    g_clear_object (&self->result);
}

static void
sign_in (Site *self, const char *password)
{
    g_autoptr(GError) error = NULL;

    forget (self);
    oc_sign_in_async (self->clerk, &(OcSignInAsk){ 1002, password }, NULL, on_done_cb, self);
    wait_for (self, NULL);
    oc_sign_in_finish (self->clerk, self->result, &error);
    g_assert_no_error (error);
    g_assert_null (oc_desk_dup_end (self->clerk));
    wait_for (self, "unfinished"); /* the listener is there, and said that it is */
    forget (self);
}

static void
site_init (Site *self)
{
    self->world = world_new ();
    self->administrator = self->world->stations[0].desk;
    self->topics = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    self->clerk = oc_desk_new (&(OcDeskOptions){ .data_dir = self->world->stations[1].dir, .uri = self->world->db->uri, .role_prefix = "onecard" });
    g_signal_connect (self->clerk, "changed", G_CALLBACK (on_changed_cb), self);
    sign_in (self, "1002");
}

static void
site_clear (Site *self)
{
    g_signal_handlers_disconnect_by_data (self->clerk, self);
    oc_desk_close (self->clerk, FALSE);
    g_object_unref (self->clerk);
    g_hash_table_unref (self->topics);
    g_clear_object (&self->result);
    world_free (self->world);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Site, site_clear)

/* One field of one setting. */
static OcSaved *
change (Site *self, const char *kind, gint64 id, gint64 row_version, const char *name, const char *value)
{
    g_autoptr(OcFields) fields = oc_fields_new (NULL);
    g_autoptr(GError) error = NULL;
    OcSaved *saved;

    oc_fields_set (fields, name, value);
    saved = oc_setting_change (self->administrator, &(OcSettingAsk){ .kind = kind, .id = id, .row_version = row_version, .fields = fields }, NULL,
        &error);
    g_assert_no_error (error);

    return saved;
}

/* @unsaid: the code where the connection ended before the notification came through it; NULL: it always comes, or says the same. */
static void
expect_end (Site *self, const char *code, const char *unsaid)
{
    g_autoptr(GError) end = NULL;

    wait_for (self, "session");
    while (oc_desk_get_session (self->clerk))
        g_main_context_iteration (NULL, TRUE);
    end = oc_desk_dup_end (self->clerk);
    if (g_strcmp0 (oc_error_get_code (end), unsaid) != 0)
        g_assert_cmpstr (oc_error_get_code (end), ==, code);
}

static void
test_at_once (void)
{
    g_auto(Site) site = { 0 };
    g_autoptr(OcSaved) saved = NULL;
    g_autoptr(OcSaved) role = NULL;

    site_init (&site);
    saved = change (&site, "user-types", 2, 0, "alarm_1", "22");
    g_assert_cmpstr (oc_rows_text (saved->row, 0, "alarm_1"), ==, "22.00");
    wait_for (&site, "settings");
    g_assert_true (oc_desk_may (site.clerk, "purchase"));
    role = change (&site, "roles", 2, 0, "permissions", "query");
    wait_for (&site, "roles");
    g_assert_false (oc_desk_may (site.clerk, "purchase"));
    g_assert_true (oc_desk_may (site.clerk, "query"));
}

static gint64
version_of (Site *self, gint64 operator)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_setting_list (self->administrator, "operators", 0, NULL, &error);

    g_assert_no_error (error);
    for (guint i = 0; i < oc_rows_count (rows); i++) {
        if (oc_rows_int (rows, i, "id") == operator)
            return oc_rows_int (rows, i, "row_version");
    }
    g_assert_not_reached ();
}

static void
test_session_ends (void)
{
    OcSettingAsk ask = { .verb = OC_SETTING_DELETE, .kind = "operators", .id = 1002 };
    const OcOperatorAsk lock = { OC_OPERATOR_LOCK, 1002, NULL }, unlock = { OC_OPERATOR_UNLOCK, 1002, NULL },
                        reset = { OC_OPERATOR_RESET_PASSWORD, 1002, "fresh" };
    g_auto(Site) site = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSaved) saved = NULL;
    g_autoptr(OcSaved) deleted = NULL;

    site_init (&site);
    saved = change (&site, "parameters", 1, 0, "opening_fee", "11");
    expect_end (&site, "OC087", NULL);
    sign_in (&site, "1002");
    g_assert_true (oc_operator_change (site.administrator, &lock, NULL, &error));
    expect_end (&site, "OC088", NULL);
    g_assert_true (oc_operator_change (site.administrator, &unlock, NULL, &error));
    sign_in (&site, "1002");
    g_assert_true (oc_operator_change (site.administrator, &reset, NULL, &error));
    expect_end (&site, "OC089", "OC090");
    sign_in (&site, "fresh"); /* with must_change */
    g_assert_cmpstr (oc_fields_get (oc_desk_get_session (site.clerk), "must_change"), ==, "t");
    ask.row_version = version_of (&site, 1002) - 1;
    deleted = oc_setting_change (site.administrator, &ask, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_error_get_code (deleted->conflict), ==, "OC113");
    g_assert_nonnull (oc_desk_get_session (site.clerk)); /* who comes second shuts nobody out */
    oc_saved_free (g_steal_pointer (&deleted));
    ask.row_version++;
    deleted = oc_setting_change (site.administrator, &ask, NULL, &error);
    g_assert_no_error (error);
    g_assert_null (deleted->conflict);
    expect_end (&site, "OC088", "OC090"); /* locked first */
}

/* Its listening connection is away while the password is reset: it is locked out first, and then not let in any more. */
static void
test_was_away_at_reset (void)
{
    g_auto(Site) site = { 0 };
    g_autoptr(OcDb) superuser = NULL;
    g_autoptr(GError) error = NULL;

    site_init (&site);
    superuser = oc_test_db_superuser (site.world->db);
    oc_test_sql (superuser, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'onecard-listener'");
    g_assert_true (oc_operator_change (site.administrator, &(OcOperatorAsk){ OC_OPERATOR_RESET_PASSWORD, 1002, "fresh" }, NULL, &error));
    expect_end (&site, "OC090", "OC089");
    /* logins are the server's: the next test comes with the old one */
    g_assert_true (oc_operator_change (site.administrator, &(OcOperatorAsk){ OC_OPERATOR_RESET_PASSWORD, 1002, "1002" }, NULL, &error));
}

/* Its listening connection is away while it happens. */
static void
test_was_away (void)
{
    g_auto(Site) site = { 0 };
    g_autoptr(OcDb) superuser = NULL;
    g_autoptr(OcSaved) saved = NULL;

    site_init (&site);
    superuser = oc_test_db_superuser (site.world->db);
    oc_test_sql (superuser, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'onecard-listener'");
    saved = change (&site, "parameters", 1, 0, "opening_fee", "12");
    expect_end (&site, "OC087", NULL);
}

static void
test_two_at_once (void)
{
    g_auto(Site) site = { 0 };
    g_autoptr(OcSaved) first = NULL;
    g_autoptr(OcSaved) second = NULL;
    g_autoptr(OcSaved) third = NULL;
    g_autoptr(OcSaved) undone = NULL;
    g_autoptr(GError) error = NULL;

    site_init (&site);
    first = change (&site, "branches", 1002, 1, "name", "甲");
    second = change (&site, "branches", 1002, 1, "name", "乙");
    g_assert_null (first->conflict);
    g_assert_cmpstr (oc_error_get_code (second->conflict), ==, "OC113");
    g_assert_cmpint (second->change, ==, 0);
    g_assert_cmpstr (oc_rows_text (second->row, 0, "name"), ==, "甲");
    third = change (&site, "branches", 1002, oc_rows_int (second->row, 0, "row_version"), "name", "乙");
    g_assert_null (third->conflict);
    g_assert_cmpstr (oc_rows_text (third->row, 0, "name"), ==, "乙");
    undone = oc_setting_change (site.administrator, &(OcSettingAsk){ .verb = OC_SETTING_UNDO, .id = third->change }, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_rows_text (undone->row, 0, "name"), ==, "甲");
}

/* A form with tables in it, refused until the second person has spoken. */
static void
test_approval (void)
{
    g_auto(Site) site = { 0 };
    g_autoptr(OcFields) price = oc_fields_new (NULL);
    g_autoptr(OcFields) tier = oc_fields_new (NULL);
    g_autoptr(OcFields) item = oc_fields_new (NULL);
    g_autoptr(OcSaved) parameters = NULL;
    g_autoptr(OcSaved) saved = NULL;
    g_autoptr(GError) wanted = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *request = oc_request_id ();
    OcSettingAsk ask = { .request_id = request, .kind = "prices", .id = 2, .fields = price };

    site_init (&site);
    oc_fields_set (price, "starts_at", "2099-01-01 00:00");
    oc_fields_set (item, "item", "水价");
    oc_fields_set (item, "unit_price", "8");
    oc_fields_add_row (tier, "items", item);
    oc_fields_add_row (price, "tiers", tier);
    parameters = change (&site, "parameters", 1, 0, "approval_percent", "50");
    g_assert_null (oc_setting_change (site.administrator, &ask, NULL, &wanted));
    g_assert_cmpstr (oc_error_get_code (wanted), ==, "OC117");
    g_assert_false (oc_approve (site.administrator, &(OcApproveAsk){ wanted, 1001, "1001" }, NULL, &error));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC118");
    g_clear_error (&error);
    g_assert_false (oc_approve (site.administrator, &(OcApproveAsk){ wanted, 1002, "wrong" }, NULL, &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD);
    g_clear_error (&error);
    g_assert_false (oc_approve (site.administrator, &(OcApproveAsk){ wanted, 1002, "1002" }, NULL, &error));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC001");
    g_clear_error (&error);
    oc_test_sql (site.world->owner, "insert into onecard.role_permission values (2, 'approve')");
    g_assert_true (oc_approve (site.administrator, &(OcApproveAsk){ wanted, 1002, "1002" }, NULL, &error));
    g_assert_no_error (error);
    saved = oc_setting_change (site.administrator, &ask, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (saved->change, >, 0);
    /* the counter's own connection is who it was */
    g_assert_cmpstr (oc_fields_get (oc_desk_get_session (site.administrator), "operator"), ==, "1001");
}

int
main (int argc, char **argv)
{
    int result;

    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/ops/settings/at-once", test_at_once);
    g_test_add_func ("/ops/settings/was-away", test_was_away);
    g_test_add_func ("/ops/settings/was-away-at-reset", test_was_away_at_reset);
    g_test_add_func ("/ops/settings/two-at-once", test_two_at_once);
    g_test_add_func ("/ops/settings/approval", test_approval);
    /* last: all databases of the server share the logins, and one has another password afterwards */
    g_test_add_func ("/ops/settings/session-ends", test_session_ends);
    result = g_test_run ();
    oc_test_cluster_end ();

    return result;
}

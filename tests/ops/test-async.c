/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same acts as a window runs them: asynchronously, on lanes, with the signals that screens follow. */
#include <string.h>

#include "core/error.h"
#include "kill/world.h"
#include "ops/desk-private.h"

typedef struct {
    GMainLoop *loop;
    GAsyncResult *result;
    GHashTable *topics;  /* that were emitted */
    GPtrArray *steps;    /* of the till */
} Waiter;

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Waiter *self = data;

    self->result = g_object_ref (result);
    g_main_loop_quit (self->loop);
}

static GAsyncResult *
wait_for_result (Waiter *self)
{
    g_clear_object (&self->result);
    g_main_loop_run (self->loop);

    return self->result;
}

static void
on_changed_cb (OcDesk *desk, const char *topic, Waiter *self)
{
    g_hash_table_add (self->topics, g_strdup (topic));
}

static void
on_step_cb (const char *step, gpointer data)
{
    Waiter *self = data;

    g_ptr_array_add (self->steps, g_strdup (step));
}

static void
waiter_init (Waiter *self, OcDesk *desk)
{
    *self = (Waiter){ g_main_loop_new (NULL, FALSE), NULL, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
        g_ptr_array_new_with_free_func (g_free) };
    g_signal_connect (desk, "changed", G_CALLBACK (on_changed_cb), self);
    oc_desk_set_progress (desk, on_step_cb, self);
}

static void
waiter_clear (Waiter *self, OcDesk *desk)
{
    g_signal_handlers_disconnect_by_data (desk, self);
    oc_desk_set_progress (desk, NULL, NULL);
    g_clear_object (&self->result);
    g_main_loop_unref (self->loop);
    g_hash_table_unref (self->topics);
    g_ptr_array_unref (self->steps);
}

static gboolean
on_tick_cb (gpointer data)
{
    return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @topic was emitted. */
static void
wait_for_topic (Waiter *self, const char *topic)
{
    gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;
    guint tick = g_timeout_add (20, on_tick_cb, NULL);

    while (!g_hash_table_contains (self->topics, topic)) {
        g_assert_cmpint (g_get_monotonic_time (), <, end);
        g_main_context_iteration (NULL, TRUE);
    }
    g_source_remove (tick);
}

static void
test_sale (void)
{
    World *world = world_new ();
    Customer *customer = world_customer (world, FALSE);
    g_autoptr(OcSimSlot) slot = oc_sim_slot_new (OC_SIM_READER_ACS, NULL);
    OcDesk *desk = oc_desk_new (&(OcDeskOptions){ .data_dir = world->stations[0].dir, .uri = world->db->uri, .role_prefix = "onecard",
        .reader = oc_sim_slot_reader (slot) });
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(OcOutcome) opened = NULL;
    g_autoptr(OcRows) list = NULL;
    g_autoptr(OcRows) quote = NULL;
    g_autoptr(OcRows) unfinished = NULL;
    GError *error = NULL;
    Waiter waiter;
    OcOpenMeter meter = { .slot = 2, .model = "24C04接触式冷水表", .meter = customer->number, .user_type = "居民用水",
        .price = "居民水价", .amount = { 1000000 } };

    waiter_init (&waiter, desk);
    oc_sign_in_async (desk, &(OcSignInAsk){ 1001, "nonsense" }, NULL, on_done_cb, &waiter);
    g_assert_false (oc_sign_in_finish (desk, wait_for_result (&waiter), &error));
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD);
    g_clear_error (&error);
    oc_sign_in_async (desk, &(OcSignInAsk){ 1001, "1001" }, NULL, on_done_cb, &waiter);
    g_assert_true (oc_sign_in_finish (desk, wait_for_result (&waiter), &error));
    g_assert_no_error (error);
    g_assert_cmpstr (oc_fields_get (oc_desk_get_session (desk), "operator"), ==, "1001");
    g_assert_true (g_hash_table_contains (waiter.topics, "session"));
    g_assert_true (oc_desk_is_online (desk));

    oc_list_async (desk, "prices", NULL, on_done_cb, &waiter);
    list = oc_list_finish (desk, wait_for_result (&waiter), &error);
    g_assert_no_error (error);
    g_assert_cmpuint (oc_rows_count (list), >=, 3);
    oc_quote_async (desk, &(OcQuoteAsk){ .user_type = "居民用水", .model = "24C04接触式冷水表", .price = "居民水价", .household = 3,
        .first = TRUE, .amount = { 1000000 } }, NULL, on_done_cb, &waiter);
    quote = oc_quote_finish (desk, wait_for_result (&waiter), &error);
    g_assert_no_error (error);
    g_assert_cmpint (oc_rows_money (quote, 0, "due_total").units, ==, 1220000);

    g_assert_true (oc_sim_slot_insert (slot, customer->card, FALSE, &error));
    wait_for_topic (&waiter, "card");
    oc_open_account_async (desk, &(OcOpenAsk){ .request_id = request, .name = "吴敏", .address = "没有地方", .household = 3,
        .meters = &meter, .n_meters = 1, .expected_due = { 1220000 } }, NULL, on_done_cb, &waiter);
    opened = oc_open_account_finish (desk, wait_for_result (&waiter), &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_fields_get (opened->fields, "name"), ==, "吴敏");
    g_assert_cmpuint (waiter.steps->len, ==, 3);
    g_assert_cmpstr (waiter.steps->pdata[0], ==, "booked");
    g_assert_cmpstr (waiter.steps->pdata[1], ==, "written");
    g_assert_cmpstr (waiter.steps->pdata[2], ==, "checked");
    g_assert_true (g_hash_table_contains (waiter.topics, "trades"));

    oc_read_card_async (desk, &(OcReadAsk){ .settle = TRUE }, NULL, on_done_cb, &waiter);
    reading = oc_read_card_finish (desk, wait_for_result (&waiter), &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_reading_state (reading), ==, "current");
    oc_unfinished_list_async (desk, TRUE, NULL, on_done_cb, &waiter);
    unfinished = oc_unfinished_list_finish (desk, wait_for_result (&waiter), &error);
    g_assert_no_error (error);
    g_assert_cmpuint (oc_rows_count (unfinished), ==, 0);

    waiter_clear (&waiter, desk);
    oc_sim_slot_remove (slot);
    oc_desk_close (desk, FALSE);
    g_object_unref (desk);
    world_check (world, customer);
    customer_free (customer);
    world_free (world);
}

/* Another station changes a setting: this one learns of it by itself. */
static void
test_settings_change (void)
{
    World *world = world_new ();
    OcDesk *desk = oc_desk_new (&(OcDeskOptions){ .data_dir = world->stations[0].dir, .uri = world->db->uri, .role_prefix = "onecard" });
    GError *error = NULL;
    Waiter waiter;

    waiter_init (&waiter, desk);
    oc_sign_in_async (desk, &(OcSignInAsk){ 1001, "1001" }, NULL, on_done_cb, &waiter);
    g_assert_true (oc_sign_in_finish (desk, wait_for_result (&waiter), &error));
    wait_for_topic (&waiter, "unfinished"); /* the listener is there, and said that it is */
    oc_test_sql (world->owner, "update onecard.unit set name = '另一个公司'");
    wait_for_topic (&waiter, "settings");
    g_assert_cmpstr (oc_fields_get (oc_desk_get_session (desk), "unit_name"), ==, "另一个公司");

    oc_sign_out (desk);
    g_assert_null (oc_desk_get_session (desk));
    oc_list_async (desk, "prices", NULL, on_done_cb, &waiter);
    g_assert_null (oc_list_finish (desk, wait_for_result (&waiter), &error));
    g_assert_nonnull (error);
    g_clear_error (&error);
    waiter_clear (&waiter, desk);
    oc_desk_close (desk, FALSE);
    g_object_unref (desk);
    world_free (world);
}

static void
wait_until_online (OcDesk *desk, gboolean online)
{
    gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;
    guint tick = g_timeout_add (20, on_tick_cb, NULL);

    while (oc_desk_is_online (desk) != online) {
        g_assert_cmpint (g_get_monotonic_time (), <, end);
        g_main_context_iteration (NULL, TRUE);
    }
    g_source_remove (tick);
}

/* The server stops and is there again: the desk knows both by itself, while nobody asks anything. */
static void
test_away (void)
{
    World *world = world_new ();
    OcDesk *desk = oc_desk_new (&(OcDeskOptions){ .data_dir = world->stations[0].dir, .uri = world->db->uri, .role_prefix = "onecard" });
    g_autoptr(GError) error = NULL;
    Waiter waiter;

    waiter_init (&waiter, desk);
    oc_sign_in_async (desk, &(OcSignInAsk){ 1001, "1001" }, NULL, on_done_cb, &waiter);
    g_assert_true (oc_sign_in_finish (desk, wait_for_result (&waiter), &error));
    wait_for_topic (&waiter, "unfinished"); /* the listener is there, and said that it is */
    g_hash_table_remove_all (waiter.topics);
    g_assert_true (oc_cluster_stop (oc_test_cluster (), &error));
    wait_until_online (desk, FALSE);
    wait_for_topic (&waiter, "database");
    g_hash_table_remove_all (waiter.topics);
    g_assert_true (oc_cluster_start (oc_test_cluster (), &error));
    wait_until_online (desk, TRUE);
    wait_for_topic (&waiter, "database");

    waiter_clear (&waiter, desk);
    oc_desk_close (desk, FALSE);
    g_object_unref (desk);
    world_free (world);
}

typedef struct {
    OcImportCount *count;
    GCancellable *cancellable;
    guint seen;
} Watch;

/* As soon as some of it was sent. */
static gboolean
on_watch_cb (gpointer data)
{
    Watch *self = data;
    guint total;

    oc_import_count_get (self->count, &self->seen, &total);
    if (self->seen == 0)
        return G_SOURCE_CONTINUE;
    g_assert_cmpuint (total, ==, 20000);
    g_cancellable_cancel (self->cancellable);

    return G_SOURCE_REMOVE;
}

static GBytes *
make_file (guint n_lines)
{
    GString *text = g_string_new ("用户名称,用户地址,联系电话\n");

    for (guint i = 0; i < n_lines; i++)
        g_string_append_printf (text, "用户%u,街%u号,1860000%04u\n", i, i, i % 10000);

    return g_string_free_to_bytes (text);
}

/* An import that is cancelled leaves nothing; the same file is imported afterwards, whole. */
static void
test_import (void)
{
    World *world = world_new ();
    OcDesk *desk = oc_desk_new (&(OcDeskOptions){ .data_dir = world->stations[0].dir, .uri = world->db->uri, .role_prefix = "onecard" });
    g_autoptr(GBytes) file = make_file (20000);
    g_autoptr(OcImportCount) count = oc_import_count_new ();
    g_autoptr(GCancellable) cancellable = g_cancellable_new ();
    g_autoptr(OcImported) imported = NULL;
    g_autofree char *none = NULL;
    g_autofree char *all = NULL;
    Watch watch = { count, cancellable, 0 };
    GError *error = NULL;
    Waiter waiter;

    waiter_init (&waiter, desk);
    oc_sign_in_async (desk, &(OcSignInAsk){ 1001, "1001" }, NULL, on_done_cb, &waiter);
    g_assert_true (oc_sign_in_finish (desk, wait_for_result (&waiter), &error));
    g_timeout_add (1, on_watch_cb, &watch);
    oc_pre_registered_import_async (desk, &(OcImportAsk){ .file = file, .count = count }, cancellable, on_done_cb, &waiter);
    g_assert_null (oc_pre_registered_import_finish (desk, wait_for_result (&waiter), &error));
    g_assert_cmpint (oc_trouble_of (error), ==, OC_TROUBLE_CANCELLED);
    g_clear_error (&error);
    g_assert_cmpuint (watch.seen, <, 20000);
    none = oc_test_sql_value (world->owner, "select count(*) from onecard.pre_registered");
    g_assert_cmpstr (none, ==, "0");

    oc_pre_registered_import_async (desk, &(OcImportAsk){ .file = file }, NULL, on_done_cb, &waiter);
    imported = oc_pre_registered_import_finish (desk, wait_for_result (&waiter), &error);
    g_assert_no_error (error);
    g_assert_true (imported->imported);
    all = oc_test_sql_value (world->owner, "select count(*) from onecard.pre_registered");
    g_assert_cmpstr (all, ==, "20000");

    waiter_clear (&waiter, desk);
    oc_desk_close (desk, FALSE);
    g_object_unref (desk);
    world_free (world);
}

/* What waits behind a long act and is cancelled, or dropped at the end, ends as cancelled. */
static gpointer
sleep_on_lane (gpointer source, gpointer ask, GCancellable *cancellable, GError **error)
{
    g_usleep (100 * 1000);

    return g_strdup ("slept");
}

static void
test_lane (void)
{
    OcLane *lane = oc_lane_new ("test");
    g_autoptr(GCancellable) cancellable = g_cancellable_new ();
    Waiter waiter = { .loop = g_main_loop_new (NULL, FALSE) };
    g_autofree char *slept = NULL;
    g_autofree char *waited = NULL;
    GError *error = NULL;

    oc_lane_push (lane, NULL, sleep_on_lane, NULL, NULL, g_free, NULL, on_done_cb, &waiter);
    slept = oc_lane_finish (wait_for_result (&waiter), &error);
    g_assert_no_error (error);
    g_assert_cmpstr (slept, ==, "slept");
    waited = oc_lane_run (lane, NULL, sleep_on_lane, NULL, NULL, &error);
    g_assert_cmpstr (waited, ==, "slept");

    g_cancellable_cancel (cancellable);
    oc_lane_push (lane, NULL, sleep_on_lane, NULL, NULL, g_free, cancellable, on_done_cb, &waiter);
    g_assert_null (oc_lane_finish (wait_for_result (&waiter), &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error (&error);

    oc_lane_push (lane, NULL, sleep_on_lane, NULL, NULL, g_free, NULL, NULL, NULL);
    oc_lane_push (lane, NULL, sleep_on_lane, NULL, NULL, g_free, NULL, on_done_cb, &waiter);
    oc_lane_free (lane);
    g_assert_null (oc_lane_finish (wait_for_result (&waiter), &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error (&error);
    g_clear_object (&waiter.result);
    g_main_loop_unref (waiter.loop);
}

int
main (int argc, char **argv)
{
    int result;

    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/ops/async/sale", test_sale);
    g_test_add_func ("/ops/async/settings-change", test_settings_change);
    g_test_add_func ("/ops/async/away", test_away);
    g_test_add_func ("/ops/async/import", test_import);
    g_test_add_func ("/ops/async/lane", test_lane);
    result = g_test_run ();
    oc_test_cluster_end ();

    return result;
}

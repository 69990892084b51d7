/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What administrators' settings cost:
 *   - a change seen by fifty stations that are signed in, from the save to the signal that their screens follow;
 *   - a quote of a price with six tiers of five items, over a ledger of so many trades: in the server alone, and as a station asks.
 *
 *   bench-settings [CHANGES [TRADES]] */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/private.h"
#include "kill/world.h"
#include "ops/desk-private.h"

#define N_STATIONS 50

static int n_changes = 20;
static int n_trades = 1000000;

static void
fail_on (GError *error)
{
    if (error)
        g_error ("%s", error->message);
}

static int
compare (gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

    return x < y ? -1 : x > y;
}

static void
print_times (const char *what, GArray *times)
{
    gint64 *t = (gint64 *) (void *) times->data;

    g_array_sort (times, compare);
    g_print ("%-52s median %8.2f ms  p99 %8.2f ms  worst %8.2f ms  (%u)\n", what, t[times->len / 2] / 1000.0,
        t[(guint) (times->len * 0.99)] / 1000.0, t[times->len - 1] / 1000.0, times->len);
}

/* Stations ------------------------------------------------------------------------------------------------------- */

typedef struct {
    OcDesk *desk;
    gboolean signed_in, listens;
    gint64 seen; /* when the change of this round was, 0: not yet */
} Seat;

static void
on_changed_cb (OcDesk *desk, const char *topic, Seat *seat)
{
    if (strcmp (topic, "unfinished") == 0)
        seat->listens = TRUE;
    if (strcmp (topic, "settings") == 0)
        seat->seen = g_get_monotonic_time ();
}

static void
on_signed_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Seat *seat = data;
    g_autoptr(GError) error = NULL;

    oc_sign_in_finish (seat->desk, result, &error);
    fail_on (error);
    seat->signed_in = TRUE;
}

static void
sit_down (Seat *seat, World *world, int i)
{
    g_autofree char *dir = g_strdup_printf ("%s/seat-%d", world->dir, i);

    g_mkdir (dir, 0700);
    seat->desk = oc_desk_new (&(OcDeskOptions){ .data_dir = dir, .uri = world->db->uri, .role_prefix = "onecard" });
    g_signal_connect (seat->desk, "changed", G_CALLBACK (on_changed_cb), seat);
    oc_sign_in_async (seat->desk, &(OcSignInAsk){ 1002, "1002" }, NULL, on_signed_in_cb, seat);
    while (!seat->signed_in || !seat->listens)
        g_main_context_iteration (NULL, TRUE);
}

static gboolean
all_saw (Seat *seats)
{
    for (int i = 0; i < N_STATIONS; i++)
        if (seats[i].seen == 0)
            return FALSE;

    return TRUE;
}

static gpointer
save_thread (gpointer data)
{
    OcDb *db = data;

    oc_db_adopt (db);
    oc_test_sql (db, "select * from api.setting_save(null, 'user-types', 2, jsonb_build_object('alarm_1', 10 + random()::numeric(4,2)), null)");

    return NULL;
}

static void
bench_stations (World *world)
{
    g_autofree Seat *seats = g_new0 (Seat, N_STATIONS);
    g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
    OcDb *administrator = oc_test_db_operator (world->db, 1001, "1001", NULL);

    for (int i = 0; i < N_STATIONS; i++)
        sit_down (&seats[i], world, i);
    for (int round = 0; round < n_changes; round++) {
        gint64 began = g_get_monotonic_time ();
        GThread *thread;

        for (int i = 0; i < N_STATIONS; i++)
            seats[i].seen = 0;
        thread = g_thread_new ("save", save_thread, administrator);
        while (!all_saw (seats))
            g_main_context_iteration (NULL, TRUE);
        g_thread_join (thread);
        for (int i = 0; i < N_STATIONS; i++) {
            gint64 took = seats[i].seen - began;

            g_array_append_val (times, took);
        }
    }
    print_times ("a change seen by 50 stations (aim: p99 < 1000)", times);
    oc_db_adopt (administrator);
    oc_db_free (administrator);
    for (int i = 0; i < N_STATIONS; i++) {
        g_signal_handlers_disconnect_by_data (seats[i].desk, &seats[i]);
        oc_desk_close (seats[i].desk, FALSE);
        g_object_unref (seats[i].desk);
    }
}

/* Quotes --------------------------------------------------------------------------------------------------------- */

static const char price_sql[] =
    "insert into onecard.price_item (meter_type, name) select 2, 'item ' || i from generate_series(1, 5) i;"
    "insert into onecard.price (meter_type, name) values (2, 'six by five');"
    "insert into onecard.price_version (price, starts_at, tiered, period, base_persons, per_person)"
    " select id, '2015-01-01', true, 'year', 3, 10 from onecard.price where name = 'six by five';"
    "insert into onecard.price_tier select max(v.id), t, case when t < 6 then t * 40 end from onecard.price_version v, generate_series(1, 6) t group by t;"
    "insert into onecard.price_tier_item select max(v.id), t, i.id, 0.5 * t + 0.1234 from onecard.price_version v, generate_series(1, 6) t,"
    " onecard.price_item i where i.name like 'item %' group by t, i.id;"
    "update onecard.meter set price_1 = (select id from onecard.price where name = 'six by five') where sub_meter / 10 = 2;"
    "analyze";

static void
bench_quote (World *world)
{
    OcDb *owner = world->owner;
    g_autoptr(OcDb) administrator = oc_test_db_operator (world->db, 1001, "1001", NULL);
    g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autoptr(GArray) server = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autofree char *fill = g_strdup_printf ("set statement_timeout = 0; select admin.fill(%d, %d, 1)", MAX (n_trades / 20, 10), n_trades);
    g_autofree char *count = NULL;
    g_autofree char *list = NULL;
    g_auto(GStrv) meters = NULL;

    oc_test_sql (owner, fill);
    oc_test_sql (owner, price_sql);
    count = oc_test_sql_value (owner, "select count(*)::text from onecard.trade");
    g_print ("%s trades\n", count);
    list = oc_test_sql_value (owner, "select string_agg(m, ' ') from (select customer || ',' || sub_meter as m from onecard.meter"
        " where sub_meter / 10 = 2 and state = 'open' order by random() limit 500) x");
    meters = g_strsplit (list, " ", -1);
    for (int i = 0; meters[i]; i++) {
        g_auto(GStrv) w = g_strsplit (meters[i], ",", 2);
        g_autofree char *ask = g_strdup_printf ("select sum(amount)::text from api.quote(%s, %s, 300, null)", w[1], w[0]);
        g_autofree char *engine = g_strdup_printf (
            "create temporary table if not exists t (us bigint); truncate t; do $$ declare began timestamptz := clock_timestamp(); begin"
            " perform sum(q.amount) from rules.quote(2, (select max(id) from onecard.price_version), %s, 4, false, 0.1, 300, null, 0, true, 0) q;"
            " insert into t values (extract(epoch from clock_timestamp() - began) * 1000000); end $$", w[0]);
        gint64 began = g_get_monotonic_time ();
        g_autofree char *answer = oc_test_sql_value (administrator, ask);
        gint64 took = g_get_monotonic_time () - began;
        g_autofree char *inside = NULL;
        gint64 us;

        g_assert_cmpstr (answer, !=, "");
        oc_test_sql (owner, engine);
        inside = oc_test_sql_value (owner, "select us::text from t");
        us = g_ascii_strtoll (inside, NULL, 10);
        if (i < 20)
            continue; /* until caches and plans are warm */
        g_array_append_val (times, took);
        g_array_append_val (server, us);
    }
    print_times ("a quote of 6 tiers x 5 items, in the server (aim: 2)", server);
    print_times ("the same as a station asks it", times);
}

int
main (int argc, char **argv)
{
    World *world;

    if (argc > 1)
        n_changes = (int) g_ascii_strtoll (argv[1], NULL, 10);
    if (argc > 2)
        n_trades = (int) g_ascii_strtoll (argv[2], NULL, 10);
    world = world_new ();
    bench_stations (world);
    bench_quote (world);
    world_free (world);
    oc_test_cluster_end ();

    return 0;
}

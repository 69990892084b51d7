/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sale costs, each figure beside its floor, measured in the same run on the same server:
 *   - database calls, APDUs and bytes written, beside the least that could do;
 *   - the time of one sale at one station, beside pgbench doing the same commits with the same rows and nothing else;
 *   - the commits a second of eight stations at once, beside pgbench with eight clients.
 * A sale is: read the card, begin, write and read back, finish. The meter's turn between two sales is not in the time of one
 * station; with eight it costs processor time that pgbench does not have to give.
 *
 *   bench-sale [SALES [SECONDS]] */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "kill/world.h"
#include "ops/desk-private.h"

#define N_STATIONS 8
#define COMMITS_A_SALE 3

static World *world;
static int n_sales = 300;
static int seconds = 8;

/* A plastic card has no disk: what a simulated one keeps must cost no fsync here. */
static void
put_cards_in_memory (void)
{
    char *folder = g_mkdtemp (g_strdup ("/dev/shm/onecard-bench-XXXXXX"));

    if (folder == NULL)
        return;
    g_free (world->cards);
    world->cards = folder;
}

static void
forget_cards (void)
{
    g_autoptr(GDir) dir = NULL;
    const char *name;

    if (strcmp (world->cards, world->dir) == 0)
        return;
    dir = g_dir_open (world->cards, 0, NULL);
    while ((name = g_dir_read_name (dir))) {
        g_autofree char *path = g_build_filename (world->cards, name, NULL);

        g_remove (path);
    }
    g_rmdir (world->cards);
}

/* Counting ------------------------------------------------------------------------------------------------------ */

typedef struct {
    guint calls, apdus, written, differ;
} Cost;

static void
on_apdu (const guint8 *in, gsize in_len, const guint8 *out, gsize out_len, gpointer data)
{
    Cost *cost = data;

    if (out)
        return;
    cost->apdus++;
}

static void
fail_on (GError *error)
{
    if (error)
        g_error ("%s", error->message);
}

static void
visit_meter (const Customer *customer)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimMeter) meter = oc_sim_meter_open (customer->meter, &error);
    OcSimMeterReport report;
    OcQuantity flowed;

    fail_on (error);
    if (oc_sim_meter_remaining (meter) > 3000000)
        oc_sim_meter_use (meter, (OcQuantity){ oc_sim_meter_remaining (meter) - 2000000 }, FALSE, &flowed, &error);
    fail_on (error);
    oc_sim_meter_insert (meter, customer->card, NULL, &report, &error);
    fail_on (error);
    g_assert_cmpint (report.error, ==, OC_METER_OK);
}

static Customer *
open_customer (Station *station, gboolean cpu)
{
    Customer *customer = world_customer (world, cpu);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = NULL;

    station_insert (station, customer);
    outcome = act_open (station, customer, 10, &error);
    fail_on (error);
    station_remove (station);
    visit_meter (customer);

    return customer;
}

static void
sell (Station *station, const Customer *customer)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = act_purchase (station, customer, 8, &error);

    fail_on (error);
}

static void
add_file (guint16 directory, guint8 sfi, const guint8 *bytes, gsize size, gpointer data)
{
    g_byte_array_append (data, bytes, (guint) size);
}

/* All that a card holds, one after the other. */
static GByteArray *
dump_card (const Customer *customer)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimCard) card = oc_sim_card_peek (customer->card, &error);
    GByteArray *bytes = g_byte_array_new ();
    OcSimMemory *memory;

    fail_on (error);
    if ((memory = oc_sim_card_memory (card)))
        g_byte_array_append (bytes, oc_sim_memory_bytes (memory), (guint) oc_sim_memory_chip (memory)->size);
    else
        oc_sim_cpu_foreach_file (oc_sim_card_cpu (card), add_file, bytes);

    return bytes;
}

static Cost
count_sale (gboolean cpu)
{
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = open_customer (station, cpu);
    g_autoptr(GByteArray) before = NULL;
    g_autoptr(GByteArray) after = NULL;
    Cost cost = { 0 };
    guint64 written;

    /* the first purchase tells the meter its kind of card; from the second on all are alike */
    station_insert (station, customer);
    sell (station, customer);
    station_remove (station);
    visit_meter (customer);
    before = dump_card (customer);
    station_insert (station, customer);
    cost.calls = oc_db_n_calls (station->desk->dbs[OC_DESK_COUNTER]);
    written = oc_card_service_n_written (station->desk->cards);
    oc_sim_slot_set_trace (station->slot, on_apdu, &cost);
    sell (station, customer);
    oc_sim_slot_set_trace (station->slot, NULL, NULL);
    cost.calls = oc_db_n_calls (station->desk->dbs[OC_DESK_COUNTER]) - cost.calls;
    cost.written = (guint) (oc_card_service_n_written (station->desk->cards) - written);
    station_remove (station);
    after = dump_card (customer);
    for (guint i = 0; i < after->len; i++)
        cost.differ += before->data[i] != after->data[i];

    return cost;
}

/* The least APDUs that a purchase from the second on needs.
 * CPU: SELECT MF, serial, SELECT DF01, five files of which two take two reads (7); then, with the card connected anew, SELECT DF01,
 * INTERNAL AUTHENTICATE, challenge and EXTERNAL AUTHENTICATE, wallet and return file each with its challenge (4), both read
 * back (2).
 * 24C04: card type at both connects (2), header and slots 1 and 2 in one read, page size, the record's two pages, both read
 * back at once. The least bytes are those that differ afterwards. */
#define LEAST_CALLS 3
#define LEAST_APDUS_CPU (10 + 4 + 4 + 2)
#define LEAST_APDUS_24C (2 + 1 + 1 + 2 + 1)

static void
print_counts (const char *name, Cost cost, guint least_apdus)
{
    g_print ("%-10s database calls %3u (least %3u)   APDUs %3u (least %3u)   bytes written %3u (least %3u)\n", name,
        cost.calls, LEAST_CALLS, cost.apdus, least_apdus, cost.written, cost.differ);
}

/* The floor: the same commits, by pgbench ------------------------------------------------------------------------ */

static const char *const floor_tables[] = { "observation", "meter", "customer", "card_job", "card_job_meter", "trade", "trade_line",
    "key_handout" };

/* Copies of the tables with what the bench's sales left in them; the script repeats one sale's rows. */
static void
make_floor (void)
{
    oc_test_sql (world->owner, "drop schema if exists floor cascade; create schema floor");
    for (gsize i = 0; i < G_N_ELEMENTS (floor_tables); i++) {
        g_autofree char *sql = g_strdup_printf (
            "create table floor.%s (like onecard.%s including defaults including indexes); insert into floor.%s select * from onecard.%s",
            floor_tables[i], floor_tables[i], floor_tables[i], floor_tables[i]);

        oc_test_sql (world->owner, sql);
    }
    oc_test_sql (world->owner,
        "create sequence floor.n start 1000000;"
        "create table floor.sample as select j.id as job, m.id as meter, m.customer, row_number() over () - 1 as nr"
        " from onecard.meter m join onecard.card_job_meter jm on jm.meter = m.id join onecard.card_job j on j.id = jm.job"
        " where m.directory <> '' and j.kind = 'purchase' and jm.count = 2;"
        "create index on floor.sample (nr); analyze floor.sample");
}

static const char floor_script[] =
    "\\set nr random(0, :samples - 1)\n"
    /* card_read: looks the card up and keeps what the meter wrote */
    "begin;\n"
    "select meter, customer, job, nextval('floor.n') as n, gen_random_uuid() as id from floor.sample where nr = :nr \\gset\n"
    "insert into floor.observation (id, meter, operator, branch, count, raw) values (:n, :meter, 1001, 1001, 1, '\\x00');\n"
    "update floor.meter set return_count = return_count, return_seen_at = now() where id = :meter;\n"
    "commit;\n"
    /* begin: the customer's lock, the job with both images, its trade */
    "begin;\n"
    "select from floor.customer where number = :customer for update;\n"
    "insert into floor.card_job select (jsonb_populate_record(j, jsonb_build_object('id', ':id', 'number', :n, 'card', :n))).* from floor.card_job j where id = ':job';\n"
    "insert into floor.card_job_meter (job, meter, slot, directory, count, amount, pending) values (':id', :n, 1, 'DF01', 1, 8, true);\n"
    "insert into floor.key_handout (id, job, attempt, directory, operator) values (:n, ':id', 1, 'DF01', 1001);\n"
    "insert into floor.trade (number, kind, request_id, job, customer, meter, purchase_count, due, received, operator, branch)"
    " values (:n, 'purchase', ':id', ':id', :customer, :n, 1, 8, 8, 1001, 1001);\n"
    "insert into floor.trade_line values (:n, 1, 'cash', null, null, null, null, -8), (:n, 2, 'item', 1, 1, 16, 0.4885, 8);\n"
    "commit;\n"
    /* finish: done */
    "begin;\n"
    "select from floor.customer where number = :customer for update;\n"
    "update floor.card_job_meter set pending = false where job = ':id';\n"
    "update floor.card_job set state = 'done', finished_at = now() where id = ':id';\n"
    "update floor.trade set state = 'effective' where job = ':id';\n"
    "update floor.meter set purchase_count = purchase_count + 1, last_purchase_at = now() where id = :meter;\n"
    "update floor.customer set balance = balance where number = :customer;\n"
    "commit;\n";

/* Transactions (sales) a second of pgbench with @clients. */
static double
run_floor (int clients)
{
    g_autofree char *script = g_build_filename (world->dir, "floor.sql", NULL);
    g_autofree char *samples = oc_test_sql_value (world->owner, "select 'samples=' || count(*) from floor.sample");
    g_autofree char *count = g_strdup_printf ("%d", clients);
    g_autofree char *time = g_strdup_printf ("%d", seconds);
    g_autofree char *version = oc_cluster_version (oc_test_cluster ());
    g_autofree char *program = g_strdup_printf ("/usr/lib/postgresql/%s/bin/pgbench", version);
    g_autofree char *password = oc_cluster_owner_password (oc_test_cluster (), NULL);
    g_autofree char *uri = g_strdup_printf ("%s user=onecard_owner", world->db->uri);
    const char *argv[] = { program, "-n", "-M", "simple", "-c", count, "-j", "2", "-T", time, "-D", samples, "-f", script, uri, NULL };
    g_autofree char *out = NULL;
    g_autofree char *err = NULL;
    g_autoptr(GError) error = NULL;
    const char *tps;
    int status;

    g_file_set_contents (script, floor_script, -1, &error);
    fail_on (error);
    g_setenv ("PGPASSWORD", password, TRUE);
    g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error);
    g_unsetenv ("PGPASSWORD");
    fail_on (error);
    if ((tps = strstr (out, "tps = ")) == NULL || status != 0)
        g_error ("pgbench: %s%s", out, err);

    return g_ascii_strtod (tps + strlen ("tps = "), NULL);
}

/* Time ----------------------------------------------------------------------------------------------------------- */

static int
compare_times (gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

    return (x > y) - (x < y);
}

static void
bench_one_station (void)
{
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = open_customer (station, TRUE);
    g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
    double mean_ms = 0, floor_ms;

    for (int i = 0; i < n_sales; i++) {
        gint64 start, took;

        station_insert (station, customer);
        start = g_get_monotonic_time ();
        sell (station, customer);
        took = g_get_monotonic_time () - start;
        g_array_append_val (times, took);
        mean_ms += took / 1000.0 / n_sales;
        station_remove (station);
        visit_meter (customer);
    }
    g_array_sort (times, compare_times);
    make_floor ();
    floor_ms = 1000 / run_floor (1);
    g_print ("one station   a sale %6.2f ms (median %.2f, p99 %.2f)   pgbench %6.2f ms   ratio %.2f   (aim <= 1.5)\n", mean_ms,
        g_array_index (times, gint64, n_sales / 2) / 1000.0, g_array_index (times, gint64, n_sales * 99 / 100) / 1000.0,
        floor_ms, mean_ms / floor_ms);
}

typedef struct {
    char *dir;
    Customer *customer;
    int sold;
    GThread *thread;
} Worker;

static gint ready, end_ms; /* atomic: stations that are signed in; when to stop, in ms of the monotonic clock */

static gpointer
work (gpointer data)
{
    Worker *self = data;
    Station station;

    station_open (&station, self->dir, world->db->uri, 1001);
    g_atomic_int_inc (&ready);
    while (g_atomic_int_get (&end_ms) == 0)
        g_usleep (1000);
    while ((gint) (g_get_monotonic_time () / 1000) < g_atomic_int_get (&end_ms)) {
        station_insert (&station, self->customer);
        sell (&station, self->customer);
        station_remove (&station);
        visit_meter (self->customer);
        self->sold++;
    }
    station_close (&station);

    return NULL;
}

static void
bench_many_stations (void)
{
    Worker workers[N_STATIONS] = { 0 };
    double sales = 0, floor_tps;

    for (int i = 0; i < N_STATIONS; i++) {
        workers[i].dir = g_strdup_printf ("%s/bench-%d", world->dir, i);
        workers[i].customer = open_customer (&world->stations[0], TRUE);
        g_mkdir (workers[i].dir, 0700);
        workers[i].thread = g_thread_new ("station", work, &workers[i]);
    }
    while (g_atomic_int_get (&ready) < N_STATIONS)
        g_usleep (1000);
    g_atomic_int_set (&end_ms, (gint) (g_get_monotonic_time () / 1000) + seconds * 1000);
    for (int i = 0; i < N_STATIONS; i++) {
        g_thread_join (workers[i].thread);
        sales += workers[i].sold;
        customer_free (workers[i].customer);
        g_free (workers[i].dir);
    }
    sales /= seconds;
    make_floor ();
    floor_tps = run_floor (N_STATIONS);
    g_print ("%d stations    %7.1f sales/s = %7.1f commits/s   pgbench %7.1f commits/s   ratio %.2f   (aim >= 0.7)\n", N_STATIONS,
        sales, sales * COMMITS_A_SALE, floor_tps * COMMITS_A_SALE, sales / floor_tps);
    world_check_ledger (world);
}

int
main (int argc, char **argv)
{
    if (argc > 1)
        n_sales = atoi (argv[1]);
    if (argc > 2)
        seconds = atoi (argv[2]);
    world = world_new ();
    put_cards_in_memory ();
    print_counts ("CPU card", count_sale (TRUE), LEAST_APDUS_CPU);
    print_counts ("24C04", count_sale (FALSE), LEAST_APDUS_24C);
    bench_one_station ();
    bench_many_stations ();
    forget_cards ();
    world_free (world);
    oc_test_cluster_end ();

    return 0;
}

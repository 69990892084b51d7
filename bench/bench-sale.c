/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sale costs, each figure beside its floor, measured in the same run on the same server:
 *   - database calls, APDUs and bytes written, beside the least that could do;
 *   - the time of one sale at one station, beside pgbench (floor.h) with one client;
 *   - the sales of eight stations at once, beside pgbench with eight clients.
 * A sale is: read the card, begin, write and read back, finish. Cards are simulated: what they keep is written to a file only
 * after the sale, since no plastic needs the station's processors for that. What they compute runs on the processors that the
 * server needs: so the time in database calls is told apart from the rest of a sale, and for eight stations beside the sales per
 * second of this machine also what the server's processes alone took for one.
 * That the meters take what was sold is not measured.
 * Twice: as a server is kept, each commit on the disk before it is answered; and without waiting for the disk, where nothing but
 * the work shows.
 *
 *   bench-sale [SALES [SECONDS]]: sales of one station, and seconds of each pgbench and of the eight stations */
#include <glib/gstdio.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "floor.h"
#include "ops/desk-private.h"

#define N_STATIONS 8
#define COMMITS_A_SALE 3
#define N_ROUNDS 8
#define N_CUSTOMERS 100 /* of a station: whoever has bought goes to his meter before he buys again */
#define N_WARM 8 /* sales after which a connection has compiled and planned all: it stays up all day */

static World *world;
static int n_sales = 300;
static int seconds = 16;

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

/* The card in hand before its station's reader: open, so that what a simulated one keeps and reads anew is not in the way of a sale. */
static OcSimCard *
take_along (const Customer *customer)
{
    g_autoptr(GError) error = NULL;
    OcSimCard *card = oc_sim_card_open (customer->card, &error);

    fail_on (error);
    oc_sim_card_set_kept (card, FALSE);

    return card;
}

static void
put_away (OcSimCard *card)
{
    g_autoptr(GError) error = NULL;

    oc_sim_card_save (card, &error);
    fail_on (error);
    oc_sim_card_free (card);
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

/* Time ----------------------------------------------------------------------------------------------------------- */

static int
compare_times (gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

    return (x > y) - (x < y);
}

/* Sums up what passes between a call and its answer. */
typedef struct {
    gint64 began, total;
} Calls;

static gboolean
on_call (gboolean before, guint call, const char *name, gpointer data)
{
    Calls *calls = data;

    if (before)
        calls->began = g_get_monotonic_time ();
    else
        calls->total += g_get_monotonic_time () - calls->began;

    return TRUE;
}

static void
sell_once (Station *station, const Customer *customer)
{
    station_insert (station, customer);
    sell (station, customer);
    station_remove (station);
    visit_meter (customer);
}

/* In turns with its floor: a machine that others work on too is not as fast now as it was ten seconds ago. */
static void
bench_one_station (void)
{
    Station *station = &world->stations[0];
    g_autoptr(Customer) customer = open_customer (station, TRUE);
    g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
    Calls calls = { 0 };
    double total_ms = 0, floor_tps = 0, mean_ms, calls_ms, floor_ms;
    Took took;

    for (int i = 0; i < N_WARM; i++)
        sell_once (station, customer);
    floor_make (world);
    for (int round = 0; round < N_ROUNDS; round++) {
        oc_db_set_fault (station->desk->dbs[OC_DESK_COUNTER], on_call, &calls);
        for (int i = 0; i < n_sales / N_ROUNDS; i++) {
            gint64 start, passed;

            station_insert_card (station, take_along (customer));
            start = g_get_monotonic_time ();
            sell (station, customer);
            passed = g_get_monotonic_time () - start;
            g_array_append_val (times, passed);
            total_ms += (double) passed / 1000;
            put_away (station_take (station));
            visit_meter (customer);
        }
        oc_db_set_fault (station->desk->dbs[OC_DESK_COUNTER], NULL, NULL);
        floor_tps += floor_run (world, 1, MAX (1, seconds / N_ROUNDS), &took);
    }
    floor_drop (world);
    g_array_sort (times, compare_times);
    mean_ms = total_ms / times->len;
    calls_ms = (double) calls.total / 1000 / times->len;
    floor_ms = 1000 * N_ROUNDS / floor_tps;
    g_print ("  one station  a sale %.2f ms (median %.2f, p99 %.2f), of it in database calls %.2f ms; pgbench %.2f ms\n"
        "               ratio %.2f, of the whole sale %.2f   (aim <= 1.5)\n",
        mean_ms, (double) g_array_index (times, gint64, times->len / 2) / 1000, (double) g_array_index (times, gint64, times->len * 99 / 100) / 1000,
        calls_ms, floor_ms, calls_ms / floor_ms, mean_ms / floor_ms);
}

/* A station sells in shifts, to a customer after the other; in between the customers go to their meters, and pgbench has the machine. */
typedef struct {
    char *dir;
    GPtrArray *customers;
    OcSimCard *cards[N_CUSTOMERS]; /* theirs, as they stand before the counter */
    int sold;
    GThread *thread;
} Worker;

static struct {
    pthread_barrier_t begin, sold, rested; /* N_STATIONS and the main thread */
    gint end_ms;                           /* atomic: of the monotonic clock; 0: all go home */
} shift;

static gpointer
work (gpointer data)
{
    Worker *self = data;
    Station station;

    station_open (&station, self->dir, world->db->uri, 1001);
    for (guint i = 0; i < N_CUSTOMERS; i++)
        g_ptr_array_add (self->customers, open_customer (&station, TRUE));
    for (int i = 0; i < N_WARM; i++)
        sell_once (&station, self->customers->pdata[0]);
    for (;;) {
        guint n = 0;

        for (guint i = 0; i < N_CUSTOMERS; i++)
            self->cards[i] = take_along (self->customers->pdata[i]);
        pthread_barrier_wait (&shift.rested);
        pthread_barrier_wait (&shift.begin);
        if (g_atomic_int_get (&shift.end_ms) == 0)
            break;
        while ((gint) (g_get_monotonic_time () / 1000) < g_atomic_int_get (&shift.end_ms)) {
            if (n == N_CUSTOMERS) { /* a machine that is quicker than was thought: a short shift */
                g_atomic_int_set (&shift.end_ms, 1);
                break;
            }
            station_insert_card (&station, self->cards[n]);
            sell (&station, self->customers->pdata[n]);
            self->cards[n++] = station_take (&station);
        }
        pthread_barrier_wait (&shift.sold);
        self->sold += (int) n;
        for (guint i = 0; i < N_CUSTOMERS; i++)
            put_away (self->cards[i]);
        while (n > 0)
            visit_meter (self->customers->pdata[--n]);
    }
    for (guint i = 0; i < N_CUSTOMERS; i++)
        put_away (self->cards[i]);
    station_close (&station);

    return NULL;
}

static void
begin_shift (int ms)
{
    g_atomic_int_set (&shift.end_ms, ms == 0 ? 0 : (gint) (g_get_monotonic_time () / 1000) + ms);
    pthread_barrier_wait (&shift.begin);
}

static void
add (Took *sum, Took took)
{
    sum->wall_s += took.wall_s;
    sum->server_s += took.server_s;
    sum->own_s += took.own_s;
}

static void
bench_many_stations (void)
{
    Worker workers[N_STATIONS] = { 0 };
    Took took = { 0 }, floor_took = { 0 };
    double n_sold = 0, floor_tps = 0, server_ms, floor_server_ms;

    pthread_barrier_init (&shift.begin, NULL, N_STATIONS + 1);
    pthread_barrier_init (&shift.sold, NULL, N_STATIONS + 1);
    pthread_barrier_init (&shift.rested, NULL, N_STATIONS + 1);
    for (int i = 0; i < N_STATIONS; i++) {
        workers[i].dir = g_strdup_printf ("%s/bench-%d", world->dir, i);
        workers[i].customers = g_ptr_array_new_with_free_func ((GDestroyNotify) customer_free);
        g_mkdir (workers[i].dir, 0700);
        workers[i].thread = g_thread_new ("station", work, &workers[i]);
    }
    pthread_barrier_wait (&shift.rested);
    floor_make (world);
    for (int round = 0; round < N_ROUNDS; round++) {
        Took start = took_now (), part;

        begin_shift (1000 * seconds / N_ROUNDS);
        pthread_barrier_wait (&shift.sold);
        add (&took, took_since (&start));
        pthread_barrier_wait (&shift.rested);
        floor_tps += floor_run (world, N_STATIONS, MAX (1, seconds / N_ROUNDS), &part) / N_ROUNDS;
        add (&floor_took, part);
    }
    floor_drop (world);
    begin_shift (0);
    for (int i = 0; i < N_STATIONS; i++) {
        g_thread_join (workers[i].thread);
        n_sold += workers[i].sold;
        g_ptr_array_unref (workers[i].customers);
        g_free (workers[i].dir);
    }
    server_ms = 1000 * took.server_s / n_sold;
    floor_server_ms = 1000 * floor_took.server_s / (floor_tps * N_ROUNDS * MAX (1, seconds / N_ROUNDS));
    g_print ("  %d stations   %.0f sales/s = %.0f commits/s; pgbench %.0f commits/s: ratio %.2f   (aim >= 0.7)\n"
        "               processor time a sale: server %.2f ms, stations with their cards %.2f ms; pgbench's server %.2f ms: ratio %.2f\n",
        N_STATIONS, n_sold / took.wall_s, n_sold / took.wall_s * COMMITS_A_SALE, floor_tps * COMMITS_A_SALE, n_sold / took.wall_s / floor_tps,
        server_ms, 1000 * took.own_s / n_sold, floor_server_ms, floor_server_ms / server_ms);
    world_check_ledger (world);
}

/* Tests run without waiting for the disk, to be quick. */
static void
keep_on_disk (gboolean wait)
{
    g_autoptr(OcDb) superuser = oc_test_db_superuser (world->db);
    g_autofree char *fsync = g_strdup_printf ("alter system set fsync = %s", wait ? "on" : "off");
    g_autofree char *pages = g_strdup_printf ("alter system set full_page_writes = %s", wait ? "on" : "off");

    oc_test_sql (superuser, fsync);
    oc_test_sql (superuser, pages);
    oc_test_sql (superuser, "select pg_reload_conf()");
    oc_test_sql (superuser, "checkpoint");
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
    for (int wait = 1; wait >= 0; wait--) {
        keep_on_disk (wait);
        g_print ("%s\n", wait ? "each commit on the disk" : "without waiting for the disk");
        bench_one_station ();
        bench_many_stations ();
    }
    forget_cards ();
    world_free (world);
    oc_test_cluster_end ();

    return 0;
}

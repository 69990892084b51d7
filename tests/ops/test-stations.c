/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several stations at once: on one card, on copies of one card, on one meter, and two hundred customers on eight of them;
 * and openings of several sub-meters that are cut between them. */
#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "kill/world.h"
#include "ops/desk-private.h"

#define N_STATIONS 8
#define N_CARDS 25 /* of each station */

static char *
value_of (World *world, const char *sql)
{
    return oc_test_sql_value (world->owner, sql);
}

static void
assert_value (World *world, const char *sql, const char *expected)
{
    g_autofree char *value = value_of (world, sql);

    g_assert_cmpstr (value, ==, expected);
}

static void
put_in_meter (const Customer *customer, OcMeterError expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimMeter) meter = oc_sim_meter_open (customer->meter, &error);
    OcSimMeterReport report;

    g_assert_no_error (error);
    oc_sim_meter_insert (meter, customer->card, NULL, &report, &error);
    g_assert_no_error (error);
    g_assert_cmpint (report.error, ==, expected);
}

/* A third station, on a thread of its own, that stops in the middle of writing until it is let go on. */
typedef struct {
    World *world;
    const Customer *customer;
    GMutex lock;
    GCond cond;
    gboolean writing, go_on;
    OcOutcome *outcome;
    GError *error;
} Slow;

static void
on_apdu (const guint8 *in, gsize in_len, const guint8 *out, gsize out_len, gpointer data)
{
    Slow *self = data;

    if (out != NULL || in_len < 2 || (in[1] != 0xD0 && in[1] != 0xD6))
        return;
    g_mutex_lock (&self->lock);
    self->writing = TRUE;
    g_cond_broadcast (&self->cond);
    while (!self->go_on)
        g_cond_wait (&self->cond, &self->lock);
    g_mutex_unlock (&self->lock);
}

static gpointer
slow_thread (gpointer data)
{
    Slow *self = data;
    g_autofree char *dir = g_strdup_printf ("%s/station-slow", self->world->dir);
    Station station;

    g_mkdir (dir, 0700);
    station_open (&station, dir, self->world->db->uri, 1001);
    station_insert (&station, self->customer);
    oc_sim_slot_set_trace (station.slot, on_apdu, self);
    self->outcome = act_purchase (&station, self->customer, 20, &self->error);
    oc_sim_slot_set_trace (station.slot, NULL, NULL);
    station_remove (&station);
    station_close (&station);

    return NULL;
}

static GThread *
begin_slowly (Slow *self, World *world, const Customer *customer)
{
    GThread *thread;

    *self = (Slow){ .world = world, .customer = customer };
    g_mutex_init (&self->lock);
    g_cond_init (&self->cond);
    thread = g_thread_new ("slow station", slow_thread, self);
    g_mutex_lock (&self->lock);
    while (!self->writing)
        g_cond_wait (&self->cond, &self->lock);
    g_mutex_unlock (&self->lock);

    return thread;
}

static void
let_go_on (Slow *self, GThread *thread)
{
    g_mutex_lock (&self->lock);
    self->go_on = TRUE;
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->lock);
    g_thread_join (thread);
    g_mutex_clear (&self->lock);
    g_cond_clear (&self->cond);
}

/* A customer who has bought and used, and a copy of the card as it is now: what a 24C reader can make of it. */
static Customer *
customer_with_copy (World *world, Customer **copy)
{
    Customer *customer = world_customer (world, FALSE);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) opened = NULL;
    g_autofree char *content = NULL;

    station_insert (&world->stations[0], customer);
    opened = act_open (&world->stations[0], customer, 100, &error);
    g_assert_no_error (error);
    station_remove (&world->stations[0]);
    put_in_meter (customer, OC_METER_OK);

    *copy = g_new0 (Customer, 1);
    **copy = *customer;
    (*copy)->card = g_strconcat (customer->card, "-copy", NULL);
    (*copy)->meter = g_strdup (customer->meter);
    g_assert_true (g_file_get_contents (customer->card, &content, NULL, &error));
    g_assert_true (g_file_set_contents_full ((*copy)->card, content, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error));

    return customer;
}

/* While the first station writes, the second one with the copy is told who serves; afterwards the copy is out of date. */
static void
test_copy_before_lease (void)
{
    World *world = world_new ();
    Station *second = &world->stations[1];
    g_autoptr(Customer) copy = NULL;
    g_autoptr(Customer) customer = customer_with_copy (world, &copy);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcReading) reading = NULL;
    Slow slow;
    GThread *thread = begin_slowly (&slow, world, customer);

    station_insert (second, copy);
    reading = oc_read_card (second->desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_reading_state (reading), ==, "in-doubt");
    g_assert_cmpstr (oc_rows_text (oc_reading_card (reading), 0, "serving_operator"), ==, "管理员");
    g_assert_null (act_purchase (second, copy, 20, &error));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC030");
    g_assert_nonnull (strstr (error->message, "默认网点"));
    g_clear_error (&error);

    let_go_on (&slow, thread);
    g_assert_no_error (slow.error);
    oc_outcome_free (slow.outcome);
    g_assert_null (act_purchase (second, copy, 20, &error));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC027");
    station_remove (second);
    world_check (world, customer);
    world_free (world);
}

/* After the lease the second station may complete the sale on the copy, but never undo it: the first one may be writing
 * still. What the first one then says of its own write is kept, listed, and bars the meter. */
static void
test_copy_after_lease (void)
{
    World *world = world_new ();
    Station *second = &world->stations[1];
    g_autoptr(Customer) copy = NULL;
    g_autoptr(Customer) customer = customer_with_copy (world, &copy);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) settled = NULL;
    Slow slow;
    GThread *thread = begin_slowly (&slow, world, customer);

    world_expire_leases (world);
    station_insert (second, copy);
    g_assert_null (oc_unfinished_settle (second->desk, &(OcSettleAsk){ .undo = TRUE }, NULL, &error));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC035");
    g_clear_error (&error);
    settled = oc_unfinished_settle (second->desk, &(OcSettleAsk){ 0 }, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_fields_get (settled->fields, "state"), ==, "done");
    station_remove (second);

    let_go_on (&slow, thread);
    g_assert_null (slow.outcome);
    g_assert_cmpstr (oc_error_get_code (slow.error), ==, "OC032");
    g_clear_error (&slow.error);
    assert_value (world, "select count(*) from onecard.trade where state = 'void'", "0");
    assert_value (world, "select count(*) from onecard.conflict where state = 'open'", "1");

    /* The meter takes one of the two cards, once. */
    put_in_meter (customer, OC_METER_OK);
    put_in_meter (copy, OC_METER_OK);
    station_insert (second, copy);
    g_assert_null (act_purchase (second, copy, 20, &error));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC038");
    station_remove (second);
    world_check (world, customer);
    world_free (world);
}

/* One meter number, two customers, at the same moment. */
typedef struct {
    World *world;
    Customer *customer;
    int number;
    int *started; /* atomic */
    char *code;   /* of the refusal; NULL: opened */
} Opener;

static gpointer
open_thread (gpointer data)
{
    Opener *self = data;
    g_autofree char *dir = g_strdup_printf ("%s/opener-%d", self->world->dir, self->number);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    Station station;

    g_mkdir (dir, 0700);
    station_open (&station, dir, self->world->db->uri, 1001 + self->number);
    station_insert (&station, self->customer);
    g_atomic_int_inc (self->started);
    while (g_atomic_int_get (self->started) < 2)
        g_usleep (10);
    outcome = act_open (&station, self->customer, 50, &error);
    self->code = g_strdup (error ? oc_error_get_code (error) : NULL);
    station_remove (&station);
    station_close (&station);

    return NULL;
}

static void
test_one_meter (void)
{
    World *world = world_new ();
    int started = 0;
    Opener openers[2];
    GThread *threads[2];

    for (int i = 0; i < 2; i++) {
        openers[i] = (Opener){ world, world_customer (world, TRUE), i, &started, NULL };
        g_strlcpy (openers[i].customer->number, "000000000077", sizeof openers[i].customer->number);
        threads[i] = g_thread_new ("opener", open_thread, &openers[i]);
    }
    for (int i = 0; i < 2; i++)
        g_thread_join (threads[i]);
    g_assert_true ((openers[0].code == NULL) != (openers[1].code == NULL));
    g_assert_true (g_strv_contains ((const char *const[]){ "OC030", "OC045", NULL }, openers[0].code ? openers[0].code : openers[1].code));
    assert_value (world, "select count(*) from onecard.meter where number = '000000000077' and state = 'open'", "1");
    world_check_ledger (world);
    for (int i = 0; i < 2; i++) {
        g_free (openers[i].code);
        customer_free (openers[i].customer);
    }
    world_free (world);
}

/* Eight stations serve twenty-five customers each. */
typedef struct {
    World *world;
    int number;
    Customer *customers[N_CARDS];
} Counter;

static gpointer
counter_thread (gpointer data)
{
    Counter *self = data;
    g_autofree char *dir = g_strdup_printf ("%s/counter-%d", self->world->dir, self->number);
    Station station;

    g_mkdir (dir, 0700);
    station_open (&station, dir, self->world->db->uri, 1001 + self->number % 2);
    for (int i = 0; i < N_CARDS; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(OcOutcome) opened = NULL;
        g_autoptr(OcOutcome) bought = NULL;

        station_insert (&station, self->customers[i]);
        opened = act_open (&station, self->customers[i], 100, &error);
        g_assert_no_error (error);
        station_remove (&station);
        put_in_meter (self->customers[i], OC_METER_OK);
        station_insert (&station, self->customers[i]);
        bought = act_purchase (&station, self->customers[i], 10, &error);
        g_assert_no_error (error);
        station_remove (&station);
    }
    station_close (&station);

    return NULL;
}

static void
test_two_hundred (void)
{
    World *world = world_new ();
    Counter counters[N_STATIONS];
    GThread *threads[N_STATIONS];
    g_autofree char *total = g_strdup_printf ("%d", N_STATIONS * N_CARDS);

    for (int i = 0; i < N_STATIONS; i++) {
        counters[i] = (Counter){ world, i, { 0 } };
        for (int k = 0; k < N_CARDS; k++)
            counters[i].customers[k] = world_customer (world, k % 2 == 0);
    }
    for (int i = 0; i < N_STATIONS; i++)
        threads[i] = g_thread_new ("counter", counter_thread, &counters[i]);
    for (int i = 0; i < N_STATIONS; i++)
        g_thread_join (threads[i]);

    assert_value (world, "select count(*) from onecard.meter where purchase_count = 2", total);
    assert_value (world, "select count(*) from onecard.trade where purchase_count = 1 and state = 'effective'", total);
    assert_value (world, "select count(*) from onecard.trade where purchase_count = 2 and state = 'effective'", total);
    assert_value (world, "select count(*) from onecard.trade where state <> 'effective'", "0");
    world_check_ledger (world);
    for (int i = 0; i < N_STATIONS; i++)
        for (int k = 0; k < N_CARDS; k++)
            customer_free (counters[i].customers[k]);
    world_free (world);
}

/* Several sub-meters in one opening ------------------------------------------------------------------------------- */

#define MAX_METERS 3

typedef struct {
    const char *family, *layout, *type, *model, *user_type, *price;
    int slots[MAX_METERS];
    guint n;
    gint64 presale, hoarding;
} Kind;

static const Kind kinds[] = {
    { "cpu", "cpu-electricity-63", "electricity", "RT-dt", "居民用电", "居民电价", { 1, 4 }, 2, 1000000, 10000000 },
    { "24c16", "mem-24c", "cold-water", "24C16接触式冷水表", "居民用水", "居民水价", { 2, 3, 8 }, 3, 30000, 0 },
};

static char *
meter_number (guint round, guint i)
{
    return g_strdup_printf ("%012u", 1000 + round * 10 + i);
}

static OcOutcome *
open_several (Station *station, const Kind *kind, guint round, GError **error)
{
    OcOpenMeter meters[MAX_METERS] = { 0 };
    g_autofree char *request = oc_request_id ();
    OcOutcome *outcome;

    for (guint i = 0; i < kind->n; i++)
        meters[i] = (OcOpenMeter){ .slot = kind->slots[i], .model = kind->model, .meter = meter_number (round, i),
            .user_type = kind->user_type, .price = kind->price, .amount = { 400000 } };
    outcome = oc_open_account (station->desk, &(OcOpenAsk){ .request_id = request, .name = "many", .address = "here", .household = 3,
        .meters = meters, .n_meters = kind->n, .expected_due = { -1 } }, NULL, error);
    for (guint i = 0; i < kind->n; i++)
        g_free ((char *) meters[i].meter);

    return outcome;
}

static gint64
sold_to (World *world, const char *number)
{
    g_autofree char *sql = g_strdup_printf (
        "select coalesce(sum(t.card_amount) * 10000, 0)::bigint from onecard.trade t join onecard.meter m on m.id = t.meter"
        " where m.number = '%s' and t.state = 'effective'", number);
    g_autofree char *value = value_of (world, sql);

    return g_ascii_strtoll (value, NULL, 10);
}

/* Every meter gets the card, and credits exactly what was sold for it. */
static void
put_in_all (World *world, const Kind *kind, guint round, const char *card, gboolean opened)
{
    for (guint i = 0; i < kind->n; i++) {
        g_autofree char *number = meter_number (round, i);
        g_autofree char *path = g_strdup_printf ("%s/meter-%s", world->dir, number);
        g_autoptr(GError) error = NULL;
        g_autoptr(OcSimMeter) meter = NULL;
        OcSimMeterReport report;

        oc_sim_meter_make (path, &(OcSimMeterMake){ .layout = kind->layout, .number = number, .type = kind->type,
            .presale = kind->presale, .hoarding = kind->hoarding, .keys = &world->keys }, &error);
        g_assert_no_error (error);
        meter = oc_sim_meter_open (path, &error);
        g_assert_no_error (error);
        oc_sim_meter_insert (meter, card, NULL, &report, &error);
        g_assert_no_error (error);
        g_assert_cmpint (oc_sim_meter_credited (meter), ==, sold_to (world, number));
        g_assert_cmpint (oc_sim_meter_credited (meter) > 0, ==, opened);
    }
}

static const char pending_sql[] = "select coalesce((select id::text from onecard.card_job where state = 'pending'), '')";

/* The opening is cut before APDU @at. FALSE: it came to its end before that. */
static gboolean
cut_at (World *world, const Kind *kind, guint round, guint at)
{
    Station *station = &world->stations[0];
    Customer card = { .cpu = strcmp (kind->family, "cpu") == 0 };
    g_autofree char *fault = g_strdup_printf ("pull@%u", at);
    g_autofree char *pending = NULL;
    g_autofree char *open_meters = NULL;
    g_autofree char *count_sql = NULL;
    g_autofree char *all = g_strdup_printf ("%u", kind->n);
    g_autofree char *path = g_strdup_printf ("%s/many-%u", world->dir, round);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    gboolean sent;

    card.card = path;
    oc_sim_card_make (card.card, kind->family, &world->keys, NULL, &error);
    g_assert_no_error (error);
    station_insert (station, &card);
    g_assert_true (oc_sim_slot_set_faults (station->slot, fault, NULL));
    outcome = open_several (station, kind, round, &error);
    sent = outcome == NULL;
    pending = value_of (world, pending_sql);
    station_insert (station, &card);
    if (*pending) {
        g_autoptr(OcReading) reading = oc_read_card (station->desk, &(OcReadAsk){ .settle = TRUE, .whole = TRUE }, NULL, NULL);
        g_autofree char *still = value_of (world, pending_sql);

        g_assert_nonnull (reading);
        if (*still) { /* a blank memory card does not say whose it was to be */
            g_autoptr(OcOutcome) settled = NULL;

            g_clear_error (&error);
            settled = oc_unfinished_settle (station->desk, &(OcSettleAsk){ still, FALSE }, NULL, &error);
            g_assert_no_error (error);
        }
    }
    station_remove (station);
    assert_value (world, pending_sql, "");

    /* All of them, or none: forward only once the first was on the card. */
    count_sql = g_strdup_printf ("select count(*) from onecard.meter where state = 'open' and number between '%012u' and '%012u'",
        1000 + round * 10, 1000 + round * 10 + 9);
    open_meters = value_of (world, count_sql);
    if (*pending || outcome)
        g_assert_cmpstr (open_meters, ==, all);
    else
        g_assert_cmpstr (open_meters, ==, "0");
    put_in_all (world, kind, round, card.card, *pending || outcome);
    world_check_ledger (world);

    return sent;
}

static void
test_several (gconstpointer data)
{
    const Kind *kind = data;
    World *world = world_new ();
    guint at = 1;

    while (cut_at (world, kind, at, at))
        g_assert_cmpuint (++at, <, 200);
    g_test_message ("cut before each of %u APDUs", at - 1);
    g_assert_cmpuint (at, >, 20);
    world_free (world);
}

int
main (int argc, char **argv)
{
    int result;

    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/ops/stations/copy-before-lease", test_copy_before_lease);
    g_test_add_func ("/ops/stations/copy-after-lease", test_copy_after_lease);
    g_test_add_func ("/ops/stations/one-meter", test_one_meter);
    g_test_add_func ("/ops/stations/two-hundred", test_two_hundred);
    g_test_add_data_func ("/ops/stations/several/cpu", &kinds[0], test_several);
    g_test_add_data_func ("/ops/stations/several/24c16", &kinds[1], test_several);
    result = g_test_run ();
    oc_test_cluster_end ();

    return result;
}

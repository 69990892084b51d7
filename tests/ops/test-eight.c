/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One 24C16 with eight sub-meters of every type: opened together, bought for one by one, and each meter takes its own and nothing
 * else. */
#include <string.h>

#include "kill/world.h"

#define N 8

static const struct {
    int type;
    const char *name, *model, *user_type, *price;
} types[] = {
    { 1, "electricity", "24C16八表电表", "电表用户", "电表电价" },
    { 2, "cold-water", "24C16接触式冷水表", "居民用水", "居民水价" },
    { 3, "gas", "24C16八表燃气表", "管道气用户", "管道气价" },
    { 4, "hot-water", "24C16八表热水表", "热水用户", "热水八表价" },
    { 5, "heat", "24C16八表热量表", "热量用户", "热量八表价" },
};
/* As the demo's sub-meters are: a type for each slot. */
static const int type_of_slot[N] = { 1, 2, 2, 1, 4, 3, 5, 2 };

static World *world;
static char *card_path, *meter_paths[N];
static char numbers[N][13];

static void
prepare_types (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
        g_autofree char *sql = NULL;

        if (types[i].type == 2)
            continue;
        sql = g_strdup_printf ("insert into onecard.meter_model (meter_type, name, layout, chip, step) values (%d, '%s', 'mem-24c', '24c16', 0.1);"
            " insert into onecard.user_type (meter_type, name, alarm_1, alarm_2, hoarding, presale, purchase_limit)"
            " values (%d, '%s', 10, 5, 2000, 3, 1000); select admin.flat_price(%d, '%s', '%s项', 2.5)",
            types[i].type, types[i].model, types[i].type, types[i].user_type, types[i].type, types[i].price, types[i].price);
        oc_test_sql (world->owner, sql);
    }
}

static void
make_things (void)
{
    g_autoptr(GError) error = NULL;

    card_path = g_strdup_printf ("%s/eight", world->dir);
    oc_sim_card_make (card_path, "24c16", &world->keys, NULL, &error);
    g_assert_no_error (error);
    for (int i = 0; i < N; i++) {
        meter_paths[i] = g_strdup_printf ("%s/eight-%d", world->dir, i + 1);
        g_snprintf (numbers[i], sizeof numbers[i], "%012d", 8000 + i);
        oc_sim_meter_make (meter_paths[i], &(OcSimMeterMake){ .layout = "mem-24c", .number = numbers[i],
            .type = types[type_of_slot[i] - 1].name, .presale = 30000, .keys = &world->keys }, &error);
        g_assert_no_error (error);
    }
}

static gint64
sold_to (const char *number)
{
    g_autofree char *sql = g_strdup_printf ("select coalesce(sum(t.card_amount) * 10000, 0)::bigint from onecard.trade t"
        " join onecard.meter m on m.id = t.meter where m.number = '%s' and t.state = 'effective'", number);
    g_autofree char *value = oc_test_sql_value (world->owner, sql);

    return g_ascii_strtoll (value, NULL, 10);
}

/* Every meter gets the card. @credits: whether slot i + 1 has something new for it. */
static void
put_in_all (guint credits)
{
    for (int i = 0; i < N; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(OcSimMeter) meter = oc_sim_meter_open (meter_paths[i], &error);
        OcSimMeterReport report;

        g_assert_no_error (error);
        oc_sim_meter_insert (meter, card_path, NULL, &report, &error);
        g_assert_no_error (error);
        g_assert_cmpint (report.error, ==, OC_METER_OK);
        g_assert_cmpint (report.credited, ==, (credits >> i & 1) != 0);
        g_assert_cmpint (oc_sim_meter_credited (meter), ==, sold_to (numbers[i]));
    }
}

static void
open_all (Station *station)
{
    OcOpenMeter meters[N] = { 0 };
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < N; i++) {
        const int t = type_of_slot[i] - 1;

        meters[i] = (OcOpenMeter){ .slot = i + 1, .model = types[t].model, .meter = numbers[i], .user_type = types[t].user_type,
            .price = types[t].price, .amount = { (i + 1) * 100000 } };
    }
    station_insert_file (station, card_path);
    outcome = oc_open_account (station->desk, &(OcOpenAsk){ .request_id = request, .name = "吴敏", .address = "没有地方", .household = 3,
        .meters = meters, .n_meters = N, .expected_due = { -1 }, .pay = "cash" }, NULL, &error);
    g_assert_no_error (error);
    station_remove (station);
}

static OcReading *
read_card (Station *station)
{
    g_autoptr(GError) error = NULL;
    OcReading *reading;

    station_insert_file (station, card_path);
    reading = oc_read_card (station->desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (oc_reading_state (reading), ==, "current");
    g_assert_cmpuint (oc_rows_count (oc_reading_meters (reading)), ==, N);
    return reading;
}

static void
buy (Station *station, int i)
{
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcReading) reading = read_card (station);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    outcome = oc_purchase (station->desk, &(OcPurchaseAsk){ .request_id = request, .reading = reading,
        .sub_meter = type_of_slot[i] * 10 + i + 1, .amount = { (20 + i) * 10000 }, .expected_due = { -1 }, .pay = "cash" }, NULL, &error);
    g_assert_no_error (error);
    station_remove (station);
}

static void
test_eight (void)
{
    prepare_types ();
    make_things ();
    open_all (&world->stations[0]);
    put_in_all (0xFF);
    world_check_ledger (world);
    for (int i = 0; i < N; i++) { /* one at a time, each at the other branch */
        g_autoptr(OcReading) before = read_card (&world->stations[i % 2]);

        station_remove (&world->stations[i % 2]);
        for (guint m = 0; m < N; m++)
            g_assert_cmpstr (oc_rows_text (oc_reading_meters (before), m, "reason_code"), ==, "");
        buy (&world->stations[i % 2], i);
        put_in_all (1u << i);
    }
    for (int i = 0; i < N; i++) { /* all before any meter has taken its own */
        g_autoptr(OcReading) seen = read_card (&world->stations[0]);

        station_remove (&world->stations[0]);
        buy (&world->stations[0], i);
    }
    put_in_all (0xFF);
    world_check_ledger (world);
}

int
main (int argc, char **argv)
{
    int status;

    g_test_init (&argc, &argv, NULL);
    world = world_new ();
    g_test_add_func ("/eight/mixed", test_eight);
    status = g_test_run ();
    world_free (world);
    oc_test_cluster_end ();
    g_free (card_path);
    for (int i = 0; i < N; i++)
        g_free (meter_paths[i]);
    return status;
}

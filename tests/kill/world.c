/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kill/world.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "ops/desk-private.h"

#define DEADLINE_US (20 * G_TIME_SPAN_SECOND)

static OcSimReaderKind reader_kind = OC_SIM_READER_ACS;
static const char *cpu_model = "RT-dt";

#define WATER .type = "cold-water", .presale = 30000, .sub_meter = 22, .user_type = "居民用水", .price = "居民水价"

static const Plastic plastics[] = {
    { "cpu", "CPU card", "cpu", OC_SIM_READER_ACS, .layout = "cpu-electricity-63", .type = "electricity", .presale = 1000000,
        .hoarding = 10000000, .sub_meter = 11, .second = 14, .model = "RT-dt", .user_type = "居民用电", .price = "居民电价" },
    { "cpu-2013", "CPU card, electricity meter of 2013", "cpu", OC_SIM_READER_ACS, .layout = "cpu-electricity-2013", .type = "electricity",
        .presale = 1000000, .hoarding = 10000000, .sub_meter = 11, .model = "CPU卡阶梯电表", .user_type = "居民用电", .price = "居民阶梯电价" },
    { "cpu-water", "CPU card, water meter", "cpu", OC_SIM_READER_ACS, .layout = "cpu-water", .model = "CPU卡冷水表", WATER },
    { "cpu-gas", "CPU card, gas meter", "cpu", OC_SIM_READER_ACS, .layout = "cpu-gas", .type = "gas", .presale = 200000, .sub_meter = 36,
        .model = "CPU卡燃气表", .user_type = "居民用气", .price = "居民阶梯气价" },
    { "cpu-heat", "CPU card, heat meter", "cpu", OC_SIM_READER_ACS, .layout = "cpu-heat", .type = "heat", .presale = 1000000, .sub_meter = 57,
        .model = "CPU卡热量表", .user_type = "居民采暖", .price = "居民热价" },
    { "24c", "24C04", "24c04", OC_SIM_READER_ACS, .layout = "mem-24c", .second = 23, .model = "24C04接触式冷水表", WATER },
    { "24c-omnikey", "24C04 in an OMNIKEY reader", "24c04", OC_SIM_READER_OMNIKEY, .layout = "mem-24c", .model = "24C04接触式冷水表", WATER },
    { "24c01", "24C01", "24c01", OC_SIM_READER_ACS, .layout = "mem-24c", .type = "electricity", .presale = 1000000, .sub_meter = 11,
        .model = "24C01电表", .user_type = "居民用电", .price = "居民电价" },
    { "24c02", "24C02", "24c02", OC_SIM_READER_ACS, .layout = "mem-24c", .model = "24C02接触式冷水表", WATER },
    { "24c08", "24C08", "24c08", OC_SIM_READER_ACS, .layout = "mem-24c", .model = "24C08接触式冷水表", WATER },
    { "24c16", "24C16", "24c16", OC_SIM_READER_ACS, .layout = "mem-24c", .model = "24C16接触式冷水表", WATER },
    { "24c32", "24C32", "24c32", OC_SIM_READER_ACS, .layout = "mem-24c", .model = "24C32接触式冷水表", WATER },
    { "24c64", "24C64", "24c64", OC_SIM_READER_ACS, .layout = "mem-24c", .model = "24C64接触式冷水表", WATER },
    { "4442", "SLE4442", "4442", OC_SIM_READER_ACS, .layout = "mem-4442", .model = "4442接触式冷水表", WATER },
    { "4442-omnikey", "SLE4442 in an OMNIKEY reader", "4442", OC_SIM_READER_OMNIKEY, .layout = "mem-4442",
        .model = "4442接触式冷水表", WATER },
};

const Plastic *
plastic_find (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (plastics); i++)
        if (name == NULL || strcmp (plastics[i].name, name) == 0)
            return &plastics[i];
    g_error ("there is no plastic %s", name);
}

void
world_set_reader (OcSimReaderKind kind)
{
    reader_kind = kind;
}

void
world_set_model (const char *model)
{
    cpu_model = model;
}

static void
prepare (OcDb *owner)
{
    oc_test_sql (owner, "select admin.init_demo()");
    /* of the chips that the demo's own meters have none of */
    oc_test_sql (owner, "insert into onecard.meter_model (meter_type, name, layout, chip, step, bore)"
        " select 2, upper(chip) || '接触式冷水表', layout, chip, 0.1, 25 from onecard.card_chip where chip not in ('24c01', '24c04', '24c16')"
        " union all select 1, '24C01电表', 'mem-24c', '24c01', 0.1, null");
}

void
world_keys (World *self, OcSimKeys *keys)
{
    g_autoptr(OcRows) rows = NULL;
    g_autoptr(GError) error = NULL;

    oc_sim_keys_init (keys);
    oc_db_call0 (self->owner, "admin.sim_keys", &rows, &error);
    g_assert_no_error (error);
    for (guint i = 0; i < oc_rows_count (rows); i++) {
        g_autoptr(GBytes) secret = oc_rows_bytes (rows, i, "secret");

        oc_sim_keys_set (keys, oc_rows_text (rows, i, "purpose"), secret, &error);
        g_assert_no_error (error);
    }
}

void
station_open (Station *self, const char *dir, const char *uri, int operator_number)
{
    g_autofree char *password = g_strdup_printf ("%d", operator_number);
    g_autoptr(GError) error = NULL;

    self->dir = g_strdup (dir);
    self->slot = oc_sim_slot_new (reader_kind, NULL);
    self->desk = oc_desk_new (&(OcDeskOptions){
        .data_dir = dir, .uri = uri, .role_prefix = "onecard", .reader = oc_sim_slot_reader (self->slot) });
    oc_desk_use_here (self->desk);
    oc_sign_in (self->desk, &(OcSignInAsk){ operator_number, password }, NULL, &error);
    g_assert_no_error (error);
}

void
station_close (Station *self)
{
    oc_desk_close (self->desk, FALSE);
    g_clear_object (&self->desk);
    g_clear_pointer (&self->slot, oc_sim_slot_unref);
    g_clear_pointer (&self->dir, g_free);
}

void
station_take_over (Station *station)
{
    oc_desk_use_here (station->desk);
    if (station->desk->dbs[OC_DESK_COUNTER])
        oc_db_adopt (station->desk->dbs[OC_DESK_COUNTER]);
}

static void
wait_for (Station *self, OcDeskPresence presence)
{
    gint64 end = g_get_monotonic_time () + DEADLINE_US;

    while (oc_desk_get_presence (self->desk) != presence) {
        g_assert_cmpint (g_get_monotonic_time (), <, end);
        g_usleep (200);
    }
}

void
station_insert_file (Station *self, const char *path)
{
    g_autoptr(GError) error = NULL;

    station_remove (self);
    oc_sim_slot_insert (self->slot, path, FALSE, &error);
    g_assert_no_error (error);
    wait_for (self, OC_DESK_CARD);
}

void
station_insert (Station *self, const Customer *customer)
{
    station_insert_file (self, customer->card);
}

void
station_insert_card (Station *self, OcSimCard *card)
{
    station_remove (self);
    oc_sim_slot_insert_card (self->slot, card, FALSE);
    wait_for (self, OC_DESK_CARD);
}

OcSimCard *
station_take (Station *self)
{
    OcSimCard *card = oc_sim_slot_take (self->slot);

    wait_for (self, OC_DESK_NO_CARD);

    return card;
}

void
station_remove (Station *self)
{
    oc_sim_slot_set_faults (self->slot, NULL, NULL);
    if (!oc_sim_slot_is_plugged (self->slot))
        oc_sim_slot_set_plugged (self->slot, TRUE);
    oc_sim_slot_remove (self->slot);
    wait_for (self, OC_DESK_NO_CARD);
}

void
world_station_anew (World *self, int i, int operator_number)
{
    g_autofree char *dir = g_strdup (self->stations[i].dir);

    station_close (&self->stations[i]);
    station_open (&self->stations[i], dir, self->db->uri, operator_number);
}

static void
keep_model (World *self)
{
    g_autofree char *sql = g_strdup_printf ("delete from onecard.meter_model where chip = 'cpu' and name <> '%s'", cpu_model);

    oc_test_sql (self->owner, sql);
}

World *
world_new (void)
{
    World *self = g_new0 (World, 1);

    oc_test_db_prepare (prepare);
    self->db = oc_test_db_new ();
    self->owner = oc_test_db_owner (self->db);
    self->dir = oc_test_dir_new ();
    self->cards = g_strdup (self->dir);
    keep_model (self);
    world_keys (self, &self->keys);
    for (int i = 0; i < 2; i++) {
        g_autofree char *dir = g_strdup_printf ("%s/station-%d", self->dir, i + 1);

        g_mkdir (dir, 0700);
        station_open (&self->stations[i], dir, self->db->uri, 1001 + i);
    }

    return self;
}

void
world_free (World *self)
{
    for (int i = 0; i < 2; i++)
        station_close (&self->stations[i]);
    oc_sim_keys_clear (&self->keys);
    oc_db_free (self->owner);
    oc_test_db_free (self->db);
    oc_test_dir_remove (self->dir);
    g_free (self->dir);
    g_free (self);
}

/* The meter, and what is known of the card. */
static char *
make_meter (World *self, const Plastic *plastic, const char *number)
{
    char *path = g_strdup_printf ("%s/meter-%s", self->cards, number);
    g_autoptr(GError) error = NULL;

    oc_sim_meter_make (path, &(OcSimMeterMake){
        .layout = plastic->layout, .number = number, .type = plastic->type, .presale = plastic->presale,
        .hoarding = plastic->hoarding, .keys = &self->keys }, &error);
    g_assert_no_error (error);

    return path;
}

static Customer *
customer_new (World *self, const Plastic *plastic, int sub_meter)
{
    Customer *customer = g_new0 (Customer, 1);

    self->n_customers++;
    customer->plastic = plastic;
    customer->cpu = strcmp (plastic->family, "cpu") == 0;
    customer->sub_meter = sub_meter;
    g_snprintf (customer->number, sizeof customer->number, "%012u", self->n_customers);
    customer->meter = make_meter (self, plastic, customer->number);

    return customer;
}

static void
make_card (World *self, Customer *customer, const char *family)
{
    g_autoptr(GError) error = NULL;

    customer->card = g_strdup_printf ("%s/card-%s", self->cards, customer->number);
    oc_sim_card_make (customer->card, family, &self->keys, NULL, &error);
    g_assert_no_error (error);
}

Customer *
world_customer_of (World *self, const Plastic *plastic)
{
    Customer *customer = customer_new (self, plastic, plastic->sub_meter);

    make_card (self, customer, plastic->family);

    return customer;
}

Customer *
world_customer (World *self, gboolean cpu)
{
    return world_customer_of (self, plastic_find (cpu ? "cpu" : "24c"));
}

GPtrArray *
world_household (World *self, gboolean cpu, const int *sub_meters, guint n)
{
    GPtrArray *household = g_ptr_array_new_with_free_func ((GDestroyNotify) customer_free);

    for (guint i = 0; i < n; i++) {
        Customer *customer = customer_new (self, plastic_find (cpu ? "cpu" : "24c"), sub_meters[i]);

        if (!cpu)
            customer->model = "24C16接触式冷水表";
        if (i == 0)
            make_card (self, customer, cpu ? "cpu" : "24c16");
        else
            customer->card = g_strdup (((Customer *) household->pdata[0])->card);
        g_ptr_array_add (household, customer);
    }

    return household;
}

char *
world_copy_card (World *self, const char *path)
{
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    char *copy = g_strdup_printf ("%s/copy-%u", self->dir, ++self->n_copies);
    gsize size;

    g_file_get_contents (path, &bytes, &size, &error);
    g_assert_no_error (error);
    g_file_set_contents (copy, bytes, (gssize) size, &error);
    g_assert_no_error (error);

    return copy;
}

gboolean
same_card (const char *path, const char *other)
{
    g_autofree char *a = NULL;
    g_autofree char *b = NULL;
    gsize a_size, b_size;

    g_assert_true (g_file_get_contents (path, &a, &a_size, NULL));
    g_assert_true (g_file_get_contents (other, &b, &b_size, NULL));

    return a_size == b_size && memcmp (a, b, a_size) == 0;
}

void
customer_next_number (const Customer *self, char out[13])
{
    g_assert_cmpint (self->number[0], <, '9');
    g_snprintf (out, 13, "%c%s", self->number[0] + 1, self->number + 1);
}

void
customer_get_next_meter (World *world, Customer *self)
{
    char number[13];

    customer_next_number (self, number);
    g_assert_null (self->next_meter);
    self->next_meter = make_meter (world, self->plastic, number);
}

void
customer_free (Customer *self)
{
    g_free (self->next_meter);
    g_free (self->card);
    g_free (self->old_card);
    g_free (self->meter);
    g_free (self);
}

static const Plastic *
plastic_of (const Customer *customer)
{
    return customer->plastic ? customer->plastic : plastic_find (customer->cpu ? "cpu" : "24c");
}

static const char *
model_of (const Customer *customer)
{
    return customer->model ? customer->model : plastic_of (customer)->model;
}

OcOutcome *
act_open_all (Station *station, GPtrArray *household, int yuan, GError **error)
{
    g_autofree char *request = oc_request_id ();
    OcOpenMeter meters[8] = { 0 };

    for (guint i = 0; i < household->len; i++) {
        const Customer *customer = household->pdata[i];

        meters[i] = (OcOpenMeter){
            .slot = customer->sub_meter % 10, .meter = customer->number, .model = model_of (customer),
            .user_type = plastic_of (customer)->user_type, .price = plastic_of (customer)->price,
            .amount = { yuan * ((int) i + 1) * 10000 },
        };
    }

    return oc_open_account (station->desk, &(OcOpenAsk){
        .request_id = request, .name = "吴敏", .address = "没有地方", .household = 3, .meters = meters, .n_meters = household->len,
        .expected_due = { -1 }, .pay = "cash" }, NULL, error);
}

OcOutcome *
act_open (Station *station, const Customer *customer, int yuan, GError **error)
{
    g_autoptr(GPtrArray) household = g_ptr_array_new ();

    g_ptr_array_add (household, (gpointer) customer);

    return act_open_all (station, household, yuan, error);
}

OcOutcome *
act_purchase (Station *station, const Customer *customer, int yuan, GError **error)
{
    g_autofree char *request = oc_request_id ();
    g_autoptr(OcReading) reading = oc_read_card (station->desk, &(OcReadAsk){ .settle = TRUE }, NULL, error);

    if (reading == NULL)
        return NULL;

    return oc_purchase (station->desk, &(OcPurchaseAsk){
        .request_id = request, .reading = reading, .sub_meter = customer->sub_meter, .amount = { yuan * 10000 },
        .expected_due = { -1 }, .pay = "cash" }, NULL, error);
}

void
expect_code (GError **error, const char *code)
{
    g_assert_nonnull (*error);
    if (g_strcmp0 (oc_error_get_code (*error), code) != 0)
        g_test_message ("%s", (*error)->message);
    g_assert_cmpstr (oc_error_get_code (*error), ==, code);
    g_clear_error (error);
}

/* Ends ---------------------------------------------------------------------------------------------------------- */

void
world_expire_leases (World *self)
{
    oc_test_sql (self->owner, "update onecard.card_job set lease_until = clock_timestamp() - interval '1 second' where state = 'pending'");
}

char *
world_pending_job (World *self, const Customer *customer)
{
    g_autofree char *sql = g_strdup_printf (
        "select coalesce((select j.id::text from onecard.card_job j where j.state = 'pending'"
        " and j.customer in (select m.customer from onecard.meter m where m.number = '%s')), '')", customer->number);
    char *id = oc_test_sql_value (self->owner, sql);

    if (*id)
        return id;
    g_free (id);

    return NULL;
}

char *
world_meter_state (World *self, const Customer *customer)
{
    g_autofree char *sql = g_strdup_printf (
        "select coalesce((select state from onecard.meter where number = '%s' order by id desc limit 1), '')", customer->number);

    return oc_test_sql_value (self->owner, sql);
}

OcOutcome *
act_settle (World *self, Station *station, const Customer *customer, gboolean undo, GError **error)
{
    g_autofree char *job = world_pending_job (self, customer);

    g_assert_nonnull (job);

    return oc_unfinished_settle (station->desk, &(OcSettleAsk){ job, undo }, NULL, error);
}

void
world_settle (World *self, Station *station, const Customer *customer)
{
    for (int i = 0; i < 3; i++) {
        g_autofree char *job = world_pending_job (self, customer);
        g_autoptr(OcReading) reading = NULL;
        g_autoptr(OcOutcome) outcome = NULL;
        g_autoptr(GError) error = NULL;

        if (job == NULL)
            return;
        station_insert (station, customer);
        reading = oc_read_card (station->desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error);
        g_assert_no_error (error);
        g_free (job);
        if ((job = world_pending_job (self, customer)) == NULL)
            return;
        /* A blank memory card says nothing of the opening that was cut: it is chosen from the list by name. */
        outcome = oc_unfinished_settle (station->desk, &(OcSettleAsk){ job, FALSE }, NULL, &error);
        g_assert_no_error (error);
    }
    g_assert_not_reached ();
}

void
world_check_ledger (World *self)
{
    g_autofree char *broken = oc_test_sql_value (self->owner,
        "select coalesce(string_agg(invariant || ': ' || sample, '; '), '') from admin.check() where broken > 0");

    g_assert_cmpstr (broken, ==, "");
}

OcSimMeterReport
world_put_in_meter (World *self, const Customer *customer, const char *card)
{
    g_autoptr(OcSimMeter) meter = NULL;
    g_autoptr(GError) error = NULL;
    OcSimMeterReport report;

    for (int i = 0; i < 2; i++)
        station_remove (&self->stations[i]);
    meter = oc_sim_meter_open (customer->meter, &error);
    g_assert_no_error (error);
    oc_sim_meter_insert (meter, card, NULL, &report, &error);
    g_assert_no_error (error);

    return report;
}

void
world_check_meter (World *self, const Customer *customer)
{
    g_autofree char *state = world_meter_state (self, customer);
    g_autofree char *sold_sql = g_strdup_printf (
        "select coalesce(sum(t.card_amount) * 10000, 0)::bigint from onecard.trade t join onecard.meter m on m.id = t.meter"
        " where t.state = 'effective' and m.number = '%s'"
        " and not exists (select from onecard.trade r where r.reverses = t.number and r.state = 'effective')", customer->number);
    g_autofree char *count_sql = g_strdup_printf (
        "select coalesce(max(purchase_count) filter (where state = 'open'), 0) from onecard.meter where number = '%s'", customer->number);
    g_autofree char *sold = oc_test_sql_value (self->owner, sold_sql);
    g_autofree char *count = oc_test_sql_value (self->owner, count_sql);
    g_autofree char *pending = world_pending_job (self, customer);
    g_autoptr(OcSimMeter) meter = NULL;
    g_autoptr(GError) error = NULL;
    OcSimMeterReport report;

    g_assert_null (pending);
    meter = oc_sim_meter_open (customer->meter, &error);
    g_assert_no_error (error);
    oc_sim_meter_insert (meter, customer->card, NULL, &report, &error);
    g_assert_no_error (error);
    if (strcmp (state, "open") == 0)
        g_assert_cmpint (report.error, ==, OC_METER_OK);
    g_assert_cmpint (oc_sim_meter_credited (meter), ==, g_ascii_strtoll (sold, NULL, 10));
    g_assert_cmpuint (oc_sim_meter_count (meter), ==, g_ascii_strtoull (count, NULL, 10));
    /* Room below the hoarding limit for the next sale; the card is put in once more, so that the ledger learns of it. */
    if (oc_sim_meter_remaining (meter) > 2000000) {
        oc_sim_meter_use (meter, (OcQuantity){ 1000000 }, FALSE, &(OcQuantity){ 0 }, &error);
        g_assert_no_error (error);
        oc_sim_meter_insert (meter, customer->card, NULL, &report, &error);
        g_assert_no_error (error);
    }
}

void
world_check (World *self, const Customer *customer)
{
    for (int i = 0; i < 2; i++)
        station_remove (&self->stations[i]);
    world_check_meter (self, customer);
    world_check_ledger (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes <-> values: the manual's own card, our memory record, every layout's round trip, every corruption. */
#include <string.h>

#include "card/engine.h"
#include "seal/bytes.h"
#include "seal/mac.h"

static GKeyFile *vectors;

static GBytes *
vector (const char *group, const char *name)
{
    g_autofree char *hex = g_key_file_get_string (vectors, group, name, NULL);
    GBytes *bytes = hex != NULL ? oc_unhex (hex) : NULL;

    if (bytes == NULL)
        g_error ("no vector %s %s", group, name);
    return bytes;
}

static GBytes *
manual_rates (void)
{
    g_autoptr(GBytes) head = vector ("manual-card", "rates_1_head");
    g_autoptr(GBytes) tail = vector ("manual-card", "rates_1_tail");
    GByteArray *all = g_byte_array_new ();
    guint8 zeros[248] = { 0 };

    g_assert_cmpint (g_key_file_get_integer (vectors, "manual-card", "rates_1_zeros", NULL), ==, sizeof zeros);
    g_byte_array_append (all, g_bytes_get_data (head, NULL), (guint) g_bytes_get_size (head));
    g_byte_array_append (all, zeros, sizeof zeros);
    g_byte_array_append (all, g_bytes_get_data (tail, NULL), (guint) g_bytes_get_size (tail));
    return g_byte_array_free_to_bytes (all);
}

static OcFields *
values_of (const char *first, ...)
{
    OcFields *fields = oc_fields_new (NULL);
    va_list args;

    va_start (args, first);
    for (const char *name = first; name != NULL; name = va_arg (args, const char *))
        oc_fields_set (fields, name, va_arg (args, const char *));
    va_end (args);
    return fields;
}

static void
check_encoding (const char *layout, const char *area_name, OcFields *values, gint64 step, GBytes *wanted)
{
    const OcLayoutArea *area = oc_layout_area (oc_layout_find (layout), area_name);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = oc_engine_encode (area, values, step, &error);
    g_autoptr(OcFields) decoded = oc_engine_decode (area, wanted, step, &(OcAreaCheck){ 0 });

    g_assert_no_error (error);
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), g_bytes_get_data (wanted, NULL),
        g_bytes_get_size (wanted));
    for (guint i = 0; i < oc_fields_count (values); i++)
        g_assert_cmpstr (oc_fields_get (decoded, oc_fields_name (values, i)), ==, oc_fields_value (values, i));
    oc_fields_unref (values);
}

static void
test_manual (void)
{
    g_autoptr(GBytes) parameters = vector ("manual-card", "parameters");
    g_autoptr(GBytes) rates = manual_rates ();
    g_autoptr(GBytes) wallet = vector ("manual-card", "wallet");

    check_encoding ("cpu-electricity-63", "parameters",
        values_of ("user_type", "02", "update_flags", "83", "switch_time", "2015-03-13 00:00", "n_rates", "63", "alarm_1", "100.00",
            "alarm_2", "10.00", "ct", "1", "vt", "1", "meter", "000000000007", "customer", "000000000001", "card_type", "03", NULL),
        0, parameters);
    check_encoding ("cpu-electricity-63", "rates_1", values_of ("rate1", "0.4885", "rate63", "0.0000", NULL), 0, rates);
    check_encoding ("cpu-electricity-63", "wallet", values_of ("purchase", "100.00", "count", "1", NULL), 0, wallet);
}

static void
test_memory_record (void)
{
    const OcLayoutArea *sale = oc_layout_area (oc_layout_find ("mem-24c"), "sale");
    g_autoptr(GBytes) record = vector ("memory-record", "record");
    g_autoptr(GBytes) wanted_message = vector ("memory-record", "message");
    g_autoptr(GBytes) wanted_mac = vector ("memory-record", "mac");
    g_autoptr(GBytes) card_id = vector ("derive-memory", "card_id");
    g_autoptr(GBytes) key = vector ("derive-memory", "key");
    g_autoptr(GBytes) meter = oc_unhex ("000000000007");
    g_autoptr(GBytes) message = oc_engine_mac_message (sale, 1, 0, g_bytes_get_data (card_id, NULL), g_bytes_get_data (meter, NULL), record);
    guint8 mac[16];

    check_encoding ("mem-24c", "sale",
        values_of ("count", "1", "card_type", "01", "flags", "00", "purchase", "25.6", "total", "25.6", "alarm_1", "10", "alarm_2", "5",
            "hoarding", "2000.0", "meter", "000000000007", "step", "0.1", NULL),
        1000, record);
    g_assert_true (g_bytes_equal (message, wanted_message));
    oc_seal_cmac (g_bytes_get_data (key, NULL), g_bytes_get_data (message, NULL), g_bytes_get_size (message), mac);
    g_assert_cmpmem (mac, 16, g_bytes_get_data (wanted_mac, NULL), 16);
}

static void
test_own_step (void)
{
    const OcLayoutArea *sale = oc_layout_area (oc_layout_find ("mem-24c"), "sale");
    g_autoptr(GBytes) record = vector ("memory-record", "record");
    g_autoptr(OcFields) decoded = oc_engine_decode (sale, record, 0, NULL);

    g_assert_cmpstr (oc_fields_get (decoded, "purchase"), ==, "25.6");
}

static void
test_return (void)
{
    const OcLayoutArea *area = oc_layout_area (oc_layout_find ("mem-24c"), "return");
    g_autoptr(OcFields) values = values_of ("count", "2", "remaining", "-1.5", "credited", "40.0", "status", "00", "return_time",
        "2026-03-13 12:45", NULL);
    g_autoptr(GBytes) bytes = oc_engine_encode (area, values, 1000, NULL);
    g_autoptr(GBytes) wanted = oc_unhex ("0002 FFFFFFF1 000190 00 31BC5D 000000");
    g_autoptr(OcFields) decoded = oc_engine_decode (area, bytes, 1000, NULL);

    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), g_bytes_get_data (wanted, NULL), 16);
    g_assert_cmpstr (oc_fields_get (decoded, "remaining"), ==, "-1.5");
    g_assert_cmpstr (oc_fields_get (decoded, "return_time"), ==, "2026-03-13 12:45");
}

static void
test_refused (void)
{
    static const struct {
        const char *layout, *area, *name, *value;
    } cases[] = {
        { "cpu-electricity-63", "wallet", "purchase", "42949672.96" },
        { "cpu-electricity-63", "wallet", "purchase", "-0.01" },
        { "cpu-electricity-63", "wallet", "purchase", "0.001" },
        { "cpu-electricity-63", "wallet", "purchase", "" },
        { "cpu-electricity-63", "wallet", "purchase", "1e3" },
        { "cpu-electricity-63", "wallet", "purchase", "99999999999999999999" },
        { "cpu-electricity-63", "wallet", "count", "1.5" },
        { "cpu-electricity-63", "parameters", "ct", "1000000" },
        { "cpu-electricity-63", "parameters", "meter", "0000000000071" },
        { "cpu-electricity-63", "parameters", "meter", "00000000000x" },
        { "cpu-electricity-63", "parameters", "switch_time", "2015-13-13 00:00" },
        { "cpu-electricity-63", "parameters", "switch_time", "1999-12-31 00:00" },
        { "cpu-electricity-63", "parameters", "switch_time", "soon" },
        { "cpu-electricity-63", "parameters", "card_type", "0102" },
        { "cpu-electricity-63", "rates_1", "rate1", "10000" },
        { "mem-24c", "sale", "purchase", "0.05" },
        { "mem-24c", "sale", "step", "0.2" },
        { "mem-24c", "return", "remaining", "214748364.8" },
        { "mem-24c", "return", "return_time", "2019-12-31 23:59" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        const OcLayoutArea *area = oc_layout_area (oc_layout_find (cases[i].layout), cases[i].area);
        g_autoptr(OcFields) values = values_of (cases[i].name, cases[i].value, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = oc_engine_encode (area, values, 1000, &error);

        if (bytes != NULL)
            g_error ("%s of %s took %s", cases[i].name, cases[i].area, cases[i].value);
        g_assert_error (error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID);
    }
}

/* Any bytes that decode as valid encode to the same bytes, MACs apart; of a framed area every changed byte is seen. */
static void
check_area (const OcLayoutArea *area)
{
    g_autoptr(OcFields) none = oc_fields_new (NULL);
    g_autoptr(GBytes) empty = oc_engine_encode (area, none, 1000, NULL);
    guint mac = 0;

    for (guint i = 0; i < area->fields->len; i++)
        if (((OcLayoutField *) g_ptr_array_index (area->fields, i))->encoding == OC_ENC_MAC)
            mac = ((OcLayoutField *) g_ptr_array_index (area->fields, i))->length;
    for (guint at = 0; at < area->size; at++)
        for (guint bit = 0; bit < 8; bit++) {
            g_autofree guint8 *changed = g_memdup2 (g_bytes_get_data (empty, NULL), area->size);
            g_autoptr(GBytes) bytes = NULL;
            g_autoptr(OcFields) decoded = NULL;
            g_autoptr(GBytes) again = NULL;
            OcAreaCheck check;

            changed[at] ^= (guint8) (1u << bit);
            bytes = g_bytes_new (changed, area->size);
            decoded = oc_engine_decode (area, bytes, 1000, &check);
            if (area->payload_size > 0)
                g_assert_false (check.valid);
            if (!check.valid || at >= area->size - mac)
                continue;
            again = oc_engine_encode (area, decoded, 1000, NULL);
            g_assert_nonnull (again);
            g_assert_true (g_bytes_equal (again, bytes));
        }
}

static void
test_every_layout (void)
{
    const GPtrArray *layouts = oc_layouts ();

    g_assert_cmpuint (layouts->len, >=, 2);
    for (guint i = 0; i < layouts->len; i++) {
        const OcLayout *layout = g_ptr_array_index (layouts, i);

        for (guint k = 0; k < layout->areas->len; k++)
            check_area (g_ptr_array_index (layout->areas, k));
    }
}

/* Packed by another program. */
static void
test_other_layouts (void)
{
    static const struct {
        const char *group, *area, *layout;
        const char *values; /* name=value,… */
    } cases[] = {
        { "electricity-2013", "parameters", "cpu-electricity-2013", "user_type=03,update_flags=83,switch_time=2026-11-26 07:42,n_rates=32,"
          "alarm_1=100.00,alarm_2=10.00,ct=1,vt=1,meter=000000000114,customer=000000000002,card_type=01" },
        { "electricity-2013", "rates_1", "cpu-electricity-2013", "rate1=0.0000,limit1=2520.00,limit2=4800.00,price1=0.4883,price2=0.5383,"
          "price3=0.7883,settlement_day1=010100,switch_time=2026-11-26 07:42" },
        { "electricity-2013", "wallet", "cpu-electricity-2013", "purchase=60.00,count=2" },
        { "water", "parameters", "cpu-water", "meter=000000000122,customer=000000000002,sub_meter=22,billing=01,card_type=02,meter_kind=02,"
          "update_flags=00,purchase=15.0000,count=2,alarm_1=10.0000,alarm_2=5.0000,hoarding=2000.0000,overdraft_limit=0.0000,pulse_constant=10" },
        { "water", "wallet", "cpu-water", "purchase=15.0000,count=2" },
        { "water", "return", "cpu-water", "meter=000000000122,customer=000000000002,sub_meter=22,billing=01,card_type=02,meter_kind=02,purchase=15.0000,"
          "count=2,alarm_1=10.0000,alarm_2=5.0000,hoarding=2000.0000,status=0002,remaining=-1.2500,credited=40.00,used=41.25,pulses=412,month_used=41,"
          "pulse_constant=10,month1=41,month2=7,month24=0,return_time=2026-11-26 07:42:59,weekday=04" },
        { "gas", "parameters", "cpu-gas", "meter=000000000136,customer=000000000002,sub_meter=36,billing=03,card_type=01,meter_kind=03,update_flags=83,"
          "purchase=100.0000,count=1,alarm_1=50.0000,alarm_2=10.0000,hoarding=5000.0000,pulse_constant=100" },
        { "gas", "ladder", "cpu-gas", "tiers=3,limit1=300.0000,limit2=600.0000,price1=2.5000,price2=3.0000,price3=3.7500,next_tiers=1,"
          "next_price1=2.6000,switch_time=2027-01-01 00:00:00" },
        { "gas", "wallet", "cpu-gas", "purchase=100.0000,count=1" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr(GBytes) wanted = vector (cases[i].group, cases[i].area);
        g_auto(GStrv) pairs = g_strsplit (cases[i].values, ",", -1);
        OcFields *values = oc_fields_new (NULL);

        for (guint k = 0; pairs[k] != NULL; k++) {
            g_auto(GStrv) pair = g_strsplit (pairs[k], "=", 2);

            oc_fields_set (values, pair[0], pair[1]);
        }
        check_encoding (cases[i].layout, cases[i].area, values, 0, wanted);
    }
}

static void
test_blank_and_short (void)
{
    const OcLayoutArea *wallet = oc_layout_area (oc_layout_find ("cpu-electricity-63"), "parameters");
    g_autofree guint8 *ones = g_malloc (wallet->size);
    g_autoptr(GBytes) blank = NULL;
    g_autoptr(GBytes) none = g_bytes_new (NULL, 0);
    OcAreaCheck check;

    memset (ones, 0xFF, wallet->size);
    blank = g_bytes_new (ones, wallet->size);
    oc_fields_unref (oc_engine_decode (wallet, blank, 0, &check));
    g_assert_true (check.blank && !check.valid);
    oc_fields_unref (oc_engine_decode (wallet, none, 0, &check));
    g_assert_false (check.valid);
}

int
main (int argc, char **argv)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;

    g_test_init (&argc, &argv, NULL);
    path = g_test_build_filename (G_TEST_DIST, "fixtures", "card-vectors.txt", NULL);
    vectors = g_key_file_new ();
    if (!g_key_file_load_from_file (vectors, path, G_KEY_FILE_NONE, &error))
        g_error ("%s: %s", path, error->message);
    g_test_add_func ("/engine/manual", test_manual);
    g_test_add_func ("/engine/memory-record", test_memory_record);
    g_test_add_func ("/engine/own-step", test_own_step);
    g_test_add_func ("/engine/return", test_return);
    g_test_add_func ("/engine/refused", test_refused);
    g_test_add_func ("/engine/every-layout", test_every_layout);
    g_test_add_func ("/engine/other-layouts", test_other_layouts);
    g_test_add_func ("/engine/blank-and-short", test_blank_and_short);
    return g_test_run ();
}

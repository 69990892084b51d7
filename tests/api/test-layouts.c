/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two engines over one document: for every layout, every field over its range, the station's bytes are the database's, and so are
 * the values; no single byte of a framed file that was changed is believed by either. */
#include "card/engine.h"
#include "field-values.h"
#include "fixture.h"
#include "seal/bytes.h"

#define STEP 1000 /* 0.1 */
#define ROUNDS (FIELD_EDGES + 12)

static OcTestDb *base;

/* What the database encodes too: meters alone write minutes. */
static gboolean
is_sold (const OcLayoutArea *area)
{
    for (guint i = 0; i < area->fields->len; i++)
        if (((const OcLayoutField *) g_ptr_array_index (area->fields, i))->encoding == OC_ENC_MINUTES)
            return FALSE;
    return TRUE;
}

static char *
json_of (const OcFields *values)
{
    GString *json = g_string_new ("{");

    for (guint i = 0; i < oc_fields_count (values); i++)
        g_string_append_printf (json, "%s\"%s\": \"%s\"", i > 0 ? ", " : "", oc_fields_name (values, i), oc_fields_value (values, i));
    g_string_append_c (json, '}');
    return g_string_free (json, FALSE);
}

static void
check_round (OcDb *owner, const OcLayout *layout, const OcLayoutArea *area, const OcFields *values)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = oc_engine_encode (area, values, STEP, &error);
    g_autofree char *json = json_of (values);
    g_autofree char *hex = NULL;
    g_autofree char *encode = g_strdup_printf ("select upper(encode(rules.encode_area('%s', '%s', '%s', 0.1), 'hex'))", layout->name, area->name, json);
    g_autofree char *decode = NULL;

    g_assert_no_error (error);
    hex = oc_hex (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    if (is_sold (area))
        api_expect_value (owner, encode, hex);
    /* what differs, by name */
    decode = g_strdup_printf ("select coalesce(string_agg(key || ' ' || value || ' ' || coalesce(d ->> key, '-'), ', '), '')"
        " from (select rules.decode_area('%s', '%s', '\\x%s', 0.1) as d) x, jsonb_each_text('%s') where value is distinct from d ->> key",
        layout->name, area->name, hex, json);
    api_expect_value (owner, decode, "");
}

/* One statement: each byte with a bit, all bits and a byte of the seed's changed. */
static void
check_changed (OcDb *owner, const OcLayout *layout, const OcLayoutArea *area, const OcFields *values, GRand *rand)
{
    g_autoptr(GBytes) bytes = oc_engine_encode (area, values, STEP, NULL);
    g_autofree char *hex = oc_hex (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    g_autofree char *sql = g_strdup_printf ("select count(*)::text from (select '\\x%s'::bytea as b) x, generate_series(0, %u) i,"
        " (values (1), (128), (255), (%d)) y(bits) where rules.decode_area('%s', '%s', set_byte(b, i, get_byte(b, i) # bits), 0.1) is not null",
        hex, area->size - 1, g_rand_int_range (rand, 2, 127), layout->name, area->name);

    api_expect_value (owner, sql, "0");
}

static void
test_layout (gconstpointer data)
{
    const OcLayout *layout = data;
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autoptr(GRand) rand = g_rand_new_with_seed (20260313);
    guint rounds = g_getenv ("ONECARD_TEST_FULL") != NULL ? 20 * ROUNDS : ROUNDS;

    for (guint i = 0; i < layout->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (layout->areas, i);

        for (guint round = 0; round < rounds; round++) {
            g_autoptr(OcFields) values = field_values (area, round, rand);

            check_round (owner, layout, area, values);
            if (area->payload_size > 0 && round % ROUNDS == FIELD_EDGES)
                check_changed (owner, layout, area, values, rand);
        }
    }
}

int
main (int argc, char **argv)
{
    const GPtrArray *layouts = oc_layouts ();
    int failed;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    for (guint i = 0; i < layouts->len; i++) {
        const OcLayout *layout = g_ptr_array_index (layouts, i);
        g_autofree char *path = g_strdup_printf ("/api/layouts/%s", layout->name);

        g_test_add_data_func (path, layout, test_layout);
    }
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cards cost, each figure beside its floor:
 *   - APDUs and bytes of reading, opening and a purchase, for every kind of card in every kind of reader, beside the least that
 *     could do: each byte that must be known read once, each byte that differs written once and read back once, by as few commands
 *     as reader and chip allow, and the commands without which they answer nothing;
 *   - decoding and encoding a card, in µs.
 *
 *   bench-card */
#include <string.h>

#include "card/card.h"
#include "card/engine.h"
#include "kill/world.h"

#define ROUNDS 20000

static World *world;

typedef struct {
    guint apdus, out, in, written;
} Cost;

/* Of a command, how many bytes it puts on the card. */
static guint
n_written (const guint8 *in, gsize in_len)
{
    if (in[1] == 0xD6 || in[1] == 0xD0)
        return in[4] - (in[0] == 0x04 ? 4u : 0u);
    return in[0] == 0xFF && in[1] == 0x30 && in[3] == 0x06 ? in[4] - 5u : 0;
}

static void
on_apdu (const guint8 *in, gsize in_len, const guint8 *out, gsize out_len, gpointer data)
{
    Cost *cost = data;

    if (out != NULL) {
        cost->in += (guint) out_len;
        return;
    }
    cost->apdus++;
    cost->out += (guint) in_len;
    cost->written += n_written (in, in_len);
}

/* The least -------------------------------------------------------------------------------------------------------- */

static guint
commands_for (guint bytes, guint most)
{
    return (bytes + most - 1) / most;
}

/* A CPU card of one directory: select and serial, select, every file; then select, the card's proof and ours, for each file that
 * differs a challenge and the write, and reading it back. */
static guint
least_cpu (const OcLayout *layout, guint n_writes, gboolean writing)
{
    guint reads = 0;

    for (guint i = 0; i < layout->areas->len; i++)
        reads += commands_for (((OcLayoutArea *) g_ptr_array_index (layout->areas, i))->size, 256);
    if (!writing)
        return 3 + reads;
    return 3 + reads + 1 + 2 + 2 + 3 * n_writes;
}

/* Choosing the chip, all of it that is in use; then choosing again, the page size or the code, the pages, reading back what decides. */
static guint
least_memory (const Plastic *plastic, const OcLayoutChip *chip, guint n_bytes, gboolean writing)
{
    gboolean sle = g_str_equal (plastic->family, "4442"), omnikey = plastic->reader == OC_SIM_READER_OMNIKEY;
    guint choose = sle && omnikey ? 0 : 1;
    guint slot = (guint) plastic->sub_meter % 10;
    guint used = sle ? 224 : chip->first + slot * chip->stride;
    guint read = choose + commands_for (used, omnikey ? 250 : 255);
    guint page = MIN (chip->page, 32);

    if (!writing)
        return read;
    return read + choose + (sle ? 2 : omnikey ? 0 : 1) + commands_for (n_bytes, page) + 1;
}

static guint
least (const Plastic *plastic, const char *act)
{
    const OcLayout *layout = oc_layout_find (plastic->layout);
    gboolean writing = !g_str_equal (act, "read"), opening = g_str_equal (act, "open");

    /* opening writes every file but the return data, which a blank card has empty already; a purchase parameters, wallet, and
     * the return data, which it empties */
    if (strcmp (plastic->family, "cpu") == 0)
        return least_cpu (layout, opening ? layout->areas->len - 1 : 3, writing);
    return least_memory (plastic, oc_layout_chip (layout, plastic->family), opening ? 64 : 32, writing);
}

/* Acts --------------------------------------------------------------------------------------------------------------- */

static void
tell (const Plastic *plastic, const char *act, const Cost *cost)
{
    g_print ("%-28s %-9s %5u %6u %8u %8u %8u\n", plastic->title, act, cost->apdus, least (plastic, act), cost->out, cost->in, cost->written);
}

static void
run_act (const Customer *customer, const char *act)
{
    Station *station = &world->stations[0];
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(GError) error = NULL;
    Cost cost = { 0 };

    station_insert (station, customer);
    oc_sim_slot_set_trace (station->slot, on_apdu, &cost);
    if (g_str_equal (act, "read"))
        reading = oc_read_card (station->desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error);
    else
        outcome = g_str_equal (act, "open") ? act_open (station, customer, 100, &error) : act_purchase (station, customer, 100, &error);
    g_assert_no_error (error);
    oc_sim_slot_set_trace (station->slot, NULL, NULL);
    tell (customer->plastic, act, &cost);
    world_check (world, customer);
}

/* Decoding and encoding --------------------------------------------------------------------------------------------- */

/* All areas of one sub-meter, as reading shows them. */
static void
time_engine (const OcLayout *layout)
{
    gint64 decode = 0, encode = 0;
    guint bytes = 0;

    for (guint i = 0; i < layout->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (layout->areas, i);
        g_autoptr(OcFields) none = oc_fields_new (NULL), values = oc_fields_new (NULL), fields = NULL;
        g_autoptr(GBytes) data = oc_engine_encode (area, none, 1000, NULL);
        gint64 begin;

        fields = oc_engine_decode (area, data, 1000, NULL);
        for (guint k = 0; k < oc_fields_count (fields); k++)
            oc_fields_set (values, oc_fields_name (fields, k), oc_fields_value (fields, k));
        begin = g_get_monotonic_time ();
        for (guint k = 0; k < ROUNDS; k++)
            oc_fields_unref (oc_engine_decode (area, data, 1000, NULL));
        decode += g_get_monotonic_time () - begin;
        begin = g_get_monotonic_time ();
        for (guint k = 0; k < ROUNDS; k++)
            g_bytes_unref (oc_engine_encode (area, values, 1000, NULL));
        encode += g_get_monotonic_time () - begin;
        bytes += area->size;
    }
    g_print ("%-28s %6u %10.1f %10.1f\n", layout->name, bytes, (double) decode / ROUNDS, (double) encode / ROUNDS);
}

int
main (int argc, char **argv)
{
    static const char *const plastics[] = { "cpu", "cpu-2013", "cpu-water", "cpu-gas", "cpu-heat", "24c01", "24c02", "24c", "24c16", "24c64",
        "24c-omnikey", "4442", "4442-omnikey" };
    static const char *const acts[] = { "open", "read", "purchase" };

    g_print ("%-28s %-9s %5s %6s %8s %8s %8s\n", "card", "act", "APDUs", "least", "out", "in", "written");
    for (gsize i = 0; i < G_N_ELEMENTS (plastics); i++) {
        const Plastic *plastic = plastic_find (plastics[i]);
        g_autoptr(Customer) customer = NULL;

        world_set_reader (plastic->reader);
        world_set_model (strcmp (plastic->family, "cpu") == 0 ? plastic->model : NULL);
        world = world_new ();
        customer = world_customer_of (world, plastic);
        for (gsize k = 0; k < G_N_ELEMENTS (acts); k++)
            run_act (customer, acts[k]);
        world_free (world);
    }
    g_print ("\n%-28s %6s %10s %10s\n", "layout", "bytes", "decode µs", "encode µs");
    for (guint i = 0; i < oc_layouts ()->len; i++)
        time_engine (g_ptr_array_index (oc_layouts (), i));
    oc_test_cluster_end ();
    return 0;
}

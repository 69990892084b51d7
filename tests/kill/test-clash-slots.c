/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several sub-meters in one opening, cut at each write and after each slot: from the first slot that is new it only goes
 * forward. It is never undone then, no slot that is new is written again, and every meter gets its own amount. */
#include <string.h>

#include "core/error.h"
#include "kill/world.h"

#define N_SLOTS 3
#define YUAN 10

/* What is written where, as an act goes: slot 0 is the header of a memory card. */
typedef struct {
    int slot;
    guint at; /* APDU, from 1 */
} Write;

typedef struct {
    gboolean cpu;
    int slot; /* of the directory that is selected */
    guint n;
    GArray *writes;
} Trace;

static World *world;

static const int *
sub_meters_of (gboolean cpu)
{
    static const int electricity[N_SLOTS] = { 11, 14, 15 };
    static const int water[N_SLOTS] = { 22, 23, 28 };

    return cpu ? electricity : water;
}

static GPtrArray *
household_new (gboolean cpu)
{
    return world_household (world, cpu, sub_meters_of (cpu), N_SLOTS);
}

static int
slot_of (const Customer *customer)
{
    return customer->sub_meter % 10;
}

/* Courses ------------------------------------------------------------------------------------------------------------ */

static void
on_apdu (const guint8 *in, gsize in_len, const guint8 *out, gsize out_len, gpointer data)
{
    Trace *self = data;
    int slot = -1;

    if (out != NULL)
        return;
    self->n++;
    if (self->cpu && in[0] == 0x00 && in[1] == 0xA4 && in_len >= 7)
        self->slot = in[5] != 0xDF ? 0 : in[6] < 0x10 ? 1 : in[6] & 0x0F; /* the first of a type is in DF0t */
    if (self->cpu && in[0] == 0x04 && in[1] == 0xD6)
        slot = self->slot;
    if (!self->cpu && in[0] == 0xFF && in[1] == 0xD0)
        slot = ((in[2] << 8 | in[3]) + 64) / 96; /* 32 bytes of header, slots of 96 */
    if (slot >= 0)
        g_array_append_vals (self->writes, &(Write){ slot, self->n }, 1);
}

static Trace
trace_new (gboolean cpu)
{
    return (Trace){ .cpu = cpu, .writes = g_array_new (FALSE, FALSE, sizeof (Write)) };
}

static guint
last_write (const Trace *self, int slot)
{
    guint at = 0;

    for (guint i = 0; i < self->writes->len; i++)
        if (g_array_index (self->writes, Write, i).slot == slot)
            at = g_array_index (self->writes, Write, i).at;
    g_assert_cmpuint (at, >, 0);

    return at;
}

static void
set_fault (Station *station, const char *verb, guint at)
{
    g_autofree char *spec = g_strdup_printf ("%s@%u%s", verb, at, strcmp (verb, "sw") == 0 ? "=6581" : "");

    g_assert_true (oc_sim_slot_set_faults (station->slot, spec, NULL));
}

/* What the seller writes of one sub-meter. */
static GBytes *
slot_bytes (const char *path, const Customer *customer)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimCard) card = oc_sim_card_peek (path, &error);
    g_autoptr(GByteArray) bytes = g_byte_array_new ();
    int slot = slot_of (customer);

    g_assert_no_error (error);
    if (!customer->cpu)
        return g_bytes_new (oc_sim_memory_bytes (oc_sim_card_memory (card)) + 32 + 96 * (slot - 1), 64);
    for (guint8 sfi = 1; sfi <= 4; sfi++) {
        gsize size;
        const guint8 *file = oc_sim_cpu_file (oc_sim_card_cpu (card), (guint16) (slot == 1 ? 0xDF01 : 0xDF10 + slot), sfi, &size);

        g_assert_nonnull (file);
        g_byte_array_append (bytes, file, (guint) size);
    }

    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* How many sub-meters are the same on both cards. */
static guint
n_same (GPtrArray *household, const char *card, const char *other)
{
    guint n = 0;

    for (guint i = 0; i < household->len; i++) {
        g_autoptr(GBytes) a = slot_bytes (card, household->pdata[i]);
        g_autoptr(GBytes) b = slot_bytes (other, household->pdata[i]);

        n += g_bytes_equal (a, b);
    }

    return n;
}

/* Ends --------------------------------------------------------------------------------------------------------------- */

static void
expect_all (GPtrArray *household, const char *state)
{
    for (guint i = 0; i < household->len; i++) {
        g_autofree char *got = world_meter_state (world, household->pdata[i]);

        g_assert_cmpstr (got, ==, state);
    }
}

/* The other branch would rather not have it. How it stands then: "void"; "pending": it may not; "open": proven meanwhile. */
static char *
try_to_undo (Station *station, GPtrArray *household)
{
    const Customer *first = household->pdata[0];
    g_autofree char *bytes = world_copy_card (world, first->card);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;
    char *state;

    world_expire_leases (world);
    station_insert (station, first);
    outcome = act_settle (world, station, first, TRUE, &error);
    station_remove (station);
    g_assert_true (same_card (bytes, first->card));
    state = world_meter_state (world, first);
    expect_all (household, state);
    g_assert_cmpint (outcome == NULL, ==, strcmp (state, "pending") == 0);
    if (outcome == NULL)
        expect_code (&error, "OC035");

    return state;
}

static void
check_household (GPtrArray *household)
{
    expect_all (household, "open");
    for (int i = 0; i < 2; i++)
        station_remove (&world->stations[i]);
    for (guint i = 0; i < household->len; i++)
        world_check_meter (world, household->pdata[i]);
    world_check_ledger (world);
}

/* Each sub-meter of the card goes on selling. */
static void
buy_on_each (GPtrArray *household)
{
    for (guint i = 0; i < household->len; i++) {
        g_autoptr(OcOutcome) outcome = NULL;
        g_autoptr(GError) error = NULL;

        station_insert (&world->stations[0], household->pdata[i]);
        outcome = act_purchase (&world->stations[0], household->pdata[i], YUAN, &error);
        g_assert_no_error (error);
        world_check (world, household->pdata[i]);
    }
}

/* Cut at each write -------------------------------------------------------------------------------------------------- */

static Trace
course_of_opening (gboolean cpu)
{
    g_autoptr(GPtrArray) household = household_new (cpu);
    Station *station = &world->stations[0];
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;
    Trace trace = trace_new (cpu);

    station_insert (station, household->pdata[0]);
    oc_sim_slot_set_trace (station->slot, on_apdu, &trace);
    outcome = act_open_all (station, household, YUAN, &error);
    oc_sim_slot_set_trace (station->slot, NULL, NULL);
    g_assert_no_error (error);
    check_household (household);

    return trace;
}

/* How many slots have all of their writes before that one. */
static guint
n_written_before (const Trace *trace, guint at)
{
    const int *sub_meters = sub_meters_of (trace->cpu);
    guint n = 0;

    for (guint i = 0; i < N_SLOTS; i++)
        n += last_write (trace, sub_meters[i] % 10) < at;

    return n;
}

static gboolean
run_cut (const Trace *trace, const char *verb, guint at)
{
    g_autoptr(GPtrArray) household = household_new (trace->cpu);
    const Customer *first = household->pdata[0];
    g_autofree char *blank = world_copy_card (world, first->card);
    g_autofree char *cut = NULL;
    g_autofree char *pending = NULL;
    g_autofree char *state = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;
    guint n_new = n_written_before (trace, at);
    gboolean undone;

    station_insert (&world->stations[0], first);
    set_fault (&world->stations[0], verb, at);
    outcome = act_open_all (&world->stations[0], household, YUAN, &error);
    g_assert_null (outcome);
    station_remove (&world->stations[0]);
    cut = world_copy_card (world, first->card);
    pending = world_pending_job (world, first);
    g_assert_cmpint (oc_trouble_of (error) == OC_TROUBLE_UNPROVEN, ==, pending != NULL);
    state = pending ? try_to_undo (&world->stations[1], household) : world_meter_state (world, first);
    undone = strcmp (state, "void") == 0;
    g_test_message ("%s@%u: %u of %u slots are new: %s", verb, at, n_new, household->len, undone ? "undone" : "goes on");
    g_clear_error (&error);
    station_insert (&world->stations[1], first);
    if (undone) {
        /* only before anything was new, and on a card that can be copied only where it began */
        g_assert_cmpuint (n_new, ==, 0);
        g_assert_true (pending == NULL || (trace->cpu && n_same (household, cut, blank) == household->len));
        outcome = act_open_all (&world->stations[1], household, YUAN, &error);
        g_assert_no_error (error);
    } else {
        outcome = act_settle (world, &world->stations[1], first, FALSE, &error);
        g_assert_no_error (error);
        g_assert_cmpuint (n_same (household, cut, first->card), ==, n_new);
    }
    check_household (household);

    return undone;
}

static void
test_cut (gconstpointer data)
{
    static const char *const verbs[] = { "pull", "torn", "sw" };
    Trace trace = course_of_opening (GPOINTER_TO_INT (data));
    guint n_cases = 0, n_undone = 0;

    for (guint i = 0; i < trace.writes->len; i++)
        for (gsize v = 0; v < G_N_ELEMENTS (verbs); v++, n_cases++)
            n_undone += run_cut (&trace, verbs[v], g_array_index (trace.writes, Write, i).at);
    g_test_message ("%u writes, %u cases, %u undone", trace.writes->len, n_cases, n_undone);
    g_assert_cmpuint (trace.writes->len, >, N_SLOTS);
    g_array_unref (trace.writes);
}

/* Cut after each slot, again and again ------------------------------------------------------------------------------- */

/* The opening, then the settling at one branch after the other, each cut after as many APDUs as @cuts says; the last one is not.
 * What that one writes is in @trace. */
static void
run_forward (gboolean cpu, const guint *cuts, guint n_cuts, Trace *trace)
{
    g_autoptr(GPtrArray) household = household_new (cpu);
    const Customer *first = household->pdata[0];
    g_autoptr(GPtrArray) copies = g_ptr_array_new_with_free_func (g_free);

    for (guint i = 0; i <= n_cuts; i++) {
        Station *station = &world->stations[i % 2];
        g_autofree char *state = i > 0 ? try_to_undo (station, household) : NULL;
        g_autoptr(OcOutcome) outcome = NULL;
        g_autoptr(GError) error = NULL;

        if (i == N_SLOTS && cpu) { /* all is on the card: whoever looks at it proves it */
            g_assert_cmpstr (state, ==, "open");
            break;
        }
        if (i > 0)
            g_assert_cmpstr (state, ==, "pending");
        world_expire_leases (world);
        station_insert (station, first);
        if (i < n_cuts)
            set_fault (station, "lost", cuts[i]);
        else
            oc_sim_slot_set_trace (station->slot, on_apdu, trace);
        outcome = i == 0 ? act_open_all (station, household, YUAN, &error) : act_settle (world, station, first, FALSE, &error);
        oc_sim_slot_set_trace (station->slot, NULL, NULL);
        station_remove (station);
        if (i < n_cuts) {
            g_assert_null (outcome);
            g_assert_cmpint (oc_trouble_of (error), ==, OC_TROUBLE_UNPROVEN);
            expect_all (household, "pending");
            g_ptr_array_add (copies, world_copy_card (world, first->card));
        } else {
            g_assert_no_error (error);
        }
    }
    for (guint i = 0; i < copies->len; i++)
        g_assert_cmpuint (n_same (household, copies->pdata[i], first->card), ==, i + 1);
    check_household (household);
    buy_on_each (household);
}

static void
test_forward (gconstpointer data)
{
    gboolean cpu = GPOINTER_TO_INT (data);
    const int *sub_meters = sub_meters_of (cpu);
    guint cuts[N_SLOTS];

    for (guint n_new = 0; n_new <= N_SLOTS; n_new++) {
        Trace trace = trace_new (cpu);

        run_forward (cpu, cuts, n_new, &trace);
        for (guint i = 0; i < trace.writes->len; i++)
            for (guint done = 0; done < n_new; done++)
                g_assert_cmpint (g_array_index (trace.writes, Write, i).slot, !=, sub_meters[done] % 10);
        g_test_message ("with %u slots new %u writes are left", n_new, trace.writes->len);
        if (n_new < N_SLOTS)
            cuts[n_new] = last_write (&trace, sub_meters[n_new] % 10);
        g_array_unref (trace.writes);
    }
}

/* The demo has two for electricity. The stations sign in anew to know of it. */
static void
add_electricity_slot (void)
{
    oc_test_sql (world->owner, "update onecard.sub_meter_slot set meter_type = 1 where slot = 5");
    for (int i = 0; i < 2; i++)
        world_station_anew (world, i, 1001 + i);
}

int
main (int argc, char **argv)
{
    int status;

    g_test_init (&argc, &argv, NULL);
    world = world_new ();
    add_electricity_slot ();
    for (int cpu = 0; cpu < 2; cpu++) {
        g_autofree char *cut = g_strdup_printf ("/clash/slots/cut/%s", cpu ? "cpu" : "24c");
        g_autofree char *forward = g_strdup_printf ("/clash/slots/forward/%s", cpu ? "cpu" : "24c");

        g_test_add_data_func (cut, GINT_TO_POINTER (cpu), test_cut);
        g_test_add_data_func (forward, GINT_TO_POINTER (cpu), test_forward);
    }
    status = g_test_run ();
    world_free (world);
    oc_test_cluster_end ();

    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The promise, tried: opening and purchase, on every kind of card, in every kind of reader, stopped at every APDU and at every
 * database call. Then the card is shown again, here or at another branch, and everything must agree (world_check).
 *
 *   test-kill card|call|away|killed-…|server|all cpu|24c|… [ACT|sales|others]
 *                           one group of the matrix, or all of them, for one of the plastics of world.c; one act of acts.c, opening and
 *                           purchase, the other ones, or all
 *   ONECARD_TEST_FULL=1     all of the group instead of what CI has time for; "all" is then sampled
 *   ONECARD_MATRIX=FILE     appends the outcomes as a table
 *
 * Outcomes: "sold", "not sold": what the operator was told, and what then was so. "unproven, sold", "unproven, not
 * sold": the operator was told to show the card again, and how that ended. "killed, …": nobody was told anything. */
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "kill/acts.h"
#include "kill/faults.h"
#include "ops/desk-private.h"

#define SAMPLED 4 /* CI tries one step of so many of the plastics that it doesn't try whole */

/* What an act does when nothing fails: the names of its APDUs and calls, from 1. */
typedef struct {
    GPtrArray *apdus;
    GPtrArray *calls;
} Course;

static World *world;
static const Plastic *plastic;
static const char *only; /* act, "sales", "others"; NULL: all of them */
static gboolean full;
static guint every = 1; /* so many steps go by for one that is tried */
static const char *self_path;

/* One act, with one fault -------------------------------------------------------------------------------------- */

/* DONE, NOT_DONE or UNPROVEN. */
static Told
told_in_process (const Customer *customer, const CardAct *act, FaultKind kind, guint at)
{
    Station *station = &world->stations[0];
    Fault fault = { kind, at };
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (station, customer);
    fault_arm (&fault, station);
    outcome = act->run (station, customer, &error);
    fault_disarm (station);
    station_remove (station);

    return told_by (outcome, error);
}

static Told
told_by_nobody (const Customer *customer, const CardAct *act, FaultKind fault, guint at)
{
    g_autofree char *at_text = g_strdup_printf ("%u", at);
    g_autofree char *in_ledger = g_strdup_printf ("%" G_GINT64_FORMAT, customer->in_ledger);
    g_autofree char *spec = fault_spec (&(Fault){ fault, at });
    const char *argv[] = { self_path, "--child", customer->plastic->name, act->name,
        world->db->uri, world->stations[0].dir, customer->card, customer->number, in_ledger, fault_infos[fault].child, at_text, spec, NULL };
    g_autoptr(GError) error = NULL;
    int status;

    station_remove (&world->stations[0]);
    g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
    g_assert_no_error (error);
    g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);

    return KILLED;
}

static void
reconnect_owner (void)
{
    oc_db_free (world->owner);
    world->owner = oc_test_db_owner (world->db);
}

/* The cell of the table; caller frees. */
static char *
cell_of (const CardAct *act, Told told, gboolean done)
{
    static const char *const prefix[] = { [DONE] = "", [NOT_DONE] = "", [UNPROVEN] = "unproven, ", [KILLED] = "killed, " };

    return g_strconcat (prefix[told], done ? "" : "not ", act->done, NULL);
}

/* The customer is still there, wants what he came for, and gets it on the same card. */
static void
do_it_then (const CardAct *act, Station *station, Customer *customer)
{
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (station, customer);
    outcome = act->run (station, customer, &error);
    g_assert_no_error (error);
    station_remove (station);
    act->check (world, customer, TRUE);
}

/* Not only what was unfinished before it. */
static gboolean
is_begun (const CardAct *act, const Customer *customer)
{
    g_autofree char *job = world_pending_job (world, customer);
    g_autofree char *sql = NULL;
    g_autofree char *kind = NULL;

    if (job == NULL || act->settles)
        return job != NULL;
    sql = g_strdup_printf ("select kind from onecard.card_job where id = '%s'", job);
    kind = oc_test_sql_value (world->owner, sql);

    return strcmp (kind, act->kind) == 0;
}

/* Stops @act at @at and shows the card again. The outcome, for the table; caller frees. */
static char *
run_case (const CardAct *act, FaultKind fault, guint at, gboolean elsewhere)
{
    g_autoptr(Customer) customer = act->prepare (world, plastic);
    int before = card_act_count (world, act, customer);
    Station *next = &world->stations[elsewhere ? 1 : 0];
    Told told = fault_infos[fault].process ? told_by_nobody (customer, act, fault, at) : told_in_process (customer, act, fault, at);
    gboolean done;

    if (fault == SERVER_BEFORE || fault == SERVER_AFTER)
        reconnect_owner ();
    if (told == DONE || (told == NOT_DONE && act->settles)) {
        g_autofree char *pending = world_pending_job (world, customer);

        g_assert_null (pending); /* what was told is final */
    }
    if (elsewhere)
        world_expire_leases (world);
    if (is_begun (act, customer))
        world_settle (world, next, customer);
    done = card_act_count (world, act, customer) == before + 1;
    g_assert_true (done || card_act_count (world, act, customer) == before);
    for (int i = 0; i < 2; i++)
        station_remove (&world->stations[i]);
    act->check (world, customer, done);
    if (told == DONE || told == NOT_DONE)
        g_assert_true (done == (told == DONE));
    if (!done)
        do_it_then (act, next, customer);

    return cell_of (act, told, done);
}

/* The course of an act ----------------------------------------------------------------------------------------- */

static const char *
apdu_name (const guint8 *apdu)
{
    static const struct {
        guint8 cla, ins;
        const char *name;
    } names[] = {
        { 0x00, 0xA4, "SELECT" }, { 0x00, 0xB0, "READ BINARY" }, { 0x00, 0x84, "GET CHALLENGE" },
        { 0x00, 0x88, "INTERNAL AUTHENTICATE" }, { 0x00, 0x82, "EXTERNAL AUTHENTICATE" }, { 0x00, 0xC0, "GET RESPONSE" },
        { 0x04, 0xD6, "UPDATE BINARY" }, { 0xFF, 0xA4, "choose card type" }, { 0xFF, 0x01, "set page size" },
        { 0xFF, 0xB0, "read" }, { 0xFF, 0xD0, "write page" }, { 0xFF, 0xD6, "write page" }, { 0xFF, 0xB1, "read error counter" },
        { 0xFF, 0x70, "read error counter" }, { 0xFF, 0x20, "present code" },
    };
    static const char *const i2c[] = { "choose card type", "read", "write page" };

    if (apdu[0] == 0xFF && apdu[1] == 0x30 && apdu[3] >= 4 && apdu[3] <= 6)
        return i2c[apdu[3] - 4];

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        if (apdu[0] == names[i].cla && apdu[1] == names[i].ins)
            return names[i].name;

    return "?";
}

static gboolean
is_write (const char *name)
{
    return strcmp (name, "UPDATE BINARY") == 0 || strcmp (name, "write page") == 0;
}

static void
on_apdu (const guint8 *in, gsize in_len, const guint8 *out, gsize out_len, gpointer data)
{
    if (out == NULL)
        g_ptr_array_add (data, g_strdup (apdu_name (in)));
}

static Course
course_of (const CardAct *act)
{
    Course course = { g_ptr_array_new_with_free_func (g_free), g_ptr_array_new_with_free_func (g_free) };
    g_autoptr(Customer) customer = act->prepare (world, plastic);
    Station *station = &world->stations[0];
    Fault notes = { N_FAULTS, .names = course.calls };
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (station, customer);
    oc_sim_slot_set_trace (station->slot, on_apdu, course.apdus);
    fault_arm (&notes, station);
    outcome = act->run (station, customer, &error);
    g_assert_no_error (error);
    fault_disarm (station);
    oc_sim_slot_set_trace (station->slot, NULL, NULL);
    station_remove (station);
    act->check (world, customer, TRUE);

    return course;
}

static void
course_clear (Course *self)
{
    g_ptr_array_unref (self->apdus);
    g_ptr_array_unref (self->calls);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Course, course_clear)

/* The matrix --------------------------------------------------------------------------------------------------- */

/* One group of columns: which faults, at which steps. */
typedef struct {
    const char *name;
    FaultKind columns[5];
    guint n_columns;
    guint n_in_ci;     /* the first so many of them */
    gboolean at_apdus; /* else at calls */
    gboolean writes;   /* CI: only at writing APDUs */
} Group;

static const Group groups[] = {
    { "card", { PULL, TORN, LOST, STATUS, GONE }, 5, 2, TRUE, FALSE },
    { "call", { DROP_BEFORE, DROP_AFTER }, 2, 2, FALSE, FALSE },
    { "away", { AWAY }, 1, 1, FALSE, FALSE },
    { "server", { SERVER_BEFORE, SERVER_AFTER }, 2, 2, FALSE, FALSE },
    { "killed-apdu", { KILL_APDU, KILLED_APDU }, 2, 2, TRUE, TRUE },
    { "killed-call", { KILL_BEFORE, KILL_AFTER }, 2, 2, FALSE, FALSE },
};

typedef struct {
    const Group *group;
    const CardAct *act;
} Part;

static void
add_row (GString *table, guint step, const char *name, GPtrArray *cells)
{
    g_string_append_printf (table, "| %u | %s |", step, name);
    for (guint i = 0; i < cells->len; i++)
        g_string_append_printf (table, " %s |", (char *) cells->pdata[i]);
    g_string_append_c (table, '\n');
}

static void
publish (const Group *group, const CardAct *act, const GString *table)
{
    const char *path = g_getenv ("ONECARD_MATRIX");
    FILE *file;

    g_test_message ("%s, %s\n%s", plastic->title, act->title, table->str);
    if (path == NULL)
        return;
    file = g_fopen (path, "a");
    g_assert_nonnull (file);
    fprintf (file, "### %s, %s: %s\n\n%s\n", plastic->title, act->title,
        group->at_apdus ? "stopped at each APDU" : "stopped at each database call", table->str);
    fclose (file);
}

/* CI leaves some out: those that write nothing, and of plastics that it only samples all but one in so many, counted from the
 * last, another one in each group. */
static gboolean
is_tried (const Group *group, GPtrArray *steps, guint step)
{
    guint offset, n = 0, later = 0;

    for (guint i = 1; i <= steps->len; i++) {
        gboolean fits = full || !group->writes || is_write (steps->pdata[i - 1]);

        n += fits;
        later += fits && i > step;
        if (i == step && !fits)
            return FALSE;
    }
    offset = (guint) (group - groups) % MIN (every, n);

    return later % every == offset;
}

static void
test_act (gconstpointer data)
{
    const Part *part = data;
    const Group *group = part->group;
    const CardAct *act = part->act;
    g_auto(Course) course = course_of (act);
    GPtrArray *steps = group->at_apdus ? course.apdus : course.calls;
    g_autoptr(GString) table = g_string_new ("| step | |");
    guint n_columns = full ? group->n_columns : group->n_in_ci;
    guint n_cases = 0;

    for (guint c = 0; c < n_columns; c++)
        g_string_append_printf (table, " %s |", fault_infos[group->columns[c]].name);
    g_string_append (table, "\n|---|---|");
    for (guint c = 0; c < n_columns; c++)
        g_string_append (table, "---|");
    g_string_append_c (table, '\n');

    for (guint step = 1; step <= steps->len; step++) {
        const char *name = steps->pdata[step - 1];
        g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

        if (!is_tried (group, steps, step))
            continue;
        for (guint c = 0; c < n_columns; c++) {
            /* CI shows the card here and elsewhere by turns, the whole product does both. */
            char *cell = run_case (act, group->columns[c], step, (step + c) % 2);

            if (full) {
                g_autofree char *other = run_case (act, group->columns[c], step, (step + c + 1) % 2);

                g_assert_cmpstr (cell, ==, other);
                n_cases++;
            }
            g_ptr_array_add (cells, cell);
            n_cases++;
        }
        add_row (table, step, name, cells);
    }
    g_test_message ("%u cases", n_cases);
    g_assert_cmpuint (n_cases, >, 0);
    publish (part->group, act, table);
}

/* The process that is killed ------------------------------------------------------------------------------------ */

/* --child PLASTIC ACT URI DIR CARD NUMBER CUSTOMER apdu|before|after AT SPEC */
static int
run_child (char **argv)
{
    Customer customer = { .plastic = plastic_find (argv[2]), .card = argv[6], .in_ledger = atoll (argv[8]) };
    const CardAct *act = card_act_find (argv[3]);
    gboolean at_call = strcmp (argv[9], "apdu") != 0;
    Fault fault = { strcmp (argv[9], "before") == 0 ? KILL_BEFORE : KILL_AFTER, .at = at_call ? (guint) atoi (argv[10]) : 0 };
    Station station;
    g_autoptr(OcOutcome) outcome = NULL;

    g_strlcpy (customer.number, argv[7], sizeof customer.number);
    customer.sub_meter = customer.plastic->sub_meter;
    world_set_reader (customer.plastic->reader);
    station_open (&station, argv[5], argv[4], 1001);
    station_insert (&station, &customer);
    g_assert_true (oc_sim_slot_set_faults (station.slot, argv[11], NULL));
    fault_arm_calls (&fault, &station);
    outcome = act->run (&station, &customer, NULL);

    return outcome ? 0 : 1;
}

static gboolean
is_wanted (const CardAct *act)
{
    gboolean sale = strcmp (act->done, "sold") == 0;

    if (act->several && plastic->second == 0)
        return FALSE;

    return only == NULL || strcmp (only, act->name) == 0 || strcmp (only, sale ? "sales" : "others") == 0;
}

static void
add_group (const Group *group)
{
    for (guint i = 0; i < n_card_acts; i++) {
        const CardAct *act = &card_acts[i];
        g_autofree char *path = g_strdup_printf ("/kill/%s/%s/%s", group->name, plastic->name, act->name);
        Part *part;

        if (!is_wanted (act))
            continue;
        part = g_new (Part, 1);
        *part = (Part){ group, act };
        g_test_add_data_func_full (path, part, test_act, g_free);
    }
}

int
main (int argc, char **argv)
{
    int status;

    if (argc == 12 && strcmp (argv[1], "--child") == 0)
        return run_child (argv);

    g_test_init (&argc, &argv, NULL);
    self_path = argv[0];
    full = g_getenv ("ONECARD_TEST_FULL") != NULL;
    g_assert_cmpint (argc, >=, 3);
    plastic = plastic_find (argv[2]);
    only = argv[3];
    world_set_reader (plastic->reader);
    if (strcmp (plastic->family, "cpu") == 0)
        world_set_model (plastic->model);
    if (strcmp (argv[1], "all") == 0 && !full)
        every = SAMPLED;

    world = world_new ();
    for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
        if (strcmp (argv[1], "all") == 0 || strcmp (groups[i].name, argv[1]) == 0)
            add_group (&groups[i]);
    status = g_test_run ();
    world_free (world);
    oc_test_cluster_end ();

    return status;
}

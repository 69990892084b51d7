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
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kill/acts.h"
#include "ops/desk-private.h"

#define SAMPLED 4 /* CI tries one step of so many of the plastics that it doesn't try whole */

typedef enum {
    PULL, TORN, LOST, STATUS, GONE,                 /* the card, in process */
    DROP_BEFORE, DROP_AFTER, AWAY,                  /* the connection */
    SERVER_BEFORE, SERVER_AFTER,                    /* the server, -9 */
    KILL_APDU, KILLED_APDU, KILL_BEFORE, KILL_AFTER, /* the program, -9, in a process of its own */
    N_FAULTS
} Fault;

static const struct {
    const char *name;  /* column of the table */
    const char *verb;  /* of the simulated reader; NULL: at database calls */
    gboolean process;  /* needs a process of its own */
    const char *child; /* what that process is told */
} faults[N_FAULTS] = {
    [PULL] = { "card pulled", "pull", FALSE, NULL },
    [TORN] = { "torn write", "torn", FALSE, NULL },
    [LOST] = { "answer lost", "lost", FALSE, NULL },
    [STATUS] = { "error status", "sw", FALSE, NULL },
    [GONE] = { "reader gone", "gone", FALSE, NULL },
    [DROP_BEFORE] = { "connection dropped before", NULL, FALSE, NULL },
    [DROP_AFTER] = { "connection dropped after commit", NULL, FALSE, NULL },
    [AWAY] = { "server away from here on", NULL, FALSE, NULL },
    [SERVER_BEFORE] = { "server killed before", NULL, FALSE, NULL },
    [SERVER_AFTER] = { "server killed after commit", NULL, FALSE, NULL },
    [KILL_APDU] = { "program killed before", "kill", TRUE, "apdu" },
    [KILLED_APDU] = { "program killed after", "killed", TRUE, "apdu" },
    [KILL_BEFORE] = { "program killed before", NULL, TRUE, "before" },
    [KILL_AFTER] = { "program killed after commit", NULL, TRUE, "after" },
};

/* What the operator was told. */
typedef enum { DONE, NOT_DONE, UNPROVEN, KILLED } Told;

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

/* Faults at database calls ------------------------------------------------------------------------------------- */

typedef struct {
    Fault fault;
    guint at;         /* call, from 1; 0: none, only names are noted */
    guint base;       /* the connection's number before the act */
    GPtrArray *names; /* noted when not NULL */
    gboolean done;
} CallFault;

/* Kills the postmaster and waits until all of the server is gone, then starts it again: as a machine that lost its power. */
static void
kill_server (void)
{
    OcCluster *cluster = oc_test_cluster ();
    g_autoptr(GError) error = NULL;

    kill (oc_cluster_pid (cluster), SIGKILL);
    while (oc_cluster_is_running (cluster))
        g_usleep (1000);
    oc_cluster_start (cluster, &error);
    g_assert_no_error (error);
}

static gboolean
on_call (gboolean before, guint call, const char *name, gpointer data)
{
    CallFault *self = data;
    guint n = call - self->base;

    if (self->names && before)
        g_ptr_array_add (self->names, g_strdup (name));
    if (self->at == 0 || n < self->at || (n > self->at && self->fault != AWAY) || (self->done && self->fault != AWAY))
        return TRUE;

    switch (self->fault) {
    case AWAY:
        return FALSE;
    case DROP_BEFORE:
    case DROP_AFTER:
        if (before != (self->fault == DROP_BEFORE))
            return TRUE;
        self->done = TRUE;
        return FALSE;
    case SERVER_BEFORE:
    case SERVER_AFTER:
        if (before != (self->fault == SERVER_BEFORE))
            return TRUE;
        self->done = TRUE;
        kill_server ();
        return before; /* before: the call itself finds out */
    case KILL_BEFORE:
    case KILL_AFTER:
        if (before == (self->fault == KILL_BEFORE))
            kill (getpid (), SIGKILL);
        return TRUE;
    default:
        return TRUE;
    }
}

/* The connection is up first: a fault before may have left it broken, and making it anew is not a call of the act. */
static void
arm_calls (Station *station, CallFault *fault)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_list (station->desk, "slots", NULL, &error);
    OcDb *db = station->desk->dbs[OC_DESK_COUNTER];

    g_assert_no_error (error);
    fault->base = oc_db_n_calls (db);
    oc_db_set_fault (db, on_call, fault);
}

static void
disarm_calls (Station *station)
{
    OcDb *db = station->desk->dbs[OC_DESK_COUNTER];

    if (db)
        oc_db_set_fault (db, NULL, NULL);
}

/* One act, with one fault -------------------------------------------------------------------------------------- */

/* What the simulated reader is told; "" when the fault is not its. Caller frees. */
static char *
reader_fault (Fault fault, guint at)
{
    if (faults[fault].verb == NULL)
        return g_strdup ("");

    return g_strdup_printf ("%s@%u%s", faults[fault].verb, at, fault == STATUS ? "=6581" : "");
}

/* DONE, NOT_DONE or UNPROVEN. */
static Told
told_in_process (const Customer *customer, const CardAct *act, Fault fault, guint at)
{
    Station *station = &world->stations[0];
    CallFault call_fault = { .fault = fault, .at = faults[fault].verb ? 0 : at };
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (station, customer);
    if (faults[fault].verb) {
        g_autofree char *spec = reader_fault (fault, at);

        g_assert_true (oc_sim_slot_set_faults (station->slot, spec, NULL));
    }
    arm_calls (station, &call_fault);
    outcome = act->run (station, customer, &error);
    disarm_calls (station);
    station_remove (station);

    if (outcome)
        return DONE;
    g_test_message ("%s", error->message);
    g_assert_null (strchr (error->message, '{')); /* the job's number is in it, where it is known */

    return oc_trouble_of (error) == OC_TROUBLE_UNPROVEN ? UNPROVEN : NOT_DONE;
}

static Told
told_by_nobody (const Customer *customer, const CardAct *act, Fault fault, guint at)
{
    g_autofree char *at_text = g_strdup_printf ("%u", at);
    g_autofree char *in_ledger = g_strdup_printf ("%" G_GINT64_FORMAT, customer->in_ledger);
    g_autofree char *spec = reader_fault (fault, at);
    const char *argv[] = { self_path, "--child", customer->plastic->name, act->name,
        world->db->uri, world->stations[0].dir, customer->card, customer->number, in_ledger, faults[fault].child, at_text, spec, NULL };
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
run_case (const CardAct *act, Fault fault, guint at, gboolean elsewhere)
{
    g_autoptr(Customer) customer = act->prepare (world, plastic);
    int before = card_act_count (world, act, customer);
    Station *next = &world->stations[elsewhere ? 1 : 0];
    Told told = faults[fault].process ? told_by_nobody (customer, act, fault, at) : told_in_process (customer, act, fault, at);
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
    CallFault notes = { .fault = N_FAULTS, .names = course.calls };
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) error = NULL;

    station_insert (station, customer);
    oc_sim_slot_set_trace (station->slot, on_apdu, course.apdus);
    arm_calls (station, &notes);
    outcome = act->run (station, customer, &error);
    g_assert_no_error (error);
    disarm_calls (station);
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
    Fault columns[5];
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
        g_string_append_printf (table, " %s |", faults[group->columns[c]].name);
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
    CallFault fault = { .fault = strcmp (argv[9], "before") == 0 ? KILL_BEFORE : KILL_AFTER, .at = at_call ? (guint) atoi (argv[10]) : 0 };
    Station station;
    g_autoptr(OcOutcome) outcome = NULL;

    g_strlcpy (customer.number, argv[7], sizeof customer.number);
    customer.sub_meter = customer.plastic->sub_meter;
    world_set_reader (customer.plastic->reader);
    station_open (&station, argv[5], argv[4], 1001);
    station_insert (&station, &customer);
    g_assert_true (oc_sim_slot_set_faults (station.slot, argv[11], NULL));
    arm_calls (&station, &fault);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kill/faults.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "ops/desk-private.h"

const FaultInfo fault_infos[N_FAULTS] = {
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
    Fault *self = data;
    guint n = call - self->base;

    if (self->names && before)
        g_ptr_array_add (self->names, g_strdup (name));
    if (self->at == 0 || self->kind == N_FAULTS || n < self->at || (n > self->at && self->kind != AWAY) || (self->done && self->kind != AWAY))
        return TRUE;

    switch (self->kind) {
    case AWAY:
        return FALSE;
    case DROP_BEFORE:
    case DROP_AFTER:
        if (before != (self->kind == DROP_BEFORE))
            return TRUE;
        self->done = TRUE;
        return FALSE;
    case SERVER_BEFORE:
    case SERVER_AFTER:
        if (before != (self->kind == SERVER_BEFORE))
            return TRUE;
        self->done = TRUE;
        kill_server ();
        return before; /* before: the call itself finds out */
    case KILL_BEFORE:
    case KILL_AFTER:
        if (before == (self->kind == KILL_BEFORE))
            kill (getpid (), SIGKILL);
        return TRUE;
    default:
        return TRUE;
    }
}

char *
fault_spec (const Fault *self)
{
    if (self->kind == N_FAULTS || fault_infos[self->kind].verb == NULL)
        return g_strdup ("");

    return g_strdup_printf ("%s@%u%s", fault_infos[self->kind].verb, self->at, self->kind == STATUS ? "=6581" : "");
}

/* The connection is up first: a fault before may have left it broken, and making it anew is not a call of the act. */
void
fault_arm_calls (Fault *self, Station *station)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_list (station->desk, "slots", NULL, &error);
    OcDb *db = station->desk->dbs[OC_DESK_COUNTER];

    g_assert_no_error (error);
    self->base = oc_db_n_calls (db);
    oc_db_set_fault (db, on_call, self);
}

void
fault_arm (Fault *self, Station *station)
{
    g_autofree char *spec = fault_spec (self);

    if (*spec)
        g_assert_true (oc_sim_slot_set_faults (station->slot, spec, NULL));
    fault_arm_calls (self, station);
}

void
fault_disarm (Station *station)
{
    OcDb *db = station->desk->dbs[OC_DESK_COUNTER];

    if (db)
        oc_db_set_fault (db, NULL, NULL);
}

Told
told_by (const OcOutcome *outcome, const GError *error)
{
    if (outcome)
        return DONE;
    g_test_message ("%s", error->message);
    g_assert_null (strchr (error->message, '{')); /* the job's number is in it, where it is known */

    return oc_trouble_of (error) == OC_TROUBLE_UNPROVEN ? UNPROVEN : NOT_DONE;
}

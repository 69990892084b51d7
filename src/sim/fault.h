/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults on request. APDUs are counted from 1 since the faults were given to a slot or meter:
 *   pull@N       the card is pulled before APDU N reaches it
 *   lost@N       APDU N is carried out, then the card is pulled: its answer is lost
 *   torn@N       the write of APDU N is cut short: half of its bytes are new, the rest old; torn@N:K: K bytes are
 *                new; torn@N:Kff: the rest of what was to be written is FF. Then the card is pulled. A command that
 *                writes nothing is carried out, its answer lost
 *   sw@N=6581    APDU N is answered with this status and not carried out
 *   gone@N       the reader is unplugged before APDU N
 *   slow@MS      every APDU takes so many milliseconds
 *   kill@N       this process kills itself (SIGKILL) before APDU N
 *   killed@N     … after APDU N was carried out, before its answer
 * Several are separated by commas. Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    OC_SIM_FAULT_NONE,
    OC_SIM_FAULT_PULL,
    OC_SIM_FAULT_LOST,
    OC_SIM_FAULT_TORN,
    OC_SIM_FAULT_STATUS,
    OC_SIM_FAULT_GONE,
    OC_SIM_FAULT_KILL,
    OC_SIM_FAULT_KILLED,
} OcSimFaultKind;

/* How a write is cut short. */
typedef struct {
    int keep;        /* bytes that are new; -1: half */
    gboolean erased; /* the rest is FF, else as before */
} OcSimTear;

typedef struct {
    OcSimFaultKind kind;
    guint64 at;
    guint16 sw;     /* STATUS */
    OcSimTear tear; /* TORN */
} OcSimFault;

typedef struct _OcSimFaults OcSimFaults;

/* NULL or "" is no fault. NULL with an OC_SIM_ERROR_USE when the text isn't understood. */
OcSimFaults *oc_sim_faults_parse (const char *text, GError **error);
void oc_sim_faults_free (OcSimFaults *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcSimFaults, oc_sim_faults_free)

/* Counts one APDU and says what happens to it. @self may be NULL. The result lives as long as self. */
const OcSimFault *oc_sim_faults_next (OcSimFaults *self);
guint64 oc_sim_faults_count (const OcSimFaults *self);
guint oc_sim_faults_slow_ms (const OcSimFaults *self);
/* Ends the process as kill -9 does. */
void oc_sim_fault_die (void) G_GNUC_NORETURN;

G_END_DECLS

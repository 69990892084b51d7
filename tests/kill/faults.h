/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can go wrong in the middle of an act, made to go wrong at one of its APDUs or database calls. */
#pragma once

#include "kill/world.h"

G_BEGIN_DECLS

typedef enum {
    PULL, TORN, LOST, STATUS, GONE,                 /* the card, in process */
    DROP_BEFORE, DROP_AFTER, AWAY,                  /* the connection */
    SERVER_BEFORE, SERVER_AFTER,                    /* the server, -9 */
    KILL_APDU, KILLED_APDU, KILL_BEFORE, KILL_AFTER, /* the program, -9, in a process of its own */
    N_FAULTS
} FaultKind;

typedef struct {
    const char *name;  /* column of the table */
    const char *verb;  /* of the simulated reader; NULL: at database calls */
    gboolean process;  /* needs a process of its own */
    const char *child; /* what that process is told */
} FaultInfo;
extern const FaultInfo fault_infos[N_FAULTS];

typedef struct {
    FaultKind kind;   /* N_FAULTS: none */
    guint at;         /* APDU or call, from 1; 0: none, only names are noted */
    GPtrArray *names; /* of calls, noted when not NULL */
    guint base;       /* the connection's number before the act */
    gboolean done;
} Fault;

/* What the simulated reader is told; "" when the fault is not its. Caller frees. */
char *fault_spec (const Fault *self);
/* From now on, with the card in: it happens to what this station does. Lives until fault_disarm (). */
void fault_arm (Fault *self, Station *station);
void fault_arm_calls (Fault *self, Station *station);
void fault_disarm (Station *station);

/* What the operator was told. */
typedef enum { DONE, NOT_DONE, UNPROVEN, KILLED } Told;
/* By an act that ended with @outcome, or NULL and @error. */
Told told_by (const OcOutcome *outcome, const GError *error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floor under a sale: pgbench, on the same server, makes the same commits in as many round trips, with the rows that a sale
 * reads and writes, their indexes and foreign keys, and nothing else: no rule is asked, no right, no price, nothing of a card is
 * understood. */
#pragma once

#include "kill/world.h"

G_BEGIN_DECLS

/* What a stretch of work took. */
typedef struct {
    double wall_s;
    double server_s; /* processor time of the server's processes */
    double own_s;    /* processor time of this process: stations, simulated cards and meters */
} Took;

/* Now, to take the difference to. */
Took took_now (void);
Took took_since (const Took *start);

/* Copies what the bench's sales left in the tables: each client of pgbench goes on with one of its customers. */
void floor_make (World *world);
/* Away with them: the server would tidy them up while something else is measured. */
void floor_drop (World *world);
/* Can be called again. Runs pgbench with @clients for @seconds; answers its transactions, one a sale, a second. */
double floor_run (World *world, int clients, int seconds, Took *took);

G_END_DECLS

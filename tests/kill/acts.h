/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card acts, as the kill tests and the histories do them: a customer for whom one can be done, the act itself as an operator does
 * it, and what must be so afterwards. */
#pragma once

#include "kill/world.h"

G_BEGIN_DECLS

typedef struct {
    const char *name;  /* "purchase": in test paths, and for a process of its own */
    const char *title; /* in tables */
    const char *kind;  /* of the job that says whether it was done */
    const char *done;  /* the word for it */
    gboolean settles;  /* nothing was unfinished before it */
    gboolean several;  /* the card must have room for one more meter */
    /* A customer for whom it can be done now; nothing is in the readers. */
    Customer *(*prepare) (World *world, const Plastic *plastic);
    /* With the customer's card in the reader. */
    OcOutcome *(*run) (Station *station, const Customer *customer, GError **error);
    /* Card, meter and ledger agree, it having been done or not. */
    void (*check) (World *world, Customer *customer, gboolean done);
} CardAct;

extern const CardAct card_acts[];
extern const guint n_card_acts;
/* Aborts when there is none. */
const CardAct *card_act_find (const char *name);

/* How often it was done for this customer. */
int card_act_count (World *world, const CardAct *act, const Customer *customer);

/* The acts beside those of world.h. */
OcOutcome *act_repurchase (Station *station, const Customer *customer, int yuan, GError **error);
OcOutcome *act_replace_card (Station *station, const Customer *customer, GError **error);
OcOutcome *act_clear_card (Station *station, const Customer *customer, GError **error);
OcOutcome *act_close (Station *station, const Customer *customer, GError **error);
/* Their meter is customer_next_number (). */
OcOutcome *act_add_meter (Station *station, const Customer *customer, GError **error);
OcOutcome *act_replace_meter (Station *station, const Customer *customer, GError **error);
/* The card is away; another blank one is the customer's from now on. */
void customer_lose_card (World *world, Customer *customer);

G_END_DECLS

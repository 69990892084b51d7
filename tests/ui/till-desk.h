/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A desk without database and reader for the card screens' tests: it answers from a few values that a test sets, in the
 * order and on the thread of the real one. */
#pragma once

#include "ops/ops.h"

G_BEGIN_DECLS

/* What the next act does. */
typedef enum {
    TILL_ACT_DONE,
    TILL_ACT_UNPROVEN,
    TILL_ACT_REFUSED,
    TILL_ACT_DUE_CHANGED,
    TILL_ACT_NO_DATABASE,
    TILL_ACT_METER_REFUSED, /* the number of the meter in slot 4 */
} TillAct;

typedef struct {
    const char *state;     /* of the card that lies on the reader; NULL: none lies there */
    gint64 customer;
    gboolean unread;
    const char *reason;    /* why the first sub-meter can't buy, "" if it can */
    guint generation;
    TillAct act;
    guint quote_ms;        /* how long a quote takes */
    gboolean away;         /* the database is */
    gboolean tiered;       /* the price is */
    /* what was asked */
    guint n_reads, n_quotes, n_acts, n_settles, n_approvals;
    OcMoney sold, tendered;
    OcQuantity already;    /* of the last quote of an opening */
    int sub_meter;
    gboolean by_quantity;
    char *pay, *reference;
    guint n_meters_opened;
    char *opened_name;
} TillWorld;
extern TillWorld till_world;

OcDesk *till_desk_new (void);
/* A card is put there (state, customer as in till_world), or taken away. */
void till_desk_put (OcDesk *desk, const char *state, gint64 customer);
void till_desk_take (OcDesk *desk);
/* The database goes away or comes back, and the desk says so. */
void till_desk_set_away (OcDesk *desk, gboolean away);

G_END_DECLS

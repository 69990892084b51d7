/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one customer with one meter must have, as a clerk with pencil and paper would keep it: it knows prices and fees, and nothing of
 * the program. Money in 1/10000 yuan, amounts in 1/10000 of what the meter counts. Each function answers whether that can be done; if it
 * can't, nothing changes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    gint64 price;    /* of a unit, 0: sold by money, and any amount of it */
    gint64 step;     /* that amounts are sold in */
    gint64 presale;  /* that a new meter brings with it */
    gint64 presale_cost, opening_fee, card_fee, meter_fee;
    gboolean proves; /* the card can't be copied: its unread purchase is paid out without a second person */
} ModelTerms;

typedef struct {
    const ModelTerms *terms;
    gboolean open;
    gint64 cash;      /* what was handed over, less what was handed back */
    gint64 spent;     /* on fees, and on purchases before the last */
    gint64 balance;
    gint64 held;      /* of it, not to be had yet */
    gint64 stuck;     /* of that, for a meter that is gone and won't answer */
    guint count;      /* purchases for this meter */
    gint64 amount;    /* of the last: it is on the card */
    gint64 cost;      /* of the last */
    gint64 paid;      /* for the last, in cash or by what is held */
    gint64 change;    /* that the last left in the balance; below 0: took out of it */
    gboolean read;    /* the meter has the last */
    gboolean seen;    /* this card was in the meter since */
    gboolean carried; /* the last is what an old meter held */
    gboolean copied;  /* the last is on a card that took another one's place since */
    gint64 credited;  /* to this meter, in all */
    gint64 on_card;   /* what it held when the card was in it last */
    gboolean known;   /* the counter knows that the meter has the last */
    gint64 returned;  /* and what it held then */
} Model;

void model_init (Model *self, const ModelTerms *terms);
gboolean model_open (Model *self, gint64 money);
gboolean model_purchase (Model *self, gint64 money);
/* @money 0: takes the last purchase back. What goes back is held. */
gboolean model_purchase_anew (Model *self, gint64 money);
gboolean model_replace_card (Model *self);
gboolean model_replace_meter (Model *self);
gboolean model_pay_in (Model *self, gint64 money);
gboolean model_pay_out (Model *self, gint64 money);
/* The balance and what no meter has taken go back, with nobody's approval. */
gboolean model_close (Model *self);
/* The card was in the meter, which holds @remaining now. */
void model_insert (Model *self, gint64 remaining);
/* Another card with the same purchase was. */
void model_insert_other (Model *self);
/* The counter reads the card. */
void model_show (Model *self);
/* Every fen is somewhere. */
gboolean model_is_sound (const Model *self);

G_END_DECLS

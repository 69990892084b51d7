/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kill/model.h"

void
model_init (Model *self, const ModelTerms *terms)
{
    *self = (Model){ .terms = terms, .returned = terms->presale };
}

/* @money and @base out of the balance buy as much as they can, in whole steps; the rest is the balance's. */
static void
buy (Model *self, gint64 money, gint64 base)
{
    const ModelTerms *terms = self->terms;
    gint64 cost_of_step = terms->price * terms->step / 10000;
    gint64 steps = terms->price ? (money + base) / cost_of_step : 0;

    self->amount = terms->price ? steps * terms->step : money;
    self->cost = terms->price ? steps * cost_of_step : money;
    self->paid = money;
    self->change = money - self->cost;
    self->copied = FALSE;
}

static gint64
free_balance (const Model *self)
{
    return self->balance - self->held;
}

gboolean
model_open (Model *self, gint64 money)
{
    if (self->open)
        return FALSE;
    self->open = TRUE;
    self->count = 1;
    self->spent = self->terms->opening_fee + self->terms->presale_cost;
    self->cash = self->spent + money;
    buy (self, money, 0);
    self->balance = self->change;

    return TRUE;
}

gboolean
model_purchase (Model *self, gint64 money)
{
    if (!self->open || !self->read || !self->known)
        return FALSE;
    self->spent += self->cost;
    self->cash += money;
    self->count++;
    buy (self, money, free_balance (self));
    self->balance += self->change;
    self->read = self->seen = self->known = self->carried = FALSE;

    return TRUE;
}

gboolean
model_purchase_anew (Model *self, gint64 money)
{
    gint64 paid = self->paid;
    gint64 amount = self->amount;
    Model before = *self;

    if (!self->open || self->read || self->carried)
        return FALSE;
    self->balance -= self->change;
    if (free_balance (self) < 0) {
        *self = before;
        return FALSE;
    }
    buy (self, money, money ? free_balance (self) : 0);
    if (self->amount == amount) {
        *self = before;
        return FALSE;
    }
    self->balance += self->change;
    self->cash += MAX (money - paid, 0);
    self->held += MAX (paid - money, 0);
    self->balance += MAX (paid - money, 0);

    return TRUE;
}

gboolean
model_replace_card (Model *self)
{
    if (!self->open)
        return FALSE;
    self->cash += self->terms->card_fee;
    self->spent += self->terms->card_fee;
    self->seen = FALSE;
    self->copied = TRUE;

    return TRUE;
}

/* What the new meter lacks to its presale is charged; what it gets beyond is on the card. A step begun is the customer's. */
gboolean
model_replace_meter (Model *self)
{
    const ModelTerms *terms = self->terms;
    gint64 step = terms->price ? terms->step : 100;
    gint64 value = self->returned + (self->read ? 0 : self->amount);
    gint64 more = value - terms->presale;
    gint64 lacks;

    if (!self->open || (self->read && !self->known))
        return FALSE;
    more = more > 0 ? (more + step - 1) / step * step : -(-more / step * step);
    lacks = MAX (-more, 0);
    lacks = terms->price ? lacks * terms->price / 10000 : lacks;
    self->cash += terms->meter_fee + lacks;
    self->spent += terms->meter_fee + lacks + (self->read ? self->cost : 0);
    self->cost = self->read ? 0 : self->cost;
    self->count = 1;
    self->amount = MAX (more, 0);
    self->paid = self->change = self->credited = 0;
    self->returned = terms->presale;
    self->stuck = self->held;
    self->read = self->seen = self->known = FALSE;
    self->carried = TRUE;

    return TRUE;
}

gboolean
model_pay_in (Model *self, gint64 money)
{
    if (!self->open)
        return FALSE;
    self->cash += money;
    self->balance += money;

    return TRUE;
}

gboolean
model_pay_out (Model *self, gint64 money)
{
    if (!self->open || money > free_balance (self))
        return FALSE;
    self->cash -= money;
    self->balance -= money;

    return TRUE;
}

gboolean
model_close (Model *self)
{
    if (!self->open || self->held > 0 || (!self->read && self->cost > 0 && (!self->terms->proves || self->copied || self->carried)))
        return FALSE;
    self->cash -= self->balance + (self->read ? 0 : self->cost);
    self->spent += self->read ? self->cost : 0;
    self->cost = self->balance = self->held = 0;
    self->open = FALSE;

    return TRUE;
}

void
model_insert (Model *self, gint64 remaining)
{
    model_insert_other (self);
    self->seen = TRUE;
    self->on_card = remaining / self->terms->step * self->terms->step;
}

void
model_insert_other (Model *self)
{
    if (!self->read)
        self->credited += self->amount;
    self->read = TRUE;
}

void
model_show (Model *self)
{
    if (!self->seen)
        return;
    self->known = TRUE;
    self->returned = self->on_card;
    self->held = self->stuck;
}

gboolean
model_is_sound (const Model *self)
{
    return self->cash == self->spent + self->cost + self->balance && self->held >= 0 && self->held <= self->balance;
}

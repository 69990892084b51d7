/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What flows through a meter, and what it takes for it. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "sim/meter-private.h"

#define UNIT 10000

guint
meter_alarm (const OcSimMeter *self)
{
    if (!self->opened)
        return 0;
    return self->remaining <= self->in_force.alarm_2 ? 2 : self->remaining <= self->in_force.alarm_1 ? 1 : 0;
}

/* Down to its overdraft limit a meter goes on. */
gboolean
meter_valve_closed (const OcSimMeter *self)
{
    return self->broken || self->remaining <= -self->in_force.overdraft_limit || (meter_alarm (self) == 2 && !self->acknowledged);
}

gint64
meter_price_of (const MeterPrice *price, guint tier)
{
    return price->rate + price->price[tier];
}

/* NULL: it counts quantity, one for one. */
static const MeterPrice *
price_now (const OcSimMeter *self)
{
    const char *at = self->in_force.switch_time;
    g_autoptr(GDateTime) now = g_date_time_new_now_local ();
    g_autofree char *time = g_date_time_format (now, "%y%m%d%H%M");

    if (!self->is_cpu || !self->plan->by_money)
        return NULL;
    return &self->in_force.prices[strcmp (at, "0000000000") != 0 && strcmp (time, at) >= 0];
}

void
meter_turn_period (OcSimMeter *self)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local ();
    g_autofree char *month = g_date_time_format (now, "%y%m");
    const MeterPrice *price = price_now (self);
    gboolean monthly = price != NULL && strcmp (price->settlement, "000000") == 0;

    if (strcmp (month, self->month) == 0)
        return;
    if (monthly || strncmp (month, self->year, 2) != 0)
        self->period_used = 0;
    memmove (self->months + 1, self->months, sizeof self->months - sizeof *self->months);
    self->months[0] = 0;
    g_strlcpy (self->month, month, sizeof self->month);
    g_strlcpy (self->year, month, sizeof self->year);
}

/* What is left of a tier after @used; -1: no end. */
static gint64
room_of (const MeterPrice *price, guint tier, gint64 used)
{
    if (tier + 1 == METER_TIERS || price->limit[tier] == 0)
        return -1;
    return MAX (price->limit[tier] - MAX (used, tier > 0 ? price->limit[tier - 1] : 0), 0);
}

/* How much of @want flows before more than @money is used up (rounded up: the valve closes when it is reached), and what it
 * takes. @money -1: without end. */
static gint64
flow_for (const OcSimMeter *self, gint64 want, gint64 money, gint64 *cost)
{
    const MeterPrice *price = price_now (self);
    gint64 flowed = 0;

    *cost = 0;
    for (guint tier = 0; tier < METER_TIERS && want > 0; tier++) {
        gint64 rate = price != NULL ? meter_price_of (price, tier) : UNIT;
        gint64 room = price != NULL ? room_of (price, tier, self->period_used) : -1;
        gint64 flow = room >= 0 ? MIN (room, want) : want;

        if (money >= 0 && rate > 0)
            flow = MIN ((__int128) flow, ((__int128) (money - *cost) * UNIT + rate - 1) / rate);
        flowed += flow;
        want -= flow;
        *cost += (gint64) (((__int128) flow * rate + UNIT / 2) / UNIT);
        if (room < 0 || (money >= 0 && *cost >= money))
            break;
    }
    return flowed;
}

gboolean
oc_sim_meter_use (OcSimMeter *self, OcQuantity quantity, gboolean overdraw, OcQuantity *flowed, GError **error)
{
    gint64 floor = -self->in_force.overdraft_limit, cost;

    flowed->units = 0;
    if (self->broken || (!overdraw && meter_valve_closed (self)))
        return TRUE;
    if (self->opened && !self->acknowledged && self->remaining > self->in_force.alarm_2)
        floor = MAX (self->in_force.alarm_2, 0);
    meter_turn_period (self);
    flowed->units = flow_for (self, MAX (quantity.units, 0), overdraw ? -1 : MAX (self->remaining - floor, 0), &cost);
    self->used += flowed->units;
    self->period_used += flowed->units;
    self->months[0] += flowed->units;
    self->remaining -= cost;
    return meter_save (self, error);
}

gboolean
oc_sim_meter_learn (OcSimMeter *self, const OcSimKeys *keys, GError **error)
{
    OcSimKeys *own = &self->keys;
    gboolean same;

    if (self->is_cpu ? !keys->cpu : keys->area_len != own->area_len) {
        g_set_error_literal (error, OC_SIM_ERROR, OC_SIM_ERROR_USE, _("This meter has no use for these keys."));
        return FALSE;
    }
    same = self->is_cpu ? memcmp (own->internal, keys->internal, 16) == 0 && memcmp (own->external, keys->external, 16) == 0
                && memcmp (own->mac, keys->mac, 16) == 0
                        : memcmp (own->area, keys->area, keys->area_len) == 0;
    if (same)
        return TRUE;
    self->before = *own;
    self->has_before = TRUE;
    *own = *keys;
    memcpy (own->psc, self->before.psc, sizeof own->psc); /* the cards' code stays what it is */
    return meter_save (self, error);
}

gboolean
oc_sim_meter_set_broken (OcSimMeter *self, gboolean broken, GError **error)
{
    self->broken = broken;
    return meter_save (self, error);
}

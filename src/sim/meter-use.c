/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/meter-private.h"

guint
meter_alarm (const OcSimMeter *self)
{
    if (!self->opened)
        return 0;
    return self->remaining <= self->alarm_2 ? 2 : self->remaining <= self->alarm_1 ? 1 : 0;
}

gboolean
meter_valve_closed (const OcSimMeter *self)
{
    return self->broken || self->remaining <= 0 || (meter_alarm (self) == 2 && !self->acknowledged);
}

/* Yuan of a kWh now, 1/10000; a meter that counts quantity takes one for one. */
gint64
meter_rate_now (const OcSimMeter *self)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local ();
    g_autofree char *time = g_date_time_format (now, "%y%m%d%H%M");

    if (!self->is_cpu)
        return 10000;
    return strcmp (self->switch_time, "0000000000") != 0 && strcmp (time, self->switch_time) >= 0 ? self->rate_2 : self->rate_1;
}

gboolean
oc_sim_meter_use (OcSimMeter *self, OcQuantity quantity, gboolean overdraw, OcQuantity *flowed, GError **error)
{
    gint64 rate = meter_rate_now (self), floor = 0, flow = MAX (quantity.units, 0);

    flowed->units = 0;
    if (self->broken || (!overdraw && meter_valve_closed (self)))
        return TRUE;
    if (!overdraw && rate > 0) {
        if (self->opened && !self->acknowledged && self->remaining > self->alarm_2)
            floor = MAX (self->alarm_2, 0);
        /* what is left above the floor lets so much flow, rounded up: the valve closes when it is reached */
        flow = MIN ((__int128) flow, ((__int128) (self->remaining - floor) * 10000 + rate - 1) / rate);
    }
    flowed->units = flow;
    self->used += flow;
    self->remaining -= (gint64) (((__int128) flow * rate + 5000) / 10000);
    return meter_save (self, error);
}

gboolean
oc_sim_meter_set_broken (OcSimMeter *self, gboolean broken, GError **error)
{
    self->broken = broken;
    return meter_save (self, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "card/reader.h"
#include "sim/meter-private.h"

static gboolean
send_once (MeterLink *link, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len)
{
    const OcSimFault *fault;
    gboolean ok;

    if (link->gone)
        return FALSE;
    if (oc_sim_faults_slow_ms (link->faults) != 0)
        g_usleep (oc_sim_faults_slow_ms (link->faults) * 1000ul);
    fault = oc_sim_faults_next (link->faults);
    switch (fault->kind) {
    case OC_SIM_FAULT_PULL:
    case OC_SIM_FAULT_GONE:
        link->gone = TRUE;
        return FALSE;
    case OC_SIM_FAULT_KILL:
        oc_sim_fault_die ();
    case OC_SIM_FAULT_STATUS:
        out[0] = fault->sw >> 8;
        out[1] = fault->sw & 0xff;
        *out_len = 2;
        return TRUE;
    default:
        break;
    }
    ok = oc_sim_card_transmit (link->card, in, in_len, fault->kind == OC_SIM_FAULT_TORN ? &fault->tear : NULL, out, out_len, NULL);
    if (fault->kind == OC_SIM_FAULT_KILLED)
        oc_sim_fault_die ();
    link->gone = !ok || fault->kind == OC_SIM_FAULT_LOST || fault->kind == OC_SIM_FAULT_TORN;
    return !link->gone;
}

gboolean
meter_link_send (MeterLink *link, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, guint16 *sw)
{
    guint8 answer[OC_APDU_MAX];
    guint8 next[5] = { 0 };
    gsize len;

    if (!send_once (link, in, in_len, answer, &len))
        return FALSE;
    for (guint turn = 0; turn < 2 && (answer[len - 2] == 0x61 || answer[len - 2] == 0x6c); turn++) {
        if (answer[len - 2] == 0x61)
            memcpy (next, (guint8[]){ 0x00, 0xc0, 0x00, 0x00 }, 4);
        else
            memcpy (next, in, 4);
        next[4] = answer[len - 1];
        if (!send_once (link, next, 5, answer, &len))
            return FALSE;
    }
    *sw = (guint16) (answer[len - 2] << 8 | answer[len - 1]);
    memcpy (out, answer, len - 2);
    *out_len = len - 2;
    return TRUE;
}

gboolean
meter_link_expect (MeterLink *link, const guint8 *in, gsize in_len, guint8 *out, gsize want)
{
    guint8 answer[OC_APDU_MAX];
    gsize len;
    guint16 sw;

    if (!meter_link_send (link, in, in_len, answer, &len, &sw) || sw != 0x9000 || len != want)
        return FALSE;
    if (want != 0)
        memcpy (out, answer, want);
    return TRUE;
}

guint64
meter_number_be (const guint8 *data, gsize len)
{
    guint64 value = 0;

    for (gsize i = 0; i < len; i++)
        value = value << 8 | data[i];
    return value;
}

gboolean
meter_bcd (const guint8 *data, gsize len, guint64 *value)
{
    *value = 0;
    for (gsize i = 0; i < len; i++) {
        guint high = data[i] >> 4, low = data[i] & 15;

        if (high > 9 || low > 9)
            return FALSE;
        *value = *value * 100 + high * 10 + low;
    }
    return TRUE;
}

void
meter_put_bcd (guint8 *out, gsize len, guint64 value)
{
    for (gsize i = len; i-- > 0; value /= 100)
        out[i] = (guint8) (value / 10 % 10 << 4 | value % 10);
}

void
meter_digits (const guint8 *data, gsize len, char *out)
{
    static const char hex[] = "0123456789ABCDEF";

    for (gsize i = 0; i < len; i++) {
        *out++ = hex[data[i] >> 4];
        *out++ = hex[data[i] & 15];
    }
    *out = '\0';
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory card commands of ACS readers (ACR38, ACR39, ACR3901), after their reference manuals. */
#include "card/memory.h"

#include <string.h>

#define TYPE_I2C_SMALL 0x01 /* 1 to 16 kbit */
#define TYPE_I2C_LARGE 0x02 /* 32 to 1024 kbit */
#define TYPE_SLE4442 0x06

#define PROTECTION 4 /* bytes of protection bits that some models put after what an SLE4442 is asked for */

static gboolean
acs_choose (OcMemoryPort *port, OcMemoryKind kind, const OcLayoutChip *chip, GError **error)
{
    static const guint8 types[] = { TYPE_I2C_SMALL, TYPE_I2C_LARGE, TYPE_SLE4442 };
    OcApdu apdu = oc_apdu_new (0xFF, 0xA4, 0x00, 0x00);

    port->kind = kind;
    port->chip = chip;
    oc_apdu_put_data (&apdu, &types[kind], 1);
    return oc_apdu_get (port->link, &apdu, "choosing the memory card's type", NULL, 0, error);
}

static gboolean
acs_prepare_write (OcMemoryPort *port, const OcLayoutChip *chip, GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0x01, 0x00, 0x00);
    const guint8 code = (guint8) (g_bit_nth_msf (chip->page, -1)); /* 8 is 03, 16 is 04, … */

    port->chip = chip;
    if (port->kind == OC_MEMORY_4442)
        return TRUE; /* no pages */
    oc_apdu_put_data (&apdu, &code, 1);
    return oc_apdu_get (port->link, &apdu, "setting the page size", NULL, 0, error);
}

static gboolean
acs_read (OcMemoryPort *port, guint at, guint8 *out, gsize len, GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0xB0, (guint8) (at >> 8), (guint8) at);
    guint8 answer[OC_APDU_MAX];
    gsize n = sizeof answer;
    guint16 sw;

    oc_apdu_put_le (&apdu, (guint) len);
    if (!oc_apdu_send (port->link, &apdu, OC_FOLLOW_ALL, 0, answer, &n, &sw, error))
        return FALSE;
    if (!oc_sw_ok (sw))
        return oc_sw_error (sw, "reading a memory card", error);
    if (n != len && !(port->kind == OC_MEMORY_4442 && n == len + PROTECTION))
        return oc_apdu_wrong_length (sw, error);
    memcpy (out, answer, len);
    return TRUE;
}

static gboolean
acs_write (OcMemoryPort *port, guint at, const guint8 *data, gsize len, GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0xD0, (guint8) (at >> 8), (guint8) at);

    oc_apdu_put_data (&apdu, data, len);
    return oc_apdu_put (port->link, &apdu, "writing a page", len, error);
}

static gboolean
acs_read_counter (OcMemoryPort *port, guint8 *bits, GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0xB1, 0x00, 0x00);
    guint8 answer[4]; /* the counter, three bytes of no meaning */

    oc_apdu_put_le (&apdu, sizeof answer);
    if (!oc_apdu_get (port->link, &apdu, "reading the error counter", answer, sizeof answer, error))
        return FALSE;
    *bits = answer[0];
    return TRUE;
}

/* The counter afterwards is the answer: 9007 is right. */
static gboolean
acs_present_code (OcMemoryPort *port, const guint8 psc[3], GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0x20, 0x00, 0x00);
    gboolean ok;
    guint16 sw;

    oc_apdu_put_data (&apdu, psc, 3);
    ok = oc_apdu_send (port->link, &apdu, OC_FOLLOW_NOTHING, 0, NULL, NULL, &sw, error);
    oc_apdu_wipe (&apdu);
    if (!ok || sw == 0x9007)
        return ok;
    return oc_sw_error ((sw & 0xFF00) != 0x9000 ? sw : sw == 0x9000 ? 0x6983 : 0x63C0 | ((sw & 2) != 0 ? 2 : 1),
        "presenting the code", error);
}

const OcMemoryCommands oc_acs_commands = {
    .name = "acs",
    .match = "ACS",
    .choose = acs_choose,
    .prepare_write = acs_prepare_write,
    .read = acs_read,
    .write = acs_write,
    .read_counter = acs_read_counter,
    .present_code = acs_present_code,
    .read_max = 255,
};

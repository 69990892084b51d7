/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory card commands of ACS readers (ACR38, ACR39, ACR3901), after their reference manuals. */
#include "card/memory.h"

#define TYPE_I2C_SMALL 0x01 /* 1 to 16 kbit */
#define TYPE_I2C_LARGE 0x02 /* 32 to 1024 kbit */

static gboolean
acs_choose (OcCardLink *link, gboolean large, GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0xA4, 0x00, 0x00);
    const guint8 type = large ? TYPE_I2C_LARGE : TYPE_I2C_SMALL;

    oc_apdu_put_data (&apdu, &type, 1);
    return oc_apdu_get (link, &apdu, "choosing the memory card's type", NULL, 0, error);
}

static gboolean
acs_set_page (OcCardLink *link, guint page, GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0x01, 0x00, 0x00);
    const guint8 code = (guint8) (g_bit_nth_msf (page, -1)); /* 8 is 03, 16 is 04, … */

    oc_apdu_put_data (&apdu, &code, 1);
    return oc_apdu_get (link, &apdu, "setting the page size", NULL, 0, error);
}

static gboolean
acs_read (OcCardLink *link, guint at, guint8 *out, gsize len, GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0xB0, (guint8) (at >> 8), (guint8) at);

    oc_apdu_put_le (&apdu, (guint) len);
    return oc_apdu_get (link, &apdu, "reading a memory card", out, len, error);
}

static gboolean
acs_write (OcCardLink *link, guint at, const guint8 *data, gsize len, GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0xD0, (guint8) (at >> 8), (guint8) at);
    guint16 sw;

    oc_apdu_put_data (&apdu, data, len);
    if (!oc_apdu_send (link, &apdu, OC_FOLLOW_ALL, len, NULL, NULL, &sw, error))
        return FALSE;
    return oc_sw_ok (sw) || oc_sw_error (sw, "writing a page", error);
}

const OcMemoryCommands oc_acs_commands = {
    .match = "ACS",
    .choose = acs_choose,
    .set_page = acs_set_page,
    .read = acs_read,
    .write = acs_write,
    .read_max = 255,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory card commands of HID OMNIKEY contact readers (3021, 3121, 6121). Source: HID Global, OMNIKEY Contact Smart Card
 * Readers Software Developer Guide, PLT-03099 rev. A.5, sections 8.1 (I2C: 8.1.7 and 8.1.8) and, for the error counter of
 * an SLE4442, 8.2 (the bus itself; control bytes as in the chip's data sheet). */
#include "card/memory.h"

#include <string.h>

#include "card/link.h"

#define I2C_INIT 0x04
#define I2C_READ 0x05
#define I2C_WRITE 0x06

/* The guide's numbers of types for the chips that there are; any other is described by its sizes. */
static const struct {
    const char *chip;
    guint8 type;
} types[] = { { "24c01", 0x0D }, { "24c02", 0x0E }, { "24c04", 0x0F }, { "24c08", 0x10 }, { "24c16", 0x11 }, { "24c32", 0x13 },
    { "24c64", 0x14 } };

static void
put_be32 (guint8 *out, guint value)
{
    for (guint i = 4; i-- > 0; value >>= 8)
        out[i] = (guint8) value;
}

/* Until the chip is known: the biggest of its kind. */
static gboolean
init_i2c (OcMemoryPort *port, GError **error)
{
    const gboolean large = port->kind == OC_MEMORY_LARGE;
    OcApdu apdu = oc_apdu_new (0xFF, 0x30, 0x00, I2C_INIT);
    guint8 data[8] = { 0x01, large ? 0x14 : 0x11, large ? 32 : 16, large ? 2 : 1 };

    put_be32 (data + 4, large ? 8192 : 2048);
    if (port->chip != NULL) {
        data[1] = 0;
        for (guint i = 0; i < G_N_ELEMENTS (types); i++)
            if (g_str_equal (types[i].chip, port->chip->name))
                data[1] = types[i].type;
        data[2] = (guint8) port->chip->page;
        put_be32 (data + 4, port->chip->size);
    }
    oc_apdu_put_data (&apdu, data, sizeof data);
    return oc_apdu_get (port->link, &apdu, "choosing the memory card's type", NULL, 0, error);
}

/* The reader knows an SLE4442 by itself, and shows it by its ATR. */
static gboolean
omnikey_choose (OcMemoryPort *port, OcMemoryKind kind, const OcLayoutChip *chip, GError **error)
{
    OcMemoryKind seen;

    port->kind = kind;
    port->chip = chip;
    if (kind != OC_MEMORY_4442)
        return init_i2c (port, error);
    if (oc_memory_atr (port->link->state.atr, port->link->state.atr_len, &seen) && seen == OC_MEMORY_4442)
        return TRUE;
    return oc_sw_error (0x6300, "choosing the memory card's type", error);
}

static gboolean
omnikey_prepare_write (OcMemoryPort *port, const OcLayoutChip *chip, GError **error)
{
    const OcLayoutChip *chosen = port->chip;

    port->chip = chip;
    return port->kind == OC_MEMORY_4442 || chosen == chip || init_i2c (port, error);
}

static gboolean
omnikey_read (OcMemoryPort *port, guint at, guint8 *out, gsize len, GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0xB0, (guint8) (at >> 8), (guint8) at);
    guint8 data[9] = { 0x01 };

    if (port->kind == OC_MEMORY_4442) {
        oc_apdu_put_le (&apdu, (guint) len);
    } else {
        apdu = oc_apdu_new (0xFF, 0x30, 0x00, I2C_READ);
        put_be32 (data + 1, at);
        put_be32 (data + 5, (guint) len);
        oc_apdu_put_data (&apdu, data, sizeof data);
    }
    return oc_apdu_get (port->link, &apdu, "reading a memory card", out, len, error);
}

static gboolean
omnikey_write (OcMemoryPort *port, guint at, const guint8 *data, gsize len, GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0xD6, (guint8) (at >> 8), (guint8) at);
    guint8 all[5 + 250] = { 0x01 };

    if (port->kind == OC_MEMORY_4442) {
        oc_apdu_put_data (&apdu, data, len);
    } else {
        g_assert (len <= sizeof all - 5);
        apdu = oc_apdu_new (0xFF, 0x30, 0x00, I2C_WRITE);
        put_be32 (all + 1, at);
        memcpy (all + 5, data, len);
        oc_apdu_put_data (&apdu, all, 5 + len);
    }
    return oc_apdu_put (port->link, &apdu, "writing a page", len, error);
}

/* Byte 0 of the security memory, over the bus: BD 03 A0 01 bits. The guide's own examples end with 9900. */
static gboolean
omnikey_read_counter (OcMemoryPort *port, guint8 *bits, GError **error)
{
    static const guint8 read_security[] = { 0xA6, 0x05, 0xA0, 0x03, 0x31, 0x00, 0x00 };
    static const guint8 head[] = { 0xBD, 0x03, 0xA0, 0x01 };
    OcApdu apdu = oc_apdu_new (0xFF, 0x70, 0x07, 0x6B);
    guint8 answer[OC_APDU_MAX];
    gsize n = sizeof answer;
    guint16 sw;

    oc_apdu_put_data (&apdu, read_security, sizeof read_security);
    oc_apdu_put_le (&apdu, 256);
    if (!oc_apdu_send (port->link, &apdu, OC_FOLLOW_ALL, 0, answer, &n, &sw, error))
        return FALSE;
    if (sw != 0x9000 && sw != 0x9900)
        return oc_sw_error (sw, "reading the error counter", error);
    if (n != sizeof head + 1 || memcmp (answer, head, sizeof head) != 0)
        return oc_apdu_wrong_length (sw, error);
    *bits = answer[sizeof head];
    return TRUE;
}

static gboolean
omnikey_present_code (OcMemoryPort *port, const guint8 psc[3], GError **error)
{
    OcApdu apdu = oc_apdu_new (0xFF, 0x20, 0x00, 0x00);
    gboolean ok;

    oc_apdu_put_data (&apdu, psc, 3);
    ok = oc_apdu_put (port->link, &apdu, "presenting the code", 0, error);
    oc_apdu_wipe (&apdu);
    return ok;
}

const OcMemoryCommands oc_omnikey_commands = {
    .name = "omnikey",
    .match = "OMNIKEY",
    .choose = omnikey_choose,
    .prepare_write = omnikey_prepare_write,
    .read = omnikey_read,
    .write = omnikey_write,
    .read_counter = omnikey_read_counter,
    .present_code = omnikey_present_code,
    .read_max = 250,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources: the readers' manuals as in card/acs.c and card/omnikey.c; data sheets of 24Cxx and SLE4442. */
#include "sim/memory-card.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/reader.h"
#include "seal/bytes.h"
#include "sim/card-file.h"
#include "sim/locked-file.h"

#define PSC_TRIES 3
#define TYPE_SMALL 0x01   /* I2C 1–16 kbit */
#define TYPE_LARGE 0x02   /* I2C 32–1024 kbit */
#define TYPE_SLE4442 0x06
#define FACTORY_BYTES 32  /* of SLE4442, that protection bits can lock */

static const OcSimChip chips[] = {
    { "24c01", 128, 8, TYPE_SMALL },
    { "24c02", 256, 8, TYPE_SMALL },
    { "24c04", 512, 16, TYPE_SMALL },
    { "24c08", 1024, 16, TYPE_SMALL },
    { "24c16", 2048, 16, TYPE_SMALL },
    { "24c32", 4096, 32, TYPE_LARGE },
    { "24c64", 8192, 32, TYPE_LARGE },
    { "4442", 256, 1, TYPE_SLE4442 },
};

struct _OcSimMemory {
    const OcSimChip *chip;
    guint8 *bytes;
    guint8 psc[3];
    int tries;

    /* the session, gone with the power */
    OcSimReaderKind reader;
    guint8 type; /* that the reader was told; 0: none */
    gboolean opened; /* PSC was right */
};

/* Answer to reset of an SLE4442 behind the reader's own first byte; other chips have none. */
static const guint8 atr_4442[] = { 0x3b, 0x04, 0xa2, 0x13, 0x10, 0x91 };
static const guint8 atr_i2c[] = { 0x3b, 0x00 };

/* As delivered: ATR, manufacturer codes, application id; these bytes are protected. */
static const guint8 factory[FACTORY_BYTES] = { 0xa2, 0x13, 0x10, 0x91, 0xff, 0xff, 0x81, 0x15, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xd2, 0x76, 0x00, 0x00, 0x04, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff };

const OcSimChip *
oc_sim_chip_find (const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS (chips); i++) {
        if (g_strcmp0 (chips[i].name, name) == 0)
            return &chips[i];
    }
    return NULL;
}

OcSimMemory *
oc_sim_memory_new (const OcSimChip *chip, const OcSimKeys *keys)
{
    OcSimMemory *self = g_new0 (OcSimMemory, 1);

    self->chip = chip;
    self->bytes = g_malloc (chip->size);
    memset (self->bytes, 0xff, chip->size);
    if (chip->type == TYPE_SLE4442)
        memcpy (self->bytes, factory, sizeof factory);
    memset (self->psc, 0xff, sizeof self->psc);
    if (keys != NULL)
        memcpy (self->psc, keys->psc, sizeof self->psc);
    self->tries = PSC_TRIES;
    return self;
}

void
oc_sim_memory_free (OcSimMemory *self)
{
    oc_wipe (self->psc, sizeof self->psc);
    g_free (self->bytes);
    g_free (self);
}

#define LINE 32u /* bytes of memory a line of the file */

OcSimMemory *
oc_sim_memory_from_json (JsonObject *object, GError **error)
{
    const OcSimChip *chip = oc_sim_chip_find (json_object_get_string_member_with_default (object, "family", NULL));
    JsonArray *lines = json_object_has_member (object, "memory") ? json_object_get_array_member (object, "memory") : NULL;
    g_autoptr(OcSimMemory) self = NULL;
    gboolean ok = chip != NULL && lines != NULL && json_array_get_length (lines) == chip->size / LINE;

    if (ok)
        self = oc_sim_memory_new (chip, NULL);
    for (guint i = 0; ok && i < chip->size / LINE; i++) {
        g_autoptr(GBytes) line = oc_unhex (json_array_get_string_element (lines, i));

        ok = line != NULL && g_bytes_get_size (line) == LINE;
        if (ok)
            memcpy (self->bytes + i * LINE, g_bytes_get_data (line, NULL), LINE);
    }
    if (ok && chip->type == TYPE_SLE4442) {
        self->tries = CLAMP ((int) json_object_get_int_member_with_default (object, "tries", 0), 0, PSC_TRIES);
        ok = oc_sim_json_bytes (object, "psc", self->psc, sizeof self->psc);
    }
    if (!ok) {
        g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FORMAT, _("The simulated memory card is damaged."));
        return NULL;
    }
    return g_steal_pointer (&self);
}

void
oc_sim_memory_to_json (const OcSimMemory *self, JsonBuilder *builder)
{
    if (self->chip->type == TYPE_SLE4442) {
        oc_sim_json_add_bytes (builder, "psc", self->psc, sizeof self->psc);
        json_builder_set_member_name (builder, "tries");
        json_builder_add_int_value (builder, self->tries);
    }
    json_builder_set_member_name (builder, "memory");
    json_builder_begin_array (builder);
    for (guint i = 0; i < self->chip->size / LINE; i++) {
        g_autofree char *line = oc_hex (self->bytes + i * LINE, LINE);

        json_builder_add_string_value (builder, line);
    }
    json_builder_end_array (builder);
}

const OcSimChip *
oc_sim_memory_chip (const OcSimMemory *self)
{
    return self->chip;
}

guint8 *
oc_sim_memory_bytes (OcSimMemory *self)
{
    return self->bytes;
}

int
oc_sim_memory_tries (const OcSimMemory *self)
{
    return self->chip->type == TYPE_SLE4442 ? self->tries : -1;
}

const guint8 *
oc_sim_memory_atr (const OcSimMemory *self, gsize *len)
{
    gboolean sle = self->chip->type == TYPE_SLE4442;

    *len = sle ? sizeof atr_4442 : sizeof atr_i2c;
    return sle ? atr_4442 : atr_i2c;
}

void
oc_sim_memory_reset (OcSimMemory *self, OcSimReaderKind reader)
{
    self->reader = reader;
    /* OMNIKEY readers know 2- and 3-wire cards by themselves */
    self->type = reader == OC_SIM_READER_OMNIKEY && self->chip->type == TYPE_SLE4442 ? TYPE_SLE4442 : 0;
    self->opened = FALSE;
}

/* The chip ------------------------------------------------------------------------------------------------------ */

/* An I2C page write: the address counter wraps inside the page. */
static gboolean
write_page (OcSimMemory *self, guint at, const guint8 *data, gsize size, const OcSimTear *tear)
{
    g_autofree guint8 *before = g_memdup2 (self->bytes, self->chip->size);
    guint page = self->chip->page, base = at - at % page;
    gsize keep = size;

    if (tear != NULL)
        keep = tear->keep < 0 ? size / 2 : MIN (size, (gsize) tear->keep);
    for (gsize i = 0; i < size; i++) {
        guint place = base + (guint) ((at - base + i) % page);

        if (i < keep)
            self->bytes[place] = data[i];
        else if (tear->erased)
            self->bytes[place] = 0xff;
    }
    return memcmp (before, self->bytes, self->chip->size) != 0;
}

/* SLE4442 writes byte by byte; without the PSC, and on protected bytes, nothing happens and nobody says so. */
static gboolean
write_bytes (OcSimMemory *self, guint at, const guint8 *data, gsize size, const OcSimTear *tear)
{
    gsize keep = size;
    gboolean changed = FALSE;

    if (!self->opened)
        return FALSE;
    if (tear != NULL)
        keep = tear->keep < 0 ? size / 2 : MIN (size, (gsize) tear->keep);
    for (gsize i = 0; i < size; i++) {
        guint place = at + (guint) i;
        guint8 value = i < keep ? data[i] : 0xff;

        if ((i >= keep && !tear->erased) || (place < FACTORY_BYTES && factory[place] != 0xff))
            continue;
        changed |= self->bytes[place] != value;
        self->bytes[place] = value;
    }
    return changed;
}

static guint16
chip_read (OcSimMemory *self, guint at, gsize size, guint8 *out, gsize *out_len)
{
    if (self->type == 0 || at + size > (self->type == self->chip->type ? self->chip->size : 65536u))
        return 0x6300;
    if (self->type == self->chip->type)
        memcpy (out, self->bytes + at, size);
    else
        memset (out, 0xff, size); /* the chip doesn't understand this addressing */
    *out_len = size;
    return 0x9000;
}

static guint16
chip_write (OcSimMemory *self, guint at, const guint8 *data, gsize size, const OcSimTear *tear, gboolean *changed)
{
    if (self->type == 0 || self->type != self->chip->type || size == 0 || at + size > self->chip->size)
        return 0x6300;
    *changed = self->type == TYPE_SLE4442 ? write_bytes (self, at, data, size, tear) : write_page (self, at, data, size, tear);
    return 0x9000;
}

/* The chip counts a try first, and takes it back when the code was right: a card pulled in between has lost it. */
static gboolean
present_psc (OcSimMemory *self, const guint8 *psc, const OcSimTear *tear, gboolean *changed)
{
    int before = self->tries;

    if (self->tries > 0) {
        self->opened = tear == NULL && oc_equal_ct (psc, self->psc, sizeof self->psc);
        self->tries = self->opened ? PSC_TRIES : self->tries - 1;
    } else {
        self->opened = FALSE;
    }
    *changed = self->tries != before;
    return self->opened;
}

/* SLE4442 shows its tries as bits: 7, 3, 1, 0. */
static guint8
tries_bits (const OcSimMemory *self)
{
    return (guint8) ((1 << self->tries) - 1);
}

/* The reader's commands ------------------------------------------------------------------------------------------ */

static guint16
select_type (OcSimMemory *self, guint8 type)
{
    self->type = 0;
    self->opened = FALSE;
    if (type != TYPE_SMALL && type != TYPE_LARGE && type != TYPE_SLE4442)
        return 0x6a81;
    /* an SLE4442 has to answer; an I2C chip can't be asked */
    if ((type == TYPE_SLE4442) != (self->chip->type == TYPE_SLE4442))
        return 0x6300;
    self->type = type;
    return 0x9000;
}

static guint16
transmit_acs (OcSimMemory *self, const guint8 *in, gsize in_len, const OcSimTear *tear, guint8 *out, gsize *len, gboolean *changed)
{
    guint at = (guint) in[2] << 8 | in[3];
    gsize lc = in[4];

    switch (in[1]) {
    case 0xa4:
        return in_len == 6 && lc == 1 ? select_type (self, in[5]) : 0x6700;
    case 0x01:
        return in_len == 6 && lc == 1 && in[5] >= 0x03 && in[5] <= 0x07 ? 0x9000 : 0x6700;
    case 0xb0:
        return in_len == 5 ? chip_read (self, at, lc != 0 ? lc : 256, out, len) : 0x6700;
    case 0xd0:
        return in_len == 5 + lc ? chip_write (self, at, in + 5, lc, tear, changed) : 0x6700;
    case 0xb1:
        if (self->type != TYPE_SLE4442)
            return 0x6300;
        memset (out, 0, 4);
        out[0] = tries_bits (self);
        *len = 4;
        return 0x9000;
    case 0x20:
        if (in_len != 8 || lc != 3)
            return 0x6700;
        if (self->type != TYPE_SLE4442)
            return 0x6300;
        present_psc (self, in + 5, tear, changed);
        return (guint16) (0x9000 | tries_bits (self));
    default:
        return 0x6d00;
    }
}

static guint
be32 (const guint8 *p)
{
    return (guint) p[0] << 24 | (guint) p[1] << 16 | (guint) p[2] << 8 | p[3];
}

/* FF 30 00 04 … choose, 05 read, 06 write of I2C chips. */
static guint16
omnikey_i2c (OcSimMemory *self, const guint8 *in, gsize in_len, const OcSimTear *tear, guint8 *out, gsize *len, gboolean *changed)
{
    gsize lc = in[4];

    if (in_len < 6 || (in_len != 5 + lc && in_len != 6 + lc) || in[5] != 0x01)
        return 0x6700;
    switch (in[3]) {
    case 0x04:
        if (lc != 8)
            return 0x6700;
        if (self->chip->type == TYPE_SLE4442)
            return 0x6300;
        self->type = in[8] > 1 ? TYPE_LARGE : TYPE_SMALL; /* by the number of address bytes */
        return 0x9000;
    case 0x05:
        if (lc != 9 || be32 (in + 10) == 0 || be32 (in + 10) > 256 || be32 (in + 6) > 0xffff)
            return 0x6700;
        return chip_read (self, be32 (in + 6), be32 (in + 10), out, len);
    case 0x06:
        if (lc < 6 || be32 (in + 6) > 0xffff)
            return 0x6700;
        return chip_write (self, be32 (in + 6), in + 10, lc - 5, tear, changed);
    default:
        return 0x6a86;
    }
}

/* FF 70 07 6B … over the bus, of which only reading the security memory's first byte is wanted. */
static guint16
omnikey_bus (OcSimMemory *self, const guint8 *in, gsize in_len, guint8 *out, gsize *len)
{
    static const guint8 read_counter[] = { 0xff, 0x70, 0x07, 0x6b, 0x07, 0xa6, 0x05, 0xa0, 0x03, 0x31, 0x00, 0x00, 0x00 };

    if (in_len != sizeof read_counter || memcmp (in, read_counter, in_len) != 0)
        return 0x6a80;
    memcpy (out, (guint8[]){ 0xbd, 0x03, 0xa0, 0x01, tries_bits (self) }, 5);
    *len = 5;
    return 0x9000;
}

static guint16
transmit_omnikey (OcSimMemory *self, const guint8 *in, gsize in_len, const OcSimTear *tear, guint8 *out, gsize *len,
    gboolean *changed)
{
    guint at = (guint) in[2] << 8 | in[3];
    gsize lc = in[4];

    if (in[1] == 0x30)
        return omnikey_i2c (self, in, in_len, tear, out, len, changed);
    if (self->chip->type != TYPE_SLE4442)
        return 0x6d00;
    switch (in[1]) {
    case 0x70:
        return omnikey_bus (self, in, in_len, out, len);
    case 0xb0:
        return in_len == 5 ? chip_read (self, at, lc != 0 ? lc : 256, out, len) : 0x6700;
    case 0xd6:
        if (in_len != 5 + lc)
            return 0x6700;
        return self->opened ? chip_write (self, at, in + 5, lc, tear, changed) : 0x6982;
    case 0x20:
        if (in_len != 8 || lc != 3)
            return 0x6700;
        if (self->tries == 0)
            return 0x6983;
        return present_psc (self, in + 5, tear, changed) ? 0x9000 : (guint16) (0x63c0 | self->tries);
    default:
        return 0x6d00;
    }
}

gboolean
oc_sim_memory_transmit (OcSimMemory *self, const guint8 *in, gsize in_len, const OcSimTear *tear, guint8 *out, gsize *out_len)
{
    gboolean changed = FALSE;
    gsize len = 0;
    guint16 sw;

    if (in_len < 5)
        sw = 0x6700;
    else if (in[0] != 0xff)
        sw = 0x6e00;
    else if (self->reader == OC_SIM_READER_ACS)
        sw = transmit_acs (self, in, in_len, tear, out, &len, &changed);
    else
        sw = transmit_omnikey (self, in, in_len, tear, out, &len, &changed);
    out[len] = sw >> 8;
    out[len + 1] = sw & 0xff;
    *out_len = len + 2;
    return changed;
}

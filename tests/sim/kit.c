/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kit.h"

#include <glib/gstdio.h>
#include <string.h>

#include "seal/derive.h"
#include "seal/mac.h"

static const guint8 card_id[8] = { 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 0x07, 0x18 };

void
kit_set_up (Kit *kit, gconstpointer data)
{
    kit->dir = g_dir_make_tmp ("onecard-sim-XXXXXX", NULL);
    g_assert_nonnull (kit->dir);
    oc_sim_keys_init (&kit->keys);
    for (guint8 i = 0; i < 16; i++) {
        kit->keys.internal[i] = i;
        kit->keys.external[i] = 0x10 + i;
        kit->keys.mac[i] = 0x20 + i;
        kit->keys.area[i] = i;
        kit->keys.area[16 + i] = 0x10 + i;
    }
    kit->keys.cpu = TRUE;
    kit->keys.area_len = 32;
    kit->chip = data;
}

void
kit_tear_down (Kit *kit, gconstpointer data)
{
    g_autoptr(GDir) dir = g_dir_open (kit->dir, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *path = g_build_filename (kit->dir, name, NULL);

        g_assert_cmpint (g_unlink (path), ==, 0);
    }
    g_assert_cmpint (g_rmdir (kit->dir), ==, 0);
    g_free (kit->dir);
}

char *
kit_path (Kit *kit, const char *name)
{
    return g_build_filename (kit->dir, name, NULL);
}

OcSimMeter *
kit_meter (Kit *kit, const char *name, OcSimMeterMake make)
{
    g_autofree char *path = kit_path (kit, name);
    g_autoptr(GError) error = NULL;
    OcSimMeter *meter;

    make.keys = &kit->keys;
    oc_sim_meter_make (path, &make, &error);
    g_assert_no_error (error);
    meter = oc_sim_meter_open (path, &error);
    g_assert_no_error (error);
    return meter;
}

OcSimMeterReport
kit_insert (OcSimMeter *meter, const char *card, const char *faults)
{
    OcSimMeterReport report;
    g_autoptr(GError) error = NULL;

    oc_sim_meter_insert (meter, card, faults, &report, &error);
    g_assert_no_error (error);
    return report;
}

char *
kit_cpu_card (Kit *kit, const char *name, guint8 serial)
{
    g_autoptr(GError) error = NULL;
    char *path = kit_path (kit, name);

    oc_sim_card_make (path, "cpu", &kit->keys, (guint8[]){ 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, serial }, &error);
    g_assert_no_error (error);
    return path;
}

char *
kit_memory_card (Kit *kit, const char *name, const char *family)
{
    g_autoptr(GError) error = NULL;
    char *path = kit_path (kit, name);

    oc_sim_card_make (path, family, &kit->keys, NULL, &error);
    g_assert_no_error (error);
    return path;
}

static void
put_number (guint8 *out, gsize len, guint64 value)
{
    while (len-- > 0) {
        out[len] = value & 0xff;
        value >>= 8;
    }
}

static guint64
get_number (const guint8 *data, gsize len)
{
    guint64 value = 0;

    while (len-- > 0)
        value = value << 8 | *data++;
    return value;
}

static void
put_digits (guint8 *out, const char *digits)
{
    for (; *digits != '\0'; digits += 2)
        *out++ = (guint8) (g_ascii_xdigit_value (digits[0]) << 4 | g_ascii_xdigit_value (digits[1]));
}

/* Start, command, length, sum and end around a payload that is in place. */
static void
frame (guint8 *file, gsize size, guint8 command)
{
    guint8 sum = 0;

    file[0] = 0x68;
    file[1] = command;
    put_number (file + 2, 2, size - 6);
    for (gsize i = 1; i < size - 2; i++)
        sum = (guint8) (sum + file[i]);
    file[size - 2] = sum;
    file[size - 1] = 0x16;
}

static guint8 *
file_of (OcSimCard *card, guint16 directory, guint8 sfi, gsize *size)
{
    guint8 *file = oc_sim_cpu_file (oc_sim_card_cpu (card), directory, sfi, size);

    g_assert_nonnull (file);
    memset (file, 0, *size);
    return file;
}

void
kit_put_cpu (const char *path, guint16 directory, const KitSale *sale)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimCard) card = oc_sim_card_open (path, &error);
    guint8 *file;
    gsize size;

    g_assert_no_error (error);
    file = file_of (card, directory, 1, &size);
    file[4] = 0x02;
    file[5] = sale->flags;
    put_digits (file + 15, "63" "00010000" "00001000" "000001" "000001"); /* rates, alarms 100 and 10, CT, VT */
    put_digits (file + 30, sale->meter);
    put_digits (file + 36, sale->customer);
    file[42] = (guint8) sale->type;
    frame (file, size, 0x01);
    for (guint8 sfi = 3; sfi <= 4; sfi++) {
        file = file_of (card, directory, sfi, &size);
        put_digits (file + 4, sale->rate != NULL ? sale->rate : "00004885");
        frame (file, size, 0x01);
    }
    file = file_of (card, directory, 2, &size);
    put_number (file, 4, (guint64) sale->amount);
    put_number (file + 4, 4, sale->count);
    file = file_of (card, directory, 5, &size);
    if (sale->back != KIT_EMPTY) {
        put_digits (file + 4, "02" "000001" "000001");
        put_digits (file + 11, sale->meter);
        put_digits (file + 17, sale->customer);
        put_number (file + 27, 4, sale->back_count);
        frame (file, size, 0x11);
    }
    if (sale->back == KIT_TORN_CLEAR)
        memset (file, 0, 24);
    g_assert_true (oc_sim_card_save (card, &error));
}

gboolean
kit_cpu_back (const char *path, guint16 directory, guint64 *count, gint64 *remaining)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimCard) card = oc_sim_card_peek (path, &error);
    const guint8 *file;
    guint8 sum = 0;
    gsize size;

    g_assert_no_error (error);
    file = oc_sim_cpu_file (oc_sim_card_cpu (card), directory, 5, &size);
    for (gsize i = 1; i < size - 2; i++)
        sum = (guint8) (sum + file[i]);
    if (file[0] != 0x68 || file[1] != 0x11 || file[size - 2] != sum || file[size - 1] != 0x16)
        return FALSE;
    *remaining = (gint64) get_number (file + 23, 4);
    *count = get_number (file + 27, 4);
    return TRUE;
}

static void
memory_mac (Kit *kit, const KitSale *sale, char kind, guint slot, guint copy, const char *meter, const guint8 *record, gsize len,
    guint8 mac[16])
{
    guint8 message[64] = { (guint8) kind, (guint8) slot, (guint8) copy };
    guint8 customer[6], key[16];

    put_digits (customer, sale->customer);
    oc_derive_memory_key (kit->keys.area, kit->keys.area_len, card_id, customer, key);
    memcpy (message + 3, card_id, 8);
    put_digits (message + 11, meter);
    memcpy (message + 17, record, len);
    oc_seal_cmac (key, message, 17 + len, mac);
}

typedef struct {
    guint8 *header, *slot;
    guint back_b;
} Places;

static Places
places (OcSimCard *card, const KitSale *sale)
{
    OcSimMemory *memory = oc_sim_card_memory (card);
    guint8 *bytes = oc_sim_memory_bytes (memory);
    guint n = MAX (sale->slot, 1) - 1, size = oc_sim_memory_chip (memory)->size;

    if (g_str_equal (oc_sim_card_family (card), "4442"))
        return (Places){ bytes + 32, bytes + 64 + n * 96, 80 };
    return size >= 4096 ? (Places){ bytes, bytes + 128 + n * 128, 96 } : (Places){ bytes, bytes + 32 + n * 96, 80 };
}

void
kit_put_memory (Kit *kit, const char *path, const KitSale *sale)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimCard) card = oc_sim_card_open (path, &error);
    guint slot = MAX (sale->slot, 1);
    guint8 mac[16], *r;
    Places at;

    g_assert_no_error (error);
    at = places (card, sale);
    r = at.header;
    memset (r, 0, 32);
    memcpy (r, "OC\x01\x03", 4);
    put_number (r + 6, 2, MAX (sale->issue, 1));
    memcpy (r + 8, card_id, 8);
    put_digits (r + 16, sale->customer);
    memory_mac (kit, sale, 'H', 0, 0, "000000000000", r, 28, mac);
    memcpy (r + 28, mac, 4);

    r = at.slot + sale->copy * 32;
    memset (r, 0, 32);
    put_number (r, 2, sale->count);
    r[2] = (guint8) sale->type;
    r[3] = sale->flags;
    put_number (r + 4, 4, (guint64) sale->amount);
    put_number (r + 12, 2, 10);
    put_number (r + 14, 2, 5);
    put_number (r + 16, 3, 20000); /* hoarding 2000 */
    put_digits (r + 19, sale->meter);
    r[25] = 0x01;
    memory_mac (kit, sale, 'V', slot, sale->copy, sale->meter, r, 28, mac);
    memcpy (r + 28, mac, 4);

    if (sale->back == KIT_RETURNED) {
        r = at.slot + 64;
        memset (r, 0, 16);
        put_number (r, 2, sale->back_count);
        memory_mac (kit, sale, 'R', slot, 0, sale->meter, r, 13, mac);
        memcpy (r + 13, mac, 3);
    }
    g_assert_true (oc_sim_card_save (card, &error));
}

gboolean
kit_memory_back (Kit *kit, const char *path, const KitSale *sale, guint64 *count, gint64 *remaining, gint64 *credited)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSimCard) card = oc_sim_card_peek (path, &error);
    guint64 best = 0;
    gboolean found = FALSE;
    Places at;

    g_assert_no_error (error);
    at = places (card, sale);
    for (guint copy = 0; copy < 2; copy++) {
        const guint8 *r = at.slot + (copy == 0 ? 64 : at.back_b);
        guint8 mac[16];
        guint64 rank = get_number (r, 2) << 24 | get_number (r + 10, 3);

        memory_mac (kit, sale, 'R', MAX (sale->slot, 1), copy, sale->meter, r, 13, mac);
        if (memcmp (mac, r + 13, 3) != 0 || (found && rank <= best))
            continue;
        found = TRUE;
        best = rank;
        *count = get_number (r, 2);
        *remaining = (gint32) get_number (r + 2, 4);
        *credited = (gint64) get_number (r + 6, 3);
    }
    return found;
}

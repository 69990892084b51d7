/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a card is for is read off its bytes: the parameters of each directory of a CPU card, header and
 * sale records of memory cards (cards.md 3). Nothing is checked here: the meter does that when the card is put in. */
#include "tray/drawer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "sim/holding.h"

#define DIGITS 6 /* bytes of a meter or customer number */

struct _OcDrawer {
    char *folder;
    OcDrawerKeys keys;
    gpointer data;
};

typedef struct {
    const char *layout, *type;
    char *number;
    gint64 presale, hoarding;
} Wanted;

static void
wanted_free (gpointer data)
{
    Wanted *wanted = data;

    g_free (wanted->number);
    g_free (wanted);
}

static void
card_free (gpointer data)
{
    OcDrawerCard *card = data;

    g_free (card->path);
    g_free (card->name);
    g_free (card->family);
    g_free (card->customer);
    g_free (card);
}

static void
meter_free (gpointer data)
{
    OcDrawerMeter *meter = data;

    g_free (meter->path);
    oc_fields_unref (meter->fields);
    g_free (meter);
}

/* Six BCD bytes as twelve digits; NULL where they are none. */
static char *
digits_at (const guint8 *data, gsize size, gsize at)
{
    g_autoptr(GString) text = g_string_new (NULL);

    if (at + DIGITS > size)
        return NULL;
    for (gsize i = 0; i < DIGITS; i++)
        g_string_append_printf (text, "%02X", data[at + i]);
    if (strspn (text->str, "0123456789") != text->len || strspn (text->str, "0") == text->len)
        return NULL;
    return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What cards say ------------------------------------------------------------------------------------------------------ */

static char *
cpu_customer (OcSimCpu *cpu)
{
    g_autoptr(GPtrArray) holdings = oc_sim_cpu_holdings (cpu);
    const OcSimHolding *first = holdings->len > 0 ? holdings->pdata[0] : NULL;

    return first != NULL ? g_strdup (first->customer) : NULL;
}

/* What the demo's user types preset in a meter; the hoarding limit only where the card doesn't bring it. */
static void
preset (Wanted *wanted)
{
    static const struct {
        const char *type;
        gint64 presale;
    } presales[] = { { "electricity", 100 }, { "cold-water", 3 }, { "hot-water", 3 }, { "gas", 20 }, { "heat", 50 } };

    for (guint i = 0; i < G_N_ELEMENTS (presales); i++)
        if (g_str_equal (presales[i].type, wanted->type))
            wanted->presale = presales[i].presale * 10000;
    if (g_str_equal (wanted->type, "electricity"))
        wanted->hoarding = 1000 * 10000;
}

static void
cpu_meters (OcSimCpu *cpu, GPtrArray *wanted)
{
    g_autoptr(GPtrArray) holdings = oc_sim_cpu_holdings (cpu);

    for (guint i = 0; i < holdings->len; i++) {
        const OcSimHolding *holding = holdings->pdata[i];
        Wanted *w = g_new0 (Wanted, 1);

        *w = (Wanted){ .layout = holding->layout->name, .type = holding->type, .number = g_strdup (holding->meter) };
        preset (w);
        g_ptr_array_add (wanted, w);
    }
}

#define HEADER_CUSTOMER_AT 16
#define V_METER_AT 19

static char *
memory_customer (OcSimMemory *memory)
{
    const guint8 *data = oc_sim_memory_bytes (memory);
    gsize size = oc_sim_memory_chip (memory)->size;

    return data[0] == 'O' && data[1] == 'C' ? digits_at (data, size, HEADER_CUSTOMER_AT) : NULL;
}

/* Both copies of a sale record name the same meter; either may be empty. */
static char *
slot_meter (const guint8 *data, gsize size, gsize slot)
{
    char *number = digits_at (data, size, slot + V_METER_AT);

    return number != NULL ? number : digits_at (data, size, slot + 32 + V_METER_AT);
}

static void
memory_meters (OcSimMemory *memory, GPtrArray *wanted)
{
    static const char *const types[] = { "electricity", "cold-water", "cold-water", "electricity", "hot-water", "gas",
        "heat", "cold-water" }; /* the demo's slots */
    const guint8 *data = oc_sim_memory_bytes (memory);
    gsize size = oc_sim_memory_chip (memory)->size;
    gsize first = size > 2048 ? 128 : 32, stride = size > 2048 ? 128 : 96;

    if (data[0] != 'O' || data[1] != 'C')
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (types) && first + (i + 1) * stride <= size; i++) {
        g_autofree char *number = slot_meter (data, size, first + i * stride);
        Wanted *w;

        if (number == NULL)
            continue;
        w = g_new0 (Wanted, 1);
        *w = (Wanted){ "mem-24c", types[i], g_steal_pointer (&number), 3 * 10000, 0 };
        g_ptr_array_add (wanted, w);
    }
}

/* The folder ------------------------------------------------------------------------------------------------------------ */

static int
by_number (gconstpointer a, gconstpointer b)
{
    const char *one = *(const char *const *) a, *two = *(const char *const *) b;
    gsize length_one = strlen (one), length_two = strlen (two);

    return length_one != length_two ? (length_one > length_two) - (length_one < length_two) : strcmp (one, two);
}

/* Names of the files "<kind>-…", sorted. */
static GPtrArray *
list (OcDrawer *self, const char *kind)
{
    GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
    g_autoptr(GDir) dir = g_dir_open (self->folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        if (g_str_has_prefix (name, kind) && g_str_has_suffix (name, ".json"))
            g_ptr_array_add (names, g_strdup (name));
    g_ptr_array_sort (names, by_number);
    return names;
}

OcDrawer *
oc_drawer_new (const char *folder, OcDrawerKeys keys, gpointer data)
{
    OcDrawer *self = g_new0 (OcDrawer, 1);

    self->folder = g_strdup (folder);
    self->keys = keys;
    self->data = data;
    return self;
}

void
oc_drawer_free (OcDrawer *self)
{
    if (self == NULL)
        return;
    g_free (self->folder);
    g_free (self);
}

/* @wanted: gets the meters that the card speaks of; NULL: not asked. */
static OcDrawerCard *
look_at_card (const char *path, const char *name, GPtrArray *wanted)
{
    g_autoptr(OcSimCard) card = oc_sim_card_peek (path, NULL);
    g_autofree char *customer = NULL;
    const char *digits = "";
    OcDrawerCard *seen;

    if (card == NULL)
        return NULL;
    if (oc_sim_card_cpu (card) != NULL)
        customer = cpu_customer (oc_sim_card_cpu (card));
    else
        customer = memory_customer (oc_sim_card_memory (card));
    if (wanted != NULL && oc_sim_card_cpu (card) != NULL)
        cpu_meters (oc_sim_card_cpu (card), wanted);
    else if (wanted != NULL)
        memory_meters (oc_sim_card_memory (card), wanted);
    if (customer != NULL)
        digits = customer + strspn (customer, "0");
    seen = g_new0 (OcDrawerCard, 1);
    seen->path = g_strdup (path);
    seen->name = g_strndup (name + strlen ("card-"), strlen (name) - strlen ("card-.json"));
    seen->family = g_strdup (oc_sim_card_family (card));
    seen->customer = g_strdup (digits);
    return seen;
}

static GPtrArray *
look_at_cards (OcDrawer *self, GPtrArray *wanted)
{
    GPtrArray *cards = g_ptr_array_new_with_free_func (card_free);
    g_autoptr(GPtrArray) names = list (self, "card-");

    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename (self->folder, names->pdata[i], NULL);
        OcDrawerCard *card = look_at_card (path, names->pdata[i], wanted);
        if (card != NULL)
            g_ptr_array_add (cards, card);
    }
    return cards;
}

GPtrArray *
oc_drawer_cards (OcDrawer *self)
{
    return look_at_cards (self, NULL);
}

GPtrArray *
oc_drawer_meters (OcDrawer *self)
{
    GPtrArray *meters = g_ptr_array_new_with_free_func (meter_free);
    g_autoptr(GPtrArray) names = list (self, "meter-");

    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename (self->folder, names->pdata[i], NULL);
        g_autoptr(OcSimMeter) meter = oc_sim_meter_peek (path, NULL);
        OcDrawerMeter *seen;

        if (meter == NULL)
            continue;
        seen = g_new0 (OcDrawerMeter, 1);
        seen->path = g_steal_pointer (&path);
        seen->fields = oc_sim_meter_describe (meter);
        g_ptr_array_add (meters, seen);
    }
    return meters;
}

static char *
meter_path (OcDrawer *self, const char *number)
{
    g_autofree char *name = g_strdup_printf ("meter-%s.json", number);

    return g_build_filename (self->folder, name, NULL);
}

gboolean
oc_drawer_add_card (OcDrawer *self, const char *family, GError **error)
{
    g_auto(OcSimKeys) keys;

    oc_sim_keys_init (&keys);
    if (!self->keys (&keys, self->data, error))
        return FALSE;
    if (g_mkdir_with_parents (self->folder, 0700) != 0) {
        g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FILE, "%s: %s", self->folder, g_strerror (errno));
        return FALSE;
    }
    for (guint n = 1;; n++) {
        g_autofree char *name = g_strdup_printf ("card-%u.json", n);
        g_autofree char *path = g_build_filename (self->folder, name, NULL);
        if (!g_file_test (path, G_FILE_TEST_EXISTS))
            return oc_sim_card_make (path, family, &keys, NULL, error);
    }
}

static GPtrArray *
missing_meters (OcDrawer *self)
{
    GPtrArray *wanted = g_ptr_array_new_with_free_func (wanted_free);
    g_autoptr(GPtrArray) cards = look_at_cards (self, wanted);

    for (guint i = wanted->len; i > 0; i--) {
        const Wanted *w = wanted->pdata[i - 1];
        g_autofree char *path = meter_path (self, w->number);
        if (g_file_test (path, G_FILE_TEST_EXISTS))
            g_ptr_array_remove_index (wanted, i - 1);
    }
    return wanted;
}

gboolean
oc_drawer_lacks_meters (OcDrawer *self)
{
    g_autoptr(GPtrArray) missing = missing_meters (self);

    return missing->len > 0;
}

gboolean
oc_drawer_add_meters (OcDrawer *self, GError **error)
{
    g_autoptr(GPtrArray) missing = missing_meters (self);
    g_auto(OcSimKeys) keys;

    oc_sim_keys_init (&keys);
    if (missing->len == 0)
        return TRUE;
    if (!self->keys (&keys, self->data, error))
        return FALSE;
    for (guint i = 0; i < missing->len; i++) {
        const Wanted *w = missing->pdata[i];
        g_autofree char *path = meter_path (self, w->number);
        OcSimMeterMake make = { w->layout, w->number, w->type, w->presale, w->hoarding, &keys };
        if (!g_file_test (path, G_FILE_TEST_EXISTS) && !oc_sim_meter_make (path, &make, error))
            return FALSE;
    }
    return TRUE;
}

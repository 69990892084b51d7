/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layouts: what came with the program, and broken documents that are refused with line and reason. */
#include <string.h>

#include "card/layout.h"

static const char minimal[]
    = "{\n" /* line 1 */
      "  \"layout\": \"test\",\n"
      "  \"version\": 1,\n"
      "  \"title\": \"Test\",\n"
      "  \"family\": \"cpu\",\n"
      "  \"meter_types\": [],\n"
      "  \"billing\": \"quantity\",\n"
      "  \"authentication\": true,\n"
      "  \"tiered\": false,\n"
      "  \"keys\": {\"internal\": 1, \"external\": 2, \"mac\": 3, \"diversification\": \"serial\"},\n" /* 10 */
      "  \"areas\": [\n"
      "    {\n"
      "      \"area\": \"first\", \"title\": \"First\", \"role\": \"parameters\",\n"
      "      \"sfi\": 1,\n"
      "      \"size\": 16,\n"
      "      \"writer\": \"seller\",\n"
      "      \"order\": 1,\n"
      "      \"fields\": [\n"
      "        {\"name\": \"meter\", \"label\": \"M\", \"at\": 0, \"length\": 6, \"encoding\": \"digits\"},\n"
      "        {\"name\": \"customer\", \"label\": \"C\", \"at\": 6, \"length\": 6, \"encoding\": \"digits\"},\n" /* 20 */
      "        {\"name\": \"card_type\", \"label\": \"T\", \"at\": 12, \"length\": 1, \"encoding\": \"hex\"},\n"
      "        {\"name\": \"update_flags\", \"label\": \"U\", \"at\": 13, \"length\": 1, \"encoding\": \"hex\", \"bits\": [\n"
      "          {\"bit\": 3, \"of\": [\"alarm_1\"]}]},\n"
      "        {\"name\": \"alarm_1\", \"label\": \"A\", \"at\": 14, \"length\": 2, \"encoding\": \"u16\"}\n"
      "      ]\n"
      "    },\n"
      "    {\n"
      "      \"area\": \"purse\", \"title\": \"Purse\", \"role\": \"wallet\", \"sfi\": 2, \"size\": 6, \"writer\": \"seller\", \"order\": 2,\n"
      "      \"fields\": [\n"
      "        {\"name\": \"purchase\", \"label\": \"P\", \"at\": 0, \"length\": 2, \"encoding\": \"u16\"},\n" /* 30 */
      "        {\"name\": \"count\", \"label\": \"N\", \"at\": 2, \"length\": 4, \"encoding\": \"u32\"}\n"
      "      ]\n"
      "    },\n"
      "    {\n"
      "      \"area\": \"back\", \"title\": \"Back\", \"role\": \"return\", \"sfi\": 3, \"size\": 17, \"writer\": \"meter\", \"order\": 3,\n"
      "      \"empty\": [\"count\"],\n"
      "      \"fields\": [\n"
      "        {\"name\": \"meter\", \"label\": \"M\", \"at\": 0, \"length\": 6, \"encoding\": \"digits\"},\n"
      "        {\"name\": \"customer\", \"label\": \"C\", \"at\": 6, \"length\": 6, \"encoding\": \"digits\"},\n"
      "        {\"name\": \"remaining\", \"label\": \"R\", \"at\": 12, \"length\": 4, \"encoding\": \"i32\"},\n" /* 40 */
      "        {\"name\": \"count\", \"label\": \"N\", \"at\": 16, \"length\": 1, \"encoding\": \"u8\"}\n"
      "      ]\n"
      "    }\n"
      "  ]\n"
      "}\n";

static char *
replaced (const char *what, const char *with)
{
    const char *at = strstr (minimal, what);

    g_assert_nonnull (at);
    return g_strdup_printf ("%.*s%s%s", (int) (at - minimal), minimal, with, at + strlen (what));
}

static OcLayout *
parse (const char *text, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

    return oc_layout_parse (bytes, error);
}

static void
test_minimal (void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcLayout) layout = parse (minimal, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (layout->name, ==, "test");
    g_assert_null (*layout->meter_types);
    g_assert_cmpuint (layout->areas->len, ==, 3);
    g_assert_cmpuint (layout->bits->len, ==, 1);
}

static void
test_refused (void)
{
    static const struct {
        const char *what, *with, *reason;
    } cases[] = {
        { "\"version\": 1,", "\"version\": \"1\",", "line 3, column 3: “version” must be a whole number from 1 to 999" },
        { "\"title\": \"Test\",", "", "line 2, column 3: “title” is missing" },
        { "\"cpu\"", "\"gpu\"", "line 5, column 3: “gpu” is no family" },
        { "\"tiered\"", "\"tierd\"", "line 9, column 3: “tierd” is not known here" },
        { "\"meter_types\": []", "\"meter_types\": [\"steam\"]",
            "line 6, column 3: a meter type is electricity, cold-water, gas, hot-water or heat" },
        { "\"authentication\": true", "\"authentication\": 0", "line 8, column 3: “authentication” must be true or false" },
        { "\"authentication\": true", "\"authentication\": false", "line 8, column 3: a CPU card proves itself: “authentication” is true" },
        { "\"keys\": {", "\"kays\": {", "line 10, column 3: “kays” is not known here" },
        { "\"sfi\": 1,", "\"sfi\": 31,", "line 14, column 7: “sfi” must be a whole number from 1 to 30" },
        { "\"sfi\": 2", "\"sfi\": 1", "line 28, column 7: name, place or order are another area's already" },
        { "\"size\": 16", "\"size\": 17", "line 18, column 7: byte 16 belongs to no field" },
        { "\"size\": 16", "\"size\": 15", "line 24, column 43: the field ends after byte 15 of its area" },
        { "\"at\": 14", "\"at\": 13", "line 24, column 43: byte 13 belongs to another field already" },
        { "\"u32\"", "\"u33\"", "line 31, column 63: “u33” is no encoding" },
        { "\"u32\"", "\"u16\"", "line 31, column 50: a field of encoding u16 has 2 to 2 bytes" },
        { "\"name\": \"count\"", "\"name\": \"purchase\"", "line 31, column 10: there is another field “purchase”" },
        { "\"u32\"", "\"const\"", "line 31, column 10: “value” is missing" },
        { "\"u32\"", "\"const\", \"value\": \"0G\"", "line 31, column 84: “value” must be 4 bytes in hex" },
        { "\"u32\"", "\"sum\"", "line 31, column 50: a field of encoding sum has 1 to 1 bytes" },
        { "\"i32\"", "\"hex\", \"decimals\": 2", "line 40, column 87: only a number has “decimals”, and none that counts steps" },
        { "\"i32\"", "\"mac\"", "line 40, column 68: a MAC ends the record of a memory card" },
        { "\"fields\": [", "\"frame\": {\"payload\": 1, \"size\": 16}, \"fields\": [",
            "line 18, column 31: “size” must be a whole number from 1 to 15" },
        { "\"role\": \"wallet\"", "\"role\": \"purse\"", "line 28, column 42: “purse” is no role" },
        { "\"role\": \"wallet\"", "\"role\": \"ladder\"", "line 11, column 3: no area has the role “wallet”" },
        { "\"role\": \"wallet\", \"sfi\": 2, \"size\": 6, \"writer\": \"seller\"", "\"role\": \"wallet\", \"sfi\": 2, \"size\": 6, \"writer\": \"meter\"",
            "line 28, column 81: the meter writes the return file, the seller all others" },
        { "\"order\": 1", "\"order\": 4", "line 17, column 7: the wallet is the last file but the return file" },
        { "\"name\": \"purchase\"", "\"name\": \"money\"", "line 29, column 7: the field “purchase” is missing" },
        { "\"name\": \"alarm_1\"", "\"name\": \"alram_1\"", "line 24, column 10: nothing that is sold is called “alram_1”" },
        { "\"of\": [\"alarm_1\"]", "\"of\": [\"alarm_2\"]",
            "line 23, column 22: “alarm_2” is no file and no field that a flag can follow" },
        { "\"of\": [\"alarm_1\"]", "\"of\": []", "line 23, column 22: “of” is empty" },
        { "\"bit\": 3", "\"bit\": 8", "line 23, column 12: “bit” must be a whole number from 0 to 7" },
        { "\"encoding\": \"u16\"}\n      ]", "\"encoding\": \"u16\", \"fixed\": \"65536\"}\n      ]",
            "line 24, column 85: “65536” does not fit the field" },
        { "\"name\": \"customer\", \"label\": \"C\", \"at\": 6", "\"name\": \"costumer\", \"label\": \"C\", \"at\": 6",
            "line 18, column 7: the field “customer” is missing" },
        { "      \"empty\": [\"count\"],\n", "", "line 35, column 7: “empty” is missing" },
        { "\"empty\": [\"count\"]", "\"empty\": [\"cuont\"]", "line 36, column 7: there is no field “cuont”" },
        { "\"quantity\"", "\"money\"", "line 7, column 3: a meter that counts money needs a field “rate” or “price”" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = replaced (cases[i].what, cases[i].with);
        g_autoptr(GError) error = NULL;
        g_autoptr(OcLayout) layout = parse (text, &error);

        g_assert_null (layout);
        g_assert_error (error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID);
        g_assert_cmpstr (error->message, ==, cases[i].reason);
    }
}

/* A document cut anywhere, or with any byte changed, is read or refused, never worse. */
static void
test_any_bytes (void)
{
    gsize n = strlen (minimal);

    for (gsize i = 0; i < n; i++) {
        g_autofree char *cut = g_strndup (minimal, i);
        g_autofree char *changed = g_strdup (minimal);
        g_autoptr(GError) error = NULL;
        g_autoptr(OcLayout) layout = parse (cut, &error);
        OcLayout *other;

        if (i < n - 2) /* what is left out at the end is white space */
            g_assert_error (error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID);
        changed[i] = '7';
        other = parse (changed, NULL);
        g_clear_pointer (&other, oc_layout_free);
    }
}

static void
test_own (void)
{
    const OcLayout *cpu = oc_layout_find ("cpu-electricity-63");
    const OcLayout *memory = oc_layout_for_family ("24c", "cold-water");
    static const struct {
        const char *chip;
        guint slots;
    } chips[] = { { "24c01", 1 }, { "24c02", 2 }, { "24c04", 5 }, { "24c08", 8 }, { "24c16", 8 }, { "24c32", 8 }, { "24c64", 8 } };

    g_assert_nonnull (cpu);
    g_assert_true (oc_layout_serves (cpu, "electricity"));
    g_assert_false (oc_layout_serves (cpu, "gas"));
    g_assert_cmpstr (oc_layout_for_family ("cpu", "gas")->name, ==, "cpu-gas");
    g_assert_null (oc_layout_find ("none"));
    g_assert_true (cpu->by_money && cpu->authentic && !cpu->tiered);
    g_assert_cmpuint (cpu->mac_kid, ==, 3);
    g_assert_cmpstr (oc_layout_area_of (cpu, "DF14/02")->name, ==, "wallet");
    g_assert_null (oc_layout_area_of (cpu, "DF14/07"));
    g_assert_true (oc_layout_area (cpu, "return")->by_meter);
    g_assert_nonnull (memory);
    g_assert_cmpstr (oc_layout_area_of (memory, "V1A")->name, ==, "sale");
    g_assert_cmpstr (oc_layout_area_of (memory, "R8B")->name, ==, "return");
    g_assert_cmpstr (oc_layout_area_of (memory, "header")->name, ==, "header");
    for (guint i = 0; i < G_N_ELEMENTS (chips); i++)
        g_assert_cmpuint (oc_layout_chip_slots (memory, oc_layout_chip (memory, chips[i].chip)), ==, chips[i].slots);
}

/* No two copies of a record may share a page: a torn page would take both. */
static void
test_places (void)
{
    const OcLayout *memory = oc_layout_find ("mem-24c");

    for (guint c = 0; c < memory->chips->len; c++) {
        const OcLayoutChip *chip = g_ptr_array_index (memory->chips, c);
        g_autofree guint8 *taken = g_malloc0 (chip->size);

        for (guint i = 0; i < memory->areas->len; i++) {
            const OcLayoutArea *area = g_ptr_array_index (memory->areas, i);
            guint slots = area->kind == 'H' ? 1 : oc_layout_chip_slots (memory, chip);

            for (guint slot = 1; slot <= slots; slot++)
                for (guint copy = 0; copy < area->n_copies; copy++) {
                    guint at = oc_layout_offset (area, chip, slot, copy);
                    guint first_page = at / chip->page;
                    guint last_page = (at + area->size - 1) / chip->page;

                    g_assert_cmpuint (at + area->size, <=, chip->size);
                    for (guint page = first_page; page <= last_page; page++)
                        g_assert_cmpuint (taken[page]++, ==, 0);
                }
        }
    }
    g_assert_cmpuint (oc_layout_offset (oc_layout_area (memory, "return"), oc_layout_chip (memory, "24c04"), 2, 1), ==, 32 + 96 + 80);
    g_assert_cmpuint (oc_layout_offset (oc_layout_area (memory, "return"), oc_layout_chip (memory, "24c32"), 2, 1), ==, 128 + 128 + 96);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/layout/minimal", test_minimal);
    g_test_add_func ("/layout/refused", test_refused);
    g_test_add_func ("/layout/any-bytes", test_any_bytes);
    g_test_add_func ("/layout/own", test_own);
    g_test_add_func ("/layout/places", test_places);
    return g_test_run ();
}

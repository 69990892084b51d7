/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layouts: what came with the program, and broken documents that are refused with line and reason. */
#include <string.h>

#include "card/layout.h"

static const char minimal[] = "{\n" /* line 1 */
                              "  \"layout\": \"test\",\n"
                              "  \"version\": 1,\n"
                              "  \"title\": \"Test\",\n"
                              "  \"family\": \"cpu\",\n"
                              "  \"billing\": \"money\",\n"
                              "  \"authentication\": false,\n"
                              "  \"tiered\": false,\n"
                              "  \"areas\": [\n"
                              "    {\n" /* 10 */
                              "      \"area\": \"only\",\n"
                              "      \"title\": \"Only\",\n"
                              "      \"sfi\": 1,\n"
                              "      \"size\": 6,\n"
                              "      \"writer\": \"seller\",\n"
                              "      \"order\": 1,\n"
                              "      \"fields\": [\n"
                              "        {\"name\": \"a\", \"label\": \"A\", \"at\": 0, \"length\": 2, \"encoding\": \"u16\"},\n"
                              "        {\"name\": \"b\", \"label\": \"B\", \"at\": 2, \"length\": 4, \"encoding\": \"u32\"}\n"
                              "      ]\n" /* 20 */
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
    g_assert_null (layout->meter_type);
    g_assert_cmpuint (layout->areas->len, ==, 1);
}

static void
test_refused (void)
{
    static const struct {
        const char *what, *with, *reason;
    } cases[] = {
        { "\"version\": 1,", "\"version\": \"1\",", "line 3: “version” must be a whole number from 1 to 999" },
        { "\"title\": \"Test\",", "", "line 2: “title” is missing" },
        { "\"cpu\"", "\"gpu\"", "line 5: “gpu” is no family" },
        { "\"tiered\"", "\"tierd\"", "line 8: “tierd” is not known here" },
        { "\"authentication\": false", "\"authentication\": 0", "line 7: “authentication” must be true or false" },
        { "\"authentication\": false", "\"authentication\": true", "line 2: “keys” is missing" },
        { "\"sfi\": 1", "\"sfi\": 31", "line 13: “sfi” must be a whole number from 1 to 30" },
        { "\"size\": 6", "\"size\": 7", "line 20: byte 6 belongs to no field" },
        { "\"size\": 6", "\"size\": 5", "line 19: the field ends after byte 5 of its area" },
        { "\"at\": 2, \"length\": 4", "\"at\": 1, \"length\": 4", "line 19: byte 1 belongs to another field already" },
        { "\"u32\"", "\"u33\"", "line 19: “u33” is no encoding" },
        { "\"u32\"", "\"u16\"", "line 19: a field of encoding u16 has 2 to 2 bytes" },
        { "\"u32\"", "\"sum\"", "line 19: a field of encoding sum has 1 to 1 bytes" },
        { "\"name\": \"b\"", "\"name\": \"a\"", "line 19: there is another field “a”" },
        { "\"u32\"", "\"const\"", "line 19: “value” is missing" },
        { "\"u32\"", "\"const\", \"value\": \"0G\"", "line 19: “value” must be 4 bytes in hex" },
        { "\"u32\"", "\"hex\", \"decimals\": 2", "line 19: only a number has “decimals”, and none that counts steps" },
        { "\"u32\"", "\"mac\"", "line 19: a MAC ends the record of a memory card" },
        { "\"fields\": [", "\"frame\": {\"payload\": 1, \"size\": 6}, \"fields\": [",
            "line 17: “size” must be a whole number from 1 to 5" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = replaced (cases[i].what, cases[i].with);
        g_autoptr(GError) error = NULL;
        g_autoptr(OcLayout) layout = parse (text, &error);

        g_assert_null (layout);
        g_assert_error (error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID);
        g_assert_true (g_str_has_suffix (error->message, strchr (cases[i].reason, ':') + 1));
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
    g_assert_true (oc_layout_for_family ("cpu", "electricity") == cpu);
    g_assert_null (oc_layout_for_family ("cpu", "gas"));
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

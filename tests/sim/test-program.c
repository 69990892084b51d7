/* SPDX-License-Identifier: GPL-3.0-or-later */
/* onecard-sim as a script uses it: what it prints, and its exit status. The program's path is in ONECARD_SIM. */
#include <json-glib/json-glib.h>
#include <string.h>

#include "sim/kit.h"

#define KEYS \
    "{\"cpu-internal\": \"000102030405060708090A0B0C0D0E0F\", \"cpu-external\": \"101112131415161718191A1B1C1D1E1F\", " \
    "\"cpu-mac\": \"202122232425262728292A2B2C2D2E2F\", " \
    "\"memory-area\": \"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\"}"

/* Runs it in the kit's folder with the words of @line; its exit status, and in @out what it printed. */
static int
run (Kit *kit, const char *line, char **out)
{
    g_auto(GStrv) words = g_strsplit (line, " ", -1);
    g_autoptr(GPtrArray) argv = g_ptr_array_new ();
    g_autofree char *printed = NULL;
    g_autoptr(GError) error = NULL;
    int status;

    g_ptr_array_add (argv, (gpointer) g_getenv ("ONECARD_SIM"));
    for (guint i = 0; words[i] != NULL; i++)
        g_ptr_array_add (argv, words[i]);
    g_ptr_array_add (argv, NULL);
    g_spawn_sync (kit->dir, (char **) argv->pdata, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &printed, NULL, &status, &error);
    g_assert_no_error (error);
    if (out != NULL)
        *out = g_steal_pointer (&printed);
    return g_spawn_check_wait_status (status, &error) ? 0 : error->domain == G_SPAWN_EXIT_ERROR ? error->code : -1;
}

/* A member of what it prints with --json, as text; numbers and truth values too. */
static char *
member (Kit *kit, const char *line, int status, const char *name)
{
    g_autofree char *out = NULL, *words = g_strconcat (line, " --json", NULL);
    g_autoptr(JsonNode) root = NULL;
    JsonNode *node;

    g_assert_cmpint (run (kit, words, &out), ==, status);
    root = json_from_string (out, NULL);
    g_assert_nonnull (root);
    node = json_object_get_member (json_node_get_object (root), name);
    g_assert_nonnull (node);
    return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node)
                                                                                          : json_to_string (node, FALSE);
}

static void
assert_member (Kit *kit, const char *line, int status, const char *name, const char *value)
{
    g_autofree char *seen = member (kit, line, status, name);

    g_assert_cmpstr (seen, ==, value);
}

static void
set_up (Kit *kit, gconstpointer data)
{
    g_autofree char *path = NULL;

    kit_set_up (kit, data);
    path = kit_path (kit, "keys");
    g_assert_true (g_file_set_contents (path, KEYS, -1, NULL));
}

static void
test_story (Kit *kit, gconstpointer data)
{
    g_autofree char *card = kit_path (kit, "card"), *areas = NULL;
    KitSale sale = { .type = 1, .count = 1, .amount = 10000, .meter = "000000000007", .customer = "000000000001", .flags = 0x83 };

    g_assert_cmpint (run (kit, "card new card --family cpu --keys keys --serial 1122334455667788", NULL), ==, 0);
    g_assert_cmpint (run (kit, "meter new meter --layout cpu-electricity-63 --number 000000000007 --presale 100 --hoarding 1000 --keys keys", NULL), ==, 0);
    assert_member (kit, "card show card", 0, "serial", "1122334455667788");
    assert_member (kit, "meter show meter", 0, "opened", "false");
    assert_member (kit, "meter insert meter --card card", 1, "error", "14"); /* still blank */
    kit_put_cpu (card, 0xdf01, &sale);
    assert_member (kit, "meter insert meter --card card --fault pull@5", 1, "error", "20");
    assert_member (kit, "meter insert meter --card card", 0, "remaining", "200");
    assert_member (kit, "meter insert meter --card card", 0, "credited", "false");
    assert_member (kit, "meter use meter --quantity 100", 0, "remaining", "151.15");
    assert_member (kit, "meter use meter --quantity 10000", 1, "valve", "closed");
    assert_member (kit, "meter use meter --quantity 100 --overdraw", 0, "flowed", "100");
    assert_member (kit, "meter show meter", 0, "count", "1");
    areas = member (kit, "card show card", 0, "areas");
    g_assert_nonnull (strstr (areas, "\"DF01/02\":{\"hex\":\"0000271000000001\",\"valid\":true,\"fields\":{\"purchase\":\"100.00\",\"count\":\"1\"}}"));
    g_assert_cmpint (run (kit, "meter break meter", NULL), ==, 0);
    g_assert_cmpint (run (kit, "meter insert meter --card card", NULL), ==, 1);
    g_assert_cmpint (run (kit, "meter repair meter", NULL), ==, 0);
    g_assert_cmpint (run (kit, "meter insert meter --card card", NULL), ==, 0);
}

static void
test_statuses (Kit *kit, gconstpointer data)
{
    static const struct {
        const char *line;
        int status;
    } rows[] = {
        { "--version", 0 },
        { "--help", 0 },
        { "", 2 },
        { "card", 2 },
        { "card eat card", 2 },
        { "card new card", 2 },
        { "card new card --family 24c99", 2 },
        { "card new card --family cpu", 2 },
        { "card new card --family cpu --keys keys --serial 11", 2 },
        { "card new card --family 24c04", 0 },
        { "card new card --family 24c04", 5 },
        { "card show nothing", 5 },
        { "card show keys", 5 },
        { "meter new meter --layout mem-24c", 2 },
        { "meter new meter --layout mem-24c --number 12 --keys keys", 2 },
        { "meter new meter --layout mem-99 --number 000000000007 --keys keys", 2 },
        { "meter new meter --layout mem-24c --number 000000000007", 2 },
        { "meter new meter --layout mem-24c --number 000000000007 --keys keys --presale -1", 2 },
        { "meter new meter --layout mem-24c --number 000000000007 --keys keys --type steam", 2 },
        { "meter new meter --layout mem-24c --number 000000000007 --keys keys --type gas", 0 },
        { "meter new other --layout mem-24c --number 000000000007 --keys-from /nowhere", 4 },
        { "meter insert meter", 2 },
        { "meter insert meter --card nothing", 5 },
        { "meter insert meter --card card --fault pull", 2 },
        { "meter insert meter --card card", 1 },
        { "meter use meter", 2 },
        { "meter use meter --quantity x", 2 },
        { "serve card --reader abc", 2 },
        { "serve card --port 0", 2 },
        { "serve nothing", 5 },
        { "meter show meter --nonsense", 2 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_test_message ("%s", rows[i].line);
        g_assert_cmpint (run (kit, rows[i].line, NULL), ==, rows[i].status);
    }
}

/* With --json a failure is an object too. */
static void
test_error_object (Kit *kit, gconstpointer data)
{
    g_autofree char *error = member (kit, "card show nothing", 5, "error");

    g_assert_nonnull (strstr (error, "\"message\""));
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sim/program/" name, Kit, NULL, set_up, func, kit_tear_down)
    ADD ("story", test_story);
    ADD ("statuses", test_statuses);
    ADD ("error-object", test_error_object);
    return g_test_run ();
}

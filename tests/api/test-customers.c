/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Customers as schema api keeps them, after the two stories of sale.sql. */
#include "fixture.h"

#include "core/text.h"

static OcTestDb *base;

/* The database's letters are the program's, for every character that there is. */
static void
test_initials (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autoptr(OcRows) rows = api_rows (owner,
        "select chr(c) as character, onecard.initials(chr(c)) as initials from generate_series(1, 66000) c where c not between 55296 and 57343");

    g_assert_cmpuint (oc_rows_count (rows), >, 60000);
    for (guint i = 0; i < oc_rows_count (rows); i++) {
        g_autofree char *initials = oc_text_initials (oc_rows_text (rows, i, "character"));

        if (g_strcmp0 (initials, oc_rows_text (rows, i, "initials")) != 0)
            g_test_fail_printf ("%s: “%s”, not “%s”", oc_rows_text (rows, i, "character"), oc_rows_text (rows, i, "initials"), initials);
    }
}

/* A name gets its initials whoever writes it, and anew when the table of letters changed. */
static void
test_initials_follow (void)
{
    g_autoptr(OcTestDb) db = api_demo_new ();
    g_autoptr(OcDb) owner = oc_test_db_owner (db);

    oc_test_sql (owner, "insert into onecard.customer (name, address, branch, operator) values ('单雄信', '街', 1001, 1001)");
    api_expect_value (owner, "select initials from onecard.customer", "sxx");
    oc_test_sql (owner, "update onecard.customer set name = 'Zoë 李'");
    api_expect_value (owner, "select initials from onecard.customer", "zol");
    oc_test_sql (owner, "update onecard.pinyin_initial set letters = repeat('q', 64) where block = ascii('李') / 64; update onecard.customer set name = name");
    api_expect_value (owner, "select initials from onecard.customer", "zoq");
    oc_test_sql (owner, "select rules.load_initials((select string_agg(to_hex(block * 64) || ' ' || case block when ascii('李') / 64 then"
        " overlay(letters placing 'l' from ascii('李') % 64 + 1) else letters end, chr(10)) from onecard.pinyin_initial))");
    api_expect_value (owner, "select initials from onecard.customer", "zol");
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    api_script (base, "sale.sql");
    g_test_add_func ("/api/customers/initials", test_initials);
    g_test_add_func ("/api/customers/initials-follow", test_initials_follow);
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

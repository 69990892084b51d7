/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-search [CUSTOMERS [ROUNDS]]: one field that finds customers, among a million of them, by every kind of text; beside a bare look-up
 * by the customer's number, which is the floor. */
#include <locale.h>

#include "db/call.h"
#include "db/private.h"
#include "support/pg-cluster.h"

typedef struct {
    const char *name;
    const char *sql; /* of a customer c; what begins with = is the text itself */
} Kind;

static const Kind kinds[] = {
    { "customer number", "c.number::text" },
    { "meter number", "(select m.number from onecard.meter m where m.customer = c.number limit 1)" },
    { "card", "(select encode(k.serial, 'hex') from onecard.card k where k.customer = c.number limit 1)" },
    { "permanent number", "c.permanent_number" },
    { "name", "c.name" },
    { "name, first character", "left(c.name, 1)" },
    { "name, last two characters", "right(c.name, 2)" },
    { "initials", "c.initials" },
    { "initials, last two", "right(c.initials, 2)" },
    { "telephone", "c.phone" },
    { "telephone, last four", "right(c.phone, 4)" },
    { "telephone, three inside", "substr(c.phone, 5, 3)" },
    { "telephone, six inside", "substr(c.phone, 4, 6)" },
    { "address", "c.address" },
    { "address, its end", "right(c.address, 7)" },
    { "address, the street", "left(c.address, 3)" },
    { "in every telephone", "=13" },
    { "in every eighth address", "=人民路" },
    { "common pieces, rare whole", "=1号3-" },
    { "the same digit", "=00000" },
    { "nowhere, of common pieces", "=人民路0号0-0" },
    { "nowhere", "=龘靐" },
};

static int n_rounds = 40;

static int
compare_times (gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

    return (x > y) - (x < y);
}

static void
print_times (const char *name, GArray *times, const char *example)
{
    g_array_sort (times, compare_times);
    g_print ("%-28s p50 %7.2f ms   p99 %7.2f ms   max %7.2f ms   %s\n", name, g_array_index (times, gint64, times->len / 2) / 1000.0,
        g_array_index (times, gint64, times->len * 99 / 100) / 1000.0, g_array_index (times, gint64, times->len - 1) / 1000.0, example);
}

/* A text of the kind, of a customer chosen by @round. Caller frees. */
static char *
make_text (OcDb *owner, const Kind *kind, int round, gint64 n_customers)
{
    g_autofree char *sql = NULL;

    if (kind->sql[0] == '=')
        return g_strdup (kind->sql + 1);
    sql = g_strdup_printf ("select %s from onecard.customer c where c.number = %" G_GINT64_FORMAT, kind->sql,
        1 + (gint64) round * 7919 % n_customers);

    return oc_test_sql_value (owner, sql);
}

static void
bench_kind (OcDb *owner, OcDb *clerk, const Kind *kind, gint64 n_customers)
{
    g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autofree char *example = NULL;

    for (int i = 0; i < n_rounds; i++) {
        g_autofree char *text = make_text (owner, kind, i, n_customers);
        g_autoptr(GError) error = NULL;
        g_autoptr(OcRows) rows = NULL;
        gint64 start = g_get_monotonic_time (), took;

        if (!oc_db_call (clerk, "customers_find", &rows, &error, oc_text (text), oc_int (50)))
            g_error ("%s", error->message);
        took = g_get_monotonic_time () - start;
        g_array_append_val (times, took);
        if (i == 0)
            example = g_strdup_printf ("%s: %u found", text, oc_rows_count (rows));
    }
    print_times (kind->name, times, example);
}

static void
bench_floor (OcDb *owner)
{
    g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

    for (int i = 0; i < n_rounds; i++) {
        gint64 start = g_get_monotonic_time (), took;
        g_autofree char *name = oc_test_sql_value (owner, "select name from onecard.customer where number = 4711");

        took = g_get_monotonic_time () - start;
        g_array_append_val (times, took);
    }
    print_times ("bare look-up by number", times, "the floor; aim for the rest: <= 50 ms");
}

int
main (int argc, char **argv)
{
    const char *locale = setlocale (LC_ALL, "");
    gint64 n_customers = argc > 1 ? g_ascii_strtoll (argv[1], NULL, 10) : 1000000;
    g_autoptr(OcTestDb) db = oc_test_db_new ();
    g_autoptr(OcDb) owner = oc_test_db_owner (db);
    g_autoptr(OcDb) clerk = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *fill = g_strdup_printf (
        "select admin.no_time_limit(); select admin.fill(%" G_GINT64_FORMAT ", 0, 1)", n_customers);
    gint64 start = g_get_monotonic_time ();

    g_assert (locale != NULL);
    if (argc > 2)
        n_rounds = (int) g_ascii_strtoll (argv[2], NULL, 10);
    if (!oc_db_script (owner, "fill", fill, &error))
        g_error ("%s", error->message);
    g_print ("%-28s %.0f s\n", "filled in", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
    if ((clerk = oc_test_db_operator (db, 1001, "1001", &error)) == NULL)
        g_error ("%s", error->message);
    bench_floor (owner);
    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
        bench_kind (owner, clerk, &kinds[i], n_customers);
    g_clear_pointer (&clerk, oc_db_free);
    g_clear_pointer (&owner, oc_db_free);
    g_clear_pointer (&db, oc_test_db_free);
    oc_test_cluster_end ();

    return 0;
}

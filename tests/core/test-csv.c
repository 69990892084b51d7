/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/csv.h"

#include <string.h>

#include "core/error.h"

/* The rows with / between cells, and line numbers: "1:a/b 2:c/d". Caller frees. */
static char *
show (const OcCsv *csv)
{
    GString *shown = g_string_new (NULL);

    for (guint row = 0; row < oc_csv_n_rows (csv); row++) {
        g_string_append_printf (shown, "%s%u:", row ? " " : "", oc_csv_line (csv, row));
        for (guint column = 0; column < oc_csv_n_cells (csv, row); column++)
            g_string_append_printf (shown, "%s%s", column ? "/" : "", oc_csv_cell (csv, row, column));
    }

    return g_string_free (shown, FALSE);
}

static OcCsv *
parse (const char *data, gsize length, const char *separator, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new (data, length);

    return oc_csv_parse (bytes, separator, error);
}

static void
test_rows (void)
{
    static const struct {
        const char *text, *separator, *rows;
    } cases[] = {
        { "", NULL, "" },
        { "\n\n", NULL, "" },
        { "a", NULL, "1:a" },
        { "a,b\nc,d", NULL, "1:a/b 2:c/d" },
        { "a,b\r\nc,d\r\n", NULL, "1:a/b 2:c/d" },
        { "a,b\rc,d\r", NULL, "1:a/b 2:c/d" },
        { "a,b\n\n\nc,d\n", NULL, "1:a/b 4:c/d" },
        { "a,\n,b\n,\n", NULL, "1:a/ 2:/b 3:/" },
        { "\xef\xbb\xbf" "a,b", NULL, "1:a/b" },
        { "姓名,地址\n吴敏,没有地方", NULL, "1:姓名/地址 2:吴敏/没有地方" },
        { "a;b;1,5\n", NULL, "1:a/b/1,5" },
        { "a\tb\tc,d\n", NULL, "1:a/b/c,d" },
        { "a|b\n", NULL, "1:a/b" },
        { "姓名，地址\n吴敏，没有", NULL, "1:姓名/地址 2:吴敏/没有" },
        { "a;b,c\n", ";", "1:a/b,c" },
        { "a#b,c\n", "#", "1:a/b,c" },
        { "\"a,b\",c\n", NULL, "1:a,b/c" },
        { "\"a;b;c\",d\n", NULL, "1:a;b;c/d" }, /* separators in quotes do not count */
        { "\"say \"\"hi\"\"\",x\n", NULL, "1:say \"hi\"/x" },
        { "\"two\nlines\",x\ny,z\n", NULL, "1:two\nlines/x 3:y/z" },
        { "\"\",\"\"\n", NULL, "1:/" },
        { "\"a\"b,c\n", NULL, "1:ab/c" },
        { "a\"b,c\n", NULL, "1:a\"b/c" },
        { "\"\"\"\"\n", NULL, "1:\"" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(OcCsv) csv = parse (cases[i].text, strlen (cases[i].text), cases[i].separator, &error);
        g_autofree char *rows = NULL;

        g_assert_no_error (error);
        rows = show (csv);
        g_assert_cmpstr (rows, ==, cases[i].rows);
        if (oc_csv_n_rows (csv) > 0)
            g_assert_cmpstr (oc_csv_cell (csv, 0, 99), ==, "");
    }
}

/* The same text in each encoding; the words hold characters that GBK alone lacks. */
static void
test_encodings (void)
{
    static const char text[] = "姓名,地址\n吴㐂,“没有”·𠮷地方\n";
    static const struct {
        const char *encoding, *shown;
    } cases[] = { { "UTF-8", "UTF-8" }, { "GB18030", "GB18030" }, { "UTF-16", "UTF-16" } };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr(GError) error = NULL;
        gsize size;
        g_autofree char *bytes = g_convert (text, -1, cases[i].encoding, "UTF-8", NULL, &size, &error);
        g_autoptr(OcCsv) csv = NULL;

        g_assert_no_error (error);
        csv = parse (bytes, size, NULL, &error);
        g_assert_no_error (error);
        g_assert_cmpstr (oc_csv_encoding (csv), ==, cases[i].shown);
        g_assert_cmpuint (oc_csv_n_rows (csv), ==, 2);
        g_assert_cmpstr (oc_csv_cell (csv, 0, 0), ==, "姓名");
        g_assert_cmpstr (oc_csv_cell (csv, 1, 0), ==, "吴㐂");
        g_assert_cmpstr (oc_csv_cell (csv, 1, 1), ==, "“没有”·𠮷地方");
    }
}

static void
expect_code (const char *data, gsize length, const char *code, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcCsv) csv = parse (data, length, NULL, &error);

    g_assert_null (csv);
    g_assert_cmpstr (oc_error_get_code (error), ==, code);
    g_assert_nonnull (strstr (error->message, part));
}

static void
test_refused (void)
{
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    expect_code (png, sizeof png, "OC150", "GB18030");
    expect_code ("a,\0b", 4, "OC150", "GB18030");
    expect_code ("\xff\xff\xff", 3, "OC150", "GB18030");
    expect_code ("a,b\nc,\"d\ne\n", 11, "OC151", "line 2");
    expect_code ("\"", 1, "OC151", "line 1");
}

static void
test_map (void)
{
    static const OcCsvField fields[] = {
        { "name", "name|姓名|用户姓名" }, { "address", "address|地址" }, { "phone", "telephone|phone|电话|联系电话" },
        { "household", "household|家庭人口" },
    };
    static const char text[] = "编号, 用户姓名* ,Tele-Phone,地址：,地址\n1,a,b,c,d\n";
    g_autoptr(OcCsv) csv = parse (text, strlen (text), NULL, NULL);
    g_autoptr(OcCsv) empty = parse ("", 0, NULL, NULL);
    guint columns[G_N_ELEMENTS (fields)];

    oc_csv_map (csv, fields, G_N_ELEMENTS (fields), columns);
    g_assert_cmpuint (columns[0], ==, 1);
    g_assert_cmpuint (columns[1], ==, 3);
    g_assert_cmpuint (columns[2], ==, 2);
    g_assert_cmpuint (columns[3], ==, OC_CSV_ABSENT);
    oc_csv_map (empty, fields, G_N_ELEMENTS (fields), columns);
    g_assert_cmpuint (columns[0], ==, OC_CSV_ABSENT);
}

static void
test_write (void)
{
    static const struct {
        const char *cell, *written;
    } cases[] = {
        { "a", "a" }, { "", "" }, { NULL, "" }, { "a,b", "\"a,b\"" }, { "a\"b", "\"a\"\"b\"" }, { "a\nb", "\"a\nb\"" },
        { "-12.50", "-12.50" }, { "+5", "+5" }, { "=1+1", "\"'=1+1\"" }, { "-", "\"'-\"" }, { "@SUM(A1)", "\"'@SUM(A1)\"" },
        { "+86 138", "\"'+86 138\"" }, { "=cmd|'/c calc'!A1", "\"'=cmd|'/c calc'!A1\"" }, { "吴敏", "吴敏" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr(GString) file = g_string_new (NULL);
        g_autofree char *expected = g_strdup_printf ("\xef\xbb\xbf%s,x\r\n", cases[i].written);

        oc_csv_append (file, (const char *const[]){ cases[i].cell, "x" }, 2);
        g_assert_cmpstr (file->str, ==, expected);
    }
}

/* What was written is read as it was. */
static void
test_round (void)
{
    static const char *const cells[] = { "a", "", "x,y;z", "\"", "two\r\nlines", " 吴 敏 ", "tab\there" };
    g_autoptr(GString) file = g_string_new (NULL);
    g_autoptr(OcCsv) csv = NULL;

    for (int i = 0; i < 3; i++)
        oc_csv_append (file, cells, G_N_ELEMENTS (cells));
    csv = parse (file->str, file->len, ",", NULL);
    g_assert_cmpuint (oc_csv_n_rows (csv), ==, 3);
    for (guint row = 0; row < 3; row++)
        for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
            g_assert_cmpstr (oc_csv_cell (csv, row, i), ==, cells[i]);
}

/* Whatever the bytes, an answer comes and every cell can be read. */
static void
test_anything (void)
{
    static const char alphabet[] = "\",;\t\r\nab\xef\xbc\x8c\xff\xfe\0\x81\x30";
    g_autoptr(GRand) dice = g_rand_new_with_seed (7);
    guint read = 0;

    for (int i = 0; i < 20000; i++) {
        char data[40];
        gsize n = (gsize) g_rand_int_range (dice, 0, sizeof data);
        int span = g_rand_int_range (dice, 4, sizeof alphabet);
        g_autoptr(OcCsv) csv = NULL;

        for (gsize k = 0; k < n; k++)
            data[k] = alphabet[g_rand_int_range (dice, 0, span)];
        if ((csv = parse (data, n, i % 2 ? NULL : "，", NULL)) == NULL)
            continue;
        read++;
        for (guint row = 0; row < oc_csv_n_rows (csv); row++)
            for (guint column = 0; column < oc_csv_n_cells (csv, row); column++)
                g_assert_true (g_utf8_validate (oc_csv_cell (csv, row, column), -1, NULL));
    }
    g_assert_cmpuint (read, >, 1000);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/core/csv/anything", test_anything);
    g_test_add_func ("/core/csv/encodings", test_encodings);
    g_test_add_func ("/core/csv/map", test_map);
    g_test_add_func ("/core/csv/refused", test_refused);
    g_test_add_func ("/core/csv/round", test_round);
    g_test_add_func ("/core/csv/rows", test_rows);
    g_test_add_func ("/core/csv/write", test_write);

    return g_test_run ();
}

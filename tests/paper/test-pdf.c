/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Receipts as files, read back with poppler's tools. */
#include "paper/pdf.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "paper/template-io.h"
#include "receipt-fields.h"

typedef struct {
    char *folder, *path;
} Place;

static void
set_up (Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    place->folder = g_dir_make_tmp ("onecard-pdf-XXXXXX", &error);
    g_assert_no_error (error);
    place->path = g_build_filename (place->folder, "收据 1.pdf", NULL);
}

static void
tear_down (Place *place, gconstpointer data)
{
    g_unlink (place->path);
    g_assert_cmpint (g_rmdir (place->folder), ==, 0); /* nothing else was left there */
    g_free (place->path);
    g_free (place->folder);
}

/* What @tool prints about the file; caller frees. */
static char *
ask (const char *tool, const char *path)
{
    const char *const text[] = { "pdftotext", "-layout", "-enc", "UTF-8", path, "-", NULL };
    const char *const info[] = { "pdfinfo", path, NULL };
    const char *const fonts[] = { "pdffonts", path, NULL };
    const char *const *argv = g_str_equal (tool, "pdftotext") ? text : g_str_equal (tool, "pdfinfo") ? info : fonts;
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
    char *out = NULL;

    g_assert_no_error (error);
    g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (g_subprocess_get_successful (process));

    return out;
}

static void
write_receipt (const Place *place, const char *name, const OcFields *fields, const char *language)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcTemplate) template = oc_template_load_resource (name, &error);
    g_autoptr(GBytes) pdf = NULL;

    g_assert_no_error (error);
    pdf = oc_pdf_render (template, fields, language, &error);
    g_assert_no_error (error);
    g_file_set_contents (place->path, g_bytes_get_data (pdf, NULL), (gssize) g_bytes_get_size (pdf), &error);
    g_assert_no_error (error);
}

static void
assert_says (const char *text, const char *const *words)
{
    for (; *words; words++) {
        g_test_message ("%s", *words);
        g_assert_nonnull (strstr (text, *words));
    }
}

static void
test_chinese (Place *place, gconstpointer data)
{
    static const char *const words[] = { "一卡通示范公司", "开户收据", "流水号 1, 2", "2026-03-13 12:45", "现金", "吴敏",
        "没有地方", "000000000007", "RT-dt", "居民用电", "居民电价（第 1 次购买）", "开户费", "204.7083", "0.4885",
        "¥210.00", "¥300.00", "¥90.00", "贰佰壹拾元整", "无名 (1001)", "默认网点 (1001)", NULL };
    g_autoptr(OcFields) fields = receipt_fields_story ();
    g_autofree char *text = NULL;

    write_receipt (place, "open", fields, "zh");
    text = ask ("pdftotext", place->path);
    assert_says (text, words);
    g_assert_null (strstr (text, "副本"));
    g_assert_null (strstr (text, "{"));
}

static void
test_english_copy (Place *place, gconstpointer data)
{
    static const char *const words[] = { "COPY 3", "Customer", "Unit price", "On the card", "Seal of the payee",
        "贰佰壹拾元整", NULL };
    g_autoptr(OcFields) fields = receipt_fields_story ();
    g_autofree char *text = NULL;

    oc_fields_set (fields, "copy", "3");
    write_receipt (place, "purchase", fields, "en");
    text = ask ("pdftotext", place->path);
    assert_says (text, words);
    g_assert_null (strstr (text, "用户编号"));
}

/* Eight tiers are all there; of forty the rest is counted. */
static void
test_many_lines (Place *place, gconstpointer data)
{
    for (guint n = 8; n <= 40; n += 32) {
        g_autoptr(OcFields) fields = receipt_fields_story ();
        g_autoptr(OcFields) more = receipt_fields_long (n - 2);
        GPtrArray *rows = oc_fields_get_rows (more, "lines");
        g_autofree char *text = NULL;
        guint seen = 0;

        for (guint i = 0; i < rows->len; i++) {
            OcFields *row = g_ptr_array_index (rows, i);
            g_autofree char *name = g_strdup_printf ("项%02u号", i);

            oc_fields_set (row, "name", name);
            oc_fields_add_row (fields, "lines", row);
        }
        write_receipt (place, "purchase", fields, "en");
        text = ask ("pdftotext", place->path);
        for (const char *at = text; (at = strstr (at, "项")); at++)
            seen++;
        if (n == 8)
            g_assert_cmpuint (seen, ==, 6);
        else
            g_assert_cmpuint (seen, <, 38);
        g_assert_cmpint (strstr (text, "more lines") != NULL, ==, n > 8);
    }
}

static void
test_form (Place *place, gconstpointer data)
{
    g_autoptr(OcFields) fields = receipt_fields_story ();
    g_autofree char *info = NULL;
    g_autofree char *fonts = NULL;
    g_auto(GStrv) lines = NULL;

    write_receipt (place, "purchase", fields, "zh");
    info = ask ("pdfinfo", place->path);
    g_assert_nonnull (strstr (info, "购买收据"));
    g_assert_nonnull (strstr (info, "683.15 x 263.6")); /* 241 x 93 mm */
    g_assert_true (g_regex_match_simple ("Pages: +1\n", info, 0, 0));

    /* two lines of titles, then every font embedded */
    fonts = ask ("pdffonts", place->path);
    lines = g_strsplit (g_strchomp (fonts), "\n", -1);
    g_assert_cmpuint (g_strv_length (lines), >, 2);
    for (gsize i = 2; lines[i]; i++)
        g_assert_true (g_regex_match_simple (" yes yes yes +[0-9]+ +[0-9]+$", lines[i], 0, 0));
}

static void
test_write (Place *place, gconstpointer data)
{
    g_autoptr(OcTemplate) template = oc_template_load_resource ("purchase", NULL);
    g_autoptr(OcFields) fields = receipt_fields_story ();
    g_autofree char *nowhere = g_build_filename (place->folder, "absent", "x.pdf", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_false (oc_pdf_write (template, fields, nowhere, &error));
    g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_clear_error (&error);

    g_assert_true (g_file_set_contents (place->path, "old", -1, NULL));
    g_assert_true (oc_pdf_write (template, fields, place->path, &error));
    g_assert_no_error (error);
    text = ask ("pdftotext", place->path);
    g_assert_nonnull (strstr (text, "吴敏"));
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add ("/paper/pdf/chinese", Place, NULL, set_up, test_chinese, tear_down);
    g_test_add ("/paper/pdf/english-copy", Place, NULL, set_up, test_english_copy, tear_down);
    g_test_add ("/paper/pdf/many-lines", Place, NULL, set_up, test_many_lines, tear_down);
    g_test_add ("/paper/pdf/form", Place, NULL, set_up, test_form, tear_down);
    g_test_add ("/paper/pdf/write", Place, NULL, set_up, test_write, tear_down);

    return g_test_run ();
}

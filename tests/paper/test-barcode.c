/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper/barcode.h"

#include <string.h>

#define SIDE 300

typedef struct {
    cairo_surface_t *surface;
    cairo_t *cr;
} Sheet;

static void
sheet_clear (Sheet *sheet)
{
    cairo_destroy (sheet->cr);
    cairo_surface_destroy (sheet->surface);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sheet, sheet_clear)

static Sheet
make_sheet (void)
{
    Sheet sheet;

    sheet.surface = cairo_image_surface_create (CAIRO_FORMAT_A8, SIDE, SIDE);
    sheet.cr = cairo_create (sheet.surface);
    cairo_set_antialias (sheet.cr, CAIRO_ANTIALIAS_NONE);

    return sheet;
}

static gboolean
is_dark (const Sheet *sheet, int x, int y)
{
    cairo_surface_flush (sheet->surface);

    return cairo_image_surface_get_data (sheet->surface)[y * cairo_image_surface_get_stride (sheet->surface) + x] > 127;
}

static guint
count_dark (const Sheet *sheet)
{
    guint n = 0;

    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            n += is_dark (sheet, x, y);

    return n;
}

/* The finder pattern with its corner at @x, @y: 7 modules, dark 1, light 1, dark 3, light 1, dark 1. */
static gboolean
is_finder (const Sheet *sheet, double x, double y, double module)
{
    static const char *const rows[] = { "1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111" };

    for (int row = 0; row < 7; row++)
        for (int column = 0; column < 7; column++)
            if (is_dark (sheet, (int) (x + (column + 0.5) * module), (int) (y + (row + 0.5) * module))
                != (rows[row][column] == '1'))
                return FALSE;

    return TRUE;
}

/* Version 1 has 21 modules a side: "OC1" fits into it. Right way up, square and in the middle of its box. */
static void
test_qr (void)
{
    g_auto(Sheet) sheet = make_sheet ();
    const double module = 10, x = 45, y = 20; /* the box is 300 x 210 at (0, 20): the square begins at 45 */

    g_assert_true (oc_barcode_draw (sheet.cr, OC_SYMBOLOGY_QR, "OC1", 0, 20, 300, 210));
    g_assert_true (is_finder (&sheet, x, y, module));
    g_assert_true (is_finder (&sheet, x + 14 * module, y, module));
    g_assert_true (is_finder (&sheet, x, y + 14 * module, module));
    g_assert_false (is_finder (&sheet, x + 14 * module, y + 14 * module, module));
    g_assert_false (is_dark (&sheet, (int) x - 5, 100));
}

static void
test_qr_chinese (void)
{
    g_auto(Sheet) sheet = make_sheet ();

    g_assert_true (oc_barcode_draw (sheet.cr, OC_SYMBOLOGY_QR, "流水号 1\n用户 吴敏", 0, 0, 300, 300));
    g_assert_cmpuint (count_dark (&sheet), >, 20000);
}

/* Start B (2 1 1 2 1 4 modules) at the left, stop (2 3 3 1 1 1 2) at the right; every bar over the whole height. */
static void
test_code128 (void)
{
    g_auto(Sheet) sheet = make_sheet ();
    const char *const start = "11010010000", *const stop = "1100011101011";
    const int modules = 11 * 3 + 11 + 11 + 13; /* three letters, start, check, stop */

    g_assert_true (oc_barcode_draw (sheet.cr, OC_SYMBOLOGY_CODE128, "abc", 0, 0, modules * 4, 40));
    for (int i = 0; start[i]; i++)
        g_assert_cmpint (is_dark (&sheet, i * 4 + 2, 20), ==, start[i] == '1');
    for (int i = 0; stop[i]; i++)
        g_assert_cmpint (is_dark (&sheet, (modules - 13 + i) * 4 + 2, 20), ==, stop[i] == '1');
    g_assert_true (is_dark (&sheet, 2, 0) && is_dark (&sheet, 2, 39));
    g_assert_false (is_dark (&sheet, 2, 41));
}

static void
test_impossible (void)
{
    g_auto(Sheet) sheet = make_sheet ();
    g_autofree char *long_text = g_strnfill (5000, 'x');

    g_assert_false (oc_barcode_draw (sheet.cr, OC_SYMBOLOGY_QR, long_text, 0, 0, 300, 300));
    g_assert_false (oc_barcode_draw (sheet.cr, OC_SYMBOLOGY_CODE128, "吴敏", 0, 0, 300, 300));
    g_assert_false (oc_barcode_draw (sheet.cr, OC_SYMBOLOGY_CODE128, "", 0, 0, 300, 300));
    g_assert_cmpuint (count_dark (&sheet), ==, 0);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/paper/barcode/qr", test_qr);
    g_test_add_func ("/paper/barcode/qr-chinese", test_qr_chinese);
    g_test_add_func ("/paper/barcode/code128", test_code128);
    g_test_add_func ("/paper/barcode/impossible", test_impossible);

    return g_test_run ();
}

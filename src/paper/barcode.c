/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One path for the whole code, so that no seams show between its modules. */
#include "paper/barcode.h"

#include <string.h>
#include <zint.h>

#define QR_LEVEL_M 2 /* 15 % of the code may be unreadable: a receipt is folded */
#define UTF8 26      /* ECI */


static gboolean
is_dark (const struct zint_symbol *symbol, int row, int column)
{
    return (symbol->encoded_data[row][column / 8] >> (column % 8) & 1) != 0;
}

/* The runs of dark modules of every row. */
static void
add_modules (cairo_t *cr, const struct zint_symbol *symbol, double x, double y, double module, double row_height)
{
    for (int row = 0; row < symbol->rows; row++) {
        for (int column = 0; column < symbol->width; column++) {
            int start = column;

            while (column < symbol->width && is_dark (symbol, row, column))
                column++;
            if (column > start)
                cairo_rectangle (cr, x + start * module, y + row * row_height, (column - start) * module, row_height);
        }
    }
}

gboolean
oc_barcode_draw (cairo_t *cr, OcSymbology symbology, const char *text, double x, double y, double width, double height)
{
    struct zint_symbol *symbol = ZBarcode_Create ();
    gboolean drawn = FALSE;

    if (symbol == NULL)
        return FALSE;
    symbol->symbology = symbology == OC_SYMBOLOGY_QR ? BARCODE_QRCODE : BARCODE_CODE128;
    symbol->input_mode = UNICODE_MODE;
    if (symbology == OC_SYMBOLOGY_QR) {
        symbol->option_1 = QR_LEVEL_M;
        symbol->eci = UTF8;
    }

    if (ZBarcode_Encode (symbol, (const unsigned char *) text, (int) strlen (text)) < ZINT_ERROR && symbol->width > 0) {
        double module = width / symbol->width, row_height = height / symbol->rows;

        if (symbology == OC_SYMBOLOGY_QR) {
            module = row_height = MIN (module, row_height);
            x += (width - module * symbol->width) / 2;
            y += (height - module * symbol->rows) / 2;
        }
        cairo_new_path (cr);
        add_modules (cr, symbol, x, y, module, row_height);
        cairo_fill (cr);
        drawn = TRUE;
    }
    ZBarcode_Delete (symbol);

    return drawn;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Barcodes as paths: libzint says which modules are dark. For paper alone. */
#pragma once

#include <cairo.h>

#include "paper/element.h"

G_BEGIN_DECLS

/* Fills the box, in the units of @cr, with the code of @text in the current colour: a QR code as a square in the middle,
 * a linear one over the whole. FALSE, with nothing drawn, where the text can't be encoded. */
gboolean oc_barcode_draw (cairo_t *cr, OcSymbology symbology, const char *text, double x, double y, double width,
    double height);

G_END_DECLS

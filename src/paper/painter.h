/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Template + fields + cairo context = paper. The one renderer: screen, preview, printer and PDF. */
#pragma once

#include <cairo.h>

#include "core/fields.h"
#include "paper/template.h"

G_BEGIN_DECLS

/* Draws the whole page. One unit of @cr's user space is a millimetre, its origin the paper's top left corner
 * (GtkPrintOperation: gtk_print_operation_set_unit (GTK_UNIT_MM), full page). Nothing is drawn outside the paper.
 *
 * @fields: values as the api gives them, decimals and timestamps as text; the template's formats make them readable.
 * Tables (the rows of "lines") are fields' own rows. "copy" is empty on the original and the number of the copy on a
 * copy. @language: "zh" or "en" for the template's words, NULL: the user's. Any thread that owns @cr. */
void oc_painter_paint (cairo_t *cr, const OcTemplate *template, const OcFields *fields, const char *language);

/* "zh" where the user reads Chinese, else "en". Static. */
const char *oc_painter_language (void);

G_END_DECLS

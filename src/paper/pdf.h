/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Template + fields -> PDF file: screens, commands and the headless story. Blocks; any thread. */
#pragma once

#include "core/fields.h"
#include "paper/template.h"

G_BEGIN_DECLS

/* Writes one page of the template's size to @path (replaced as a whole, or not at all), in the user's language. */
gboolean oc_pdf_write (const OcTemplate *template, const OcFields *fields, const char *path, GError **error);
/* The same as bytes; caller unrefs. @language as of oc_painter_paint (). */
GBytes *oc_pdf_render (const OcTemplate *template, const OcFields *fields, const char *language, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV as people's programs write it (RFC 4180 and what is made of it): bytes become rows of texts, rows become bytes.
 * Read: UTF-8 if valid, else UTF-16 with its mark, else GB18030; any separator; quotes; empty lines are skipped. No I/O. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _OcCsv OcCsv;

/* @separator: a single character, or NULL: whichever of , ; tab | and ， the first line has most of. Errors: OC150 (no text),
 * OC151 (a quote is never closed). */
OcCsv *oc_csv_parse (GBytes *bytes, const char *separator, GError **error);
void oc_csv_free (OcCsv *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcCsv, oc_csv_free)

const char *oc_csv_encoding (const OcCsv *self);  /* "UTF-8", "UTF-16", "GB18030" */
const char *oc_csv_separator (const OcCsv *self);
guint oc_csv_n_rows (const OcCsv *self);
guint oc_csv_n_cells (const OcCsv *self, guint row);
/* "" where the row has no such cell; owned by self. */
const char *oc_csv_cell (const OcCsv *self, guint row, guint column);
/* The line of the file that the row begins in, from 1. */
guint oc_csv_line (const OcCsv *self, guint row);

/* A field that may be read, and the titles it goes by in whatever language, with | between: "name|姓名|用户姓名". */
typedef struct {
    const char *field;
    const char *titles;
} OcCsvField;
#define OC_CSV_ABSENT G_MAXUINT
/* Which column each field is in, by the first row's titles (capitals, blanks, - _ * and ： make no difference); OC_CSV_ABSENT for
 * none. @columns has room for @n. */
void oc_csv_map (const OcCsv *self, const OcCsvField *fields, guint n, guint *columns);

/* Appends a row. What a spreadsheet would take for a formula gets a ' before it: text stays text. The first row of a file also gets
 * the mark by which spreadsheets know UTF-8. */
void oc_csv_append (GString *file, const char *const *cells, guint n);

G_END_DECLS

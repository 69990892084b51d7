/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a list that a person wants to see: those in which some text is, sorted by a column. */
#pragma once

#include "core/column.h"

G_BEGIN_DECLS

typedef struct {
    const OcColumn *columns; /* where the text is looked for */
    guint n_columns;
    const char *text;        /* any case; "": all rows */
    const OcColumn *sort;    /* NULL: as they came */
    gboolean descending;
} OcRowsPart;

/* Caller unrefs. */
OcRows *oc_rows_part (OcRows *rows, const OcRowsPart *part);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Receipts on paper: the outcome's template through the one painter into a GtkPrintOperation. The printer that was
 * chosen once for a size of paper is kept on this station and then used without a question. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "ops/ops.h"

G_BEGIN_DECLS

/* @printed: FALSE when it was cancelled or failed (the failure has been shown). */
typedef void (*OcPrinted) (gboolean printed, gpointer data);

/* A size of paper that receipts are printed on. */
typedef struct {
    char *title;    /* "241 × 93 mm" */
    char *kind;     /* of trade, one of those that have it */
    char *printer;  /* NULL: asked for at the next print */
} OcPaper;
/* All of them, as OcPaper; caller unrefs. */
GPtrArray *oc_print_papers (void);

/* Whether a printer was chosen on this station for the paper of this kind of receipt. */
gboolean oc_print_has_printer (const char *kind);
/* A receipt of made-up values, as oc_print_receipt () prints. */
void oc_print_test (GtkWidget *widget, const char *kind, gboolean choose, OcPrinted done, gpointer data);

/* Prints the receipt of @outcome, which stays the caller's. @choose, or no printer chosen before: asks for the printer
 * first. @widget: where trouble is shown, and whose window the dialog belongs to. @done may be NULL. */
void oc_print_receipt (GtkWidget *widget, const OcOutcome *outcome, gboolean choose, OcPrinted done, gpointer data);

G_END_DECLS

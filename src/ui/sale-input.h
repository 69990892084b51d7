/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is sold: amount or quantity, each computing the other by a quote that never holds up typing. Signals: "edited" (what is typed is
 * not quoted any more), "quoted" (it is again, or can't be), "proceed" (Enter). Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "core/money.h"
#include "core/quantity.h"
#include "core/rows.h"
#include "ops/desk.h"

G_BEGIN_DECLS

#define OC_TYPE_SALE_INPUT (oc_sale_input_get_type ())
G_DECLARE_FINAL_TYPE (OcSaleInput, oc_sale_input, OC, SALE_INPUT, GtkWidget)

/* As the acts of ops.h want it. */
typedef struct {
    OcMoney amount;
    OcQuantity quantity;
    gboolean by_quantity;
} OcSold;

/* Starts the quote of @sold; FALSE: there is nothing to sell it on. */
typedef gboolean (*OcSaleAsk) (gpointer owner, const OcSold *sold, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
/* Its rows: total_amount and total_quantity are shown. */
typedef OcRows *(*OcSaleFinish) (OcDesk *desk, GAsyncResult *result, GError **error);

/* Once; @owner lives longer. @zero: 0 may be sold too. */
void oc_sale_input_set_quote (OcSaleInput *self, OcSaleAsk ask, OcSaleFinish finish, gboolean zero, gpointer owner);
/* Below the fields, until an error replaces it; @unit of the quantity. */
void oc_sale_input_set_hint (OcSaleInput *self, const char *hint, const char *unit);
/* What is wrong; NULL: the hint again. */
void oc_sale_input_show_error (OcSaleInput *self, const char *text);

gboolean oc_sale_input_is_empty (OcSaleInput *self);
/* FALSE when it is not an amount or quantity: OC010, OC014, OC016. */
gboolean oc_sale_input_read (OcSaleInput *self, OcSold *out, GError **error);
/* Of what is typed now, NULL: not known. */
OcRows *oc_sale_input_get_quote (OcSaleInput *self);
/* For the screen: whether there is a quote. With @tell what is wrong is said below the fields, and the caret goes there. */
gboolean oc_sale_input_check (OcSaleInput *self, gboolean tell);
/* For the screen: TRUE when @field is amount or quantity. */
gboolean oc_sale_input_show_field_error (OcSaleInput *self, const char *field, const GError *error);

/* What is typed, to be put there again when the same card comes back. */
typedef struct {
    char *text;
    gboolean by_quantity;
} OcTyped;
void oc_typed_free (OcTyped *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcTyped, oc_typed_free)
OcTyped *oc_sale_input_dup_typed (OcSaleInput *self);
void oc_sale_input_put (OcSaleInput *self, const OcTyped *typed);

/* Quotes what is typed once more. */
void oc_sale_input_quote_again (OcSaleInput *self);
void oc_sale_input_clear (OcSaleInput *self);
/* The caret to the one of the two that was typed, or to the other one. */
void oc_sale_input_focus (OcSaleInput *self);
void oc_sale_input_swap (OcSaleInput *self);

G_END_DECLS

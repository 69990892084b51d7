/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selling on a card: its sub-meters with all that is known of them, amount or quantity, a quote that follows the typing. A subclass
 * supplies the quote and the act. In its template a child of type "below" stands below the sub-meters, one of type "choice" below the
 * amount. Main thread. */
#pragma once

#include "ui/card-meters.h"
#include "ui/card-screen.h"
#include "ui/sale-input.h"

G_BEGIN_DECLS

#define OC_TYPE_SALE_SCREEN (oc_sale_screen_get_type ())
G_DECLARE_DERIVABLE_TYPE (OcSaleScreen, oc_sale_screen, OC, SALE_SCREEN, OcCardScreen)

struct _OcSaleScreenClass {
    OcCardScreenClass parent_class;

    OcMetersFor meters_for;
    gboolean zero;                       /* nothing can be sold too */
    const char *icon, *title, *text;     /* while there is no card; msgids */

    /* Starts the quote of what is sold on a sub-meter, and ends it. */
    void (*ask_quote) (OcSaleScreen *self, const OcSold *sold, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
    OcSaleFinish quote_finish;
    /* The quote in lines of the till, which are empty; answers what is due. */
    OcMoney (*show_quote) (OcSaleScreen *self, OcRows *quote);
    /* Another sub-meter is chosen (row @row of @meters; NULL: none), or another card came. May be NULL. */
    void (*show_meter) (OcSaleScreen *self, OcRows *meters, guint row);
};

/* Whose card it is; 0: nobody's, or there was none yet. */
gint64 oc_sale_screen_get_customer (OcSaleScreen *self);
OcCardMeters *oc_sale_screen_get_meters (OcSaleScreen *self);
/* What is sold, as it is typed. */
OcSold oc_sale_screen_get_sold (OcSaleScreen *self);
/* Of what is typed now; NULL: not known. */
OcRows *oc_sale_screen_get_quote (OcSaleScreen *self);
/* Shows the quote once more: something else decides now what is due. */
void oc_sale_screen_show_quote (OcSaleScreen *self);

G_END_DECLS

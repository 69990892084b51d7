/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person at the counter can follow: quantity × price = amount, and where the difference to what is due stays. */
#include "ui/quote-lines.h"

#include <glib/gi18n-lib.h>

static gboolean
is_tiered (OcRows *quote)
{
    for (guint i = 0; i < oc_rows_count (quote); i++)
        if (oc_rows_int (quote, i, "tier") > 1)
            return TRUE;
    return FALSE;
}

static void
add_line (OcRows *quote, guint i, gboolean tiered, const char *unit, OcTill *till)
{
    const char *item = oc_rows_text (quote, i, "item_name");
    g_autofree char *quantity = oc_quantity_format (oc_rows_quantity (quote, i, "quantity"));
    g_autofree char *price = oc_money_format (oc_rows_money (quote, i, "unit_price"));
    g_autofree char *amount = oc_money_format (oc_rows_money (quote, i, "amount"));
    g_autofree char *detail = g_strdup_printf ("%s %s × %s", quantity, unit, price);
    g_autofree char *name = NULL;

    if (tiered)
        /* Translators: number of the tier, name of the price item */
        name = g_strdup_printf (_("Tier %d · %s"), (int) oc_rows_int (quote, i, "tier"), item);
    oc_till_add_line (till, name != NULL ? name : item, detail, amount);
}

/* What is due differs from what it costs by the balance: less is due when the balance pays a part, more when a rest
 * goes to it. A rest that may not be kept is not due at all. */
static void
add_balance (OcMoney due, OcMoney total, OcMoney left, OcTill *till)
{
    OcMoney difference = { 0 };
    g_autofree char *text = NULL;

    if (!oc_money_sub (due, total, &difference))
        return;
    if (difference.units > 0) {
        text = oc_money_format (difference);
        oc_till_add_line (till, _("Rest, to the balance"), NULL, text);
    } else if (difference.units < 0) {
        text = oc_money_format (difference);
        oc_till_add_line (till, _("From the balance"), NULL, text);
    } else if (left.units > 0) {
        text = oc_money_format (left);
        oc_till_add_line (till, _("Rest, not charged"), text, NULL);
    }
}

void
oc_quote_show_items (OcRows *quote, const char *unit, OcTill *till)
{
    gboolean tiered = is_tiered (quote);

    for (guint i = 0; i < oc_rows_count (quote); i++)
        add_line (quote, i, tiered, unit, till);
}

void
oc_quote_show_fee (const char *name, OcMoney money, OcTill *till)
{
    g_autofree char *text = oc_money_format (money);

    oc_till_add_line (till, name, NULL, text);
}

void
oc_quote_show_lines (OcRows *quote, const char *unit, OcTill *till)
{
    g_return_if_fail (OC_IS_ROWS (quote));
    if (oc_rows_count (quote) == 0)
        return;
    oc_quote_show_items (quote, unit, till);
    add_balance (oc_rows_money (quote, 0, "due"), oc_rows_money (quote, 0, "total_amount"), oc_rows_money (quote, 0, "left_over"), till);
}

void
oc_quote_show_again (OcRows *quote, const char *unit, OcTill *till)
{
    OcMoney total, paid, rest;
    g_autofree char *before = NULL;

    g_return_if_fail (OC_IS_ROWS (quote) && oc_rows_count (quote) > 0);
    total = oc_rows_money (quote, 0, "total_amount");
    paid = oc_rows_money (quote, 0, "paid");
    if (!oc_rows_is_null (quote, 0, "tier"))
        oc_quote_show_items (quote, unit, till);
    before = oc_money_format ((OcMoney){ -paid.units });
    oc_till_add_line (till, _("Paid before"), NULL, before);
    if (oc_money_sub (total, paid, &rest))
        add_balance (oc_rows_money (quote, 0, "due"), rest, (OcMoney){ 0 }, till);
}

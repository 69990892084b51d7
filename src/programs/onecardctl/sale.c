/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selling on a card: quote, purchase, re-purchase. */
#include <glib/gi18n.h>

#include "programs/onecardctl/money.h"

CTL_DEFINE_ACT (oc_purchase)
CTL_DEFINE_ACT (oc_repurchase)

static int
run_purchase (Ctl *ctl, int argc, char **argv)
{
    g_autofree char *amount = NULL;
    g_autofree char *quantity = NULL;
    g_auto(CtlMoney) money = { 0 };
    int sub_meter = 0;
    const GOptionEntry entries[] = {
        { "sub-meter", 0, 0, G_OPTION_ARG_INT, &sub_meter, NULL, NULL },
        { "amount", 0, 0, G_OPTION_ARG_FILENAME, &amount, NULL, NULL },
        { "quantity", 0, 0, G_OPTION_ARG_FILENAME, &quantity, NULL, NULL },
        CTL_MONEY_ENTRIES (money),
        { NULL },
    };
    OcPurchaseAsk ask = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcReading) reading = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (sub_meter == 0 || (amount == NULL) == (quantity == NULL))
        return ctl_wrong_use (ctl, _("--sub-meter and one of --amount and --quantity are needed."));
    if ((status = ctl_money_check (ctl, &money, FALSE)))
        return status;
    ask.by_quantity = quantity != NULL;
    if (quantity ? !oc_quantity_parse (quantity, "quantity", &ask.quantity, &error)
                 : !oc_money_parse (amount, "amount", &ask.amount, &error))
        return ctl_fail (ctl, error);
    if ((status = ctl_open_desk (ctl, TRUE)))
        return status;
    if (!(reading = oc_read_card (ctl->desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error)))
        return ctl_fail (ctl, error);

    ask.request_id = money.request;
    ask.reading = reading;
    ask.sub_meter = sub_meter;
    ask.expected_due = money.expected;
    ask.tendered = money.received;
    ask.pay = money.pay;
    ask.reference = money.reference;

    return ctl_carry_out (ctl, oc_purchase_act, &ask, &money);
}

/* "0" where nothing is bought any more. */
static gboolean
is_nothing (const char *text)
{
    OcMoney money;

    return oc_money_from_decimal (text, &money) && money.units == 0;
}

static int
run_repurchase (Ctl *ctl, int argc, char **argv)
{
    g_autofree char *amount = NULL;
    g_autofree char *quantity = NULL;
    g_auto(CtlMoney) money = { 0 };
    OcRepurchaseAsk ask = { 0 };
    const GOptionEntry entries[] = {
        { "sub-meter", 0, 0, G_OPTION_ARG_INT, &ask.sub_meter, NULL, NULL },
        { "amount", 0, 0, G_OPTION_ARG_FILENAME, &amount, NULL, NULL },
        { "quantity", 0, 0, G_OPTION_ARG_FILENAME, &quantity, NULL, NULL },
        { "pay-out", 0, 0, G_OPTION_ARG_NONE, &ask.pay_out, NULL, NULL },
        CTL_MONEY_ENTRIES (money),
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcReading) reading = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (ask.sub_meter == 0 || (amount == NULL) == (quantity == NULL))
        return ctl_wrong_use (ctl, _("--sub-meter and one of --amount and --quantity are needed."));
    if ((status = ctl_money_check (ctl, &money, TRUE)))
        return status;
    ask.by_quantity = quantity != NULL;
    if (!is_nothing (quantity ? quantity : amount)
        && !(quantity ? oc_quantity_parse (quantity, "quantity", &ask.quantity, &error)
                      : oc_money_parse (amount, "amount", &ask.amount, &error)))
        return ctl_fail (ctl, error);
    if ((status = ctl_open_desk (ctl, TRUE)))
        return status;
    if (!(reading = oc_read_card (ctl->desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error)))
        return ctl_fail (ctl, error);

    ask.request_id = money.request;
    ask.reading = reading;
    ask.quoted = money.quoted;
    ask.expected_due = money.expected;
    ask.tendered = money.received;
    ask.pay = money.pay;
    ask.reference = money.reference;

    return ctl_carry_out (ctl, oc_repurchase_act, &ask, &money);
}

static int
run_quote (Ctl *ctl, int argc, char **argv)
{
    g_autofree char *amount = NULL;
    g_autofree char *quantity = NULL;
    gint64 customer = 0;
    OcQuoteAsk ask = { 0 };
    const GOptionEntry entries[] = {
        { "sub-meter", 0, 0, G_OPTION_ARG_INT, &ask.sub_meter, NULL, NULL },
        { "amount", 0, 0, G_OPTION_ARG_FILENAME, &amount, NULL, NULL },
        { "quantity", 0, 0, G_OPTION_ARG_FILENAME, &quantity, NULL, NULL },
        { "customer", 0, 0, G_OPTION_ARG_INT64, &customer, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(OcRows) rows = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (ask.sub_meter == 0 || (amount == NULL) == (quantity == NULL))
        return ctl_wrong_use (ctl, _("--sub-meter and one of --amount and --quantity are needed."));
    ask.by_quantity = quantity != NULL;
    if (quantity ? !oc_quantity_parse (quantity, "quantity", &ask.quantity, &error)
                 : !oc_money_parse (amount, "amount", &ask.amount, &error))
        return ctl_fail (ctl, error);
    if ((status = ctl_open_desk (ctl, customer == 0)))
        return status;
    if (customer == 0) {
        if (!(reading = oc_read_card (ctl->desk, &(OcReadAsk){ 0 }, NULL, &error))
            || (error = oc_reading_refusal (reading)))
            return ctl_fail (ctl, error);
        customer = oc_rows_int (oc_reading_card (reading), 0, "customer");
    }
    ask.customer = customer;
    if (!(rows = oc_quote (ctl->desk, &ask, NULL, &error)))
        return ctl_fail (ctl, error);
    ctl_print_list (ctl, rows, NULL);

    return CTL_DONE;
}

const CtlCommand ctl_sale_commands[] = {
    { "quote", "--sub-meter S --amount X|--quantity Q [--customer N]", N_("What a purchase would cost"), run_quote },
    { "purchase", "--sub-meter S --amount X|--quantity Q [--pay cash|bankcard|wechat|alipay|transfer|wechat=40,cash] [--reference T] [--received X] [--receipt F]",
        N_("Sells on the card in the reader"), run_purchase },
    { "re-purchase", "--sub-meter S --amount X|--quantity Q [--pay-out] [--pay …] [--reference T] [--received X] [--receipt F]",
        N_("Sells the last purchase anew, which no meter has taken; 0 takes it back"), run_repurchase },
    { NULL },
};

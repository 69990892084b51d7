/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a customer's card: another one in its place, a blank one, none. */
#include <glib/gi18n.h>

#include "programs/onecardctl/money.h"

CTL_DEFINE_ACT (oc_replace_card)
CTL_DEFINE_ACT (oc_clear_card)
CTL_DEFINE_ACT (oc_close_account)

static int
run_replace_card (Ctl *ctl, int argc, char **argv)
{
    g_auto(CtlMoney) money = { 0 };
    OcReplaceAsk ask = { 0 };
    const GOptionEntry entries[] = {
        { "customer", 0, 0, G_OPTION_ARG_INT64, &ask.customer, NULL, NULL },
        CTL_MONEY_ENTRIES (money),
        { NULL },
    };
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (ask.customer == 0)
        return ctl_wrong_use (ctl, _("--customer is needed."));
    if ((status = ctl_money_check (ctl, &money, FALSE)) || (status = ctl_open_desk (ctl, TRUE)))
        return status;
    ask.request_id = money.request;
    ask.expected_due = money.expected;
    ask.tendered = money.received;
    ask.pay = money.pay;
    ask.reference = money.reference;

    return ctl_carry_out (ctl, oc_replace_card_act, &ask, &money);
}

/* Reads the card whole, and does with it what leaves it blank. */
static int
end_card (Ctl *ctl, CtlAct act, OcCloseAsk *ask, CtlMoney *money)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcReading) reading = NULL;
    int status;

    if ((status = ctl_money_check (ctl, money, TRUE)) || (status = ctl_open_desk (ctl, TRUE)))
        return status;
    if (!(reading = oc_read_card (ctl->desk, &(OcReadAsk){ .whole = TRUE, .settle = TRUE }, NULL, &error)))
        return ctl_fail (ctl, error);
    ask->request_id = money->request;
    ask->reading = reading;
    ask->expected.units = money->quoted ? ABS (money->expected.units) : -1;
    ask->pay = money->pay;
    ask->reference = money->reference;

    return ctl_carry_out (ctl, act, ask, money);
}

static int
run_clear_card (Ctl *ctl, int argc, char **argv)
{
    g_auto(CtlMoney) money = { 0 };
    const GOptionEntry entries[] = {
        CTL_REQUEST_ENTRIES (money),
        { NULL },
    };
    int status;

    return ctl_parse (ctl, entries, &argc, &argv, 0, &status) ? end_card (ctl, oc_clear_card_act, &(OcCloseAsk){ 0 }, &money) : status;
}

static int
run_close_account (Ctl *ctl, int argc, char **argv)
{
    g_auto(CtlMoney) money = { 0 };
    OcCloseAsk ask = { 0 };
    const GOptionEntry entries[] = {
        { "customer", 0, 0, G_OPTION_ARG_INT64, &ask.customer, NULL, NULL },
        CTL_PAY_ENTRIES (money),
        { NULL },
    };
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (ask.customer == 0)
        return ctl_wrong_use (ctl, _("--customer is needed."));

    return end_card (ctl, oc_close_account_act, &ask, &money);
}

const CtlCommand ctl_card_act_commands[] = {
    { "replace-card", "--customer N [--pay …] [--reference T] [--received X] [--receipt F]",
        N_("A new card, the blank one in the reader, for a customer whose card is gone"), run_replace_card },
    { "clear-card", "[--receipt F]", N_("Makes a card blank that was replaced or is handed back"), run_clear_card },
    { "close-account", "--customer N [--pay …] [--reference T] [--receipt F]",
        N_("Pays out what is the customer's, clears the card, ends the account"), run_close_account },
    { NULL },
};

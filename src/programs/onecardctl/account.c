/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts: opened, paid into and out of. */
#include <glib/gi18n.h>

#include "programs/onecardctl/money.h"
#include "programs/onecardctl/sub-meter.h"

CTL_DEFINE_ACT (oc_open_account)
CTL_DEFINE_ACT (oc_balance)

/* What it would cost: nothing is sold, and no card is looked at. */
static int
quote_account (Ctl *ctl, const OcOpenAsk *ask)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    g_autofree char *text = NULL;
    OcMoney due;
    int status;

    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (!(rows = oc_open_account_quote (ctl->desk, ask, &due, NULL, &error)))
        return ctl_fail (ctl, error);
    text = oc_money_to_decimal (due);
    if (ctl->json) {
        JsonBuilder *builder = json_builder_new ();

        json_builder_begin_object (builder);
        json_builder_set_member_name (builder, "rows");
        ctl_add_rows (builder, rows);
        ctl_add_member (builder, "due", text);
        json_builder_end_object (builder);
        ctl_print_json (builder);
    } else {
        ctl_print_list (ctl, rows, NULL);
        g_print ("\n%s: %s\n", _("Due"), text);
    }

    return CTL_DONE;
}

static int
open_account (Ctl *ctl, const OcOpenAsk *ask, const CtlMoney *money)
{
    int status = ctl_open_desk (ctl, TRUE);

    return status ? status : ctl_carry_out (ctl, oc_open_account_act, ask, money);
}

static int
run_open_account (Ctl *ctl, int argc, char **argv)
{
    enum { NAME, ADDRESS, PHONE, ID_KIND, ID_NUMBER, DISTRICT, PERMANENT, NOTE, N_TEXTS };
    char *texts[N_TEXTS] = { 0 };
    g_auto(GStrv) sub_meters = NULL;
    g_auto(CtlMoney) money = { 0 };
    gboolean quote = FALSE;
    OcOpenAsk ask = { 0 };
    const GOptionEntry entries[] = {
        { "pre-registered", 0, 0, G_OPTION_ARG_INT64, &ask.pre_registered, NULL, NULL },
        { "name", 0, 0, G_OPTION_ARG_FILENAME, &texts[NAME], NULL, NULL },
        { "address", 0, 0, G_OPTION_ARG_FILENAME, &texts[ADDRESS], NULL, NULL },
        { "phone", 0, 0, G_OPTION_ARG_FILENAME, &texts[PHONE], NULL, NULL },
        { "id-kind", 0, 0, G_OPTION_ARG_FILENAME, &texts[ID_KIND], NULL, NULL },
        { "id-number", 0, 0, G_OPTION_ARG_FILENAME, &texts[ID_NUMBER], NULL, NULL },
        { "district", 0, 0, G_OPTION_ARG_FILENAME, &texts[DISTRICT], NULL, NULL },
        { "permanent-number", 0, 0, G_OPTION_ARG_FILENAME, &texts[PERMANENT], NULL, NULL },
        { "note", 0, 0, G_OPTION_ARG_FILENAME, &texts[NOTE], NULL, NULL },
        { "household", 0, 0, G_OPTION_ARG_INT, &ask.household, NULL, NULL },
        { "sub-meter", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &sub_meters, NULL, NULL },
        { "quote", 0, 0, G_OPTION_ARG_NONE, &quote, NULL, NULL },
        CTL_MONEY_ENTRIES (money),
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) meters = NULL;
    int status;

    if (ctl_parse (ctl, entries, &argc, &argv, 0, &status)
        && !(status = ctl_money_check (ctl, &money, FALSE))
        && !(status = ctl_parse_sub_meters (ctl, sub_meters, &meters))) {
        ask.request_id = money.request;
        ask.name = texts[NAME];
        ask.address = texts[ADDRESS];
        ask.phone = texts[PHONE];
        ask.id_kind = texts[ID_KIND];
        ask.id_number = texts[ID_NUMBER];
        ask.district = texts[DISTRICT];
        ask.permanent_number = texts[PERMANENT];
        ask.note = texts[NOTE];
        ask.meters = (const OcOpenMeter *) (void *) meters->data;
        ask.n_meters = meters->len;
        ask.expected_due = money.expected;
        ask.tendered = money.received;
        ask.pay = money.pay;
        ask.reference = money.reference;
        status = quote ? quote_account (ctl, &ask) : open_account (ctl, &ask, &money);
    }
    for (int i = 0; i < N_TEXTS; i++)
        g_free (texts[i]);

    return status;
}

static int
run_balance (Ctl *ctl, int argc, char **argv, gboolean out)
{
    g_autofree char *amount = NULL;
    g_auto(CtlMoney) money = { 0 };
    OcBalanceAsk ask = { .out = out };
    const GOptionEntry entries[] = {
        { "customer", 0, 0, G_OPTION_ARG_INT64, &ask.customer, NULL, NULL },
        { "amount", 0, 0, G_OPTION_ARG_FILENAME, &amount, NULL, NULL },
        CTL_MONEY_ENTRIES (money),
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (ask.customer == 0 || amount == NULL)
        return ctl_wrong_use (ctl, _("--customer and --amount are needed."));
    if ((status = ctl_money_check (ctl, &money, FALSE)))
        return status;
    if (!oc_money_parse (amount, "amount", &ask.amount, &error))
        return ctl_fail (ctl, error);
    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;
    ask.request_id = money.request;
    ask.tendered = money.received;
    ask.pay = money.pay;
    ask.reference = money.reference;

    return ctl_carry_out (ctl, oc_balance_act, &ask, &money);
}

static int
run_balance_in (Ctl *ctl, int argc, char **argv)
{
    return run_balance (ctl, argc, argv, FALSE);
}

static int
run_balance_out (Ctl *ctl, int argc, char **argv)
{
    return run_balance (ctl, argc, argv, TRUE);
}

const CtlCommand ctl_account_commands[] = {
    { "open-account", "--name … --address …|--pre-registered N --sub-meter 'slot=1,model=…,meter=…,user-type=…,price=…,amount=…' … [--quote] [--receipt F]",
        N_("Opens an account on a blank card"), run_open_account },
    { "balance in", "--customer N --amount X [--pay …] [--reference T] [--receipt F]", N_("Takes money into a customer's balance"), run_balance_in },
    { "balance out", "--customer N --amount X [--pay …] [--reference T] [--receipt F]", N_("Pays money out of a customer's balance"), run_balance_out },
    { NULL },
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meters of a card in use: more of them, and others in their place. */
#include <glib/gi18n.h>

#include "core/decimal.h"
#include "core/error.h"
#include "programs/onecardctl/money.h"
#include "programs/onecardctl/sub-meter.h"

CTL_DEFINE_ACT (oc_add_meter)
CTL_DEFINE_ACT (oc_replace_meter)

/* Opens the desk and reads the card, an unfinished write of it settled. NULL: *status says why. */
static OcReading *
read_card (Ctl *ctl, int *status)
{
    g_autoptr(GError) error = NULL;
    OcReading *reading = NULL;

    if (!(*status = ctl_open_desk (ctl, TRUE)) && !(reading = oc_read_card (ctl->desk, &(OcReadAsk){ .settle = TRUE }, NULL, &error)))
        *status = ctl_fail (ctl, error);

    return reading;
}

static int
run_add_sub_meter (Ctl *ctl, int argc, char **argv)
{
    g_auto(CtlMoney) money = { 0 };
    g_auto(GStrv) texts = NULL;
    g_autoptr(GArray) meters = NULL;
    g_autoptr(OcReading) reading = NULL;
    const GOptionEntry entries[] = {
        { "sub-meter", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &texts, NULL, NULL },
        CTL_MONEY_ENTRIES (money),
        { NULL },
    };
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if ((status = ctl_money_check (ctl, &money, FALSE)) || (status = ctl_parse_sub_meters (ctl, texts, &meters))
        || !(reading = read_card (ctl, &status)))
        return status;

    return ctl_carry_out (ctl, oc_add_meter_act, &(OcAddMeterAsk){
        .request_id = money.request, .reading = reading, .meters = (const OcOpenMeter *) (void *) meters->data, .n_meters = meters->len,
        .expected_due = money.expected, .tendered = money.received, .pay = money.pay, .reference = money.reference }, &money);
}

static int
run_replace_meter (Ctl *ctl, int argc, char **argv)
{
    g_auto(CtlMoney) money = { 0 };
    g_autofree char *meter = NULL;
    g_autofree char *model = NULL;
    g_autofree char *user_type = NULL;
    g_autofree char *price = NULL;
    g_autofree char *price_2 = NULL;
    g_autofree char *remaining = NULL;
    OcReplaceMeterAsk ask = { 0 };
    const GOptionEntry entries[] = {
        { "sub-meter", 0, 0, G_OPTION_ARG_INT, &ask.sub_meter, NULL, NULL },
        { "meter", 0, 0, G_OPTION_ARG_FILENAME, &meter, NULL, NULL },
        { "model", 0, 0, G_OPTION_ARG_FILENAME, &model, NULL, NULL },
        { "user-type", 0, 0, G_OPTION_ARG_FILENAME, &user_type, NULL, NULL },
        { "price", 0, 0, G_OPTION_ARG_FILENAME, &price, NULL, NULL },
        { "price-2", 0, 0, G_OPTION_ARG_FILENAME, &price_2, NULL, NULL },
        { "ct", 0, 0, G_OPTION_ARG_INT, &ask.ct, NULL, NULL },
        { "vt", 0, 0, G_OPTION_ARG_INT, &ask.vt, NULL, NULL },
        { "remaining", 0, 0, G_OPTION_ARG_FILENAME, &remaining, NULL, NULL },
        CTL_MONEY_ENTRIES (money),
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcReading) reading = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (ask.sub_meter == 0 || meter == NULL)
        return ctl_wrong_use (ctl, _("--sub-meter and --meter are needed."));
    if (remaining && oc_decimal_parse_typed (remaining, 4, &ask.remaining.units) != OC_DECIMAL_OK && !oc_error_set (&error, "OC177", NULL))
        return ctl_fail (ctl, error);
    if ((status = ctl_money_check (ctl, &money, FALSE)) || !(reading = read_card (ctl, &status)))
        return status;
    ask.request_id = money.request;
    ask.reading = reading;
    ask.meter = meter;
    ask.model = model;
    ask.user_type = user_type;
    ask.price = price;
    ask.price_2 = price_2;
    ask.by_return = remaining == NULL;
    ask.expected_due = money.expected;
    ask.tendered = money.received;
    ask.pay = money.pay;
    ask.reference = money.reference;

    return ctl_carry_out (ctl, oc_replace_meter_act, &ask, &money);
}

const CtlCommand ctl_meter_commands[] = {
    { "add-sub-meter", "--sub-meter 'slot=2,model=…,meter=…,user-type=…,price=…,amount=…' … [--pay …] [--reference T] [--received X] [--receipt F]",
        N_("One or more meters more for the card in the reader"), run_add_sub_meter },
    { "replace-meter", "--sub-meter S --meter M [--model …] [--user-type …] [--price …] [--remaining X] [--pay …] [--received X] [--receipt F]",
        N_("A new meter in the place of an old one, with what that one holds"), run_replace_meter },
    { NULL },
};

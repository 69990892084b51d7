/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selling: quote, open an account, purchase. */
#include <glib/gi18n.h>
#include <string.h>

#include "core/column.h"
#include "paper/pdf.h"
#include "paper/template-io.h"
#include "programs/onecardctl/ctl.h"
#include "programs/onecardctl/sub-meter.h"

/* What the selling commands have in common. */
typedef struct {
    char *request, *pay, *reference, *received, *expected, *receipt;
} Money;

static void
money_clear (Money *self)
{
    g_free (self->request);
    g_free (self->pay);
    g_free (self->reference);
    g_free (self->received);
    g_free (self->expected);
    g_free (self->receipt);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Money, money_clear)

#define MONEY_ENTRIES(m) \
    { "pay", 0, 0, G_OPTION_ARG_FILENAME, &(m).pay, NULL, NULL }, \
    { "reference", 0, 0, G_OPTION_ARG_FILENAME, &(m).reference, NULL, NULL }, \
    { "received", 0, 0, G_OPTION_ARG_FILENAME, &(m).received, NULL, NULL }, \
    { "expected-due", 0, 0, G_OPTION_ARG_FILENAME, &(m).expected, NULL, NULL }, \
    { "request", 0, 0, G_OPTION_ARG_FILENAME, &(m).request, NULL, NULL }, \
    { "receipt", 0, 0, G_OPTION_ARG_FILENAME, &(m).receipt, NULL, NULL }

/* Reads what was received and expected; a fresh request unless one is repeated. */
static int
check_money (Ctl *ctl, Money *money, OcMoney *received, OcMoney *expected)
{
    g_autoptr(GError) error = NULL;

    received->units = 0;
    expected->units = -1;
    if (money->request == NULL)
        money->request = oc_request_id ();
    if (!g_uuid_string_is_valid (money->request))
        return ctl_wrong_use (ctl, _("“%s” is no request id: a UUID is needed."), money->request);
    if ((money->received && !oc_money_parse (money->received, "tendered", received, &error))
        || (money->expected && !oc_money_parse (money->expected, "expected_due", expected, &error)))
        return ctl_fail (ctl, error);

    return CTL_DONE;
}

static void
add_lines (JsonBuilder *builder, const OcFields *fields)
{
    static const char *const names[] = { "name", "account", "tier", "quantity", "unit_price", "amount" };
    GPtrArray *lines = oc_fields_get_rows (fields, "lines");

    json_builder_set_member_name (builder, "lines");
    json_builder_begin_array (builder);
    for (guint i = 0; lines && i < lines->len; i++) {
        json_builder_begin_object (builder);
        for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
            ctl_add_member (builder, names[k], oc_fields_get (lines->pdata[i], names[k]));
        json_builder_end_object (builder);
    }
    json_builder_end_array (builder);
}

/* The columns of a trade that its own row says better than the job's sums. */
static void
add_trades (JsonBuilder *builder, OcRows *trades)
{
    static const char *const names[] = { "trade", "sub_meter", "meter", "purchase_count", "quantity", "card_amount", "presale", "due",
        "received", "balance_change", "price", "state" };

    json_builder_set_member_name (builder, "trades");
    json_builder_begin_array (builder);
    for (guint row = 0; row < oc_rows_count (trades); row++) {
        json_builder_begin_object (builder);
        ctl_add_member (builder, "kind", oc_rows_text (trades, row, "trade_kind"));
        for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
            ctl_add_member (builder, names[k], oc_rows_is_null (trades, row, names[k]) ? NULL : oc_rows_text (trades, row, names[k]));
        json_builder_end_object (builder);
    }
    json_builder_end_array (builder);
}

static void
print_outcome_json (OcOutcome *outcome, const char *receipt)
{
    static const char *const names[] = { "customer", "name", "kind", "sub_meter", "meter", "purchase_count", "quantity", "quantity_unit",
        "card_amount", "due", "received", "tendered", "change", "balance", "pay", "reference", "time" };
    JsonBuilder *builder = json_builder_new ();

    json_builder_begin_object (builder);
    ctl_add_member (builder, "trade", oc_rows_count (outcome->trades) ? oc_rows_text (outcome->trades, 0, "trade") : NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        ctl_add_member (builder, names[i], oc_fields_get (outcome->fields, names[i]));
    ctl_add_member (builder, "state", oc_rows_count (outcome->trades) ? oc_rows_text (outcome->trades, 0, "state") : NULL);
    ctl_add_member (builder, "job", outcome->job);
    ctl_add_member (builder, "job_number", oc_fields_get (outcome->fields, "job_number"));
    ctl_add_member (builder, "job_state", oc_fields_get (outcome->fields, "state"));
    ctl_add_member (builder, "receipt", receipt);
    add_lines (builder, outcome->fields);
    add_trades (builder, outcome->trades);
    json_builder_end_object (builder);
    ctl_print_json (builder);
}

static void
print_outcome_text (OcOutcome *outcome)
{
    static const struct {
        const char *name, *label;
    } shown[] = {
        { "trades", N_("Trades") }, { "job_number", N_("Card job") }, { "name", N_("Customer") },
        { "customer", N_("Customer number") }, { "meter", N_("Meter") },
        { "purchase_count", N_("Times bought") }, { "quantity", N_("Quantity") }, { "card_amount", N_("Written to the card") },
        { "due", N_("Due") }, { "received", N_("Received") }, { "change", N_("Change") }, { "balance", N_("Balance") },
    };

    g_print ("%s: %s\n", oc_word (outcome->kind), oc_word (oc_fields_get (outcome->fields, "state")));
    for (gsize i = 0; i < G_N_ELEMENTS (shown); i++) {
        const char *value = oc_fields_get (outcome->fields, shown[i].name);
        g_autofree char *text = value ? ctl_show (shown[i].name, value) : NULL;

        if (value && *value)
            g_print ("  %s: %s\n", _(shown[i].label), text);
    }
}

/* The sale is done, whatever becomes of its receipt. */
static void
print_outcome (Ctl *ctl, OcOutcome *outcome, const char *receipt)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcTemplate) template = NULL;
    const char *written = NULL;

    if (receipt) {
        template = oc_template_load_resource (outcome->kind, &error);
        if (template && oc_pdf_write (template, outcome->fields, receipt, &error))
            written = receipt;
        else
            g_printerr ("onecardctl: %s %s\n", _("It is sold, but the receipt could not be written."), error->message);
    }
    if (ctl->json)
        print_outcome_json (outcome, written);
    else
        print_outcome_text (outcome);
}

static int
run_purchase (Ctl *ctl, int argc, char **argv)
{
    g_autofree char *amount = NULL;
    g_autofree char *quantity = NULL;
    g_auto(Money) money = { 0 };
    int sub_meter = 0;
    const GOptionEntry entries[] = {
        { "sub-meter", 0, 0, G_OPTION_ARG_INT, &sub_meter, NULL, NULL },
        { "amount", 0, 0, G_OPTION_ARG_FILENAME, &amount, NULL, NULL },
        { "quantity", 0, 0, G_OPTION_ARG_FILENAME, &quantity, NULL, NULL },
        MONEY_ENTRIES (money),
        { NULL },
    };
    OcPurchaseAsk ask = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcReading) reading = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (sub_meter == 0 || (amount == NULL) == (quantity == NULL))
        return ctl_wrong_use (ctl, _("--sub-meter and one of --amount and --quantity are needed."));
    if ((status = check_money (ctl, &money, &ask.tendered, &ask.expected_due)))
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
    ask.pay = money.pay;
    ask.reference = money.reference;
    if (!(outcome = oc_purchase (ctl->desk, &ask, NULL, &error)))
        return ctl_fail (ctl, error);
    print_outcome (ctl, outcome, money.receipt);

    return CTL_DONE;
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
open_account (Ctl *ctl, OcOpenAsk *ask, const char *receipt)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    int status;

    if ((status = ctl_open_desk (ctl, TRUE)))
        return status;
    if (!(outcome = oc_open_account (ctl->desk, ask, NULL, &error)))
        return ctl_fail (ctl, error);
    print_outcome (ctl, outcome, receipt);

    return CTL_DONE;
}

static int
run_open_account (Ctl *ctl, int argc, char **argv)
{
    enum { NAME, ADDRESS, PHONE, ID_KIND, ID_NUMBER, DISTRICT, PERMANENT, NOTE, N_TEXTS };
    char *texts[N_TEXTS] = { 0 };
    g_auto(GStrv) sub_meters = NULL;
    g_auto(Money) money = { 0 };
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
        MONEY_ENTRIES (money),
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) meters = NULL;
    int status;

    if (ctl_parse (ctl, entries, &argc, &argv, 0, &status)
        && !(status = check_money (ctl, &money, &ask.tendered, &ask.expected_due))
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
        ask.pay = money.pay;
        ask.reference = money.reference;
        status = quote ? quote_account (ctl, &ask) : open_account (ctl, &ask, money.receipt);
    }
    for (int i = 0; i < N_TEXTS; i++)
        g_free (texts[i]);

    return status;
}

static int
run_balance (Ctl *ctl, int argc, char **argv, gboolean out)
{
    g_autofree char *amount = NULL;
    g_auto(Money) money = { 0 };
    OcBalanceAsk ask = { .out = out };
    const GOptionEntry entries[] = {
        { "customer", 0, 0, G_OPTION_ARG_INT64, &ask.customer, NULL, NULL },
        { "amount", 0, 0, G_OPTION_ARG_FILENAME, &amount, NULL, NULL },
        MONEY_ENTRIES (money),
        { NULL },
    };
    OcMoney expected;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (ask.customer == 0 || amount == NULL)
        return ctl_wrong_use (ctl, _("--customer and --amount are needed."));
    if ((status = check_money (ctl, &money, &ask.tendered, &expected)))
        return status;
    if (!oc_money_parse (amount, "amount", &ask.amount, &error))
        return ctl_fail (ctl, error);
    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;
    ask.request_id = money.request;
    ask.pay = money.pay;
    ask.reference = money.reference;
    outcome = oc_balance (ctl->desk, &ask, NULL, &error);
    if (outcome == NULL) {
        if ((status = ctl_approve (ctl, error)))
            return status;
        g_clear_error (&error);
        if (!(outcome = oc_balance (ctl->desk, &ask, NULL, &error)))
            return ctl_fail (ctl, error);
    }
    print_outcome (ctl, outcome, money.receipt);

    return CTL_DONE;
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

static int
run_unfinished_list (Ctl *ctl, int argc, char **argv)
{
    static const char *const totals[] = { "received", NULL };
    gboolean all = FALSE;
    const GOptionEntry entries[] = {
        { "all", 0, 0, G_OPTION_ARG_NONE, &all, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status) || (status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (!(rows = oc_unfinished_list (ctl->desk, all, NULL, &error)))
        return ctl_fail (ctl, error);
    ctl_print_list (ctl, rows, totals);

    return CTL_DONE;
}

/* A job's number -> its id, which stays as it is. */
static int
find_job (Ctl *ctl, char **job)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;

    if (g_uuid_string_is_valid (*job))
        return CTL_DONE;
    if (!(rows = oc_unfinished_list (ctl->desk, FALSE, NULL, &error)))
        return ctl_fail (ctl, error);
    for (guint row = 0; row < oc_rows_count (rows); row++)
        if (strcmp (oc_rows_text (rows, row, "number"), *job) == 0) {
            g_free (*job);
            *job = g_strdup (oc_rows_text (rows, row, "job"));
            return CTL_DONE;
        }

    return ctl_wrong_use (ctl, _("“%s” is no card job: “unfinished list” gives their numbers."), *job);
}

static int
run_unfinished_settle (Ctl *ctl, int argc, char **argv)
{
    g_autofree char *job = NULL;
    g_autofree char *receipt = NULL;
    gboolean undo = FALSE;
    const GOptionEntry entries[] = {
        { "job", 0, 0, G_OPTION_ARG_FILENAME, &job, NULL, NULL },
        { "undo", 0, 0, G_OPTION_ARG_NONE, &undo, NULL, NULL },
        { "receipt", 0, 0, G_OPTION_ARG_FILENAME, &receipt, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (job && !g_uuid_string_is_valid (job) && !g_ascii_string_to_unsigned (job, 10, 1, G_MAXINT64, NULL, NULL))
        return ctl_wrong_use (ctl, _("“%s” is no card job: “unfinished list” gives their numbers."), job);
    if ((status = ctl_open_desk (ctl, TRUE)) || (job && (status = find_job (ctl, &job))))
        return status;
    if (!(outcome = oc_unfinished_settle (ctl->desk, &(OcSettleAsk){ job, undo }, NULL, &error)))
        return ctl_fail (ctl, error);
    print_outcome (ctl, outcome, receipt);

    return CTL_DONE;
}

const CtlCommand ctl_sale_commands[] = {
    { "quote", "--sub-meter S --amount X|--quantity Q [--customer N]", N_("What a purchase would cost"), run_quote },
    { "open-account", "--name … --address …|--pre-registered N --sub-meter 'slot=1,model=…,meter=…,user-type=…,price=…,amount=…' … [--quote] [--receipt F]",
        N_("Opens an account on a blank card"), run_open_account },
    { "purchase", "--sub-meter S --amount X|--quantity Q [--pay cash|bankcard|wechat|alipay|transfer|wechat=40,cash] [--reference T] [--received X] [--receipt F]",
        N_("Sells on the card in the reader"), run_purchase },
    { "balance in", "--customer N --amount X [--pay …] [--reference T] [--receipt F]", N_("Takes money into a customer's balance"), run_balance_in },
    { "balance out", "--customer N --amount X [--pay …] [--reference T] [--receipt F]", N_("Pays money out of a customer's balance"), run_balance_out },
    { "unfinished list", "[--all]", N_("Card writes whose outcome is not proven"), run_unfinished_list },
    { "unfinished settle", "[--job N] [--undo] [--receipt F]", N_("Settles the one of the card in the reader"), run_unfinished_settle },
    { NULL },
};

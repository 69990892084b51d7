/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an act ended with: as JSON, as text, as a receipt. */
#include <glib/gi18n.h>

#include "core/column.h"
#include "paper/pdf.h"
#include "paper/template-io.h"
#include "programs/onecardctl/money.h"

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
        "received", "balance_change", "held", "carried", "old_meter", "reverses", "price", "state" };

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
        "card_amount", "due", "received", "tendered", "change", "balance", "issue", "pay", "reference", "time" };
    JsonBuilder *builder = json_builder_new ();

    const char *held = oc_fields_get (outcome->fields, "held");

    json_builder_begin_object (builder);
    ctl_add_member (builder, "trade", oc_rows_count (outcome->trades) ? oc_rows_text (outcome->trades, 0, "trade") : NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        ctl_add_member (builder, names[i], oc_fields_get (outcome->fields, names[i]));
    ctl_add_member (builder, "held", held && *held ? held : "0");
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
        { "due", N_("Due") }, { "received", N_("Received") }, { "paid_out", N_("Paid out") }, { "change", N_("Change") },
        { "held", N_("Held in the balance") }, { "balance", N_("Balance") },
    };

    g_print ("%s: %s\n", oc_word (outcome->kind), oc_word (oc_fields_get (outcome->fields, "state")));
    for (gsize i = 0; i < G_N_ELEMENTS (shown); i++) {
        const char *value = oc_fields_get (outcome->fields, shown[i].name);
        g_autofree char *text = value ? ctl_show (shown[i].name, value) : NULL;

        if (value && *value && *value != '-') /* what goes back is paid out */
            g_print ("  %s: %s\n", _(shown[i].label), text);
    }
}

/* The act is done, whatever becomes of its receipt. */
void
ctl_print_outcome (Ctl *ctl, OcOutcome *outcome, const char *receipt)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcTemplate) template = NULL;
    const char *written = NULL;

    if (receipt) {
        template = oc_template_load_resource (outcome->kind, &error);
        if (template && oc_pdf_write (template, outcome->fields, receipt, &error))
            written = receipt;
        else
            g_printerr ("onecardctl: %s %s\n", _("It is done, but the receipt could not be written."), error->message);
    }
    if (ctl->json)
        print_outcome_json (outcome, written);
    else
        print_outcome_text (outcome);
}

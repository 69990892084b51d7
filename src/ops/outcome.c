/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an act ended with, as names and values: the receipt, the till and the commands read the same ones. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/column.h"
#include "ops/card-job.h"

/* A column of rules.finish_row and its name on paper. */
typedef struct {
    const char *column, *name;
} Name;

static const Name job_names[] = {
    { "unit_name", "unit_name" }, { "unit_address", "unit_address" }, { "unit_phone", "unit_phone" }, { "kind", "kind" },
    { "number", "job_number" }, { "state", "state" }, { "time", "time" }, { "customer", "customer" }, { "name", "name" }, { "address", "address" },
    { "phone", "phone" }, { "due", "due" }, { "received", "received" }, { "tendered", "tendered" }, { "change", "change" },
    { "balance", "balance" }, { "pay", "pay" }, { "reference", "reference" }, { "operator", "operator" },
    { "operator_name", "operator_name" }, { "branch", "branch" }, { "branch_name", "branch_name" },
    { "issue", "issue" }, { "old_issue", "old_issue" }, { "carried_job", "carried_job" },
};

/* Amounts that are left out where there are none: a template's place for them stays empty. */
static const char *const amounts[] = { "held", "taken_back", "sold" };

static const Name trade_names[] = {
    { "sub_meter", "sub_meter" }, { "meter_type", "meter_type" }, { "meter", "meter" }, { "model", "model" },
    { "user_type", "user_type" }, { "price", "price" }, { "purchase_count", "purchase_count" }, { "quantity", "quantity" },
    { "unit", "quantity_unit" }, { "card_amount", "card_amount" }, { "presale", "presale" },
    { "old_meter", "old_meter" }, { "carried", "carried" }, { "reverses", "reverses" },
};

static gboolean
is_part (OcRows *rows, guint row, const char *part)
{
    return strcmp (oc_rows_text (rows, row, "part"), part) == 0;
}

static void
take_names (OcFields *fields, OcRows *rows, guint row, const Name *names, gsize n)
{
    for (gsize i = 0; i < n; i++)
        oc_fields_set (fields, names[i].name, oc_rows_text (rows, row, names[i].column));
}

static const char *
title_of (const char *kind)
{
    static const struct {
        const char *kind, *title;
    } titles[] = {
        { "open", N_("Account opening receipt") },
        { "purchase", N_("Purchase receipt") },
        { "replace-card", N_("Card replacement receipt") },
        { "re-purchase", N_("Re-purchase receipt") },
        { "replace-meter", N_("Meter replacement receipt") },
        { "add-meter", N_("Sub-meter receipt") },
        { "clear-card", N_("Card clearing receipt") },
        { "close", N_("Account closing receipt") },
        { "balance", N_("Balance receipt") },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
        if (strcmp (titles[i].kind, kind) == 0)
            return _(titles[i].title);

    return _("Purchase receipt");
}

/* An amount that a card holds, in its meter's own unit. Caller frees. */
static char *
card_amount_text (OcRows *rows, guint row, const char *column)
{
    const char *text = oc_rows_text (rows, row, column);
    gboolean by_money = oc_rows_bool (rows, row, "by_money");
    g_autofree char *amount = oc_format_value (by_money ? OC_COLUMN_MONEY : OC_COLUMN_QUANTITY, text);

    return *text ? g_strdup_printf ("%s %s", amount, by_money ? C_("unit", "yuan") : oc_rows_text (rows, row, "unit")) : NULL;
}

/* What a line of a trade is called on paper. Caller frees. */
static char *
line_name (OcRows *rows, guint row)
{
    const char *account = oc_rows_text (rows, row, "account");
    const char *item = oc_rows_text (rows, row, "item_name");
    gboolean back = oc_rows_money (rows, row, "amount").units < 0;

    if (strcmp (account, "item") == 0)
        /* translators: %s is a price item, of a purchase that is taken back */
        return back ? g_strdup_printf (_("Taken back: %s"), item) : g_strdup (item);
    if (strcmp (account, "balance") == 0)
        return g_strdup (back ? _("From the balance") : _("Into the balance"));
    if (strcmp (account, "presale") == 0 && *item)
        return g_strdup_printf ("%s (%s)", oc_word (account), item);

    return g_strdup (oc_word (account));
}

/* What it was for: together they are what is due. How it was paid is said by received and pay. */
static void
add_line (OcFields *fields, OcRows *rows, guint row)
{
    static const char *const payments[] = { "cash", "bankcard", "wechat", "alipay", "transfer", NULL };
    static const char *const names[] = { "trade", "account", "sub_meter", "tier", "quantity", "unit_price", "amount" };
    g_autoptr(OcFields) line = NULL;
    g_autofree char *name = NULL;

    if (g_strv_contains (payments, oc_rows_text (rows, row, "account")))
        return;
    line = oc_fields_new (NULL);
    name = line_name (rows, row);
    oc_fields_set (line, "name", name);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        oc_fields_set (line, names[i], oc_rows_text (rows, row, names[i]));
    oc_fields_add_row (fields, "lines", line);
}

/* A purchase that a new card has from the old one. */
static void
add_meter (OcFields *fields, OcRows *rows, guint row)
{
    static const char *const names[] = { "sub_meter", "meter_type", "meter", "model", "purchase_count", "card_amount" };
    g_autoptr(OcFields) meter = oc_fields_new (NULL);
    g_autofree char *text = card_amount_text (rows, row, "card_amount");

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        oc_fields_set (meter, names[i], oc_rows_text (rows, row, names[i]));
    oc_fields_set (meter, "card_text", text);
    oc_fields_add_row (fields, "meters", meter);
}

/* A receipt never shows a minus: what goes back is said to be paid out. "total" is what its capitals say, "taken" what was handed over. */
static void
set_sums (OcFields *fields, OcRows *rows)
{
    OcMoney due = oc_rows_money (rows, 0, "due");
    g_autofree char *total = oc_money_to_decimal ((OcMoney){ ABS (due.units) });

    oc_fields_set (fields, "total", total);
    oc_fields_set (fields, "paid_out", due.units < 0 ? total : "");
    oc_fields_set (fields, "taken", due.units > 0 ? oc_rows_text (rows, 0, oc_rows_is_null (rows, 0, "tendered") ? "received" : "tendered") : "");
    for (gsize i = 0; i < G_N_ELEMENTS (amounts); i++)
        oc_fields_set (fields, amounts[i], oc_rows_money (rows, 0, amounts[i]).units ? oc_rows_text (rows, 0, amounts[i]) : "");
}

/* What stands for a meter on paper: the first one's of the act; with several, the lines tell the rest. */
static void
take_meter (OcFields *fields, OcRows *rows, guint row)
{
    g_autofree char *card_text = card_amount_text (rows, row, "card_amount");
    g_autofree char *carried_text = card_amount_text (rows, row, "carried");

    take_names (fields, rows, row, trade_names, G_N_ELEMENTS (trade_names));
    oc_fields_set (fields, "card_text", card_text);
    oc_fields_set (fields, "carried_text", carried_text);
}

/* The rows of one part, with all their columns. */
static OcRows *
rows_of_part (OcRows *rows, const char *part)
{
    guint n = oc_rows_n_columns (rows);
    g_autofree const char **names = g_new0 (const char *, n + 1);
    g_autofree const char **cells = g_new0 (const char *, n + 1);
    OcRows *picked;

    for (guint i = 0; i < n; i++)
        names[i] = oc_rows_column_name (rows, i);
    picked = oc_rows_new (names);
    for (guint row = 0; row < oc_rows_count (rows); row++) {
        if (!is_part (rows, row, part))
            continue;
        for (guint i = 0; i < n; i++)
            cells[i] = oc_rows_is_null (rows, row, names[i]) ? NULL : oc_rows_text (rows, row, names[i]);
        oc_rows_append (picked, cells);
    }

    return picked;
}

OcOutcome *
oc_outcome_new (OcRows *rows)
{
    OcOutcome *self = g_new0 (OcOutcome, 1);
    g_autoptr(GString) trades = g_string_new (NULL);
    g_autofree char *several = NULL;
    g_autofree char *paid_with = NULL;
    guint n_meters = 0;

    self->kind = g_strdup (oc_rows_text (rows, 0, "kind"));
    self->job = g_strdup (oc_rows_text (rows, 0, "job"));
    self->trades = rows_of_part (rows, "trade");
    self->fields = oc_fields_new (NULL);
    oc_fields_set (self->fields, "title", title_of (self->kind));
    take_names (self->fields, rows, 0, job_names, G_N_ELEMENTS (job_names));
    paid_with = oc_pay_format (oc_rows_text (rows, 0, "pay"));
    oc_fields_set (self->fields, "pay_word", paid_with);
    set_sums (self->fields, rows);
    for (guint row = 0; row < oc_rows_count (rows); row++) {
        if (is_part (rows, row, "line"))
            add_line (self->fields, rows, row);
        if (is_part (rows, row, "meter"))
            add_meter (self->fields, rows, row);
        if (!is_part (rows, row, "trade"))
            continue;
        g_string_append_printf (trades, "%s%s", trades->len ? ", " : "", oc_rows_text (rows, row, "trade"));
        if (oc_rows_int (rows, row, "sub_meter") != 0 && n_meters++ == 0)
            take_meter (self->fields, rows, row);
    }
    several = n_meters > 1 ? g_strdup_printf ("%u", n_meters) : NULL;
    oc_fields_set (self->fields, "several", several);
    oc_fields_set (self->fields, "trades", trades->str);
    oc_fields_set (self->fields, "copy", "");

    return self;
}

void
oc_outcome_free (OcOutcome *self)
{
    if (self == NULL)
        return;
    g_free (self->kind);
    g_free (self->job);
    g_clear_pointer (&self->fields, oc_fields_unref);
    g_clear_object (&self->trades);
    g_free (self);
}

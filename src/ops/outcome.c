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
};

static const Name trade_names[] = {
    { "sub_meter", "sub_meter" }, { "meter_type", "meter_type" }, { "meter", "meter" }, { "model", "model" },
    { "user_type", "user_type" }, { "price", "price" }, { "purchase_count", "purchase_count" }, { "quantity", "quantity" },
    { "unit", "quantity_unit" }, { "card_amount", "card_amount" }, { "presale", "presale" },
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

/* What a line of a trade is called on paper. Caller frees. */
static char *
line_name (OcRows *rows, guint row)
{
    const char *account = oc_rows_text (rows, row, "account");
    const char *item = oc_rows_text (rows, row, "item_name");

    if (strcmp (account, "item") == 0)
        return g_strdup (item);
    if (strcmp (account, "presale") == 0 && *item)
        return g_strdup_printf ("%s (%s)", oc_word (account), item);

    return g_strdup (oc_word (account));
}

/* Only where the money went; where it came from is said by received and pay. */
static void
add_line (OcFields *fields, OcRows *rows, guint row)
{
    g_autoptr(OcFields) line = NULL;
    g_autofree char *name = NULL;

    if (oc_rows_money (rows, row, "amount").units < 0)
        return;
    line = oc_fields_new (NULL);
    name = line_name (rows, row);
    oc_fields_set (line, "trade", oc_rows_text (rows, row, "trade"));
    oc_fields_set (line, "account", oc_rows_text (rows, row, "account"));
    oc_fields_set (line, "name", name);
    oc_fields_set (line, "sub_meter", oc_rows_text (rows, row, "sub_meter"));
    oc_fields_set (line, "tier", oc_rows_text (rows, row, "tier"));
    oc_fields_set (line, "quantity", oc_rows_text (rows, row, "quantity"));
    oc_fields_set (line, "unit_price", oc_rows_text (rows, row, "unit_price"));
    oc_fields_set (line, "amount", oc_rows_text (rows, row, "amount"));
    oc_fields_add_row (fields, "lines", line);
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
    for (guint row = 0; row < oc_rows_count (rows); row++) {
        if (is_part (rows, row, "line"))
            add_line (self->fields, rows, row);
        if (!is_part (rows, row, "trade"))
            continue;
        g_string_append_printf (trades, "%s%s", trades->len ? ", " : "", oc_rows_text (rows, row, "trade"));
        /* The first sub-meter's; with several, the lines tell the rest. */
        if (oc_rows_int (rows, row, "sub_meter") != 0 && n_meters++ == 0)
            take_names (self->fields, rows, row, trade_names, G_N_ELEMENTS (trade_names));
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

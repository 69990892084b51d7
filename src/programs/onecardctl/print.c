/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers and errors, as JSON with the api's column names or as text for people. */
#include <glib/gi18n.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/column.h"
#include "core/error.h"
#include "card/reader.h"
#include "db/connection.h"
#include "programs/onecardctl/ctl.h"

/* What the api's columns hold, by name; everything else is text. */
typedef enum { TEXT, INTEGER, TRUTH, MONEY, QUANTITY } Form;
static const struct {
    Form form;
    const char *names; /* with a space before and after each */
} forms[] = {
    { INTEGER, " trade customer sub_meter slot slots purchase_count return_count operator branch household issue tier attempt conflict approved_by "
               "count ct vt bore purchases customers unfinished unfinished_all opened area_number lease_seconds broken "
               "connections size version number id row_version cards in_use tiers base_persons reverses " },
    { TRUTH, " by_money tiered active administrator must_change allow_balance exists running " },
    { MONEY, " due received tendered change balance amount unit_price balance_change card_amount presale presale_cost "
             "opening_fee replacement_fee meter_change_fee due_total left_over total_amount last_purchase unread remaining overdraft "
             "alarm_1 alarm_2 hoarding purchase_limit approval_percent approval_amount credited total_bought held carried " },
    { QUANTITY, " quantity total_quantity step upper_limit per_person " },
};

static Form
form_of (const char *name)
{
    g_autofree char *word = g_strdup_printf (" %s ", name);

    for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
        if (strstr (forms[i].names, word))
            return forms[i].form;

    return TEXT;
}

char *
ctl_show (const char *name, const char *value)
{
    OcMoney money;
    OcQuantity quantity;

    switch (form_of (name)) {
    case MONEY:
        return oc_money_from_decimal (value, &money) ? oc_money_to_decimal (money) : g_strdup (value);
    case QUANTITY:
        return oc_quantity_from_decimal (value, &quantity) ? oc_quantity_to_decimal (quantity) : g_strdup (value);
    case TRUTH:
        return g_strdup (value[0] == 't' ? "true" : "false");
    case INTEGER:
    case TEXT:
        break;
    }

    return g_strdup (value);
}

void
ctl_add_member (JsonBuilder *builder, const char *name, const char *value)
{
    g_autofree char *shown = NULL;
    gint64 number;

    json_builder_set_member_name (builder, name);
    if (value == NULL || (*value == '\0' && form_of (name) != TEXT)) {
        json_builder_add_null_value (builder);
        return;
    }
    shown = ctl_show (name, value);
    if (form_of (name) == TRUTH)
        json_builder_add_boolean_value (builder, value[0] == 't');
    else if (form_of (name) == INTEGER && g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &number, NULL))
        json_builder_add_int_value (builder, number);
    else
        json_builder_add_string_value (builder, shown);
}

void
ctl_add_row (JsonBuilder *builder, OcRows *rows, guint row)
{
    json_builder_begin_object (builder);
    for (guint i = 0; i < oc_rows_n_columns (rows); i++) {
        const char *name = oc_rows_column_name (rows, i);

        ctl_add_member (builder, name, oc_rows_is_null (rows, row, name) ? NULL : oc_rows_text (rows, row, name));
    }
    json_builder_end_object (builder);
}

void
ctl_add_rows (JsonBuilder *builder, OcRows *rows)
{
    json_builder_begin_array (builder);
    for (guint row = 0; row < oc_rows_count (rows); row++)
        ctl_add_row (builder, rows, row);
    json_builder_end_array (builder);
}

void
ctl_print_json (JsonBuilder *builder)
{
    g_autoptr(JsonNode) root = json_builder_get_root (builder);
    g_autoptr(JsonGenerator) generator = json_generator_new ();
    g_autofree char *text = NULL;

    json_generator_set_root (generator, root);
    json_generator_set_pretty (generator, TRUE);
    text = json_generator_to_data (generator, NULL);
    fputs (text, stdout);
    fputc ('\n', stdout);
    g_object_unref (builder);
}

static void
add_totals (JsonBuilder *builder, OcRows *rows, const char *const *totals)
{
    json_builder_begin_object (builder);
    for (gsize i = 0; totals && totals[i]; i++) {
        OcMoney sum = { 0 };
        g_autofree char *text = NULL;

        for (guint row = 0; row < oc_rows_count (rows); row++)
            oc_money_add (sum, oc_rows_money (rows, row, totals[i]), &sum);
        text = oc_money_to_decimal (sum);
        ctl_add_member (builder, totals[i], text);
    }
    json_builder_end_object (builder);
}

static void
print_list_json (OcRows *rows, const char *const *totals)
{
    JsonBuilder *builder = json_builder_new ();

    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "columns");
    json_builder_begin_array (builder);
    for (guint i = 0; i < oc_rows_n_columns (rows); i++)
        json_builder_add_string_value (builder, oc_rows_column_name (rows, i));
    json_builder_end_array (builder);
    json_builder_set_member_name (builder, "rows");
    ctl_add_rows (builder, rows);
    json_builder_set_member_name (builder, "count");
    json_builder_add_int_value (builder, oc_rows_count (rows));
    json_builder_set_member_name (builder, "totals");
    add_totals (builder, rows, totals);
    json_builder_end_object (builder);
    ctl_print_json (builder);
}

/* One "name: value" a line for each row: wide tables do not fit a terminal. */
static void
print_list_text (OcRows *rows)
{
    for (guint row = 0; row < oc_rows_count (rows); row++) {
        if (row > 0)
            g_print ("\n");
        for (guint i = 0; i < oc_rows_n_columns (rows); i++) {
            const char *name = oc_rows_column_name (rows, i);
            g_autofree char *shown = ctl_show (name, oc_rows_text (rows, row, name));

            if (*oc_rows_text (rows, row, name))
                g_print ("%-16s %s\n", name, shown);
        }
    }
}

void
ctl_print_list (Ctl *ctl, OcRows *rows, const char *const *totals)
{
    if (ctl->json)
        print_list_json (rows, totals);
    else
        print_list_text (rows);
}

/* Errors -------------------------------------------------------------------------------------------------------- */

/* Refusals that another card would not meet. */
static gboolean
is_about_card (const char *code)
{
    static const char *const codes[] = { "OC020", "OC021", "OC022", "OC024", "OC025", "OC033", "OC034", "OC036", NULL };

    return g_strv_contains (codes, code);
}

static int
status_of (const GError *error)
{
    switch (oc_trouble_of (error)) {
    case OC_TROUBLE_REFUSED:
        return is_about_card (oc_error_get_code (error)) ? CTL_NO_CARD : CTL_REFUSED;
    case OC_TROUBLE_UNPROVEN:
        return CTL_UNPROVEN;
    case OC_TROUBLE_DATABASE:
        return error->code == OC_DB_ERROR_WRONG_PASSWORD || error->code == OC_DB_ERROR_LOCKED ? CTL_REFUSED : CTL_NO_DATABASE;
    case OC_TROUBLE_CARD:
        return CTL_NO_CARD;
    case OC_TROUBLE_CANCELLED:
    case OC_TROUBLE_OTHER:
        break;
    }

    return CTL_REFUSED;
}

/* The code of an error for scripts: the table's own, else a word for each that a person can do something about. */
static const char *
code_of (const GError *error)
{
    static const char *const card_codes[] = { "NO_SERVICE", "NO_READER", "NO_CARD", "UNRESPONSIVE", "BUSY", "REMOVED", "CHANGED",
        "UNREADABLE", "AUTH", "STATUS", "PROTOCOL" };
    static const char *const db_codes[] = { "UNREACHABLE", "WRONG_PASSWORD", "LOCKED", "NEWER", "OLDER", "LOST", "DB_BUSY",
        "CLUSTER", "INTERNAL" };

    if (error->domain == OC_ERROR)
        return oc_error_get_code (error);
    if (error->domain == OC_CARD_ERROR && error->code >= 0 && error->code < (int) G_N_ELEMENTS (card_codes))
        return card_codes[error->code];
    if (error->domain == OC_DB_ERROR && error->code >= 0 && error->code < (int) G_N_ELEMENTS (db_codes))
        return db_codes[error->code];

    return "OTHER";
}

static void
print_error (Ctl *ctl, const char *code, const char *field, const char *slot, const char *message)
{
    JsonBuilder *builder;

    if (!ctl->json) {
        g_printerr ("onecardctl: %s\n", message);
        return;
    }
    builder = json_builder_new ();
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "error");
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "code");
    json_builder_add_string_value (builder, code);
    json_builder_set_member_name (builder, "field");
    if (field)
        json_builder_add_string_value (builder, field);
    else
        json_builder_add_null_value (builder);
    if (slot)
        ctl_add_member (builder, "slot", slot);
    json_builder_set_member_name (builder, "message");
    json_builder_add_string_value (builder, message);
    json_builder_end_object (builder);
    json_builder_end_object (builder);
    ctl_print_json (builder);
}

int
ctl_fail (Ctl *ctl, const GError *error)
{
    gboolean ours = error->domain == OC_ERROR;

    print_error (ctl, code_of (error), ours ? oc_error_get_field (error) : NULL, ours ? oc_error_get_param (error, "slot") : NULL,
        error->message);

    return status_of (error);
}

int
ctl_wrong_use (Ctl *ctl, const char *format, ...)
{
    va_list args;
    g_autofree char *message = NULL;

    va_start (args, format);
    message = g_strdup_vprintf (format, args);
    va_end (args);
    print_error (ctl, "USAGE", NULL, NULL, message);

    return CTL_USAGE;
}

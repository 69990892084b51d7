/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper/sample.h"

#include <glib/gi18n-lib.h>

static const struct {
    const char *name, *value; /* value: translated where it is in N_() */
} values[] = {
    { "title", N_("Test print") }, { "unit_name", "OneCard" }, { "unit_address", N_("Sample address") }, { "unit_phone", "010-12345678" },
    { "trades", "1001, 1002" }, { "customer", "12345678" }, { "name", N_("Sample customer") }, { "address", N_("Sample address") },
    { "phone", "13800000000" }, { "sub_meter", "11" }, { "meter_type", "electricity" }, { "meter", "000000000007" }, { "model", "DDS-1" },
    { "user_type", N_("Sample") }, { "price", N_("Sample") }, { "purchase_count", "12" }, { "quantity", "204.71" }, { "quantity_unit", "kWh" },
    { "card_amount", "100.00" }, { "card_text", "100.00" }, { "carried_text", "80.00" }, { "old_meter", "000000000006" }, { "issue", "2" },
    { "old_issue", "1" }, { "taken_back", "50.00" }, { "sold", "80.00" }, { "due", "110.00" }, { "received", "110.00" }, { "tendered", "120.00" },
    { "taken", "120.00" }, { "change", "10.00" }, { "total", "110.00" }, { "balance", "0.00" }, { "pay", "cash" }, { "pay_word", N_("Sample") },
    { "operator", "1001" }, { "operator_name", N_("Sample") }, { "branch", "1001" }, { "branch_name", N_("Sample") },
};

static void
add_row (OcFields *fields, const char *table, const char *name, const char *quantity, const char *amount)
{
    g_autoptr(OcFields) row = oc_fields_new (NULL);

    oc_fields_set (row, "name", name);
    oc_fields_set (row, "sub_meter", "11");
    oc_fields_set (row, "meter", "000000000007");
    oc_fields_set (row, "purchase_count", "12");
    oc_fields_set (row, "quantity", quantity);
    oc_fields_set (row, "amount", amount);
    oc_fields_set (row, "card_text", amount);
    oc_fields_add_row (fields, table, row);
}

OcFields *
oc_receipt_sample (void)
{
    OcFields *fields = oc_fields_new (NULL);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
    g_autofree char *time = g_date_time_format (now, "%Y-%m-%d %H:%M:%S+00");

    for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        oc_fields_set (fields, values[i].name, _(values[i].value));
    oc_fields_set (fields, "time", time);
    add_row (fields, "lines", _("Sample"), "204.71", "100.00");
    add_row (fields, "lines", _("Sample"), "", "10.00");
    add_row (fields, "meters", _("Sample"), "", "100.00");

    return fields;
}

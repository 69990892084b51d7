/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "receipt-fields.h"

typedef struct {
    const char *name, *value;
} Pair;

const char *const receipt_kinds[] = { "open", "purchase", "balance", "replace-card", "re-purchase", "clear-card", "close", "add-meter",
    "replace-meter", NULL };
const guint n_receipt_kinds = G_N_ELEMENTS (receipt_kinds) - 1;

static void
set_pairs (OcFields *fields, const Pair *pairs, gsize n)
{
    for (gsize i = 0; i < n; i++)
        oc_fields_set (fields, pairs[i].name, pairs[i].value);
}

static void
add_row (OcFields *fields, const char *table, const Pair *pairs, gsize n)
{
    g_autoptr(OcFields) row = oc_fields_new (NULL);

    set_pairs (row, pairs, n);
    oc_fields_add_row (fields, table, row);
}

OcFields *
receipt_fields_story (void)
{
    static const Pair pairs[] = {
        { "unit_name", "一卡通示范公司" }, { "unit_address", "示范路1号" }, { "unit_phone", "0000-12345678" },
        { "title", "开户收据" }, { "trades", "1, 2" }, { "time", "2026-03-13 04:45:00.123+00" }, { "customer", "1" },
        { "name", "吴敏" }, { "address", "没有地方" }, { "phone", "" }, { "sub_meter", "11" },
        { "meter_type", "electricity" }, { "meter", "000000000007" }, { "model", "RT-dt" },
        { "user_type", "居民用电" }, { "price", "居民电价" }, { "purchase_count", "1" }, { "quantity", "409.4166" },
        { "quantity_unit", "kWh" }, { "card_amount", "100.0000" }, { "due", "210.0000" }, { "received", "210.0000" },
        { "tendered", "300.0000" }, { "change", "90.0000" }, { "balance", "0.0000" }, { "pay", "cash" },
        { "pay_word", "现金" }, { "operator", "1001" }, { "operator_name", "无名" }, { "branch", "1001" },
        { "branch_name", "默认网点" }, { "copy", "" }, { "total", "210.0000" }, { "taken", "300.0000" }, { "paid_out", "" }, { "card_text", "100.00 元" },
        { "issue", "2" }, { "old_issue", "1" }, { "carried_job", "" }, { "taken_back", "50.0000" }, { "sold", "80.0000" }, { "held", "" },
        { "old_meter", "000000000006" }, { "carried_text", "180.00 元" },
    };
    static const Pair fee[] = { { "name", "开户费" }, { "sub_meter", "0" }, { "amount", "10.0000" } };
    static const Pair purchase[] = { { "name", "电费" }, { "sub_meter", "11" }, { "tier", "1" },
        { "quantity", "204.7083" }, { "unit_price", "0.4885" }, { "amount", "100.0000" } };
    static const Pair meter[] = { { "sub_meter", "11" }, { "meter", "000000000007" }, { "purchase_count", "1" }, { "card_text", "100.00 元" } };
    OcFields *fields = oc_fields_new (NULL);

    set_pairs (fields, pairs, G_N_ELEMENTS (pairs));
    add_row (fields, "lines", fee, G_N_ELEMENTS (fee));
    add_row (fields, "lines", purchase, G_N_ELEMENTS (purchase));
    add_row (fields, "meters", meter, G_N_ELEMENTS (meter));

    return fields;
}

/* @n characters of Chinese and Latin letters in turn, so that lines break in both ways. */
static void
set_long (OcFields *fields, const char *name, guint n)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < n; i++)
        g_string_append (text, i / 12 % 2 ? (i % 12 == 11 ? " " : "W") : "国");
    oc_fields_set (fields, name, text->str);
    g_string_free (text, TRUE);
}

OcFields *
receipt_fields_long (guint n_lines)
{
    static const Pair pairs[] = {
        { "trades", "12345678901, 12345678902, 12345678903, 12345678904" }, { "time", "2026-12-31 15:59:59+00" },
        { "customer", "999999999999" }, { "sub_meter", "48" }, { "meter", "999999999999" },
        { "purchase_count", "2147483647" }, { "quantity", "9999999999.9999" }, { "quantity_unit", "m³" },
        { "card_amount", "9999999999.9999" }, { "due", "99999999.99" }, { "received", "99999999.99" },
        { "tendered", "9999999999.99" }, { "change", "9899999999.99" }, { "balance", "9999999999.9999" },
        { "operator", "999999" }, { "branch", "9999" }, { "copy", "99" }, { "total", "99999999.99" }, { "taken", "9999999999.99" }, { "paid_out", "99999999.99" },
        { "card_text", "9999999999.9999 m³" }, { "issue", "65535" }, { "old_issue", "65534" }, { "carried_job", "999999999999" },
        { "taken_back", "99999999.99" }, { "sold", "99999999.99" }, { "held", "99999999.99" }, { "old_meter", "999999999999" },
        { "carried_text", "9999999999.9999 m³" },
    };
    static const struct {
        const char *name;
        guint length;
    } texts[] = { { "unit_name", 100 }, { "unit_address", 200 }, { "unit_phone", 50 }, { "title", 40 },
        { "name", 100 }, { "address", 200 }, { "phone", 50 }, { "model", 100 }, { "user_type", 100 },
        { "price", 100 }, { "pay_word", 20 }, { "operator_name", 50 }, { "branch_name", 100 } };
    static const Pair line[] = { { "sub_meter", "48" }, { "tier", "7" }, { "quantity", "9999999999.9999" },
        { "unit_price", "99999999.9999" }, { "amount", "9999999999.9999" } };
    static const Pair meter[] = { { "sub_meter", "48" }, { "meter", "999999999999" }, { "purchase_count", "65535" },
        { "card_text", "9999999999.9999 m³" } };
    OcFields *fields = oc_fields_new (NULL);

    set_pairs (fields, pairs, G_N_ELEMENTS (pairs));
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        set_long (fields, texts[i].name, texts[i].length);
    for (guint i = 0; i < n_lines; i++) {
        add_row (fields, "lines", line, G_N_ELEMENTS (line));
        set_long (g_ptr_array_index (oc_fields_get_rows (fields, "lines"), i), "name", 50);
        add_row (fields, "meters", meter, G_N_ELEMENTS (meter));
    }

    return fields;
}

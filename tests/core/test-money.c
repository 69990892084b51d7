/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/money.h"
#include "core/quantity.h"

#define LARGEST G_GINT64_CONSTANT (999999990000)

static void
test_money_typed (void)
{
    static const struct {
        const char *text;
        gint64 units; /* 0: refused with code */
        const char *code;
    } cases[] = {
        { "100", 1000000, NULL },
        { " 100 ", 1000000, NULL },
        { "\u3000100\u3000", 1000000, NULL },
        { "１００", 1000000, NULL },
        { "１２．３０", 123000, NULL },
        { "12。3", 123000, NULL },
        { "0.01", 100, NULL },
        { ".5", 5000, NULL },
        { "5.", 50000, NULL },
        { "+7", 70000, NULL },
        { "0007", 70000, NULL },
        { "1,234.50", 12345000, NULL },
        { "12，345", 123450000, NULL },
        { "1,234,567", 12345670000, NULL },
        { "1.100", 11000, NULL },
        { "99999999", LARGEST, NULL },
        { "", 0, "OC010" },
        { "   ", 0, "OC010" },
        { "0", 0, "OC010" },
        { "0.00", 0, "OC010" },
        { "０", 0, "OC010" },
        { "-1", 0, "OC010" },
        { "－１", 0, "OC010" },
        { "-0.001", 0, "OC014" },
        { "1e9", 0, "OC010" },
        { "0x10", 0, "OC010" },
        { "NaN", 0, "OC010" },
        { "inf", 0, "OC010" },
        { "1 0", 0, "OC010" },
        { "1,5", 0, "OC010" },
        { "1,2345", 0, "OC010" },
        { ",123", 0, "OC010" },
        { "1234,567", 0, "OC010" },
        { "1,", 0, "OC010" },
        { "1.2.3", 0, "OC010" },
        { "1.2,345", 0, "OC010" },
        { ".", 0, "OC010" },
        { "-", 0, "OC010" },
        { "--1", 0, "OC010" },
        { "¥5", 0, "OC010" },
        { "一百", 0, "OC010" },
        { "٣", 0, "OC010" }, /* digits of other scripts are not what an input method here makes */
        { "\xff", 0, "OC010" },
        { "0.001", 0, "OC014" },
        { "１．００１", 0, "OC014" },
        { "100000000", 0, "OC016" },
        { "99999999.01", 0, "OC016" },
        { "922337203685477.5807", 0, "OC014" },
        { "922337203685478", 0, "OC016" },
        { "18446744073709551616", 0, "OC016" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr(GError) error = NULL;
        OcMoney money = { -42 };
        gboolean read = oc_money_parse (cases[i].text, "tendered", &money, &error);

        g_test_message ("case %" G_GSIZE_FORMAT, i);
        g_assert_cmpstr (oc_error_get_code (error), ==, cases[i].code);
        g_assert_cmpint (read, ==, cases[i].code == NULL);
        g_assert_cmpint (money.units, ==, read ? cases[i].units : -42);
        if (error)
            g_assert_cmpstr (oc_error_get_field (error), ==, "tendered");
    }
}

static void
test_money_typed_long (void)
{
    g_autofree char *digits = g_strnfill (10000, '9');
    g_autofree char *words = g_strnfill (10000, 'x');
    g_autoptr(GError) error = NULL;
    OcMoney money;

    g_assert_false (oc_money_parse (digits, NULL, &money, &error));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC016");
    g_assert_cmpstr (oc_error_get_field (error), ==, "amount");
    g_clear_error (&error);
    g_assert_false (oc_money_parse (words, NULL, &money, &error));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC010");
    g_clear_error (&error);
    g_assert_false (oc_money_parse (NULL, NULL, &money, &error));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC010");
}

static void
test_money_decimal (void)
{
    static const struct {
        const char *text;
        gint64 units;
        const char *again;
    } good[] = {
        { "0", 0, "0.00" },
        { "12.3", 123000, "12.30" },
        { "-12.3400", -123400, "-12.34" },
        { "0.4885", 4885, "0.4885" },
        { "-0.0001", -1, "-0.0001" },
        { "4.88500000000000000000", 48850, "4.885" },
        { "922337203685477.5807", G_MAXINT64, "922337203685477.5807" },
        { "-922337203685477.5808", G_MININT64, "-922337203685477.5808" },
    };
    static const char *const bad[] = { "", " 1", "1 ", "+1", "1,000", ".5", "5.", "-.5", "-", "1e3", "NaN", "Infinity",
        "１", "0.00001", "922337203685477.5808", "-922337203685477.5809", "1\n" };

    for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
        g_autofree char *again = NULL;
        OcMoney money;

        g_assert_true (oc_money_from_decimal (good[i].text, &money));
        g_assert_cmpint (money.units, ==, good[i].units);
        again = oc_money_to_decimal (money);
        g_assert_cmpstr (again, ==, good[i].again);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
        OcMoney money;

        g_test_message ("\"%s\"", bad[i]);
        g_assert_false (oc_money_from_decimal (bad[i], &money));
    }
    g_assert_false (oc_money_from_decimal (NULL, &(OcMoney){ 0 }));
}

static void
test_money_format (void)
{
    static const struct {
        gint64 units;
        const char *text;
    } cases[] = {
        { 0, "0.00" },
        { 12345000, "1,234.50" },
        { -12345678900, "-1,234,567.89" },
        { 4885, "0.4885" },
        { 1000000, "100.00" },
        { 10000000, "1,000.00" },
        { G_MININT64, "-922,337,203,685,477.5808" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = oc_money_format ((OcMoney){ cases[i].units });

        g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_money_arithmetic (void)
{
    OcMoney out = { 7 };

    g_assert_true (oc_money_add ((OcMoney){ 3 }, (OcMoney){ -5 }, &out));
    g_assert_cmpint (out.units, ==, -2);
    g_assert_true (oc_money_sub ((OcMoney){ 3 }, (OcMoney){ -5 }, &out));
    g_assert_cmpint (out.units, ==, 8);
    g_assert_false (oc_money_add ((OcMoney){ G_MAXINT64 }, (OcMoney){ 1 }, &out));
    g_assert_false (oc_money_sub ((OcMoney){ G_MININT64 }, (OcMoney){ 1 }, &out));
    g_assert_false (oc_money_sub ((OcMoney){ 0 }, (OcMoney){ G_MININT64 }, &out));
    g_assert_cmpint (out.units, ==, 8);
    g_assert_cmpint (oc_money_cmp ((OcMoney){ G_MININT64 }, (OcMoney){ G_MAXINT64 }), ==, -1);
    g_assert_cmpint (oc_money_cmp ((OcMoney){ 4 }, (OcMoney){ 4 }), ==, 0);
    g_assert_cmpint (oc_money_from_fen (1).units, ==, 100);
}

static void
test_quantity_sum (void)
{
    OcQuantity out = { 7 };

    g_assert_false (oc_quantity_add ((OcQuantity){ G_MAXINT64 }, (OcQuantity){ 1 }, &out));
    g_assert_cmpint (out.units, ==, 7);
    g_assert_true (oc_quantity_add ((OcQuantity){ 3 }, (OcQuantity){ 5 }, &out));
    g_assert_cmpint (out.units, ==, 8);
}

static void
test_quantity (void)
{
    static const struct {
        const char *text, *code, *decimal;
    } cases[] = {
        { "25.6", NULL, "25.6" },
        { "３．０", NULL, "3" },
        { "0.0001", NULL, "0.0001" },
        { "1,000", NULL, "1000" },
        { "0.00001", "OC019", NULL },
        { "0", "OC019", NULL },
        { "-3", "OC019", NULL },
        { "x", "OC019", NULL },
        { "100000000", "OC016", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr(GError) error = NULL;
        OcQuantity quantity;
        gboolean read = oc_quantity_parse (cases[i].text, NULL, &quantity, &error);
        g_autofree char *decimal = read ? oc_quantity_to_decimal (quantity) : NULL;

        g_test_message ("\"%s\"", cases[i].text);
        g_assert_cmpstr (oc_error_get_code (error), ==, cases[i].code);
        g_assert_cmpstr (decimal, ==, cases[i].decimal);
        if (error)
            g_assert_cmpstr (oc_error_get_field (error), ==, "quantity");
    }
}

static void
test_quantity_format (void)
{
    g_autofree char *text = oc_quantity_format ((OcQuantity){ 12345060 });
    g_autofree char *whole = oc_quantity_to_decimal ((OcQuantity){ -30000 });

    g_assert_cmpstr (text, ==, "1,234.506");
    g_assert_cmpstr (whole, ==, "-3");
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/core/money/typed", test_money_typed);
    g_test_add_func ("/core/money/typed-long", test_money_typed_long);
    g_test_add_func ("/core/money/decimal", test_money_decimal);
    g_test_add_func ("/core/money/format", test_money_format);
    g_test_add_func ("/core/money/arithmetic", test_money_arithmetic);
    g_test_add_func ("/core/quantity/sum", test_quantity_sum);
    g_test_add_func ("/core/quantity/typed", test_quantity);
    g_test_add_func ("/core/quantity/format", test_quantity_format);

    return g_test_run ();
}

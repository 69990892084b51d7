/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper/pattern.h"

#include "receipt-fields.h"

static void
test_fill (void)
{
    static const struct {
        const char *pattern, *text;
    } cases[] = {
        { "", NULL },
        { "收据", "收据" },
        { "{name}", "吴敏" },
        { "{phone}", NULL },
        { "{nothing}", NULL },
        { "电话 {phone}", NULL },
        { "{name}{phone}", "吴敏" },
        { "{customer} {name}", "1 吴敏" },
        { "¥{due:money}", "¥210.00" },
        { "{quantity:quantity} {quantity_unit}", "409.4166 kWh" },
        { "{card_amount:quantity}", "100" },
        { "{time:time}", "2026-03-13 12:45" },
        { "{time:date}", "2026-03-13" },
        { "{pay:word}", "Cash" },
        { "{sub_meter:sub-meter}", "11 Electricity" },
        { "{name:money}", "吴敏" }, /* no amount: as it is */
        { "{name:text}!", "吴敏!" },
    };
    g_autoptr(OcFields) fields = receipt_fields_story ();

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = oc_pattern_fill (cases[i].pattern, fields);

        g_assert_cmpstr (text, ==, cases[i].text);
        g_assert_null (oc_pattern_complain (cases[i].pattern));
    }
}

/* A value is no pattern. */
static void
test_fill_once (void)
{
    g_autoptr(OcFields) fields = oc_fields_new (NULL);
    g_autofree char *text = NULL;

    oc_fields_set (fields, "name", "{address} %s <b>");
    oc_fields_set (fields, "address", "x");
    text = oc_pattern_fill ("{name}", fields);
    g_assert_cmpstr (text, ==, "{address} %s <b>");
}

static void
test_complain (void)
{
    static const char *const broken[] = { "{", "}", "{}", "{name", "name}", "{name}}", "{{name}}", "{na me}", "{Name}",
        "{1}", "{name:}", "{name:euro}", "{:money}", "{name:money:money}", "{名}" };

    for (gsize i = 0; i < G_N_ELEMENTS (broken); i++) {
        g_autofree char *complaint = oc_pattern_complain (broken[i]);
        g_autoptr(OcFields) fields = receipt_fields_story ();
        g_autofree char *text = oc_pattern_fill (broken[i], fields); /* comes to an end */

        g_test_message ("%s", broken[i]);
        g_assert_nonnull (complaint);
        g_assert_nonnull (text);
    }
}

static void
test_condition (void)
{
    g_autoptr(OcFields) fields = receipt_fields_story ();

    g_assert_true (oc_pattern_condition (NULL, fields));
    g_assert_true (oc_pattern_condition ("name", fields));
    g_assert_false (oc_pattern_condition ("!name", fields));
    g_assert_false (oc_pattern_condition ("copy", fields));
    g_assert_true (oc_pattern_condition ("!copy", fields));
    g_assert_false (oc_pattern_condition ("nothing", fields));
    g_assert_true (oc_pattern_condition ("!nothing", fields));
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/paper/pattern/fill", test_fill);
    g_test_add_func ("/paper/pattern/fill-once", test_fill_once);
    g_test_add_func ("/paper/pattern/complain", test_complain);
    g_test_add_func ("/paper/pattern/condition", test_condition);

    return g_test_run ();
}

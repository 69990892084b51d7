/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"

#include <string.h>

static void
test_places (void)
{
    g_autoptr(GError) error = NULL;

    g_assert_false (oc_error_set (&error, "OC012", "limit", "1000", "held", "{limit}", NULL));
    g_assert_true (g_error_matches (error, OC_ERROR, OC_ERROR_FIELD));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC012");
    g_assert_cmpstr (oc_error_get_field (error), ==, "amount");
    /* a value is not looked through for places again */
    g_assert_cmpstr (error->message, ==, "With {limit} still held, this goes over the hoarding limit of 1000. Type less.");
}

static void
test_missing_place (void)
{
    g_autoptr(GError) error = oc_error_new_code ("OC011", NULL);

    g_assert_cmpstr (error->message, ==, "This is more than may be bought at once. Type ? at the most.");
}

static void
test_field (void)
{
    g_autoptr(GError) other = NULL;
    g_autoptr(GError) refused = NULL;

    oc_error_set (&other, "OC047", "what", "meter model", "name", "open", "field", "model", NULL);
    g_assert_cmpstr (oc_error_get_field (other), ==, "model");
    /* the name is somebody's, not a word of the api */
    g_assert_nonnull (strstr (other->message, "meter model “open”"));

    oc_error_set (&refused, "OC020", "field", "amount", NULL);
    g_assert_null (oc_error_get_field (refused));
}

static void
test_words (void)
{
    g_autoptr(GError) error = NULL;

    oc_error_set (&error, "OC036", "family", "24c", "expected", "cpu", NULL);
    g_assert_true (g_error_matches (error, OC_ERROR, OC_ERROR_REFUSED));
    g_assert_cmpstr (error->message, ==, "A card of type CPU card is needed, this one is 24C series. Use another card.");
}

static void
test_unknown (void)
{
    g_autoptr(GError) error = oc_error_new_code ("OC777", NULL);
    g_autoptr(GError) foreign = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "gone");

    g_assert_true (g_error_matches (error, OC_ERROR, OC_ERROR_INTERNAL));
    g_assert_nonnull (strstr (error->message, "OC777"));
    g_assert_cmpstr (oc_error_get_code (error), ==, "OC777");
    g_assert_null (oc_error_get_code (foreign));
    g_assert_null (oc_error_get_field (foreign));
    g_assert_null (oc_error_get_code (NULL));
    g_assert_false (oc_error_set (NULL, "OC777", NULL));
}

static void
test_copy (void)
{
    g_autoptr(GError) error = oc_error_new_code ("OC044", NULL);
    g_autoptr(GError) copy = g_error_copy (error);

    g_clear_error (&error);
    g_assert_cmpstr (oc_error_get_code (copy), ==, "OC044");
    g_assert_cmpstr (oc_error_get_field (copy), ==, "meter");
}

/* Ascending codes, whole sentences, every place filled by a parameter. */
static void
test_table (void)
{
    const char *const *codes = oc_error_codes ();

    for (gsize i = 0; codes[i]; i++) {
        g_autoptr(GError) error = oc_error_new_code (codes[i], NULL);

        g_assert_true (strlen (codes[i]) == 5 && g_str_has_prefix (codes[i], "OC"));
        if (i > 0)
            g_assert_cmpstr (codes[i - 1], <, codes[i]);
        g_assert_true (g_str_has_suffix (error->message, "."));
        g_assert_null (strpbrk (error->message, "{}\n"));
        g_assert_true (error->code == OC_ERROR_FIELD || oc_error_get_field (error) == NULL);
    }
    g_assert_true (codes == oc_error_codes ());
}

static void
test_kinds (void)
{
    static const struct {
        const char *code;
        OcErrorKind kind;
    } cases[] = {
        { "OC001", OC_ERROR_PERMISSION },
        { "OC010", OC_ERROR_FIELD },
        { "OC023", OC_ERROR_REFUSED },
        { "OC030", OC_ERROR_SERVED },
        { "OC031", OC_ERROR_UNPROVEN },
        { "OC039", OC_ERROR_UNPROVEN },
        { "OC099", OC_ERROR_INTERNAL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr(GError) error = oc_error_new_code (cases[i].code, NULL);

        g_assert_cmpint (error->code, ==, (int) cases[i].kind);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/core/error/places", test_places);
    g_test_add_func ("/core/error/missing-place", test_missing_place);
    g_test_add_func ("/core/error/field", test_field);
    g_test_add_func ("/core/error/words", test_words);
    g_test_add_func ("/core/error/unknown", test_unknown);
    g_test_add_func ("/core/error/copy", test_copy);
    g_test_add_func ("/core/error/table", test_table);
    g_test_add_func ("/core/error/kinds", test_kinds);

    return g_test_run ();
}

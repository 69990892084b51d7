/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the ink goes. A recording surface tells it without dots, in millimetres. */
#include "paper/painter.h"

#include "paper/template-io.h"
#include "receipt-fields.h"

#define SCALE 100 /* extents are told in whole units */
#define SLACK 0.35 /* mm: pens are drawn to both sides of a line, and letters lean over */

typedef struct {
    double x, y, width, height;
} Ink;

static const char *const languages[] = { "zh", "en" };

static Ink
ink_of_template (const OcTemplate *template, const OcFields *fields, const char *language)
{
    cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cr = cairo_create (surface);
    Ink ink;

    cairo_scale (cr, SCALE, SCALE);
    oc_painter_paint (cr, template, fields, language);
    g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
    cairo_recording_surface_ink_extents (surface, &ink.x, &ink.y, &ink.width, &ink.height);
    cairo_destroy (cr);
    cairo_surface_destroy (surface);

    return (Ink){ ink.x / SCALE, ink.y / SCALE, ink.width / SCALE, ink.height / SCALE };
}

/* @element alone on its paper. */
static Ink
ink_of (const OcTemplate *template, const OcElement *element, const OcFields *fields, const char *language)
{
    g_autoptr(OcTemplate) alone = oc_template_new ("alone", template->width, template->height);

    g_free (alone->font);
    alone->font = g_strdup (template->font);
    oc_template_add (alone, oc_element_copy (element));

    return ink_of_template (alone, fields, language);
}

static gboolean
is_empty (Ink ink)
{
    return ink.width <= 0 || ink.height <= 0;
}

static gboolean
has_words (const OcElement *element)
{
    return element->kind <= OC_ELEMENT_CAPITAL || element->kind == OC_ELEMENT_TABLE;
}

static gboolean
do_overlap (Ink a, Ink b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

static void
assert_within (Ink ink, double x, double y, double width, double height)
{
    g_assert_cmpfloat (ink.x, >=, x - SLACK);
    g_assert_cmpfloat (ink.y, >=, y - SLACK);
    g_assert_cmpfloat (ink.x + ink.width, <=, x + width + SLACK);
    g_assert_cmpfloat (ink.y + ink.height, <=, y + height + SLACK);
}

/* No element of a default receipt leaves its box, none covers another one's words, whatever is in the fields. */
static void
check_receipt (const OcTemplate *template, const OcFields *fields, const char *language)
{
    g_autofree Ink *inks = g_new0 (Ink, template->elements->len);

    for (guint i = 0; i < template->elements->len; i++) {
        const OcElement *element = g_ptr_array_index (template->elements, i);

        inks[i] = ink_of (template, element, fields, language);
        g_test_message ("%s %s element %u", template->name, language, i + 1);
        if (!is_empty (inks[i]))
            assert_within (inks[i], element->x, element->y, element->width, element->height);
        for (guint j = 0; has_words (element) && j < i; j++)
            g_assert_false (has_words (g_ptr_array_index (template->elements, j)) && !is_empty (inks[j])
                && !is_empty (inks[i]) && do_overlap (inks[i], inks[j]));
    }
}

static void
test_receipts (void)
{
    g_autoptr(OcFields) several = receipt_fields_story ();

    oc_fields_set (several, "several", "8");
    for (gsize i = 0; i < n_receipt_kinds * G_N_ELEMENTS (languages); i++) {
        g_autoptr(OcTemplate) template = oc_template_load_resource (receipt_kinds[i / 2], NULL);
        g_autoptr(OcFields) story = receipt_fields_story ();
        g_autoptr(OcFields) eight = receipt_fields_long (8);
        g_autoptr(OcFields) forty = receipt_fields_long (40);
        g_autoptr(OcFields) nothing = oc_fields_new (NULL);

        check_receipt (template, story, languages[i % 2]);
        check_receipt (template, several, languages[i % 2]);
        check_receipt (template, eight, languages[i % 2]);
        check_receipt (template, forty, languages[i % 2]);
        check_receipt (template, nothing, languages[i % 2]);
    }
}

static OcElement *
make_words (OcFit fit, OcAlign align, const char *text)
{
    OcElement *element = oc_element_new (OC_ELEMENT_TEXT);

    element->x = 20;
    element->y = 20;
    element->width = 30;
    element->height = 10;
    element->style.fit = fit;
    element->style.align = align;
    element->text.en = g_strdup (text);

    return element;
}

static void
test_fits (void)
{
    static const char long_text[] = "A customer's name that no box of this width takes on one line 没有地方没有地方没有地方";
    g_autoptr(OcTemplate) paper = oc_template_new ("fits", 100, 50);
    g_autoptr(OcFields) fields = oc_fields_new (NULL);

    for (int align = OC_ALIGN_LEFT; align <= OC_ALIGN_RIGHT; align++) {
        g_autoptr(OcElement) shrunk = make_words (OC_FIT_SHRINK, (OcAlign) align, "没有地方没有地方没有地方");
        g_autoptr(OcElement) ellipsized = make_words (OC_FIT_ELLIPSIZE, (OcAlign) align, long_text);
        g_autoptr(OcElement) wrapped = make_words (OC_FIT_WRAP, (OcAlign) align, long_text);
        Ink small = ink_of (paper, shrunk, fields, "en"), one = ink_of (paper, ellipsized, fields, "en");
        Ink two = ink_of (paper, wrapped, fields, "en");

        assert_within (small, 20, 20, 30, 10);
        assert_within (one, 20, 20, 30, 10);
        assert_within (two, 20, 20, 30, 10);
        g_assert_cmpfloat (small.width, >, 28); /* made just as small as needed */
        g_assert_cmpfloat (small.height, <, one.height);
        g_assert_cmpfloat (two.height, >, 1.5 * one.height);
    }
}

static void
test_align (void)
{
    g_autoptr(OcTemplate) paper = oc_template_new ("align", 100, 50);
    g_autoptr(OcFields) fields = oc_fields_new (NULL);
    g_autoptr(OcElement) left = make_words (OC_FIT_SHRINK, OC_ALIGN_LEFT, "HH");
    g_autoptr(OcElement) center = make_words (OC_FIT_SHRINK, OC_ALIGN_CENTER, "HH");
    g_autoptr(OcElement) right = make_words (OC_FIT_SHRINK, OC_ALIGN_RIGHT, "HH");
    Ink a = ink_of (paper, left, fields, "en"), b = ink_of (paper, center, fields, "en");
    Ink c = ink_of (paper, right, fields, "en");

    g_assert_cmpfloat_with_epsilon (a.x, 20, 0.6);
    g_assert_cmpfloat_with_epsilon (b.x + b.width / 2, 35, 0.3);
    g_assert_cmpfloat_with_epsilon (c.x + c.width, 50, 0.6);
    /* in the middle of the height too */
    g_assert_cmpfloat_with_epsilon (a.y + a.height / 2, 25, 0.6);
}

static void
test_clipped_to_paper (void)
{
    g_autoptr(OcTemplate) paper = oc_template_new ("clip", 60, 40);
    g_autoptr(OcFields) fields = oc_fields_new (NULL);

    for (int kind = 0; kind < OC_N_ELEMENTS; kind++) {
        OcElement *element = oc_element_new ((OcElementKind) kind);

        element->x = element->y = -10;
        element->width = element->height = 200;
        element->style.size = 40;
        element->filled = TRUE;
        element->text.en = g_strdup ("Far too large");
        oc_template_add (paper, element);
    }
    assert_within (ink_of_template (paper, fields, "en"), 0, 0, 60, 40);
}

static void
test_conditions (void)
{
    g_autoptr(OcTemplate) paper = oc_template_new ("when", 100, 50);
    g_autoptr(OcFields) original = oc_fields_new (NULL);
    g_autoptr(OcFields) copy = oc_fields_new (NULL);
    g_autoptr(OcElement) mark = oc_element_new (OC_ELEMENT_RECTANGLE);

    oc_fields_set (original, "copy", "");
    oc_fields_set (copy, "copy", "1");
    mark->when = g_strdup ("copy");
    g_assert_true (is_empty (ink_of (paper, mark, original, "en")));
    g_assert_false (is_empty (ink_of (paper, mark, copy, "en")));
}

/* The logo stands left of the unit's name, which makes room for it; without one nothing tells that there could be. */
static void
test_logo (void)
{
    for (gsize i = 0; i < n_receipt_kinds * G_N_ELEMENTS (languages); i++) {
        g_autoptr(OcTemplate) template = oc_template_load_resource (receipt_kinds[i / 2], NULL);
        g_autoptr(OcFields) plain = receipt_fields_story ();
        g_autoptr(OcFields) with = receipt_fields_long (8);
        guint n_images = 0;

        oc_fields_set (with, "unit_logo", "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVQI12P8z8DA"
            "wMAAAAYIAQHDmmDFAAAAAElFTkSuQmCC"); /* two red dots */
        check_receipt (template, with, languages[i % 2]);
        for (guint e = 0; e < template->elements->len; e++) {
            const OcElement *element = g_ptr_array_index (template->elements, e);
            Ink image;

            if (element->kind != OC_ELEMENT_IMAGE)
                continue;
            n_images++;
            image = ink_of (template, element, with, languages[i % 2]);
            g_assert_true (is_empty (ink_of (template, element, plain, languages[i % 2])));
            g_assert_cmpfloat_with_epsilon (image.width, 14.4, 0.1);
            g_assert_cmpfloat_with_epsilon (image.height, 7.2, 0.1); /* of its own shape, in the middle of its box */
            g_assert_cmpfloat_with_epsilon (image.y + image.height / 2, element->y + element->height / 2, 0.1);
            for (guint other = 0; other < template->elements->len; other++)
                if (other != e)
                    g_assert_false (do_overlap (image, ink_of (template, g_ptr_array_index (template->elements, other), with,
                        languages[i % 2])));
        }
        g_assert_cmpuint (n_images, ==, 1);
    }
}

/* Amounts that are none, pictures that are none, tables without columns: left out, no harm done. */
static void
test_nonsense (void)
{
    g_autoptr(OcTemplate) paper = oc_template_new ("nonsense", 100, 50);
    g_autoptr(OcFields) fields = receipt_fields_story ();

    oc_fields_set (fields, "due", "much");
    oc_fields_set (fields, "logo", "iVBORw0KGgo=");
    for (int kind = 0; kind < OC_N_ELEMENTS; kind++) {
        static const char *const wrong[OC_N_ELEMENTS] = { [OC_ELEMENT_CAPITAL] = "due", [OC_ELEMENT_IMAGE] = "logo",
            [OC_ELEMENT_TABLE] = "lines" };
        OcElement *element = oc_element_new ((OcElementKind) kind);

        element->width = element->height = 0;
        element->thickness = 0;
        element->field = g_strdup (wrong[kind]);
        oc_template_add (paper, element);
    }
    g_assert_true (is_empty (ink_of_template (paper, fields, "en")));
}

/* The caller's context is what it was. */
static void
test_context_kept (void)
{
    g_autoptr(OcTemplate) template = oc_template_load_resource ("open", NULL);
    g_autoptr(OcFields) fields = receipt_fields_story ();
    cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 482, 186);
    cairo_t *cr = cairo_create (surface);
    cairo_matrix_t before, after;

    cairo_scale (cr, 2, 2);
    cairo_get_matrix (cr, &before);
    oc_painter_paint (cr, template, fields, NULL);
    cairo_get_matrix (cr, &after);
    g_assert_cmpmem (&before, sizeof before, &after, sizeof after);
    g_assert_false (cairo_has_current_point (cr));
    g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
    cairo_destroy (cr);
    cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/paper/painter/receipts", test_receipts);
    g_test_add_func ("/paper/painter/fits", test_fits);
    g_test_add_func ("/paper/painter/align", test_align);
    g_test_add_func ("/paper/painter/clipped", test_clipped_to_paper);
    g_test_add_func ("/paper/painter/conditions", test_conditions);
    g_test_add_func ("/paper/painter/logo", test_logo);
    g_test_add_func ("/paper/painter/nonsense", test_nonsense);
    g_test_add_func ("/paper/painter/context-kept", test_context_kept);

    return g_test_run ();
}

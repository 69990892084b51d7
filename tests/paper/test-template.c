/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper/template-io.h"

#include <cairo.h>
#include <gio/gio.h>
#include <string.h>

#include "receipt-fields.h"

static GBytes *
bytes_of (const char *text)
{
    return g_bytes_new (text, strlen (text));
}

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append (closure, data, length);

    return CAIRO_STATUS_SUCCESS;
}

static GBytes *
make_png (int width, int height)
{
    cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
    GByteArray *out = g_byte_array_new ();

    g_assert_cmpint (cairo_surface_write_to_png_stream (surface, append_cb, out), ==, CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy (surface);

    return g_byte_array_free_to_bytes (out);
}

/* One element of each kind with nothing left as it was made. */
static OcTemplate *
make_template (void)
{
    OcTemplate *template = oc_template_new ("everything", 80, 210.5);
    OcTableColumn column = { { g_strdup ("金额"), NULL }, { g_strdup ("{amount:money}"), g_strdup ("{amount}") }, 12.125,
        OC_ALIGN_RIGHT };

    template->title = (OcPhrase){ g_strdup ("“一切” \\ \"引号\"\n"), g_strdup ("Everything\t\x01") };
    g_free (template->font);
    template->font = g_strdup ("Serif");
    for (int kind = 0; kind < OC_N_ELEMENTS; kind++) {
        OcElement *element = oc_element_new ((OcElementKind) kind);

        element->x = -1.5 - kind;
        element->y = 0.001;
        element->width = 1.0 / 3;
        element->height = 2000;
        element->when = g_strdup ("!copy");
        element->style = (OcTextStyle){ 7.25, TRUE, 0x0b6e99, OC_ALIGN_CENTER, OC_FIT_WRAP };
        element->thickness = 0;
        element->color = 0xffffff;
        element->dash = 1.5;
        element->filled = TRUE;
        element->fill = 0x010203;
        element->radius = 2;
        element->symbology = OC_SYMBOLOGY_CODE128;
        element->row_height = 4.4;
        element->text = (OcPhrase){ NULL, g_strdup (kind == OC_ELEMENT_TEXT ? "{ is no place }" : "{due:money}") };
        element->field = g_strdup ("lines");
        element->data = make_png (3, 2);
        oc_template_add (template, element);
        if (kind == OC_ELEMENT_TABLE) {
            g_array_append_val (element->columns, column);
            g_array_set_size (element->columns, 2);
        }
    }

    return template;
}

static void
assert_round_trip (const OcTemplate *template)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) json = oc_template_to_json (template);
    g_autoptr(OcTemplate) again = oc_template_parse (json, &error);
    g_autoptr(GBytes) json_again = NULL;

    g_assert_no_error (error);
    g_assert_true (oc_template_equal (template, again));
    json_again = oc_template_to_json (again);
    g_assert_true (g_bytes_equal (json, json_again));
}

static void
test_round_trip (void)
{
    g_autoptr(OcTemplate) everything = make_template ();
    g_autoptr(OcTemplate) empty = oc_template_new ("empty", 58, 100);

    assert_round_trip (everything);
    assert_round_trip (empty);
}

static void
test_copy (void)
{
    g_autoptr(OcTemplate) template = make_template ();
    g_autoptr(OcTemplate) copy = oc_template_copy (template);

    g_assert_true (oc_template_equal (template, copy));
    for (guint i = 0; i < template->elements->len; i++) {
        OcElement *element = g_ptr_array_index (copy->elements, i);

        element->x += 0.01;
        g_assert_false (oc_template_equal (template, copy));
        element->x -= 0.01;
        g_assert_true (oc_template_equal (template, copy));
    }
    g_array_index (((OcElement *) g_ptr_array_index (copy->elements, OC_ELEMENT_TABLE))->columns, OcTableColumn, 0).align
        = OC_ALIGN_LEFT;
    g_assert_false (oc_template_equal (template, copy));
}

static void
test_defaults (void)
{
    for (gsize i = 0; i < n_receipt_kinds; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(OcTemplate) template = oc_template_load_resource (receipt_kinds[i], &error);

        g_assert_no_error (error);
        g_assert_cmpstr (template->name, ==, receipt_kinds[i]);
        g_assert_cmpfloat_with_epsilon (oc_template_get_width (template), 241, 0.001);
        g_assert_cmpfloat_with_epsilon (oc_template_get_height (template), 93, 0.001);
        g_assert_cmpstr (oc_template_get_title (template), ==, template->title.en);
        g_assert_cmpuint (template->elements->len, >, 30);
        assert_round_trip (template);
    }
}

static void
test_missing (void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null (oc_template_load_resource ("../cards/mem-24c", &error));
    g_assert_error (error, OC_TEMPLATE_ERROR, OC_TEMPLATE_ERROR_MISSING);
}

#define DOCUMENT(elements) \
    "{\"version\": 1, \"name\": \"x\", \"width\": 80, \"height\": 50, \"elements\": [" elements "]}"

static void
test_refused (void)
{
    static const struct {
        const char *json, *said;
    } cases[] = {
        { "", "empty" },
        { "\xff\xfe{}", "UTF-8" },
        { "{", "Parse error" },
        { "{\"version\": 1,", "Parse error" },
        { "[]", "has to be an object" },
        { "null", "has to be an object" },
        { "{}", "“version” is missing" },
        { "{\"version\": 1, \"name\": \"x\", \"width\": 80, \"height\": 50}", "“elements” is missing" },
        { "{\"version\": \"1\", \"name\": \"x\", \"width\": 80, \"height\": 50, \"elements\": []}",
            "“version” has to be a number" },
        { "{\"version\": 1, \"name\": \"../x\", \"width\": 80, \"height\": 50, \"elements\": []}", "“name” can't be" },
        { "{\"version\": 1, \"name\": \"x\", \"width\": 1e300, \"height\": 50, \"elements\": []}",
            "“width” has to be from 10 to 2000" },
        { "{\"version\": 1, \"name\": \"x\", \"width\": 80, \"height\": 0, \"elements\": []}", "“height” has to be" },
        { "{\"version\": 1, \"name\": \"x\", \"width\": 80, \"height\": 50, \"elements\": {}}", "has to be a list" },
        { "{\"version\": 1, \"name\": \"x\", \"width\": 80, \"height\": 50, \"elements\": [], \"script\": \"rm\"}",
            "“script” is not known here" },
        { DOCUMENT ("7"), "element 1: it has to be an object" },
        { DOCUMENT ("{}"), "element 1: “kind” is missing" },
        { DOCUMENT ("{\"kind\": \"circle\"}"), "element 1: “kind” can't be “circle”" },
        { DOCUMENT ("{\"kind\": \"line\"}, {\"kind\": \"line\", \"text\": \"x\"}"),
            "element 2 (line): “text” is not known here" },
        { DOCUMENT ("{\"kind\": \"line\", \"x\": \"1\"}"), "“x” has to be a number" },
        { DOCUMENT ("{\"kind\": \"line\", \"x\": 5000}"), "“x” has to be from -2000 to 2000" },
        { DOCUMENT ("{\"kind\": \"line\", \"color\": \"red\"}"), "“color” has to be a colour" },
        { DOCUMENT ("{\"kind\": \"line\", \"color\": \"#-12345\"}"), "“color” has to be a colour" },
        { DOCUMENT ("{\"kind\": \"text\", \"text\": {\"de\": \"x\"}}"), "not “de”" },
        { DOCUMENT ("{\"kind\": \"text\", \"text\": 3}"), "“text” has to be a text" },
        { DOCUMENT ("{\"kind\": \"text\", \"bold\": 1}"), "“bold” has to be true or false" },
        { DOCUMENT ("{\"kind\": \"text\", \"fit\": \"tight\"}"), "“fit” can't be “tight”" },
        { DOCUMENT ("{\"kind\": \"field\", \"text\": \"{due:euro}\"}"), "is not a place" },
        { DOCUMENT ("{\"kind\": \"field\", \"text\": {\"zh\": \"{due}\", \"en\": \"{\"}}"), "is not a place" },
        { DOCUMENT ("{\"kind\": \"field\", \"when\": \"!\"}"), "“when” can't be “!”" },
        { DOCUMENT ("{\"kind\": \"table\", \"columns\": {}}"), "“columns” has to be a list" },
        { DOCUMENT ("{\"kind\": \"table\", \"columns\": [1]}"), "“columns” has to be a list of objects" },
        { DOCUMENT ("{\"kind\": \"table\", \"columns\": [{\"text\": \"}\"}]}"), "is not a place" },
        { DOCUMENT ("{\"kind\": \"image\", \"data\": \"????\"}"), "PNG" },
        { DOCUMENT ("{\"kind\": \"image\", \"data\": \"iVBORw0KGgo=\"}"), "PNG" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) json = bytes_of (cases[i].json);

        g_test_message ("%s", cases[i].said);
        g_assert_null (oc_template_parse (json, &error));
        g_assert_error (error, OC_TEMPLATE_ERROR, OC_TEMPLATE_ERROR_INVALID);
        g_test_message ("%s", error->message);
        g_assert_nonnull (strstr (error->message, cases[i].said));
    }
}

static void
test_newer (void)
{
    g_autoptr(GBytes) json = bytes_of ("{\"version\": 2, \"name\": 1, \"width\": [], \"height\": 1, \"elements\": 0}");
    g_autoptr(GError) error = NULL;

    g_assert_null (oc_template_parse (json, &error));
    g_assert_error (error, OC_TEMPLATE_ERROR, OC_TEMPLATE_ERROR_NEWER);
}

static void
test_hostile (void)
{
    g_autofree char *brackets = g_strnfill (1000000, '[');
    g_autoptr(GBytes) deep = bytes_of (brackets);
    g_autofree guint8 *zeros = g_malloc0 (9 * 1024 * 1024);
    g_autoptr(GBytes) large = g_bytes_new (zeros, 9 * 1024 * 1024);
    g_autoptr(GBytes) nul = g_bytes_new ("{\"name\": \"a\0b\"}", 15);
    g_autoptr(GString) many = g_string_new ("{\"kind\": \"line\"}");
    g_autofree char *document = NULL;
    g_autoptr(GBytes) crowd = NULL;

    for (int i = 0; i < 1000; i++)
        g_string_append (many, ",{\"kind\": \"line\"}");
    document = g_strdup_printf (DOCUMENT ("%s"), many->str);
    crowd = bytes_of (document);

    for (int i = 0; i < 4; i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null (oc_template_parse ((GBytes *[]){ deep, large, nul, crowd }[i], &error));
        g_assert_error (error, OC_TEMPLATE_ERROR, OC_TEMPLATE_ERROR_INVALID);
    }
}

/* A PNG of some bytes that says that it is 30000 dots wide and high. */
static void
test_picture_too_large (void)
{
    g_autoptr(GBytes) png = make_png (2, 2);
    gsize size;
    guint8 *data = g_bytes_unref_to_data (g_steal_pointer (&png), &size);
    g_autofree char *small = g_base64_encode (data, size);
    g_autofree char *large = NULL;

    data[18] = data[22] = 0x75;
    large = g_base64_encode (data, size);
    for (int i = 0; i < 2; i++) {
        g_autofree char *text = g_strdup_printf (DOCUMENT ("{\"kind\": \"image\", \"data\": \"%s\"}"), i ? large : small);
        g_autoptr(GBytes) json = bytes_of (text);
        g_autoptr(OcTemplate) template = oc_template_parse (json, NULL);

        g_assert_cmpint (template == NULL, ==, i);
    }
    g_free (data);
}

/* Cut anywhere, or with any byte changed: refused with a reason or read as something sound, never worse. */
static void
test_damaged (void)
{
    g_autoptr(GBytes) json = g_resources_lookup_data ("/onecard/paper/purchase.json", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    gsize size;
    const char *text = g_bytes_get_data (json, &size);

    for (gsize i = 0; i + 2 < size; i += 13) { /* the last bracket ends it, the line end is nothing */
        g_autoptr(GBytes) cut = g_bytes_new (text, i);
        g_autoptr(GError) error = NULL;

        g_assert_null (oc_template_parse (cut, &error));
        g_assert_error (error, OC_TEMPLATE_ERROR, OC_TEMPLATE_ERROR_INVALID);
    }
    for (gsize i = 0; i < size; i += 7) {
        g_autofree char *changed = g_memdup2 (text, size);
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(OcTemplate) template = NULL;
        g_autoptr(GError) error = NULL;

        changed[i] ^= (char) (1 << i % 8);
        bytes = g_bytes_new_take (g_steal_pointer (&changed), size);
        template = oc_template_parse (bytes, &error);
        g_assert_true ((template == NULL) == (error != NULL));
        if (template)
            assert_round_trip (template);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/paper/template/round-trip", test_round_trip);
    g_test_add_func ("/paper/template/copy", test_copy);
    g_test_add_func ("/paper/template/defaults", test_defaults);
    g_test_add_func ("/paper/template/missing", test_missing);
    g_test_add_func ("/paper/template/refused", test_refused);
    g_test_add_func ("/paper/template/newer", test_newer);
    g_test_add_func ("/paper/template/hostile", test_hostile);
    g_test_add_func ("/paper/template/picture-too-large", test_picture_too_large);
    g_test_add_func ("/paper/template/damaged", test_damaged);

    return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing templates. By hand rather than by json-glib's generator, so that a template reads well, one element a line,
 * and numbers come out as they were typed. What equals the kind's default is left out. */
#include "paper/template-io.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "paper/property.h"

static void
write_string (GString *out, const char *text)
{
    g_autoptr(JsonNode) node = json_node_alloc ();
    g_autofree char *quoted = NULL;

    json_node_init_string (node, text);
    quoted = json_to_string (node, FALSE);
    g_string_append (out, quoted);
}

static void
write_name (GString *out, const char *name, const char *separator)
{
    if (out->str[out->len - 1] != '{' && out->str[out->len - 1] != '[')
        g_string_append (out, separator);
    write_string (out, name);
    g_string_append (out, ": ");
}

/* In thousandths at the finest, without zeros at the end. */
static void
write_number (GString *out, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    gsize length;

    g_ascii_formatd (text, sizeof text, "%.3f", number);
    length = strlen (text);
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    text[length] = '\0';
    g_string_append (out, g_str_equal (text, "-0") ? "0" : text);
}

static void
write_phrase (GString *out, const OcPhrase *phrase)
{
    if (phrase->zh && g_strcmp0 (phrase->zh, phrase->en) == 0) {
        write_string (out, phrase->zh);
        return;
    }
    g_string_append_c (out, '{');
    if (phrase->zh) {
        write_name (out, "zh", ", ");
        write_string (out, phrase->zh);
    }
    if (phrase->en) {
        write_name (out, "en", ", ");
        write_string (out, phrase->en);
    }
    g_string_append_c (out, '}');
}

static void write_columns (GString *out, const GArray *columns);

static void
write_value (GString *out, const OcProperty *property, gconstpointer base)
{
    switch (property->type) {
    case OC_PROPERTY_NUMBER:
        write_number (out, *OC_PROPERTY_AT (double, base, property));
        break;
    case OC_PROPERTY_FLAG:
        g_string_append (out, *OC_PROPERTY_AT (gboolean, base, property) ? "true" : "false");
        break;
    case OC_PROPERTY_COLOR:
        g_string_append_printf (out, "\"#%06X\"", *OC_PROPERTY_AT (guint32, base, property));
        break;
    case OC_PROPERTY_WORD:
        write_string (out, property->words[*OC_PROPERTY_AT (guint32, base, property)]);
        break;
    case OC_PROPERTY_NAME:
    case OC_PROPERTY_CONDITION:
        write_string (out, *OC_PROPERTY_AT (char *, base, property));
        break;
    case OC_PROPERTY_PHRASE:
    case OC_PROPERTY_PATTERN:
        write_phrase (out, OC_PROPERTY_AT (OcPhrase, base, property));
        break;
    case OC_PROPERTY_PNG: {
        GBytes *bytes = *OC_PROPERTY_AT (GBytes *, base, property);
        g_autofree char *text = g_base64_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

        write_string (out, text);
        break;
    }
    case OC_PROPERTY_COLUMNS:
        write_columns (out, *OC_PROPERTY_AT (GArray *, base, property));
        break;
    }
}

/* What of @base differs from @defaults. */
static void
write_members (GString *out, const OcProperty *properties, guint kinds, gconstpointer base, gconstpointer defaults)
{
    for (const OcProperty *p = properties; p->name; p++) {
        if ((p->kinds & kinds) == 0 || oc_property_equal (p, base, defaults))
            continue;
        write_name (out, p->name, ", ");
        write_value (out, p, base);
    }
}

static void
write_columns (GString *out, const GArray *columns)
{
    const OcTableColumn none = { { NULL } };

    g_string_append_c (out, '[');
    for (guint i = 0; i < columns->len; i++) {
        g_string_append (out, i == 0 ? "\n      {" : ",\n      {");
        write_members (out, oc_column_properties, ~0u, &g_array_index (columns, OcTableColumn, i), &none);
        g_string_append_c (out, '}');
    }
    g_string_append_c (out, ']');
}

GBytes *
oc_template_to_json (const OcTemplate *self)
{
    GString *out = g_string_new ("{");

    g_string_append_printf (out, "\n  \"version\": %d,\n  \"name\": ", OC_TEMPLATE_VERSION);
    write_string (out, self->name);
    if (self->title.zh || self->title.en) {
        g_string_append (out, ",\n  \"title\": ");
        write_phrase (out, &self->title);
    }
    g_string_append (out, ",\n  \"width\": ");
    write_number (out, self->width);
    g_string_append (out, ",\n  \"height\": ");
    write_number (out, self->height);
    g_string_append (out, ",\n  \"font\": ");
    write_string (out, self->font);
    g_string_append (out, ",\n  \"elements\": [");
    for (guint i = 0; i < self->elements->len; i++) {
        const OcElement *element = g_ptr_array_index (self->elements, i);
        g_autoptr(OcElement) defaults = oc_element_new (element->kind);

        g_string_append (out, i == 0 ? "\n    {" : ",\n    {");
        write_name (out, "kind", ", ");
        write_string (out, oc_element_kinds[element->kind]);
        write_members (out, oc_element_properties, 1u << element->kind, element, defaults);
        g_string_append_c (out, '}');
    }
    g_string_append (out, "\n  ]\n}\n");

    return g_string_free_to_bytes (out);
}

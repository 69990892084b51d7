/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading templates. Anybody may hand one in: whatever is not known is refused with its place, nothing is guessed. */
#include "paper/template-io.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "paper/pattern.h"
#include "paper/png.h"
#include "paper/property.h"

#define MAX_BYTES (8 * 1024 * 1024)
#define MAX_DEPTH 12
#define MAX_ELEMENTS 1000
#define MAX_COLUMNS 20

G_DEFINE_QUARK (oc-template-error-quark, oc_template_error)

/* Where the reader is, for its complaints. */
typedef struct {
    const char *place; /* "element 3 (field)" */
    GError **error;
} Reader;

static gboolean G_GNUC_PRINTF (2, 3)
refuse (const Reader *reader, const char *format, ...)
{
    g_autofree char *reason = NULL;
    va_list args;

    va_start (args, format);
    reason = g_strdup_vprintf (format, args);
    va_end (args);
    /* translators: the first %s is a place in a file ("element 3 (field)"), the second what is wrong there */
    g_set_error (reader->error, OC_TEMPLATE_ERROR, OC_TEMPLATE_ERROR_INVALID,
        _("This is not a receipt template: %s: %s. Choose another file."), reader->place, reason);

    return FALSE;
}

static gboolean
read_number (const Reader *reader, const char *name, JsonNode *node, double min, double max, double *out)
{
    GType type = json_node_get_value_type (node);
    double number;

    if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
        return refuse (reader, _("“%s” has to be a number"), name);

    number = type == G_TYPE_INT64 ? (double) json_node_get_int (node) : json_node_get_double (node);
    if (!(number >= min && number <= max))
        return refuse (reader, _("“%s” has to be from %g to %g"), name, min, max);
    *out = number;

    return TRUE;
}

/* Borrowed; NULL with the error set. */
static const char *
read_string (const Reader *reader, const char *name, JsonNode *node)
{
    const char *text = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;

    if (text == NULL)
        refuse (reader, _("“%s” has to be a text"), name);

    return text;
}

/* A phrase is {"zh": …, "en": …}, or one text where both languages say the same. */
static gboolean
read_phrase (const Reader *reader, const char *name, JsonNode *node, OcPhrase *out)
{
    OcPhrase phrase = { NULL, NULL };
    JsonObjectIter iter;
    const char *member;
    JsonNode *value;

    if (!JSON_NODE_HOLDS_OBJECT (node)) {
        if ((phrase.zh = (char *) read_string (reader, name, node)) == NULL)
            return FALSE;
        phrase.en = phrase.zh;
    } else {
        json_object_iter_init (&iter, json_node_get_object (node));
        while (json_object_iter_next (&iter, &member, &value)) {
            char **variant = g_str_equal (member, "zh") ? &phrase.zh : g_str_equal (member, "en") ? &phrase.en : NULL;

            if (variant == NULL)
                return refuse (reader, _("“%s” knows the languages zh and en, not “%s”"), name, member);
            if ((*variant = (char *) read_string (reader, name, value)) == NULL)
                return FALSE;
        }
    }
    g_free (out->zh);
    g_free (out->en);
    *out = (OcPhrase){ g_strdup (phrase.zh), g_strdup (phrase.en) };

    return TRUE;
}

static gboolean
check_pattern (const Reader *reader, const char *pattern)
{
    g_autofree char *complaint = pattern ? oc_pattern_complain (pattern) : NULL;

    return complaint == NULL || refuse (reader, "%s", complaint);
}

static gboolean
read_color (const Reader *reader, const char *name, JsonNode *node, guint32 *out)
{
    const char *text = read_string (reader, name, node);
    guint64 color;

    if (text == NULL)
        return FALSE;
    if (strlen (text) != 7 || *text != '#' || !g_ascii_string_to_unsigned (text + 1, 16, 0, 0xffffff, &color, NULL))
        return refuse (reader, _("“%s” has to be a colour like #0B6E99"), name);
    *out = (guint32) color;

    return TRUE;
}

static gboolean
read_word (const Reader *reader, const char *name, JsonNode *node, const char *const *words, guint32 *out)
{
    const char *text = read_string (reader, name, node);

    if (text == NULL)
        return FALSE;
    for (guint i = 0; words[i]; i++)
        if (g_str_equal (words[i], text)) {
            *out = i;
            return TRUE;
        }

    return refuse (reader, _("“%s” can't be “%s”"), name, text);
}

static gboolean
read_name (const Reader *reader, const char *name, JsonNode *node, gboolean negated, char **out)
{
    const char *text = read_string (reader, name, node);

    if (text == NULL)
        return FALSE;
    if (!oc_pattern_is_name (text + (negated && *text == '!')))
        return refuse (reader, _("“%s” can't be “%s”"), name, text);
    g_free (*out);
    *out = g_strdup (text);

    return TRUE;
}

static gboolean
read_png (const Reader *reader, const char *name, JsonNode *node, GBytes **out)
{
    const char *text = read_string (reader, name, node);
    g_autoptr(GBytes) bytes = NULL;
    gsize size;
    guint8 *data;

    if (text == NULL)
        return FALSE;
    data = g_base64_decode (text, &size);
    bytes = g_bytes_new_take (data, size);
    if (!oc_png_is_sound (bytes))
        return refuse (reader, _("“%s” has to be a PNG picture in base64, at most 4096 dots wide and high"), name);
    g_clear_pointer (out, g_bytes_unref);
    *out = g_steal_pointer (&bytes);

    return TRUE;
}

static gboolean read_members (const Reader *reader, const OcProperty *properties, guint kinds, JsonObject *object,
    gpointer base);

static gboolean
read_columns (const Reader *reader, const char *name, JsonNode *node, GArray *out)
{
    JsonArray *array;
    guint n;

    if (!JSON_NODE_HOLDS_ARRAY (node))
        return refuse (reader, _("“%s” has to be a list"), name);
    array = json_node_get_array (node);
    n = json_array_get_length (array);
    if (n > MAX_COLUMNS)
        return refuse (reader, _("there are more than %d columns"), MAX_COLUMNS);

    g_array_set_size (out, 0);
    g_array_set_size (out, n);
    for (guint i = 0; i < n; i++) {
        JsonNode *column = json_array_get_element (array, i);

        if (!JSON_NODE_HOLDS_OBJECT (column))
            return refuse (reader, _("“%s” has to be a list of objects"), name);
        if (!read_members (reader, oc_column_properties, ~0u, json_node_get_object (column),
                &g_array_index (out, OcTableColumn, i)))
            return FALSE;
    }

    return TRUE;
}

static gboolean
read_property (const Reader *reader, const OcProperty *property, gboolean has_places, JsonNode *node, gpointer base)
{
    switch (property->type) {
    case OC_PROPERTY_NUMBER:
        return read_number (reader, property->name, node, property->min, property->max,
            OC_PROPERTY_AT (double, base, property));
    case OC_PROPERTY_FLAG:
        if (json_node_get_value_type (node) != G_TYPE_BOOLEAN)
            return refuse (reader, _("“%s” has to be true or false"), property->name);
        *OC_PROPERTY_AT (gboolean, base, property) = json_node_get_boolean (node);
        return TRUE;
    case OC_PROPERTY_COLOR:
        return read_color (reader, property->name, node, OC_PROPERTY_AT (guint32, base, property));
    case OC_PROPERTY_WORD:
        return read_word (reader, property->name, node, property->words, OC_PROPERTY_AT (guint32, base, property));
    case OC_PROPERTY_NAME:
    case OC_PROPERTY_CONDITION:
        return read_name (reader, property->name, node, property->type == OC_PROPERTY_CONDITION,
            OC_PROPERTY_AT (char *, base, property));
    case OC_PROPERTY_PHRASE:
    case OC_PROPERTY_PATTERN: {
        OcPhrase *phrase = OC_PROPERTY_AT (OcPhrase, base, property);

        return read_phrase (reader, property->name, node, phrase)
            && (property->type == OC_PROPERTY_PHRASE || !has_places
                || (check_pattern (reader, phrase->zh) && check_pattern (reader, phrase->en)));
    }
    case OC_PROPERTY_PNG:
        return read_png (reader, property->name, node, OC_PROPERTY_AT (GBytes *, base, property));
    case OC_PROPERTY_COLUMNS:
        return read_columns (reader, property->name, node, *OC_PROPERTY_AT (GArray *, base, property));
    }

    g_assert_not_reached ();
}

/* Every member of @object but "kind". */
static gboolean
read_members (const Reader *reader, const OcProperty *properties, guint kinds, JsonObject *object, gpointer base)
{
    JsonObjectIter iter;
    const char *member;
    JsonNode *node;

    json_object_iter_init (&iter, object);
    while (json_object_iter_next (&iter, &member, &node)) {
        const OcProperty *p = properties;

        if (properties == oc_element_properties && g_str_equal (member, "kind"))
            continue;
        while (p->name && !((p->kinds & kinds) && g_str_equal (p->name, member)))
            p++;
        if (p->name == NULL)
            return refuse (reader, _("“%s” is not known here"), member);
        if (!read_property (reader, p, kinds != 1u << OC_ELEMENT_TEXT, node, base))
            return FALSE;
    }

    return TRUE;
}

static OcElement *
read_element (guint number, JsonNode *node, GError **error)
{
    g_autofree char *place = g_strdup_printf (_("element %u"), number);
    g_autofree char *full_place = NULL;
    g_autoptr(OcElement) element = NULL;
    Reader reader = { place, error };
    JsonObject *object;
    guint32 kind;

    if (!JSON_NODE_HOLDS_OBJECT (node)) {
        refuse (&reader, _("it has to be an object"));
        return NULL;
    }
    object = json_node_get_object (node);
    if (!json_object_has_member (object, "kind")) {
        refuse (&reader, _("“%s” is missing"), "kind");
        return NULL;
    }
    if (!read_word (&reader, "kind", json_object_get_member (object, "kind"), oc_element_kinds, &kind))
        return NULL;

    reader.place = full_place = g_strdup_printf ("%s (%s)", place, oc_element_kinds[kind]);
    element = oc_element_new ((OcElementKind) kind);
    if (!read_members (&reader, oc_element_properties, 1u << kind, object, element))
        return NULL;

    return g_steal_pointer (&element);
}

static gboolean
read_elements (const Reader *reader, JsonNode *node, OcTemplate *template)
{
    JsonArray *array;

    if (!JSON_NODE_HOLDS_ARRAY (node))
        return refuse (reader, _("“%s” has to be a list"), "elements");
    array = json_node_get_array (node);
    if (json_array_get_length (array) > MAX_ELEMENTS)
        return refuse (reader, _("there are more than %d elements"), MAX_ELEMENTS);

    for (guint i = 0; i < json_array_get_length (array); i++) {
        OcElement *element = read_element (i + 1, json_array_get_element (array, i), reader->error);

        if (element == NULL)
            return FALSE;
        oc_template_add (template, element);
    }

    return TRUE;
}

static gboolean
read_document_member (const Reader *reader, const char *member, JsonNode *node, OcTemplate *template)
{
    static const OcProperty members[] = {
        { "name", OC_PROPERTY_NAME, ~0u, G_STRUCT_OFFSET (OcTemplate, name), 0, 0, NULL },
        { "title", OC_PROPERTY_PHRASE, ~0u, G_STRUCT_OFFSET (OcTemplate, title), 0, 0, NULL },
        { "width", OC_PROPERTY_NUMBER, ~0u, G_STRUCT_OFFSET (OcTemplate, width), 10, 2000, NULL },
        { "height", OC_PROPERTY_NUMBER, ~0u, G_STRUCT_OFFSET (OcTemplate, height), 10, 2000, NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
        if (g_str_equal (members[i].name, member))
            return read_property (reader, &members[i], FALSE, node, template);

    if (g_str_equal (member, "font")) {
        const char *font = read_string (reader, member, node);

        if (font == NULL)
            return FALSE;
        g_free (template->font);
        template->font = g_strdup (font);
        return TRUE;
    }
    if (g_str_equal (member, "elements"))
        return read_elements (reader, node, template);
    if (g_str_equal (member, "version"))
        return TRUE;

    return refuse (reader, _("“%s” is not known here"), member);
}

static OcTemplate *
read_document (JsonNode *root, GError **error)
{
    static const char *const needed[] = { "version", "name", "width", "height", "elements" };
    const Reader reader = { _("the document"), error };
    g_autoptr(OcTemplate) template = NULL;
    JsonObject *object;
    JsonObjectIter iter;
    const char *member;
    JsonNode *node;
    double version;

    if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
        refuse (&reader, _("it has to be an object"));
        return NULL;
    }
    object = json_node_get_object (root);
    for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
        if (!json_object_has_member (object, needed[i])) {
            refuse (&reader, _("“%s” is missing"), needed[i]);
            return NULL;
        }
    if (!read_number (&reader, "version", json_object_get_member (object, "version"), 1, 1e9, &version))
        return NULL;
    if (version > OC_TEMPLATE_VERSION) {
        g_set_error_literal (error, OC_TEMPLATE_ERROR, OC_TEMPLATE_ERROR_NEWER,
            _("This receipt template was made by a newer program. Install the program's new version."));
        return NULL;
    }

    template = oc_template_new (NULL, 0, 0);
    json_object_iter_init (&iter, object);
    while (json_object_iter_next (&iter, &member, &node))
        if (!read_document_member (&reader, member, node, template))
            return NULL;

    return g_steal_pointer (&template);
}

/* json-glib goes down one call a bracket: a file of brackets would use up the stack. */
static gboolean
is_too_deep (const char *text, gsize size)
{
    gboolean quoted = FALSE;
    int depth = 0;

    for (gsize i = 0; i < size; i++) {
        if (quoted && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && (text[i] == '[' || text[i] == '{') && ++depth > MAX_DEPTH)
            return TRUE;
        else if (!quoted && (text[i] == ']' || text[i] == '}'))
            depth--;
    }

    return FALSE;
}

OcTemplate *
oc_template_parse (GBytes *json, GError **error)
{
    const Reader reader = { _("the file"), error };
    g_autoptr(JsonParser) parser = json_parser_new_immutable ();
    g_autoptr(GError) reason = NULL;
    gsize size;
    const char *text = g_bytes_get_data (json, &size);

    if (size == 0 || size > MAX_BYTES) {
        refuse (&reader, size == 0 ? _("it is empty") : _("it is too large"));
        return NULL;
    }
    if (!g_utf8_validate_len (text, size, NULL)) {
        refuse (&reader, _("it is not UTF-8 text"));
        return NULL;
    }
    if (is_too_deep (text, size)) {
        refuse (&reader, _("it is nested too deeply"));
        return NULL;
    }
    if (!json_parser_load_from_data (parser, text, (gssize) size, &reason)) {
        refuse (&reader, "%s", reason->message);
        return NULL;
    }

    return read_document (json_parser_get_root (parser), error);
}

OcTemplate *
oc_template_load_resource (const char *name, GError **error)
{
    g_autofree char *path = g_strdup_printf ("/onecard/paper/%s.json", name);
    g_autoptr(GBytes) json = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    if (json == NULL) {
        g_set_error (error, OC_TEMPLATE_ERROR, OC_TEMPLATE_ERROR_MISSING,
            _("This program has no receipt template “%s”. Call support."), name);
        return NULL;
    }

    return oc_template_parse (json, error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
oc_template_resource_names (void)
{
    char **names = g_resources_enumerate_children ("/onecard/paper", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    guint n = names != NULL ? g_strv_length (names) : 0;

    if (names == NULL)
        return g_new0 (char *, 1);
    for (guint i = 0; i < n; i++)
        if (g_str_has_suffix (names[i], ".json"))
            names[i][strlen (names[i]) - strlen (".json")] = '\0';
    qsort (names, n, sizeof *names, compare_names);

    return names;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JSON document whose faults are told with their places. */
#include "card/document.h"

#include <glib/gi18n-lib.h>

#include "card/layout.h"
#include "seal/bytes.h"

/* A member's name in the text. */
typedef struct {
    guint object; /* number of its object */
    char *name;
    guint line, column; /* from 1; a column is a character */
} Key;

static void
key_free (gpointer data)
{
    Key *self = data;

    g_free (self->name);
    g_free (self);
}

/* One pass over a text that may be no JSON at all; what is found serves only to tell places. */
typedef struct {
    const char *at;
    guint line, column;
    guint n_objects;
    GArray *open; /* number of each object that is open, 0 for an array */
    GPtrArray *keys;
} Scan;

static void
step (Scan *self)
{
    if (*self->at == '\n') {
        self->line++;
        self->column = 0;
    }
    if (((guint8) *self->at & 0xC0) != 0x80)
        self->column++;
    self->at++;
}

/* From its first quote to behind its last; a member's name when a colon follows. */
static void
scan_text (Scan *self)
{
    guint line = self->line, column = self->column, object;
    const char *begin = self->at + 1;
    const char *end;
    Key *key;

    do {
        if (*self->at == '\\' && self->at[1] != '\0')
            step (self);
        step (self);
    } while (*self->at != '"' && *self->at != '\0');
    end = self->at;
    if (*self->at == '"')
        step (self);
    while (g_ascii_isspace (*self->at))
        step (self);
    object = self->open->len > 0 ? g_array_index (self->open, guint, self->open->len - 1) : 0;
    if (*self->at != ':' || object == 0)
        return;
    key = g_new0 (Key, 1);
    *key = (Key){ object, g_strndup (begin, end - begin), line, column };
    g_ptr_array_add (self->keys, key);
}

static GPtrArray *
scan_keys (const char *text)
{
    g_autoptr(GArray) open = g_array_new (FALSE, FALSE, sizeof (guint));
    Scan scan = { text, 1, 1, 0, open, g_ptr_array_new_with_free_func (key_free) };

    while (*scan.at != '\0') {
        guint number = 0;

        if (*scan.at == '"') {
            scan_text (&scan);
            continue;
        }
        if (*scan.at == '{')
            number = ++scan.n_objects;
        if (*scan.at == '{' || *scan.at == '[')
            g_array_append_val (open, number);
        else if ((*scan.at == '}' || *scan.at == ']') && open->len > 0)
            g_array_set_size (open, open->len - 1);
        step (&scan);
    }
    return scan.keys;
}

static void
on_object_start_cb (JsonParser *parser, OcDocument *self)
{
    self->n_objects++;
    g_array_append_val (self->open, self->n_objects);
}

static void
on_object_end_cb (JsonParser *parser, JsonObject *object, OcDocument *self)
{
    guint number = g_array_index (self->open, guint, self->open->len - 1);

    g_array_set_size (self->open, self->open->len - 1);
    g_hash_table_insert (self->objects, object, GUINT_TO_POINTER (number));
}

/* The member; one that is missing: where its object begins. */
static const Key *
place_of (OcDocument *self, JsonObject *object, const char *member)
{
    guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->objects, object));
    const Key *first = NULL;

    for (guint i = 0; i < self->keys->len; i++) {
        const Key *key = g_ptr_array_index (self->keys, i);

        if (key->object != number)
            continue;
        if (g_str_equal (key->name, member))
            return key;
        if (first == NULL)
            first = key;
    }
    return first;
}

static void
set_error (OcDocument *self, guint line, guint column, const char *reason)
{
    /* Translators: a place in a file, and what is wrong there */
    g_set_error (&self->error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID, _("line %u, column %u: %s"), line, column, reason);
    oc_layout_error_set_place (self->error, line, column);
}

void
oc_document_fail (OcDocument *self, JsonObject *object, const char *member, const char *format, ...)
{
    const Key *key;
    g_autofree char *reason = NULL;
    va_list args;

    if (self->error != NULL)
        return;
    va_start (args, format);
    reason = g_strdup_vprintf (format, args);
    va_end (args);
    key = place_of (self, object, member);
    set_error (self, key != NULL ? key->line : 1, key != NULL ? key->column : 1, reason);
}

void
oc_document_check_members (OcDocument *self, JsonObject *object, const char *const *known)
{
    JsonObjectIter iter;
    const char *name;

    json_object_iter_init (&iter, object);
    while (json_object_iter_next (&iter, &name, NULL))
        if (!g_strv_contains (known, name))
            oc_document_fail (self, object, name, _("“%s” is not known here"), name);
}

JsonNode *
oc_document_member (OcDocument *self, JsonObject *object, const char *name, JsonNodeType type, gboolean needed)
{
    JsonNode *node = json_object_get_member (object, name);

    if (node == NULL || JSON_NODE_HOLDS_NULL (node)) {
        if (needed)
            oc_document_fail (self, object, name, _("“%s” is missing"), name);
        return NULL;
    }
    if (JSON_NODE_TYPE (node) != type) {
        oc_document_fail (self, object, name, _("“%s” is of the wrong kind"), name);
        return NULL;
    }
    return node;
}

const char *
oc_document_text (OcDocument *self, JsonObject *object, const char *name, gboolean needed)
{
    JsonNode *node = oc_document_member (self, object, name, JSON_NODE_VALUE, needed);

    if (node == NULL)
        return NULL;
    if (json_node_get_value_type (node) != G_TYPE_STRING || *json_node_get_string (node) == '\0') {
        oc_document_fail (self, object, name, _("“%s” must be a text"), name);
        return NULL;
    }
    return json_node_get_string (node);
}

guint
oc_document_number (OcDocument *self, JsonObject *object, const char *name, guint min, guint max, gboolean needed, guint otherwise)
{
    JsonNode *node = oc_document_member (self, object, name, JSON_NODE_VALUE, needed);

    if (node == NULL)
        return otherwise;
    if (json_node_get_value_type (node) != G_TYPE_INT64 || json_node_get_int (node) < min || json_node_get_int (node) > max) {
        oc_document_fail (self, object, name, _("“%s” must be a whole number from %u to %u"), name, min, max);
        return otherwise;
    }
    return (guint) json_node_get_int (node);
}

gboolean
oc_document_bool (OcDocument *self, JsonObject *object, const char *name)
{
    JsonNode *node = oc_document_member (self, object, name, JSON_NODE_VALUE, TRUE);

    if (node != NULL && json_node_get_value_type (node) != G_TYPE_BOOLEAN) {
        oc_document_fail (self, object, name, _("“%s” must be true or false"), name);
        return FALSE;
    }
    return node != NULL && json_node_get_boolean (node);
}

guint
oc_document_word (OcDocument *self, JsonObject *object, const char *name, const char *const *words)
{
    const char *text = oc_document_text (self, object, name, TRUE);

    for (guint i = 0; text != NULL && words[i] != NULL; i++)
        if (g_str_equal (words[i], text))
            return i;
    if (text != NULL)
        oc_document_fail (self, object, name, _("“%s” is no %s"), text, name);
    return 0;
}

const char *
oc_document_element (OcDocument *self, JsonObject *object, const char *name, JsonArray *array, guint i)
{
    JsonNode *node = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING) {
        oc_document_fail (self, object, name, _("“%s” holds texts"), name);
        return NULL;
    }
    return json_node_get_string (node);
}

GBytes *
oc_document_hex (OcDocument *self, JsonObject *object, const char *name, guint length)
{
    const char *text = oc_document_text (self, object, name, TRUE);
    g_autoptr(GBytes) bytes = text != NULL ? oc_unhex (text) : NULL;

    if (text == NULL)
        return NULL;
    if (bytes == NULL || g_bytes_get_size (bytes) != length) {
        oc_document_fail (self, object, name, _("“%s” must be %u bytes in hex"), name, length);
        return NULL;
    }
    return g_steal_pointer (&bytes);
}

JsonObject *
oc_document_load (OcDocument *self, GBytes *json)
{
    g_autoptr(GError) why = NULL;
    gsize size;
    const char *data = g_bytes_get_data (json, &size);
    g_autofree char *text = g_strndup (data != NULL ? data : "", size);

    self->parser = json_parser_new ();
    self->keys = scan_keys (text);
    self->objects = g_hash_table_new (NULL, NULL);
    self->open = g_array_new (FALSE, FALSE, sizeof (guint));
    g_signal_connect (self->parser, "object-start", G_CALLBACK (on_object_start_cb), self);
    g_signal_connect (self->parser, "object-end", G_CALLBACK (on_object_end_cb), self);
    if (!json_parser_load_from_data (self->parser, text, -1, &why)) {
        set_error (self, json_parser_get_current_line (self->parser), json_parser_get_current_pos (self->parser) + 1, why->message);
        return NULL;
    }
    if (json_parser_get_root (self->parser) == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (self->parser))) {
        set_error (self, 1, 1, _("a layout is one object"));
        return NULL;
    }
    return json_node_get_object (json_parser_get_root (self->parser));
}

void
oc_document_clear (OcDocument *self)
{
    g_clear_object (&self->parser);
    g_clear_pointer (&self->keys, g_ptr_array_unref);
    g_clear_pointer (&self->objects, g_hash_table_unref);
    g_clear_pointer (&self->open, g_array_unref);
    g_clear_error (&self->error);
}

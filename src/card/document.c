/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JSON document whose faults are told with their lines. */
#include "card/document.h"

#include "card/layout.h"
#include "seal/bytes.h"

static void
on_object_member_cb (JsonParser *parser, JsonObject *object, const char *member, GHashTable *lines)
{
    g_hash_table_replace (lines, g_strdup_printf ("%p %s", (void *) object, member),
        GUINT_TO_POINTER (json_parser_get_current_line (parser)));
}

static guint
line_of (OcDocument *self, JsonObject *object, const char *member)
{
    g_autofree char *key = g_strdup_printf ("%p %s", (void *) object, member);
    guint line = GPOINTER_TO_UINT (g_hash_table_lookup (self->lines, key));
    JsonObjectIter iter;
    const char *name;

    if (line != 0)
        return line;
    /* A member that is missing: where its object begins. */
    json_object_iter_init (&iter, object);
    while (json_object_iter_next (&iter, &name, NULL)) {
        g_autofree char *other = g_strdup_printf ("%p %s", (void *) object, name);
        guint at = GPOINTER_TO_UINT (g_hash_table_lookup (self->lines, other));

        if (at != 0 && (line == 0 || at < line))
            line = at;
    }
    return MAX (line, 1);
}

void
oc_document_fail (OcDocument *self, JsonObject *object, const char *member, const char *format, ...)
{
    g_autofree char *reason = NULL;
    va_list args;

    if (self->error != NULL)
        return;
    va_start (args, format);
    reason = g_strdup_vprintf (format, args);
    va_end (args);
    g_set_error (&self->error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID, "line %u: %s", line_of (self, object, member), reason);
}

void
oc_document_check_members (OcDocument *self, JsonObject *object, const char *const *known)
{
    JsonObjectIter iter;
    const char *name;

    json_object_iter_init (&iter, object);
    while (json_object_iter_next (&iter, &name, NULL))
        if (!g_strv_contains (known, name))
            oc_document_fail (self, object, name, "“%s” is not known here", name);
}

JsonNode *
oc_document_member (OcDocument *self, JsonObject *object, const char *name, JsonNodeType type, gboolean needed)
{
    JsonNode *node = json_object_get_member (object, name);

    if (node == NULL || JSON_NODE_HOLDS_NULL (node)) {
        if (needed)
            oc_document_fail (self, object, name, "“%s” is missing", name);
        return NULL;
    }
    if (JSON_NODE_TYPE (node) != type) {
        oc_document_fail (self, object, name, "“%s” is of the wrong kind", name);
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
        oc_document_fail (self, object, name, "“%s” must be a text", name);
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
        oc_document_fail (self, object, name, "“%s” must be a whole number from %u to %u", name, min, max);
        return otherwise;
    }
    return (guint) json_node_get_int (node);
}

gboolean
oc_document_bool (OcDocument *self, JsonObject *object, const char *name)
{
    JsonNode *node = oc_document_member (self, object, name, JSON_NODE_VALUE, TRUE);

    if (node != NULL && json_node_get_value_type (node) != G_TYPE_BOOLEAN) {
        oc_document_fail (self, object, name, "“%s” must be true or false", name);
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
        oc_document_fail (self, object, name, "“%s” is no %s", text, name);
    return 0;
}

GBytes *
oc_document_hex (OcDocument *self, JsonObject *object, const char *name, guint length)
{
    const char *text = oc_document_text (self, object, name, TRUE);
    g_autoptr(GBytes) bytes = text != NULL ? oc_unhex (text) : NULL;

    if (text == NULL)
        return NULL;
    if (bytes == NULL || g_bytes_get_size (bytes) != length) {
        oc_document_fail (self, object, name, "“%s” must be %u bytes in hex", name, length);
        return NULL;
    }
    return g_steal_pointer (&bytes);
}

JsonObject *
oc_document_load (OcDocument *self, GBytes *json)
{
    g_autoptr(GError) why = NULL;
    gsize size;
    const char *text = g_bytes_get_data (json, &size);

    self->parser = json_parser_new ();
    self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_signal_connect (self->parser, "object-member", G_CALLBACK (on_object_member_cb), self->lines);
    if (!json_parser_load_from_data (self->parser, text != NULL ? text : "", (gssize) size, &why)) {
        g_set_error (&self->error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID, "line %u: %s",
            json_parser_get_current_line (self->parser), why->message);
        return NULL;
    }
    if (json_parser_get_root (self->parser) == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (self->parser))) {
        g_set_error_literal (&self->error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID, "line 1: a layout is one object");
        return NULL;
    }
    return json_node_get_object (json_parser_get_root (self->parser));
}

void
oc_document_clear (OcDocument *self)
{
    g_clear_object (&self->parser);
    g_clear_pointer (&self->lines, g_hash_table_unref);
    g_clear_error (&self->error);
}

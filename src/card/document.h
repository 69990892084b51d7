/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JSON document that a person writes: every fault is told with its line. The first fault sticks, and after it every
 * getter answers with nothing, so that who reads needs to look at the error once, at the end. For the card layer only. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
    JsonParser *parser;
    GPtrArray *keys;     /* where each object's members stand: the parser itself forgets it */
    GHashTable *objects; /* JsonObject -> its number in the order of their opening braces */
    GArray *open;        /* those numbers of the objects being read */
    guint n_objects;
    GError *error;       /* OC_LAYOUT_ERROR: "line 12, column 9: …" */
} OcDocument;

/* The object that the document is, owned by it; NULL with the error set. */
JsonObject *oc_document_load (OcDocument *self, GBytes *json);
void oc_document_clear (OcDocument *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OcDocument, oc_document_clear)

/* layout.c */
void oc_layout_error_set_place (GError *error, guint line, guint column);

void oc_document_fail (OcDocument *self, JsonObject *object, const char *member, const char *format, ...) G_GNUC_PRINTF (4, 5);
/* A misspelt member would be passed over in silence otherwise. */
void oc_document_check_members (OcDocument *self, JsonObject *object, const char *const *known);

/* The member if it is there and of that type. Borrowed. */
JsonNode *oc_document_member (OcDocument *self, JsonObject *object, const char *name, JsonNodeType type, gboolean needed);
const char *oc_document_text (OcDocument *self, JsonObject *object, const char *name, gboolean needed);
guint oc_document_number (OcDocument *self, JsonObject *object, const char *name, guint min, guint max, gboolean needed,
    guint otherwise);
gboolean oc_document_bool (OcDocument *self, JsonObject *object, const char *name);
/* The place of the text among @words, 0 where it is none of them. */
guint oc_document_word (OcDocument *self, JsonObject *object, const char *name, const char *const *words);
/* The text at @i of the array @name of @object. */
const char *oc_document_element (OcDocument *self, JsonObject *object, const char *name, JsonArray *array, guint i);
/* Exactly @length bytes. Caller unrefs. */
GBytes *oc_document_hex (OcDocument *self, JsonObject *object, const char *name, guint length);

G_END_DECLS

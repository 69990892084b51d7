/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card layout from its JSON document. Every fault of a document is told with its line, so that who writes one for a
 * new meter maker sees where; the first fault ends the reading. */
#include "card/layout.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/layout-check.h"

typedef struct {
    guint line, column;
} OcLayoutErrorPrivate;

static void
oc_layout_error_private_init (OcLayoutErrorPrivate *self)
{
}

static void
oc_layout_error_private_copy (const OcLayoutErrorPrivate *from, OcLayoutErrorPrivate *to)
{
    *to = *from;
}

static void
oc_layout_error_private_clear (OcLayoutErrorPrivate *self)
{
}

G_DEFINE_EXTENDED_ERROR (OcLayoutError, oc_layout_error)

void
oc_layout_error_get_place (const GError *error, guint *line, guint *column)
{
    const OcLayoutErrorPrivate *place = error->domain == OC_LAYOUT_ERROR ? oc_layout_error_get_private (error) : NULL;

    *line = place != NULL ? place->line : 0;
    *column = place != NULL ? place->column : 0;
}

void
oc_layout_error_set_place (GError *error, guint line, guint column)
{
    *oc_layout_error_get_private (error) = (OcLayoutErrorPrivate){ line, column };
}

typedef struct {
    const char *name;
    OcEncoding encoding;
    guint min, max; /* bytes */
} Encoding;

static const Encoding encodings[] = {
    { "hex", OC_ENC_HEX, 1, 255 },
    { "u8", OC_ENC_U8, 1, 1 },
    { "u16", OC_ENC_U16, 2, 2 },
    { "u24", OC_ENC_U24, 3, 3 },
    { "u32", OC_ENC_U32, 4, 4 },
    { "i32", OC_ENC_I32, 4, 4 },
    { "bcd", OC_ENC_BCD, 1, 8 },
    { "digits", OC_ENC_DIGITS, 1, 32 },
    { "time", OC_ENC_TIME, 5, 7 },
    { "minutes", OC_ENC_MINUTES, 3, 3 },
    { "step", OC_ENC_STEP, 1, 1 },
    { "const", OC_ENC_CONST, 1, 32 },
    { "length", OC_ENC_LENGTH, 1, 2 },
    { "sum", OC_ENC_SUM, 1, 1 },
    { "mac", OC_ENC_MAC, 1, 16 },
    { "reserved", OC_ENC_RESERVED, 1, 255 },
};

static void
field_free (gpointer data)
{
    OcLayoutField *self = data;

    g_free (self->name);
    g_free (self->label);
    g_free (self->fixed);
    g_clear_pointer (&self->constant, g_bytes_unref);
    g_free (self);
}

static void
area_free (gpointer data)
{
    OcLayoutArea *self = data;

    g_free (self->name);
    g_free (self->title);
    g_ptr_array_unref (self->fields);
    g_ptr_array_unref (self->empty);
    g_free (self);
}

static void
chip_free (gpointer data)
{
    OcLayoutChip *self = data;

    g_free (self->name);
    g_free (self);
}

static void
read_encoding (OcDocument *doc, JsonObject *object, OcLayoutField *field)
{
    const char *name = oc_document_text (doc, object, "encoding", TRUE);
    const Encoding *found = NULL;

    for (guint i = 0; name != NULL && i < G_N_ELEMENTS (encodings); i++)
        if (g_str_equal (encodings[i].name, name))
            found = &encodings[i];
    if (found == NULL) {
        oc_document_fail (doc, object, "encoding", _("“%s” is no encoding"), name != NULL ? name : "");
        return;
    }
    field->encoding = found->encoding;
    if (field->length < found->min || field->length > found->max)
        oc_document_fail (doc, object, "length", _("a field of encoding %s has %u to %u bytes"), name, found->min, found->max);
}

static OcLayoutField *
read_field (OcDocument *doc, JsonObject *object, guint size)
{
    static const char *const known[]
        = { "name", "label", "at", "length", "encoding", "decimals", "scale", "repeat", "value", "fixed", "bits", NULL };
    static const char *const scales[] = { "none", "step", NULL };
    OcLayoutField *field = g_new0 (OcLayoutField, 1);

    oc_document_check_members (doc, object, known);
    field->name = g_strdup (oc_document_text (doc, object, "name", TRUE));
    field->label = g_strdup (oc_document_text (doc, object, "label", TRUE));
    field->at = oc_document_number (doc, object, "at", 0, size - 1, TRUE, 0);
    field->length = oc_document_number (doc, object, "length", 1, 255, TRUE, 1);
    field->repeat = oc_document_number (doc, object, "repeat", 1, 255, FALSE, 1);
    field->fixed = g_strdup (oc_document_text (doc, object, "fixed", FALSE));
    field->decimals = oc_document_number (doc, object, "decimals", 0, 4, FALSE, 0);
    field->in_steps = json_object_has_member (object, "scale") && oc_document_word (doc, object, "scale", scales) == 1;
    read_encoding (doc, object, field);
    if (field->encoding == OC_ENC_CONST)
        field->constant = oc_document_hex (doc, object, "value", field->length);
    else if (json_object_has_member (object, "value"))
        oc_document_fail (doc, object, "value", _("only a constant has a “value”"));
    if (field->decimals > 0 && (field->encoding < OC_ENC_U8 || field->encoding > OC_ENC_BCD || field->in_steps))
        oc_document_fail (doc, object, "decimals", _("only a number has “decimals”, and none that counts steps"));
    if (field->in_steps && (field->encoding < OC_ENC_U8 || field->encoding > OC_ENC_I32))
        oc_document_fail (doc, object, "scale", _("only a binary number counts steps"));
    if (field->encoding == OC_ENC_TIME && field->length == 6)
        oc_document_fail (doc, object, "length", _("a time has 5 bytes (YYMMDDhhmm) or 7 (YYYYMMDDhhmmss)"));
    if (field->repeat > 1 && field->encoding > OC_ENC_DIGITS)
        oc_document_fail (doc, object, "repeat", _("a field of this encoding stands alone"));
    if (field->at + field->length * field->repeat > size)
        oc_document_fail (doc, object, "at", _("the field ends after byte %u of its area"), size);
    return field;
}

/* Each byte belongs to one field, each name to one value; length and sum need a frame, a MAC ends its record. */
static void
check_fields (OcDocument *doc, JsonObject *object, JsonArray *array, const OcLayoutArea *area)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_autofree guint8 *taken = g_malloc0 (area->size);

    for (guint i = 0; i < area->fields->len && doc->error == NULL; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);
        JsonObject *source = json_array_get_object_element (array, i);

        for (guint k = 1; k <= field->repeat; k++)
            if (!g_hash_table_add (names, field->repeat > 1 ? g_strdup_printf ("%s%u", field->name, k) : g_strdup (field->name)))
                oc_document_fail (doc, source, "name", _("there is another field “%s”"), field->name);
        for (guint at = field->at; at < field->at + field->length * field->repeat; at++)
            if (taken[at]++ != 0)
                oc_document_fail (doc, source, "at", _("byte %u belongs to another field already"), at);
        if ((field->encoding == OC_ENC_LENGTH || field->encoding == OC_ENC_SUM) && area->payload_size == 0)
            oc_document_fail (doc, source, "encoding", _("length and sum need the area's “frame”"));
        if (field->encoding == OC_ENC_MAC && (area->kind == 0 || field->at + field->length != area->size))
            oc_document_fail (doc, source, "encoding", _("a MAC ends the record of a memory card"));
    }
    for (guint at = 0; at < area->size; at++)
        if (taken[at] == 0)
            oc_document_fail (doc, object, "fields", _("byte %u belongs to no field"), at);
}

static guint
read_copies (OcDocument *doc, JsonObject *object, const char *name, guint copies[2])
{
    JsonNode *node = oc_document_member (doc, object, name, JSON_NODE_ARRAY, TRUE);
    JsonArray *array = node != NULL ? json_node_get_array (node) : NULL;
    guint n = array != NULL ? json_array_get_length (array) : 0;

    if (n < 1 || n > 2) {
        oc_document_fail (doc, object, name, _("“%s” has one place or two"), name);
        return 0;
    }
    for (guint i = 0; i < n; i++) {
        JsonNode *place = json_array_get_element (array, i);

        if (!JSON_NODE_HOLDS_VALUE (place) || json_node_get_value_type (place) != G_TYPE_INT64 || json_node_get_int (place) < 0
            || json_node_get_int (place) > 65535)
            oc_document_fail (doc, object, name, _("“%s” holds whole numbers"), name);
        else
            copies[i] = (guint) json_node_get_int (place);
    }
    return n;
}

static void
read_place (OcDocument *doc, JsonObject *object, OcLayoutArea *area, gboolean cpu)
{
    static const char *const kinds[] = { "H", "V", "R", NULL };
    static const char *const roles[] = { "parameters", "prices", "ladder", "wallet", "return", NULL };

    if (cpu) {
        area->sfi = oc_document_number (doc, object, "sfi", 1, 30, TRUE, 1);
        area->role = (OcRole) (OC_ROLE_PARAMETERS + oc_document_word (doc, object, "role", roles));
        if (area->role == OC_ROLE_PRICES)
            area->price_set = oc_document_number (doc, object, "set", 1, 2, TRUE, 1);
        return;
    }
    area->kind = *kinds[oc_document_word (doc, object, "kind", kinds)];
    area->n_copies = read_copies (doc, object, "copies", area->copies);
    memcpy (area->wide_copies, area->copies, sizeof area->copies);
    if (json_object_has_member (object, "wide_copies")
        && read_copies (doc, object, "wide_copies", area->wide_copies) != area->n_copies)
        oc_document_fail (doc, object, "wide_copies", _("“wide_copies” and “copies” differ in number"));
    if ((area->kind == 'H') != (area->n_copies == 1))
        oc_document_fail (doc, object, "copies", _("the header has one place, a record two"));
}

static OcLayoutArea *
read_area (OcDocument *doc, JsonObject *object, gboolean cpu)
{
    static const char *const known[] = { "area", "title", "role", "set", "sfi", "kind", "copies", "wide_copies", "size", "writer",
        "order", "frame", "empty", "fields", NULL };
    static const char *const frame_members[] = { "payload", "size", NULL };
    static const char *const writers[] = { "seller", "meter", NULL };
    OcLayoutArea *area = g_new0 (OcLayoutArea, 1);
    JsonNode *node;
    JsonArray *fields;

    area->fields = g_ptr_array_new_with_free_func (field_free);
    area->empty = g_ptr_array_new ();
    oc_document_check_members (doc, object, known);
    area->name = g_strdup (oc_document_text (doc, object, "area", TRUE));
    area->title = g_strdup (oc_document_text (doc, object, "title", TRUE));
    area->size = oc_document_number (doc, object, "size", 1, 4096, TRUE, 1);
    area->by_meter = oc_document_word (doc, object, "writer", writers) == 1;
    area->order = oc_document_number (doc, object, "order", 1, 99, TRUE, 1);
    read_place (doc, object, area, cpu);
    if ((node = oc_document_member (doc, object, "frame", JSON_NODE_OBJECT, FALSE)) != NULL) {
        JsonObject *frame = json_node_get_object (node);

        oc_document_check_members (doc, frame, frame_members);
        area->payload_at = oc_document_number (doc, frame, "payload", 1, area->size - 1, TRUE, 1);
        area->payload_size = oc_document_number (doc, frame, "size", 1, area->size - area->payload_at, TRUE, 1);
    }
    if ((node = oc_document_member (doc, object, "fields", JSON_NODE_ARRAY, TRUE)) == NULL)
        return area;
    fields = json_node_get_array (node);
    for (guint i = 0; i < json_array_get_length (fields) && doc->error == NULL; i++) {
        JsonNode *element = json_array_get_element (fields, i);

        if (JSON_NODE_HOLDS_OBJECT (element))
            g_ptr_array_add (area->fields, read_field (doc, json_node_get_object (element), area->size));
        else
            oc_document_fail (doc, object, "fields", _("a field is an object"));
    }
    if (doc->error == NULL)
        check_fields (doc, object, fields, area);
    return area;
}

static OcLayoutChip *
read_chip (OcDocument *doc, JsonObject *object)
{
    static const char *const known[] = { "chip", "code", "size", "page", "first", "stride", NULL };
    OcLayoutChip *chip = g_new0 (OcLayoutChip, 1);
    g_autoptr(GBytes) code = NULL;

    oc_document_check_members (doc, object, known);
    chip->name = g_strdup (oc_document_text (doc, object, "chip", TRUE));
    if ((code = oc_document_hex (doc, object, "code", 1)) != NULL)
        chip->code = *(const guint8 *) g_bytes_get_data (code, NULL);
    chip->size = oc_document_number (doc, object, "size", 64, 65536, TRUE, 64);
    chip->page = oc_document_number (doc, object, "page", 1, 256, TRUE, 1);
    chip->first = oc_document_number (doc, object, "first", 1, chip->size - 1, TRUE, 1);
    chip->stride = oc_document_number (doc, object, "stride", 1, chip->size - chip->first, TRUE, 1);
    if ((chip->page & (chip->page - 1)) != 0)
        oc_document_fail (doc, object, "page", _("a page has 1, 2, 4, 8, … bytes"));
    return chip;
}

static void
read_list (OcDocument *doc, JsonObject *root, OcLayout *layout, const char *name)
{
    JsonNode *node = oc_document_member (doc, root, name, JSON_NODE_ARRAY, TRUE);
    JsonArray *array = node != NULL ? json_node_get_array (node) : NULL;
    gboolean chips = g_str_equal (name, "chips");
    gboolean cpu = g_strcmp0 (layout->family, "cpu") == 0;

    if (array != NULL && json_array_get_length (array) == 0)
        oc_document_fail (doc, root, name, _("“%s” is empty"), name);
    for (guint i = 0; array != NULL && i < json_array_get_length (array) && doc->error == NULL; i++) {
        JsonNode *element = json_array_get_element (array, i);

        if (!JSON_NODE_HOLDS_OBJECT (element))
            oc_document_fail (doc, root, name, _("“%s” holds objects"), name);
        else if (chips)
            g_ptr_array_add (layout->chips, read_chip (doc, json_node_get_object (element)));
        else
            g_ptr_array_add (layout->areas, read_area (doc, json_node_get_object (element), cpu));
    }
}

static char **
read_meter_types (OcDocument *doc, JsonObject *root)
{
    static const char *const types[] = { "electricity", "cold-water", "gas", "hot-water", "heat", NULL };
    g_autoptr(GStrvBuilder) found = g_strv_builder_new ();
    JsonNode *node = oc_document_member (doc, root, "meter_types", JSON_NODE_ARRAY, TRUE);
    JsonArray *array = node != NULL ? json_node_get_array (node) : NULL;

    for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
        const char *type = oc_document_element (doc, root, "meter_types", array, i);

        if (type == NULL || !g_strv_contains (types, type))
            oc_document_fail (doc, root, "meter_types", _("a meter type is electricity, cold-water, gas, hot-water or heat"));
        else
            g_strv_builder_add (found, type);
    }
    return g_strv_builder_end (found);
}

static void
read_root (OcDocument *doc, JsonObject *root, OcLayout *layout)
{
    static const char *const known[] = { "layout", "version", "title", "family", "meter_types", "billing", "authentication",
        "tiered", "source", "keys", "chips", "areas", NULL };
    static const char *const families[] = { "cpu", "24c", "4442", NULL };
    static const char *const billings[] = { "quantity", "money", NULL };
    static const char *const key_members[] = { "internal", "external", "mac", "diversification", NULL };
    static const char *const diversifications[] = { "serial", NULL };
    JsonNode *node;

    oc_document_check_members (doc, root, known);
    layout->name = g_strdup (oc_document_text (doc, root, "layout", TRUE));
    layout->version = oc_document_number (doc, root, "version", 1, 999, TRUE, 1);
    layout->title = g_strdup (oc_document_text (doc, root, "title", TRUE));
    layout->family = g_strdup (families[oc_document_word (doc, root, "family", families)]);
    layout->meter_types = read_meter_types (doc, root);
    layout->by_money = oc_document_word (doc, root, "billing", billings) == 1;
    layout->authentic = oc_document_bool (doc, root, "authentication");
    layout->tiered = oc_document_bool (doc, root, "tiered");
    if ((node = oc_document_member (doc, root, "keys", JSON_NODE_OBJECT, layout->authentic)) != NULL) {
        JsonObject *keys = json_node_get_object (node);

        oc_document_check_members (doc, keys, key_members);
        layout->internal_kid = (guint8) oc_document_number (doc, keys, "internal", 0, 255, TRUE, 0);
        layout->external_kid = (guint8) oc_document_number (doc, keys, "external", 0, 255, TRUE, 0);
        layout->mac_kid = (guint8) oc_document_number (doc, keys, "mac", 0, 255, TRUE, 0);
        oc_document_word (doc, keys, "diversification", diversifications);
    }
    if (!g_str_equal (layout->family, "cpu"))
        read_list (doc, root, layout, "chips");
    read_list (doc, root, layout, "areas");
    if (doc->error == NULL)
        oc_layout_check (doc, root, layout);
}

OcLayout *
oc_layout_parse (GBytes *json, GError **error)
{
    g_auto(OcDocument) doc = { 0 };
    g_autoptr(OcLayout) layout = g_new0 (OcLayout, 1);
    JsonObject *root = oc_document_load (&doc, json);

    layout->areas = g_ptr_array_new_with_free_func (area_free);
    layout->chips = g_ptr_array_new_with_free_func (chip_free);
    layout->bits = g_ptr_array_new_with_free_func (g_free);
    if (root != NULL)
        read_root (&doc, root, layout);
    if (doc.error != NULL) {
        g_propagate_error (error, g_steal_pointer (&doc.error));
        return NULL;
    }
    return g_steal_pointer (&layout);
}

void
oc_layout_free (OcLayout *self)
{
    if (self == NULL)
        return;
    g_free (self->name);
    g_free (self->title);
    g_free (self->family);
    g_strfreev (self->meter_types);
    g_ptr_array_unref (self->bits);
    g_ptr_array_unref (self->areas);
    g_ptr_array_unref (self->chips);
    g_free (self);
}

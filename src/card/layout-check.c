/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules that a layout follows as a whole: places, roles, the order of writing, the names of values, update flags. A
 * document that gets past here can be sold with. Source: cards.md 1 and 2. */
#include "card/layout-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/engine.h"

#define WALLET_MAX 251 /* one command with its MAC */
#define FILE_MAX 503   /* the last byte that a command reaches by its short file */

/* The names of the values that a seller has to write (api/images.sql, sale_values and price_values; docs/layouts.md). */
static const char *const vocabulary[] = {
    "meter", "customer", "card_type", "sub_meter", "meter_kind", "user_type", "billing", "update_flags", "purchase", "count",
    "alarm_1", "alarm_2", "hoarding", "overdraft_limit", "pulse_constant", "ct", "vt", "switch_time",
    "rate", "tiers", "limit", "price", "settlement_day",
    "next_rate", "next_tiers", "next_limit", "next_price", "next_settlement_day", NULL,
};

static JsonObject *
area_source (JsonObject *root, guint i)
{
    return json_array_get_object_element (json_object_get_array_member (root, "areas"), i);
}

static JsonObject *
field_source (JsonObject *area, guint i)
{
    return json_array_get_object_element (json_object_get_array_member (area, "fields"), i);
}

static gboolean
areas_clash (const OcLayoutArea *a, const OcLayoutArea *b)
{
    return g_str_equal (a->name, b->name) || a->order == b->order || (a->sfi != 0 && a->sfi == b->sfi)
        || (a->kind != 0 && a->kind == b->kind);
}

/* Names, places and the order of writing are each area's own; records lie inside their slot. */
static void
check_places (OcDocument *doc, JsonObject *root, const OcLayout *layout)
{
    for (guint i = 0; i < layout->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (layout->areas, i);
        JsonObject *source = area_source (root, i);

        for (guint k = 0; k < i; k++)
            if (areas_clash (area, g_ptr_array_index (layout->areas, k)))
                oc_document_fail (doc, source, "area", _("name, place or order are another area's already"));
        for (guint k = 0; area->kind != 0 && k < layout->chips->len; k++) {
            const OcLayoutChip *chip = g_ptr_array_index (layout->chips, k);
            guint room = area->kind == 'H' ? chip->first : chip->stride;

            for (guint copy = 0; copy < area->n_copies; copy++)
                if (area->copies[copy] + area->size > room)
                    oc_document_fail (doc, source, "copies", _("the record does not fit into its place on chip %s"), chip->name);
        }
    }
}

/* Each role but prices once, prices once a set. */
static void
check_roles (OcDocument *doc, JsonObject *root, const OcLayout *layout)
{
    static const struct {
        OcRole role;
        const char *name;
    } needed[] = { { OC_ROLE_PARAMETERS, "parameters" }, { OC_ROLE_WALLET, "wallet" }, { OC_ROLE_RETURN, "return" } };

    for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
        if (oc_layout_role (layout, needed[i].role) == NULL)
            oc_document_fail (doc, root, "areas", _("no area has the role “%s”"), needed[i].name);
    for (guint i = 0; i < layout->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (layout->areas, i);

        for (guint k = 0; k < i; k++) {
            const OcLayoutArea *other = g_ptr_array_index (layout->areas, k);

            if (area->role == other->role && area->price_set == other->price_set)
                oc_document_fail (doc, area_source (root, i), "role", _("another area has this role already"));
        }
    }
}

/* The wallet is written when everything else is right; the return file is cleared last (cards.md 2, Write order). */
static void
check_order (OcDocument *doc, JsonObject *root, const OcLayout *layout)
{
    const OcLayoutArea *wallet = oc_layout_role (layout, OC_ROLE_WALLET);

    for (guint i = 0; i < layout->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (layout->areas, i);
        JsonObject *source = area_source (root, i);
        gboolean is_return = area->role == OC_ROLE_RETURN;

        if (area->by_meter != is_return)
            oc_document_fail (doc, source, "writer", _("the meter writes the return file, the seller all others"));
        if (area != wallet && is_return != (area->order > wallet->order))
            oc_document_fail (doc, source, "order", _("the wallet is the last file but the return file"));
        if (area->size > FILE_MAX)
            oc_document_fail (doc, source, "size", _("a file has at most %u bytes"), FILE_MAX);
    }
    if (wallet->size > WALLET_MAX)
        oc_document_fail (doc, root, "areas", _("the wallet must go into one command: it has at most %u bytes"), WALLET_MAX);
}

static void
check_has (OcDocument *doc, JsonObject *root, const OcLayout *layout, OcRole role, const char *const *names)
{
    for (guint i = 0; i < layout->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (layout->areas, i);

        for (guint n = 0; area->role == role && names[n] != NULL; n++) {
            const OcLayoutField *field = oc_layout_field (area, names[n]);

            if (field == NULL || field->repeat != 1)
                oc_document_fail (doc, area_source (root, i), "fields", _("the field “%s” is missing"), names[n]);
        }
    }
}

/* What the rules of selling and judging look at. */
static void
check_needed (OcDocument *doc, JsonObject *root, const OcLayout *layout)
{
    static const char *const parameters[] = { "meter", "customer", "card_type", NULL };
    static const char *const wallet[] = { "purchase", "count", NULL };
    static const char *const back[] = { "meter", "customer", "count", "remaining", NULL };

    check_has (doc, root, layout, OC_ROLE_PARAMETERS, parameters);
    check_has (doc, root, layout, OC_ROLE_WALLET, wallet);
    check_has (doc, root, layout, OC_ROLE_RETURN, back);
}

static gboolean
is_filled_in (const OcLayoutField *field)
{
    return field->encoding == OC_ENC_CONST || field->encoding == OC_ENC_LENGTH || field->encoding == OC_ENC_SUM
        || field->encoding == OC_ENC_MAC || field->encoding == OC_ENC_RESERVED;
}

/* A misspelt name would be written as zeros, unseen. */
static void
check_values (OcDocument *doc, JsonObject *source, const OcLayoutArea *area)
{
    g_autoptr(OcFields) fixed = oc_fields_new (NULL);

    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);
        JsonObject *object = field_source (source, i);
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = NULL;

        if (field->fixed != NULL) {
            if (field->repeat > 1 || is_filled_in (field))
                oc_document_fail (doc, object, "fixed", _("a field of this encoding has no fixed value"));
            oc_fields_set (fixed, field->name, field->fixed);
            if ((bytes = oc_engine_encode (area, fixed, 0, &error)) == NULL)
                oc_document_fail (doc, object, "fixed", _("“%s” does not fit the field"), field->fixed);
        } else if (!area->by_meter && !is_filled_in (field) && !g_strv_contains (vocabulary, field->name)) {
            oc_document_fail (doc, object, "name", _("nothing that is sold is called “%s”"), field->name);
        }
    }
}

static gboolean
is_zero (GBytes *bytes)
{
    gsize size;
    const guint8 *data = g_bytes_get_data (bytes, &size);

    for (gsize i = 0; i < size; i++)
        if (data[i] != 0)
            return FALSE;
    return TRUE;
}

/* A return file that was cleared to zeros must be empty by what it says of itself. */
static void
read_empty (OcDocument *doc, JsonObject *source, OcLayoutArea *area)
{
    JsonNode *node = oc_document_member (doc, source, "empty", JSON_NODE_ARRAY, area->role == OC_ROLE_RETURN);
    JsonArray *array = node != NULL ? json_node_get_array (node) : NULL;

    if (node != NULL && (area->role != OC_ROLE_RETURN || json_array_get_length (array) == 0))
        oc_document_fail (doc, source, "empty", _("“empty” names one field or more of the return file"));
    for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
        const char *name = oc_document_element (doc, source, "empty", array, i);
        const OcLayoutField *field = name != NULL ? oc_layout_field (area, name) : NULL;

        if (field == NULL)
            oc_document_fail (doc, source, "empty", _("there is no field “%s”"), name != NULL ? name : "");
        else if (field->encoding == OC_ENC_CONST && is_zero (field->constant))
            oc_document_fail (doc, source, "empty", _("the constant “%s” is zero in a cleared file too"), name);
        else
            g_ptr_array_add (area->empty, (gpointer) field);
    }
}

/* "field" of the same area, "area.field", or a whole "area". */
static void
read_bit_target (OcDocument *doc, JsonObject *source, OcLayout *layout, const OcLayoutArea *own, guint bit, const char *text)
{
    const char *dot = strchr (text, '.');
    g_autofree char *area_name = dot != NULL ? g_strndup (text, dot - text) : NULL;
    const OcLayoutArea *area = area_name != NULL ? oc_layout_area (layout, area_name) : oc_layout_area (layout, text);
    const OcLayoutField *field = NULL;
    OcLayoutBit *found;

    if (dot != NULL && area != NULL)
        field = oc_layout_field (area, dot + 1);
    else if (dot == NULL && area == NULL && (field = oc_layout_field (own, text)) != NULL)
        area = own;
    if (area == NULL || (dot != NULL && field == NULL) || area->role == OC_ROLE_WALLET || area->role == OC_ROLE_RETURN) {
        oc_document_fail (doc, source, "of", _("“%s” is no file and no field that a flag can follow"), text);
        return;
    }
    found = g_new0 (OcLayoutBit, 1);
    found->bit = bit;
    found->area = area;
    found->field = field;
    g_ptr_array_add (layout->bits, found);
}

static void
read_bit (OcDocument *doc, JsonObject *object, OcLayout *layout, const OcLayoutArea *area)
{
    static const char *const known[] = { "bit", "of", NULL };
    guint bit = oc_document_number (doc, object, "bit", 0, 7, TRUE, 0);
    JsonNode *node = oc_document_member (doc, object, "of", JSON_NODE_ARRAY, TRUE);
    JsonArray *array = node != NULL ? json_node_get_array (node) : NULL;

    oc_document_check_members (doc, object, known);
    for (guint i = 0; i < layout->bits->len; i++)
        if (((const OcLayoutBit *) g_ptr_array_index (layout->bits, i))->bit == bit)
            oc_document_fail (doc, object, "bit", _("bit %u stands for something else already"), bit);
    if (array != NULL && json_array_get_length (array) == 0)
        oc_document_fail (doc, object, "of", _("“%s” is empty"), "of");
    for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
        const char *text = oc_document_element (doc, object, "of", array, i);

        if (text != NULL)
            read_bit_target (doc, object, layout, area, bit, text);
    }
}

static void
read_bits (OcDocument *doc, JsonObject *source, OcLayout *layout, const OcLayoutArea *area)
{
    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);
        JsonObject *object = field_source (source, i);
        gboolean flags = g_str_equal (field->name, "update_flags") && area->role == OC_ROLE_PARAMETERS && field->fixed == NULL;
        JsonNode *node = oc_document_member (doc, object, "bits", JSON_NODE_ARRAY, flags);
        JsonArray *array = node != NULL ? json_node_get_array (node) : NULL;

        if (array != NULL && (!flags || field->encoding != OC_ENC_HEX || field->length != 1))
            oc_document_fail (doc, object, "bits", _("only “update_flags”, one byte in hex among the parameters, has “bits”"));
        for (guint k = 0; array != NULL && k < json_array_get_length (array); k++) {
            JsonNode *element = json_array_get_element (array, k);

            if (JSON_NODE_HOLDS_OBJECT (element))
                read_bit (doc, json_node_get_object (element), layout, area);
            else
                oc_document_fail (doc, object, "bits", _("“%s” holds objects"), "bits");
        }
    }
}

/* A meter that counts money computes with the prices on its card. */
static void
check_prices (OcDocument *doc, JsonObject *root, const OcLayout *layout)
{
    gboolean price = FALSE, tiers = FALSE;

    for (guint i = 0; i < layout->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (layout->areas, i);

        if (area->role != OC_ROLE_PRICES && area->role != OC_ROLE_LADDER)
            continue;
        price = price || oc_layout_field (area, "rate") != NULL || oc_layout_field (area, "price") != NULL;
        tiers = tiers || (oc_layout_field (area, "price") != NULL && oc_layout_field (area, "limit") != NULL);
    }
    if (layout->by_money && !price)
        oc_document_fail (doc, root, "billing", _("a meter that counts money needs a field “rate” or “price”"));
    if (layout->by_money && layout->tiered && !tiers)
        oc_document_fail (doc, root, "tiered", _("tiers need the fields “limit” and “price”"));
}

void
oc_layout_check (OcDocument *doc, JsonObject *root, OcLayout *layout)
{
    gboolean cpu = g_str_equal (layout->family, "cpu");

    check_places (doc, root, layout);
    if (cpu && !layout->authentic)
        oc_document_fail (doc, root, "authentication", _("a CPU card proves itself: “authentication” is true"));
    if (!cpu || doc->error != NULL)
        return;
    check_roles (doc, root, layout);
    if (doc->error != NULL)
        return;
    check_order (doc, root, layout);
    check_needed (doc, root, layout);
    check_prices (doc, root, layout);
    for (guint i = 0; i < layout->areas->len && doc->error == NULL; i++) {
        OcLayoutArea *area = g_ptr_array_index (layout->areas, i);

        check_values (doc, area_source (root, i), area);
        read_empty (doc, area_source (root, i), area);
        read_bits (doc, area_source (root, i), layout, area);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/setting-form.h"

static void
add_object (JsonBuilder *builder, const OcFields *fields)
{
    json_builder_begin_object (builder);
    for (guint i = 0; fields && i < oc_fields_count (fields); i++) {
        json_builder_set_member_name (builder, oc_fields_name (fields, i));
        json_builder_add_string_value (builder, oc_fields_value (fields, i));
    }
    for (guint i = 0; fields && i < oc_fields_n_tables (fields); i++) {
        const char *name = oc_fields_table_name (fields, i);
        GPtrArray *rows = oc_fields_get_rows (fields, name);

        json_builder_set_member_name (builder, name);
        json_builder_begin_array (builder);
        for (guint row = 0; row < rows->len; row++)
            add_object (builder, rows->pdata[row]);
        json_builder_end_array (builder);
    }
    json_builder_end_object (builder);
}

JsonNode *
oc_setting_form_new (const OcFields *fields)
{
    g_autoptr(JsonBuilder) builder = json_builder_new ();

    add_object (builder, fields);

    return json_builder_get_root (builder);
}

char *
oc_setting_form_text (JsonNode *document)
{
    return json_to_string (document, FALSE);
}

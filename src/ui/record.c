/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records. */
#include "ui/record.h"

int
oc_record_find (OcRows *rows, gint64 id)
{
    for (guint i = 0; rows != NULL && i < oc_rows_count (rows); i++) {
        if (oc_rows_int (rows, i, "id") == id)
            return (int) i;
    }
    return -1;
}

OcFields *
oc_record_of_row (OcRows *rows, guint row)
{
    OcFields *fields = oc_fields_new (NULL);

    oc_fields_set_columns (fields, rows, row);
    return fields;
}

gint64
oc_record_id (const OcFields *record)
{
    return record != NULL ? g_ascii_strtoll (oc_fields_get (record, "id"), NULL, 10) : 0;
}

gint64
oc_record_version (const OcFields *record)
{
    return record != NULL ? g_ascii_strtoll (oc_fields_get (record, "row_version"), NULL, 10) : 0;
}

static void
add_table (OcFields *values, const char *name, GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++)
        oc_fields_add_row (values, name, rows->pdata[i]);
}

void
oc_record_complete (OcFields *values, const OcFields *record)
{
    for (guint i = 0; i < oc_fields_count (record); i++) {
        const char *name = oc_fields_name (record, i);
        if (oc_fields_get (values, name) == NULL)
            oc_fields_set (values, name, oc_fields_value (record, i));
    }
    for (guint i = 0; i < oc_fields_n_tables (record); i++) {
        const char *name = oc_fields_table_name (record, i);
        if (oc_fields_get_rows (values, name) == NULL)
            add_table (values, name, oc_fields_get_rows (record, name));
    }
}

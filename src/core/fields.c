/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and values in order. A group has a few dozen fields, so a search goes through them one by one. */
#include "core/fields.h"

typedef struct {
    char *name, *label, *value, *raw, *ledger_value;
} Field;

typedef struct {
    char *name;
    GPtrArray *rows; /* OcFields */
} Table;

struct _OcFields {
    gatomicrefcount refs;
    char *title;
    GPtrArray *fields; /* Field */
    GPtrArray *tables; /* Table */
};

static void
field_free (gpointer data)
{
    Field *field = data;

    g_free (field->name);
    g_free (field->label);
    g_free (field->value);
    g_free (field->raw);
    g_free (field->ledger_value);
    g_free (field);
}

static void
table_free (gpointer data)
{
    Table *table = data;

    g_free (table->name);
    g_ptr_array_unref (table->rows);
    g_free (table);
}

static Field *
field_at (const OcFields *self, guint i)
{
    g_assert (i < self->fields->len);

    return g_ptr_array_index (self->fields, i);
}

static Field *
find_field (const OcFields *self, const char *name)
{
    for (guint i = 0; i < self->fields->len; i++)
        if (g_str_equal (field_at (self, i)->name, name))
            return field_at (self, i);

    return NULL;
}

static Table *
find_table (const OcFields *self, const char *name)
{
    for (guint i = 0; i < self->tables->len; i++) {
        Table *table = g_ptr_array_index (self->tables, i);

        if (g_str_equal (table->name, name))
            return table;
    }

    return NULL;
}

OcFields *
oc_fields_new (const char *title)
{
    OcFields *self = g_new0 (OcFields, 1);

    g_atomic_ref_count_init (&self->refs);
    self->title = g_strdup (title);
    self->fields = g_ptr_array_new_with_free_func (field_free);
    self->tables = g_ptr_array_new_with_free_func (table_free);

    return self;
}

OcFields *
oc_fields_ref (OcFields *self)
{
    g_atomic_ref_count_inc (&self->refs);

    return self;
}

void
oc_fields_unref (OcFields *self)
{
    if (!g_atomic_ref_count_dec (&self->refs))
        return;

    g_free (self->title);
    g_ptr_array_unref (self->fields);
    g_ptr_array_unref (self->tables);
    g_free (self);
}

const char *
oc_fields_get_title (const OcFields *self)
{
    return self->title;
}

void
oc_fields_set_title (OcFields *self, const char *title)
{
    char *copy = g_strdup (title);

    g_free (self->title);
    self->title = copy;
}

void
oc_fields_set (OcFields *self, const char *name, const char *value)
{
    oc_fields_set_full (self, name, NULL, value, NULL, NULL);
}

void
oc_fields_set_columns (OcFields *self, OcRows *rows, guint row)
{
    for (guint i = 0; i < oc_rows_n_columns (rows); i++)
        oc_fields_set (self, oc_rows_column_name (rows, i), oc_rows_text (rows, row, oc_rows_column_name (rows, i)));
}

void
oc_fields_set_full (OcFields *self, const char *name, const char *label, const char *value, const char *raw_hex,
    const char *ledger_value)
{
    Field *old, *field;
    guint i;

    g_return_if_fail (name != NULL);

    field = g_new (Field, 1);
    *field = (Field){ g_strdup (name), g_strdup (label), g_strdup (value ? value : ""), g_strdup (raw_hex),
        g_strdup (ledger_value) };
    if ((old = find_field (self, name)) == NULL) {
        g_ptr_array_add (self->fields, field);
        return;
    }
    g_assert (g_ptr_array_find (self->fields, old, &i));
    g_ptr_array_index (self->fields, i) = field;
    field_free (old);
}

void
oc_fields_add_row (OcFields *self, const char *name, OcFields *row)
{
    Table *table = find_table (self, name);

    g_return_if_fail (row != NULL && row != self);

    if (table == NULL) {
        table = g_new (Table, 1);
        *table = (Table){ g_strdup (name), g_ptr_array_new_with_free_func ((GDestroyNotify) oc_fields_unref) };
        g_ptr_array_add (self->tables, table);
    }
    g_ptr_array_add (table->rows, oc_fields_ref (row));
}

guint
oc_fields_count (const OcFields *self)
{
    return self->fields->len;
}

const char *
oc_fields_name (const OcFields *self, guint i)
{
    return field_at (self, i)->name;
}

const char *
oc_fields_label (const OcFields *self, guint i)
{
    return field_at (self, i)->label;
}

const char *
oc_fields_value (const OcFields *self, guint i)
{
    return field_at (self, i)->value;
}

const char *
oc_fields_raw (const OcFields *self, guint i)
{
    return field_at (self, i)->raw;
}

const char *
oc_fields_ledger_value (const OcFields *self, guint i)
{
    return field_at (self, i)->ledger_value;
}

gboolean
oc_fields_differs (const OcFields *self, guint i)
{
    const Field *field = field_at (self, i);

    return field->ledger_value && !g_str_equal (field->ledger_value, field->value);
}

const char *
oc_fields_get (const OcFields *self, const char *name)
{
    const Field *field = find_field (self, name);

    return field ? field->value : NULL;
}

guint
oc_fields_n_tables (const OcFields *self)
{
    return self->tables->len;
}

const char *
oc_fields_table_name (const OcFields *self, guint i)
{
    g_assert (i < self->tables->len);

    return ((const Table *) g_ptr_array_index (self->tables, i))->name;
}

GPtrArray *
oc_fields_get_rows (const OcFields *self, const char *name)
{
    const Table *table = find_table (self, name);

    return table ? table->rows : NULL;
}

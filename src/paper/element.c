/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements and their properties. */
#include "paper/element.h"

#include "paper/property.h"

#define BIT(kind) (1u << OC_ELEMENT_##kind)
#define ALL ((1u << OC_N_ELEMENTS) - 1)
#define LETTERS (BIT (TEXT) | BIT (FIELD) | BIT (CAPITAL) | BIT (TABLE))
#define AT(member) G_STRUCT_OFFSET (OcElement, member)
#define IN_COLUMN(member) G_STRUCT_OFFSET (OcTableColumn, member)

#define MAX_LENGTH 2000 /* mm */
#define MAX_SIZE 200    /* points */

const char *const oc_element_kinds[] = { "text", "field", "capital", "line", "rectangle", "image", "barcode", "table",
    NULL };
static const char *const aligns[] = { "left", "center", "right", NULL };
static const char *const fits[] = { "shrink", "ellipsize", "wrap", NULL };
static const char *const symbologies[] = { "qr", "code128", NULL };

const OcProperty oc_element_properties[] = {
    { "x", OC_PROPERTY_NUMBER, ALL, AT (x), -MAX_LENGTH, MAX_LENGTH, NULL },
    { "y", OC_PROPERTY_NUMBER, ALL, AT (y), -MAX_LENGTH, MAX_LENGTH, NULL },
    { "width", OC_PROPERTY_NUMBER, ALL, AT (width), 0, MAX_LENGTH, NULL },
    { "height", OC_PROPERTY_NUMBER, ALL, AT (height), 0, MAX_LENGTH, NULL },
    { "when", OC_PROPERTY_CONDITION, ALL, AT (when), 0, 0, NULL },
    { "text", OC_PROPERTY_PATTERN, BIT (TEXT) | BIT (FIELD) | BIT (BARCODE), AT (text), 0, 0, NULL },
    { "field", OC_PROPERTY_NAME, BIT (CAPITAL) | BIT (IMAGE) | BIT (TABLE), AT (field), 0, 0, NULL },
    { "size", OC_PROPERTY_NUMBER, LETTERS, AT (style.size), 1, MAX_SIZE, NULL },
    { "bold", OC_PROPERTY_FLAG, LETTERS, AT (style.bold), 0, 0, NULL },
    { "ink", OC_PROPERTY_COLOR, LETTERS, AT (style.color), 0, 0, NULL },
    { "align", OC_PROPERTY_WORD, BIT (TEXT) | BIT (FIELD) | BIT (CAPITAL), AT (style.align), 0, 0, aligns },
    { "fit", OC_PROPERTY_WORD, BIT (TEXT) | BIT (FIELD) | BIT (CAPITAL), AT (style.fit), 0, 0, fits },
    { "thickness", OC_PROPERTY_NUMBER, BIT (LINE) | BIT (RECTANGLE) | BIT (TABLE), AT (thickness), 0, 100, NULL },
    { "dash", OC_PROPERTY_NUMBER, BIT (LINE), AT (dash), 0, 100, NULL },
    { "color", OC_PROPERTY_COLOR, BIT (LINE) | BIT (RECTANGLE) | BIT (TABLE), AT (color), 0, 0, NULL },
    { "filled", OC_PROPERTY_FLAG, BIT (RECTANGLE), AT (filled), 0, 0, NULL },
    { "fill", OC_PROPERTY_COLOR, BIT (RECTANGLE), AT (fill), 0, 0, NULL },
    { "radius", OC_PROPERTY_NUMBER, BIT (RECTANGLE), AT (radius), 0, MAX_LENGTH, NULL },
    { "data", OC_PROPERTY_PNG, BIT (IMAGE), AT (data), 0, 0, NULL },
    { "symbology", OC_PROPERTY_WORD, BIT (BARCODE), AT (symbology), 0, 0, symbologies },
    { "row_height", OC_PROPERTY_NUMBER, BIT (TABLE), AT (row_height), 1, 100, NULL },
    { "columns", OC_PROPERTY_COLUMNS, BIT (TABLE), AT (columns), 0, 0, NULL },
    { NULL },
};

const OcProperty oc_column_properties[] = {
    { "title", OC_PROPERTY_PHRASE, ALL, IN_COLUMN (title), 0, 0, NULL },
    { "text", OC_PROPERTY_PATTERN, ALL, IN_COLUMN (pattern), 0, 0, NULL },
    { "width", OC_PROPERTY_NUMBER, ALL, IN_COLUMN (width), 0, MAX_LENGTH, NULL },
    { "align", OC_PROPERTY_WORD, ALL, IN_COLUMN (align), 0, 0, aligns },
    { NULL },
};

const char *
oc_phrase_get (const OcPhrase *self, const char *language)
{
    gboolean chinese = g_strcmp0 (language, "zh") == 0;
    const char *first = chinese ? self->zh : self->en;
    const char *second = chinese ? self->en : self->zh;

    return first ? first : second ? second : "";
}

static void
clear_column (gpointer column)
{
    oc_properties_clear (oc_column_properties, column);
}

GArray *
oc_table_columns_new (void)
{
    GArray *columns = g_array_new (FALSE, TRUE, sizeof (OcTableColumn));

    g_array_set_clear_func (columns, clear_column);

    return columns;
}

static GArray *
copy_columns (const GArray *from)
{
    GArray *to = oc_table_columns_new ();

    g_array_set_size (to, from->len);
    for (guint i = 0; i < from->len; i++)
        oc_properties_copy (oc_column_properties, &g_array_index (to, OcTableColumn, i),
            &g_array_index (from, OcTableColumn, i));

    return to;
}

static gboolean
equal_columns (const GArray *a, const GArray *b)
{
    if (a->len != b->len)
        return FALSE;

    for (guint i = 0; i < a->len; i++)
        for (const OcProperty *p = oc_column_properties; p->name; p++)
            if (!oc_property_equal (p, &g_array_index (a, OcTableColumn, i), &g_array_index (b, OcTableColumn, i)))
                return FALSE;

    return TRUE;
}

void
oc_properties_copy (const OcProperty *properties, gpointer to, gconstpointer from)
{
    for (const OcProperty *p = properties; p->name; p++) {
        switch (p->type) {
        case OC_PROPERTY_NUMBER:
            *OC_PROPERTY_AT (double, to, p) = *OC_PROPERTY_AT (double, from, p);
            break;
        case OC_PROPERTY_FLAG:
        case OC_PROPERTY_WORD:
        case OC_PROPERTY_COLOR:
            *OC_PROPERTY_AT (guint32, to, p) = *OC_PROPERTY_AT (guint32, from, p);
            break;
        case OC_PROPERTY_NAME:
        case OC_PROPERTY_CONDITION:
            *OC_PROPERTY_AT (char *, to, p) = g_strdup (*OC_PROPERTY_AT (char *, from, p));
            break;
        case OC_PROPERTY_PHRASE:
        case OC_PROPERTY_PATTERN:
            OC_PROPERTY_AT (OcPhrase, to, p)->zh = g_strdup (OC_PROPERTY_AT (OcPhrase, from, p)->zh);
            OC_PROPERTY_AT (OcPhrase, to, p)->en = g_strdup (OC_PROPERTY_AT (OcPhrase, from, p)->en);
            break;
        case OC_PROPERTY_PNG:
            if (*OC_PROPERTY_AT (GBytes *, from, p))
                *OC_PROPERTY_AT (GBytes *, to, p) = g_bytes_ref (*OC_PROPERTY_AT (GBytes *, from, p));
            break;
        case OC_PROPERTY_COLUMNS:
            *OC_PROPERTY_AT (GArray *, to, p) = copy_columns (*OC_PROPERTY_AT (GArray *, from, p));
            break;
        }
    }
}

void
oc_properties_clear (const OcProperty *properties, gpointer base)
{
    for (const OcProperty *p = properties; p->name; p++) {
        switch (p->type) {
        case OC_PROPERTY_NUMBER:
        case OC_PROPERTY_FLAG:
        case OC_PROPERTY_WORD:
        case OC_PROPERTY_COLOR:
            break;
        case OC_PROPERTY_NAME:
        case OC_PROPERTY_CONDITION:
            g_clear_pointer (OC_PROPERTY_AT (char *, base, p), g_free);
            break;
        case OC_PROPERTY_PHRASE:
        case OC_PROPERTY_PATTERN:
            g_clear_pointer (&OC_PROPERTY_AT (OcPhrase, base, p)->zh, g_free);
            g_clear_pointer (&OC_PROPERTY_AT (OcPhrase, base, p)->en, g_free);
            break;
        case OC_PROPERTY_PNG:
            g_clear_pointer (OC_PROPERTY_AT (GBytes *, base, p), g_bytes_unref);
            break;
        case OC_PROPERTY_COLUMNS:
            g_clear_pointer (OC_PROPERTY_AT (GArray *, base, p), g_array_unref);
            break;
        }
    }
}

gboolean
oc_property_equal (const OcProperty *property, gconstpointer a, gconstpointer b)
{
    switch (property->type) {
    case OC_PROPERTY_NUMBER:
        return G_APPROX_VALUE (*OC_PROPERTY_AT (double, a, property), *OC_PROPERTY_AT (double, b, property), 0.0006);
    case OC_PROPERTY_FLAG:
    case OC_PROPERTY_WORD:
    case OC_PROPERTY_COLOR:
        return *OC_PROPERTY_AT (guint32, a, property) == *OC_PROPERTY_AT (guint32, b, property);
    case OC_PROPERTY_NAME:
    case OC_PROPERTY_CONDITION:
        return g_strcmp0 (*OC_PROPERTY_AT (char *, a, property), *OC_PROPERTY_AT (char *, b, property)) == 0;
    case OC_PROPERTY_PHRASE:
    case OC_PROPERTY_PATTERN:
        return g_strcmp0 (OC_PROPERTY_AT (OcPhrase, a, property)->zh, OC_PROPERTY_AT (OcPhrase, b, property)->zh) == 0
            && g_strcmp0 (OC_PROPERTY_AT (OcPhrase, a, property)->en, OC_PROPERTY_AT (OcPhrase, b, property)->en) == 0;
    case OC_PROPERTY_PNG: {
        GBytes *one = *OC_PROPERTY_AT (GBytes *, a, property), *other = *OC_PROPERTY_AT (GBytes *, b, property);

        return one == other || (one && other && g_bytes_equal (one, other));
    }
    case OC_PROPERTY_COLUMNS:
        return equal_columns (*OC_PROPERTY_AT (GArray *, a, property), *OC_PROPERTY_AT (GArray *, b, property));
    }

    g_assert_not_reached ();
}

OcElement *
oc_element_new (OcElementKind kind)
{
    OcElement *self = g_new0 (OcElement, 1);

    self->kind = kind;
    self->width = 40;
    self->height = kind == OC_ELEMENT_LINE ? 0 : 6;
    self->style.size = 9;
    self->thickness = 0.2;
    self->fill = 0xffffff;
    self->row_height = 5;
    self->columns = oc_table_columns_new ();

    return self;
}

OcElement *
oc_element_copy (const OcElement *self)
{
    OcElement *copy = g_new0 (OcElement, 1);

    copy->kind = self->kind;
    oc_properties_copy (oc_element_properties, copy, self);

    return copy;
}

void
oc_element_free (OcElement *self)
{
    if (self == NULL)
        return;

    oc_properties_clear (oc_element_properties, self);
    g_free (self);
}

gboolean
oc_element_equal (const OcElement *a, const OcElement *b)
{
    if (a->kind != b->kind)
        return FALSE;

    for (const OcProperty *p = oc_element_properties; p->name; p++)
        if (OC_PROPERTY_FITS (p, a->kind) && !oc_property_equal (p, a, b))
            return FALSE;

    return TRUE;
}

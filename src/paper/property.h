/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an element consists of, as data: copying, comparing, storing and (some day) an inspector go by these rows.
 * For paper alone. */
#pragma once

#include "paper/element.h"

G_BEGIN_DECLS

#define OC_TEMPLATE_VERSION 1 /* of the JSON document */

typedef enum {
    OC_PROPERTY_NUMBER,  /* double */
    OC_PROPERTY_FLAG,    /* gboolean */
    OC_PROPERTY_COLOR,   /* guint32 */
    OC_PROPERTY_WORD,    /* an enum, by words */
    OC_PROPERTY_NAME,    /* char *: name of a field */
    OC_PROPERTY_CONDITION, /* char *: name of a field, "!" before it */
    OC_PROPERTY_PHRASE,  /* OcPhrase */
    OC_PROPERTY_PATTERN, /* OcPhrase with places; plain words in a TEXT element */
    OC_PROPERTY_PNG,     /* GBytes * */
    OC_PROPERTY_COLUMNS, /* GArray * of OcTableColumn */
} OcPropertyType;

typedef struct {
    const char *name;
    OcPropertyType type;
    guint kinds;   /* 1 << OcElementKind each */
    gsize offset;
    double min, max;           /* NUMBER */
    const char *const *words;  /* WORD; NULL-terminated */
} OcProperty;

/* Ended by a row without name. */
extern const OcProperty oc_element_properties[];
extern const OcProperty oc_column_properties[];
extern const char *const oc_element_kinds[]; /* words of OcElementKind, NULL-terminated */

#define OC_PROPERTY_AT(type, base, property) ((type *) (gpointer) ((char *) (base) + (property)->offset))
#define OC_PROPERTY_FITS(property, kind) (((property)->kinds & (1u << (kind))) != 0)

void oc_properties_copy (const OcProperty *properties, gpointer to, gconstpointer from);
void oc_properties_clear (const OcProperty *properties, gpointer base);
/* One row. Numbers are the same where they are stored the same, in thousandths. */
gboolean oc_property_equal (const OcProperty *property, gconstpointer a, gconstpointer b);

/* With @columns' own elements cleared when it goes. */
GArray *oc_table_columns_new (void);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elements of a paper template: tagged structs, copied by value. Lengths are millimetres, sizes of letters points;
 * no element knows how it is drawn (painter.c) or stored (template-io.c): both go by the kind and its properties. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    OC_ELEMENT_TEXT,
    OC_ELEMENT_FIELD,
    OC_ELEMENT_CAPITAL,   /* an amount in capital Chinese numerals */
    OC_ELEMENT_LINE,
    OC_ELEMENT_RECTANGLE,
    OC_ELEMENT_IMAGE,
    OC_ELEMENT_BARCODE,
    OC_ELEMENT_TABLE,     /* over the rows of a field: a trade's lines */
    OC_N_ELEMENTS,
} OcElementKind;

/* The same words in both languages; where one is NULL the other one serves. */
typedef struct {
    char *zh, *en;
} OcPhrase;

/* @language: "zh" or "en". Never NULL; borrowed. */
const char *oc_phrase_get (const OcPhrase *self, const char *language);

typedef enum { OC_ALIGN_LEFT, OC_ALIGN_CENTER, OC_ALIGN_RIGHT } OcAlign;
/* What happens to words that are wider than their box: smaller letters down to 60 % and then an ellipsis; an ellipsis at
 * once; or more lines, then smaller letters, then an ellipsis. */
typedef enum { OC_FIT_SHRINK, OC_FIT_ELLIPSIZE, OC_FIT_WRAP } OcFit;
typedef enum { OC_SYMBOLOGY_QR, OC_SYMBOLOGY_CODE128 } OcSymbology;

typedef struct {
    double size;    /* points */
    gboolean bold;
    guint32 color;  /* 0xRRGGBB */
    OcAlign align;
    OcFit fit;
} OcTextStyle;

/* A column of a table element. */
typedef struct {
    OcPhrase title;
    OcPhrase pattern;  /* as of a field element, over the row's fields */
    double width;      /* millimetres; 0: shares what the others leave */
    OcAlign align;
} OcTableColumn;

typedef struct {
    OcElementKind kind;
    double x, y, width, height; /* millimetres from the paper's top left; a line runs from its corner to the other one */
    char *when;                 /* drawn only where this field is not empty ("!copy": only where it is); NULL: always */
    OcTextStyle style;          /* TEXT, FIELD, CAPITAL, TABLE */
    /* TEXT: the words. FIELD and BARCODE: a pattern of words and places, "{quantity} {quantity_unit}", "{due:money}";
     * formats: text (the default), money, quantity, time, word, sub-meter. Where every place is empty nothing is drawn. */
    OcPhrase text;
    char *field;                /* CAPITAL: amount; IMAGE: base64 of a PNG, used instead of data; TABLE: the rows */
    double thickness;           /* LINE, RECTANGLE: of the pen; 0: no outline. TABLE: of the rule under the titles */
    double dash;                /* LINE: length of dash and gap, 0: solid */
    guint32 color;              /* LINE, RECTANGLE: of the pen. TABLE: of titles and rule */
    gboolean filled;            /* RECTANGLE */
    guint32 fill;
    double radius;
    GBytes *data;               /* IMAGE: a PNG */
    OcSymbology symbology;      /* BARCODE */
    double row_height;          /* TABLE: of a row; less where more rows have to fit */
    GArray *columns;            /* TABLE: OcTableColumn */
} OcElement;

/* With the kind's defaults; caller frees. */
OcElement *oc_element_new (OcElementKind kind);
OcElement *oc_element_copy (const OcElement *self);
void oc_element_free (OcElement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcElement, oc_element_free)
gboolean oc_element_equal (const OcElement *a, const OcElement *b);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A paper template: the document that a receipt is drawn from. A plain value in millimetres. */
#pragma once

#include "paper/element.h"

G_BEGIN_DECLS

typedef struct {
    char *name;           /* "purchase" */
    OcPhrase title;       /* of the document: the PDF's title, the print job's name */
    double width, height; /* of the paper, millimetres */
    char *font;           /* families by preference, separated by commas */
    GPtrArray *elements;  /* OcElement, the lowest first */
} OcTemplate;

OcTemplate *oc_template_new (const char *name, double width, double height);
OcTemplate *oc_template_copy (const OcTemplate *self);
void oc_template_free (OcTemplate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcTemplate, oc_template_free)
gboolean oc_template_equal (const OcTemplate *a, const OcTemplate *b);

/* Millimetres. */
double oc_template_get_width (const OcTemplate *self);
double oc_template_get_height (const OcTemplate *self);
/* In the user's language; borrowed. */
const char *oc_template_get_title (const OcTemplate *self);

/* @element is taken over. */
void oc_template_add (OcTemplate *self, OcElement *element);

G_END_DECLS

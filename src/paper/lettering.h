/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in a box. For paper alone. */
#pragma once

#include <pango/pangocairo.h>

#include "paper/element.h"

G_BEGIN_DECLS

/* What all words of a page share: the fonts and the measure of a point. */
typedef struct {
    cairo_t *cr;
    PangoContext *context;
    PangoFontDescription *font;
} OcLettering;

/* @cr in millimetres, kept; @font: families by preference. */
void oc_lettering_init (OcLettering *self, cairo_t *cr, const char *font);
void oc_lettering_clear (OcLettering *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OcLettering, oc_lettering_clear)

/* Draws @text in the box, in the middle of its height; never outside its width. Millimetres. */
void oc_lettering_draw (OcLettering *self, const OcTextStyle *style, const char *text, double x, double y, double width,
    double height);

G_END_DECLS

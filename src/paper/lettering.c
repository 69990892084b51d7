/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words are laid out in points, drawn in millimetres. Measures are not rounded to dots, so that the same lines break at
 * the same places on every device. */
#include "paper/lettering.h"

#define MM_PER_POINT (25.4 / 72)
#define SMALLEST 0.6  /* of the letters' size */
#define SHRINK 0.95   /* a step of shrinking lines */
#define SLACK 0.05    /* points: what measures may differ by without harm */

void
oc_lettering_init (OcLettering *self, cairo_t *cr, const char *font)
{
    cairo_font_options_t *options = cairo_font_options_create ();

    self->cr = cr;
    self->context = pango_cairo_create_context (cr);
    self->font = pango_font_description_new ();
    pango_font_description_set_family (self->font, font);

    cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options (self->context, options);
    cairo_font_options_destroy (options);
    pango_context_set_round_glyph_positions (self->context, FALSE);
    /* Without it a family of CJK fonts may show the Japanese forms of shared characters. */
    pango_context_set_language (self->context, pango_language_from_string ("zh-cn"));
}

void
oc_lettering_clear (OcLettering *self)
{
    g_clear_object (&self->context);
    g_clear_pointer (&self->font, pango_font_description_free);
}

static void
set_size (OcLettering *self, PangoLayout *layout, double points)
{
    pango_font_description_set_absolute_size (self->font, points * PANGO_SCALE);
    pango_layout_set_font_description (layout, self->font);
}

static void
get_size (PangoLayout *layout, double *width, double *height)
{
    int w, h;

    pango_layout_get_size (layout, &w, &h);
    *width = (double) w / PANGO_SCALE;
    *height = (double) h / PANGO_SCALE;
}

/* Makes the words fit @width by @height points, by the style's way. */
static void
fit (OcLettering *self, PangoLayout *layout, const OcTextStyle *style, double width, double height)
{
    double size = style->size, w, h;

    set_size (self, layout, size);
    if (style->fit == OC_FIT_WRAP) {
        pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
        pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
        for (get_size (layout, &w, &h); h > height + SLACK && size > style->size * SMALLEST;
             get_size (layout, &w, &h)) {
            size *= SHRINK;
            set_size (self, layout, size);
        }
        if (h > height + SLACK) {
            pango_layout_set_height (layout, (int) (height * PANGO_SCALE));
            pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
        }
        return;
    }

    get_size (layout, &w, &h);
    if (w > width && style->fit == OC_FIT_SHRINK)
        set_size (self, layout, size * MAX (SMALLEST, width / w * 0.999));
    pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
    pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
}

void
oc_lettering_draw (OcLettering *self, const OcTextStyle *style, const char *text, double x, double y, double width,
    double height)
{
    static const PangoAlignment alignments[] = { PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT };
    double box_width = width / MM_PER_POINT, box_height = height / MM_PER_POINT, w, h;
    PangoLayout *layout;

    if (width <= 0 || height <= 0 || style->size <= 0)
        return;

    cairo_save (self->cr);
    cairo_translate (self->cr, x, y);
    cairo_scale (self->cr, MM_PER_POINT, MM_PER_POINT);
    pango_cairo_update_context (self->cr, self->context);

    layout = pango_layout_new (self->context);
    pango_font_description_set_weight (self->font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_alignment (layout, alignments[style->align]);
    pango_layout_set_single_paragraph_mode (layout, style->fit != OC_FIT_WRAP);
    pango_layout_set_text (layout, text, -1);
    fit (self, layout, style, box_width, box_height);

    get_size (layout, &w, &h);
    cairo_set_source_rgb (self->cr, (style->color >> 16 & 0xff) / 255.0, (style->color >> 8 & 0xff) / 255.0,
        (style->color & 0xff) / 255.0);
    cairo_move_to (self->cr, 0, (box_height - h) / 2);
    pango_cairo_show_layout (self->cr, layout);

    g_object_unref (layout);
    cairo_restore (self->cr);
}

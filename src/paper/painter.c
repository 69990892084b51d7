/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One function a kind of element, chosen by a table. */
#include "paper/painter.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/capital.h"
#include "paper/barcode.h"
#include "paper/lettering.h"
#include "paper/pattern.h"
#include "paper/png.h"

#define HEADER_SIZE 0.9      /* of a table's letters */
#define SMALLEST_ROW 0.55    /* of a table's row height; more rows than that are counted, not shown */
#define COLUMN_GAP 1.5       /* mm */

typedef struct {
    cairo_t *cr;
    OcLettering lettering;
    const OcFields *fields;
    const char *language;
} Page;

static void
set_color (cairo_t *cr, guint32 color)
{
    cairo_set_source_rgb (cr, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0, (color & 0xff) / 255.0);
}

static void
draw_words (Page *page, const OcElement *element, const char *text)
{
    if (text)
        oc_lettering_draw (&page->lettering, &element->style, text, element->x, element->y, element->width,
            element->height);
}

static void
draw_text (Page *page, const OcElement *element)
{
    draw_words (page, element, oc_phrase_get (&element->text, page->language));
}

static void
draw_field (Page *page, const OcElement *element)
{
    g_autofree char *text = oc_pattern_fill (oc_phrase_get (&element->text, page->language), page->fields);

    draw_words (page, element, text);
}

static void
draw_capital (Page *page, const OcElement *element)
{
    const char *value = element->field ? oc_fields_get (page->fields, element->field) : NULL;
    g_autofree char *text = NULL;
    OcMoney money;

    if (value == NULL || !oc_money_from_decimal (value, &money))
        return;

    text = oc_money_to_capital (money);
    draw_words (page, element, text);
}

static void
draw_line (Page *page, const OcElement *element)
{
    if (element->thickness <= 0)
        return;

    cairo_set_line_width (page->cr, element->thickness);
    if (element->dash > 0)
        cairo_set_dash (page->cr, &element->dash, 1, 0);
    set_color (page->cr, element->color);
    cairo_move_to (page->cr, element->x, element->y);
    cairo_line_to (page->cr, element->x + element->width, element->y + element->height);
    cairo_stroke (page->cr);
}

static void
draw_rectangle (Page *page, const OcElement *element)
{
    double radius = MIN (element->radius, MIN (element->width, element->height) / 2);
    double left = element->x + radius, right = element->x + element->width - radius;
    double top = element->y + radius, bottom = element->y + element->height - radius;

    cairo_new_sub_path (page->cr);
    cairo_arc (page->cr, right, top, radius, -G_PI_2, 0);
    cairo_arc (page->cr, right, bottom, radius, 0, G_PI_2);
    cairo_arc (page->cr, left, bottom, radius, G_PI_2, G_PI);
    cairo_arc (page->cr, left, top, radius, G_PI, -G_PI_2);
    cairo_close_path (page->cr);
    if (element->filled) {
        set_color (page->cr, element->fill);
        cairo_fill_preserve (page->cr);
    }
    if (element->thickness > 0) {
        cairo_set_line_width (page->cr, element->thickness);
        set_color (page->cr, element->color);
        cairo_stroke_preserve (page->cr);
    }
    cairo_new_path (page->cr);
}

/* The picture of the field where there is one, else the template's own. Caller destroys; NULL for none. */
static cairo_surface_t *
load_image (Page *page, const OcElement *element)
{
    const char *text = element->field ? oc_fields_get (page->fields, element->field) : NULL;
    g_autoptr(GBytes) bytes = NULL;
    gsize size;
    guint8 *data;

    if (text == NULL || *text == '\0')
        return element->data ? oc_png_load (element->data) : NULL;

    data = g_base64_decode (text, &size);
    bytes = g_bytes_new_take (data, size);

    return oc_png_load (bytes);
}

static void
draw_image (Page *page, const OcElement *element)
{
    cairo_surface_t *image = load_image (page, element);
    double width, height, scale;

    if (image == NULL)
        return;

    width = cairo_image_surface_get_width (image);
    height = cairo_image_surface_get_height (image);
    scale = MIN (element->width / width, element->height / height);
    if (scale > 0) {
        cairo_translate (page->cr, element->x + (element->width - width * scale) / 2,
            element->y + (element->height - height * scale) / 2);
        cairo_scale (page->cr, scale, scale);
        cairo_rectangle (page->cr, 0, 0, width, height); /* dots that are enlarged would fade out beyond */
        cairo_clip (page->cr);
        cairo_set_source_surface (page->cr, image, 0, 0);
        cairo_paint (page->cr);
    }
    cairo_surface_destroy (image);
}

static void
draw_barcode (Page *page, const OcElement *element)
{
    g_autofree char *text = oc_pattern_fill (oc_phrase_get (&element->text, page->language), page->fields);

    set_color (page->cr, 0);
    if (text)
        oc_barcode_draw (page->cr, element->symbology, text, element->x, element->y, element->width, element->height);
}

/* One row of a table at @y: its titles where @row is NULL. */
static void
draw_row (Page *page, const OcElement *element, OcTextStyle *style, const OcFields *row, double y, double height)
{
    double shared = element->width, x = element->x;
    guint n_shared = 0;

    for (guint i = 0; i < element->columns->len; i++) {
        double width = g_array_index (element->columns, OcTableColumn, i).width;

        shared -= width;
        n_shared += width <= 0;
    }
    for (guint i = 0; i < element->columns->len; i++) {
        const OcTableColumn *column = &g_array_index (element->columns, OcTableColumn, i);
        double width = column->width > 0 ? column->width : MAX (shared, 0) / n_shared;
        const char *phrase = oc_phrase_get (row ? &column->pattern : &column->title, page->language);
        g_autofree char *text = row ? oc_pattern_fill (phrase, row) : g_strdup (phrase);

        style->align = column->align;
        if (text)
            oc_lettering_draw (&page->lettering, style, text, x, y,
                width - (i + 1 < element->columns->len ? COLUMN_GAP : 0), height);
        x += width;
    }
}

static void
draw_rest (Page *page, const OcElement *element, OcTextStyle *style, guint n, double y, double height)
{
    /* translators: the last line of a receipt's table that has no room for all */
    g_autofree char *text = g_strdup_printf (ngettext ("… and %u more line", "… and %u more lines", n), n);

    style->align = OC_ALIGN_LEFT;
    oc_lettering_draw (&page->lettering, style, text, element->x, y, element->width, height);
}

static void
draw_table (Page *page, const OcElement *element)
{
    GPtrArray *rows = element->field ? oc_fields_get_rows (page->fields, element->field) : NULL;
    guint n = rows ? rows->len : 0, n_shown = n;
    double height = element->row_height, y = element->y;
    OcTextStyle style = element->style;

    style.size *= HEADER_SIZE;
    style.color = element->color;
    draw_row (page, element, &style, NULL, y, height);
    y += height;
    if (element->thickness > 0) {
        set_color (page->cr, element->color);
        cairo_set_line_width (page->cr, element->thickness);
        cairo_move_to (page->cr, element->x, y);
        cairo_line_to (page->cr, element->x + element->width, y);
        cairo_stroke (page->cr);
    }

    style = element->style;
    height = n > 0 ? MIN (height, (element->height - height) / n) : height;
    if (height < element->row_height * SMALLEST_ROW) {
        double room = element->y + element->height - y;

        n_shown = (guint) MAX (0, floor (room / (element->row_height * SMALLEST_ROW)) - 1);
        height = room / (n_shown + 1);
    }
    style.size *= MIN (1, height / element->row_height * 1.1); /* rows close up before letters shrink */
    for (guint i = 0; i < n_shown; i++, y += height)
        draw_row (page, element, &style, g_ptr_array_index (rows, i), y, height);
    if (n_shown < n)
        draw_rest (page, element, &style, n - n_shown, y, height);
}

static void (*const draw[OC_N_ELEMENTS]) (Page *page, const OcElement *element) = {
    [OC_ELEMENT_TEXT] = draw_text,
    [OC_ELEMENT_FIELD] = draw_field,
    [OC_ELEMENT_CAPITAL] = draw_capital,
    [OC_ELEMENT_LINE] = draw_line,
    [OC_ELEMENT_RECTANGLE] = draw_rectangle,
    [OC_ELEMENT_IMAGE] = draw_image,
    [OC_ELEMENT_BARCODE] = draw_barcode,
    [OC_ELEMENT_TABLE] = draw_table,
};

void
oc_painter_paint (cairo_t *cr, const OcTemplate *template, const OcFields *fields, const char *language)
{
    g_auto(OcLettering) lettering = { NULL };
    Page page = { cr, { NULL }, fields, language ? language : oc_painter_language () };

    g_return_if_fail (cr != NULL);
    g_return_if_fail (template != NULL);
    g_return_if_fail (fields != NULL);

    cairo_save (cr);
    cairo_rectangle (cr, 0, 0, template->width, template->height);
    cairo_clip (cr);
    oc_lettering_init (&lettering, cr, template->font);
    page.lettering = lettering;
    for (guint i = 0; i < template->elements->len; i++) {
        const OcElement *element = g_ptr_array_index (template->elements, i);

        if (!oc_pattern_condition (element->when, fields))
            continue;
        cairo_save (cr);
        draw[element->kind] (&page, element);
        cairo_restore (cr);
    }
    cairo_new_path (cr);
    cairo_restore (cr);
}

const char *
oc_painter_language (void)
{
    /* translators: the language of the receipts' own words: "zh" for Chinese, "en" for anything else */
    const char *language = C_("language of receipts", "en");

    return g_str_equal (language, "zh") ? "zh" : "en";
}

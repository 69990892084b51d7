/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The document. */
#include "paper/template.h"

#include "paper/painter.h"

/* The first one that is installed serves: Debian, other Linux, Windows. */
#define DEFAULT_FONT "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, WenQuanYi Micro Hei, Sans"

OcTemplate *
oc_template_new (const char *name, double width, double height)
{
    OcTemplate *self = g_new0 (OcTemplate, 1);

    self->name = g_strdup (name);
    self->width = width;
    self->height = height;
    self->font = g_strdup (DEFAULT_FONT);
    self->elements = g_ptr_array_new_with_free_func ((GDestroyNotify) oc_element_free);

    return self;
}

OcTemplate *
oc_template_copy (const OcTemplate *self)
{
    OcTemplate *copy = oc_template_new (self->name, self->width, self->height);

    copy->title.zh = g_strdup (self->title.zh);
    copy->title.en = g_strdup (self->title.en);
    g_free (copy->font);
    copy->font = g_strdup (self->font);
    for (guint i = 0; i < self->elements->len; i++)
        oc_template_add (copy, oc_element_copy (g_ptr_array_index (self->elements, i)));

    return copy;
}

void
oc_template_free (OcTemplate *self)
{
    if (self == NULL)
        return;

    g_free (self->name);
    g_free (self->title.zh);
    g_free (self->title.en);
    g_free (self->font);
    g_ptr_array_unref (self->elements);
    g_free (self);
}

gboolean
oc_template_equal (const OcTemplate *a, const OcTemplate *b)
{
    if (g_strcmp0 (a->name, b->name) != 0 || g_strcmp0 (a->title.zh, b->title.zh) != 0
        || g_strcmp0 (a->title.en, b->title.en) != 0 || g_strcmp0 (a->font, b->font) != 0
        || !G_APPROX_VALUE (a->width, b->width, 0.0006) || !G_APPROX_VALUE (a->height, b->height, 0.0006)
        || a->elements->len != b->elements->len)
        return FALSE;

    for (guint i = 0; i < a->elements->len; i++)
        if (!oc_element_equal (g_ptr_array_index (a->elements, i), g_ptr_array_index (b->elements, i)))
            return FALSE;

    return TRUE;
}

double
oc_template_get_width (const OcTemplate *self)
{
    return self->width;
}

double
oc_template_get_height (const OcTemplate *self)
{
    return self->height;
}

const char *
oc_template_get_title (const OcTemplate *self)
{
    return oc_phrase_get (&self->title, oc_painter_language ());
}

void
oc_template_add (OcTemplate *self, OcElement *element)
{
    g_ptr_array_add (self->elements, element);
}

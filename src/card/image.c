/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a card holds, as named areas of bytes. */
#include "card/image.h"

typedef struct {
    char *name;
    GBytes *bytes;
} Area;

struct _OcImage {
    char *family;
    char *chip;
    GBytes *serial;
    GArray *areas; /* of Area, in the order in which they were set */
};

static void
area_clear (gpointer data)
{
    Area *area = data;

    g_free (area->name);
    g_bytes_unref (area->bytes);
}

static Area *
area_at (const OcImage *self, guint i)
{
    return &g_array_index (self->areas, Area, i);
}

static Area *
area_find (const OcImage *self, const char *name)
{
    for (guint i = 0; i < self->areas->len; i++)
        if (g_str_equal (area_at (self, i)->name, name))
            return area_at (self, i);
    return NULL;
}

static void
image_take (OcImage *self, const char *name, GBytes *bytes)
{
    Area *old = area_find (self, name);
    Area area;

    if (old != NULL) {
        g_bytes_unref (old->bytes);
        old->bytes = bytes;
        return;
    }
    area.name = g_strdup (name);
    area.bytes = bytes;
    g_array_append_val (self->areas, area);
}

OcImage *
oc_image_new (const char *family, const char *chip)
{
    OcImage *self = g_new0 (OcImage, 1);

    self->family = g_strdup (family);
    self->chip = g_strdup (chip);
    self->areas = g_array_new (FALSE, FALSE, sizeof (Area));
    g_array_set_clear_func (self->areas, area_clear);
    return self;
}

OcImage *
oc_image_copy (const OcImage *self)
{
    OcImage *copy = oc_image_new (self->family, self->chip);

    oc_image_set_serial (copy, self->serial);
    for (guint i = 0; i < self->areas->len; i++)
        image_take (copy, area_at (self, i)->name, g_bytes_ref (area_at (self, i)->bytes));
    return copy;
}

void
oc_image_free (OcImage *self)
{
    if (self == NULL)
        return;
    g_free (self->family);
    g_free (self->chip);
    g_clear_pointer (&self->serial, g_bytes_unref);
    g_array_unref (self->areas);
    g_free (self);
}

const char *
oc_image_family (const OcImage *self)
{
    return self->family;
}

const char *
oc_image_chip (const OcImage *self)
{
    return self->chip;
}

GBytes *
oc_image_serial (const OcImage *self)
{
    return self->serial;
}

void
oc_image_set_serial (OcImage *self, GBytes *serial)
{
    GBytes *old = self->serial;

    self->serial = serial != NULL ? g_bytes_ref (serial) : NULL;
    g_clear_pointer (&old, g_bytes_unref);
}

void
oc_image_set (OcImage *self, const char *area, const guint8 *data, gsize size)
{
    image_take (self, area, g_bytes_new (data, size));
}

GBytes *
oc_image_get (const OcImage *self, const char *area)
{
    Area *found = area_find (self, area);

    return found != NULL ? found->bytes : NULL;
}

guint
oc_image_count (const OcImage *self)
{
    return self->areas->len;
}

const char *
oc_image_area (const OcImage *self, guint i)
{
    g_return_val_if_fail (i < self->areas->len, NULL);
    return area_at (self, i)->name;
}

GBytes *
oc_image_bytes (const OcImage *self, guint i)
{
    g_return_val_if_fail (i < self->areas->len, NULL);
    return area_at (self, i)->bytes;
}

static gboolean
same (GBytes *a, GBytes *b)
{
    return a == b || (a != NULL && b != NULL && g_bytes_equal (a, b));
}

gboolean
oc_image_may_be_torn (GBytes *now, GBytes *before, GBytes *after, gboolean erased)
{
    gsize n = 0, n_before = 0, n_after;
    const guint8 *d = now != NULL ? g_bytes_get_data (now, &n) : NULL;
    const guint8 *b = before != NULL ? g_bytes_get_data (before, &n_before) : NULL;
    const guint8 *a = g_bytes_get_data (after, &n_after);

    if (d == NULL || n != n_after)
        return FALSE;
    if (b == NULL)
        return TRUE;
    if (n_before != n)
        return FALSE;
    for (gsize i = 0; i < n; i++)
        if (d[i] != b[i] && d[i] != a[i] && !(erased && d[i] == 0xFF))
            return FALSE;
    return TRUE;
}

OcImageState
oc_image_compare (const OcImage *self, const OcImage *before, const OcImage *after)
{
    gboolean erased = !g_str_equal (self->family, "cpu");
    gboolean is_old = TRUE;
    gboolean is_new = TRUE;
    gboolean is_torn = TRUE;

    for (guint i = 0; i < after->areas->len; i++) {
        const Area *target = area_at (after, i);
        GBytes *now = oc_image_get (self, target->name);
        GBytes *old = oc_image_get (before, target->name);

        is_new = is_new && same (now, target->bytes);
        is_old = is_old && same (now, old);
        is_torn = is_torn && (same (now, old) || oc_image_may_be_torn (now, old, target->bytes, erased));
    }
    if (is_new)
        return OC_IMAGE_NEW;
    if (is_old)
        return OC_IMAGE_OLD;
    return is_torn ? OC_IMAGE_TORN : OC_IMAGE_OTHER;
}

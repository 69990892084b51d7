/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The size is read from the header first: a small file can say that it is a very large picture. */
#include "paper/png.h"

#include <string.h>

#define MAX_SIDE 4096
#define HEADER 24 /* signature, chunk length and "IHDR", width, height */

typedef struct {
    const guint8 *data;
    gsize left;
} Source;

static cairo_status_t
read_cb (void *closure, unsigned char *out, unsigned int length)
{
    Source *source = closure;

    if (length > source->left)
        return CAIRO_STATUS_READ_ERROR;
    memcpy (out, source->data, length);
    source->data += length;
    source->left -= length;

    return CAIRO_STATUS_SUCCESS;
}

static guint32
big_endian (const guint8 *data)
{
    return (guint32) data[0] << 24 | (guint32) data[1] << 16 | (guint32) data[2] << 8 | data[3];
}

cairo_surface_t *
oc_png_load (GBytes *png)
{
    cairo_surface_t *surface;
    Source source;

    source.data = g_bytes_get_data (png, &source.left);
    if (source.left < HEADER || memcmp (source.data, "\x89PNG\r\n\x1a\n", 8) != 0
        || memcmp (source.data + 12, "IHDR", 4) != 0 || big_endian (source.data + 16) - 1 >= MAX_SIDE
        || big_endian (source.data + 20) - 1 >= MAX_SIDE)
        return NULL;

    surface = cairo_image_surface_create_from_png_stream (read_cb, &source);
    if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
        return surface;
    cairo_surface_destroy (surface);

    return NULL;
}

gboolean
oc_png_is_sound (GBytes *png)
{
    cairo_surface_t *surface = oc_png_load (png);

    if (surface == NULL)
        return FALSE;
    cairo_surface_destroy (surface);

    return TRUE;
}

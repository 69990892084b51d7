/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures from bytes that somebody else made. For paper alone. */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* Whether it is a PNG of 1 to 4096 dots a side that can be read whole. */
gboolean oc_png_is_sound (GBytes *png);
/* NULL where it is not. The caller destroys it. */
cairo_surface_t *oc_png_load (GBytes *png);

G_END_DECLS

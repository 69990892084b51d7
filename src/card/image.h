/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a card holds, as named areas of bytes, the same for every family: a CPU card's files ("DF01/02" is
 * directory DF01, short file 02), a memory card's records ("header", "V1A" = sale record of slot 1 copy A,
 * "R1B" = return record of slot 1 copy B). A plain value; no I/O. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _OcImage OcImage;

/* @family: "cpu", "24c" or "4442"; @chip: "cpu", "24c04", …, NULL when not known (a blank memory card). */
OcImage *oc_image_new (const char *family, const char *chip);
OcImage *oc_image_copy (const OcImage *self);
void oc_image_free (OcImage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcImage, oc_image_free)

const char *oc_image_family (const OcImage *self);
const char *oc_image_chip (const OcImage *self);
/* CPU: the 8 bytes of the card serial; memory: the 8 bytes of the card id, NULL on a blank card. Borrowed. */
GBytes *oc_image_serial (const OcImage *self);
void oc_image_set_serial (OcImage *self, GBytes *serial);

void oc_image_set (OcImage *self, const char *area, const guint8 *data, gsize size); /* adds or replaces */
GBytes *oc_image_get (const OcImage *self, const char *area); /* borrowed, NULL when absent */
guint oc_image_count (const OcImage *self);
const char *oc_image_area (const OcImage *self, guint i);
GBytes *oc_image_bytes (const OcImage *self, guint i);

/* How @self stands to a write from @before to @after, over the areas of @after. */
typedef enum { OC_IMAGE_OLD, OC_IMAGE_NEW, OC_IMAGE_TORN, OC_IMAGE_OTHER } OcImageState;
OcImageState oc_image_compare (const OcImage *self, const OcImage *before, const OcImage *after);

/* Could a write from @before to @after that was cut have left @now? @erased: the chip may also have left FF where it had
 * erased and not yet written. @before NULL: nothing is known of what was there. */
gboolean oc_image_may_be_torn (GBytes *now, GBytes *before, GBytes *after, gboolean erased);

G_END_DECLS

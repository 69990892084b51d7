/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secret bytes: wiping, constant-time comparison, random, hex. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void oc_wipe (void *data, gsize len);
gboolean oc_equal_ct (const guint8 *a, const guint8 *b, gsize len);
void oc_random (guint8 *out, gsize len);          /* aborts when the system has no randomness */
char *oc_hex (const guint8 *data, gsize len);     /* capitals; caller frees */
GBytes *oc_unhex (const char *hex);               /* NULL when it isn't hex; spaces are passed over */
/* GBytes whose memory is wiped when the last reference goes. */
GBytes *oc_secret_bytes (const guint8 *data, gsize len);

G_END_DECLS

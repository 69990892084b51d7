/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory cards behind a reader's own commands (there is no standard): choosing the chip's kind, reading, writing by
 * pages. For the card layer only. */
#pragma once

#include "card/apdu.h"
#include "card/layout.h"

G_BEGIN_DECLS

/* The command set of one family of readers. Addresses and lengths are within the chip; a write stays inside a page. */
typedef struct {
    const char *match; /* how the reader's name begins */
    /* Lets the reader speak to I2C chips of up to, or of more than, 16 kbit; STATUS when the chip does not answer. */
    gboolean (*choose) (OcCardLink *link, gboolean large, GError **error);
    gboolean (*set_page) (OcCardLink *link, guint page, GError **error);
    gboolean (*read) (OcCardLink *link, guint at, guint8 *out, gsize len, GError **error);
    gboolean (*write) (OcCardLink *link, guint at, const guint8 *data, gsize len, GError **error);
    gsize read_max;
} OcMemoryCommands;

extern const OcMemoryCommands oc_acs_commands;

/* By the reader's name; NULL: a reader that can't do memory cards. */
const OcMemoryCommands *oc_memory_commands (const char *reader);
/* Does the reader's made-up ATR say that an I2C memory card is in it? */
gboolean oc_memory_atr (const guint8 *atr, gsize len);
gboolean oc_memory_is_large (const OcLayoutChip *chip);

/* Reads any length in as few commands as the reader allows. */
gboolean oc_memory_read (const OcMemoryCommands *commands, OcCardLink *link, guint at, guint8 *out, gsize len, GError **error);

/* Called before each page is sent: the bytes [at, at + len) of the chip. FALSE stops. */
typedef gboolean (*OcMemoryBeforePage) (guint at, gsize len, gpointer data, GError **error);
/* Brings the bytes at @at from @now to @target: only pages that differ, and of each only from its first to its last
 * differing byte, in ascending order. */
gboolean oc_memory_write (const OcMemoryCommands *commands, OcCardLink *link, guint page, guint at, const guint8 *now,
    const guint8 *target, gsize len, OcMemoryBeforePage before, gpointer data, GError **error);

G_END_DECLS

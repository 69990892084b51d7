/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory cards behind a reader's own commands (there is no standard): choosing the chip's kind, reading, writing by
 * pages. For the card layer only. */
#pragma once

#include "card/apdu.h"
#include "card/layout.h"

G_BEGIN_DECLS

/* What a reader has to be told before it can speak to a chip. */
typedef enum {
    OC_MEMORY_SMALL, /* I2C, one address byte: up to 16 kbit */
    OC_MEMORY_LARGE, /* I2C, two */
    OC_MEMORY_4442,  /* 2-wire, PSC */
} OcMemoryKind;

typedef struct _OcMemoryCommands OcMemoryCommands;

/* A chip behind its reader. @kind and @chip as last chosen. */
typedef struct {
    const OcMemoryCommands *commands;
    OcCardLink *link;
    OcMemoryKind kind;
    const OcLayoutChip *chip; /* NULL: not known yet */
} OcMemoryPort;

/* The command set of one family of readers. Addresses and lengths are within the chip; a write stays inside a page. */
struct _OcMemoryCommands {
    const char *name;  /* as a station's settings call it: "acs" */
    const char *match; /* stands in the names of its readers */
    /* STATUS when the chip does not answer as one of that kind (an I2C chip can't be asked). @chip NULL: any of the kind. */
    gboolean (*choose) (OcMemoryPort *port, OcMemoryKind kind, const OcLayoutChip *chip, GError **error);
    /* Once before the first write of an exchange. */
    gboolean (*prepare_write) (OcMemoryPort *port, const OcLayoutChip *chip, GError **error);
    gboolean (*read) (OcMemoryPort *port, guint at, guint8 *out, gsize len, GError **error);
    gboolean (*write) (OcMemoryPort *port, guint at, const guint8 *data, gsize len, GError **error);
    /* SLE4442: the bits of its error counter (7, 3, 1: three, two tries, one; 0: locked), and the code. A wrong one: AUTH. */
    gboolean (*read_counter) (OcMemoryPort *port, guint8 *bits, GError **error);
    gboolean (*present_code) (OcMemoryPort *port, const guint8 psc[3], GError **error);
    gsize read_max;
};

extern const OcMemoryCommands oc_acs_commands;
extern const OcMemoryCommands oc_omnikey_commands;

/* As the station says, else by the reader's name; NULL: a reader that can't do memory cards. */
const OcMemoryCommands *oc_memory_commands (OcCardLink *link);
/* Does the reader's made-up ATR say that a memory card is in it? @kind (may be NULL): and which; SMALL stands for any I2C. */
gboolean oc_memory_atr (const guint8 *atr, gsize len, OcMemoryKind *kind);
OcMemoryKind oc_memory_kind (const char *family, const OcLayoutChip *chip);
const char *oc_memory_family (OcMemoryKind kind);

/* Reads any length in as few commands as the reader allows. */
gboolean oc_memory_read (OcMemoryPort *port, guint at, guint8 *out, gsize len, GError **error);

/* Called before each page is sent: the bytes [at, at + len) of the chip. FALSE stops. */
typedef gboolean (*OcMemoryBeforePage) (guint at, gsize len, gpointer data, GError **error);
/* Brings the bytes at @at from @now to @target: only pages that differ, and of each only from its first to its last
 * differing byte, in ascending order. */
gboolean oc_memory_write (OcMemoryPort *port, guint at, const guint8 *now, const guint8 *target, gsize len,
    OcMemoryBeforePage before, gpointer data, GError **error);

/* Presents the PSC of an SLE4442, if so many tries are left: AUTH otherwise, with nothing tried. */
gboolean oc_memory_unlock (OcMemoryPort *port, GBytes *psc, guint tries_needed, GError **error);

G_END_DECLS

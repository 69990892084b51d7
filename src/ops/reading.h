/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The value of a card that was read; for the acts that go on from it. */
#pragma once

#include "card/image.h"
#include "ops/ops.h"

G_BEGIN_DECLS

struct _OcReading {
    gatomicrefcount refs;
    guint generation;
    char *state;
    OcImage *image;   /* NULL: unreadable */
    OcRows *card, *meters, *trades; /* NULL: unreadable */
    GPtrArray *groups;
    GError *unreadable;
};

/* Takes @image over; @rows are api.card_read's. */
OcReading *oc_reading_new (OcImage *image, OcRows *rows, guint generation);
/* All that is known of the card is how it answered the reader; @atr may be NULL. */
OcReading *oc_reading_new_unreadable (const GError *why, guint generation, GBytes *atr);

/* Whether the card is still in the reader as it was read; one that was taken out since may be another one, or another state
 * of the same one. */
gboolean oc_reading_is_present (OcReading *self, OcDesk *desk, GError **error);

/* reading-groups.c: the image by its layouts, with what the ledger says beside it. Array of OcFields. */
GPtrArray *oc_reading_make_groups (const OcImage *image, OcRows *card, OcRows *meters);

G_END_DECLS

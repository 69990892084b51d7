/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a card link: one command, one answer, counted. For the card layer only. */
#pragma once

#include "card/card-service.h"

G_BEGIN_DECLS

struct _OcCardLink {
    OcReader *reader;
    GThread *thread; /* the service's, and the only one that may use the link */
    OcReaderState state;
    guint n_apdus;
    guint64 n_written;
};

/* One command as it is, nothing followed up. @out has OC_APDU_MAX bytes and gets the data without the status word.
 * @writes: how many bytes of it go into the card's memory. */
gboolean oc_card_link_exchange (OcCardLink *link, const guint8 *in, gsize in_len, gsize writes, guint8 *out, gsize *out_len,
    guint16 *sw, GError **error);

G_END_DECLS

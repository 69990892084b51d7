/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card service: a thread that alone holds the reader. It watches for readers and cards and runs exchanges
 * (one connect, one transaction) for the lanes. Signals come on the default main context:
 * "changed" whenever a property did. */
#pragma once

#include <gio/gio.h>

#include "card/reader.h"

G_BEGIN_DECLS

#define OC_TYPE_CARD_SERVICE (oc_card_service_get_type ())
G_DECLARE_FINAL_TYPE (OcCardService, oc_card_service, OC, CARD_SERVICE, GObject)

typedef enum {
    OC_PRESENCE_NO_SERVICE,
    OC_PRESENCE_NO_READER,
    OC_PRESENCE_NO_CARD,
    OC_PRESENCE_UNRESPONSIVE,
    OC_PRESENCE_CARD,
} OcPresence;

/* Takes the reader over and starts the thread. */
OcCardService *oc_card_service_new (OcReader *reader);
/* Stops the thread and frees the reader; idempotent. */
void oc_card_service_stop (OcCardService *self);

/* A snapshot; any thread. @reader_name is a copy, may be NULL. */
OcPresence oc_card_service_get_presence (OcCardService *self, char **reader_name);
/* Grows with every insertion or removal: an image read under one generation is stale under another. Any thread. */
guint oc_card_service_get_generation (OcCardService *self);
/* TRUE when an exchange has waited more than ten seconds for the reader (watchdog). */
gboolean oc_card_service_is_stuck (OcCardService *self);

/* A card inside an exchange. Only valid during the exchange, only on the service's thread. */
typedef struct _OcCardLink OcCardLink;
typedef gboolean (*OcCardExchange) (OcCardLink *link, gpointer data, GError **error);

/* Runs @func on the service's thread inside connect + transaction and waits for its end. Any thread but the
 * service's own and, in a program with windows, never the main one. @generation (in/out, may be NULL): if it
 * comes in as not 0 and another card event happened since, fails with CHANGED; goes out as the current one. */
gboolean oc_card_service_exchange (OcCardService *self, OcCardExchange func, gpointer data, guint *generation,
    GCancellable *cancellable, GError **error);

const guint8 *oc_card_link_atr (OcCardLink *link, gsize *len);
const char *oc_card_link_reader (OcCardLink *link);
/* One APDU; 61xx and 6Cxx are followed up here. @out gets the data without the status word (may be NULL),
 * @out_len its room and then its size. The status word comes back; only a transport fault is an error. */
gboolean oc_card_link_transmit (OcCardLink *link, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len,
    guint16 *sw, GError **error);
guint oc_card_link_n_apdus (OcCardLink *link); /* sent in this exchange, follow-ups counted */
guint64 oc_card_service_n_apdus (OcCardService *self); /* in all */
guint64 oc_card_service_n_written (OcCardService *self); /* data bytes of write commands in all */

G_END_DECLS

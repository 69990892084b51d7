/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card reader behind six functions, so that pcscd, a simulated card and a recorded session are one thing to
 * the rest. Owned by the card service's thread, except cancel () and free-after-join. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define OC_CARD_ERROR (oc_card_error_quark ())

typedef enum {
    OC_CARD_ERROR_NO_SERVICE,   /* pcscd / Smart Card service isn't there: it is tried again by itself */
    OC_CARD_ERROR_NO_READER,    /* plug a reader in */
    OC_CARD_ERROR_NO_CARD,      /* place a card */
    OC_CARD_ERROR_UNRESPONSIVE, /* a card without an answer (upside down, dirty): turn it over */
    OC_CARD_ERROR_BUSY,         /* another program holds the reader */
    OC_CARD_ERROR_REMOVED,      /* card or reader went during the exchange: what was sent last is unknown */
    OC_CARD_ERROR_CHANGED,      /* not the card, or not the state, that was read before: read again */
    OC_CARD_ERROR_UNREADABLE,   /* no layout fits this card: use another card */
    OC_CARD_ERROR_AUTH,         /* keys don't fit; tries left in the text; never retried by itself */
    OC_CARD_ERROR_STATUS,       /* the card answered an error status */
    OC_CARD_ERROR_PROTOCOL,     /* an answer that makes no sense */
} OcCardErrorCode;

GQuark oc_card_error_quark (void);
/* The status word that rode along, 0 if none. */
guint16 oc_card_error_get_sw (const GError *error);

#define OC_ATR_MAX 33
#define OC_APDU_MAX 262 /* CLA INS P1 P2 Lc 255 Le */

typedef struct {
    char *name;
    gboolean present;        /* a card is in it */
    gboolean unresponsive;   /* … but gives no ATR */
    guint32 events;          /* grows with every insertion or removal */
    guint8 atr[OC_ATR_MAX];
    gsize atr_len;
} OcReaderState;

void oc_reader_state_free (OcReaderState *self);
/* A reader's name without the numbers that the system puts behind it, which change with the socket it is in. Caller frees. */
char *oc_reader_name_stem (const char *name);

typedef struct _OcReader OcReader;

typedef struct {
    /* Readers and their cards now: OcReaderState. */
    GPtrArray *(*list) (OcReader *self, GError **error);
    /* Blocks until something differs from the last list () or wait (), @timeout_ms passed (-1: for ever), or
     * cancel () was called. TRUE also on cancel and time-out; FALSE with NO_SERVICE etc. */
    gboolean (*wait) (OcReader *self, int timeout_ms, GError **error);
    void (*cancel) (OcReader *self); /* any thread */
    /* Connects and begins a transaction. NULL name: the only reader with a card. */
    gboolean (*open) (OcReader *self, const char *name, OcReaderState *state, GError **error);
    /* One command, one answer (with its status word); @out has OC_APDU_MAX bytes. */
    gboolean (*transmit) (OcReader *self, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, GError **error);
    void (*close) (OcReader *self); /* ends the transaction, leaves the card */
    void (*free) (OcReader *self);
} OcReaderClass;

struct _OcReader {
    const OcReaderClass *klass;
    const char *commands; /* see oc_reader_set_commands () */
};

#define OC_READER_PLAIN "plain"
/* Whose commands for memory cards the reader understands, where its name does not tell: "acs", "omnikey", or OC_READER_PLAIN:
 * none. NULL: by the name. FALSE: there is no such. Before a card service takes the reader over. */
gboolean oc_reader_set_commands (OcReader *self, const char *name);
/* Can the reader of this name do memory cards? */
gboolean oc_reader_knows_memory (const OcReader *self, const char *reader);

/* The real one: winscard or pcsc-lite. @match: a reader whose name begins so, or NULL for any. */
OcReader *oc_pcsc_reader_new (const char *match);
void oc_reader_free (OcReader *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real reader: every SCARD call of the program. DWORD is 32 bits on Windows and macOS and 64 on Linux, so no
 * length of ours is ever passed by address. The context belongs to the service's thread; cancel () alone uses it from
 * another, and only while that thread waits in it. */
#include "card/reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <winscard.h>

#include "card/apdu.h"
#include "seal/bytes.h"

#define READERS_MAX 32
#define PLUG_AND_PLAY "\\\\?PnP?\\Notification" /* a pseudo reader that changes when readers come and go */

typedef struct {
    OcReader parent;
    char *match;

    GMutex mutex;   /* of what cancel () looks at */
    GCond left;
    gboolean established;
    SCARDCONTEXT context;
    gboolean waiting;
    gboolean cancelled;

    SCARD_READERSTATE states[READERS_MAX + 1]; /* as seen by the last list () or wait () */
    guint n_states;
    guint n_readers; /* those that are not wanted counted too */
    char *names[READERS_MAX];

    SCARDHANDLE card;
    gboolean connected;
    DWORD protocol;
} PcscReader;

/* The codes that mean: this context is dead, make another. */
static gboolean
is_dead (LONG code)
{
    switch ((guint32) code) {
    case (guint32) SCARD_E_NO_SERVICE:
    case (guint32) SCARD_E_SERVICE_STOPPED:
    case (guint32) SCARD_E_INVALID_HANDLE:
    case (guint32) SCARD_F_COMM_ERROR:
    case (guint32) SCARD_F_INTERNAL_ERROR:
        return TRUE;
    default:
        return FALSE;
    }
}

static OcCardErrorCode
meaning_of (LONG code)
{
    switch ((guint32) code) {
    case (guint32) SCARD_E_NO_READERS_AVAILABLE:
    case (guint32) SCARD_E_UNKNOWN_READER:
    case (guint32) SCARD_E_READER_UNAVAILABLE:
        return OC_CARD_ERROR_NO_READER;
    case (guint32) SCARD_E_NO_SMARTCARD:
    case (guint32) SCARD_W_REMOVED_CARD:
        return OC_CARD_ERROR_NO_CARD;
    case (guint32) SCARD_W_UNRESPONSIVE_CARD:
    case (guint32) SCARD_W_UNPOWERED_CARD:
    case (guint32) SCARD_E_PROTO_MISMATCH:
        return OC_CARD_ERROR_UNRESPONSIVE;
    case (guint32) SCARD_E_SHARING_VIOLATION:
        return OC_CARD_ERROR_BUSY;
    default:
        return is_dead (code) ? OC_CARD_ERROR_NO_SERVICE : OC_CARD_ERROR_PROTOCOL;
    }
}

static const char *
sentence_of (OcCardErrorCode meaning)
{
    switch (meaning) {
    case OC_CARD_ERROR_NO_SERVICE:
        return _("The card service of this computer isn't running.");
    case OC_CARD_ERROR_NO_READER:
        return _("There is no card reader. Plug one in.");
    case OC_CARD_ERROR_NO_CARD:
        return _("There is no card in the reader. Place one.");
    case OC_CARD_ERROR_UNRESPONSIVE:
        return _("The card doesn't answer. Turn it over.");
    case OC_CARD_ERROR_BUSY:
        return _("Another program is using the reader. Close it.");
    case OC_CARD_ERROR_REMOVED:
        return _("The card or the reader was taken away. Place the card again.");
    default:
        return _("The reader failed. Unplug it and plug it in again.");
    }
}

static gboolean
set_error (LONG code, OcCardErrorCode meaning, const char *doing, GError **error)
{
    g_debug ("%s: %08x", doing, (guint32) code);
    return oc_card_error_set (error, meaning, 0, "%s", sentence_of (meaning));
}

static void
forget_states (PcscReader *self)
{
    for (guint i = 0; i < READERS_MAX; i++)
        g_clear_pointer (&self->names[i], g_free);
    self->n_states = 0;
}

static void
disconnect (PcscReader *self)
{
    if (!self->connected)
        return;
    SCardEndTransaction (self->card, SCARD_LEAVE_CARD);
    SCardDisconnect (self->card, SCARD_LEAVE_CARD);
    self->connected = FALSE;
}

static void
release (PcscReader *self)
{
    disconnect (self);
    forget_states (self);
    g_mutex_lock (&self->mutex);
    if (self->established)
        SCardReleaseContext (self->context);
    self->established = FALSE;
    g_mutex_unlock (&self->mutex);
}

static gboolean
establish (PcscReader *self, GError **error)
{
    SCARDCONTEXT context;
    LONG code;

    if (self->established)
        return TRUE;
    if ((code = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &context)) != SCARD_S_SUCCESS)
        return set_error (code, OC_CARD_ERROR_NO_SERVICE, "SCardEstablishContext", error);
    g_mutex_lock (&self->mutex);
    self->context = context;
    self->established = TRUE;
    g_mutex_unlock (&self->mutex);
    return TRUE;
}

static gboolean
is_wanted (PcscReader *self, const char *name)
{
    return self->match == NULL || g_str_has_prefix (name, self->match);
}

/* The names of the readers, one after another, ended by an empty one; NULL with SCARD_S_SUCCESS: there are none. */
static char *
list_names (PcscReader *self, LONG *code)
{
    for (guint round = 0; round < 4; round++) {
        DWORD len = 0;
        g_autofree char *names = NULL;

        *code = SCardListReaders (self->context, NULL, NULL, &len);
        if (*code == SCARD_S_SUCCESS && len > 0) {
            names = g_malloc0 (len + 2);
            *code = SCardListReaders (self->context, NULL, names, &len);
        }
        if (*code == (LONG) SCARD_E_INSUFFICIENT_BUFFER) /* one was plugged in between */
            continue;
        if (*code == (LONG) SCARD_E_NO_READERS_AVAILABLE) {
            *code = SCARD_S_SUCCESS;
            return NULL;
        }
        return *code == SCARD_S_SUCCESS ? g_steal_pointer (&names) : NULL;
    }
    return NULL;
}

/* Every answer to reset begins so (ISO 7816-3); anything else is noise of a card that lies the wrong way round. */
static gboolean
is_atr (const SCARD_READERSTATE *state)
{
    return state->rgbAtr[0] == 0x3B || state->rgbAtr[0] == 0x3F;
}

static void
fill_state (const SCARD_READERSTATE *from, OcReaderState *to)
{
    to->name = g_strdup (from->szReader);
    to->present = (from->dwEventState & SCARD_STATE_PRESENT) != 0;
    to->unresponsive = to->present && ((from->dwEventState & SCARD_STATE_MUTE) != 0 || (from->cbAtr > 0 && !is_atr (from)));
    to->events = (guint32) from->dwEventState >> 16;
    to->atr_len = MIN ((gsize) from->cbAtr, OC_ATR_MAX);
    memcpy (to->atr, from->rgbAtr, to->atr_len);
}

static GPtrArray *
pcsc_list (OcReader *reader, GError **error)
{
    PcscReader *self = (PcscReader *) reader;
    g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func ((GDestroyNotify) oc_reader_state_free);
    g_autofree char *names = NULL;
    LONG code;

    if (!establish (self, error))
        return NULL;
    forget_states (self);
    self->n_readers = 0;
    memset (self->states, 0, sizeof self->states);
    names = list_names (self, &code);
    for (const char *name = names; name != NULL && *name != '\0' && self->n_states < READERS_MAX; name += strlen (name) + 1) {
        self->n_readers++;
        if (!is_wanted (self, name))
            continue;
        self->names[self->n_states] = g_strdup (name);
        self->states[self->n_states].szReader = self->names[self->n_states];
        self->n_states++;
    }
    if (code == SCARD_S_SUCCESS && self->n_states > 0)
        code = SCardGetStatusChange (self->context, 0, self->states, self->n_states);
    if (code == (LONG) SCARD_E_TIMEOUT || code == (LONG) SCARD_E_UNKNOWN_READER) /* went in between: wait () will tell */
        code = SCARD_S_SUCCESS;
    if (code != SCARD_S_SUCCESS) {
        set_error (code, OC_CARD_ERROR_NO_SERVICE, "listing readers", error);
        release (self);
        return NULL;
    }
    for (guint i = 0; i < self->n_states; i++) {
        OcReaderState *state = g_new0 (OcReaderState, 1);

        fill_state (&self->states[i], state);
        g_ptr_array_add (states, state);
        self->states[i].dwCurrentState = self->states[i].dwEventState;
    }
    return g_steal_pointer (&states);
}

/* Enters the wait unless somebody has already cancelled it. */
static gboolean
enter_wait (PcscReader *self)
{
    gboolean enter;

    g_mutex_lock (&self->mutex);
    enter = !self->cancelled;
    self->cancelled = FALSE;
    self->waiting = enter;
    g_mutex_unlock (&self->mutex);
    return enter;
}

static void
leave_wait (PcscReader *self)
{
    g_mutex_lock (&self->mutex);
    self->waiting = self->cancelled = FALSE;
    g_cond_broadcast (&self->left);
    g_mutex_unlock (&self->mutex);
}

static gboolean
pcsc_wait (OcReader *reader, int timeout_ms, GError **error)
{
    PcscReader *self = (PcscReader *) reader;
    guint n = self->n_states;
    LONG code;

    if (!establish (self, error))
        return FALSE;
    memset (&self->states[n], 0, sizeof self->states[n]);
    self->states[n].szReader = PLUG_AND_PLAY;
    /* pcsc-lite and winscard keep the number of readers in the high word */
    self->states[n].dwCurrentState = (DWORD) self->n_readers << 16;
    if (!enter_wait (self))
        return TRUE;
    code = SCardGetStatusChange (self->context, timeout_ms < 0 ? INFINITE : (DWORD) timeout_ms, self->states, n + 1);
    leave_wait (self);
    if (code == SCARD_S_SUCCESS || code == (LONG) SCARD_E_TIMEOUT || code == (LONG) SCARD_E_CANCELLED
        || code == (LONG) SCARD_E_UNKNOWN_READER || code == (LONG) SCARD_E_READER_UNAVAILABLE
        || code == (LONG) SCARD_E_NO_READERS_AVAILABLE)
        return TRUE;
    set_error (code, OC_CARD_ERROR_NO_SERVICE, "SCardGetStatusChange", error);
    release (self);
    return FALSE;
}

/* SCardCancel ends a wait that has begun and is lost on one that is about to: it is repeated until the wait is left. */
static void
pcsc_cancel (OcReader *reader)
{
    PcscReader *self = (PcscReader *) reader;

    g_mutex_lock (&self->mutex);
    self->cancelled = TRUE;
    while (self->waiting) {
        SCardCancel (self->context);
        g_cond_wait_until (&self->left, &self->mutex, g_get_monotonic_time () + 5 * G_TIME_SPAN_MILLISECOND);
    }
    g_mutex_unlock (&self->mutex);
}

/* The reader that is meant when none is named: the first with a card, else the first. */
static const char *
choose (PcscReader *self, const GPtrArray *states)
{
    const OcReaderState *chosen = NULL;

    for (guint i = 0; i < states->len; i++) {
        const OcReaderState *state = g_ptr_array_index (states, i);

        if (chosen == NULL || (state->present && !chosen->present))
            chosen = state;
    }
    return chosen != NULL ? chosen->name : NULL;
}

/* Connects and begins the transaction. A reset by another program before it began is no fault of this exchange. */
static LONG
connect_card (PcscReader *self, const char *name)
{
    LONG code = SCardConnect (self->context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &self->card,
        &self->protocol);

    if (code != SCARD_S_SUCCESS)
        return code;
    code = SCardBeginTransaction (self->card);
    if (code == (LONG) SCARD_W_RESET_CARD) {
        code = SCardReconnect (self->card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD,
            &self->protocol);
        if (code == SCARD_S_SUCCESS)
            code = SCardBeginTransaction (self->card);
    }
    if (code != SCARD_S_SUCCESS)
        SCardDisconnect (self->card, SCARD_LEAVE_CARD);
    return code;
}

static gboolean
pcsc_open (OcReader *reader, const char *name, OcReaderState *state, GError **error)
{
    PcscReader *self = (PcscReader *) reader;
    g_autoptr(GPtrArray) states = NULL;
    SCARD_READERSTATE now = { 0 };
    LONG code;

    if (name == NULL) {
        if ((states = pcsc_list (reader, error)) == NULL)
            return FALSE;
        if ((name = choose (self, states)) == NULL)
            return set_error (SCARD_E_NO_READERS_AVAILABLE, OC_CARD_ERROR_NO_READER, "choosing a reader", error);
    }
    if (!establish (self, error))
        return FALSE;
    if ((code = connect_card (self, name)) == SCARD_S_SUCCESS) {
        self->connected = TRUE;
        now.szReader = name;
        code = SCardGetStatusChange (self->context, 0, &now, 1);
        if (code == SCARD_S_SUCCESS && !is_atr (&now))
            code = SCARD_W_UNRESPONSIVE_CARD;
    }
    if (code != SCARD_S_SUCCESS) {
        set_error (code, meaning_of (code), "opening the reader", error);
        disconnect (self);
        if (is_dead (code))
            release (self);
        return FALSE;
    }
    fill_state (&now, state);
    return TRUE;
}

static gboolean
pcsc_transmit (OcReader *reader, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, GError **error)
{
    PcscReader *self = (PcscReader *) reader;
    const SCARD_IO_REQUEST *send = self->protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
    guint8 answer[OC_APDU_MAX];
    DWORD len = sizeof answer;
    LONG code;

    if (!self->connected)
        return set_error (SCARD_W_REMOVED_CARD, OC_CARD_ERROR_REMOVED, "SCardTransmit", error);
    code = SCardTransmit (self->card, send, in, (DWORD) in_len, NULL, answer, &len);
    if (code != SCARD_S_SUCCESS) {
        /* Whatever it was, what the card did with the command is not known, and it answers nothing more here. */
        set_error (code, OC_CARD_ERROR_REMOVED, "SCardTransmit", error);
        disconnect (self);
        if (is_dead (code))
            release (self);
        return FALSE;
    }
    memcpy (out, answer, len);
    *out_len = len;
    oc_wipe (answer, sizeof answer);
    return TRUE;
}

static void
pcsc_close (OcReader *reader)
{
    disconnect ((PcscReader *) reader);
}

static void
pcsc_free (OcReader *reader)
{
    PcscReader *self = (PcscReader *) reader;

    release (self);
    g_mutex_clear (&self->mutex);
    g_cond_clear (&self->left);
    g_free (self->match);
    g_free (self);
}

static const OcReaderClass pcsc_class = {
    .list = pcsc_list,
    .wait = pcsc_wait,
    .cancel = pcsc_cancel,
    .open = pcsc_open,
    .transmit = pcsc_transmit,
    .close = pcsc_close,
    .free = pcsc_free,
};

OcReader *
oc_pcsc_reader_new (const char *match)
{
    PcscReader *self = g_new0 (PcscReader, 1);

    self->parent.klass = &pcsc_class;
    self->match = g_strdup (match);
    g_mutex_init (&self->mutex);
    g_cond_init (&self->left);
    return &self->parent;
}

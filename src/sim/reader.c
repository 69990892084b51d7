/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _OcSimSlot {
    gatomicrefcount refs;
    OcSimReaderKind kind;
    char *name;

    GMutex mutex; /* everything below */
    GCond changed;
    gboolean plugged;
    gboolean upside_down;
    OcSimCard *card;
    OcSimFaults *faults;
    OcSimTrace trace;
    gpointer trace_data;
    guint32 events;  /* insertions and removals */
    guint64 changes; /* whatever wait () is about */
    gboolean busy;   /* an exchange is open */
};

typedef struct {
    OcReader parent;
    OcSimSlot *slot;
    guint64 seen;
    gboolean cancelled;
    gboolean open;
    guint32 opened_events;
} SimReader;

OcSimSlot *
oc_sim_slot_new (OcSimReaderKind kind, const char *name)
{
    OcSimSlot *self = g_new0 (OcSimSlot, 1);

    g_atomic_ref_count_init (&self->refs);
    self->kind = kind;
    if (name == NULL)
        name = kind == OC_SIM_READER_ACS ? "ACS ACR39U Simulator 00 00" : "HID OMNIKEY 3x21 Simulator 00 00";
    self->name = g_strdup (name);
    g_mutex_init (&self->mutex);
    g_cond_init (&self->changed);
    self->plugged = TRUE;
    self->changes = 1;
    self->faults = oc_sim_faults_parse (NULL, NULL);
    return self;
}

OcSimSlot *
oc_sim_slot_ref (OcSimSlot *self)
{
    g_atomic_ref_count_inc (&self->refs);
    return self;
}

void
oc_sim_slot_unref (OcSimSlot *self)
{
    if (!g_atomic_ref_count_dec (&self->refs))
        return;
    g_clear_pointer (&self->card, oc_sim_card_free);
    oc_sim_faults_free (self->faults);
    g_mutex_clear (&self->mutex);
    g_cond_clear (&self->changed);
    g_free (self->name);
    g_free (self);
}

/* With the mutex held. */
static void
announce (OcSimSlot *self)
{
    self->changes++;
    g_cond_broadcast (&self->changed);
}

static OcSimCard *
steal_card (OcSimSlot *self)
{
    if (self->card != NULL) {
        self->events++;
        announce (self);
    }
    return g_steal_pointer (&self->card);
}

static void
take_out (OcSimSlot *self)
{
    OcSimCard *card = steal_card (self);

    g_clear_pointer (&card, oc_sim_card_free);
}

static void
unplug (OcSimSlot *self)
{
    take_out (self);
    self->plugged = FALSE;
    announce (self);
}

gboolean
oc_sim_slot_insert (OcSimSlot *self, const char *path, gboolean upside_down, GError **error)
{
    OcSimCard *card;

    oc_sim_slot_remove (self); /* it may be the same card: its lock has to go first */
    if (!(card = oc_sim_card_open (path, error)))
        return FALSE;
    oc_sim_slot_insert_card (self, card, upside_down);
    return TRUE;
}

void
oc_sim_slot_insert_card (OcSimSlot *self, OcSimCard *card, gboolean upside_down)
{
    oc_sim_card_reset (card, self->kind);
    g_mutex_lock (&self->mutex);
    take_out (self);
    self->card = card;
    self->upside_down = upside_down;
    self->plugged = TRUE;
    self->events++;
    announce (self);
    g_mutex_unlock (&self->mutex);
}

void
oc_sim_slot_remove (OcSimSlot *self)
{
    g_mutex_lock (&self->mutex);
    take_out (self);
    g_mutex_unlock (&self->mutex);
}

OcSimCard *
oc_sim_slot_take (OcSimSlot *self)
{
    OcSimCard *card;

    g_mutex_lock (&self->mutex);
    card = steal_card (self);
    g_mutex_unlock (&self->mutex);
    return card;
}

char *
oc_sim_slot_dup_path (OcSimSlot *self)
{
    char *path;

    g_mutex_lock (&self->mutex);
    path = self->card != NULL ? g_strdup (oc_sim_card_path (self->card)) : NULL;
    g_mutex_unlock (&self->mutex);
    return path;
}

void
oc_sim_slot_set_plugged (OcSimSlot *self, gboolean plugged)
{
    g_mutex_lock (&self->mutex);
    if (!plugged && self->plugged)
        unplug (self);
    if (plugged && !self->plugged) {
        self->plugged = TRUE;
        announce (self);
    }
    g_mutex_unlock (&self->mutex);
}

gboolean
oc_sim_slot_is_plugged (OcSimSlot *self)
{
    gboolean plugged;

    g_mutex_lock (&self->mutex);
    plugged = self->plugged;
    g_mutex_unlock (&self->mutex);
    return plugged;
}

gboolean
oc_sim_slot_set_faults (OcSimSlot *self, const char *text, GError **error)
{
    OcSimFaults *faults = oc_sim_faults_parse (text, error);

    if (faults == NULL)
        return FALSE;
    g_mutex_lock (&self->mutex);
    oc_sim_faults_free (self->faults);
    self->faults = faults;
    g_mutex_unlock (&self->mutex);
    return TRUE;
}

guint64
oc_sim_slot_n_apdus (OcSimSlot *self)
{
    guint64 n;

    g_mutex_lock (&self->mutex);
    n = oc_sim_faults_count (self->faults);
    g_mutex_unlock (&self->mutex);
    return n;
}

void
oc_sim_slot_set_trace (OcSimSlot *self, OcSimTrace trace, gpointer data)
{
    g_mutex_lock (&self->mutex);
    self->trace = trace;
    self->trace_data = data;
    g_mutex_unlock (&self->mutex);
}

gboolean
oc_sim_slot_power (OcSimSlot *self)
{
    gboolean present;

    g_mutex_lock (&self->mutex);
    present = self->card != NULL;
    if (present)
        oc_sim_card_reset (self->card, self->kind);
    g_mutex_unlock (&self->mutex);
    return present;
}

gboolean
oc_sim_slot_get_atr (OcSimSlot *self, guint8 *atr, gsize *atr_len)
{
    gboolean present;

    g_mutex_lock (&self->mutex);
    present = self->card != NULL;
    *atr_len = 0;
    if (present && !self->upside_down) {
        const guint8 *bytes = oc_sim_card_atr (self->card, atr_len);

        memcpy (atr, bytes, *atr_len);
    }
    g_mutex_unlock (&self->mutex);
    return present;
}

/* The command with whatever fault is due, the mutex held. */
static gboolean
transmit_locked (OcSimSlot *self, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, GError **error)
{
    const OcSimFault *fault;
    gboolean ok;

    if (self->card == NULL) {
        g_set_error (error, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED, _("The card was taken out."));
        return FALSE;
    }
    fault = oc_sim_faults_next (self->faults);
    if (self->trace != NULL)
        self->trace (in, in_len, NULL, 0, self->trace_data);
    switch (fault->kind) {
    case OC_SIM_FAULT_PULL:
        take_out (self);
        g_set_error (error, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED, _("The card was taken out."));
        return FALSE;
    case OC_SIM_FAULT_GONE:
        unplug (self);
        g_set_error (error, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED, _("The reader is gone."));
        return FALSE;
    case OC_SIM_FAULT_KILL:
        oc_sim_fault_die ();
    case OC_SIM_FAULT_STATUS:
        out[0] = fault->sw >> 8;
        out[1] = fault->sw & 0xff;
        *out_len = 2;
        return TRUE;
    default:
        break;
    }
    ok = oc_sim_card_transmit (self->card, in, in_len, fault->kind == OC_SIM_FAULT_TORN ? &fault->tear : NULL, out, out_len, error);
    if (fault->kind == OC_SIM_FAULT_KILLED)
        oc_sim_fault_die ();
    if (ok && (fault->kind == OC_SIM_FAULT_LOST || fault->kind == OC_SIM_FAULT_TORN)) {
        take_out (self);
        g_set_error (error, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED, _("The card was taken out."));
        return FALSE;
    }
    if (ok && self->trace != NULL)
        self->trace (in, in_len, out, *out_len, self->trace_data);
    return ok;
}

gboolean
oc_sim_slot_transmit (OcSimSlot *self, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, GError **error)
{
    gboolean ok;
    guint slow;

    g_mutex_lock (&self->mutex);
    slow = oc_sim_faults_slow_ms (self->faults);
    g_mutex_unlock (&self->mutex);
    if (slow != 0) /* without the mutex: the card can be pulled meanwhile */
        g_usleep (slow * 1000ul);
    g_mutex_lock (&self->mutex);
    ok = transmit_locked (self, in, in_len, out, out_len, error);
    g_mutex_unlock (&self->mutex);
    return ok;
}

/* The OcReader -------------------------------------------------------------------------------------------------- */

/* With the mutex held. */
static void
fill_state (OcSimSlot *slot, OcReaderState *state)
{
    state->name = g_strdup (slot->name);
    state->present = slot->card != NULL;
    state->unresponsive = state->present && slot->upside_down;
    state->events = slot->events;
    state->atr_len = 0;
    if (state->present && !slot->upside_down) {
        const guint8 *atr = oc_sim_card_atr (slot->card, &state->atr_len);

        memcpy (state->atr, atr, state->atr_len);
    }
}

static GPtrArray *
sim_list (OcReader *reader, GError **error)
{
    SimReader *self = (SimReader *) reader;
    GPtrArray *states = g_ptr_array_new_with_free_func ((GDestroyNotify) oc_reader_state_free);

    g_mutex_lock (&self->slot->mutex);
    self->seen = self->slot->changes;
    if (self->slot->plugged) {
        OcReaderState *state = g_new0 (OcReaderState, 1);

        fill_state (self->slot, state);
        g_ptr_array_add (states, state);
    }
    g_mutex_unlock (&self->slot->mutex);
    return states;
}

static gboolean
sim_wait (OcReader *reader, int timeout_ms, GError **error)
{
    SimReader *self = (SimReader *) reader;
    OcSimSlot *slot = self->slot;
    gint64 end = g_get_monotonic_time () + timeout_ms * G_GINT64_CONSTANT (1000);

    g_mutex_lock (&slot->mutex);
    while (slot->changes == self->seen && !self->cancelled) {
        if (timeout_ms < 0)
            g_cond_wait (&slot->changed, &slot->mutex);
        else if (!g_cond_wait_until (&slot->changed, &slot->mutex, end))
            break;
    }
    self->cancelled = FALSE;
    self->seen = slot->changes;
    g_mutex_unlock (&slot->mutex);
    return TRUE;
}

static void
sim_cancel (OcReader *reader)
{
    SimReader *self = (SimReader *) reader;

    g_mutex_lock (&self->slot->mutex);
    self->cancelled = TRUE;
    g_cond_broadcast (&self->slot->changed);
    g_mutex_unlock (&self->slot->mutex);
}

static gboolean
sim_open (OcReader *reader, const char *name, OcReaderState *state, GError **error)
{
    SimReader *self = (SimReader *) reader;
    OcSimSlot *slot = self->slot;
    gboolean ok = FALSE;

    g_mutex_lock (&slot->mutex);
    if (!slot->plugged || (name != NULL && !g_str_equal (name, slot->name)))
        g_set_error (error, OC_CARD_ERROR, OC_CARD_ERROR_NO_READER, _("The reader isn't there. Plug it in."));
    else if (slot->card == NULL)
        g_set_error (error, OC_CARD_ERROR, OC_CARD_ERROR_NO_CARD, _("There is no card in the reader. Place one."));
    else if (slot->upside_down)
        g_set_error (error, OC_CARD_ERROR, OC_CARD_ERROR_UNRESPONSIVE, _("The card doesn't answer. Turn it over."));
    else if (slot->busy)
        g_set_error (error, OC_CARD_ERROR, OC_CARD_ERROR_BUSY, _("Another program holds the reader."));
    else
        ok = TRUE;
    if (ok) {
        self->open = slot->busy = TRUE;
        fill_state (slot, state);
        self->opened_events = slot->events;
    }
    g_mutex_unlock (&slot->mutex);
    return ok;
}

static gboolean
sim_transmit (OcReader *reader, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, GError **error)
{
    SimReader *self = (SimReader *) reader;
    g_autoptr(GError) why = NULL;
    gboolean same;

    g_mutex_lock (&self->slot->mutex);
    same = self->open && self->opened_events == self->slot->events;
    g_mutex_unlock (&self->slot->mutex);
    if (!same) { /* another card would not be this connection's */
        g_set_error (error, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED, _("The card was taken out."));
        return FALSE;
    }
    if (oc_sim_slot_transmit (self->slot, in, in_len, out, out_len, &why))
        return TRUE;
    if (why->domain == OC_CARD_ERROR)
        g_propagate_error (error, g_steal_pointer (&why));
    else
        g_set_error_literal (error, OC_CARD_ERROR, OC_CARD_ERROR_PROTOCOL, why->message);
    return FALSE;
}

static void
sim_close (OcReader *reader)
{
    SimReader *self = (SimReader *) reader;

    g_mutex_lock (&self->slot->mutex);
    if (self->open)
        self->slot->busy = FALSE;
    self->open = FALSE;
    g_mutex_unlock (&self->slot->mutex);
}

static void
sim_free (OcReader *reader)
{
    SimReader *self = (SimReader *) reader;

    sim_close (reader);
    oc_sim_slot_unref (self->slot);
    g_free (self);
}

static const OcReaderClass sim_class = {
    .list = sim_list,
    .wait = sim_wait,
    .cancel = sim_cancel,
    .open = sim_open,
    .transmit = sim_transmit,
    .close = sim_close,
    .free = sim_free,
};

OcReader *
oc_sim_slot_reader (OcSimSlot *slot)
{
    SimReader *self = g_new0 (SimReader, 1);

    self->parent.klass = &sim_class;
    self->slot = oc_sim_slot_ref (slot);
    return &self->parent;
}

OcReader *
oc_sim_reader_new (const char *path, OcSimReaderKind kind, const char *faults, GError **error)
{
    g_autoptr(OcSimSlot) slot = oc_sim_slot_new (kind, NULL);

    if (!oc_sim_slot_set_faults (slot, faults, error) || !oc_sim_slot_insert (slot, path, FALSE, error))
        return NULL;
    return oc_sim_slot_reader (slot);
}

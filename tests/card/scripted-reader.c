/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scripted-reader.h"

#include <string.h>

#include "seal/bytes.h"

#define NAME "ACS ACR39U Scripted 00 00"

static gboolean
refuse (GError **error, OcCardErrorCode code)
{
    g_set_error_literal (error, OC_CARD_ERROR, (int) code, "scripted");
    return FALSE;
}

static void
fill (ScriptedReader *self, OcReaderState *state)
{
    state->name = g_strdup (NAME);
    state->present = self->has_card;
    state->unresponsive = self->has_card && self->mute;
    state->events = self->events;
    state->atr[0] = 0x3B;
    state->atr[1] = 0x08;
    state->atr_len = 2;
}

static GPtrArray *
scripted_list (OcReader *reader, GError **error)
{
    ScriptedReader *self = (ScriptedReader *) reader;
    g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func ((GDestroyNotify) oc_reader_state_free);
    gboolean dead;

    g_mutex_lock (&self->mutex);
    self->seen = self->changes;
    dead = self->dead;
    if (self->has_reader) {
        OcReaderState *state = g_new0 (OcReaderState, 1);

        fill (self, state);
        g_ptr_array_add (states, state);
    }
    g_mutex_unlock (&self->mutex);
    if (dead) {
        refuse (error, OC_CARD_ERROR_NO_SERVICE);
        return NULL;
    }
    return g_steal_pointer (&states);
}

static gboolean
scripted_wait (OcReader *reader, int timeout_ms, GError **error)
{
    ScriptedReader *self = (ScriptedReader *) reader;

    g_assert_cmpint (timeout_ms, <, 0);
    g_mutex_lock (&self->mutex);
    while (self->seen == self->changes && !self->cancelled)
        g_cond_wait (&self->changed, &self->mutex);
    self->cancelled = FALSE;
    g_mutex_unlock (&self->mutex);
    return TRUE;
}

static void
scripted_cancel (OcReader *reader)
{
    ScriptedReader *self = (ScriptedReader *) reader;

    g_mutex_lock (&self->mutex);
    self->cancelled = TRUE;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
}

static gboolean
scripted_open (OcReader *reader, const char *name, OcReaderState *state, GError **error)
{
    ScriptedReader *self = (ScriptedReader *) reader;
    OcCardErrorCode code = 0;
    gboolean ok = FALSE;

    g_mutex_lock (&self->mutex);
    self->n_tried++;
    while (self->blocked)
        g_cond_wait (&self->changed, &self->mutex);
    if (!self->has_reader)
        code = OC_CARD_ERROR_NO_READER;
    else if (!self->has_card)
        code = OC_CARD_ERROR_NO_CARD;
    else if (self->mute)
        code = OC_CARD_ERROR_UNRESPONSIVE;
    else if (self->busy)
        code = OC_CARD_ERROR_BUSY;
    else
        ok = TRUE;
    if (ok) {
        fill (self, state);
        self->n_opened++;
    }
    g_mutex_unlock (&self->mutex);
    return ok || refuse (error, code);
}

static gboolean
scripted_transmit (OcReader *reader, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, GError **error)
{
    ScriptedReader *self = (ScriptedReader *) reader;
    g_autofree char *hex = oc_hex (in, in_len);
    g_autoptr(GBytes) wanted = NULL;
    g_autoptr(GBytes) answer = NULL;

    if (self->script == NULL || self->script[self->at] == NULL)
        g_error ("%s is not in the script", hex);
    wanted = oc_unhex (self->script[self->at]);
    if (g_bytes_get_size (wanted) != in_len || memcmp (g_bytes_get_data (wanted, NULL), in, in_len) != 0)
        g_error ("%s came instead of %s", hex, self->script[self->at]);
    answer = oc_unhex (self->script[self->at + 1]);
    self->at += 2;
    *out_len = g_bytes_get_size (answer);
    if (*out_len == 0)
        return refuse (error, OC_CARD_ERROR_REMOVED);
    memcpy (out, g_bytes_get_data (answer, NULL), *out_len);
    return TRUE;
}

static void
scripted_close (OcReader *reader)
{
    ((ScriptedReader *) reader)->n_closed++;
}

static void
scripted_free (OcReader *reader)
{
    g_atomic_int_set (&((ScriptedReader *) reader)->freed, TRUE);
}

static const OcReaderClass scripted_class = {
    .list = scripted_list,
    .wait = scripted_wait,
    .cancel = scripted_cancel,
    .open = scripted_open,
    .transmit = scripted_transmit,
    .close = scripted_close,
    .free = scripted_free,
};

void
scripted_reader_init (ScriptedReader *self)
{
    memset (self, 0, sizeof *self);
    self->parent.klass = &scripted_class;
    g_mutex_init (&self->mutex);
    g_cond_init (&self->changed);
    self->has_reader = TRUE;
}

static void
changed (ScriptedReader *self)
{
    self->changes++;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
}

void
scripted_reader_set (ScriptedReader *self, gboolean has_reader, gboolean has_card, gboolean mute)
{
    g_mutex_lock (&self->mutex);
    self->has_reader = has_reader;
    self->has_card = has_card;
    self->mute = mute;
    self->events++;
    changed (self);
}

void
scripted_reader_set_dead (ScriptedReader *self, gboolean dead)
{
    g_mutex_lock (&self->mutex);
    self->dead = dead;
    changed (self);
}

void
scripted_reader_set_blocked (ScriptedReader *self, gboolean blocked)
{
    g_mutex_lock (&self->mutex);
    self->blocked = blocked;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
}

void
scripted_reader_play (ScriptedReader *self, const char *const *script)
{
    self->script = script;
    self->at = 0;
}

void
scripted_reader_clear (ScriptedReader *self)
{
    g_mutex_clear (&self->mutex);
    g_cond_clear (&self->changed);
}

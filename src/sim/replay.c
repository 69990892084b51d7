/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/replay.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "seal/bytes.h"
#include "sim/card-file.h"

typedef struct {
    guint line;
    GBytes *command, *answer; /* the answer with its status word */
} Exchange;

typedef struct {
    OcReader parent;
    char *name;
    GBytes *atr;
    GArray *exchanges; /* of Exchange */
    guint at;          /* the service's thread */
    gboolean open;

    GMutex mutex; /* of what cancel () looks at */
    GCond changed;
    gboolean cancelled;
} Replay;

static void
exchange_clear (gpointer data)
{
    Exchange *self = data;

    g_clear_pointer (&self->command, g_bytes_unref);
    g_clear_pointer (&self->answer, g_bytes_unref);
}

static void
fill_state (const Replay *self, OcReaderState *state)
{
    gsize size;
    const guint8 *atr = g_bytes_get_data (self->atr, &size);

    *state = (OcReaderState){ .name = g_strdup (self->name), .present = TRUE, .events = 1, .atr_len = size };
    memcpy (state->atr, atr, size);
}

static GPtrArray *
replay_list (OcReader *reader, GError **error)
{
    GPtrArray *states = g_ptr_array_new_with_free_func ((GDestroyNotify) oc_reader_state_free);
    OcReaderState *state = g_new0 (OcReaderState, 1);

    fill_state ((Replay *) reader, state);
    g_ptr_array_add (states, state);
    return states;
}

/* Nothing ever changes. */
static gboolean
replay_wait (OcReader *reader, int timeout_ms, GError **error)
{
    Replay *self = (Replay *) reader;
    gint64 end = g_get_monotonic_time () + timeout_ms * G_GINT64_CONSTANT (1000);

    g_mutex_lock (&self->mutex);
    while (!self->cancelled) {
        if (timeout_ms < 0)
            g_cond_wait (&self->changed, &self->mutex);
        else if (!g_cond_wait_until (&self->changed, &self->mutex, end))
            break;
    }
    self->cancelled = FALSE;
    g_mutex_unlock (&self->mutex);
    return TRUE;
}

static void
replay_cancel (OcReader *reader)
{
    Replay *self = (Replay *) reader;

    g_mutex_lock (&self->mutex);
    self->cancelled = TRUE;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
}

static gboolean
replay_open (OcReader *reader, const char *name, OcReaderState *state, GError **error)
{
    Replay *self = (Replay *) reader;

    if (name != NULL && !g_str_equal (name, self->name)) {
        g_set_error (error, OC_CARD_ERROR, OC_CARD_ERROR_NO_READER, _("The reader isn't there. Plug it in."));
        return FALSE;
    }
    self->open = TRUE;
    fill_state (self, state);
    return TRUE;
}

static gboolean
replay_transmit (OcReader *reader, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, GError **error)
{
    Replay *self = (Replay *) reader;
    const Exchange *next = self->at < self->exchanges->len ? &g_array_index (self->exchanges, Exchange, self->at) : NULL;
    g_autoptr(GBytes) command = g_bytes_new (in, in_len);

    g_assert (self->open);
    if (next == NULL || !g_bytes_equal (command, next->command)) {
        g_autofree char *hex = oc_hex (in, in_len);

        g_set_error (error, OC_CARD_ERROR, OC_CARD_ERROR_PROTOCOL, "line %u: %s was not recorded here", next != NULL ? next->line : 0, hex);
        return FALSE;
    }
    self->at++;
    *out_len = g_bytes_get_size (next->answer);
    memcpy (out, g_bytes_get_data (next->answer, NULL), *out_len);
    return TRUE;
}

static void
replay_close (OcReader *reader)
{
    ((Replay *) reader)->open = FALSE;
}

static void
replay_free (OcReader *reader)
{
    Replay *self = (Replay *) reader;

    g_free (self->name);
    g_clear_pointer (&self->atr, g_bytes_unref);
    g_array_unref (self->exchanges);
    g_mutex_clear (&self->mutex);
    g_cond_clear (&self->changed);
    g_free (self);
}

static const OcReaderClass replay_class = {
    .list = replay_list,
    .wait = replay_wait,
    .cancel = replay_cancel,
    .open = replay_open,
    .transmit = replay_transmit,
    .close = replay_close,
    .free = replay_free,
};

/* Bytes of a line's rest, at least @min and at most @max; NULL: none. */
static GBytes *
parse_bytes (const char *hex, gsize min, gsize max)
{
    GBytes *bytes = oc_unhex (hex);

    if (bytes != NULL && (g_bytes_get_size (bytes) < min || g_bytes_get_size (bytes) > max))
        g_clear_pointer (&bytes, g_bytes_unref);
    return bytes;
}

static gboolean
parse_line (Replay *self, const char *line, guint number)
{
    Exchange *last = self->exchanges->len > 0 ? &g_array_index (self->exchanges, Exchange, self->exchanges->len - 1) : NULL;
    gboolean answered = last == NULL || last->answer != NULL;

    if (*line == '\0' || *line == '#')
        return TRUE;
    if (g_str_has_prefix (line, "reader ") && self->name == NULL)
        return (self->name = g_strdup (line + strlen ("reader "))) != NULL;
    if (g_str_has_prefix (line, "atr ") && self->atr == NULL)
        return (self->atr = parse_bytes (line + strlen ("atr "), 1, OC_ATR_MAX)) != NULL;
    if (g_str_has_prefix (line, "> ") && answered) {
        Exchange exchange = { number, parse_bytes (line + 2, 4, OC_APDU_MAX), NULL };

        g_array_append_val (self->exchanges, exchange);
        return exchange.command != NULL;
    }
    return g_str_has_prefix (line, "< ") && !answered && (last->answer = parse_bytes (line + 2, 2, OC_APDU_MAX)) != NULL;
}

OcReader *
oc_replay_reader_new (const char *path, GError **error)
{
    Replay *self;
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    guint wrong = 0;

    if (!g_file_get_contents (path, &text, NULL, error))
        return NULL;
    self = g_new0 (Replay, 1);
    self->parent.klass = &replay_class;
    self->exchanges = g_array_new (FALSE, FALSE, sizeof (Exchange));
    g_array_set_clear_func (self->exchanges, exchange_clear);
    g_mutex_init (&self->mutex);
    g_cond_init (&self->changed);
    lines = g_strsplit (text, "\n", -1);
    for (guint i = 0; lines[i] != NULL && wrong == 0; i++)
        if (!parse_line (self, g_strchomp (lines[i]), i + 1))
            wrong = i + 1;
    if (wrong == 0 && self->name != NULL && self->atr != NULL && self->exchanges->len > 0
        && g_array_index (self->exchanges, Exchange, self->exchanges->len - 1).answer != NULL)
        return &self->parent;
    g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FORMAT, "%s: line %u is no recorded session", path, MAX (wrong, 1));
    replay_free (&self->parent);
    return NULL;
}

gboolean
oc_replay_reader_is_at_end (OcReader *self)
{
    return ((Replay *) self)->at == ((Replay *) self)->exchanges->len;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reader that plays a script: commands must come as they stand in it, in strict order, and are answered so. */
#pragma once

#include "card/reader.h"

G_BEGIN_DECLS

typedef struct {
    OcReader parent;
    GMutex mutex;
    GCond changed;
    gboolean has_reader, has_card, mute, dead; /* what list () tells */
    gboolean blocked;      /* open () waits while this is so */
    gboolean busy;
    guint32 events;
    guint64 changes, seen;
    gboolean cancelled;
    const char *const *script; /* command, answer, command, answer, …, NULL; hex */
    guint at;
    guint n_tried, n_opened, n_closed;
    gboolean freed;
} ScriptedReader;

void scripted_reader_init (ScriptedReader *self);
/* Changes what is in the reader, as a person would. */
void scripted_reader_set (ScriptedReader *self, gboolean has_reader, gboolean has_card, gboolean mute);
void scripted_reader_set_dead (ScriptedReader *self, gboolean dead);
void scripted_reader_set_blocked (ScriptedReader *self, gboolean blocked);
void scripted_reader_play (ScriptedReader *self, const char *const *script);
void scripted_reader_clear (ScriptedReader *self);

G_END_DECLS

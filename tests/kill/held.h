/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An act that stands still in the middle, at one of its calls of the database, while something else happens. */
#pragma once

#include "kill/world.h"

G_BEGIN_DECLS

typedef struct _HeldAct HeldAct;
/* Starts it on a thread of its own, on a card that is in already, and returns when it is about to make (@before), or has just made,
 * its @nth call of @name. Asserts that it comes there. The station belongs to that thread until held_end (). */
HeldAct *held_start (Station *station, const Customer *customer, ActFunc func, int yuan, const char *name, guint nth, gboolean before);
/* When it goes on, its connection breaks where it stands. */
void held_drop (HeldAct *self);
/* Lets it go on to its end; NULL with the error it ended with. */
OcOutcome *held_end (HeldAct *self, GError **error);

G_END_DECLS

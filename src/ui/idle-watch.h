/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notices that nobody touched keyboard or mouse in any window for as long as the station's setting "idle-minutes" says (0: never).
 * Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _OcIdleWatch OcIdleWatch;

typedef void (*OcIdleFunc) (gpointer data);

OcIdleWatch *oc_idle_watch_new (OcIdleFunc idle, gpointer data);
void oc_idle_watch_free (OcIdleWatch *self);

G_END_DECLS

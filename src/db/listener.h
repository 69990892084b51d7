/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LISTEN onecard on a thread and connection of its own. A notification is only a hint that version numbers grew;
 * whoever gets it reads them (api.state). Connects again by itself, ever more slowly up to ten seconds. */
#pragma once

#include "db/connection.h"

G_BEGIN_DECLS

typedef struct _OcListener OcListener;

typedef enum {
    OC_LISTENER_HINT,    /* with what was notified */
    OC_LISTENER_REACHED, /* after each (re)connect: something may have been missed */
    OC_LISTENER_AWAY,    /* the connection ended, or there is no server to connect to; said once until it is reached */
    OC_LISTENER_REFUSED, /* the login: somebody ended it */
} OcListenerNews;

/* Runs in the main context that was the thread's default when the listener was made. @payload: of a hint, else NULL. */
typedef void (*OcNotified) (OcListenerNews news, const char *payload, gpointer data);

/* Returns at once; the strings are copied. */
OcListener *oc_listener_new (const OcDbLogin *login, OcNotified notified, gpointer data);
/* Stops the thread and waits for it; no callback comes afterwards. On the thread of the main context. */
void oc_listener_free (OcListener *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcListener, oc_listener_free)

G_END_DECLS

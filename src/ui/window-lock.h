/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock of a window: its page lies over what is shown, and nothing below it can be reached, by mouse, key or screen reader,
 * until it is taken away. Dialogs over the window are out of sight meanwhile, and come back with all that is in them. Main thread. */
#pragma once

#include "ui/lock-page.h"

G_BEGIN_DECLS

typedef struct _OcWindowLock OcWindowLock;

/* @window's child is a GtkOverlay; borrowed, it outlives the lock. */
OcWindowLock *oc_window_lock_new (GtkWindow *window);
void oc_window_lock_free (OcWindowLock *self);
/* A widget outside the overlay that can't be reached either: in the header bar. Borrowed. */
void oc_window_lock_cover (OcWindowLock *self, GtkWidget *widget);

gboolean oc_window_lock_is_on (OcWindowLock *self);
/* The page, to be started; borrowed. */
OcLockPage *oc_window_lock_put (OcWindowLock *self);
/* Whoever locked it is back: the dialogs are, too. */
void oc_window_lock_take_away (OcWindowLock *self);
/* Somebody else comes, or nobody: the dialogs are closed. Also when it is not on. */
void oc_window_lock_end (OcWindowLock *self);

G_END_DECLS

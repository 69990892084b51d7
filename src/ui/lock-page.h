/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page over a locked window: whoever is signed in types the password and goes on where everything was; anybody else signs in
 * instead. Signals: "unlocked"; "other" (const char *number, const char *password). Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "ops/desk.h"

G_BEGIN_DECLS

#define OC_TYPE_LOCK_PAGE (oc_lock_page_get_type ())
G_DECLARE_FINAL_TYPE (OcLockPage, oc_lock_page, OC, LOCK_PAGE, GtkWidget)

/* For who is signed in at @desk (referenced); the caret is in the password, with @other in the number. */
void oc_lock_page_start (OcLockPage *self, OcDesk *desk, gboolean other);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screens in a window's stack: made when they are first shown, they keep their state until their operator leaves or loses the
 * permission. The login screen is put in by the window and stays. Main thread. */
#pragma once

#include "ui/screen.h"

G_BEGIN_DECLS

#define OC_SCREEN_LOGIN "login"
#define OC_SCREEN_HOME "home"

OcScreen *oc_screen_stack_get_current (GtkStack *stack);
/* Shows the screen with this id, with the caret where work begins; FALSE: there is none, or who is signed in may not see it. */
gboolean oc_screen_stack_show (GtkStack *stack, OcDesk *desk, const char *id);
/* What one operator typed is not for the next one: all but the login screen go. */
void oc_screen_stack_drop_all (GtkStack *stack);
/* A screen whose permission was taken away goes; one that writes a card comes to its end first. Whoever sees it go is told. */
void oc_screen_stack_drop_forbidden (GtkStack *stack, OcDesk *desk);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sentence above a screen: what went wrong, what was done, and perhaps a button for what to do next. Not there without one. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define OC_TYPE_MESSAGE_BAR (oc_message_bar_get_type ())
G_DECLARE_FINAL_TYPE (OcMessageBar, oc_message_bar, OC, MESSAGE_BAR, GtkWidget)

GtkWidget *oc_message_bar_new (void);
/* @style: "error", "warning", "success". @text NULL: no message. What was offered goes. */
void oc_message_bar_show (OcMessageBar *self, const char *style, const char *text);
/* A button of the message that is there. */
void oc_message_bar_offer (OcMessageBar *self, const char *label, const char *action);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connections that the login offers: a shared server is added, changed, tried step by step, and taken off the list. */
#pragma once

#include <gtk/gtk.h>

#include "ops/desk.h"

G_BEGIN_DECLS

typedef void (*OcServerChosenFunc) (const char *name, gpointer data);

/* @name: the one to begin with, NULL: a new one. @chosen is called with a connection that was saved, or with NULL when one was
 * taken off the list. Main thread. */
void oc_server_editor_present (GtkWidget *widget, OcDesk *desk, const char *name, OcServerChosenFunc chosen, gpointer data,
    GDestroyNotify data_free);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks for a password for somebody else, twice. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*OcNewPasswordFunc) (const char *password, gpointer data);

/* @typed is called once with the password, which is wiped afterwards; not when it was cancelled. Main thread. */
void oc_new_password_present (GtkWidget *widget, const char *title, const char *text, OcNewPasswordFunc typed, gpointer data,
    GDestroyNotify data_free);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo's card tray, a plain widget beside the screens: simulated cards to put on the reader and to take away, meters
 * to put them in, and faults on request. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "tray/drawer.h"

G_BEGIN_DECLS

#define OC_TYPE_TRAY (oc_tray_get_type ())
G_DECLARE_FINAL_TYPE (OcTray, oc_tray, OC, TRAY, GtkWidget)

/* @folder: where the drawer is kept. @slot is referenced: the reader that the program works with. @keys is called on a
 * thread of its own, with @data, which must live as long as the process. */
GtkWidget *oc_tray_new (const char *folder, OcSimSlot *slot, OcDrawerKeys keys, gpointer data);

G_END_DECLS

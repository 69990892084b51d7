/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slot behind the vpcd protocol, so that a real pcscd shows the simulated card: frames of 2 bytes length (BE) and
 * payload; one byte 00 off, 01 on, 02 reset, 04 ATR, anything else an APDU. Blocking. */
#pragma once

#include <gio/gio.h>

#include "sim/reader.h"

G_BEGIN_DECLS

#define OC_SIM_VPCD_PORT 35963

/* Serves until pcscd closes the connection or the card leaves the slot (TRUE), @cancellable, or an error. The caller
 * closes the socket: that takes the card out. */
gboolean oc_sim_vpcd_serve (GSocket *socket, OcSimSlot *slot, GCancellable *cancellable, GError **error);
/* Connects to 127.0.0.1:@port and serves. @ready (may be NULL) is called when connected. */
gboolean oc_sim_vpcd_run (OcSimSlot *slot, guint16 port, void (*ready) (gpointer), gpointer data,
    GCancellable *cancellable, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of a private cluster for simulated cards and meters: the demo's tray and onecard-sim. */
#pragma once

#include "sim/keys.h"

G_BEGIN_DECLS

/* Asks the cluster in @data_dir (NULL: the default) as its owner; starts the server when needed and leaves it
 * running. Blocks. */
gboolean oc_sim_keys_from_database (OcSimKeys *keys, const char *data_dir, GError **error);

G_END_DECLS

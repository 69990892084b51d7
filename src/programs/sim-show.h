/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is on a simulated card, by its layout; for onecard-sim card show. */
#pragma once

#include <json-glib/json-glib.h>

#include "sim/card-file.h"

G_BEGIN_DECLS

/* {"family", "serial", "atr", "tries", "areas": {"DF01/02": {"hex", "valid", "fields": {…}}}}. Areas that are blank are left
 * out. Caller unrefs. */
JsonNode *oc_sim_card_describe (OcSimCard *card);

G_END_DECLS

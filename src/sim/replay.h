/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recorded session as a reader: commands must come as they were recorded, in strict order, and are answered so. The file is
 * text, a line each:
 *
 *   # a remark
 *   reader ACS ACR39U 00 00
 *   atr 3B00
 *   > FFA400000101
 *   < 9000
 */
#pragma once

#include "card/reader.h"

G_BEGIN_DECLS

/* NULL with OC_SIM_ERROR_FILE or _FORMAT (with the line). The card is in from the beginning. A command that was not recorded there is
 * answered with PROTOCOL, which names the line. */
OcReader *oc_replay_reader_new (const char *path, GError **error);
/* Was everything played? */
gboolean oc_replay_reader_is_at_end (OcReader *self);

G_END_DECLS

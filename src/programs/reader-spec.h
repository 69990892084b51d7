/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader that a program is told to use. */
#pragma once

#include "card/reader.h"

G_BEGIN_DECLS

/* @spec: "sim:FILE" a simulated card, "pcsc:NAME" a reader whose name begins so; ",acs", ",omnikey" or ",plain" behind it says
 * whose commands for memory cards it understands, where its name does not. NULL: what the station remembers (@data_dir, NULL: the
 * default one), else any. @faults: of a simulated card. NULL with G_OPTION_ERROR where the spec makes no sense. */
OcReader *oc_reader_from_spec (const char *spec, const char *data_dir, const char *faults, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a layout must be as a whole, when each of its members is right by itself. For the reader of layouts only. */
#pragma once

#include "card/document.h"
#include "card/layout.h"

G_BEGIN_DECLS

/* Takes in what refers to other parts (update flags, empty return file) and fails @doc at the first fault. */
void oc_layout_check (OcDocument *doc, JsonObject *root, OcLayout *layout);

G_END_DECLS

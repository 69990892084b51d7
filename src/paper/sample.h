/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a template is shown and tried with: made-up values for everything that a receipt can tell. Any thread. */
#pragma once

#include "core/fields.h"

G_BEGIN_DECLS

/* Caller unrefs. */
OcFields *oc_receipt_sample (void);

G_END_DECLS

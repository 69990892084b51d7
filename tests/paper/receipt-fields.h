/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What receipts are fed with in these tests: the manual's own customer, and one whose every value is as long as the
 * database lets it be. */
#pragma once

#include "core/fields.h"

/* Every kind of receipt, ended by NULL. */
extern const char *const receipt_kinds[];
extern const guint n_receipt_kinds;
OcFields *receipt_fields_story (void);
OcFields *receipt_fields_long (guint n_lines);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words with places in them: "{quantity:quantity} {quantity_unit}". For paper alone. */
#pragma once

#include "core/fields.h"

G_BEGIN_DECLS

/* Small letters, digits, _ and -, a letter first. */
gboolean oc_pattern_is_name (const char *name);

/* What is wrong with @pattern, in words for a person; NULL when it is well made. Caller frees. */
char *oc_pattern_complain (const char *pattern);

/* The words with the places filled; NULL when every place of a pattern that has any is empty, and for no words at all.
 * Broken places stay as they are. Caller frees. */
char *oc_pattern_fill (const char *pattern, const OcFields *fields);

/* Whether a condition ("copy", "!copy", NULL) holds. */
gboolean oc_pattern_condition (const char *when, const OcFields *fields);

G_END_DECLS

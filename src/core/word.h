/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The api speaks in words of its own ("cold-water", "effective", "alarm_1"); here is what a person reads. Thread-safe; no I/O. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A word of the api in the user's language; another text as it is. */
const char *oc_word (const char *word);
/* The way to a field, as refusals and the trail name it ("tiers.2.upper_limit"): "Tier 2 Upper limit". Caller frees. */
char *oc_field_format (const char *path);

G_END_DECLS

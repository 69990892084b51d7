/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this station remembers for the person in front of it: language, last operator, text size, idle lock. A key file in the
 * user's configuration folder; nothing secret, nothing of business. Main thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NULL when it was never set. Caller frees. */
char *oc_settings_get (const char *key);
/* "true" or "false"; @standard when it was never set. */
gboolean oc_settings_get_bool (const char *key, gboolean standard);
/* Saved at once; a folder that can't be written is only logged. */
void oc_settings_set (const char *key, const char *value);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding Chinese by typing Latin: pinyin initials, from data/pinyin-initials.txt (which the database has too). Pure;
 * thread-safe. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "吴敏" -> "wm", "3号楼B座" -> "3hlbz": of each Chinese character the first letter of its reading, as in a name; of the
 * rest ASCII letters (small) and digits, everything else is left out. Caller frees. */
char *oc_text_initials (const char *text);

G_END_DECLS

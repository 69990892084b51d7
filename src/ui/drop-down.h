/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of a drop-down under the keys. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* From now on the list of @drop_down opens with the caret on what is chosen, and Return takes the row that has the caret. GTK 4.8 leaves the
 * caret where it was last time, and takes the row under a pointer that only rests there. */
void oc_drop_down_keep_caret (GtkDropDown *drop_down);

G_END_DECLS

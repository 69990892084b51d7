/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the windows are drawn: renderer, theme, style sheet, icons. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Before GTK starts. What the environment says already stays. */
void oc_style_prepare (void);
/* Once there is a display. */
void oc_style_load (void);

G_END_DECLS

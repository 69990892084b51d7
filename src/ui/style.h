/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the windows are drawn: renderer, theme, style sheet, icons. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Before GTK starts. What the environment says already stays. */
void oc_style_prepare (void);
/* Once there is a display; the text is as large as the station's settings say. */
void oc_style_load (void);
/* How much larger than usual this station's text is: 1.5 where everything should be half as large again. What is set in
 * pixels and holds text grows with it. */
double oc_style_text_scale (void);
/* In percent; at once, in all windows. */
void oc_style_set_text_size (int percent);

G_END_DECLS

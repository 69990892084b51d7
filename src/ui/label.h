/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels that may be empty. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @text "": the label keeps its place, and nothing is read out there: of one without any text GTK 4.8 tells a screen reader "GtkLabel". */
void oc_label_show (GtkLabel *label, const char *text);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F1: the keys of the window and of its screens. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void oc_help_present (GtkWindow *parent);

G_END_DECLS

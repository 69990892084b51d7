/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key that is held repeats: within a widget only the first press of Enter counts, so that one long Enter is not a sale. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void oc_enter_once (GtkWidget *widget);

G_END_DECLS

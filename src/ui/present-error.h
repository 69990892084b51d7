/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only way an error that no field can carry is shown. */
#pragma once

#include "ui/screen.h"

G_BEGIN_DECLS

/* Shows @error at the top of the screen that @widget is in; in a dialog where there is none. Cancelled shows nothing.
 * @error stays the caller's. Main thread. */
void oc_present_error (GtkWidget *widget, const GError *error);
/* The same for what was only looked at and is looked at again when the database is back: then the words go. */
void oc_present_load_error (OcScreen *screen, const GError *error);

G_END_DECLS

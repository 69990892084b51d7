/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Importing pre-registered customers: a file is chosen and checked; the dialog shows how it was understood and what is wrong line by
 * line, saves that as a file, and imports all of its lines or none, with progress and Cancel. Main thread. */
#pragma once

#include "ui/screen.h"

G_BEGIN_DECLS

/* Asks for the file, then opens the dialog. */
void oc_import_present (OcScreen *screen);

G_END_DECLS

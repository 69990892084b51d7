/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A second person's approval: an act was refused because it goes over a limit, and a colleague who may approve it gives
 * number and password at this station. */
#pragma once

#include <gtk/gtk.h>

#include "ops/desk.h"

G_BEGIN_DECLS

typedef void (*OcApprovedFunc) (gpointer data);

/* @wanted is the refusal of the act (OC117); copied. @approved is called when the database has the approval: the same act
 * is then asked again. Main thread. */
void oc_approval_present (GtkWidget *widget, OcDesk *desk, const GError *wanted, OcApprovedFunc approved, gpointer data,
    GDestroyNotify data_free);

G_END_DECLS

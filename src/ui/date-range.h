/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From one day to another, both in it; an empty side is open. Signal "changed": both are dates or empty now, and other ones than
 * before. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define OC_TYPE_DATE_RANGE (oc_date_range_get_type ())
G_DECLARE_FINAL_TYPE (OcDateRange, oc_date_range, OC, DATE_RANGE, GtkWidget)

/* Where the first day begins, in ISO 8601; NULL: open. Caller frees. */
char *oc_date_range_get_from (OcDateRange *self);
/* Where the day after the last one begins, which is no more in it; NULL: open. Caller frees. */
char *oc_date_range_get_to (OcDateRange *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scrolling. */
#include "ui/scroll.h"

void
oc_scroll_to (GtkAdjustment *adjustment, const graphene_rect_t *bounds)
{
    double top = bounds->origin.y;
    double bottom = top + bounds->size.height;
    double value = gtk_adjustment_get_value (adjustment);

    value = MAX (value, bottom - gtk_adjustment_get_page_size (adjustment));
    gtk_adjustment_set_value (adjustment, MIN (value, top));
}

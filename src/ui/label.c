/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels. */
#include "ui/label.h"

void
oc_label_show (GtkLabel *label, const char *text)
{
    gtk_label_set_label (label, *text != '\0' ? text : " ");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An entry for a number: what amounts and quantities have in common. It knows what a person typed from what was computed: the signal "typed"
 * comes only for the first. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define OC_TYPE_NUMBER_ENTRY (oc_number_entry_get_type ())
G_DECLARE_DERIVABLE_TYPE (OcNumberEntry, oc_number_entry, OC, NUMBER_ENTRY, GtkEntry)

struct _OcNumberEntryClass {
    GtkEntryClass parent_class;
};

/* Whether there is nothing in it but spaces. */
gboolean oc_number_entry_is_empty (OcNumberEntry *self);
/* Shows what was computed, "": nothing. Does not emit "typed". */
void oc_number_entry_show (OcNumberEntry *self, const char *text);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search of the screens by any of their names (Ctrl+K): a button that looks like a field, and under it the field with
 * what fits. Choosing activates "oc.show". */
#pragma once

#include <gtk/gtk.h>

#include "ops/desk.h"

G_BEGIN_DECLS

#define OC_TYPE_SEARCH (oc_search_get_type ())
G_DECLARE_FINAL_TYPE (OcSearch, oc_search, OC, SEARCH, GtkWidget)

/* @desk: for what this operator may see; referenced. */
void oc_search_set_desk (OcSearch *self, OcDesk *desk);
void oc_search_open (OcSearch *self);

/* How well a screen of these @words (any language's titles, initials) and translated @title is found by @text: every part of @text
 * begins a word or is in a Chinese one. 0: not found; the more, the better: it is called so, begins so, or one of its words is @text. Pure. */
guint oc_search_rank (const char *words, const char *title, const char *text);

G_END_DECLS

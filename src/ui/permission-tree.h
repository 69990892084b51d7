/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a form that chooses permissions: a group's check says all, none, or some of its permissions. Field
 * "permissions": codes of the api with a space between. Main thread. */
#pragma once

#include "core/rows.h"
#include "ui/form-part.h"

G_BEGIN_DECLS

#define OC_TYPE_PERMISSION_TREE (oc_permission_tree_get_type ())
G_DECLARE_FINAL_TYPE (OcPermissionTree, oc_permission_tree, OC, PERMISSION_TREE, GtkWidget)

/* The permissions there are: code and grp, in their order. What is chosen stays. */
void oc_permission_tree_set_rows (OcPermissionTree *self, OcRows *rows);
/* TRUE: all are shown as chosen and none can be changed; what was chosen is kept. */
void oc_permission_tree_set_all (OcPermissionTree *self, gboolean all);

G_END_DECLS

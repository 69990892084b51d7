/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Branches (网点设置): a name and a four-digit number greater than 1001. */
#include <glib/gi18n-lib.h>

#include "ui/form-field.h"
#include "ui/record-screen.h"
#include "ui/screens.h"

#define OC_TYPE_BRANCHES_SCREEN (oc_branches_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcBranchesScreen, oc_branches_screen, OC, BRANCHES_SCREEN, OcRecordScreen)

struct _OcBranchesScreen {
    OcRecordScreen parent_instance;

    OcFormField *number;
};

G_DEFINE_FINAL_TYPE (OcBranchesScreen, oc_branches_screen, OC_TYPE_RECORD_SCREEN)

static const OcColumn columns[] = {
    { N_("Branch number"), "number", OC_COLUMN_TEXT, 12 },
    { N_("Branch name"), "name", OC_COLUMN_TEXT, 18 },
    { N_("In use"), "active", OC_COLUMN_TRUTH, 7 },
};

/* What is written down with every sale of a branch stays. */
static void
oc_branches_screen_shown (OcRecordScreen *screen, const OcFields *record)
{
    oc_form_field_set_editable (OC_BRANCHES_SCREEN (screen)->number, record == NULL);
}

static void
oc_branches_screen_class_init (OcBranchesScreenClass *klass)
{
    OcRecordScreenClass *record_class = OC_RECORD_SCREEN_CLASS (klass);

    record_class->kind = "branches";
    record_class->title = N_("Branches");
    record_class->purpose = N_("Where cards are sold. Every operator works for one branch, and every sale notes it.");
    record_class->new_title = N_("New branch");
    record_class->empty_text = N_("Add the first branch.");
    record_class->icon = "oc-branch-symbolic";
    record_class->columns = columns;
    record_class->n_columns = G_N_ELEMENTS (columns);
    record_class->shown = oc_branches_screen_shown;
    gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass), "/onecard/ui/screen-branches.ui");
    gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), OcBranchesScreen, number);
}

static void
oc_branches_screen_init (OcBranchesScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

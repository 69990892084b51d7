/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roles (系统角色): a name and what it may. A change takes effect at once on every station. */
#include <glib/gi18n-lib.h>

#include "ui/form-field.h"
#include "ui/permission-tree.h"
#include "ui/record-screen.h"
#include "ui/screens.h"

#define OC_TYPE_ROLES_SCREEN (oc_roles_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcRolesScreen, oc_roles_screen, OC, ROLES_SCREEN, OcRecordScreen)

struct _OcRolesScreen {
    OcRecordScreen parent_instance;

    OcFormField *administrator;
    OcPermissionTree *permissions;
};

G_DEFINE_FINAL_TYPE (OcRolesScreen, oc_roles_screen, OC_TYPE_RECORD_SCREEN)

static const OcColumn columns[] = {
    { N_("Role name"), "name", OC_COLUMN_TEXT, 16 },
    { N_("Administrator"), "administrator", OC_COLUMN_TRUTH, 12 },
    { N_("How many have it"), "in_use", OC_COLUMN_INTEGER, 14 },
};

static const char *const lists[] = { "permissions", NULL };

static void
oc_roles_screen_list_came (OcRecordScreen *screen, const char *list, OcRows *rows)
{
    oc_permission_tree_set_rows (OC_ROLES_SCREEN (screen)->permissions, rows);
}

static void
oc_roles_screen_edited (OcRecordScreen *screen)
{
    OcRolesScreen *self = OC_ROLES_SCREEN (screen);
    g_autofree char *administrator = oc_form_field_get (self->administrator);

    oc_permission_tree_set_all (self->permissions, g_str_equal (administrator, "true"));
}

static void
oc_roles_screen_shown (OcRecordScreen *screen, const OcFields *record)
{
    oc_roles_screen_edited (screen);
}

static void
oc_roles_screen_class_init (OcRolesScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcRecordScreenClass *record_class = OC_RECORD_SCREEN_CLASS (klass);

    record_class->kind = "roles";
    record_class->title = N_("Roles");
    record_class->purpose = N_("What an operator may do goes by the role. A change takes effect at once on every station.");
    record_class->new_title = N_("New role");
    record_class->empty_text = N_("Add the first role.");
    record_class->icon = "oc-role-symbolic";
    record_class->columns = columns;
    record_class->n_columns = G_N_ELEMENTS (columns);
    record_class->lists = lists;
    record_class->list_came = oc_roles_screen_list_came;
    record_class->shown = oc_roles_screen_shown;
    record_class->edited = oc_roles_screen_edited;
    g_type_ensure (OC_TYPE_PERMISSION_TREE);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-roles.ui");
    gtk_widget_class_bind_template_child (widget_class, OcRolesScreen, administrator);
    gtk_widget_class_bind_template_child (widget_class, OcRolesScreen, permissions);
}

static void
oc_roles_screen_init (OcRolesScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

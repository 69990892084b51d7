/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pre-registered customers (预录入用户信息): typed one by one or from a file, and chosen when the account is opened. */
#include <glib/gi18n-lib.h>

#include "ui/form-field.h"
#include "ui/found-screen.h"
#include "ui/import-dialog.h"
#include "ui/screens.h"

#define OC_TYPE_PRE_REGISTERED_SCREEN (oc_pre_registered_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcPreRegisteredScreen, oc_pre_registered_screen, OC, PRE_REGISTERED_SCREEN, OcFoundScreen)

struct _OcPreRegisteredScreen {
    OcFoundScreen parent_instance;
};

G_DEFINE_FINAL_TYPE (OcPreRegisteredScreen, oc_pre_registered_screen, OC_TYPE_FOUND_SCREEN)

static const OcColumn columns[] = {
    { N_("Number"), "pre_registered", OC_COLUMN_INTEGER, 8 },
    { N_("Name"), "name", OC_COLUMN_TEXT, 10 },
    { N_("Address"), "address", OC_COLUMN_TEXT, 22 },
    { N_("Telephone"), "phone", OC_COLUMN_TEXT, 12 },
    { N_("Branch"), "branch_name", OC_COLUMN_TEXT, 10 },
    { N_("Operator"), "operator_name", OC_COLUMN_TEXT, 9, .hidden = TRUE },
    { N_("Time"), "created_at", OC_COLUMN_TIME, 15, .hidden = TRUE },
};

static void
import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_import_present (OC_SCREEN (widget));
}

static void
oc_pre_registered_screen_update_actions (OcScreen *screen)
{
    OC_SCREEN_CLASS (oc_pre_registered_screen_parent_class)->update_actions (screen);
    gtk_widget_action_set_enabled (GTK_WIDGET (screen), "pre-registered.import", !oc_found_screen_is_dirty (OC_FOUND_SCREEN (screen)));
}

static void
oc_pre_registered_screen_class_init (OcPreRegisteredScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcFoundScreenClass *found_class = OC_FOUND_SCREEN_CLASS (klass);

    OC_SCREEN_CLASS (klass)->update_actions = oc_pre_registered_screen_update_actions;
    found_class->title = N_("Pre-registered customers");
    found_class->purpose = N_("Whose account is opened later: then nobody types the data again.");
    found_class->new_title = N_("New customer");
    found_class->choose_text = N_("Choose a customer");
    found_class->empty_icon = "oc-person-symbolic";
    found_class->empty_title = N_("Nobody is waiting for an account");
    found_class->empty_text = N_("Add a customer (Ctrl+N), or import a file of them.");
    found_class->columns = columns;
    found_class->n_columns = G_N_ELEMENTS (columns);
    found_class->key = "pre_registered";
    found_class->permission = "pre-registered";
    found_class->find = oc_pre_registered_find_async;
    found_class->find_finish = oc_pre_registered_find_finish;
    found_class->save = oc_pre_registered_save_async;
    found_class->save_finish = oc_pre_registered_save_finish;
    found_class->remove = oc_pre_registered_delete_async;
    found_class->remove_finish = oc_pre_registered_delete_finish;
    g_type_ensure (OC_TYPE_FORM_FIELD);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-pre-registered.ui");
    gtk_widget_class_install_action (widget_class, "pre-registered.import", NULL, import_action);
}

static void
oc_pre_registered_screen_init (OcPreRegisteredScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

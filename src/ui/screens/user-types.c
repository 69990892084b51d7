/* SPDX-License-Identifier: GPL-3.0-or-later */
/* User types (用户类型设置): from what value on a meter warns and switches off, and how much may be bought. */
#include <glib/gi18n-lib.h>

#include "ui/record-screen.h"
#include "ui/screens.h"

#define OC_TYPE_USER_TYPES_SCREEN (oc_user_types_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcUserTypesScreen, oc_user_types_screen, OC, USER_TYPES_SCREEN, OcRecordScreen)

struct _OcUserTypesScreen {
    OcRecordScreen parent_instance;
};

G_DEFINE_FINAL_TYPE (OcUserTypesScreen, oc_user_types_screen, OC_TYPE_RECORD_SCREEN)

static const OcColumn columns[] = {
    { N_("User type"), "name", OC_COLUMN_TEXT, 14 },
    { N_("Meter type"), "meter_type", OC_COLUMN_STATE, 9 },
    { N_("Purchase limit"), "purchase_limit", OC_COLUMN_QUANTITY, 9 },
    { N_("Alarm 1"), "alarm_1", OC_COLUMN_QUANTITY, 7 },
    { N_("Alarm 2"), "alarm_2", OC_COLUMN_QUANTITY, 7 },
    { N_("Hoarding limit"), "hoarding", OC_COLUMN_QUANTITY, 9 },
    { N_("Presale"), "presale", OC_COLUMN_QUANTITY, 7 },
    { N_("In use"), "active", OC_COLUMN_TRUTH, 7 },
};

static void
oc_user_types_screen_class_init (OcUserTypesScreenClass *klass)
{
    OcRecordScreenClass *record_class = OC_RECORD_SCREEN_CLASS (klass);

    record_class->kind = "user-types";
    record_class->title = N_("User types");
    record_class->purpose = N_("Classes of use: when a meter warns and switches off, and how much may be bought for it.");
    record_class->new_title = N_("New user type");
    record_class->empty_text = N_("Add the first user type.");
    record_class->icon = "oc-person-symbolic";
    record_class->columns = columns;
    record_class->n_columns = G_N_ELEMENTS (columns);
    gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass), "/onecard/ui/screen-user-types.ui");
}

static void
oc_user_types_screen_init (OcUserTypesScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The charging unit (收费单位): whose name and logo stand on receipts. */
#include <glib/gi18n-lib.h>

#include "ui/logo-field.h"
#include "ui/record-screen.h"
#include "ui/screens.h"

#define OC_TYPE_UNIT_SCREEN (oc_unit_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcUnitScreen, oc_unit_screen, OC, UNIT_SCREEN, OcRecordScreen)

struct _OcUnitScreen {
    OcRecordScreen parent_instance;
};

G_DEFINE_FINAL_TYPE (OcUnitScreen, oc_unit_screen, OC_TYPE_RECORD_SCREEN)

static void
oc_unit_screen_class_init (OcUnitScreenClass *klass)
{
    OcRecordScreenClass *record_class = OC_RECORD_SCREEN_CLASS (klass);

    record_class->kind = "unit";
    record_class->title = N_("Charging unit");
    record_class->purpose = N_("The company that sells: its name and logo stand on every receipt.");
    record_class->discard = N_("Load");
    record_class->keeps = TRUE;
    g_type_ensure (OC_TYPE_LOGO_FIELD);
    gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass), "/onecard/ui/screen-unit.ui");
}

static void
oc_unit_screen_init (OcUnitScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System parameters (系统参数设置). Saving signs all stations out; what is on every card changes only when the number of
 * cards in use is typed. */
#include <glib/gi18n-lib.h>

#include "ui/ask.h"
#include "ui/form-field.h"
#include "ui/record-change.h"
#include "ui/screens.h"

#define OC_TYPE_PARAMETERS_SCREEN (oc_parameters_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcParametersScreen, oc_parameters_screen, OC, PARAMETERS_SCREEN, OcRecordScreen)

struct _OcParametersScreen {
    OcRecordScreen parent_instance;

    OcFormField *card_family, *area_number, *confirm;
};

G_DEFINE_FINAL_TYPE (OcParametersScreen, oc_parameters_screen, OC_TYPE_RECORD_SCREEN)

/* With cards in use, family and area number want to be confirmed. */
static void
update_confirm (OcParametersScreen *self)
{
    const OcFields *record = oc_record_screen_get_record (OC_RECORD_SCREEN (self));
    gboolean asked = record != NULL && !g_str_equal (oc_fields_get (record, "cards"), "0")
        && (oc_form_part_count_changes (OC_FORM_PART (self->card_family)) > 0
            || oc_form_part_count_changes (OC_FORM_PART (self->area_number)) > 0);

    gtk_widget_set_visible (GTK_WIDGET (self->confirm), asked);
}

static void
oc_parameters_screen_edited (OcRecordScreen *screen)
{
    update_confirm (OC_PARAMETERS_SCREEN (screen));
}

static void
oc_parameters_screen_shown (OcRecordScreen *screen, const OcFields *record)
{
    update_confirm (OC_PARAMETERS_SCREEN (screen));
}

static void
on_answered_cb (OcAnswer answer, gpointer data)
{
    g_autoptr(OcRecordScreen) self = data;

    if (answer == OC_ANSWER_YES && oc_screen_is_shown (OC_SCREEN (self)))
        oc_record_change_save (self, NULL, NULL);
}

static void
oc_parameters_screen_save (OcRecordScreen *screen)
{
    oc_ask (GTK_WIDGET (screen), &(OcQuestion){ .title = _("System parameters"), .question = _("Save and sign every station out?"),
        .explanation = _("Everybody returns to the login screen at once. Who is writing a card finishes that first."),
        .yes = _("Save"), .destroys = TRUE }, on_answered_cb, g_object_ref (screen));
}

static void
oc_parameters_screen_class_init (OcParametersScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcRecordScreenClass *record_class = OC_RECORD_SCREEN_CLASS (klass);

    record_class->kind = "parameters";
    record_class->title = N_("System parameters");
    record_class->purpose = N_("What holds for every branch, every card and every sale.");
    record_class->keeps = TRUE;
    record_class->shown = oc_parameters_screen_shown;
    record_class->edited = oc_parameters_screen_edited;
    record_class->save = oc_parameters_screen_save;
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-parameters.ui");
    gtk_widget_class_bind_template_child (widget_class, OcParametersScreen, card_family);
    gtk_widget_class_bind_template_child (widget_class, OcParametersScreen, area_number);
    gtk_widget_class_bind_template_child (widget_class, OcParametersScreen, confirm);
}

static void
oc_parameters_screen_init (OcParametersScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

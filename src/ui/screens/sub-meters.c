/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sub-meters (子表设置): which kind of meter has which of the eight places on a card. */
#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "ui/form-field.h"
#include "ui/record-screen.h"
#include "ui/screens.h"

#define OC_TYPE_SUB_METERS_SCREEN (oc_sub_meters_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcSubMetersScreen, oc_sub_meters_screen, OC, SUB_METERS_SCREEN, OcRecordScreen)

struct _OcSubMetersScreen {
    OcRecordScreen parent_instance;

    OcFormField *meter_type;
};

G_DEFINE_FINAL_TYPE (OcSubMetersScreen, oc_sub_meters_screen, OC_TYPE_RECORD_SCREEN)

static const OcColumn columns[] = {
    { N_("Sub-meter"), "slot", OC_COLUMN_TEXT, 9 },
    { N_("Meter type"), "meter_type", OC_COLUMN_STATE, 12 },
    { N_("Meters"), "in_use", OC_COLUMN_INTEGER, 8 },
};

/* A place that meters have on their cards can't become something else. */
static void
oc_sub_meters_screen_shown (OcRecordScreen *screen, const OcFields *record)
{
    OcSubMetersScreen *self = OC_SUB_METERS_SCREEN (screen);
    const char *meters = record != NULL ? oc_fields_get (record, "in_use") : "0";
    gint64 n = g_ascii_strtoll (meters, NULL, 10);
    g_autofree char *hint = NULL;

    oc_form_field_set_editable (self->meter_type, n == 0);
    /* Translators: %s is a number. */
    hint = n == 0 ? g_strdup (_("Which kind of meter has this place on every card."))
                  : g_strdup_printf (ngettext ("%s meter has this place: it can't be changed any more.",
                        "%s meters have this place: it can't be changed any more.", (gulong) n), meters);
    oc_form_field_set_hint (self->meter_type, hint);
}

static void
oc_sub_meters_screen_class_init (OcSubMetersScreenClass *klass)
{
    OcRecordScreenClass *record_class = OC_RECORD_SCREEN_CLASS (klass);

    record_class->kind = "sub-meters";
    record_class->title = N_("Sub-meter places");
    record_class->purpose = N_("Which kind of meter has which place on a card.");
    record_class->call = N_("Sub-meter %s");
    record_class->empty_text = N_("The database has no places.");
    record_class->icon = "oc-card-symbolic";
    record_class->columns = columns;
    record_class->n_columns = G_N_ELEMENTS (columns);
    record_class->name = "slot";
    record_class->keeps = TRUE;
    record_class->shown = oc_sub_meters_screen_shown;
    gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass), "/onecard/ui/screen-sub-meters.ui");
    gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), OcSubMetersScreen, meter_type);
}

static void
oc_sub_meters_screen_init (OcSubMetersScreen *self)
{
    static const char *const types[] = { "", "electricity", "cold-water", "gas", "hot-water", "heat", NULL };
    const char *titles[G_N_ELEMENTS (types)] = { _("None") };

    gtk_widget_init_template (GTK_WIDGET (self));
    for (gsize i = 1; types[i] != NULL; i++)
        titles[i] = oc_word (types[i]);
    oc_form_field_set_choices (self->meter_type, types, titles, FALSE);
}

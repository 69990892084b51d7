/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meter models (仪表参数设置): what a model of a meter is, and which layout its card has. Offered is only what fits the
 * meter type. */
#include <glib/gi18n-lib.h>

#include "ui/form-field.h"
#include "ui/record-screen.h"
#include "ui/screens.h"

#define OC_TYPE_METER_MODELS_SCREEN (oc_meter_models_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcMeterModelsScreen, oc_meter_models_screen, OC, METER_MODELS_SCREEN, OcRecordScreen)

struct _OcMeterModelsScreen {
    OcRecordScreen parent_instance;

    OcFormField *meter_type, *layout, *chip, *bore, *ct, *vt;
    OcRows *layouts; /* NULL before they came */
};

G_DEFINE_FINAL_TYPE (OcMeterModelsScreen, oc_meter_models_screen, OC_TYPE_RECORD_SCREEN)

static const OcColumn columns[] = {
    { N_("Meter type"), "meter_type", OC_COLUMN_STATE, 9 },
    { N_("Meter name"), "name", OC_COLUMN_TEXT, 18 },
    { N_("Card family"), "family", OC_COLUMN_STATE, 10 },
    { N_("Sampling step"), "step", OC_COLUMN_QUANTITY, 10 },
    { N_("Bore"), "bore", OC_COLUMN_INTEGER, 6 },
    { N_("CT ratio"), "ct", OC_COLUMN_INTEGER, 8 },
    { N_("VT ratio"), "vt", OC_COLUMN_INTEGER, 8 },
    { N_("In use"), "active", OC_COLUMN_TRUTH, 7 },
};

static const char *const lists[] = { "card_layouts", NULL };

/* The layouts for a meter type; one without a type is for any. */
static void
offer_layouts (OcMeterModelsScreen *self, const char *type)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
    g_autoptr(GStrvBuilder) titles = g_strv_builder_new ();
    g_auto(GStrv) name_list = NULL;
    g_auto(GStrv) title_list = NULL;

    for (guint i = 0; i < oc_rows_count (self->layouts); i++) {
        const char *of = oc_rows_text (self->layouts, i, "meter_type");
        const char *name = oc_rows_text (self->layouts, i, "name");
        const char *title = oc_rows_text (self->layouts, i, "title");

        if (*of != '\0' && !g_str_equal (of, type))
            continue;
        g_strv_builder_add (names, name);
        g_strv_builder_add (titles, *title != '\0' ? _(title) : name); /* a site's own layout says its words itself */
    }
    name_list = g_strv_builder_end (names);
    title_list = g_strv_builder_end (titles);
    oc_form_field_set_choices (self->layout, (const char *const *) name_list, (const char *const *) title_list, FALSE);
}

static void
offer_chips (OcMeterModelsScreen *self)
{
    g_autofree char *layout = oc_form_field_get (self->layout);

    for (guint i = 0; i < oc_rows_count (self->layouts); i++) {
        if (g_str_equal (oc_rows_text (self->layouts, i, "name"), layout)) {
            g_auto(GStrv) chips = g_strsplit (oc_rows_text (self->layouts, i, "chips"), " ", -1);
            oc_form_field_set_choices (self->chip, (const char *const *) chips, NULL, FALSE);
        }
    }
}

static void
fit (OcMeterModelsScreen *self)
{
    g_autofree char *type = oc_form_field_get (self->meter_type);
    gboolean electric = g_str_equal (type, "electricity");

    gtk_widget_set_visible (GTK_WIDGET (self->bore), !electric && !g_str_equal (type, "heat"));
    gtk_widget_set_visible (GTK_WIDGET (self->ct), electric);
    gtk_widget_set_visible (GTK_WIDGET (self->vt), electric);
    if (self->layouts == NULL)
        return;
    offer_layouts (self, type);
    offer_chips (self);
}

static void
oc_meter_models_screen_list_came (OcRecordScreen *screen, const char *list, OcRows *rows)
{
    g_set_object (&OC_METER_MODELS_SCREEN (screen)->layouts, rows);
    fit (OC_METER_MODELS_SCREEN (screen));
}

static void
oc_meter_models_screen_edited (OcRecordScreen *screen)
{
    fit (OC_METER_MODELS_SCREEN (screen));
}

static void
oc_meter_models_screen_shown (OcRecordScreen *screen, const OcFields *record)
{
    OcMeterModelsScreen *self = OC_METER_MODELS_SCREEN (screen);

    fit (self);
}

static void
oc_meter_models_screen_dispose (GObject *object)
{
    g_clear_object (&OC_METER_MODELS_SCREEN (object)->layouts);
    G_OBJECT_CLASS (oc_meter_models_screen_parent_class)->dispose (object);
}

static void
oc_meter_models_screen_class_init (OcMeterModelsScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcRecordScreenClass *record_class = OC_RECORD_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_meter_models_screen_dispose;
    record_class->kind = "meter-models";
    record_class->title = N_("Meter models");
    record_class->purpose = N_("The models of meters that are sold for, with the values of their makers.");
    record_class->new_title = N_("New meter model");
    record_class->empty_text = N_("Add the first meter model.");
    record_class->icon = "oc-meter-symbolic";
    record_class->columns = columns;
    record_class->n_columns = G_N_ELEMENTS (columns);
    record_class->lists = lists;
    record_class->list_came = oc_meter_models_screen_list_came;
    record_class->shown = oc_meter_models_screen_shown;
    record_class->edited = oc_meter_models_screen_edited;
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-meter-models.ui");
    gtk_widget_class_bind_template_child (widget_class, OcMeterModelsScreen, meter_type);
    gtk_widget_class_bind_template_child (widget_class, OcMeterModelsScreen, layout);
    gtk_widget_class_bind_template_child (widget_class, OcMeterModelsScreen, chip);
    gtk_widget_class_bind_template_child (widget_class, OcMeterModelsScreen, bore);
    gtk_widget_class_bind_template_child (widget_class, OcMeterModelsScreen, ct);
    gtk_widget_class_bind_template_child (widget_class, OcMeterModelsScreen, vt);
}

static void
oc_meter_models_screen_init (OcMeterModelsScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

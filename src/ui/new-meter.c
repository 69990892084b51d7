/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A form that begins as the old meter is: only what differs is asked for. */
#include "ui/new-meter.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "ui/form-field.h"
#include "ui/form.h"
#include "ui/meter-cards.h"
#include "ui/meter-lists.h"

struct _OcNewMeter {
    GtkWidget parent_instance;
    OcForm *form;
    OcFormField *meter, *remaining, *model, *user_type, *price, *price_2, *ct, *vt;
    OcMeterLists lists;
    OcRows *meters;  /* NULL: no meter is chosen */
    guint row;
    OcFields *old;   /* the form's values of the old meter */
    OcFields *typed; /* what read () lends */
    char *shown;     /* the model whose ratios are shown */
    gboolean filling;
};

G_DEFINE_FINAL_TYPE (OcNewMeter, oc_new_meter, GTK_TYPE_WIDGET)

enum { SIGNAL_EDITED, SIGNAL_PROCEED, N_SIGNALS };
static guint signals[N_SIGNALS];

static const char *
meter_type (OcNewMeter *self)
{
    return oc_rows_text (self->meters, self->row, "meter_type");
}

/* Choices --------------------------------------------------------------------------------------------------------------- */

/* The row of the meter model with this name, -1: none. */
static int
model_row (OcNewMeter *self, const char *name)
{
    OcRows *models = self->lists.meter_models;

    for (guint i = 0; models != NULL && i < oc_rows_count (models); i++)
        if (g_str_equal (oc_rows_text (models, i, "name"), name))
            return (int) i;
    return -1;
}

/* Only a model that the same card carries, and that counts the same, can take over what the old meter holds. */
static gboolean
can_follow (OcNewMeter *self, OcRows *models, guint row)
{
    int old = model_row (self, oc_rows_text (self->meters, self->row, "model"));

    return old < 0
        || (g_str_equal (oc_rows_text (models, row, "chip"), oc_rows_text (models, (guint) old, "chip"))
            && oc_rows_bool (models, row, "by_money") == oc_rows_bool (models, (guint) old, "by_money"));
}

static void
set_models (OcNewMeter *self)
{
    OcRows *models = self->lists.meter_models;
    g_autoptr(GPtrArray) names = g_ptr_array_new ();

    for (guint i = 0; i < oc_rows_count (models); i++)
        if (oc_rows_bool (models, i, "active") && g_str_equal (oc_rows_text (models, i, "meter_type"), meter_type (self))
            && can_follow (self, models, i))
            g_ptr_array_add (names, (gpointer) oc_rows_text (models, i, "name"));
    g_ptr_array_add (names, NULL);
    oc_form_field_set_choices (self->model, (const char *const *) names->pdata, (const char *const *) names->pdata, TRUE);
}

static void
set_choices (OcNewMeter *self, OcFormField *field, OcRows *rows)
{
    g_auto(GStrv) names = oc_meter_names (rows, meter_type (self));

    oc_form_field_set_choices (field, (const char *const *) names, (const char *const *) names, TRUE);
}

static void
show_choices (OcNewMeter *self)
{
    if (self->meters == NULL || !oc_meter_lists_are_there (&self->lists))
        return;
    self->filling = TRUE;
    set_models (self);
    set_choices (self, self->user_type, self->lists.user_types);
    set_choices (self, self->price, self->lists.prices);
    set_choices (self, self->price_2, self->lists.prices);
    self->filling = FALSE;
}

/* What it is now -------------------------------------------------------------------------------------------------------- */

static void
show_remaining (OcNewMeter *self)
{
    g_autofree char *last = NULL;
    g_autofree char *hint = NULL;

    if (oc_rows_is_null (self->meters, self->row, "remaining")) {
        oc_form_field_set_hint (self->remaining, _("As the old meter shows; below 0 for an overdraft. Empty: the presale, as the meter has not answered yet."));
        return;
    }
    last = oc_quantity_format (oc_rows_quantity (self->meters, self->row, "remaining"));
    /* Translators: an amount and its unit */
    hint = g_strdup_printf (_("As the old meter shows; below 0 for an overdraft. Empty: %s %s, as it last returned."), last,
        oc_meter_unit (self->meters, self->row));
    oc_form_field_set_hint (self->remaining, hint);
}

static void
fill (OcNewMeter *self)
{
    static const struct {
        const char *field, *column;
    } texts[] = {
        { "model", "model" }, { "user_type", "user_type" }, { "price", "price_1" }, { "price_2", "price_2" }, { "ct", "ct" },
        { "vt", "vt" },
    };

    g_clear_pointer (&self->old, oc_fields_unref);
    self->old = oc_fields_new (NULL);
    oc_fields_set (self->old, "meter", "");
    oc_fields_set (self->old, "remaining", "");
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        oc_fields_set (self->old, texts[i].field, oc_rows_text (self->meters, self->row, texts[i].column));
    g_free (self->shown);
    self->shown = g_strdup (oc_fields_get (self->old, "model"));
    self->filling = TRUE;
    oc_form_fill (self->form, self->old);
    oc_form_clear_errors (self->form);
    self->filling = FALSE;
}

static gboolean
is_same (OcNewMeter *self, OcRows *meters, guint row)
{
    return self->meters != NULL && meters != NULL
        && g_str_equal (oc_rows_text (self->meters, self->row, "meter"), oc_rows_text (meters, row, "meter"));
}

void
oc_new_meter_set_meter (OcNewMeter *self, OcRows *meters, guint row)
{
    gboolean same, electric;

    g_return_if_fail (OC_IS_NEW_METER (self));
    same = is_same (self, meters, row);
    if (meters == NULL)
        return; /* it may come back */
    g_set_object (&self->meters, meters);
    self->row = row;
    electric = g_str_equal (meter_type (self), "electricity");
    gtk_widget_set_visible (GTK_WIDGET (self->ct), electric);
    gtk_widget_set_visible (GTK_WIDGET (self->vt), electric);
    show_choices (self);
    show_remaining (self);
    if (!same)
        fill (self);
}

void
oc_new_meter_load (OcNewMeter *self, OcScreen *screen)
{
    g_return_if_fail (OC_IS_NEW_METER (self));
    oc_meter_lists_load (&self->lists, screen, (OcMeterListsLoaded) show_choices, self);
}

/* Reading --------------------------------------------------------------------------------------------------------------- */

/* NULL: as the old one. */
static const char *
other_than_old (OcNewMeter *self, const char *field)
{
    const char *value = oc_fields_get (self->typed, field);

    return value != NULL && *value != '\0' && !g_str_equal (value, oc_fields_get (self->old, field)) ? value : NULL;
}

static int
other_ratio (OcNewMeter *self, const char *field, gboolean other_model)
{
    const char *value = other_model ? oc_fields_get (self->typed, field) : other_than_old (self, field);

    return value != NULL ? (int) g_ascii_strtoll (value, NULL, 10) : 0;
}

gboolean
oc_new_meter_read (OcNewMeter *self, OcReplaceMeterAsk *ask, gboolean tell)
{
    const char *text;

    g_return_val_if_fail (OC_IS_NEW_METER (self), FALSE);
    if (self->meters == NULL || (tell && !oc_form_check (self->form)))
        return FALSE;
    g_clear_pointer (&self->typed, oc_fields_unref);
    self->typed = oc_form_read (self->form);
    text = oc_fields_get (self->typed, "meter");
    ask->meter = *text != '\0' ? text : NULL;
    ask->model = other_than_old (self, "model");
    ask->user_type = other_than_old (self, "user_type");
    ask->price = other_than_old (self, "price");
    ask->price_2 = other_than_old (self, "price_2");
    ask->ct = other_ratio (self, "ct", ask->model != NULL);
    ask->vt = other_ratio (self, "vt", ask->model != NULL);
    text = oc_fields_get (self->typed, "remaining");
    ask->by_return = *text == '\0';
    return ask->by_return || oc_quantity_from_decimal (text, &ask->remaining);
}

/* Callbacks ------------------------------------------------------------------------------------------------------------- */

/* Another model brings its own ratios. */
static void
show_ratios (OcNewMeter *self)
{
    g_autofree char *model = oc_form_field_get (self->model);
    int row = model_row (self, model);
    g_autofree char *ct = NULL;
    g_autofree char *vt = NULL;

    if (row < 0 || g_strcmp0 (model, self->shown) == 0)
        return;
    g_free (self->shown);
    self->shown = g_strdup (model);
    ct = g_strdup (oc_rows_text (self->lists.meter_models, (guint) row, "ct"));
    vt = g_strdup (oc_rows_text (self->lists.meter_models, (guint) row, "vt"));
    self->filling = TRUE;
    oc_form_field_put (self->ct, ct);
    oc_form_field_put (self->vt, vt);
    self->filling = FALSE;
}

static void
on_changed_cb (OcNewMeter *self)
{
    if (self->filling)
        return;
    show_ratios (self);
    g_signal_emit (self, signals[SIGNAL_EDITED], 0);
}

static void
on_submitted_cb (OcNewMeter *self)
{
    g_signal_emit (self, signals[SIGNAL_PROCEED], 0);
}

/* GObject --------------------------------------------------------------------------------------------------------------- */

static void
oc_new_meter_dispose (GObject *object)
{
    OcNewMeter *self = OC_NEW_METER (object);

    g_clear_object (&self->meters);
    oc_meter_lists_clear (&self->lists);
    g_clear_pointer (&self->old, oc_fields_unref);
    g_clear_pointer (&self->typed, oc_fields_unref);
    g_clear_pointer (&self->shown, g_free);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_NEW_METER);
    G_OBJECT_CLASS (oc_new_meter_parent_class)->dispose (object);
}

static void
oc_new_meter_class_init (OcNewMeterClass *klass)
{
    static const char *const names[N_SIGNALS] = { "edited", "proceed" };
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_new_meter_dispose;
    for (guint i = 0; i < N_SIGNALS; i++)
        signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    g_type_ensure (OC_TYPE_FORM);
    g_type_ensure (OC_TYPE_FORM_FIELD);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/new-meter.ui");
    gtk_widget_class_bind_template_child (widget_class, OcNewMeter, form);
    gtk_widget_class_bind_template_child (widget_class, OcNewMeter, meter);
    gtk_widget_class_bind_template_child (widget_class, OcNewMeter, remaining);
    gtk_widget_class_bind_template_child (widget_class, OcNewMeter, model);
    gtk_widget_class_bind_template_child (widget_class, OcNewMeter, user_type);
    gtk_widget_class_bind_template_child (widget_class, OcNewMeter, price);
    gtk_widget_class_bind_template_child (widget_class, OcNewMeter, price_2);
    gtk_widget_class_bind_template_child (widget_class, OcNewMeter, ct);
    gtk_widget_class_bind_template_child (widget_class, OcNewMeter, vt);
    gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_submitted_cb);
}

static void
oc_new_meter_init (OcNewMeter *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

/* Public ---------------------------------------------------------------------------------------------------------------- */

gboolean
oc_new_meter_show_error (OcNewMeter *self, const char *field, const char *text, gboolean go)
{
    OcFormField *const fields[] = { self->meter, self->remaining, self->model, self->user_type, self->price, self->price_2, self->ct,
        self->vt };

    g_return_val_if_fail (OC_IS_NEW_METER (self), FALSE);
    if (go)
        return oc_form_show_error (self->form, field, text);
    for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
        if (g_str_equal (oc_form_field_get_name (fields[i]), field)) {
            oc_form_field_show_error (fields[i], text);
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
oc_new_meter_is_typed (OcNewMeter *self)
{
    g_return_val_if_fail (OC_IS_NEW_METER (self), FALSE);
    return self->meters != NULL && oc_form_count_changes (self->form) > 0;
}

void
oc_new_meter_clear (OcNewMeter *self)
{
    g_return_if_fail (OC_IS_NEW_METER (self));
    if (self->meters != NULL)
        fill (self);
}

void
oc_new_meter_focus (OcNewMeter *self)
{
    g_return_if_fail (OC_IS_NEW_METER (self));
    oc_form_start (self->form);
}

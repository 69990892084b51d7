/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form offers only what fits the slot's meter type; the database checks it all again. */
#include "ui/meter-form-private.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "ui/drop-down.h"

G_DEFINE_FINAL_TYPE (OcMeterForm, oc_meter_form, GTK_TYPE_WIDGET)

enum { SIGNAL_EDITED, SIGNAL_QUOTED, SIGNAL_PROCEED, SIGNAL_REMOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* Choosing ------------------------------------------------------------------------------------------------------------ */

static const char *
meter_type (OcMeterForm *self)
{
    return oc_rows_text (self->lists.slots, self->slot, "meter_type");
}

static gboolean
is_offered (OcMeterForm *self, OcRows *rows, guint row)
{
    return oc_rows_bool (rows, row, "active") && g_str_equal (oc_rows_text (rows, row, "meter_type"), meter_type (self))
        && (rows != self->lists.meter_models || self->card == NULL
            || oc_reading_carries (self->card, oc_rows_text (rows, row, "family"), oc_rows_text (rows, row, "chip")));
}

/* The names of the rows that fit the meter type and the card, and may still be chosen. */
static void
fill_names (OcMeterForm *self, GtkDropDown *dropdown, OcRows *rows)
{
    g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);

    for (guint i = 0; i < oc_rows_count (rows); i++)
        if (is_offered (self, rows, i))
            gtk_string_list_append (names, oc_rows_text (rows, i, "name"));
    gtk_drop_down_set_model (dropdown, G_LIST_MODEL (names));
}

const char *
oc_meter_form_chosen_name (GtkDropDown *dropdown)
{
    GtkStringObject *item = gtk_drop_down_get_selected_item (dropdown);

    return item != NULL ? gtk_string_object_get_string (item) : NULL;
}

/* The row of @rows that is chosen, -1: none. Names are unique within a meter type. */
static int
chosen_row (OcMeterForm *self, GtkDropDown *dropdown, OcRows *rows)
{
    const char *name = oc_meter_form_chosen_name (dropdown);

    for (guint i = 0; name != NULL && i < oc_rows_count (rows); i++)
        if (g_str_equal (oc_rows_text (rows, i, "name"), name)
            && g_str_equal (oc_rows_text (rows, i, "meter_type"), meter_type (self)))
            return (int) i;
    return -1;
}

static char *
number_text (OcRows *rows, int row, const char *column)
{
    return oc_quantity_format (oc_rows_quantity (rows, (guint) row, column));
}

static void
show_limits (OcMeterForm *self)
{
    OcRows *types = self->lists.user_types;
    int row = chosen_row (self, self->user_type, types);
    g_autofree char *limit = NULL;
    g_autofree char *presale = NULL;
    g_autofree char *alarm_1 = NULL;
    g_autofree char *alarm_2 = NULL;
    g_autofree char *hoarding = NULL;
    g_autofree char *text = NULL;

    if (row < 0) {
        oc_form_hint_set_error (self->limits, _("There is no user type for this kind of meter yet."));
        return;
    }
    limit = number_text (types, row, "purchase_limit");
    presale = number_text (types, row, "presale");
    alarm_1 = number_text (types, row, "alarm_1");
    alarm_2 = number_text (types, row, "alarm_2");
    hoarding = number_text (types, row, "hoarding");
    /* Translators: purchase limit, presale, alarm 1, alarm 2, hoarding limit of a user type */
    text = g_strdup_printf (_("Purchase limit %s · presale %s · alarms %s and %s · hoarding limit %s"), limit, presale,
        alarm_1, alarm_2, hoarding);
    oc_form_hint_set_error (self->limits, NULL);
    oc_form_hint_set_hint (self->limits, text);
}

static void
show_model (OcMeterForm *self)
{
    OcRows *models = self->lists.meter_models;
    int row = chosen_row (self, self->model, models);
    gboolean electric = g_str_equal (meter_type (self), "electricity");
    g_autofree char *ct = NULL;
    g_autofree char *vt = NULL;

    gtk_widget_set_visible (self->ratios, electric);
    if (row < 0)
        return;
    ct = g_strdup_printf ("%" G_GINT64_FORMAT, oc_rows_int (models, (guint) row, "ct"));
    vt = g_strdup_printf ("%" G_GINT64_FORMAT, oc_rows_int (models, (guint) row, "vt"));
    gtk_editable_set_text (self->ct, ct);
    gtk_editable_set_text (self->vt, vt);
}

/* Callbacks ----------------------------------------------------------------------------------------------------------- */

static void
on_amount_typed_cb (OcMeterForm *self)
{
    self->by_quantity = FALSE;
    oc_quantity_entry_show (self->quantity, NULL);
    oc_meter_form_edited (self);
}

static void
on_quantity_typed_cb (OcMeterForm *self)
{
    self->by_quantity = TRUE;
    oc_money_entry_show (self->amount, NULL);
    oc_meter_form_edited (self);
}

static void
on_user_type_cb (OcMeterForm *self)
{
    show_limits (self);
    oc_meter_form_edited (self);
}

static void
on_model_cb (OcMeterForm *self)
{
    show_model (self);
    oc_meter_form_edited (self);
}

/* The second set follows the first until it is chosen by itself. */
static void
on_price_cb (OcMeterForm *self)
{
    guint chosen = gtk_drop_down_get_selected (self->price_1);

    oc_form_hint_set_error (self->price_hint, NULL);
    if (gtk_drop_down_get_selected (self->price_2) == self->price_was)
        gtk_drop_down_set_selected (self->price_2, chosen);
    self->price_was = chosen;
    oc_meter_form_edited (self);
}

static void
on_text_cb (OcMeterForm *self)
{
    oc_form_hint_set_error (self->meter_hint, NULL);
    oc_form_hint_set_error (self->ratio_hint, NULL);
    oc_form_hint_set_error (self->switch_hint, NULL);
}

static void
on_enter_cb (OcMeterForm *self)
{
    g_signal_emit (self, signals[SIGNAL_PROCEED], 0);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    g_signal_emit (widget, signals[SIGNAL_REMOVED], 0);
}

/* GtkWidget and GObject ----------------------------------------------------------------------------------------------- */

static gboolean
oc_meter_form_grab_focus (GtkWidget *widget)
{
    return gtk_widget_grab_focus (GTK_WIDGET (OC_METER_FORM (widget)->meter));
}

static void
oc_meter_form_dispose (GObject *object)
{
    OcMeterForm *self = OC_METER_FORM (object);

    oc_meter_form_drop_quote (self);
    g_clear_pointer (&self->card, oc_reading_unref);
    g_clear_object (&self->desk);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_METER_FORM);
    G_OBJECT_CLASS (oc_meter_form_parent_class)->dispose (object);
}

static void
oc_meter_form_finalize (GObject *object)
{
    OcMeterForm *self = OC_METER_FORM (object);

    oc_meter_lists_clear (&self->lists);
    g_free (self->title_text);
    g_free (self->switch_iso);
    G_OBJECT_CLASS (oc_meter_form_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, box);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, icon);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, title);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, user_type);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, model);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, price_1);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, price_2);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, limits);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, meter);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, ct);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, vt);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, switch_at);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, ratios);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, amount);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, quantity);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, unit);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, meter_hint);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, ratio_hint);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, price_hint);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, switch_hint);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForm, bought_hint);
    gtk_widget_class_bind_template_callback (widget_class, on_amount_typed_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_quantity_typed_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_user_type_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_model_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_price_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_text_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_enter_cb);
}

static void
oc_meter_form_class_init (OcMeterFormClass *klass)
{
    static const char *const names[N_SIGNALS] = { "edited", "quoted", "proceed", "removed" };
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_meter_form_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_meter_form_finalize;
    widget_class->grab_focus = oc_meter_form_grab_focus;
    for (guint i = 0; i < N_SIGNALS; i++)
        signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
            G_TYPE_NONE, 0);
    g_type_ensure (OC_TYPE_MONEY_ENTRY);
    g_type_ensure (OC_TYPE_QUANTITY_ENTRY);
    g_type_ensure (OC_TYPE_FORM_HINT);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/meter-form.ui");
    bind_children (widget_class);
    gtk_widget_class_install_action (widget_class, "meter.remove", NULL, remove_action);
}

static void
oc_meter_form_init (OcMeterForm *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_drop_down_keep_caret (self->user_type);
    oc_drop_down_keep_caret (self->model);
    oc_drop_down_keep_caret (self->price_1);
    oc_drop_down_keep_caret (self->price_2);
}

static void
fill (OcMeterForm *self)
{
    g_autofree char *icon = g_strdup_printf ("oc-%s-symbolic", meter_type (self));
    g_autoptr(GDateTime) now = g_date_time_new_now_local ();
    g_autofree char *today = g_date_time_format (now, "%Y-%m-%d 00:00");

    self->filling = TRUE;
    self->title_text = g_strdup_printf ("%s %s", oc_rows_text (self->lists.slots, self->slot, "sub_meter"),
        oc_word (meter_type (self)));
    gtk_label_set_label (self->title, self->title_text);
    gtk_image_set_from_icon_name (self->icon, icon);
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), meter_type (self));
    gtk_label_set_label (self->unit, oc_meter_form_get_unit (self));
    fill_names (self, self->user_type, self->lists.user_types);
    fill_names (self, self->model, self->lists.meter_models);
    fill_names (self, self->price_1, self->lists.prices);
    fill_names (self, self->price_2, self->lists.prices);
    self->price_was = gtk_drop_down_get_selected (self->price_1);
    gtk_editable_set_text (self->switch_at, today);
    show_limits (self);
    show_model (self);
    self->filling = FALSE;
}

/* Public -------------------------------------------------------------------------------------------------------------- */

GtkWidget *
oc_meter_form_new (OcDesk *desk, const OcMeterLists *lists, guint slot)
{
    OcMeterForm *self = g_object_new (OC_TYPE_METER_FORM, NULL);

    self->desk = g_object_ref (desk);
    self->lists = oc_meter_lists_ref (lists);
    self->slot = slot;
    fill (self);
    return GTK_WIDGET (self);
}

int
oc_meter_form_get_slot (OcMeterForm *self)
{
    g_return_val_if_fail (OC_IS_METER_FORM (self), 0);
    return (int) oc_rows_int (self->lists.slots, self->slot, "slot");
}

const char *
oc_meter_form_get_title (OcMeterForm *self)
{
    g_return_val_if_fail (OC_IS_METER_FORM (self), NULL);
    return self->title_text;
}

const char *
oc_meter_form_get_meter_type (OcMeterForm *self)
{
    g_return_val_if_fail (OC_IS_METER_FORM (self), NULL);
    return meter_type (self);
}

const char *
oc_meter_form_get_unit (OcMeterForm *self)
{
    g_return_val_if_fail (OC_IS_METER_FORM (self), NULL);
    return oc_rows_text (self->lists.slots, self->slot, "unit");
}

void
oc_meter_form_set_customer (OcMeterForm *self, gint64 customer, int household)
{
    g_return_if_fail (OC_IS_METER_FORM (self));
    self->customer = customer;
    self->household = household;
    oc_meter_form_edited (self);
}

/* What was chosen stays where the card can carry it. */
void
oc_meter_form_set_card (OcMeterForm *self, OcReading *card)
{
    g_autofree char *chosen = g_strdup (oc_meter_form_chosen_name (self->model));
    GListModel *names;

    g_return_if_fail (OC_IS_METER_FORM (self));
    if (self->card == card)
        return;
    g_clear_pointer (&self->card, oc_reading_unref);
    self->card = card != NULL ? oc_reading_ref (card) : NULL;
    self->filling = TRUE;
    fill_names (self, self->model, self->lists.meter_models);
    names = gtk_drop_down_get_model (self->model);
    for (guint i = 0; chosen != NULL && i < g_list_model_get_n_items (names); i++)
        if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (names), i), chosen))
            gtk_drop_down_set_selected (self->model, i);
    self->filling = FALSE;
    if (g_strcmp0 (chosen, oc_meter_form_chosen_name (self->model)) == 0)
        return;
    show_model (self);
    oc_meter_form_edited (self);
}

gboolean
oc_meter_form_is_tiered (OcMeterForm *self)
{
    int row;

    g_return_val_if_fail (OC_IS_METER_FORM (self), FALSE);
    row = chosen_row (self, self->price_1, self->lists.prices);
    return row >= 0 && oc_rows_bool (self->lists.prices, (guint) row, "tiered");
}

void
oc_meter_form_set_already (OcMeterForm *self, OcQuantity already)
{
    g_return_if_fail (OC_IS_METER_FORM (self));
    if (self->already.units == already.units)
        return;
    self->already = already;
    if (oc_meter_form_is_tiered (self))
        oc_meter_form_edited (self);
}

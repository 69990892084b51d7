/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form offers only what fits the slot's meter type; the database checks it all again. */
#include "ui/meter-form.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "core/error.h"
#include "ui/drop-down.h"
#include "ui/form-hint.h"
#include "ui/latest.h"
#include "ui/money-entry.h"
#include "ui/quantity-entry.h"

struct _OcMeterForm {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkImage *icon;
    GtkLabel *title;
    GtkDropDown *user_type, *model, *price_1, *price_2;
    OcFormHint *limits;
    GtkEditable *meter, *ct, *vt, *switch_at;
    GtkWidget *ratios;
    OcMoneyEntry *amount;
    OcQuantityEntry *quantity;
    GtkLabel *unit;
    OcFormHint *meter_hint, *ratio_hint, *price_hint, *switch_hint, *bought_hint;

    OcDesk *desk;
    OcMeterLists lists;
    guint slot;
    OcReading *card;       /* it is for, NULL: none was read yet */
    gint64 customer;
    int household;
    OcQuantity already;
    char *title_text;
    char *switch_iso;      /* what read () lends */
    gboolean by_quantity;
    gboolean filling;
    OcRows *quote;
    OcLatest quoting;
};

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

static const char *
chosen_name (GtkDropDown *dropdown)
{
    GtkStringObject *item = gtk_drop_down_get_selected_item (dropdown);

    return item != NULL ? gtk_string_object_get_string (item) : NULL;
}

/* The row of @rows that is chosen, -1: none. Names are unique within a meter type. */
static int
chosen_row (OcMeterForm *self, GtkDropDown *dropdown, OcRows *rows)
{
    const char *name = chosen_name (dropdown);

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

/* Quoting ------------------------------------------------------------------------------------------------------------- */

static void
drop_quote (OcMeterForm *self)
{
    oc_latest_drop (&self->quoting);
    g_clear_object (&self->quote);
}

static void
take_quote (OcMeterForm *self, OcRows *quote)
{
    OcMoney amount = oc_rows_money (quote, 0, "total_amount");
    OcQuantity quantity = oc_rows_quantity (quote, 0, "total_quantity");
    gboolean bought = !oc_rows_is_null (quote, 0, "tier");

    g_set_object (&self->quote, quote);
    oc_form_hint_set_error (self->bought_hint, NULL);
    if (self->by_quantity)
        oc_money_entry_show (self->amount, bought ? &amount : NULL);
    else
        oc_quantity_entry_show (self->quantity, bought ? &quantity : NULL);
}

static void
on_quoted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcMeterForm) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) quote = oc_quote_finish (OC_DESK (source), result, &error);
    const char *field;

    if (!oc_latest_is_answer (&self->quoting, result))
        return; /* something else was typed meanwhile */
    if (quote != NULL && oc_rows_count (quote) > 0) {
        take_quote (self, quote);
    } else if (error != NULL && oc_trouble_of (error) != OC_TROUBLE_CANCELLED) {
        field = oc_error_get_field (error);
        if (field == NULL || !oc_meter_form_show_error (self, field, error->message, FALSE))
            oc_form_hint_set_error (self->bought_hint, error->message);
    }
    g_signal_emit (self, signals[SIGNAL_QUOTED], 0);
}

/* Nothing bought is allowed: then only the presale is charged. */
static gboolean
read_bought (OcMeterForm *self, OcMoney *amount, OcQuantity *quantity, GError **error)
{
    *amount = (OcMoney){ 0 };
    *quantity = (OcQuantity){ 0 };
    if (self->by_quantity && !oc_quantity_entry_is_empty (self->quantity))
        return oc_quantity_entry_get (self->quantity, "quantity", quantity, error);
    if (!self->by_quantity && !oc_money_entry_is_empty (self->amount))
        return oc_money_entry_get (self->amount, "amount", amount, error);
    return TRUE;
}

static void
on_quote_due_cb (gpointer data)
{
    OcMeterForm *self = data;
    g_autoptr(GError) error = NULL;
    OcQuoteAsk ask = { .customer = self->customer, .household = self->household, .already = self->already };

    ask.user_type = chosen_name (self->user_type);
    ask.model = chosen_name (self->model);
    ask.price = chosen_name (self->price_1);
    if (ask.user_type == NULL || ask.model == NULL || ask.price == NULL)
        return;
    if (!read_bought (self, &ask.amount, &ask.quantity, &error)) {
        oc_form_hint_set_error (self->bought_hint, error->message);
        g_signal_emit (self, signals[SIGNAL_QUOTED], 0);
        return;
    }
    ask.by_quantity = ask.quantity.units > 0;
    oc_quote_async (self->desk, &ask, oc_latest_begin (&self->quoting), on_quoted_cb, g_object_ref (self));
}

static void
edited (OcMeterForm *self)
{
    if (self->filling)
        return;
    drop_quote (self);
    oc_form_hint_set_error (self->bought_hint, NULL);
    g_signal_emit (self, signals[SIGNAL_EDITED], 0);
    oc_latest_begin_soon (&self->quoting, on_quote_due_cb, self);
}

/* Callbacks ----------------------------------------------------------------------------------------------------------- */

static void
on_amount_typed_cb (OcMeterForm *self)
{
    self->by_quantity = FALSE;
    oc_quantity_entry_show (self->quantity, NULL);
    edited (self);
}

static void
on_quantity_typed_cb (OcMeterForm *self)
{
    self->by_quantity = TRUE;
    oc_money_entry_show (self->amount, NULL);
    edited (self);
}

static void
on_user_type_cb (OcMeterForm *self)
{
    show_limits (self);
    edited (self);
}

static void
on_model_cb (OcMeterForm *self)
{
    show_model (self);
    edited (self);
}

/* The second set follows the first until it is chosen by itself. */
static void
on_price_cb (OcMeterForm *self)
{
    oc_form_hint_set_error (self->price_hint, NULL);
    gtk_drop_down_set_selected (self->price_2, gtk_drop_down_get_selected (self->price_1));
    edited (self);
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

    drop_quote (self);
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
    edited (self);
}

/* What was chosen stays where the card can carry it. */
void
oc_meter_form_set_card (OcMeterForm *self, OcReading *card)
{
    g_autofree char *chosen = g_strdup (chosen_name (self->model));
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
    if (g_strcmp0 (chosen, chosen_name (self->model)) == 0)
        return;
    show_model (self);
    edited (self);
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
        edited (self);
}

OcRows *
oc_meter_form_get_quote (OcMeterForm *self)
{
    g_return_val_if_fail (OC_IS_METER_FORM (self), NULL);
    return self->quote;
}

gboolean
oc_meter_form_get_bought (OcMeterForm *self, OcQuantity *bought)
{
    g_return_val_if_fail (OC_IS_METER_FORM (self), FALSE);
    return self->quote != NULL
        && oc_quantity_add (oc_rows_quantity (self->quote, 0, "total_quantity"), oc_rows_quantity (self->quote, 0, "presale_quantity"),
            bought);
}

static gboolean
is_meter_number (const char *text)
{
    return *text != '\0' && strspn (text, "0123456789") == strlen (text) && strlen (text) <= 12
        && strspn (text, "0") < strlen (text);
}

/* A ratio that is no number comes out as 0, which no meter has. */
static int
read_ratio (GtkEditable *editable)
{
    gint64 n = 0;

    if (!g_ascii_string_to_signed (gtk_editable_get_text (editable), 10, 1, 999999, &n, NULL))
        return 0;
    return (int) n;
}

/* "2026-11-24 00:00" as ISO 8601 with this station's zone; "" is now. */
static gboolean
read_switch (OcMeterForm *self)
{
    g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->switch_at)));
    g_autofree char *iso = g_strdup_printf ("%s%s", g_strdelimit (text, " ", 'T'), strlen (text) == 16 ? ":00" : "");
    g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (iso, zone);

    g_clear_pointer (&self->switch_iso, g_free);
    if (*text == '\0')
        return TRUE;
    if (time == NULL)
        return FALSE;
    self->switch_iso = g_date_time_format_iso8601 (time);
    return TRUE;
}

static gboolean
refuse (OcMeterForm *self, gboolean tell, OcFormHint *hint, GtkWidget *field, const char *text)
{
    if (tell) {
        oc_form_hint_set_error (hint, text);
        gtk_widget_grab_focus (field);
    }
    return FALSE;
}

static gboolean
refuse_code (OcMeterForm *self, gboolean tell, OcFormHint *hint, GtkWidget *field, const char *code)
{
    g_autoptr(GError) error = oc_error_new_code (code, NULL);

    return refuse (self, tell, hint, field, error->message);
}

gboolean
oc_meter_form_read (OcMeterForm *self, OcOpenMeter *out, gboolean tell)
{
    g_autoptr(GError) error = NULL;

    g_return_val_if_fail (OC_IS_METER_FORM (self), FALSE);
    *out = (OcOpenMeter){
        .slot = oc_meter_form_get_slot (self),
        .model = chosen_name (self->model),
        .meter = gtk_editable_get_text (self->meter),
        .user_type = chosen_name (self->user_type),
        .price = chosen_name (self->price_1),
        .price_2 = chosen_name (self->price_2),
    };
    if (out->user_type == NULL)
        return refuse (self, tell, self->limits, GTK_WIDGET (self->user_type),
            _("There is no user type for this kind of meter yet."));
    if (out->model == NULL)
        return refuse (self, tell, self->meter_hint, GTK_WIDGET (self->model),
            self->card != NULL ? _("No meter model of this kind goes with this card. Use another card.")
                               : _("There is no meter model of this kind yet."));
    if (!is_meter_number (out->meter))
        return refuse_code (self, tell, self->meter_hint, GTK_WIDGET (self->meter), "OC044");
    if (gtk_widget_get_visible (self->ratios)) {
        out->ct = read_ratio (self->ct);
        out->vt = read_ratio (self->vt);
        if (out->ct == 0 || out->vt == 0)
            return refuse_code (self, tell, self->ratio_hint, GTK_WIDGET (out->ct == 0 ? self->ct : self->vt), "OC052");
    }
    if (out->price == NULL)
        return refuse (self, tell, self->price_hint, GTK_WIDGET (self->price_1),
            _("There is no price for this kind of meter yet."));
    if (!read_switch (self))
        return refuse (self, tell, self->switch_hint, GTK_WIDGET (self->switch_at),
            _("This is not a time. Type it like 2026-03-13 00:00, or leave it empty for now."));
    out->switch_at = self->switch_iso;
    if (!read_bought (self, &out->amount, &out->quantity, &error))
        return refuse (self, tell, self->bought_hint,
            self->by_quantity ? GTK_WIDGET (self->quantity) : GTK_WIDGET (self->amount), error->message);
    out->by_quantity = out->quantity.units > 0;
    return TRUE;
}

gboolean
oc_meter_form_show_error (OcMeterForm *self, const char *field, const char *text, gboolean go)
{
    const struct {
        const char *field;
        OcFormHint *hint;
        gpointer widget;
    } places[] = {
        { "user_type", self->limits, self->user_type },
        { "model", self->meter_hint, self->model },
        { "meter", self->meter_hint, self->meter },
        { "slot", self->meter_hint, self->meter },
        { "ct", self->ratio_hint, self->ct },
        { "vt", self->ratio_hint, self->vt },
        { "price", self->price_hint, self->price_1 },
        { "price_2", self->price_hint, self->price_2 },
        { "amount", self->bought_hint, self->amount },
        { "quantity", self->bought_hint, self->quantity },
        { "sub_meter", self->bought_hint, self->amount }, /* its price buys nothing */
    };

    g_return_val_if_fail (OC_IS_METER_FORM (self), FALSE);
    for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
        if (g_str_equal (places[i].field, field)) {
            oc_form_hint_set_error (places[i].hint, text);
            if (go)
                gtk_widget_grab_focus (places[i].widget);
            return TRUE;
        }
    }
    return FALSE;
}

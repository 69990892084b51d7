/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open account: a blank card, the customer, one or more sub-meters, and what is due for all of it:
 * due = purchase + opening fee + presale. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/column.h"
#include "core/error.h"
#include "ui/card-screen.h"
#include "ui/form-hint.h"
#include "ui/meter-form.h"
#include "ui/picker.h"
#include "ui/present-error.h"
#include "ui/quote-lines.h"
#include "ui/screens.h"

#define OC_TYPE_OPEN_ACCOUNT_SCREEN (oc_open_account_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcOpenAccountScreen, oc_open_account_screen, OC, OPEN_ACCOUNT_SCREEN, OcCardScreen)

enum { LIST_SLOTS, LIST_MODELS, LIST_USER_TYPES, LIST_PRICES, N_LISTS };
static const char *const list_names[N_LISTS] = { "slots", "meter_models", "user_types", "prices" };

struct _OcOpenAccountScreen {
    OcCardScreen parent_instance;
    GtkEditable *name, *address, *phone, *id_kind, *id_number, *district, *household, *permanent_number, *note;
    OcFormHint *name_hint, *address_hint, *household_hint, *other_hint, *slot_hint;
    GtkFlowBox *slots;
    GtkScrolledWindow *scroller;
    GtkWidget *content;
    GtkBox *forms;
    OcRows *lists[N_LISTS];
    guint n_forms;
    gint64 pre_registered; /* whose account it is; 0: nobody's who is on that list */
};

G_DEFINE_FINAL_TYPE (OcOpenAccountScreen, oc_open_account_screen, OC_TYPE_CARD_SCREEN)

static void show_slots (OcOpenAccountScreen *self);

static OcMeterForm *
first_form (OcOpenAccountScreen *self)
{
    return (OcMeterForm *) gtk_widget_get_first_child (GTK_WIDGET (self->forms));
}

static OcMeterForm *
next_form (OcMeterForm *form)
{
    return (OcMeterForm *) gtk_widget_get_next_sibling (GTK_WIDGET (form));
}

static OcMeterForm *
form_of_slot (OcOpenAccountScreen *self, int slot)
{
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        if (oc_meter_form_get_slot (form) == slot)
            return form;
    return NULL;
}

/* 0: not told, -1: not a number of persons. */
static int
read_household (OcOpenAccountScreen *self)
{
    gint64 n = 0;

    if (*gtk_editable_get_text (self->household) == '\0')
        return 0;
    return g_ascii_string_to_signed (gtk_editable_get_text (self->household), 10, 1, 99, &n, NULL) ? (int) n : -1;
}

/* What is due --------------------------------------------------------------------------------------------------------- */

static OcMoney
opening_fee (OcOpenAccountScreen *self)
{
    OcFields *session = oc_desk_get_session (oc_screen_get_desk (OC_SCREEN (self)));
    const char *text = session != NULL ? oc_fields_get (session, "opening_fee") : NULL;
    OcMoney fee = { 0 };

    if (text != NULL)
        oc_money_from_decimal (text, &fee);
    return fee;
}

static void
add_money_line (OcTill *till, const char *name, OcMoney money)
{
    g_autofree char *text = oc_money_format (money);

    oc_till_add_line (till, name, NULL, text);
}

/* Lines of one sub-meter; adds what it costs to @due. */
static void
add_form_lines (OcOpenAccountScreen *self, OcMeterForm *form, OcTill *till, OcMoney *due)
{
    OcRows *quote = oc_meter_form_get_quote (form);
    OcMoney presale = oc_rows_money (quote, 0, "presale_cost");

    if (self->n_forms > 1)
        oc_till_add_line (till, oc_meter_form_get_title (form), NULL, NULL);
    if (!oc_rows_is_null (quote, 0, "tier"))
        oc_quote_show_lines (quote, oc_meter_form_get_unit (form), till);
    if (presale.units > 0)
        add_money_line (till, C_("word", "Presale"), presale);
    if (!oc_money_add (*due, oc_rows_money (quote, 0, "due"), due) || !oc_money_add (*due, presale, due))
        g_warning ("What is due is beyond counting");
}

static gboolean
all_quoted (OcOpenAccountScreen *self)
{
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        if (oc_meter_form_get_quote (form) == NULL)
            return FALSE;
    return self->n_forms > 0;
}

/* What the forms of @form's meter type with lower slots buy: it counts into the tiers of @form, as it will in the sale. FALSE
 * while one of them is not quoted. */
static gboolean
bought_before (OcOpenAccountScreen *self, OcMeterForm *form, OcQuantity *sum)
{
    *sum = (OcQuantity){ 0 };
    for (OcMeterForm *other = first_form (self); other != NULL; other = next_form (other)) {
        OcQuantity bought;

        if (oc_meter_form_get_slot (other) >= oc_meter_form_get_slot (form)
            || !g_str_equal (oc_meter_form_get_meter_type (other), oc_meter_form_get_meter_type (form)))
            continue;
        if (!oc_meter_form_get_bought (other, &bought) || !oc_quantity_add (*sum, bought, sum))
            return FALSE;
    }
    return TRUE;
}

static void
pass_on_bought (OcOpenAccountScreen *self)
{
    OcQuantity sum;

    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        if (bought_before (self, form, &sum))
            oc_meter_form_set_already (form, sum);
}

static void
on_quoted_cb (OcOpenAccountScreen *self)
{
    OcTill *till = oc_card_screen_get_till (OC_CARD_SCREEN (self));
    OcMoney due = opening_fee (self);

    oc_till_clear_lines (till);
    pass_on_bought (self);
    if (!all_quoted (self))
        return;
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        add_form_lines (self, form, till, &due);
    add_money_line (till, C_("word", "Opening fee"), opening_fee (self));
    oc_card_screen_quoted (OC_CARD_SCREEN (self), &due);
}

static void
on_edited_cb (OcOpenAccountScreen *self)
{
    oc_form_hint_set_error (self->slot_hint, NULL);
    oc_till_clear_lines (oc_card_screen_get_till (OC_CARD_SCREEN (self)));
    oc_card_screen_edited (OC_CARD_SCREEN (self));
}

/* Sub-meters ---------------------------------------------------------------------------------------------------------- */

static void
on_removed_cb (OcOpenAccountScreen *self, OcMeterForm *form)
{
    gtk_box_remove (self->forms, GTK_WIDGET (form));
    self->n_forms--;
    show_slots (self);
    on_edited_cb (self);
    on_quoted_cb (self);
}

static void
on_proceed_cb (OcOpenAccountScreen *self)
{
    oc_card_screen_proceed (OC_CARD_SCREEN (self));
}

/* A new form has no place yet when it gets the caret: it comes into sight when it has one. */
static gboolean
on_tick_cb (GtkWidget *form, GdkFrameClock *clock, gpointer data)
{
    OcOpenAccountScreen *self = data;
    GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
    graphene_rect_t bounds;

    if (gtk_widget_get_height (form) == 0 || !gtk_widget_compute_bounds (form, self->content, &bounds)
        || gtk_adjustment_get_upper (adjustment) < bounds.origin.y + bounds.size.height)
        return G_SOURCE_CONTINUE;
    gtk_adjustment_clamp_page (adjustment, bounds.origin.y, bounds.origin.y + bounds.size.height);
    return G_SOURCE_REMOVE;
}

static void
add_form (OcOpenAccountScreen *self, guint row)
{
    OcMeterLists lists = { self->lists[LIST_SLOTS], self->lists[LIST_MODELS], self->lists[LIST_USER_TYPES],
        self->lists[LIST_PRICES] };
    GtkWidget *form = oc_meter_form_new (oc_screen_get_desk (OC_SCREEN (self)), &lists, row);

    g_signal_connect_object (form, "edited", G_CALLBACK (on_edited_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (form, "quoted", G_CALLBACK (on_quoted_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (form, "proceed", G_CALLBACK (on_proceed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (form, "removed", G_CALLBACK (on_removed_cb), self, G_CONNECT_SWAPPED);
    gtk_box_append (self->forms, form);
    self->n_forms++;
    oc_meter_form_set_household (OC_METER_FORM (form), MAX (read_household (self), 0));
    show_slots (self);
    gtk_widget_grab_focus (form);
    gtk_widget_add_tick_callback (form, on_tick_cb, self, NULL);
}

/* The manual's double click is at home here too: the second click finds the form already there. */
static void
add_meter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (widget);
    int slot = g_variant_get_int32 (parameter);
    OcMeterForm *form = form_of_slot (self, slot);

    if (form != NULL) {
        gtk_widget_grab_focus (GTK_WIDGET (form));
        return;
    }
    for (guint i = 0; self->lists[LIST_SLOTS] != NULL && i < oc_rows_count (self->lists[LIST_SLOTS]); i++)
        if (oc_rows_int (self->lists[LIST_SLOTS], i, "slot") == slot)
            add_form (self, i);
}

static GtkWidget *
make_slot (OcOpenAccountScreen *self, guint row)
{
    OcRows *slots = self->lists[LIST_SLOTS];
    const char *type = oc_rows_text (slots, row, "meter_type");
    int slot = (int) oc_rows_int (slots, row, "slot");
    g_autofree char *icon = g_strdup_printf ("oc-%s-symbolic", type);
    g_autofree char *title = g_strdup_printf ("%s %s", oc_rows_text (slots, row, "sub_meter"), oc_word (type));
    GtkWidget *button = gtk_button_new ();
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *image = gtk_image_new_from_icon_name (icon);

    gtk_widget_add_css_class (image, "meter-icon");
    gtk_widget_add_css_class (image, type);
    gtk_box_append (GTK_BOX (box), image);
    gtk_box_append (GTK_BOX (box), gtk_label_new (title));
    if (form_of_slot (self, slot) != NULL) {
        gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("oc-done-symbolic"));
        gtk_widget_add_css_class (button, "chosen");
    }
    gtk_button_set_child (GTK_BUTTON (button), box);
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "i", slot);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "open-account.add-meter");
    gtk_widget_add_css_class (button, "slot");
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    return button;
}

static void
show_slots (OcOpenAccountScreen *self)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->slots))) != NULL)
        gtk_flow_box_remove (self->slots, child);
    for (guint i = 0; self->lists[LIST_SLOTS] != NULL && i < oc_rows_count (self->lists[LIST_SLOTS]); i++) {
        gtk_flow_box_append (self->slots, make_slot (self, i));
        gtk_widget_set_focusable (gtk_widget_get_last_child (GTK_WIDGET (self->slots)), FALSE);
    }
    oc_form_hint_set_hint (self->slot_hint, self->n_forms == 0 ? _("Choose the sub-meters that the customer has.")
        : NULL);
}

typedef struct {
    OcBusy *busy;
    guint list;
} OcListLoad;

static void
on_list_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree OcListLoad *load = data;
    g_autoptr(OcBusy) busy = load->busy;
    OcOpenAccountScreen *self = oc_busy_get_screen (busy);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_list_finish (OC_DESK (source), result, &error);

    if (self == NULL)
        return;
    if (rows == NULL) {
        oc_present_load_error (OC_SCREEN (self), error);
        return;
    }
    g_set_object (&self->lists[load->list], rows);
    for (guint i = 0; i < N_LISTS; i++)
        if (self->lists[i] == NULL)
            return;
    show_slots (self);
}

static void
oc_open_account_screen_refresh (OcScreen *screen)
{
    OC_SCREEN_CLASS (oc_open_account_screen_parent_class)->refresh (screen);
    for (guint i = 0; i < N_LISTS; i++) {
        OcListLoad *load = g_new0 (OcListLoad, 1);
        load->busy = oc_screen_busy (screen, NULL);
        load->list = i;
        oc_list_async (oc_screen_get_desk (screen), list_names[i], oc_busy_get_cancellable (load->busy), on_list_cb,
            load);
    }
}

/* The card shape ------------------------------------------------------------------------------------------------------- */

static void
show_code (OcFormHint *hint, GtkEditable *field, const char *code)
{
    g_autoptr(GError) error = oc_error_new_code (code, NULL);

    oc_form_hint_set_error (hint, error->message);
    gtk_widget_grab_focus (GTK_WIDGET (field));
}

static gboolean
is_empty (GtkEditable *editable)
{
    g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (editable)));

    return *text == '\0';
}

static gboolean
any_tiered (OcOpenAccountScreen *self)
{
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        if (oc_meter_form_is_tiered (form))
            return TRUE;
    return FALSE;
}

/* The first field that is wrong gets its words and the caret. */
static gboolean
check_customer (OcOpenAccountScreen *self)
{
    int household = read_household (self);

    if (is_empty (self->name))
        show_code (self->name_hint, self->name, "OC040");
    else if (is_empty (self->address))
        show_code (self->address_hint, self->address, "OC041");
    else if (household < 0)
        show_code (self->household_hint, self->household, "OC053");
    else if (household == 0 && any_tiered (self))
        show_code (self->household_hint, self->household, "OC043");
    else
        return TRUE;
    return FALSE;
}

static gboolean
oc_open_account_screen_check (OcCardScreen *screen, gboolean tell)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);
    OcOpenMeter meter;

    if (tell && !check_customer (self))
        return FALSE;
    if (tell && self->n_forms == 0) {
        g_autoptr(GError) error = oc_error_new_code ("OC056", NULL);
        oc_form_hint_set_error (self->slot_hint, error->message);
        gtk_widget_child_focus (GTK_WIDGET (self->slots), GTK_DIR_TAB_FORWARD);
    }
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        if (!oc_meter_form_read (form, &meter, tell))
            return FALSE;
    return all_quoted (self);
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    OcOutcome *outcome = oc_open_account_finish (OC_DESK (source), result, &error);

    oc_card_screen_ended (data, outcome, error);
}

static void
oc_open_account_screen_run (OcCardScreen *screen, const OcPayment *payment, OcBusy *busy)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);
    g_autofree OcOpenMeter *meters = g_new0 (OcOpenMeter, self->n_forms);
    OcOpenAsk ask = {
        .request_id = oc_card_screen_get_request (screen),
        .pre_registered = self->pre_registered,
        .name = gtk_editable_get_text (self->name),
        .address = gtk_editable_get_text (self->address),
        .phone = gtk_editable_get_text (self->phone),
        .id_kind = gtk_editable_get_text (self->id_kind),
        .id_number = strchr (gtk_editable_get_text (self->id_number), '*') != NULL && self->pre_registered != 0
            ? NULL : gtk_editable_get_text (self->id_number), /* masked here: it comes from the list */
        .district = gtk_editable_get_text (self->district),
        .permanent_number = gtk_editable_get_text (self->permanent_number),
        .note = gtk_editable_get_text (self->note),
        .household = MAX (read_household (self), 0),
        .meters = meters,
        .expected_due = payment->due,
        .tendered = payment->tendered,
        .pay = payment->pay,
        .reference = payment->reference,
    };

    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        oc_meter_form_read (form, &meters[ask.n_meters++], FALSE);
    oc_open_account_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_busy_get_cancellable (busy), on_opened_cb,
        busy);
}

/* The sub-meter that an error is about, NULL: none of them. */
static OcMeterForm *
form_of_error (OcOpenAccountScreen *self, const GError *error)
{
    const char *slot = oc_error_get_param (error, "slot");

    return slot != NULL ? form_of_slot (self, (int) g_ascii_strtoll (slot, NULL, 10)) : NULL;
}

static gboolean
oc_open_account_screen_show_field_error (OcCardScreen *screen, const char *field, const GError *error)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);
    const struct {
        const char *field;
        OcFormHint *hint;
        GtkEditable *editable;
    } places[] = {
        { "name", self->name_hint, self->name },
        { "address", self->address_hint, self->address },
        { "household", self->household_hint, self->household },
        { "phone", self->other_hint, self->phone },
        { "id_kind", self->other_hint, self->id_kind },
        { "id_number", self->other_hint, self->id_number },
        { "district", self->other_hint, self->district },
        { "permanent_number", self->other_hint, self->permanent_number },
        { "note", self->other_hint, self->note },
    };
    OcMeterForm *form = form_of_error (self, error);

    for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
        if (g_str_equal (places[i].field, field)) {
            oc_form_hint_set_error (places[i].hint, error->message);
            gtk_widget_grab_focus (GTK_WIDGET (places[i].editable));
            return TRUE;
        }
    }
    if (form != NULL && oc_meter_form_show_error (form, field, error->message, TRUE))
        return TRUE;
    if (g_str_equal (field, "sub_meter")) {
        oc_form_hint_set_error (self->slot_hint, error->message);
        return TRUE;
    }
    return FALSE;
}

static void
oc_open_account_screen_show_reading (OcCardScreen *screen, OcReading *reading)
{
    if (all_quoted (OC_OPEN_ACCOUNT_SCREEN (screen)))
        on_quoted_cb (OC_OPEN_ACCOUNT_SCREEN (screen));
}

static void
oc_open_account_screen_quote (OcCardScreen *screen)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);

    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        oc_meter_form_set_household (form, MAX (read_household (self), 0));
}

/* The caret stays where somebody is typing. */
static void
oc_open_account_screen_focus_input (OcCardScreen *screen)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);

    if (is_empty (self->name))
        gtk_widget_grab_focus (GTK_WIDGET (self->name));
    else if (gtk_widget_get_focus_child (GTK_WIDGET (screen)) == NULL)
        gtk_widget_child_focus (GTK_WIDGET (screen), GTK_DIR_TAB_FORWARD);
}

static gboolean
oc_open_account_screen_is_typed (OcCardScreen *screen)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);

    return !is_empty (self->name) || !is_empty (self->address) || self->n_forms > 0;
}

static void
oc_open_account_screen_clear (OcCardScreen *screen)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);
    GtkEditable *const fields[] = { self->name, self->address, self->phone, self->id_kind, self->id_number,
        self->district, self->permanent_number, self->note };
    GtkWidget *form;

    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        gtk_editable_set_text (fields[i], "");
    gtk_editable_set_text (self->household, "3");
    self->pre_registered = 0;
    while ((form = gtk_widget_get_first_child (GTK_WIDGET (self->forms))) != NULL)
        gtk_box_remove (self->forms, form);
    self->n_forms = 0;
    show_slots (self);
    on_edited_cb (self);
}

/* Callbacks ------------------------------------------------------------------------------------------------------------ */

static void
on_text_cb (OcOpenAccountScreen *self)
{
    oc_form_hint_set_error (self->name_hint, NULL);
    oc_form_hint_set_error (self->address_hint, NULL);
    oc_form_hint_set_error (self->other_hint, NULL);
}

/* What is being written, or done, is not edited any more. */
static void
on_staged_cb (OcOpenAccountScreen *self, OcTill *till)
{
    gtk_widget_set_sensitive (self->content, oc_till_get_stage (till) <= OC_TILL_PAY);
}

static void
on_household_cb (OcOpenAccountScreen *self)
{
    oc_form_hint_set_error (self->household_hint, NULL);
    oc_open_account_screen_quote (OC_CARD_SCREEN (self));
}

static void
on_enter_cb (OcOpenAccountScreen *self)
{
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    if (oc_till_get_stage (oc_card_screen_get_till (OC_CARD_SCREEN (widget))) > OC_TILL_PAY)
        return;
    oc_open_account_screen_clear (OC_CARD_SCREEN (widget));
    gtk_widget_grab_focus (GTK_WIDGET (OC_OPEN_ACCOUNT_SCREEN (widget)->name));
}

/* Everything that was said of him before; it can still be changed. */
static void
on_picked_cb (OcScreen *screen, const OcFields *record)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);
    const struct {
        const char *name;
        GtkEditable *editable;
    } fields[] = {
        { "name", self->name }, { "address", self->address }, { "phone", self->phone }, { "id_kind", self->id_kind },
        { "id_number", self->id_number }, { "district", self->district }, { "permanent_number", self->permanent_number },
        { "note", self->note },
    };
    const char *household = oc_fields_get (record, "household");

    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        gtk_editable_set_text (fields[i].editable, oc_fields_get (record, fields[i].name));
    if (*household != '\0')
        gtk_editable_set_text (self->household, household);
    self->pre_registered = g_ascii_strtoll (oc_fields_get (record, "pre_registered"), NULL, 10);
    gtk_widget_grab_focus (GTK_WIDGET (self->phone));
}

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    if (oc_till_get_stage (oc_card_screen_get_till (OC_CARD_SCREEN (widget))) <= OC_TILL_PAY)
        oc_picker_present (OC_SCREEN (widget), on_picked_cb);
}

static void
oc_open_account_screen_dispose (GObject *object)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (object);

    for (guint i = 0; i < N_LISTS; i++)
        g_clear_object (&self->lists[i]);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_OPEN_ACCOUNT_SCREEN);
    G_OBJECT_CLASS (oc_open_account_screen_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, name);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, address);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, phone);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, id_kind);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, id_number);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, district);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, household);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, permanent_number);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, note);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, name_hint);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, address_hint);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, household_hint);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, other_hint);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, slot_hint);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, slots);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, scroller);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, content);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, forms);
    gtk_widget_class_bind_template_callback (widget_class, on_text_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_household_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_enter_cb);
}

static void
oc_open_account_screen_class_init (OcOpenAccountScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcCardScreenClass *card_class = OC_CARD_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_open_account_screen_dispose;
    OC_SCREEN_CLASS (klass)->refresh = oc_open_account_screen_refresh;
    card_class->wanted = OC_CARD_BLANK;
    card_class->blank_words = N_("An account can be opened on it.");
    card_class->kind = "open";
    card_class->show_reading = oc_open_account_screen_show_reading;
    card_class->check = oc_open_account_screen_check;
    card_class->run = oc_open_account_screen_run;
    card_class->show_field_error = oc_open_account_screen_show_field_error;
    card_class->quote = oc_open_account_screen_quote;
    card_class->focus_input = oc_open_account_screen_focus_input;
    card_class->is_typed = oc_open_account_screen_is_typed;
    card_class->clear = oc_open_account_screen_clear;

    g_type_ensure (OC_TYPE_FORM_HINT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-open-account.ui");
    bind_children (widget_class);
    gtk_widget_class_install_action (widget_class, "open-account.add-meter", "i", add_meter_action);
    gtk_widget_class_install_action (widget_class, "open-account.clear", NULL, clear_action);
    gtk_widget_class_install_action (widget_class, "open-account.find", NULL, find_action);
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "open-account.find", NULL);
    for (guint slot = 1; slot <= 8; slot++)
        gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0 + slot, GDK_ALT_MASK, "open-account.add-meter",
            "i", (int) slot);
}

static void
oc_open_account_screen_init (OcOpenAccountScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    g_signal_connect_object (oc_card_screen_get_till (OC_CARD_SCREEN (self)), "staged", G_CALLBACK (on_staged_cb), self,
        G_CONNECT_SWAPPED);
    oc_till_set_words (oc_card_screen_get_till (OC_CARD_SCREEN (self)), _("Take the money (Enter)"),
        _("Write the card (Enter)"));
    oc_open_account_screen_clear (OC_CARD_SCREEN (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open account: a blank card, the customer, one or more sub-meters, and what is due for all of it:
 * due = purchase + opening fee + presale. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "ui/card-screen.h"
#include "ui/form-hint.h"
#include "ui/meter-forms.h"
#include "ui/picker.h"
#include "ui/present-error.h"
#include "ui/quote-lines.h"
#include "ui/screens.h"

#define OC_TYPE_OPEN_ACCOUNT_SCREEN (oc_open_account_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcOpenAccountScreen, oc_open_account_screen, OC, OPEN_ACCOUNT_SCREEN, OcCardScreen)

struct _OcOpenAccountScreen {
    OcCardScreen parent_instance;
    GtkEditable *name, *address, *phone, *id_kind, *id_number, *district, *household, *permanent_number, *note;
    OcFormHint *name_hint, *address_hint, *household_hint, *other_hint;
    OcMeterForms *meters;
    GtkWidget *content;
    gint64 pre_registered; /* whose account it is; 0: nobody's who is on that list */
};

G_DEFINE_FINAL_TYPE (OcOpenAccountScreen, oc_open_account_screen, OC_TYPE_CARD_SCREEN)

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
on_quoted_cb (OcOpenAccountScreen *self)
{
    OcTill *till = oc_card_screen_get_till (OC_CARD_SCREEN (self));
    OcMoney due = opening_fee (self);

    oc_till_clear_lines (till);
    if (!oc_meter_forms_show_lines (self->meters, till, &due))
        return;
    oc_quote_show_fee (C_("word", "Opening fee"), opening_fee (self), till);
    oc_card_screen_quoted (OC_CARD_SCREEN (self), &due);
}

static void
on_edited_cb (OcOpenAccountScreen *self)
{
    oc_till_clear_lines (oc_card_screen_get_till (OC_CARD_SCREEN (self)));
    oc_card_screen_edited (OC_CARD_SCREEN (self));
}

static void
add_meter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_meter_forms_add (OC_OPEN_ACCOUNT_SCREEN (widget)->meters, g_variant_get_int32 (parameter));
}

static void
oc_open_account_screen_refresh (OcScreen *screen)
{
    OC_SCREEN_CLASS (oc_open_account_screen_parent_class)->refresh (screen);
    oc_meter_forms_load (OC_OPEN_ACCOUNT_SCREEN (screen)->meters, screen);
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
    else if (household == 0 && oc_meter_forms_is_any_tiered (self->meters))
        show_code (self->household_hint, self->household, "OC043");
    else
        return TRUE;
    return FALSE;
}

static gboolean
oc_open_account_screen_check (OcCardScreen *screen, gboolean tell)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);

    return (!tell || check_customer (self)) && oc_meter_forms_check (self->meters, tell);
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
    guint n_meters = 0;
    g_autofree OcOpenMeter *meters = oc_meter_forms_read (self->meters, &n_meters);
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
        .n_meters = n_meters,
        .expected_due = payment->due,
        .tendered = payment->tendered,
        .pay = payment->pay,
        .reference = payment->reference,
    };

    oc_open_account_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_busy_get_cancellable (busy), on_opened_cb,
        busy);
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

    for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
        if (g_str_equal (places[i].field, field)) {
            oc_form_hint_set_error (places[i].hint, error->message);
            gtk_widget_grab_focus (GTK_WIDGET (places[i].editable));
            return TRUE;
        }
    }
    return oc_meter_forms_show_error (self->meters, field, error);
}

static void
oc_open_account_screen_show_reading (OcCardScreen *screen, OcReading *reading)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);

    if (oc_card_screen_is_fitting (screen))
        oc_meter_forms_set_card (self->meters, reading);
    on_quoted_cb (self);
}

static void
oc_open_account_screen_quote (OcCardScreen *screen)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);

    oc_meter_forms_set_household (self->meters, MAX (read_household (self), 0));
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

    return !is_empty (self->name) || !is_empty (self->address) || oc_meter_forms_count (self->meters) > 0;
}

static void
oc_open_account_screen_clear (OcCardScreen *screen)
{
    OcOpenAccountScreen *self = OC_OPEN_ACCOUNT_SCREEN (screen);
    GtkEditable *const fields[] = { self->name, self->address, self->phone, self->id_kind, self->id_number,
        self->district, self->permanent_number, self->note };

    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        gtk_editable_set_text (fields[i], "");
    gtk_editable_set_text (self->household, "3");
    self->pre_registered = 0;
    oc_meter_forms_clear (self->meters);
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
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, content);
    gtk_widget_class_bind_template_child (widget_class, OcOpenAccountScreen, meters);
    gtk_widget_class_bind_template_callback (widget_class, on_text_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_household_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_enter_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_edited_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_quoted_cb);
    gtk_widget_class_bind_template_callback (widget_class, oc_card_screen_proceed);
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
    g_type_ensure (OC_TYPE_METER_FORMS);
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

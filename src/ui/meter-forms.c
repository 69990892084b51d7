/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A flow of place buttons over a column of forms. */
#include "ui/meter-forms.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "core/error.h"
#include "ui/form-hint.h"
#include "ui/meter-form.h"
#include "ui/meter-lists.h"
#include "ui/quote-lines.h"
#include "ui/scroll.h"

struct _OcMeterForms {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkFlowBox *slots;
    OcFormHint *hint;
    GtkBox *forms;
    OcDesk *desk;
    OcMeterLists lists;
    OcReading *card;  /* it is for, NULL: none was read yet */
    OcRows *meters;   /* that are on the card already; NULL: none */
    gint64 customer;
    int household;
    guint n_forms;
};

G_DEFINE_FINAL_TYPE (OcMeterForms, oc_meter_forms, GTK_TYPE_WIDGET)

enum { SIGNAL_EDITED, SIGNAL_QUOTED, SIGNAL_PROCEED, N_SIGNALS };
static guint signals[N_SIGNALS];

static OcMeterForm *
first_form (OcMeterForms *self)
{
    return (OcMeterForm *) gtk_widget_get_first_child (GTK_WIDGET (self->forms));
}

static OcMeterForm *
next_form (OcMeterForm *form)
{
    return (OcMeterForm *) gtk_widget_get_next_sibling (GTK_WIDGET (form));
}

static OcMeterForm *
form_of_slot (OcMeterForms *self, int slot)
{
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        if (oc_meter_form_get_slot (form) == slot)
            return form;
    return NULL;
}

static gboolean
is_taken (OcMeterForms *self, int slot)
{
    for (guint i = 0; self->meters != NULL && i < oc_rows_count (self->meters); i++)
        if (oc_rows_int (self->meters, i, "slot") == slot)
            return TRUE;
    return FALSE;
}

/* Tiers ----------------------------------------------------------------------------------------------------------------- */

/* What the forms of @form's meter type with lower slots buy: it counts into the tiers of @form, as it will in the sale. FALSE
 * while one of them is not quoted. */
static gboolean
bought_before (OcMeterForms *self, OcMeterForm *form, OcQuantity *sum)
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
on_quoted_cb (OcMeterForms *self)
{
    OcQuantity sum;

    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        if (bought_before (self, form, &sum))
            oc_meter_form_set_already (form, sum);
    g_signal_emit (self, signals[SIGNAL_QUOTED], 0);
}

static void
on_edited_cb (OcMeterForms *self)
{
    oc_form_hint_set_error (self->hint, NULL);
    g_signal_emit (self, signals[SIGNAL_EDITED], 0);
}

static void
on_proceed_cb (OcMeterForms *self)
{
    g_signal_emit (self, signals[SIGNAL_PROCEED], 0);
}

/* Places ---------------------------------------------------------------------------------------------------------------- */

static GtkWidget *
make_slot (OcMeterForms *self, guint row)
{
    OcRows *slots = self->lists.slots;
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
    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "meter-forms.add");
    gtk_widget_add_css_class (button, "slot");
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    return button;
}

static void
show_hint (OcMeterForms *self)
{
    gboolean full = gtk_widget_get_first_child (GTK_WIDGET (self->slots)) == NULL && oc_meter_lists_are_there (&self->lists);

    oc_form_hint_set_hint (self->hint, full ? _("Every place on this card is taken.")
        : self->n_forms == 0 ? _("Choose the sub-meters that the customer has.") : NULL);
}

static void
show_slots (OcMeterForms *self)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->slots))) != NULL)
        gtk_flow_box_remove (self->slots, child);
    for (guint i = 0; oc_meter_lists_are_there (&self->lists) && i < oc_rows_count (self->lists.slots); i++) {
        if (is_taken (self, (int) oc_rows_int (self->lists.slots, i, "slot")))
            continue;
        gtk_flow_box_append (self->slots, make_slot (self, i));
        gtk_widget_set_focusable (gtk_widget_get_last_child (GTK_WIDGET (self->slots)), FALSE);
    }
    show_hint (self);
}

static void
on_removed_cb (OcMeterForms *self, OcMeterForm *form)
{
    gtk_box_remove (self->forms, GTK_WIDGET (form));
    self->n_forms--;
    show_slots (self);
    on_edited_cb (self);
    on_quoted_cb (self);
}

/* A new form has no place yet when it gets the caret: it comes into sight when it has one. */
static gboolean
on_tick_cb (GtkWidget *form, GdkFrameClock *clock, gpointer data)
{
    GtkWidget *scroller = gtk_widget_get_ancestor (form, GTK_TYPE_SCROLLED_WINDOW);
    GtkWidget *viewport = scroller != NULL ? gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scroller)) : NULL;
    GtkWidget *content = viewport != NULL ? gtk_widget_get_first_child (viewport) : NULL;
    GtkAdjustment *adjustment;
    graphene_rect_t bounds;

    if (content == NULL)
        return G_SOURCE_REMOVE;
    adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
    if (gtk_widget_get_height (form) == 0 || !gtk_widget_compute_bounds (form, content, &bounds)
        || gtk_adjustment_get_upper (adjustment) < bounds.origin.y + bounds.size.height)
        return G_SOURCE_CONTINUE;
    oc_scroll_to (adjustment, &bounds);
    return G_SOURCE_REMOVE;
}

static void
add_form (OcMeterForms *self, guint row)
{
    GtkWidget *form = oc_meter_form_new (self->desk, &self->lists, row);

    g_signal_connect_object (form, "edited", G_CALLBACK (on_edited_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (form, "quoted", G_CALLBACK (on_quoted_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (form, "proceed", G_CALLBACK (on_proceed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (form, "removed", G_CALLBACK (on_removed_cb), self, G_CONNECT_SWAPPED);
    gtk_box_append (self->forms, form);
    self->n_forms++;
    oc_meter_form_set_card (OC_METER_FORM (form), self->card);
    oc_meter_form_set_customer (OC_METER_FORM (form), self->customer, self->household);
    show_slots (self);
    gtk_widget_grab_focus (form);
    gtk_widget_add_tick_callback (form, on_tick_cb, NULL, NULL);
}

/* The manual's double click is at home here too: the second click finds the form already there. */
static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_meter_forms_add (OC_METER_FORMS (widget), g_variant_get_int32 (parameter));
}

/* GtkWidget and GObject ------------------------------------------------------------------------------------------------- */

static void
oc_meter_forms_dispose (GObject *object)
{
    OcMeterForms *self = OC_METER_FORMS (object);

    g_clear_object (&self->desk);
    g_clear_object (&self->meters);
    g_clear_pointer (&self->card, oc_reading_unref);
    oc_meter_lists_clear (&self->lists);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_METER_FORMS);
    G_OBJECT_CLASS (oc_meter_forms_parent_class)->dispose (object);
}

static void
oc_meter_forms_class_init (OcMeterFormsClass *klass)
{
    static const char *const names[N_SIGNALS] = { "edited", "quoted", "proceed" };
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_meter_forms_dispose;
    for (guint i = 0; i < N_SIGNALS; i++)
        signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    g_type_ensure (OC_TYPE_FORM_HINT);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/meter-forms.ui");
    gtk_widget_class_bind_template_child (widget_class, OcMeterForms, box);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForms, slots);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForms, hint);
    gtk_widget_class_bind_template_child (widget_class, OcMeterForms, forms);
    gtk_widget_class_install_action (widget_class, "meter-forms.add", "i", add_action);
}

static void
oc_meter_forms_init (OcMeterForms *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

/* Public ---------------------------------------------------------------------------------------------------------------- */

void
oc_meter_forms_load (OcMeterForms *self, OcScreen *screen)
{
    g_return_if_fail (OC_IS_METER_FORMS (self));
    g_set_object (&self->desk, oc_screen_get_desk (screen));
    oc_meter_lists_load (&self->lists, screen, (OcMeterListsLoaded) show_slots, self);
}

/* A form whose place the card has taken goes; the others are quoted again. */
void
oc_meter_forms_set_customer (OcMeterForms *self, gint64 customer, OcRows *meters)
{
    OcMeterForm *next;

    g_return_if_fail (OC_IS_METER_FORMS (self));
    g_set_object (&self->meters, meters);
    self->customer = customer;
    for (OcMeterForm *form = first_form (self); form != NULL; form = next) {
        next = next_form (form);
        if (is_taken (self, oc_meter_form_get_slot (form)))
            on_removed_cb (self, form);
        else
            oc_meter_form_set_customer (form, customer, self->household);
    }
    show_slots (self);
}

void
oc_meter_forms_set_card (OcMeterForms *self, OcReading *card)
{
    g_return_if_fail (OC_IS_METER_FORMS (self));
    g_clear_pointer (&self->card, oc_reading_unref);
    self->card = card != NULL ? oc_reading_ref (card) : NULL;
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        oc_meter_form_set_card (form, card);
}

void
oc_meter_forms_set_household (OcMeterForms *self, int household)
{
    g_return_if_fail (OC_IS_METER_FORMS (self));
    self->household = household;
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        oc_meter_form_set_customer (form, self->customer, household);
}

void
oc_meter_forms_add (OcMeterForms *self, int slot)
{
    OcMeterForm *form;

    g_return_if_fail (OC_IS_METER_FORMS (self));
    form = form_of_slot (self, slot);
    if (form != NULL) {
        gtk_widget_grab_focus (GTK_WIDGET (form));
        return;
    }
    for (guint i = 0; oc_meter_lists_are_there (&self->lists) && i < oc_rows_count (self->lists.slots); i++)
        if (oc_rows_int (self->lists.slots, i, "slot") == slot && !is_taken (self, slot))
            add_form (self, i);
}

void
oc_meter_forms_clear (OcMeterForms *self)
{
    GtkWidget *form;

    g_return_if_fail (OC_IS_METER_FORMS (self));
    while ((form = gtk_widget_get_first_child (GTK_WIDGET (self->forms))) != NULL)
        gtk_box_remove (self->forms, form);
    self->n_forms = 0;
    show_slots (self);
    on_edited_cb (self);
}

guint
oc_meter_forms_count (OcMeterForms *self)
{
    g_return_val_if_fail (OC_IS_METER_FORMS (self), 0);
    return self->n_forms;
}

gboolean
oc_meter_forms_is_any_tiered (OcMeterForms *self)
{
    g_return_val_if_fail (OC_IS_METER_FORMS (self), FALSE);
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        if (oc_meter_form_is_tiered (form))
            return TRUE;
    return FALSE;
}

static gboolean
all_quoted (OcMeterForms *self)
{
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        if (oc_meter_form_get_quote (form) == NULL)
            return FALSE;
    return self->n_forms > 0;
}

gboolean
oc_meter_forms_check (OcMeterForms *self, gboolean tell)
{
    OcOpenMeter meter;

    g_return_val_if_fail (OC_IS_METER_FORMS (self), FALSE);
    if (tell && self->n_forms == 0) {
        g_autoptr(GError) error = oc_error_new_code ("OC056", NULL);
        oc_form_hint_set_error (self->hint, error->message);
        gtk_widget_child_focus (GTK_WIDGET (self->slots), GTK_DIR_TAB_FORWARD);
    }
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        if (!oc_meter_form_read (form, &meter, tell))
            return FALSE;
    return all_quoted (self);
}

/* Lines of one sub-meter; adds what it costs to @due. */
static void
add_lines (OcMeterForms *self, OcMeterForm *form, OcTill *till, OcMoney *due)
{
    OcRows *quote = oc_meter_form_get_quote (form);
    OcMoney presale = oc_rows_money (quote, 0, "presale_cost");

    if (self->n_forms > 1)
        oc_till_add_line (till, oc_meter_form_get_title (form), NULL, NULL);
    if (!oc_rows_is_null (quote, 0, "tier"))
        oc_quote_show_lines (quote, oc_meter_form_get_unit (form), till);
    if (presale.units > 0)
        oc_quote_show_fee (C_("word", "Presale"), presale, till);
    if (!oc_money_add (*due, oc_rows_money (quote, 0, "due"), due) || !oc_money_add (*due, presale, due))
        g_warning ("What is due is beyond counting");
}

gboolean
oc_meter_forms_show_lines (OcMeterForms *self, OcTill *till, OcMoney *due)
{
    g_return_val_if_fail (OC_IS_METER_FORMS (self), FALSE);
    if (!all_quoted (self))
        return FALSE;
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        add_lines (self, form, till, due);
    return TRUE;
}

OcOpenMeter *
oc_meter_forms_read (OcMeterForms *self, guint *n)
{
    OcOpenMeter *meters;

    g_return_val_if_fail (OC_IS_METER_FORMS (self), NULL);
    meters = g_new0 (OcOpenMeter, self->n_forms + 1);
    *n = 0;
    for (OcMeterForm *form = first_form (self); form != NULL; form = next_form (form))
        oc_meter_form_read (form, &meters[(*n)++], FALSE);
    return meters;
}

gboolean
oc_meter_forms_show_error (OcMeterForms *self, const char *field, const GError *error)
{
    const char *slot = oc_error_get_param (error, "slot");
    OcMeterForm *form;

    g_return_val_if_fail (OC_IS_METER_FORMS (self), FALSE);
    form = slot != NULL ? form_of_slot (self, (int) g_ascii_strtoll (slot, NULL, 10)) : NULL;
    if (form != NULL && oc_meter_form_show_error (form, field, error->message, TRUE))
        return TRUE;
    if (!g_str_equal (field, "sub_meter"))
        return FALSE;
    oc_form_hint_set_error (self->hint, error->message);
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Customers (用户信息): found by anything that is known of them; their data, balance, card and right to buy. */
#include <glib/gi18n-lib.h>

#include "ui/customer-acts.h"
#include "ui/form-field.h"
#include "ui/found-screen.h"
#include "ui/meters-list.h"
#include "ui/screens.h"

#define OC_TYPE_CUSTOMERS_SCREEN (oc_customers_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcCustomersScreen, oc_customers_screen, OC, CUSTOMERS_SCREEN, OcFoundScreen)

struct _OcCustomersScreen {
    OcFoundScreen parent_instance;

    GtkWidget *lost, *found, *bar, *release;
    OcMetersList *meters;
};

G_DEFINE_FINAL_TYPE (OcCustomersScreen, oc_customers_screen, OC_TYPE_FOUND_SCREEN)

static const OcColumn columns[] = {
    { N_("Customer"), "customer", OC_COLUMN_INTEGER, 9 },
    { N_("Name"), "name", OC_COLUMN_TEXT, 10 },
    { N_("Balance"), "balance", OC_COLUMN_MONEY, 9 },
    { N_("Address"), "address", OC_COLUMN_TEXT, 20 },
    { N_("Telephone"), "phone", OC_COLUMN_TEXT, 12 },
    { N_("State"), "state", OC_COLUMN_STATE, 8 },
    { N_("Card"), "card_state", OC_COLUMN_STATE, 9 },
    { N_("Meters"), "meters", OC_COLUMN_TEXT, 13, .hidden = TRUE },
    { N_("Barred because"), "barred", OC_COLUMN_TEXT, 16, .hidden = TRUE },
    { N_("Opened"), "opened_at", OC_COLUMN_TIME, 15, .hidden = TRUE },
};

static const char *
value_of (OcCustomersScreen *self, const char *name)
{
    const OcFields *record = oc_found_screen_get_record (OC_FOUND_SCREEN (self));

    return record != NULL ? oc_fields_get (record, name) : "";
}

static void
pay_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_balance_present (OC_SCREEN (widget), oc_found_screen_get_number (OC_FOUND_SCREEN (widget)),
        value_of (OC_CUSTOMERS_SCREEN (widget), "name"), FALSE);
}

static void
pay_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_balance_present (OC_SCREEN (widget), oc_found_screen_get_number (OC_FOUND_SCREEN (widget)),
        value_of (OC_CUSTOMERS_SCREEN (widget), "name"), TRUE);
}

static void
lost_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_found_screen_act (OC_FOUND_SCREEN (widget), oc_card_lost_async, oc_card_lost_finish,
        _("The card is reported lost: it buys nothing until it is found or replaced."));
}

static void
found_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_found_screen_act (OC_FOUND_SCREEN (widget), oc_card_found_async, oc_card_found_finish, _("The card can be used again."));
}

static void
replace_card_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_screen_open_for (OC_SCREEN (widget), "replace-card", oc_found_screen_get_number (OC_FOUND_SCREEN (widget)));
}

static void
bar_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_bar_present (OC_SCREEN (widget), oc_found_screen_get_number (OC_FOUND_SCREEN (widget)),
        value_of (OC_CUSTOMERS_SCREEN (widget), "name"), NULL, FALSE);
}

static void
release_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_bar_present (OC_SCREEN (widget), oc_found_screen_get_number (OC_FOUND_SCREEN (widget)),
        value_of (OC_CUSTOMERS_SCREEN (widget), "name"), NULL, TRUE);
}

static void
oc_customers_screen_update_actions (OcScreen *screen)
{
    OcCustomersScreen *self = OC_CUSTOMERS_SCREEN (screen);
    OcDesk *desk = oc_screen_get_desk (screen);
    gboolean open = g_strcmp0 (value_of (self, "state"), "open") == 0 && !oc_found_screen_is_dirty (OC_FOUND_SCREEN (screen));
    gboolean lost = g_strcmp0 (value_of (self, "card_state"), "lost") == 0;
    gboolean barred = *value_of (self, "barred") != '\0';

    OC_SCREEN_CLASS (oc_customers_screen_parent_class)->update_actions (screen);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "customers.pay-in", open && oc_desk_may (desk, "balance"));
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "customers.pay-out", open && oc_desk_may (desk, "balance"));
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "customers.lost",
        open && oc_desk_may (desk, "replace-card") && g_strcmp0 (value_of (self, "card_state"), "current") == 0);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "customers.found", open && oc_desk_may (desk, "replace-card") && lost);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "customers.replace-card", open && oc_desk_may (desk, "replace-card"));
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "customers.bar", open && oc_desk_may (desk, "blacklist") && !barred);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "customers.release", open && oc_desk_may (desk, "blacklist") && barred);
    gtk_widget_set_visible (self->lost, !lost);
    gtk_widget_set_visible (self->found, lost);
    gtk_widget_set_visible (self->bar, !barred);
    gtk_widget_set_visible (self->release, barred);
}

static void
oc_customers_screen_chosen (OcFoundScreen *screen, const OcFields *record)
{
    oc_meters_list_show (OC_CUSTOMERS_SCREEN (screen)->meters, OC_SCREEN (screen), record);
}

static void
oc_customers_screen_class_init (OcCustomersScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcFoundScreenClass *found_class = OC_FOUND_SCREEN_CLASS (klass);

    OC_SCREEN_CLASS (klass)->update_actions = oc_customers_screen_update_actions;
    found_class->title = N_("Customer data");
    found_class->purpose = N_("Found by anything that is known of them. A change is dated and kept with who made it.");
    found_class->choose_text = N_("Choose a customer");
    found_class->empty_icon = "oc-person-symbolic";
    found_class->empty_title = N_("Nobody is found by this");
    found_class->empty_text = N_("Try a part of the name or address, its pinyin initials, or the telephone.");
    found_class->columns = columns;
    found_class->n_columns = G_N_ELEMENTS (columns);
    found_class->key = "customer";
    found_class->permission = "edit-customer";
    found_class->find = oc_customers_find_async;
    found_class->find_finish = oc_customers_find_finish;
    found_class->save = oc_customer_save_async;
    found_class->save_finish = oc_customer_save_finish;
    found_class->chosen = oc_customers_screen_chosen;
    g_type_ensure (OC_TYPE_FORM_FIELD);
    g_type_ensure (OC_TYPE_METERS_LIST);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-customers.ui");
    gtk_widget_class_bind_template_child (widget_class, OcCustomersScreen, lost);
    gtk_widget_class_bind_template_child (widget_class, OcCustomersScreen, found);
    gtk_widget_class_bind_template_child (widget_class, OcCustomersScreen, bar);
    gtk_widget_class_bind_template_child (widget_class, OcCustomersScreen, release);
    gtk_widget_class_bind_template_child (widget_class, OcCustomersScreen, meters);
    gtk_widget_class_install_action (widget_class, "customers.pay-in", NULL, pay_in_action);
    gtk_widget_class_install_action (widget_class, "customers.pay-out", NULL, pay_out_action);
    gtk_widget_class_install_action (widget_class, "customers.lost", NULL, lost_action);
    gtk_widget_class_install_action (widget_class, "customers.found", NULL, found_action);
    gtk_widget_class_install_action (widget_class, "customers.replace-card", NULL, replace_card_action);
    gtk_widget_class_install_action (widget_class, "customers.bar", NULL, bar_action);
    gtk_widget_class_install_action (widget_class, "customers.release", NULL, release_action);
}

static void
oc_customers_screen_init (OcCustomersScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

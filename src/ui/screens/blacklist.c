/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blacklist (黑名单): who may not buy and why; and who is suspect, to be barred from here. */
#include <glib/gi18n-lib.h>

#include "core/word.h"
#include "ops/ops.h"
#include "ui/customer-acts.h"
#include "ui/query-screen.h"
#include "ui/screens.h"

#define OC_TYPE_BLACKLIST_SCREEN (oc_blacklist_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcBlacklistScreen, oc_blacklist_screen, OC, BLACKLIST_SCREEN, OcQueryScreen)

struct _OcBlacklistScreen {
    OcQueryScreen parent_instance;

    GtkCheckButton *suspects;
    GtkSpinButton *days;
    GtkWidget *release, *bar;
    gboolean shows_suspects; /* what is in the table */
};

G_DEFINE_FINAL_TYPE (OcBlacklistScreen, oc_blacklist_screen, OC_TYPE_QUERY_SCREEN)

/* Of both lists; what one of them has not is empty. */
static const OcColumn columns[] = {
    { N_("Customer"), "customer", OC_COLUMN_INTEGER, 9 },
    { N_("Name"), "name", OC_COLUMN_TEXT, 10 },
    { N_("Address"), "address", OC_COLUMN_TEXT, 16 },
    { N_("Sub-meter"), "sub_meter", OC_COLUMN_SUB_METER, 10 },
    { N_("Meter"), "meter", OC_COLUMN_TEXT, 13 },
    { N_("Last purchase"), "last_purchase", OC_COLUMN_QUANTITY, 10 },
    { N_("Its time"), "last_purchase_at", OC_COLUMN_TIME, 15 },
    { N_("Reason"), "reason", OC_COLUMN_STATE, 22 },
    { N_("Since"), "at", OC_COLUMN_TIME, 15, .hidden = TRUE },
    { N_("Operator"), "operator_name", OC_COLUMN_TEXT, 9, .hidden = TRUE },
    { N_("Telephone"), "phone", OC_COLUMN_TEXT, 12, .hidden = TRUE },
};

static gboolean
get_selected (OcBlacklistScreen *self, OcRows **rows, guint *row)
{
    return oc_query_screen_get_selected (OC_QUERY_SCREEN (self), rows, row);
}

static void
present (OcBlacklistScreen *self, gboolean release)
{
    OcRows *rows;
    guint row;
    const char *meter;

    if (!get_selected (self, &rows, &row))
        return;
    meter = oc_rows_text (rows, row, "meter");
    oc_bar_present (OC_SCREEN (self), oc_rows_int (rows, row, "customer"), oc_rows_text (rows, row, "name"), *meter != '\0' ? meter : NULL,
        release);
}

static void
bar_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    present (OC_BLACKLIST_SCREEN (widget), FALSE);
}

static void
release_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    present (OC_BLACKLIST_SCREEN (widget), TRUE);
}

static void
oc_blacklist_screen_load (OcQueryScreen *screen, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
    OcBlacklistScreen *self = OC_BLACKLIST_SCREEN (screen);
    OcFindAsk ask = { .days = gtk_spin_button_get_value_as_int (self->days), .limit = 1000 };
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (screen));

    self->shows_suspects = gtk_check_button_get_active (self->suspects);
    if (self->shows_suspects)
        oc_blacklist_suspects_async (desk, &ask, cancellable, callback, data);
    else
        oc_list_async (desk, "blacklist", cancellable, callback, data);
}

/* The columns of the table from whichever list came: a suspect's cause stands where the reason does. */
static OcRows *
table_rows (OcRows *rows)
{
    const char *names[G_N_ELEMENTS (columns) + 1] = { NULL };
    OcRows *shown;

    for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
        names[i] = columns[i].field;
    shown = oc_rows_new (names);
    for (guint row = 0; row < oc_rows_count (rows); row++) {
        const char *cells[G_N_ELEMENTS (columns)] = { NULL };

        for (gsize i = 0; i < G_N_ELEMENTS (columns); i++) {
            const char *name = g_str_equal (names[i], "reason") && oc_rows_find_column (rows, "cause") >= 0 ? "cause" : names[i];

            if (oc_rows_find_column (rows, name) >= 0 && !oc_rows_is_null (rows, row, name))
                cells[i] = oc_rows_text (rows, row, name);
        }
        oc_rows_append (shown, cells);
    }
    return shown;
}

static OcRows *
oc_blacklist_screen_load_finish (OcQueryScreen *screen, GAsyncResult *result, GError **error)
{
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (screen));
    g_autoptr(OcRows) rows = OC_BLACKLIST_SCREEN (screen)->shows_suspects ? oc_blacklist_suspects_finish (desk, result, error)
                                                                         : oc_list_finish (desk, result, error);

    return rows != NULL ? table_rows (rows) : NULL;
}

static void
oc_blacklist_screen_row_activated (OcQueryScreen *screen)
{
    gtk_widget_activate_action (GTK_WIDGET (screen),
        OC_BLACKLIST_SCREEN (screen)->shows_suspects ? "blacklist.bar" : "blacklist.release", NULL);
}

static void
oc_blacklist_screen_update_actions (OcScreen *screen)
{
    OcBlacklistScreen *self = OC_BLACKLIST_SCREEN (screen);
    gboolean may = oc_desk_may (oc_screen_get_desk (screen), "blacklist");
    OcRows *rows;
    guint row;
    gboolean chosen = get_selected (self, &rows, &row);

    gtk_widget_action_set_enabled (GTK_WIDGET (self), "blacklist.bar", may && chosen && self->shows_suspects);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "blacklist.release", may && chosen && !self->shows_suspects);
    gtk_widget_set_visible (self->bar, self->shows_suspects);
    gtk_widget_set_visible (self->release, !self->shows_suspects);
}

static void
oc_blacklist_screen_constructed (GObject *object)
{
    OcBlacklistScreen *self = OC_BLACKLIST_SCREEN (object);
    gboolean may = oc_desk_may (oc_screen_get_desk (OC_SCREEN (self)), "blacklist");

    G_OBJECT_CLASS (oc_blacklist_screen_parent_class)->constructed (object);
    gtk_widget_set_visible (GTK_WIDGET (self->suspects), may);
    gtk_widget_set_visible (GTK_WIDGET (self->days), may);
}

static void
oc_blacklist_screen_class_init (OcBlacklistScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcQueryScreenClass *query_class = OC_QUERY_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_blacklist_screen_constructed;
    OC_SCREEN_CLASS (klass)->update_actions = oc_blacklist_screen_update_actions;
    query_class->title = N_("Blacklist");
    query_class->purpose = N_("Who may not buy, and why. Suspects have not bought for long, or their return data do not fit: from there they are barred.");
    query_class->empty_icon = "oc-done-symbolic";
    query_class->empty_title = N_("Nobody is barred");
    query_class->empty_text = N_("A customer is barred on the screen Customer data, a suspect meter here.");
    query_class->columns = columns;
    query_class->n_columns = G_N_ELEMENTS (columns);
    query_class->key = "meter";
    query_class->load = oc_blacklist_screen_load;
    query_class->load_finish = oc_blacklist_screen_load_finish;
    query_class->row_activated = oc_blacklist_screen_row_activated;
    gtk_widget_class_install_action (widget_class, "blacklist.bar", NULL, bar_action);
    gtk_widget_class_install_action (widget_class, "blacklist.release", NULL, release_action);
}

static GtkWidget *
add_button (OcBlacklistScreen *self, const char *label, const char *action)
{
    GtkWidget *button = gtk_button_new_with_label (label);

    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
    oc_query_screen_add_tool (OC_QUERY_SCREEN (self), button);
    return button;
}

static void
on_kind_cb (OcBlacklistScreen *self)
{
    gtk_widget_set_sensitive (GTK_WIDGET (self->days), gtk_check_button_get_active (self->suspects));
    oc_screen_refresh (OC_SCREEN (self));
}

static void
oc_blacklist_screen_init (OcBlacklistScreen *self)
{
    self->release = add_button (self, _("Release…"), "blacklist.release");
    self->bar = add_button (self, _("Bar…"), "blacklist.bar");
    self->days = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (1, 3650, 1));
    gtk_spin_button_set_value (self->days, 180);
    gtk_widget_set_sensitive (GTK_WIDGET (self->days), FALSE);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->days), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Days without a purchase"), -1);
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->days), _("Days without a purchase"));
    g_signal_connect_object (self->days, "value-changed", G_CALLBACK (oc_screen_refresh), self, G_CONNECT_SWAPPED);
    oc_query_screen_add_tool (OC_QUERY_SCREEN (self), GTK_WIDGET (self->days));
    self->suspects = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_("Suspects")));
    g_signal_connect_object (self->suspects, "toggled", G_CALLBACK (on_kind_cb), self, G_CONNECT_SWAPPED);
    oc_query_screen_add_tool (OC_QUERY_SCREEN (self), GTK_WIDGET (self->suspects));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* While all of the customer's meters are barred none is released alone: the act would refuse it. */
#include "ui/meters-list.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "ops/ops.h"
#include "ui/customer-acts.h"
#include "ui/latest.h"
#include "ui/present-error.h"

struct _OcMetersList {
    GtkWidget parent_instance;
    GtkWidget *box;
    OcScreen *screen; /* not owned: it holds the list */
    gint64 customer;
    char *name;
    gboolean may_bar, may_change;
    OcRows *rows;
    OcLatest asking;
};

G_DEFINE_FINAL_TYPE (OcMetersList, oc_meters_list, GTK_TYPE_WIDGET)

static guint
row_of (GtkWidget *button)
{
    return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "row"));
}

static void
on_change_cb (OcMetersList *self, GtkWidget *button)
{
    oc_meter_terms_present (self->screen, self->customer, self->name, self->rows, row_of (button));
}

static void
on_bar_cb (OcMetersList *self, GtkWidget *button)
{
    guint row = row_of (button);

    oc_bar_present (self->screen, self->customer, self->name, oc_rows_text (self->rows, row, "meter"),
        !oc_rows_is_null (self->rows, row, "barred"));
}

/* @words: where a meter's number is in the place of %s, for those who can't see beside which meter it stands. */
static void
append_button (OcMetersList *self, GtkWidget *line, guint row, const char *text, const char *words, GCallback clicked)
{
    GtkWidget *button = gtk_button_new_with_label (text);
    g_auto(GStrv) parts = g_strsplit (words, "%s", 2);
    g_autofree char *name = g_strjoinv (oc_rows_text (self->rows, row, "meter"), parts);

    gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_object_set_data (G_OBJECT (button), "row", GUINT_TO_POINTER (row));
    g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
    gtk_box_append (GTK_BOX (line), button);
}

static void
append_label (GtkWidget *box, const char *text, const char *style)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    if (style != NULL)
        gtk_widget_add_css_class (label, style);
    gtk_box_append (GTK_BOX (box), label);
}

static GtkWidget *
make_row (OcMetersList *self, guint row)
{
    static const OcColumn sub_meter = { N_("Sub-meter"), "sub_meter", OC_COLUMN_SUB_METER };
    static const OcColumn state = { N_("State"), "state", OC_COLUMN_STATE };
    GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
    g_autofree char *place = oc_column_format (&sub_meter, self->rows, row);
    g_autofree char *what = oc_column_format (&state, self->rows, row);
    g_autofree char *title = g_strdup_printf ("%s · %s", place, oc_rows_text (self->rows, row, "meter"));
    gboolean barred = !oc_rows_is_null (self->rows, row, "barred");
    gboolean in_use = g_str_equal (oc_rows_text (self->rows, row, "state"), "open"); /* said of those that are not */
    g_autofree char *more = g_strjoin (" · ", oc_rows_text (self->rows, row, "user_type"), in_use ? NULL : what, NULL);

    gtk_widget_set_hexpand (words, TRUE);
    append_label (words, title, NULL);
    append_label (words, more, "hint");
    if (barred) {
        /* Translators: %s is why a meter may not buy. */
        g_autofree char *why = g_strdup_printf (_("Barred: %s"), oc_rows_text (self->rows, row, "barred"));
        append_label (words, why, "warning");
    }
    gtk_box_append (GTK_BOX (line), words);
    if (self->may_change && in_use)
        /* Translators: %s is a meter's number. */
        append_button (self, line, row, _("Change…"), _("Change meter %s"), G_CALLBACK (on_change_cb));
    if (self->may_bar && in_use && barred)
        /* Translators: %s is a meter's number. */
        append_button (self, line, row, _("Release…"), _("Release meter %s"), G_CALLBACK (on_bar_cb));
    else if (self->may_bar && in_use)
        /* Translators: %s is a meter's number. */
        append_button (self, line, row, _("Bar…"), _("Bar meter %s"), G_CALLBACK (on_bar_cb));
    return line;
}

static void
fill (OcMetersList *self, OcRows *rows)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_last_child (self->box)) != gtk_widget_get_first_child (self->box))
        gtk_box_remove (GTK_BOX (self->box), child);
    g_set_object (&self->rows, rows);
    for (guint row = 0; rows != NULL && row < oc_rows_count (rows); row++)
        gtk_box_append (GTK_BOX (self->box), make_row (self, row));
    gtk_widget_set_visible (self->box, rows != NULL && oc_rows_count (rows) > 0);
}

static void
on_meters_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcMetersList) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_customer_meters_finish (OC_DESK (source), result, &error);

    if (!oc_latest_is_answer (&self->asking, result))
        return; /* another customer is shown */
    if (rows != NULL)
        fill (self, rows);
    else
        oc_present_load_error (self->screen, error);
}

static void
oc_meters_list_dispose (GObject *object)
{
    OcMetersList *self = OC_METERS_LIST (object);

    oc_latest_drop (&self->asking);
    g_clear_object (&self->rows);
    g_clear_pointer (&self->box, gtk_widget_unparent);
    G_OBJECT_CLASS (oc_meters_list_parent_class)->dispose (object);
}

static void
oc_meters_list_finalize (GObject *object)
{
    g_free (OC_METERS_LIST (object)->name);
    G_OBJECT_CLASS (oc_meters_list_parent_class)->finalize (object);
}

static void
oc_meters_list_class_init (OcMetersListClass *klass)
{
    G_OBJECT_CLASS (klass)->dispose = oc_meters_list_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_meters_list_finalize;
    gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "meterslist");
}

static void
oc_meters_list_init (OcMetersList *self)
{
    self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
    gtk_widget_set_parent (self->box, GTK_WIDGET (self));
    append_label (self->box, _("Meters"), "section");
    gtk_widget_set_visible (self->box, FALSE);
}

void
oc_meters_list_show (OcMetersList *self, OcScreen *screen, const OcFields *customer)
{
    gint64 number = customer != NULL ? g_ascii_strtoll (oc_fields_get (customer, "customer"), NULL, 10) : 0;
    OcCustomerAsk ask = { .number = number };

    g_return_if_fail (OC_IS_METERS_LIST (self));
    oc_latest_drop (&self->asking);
    if (number != self->customer || customer == NULL)
        fill (self, NULL);
    self->screen = screen;
    self->customer = number;
    if (customer == NULL)
        return;
    g_free (self->name);
    self->name = g_strdup (oc_fields_get (customer, "name"));
    self->may_change = oc_desk_may (oc_screen_get_desk (screen), "edit-customer")
        && g_str_equal (oc_fields_get (customer, "state"), "open");
    self->may_bar = oc_desk_may (oc_screen_get_desk (screen), "blacklist") && g_str_equal (oc_fields_get (customer, "state"), "open")
        && *oc_fields_get (customer, "barred") == '\0';
    oc_customer_meters_async (oc_screen_get_desk (screen), &ask, oc_latest_begin (&self->asking), on_meters_cb, g_object_ref (self));
}

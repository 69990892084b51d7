/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person would do with their hands. What takes keys (new cards, new meters) runs on a thread; the rest is a few
 * small files. */
#include "tray/tray.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"

#define LOOK_EVERY_S 1 /* a fault may have pulled the card */

struct _OcTray {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkLabel *on_reader;
    GtkSwitch *plugged;
    GtkListBox *cards;
    GtkListBox *meters;
    GtkWidget *no_cards, *no_meters;
    GtkDropDown *family;
    GtkDropDown *fault;
    GtkSpinButton *fault_at;
    GtkSpinButton *quantity;
    GtkLabel *said;
    OcDrawer *drawer;
    OcSimSlot *slot;
    GPtrArray *card_rows, *meter_rows;
    char *on_path;     /* the card that was seen on the reader */
    gboolean making;   /* a thread makes cards or meters */
    guint timer;
};

G_DEFINE_FINAL_TYPE (OcTray, oc_tray, GTK_TYPE_WIDGET)

static const char *const families[] = { "cpu", "24c04", "24c16" };

static const struct {
    const char *format; /* %d: the spin button */
    const char *label;
} faults[] = {
    { NULL, N_("No fault") },
    { "pull@%d", N_("Card pulled before command") },
    { "lost@%d", N_("Answer lost at command") },
    { "torn@%d", N_("Torn write at command") },
    { "sw@%d=6581", N_("Memory error at command") },
    { "gone@%d", N_("Reader unplugged at command") },
    { "slow@%d", N_("Slow: milliseconds a command") },
};

static void show_drawer (OcTray *self);

static void
say (OcTray *self, const char *text)
{
    gtk_label_set_label (self->said, text);
    gtk_widget_set_visible (GTK_WIDGET (self->said), *text != '\0');
}

/* Rows ------------------------------------------------------------------------------------------------------------------ */

static GtkWidget *
make_button (const char *icon, const char *words, const char *action, guint row)
{
    GtkWidget *button = gtk_button_new_from_icon_name (icon);

    gtk_widget_set_tooltip_text (button, words);
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "u", row);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
    gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class (button, "flat");
    return button;
}

static GtkWidget *
make_words (const char *title, const char *detail)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *top = gtk_label_new (title);
    GtkWidget *below = gtk_label_new (detail);

    gtk_label_set_xalign (GTK_LABEL (top), 0);
    gtk_label_set_xalign (GTK_LABEL (below), 0);
    gtk_label_set_ellipsize (GTK_LABEL (below), PANGO_ELLIPSIZE_END);
    gtk_widget_add_css_class (below, "hint");
    gtk_box_append (GTK_BOX (box), top);
    gtk_box_append (GTK_BOX (box), below);
    gtk_widget_set_hexpand (box, TRUE);
    return box;
}

static char *
card_title (const OcDrawerCard *card)
{
    /* Translators: the number of a simulated card in the tray, its kind */
    return g_strdup_printf (_("Card %s · %s"), card->name, oc_word (card->family));
}

static GtkWidget *
make_card (OcTray *self, guint row)
{
    const OcDrawerCard *card = self->card_rows->pdata[row];
    gboolean on = g_strcmp0 (card->path, self->on_path) == 0;
    g_autofree char *title = card_title (card);
    /* Translators: customer number */
    g_autofree char *detail = *card->customer != '\0' ? g_strdup_printf (_("Customer %s"), card->customer)
                                                       : g_strdup (_("Blank card"));
    g_autofree char *put = g_strdup_printf (_("Put card %s on the reader"), card->name);
    g_autofree char *turned = g_strdup_printf (_("Put card %s on the reader upside down"), card->name);
    g_autofree char *take = g_strdup_printf (_("Take card %s away"), card->name);
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (*card->customer != '\0' ? "oc-card-symbolic"
                                                                                          : "oc-blank-card-symbolic"));
    gtk_box_append (GTK_BOX (box), make_words (title, detail));
    if (on) {
        gtk_widget_add_css_class (box, "on-reader");
        gtk_box_append (GTK_BOX (box), make_button ("oc-cancel-symbolic", take, "tray.take", row));
    } else {
        gtk_box_append (GTK_BOX (box), make_button ("oc-undo-symbolic", turned, "tray.turned", row));
        gtk_box_append (GTK_BOX (box), make_button ("oc-reader-symbolic", put, "tray.put", row));
    }
    return box;
}

static char *
meter_detail (const OcFields *fields)
{
    OcMoney remaining = { 0 };
    g_autofree char *text = NULL;
    gboolean closed = g_strcmp0 (oc_fields_get (fields, "valve"), "closed") == 0;

    if (g_strcmp0 (oc_fields_get (fields, "opened"), "true") != 0)
        return g_strdup (_("Waits for its opening card"));
    oc_money_from_decimal (oc_fields_get (fields, "remaining"), &remaining);
    text = oc_money_format (remaining);
    /* Translators: what remains in a meter, how often was bought */
    return g_strdup_printf (closed ? _("Remaining %s · bought %s times · shut off") : _("Remaining %s · bought %s times"),
        text, oc_fields_get (fields, "count"));
}

static GtkWidget *
make_meter (OcTray *self, guint row)
{
    const OcDrawerMeter *meter = self->meter_rows->pdata[row];
    const char *type = oc_fields_get (meter->fields, "type");
    const char *number = oc_fields_get (meter->fields, "number");
    g_autofree char *icon = g_strdup_printf ("oc-%s-symbolic", type);
    g_autofree char *detail = meter_detail (meter->fields);
    g_autofree char *insert = g_strdup_printf (_("Put the chosen card into meter %s"), number);
    g_autofree char *use = g_strdup_printf (_("Let meter %s run"), number);
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *image = gtk_image_new_from_icon_name (icon);

    gtk_widget_add_css_class (image, "meter-icon");
    gtk_widget_add_css_class (image, type);
    gtk_box_append (GTK_BOX (box), image);
    gtk_box_append (GTK_BOX (box), make_words (number, detail));
    gtk_box_append (GTK_BOX (box), make_button ("oc-minus-symbolic", use, "tray.use", row));
    gtk_box_append (GTK_BOX (box), make_button ("oc-card-symbolic", insert, "tray.insert", row));
    return box;
}

static int
chosen_card (OcTray *self)
{
    GtkListBoxRow *row = gtk_list_box_get_selected_row (self->cards);

    return row != NULL ? gtk_list_box_row_get_index (row) : -1;
}

static void
clear_list (GtkListBox *list)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
        gtk_list_box_remove (list, child);
}

static void
show_cards (OcTray *self)
{
    int chosen = chosen_card (self);

    g_clear_pointer (&self->card_rows, g_ptr_array_unref);
    self->card_rows = oc_drawer_cards (self->drawer);
    clear_list (self->cards);
    for (guint i = 0; i < self->card_rows->len; i++)
        gtk_list_box_append (self->cards, make_card (self, i));
    gtk_list_box_select_row (self->cards, gtk_list_box_get_row_at_index (self->cards, MAX (chosen, 0)));
    gtk_widget_set_visible (GTK_WIDGET (self->cards), self->card_rows->len > 0);
    gtk_widget_set_visible (self->no_cards, self->card_rows->len == 0);
}

static void
show_meters (OcTray *self)
{
    g_clear_pointer (&self->meter_rows, g_ptr_array_unref);
    self->meter_rows = oc_drawer_meters (self->drawer);
    clear_list (self->meters);
    for (guint i = 0; i < self->meter_rows->len; i++)
        gtk_list_box_append (self->meters, make_meter (self, i));
    gtk_widget_set_visible (GTK_WIDGET (self->meters), self->meter_rows->len > 0);
    gtk_widget_set_visible (self->no_meters, self->meter_rows->len == 0);
}

static void
show_reader (OcTray *self)
{
    g_autofree char *title = NULL;

    for (guint i = 0; self->card_rows != NULL && i < self->card_rows->len; i++) {
        const OcDrawerCard *card = self->card_rows->pdata[i];
        if (g_strcmp0 (card->path, self->on_path) == 0)
            title = card_title (card);
    }
    gtk_label_set_label (self->on_reader, title != NULL ? title
        : oc_sim_slot_is_plugged (self->slot) ? _("The reader is empty") : _("The reader is unplugged"));
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "tray.take-any", self->on_path != NULL);
}

static void
show_drawer (OcTray *self)
{
    g_free (self->on_path);
    self->on_path = oc_sim_slot_dup_path (self->slot);
    show_cards (self);
    show_meters (self);
    show_reader (self);
    gtk_switch_set_active (self->plugged, oc_sim_slot_is_plugged (self->slot));
}

/* Making ---------------------------------------------------------------------------------------------------------------- */

typedef struct {
    OcDrawer *drawer;
    const char *family; /* NULL: the meters that are missing */
} OcMaking;

static void
make_on_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    OcMaking *making = data;
    GError *error = NULL;
    gboolean made = making->family != NULL ? oc_drawer_add_card (making->drawer, making->family, &error)
                                           : oc_drawer_add_meters (making->drawer, &error);

    if (made)
        g_task_return_boolean (task, TRUE);
    else
        g_task_return_error (task, error);
}

static void
on_made_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    OcTray *self = OC_TRAY (source);
    g_autoptr(GError) error = NULL;

    self->making = FALSE;
    if (!g_task_propagate_boolean (G_TASK (result), &error))
        say (self, error->message);
    if (self->box != NULL)
        show_drawer (self);
}

/* The task keeps the tray, and with it the drawer. */
static void
start_making (OcTray *self, const char *family)
{
    g_autoptr(GTask) task = g_task_new (self, NULL, on_made_cb, NULL);
    OcMaking *making = g_new0 (OcMaking, 1);

    self->making = TRUE;
    making->drawer = self->drawer;
    making->family = family;
    g_task_set_task_data (task, making, g_free);
    g_task_run_in_thread (task, make_on_thread);
}

/* Looks whether a fault took the card out, and whether a card that was written speaks of a new meter. */
static gboolean
on_look_cb (gpointer data)
{
    OcTray *self = data;
    g_autofree char *path = oc_sim_slot_dup_path (self->slot);

    if (g_strcmp0 (path, self->on_path) != 0 || gtk_switch_get_active (self->plugged) != oc_sim_slot_is_plugged (self->slot))
        show_drawer (self);
    if (!self->making && gtk_widget_get_mapped (GTK_WIDGET (self)) && oc_drawer_lacks_meters (self->drawer))
        start_making (self, NULL);
    return G_SOURCE_CONTINUE;
}

/* Actions --------------------------------------------------------------------------------------------------------------- */

static void
new_card_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcTray *self = OC_TRAY (widget);

    if (!self->making)
        start_making (self, families[gtk_drop_down_get_selected (self->family)]);
}

static const OcDrawerCard *
card_of (OcTray *self, guint row)
{
    return self->card_rows != NULL && row < self->card_rows->len ? self->card_rows->pdata[row] : NULL;
}

static void
put (OcTray *self, guint row, gboolean upside_down)
{
    const OcDrawerCard *card = card_of (self, row);
    g_autoptr(GError) error = NULL;

    if (card == NULL)
        return;
    if (oc_sim_slot_insert (self->slot, card->path, upside_down, &error))
        say (self, "");
    else
        say (self, error->message);
    gtk_list_box_select_row (self->cards, gtk_list_box_get_row_at_index (self->cards, (int) row));
    show_drawer (self);
}

static void
put_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    put (OC_TRAY (widget), g_variant_get_uint32 (parameter), FALSE);
}

static void
turned_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    put (OC_TRAY (widget), g_variant_get_uint32 (parameter), TRUE);
}

static void
take_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcTray *self = OC_TRAY (widget);

    oc_sim_slot_remove (self->slot);
    show_drawer (self);
}

/* The card comes from wherever it is, and is in the drawer afterwards. */
static void
insert_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcTray *self = OC_TRAY (widget);
    guint row = g_variant_get_uint32 (parameter);
    const OcDrawerCard *card = card_of (self, (guint) MAX (chosen_card (self), 0));
    const OcDrawerMeter *at = row < self->meter_rows->len ? self->meter_rows->pdata[row] : NULL;
    g_autoptr(OcSimMeter) meter = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    OcSimMeterReport report;

    if (card == NULL || at == NULL)
        return;
    if (g_strcmp0 (card->path, self->on_path) == 0)
        oc_sim_slot_remove (self->slot);
    meter = oc_sim_meter_open (at->path, &error);
    if (meter != NULL && oc_sim_meter_insert (meter, card->path, NULL, &report, &error))
        text = oc_sim_meter_report_text (meter, &report);
    say (self, text != NULL ? text : error->message);
    g_clear_pointer (&meter, oc_sim_meter_free);
    show_drawer (self);
}

static void
use_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcTray *self = OC_TRAY (widget);
    guint row = g_variant_get_uint32 (parameter);
    const OcDrawerMeter *at = row < self->meter_rows->len ? self->meter_rows->pdata[row] : NULL;
    OcQuantity wanted = { (gint64) gtk_spin_button_get_value_as_int (self->quantity) * 10000 };
    OcQuantity flowed = { 0 };
    g_autoptr(OcSimMeter) meter = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    g_autofree char *amount = NULL;

    if (at == NULL)
        return;
    meter = oc_sim_meter_open (at->path, &error);
    if (meter != NULL && oc_sim_meter_use (meter, wanted, FALSE, &flowed, &error)) {
        amount = oc_quantity_format (flowed);
        /* Translators: a quantity */
        text = g_strdup_printf (_("%s flowed."), amount);
    }
    say (self, text != NULL ? text : error->message);
    g_clear_pointer (&meter, oc_sim_meter_free);
    show_drawer (self);
}

static void
fault_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcTray *self = OC_TRAY (widget);
    guint chosen = gtk_drop_down_get_selected (self->fault);
    g_autoptr(GError) error = NULL;
    g_autofree char *at = g_strdup_printf ("%d", gtk_spin_button_get_value_as_int (self->fault_at));
    g_auto(GStrv) parts = faults[chosen].format != NULL ? g_strsplit (faults[chosen].format, "%d", 2) : NULL;
    g_autofree char *text = parts != NULL ? g_strconcat (parts[0], at, parts[1], NULL) : NULL;

    if (!oc_sim_slot_set_faults (self->slot, text, &error))
        say (self, error->message);
    else
        say (self, text != NULL ? _("The fault waits for the next commands to the card.") : "");
    gtk_widget_set_sensitive (GTK_WIDGET (self->fault_at), text != NULL);
}

static void
on_fault_cb (OcTray *self)
{
    fault_action (GTK_WIDGET (self), NULL, NULL);
}

static void
on_plugged_cb (OcTray *self)
{
    gboolean plugged = gtk_switch_get_active (self->plugged);

    if (plugged == oc_sim_slot_is_plugged (self->slot))
        return;
    oc_sim_slot_set_plugged (self->slot, plugged);
    show_drawer (self);
}

/* GObject --------------------------------------------------------------------------------------------------------------- */

static void
oc_tray_map (GtkWidget *widget)
{
    OcTray *self = OC_TRAY (widget);

    GTK_WIDGET_CLASS (oc_tray_parent_class)->map (widget);
    show_drawer (self);
}

static void
oc_tray_dispose (GObject *object)
{
    OcTray *self = OC_TRAY (object);

    g_clear_handle_id (&self->timer, g_source_remove);
    gtk_widget_dispose_template (GTK_WIDGET (self), OC_TYPE_TRAY);
    G_OBJECT_CLASS (oc_tray_parent_class)->dispose (object);
}

static void
oc_tray_finalize (GObject *object)
{
    OcTray *self = OC_TRAY (object);

    g_clear_pointer (&self->card_rows, g_ptr_array_unref);
    g_clear_pointer (&self->meter_rows, g_ptr_array_unref);
    oc_drawer_free (self->drawer);
    g_clear_pointer (&self->slot, oc_sim_slot_unref);
    g_free (self->on_path);
    G_OBJECT_CLASS (oc_tray_parent_class)->finalize (object);
}

static void
oc_tray_class_init (OcTrayClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_tray_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_tray_finalize;
    widget_class->map = oc_tray_map;
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "cardtray");
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/tray.ui");
    gtk_widget_class_bind_template_child (widget_class, OcTray, box);
    gtk_widget_class_bind_template_child (widget_class, OcTray, on_reader);
    gtk_widget_class_bind_template_child (widget_class, OcTray, plugged);
    gtk_widget_class_bind_template_child (widget_class, OcTray, cards);
    gtk_widget_class_bind_template_child (widget_class, OcTray, meters);
    gtk_widget_class_bind_template_child (widget_class, OcTray, no_cards);
    gtk_widget_class_bind_template_child (widget_class, OcTray, no_meters);
    gtk_widget_class_bind_template_child (widget_class, OcTray, family);
    gtk_widget_class_bind_template_child (widget_class, OcTray, fault);
    gtk_widget_class_bind_template_child (widget_class, OcTray, fault_at);
    gtk_widget_class_bind_template_child (widget_class, OcTray, quantity);
    gtk_widget_class_bind_template_child (widget_class, OcTray, said);
    gtk_widget_class_install_action (widget_class, "tray.new-card", NULL, new_card_action);
    gtk_widget_class_install_action (widget_class, "tray.put", "u", put_action);
    gtk_widget_class_install_action (widget_class, "tray.turned", "u", turned_action);
    gtk_widget_class_install_action (widget_class, "tray.take", "u", take_action);
    gtk_widget_class_install_action (widget_class, "tray.take-any", NULL, take_action);
    gtk_widget_class_install_action (widget_class, "tray.insert", "u", insert_action);
    gtk_widget_class_install_action (widget_class, "tray.use", "u", use_action);
}

static void
oc_tray_init (OcTray *self)
{
    g_autoptr(GtkStringList) family_names = gtk_string_list_new (NULL);

    gtk_widget_init_template (GTK_WIDGET (self));
    for (guint i = 0; i < G_N_ELEMENTS (families); i++)
        gtk_string_list_append (family_names, oc_word (families[i]));
    gtk_drop_down_set_model (self->family, G_LIST_MODEL (family_names));
    gtk_widget_set_sensitive (GTK_WIDGET (self->fault_at), FALSE);
}

GtkWidget *
oc_tray_new (const char *folder, OcSimSlot *slot, OcDrawerKeys keys, gpointer data)
{
    OcTray *self = g_object_new (OC_TYPE_TRAY, NULL);
    g_autoptr(GtkStringList) fault_names = gtk_string_list_new (NULL);

    for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
        gtk_string_list_append (fault_names, _(faults[i].label));
    self->drawer = oc_drawer_new (folder, keys, data);
    self->slot = oc_sim_slot_ref (slot);
    gtk_drop_down_set_model (self->fault, G_LIST_MODEL (fault_names));
    g_signal_connect_object (self->fault, "notify::selected", G_CALLBACK (on_fault_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->fault_at, "value-changed", G_CALLBACK (on_fault_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->plugged, "notify::active", G_CALLBACK (on_plugged_cb), self, G_CONNECT_SWAPPED);
    self->timer = g_timeout_add_seconds (LOOK_EVERY_S, on_look_cb, self);
    return GTK_WIDGET (self);
}

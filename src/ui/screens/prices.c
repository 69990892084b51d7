/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices (价格设置): meter type, price, version. A version that has begun is never changed: a new one begins at its start time. */
#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "ui/ask.h"
#include "ui/form-field.h"
#include "ui/present-error.h"
#include "ui/price-tree.h"
#include "ui/record-acts.h"
#include "ui/record-change.h"
#include "ui/record.h"
#include "ui/screens.h"
#include "ui/tariff-preview.h"
#include "ui/tier-grid.h"

#define OC_TYPE_PRICES_SCREEN (oc_prices_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcPricesScreen, oc_prices_screen, OC, PRICES_SCREEN, OcRecordScreen)

struct _OcPricesScreen {
    OcRecordScreen parent_instance;

    OcPriceTree *tree;
    OcFormField *meter_type, *starts_at, *tiered, *period, *base_persons, *per_person;
    OcTierGrid *tiers;
    OcTariffPreview *preview;
    GtkWidget *begun;

    OcRows *items;
    gint64 price, version;        /* that are shown or asked for */
    gboolean adding_version;      /* what the form shows is to be a new one */
    gboolean added;               /* it was sent: the newest one is shown next */
};

G_DEFINE_FINAL_TYPE (OcPricesScreen, oc_prices_screen, OC_TYPE_RECORD_SCREEN)

static const char *const lists[] = { "price_items", NULL };

/* The form ---------------------------------------------------------------------------------------------------------- */

static gboolean
is_true (OcFormField *field)
{
    g_autofree char *value = oc_form_field_get (field);

    return g_str_equal (value, "true");
}

static void
offer_items (OcPricesScreen *self)
{
    g_autofree char *type = oc_form_field_get (self->meter_type);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
    g_auto(GStrv) list = NULL;

    for (guint i = 0; self->items != NULL && i < oc_rows_count (self->items); i++) {
        if (g_str_equal (oc_rows_text (self->items, i, "meter_type"), type) && oc_rows_bool (self->items, i, "active"))
            g_strv_builder_add (names, oc_rows_text (self->items, i, "name"));
    }
    list = g_strv_builder_end (names);
    oc_tier_grid_set_items (self->tiers, (const char *const *) list);
}

static const char *
unit_of (OcPricesScreen *self)
{
    g_autofree char *type = oc_form_field_get (self->meter_type);

    return g_str_equal (type, "electricity") || g_str_equal (type, "heat") ? "kWh" : "m³";
}

static void
show_household (OcPricesScreen *self)
{
    gboolean tiered = is_true (self->tiered);

    gtk_widget_set_visible (GTK_WIDGET (self->period), tiered);
    gtk_widget_set_visible (GTK_WIDGET (self->base_persons), tiered);
    gtk_widget_set_visible (GTK_WIDGET (self->per_person), tiered);
    oc_tier_grid_set_tiered (self->tiers, tiered);
}

static void
update_preview (OcPricesScreen *self)
{
    OcRecordScreen *screen = OC_RECORD_SCREEN (self);
    gboolean shown = oc_record_screen_is_new (screen) || oc_record_screen_get_record (screen) != NULL;
    g_autoptr(OcFields) fields = shown ? oc_record_screen_read (screen) : NULL;

    oc_tariff_preview_set_price (self->preview, oc_screen_get_desk (OC_SCREEN (self)), fields, unit_of (self));
}

static void
oc_prices_screen_edited (OcRecordScreen *screen)
{
    OcPricesScreen *self = OC_PRICES_SCREEN (screen);

    if (oc_form_part_count_changes (OC_FORM_PART (self->meter_type)) > 0 || oc_record_screen_is_new (screen)) {
        offer_items (self);
        oc_tier_grid_offer (self->tiers);
    }
    show_household (self);
    update_preview (self);
}

static void
set_version_editable (OcPricesScreen *self, gboolean editable)
{
    oc_form_field_set_editable (self->starts_at, editable);
    oc_form_field_set_editable (self->tiered, editable);
    oc_form_field_set_editable (self->period, editable);
    oc_form_field_set_editable (self->base_persons, editable);
    oc_form_field_set_editable (self->per_person, editable);
    oc_tier_grid_set_editable (self->tiers, editable);
    gtk_widget_set_visible (self->begun, !editable);
}

static void
oc_prices_screen_shown (OcRecordScreen *screen, const OcFields *record)
{
    OcPricesScreen *self = OC_PRICES_SCREEN (screen);
    const char *state = record != NULL ? oc_fields_get (record, "state") : NULL;

    self->adding_version = FALSE;
    oc_form_field_set_editable (self->meter_type, record == NULL);
    set_version_editable (self, record == NULL || g_strcmp0 (state, "future") == 0);
    if (record == NULL) {
        offer_items (self);
        oc_tier_grid_offer (self->tiers);
    }
    show_household (self);
    update_preview (self);
}

/* A version is shown ------------------------------------------------------------------------------------------------- */

/* The tiers of @rows ("price-tiers") as the form has them. */
static void
add_tiers (OcFields *record, OcRows *rows)
{
    g_autoptr(OcFields) tier = NULL;

    for (guint i = 0; i < oc_rows_count (rows); i++) {
        g_autoptr(OcFields) item = oc_fields_new (NULL);
        if (tier == NULL || oc_rows_int (rows, i, "tier") != oc_rows_int (rows, i - 1, "tier")) {
            g_clear_pointer (&tier, oc_fields_unref);
            tier = oc_fields_new (NULL);
            oc_fields_set (tier, "upper_limit", oc_rows_text (rows, i, "upper_limit"));
            oc_fields_add_row (record, "tiers", tier);
        }
        oc_fields_set (item, "item", oc_rows_text (rows, i, "item"));
        oc_fields_set (item, "unit_price", oc_rows_text (rows, i, "unit_price"));
        oc_fields_add_row (tier, "items", item);
    }
}

static void
copy_row (OcFields *to, OcRows *rows, guint row, const char *const *names)
{
    for (guint i = 0; names[i] != NULL; i++)
        oc_fields_set (to, names[i], oc_rows_text (rows, row, names[i]));
}

static void
show_version (OcPricesScreen *self, OcRows *tiers)
{
    static const char *const of_price[] = { "id", "row_version", "name", "meter_type", "active", NULL };
    static const char *const of_version[] = { "starts_at", "state", "tiered", "period", "base_persons", "per_person", NULL };
    OcRows *prices = oc_record_screen_get_rows (OC_RECORD_SCREEN (self));
    OcRows *versions = oc_price_tree_get_versions (self->tree, self->price);
    int price = oc_record_find (prices, self->price);
    int version = oc_record_find (versions, self->version);
    g_autoptr(OcFields) record = oc_fields_new (NULL);
    g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, self->version);

    if (price < 0)
        return;
    copy_row (record, prices, (guint) price, of_price);
    oc_fields_set (record, "version", number);
    if (version >= 0) {
        copy_row (record, versions, (guint) version, of_version);
        add_tiers (record, tiers);
    }
    oc_record_screen_show (OC_RECORD_SCREEN (self), record);
    oc_price_tree_mark (self->tree, self->price, self->version);
}

static void
on_tiers_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    g_autoptr(GError) error = NULL;
    OcPricesScreen *self = oc_busy_get_screen (busy);
    g_autoptr(OcRows) rows = oc_setting_list_finish (OC_DESK (source), result, &error);

    if (self == NULL)
        return;
    if (rows != NULL)
        show_version (self, rows);
    else
        oc_present_error (GTK_WIDGET (self), error);
}

/* What a price stands for: the version in force, else the newest. */
static gint64
standing_version (OcRows *versions)
{
    for (guint i = 0; i < oc_rows_count (versions); i++) {
        if (g_str_equal (oc_rows_text (versions, i, "state"), "current"))
            return oc_rows_int (versions, i, "id");
    }
    return oc_rows_count (versions) > 0 ? oc_rows_int (versions, 0, "id") : 0;
}

static gint64
newest_version (OcRows *versions)
{
    gint64 newest = 0;

    for (guint i = 0; i < oc_rows_count (versions); i++)
        newest = MAX (newest, oc_rows_int (versions, i, "id"));
    return newest;
}

static void
on_versions_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    g_autoptr(GError) error = NULL;
    OcPricesScreen *self = oc_busy_get_screen (busy);
    g_autoptr(OcRows) rows = oc_setting_list_finish (OC_DESK (source), result, &error);
    OcBusy *next;

    if (self == NULL)
        return;
    if (rows == NULL) {
        oc_present_error (GTK_WIDGET (self), error);
        return;
    }
    oc_price_tree_set_versions (self->tree, self->price, rows);
    if (self->added)
        self->version = newest_version (rows);
    else if (oc_record_find (rows, self->version) < 0)
        self->version = standing_version (rows);
    self->added = FALSE;
    next = oc_screen_busy (OC_SCREEN (self), NULL);
    oc_setting_list_async (OC_DESK (source), "price-tiers", self->version, oc_busy_get_cancellable (next), on_tiers_cb, next);
}

/* Versions, then tiers, then it is shown; @version 0: the one the price stands for. */
static void
ask_for (OcPricesScreen *self, gint64 price, gint64 version)
{
    OcBusy *busy = oc_screen_busy (OC_SCREEN (self), NULL);

    self->price = price;
    self->version = version;
    oc_setting_list_async (oc_screen_get_desk (OC_SCREEN (self)), "price-versions", price, oc_busy_get_cancellable (busy),
        on_versions_cb, busy);
}

static void
oc_prices_screen_rows_came (OcRecordScreen *screen, OcRows *rows, gint64 wanted)
{
    OcPricesScreen *self = OC_PRICES_SCREEN (screen);
    gint64 price = wanted != 0 ? wanted : self->price;

    oc_price_tree_set_prices (self->tree, rows);
    if (oc_record_screen_is_dirty (screen) || oc_record_screen_is_new (screen))
        return;
    if (oc_record_find (rows, price) < 0)
        price = oc_rows_count (rows) > 0 ? oc_rows_int (rows, 0, "id") : 0;
    if (price != 0)
        ask_for (self, price, price == self->price ? self->version : 0);
    else
        oc_record_screen_show (screen, NULL);
}

static void
oc_prices_screen_discarded (OcRecordScreen *screen)
{
    OcPricesScreen *self = OC_PRICES_SCREEN (screen);

    self->added = FALSE;
    if (self->price != 0)
        ask_for (self, self->price, self->version);
    oc_record_screen_show (screen, NULL);
}

static void
oc_prices_screen_list_came (OcRecordScreen *screen, const char *list, OcRows *rows)
{
    OcPricesScreen *self = OC_PRICES_SCREEN (screen);

    g_set_object (&self->items, rows);
    offer_items (self);
}

/* Choosing ------------------------------------------------------------------------------------------------------------ */

typedef struct {
    gint64 price, version;
} Choice;

static void
choose (OcRecordScreen *screen, gint64 unused)
{
    Choice *choice = g_object_get_data (G_OBJECT (screen), "choice");

    ask_for (OC_PRICES_SCREEN (screen), choice->price, choice->version);
}

static void
on_chosen_cb (OcPricesScreen *self, gint64 price, gint64 version)
{
    Choice *choice = g_new (Choice, 1);

    if (oc_record_screen_is_dirty (OC_RECORD_SCREEN (self)))
        oc_price_tree_mark (self->tree, self->price, self->version); /* until the question is answered */
    *choice = (Choice){ price, version };
    g_object_set_data_full (G_OBJECT (self), "choice", choice, g_free);
    oc_record_acts_leave (OC_RECORD_SCREEN (self), choose, 0);
}

static void
on_activated_cb (OcPricesScreen *self)
{
    oc_form_start (oc_record_screen_get_form (OC_RECORD_SCREEN (self)));
}

/* Versions ------------------------------------------------------------------------------------------------------------ */

/* Tomorrow, 00:00: a new price begins with a day. */
static char *
tomorrow (void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local ();
    g_autoptr(GDateTime) next = g_date_time_add_days (now, 1);

    return g_date_time_format (next, "%Y-%m-%d 00:00");
}

static void
add_version_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcPricesScreen *self = OC_PRICES_SCREEN (widget);
    g_autofree char *start = tomorrow ();

    self->adding_version = TRUE;
    set_version_editable (self, TRUE);
    oc_form_field_put (self->starts_at, start);
    oc_tier_grid_touch (self->tiers);
    oc_form_changed (oc_record_screen_get_form (OC_RECORD_SCREEN (self)));
    gtk_widget_child_focus (GTK_WIDGET (self->starts_at), GTK_DIR_TAB_FORWARD);
}

/* Only what has not begun can go. */
static gboolean
is_planned (OcPricesScreen *self)
{
    const OcFields *record = oc_record_screen_get_record (OC_RECORD_SCREEN (self));

    return record != NULL && !self->adding_version && g_strcmp0 (oc_fields_get (record, "state"), "future") == 0;
}

static void
on_drop_answered_cb (OcAnswer answer, gpointer data)
{
    g_autoptr(OcPricesScreen) self = data;
    g_autoptr(OcFields) fields = oc_fields_new (NULL);

    if (answer != OC_ANSWER_YES || !oc_screen_is_shown (OC_SCREEN (self)) || !is_planned (self))
        return;
    oc_fields_set (fields, "drop_version", oc_fields_get (oc_record_screen_get_record (OC_RECORD_SCREEN (self)), "version"));
    oc_record_change_send (OC_RECORD_SCREEN (self), fields);
}

static void
drop_version_action (GtkWidget *widget, const char *name, GVariant *target)
{
    const OcFields *record = oc_record_screen_get_record (OC_RECORD_SCREEN (widget));
    g_autofree char *start = oc_time_format (oc_fields_get (record, "starts_at"));
    /* Translators: %s is the time from when a version of a price is in force. */
    g_autofree char *question = g_strdup_printf (_("Drop the version that begins at %s?"), start);

    oc_ask (widget, &(OcQuestion){ .title = _("Drop version"), .question = question,
        .explanation = _("It has not begun. The version before it stays in force."), .yes = _("Drop version"), .destroys = TRUE },
        on_drop_answered_cb, g_object_ref (widget));
}

/* Which version it is goes with the form, where one is sent at all. */
static void
oc_prices_screen_save (OcRecordScreen *screen)
{
    OcPricesScreen *self = OC_PRICES_SCREEN (screen);
    const OcFields *record = oc_record_screen_get_record (screen);
    g_autoptr(OcFields) more = oc_fields_new (NULL);

    self->added = self->adding_version;
    if (self->adding_version)
        oc_fields_set (more, "version", "0");
    else if (record != NULL && g_strcmp0 (oc_fields_get (record, "state"), "future") == 0)
        oc_fields_set (more, "version", oc_fields_get (record, "version"));
    oc_record_change_save (screen, more, NULL);
}

static void
oc_prices_screen_update_actions (OcScreen *screen)
{
    OcRecordScreen *record_screen = OC_RECORD_SCREEN (screen);

    OC_SCREEN_CLASS (oc_prices_screen_parent_class)->update_actions (screen);
    gtk_widget_action_set_enabled (GTK_WIDGET (screen), "prices.add-version", !oc_screen_is_working (screen)
        && oc_record_screen_get_record (record_screen) != NULL && !OC_PRICES_SCREEN (screen)->adding_version);
    gtk_widget_action_set_enabled (GTK_WIDGET (screen), "prices.drop-version", !oc_screen_is_working (screen)
        && !oc_record_screen_is_dirty (record_screen) && is_planned (OC_PRICES_SCREEN (screen)));
}

static void
to_items_action (GtkWidget *widget, const char *name, GVariant *target)
{
    oc_screen_open (OC_SCREEN (widget), "price-items");
}

/* GObject ------------------------------------------------------------------------------------------------------------- */

static void
oc_prices_screen_dispose (GObject *object)
{
    g_clear_object (&OC_PRICES_SCREEN (object)->items);
    G_OBJECT_CLASS (oc_prices_screen_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-prices.ui");
    gtk_widget_class_bind_template_child (widget_class, OcPricesScreen, tree);
    gtk_widget_class_bind_template_child (widget_class, OcPricesScreen, meter_type);
    gtk_widget_class_bind_template_child (widget_class, OcPricesScreen, starts_at);
    gtk_widget_class_bind_template_child (widget_class, OcPricesScreen, tiered);
    gtk_widget_class_bind_template_child (widget_class, OcPricesScreen, period);
    gtk_widget_class_bind_template_child (widget_class, OcPricesScreen, base_persons);
    gtk_widget_class_bind_template_child (widget_class, OcPricesScreen, per_person);
    gtk_widget_class_bind_template_child (widget_class, OcPricesScreen, tiers);
    gtk_widget_class_bind_template_child (widget_class, OcPricesScreen, preview);
    gtk_widget_class_bind_template_child (widget_class, OcPricesScreen, begun);
    gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_activated_cb);
}

static void
oc_prices_screen_class_init (OcPricesScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcRecordScreenClass *record_class = OC_RECORD_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_prices_screen_dispose;
    OC_SCREEN_CLASS (klass)->update_actions = oc_prices_screen_update_actions;
    record_class->kind = "prices";
    record_class->title = N_("Prices");
    record_class->purpose = N_("What a unit costs, item by item: flat or in tiers, from a start time on.");
    record_class->new_title = N_("New price");
    record_class->icon = "oc-price-symbolic";
    record_class->lists = lists;
    record_class->list_came = oc_prices_screen_list_came;
    record_class->rows_came = oc_prices_screen_rows_came;
    record_class->discarded = oc_prices_screen_discarded;
    record_class->shown = oc_prices_screen_shown;
    record_class->edited = oc_prices_screen_edited;
    record_class->save = oc_prices_screen_save;
    g_type_ensure (OC_TYPE_PRICE_TREE);
    g_type_ensure (OC_TYPE_TIER_GRID);
    g_type_ensure (OC_TYPE_TARIFF_PREVIEW);
    bind_template (widget_class);
    gtk_widget_class_install_action (widget_class, "prices.add-version", NULL, add_version_action);
    gtk_widget_class_install_action (widget_class, "prices.drop-version", NULL, drop_version_action);
    gtk_widget_class_install_action (widget_class, "prices.to-items", NULL, to_items_action);
}

static void
oc_prices_screen_init (OcPricesScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

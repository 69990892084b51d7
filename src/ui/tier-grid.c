/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grid of tiers. What is typed is kept as text, so that a wrong number stays to be corrected; the total is exact. */
#include "ui/tier-grid.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/decimal.h"
#include "core/error.h"
#include "core/money.h"
#include "ui/form-hint.h"

#define FIELD "tiers"
#define MAX_TIERS 7
#define PRICE_DECIMALS 4

/* One row; texts as typed. prices runs along items. */
typedef struct {
    char *limit;
    GPtrArray *prices;
} Tier;

struct _OcTierGrid {
    GtkWidget parent_instance;

    GtkWidget *box;
    GtkWidget *scrolled;
    GtkGrid *grid;
    GtkWidget *add;
    OcFormHint *hint;

    GPtrArray *items;   /* names, the columns */
    GPtrArray *offered; /* names that may be used */
    GPtrArray *tiers;   /* Tier */
    GPtrArray *was;     /* the cells that were filled in, in the order of all_cells () */
    gboolean tiered;
    gboolean editable;
    gboolean touched;
    gboolean filling;
};

static void oc_tier_grid_part_init (OcFormPartInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (OcTierGrid, oc_tier_grid, GTK_TYPE_WIDGET,
    G_IMPLEMENT_INTERFACE (OC_TYPE_FORM_PART, oc_tier_grid_part_init))

/* Tiers ------------------------------------------------------------------------------------------------------------ */

static void
tier_free (gpointer data)
{
    Tier *self = data;

    g_free (self->limit);
    g_ptr_array_unref (self->prices);
    g_free (self);
}

static Tier *
tier_new (OcTierGrid *self)
{
    Tier *tier = g_new0 (Tier, 1);

    tier->limit = g_strdup ("");
    tier->prices = g_ptr_array_new_with_free_func (g_free);
    for (guint i = 0; i < self->items->len; i++)
        g_ptr_array_add (tier->prices, g_strdup (""));
    return tier;
}

static guint
n_shown (OcTierGrid *self)
{
    return self->tiered ? self->tiers->len : MIN (self->tiers->len, 1);
}

/* The column of an item, made when there is none. */
static guint
column_of (OcTierGrid *self, const char *item)
{
    for (guint i = 0; i < self->items->len; i++) {
        if (g_str_equal (self->items->pdata[i], item))
            return i;
    }
    g_ptr_array_add (self->items, g_strdup (item));
    for (guint i = 0; i < self->tiers->len; i++)
        g_ptr_array_add (((Tier *) self->tiers->pdata[i])->prices, g_strdup (""));
    return self->items->len - 1;
}

static void
set_text (char **place, const char *text)
{
    g_free (*place);
    *place = g_strstrip (g_strdup (text));
}

/* "0.4885" of "0.48850000"; what is no number stays. */
static char *
plain (const char *text)
{
    gint64 units;

    return oc_decimal_parse_typed (text, PRICE_DECIMALS, &units) == OC_DECIMAL_OK ? oc_decimal_to_text (units, 0, "", ".")
                                                                                   : g_strdup (text);
}

/* Every cell that would be sent, in one order: what changed is counted by it. */
static GPtrArray *
all_cells (OcTierGrid *self)
{
    GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

    for (guint t = 0; t < n_shown (self); t++) {
        Tier *tier = self->tiers->pdata[t];
        g_ptr_array_add (cells, g_strdup (t + 1 < n_shown (self) ? tier->limit : ""));
        for (guint i = 0; i < self->items->len; i++)
            g_ptr_array_add (cells, plain (tier->prices->pdata[i]));
    }
    return cells;
}

/* Totals ----------------------------------------------------------------------------------------------------------- */

/* An empty cell is an item that the price does not have. */
static char *
total_of (const Tier *tier)
{
    OcMoney total = { 0 };

    for (guint i = 0; i < tier->prices->len; i++) {
        const char *text = tier->prices->pdata[i];
        OcMoney part;
        if (*text == '\0')
            continue;
        if (oc_decimal_parse_typed (text, PRICE_DECIMALS, &part.units) != OC_DECIMAL_OK || !oc_money_add (total, part, &total))
            return g_strdup ("–");
    }
    return oc_decimal_to_text (total.units, 2, "", ".");
}

static void
show_total (OcTierGrid *self, guint tier)
{
    GtkWidget *label = gtk_grid_get_child_at (self->grid, (int) self->items->len + 2, (int) tier + 1);
    g_autofree char *total = total_of (self->tiers->pdata[tier]);

    if (GTK_IS_LABEL (label))
        gtk_label_set_label (GTK_LABEL (label), total);
}

/* Cells ------------------------------------------------------------------------------------------------------------ */

static void rebuild (OcTierGrid *self);

static void
on_cell_changed_cb (OcTierGrid *self, GtkEditable *cell)
{
    guint t = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (cell), "tier"));
    int item = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (cell), "item"));
    Tier *tier = self->tiers->pdata[t];

    if (self->filling)
        return;
    if (item < 0)
        set_text (&tier->limit, gtk_editable_get_text (cell));
    else
        set_text ((char **) &tier->prices->pdata[item], gtk_editable_get_text (cell));
    gtk_widget_remove_css_class (GTK_WIDGET (cell), "error");
    oc_form_hint_set_error (self->hint, NULL);
    show_total (self, t);
    oc_form_part_changed (OC_FORM_PART (self));
}

/* @item -1: the limit. */
static GtkWidget *
make_cell (OcTierGrid *self, guint tier, int item, const char *text, const char *name)
{
    GtkWidget *cell = gtk_entry_new ();

    gtk_editable_set_text (GTK_EDITABLE (cell), text);
    gtk_editable_set_width_chars (GTK_EDITABLE (cell), 7);
    gtk_entry_set_alignment (GTK_ENTRY (cell), 1);
    gtk_entry_set_max_length (GTK_ENTRY (cell), 16);
    gtk_entry_set_input_purpose (GTK_ENTRY (cell), GTK_INPUT_PURPOSE_NUMBER);
    gtk_widget_add_css_class (cell, "numeric");
    gtk_widget_set_sensitive (cell, self->editable);
    gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_object_set_data (G_OBJECT (cell), "tier", GUINT_TO_POINTER (tier));
    g_object_set_data (G_OBJECT (cell), "item", GINT_TO_POINTER (item));
    g_signal_connect_object (cell, "changed", G_CALLBACK (on_cell_changed_cb), self, G_CONNECT_SWAPPED);
    return cell;
}

static void
add_head (OcTierGrid *self, const char *text, int column, float xalign)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_xalign (GTK_LABEL (label), xalign);
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
    gtk_label_set_width_chars (GTK_LABEL (label), 6);
    gtk_widget_set_tooltip_text (label, text);
    gtk_widget_add_css_class (label, "field-label");
    gtk_grid_attach (self->grid, label, column, 0, 1, 1);
}

static void
on_remove_cb (OcTierGrid *self, GtkButton *button)
{
    guint tier = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "tier"));

    g_ptr_array_remove_index (self->tiers, tier);
    rebuild (self);
    oc_form_part_changed (OC_FORM_PART (self));
}

static GtkWidget *
make_remove (OcTierGrid *self, guint tier)
{
    GtkWidget *button = gtk_button_new_from_icon_name ("oc-cancel-symbolic");
    /* Translators: %u is the number of a tier. */
    g_autofree char *name = g_strdup_printf (_("Remove tier %u"), tier + 1);

    gtk_widget_add_css_class (button, "flat");
    gtk_widget_set_tooltip_text (button, name);
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_object_set_data (G_OBJECT (button), "tier", GUINT_TO_POINTER (tier));
    g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove_cb), self, G_CONNECT_SWAPPED);
    return button;
}

/* The last tier has no end. */
static GtkWidget *
make_limit (OcTierGrid *self, guint tier)
{
    Tier *row = self->tiers->pdata[tier];
    /* Translators: %u is the number of a tier. */
    g_autofree char *name = g_strdup_printf (_("Upper limit of tier %u"), tier + 1);
    GtkWidget *label;

    if (tier + 1 < n_shown (self))
        return make_cell (self, tier, -1, row->limit, name);
    label = gtk_label_new (tier == 0 ? "" : _("above"));
    gtk_widget_add_css_class (label, "dim-label");
    return label;
}

static void
add_row (OcTierGrid *self, guint tier)
{
    Tier *row = self->tiers->pdata[tier];
    int y = (int) tier + 1;
    GtkWidget *total = gtk_label_new (NULL);
    g_autofree char *number = g_strdup_printf ("%u", tier + 1);
    GtkWidget *label;

    if (self->tiered) {
        label = gtk_label_new (number);
        gtk_widget_add_css_class (label, "dim-label");
        gtk_grid_attach (self->grid, label, 0, y, 1, 1);
        gtk_grid_attach (self->grid, make_limit (self, tier), 1, y, 1, 1);
    }
    for (guint i = 0; i < self->items->len; i++) {
        const char *item = self->items->pdata[i];
        /* Translators: %s is a price item, %u the number of a tier. */
        g_autofree char *name = self->tiered ? g_strdup_printf (_("%s, tier %u"), item, tier + 1) : g_strdup (item);
        gtk_grid_attach (self->grid, make_cell (self, tier, (int) i, row->prices->pdata[i], name), (int) i + 2, y, 1, 1);
    }
    gtk_label_set_xalign (GTK_LABEL (total), 1);
    gtk_label_set_width_chars (GTK_LABEL (total), 7);
    gtk_widget_add_css_class (total, "tier-total");
    gtk_grid_attach (self->grid, total, (int) self->items->len + 2, y, 1, 1);
    if (self->tiered && self->editable && n_shown (self) > 1)
        gtk_grid_attach (self->grid, make_remove (self, tier), (int) self->items->len + 3, y, 1, 1);
    show_total (self, tier);
}

static void
rebuild (OcTierGrid *self)
{
    GtkWidget *child;

    self->filling = TRUE;
    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
        gtk_grid_remove (self->grid, child);
    if (self->tiered) {
        add_head (self, _("Tier"), 0, 0);
        add_head (self, _("Up to"), 1, 1);
    }
    for (guint i = 0; i < self->items->len; i++)
        add_head (self, self->items->pdata[i], (int) i + 2, 1);
    add_head (self, _("Total price"), (int) self->items->len + 2, 1);
    for (guint t = 0; t < n_shown (self); t++)
        add_row (self, t);
    gtk_widget_set_visible (self->add, self->tiered && self->editable && self->tiers->len < MAX_TIERS);
    oc_form_hint_set_hint (self->hint, self->items->len == 0 ? _("There is no price item for this meter type yet: set one up first.")
            : self->tiered ? _("Yuan a unit. Limits ascend; the last tier has no end. An empty cell: the tier has not that item.")
                           : _("Yuan a unit. An empty cell: the price has not that item."));
    self->filling = FALSE;
}

/* A further tier costs what the last one does, until something else is typed. */
static void
add_tier_action (GtkWidget *widget, const char *action, GVariant *target)
{
    OcTierGrid *self = OC_TIER_GRID (widget);
    Tier *tier = tier_new (self);
    Tier *last = self->tiers->len > 0 ? self->tiers->pdata[self->tiers->len - 1] : NULL;

    for (guint i = 0; last != NULL && i < self->items->len; i++)
        set_text ((char **) &tier->prices->pdata[i], last->prices->pdata[i]);
    g_ptr_array_add (self->tiers, tier);
    rebuild (self);
    if (last != NULL)
        gtk_widget_grab_focus (gtk_grid_get_child_at (self->grid, 1, (int) self->tiers->len - 1));
    oc_form_part_changed (OC_FORM_PART (self));
}

/* OcFormPart ------------------------------------------------------------------------------------------------------- */

static void
take (OcTierGrid *self, const OcFields *values)
{
    GPtrArray *rows = values != NULL ? oc_fields_get_rows (values, FIELD) : NULL;

    g_ptr_array_set_size (self->tiers, 0);
    g_ptr_array_set_size (self->items, 0);
    for (guint i = 0; i < self->offered->len; i++)
        column_of (self, self->offered->pdata[i]);
    for (guint t = 0; rows != NULL && t < rows->len; t++) {
        GPtrArray *items = oc_fields_get_rows (rows->pdata[t], "items");
        Tier *tier = tier_new (self);
        g_autofree char *limit = plain (oc_fields_get (rows->pdata[t], "upper_limit"));
        g_ptr_array_add (self->tiers, tier);
        set_text (&tier->limit, limit);
        for (guint i = 0; items != NULL && i < items->len; i++) {
            g_autofree char *price = plain (oc_fields_get (items->pdata[i], "unit_price"));
            guint column = column_of (self, oc_fields_get (items->pdata[i], "item"));
            set_text ((char **) &tier->prices->pdata[column], price);
        }
    }
    if (self->tiers->len == 0)
        g_ptr_array_add (self->tiers, tier_new (self));
}

static void
remember (OcTierGrid *self)
{
    g_clear_pointer (&self->was, g_ptr_array_unref);
    self->was = all_cells (self);
    self->touched = FALSE;
}

static void
oc_tier_grid_fill (OcFormPart *part, const OcFields *values)
{
    OcTierGrid *self = OC_TIER_GRID (part);

    take (self, values);
    self->tiered = self->tiers->len > 1;
    rebuild (self);
    remember (self);
}

static void
oc_tier_grid_put (OcFormPart *part, const OcFields *values)
{
    if (oc_fields_get_rows (values, FIELD) == NULL)
        return;
    take (OC_TIER_GRID (part), values);
    rebuild (OC_TIER_GRID (part));
}

static void
oc_tier_grid_read (OcFormPart *part, OcFields *values)
{
    OcTierGrid *self = OC_TIER_GRID (part);

    for (guint t = 0; self->editable && t < n_shown (self); t++) {
        Tier *tier = self->tiers->pdata[t];
        g_autoptr(OcFields) row = oc_fields_new (NULL);
        oc_fields_set (row, "upper_limit", t + 1 < n_shown (self) ? tier->limit : "");
        for (guint i = 0; i < self->items->len; i++) {
            g_autoptr(OcFields) item = oc_fields_new (NULL);
            g_autofree char *price = plain (tier->prices->pdata[i]);
            if (*price == '\0')
                continue;
            oc_fields_set (item, "item", self->items->pdata[i]);
            oc_fields_set (item, "unit_price", price);
            oc_fields_add_row (row, "items", item);
        }
        oc_fields_add_row (values, FIELD, row);
    }
}

static guint
oc_tier_grid_count_changes (OcFormPart *part)
{
    OcTierGrid *self = OC_TIER_GRID (part);
    g_autoptr(GPtrArray) cells = all_cells (self);
    guint n = self->touched;

    if (self->was == NULL || !self->editable)
        return n;
    for (guint i = 0; i < MAX (cells->len, self->was->len); i++)
        n += i >= cells->len || i >= self->was->len || !g_str_equal (cells->pdata[i], self->was->pdata[i]);
    return n;
}

static void
tell (OcTierGrid *self, int column, guint tier, const char *text)
{
    GtkWidget *cell = gtk_grid_get_child_at (self->grid, column, (int) tier + 1);

    oc_form_hint_set_error (self->hint, text);
    if (GTK_IS_ENTRY (cell)) {
        gtk_widget_add_css_class (cell, "error");
        gtk_widget_grab_focus (cell);
    }
}

/* The first cell that is no number. */
static gboolean
check_cell (OcTierGrid *self, const char *text, int column, guint tier, const char *most, gboolean telling)
{
    gint64 units;
    g_autoptr(GError) error = NULL;

    if (*text == '\0' || (oc_decimal_parse_typed (text, PRICE_DECIMALS, &units) == OC_DECIMAL_OK && units >= 0))
        return TRUE;
    error = oc_error_new_code ("OC102", (const OcErrorParam[]){ { "min", "0" }, { "max", most }, { "decimals", "4" }, { NULL, NULL } });
    if (telling)
        tell (self, column, tier, error->message);
    return FALSE;
}

static gboolean
oc_tier_grid_check (OcFormPart *part, gboolean telling)
{
    OcTierGrid *self = OC_TIER_GRID (part);

    for (guint t = 0; self->editable && t < n_shown (self); t++) {
        Tier *tier = self->tiers->pdata[t];
        if (t + 1 < n_shown (self) && !check_cell (self, tier->limit, 1, t, "999999999", telling))
            return FALSE;
        for (guint i = 0; i < self->items->len; i++) {
            if (!check_cell (self, tier->prices->pdata[i], (int) i + 2, t, "9999.9999", telling))
                return FALSE;
        }
    }
    return TRUE;
}

/* "tiers", "tiers.2", "tiers.2.upper_limit", "tiers.2.NAME OF THE ITEM". */
static gboolean
oc_tier_grid_show_error (OcFormPart *part, const char *field, const char *text)
{
    OcTierGrid *self = OC_TIER_GRID (part);
    g_auto(GStrv) path = g_strsplit (field != NULL ? field : "", ".", 3);
    guint length = g_strv_length (path);
    guint64 tier = 1;
    int column = 2;

    if (field == NULL)
        oc_form_hint_set_error (self->hint, NULL);
    if (length == 0 || !g_str_equal (path[0], FIELD))
        return FALSE;
    if (length > 1)
        g_ascii_string_to_unsigned (path[1], 10, 1, MAX_TIERS, &tier, NULL);
    if (length > 2 && g_str_equal (path[2], "upper_limit"))
        column = 1;
    else if (length > 2)
        column = (int) column_of (self, path[2]) + 2;
    tell (self, column, (guint) tier - 1, text);
    return TRUE;
}

/* A line a tier: "1: 水价 2.07, 污水处理费 1.36". */
static void
oc_tier_grid_describe (OcFormPart *part, const OcFields *values, OcFields *lines)
{
    GPtrArray *rows = oc_fields_get_rows (values, FIELD);

    for (guint t = 0; rows != NULL && t < rows->len; t++) {
        GPtrArray *items = oc_fields_get_rows (rows->pdata[t], "items");
        const char *limit = oc_fields_get (rows->pdata[t], "upper_limit");
        g_autofree char *shown_limit = plain (limit);
        /* Translators: %u is the number of a tier. */
        g_autofree char *name = g_strdup_printf (_("Tier %u"), t + 1);
        g_autoptr(GString) text = g_string_new (NULL);

        for (guint i = 0; items != NULL && i < items->len; i++) {
            g_autofree char *price = plain (oc_fields_get (items->pdata[i], "unit_price"));
            g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", oc_fields_get (items->pdata[i], "item"), price);
        }
        if (*shown_limit != '\0')
            g_string_append_printf (text, " (≤ %s)", shown_limit);
        oc_fields_set (lines, name, text->str);
    }
}

static void
oc_tier_grid_part_init (OcFormPartInterface *iface)
{
    iface->fill = oc_tier_grid_fill;
    iface->put = oc_tier_grid_put;
    iface->read = oc_tier_grid_read;
    iface->count_changes = oc_tier_grid_count_changes;
    iface->check = oc_tier_grid_check;
    iface->show_error = oc_tier_grid_show_error;
    iface->describe = oc_tier_grid_describe;
}

/* GObject ---------------------------------------------------------------------------------------------------------- */

static void
oc_tier_grid_dispose (GObject *object)
{
    g_clear_pointer (&OC_TIER_GRID (object)->box, gtk_widget_unparent);
    G_OBJECT_CLASS (oc_tier_grid_parent_class)->dispose (object);
}

static void
oc_tier_grid_finalize (GObject *object)
{
    OcTierGrid *self = OC_TIER_GRID (object);

    g_ptr_array_unref (self->items);
    g_ptr_array_unref (self->offered);
    g_ptr_array_unref (self->tiers);
    g_clear_pointer (&self->was, g_ptr_array_unref);
    G_OBJECT_CLASS (oc_tier_grid_parent_class)->finalize (object);
}

static void
oc_tier_grid_class_init (OcTierGridClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_tier_grid_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_tier_grid_finalize;
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "tiergrid");
    gtk_widget_class_install_action (widget_class, "tiers.add", NULL, add_tier_action);
}

static void
oc_tier_grid_init (OcTierGrid *self)
{
    self->items = g_ptr_array_new_with_free_func (g_free);
    self->offered = g_ptr_array_new_with_free_func (g_free);
    self->tiers = g_ptr_array_new_with_free_func (tier_free);
    self->editable = TRUE;
    self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
    self->grid = GTK_GRID (gtk_grid_new ());
    self->scrolled = gtk_scrolled_window_new ();
    self->hint = g_object_new (OC_TYPE_FORM_HINT, NULL);
    self->add = gtk_button_new_with_label (_("Add a tier"));
    gtk_grid_set_row_spacing (self->grid, 6);
    gtk_grid_set_column_spacing (self->grid, 9);
    gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), GTK_WIDGET (self->grid));
    gtk_actionable_set_action_name (GTK_ACTIONABLE (self->add), "tiers.add");
    gtk_widget_set_halign (self->add, GTK_ALIGN_START);
    gtk_box_append (GTK_BOX (self->box), self->scrolled);
    gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->hint));
    gtk_box_append (GTK_BOX (self->box), self->add);
    gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

/* Public ----------------------------------------------------------------------------------------------------------- */

void
oc_tier_grid_set_items (OcTierGrid *self, const char *const *items)
{
    g_return_if_fail (OC_IS_TIER_GRID (self));
    g_ptr_array_set_size (self->offered, 0);
    for (guint i = 0; items[i] != NULL; i++)
        g_ptr_array_add (self->offered, g_strdup (items[i]));
}

static gboolean
is_offered (OcTierGrid *self, const char *item)
{
    for (guint i = 0; i < self->offered->len; i++) {
        if (g_str_equal (self->offered->pdata[i], item))
            return TRUE;
    }
    return FALSE;
}

/* Items of another meter type go. */
void
oc_tier_grid_offer (OcTierGrid *self)
{
    gboolean changed = FALSE;

    g_return_if_fail (OC_IS_TIER_GRID (self));
    for (guint i = self->items->len; i > 0; i--) {
        if (is_offered (self, self->items->pdata[i - 1]))
            continue;
        g_ptr_array_remove_index (self->items, i - 1);
        for (guint t = 0; t < self->tiers->len; t++)
            g_ptr_array_remove_index (((Tier *) self->tiers->pdata[t])->prices, i - 1);
        changed = TRUE;
    }
    for (guint i = 0; i < self->offered->len; i++) {
        guint n = self->items->len;
        changed = column_of (self, self->offered->pdata[i]) == n || changed;
    }
    if (changed)
        rebuild (self);
}

void
oc_tier_grid_set_tiered (OcTierGrid *self, gboolean tiered)
{
    g_return_if_fail (OC_IS_TIER_GRID (self));
    if (self->tiered == tiered)
        return;
    self->tiered = tiered;
    rebuild (self);
}

void
oc_tier_grid_set_editable (OcTierGrid *self, gboolean editable)
{
    g_return_if_fail (OC_IS_TIER_GRID (self));
    if (self->editable == editable)
        return;
    self->editable = editable;
    rebuild (self);
}

void
oc_tier_grid_touch (OcTierGrid *self)
{
    g_return_if_fail (OC_IS_TIER_GRID (self));
    self->touched = TRUE;
}

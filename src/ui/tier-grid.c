/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grid of tiers: a cell for every text of its table. */
#include "ui/tier-grid.h"

#include <glib/gi18n-lib.h>

#include "core/decimal.h"
#include "core/error.h"
#include "ui/form-hint.h"
#include "ui/tier-table.h"

struct _OcTierGrid {
    GtkWidget parent_instance;

    GtkWidget *box;
    GtkWidget *scrolled;
    GtkGrid *grid;
    GtkWidget *add;
    OcFormHint *hint;

    OcTierTable *table;
    GPtrArray *offered; /* names of items that may be used */
    GPtrArray *was;     /* the cells that were filled in */
    gboolean tiered;
    gboolean editable;
    gboolean touched;
    gboolean filling;
};

static void oc_tier_grid_part_init (OcFormPartInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (OcTierGrid, oc_tier_grid, GTK_TYPE_WIDGET,
    G_IMPLEMENT_INTERFACE (OC_TYPE_FORM_PART, oc_tier_grid_part_init))

static guint
n_shown (OcTierGrid *self)
{
    guint n = oc_tier_table_count (self->table);

    return self->tiered ? n : MIN (n, 1);
}

static void
show_total (OcTierGrid *self, guint tier)
{
    GtkWidget *label = gtk_grid_get_child_at (self->grid, (int) self->table->items->len + 2, (int) tier + 1);
    g_autofree char *total = oc_tier_table_total (self->table, tier);

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

    if (self->filling)
        return;
    oc_tier_table_set (self->table, t, item, gtk_editable_get_text (cell));
    gtk_widget_remove_css_class (GTK_WIDGET (cell), "error");
    oc_form_hint_set_error (self->hint, NULL);
    show_total (self, t);
    oc_form_part_changed (OC_FORM_PART (self));
}

static GtkWidget *
make_cell (OcTierGrid *self, guint tier, int item, const char *name)
{
    GtkWidget *cell = gtk_entry_new ();

    gtk_editable_set_text (GTK_EDITABLE (cell), oc_tier_table_get (self->table, tier, item));
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

    oc_tier_table_remove (self->table, tier);
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
    /* Translators: %u is the number of a tier. */
    g_autofree char *name = g_strdup_printf (_("Upper limit of tier %u"), tier + 1);
    GtkWidget *label;

    if (tier + 1 < n_shown (self))
        return make_cell (self, tier, OC_TIER_LIMIT, name);
    label = gtk_label_new (tier == 0 ? "" : _("above"));
    gtk_widget_add_css_class (label, "dim-label");
    return label;
}

static void
add_row (OcTierGrid *self, guint tier)
{
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
    for (guint i = 0; i < self->table->items->len; i++) {
        const char *item = self->table->items->pdata[i];
        /* Translators: %s is a price item, %u the number of a tier. */
        g_autofree char *name = self->tiered ? g_strdup_printf (_("%s, tier %u"), item, tier + 1) : g_strdup (item);
        gtk_grid_attach (self->grid, make_cell (self, tier, (int) i, name), (int) i + 2, y, 1, 1);
    }
    gtk_label_set_xalign (GTK_LABEL (total), 1);
    gtk_label_set_width_chars (GTK_LABEL (total), 7);
    gtk_widget_add_css_class (total, "tier-total");
    gtk_grid_attach (self->grid, total, (int) self->table->items->len + 2, y, 1, 1);
    if (self->tiered && self->editable && n_shown (self) > 1)
        gtk_grid_attach (self->grid, make_remove (self, tier), (int) self->table->items->len + 3, y, 1, 1);
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
    for (guint i = 0; i < self->table->items->len; i++)
        add_head (self, self->table->items->pdata[i], (int) i + 2, 1);
    add_head (self, _("Total price"), (int) self->table->items->len + 2, 1);
    for (guint t = 0; t < n_shown (self); t++)
        add_row (self, t);
    gtk_widget_set_visible (self->add, self->tiered && self->editable && oc_tier_table_count (self->table) < OC_TIERS_MAX);
    oc_form_hint_set_hint (self->hint, self->table->items->len == 0 ? _("There is no price item for this meter type yet: set one up first.")
            : self->tiered ? _("Yuan a unit. Limits ascend; the last tier has no end. An empty cell: the tier has not that item.")
                           : _("Yuan a unit. An empty cell: the price has not that item."));
    self->filling = FALSE;
}

static void
add_tier_action (GtkWidget *widget, const char *action, GVariant *target)
{
    OcTierGrid *self = OC_TIER_GRID (widget);
    guint n = oc_tier_table_count (self->table);

    oc_tier_table_add (self->table);
    rebuild (self);
    if (n > 0)
        gtk_widget_grab_focus (gtk_grid_get_child_at (self->grid, 1, (int) n));
    oc_form_part_changed (OC_FORM_PART (self));
}

/* OcFormPart ------------------------------------------------------------------------------------------------------- */

static void
remember (OcTierGrid *self)
{
    g_clear_pointer (&self->was, g_ptr_array_unref);
    self->was = oc_tier_table_cells (self->table, n_shown (self));
    self->touched = FALSE;
}

static void
oc_tier_grid_fill (OcFormPart *part, const OcFields *values)
{
    OcTierGrid *self = OC_TIER_GRID (part);

    oc_tier_table_take (self->table, values, self->offered);
    self->tiered = oc_tier_table_count (self->table) > 1;
    rebuild (self);
    remember (self);
}

static void
oc_tier_grid_put (OcFormPart *part, const OcFields *values)
{
    OcTierGrid *self = OC_TIER_GRID (part);

    if (oc_fields_get_rows (values, OC_TIERS) == NULL)
        return;
    oc_tier_table_take (self->table, values, self->offered);
    rebuild (self);
}

static void
oc_tier_grid_read (OcFormPart *part, OcFields *values)
{
    OcTierGrid *self = OC_TIER_GRID (part);

    if (self->editable)
        oc_tier_table_read (self->table, n_shown (self), values);
}

static guint
oc_tier_grid_count_changes (OcFormPart *part)
{
    OcTierGrid *self = OC_TIER_GRID (part);
    g_autoptr(GPtrArray) cells = oc_tier_table_cells (self->table, n_shown (self));
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

static gboolean
check_cell (OcTierGrid *self, guint tier, int item, gboolean telling)
{
    const char *text = oc_tier_table_get (self->table, tier, item);
    const char *most = item == OC_TIER_LIMIT ? "999999999" : "9999.9999";
    gint64 units;
    g_autoptr(GError) error = NULL;

    if (*text == '\0' || (oc_decimal_parse_typed (text, OC_TIER_DECIMALS, &units) == OC_DECIMAL_OK && units >= 0))
        return TRUE;
    error = oc_error_new_code ("OC102", (const OcErrorParam[]){ { "min", "0" }, { "max", most }, { "decimals", "4" }, { NULL, NULL } });
    if (telling)
        tell (self, item + 2, tier, error->message);
    return FALSE;
}

/* The first cell that is no number is told of; the last tier has no limit. */
static gboolean
oc_tier_grid_check (OcFormPart *part, gboolean telling)
{
    OcTierGrid *self = OC_TIER_GRID (part);
    guint n = self->editable ? n_shown (self) : 0;

    for (guint t = 0; t < n; t++) {
        for (int item = t + 1 < n ? OC_TIER_LIMIT : 0; item < (int) self->table->items->len; item++) {
            if (!check_cell (self, t, item, telling))
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
    if (length == 0 || !g_str_equal (path[0], OC_TIERS))
        return FALSE;
    if (length > 1)
        g_ascii_string_to_unsigned (path[1], 10, 1, OC_TIERS_MAX, &tier, NULL);
    if (length > 2 && g_str_equal (path[2], "upper_limit"))
        column = 1;
    else if (length > 2)
        column = (int) oc_tier_table_column (self->table, path[2]) + 2;
    tell (self, column, (guint) tier - 1, text);
    return TRUE;
}

static void
oc_tier_grid_describe (OcFormPart *part, const OcFields *values, OcFields *lines)
{
    oc_tier_table_describe (values, lines);
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

    oc_tier_table_free (self->table);
    g_ptr_array_unref (self->offered);
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
    self->table = oc_tier_table_new ();
    self->offered = g_ptr_array_new_with_free_func (g_free);
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

void
oc_tier_grid_offer (OcTierGrid *self)
{
    g_return_if_fail (OC_IS_TIER_GRID (self));
    if (oc_tier_table_offer (self->table, self->offered))
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table. A column view of GTK 4.8 can't tell which column is sorted by: each column has a sorter that, asked to
 * compare two sentinels, notes whose it is; comparing them with the view's sorter then yields column and direction. */
#include "ui/table.h"

#include "ui/label.h"

#include <glib/gi18n-lib.h>

#define CHARACTER_WIDTH 9
#define CELL_PADDING 24

struct _OcTable {
    GtkWidget parent_instance;

    GtkStack *pages;
    GtkColumnView *view;
    GtkSingleSelection *selection;
    GtkImage *empty_icon;
    GtkLabel *empty_title;
    GtkLabel *empty_text;

    const OcColumn *columns;
    guint n_columns;
    OcRows *rows;
    GObject *low, *high;      /* the sentinels */
    const OcColumn *compared; /* the column whose sorter met them */
};

enum { SIGNAL_ROW_ACTIVATED, SIGNAL_SELECTION_CHANGED, SIGNAL_SORTED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OcTable, oc_table, GTK_TYPE_WIDGET)

typedef struct {
    OcTable *table; /* not owned: the column lives in it */
    const OcColumn *column;
} ColumnClosure;

/* Cells --------------------------------------------------------------------------------------------------------- */

static void
on_setup_cb (GtkListItemFactory *factory, GtkListItem *item, ColumnClosure *closure)
{
    GtkWidget *label = gtk_label_new (NULL);

    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
    gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
    if (oc_column_is_numeric (closure->column)) {
        gtk_label_set_xalign (GTK_LABEL (label), 1);
        gtk_widget_add_css_class (label, "numeric");
    } else if (closure->column->kind == OC_COLUMN_STATE) {
        gtk_widget_set_halign (label, GTK_ALIGN_START);
        gtk_widget_add_css_class (label, "chip");
    } else {
        gtk_label_set_xalign (GTK_LABEL (label), 0);
    }
    gtk_list_item_set_child (item, label);
}

static void
on_bind_cb (GtkListItemFactory *factory, GtkListItem *item, ColumnClosure *closure)
{
    GtkWidget *label = gtk_list_item_get_child (item);
    OcRow *row = gtk_list_item_get_item (item);
    g_autofree char *text = oc_column_format (closure->column, oc_row_get_rows (row), oc_row_get_index (row));

    oc_label_show (GTK_LABEL (label), text);
    if (closure->column->kind == OC_COLUMN_STATE) {
        const char *const classes[] = { "chip", oc_row_text (row, closure->column->field), NULL };
        gtk_widget_set_css_classes (label, (const char **) classes);
    } else {
        gtk_widget_set_tooltip_text (label, g_utf8_strlen (text, -1) > closure->column->width ? text : NULL);
    }
}

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer data)
{
    ColumnClosure *closure = data;

    if (a == closure->table->low && b == closure->table->high) {
        closure->table->compared = closure->column;
        return GTK_ORDERING_SMALLER;
    }
    return GTK_ORDERING_EQUAL; /* the rows are sorted by their owner */
}

static void
add_column (OcTable *self, const OcColumn *column)
{
    ColumnClosure *closure = g_new (ColumnClosure, 1);
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
    g_autoptr(GtkColumnViewColumn) view_column = NULL;
    g_autoptr(GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_cb, closure, NULL));

    closure->table = self;
    closure->column = column;
    g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cb), closure);
    g_signal_connect (factory, "bind", G_CALLBACK (on_bind_cb), closure);
    view_column = gtk_column_view_column_new (_(column->title), factory);
    gtk_column_view_column_set_resizable (view_column, TRUE);
    gtk_column_view_column_set_visible (view_column, !column->hidden);
    gtk_column_view_column_set_fixed_width (view_column, column->width * CHARACTER_WIDTH + CELL_PADDING);
    gtk_column_view_column_set_sorter (view_column, sorter);
    g_object_set_data_full (G_OBJECT (view_column), "closure", closure, g_free);
    gtk_column_view_append_column (self->view, view_column);
}

/* Signals ----------------------------------------------------------------------------------------------------------- */

static void
on_activate_cb (OcTable *self, guint position)
{
    g_signal_emit (self, signals[SIGNAL_ROW_ACTIVATED], 0, position);
}

static void
on_selected_cb (OcTable *self)
{
    g_signal_emit (self, signals[SIGNAL_SELECTION_CHANGED], 0);
}

static void
on_sorted_cb (OcTable *self)
{
    g_signal_emit (self, signals[SIGNAL_SORTED], 0);
}

/* GObject ------------------------------------------------------------------------------------------------------------ */

static GtkWidget *
make_empty_page (OcTable *self)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

    self->empty_icon = GTK_IMAGE (gtk_image_new ());
    self->empty_title = GTK_LABEL (gtk_label_new (NULL));
    self->empty_text = GTK_LABEL (gtk_label_new (NULL));
    gtk_image_set_pixel_size (self->empty_icon, 48);
    gtk_label_set_wrap (self->empty_text, TRUE);
    gtk_label_set_justify (self->empty_text, GTK_JUSTIFY_CENTER);
    gtk_label_set_max_width_chars (self->empty_text, 48);
    gtk_widget_add_css_class (GTK_WIDGET (self->empty_title), "empty-title");
    gtk_widget_add_css_class (box, "empty");
    gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
    gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->empty_icon));
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->empty_title));
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->empty_text));
    return box;
}

static GtkWidget *
make_loading_page (void)
{
    GtkWidget *spinner = gtk_spinner_new ();

    gtk_spinner_start (GTK_SPINNER (spinner));
    gtk_widget_set_size_request (spinner, 32, 32);
    gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
    gtk_widget_set_valign (spinner, GTK_ALIGN_CENTER);
    gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
    return spinner;
}

static void
oc_table_dispose (GObject *object)
{
    OcTable *self = OC_TABLE (object);

    if (self->pages != NULL) {
        g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (self->view), self);
        g_signal_handlers_disconnect_by_data (self->selection, self);
        gtk_widget_unparent (GTK_WIDGET (self->pages));
    }
    self->pages = NULL;
    g_clear_object (&self->rows);
    g_clear_object (&self->selection);
    g_clear_object (&self->low);
    g_clear_object (&self->high);
    G_OBJECT_CLASS (oc_table_parent_class)->dispose (object);
}

static void
oc_table_class_init (OcTableClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_table_dispose;
    signals[SIGNAL_ROW_ACTIVATED] = g_signal_new ("row-activated", OC_TYPE_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
        NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
    signals[SIGNAL_SELECTION_CHANGED] = g_signal_new ("selection-changed", OC_TYPE_TABLE, G_SIGNAL_RUN_LAST, 0, NULL,
        NULL, NULL, G_TYPE_NONE, 0);
    signals[SIGNAL_SORTED] = g_signal_new ("sorted", OC_TYPE_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
        G_TYPE_NONE, 0);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "datatable");
}

static void
oc_table_init (OcTable *self)
{
    GtkWidget *scrolled = gtk_scrolled_window_new ();

    self->low = g_object_new (G_TYPE_OBJECT, NULL);
    self->high = g_object_new (G_TYPE_OBJECT, NULL);
    self->selection = gtk_single_selection_new (NULL);
    gtk_single_selection_set_autoselect (self->selection, FALSE);
    gtk_single_selection_set_can_unselect (self->selection, TRUE);
    self->view = GTK_COLUMN_VIEW (gtk_column_view_new (GTK_SELECTION_MODEL (g_object_ref (self->selection))));
    gtk_column_view_set_reorderable (self->view, TRUE);
    gtk_column_view_set_show_row_separators (self->view, TRUE);
    g_signal_connect_object (self->view, "activate", G_CALLBACK (on_activate_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (on_selected_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (on_sorted_cb), self,
        G_CONNECT_SWAPPED);
    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));

    self->pages = GTK_STACK (gtk_stack_new ());
    gtk_stack_add_named (self->pages, make_loading_page (), "loading");
    gtk_stack_add_named (self->pages, make_empty_page (self), "empty");
    gtk_stack_add_named (self->pages, scrolled, "rows");
    gtk_widget_set_parent (GTK_WIDGET (self->pages), GTK_WIDGET (self));
}

/* Public --------------------------------------------------------------------------------------------------------------- */

void
oc_table_set_columns (OcTable *self, const OcColumn *columns, guint n, const char *name)
{
    g_return_if_fail (OC_IS_TABLE (self));
    g_return_if_fail (self->columns == NULL);
    self->columns = columns;
    self->n_columns = n;
    for (guint i = 0; i < n; i++)
        add_column (self, &columns[i]);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
oc_table_set_empty (OcTable *self, const char *icon, const char *title, const char *text)
{
    g_return_if_fail (OC_IS_TABLE (self));
    gtk_image_set_from_icon_name (self->empty_icon, icon);
    gtk_label_set_label (self->empty_title, title);
    gtk_label_set_label (self->empty_text, text);
}

/* Whether the caret is in one of the rows, which go with the model. */
static gboolean
has_focus (OcTable *self)
{
    GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
    GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

    return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view));
}

static guint
find_row (OcRows *rows, const char *key, const char *value)
{
    for (guint i = 0; value != NULL && i < oc_rows_count (rows); i++) {
        if (g_str_equal (oc_rows_text (rows, i, key), value))
            return i;
    }
    return GTK_INVALID_LIST_POSITION;
}

void
oc_table_set_rows (OcTable *self, OcRows *rows, const char *key)
{
    int chosen = oc_table_get_selected (self);
    gboolean focused = has_focus (self);
    g_autofree char *value = NULL;

    g_return_if_fail (OC_IS_TABLE (self));
    if (chosen >= 0 && key != NULL)
        value = g_strdup (oc_rows_text (self->rows, chosen, key));
    g_set_object (&self->rows, rows);
    gtk_single_selection_set_model (self->selection, G_LIST_MODEL (rows));
    if (rows == NULL) {
        gtk_stack_set_visible_child_name (self->pages, "loading");
        return;
    }
    gtk_single_selection_set_selected (self->selection, find_row (rows, key, value));
    gtk_stack_set_visible_child_name (self->pages, oc_rows_count (rows) > 0 ? "rows" : "empty");
    if (focused)
        oc_table_focus (self);
}

OcRows *
oc_table_get_rows (OcTable *self)
{
    g_return_val_if_fail (OC_IS_TABLE (self), NULL);
    return self->rows;
}

int
oc_table_get_selected (OcTable *self)
{
    guint position;

    g_return_val_if_fail (OC_IS_TABLE (self), -1);
    position = gtk_single_selection_get_selected (self->selection);
    return self->rows == NULL || position == GTK_INVALID_LIST_POSITION ? -1 : (int) position;
}

/* gtk_column_view_scroll_to () is of 4.12: the list inside has the action. */
void
oc_table_select (OcTable *self, int row)
{
    GtkWidget *list;

    g_return_if_fail (OC_IS_TABLE (self));
    gtk_single_selection_set_selected (self->selection, row < 0 ? GTK_INVALID_LIST_POSITION : (guint) row);
    list = gtk_widget_get_last_child (GTK_WIDGET (self->view));
    if (row >= 0 && list != NULL && gtk_widget_get_mapped (list))
        gtk_widget_activate_action (list, "list.scroll-to-item", "u", (guint) row);
}

void
oc_table_focus (OcTable *self)
{
    g_return_if_fail (OC_IS_TABLE (self));
    if (self->rows != NULL && oc_rows_count (self->rows) > 0)
        gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

const OcColumn *
oc_table_get_sort (OcTable *self, gboolean *descending)
{
    GtkOrdering ordering;

    g_return_val_if_fail (OC_IS_TABLE (self), NULL);
    self->compared = NULL;
    ordering = gtk_sorter_compare (gtk_column_view_get_sorter (self->view), self->low, self->high);
    *descending = ordering == GTK_ORDERING_LARGER;
    return self->compared;
}

GtkWidget *
oc_table_make_chooser (OcTable *self)
{
    GtkWidget *button = gtk_menu_button_new ();
    GtkWidget *popover = gtk_popover_new ();
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
    GListModel *columns;

    g_return_val_if_fail (OC_IS_TABLE (self), NULL);
    columns = gtk_column_view_get_columns (self->view);
    for (guint i = 0; i < g_list_model_get_n_items (columns); i++) {
        g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
        GtkWidget *check = gtk_check_button_new_with_label (gtk_column_view_column_get_title (column));
        g_object_bind_property (column, "visible", check, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
        gtk_box_append (GTK_BOX (box), check);
    }
    gtk_popover_set_child (GTK_POPOVER (popover), box);
    gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
    gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _("Columns"));
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Choose columns"), -1);
    return button;
}

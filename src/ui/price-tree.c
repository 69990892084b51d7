/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree. Its nodes are made anew when prices or versions come; what is unfolded and chosen stays so. */
#include "ui/price-tree.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "core/word.h"

/* A node is an item of a GListModel: so it is an object. */
#define OC_TYPE_PRICE_NODE (oc_price_node_get_type ())
G_DECLARE_FINAL_TYPE (OcPriceNode, oc_price_node, OC, PRICE_NODE, GObject)

struct _OcPriceNode {
    GObject parent_instance;

    char *title;
    char *remark;
    char *meter_type; /* of a meter type alone, else NULL */
    gint64 price;     /* 0: a meter type */
    gint64 version;   /* 0: a price */
    GListStore *children;
};

G_DEFINE_FINAL_TYPE (OcPriceNode, oc_price_node, G_TYPE_OBJECT)

static void
oc_price_node_finalize (GObject *object)
{
    OcPriceNode *self = OC_PRICE_NODE (object);

    g_free (self->title);
    g_free (self->remark);
    g_free (self->meter_type);
    g_clear_object (&self->children);
    G_OBJECT_CLASS (oc_price_node_parent_class)->finalize (object);
}

static void
oc_price_node_class_init (OcPriceNodeClass *klass)
{
    G_OBJECT_CLASS (klass)->finalize = oc_price_node_finalize;
}

static void
oc_price_node_init (OcPriceNode *self)
{
    self->children = g_list_store_new (OC_TYPE_PRICE_NODE);
}

/* Appends a node to @to; borrowed. */
static OcPriceNode *
add_node (GListStore *to, const char *title, char *remark)
{
    g_autoptr(OcPriceNode) node = g_object_new (OC_TYPE_PRICE_NODE, NULL);

    node->title = g_strdup (title);
    node->remark = remark;
    g_list_store_append (to, node);
    return node;
}

/* The tree ----------------------------------------------------------------------------------------------------------- */

struct _OcPriceTree {
    GtkWidget parent_instance;

    GtkStack *pages;
    GtkListView *view;
    GtkSingleSelection *selection;
    GListStore *roots;
    GtkTreeListModel *tree;
    OcRows *prices;
    GHashTable *versions; /* price → OcRows */
    gint64 price, version;
    gboolean marking;
};

enum { SIGNAL_CHOSEN, SIGNAL_ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OcPriceTree, oc_price_tree, GTK_TYPE_WIDGET)

static GListModel *
create_children (gpointer item, gpointer data)
{
    OcPriceNode *node = item;

    return node->version == 0 ? G_LIST_MODEL (g_object_ref (node->children)) : NULL;
}

static char *
remark_of_price (OcRows *prices, guint row)
{
    g_autofree char *unit_price = NULL;

    if (!oc_rows_bool (prices, row, "active"))
        return g_strdup (_("not in use"));
    if (oc_rows_is_null (prices, row, "unit_price"))
        return g_strdup (_("not yet in force"));
    unit_price = oc_format_value (OC_COLUMN_QUANTITY, oc_rows_text (prices, row, "unit_price"));
    return oc_rows_bool (prices, row, "tiered") ? g_strdup_printf ("%s+", unit_price) : g_steal_pointer (&unit_price);
}

static const char *
state_words (const char *state)
{
    if (g_str_equal (state, "current"))
        return _("in force");
    return g_str_equal (state, "future") ? _("planned") : _("past");
}

static void
add_versions (OcPriceTree *self, OcPriceNode *price)
{
    OcRows *rows = g_hash_table_lookup (self->versions, &price->price);

    for (guint i = 0; rows != NULL && i < oc_rows_count (rows); i++) {
        g_autofree char *start = oc_time_format (oc_rows_text (rows, i, "starts_at"));
        OcPriceNode *node = add_node (price->children, start, g_strdup (state_words (oc_rows_text (rows, i, "state"))));
        node->price = price->price;
        node->version = oc_rows_int (rows, i, "id");
    }
}

static OcPriceNode *
root_of (OcPriceTree *self, const char *meter_type)
{
    guint n = g_list_model_get_n_items (G_LIST_MODEL (self->roots));
    g_autoptr(OcPriceNode) last = n > 0 ? g_list_model_get_item (G_LIST_MODEL (self->roots), n - 1) : NULL;
    OcPriceNode *node;

    if (last != NULL && g_str_equal (last->meter_type, meter_type))
        return last; /* the store keeps it */
    node = add_node (self->roots, oc_word (meter_type), g_strdup (""));
    node->meter_type = g_strdup (meter_type);
    return node;
}

static GtkTreeListRow *
row_at (OcPriceTree *self, guint i)
{
    return g_list_model_get_item (G_LIST_MODEL (self->tree), i);
}

/* Meter types are unfolded, and the price whose version is chosen. */
static void
unfold (OcPriceTree *self)
{
    for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tree)); i++) {
        g_autoptr(GtkTreeListRow) row = row_at (self, i);
        g_autoptr(OcPriceNode) node = gtk_tree_list_row_get_item (row);
        if (node->price == 0 || (node->price == self->price && self->version != 0))
            gtk_tree_list_row_set_expanded (row, TRUE);
    }
}

static void
select_marked (OcPriceTree *self)
{
    guint found = GTK_INVALID_LIST_POSITION;

    unfold (self);
    for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tree)); i++) {
        g_autoptr(GtkTreeListRow) row = row_at (self, i);
        g_autoptr(OcPriceNode) node = gtk_tree_list_row_get_item (row);
        if (self->price != 0 && node->price == self->price && node->version == self->version)
            found = i;
    }
    gtk_single_selection_set_selected (self->selection, found);
}

static void
rebuild (OcPriceTree *self)
{
    self->marking = TRUE;
    g_list_store_remove_all (self->roots);
    for (guint i = 0; self->prices != NULL && i < oc_rows_count (self->prices); i++) {
        OcPriceNode *root = root_of (self, oc_rows_text (self->prices, i, "meter_type"));
        OcPriceNode *node = add_node (root->children, oc_rows_text (self->prices, i, "name"), remark_of_price (self->prices, i));
        node->price = oc_rows_int (self->prices, i, "id");
        add_versions (self, node);
    }
    select_marked (self);
    self->marking = FALSE;
    gtk_stack_set_visible_child_name (self->pages, self->prices == NULL || oc_rows_count (self->prices) > 0 ? "tree" : "empty");
}

/* Rows --------------------------------------------------------------------------------------------------------------- */

static void
on_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
    GtkWidget *expander = gtk_tree_expander_new ();
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
    GtkWidget *title = gtk_label_new (NULL);
    GtkWidget *remark = gtk_label_new (NULL);

    gtk_label_set_xalign (GTK_LABEL (title), 0);
    gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
    gtk_widget_set_hexpand (title, TRUE);
    gtk_widget_add_css_class (remark, "dim-label");
    gtk_widget_add_css_class (remark, "numeric");
    gtk_box_append (GTK_BOX (box), title);
    gtk_box_append (GTK_BOX (box), remark);
    gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), box);
    gtk_list_item_set_child (item, expander);
}

static void
on_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
    GtkTreeListRow *row = gtk_list_item_get_item (item);
    GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));
    GtkWidget *title = gtk_widget_get_first_child (gtk_tree_expander_get_child (expander));
    g_autoptr(OcPriceNode) node = gtk_tree_list_row_get_item (row);

    gtk_tree_expander_set_list_row (expander, row);
    gtk_label_set_label (GTK_LABEL (title), node->title);
    gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (title)), node->remark);
    if (node->price == 0)
        gtk_widget_add_css_class (title, "section");
    else
        gtk_widget_remove_css_class (title, "section");
}

/* Meter types are no prices: choosing one changes nothing. */
static void
on_selected_cb (OcPriceTree *self)
{
    GtkTreeListRow *row = gtk_single_selection_get_selected_item (self->selection);
    g_autoptr(OcPriceNode) node = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;

    if (!self->marking && node != NULL && node->price != 0)
        g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, node->price, node->version);
}

static void
on_activate_cb (OcPriceTree *self, guint position)
{
    g_autoptr(GtkTreeListRow) row = row_at (self, position);
    g_autoptr(OcPriceNode) node = gtk_tree_list_row_get_item (row);

    if (node->price == 0)
        gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
    else
        g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

/* GObject ------------------------------------------------------------------------------------------------------------ */

static void
oc_price_tree_dispose (GObject *object)
{
    OcPriceTree *self = OC_PRICE_TREE (object);

    if (self->selection != NULL)
        g_signal_handlers_disconnect_by_data (self->selection, self);
    if (self->pages != NULL)
        gtk_widget_unparent (GTK_WIDGET (self->pages));
    self->pages = NULL;
    g_clear_object (&self->selection);
    g_clear_object (&self->prices);
    G_OBJECT_CLASS (oc_price_tree_parent_class)->dispose (object);
}

static void
oc_price_tree_finalize (GObject *object)
{
    g_hash_table_unref (OC_PRICE_TREE (object)->versions);
    G_OBJECT_CLASS (oc_price_tree_parent_class)->finalize (object);
}

static void
oc_price_tree_class_init (OcPriceTreeClass *klass)
{
    G_OBJECT_CLASS (klass)->dispose = oc_price_tree_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_price_tree_finalize;
    signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", OC_TYPE_PRICE_TREE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
        G_TYPE_INT64, G_TYPE_INT64);
    signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", OC_TYPE_PRICE_TREE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "datatable");
}

static GtkWidget *
make_empty_page (void)
{
    GtkWidget *label = gtk_label_new (_("There is no price yet: set up price items, then add one."));

    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
    gtk_widget_add_css_class (label, "empty");
    return label;
}

static void
oc_price_tree_init (OcPriceTree *self)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
    GtkWidget *scrolled = gtk_scrolled_window_new ();

    self->versions = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
    self->roots = g_list_store_new (OC_TYPE_PRICE_NODE);
    self->tree = gtk_tree_list_model_new (G_LIST_MODEL (self->roots), FALSE, FALSE, create_children, NULL, NULL);
    self->selection = gtk_single_selection_new (G_LIST_MODEL (self->tree));
    gtk_single_selection_set_autoselect (self->selection, FALSE);
    gtk_single_selection_set_can_unselect (self->selection, TRUE);
    g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cb), NULL);
    g_signal_connect (factory, "bind", G_CALLBACK (on_bind_cb), NULL);
    self->view = GTK_LIST_VIEW (gtk_list_view_new (GTK_SELECTION_MODEL (g_object_ref (self->selection)), factory));
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Prices"), -1);
    g_signal_connect_object (self->view, "activate", G_CALLBACK (on_activate_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (on_selected_cb), self, G_CONNECT_SWAPPED);
    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));
    gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    self->pages = GTK_STACK (gtk_stack_new ());
    gtk_stack_add_named (self->pages, scrolled, "tree");
    gtk_stack_add_named (self->pages, make_empty_page (), "empty");
    gtk_widget_set_parent (GTK_WIDGET (self->pages), GTK_WIDGET (self));
}

/* Public ------------------------------------------------------------------------------------------------------------- */

void
oc_price_tree_set_prices (OcPriceTree *self, OcRows *prices)
{
    g_return_if_fail (OC_IS_PRICE_TREE (self));
    g_set_object (&self->prices, prices);
    rebuild (self);
}

void
oc_price_tree_set_versions (OcPriceTree *self, gint64 price, OcRows *versions)
{
    g_return_if_fail (OC_IS_PRICE_TREE (self));
    g_hash_table_insert (self->versions, g_memdup2 (&price, sizeof price), g_object_ref (versions));
    rebuild (self);
}

OcRows *
oc_price_tree_get_versions (OcPriceTree *self, gint64 price)
{
    g_return_val_if_fail (OC_IS_PRICE_TREE (self), NULL);
    return g_hash_table_lookup (self->versions, &price);
}

void
oc_price_tree_mark (OcPriceTree *self, gint64 price, gint64 version)
{
    g_return_if_fail (OC_IS_PRICE_TREE (self));
    self->price = price;
    self->version = version;
    self->marking = TRUE;
    select_marked (self);
    self->marking = FALSE;
}

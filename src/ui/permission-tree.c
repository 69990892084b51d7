/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of permissions: a list of groups, each with its permissions in two columns. */
#include "ui/permission-tree.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/form-hint.h"
#include "ui/screens.h"

#define FIELD "permissions"

typedef struct {
    GtkCheckButton *check;
    char *code;  /* NULL: the group's own */
    guint group; /* index of the group's own */
} Node;

struct _OcPermissionTree {
    GtkWidget parent_instance;

    GtkWidget *box;
    OcFormHint *hint;
    GArray *nodes;
    GHashTable *chosen; /* codes */
    char *was;
    gboolean all;
    gboolean showing;
};

static void oc_permission_tree_part_init (OcFormPartInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (OcPermissionTree, oc_permission_tree, GTK_TYPE_WIDGET,
    G_IMPLEMENT_INTERFACE (OC_TYPE_FORM_PART, oc_permission_tree_part_init))

/* Names ------------------------------------------------------------------------------------------------------------ */

/* A permission that is a screen has the screen's title. */
static const char *
title_of (const char *code)
{
    static const struct {
        const char *code, *title;
    } titles[] = {
        { "replace-card", N_("Replace card") }, { "re-purchase", N_("Re-purchase") }, { "replace-meter", N_("Replace meter") },
        { "clear-card", N_("Clear card") }, { "close-account", N_("Close account") },
        { "unfinished-all", N_("Unfinished writes of every branch") }, { "pre-registered", N_("Pre-registered customers") },
        { "templates", N_("Receipt templates") }, { "reprint", N_("Reprint receipt") }, { "settlement", N_("Settlement") },
        { "query", N_("Queries of the own branch") }, { "query-all", N_("Queries of every branch") },
        { "see-identity", N_("See identity papers") },
        { "edit-customer", N_("Edit customers and their meters") }, { "balance", N_("Pay into and out of balances") },
        { "blacklist", N_("Bar and release") }, { "settings", N_("Parameters, meters, user types, unit") },
        { "prices", N_("Prices and price items") }, { "branches", N_("Branches") }, { "roles", N_("Roles") },
        { "operators", N_("Operators") }, { "backup", N_("Backup") }, { "keys", N_("Card keys") },
        { "approve", N_("Approve as a second person") },
    };
    const OcScreenInfo *screen = oc_screens_find (code);

    for (gsize i = 0; i < G_N_ELEMENTS (titles); i++) {
        if (g_str_equal (titles[i].code, code))
            return _(titles[i].title);
    }
    return screen != NULL ? _(screen->title) : code;
}

static const char *
group_title (const char *group)
{
    static const char *const names[OC_N_GROUPS] = {
        [OC_GROUP_CARD] = "card", [OC_GROUP_SHARED] = "shared", [OC_GROUP_QUERY] = "query", [OC_GROUP_SETTINGS] = "settings",
    };

    for (int i = 0; i < OC_N_GROUPS; i++) {
        if (g_strcmp0 (names[i], group) == 0)
            return oc_screen_group_title (i);
    }
    return group;
}

/* Showing ---------------------------------------------------------------------------------------------------------- */

static gboolean
is_chosen (OcPermissionTree *self, const Node *node)
{
    return self->all || g_hash_table_contains (self->chosen, node->code);
}

static void
show_group (OcPermissionTree *self, guint group)
{
    GtkCheckButton *check = g_array_index (self->nodes, Node, group).check;
    guint n = 0, chosen = 0;

    for (guint i = 0; i < self->nodes->len; i++) {
        const Node *node = &g_array_index (self->nodes, Node, i);
        if (node->code != NULL && node->group == group) {
            n++;
            chosen += is_chosen (self, node);
        }
    }
    gtk_check_button_set_active (check, chosen == n);
    gtk_check_button_set_inconsistent (check, chosen > 0 && chosen < n);
}

static void
show_all (OcPermissionTree *self)
{
    self->showing = TRUE;
    for (guint i = 0; i < self->nodes->len; i++) {
        const Node *node = &g_array_index (self->nodes, Node, i);
        if (node->code != NULL)
            gtk_check_button_set_active (node->check, is_chosen (self, node));
        else
            show_group (self, i);
        gtk_widget_set_sensitive (GTK_WIDGET (node->check), !self->all);
    }
    self->showing = FALSE;
}

static void
set_chosen (OcPermissionTree *self, const char *code, gboolean chosen)
{
    if (chosen)
        g_hash_table_add (self->chosen, g_strdup (code));
    else
        g_hash_table_remove (self->chosen, code);
}

/* A group that was partly chosen is chosen whole by the first press. */
static void
on_toggled_cb (OcPermissionTree *self, GtkCheckButton *check)
{
    guint at = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (check), "node"));
    const Node *node = &g_array_index (self->nodes, Node, at);
    gboolean active = gtk_check_button_get_active (check) || gtk_check_button_get_inconsistent (check);

    if (self->showing)
        return;
    for (guint i = 0; i < self->nodes->len; i++) {
        const Node *other = &g_array_index (self->nodes, Node, i);
        if (i == at ? node->code != NULL : node->code == NULL && other->code != NULL && other->group == at)
            set_chosen (self, other->code, active);
    }
    oc_form_hint_set_error (self->hint, NULL);
    show_all (self);
    oc_form_part_changed (OC_FORM_PART (self));
}

static GtkWidget *
add_check (OcPermissionTree *self, const char *title, const char *code, guint group)
{
    Node node = { GTK_CHECK_BUTTON (gtk_check_button_new_with_label (title)), g_strdup (code), group };

    g_object_set_data (G_OBJECT (node.check), "node", GUINT_TO_POINTER (self->nodes->len));
    g_signal_connect_object (node.check, "toggled", G_CALLBACK (on_toggled_cb), self, G_CONNECT_SWAPPED);
    g_array_append_val (self->nodes, node);
    return GTK_WIDGET (node.check);
}

/* Fills @grid with the permissions from @row on that are in the same group; answers the next row. */
static guint
add_group (OcPermissionTree *self, OcRows *rows, guint row)
{
    const char *group = oc_rows_text (rows, row, "grp");
    guint own = self->nodes->len;
    GtkWidget *head = add_check (self, group_title (group), NULL, own);
    GtkWidget *grid = gtk_grid_new ();

    gtk_widget_add_css_class (head, "permission-group");
    gtk_widget_add_css_class (grid, "permissions");
    gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
    gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
    gtk_box_append (GTK_BOX (self->box), head);
    gtk_box_append (GTK_BOX (self->box), grid);
    for (int i = 0; row < oc_rows_count (rows) && g_str_equal (oc_rows_text (rows, row, "grp"), group); row++, i++) {
        const char *code = oc_rows_text (rows, row, "code");
        gtk_grid_attach (GTK_GRID (grid), add_check (self, title_of (code), code, own), i % 2, i / 2, 1, 1);
    }
    return row;
}

/* The chosen codes in the tree's order; those that this program does not know stay at the end. */
static char *
codes_of (OcPermissionTree *self)
{
    GString *text = g_string_new (NULL);
    g_autoptr(GHashTable) rest = g_hash_table_new (g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer code;

    g_hash_table_iter_init (&iter, self->chosen);
    while (g_hash_table_iter_next (&iter, &code, NULL))
        g_hash_table_add (rest, code);
    for (guint i = 0; i < self->nodes->len; i++) {
        const Node *node = &g_array_index (self->nodes, Node, i);
        if (node->code != NULL && g_hash_table_remove (rest, node->code))
            g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", node->code);
    }
    g_hash_table_iter_init (&iter, rest);
    while (g_hash_table_iter_next (&iter, &code, NULL))
        g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", (const char *) code);
    return g_string_free (text, FALSE);
}

/* OcFormPart ------------------------------------------------------------------------------------------------------- */

static void
show_codes (OcPermissionTree *self, const char *codes)
{
    g_auto(GStrv) list = g_strsplit (codes != NULL ? codes : "", " ", -1);

    g_hash_table_remove_all (self->chosen);
    for (guint i = 0; list[i] != NULL; i++) {
        if (*list[i] != '\0')
            set_chosen (self, list[i], TRUE);
    }
    show_all (self);
}

static void
oc_permission_tree_fill (OcFormPart *part, const OcFields *values)
{
    OcPermissionTree *self = OC_PERMISSION_TREE (part);

    show_codes (self, values != NULL ? oc_fields_get (values, FIELD) : NULL);
    g_free (self->was);
    self->was = codes_of (self);
}

static void
oc_permission_tree_put (OcFormPart *part, const OcFields *values)
{
    if (oc_fields_get (values, FIELD) != NULL)
        show_codes (OC_PERMISSION_TREE (part), oc_fields_get (values, FIELD));
}

static void
oc_permission_tree_read (OcFormPart *part, OcFields *values)
{
    g_autofree char *codes = codes_of (OC_PERMISSION_TREE (part));

    oc_fields_set (values, FIELD, codes);
}

static guint
oc_permission_tree_count_changes (OcFormPart *part)
{
    OcPermissionTree *self = OC_PERMISSION_TREE (part);
    g_auto(GStrv) was = g_strsplit (self->was != NULL ? self->was : "", " ", -1);
    guint kept = 0, before = 0;

    for (guint i = 0; was[i] != NULL; i++) {
        if (*was[i] == '\0')
            continue;
        before++;
        kept += g_hash_table_contains (self->chosen, was[i]);
    }
    return (before - kept) + (g_hash_table_size (self->chosen) - kept);
}

static gboolean
oc_permission_tree_check (OcFormPart *part, gboolean tell)
{
    return TRUE;
}

static gboolean
oc_permission_tree_show_error (OcFormPart *part, const char *field, const char *text)
{
    OcPermissionTree *self = OC_PERMISSION_TREE (part);
    gboolean own = g_strcmp0 (field, FIELD) == 0;

    if (own || field == NULL)
        oc_form_hint_set_error (self->hint, own ? text : NULL);
    if (own)
        gtk_widget_child_focus (self->box, GTK_DIR_TAB_FORWARD);
    return own;
}

static void
oc_permission_tree_describe (OcFormPart *part, const OcFields *values, OcFields *lines)
{
    const char *codes = oc_fields_get (values, FIELD);
    g_auto(GStrv) list = g_strsplit (codes != NULL ? codes : "", " ", -1);
    g_autoptr(GString) text = g_string_new (NULL);

    for (guint i = 0; list[i] != NULL; i++) {
        if (*list[i] != '\0')
            g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", title_of (list[i]));
    }
    oc_fields_set (lines, _("Permissions"), text->str);
}

static void
oc_permission_tree_part_init (OcFormPartInterface *iface)
{
    iface->fill = oc_permission_tree_fill;
    iface->put = oc_permission_tree_put;
    iface->read = oc_permission_tree_read;
    iface->count_changes = oc_permission_tree_count_changes;
    iface->check = oc_permission_tree_check;
    iface->show_error = oc_permission_tree_show_error;
    iface->describe = oc_permission_tree_describe;
}

/* GObject ---------------------------------------------------------------------------------------------------------- */

static void
node_clear (gpointer node)
{
    g_free (((Node *) node)->code);
}

static void
oc_permission_tree_dispose (GObject *object)
{
    OcPermissionTree *self = OC_PERMISSION_TREE (object);

    g_array_set_size (self->nodes, 0);
    g_clear_pointer (&self->box, gtk_widget_unparent);
    G_OBJECT_CLASS (oc_permission_tree_parent_class)->dispose (object);
}

static void
oc_permission_tree_finalize (GObject *object)
{
    OcPermissionTree *self = OC_PERMISSION_TREE (object);

    g_array_unref (self->nodes);
    g_hash_table_unref (self->chosen);
    g_free (self->was);
    G_OBJECT_CLASS (oc_permission_tree_parent_class)->finalize (object);
}

static void
oc_permission_tree_class_init (OcPermissionTreeClass *klass)
{
    G_OBJECT_CLASS (klass)->dispose = oc_permission_tree_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_permission_tree_finalize;
    gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "permissiontree");
}

static void
oc_permission_tree_init (OcPermissionTree *self)
{
    self->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
    g_array_set_clear_func (self->nodes, node_clear);
    self->chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
    self->hint = g_object_new (OC_TYPE_FORM_HINT, NULL);
    gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->hint));
    gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

/* Public ----------------------------------------------------------------------------------------------------------- */

void
oc_permission_tree_set_rows (OcPermissionTree *self, OcRows *rows)
{
    GtkWidget *child;

    g_return_if_fail (OC_IS_PERMISSION_TREE (self));
    g_array_set_size (self->nodes, 0);
    while ((child = gtk_widget_get_next_sibling (GTK_WIDGET (self->hint))) != NULL)
        gtk_box_remove (GTK_BOX (self->box), child);
    for (guint row = 0; row < oc_rows_count (rows);)
        row = add_group (self, rows, row);
    show_all (self);
}

void
oc_permission_tree_set_all (OcPermissionTree *self, gboolean all)
{
    g_return_if_fail (OC_IS_PERMISSION_TREE (self));
    self->all = all;
    show_all (self);
}

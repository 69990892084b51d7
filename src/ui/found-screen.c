/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The found shape. Only fields that were changed are sent: what is masked here stays as it is there. */
#include "ui/found-screen.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "ui/ask.h"
#include "ui/present-error.h"
#include "ui/record.h"

#define LIMIT 50

typedef struct {
    GtkLabel *title, *purpose, *heading, *changes;
    GtkEditable *text;
    GtkWidget *add, *remove, *found_side, *form_side, *save_bar;
    GtkBox *tools;
    GtkScrolledWindow *scroller;
    GtkBox *content;
    OcTable *table;
    OcForm *form;

    OcFields *record;   /* NULL: a new one or none */
    gboolean is_new;
    guint asked;        /* the newest search: answers of older ones are late */
} OcFoundScreenPrivate;

static void oc_found_screen_buildable_init (GtkBuildableIface *iface);
G_DEFINE_ABSTRACT_TYPE_WITH_CODE (OcFoundScreen, oc_found_screen, OC_TYPE_SCREEN, G_ADD_PRIVATE (OcFoundScreen)
    G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, oc_found_screen_buildable_init))

static GtkBuildableIface *parent_buildable;

static OcFoundScreenPrivate *
get_private (OcFoundScreen *self)
{
    return oc_found_screen_get_instance_private (self);
}

static gboolean
may_save (OcFoundScreen *self)
{
    return oc_desk_may (oc_screen_get_desk (OC_SCREEN (self)), OC_FOUND_SCREEN_GET_CLASS (self)->permission);
}

/* The record ------------------------------------------------------------------------------------------------------- */

static guint
count_changes (OcFoundScreen *self)
{
    OcFoundScreenPrivate *priv = get_private (self);

    return priv->record != NULL || priv->is_new ? oc_form_count_changes (priv->form) : 0;
}

static void
show_changes (OcFoundScreen *self)
{
    OcFoundScreenPrivate *priv = get_private (self);
    guint n = count_changes (self);
    g_autofree char *number = g_strdup_printf ("%u", n);
    /* Translators: %s is a number. */
    g_autofree char *text = g_strdup_printf (ngettext ("%s change", "%s changes", n), number);

    gtk_label_set_label (priv->changes, n > 0 ? text : "");
    gtk_widget_set_sensitive (priv->found_side, n == 0);
    oc_screen_update_actions (OC_SCREEN (self));
}

/* @record: NULL with @is_new: an empty form. Takes no reference of the caller's. */
static void
show_record (OcFoundScreen *self, OcFields *record, gboolean is_new)
{
    OcFoundScreenPrivate *priv = get_private (self);
    OcFoundScreenClass *klass = OC_FOUND_SCREEN_GET_CLASS (self);

    if (record != NULL)
        oc_fields_ref (record);
    g_clear_pointer (&priv->record, oc_fields_unref);
    priv->record = record;
    priv->is_new = is_new;
    gtk_widget_set_visible (GTK_WIDGET (priv->scroller), record != NULL || is_new);
    gtk_widget_set_visible (priv->save_bar, (record != NULL || is_new) && may_save (self));
    gtk_label_set_label (priv->heading, record != NULL ? oc_fields_get (record, "name")
        : is_new ? _(klass->new_title) : _(klass->choose_text));
    oc_form_clear_errors (priv->form);
    oc_form_fill (priv->form, record);
    if (klass->chosen != NULL)
        klass->chosen (self, record);
    show_changes (self);
}

/* The values that a person changed; of a new record all. Caller unrefs. */
static OcFields *
changed_values (OcFoundScreen *self)
{
    OcFoundScreenPrivate *priv = get_private (self);
    g_autoptr(OcFields) values = oc_form_read (priv->form);
    OcFields *changed = oc_fields_new (NULL);

    for (guint i = 0; i < oc_fields_count (values); i++) {
        const char *name = oc_fields_name (values, i);
        const char *was = priv->record != NULL ? oc_fields_get (priv->record, name) : NULL;

        if (was == NULL || strcmp (was, oc_fields_value (values, i)) != 0)
            oc_fields_set (changed, name, oc_fields_value (values, i));
    }
    return changed;
}

/* Finding ---------------------------------------------------------------------------------------------------------- */

typedef struct {
    OcBusy *busy;
    guint asked;
} Find;

static void
show_selected (OcFoundScreen *self)
{
    OcFoundScreenPrivate *priv = get_private (self);
    int row = oc_table_get_selected (priv->table);
    g_autoptr(OcFields) record = row >= 0 ? oc_record_of_row (oc_table_get_rows (priv->table), (guint) row) : NULL;

    show_record (self, record, FALSE);
}

static void
on_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree Find *find = data;
    g_autoptr(OcBusy) busy = find->busy;
    g_autoptr(GError) error = NULL;
    OcFoundScreen *self = oc_busy_get_screen (busy);
    g_autoptr(OcRows) rows = NULL;
    OcFoundScreenPrivate *priv;

    if (self == NULL)
        return;
    priv = get_private (self);
    rows = OC_FOUND_SCREEN_GET_CLASS (self)->find_finish (OC_DESK (source), result, &error);
    if (find->asked != priv->asked)
        return;
    if (rows == NULL) {
        oc_present_load_error (OC_SCREEN (self), error);
        return;
    }
    oc_table_set_rows (priv->table, rows, OC_FOUND_SCREEN_GET_CLASS (self)->key);
    if (count_changes (self) == 0 && !priv->is_new)
        show_selected (self);
}

static void
oc_found_screen_refresh (OcScreen *screen)
{
    OcFoundScreen *self = OC_FOUND_SCREEN (screen);
    OcFoundScreenPrivate *priv = get_private (self);
    OcFindAsk ask = { .text = gtk_editable_get_text (priv->text), .limit = LIMIT };
    Find *find = g_new0 (Find, 1);

    find->busy = oc_screen_busy (screen, NULL);
    find->asked = ++priv->asked;
    OC_FOUND_SCREEN_GET_CLASS (self)->find (oc_screen_get_desk (screen), &ask, oc_busy_get_cancellable (find->busy), on_found_cb, find);
}

static void
on_selection_changed_cb (OcFoundScreen *self)
{
    if (count_changes (self) == 0 && !get_private (self)->is_new)
        show_selected (self);
}

static void
on_row_activated_cb (OcFoundScreen *self)
{
    show_selected (self);
    if (get_private (self)->record != NULL)
        oc_form_start (get_private (self)->form);
}

/* Enter takes the first that was found. */
static void
on_text_activate_cb (OcFoundScreen *self)
{
    OcTable *table = get_private (self)->table;

    if (oc_table_get_rows (table) != NULL && oc_rows_count (oc_table_get_rows (table)) > 0 && oc_table_get_selected (table) < 0)
        oc_table_select (table, 0);
    oc_table_focus (table);
}

/* The field takes Esc for itself: the first empties it, the next is a step back like everywhere. */
static void
on_stop_search_cb (OcFoundScreen *self)
{
    OcFoundScreenPrivate *priv = get_private (self);

    if (*gtk_editable_get_text (priv->text) != '\0')
        gtk_editable_set_text (priv->text, "");
    else
        gtk_widget_activate_action (GTK_WIDGET (self), "oc.back", NULL);
}

/* Changing --------------------------------------------------------------------------------------------------------- */

static void
refuse (OcFoundScreen *self, const GError *error)
{
    const char *field = oc_error_get_field (error);

    if (field == NULL || !oc_form_show_error (get_private (self)->form, field, error->message))
        oc_present_error (GTK_WIDGET (self), error);
}

typedef struct {
    OcBusy *busy;
    OcFoundFinish finish;
    char *done;
} Act;

static void
on_act_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree Act *act = data;
    g_autoptr(OcBusy) busy = act->busy;
    g_autofree char *done = act->done;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = act->finish (OC_DESK (source), result, &error);
    OcFoundScreen *self = oc_busy_get_screen (busy);

    if (self == NULL)
        return;
    if (rows == NULL) {
        refuse (self, error);
        return;
    }
    oc_form_let_go (get_private (self)->form);
    show_record (self, NULL, FALSE);
    oc_screen_show_message (OC_SCREEN (self), "success", done);
    oc_screen_refresh (OC_SCREEN (self));
    oc_screen_start (OC_SCREEN (self)); /* for the next customer */
}

static void
start_act (OcFoundScreen *self, OcFoundAct start, OcFoundFinish finish, OcFields *form, const char *done)
{
    OcFoundScreenPrivate *priv = get_private (self);
    const char *version = priv->record != NULL ? oc_fields_get (priv->record, "row_version") : NULL;
    OcCustomerAsk ask = { oc_found_screen_get_number (self), version != NULL ? g_ascii_strtoll (version, NULL, 10) : 0, form };
    Act *act = g_new0 (Act, 1);

    act->busy = oc_screen_busy (OC_SCREEN (self), _("Saving"));
    act->finish = finish;
    act->done = g_strdup (done);
    start (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_busy_get_cancellable (act->busy), on_act_cb, act);
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcFoundScreen *self = OC_FOUND_SCREEN (widget);
    OcFoundScreenClass *klass = OC_FOUND_SCREEN_GET_CLASS (self);
    g_autoptr(OcFields) changed = NULL;

    oc_form_clear_errors (get_private (self)->form);
    if (!oc_form_check (get_private (self)->form))
        return;
    changed = changed_values (self);
    start_act (self, klass->save, klass->save_finish, changed, _("Saved."));
}

static void
discard_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcFoundScreen *self = OC_FOUND_SCREEN (widget);

    oc_form_let_go (get_private (self)->form);
    get_private (self)->is_new = FALSE;
    show_selected (self);
    oc_screen_start (OC_SCREEN (self));
}

static void
new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcFoundScreen *self = OC_FOUND_SCREEN (widget);

    show_record (self, NULL, TRUE);
    oc_form_start (get_private (self)->form);
    gtk_widget_set_sensitive (get_private (self)->found_side, FALSE);
}

static void
on_delete_answer_cb (OcAnswer answer, gpointer data)
{
    g_autoptr(OcFoundScreen) self = data;
    OcFoundScreenClass *klass = OC_FOUND_SCREEN_GET_CLASS (self);

    if (answer == OC_ANSWER_YES)
        start_act (self, klass->remove, klass->remove_finish, NULL, _("Deleted."));
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    OcFoundScreen *self = OC_FOUND_SCREEN (widget);
    /* Translators: %s is a customer's name. */
    g_autofree char *question = g_strdup_printf (_("Delete %s?"), oc_fields_get (get_private (self)->record, "name"));
    const OcQuestion ask = { .title = _("Delete"), .question = question, .explanation = _("This can't be taken back."), .yes = _("Delete"),
        .destroys = TRUE };

    oc_ask (widget, &ask, on_delete_answer_cb, g_object_ref (self));
}

static void
on_edited_cb (OcFoundScreen *self)
{
    show_changes (self);
}

static void
on_submitted_cb (OcFoundScreen *self)
{
    gtk_widget_activate_action (GTK_WIDGET (self), "found.save", NULL);
}

/* The shape of a screen -------------------------------------------------------------------------------------------- */

static void
oc_found_screen_update_actions (OcScreen *screen)
{
    OcFoundScreen *self = OC_FOUND_SCREEN (screen);
    OcFoundScreenPrivate *priv = get_private (self);
    GtkWidget *widget = GTK_WIDGET (self);
    gboolean dirty = count_changes (self) > 0, may = may_save (self);

    gtk_widget_action_set_enabled (widget, "found.save", may && dirty);
    gtk_widget_action_set_enabled (widget, "found.discard", dirty || priv->is_new);
    gtk_widget_action_set_enabled (widget, "found.new", may && !dirty && OC_FOUND_SCREEN_GET_CLASS (self)->new_title != NULL);
    gtk_widget_action_set_enabled (widget, "found.delete", may && priv->record != NULL && !dirty
        && OC_FOUND_SCREEN_GET_CLASS (self)->remove != NULL);
}

static gboolean
oc_found_screen_back (OcScreen *screen)
{
    OcFoundScreen *self = OC_FOUND_SCREEN (screen);

    if (count_changes (self) == 0 && !get_private (self)->is_new)
        return FALSE;
    discard_action (GTK_WIDGET (self), NULL, NULL);
    return TRUE;
}

static void
oc_found_screen_start (OcScreen *screen)
{
    gtk_widget_grab_focus (GTK_WIDGET (get_private (OC_FOUND_SCREEN (screen))->text));
}

static void
oc_found_screen_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
    OcFoundScreenPrivate *priv = get_private (OC_FOUND_SCREEN (buildable));

    if (g_strcmp0 (type, "form") == 0) {
        priv->form = OC_FORM (child);
        gtk_box_append (priv->content, GTK_WIDGET (child));
        g_signal_connect_object (child, "changed", G_CALLBACK (on_edited_cb), buildable, G_CONNECT_SWAPPED);
        g_signal_connect_object (child, "submitted", G_CALLBACK (on_submitted_cb), buildable, G_CONNECT_SWAPPED);
    } else if (g_strcmp0 (type, "tool") == 0)
        gtk_box_append (priv->tools, GTK_WIDGET (child));
    else if (g_strcmp0 (type, "below") == 0)
        gtk_box_append (priv->content, GTK_WIDGET (child));
    else
        parent_buildable->add_child (buildable, builder, child, type);
}

static void
oc_found_screen_buildable_init (GtkBuildableIface *iface)
{
    parent_buildable = g_type_interface_peek_parent (iface);
    iface->add_child = oc_found_screen_add_child;
}

static void
oc_found_screen_constructed (GObject *object)
{
    OcFoundScreen *self = OC_FOUND_SCREEN (object);
    OcFoundScreenPrivate *priv = get_private (self);
    OcFoundScreenClass *klass = OC_FOUND_SCREEN_GET_CLASS (self);

    G_OBJECT_CLASS (oc_found_screen_parent_class)->constructed (object);
    gtk_label_set_label (priv->title, _(klass->title));
    gtk_label_set_label (priv->purpose, _(klass->purpose));
    gtk_widget_set_visible (priv->add, klass->new_title != NULL);
    if (klass->new_title != NULL)
        gtk_button_set_label (GTK_BUTTON (priv->add), _(klass->new_title));
    gtk_widget_set_visible (priv->remove, klass->remove != NULL);
    oc_table_set_columns (priv->table, klass->columns, klass->n_columns, _(klass->title));
    oc_table_set_empty (priv->table, klass->empty_icon, _(klass->empty_title), _(klass->empty_text));
    gtk_widget_set_sensitive (GTK_WIDGET (priv->form), may_save (self));
    show_record (self, NULL, FALSE);
}

static void
oc_found_screen_dispose (GObject *object)
{
    g_clear_pointer (&get_private (OC_FOUND_SCREEN (object))->record, oc_fields_unref);
    G_OBJECT_CLASS (oc_found_screen_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, title);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, purpose);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, heading);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, changes);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, text);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, add);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, remove);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, found_side);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, form_side);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, save_bar);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, tools);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, scroller);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, content);
    gtk_widget_class_bind_template_child_private (widget_class, OcFoundScreen, table);
    gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_selection_changed_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_stop_search_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_text_activate_cb);
    gtk_widget_class_bind_template_callback_full (widget_class, "refresh", G_CALLBACK (oc_screen_refresh));
}

static void
oc_found_screen_class_init (OcFoundScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_found_screen_constructed;
    G_OBJECT_CLASS (klass)->dispose = oc_found_screen_dispose;
    OC_SCREEN_CLASS (klass)->refresh = oc_found_screen_refresh;
    OC_SCREEN_CLASS (klass)->update_actions = oc_found_screen_update_actions;
    OC_SCREEN_CLASS (klass)->back = oc_found_screen_back;
    OC_SCREEN_CLASS (klass)->start = oc_found_screen_start;
    g_type_ensure (OC_TYPE_TABLE);
    g_type_ensure (OC_TYPE_FORM);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/found-screen.ui");
    bind_children (widget_class);
    gtk_widget_class_install_action (widget_class, "found.save", NULL, save_action);
    gtk_widget_class_install_action (widget_class, "found.discard", NULL, discard_action);
    gtk_widget_class_install_action (widget_class, "found.new", NULL, new_action);
    gtk_widget_class_install_action (widget_class, "found.delete", NULL, delete_action);
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "found.save", NULL);
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "found.new", NULL);
}

static void
oc_found_screen_init (OcFoundScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

/* Public ------------------------------------------------------------------------------------------------------------- */

const OcFields *
oc_found_screen_get_record (OcFoundScreen *self)
{
    g_return_val_if_fail (OC_IS_FOUND_SCREEN (self), NULL);
    return get_private (self)->record;
}

gint64
oc_found_screen_get_number (OcFoundScreen *self)
{
    const OcFields *record = oc_found_screen_get_record (self);

    return record != NULL ? g_ascii_strtoll (oc_fields_get (record, OC_FOUND_SCREEN_GET_CLASS (self)->key), NULL, 10) : 0;
}

gboolean
oc_found_screen_is_dirty (OcFoundScreen *self)
{
    g_return_val_if_fail (OC_IS_FOUND_SCREEN (self), FALSE);
    return count_changes (self) > 0;
}

void
oc_found_screen_look_for (OcFoundScreen *self, const char *text)
{
    g_return_if_fail (OC_IS_FOUND_SCREEN (self));
    gtk_editable_set_text (get_private (self)->text, text);
}

void
oc_found_screen_act (OcFoundScreen *self, OcFoundAct act, OcFoundFinish finish, const char *done)
{
    g_return_if_fail (OC_IS_FOUND_SCREEN (self) && get_private (self)->record != NULL);
    start_act (self, act, finish, NULL, done);
}

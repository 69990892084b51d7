/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record shape. What the form was filled from is kept with its version: the database tells who comes second, and then
 * both versions are shown. */
#include "ui/record-screen.h"

#include <glib/gi18n-lib.h>

#include "ui/form-field.h"
#include "ui/label.h"
#include "ui/record-acts.h"
#include "ui/record-list.h"
#include "ui/record-load.h"
#include "ui/record.h"

typedef struct {
    GtkLabel *title, *purpose;
    GtkWidget *list_side, *form_side;
    OcRecordList *list;
    GtkWidget *own_list; /* the subclass's, instead of the list */
    GtkWidget *delete;
    GtkButton *discard;
    GtkBox *tools;
    GtkLabel *heading, *changes;
    GtkScrolledWindow *scroller;
    GtkWidget *save_bar;
    OcForm *form;

    OcRows *all;
    OcFields *record;   /* what the form was filled from; NULL: a new one, or none */
    gboolean is_new;
    gint64 wanted;      /* id that is to be chosen when the list comes; 0: none */
    gint64 change;      /* what undo takes back */
    gboolean starting;  /* the caret goes where work begins as soon as there is something */
} OcRecordScreenPrivate;

static void oc_record_screen_buildable_init (GtkBuildableIface *iface);
G_DEFINE_ABSTRACT_TYPE_WITH_CODE (OcRecordScreen, oc_record_screen, OC_TYPE_SCREEN,
    G_ADD_PRIVATE (OcRecordScreen)
    G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, oc_record_screen_buildable_init))

static GtkBuildableIface *parent_buildable;

static OcRecordScreenPrivate *
get_private (OcRecordScreen *self)
{
    return oc_record_screen_get_instance_private (self);
}

static const char *
name_of (OcRecordScreen *self, const OcFields *record)
{
    const char *name = record != NULL ? oc_fields_get (record, OC_RECORD_SCREEN_GET_CLASS (self)->name) : NULL;

    return name != NULL ? name : "";
}

/* "Sub-meter 3"; caller frees. */
static char *
call_of (OcRecordScreen *self, const OcFields *record)
{
    const char *call = OC_RECORD_SCREEN_GET_CLASS (self)->call;
    GString *text;

    if (call == NULL || record == NULL)
        return g_strdup (name_of (self, record));
    text = g_string_new (_(call));
    g_string_replace (text, "%s", name_of (self, record), 1);
    return g_string_free (text, FALSE);
}

/* The form --------------------------------------------------------------------------------------------------------- */

static gboolean
is_dirty (OcRecordScreen *self)
{
    OcRecordScreenPrivate *priv = get_private (self);

    return (priv->is_new || priv->record != NULL) && oc_form_count_changes (priv->form) > 0;
}

static void
show_changes (OcRecordScreen *self)
{
    OcRecordScreenPrivate *priv = get_private (self);
    guint n = oc_form_count_changes (priv->form);
    g_autofree char *number = g_strdup_printf ("%u", n);
    /* Translators: %s is a number: fields of a form that are not saved yet. */
    g_autofree char *text = g_strdup_printf (ngettext ("%s change", "%s changes", n), number);

    oc_label_show (priv->changes, n > 0 ? text : "");
    oc_screen_update_actions (OC_SCREEN (self));
}

/* @record NULL: a new one, or (not @is_new) none. */
static void
show_record (OcRecordScreen *self, OcFields *record, gboolean is_new)
{
    OcRecordScreenPrivate *priv = get_private (self);
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);
    OcFields *old = priv->record;
    g_autofree char *called = NULL;

    if (record == NULL && !is_new)
        oc_form_let_go (priv->form);
    priv->record = record != NULL ? oc_fields_ref (record) : NULL;
    priv->is_new = is_new;
    g_clear_pointer (&old, oc_fields_unref);
    oc_form_fill (priv->form, record);
    gtk_widget_set_sensitive (GTK_WIDGET (priv->form), record != NULL || is_new);
    called = is_new ? g_strdup (_(klass->new_title)) : call_of (self, record);
    gtk_label_set_label (priv->heading, called);
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (priv->scroller), 0);
    if (klass->shown != NULL)
        klass->shown (self, record);
    show_changes (self);
}

/* The list --------------------------------------------------------------------------------------------------------- */

/* The list's row is the record that the form shows. */
static void
mark_row (OcRecordScreen *self)
{
    oc_record_list_mark (get_private (self)->list, oc_record_id (get_private (self)->record));
}

/* The record with this id, else the first one, else none. */
static void
choose (OcRecordScreen *self, gint64 id)
{
    OcRecordScreenPrivate *priv = get_private (self);
    int row = oc_record_find (priv->all, id);
    g_autoptr(OcFields) record = NULL;

    if (row < 0 && OC_RECORD_SCREEN_GET_CLASS (self)->columns != NULL)
        row = oc_record_find (priv->all, oc_record_list_first (priv->list));
    else if (row < 0 && priv->all != NULL && oc_rows_count (priv->all) > 0)
        row = 0;
    record = row >= 0 ? oc_record_of_row (priv->all, (guint) row) : NULL;
    show_record (self, record, FALSE);
    mark_row (self);
}

static void
on_chosen_cb (OcRecordScreen *self, gint64 id)
{
    if (id == oc_record_id (get_private (self)->record))
        return;
    if (is_dirty (self))
        mark_row (self); /* it stays until the question is answered */
    oc_record_acts_leave (self, choose, id);
}

static void
on_activated_cb (OcRecordScreen *self)
{
    oc_form_start (get_private (self)->form);
}

/* OcScreen ----------------------------------------------------------------------------------------------------------- */

static void
oc_record_screen_refresh (OcScreen *screen)
{
    oc_record_load (OC_RECORD_SCREEN (screen));
}

static void
oc_record_screen_update_actions (OcScreen *screen)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (screen);
    OcRecordScreenPrivate *priv = get_private (self);
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);
    gboolean idle = !oc_screen_is_working (screen);
    gboolean open = idle && (priv->is_new || is_dirty (self));

    gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.add", idle && klass->new_title != NULL && priv->all != NULL);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.save", open);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.discard", klass->discard != NULL ? idle : open);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.delete", idle && !klass->keeps && priv->record != NULL);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.undo", idle && priv->change != 0);
}

/* A new record without a word in it is no work that could be lost. */
static gboolean
oc_record_screen_back (OcScreen *screen)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (screen);

    if (!get_private (self)->is_new || is_dirty (self))
        return FALSE;
    oc_record_acts_discard (self);
    return TRUE;
}

static void
oc_record_screen_start (OcScreen *screen)
{
    OcRecordScreenPrivate *priv = get_private (OC_RECORD_SCREEN (screen));

    priv->starting = priv->all == NULL;
    if (priv->is_new || !gtk_widget_get_visible (priv->list_side))
        oc_form_start (priv->form);
    else if (priv->own_list != NULL)
        gtk_widget_child_focus (priv->own_list, GTK_DIR_TAB_FORWARD);
    else
        oc_record_list_start (priv->list);
}

/* GObject ------------------------------------------------------------------------------------------------------------ */

static void
on_edited_cb (OcRecordScreen *self)
{
    if (OC_RECORD_SCREEN_GET_CLASS (self)->edited != NULL)
        OC_RECORD_SCREEN_GET_CLASS (self)->edited (self);
    show_changes (self);
}

static void
on_submitted_cb (OcRecordScreen *self)
{
    gtk_widget_activate_action (GTK_WIDGET (self), "record.save", NULL);
}

static void
oc_record_screen_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
    OcRecordScreenPrivate *priv = get_private (OC_RECORD_SCREEN (buildable));

    if (g_strcmp0 (type, "form") == 0) {
        priv->form = OC_FORM (child);
        gtk_scrolled_window_set_child (priv->scroller, GTK_WIDGET (child));
        g_signal_connect_object (child, "changed", G_CALLBACK (on_edited_cb), buildable, G_CONNECT_SWAPPED);
        g_signal_connect_object (child, "submitted", G_CALLBACK (on_submitted_cb), buildable, G_CONNECT_SWAPPED);
    } else if (g_strcmp0 (type, "list") == 0) {
        priv->own_list = GTK_WIDGET (child);
        gtk_box_append (GTK_BOX (priv->list_side), priv->own_list);
    } else if (g_strcmp0 (type, "tool") == 0) {
        gtk_box_append (priv->tools, GTK_WIDGET (child));
    } else {
        parent_buildable->add_child (buildable, builder, child, type);
    }
}

static void
oc_record_screen_buildable_init (GtkBuildableIface *iface)
{
    parent_buildable = g_type_interface_peek_parent (iface);
    iface->add_child = oc_record_screen_add_child;
}

/* The form is made: it is a child of the subclass's template. */
static void
oc_record_screen_constructed (GObject *object)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (object);
    OcRecordScreenPrivate *priv = get_private (self);
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);

    G_OBJECT_CLASS (oc_record_screen_parent_class)->constructed (object);
    g_assert (priv->form != NULL);
    gtk_label_set_label (priv->title, _(klass->title));
    gtk_label_set_label (priv->purpose, _(klass->purpose));
    gtk_widget_set_visible (priv->list_side, klass->columns != NULL || priv->own_list != NULL);
    gtk_widget_set_visible (GTK_WIDGET (priv->list), klass->columns != NULL);
    gtk_widget_set_visible (GTK_WIDGET (priv->tools), gtk_widget_get_visible (priv->list_side));
    gtk_widget_set_visible (priv->delete, !klass->keeps);
    if (klass->columns != NULL)
        oc_record_list_set_up (priv->list, klass->columns, klass->n_columns, _(klass->title), klass->icon, _(klass->empty_text));
    oc_record_list_set_grows (priv->list, klass->new_title != NULL);
    if (klass->discard != NULL)
        gtk_button_set_label (priv->discard, _(klass->discard));
    show_record (self, NULL, FALSE);
}

/* No gtk_widget_dispose_template () here: GTK 4.8 looks for the children of a base's template in that of the subclass
 * and asserts. OcScreen lets the content go. */
static void
oc_record_screen_dispose (GObject *object)
{
    OcRecordScreenPrivate *priv = get_private (OC_RECORD_SCREEN (object));

    g_clear_object (&priv->all);
    g_clear_pointer (&priv->record, oc_fields_unref);
    G_OBJECT_CLASS (oc_record_screen_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/record-screen.ui");
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, title);
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, purpose);
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, list_side);
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, form_side);
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, delete);
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, list);
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, discard);
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, tools);
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, heading);
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, changes);
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, scroller);
    gtk_widget_class_bind_template_child_private (widget_class, OcRecordScreen, save_bar);
    gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_activated_cb);
}

static void
oc_record_screen_class_init (OcRecordScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcScreenClass *screen_class = OC_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_record_screen_constructed;
    G_OBJECT_CLASS (klass)->dispose = oc_record_screen_dispose;
    screen_class->refresh = oc_record_screen_refresh;
    screen_class->update_actions = oc_record_screen_update_actions;
    screen_class->back = oc_record_screen_back;
    screen_class->start = oc_record_screen_start;
    klass->name = "name";
    g_type_ensure (OC_TYPE_RECORD_LIST);
    g_type_ensure (OC_TYPE_FORM);
    g_type_ensure (OC_TYPE_FORM_FIELD);
    bind_template (widget_class);
    oc_record_acts_install (widget_class);
}

static void
oc_record_screen_init (OcRecordScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_record_acts_add_keys (self);
}

/* Public ------------------------------------------------------------------------------------------------------------- */

OcForm *
oc_record_screen_get_form (OcRecordScreen *self)
{
    g_return_val_if_fail (OC_IS_RECORD_SCREEN (self), NULL);
    return get_private (self)->form;
}

const OcFields *
oc_record_screen_get_record (OcRecordScreen *self)
{
    g_return_val_if_fail (OC_IS_RECORD_SCREEN (self), NULL);
    return get_private (self)->record;
}

OcRows *
oc_record_screen_get_rows (OcRecordScreen *self)
{
    g_return_val_if_fail (OC_IS_RECORD_SCREEN (self), NULL);
    return get_private (self)->all;
}

gboolean
oc_record_screen_is_new (OcRecordScreen *self)
{
    g_return_val_if_fail (OC_IS_RECORD_SCREEN (self), FALSE);
    return get_private (self)->is_new;
}

OcFields *
oc_record_screen_read (OcRecordScreen *self)
{
    OcFields *values;

    g_return_val_if_fail (OC_IS_RECORD_SCREEN (self), NULL);
    values = oc_form_read (get_private (self)->form);
    if (get_private (self)->record != NULL)
        oc_record_complete (values, get_private (self)->record);
    return values;
}

gboolean
oc_record_screen_is_dirty (OcRecordScreen *self)
{
    g_return_val_if_fail (OC_IS_RECORD_SCREEN (self), FALSE);
    return is_dirty (self);
}

void
oc_record_screen_show (OcRecordScreen *self, OcFields *record)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    show_record (self, record, FALSE);
}

void
oc_record_screen_begin (OcRecordScreen *self, const OcFields *values)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    show_record (self, NULL, TRUE);
    mark_row (self);
    oc_form_start (get_private (self)->form);
    if (values == NULL)
        return;
    oc_form_put (get_private (self)->form, values);
    show_changes (self);
}

/* For its acts ------------------------------------------------------------------------------------------------------- */

const char *
oc_record_screen_get_name (OcRecordScreen *self)
{
    g_return_val_if_fail (OC_IS_RECORD_SCREEN (self), NULL);
    return name_of (self, get_private (self)->record);
}

const char *
oc_record_screen_get_heading (OcRecordScreen *self)
{
    g_return_val_if_fail (OC_IS_RECORD_SCREEN (self), NULL);
    return gtk_label_get_label (get_private (self)->heading);
}

void
oc_record_screen_reset (OcRecordScreen *self)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    if (OC_RECORD_SCREEN_GET_CLASS (self)->discarded != NULL)
        OC_RECORD_SCREEN_GET_CLASS (self)->discarded (self);
    else
        choose (self, oc_record_id (get_private (self)->record));
}

void
oc_record_screen_rebase (OcRecordScreen *self, const char *row_version)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self) && get_private (self)->record != NULL);
    oc_fields_set (get_private (self)->record, "row_version", row_version);
}

void
oc_record_screen_want (OcRecordScreen *self, gint64 id)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    get_private (self)->wanted = id;
}

/* What is being changed stays; what is not, follows the database. */
void
oc_record_screen_take_rows (OcRecordScreen *self, OcRows *rows)
{
    OcRecordScreenPrivate *priv = get_private (self);
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);
    gint64 wanted = priv->wanted != 0 ? priv->wanted : oc_record_id (priv->record);

    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    g_set_object (&priv->all, rows);
    if (klass->columns != NULL)
        oc_record_list_set_rows (priv->list, rows);
    priv->wanted = 0;
    if (klass->rows_came != NULL)
        klass->rows_came (self, rows, wanted);
    else if (!is_dirty (self) && !priv->is_new)
        choose (self, wanted);
    if (priv->starting && oc_screen_is_shown (OC_SCREEN (self)))
        oc_screen_start (OC_SCREEN (self));
}

void
oc_record_screen_tell (OcRecordScreen *self, const char *text, gint64 change)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    get_private (self)->change = change;
    oc_screen_show_message (OC_SCREEN (self), "success", text);
    if (change != 0)
        oc_screen_offer (OC_SCREEN (self), _("Undo"), "record.undo");
}

gint64
oc_record_screen_get_change (OcRecordScreen *self)
{
    g_return_val_if_fail (OC_IS_RECORD_SCREEN (self), 0);
    return get_private (self)->change;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record shape. What the form was filled from is kept with its version: the database tells who comes second, and then
 * both versions are shown. */
#include "ui/record-screen.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "ui/ask.h"
#include "ui/form-field.h"
#include "ui/present-error.h"
#include "ui/record-conflict.h"
#include "ui/record-list.h"
#include "ui/record.h"
#include "ui/setting-change.h"

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

    gtk_label_set_label (priv->changes, n > 0 ? text : "");
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

typedef struct {
    OcRecordScreen *screen;
    OcRecordLeave proceed;
    gint64 id;
} Leaving;

static void
on_leave_answered_cb (OcAnswer answer, gpointer data)
{
    g_autofree Leaving *leaving = data;
    g_autoptr(OcRecordScreen) self = leaving->screen;

    if (!oc_screen_is_shown (OC_SCREEN (self)))
        return;
    if (answer == OC_ANSWER_OTHER)
        leaving->proceed (self, leaving->id);
    else if (answer == OC_ANSWER_YES)
        gtk_widget_activate_action (GTK_WIDGET (self), "record.save", NULL);
}

/* Goes on at once, or after asking about what is not saved. */
static void
leave_record (OcRecordScreen *self, OcRecordLeave proceed, gint64 id)
{
    OcRecordScreenPrivate *priv = get_private (self);
    Leaving *leaving;

    if (!is_dirty (self)) {
        proceed (self, id);
        return;
    }
    leaving = g_new (Leaving, 1);
    *leaving = (Leaving){ g_object_ref (self), proceed, id };
    oc_ask (GTK_WIDGET (self), &(OcQuestion){ .title = _("Unsaved changes"), .question = _("Save the changes first?"),
        .explanation = gtk_label_get_label (priv->heading), .yes = _("Save"), .other = _("Do not save") },
        on_leave_answered_cb, leaving);
}

static void
on_chosen_cb (OcRecordScreen *self, gint64 id)
{
    if (id == oc_record_id (get_private (self)->record))
        return;
    if (is_dirty (self))
        mark_row (self); /* it stays until the question is answered */
    leave_record (self, choose, id);
}

static void
on_activated_cb (OcRecordScreen *self)
{
    oc_form_start (get_private (self)->form);
}

/* Loading ---------------------------------------------------------------------------------------------------------- */

/* What is being changed stays; what is not, follows the database. */
static void
take_rows (OcRecordScreen *self, OcRows *rows)
{
    OcRecordScreenPrivate *priv = get_private (self);
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);
    gint64 wanted = priv->wanted != 0 ? priv->wanted : oc_record_id (priv->record);

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

typedef struct {
    OcBusy *busy;
    const char *list; /* NULL: the records */
} Load;

static void
on_list_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree Load *load = data;
    g_autoptr(OcBusy) busy = load->busy;
    g_autoptr(GError) error = NULL;
    OcRecordScreen *self = oc_busy_get_screen (busy);
    g_autoptr(OcRows) rows = load->list != NULL ? oc_list_finish (OC_DESK (source), result, &error)
                                                : oc_setting_list_finish (OC_DESK (source), result, &error);

    if (self == NULL)
        return;
    if (rows == NULL)
        oc_present_error (GTK_WIDGET (self), error);
    else if (load->list == NULL)
        take_rows (self, rows);
    else
        OC_RECORD_SCREEN_GET_CLASS (self)->list_came (self, load->list, rows);
}

static void
ask_list (OcRecordScreen *self, const char *list)
{
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (self));
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);
    Load *load = g_new0 (Load, 1);
    GCancellable *cancellable;

    load->busy = oc_screen_busy (OC_SCREEN (self), get_private (self)->all == NULL ? _("Asking the database") : NULL);
    load->list = list;
    cancellable = oc_busy_get_cancellable (load->busy);
    if (list != NULL)
        oc_list_async (desk, list, cancellable, on_list_cb, load);
    else
        oc_setting_list_async (desk, klass->kind, 0, cancellable, on_list_cb, load);
}

/* The lane answers in this order: what is chosen from is there before the records are. */
static void
oc_record_screen_refresh (OcScreen *screen)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (screen);
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);

    for (guint i = 0; klass->lists != NULL && klass->lists[i] != NULL; i++)
        ask_list (self, klass->lists[i]);
    ask_list (self, NULL);
}

/* Changing --------------------------------------------------------------------------------------------------------- */

typedef struct {
    OcRecordScreen *screen;
    OcFields *theirs; /* NULL: deleted */
} Conflict;

static void
conflict_free (Conflict *self)
{
    g_clear_pointer (&self->theirs, oc_fields_unref);
    g_object_unref (self->screen);
    g_free (self);
}

/* Mine are the changes on their record: saving it now is what the person decided. */
static void
on_conflict_decided_cb (gboolean keep_mine, gpointer data)
{
    Conflict *conflict = data;
    OcRecordScreen *self = conflict->screen;
    OcRecordScreenPrivate *priv = get_private (self);
    g_autoptr(OcFields) mine = oc_form_read (priv->form);

    if (!keep_mine) {
        show_record (self, conflict->theirs, FALSE);
        oc_screen_refresh (OC_SCREEN (self));
    } else if (conflict->theirs == NULL) {
        oc_record_screen_begin (self, mine);
    } else {
        oc_fields_set (priv->record, "row_version", oc_fields_get (conflict->theirs, "row_version"));
        gtk_widget_activate_action (GTK_WIDGET (self), "record.save", NULL);
    }
}

static void
show_conflict (OcRecordScreen *self, const OcSaved *saved)
{
    OcRecordScreenPrivate *priv = get_private (self);
    g_autoptr(OcFields) mine = oc_record_screen_read (self);
    g_autoptr(OcFields) mine_lines = oc_form_describe (priv->form, mine);
    g_autoptr(OcFields) their_lines = NULL;
    Conflict *conflict = g_new0 (Conflict, 1);

    conflict->screen = g_object_ref (self);
    if (oc_rows_count (saved->row) > 0) {
        conflict->theirs = oc_record_of_row (saved->row, 0);
        their_lines = oc_form_describe (priv->form, conflict->theirs);
    }
    oc_record_conflict_present (GTK_WIDGET (self), &(OcConflict){ saved->conflict->message, mine_lines, their_lines },
        on_conflict_decided_cb, conflict, (GDestroyNotify) conflict_free);
}

static void
refuse (OcRecordScreen *self, const GError *error)
{
    const char *field = oc_error_get_field (error);

    if (field == NULL || !oc_form_show_error (get_private (self)->form, field, error->message))
        oc_present_error (GTK_WIDGET (self), error);
}

/* What can be taken back is offered to be. */
static void
tell_done (OcRecordScreen *self, const char *text, gint64 change)
{
    get_private (self)->change = change;
    oc_screen_show_message (OC_SCREEN (self), "success", text);
    if (change != 0)
        oc_screen_offer (OC_SCREEN (self), _("Undo"), "record.undo");
}

static void
tell_changed (OcRecordScreen *self, OcSettingVerb verb, gint64 change)
{
    g_autofree char *text = NULL;

    if (verb == OC_SETTING_UNDO) {
        tell_done (self, _("Taken back: it is again as it was before."), 0);
        return;
    }
    /* Translators: %s is the name of a record. */
    text = g_strdup_printf (verb == OC_SETTING_SAVE ? _("Saved: %s") : _("Deleted: %s"),
        gtk_label_get_label (get_private (self)->heading));
    tell_done (self, text, change);
}

/* The form shows what is there now, so nothing in it is a change any more. */
static void
take_saved (OcRecordScreen *self, OcSettingVerb verb, const OcSaved *saved)
{
    g_autoptr(OcFields) now = oc_rows_count (saved->row) > 0 ? oc_record_of_row (saved->row, 0) : NULL;

    if (verb != OC_SETTING_DELETE)
        show_record (self, now, FALSE);
    tell_changed (self, verb, saved->change);
    if (verb == OC_SETTING_DELETE)
        show_record (self, NULL, FALSE);
    get_private (self)->wanted = saved->id;
    oc_screen_refresh (OC_SCREEN (self));
}

static void
on_changed_cb (OcScreen *screen, const OcSettingAsk *ask, const OcSaved *saved, const GError *error)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (screen);

    if (saved == NULL)
        refuse (self, error);
    else if (saved->conflict != NULL)
        show_conflict (self, saved);
    else
        take_saved (self, ask->verb, saved);
}

static void
change_record (OcRecordScreen *self, OcSettingAsk *ask)
{
    OcRecordScreenPrivate *priv = get_private (self);

    ask->kind = OC_RECORD_SCREEN_GET_CLASS (self)->kind;
    if (ask->verb != OC_SETTING_UNDO && priv->record != NULL) {
        ask->id = oc_record_id (priv->record);
        ask->row_version = oc_record_version (priv->record);
    }
    oc_setting_change_ask (OC_SCREEN (self), ask, on_changed_cb);
}

void
oc_record_screen_send (OcRecordScreen *self, const OcFields *more, const char *password)
{
    g_autoptr(OcFields) fields = NULL;

    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    fields = oc_form_read (get_private (self)->form);
    for (guint i = 0; more != NULL && i < oc_fields_count (more); i++)
        oc_fields_set (fields, oc_fields_name (more, i), oc_fields_value (more, i));
    change_record (self, &(OcSettingAsk){ .verb = OC_SETTING_SAVE, .fields = fields, .password = password });
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (widget);
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);

    oc_form_clear_errors (get_private (self)->form);
    if (!oc_form_check (get_private (self)->form) || (klass->check != NULL && !klass->check (self)))
        return;
    if (klass->save != NULL)
        klass->save (self);
    else
        oc_record_screen_send (self, NULL, NULL);
}

static void
discard_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (widget);

    if (OC_RECORD_SCREEN_GET_CLASS (self)->discarded != NULL)
        OC_RECORD_SCREEN_GET_CLASS (self)->discarded (self);
    else
        choose (self, oc_record_id (get_private (self)->record));
    oc_screen_refresh (OC_SCREEN (self));
    oc_screen_start (OC_SCREEN (self));
}

static void
begin_new (OcRecordScreen *self, gint64 id)
{
    show_record (self, NULL, TRUE);
    mark_row (self);
    oc_form_start (get_private (self)->form);
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *target)
{
    leave_record (OC_RECORD_SCREEN (widget), begin_new, 0);
}

/* Deleting and taking back ------------------------------------------------------------------------------------------ */

static void
delete_record (OcRecordScreen *self)
{
    change_record (self, &(OcSettingAsk){ .verb = OC_SETTING_DELETE });
}

static void
on_delete_answered_cb (OcAnswer answer, gpointer data)
{
    g_autoptr(OcRecordScreen) self = data;

    if (answer == OC_ANSWER_YES && oc_screen_is_shown (OC_SCREEN (self)) && get_private (self)->record != NULL)
        delete_record (self);
}

/* Only what can't be taken back is asked about. */
static void
delete_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (widget);
    OcRecordScreenPrivate *priv = get_private (self);
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);
    g_autofree char *warning = klass->delete_warning != NULL ? klass->delete_warning (self, priv->record) : NULL;
    g_autofree char *question = NULL;

    if (warning == NULL) {
        delete_record (self);
        return;
    }
    /* Translators: %s is the name of a record. */
    question = g_strdup_printf (_("Delete “%s”?"), name_of (self, priv->record));
    oc_ask (widget, &(OcQuestion){ .title = _("Delete"), .question = question, .explanation = warning, .yes = _("Delete"),
        .destroys = TRUE }, on_delete_answered_cb, g_object_ref (self));
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (widget);

    change_record (self, &(OcSettingAsk){ .verb = OC_SETTING_UNDO, .id = get_private (self)->change });
}

/* OcScreen ----------------------------------------------------------------------------------------------------------- */

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
    discard_action (GTK_WIDGET (self), NULL, NULL);
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
    gtk_widget_class_install_action (widget_class, "record.add", NULL, add_action);
    gtk_widget_class_install_action (widget_class, "record.save", NULL, save_action);
    gtk_widget_class_install_action (widget_class, "record.discard", NULL, discard_action);
    gtk_widget_class_install_action (widget_class, "record.delete", NULL, delete_action);
    gtk_widget_class_install_action (widget_class, "record.undo", NULL, undo_action);
}

static gboolean
takes_keys (GtkWidget *widget)
{
    return oc_screen_is_shown (OC_SCREEN (widget)) && gtk_widget_is_sensitive (widget);
}

/* The keys work wherever the caret is, also nowhere; of the screens that live, the one that is seen takes them. */
static gboolean
on_add_key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
    return takes_keys (widget) && gtk_widget_activate_action (widget, "record.add", NULL);
}

static gboolean
on_save_key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
    return takes_keys (widget) && gtk_widget_activate_action (widget, "record.save", NULL);
}

static void
add_key (GtkEventController *keys, guint key, GtkShortcutFunc func)
{
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
        gtk_shortcut_new (gtk_keyval_trigger_new (key, GDK_CONTROL_MASK), gtk_callback_action_new (func, NULL, NULL)));
}

static void
oc_record_screen_init (OcRecordScreen *self)
{
    GtkEventController *keys = gtk_shortcut_controller_new ();

    gtk_widget_init_template (GTK_WIDGET (self));
    gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
    add_key (keys, GDK_KEY_n, on_add_key_cb);
    add_key (keys, GDK_KEY_s, on_save_key_cb);
    gtk_widget_add_controller (GTK_WIDGET (self), keys);
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
oc_record_screen_leave (OcRecordScreen *self, OcRecordLeave proceed, gint64 id)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    leave_record (self, proceed, id);
}

void
oc_record_screen_done (OcRecordScreen *self, const char *text, const GError *error)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    if (error != NULL) {
        refuse (self, error);
        return;
    }
    tell_done (self, text, 0);
    oc_screen_refresh (OC_SCREEN (self));
}

void
oc_record_screen_begin (OcRecordScreen *self, const OcFields *values)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    begin_new (self, 0);
    oc_form_put (get_private (self)->form, values);
    show_changes (self);
}

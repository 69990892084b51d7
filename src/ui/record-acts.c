/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person does with records. */
#include "ui/record-acts.h"

#include <glib/gi18n-lib.h>

#include "ui/ask.h"
#include "ui/record-change.h"

/* Leaving ---------------------------------------------------------------------------------------------------------- */

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

void
oc_record_acts_leave (OcRecordScreen *self, OcRecordLeave proceed, gint64 id)
{
    Leaving *leaving;

    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    if (!oc_record_screen_is_dirty (self)) {
        proceed (self, id);
        return;
    }
    leaving = g_new (Leaving, 1);
    *leaving = (Leaving){ g_object_ref (self), proceed, id };
    oc_ask (GTK_WIDGET (self), &(OcQuestion){ .title = _("Unsaved changes"), .question = _("Save the changes first?"),
        .explanation = oc_record_screen_get_heading (self), .yes = _("Save"), .other = _("Do not save") },
        on_leave_answered_cb, leaving);
}

/* Acts ------------------------------------------------------------------------------------------------------------- */

static void
begin_new (OcRecordScreen *self, gint64 unused)
{
    oc_record_screen_begin (self, NULL);
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *target)
{
    oc_record_acts_leave (OC_RECORD_SCREEN (widget), begin_new, 0);
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (widget);
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);

    oc_form_clear_errors (oc_record_screen_get_form (self));
    if (!oc_form_check (oc_record_screen_get_form (self)) || (klass->check != NULL && !klass->check (self)))
        return;
    if (klass->save != NULL)
        klass->save (self);
    else
        oc_record_change_save (self, NULL, NULL);
}

static void
discard_action (GtkWidget *widget, const char *name, GVariant *target)
{
    oc_record_acts_discard (OC_RECORD_SCREEN (widget));
}

static void
on_delete_answered_cb (OcAnswer answer, gpointer data)
{
    g_autoptr(OcRecordScreen) self = data;

    if (answer == OC_ANSWER_YES && oc_screen_is_shown (OC_SCREEN (self)) && oc_record_screen_get_record (self) != NULL)
        oc_record_change_delete (self);
}

/* Only what can't be taken back is asked about. */
static void
delete_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (widget);
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);
    const OcFields *record = oc_record_screen_get_record (self);
    g_autofree char *warning = klass->delete_warning != NULL ? klass->delete_warning (self, record) : NULL;
    g_autofree char *question = NULL;

    if (warning == NULL) {
        oc_record_change_delete (self);
        return;
    }
    /* Translators: %s is the name of a record. */
    question = g_strdup_printf (_("Delete “%s”?"), oc_record_screen_get_name (self));
    oc_ask (widget, &(OcQuestion){ .title = _("Delete"), .question = question, .explanation = warning, .yes = _("Delete"),
        .destroys = TRUE }, on_delete_answered_cb, g_object_ref (self));
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcRecordScreen *self = OC_RECORD_SCREEN (widget);

    oc_record_change_undo (self, oc_record_screen_get_change (self));
}

/* Keys ------------------------------------------------------------------------------------------------------------- */

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

/* Public ----------------------------------------------------------------------------------------------------------- */

void
oc_record_acts_install (GtkWidgetClass *klass)
{
    gtk_widget_class_install_action (klass, "record.add", NULL, add_action);
    gtk_widget_class_install_action (klass, "record.save", NULL, save_action);
    gtk_widget_class_install_action (klass, "record.discard", NULL, discard_action);
    gtk_widget_class_install_action (klass, "record.delete", NULL, delete_action);
    gtk_widget_class_install_action (klass, "record.undo", NULL, undo_action);
}

void
oc_record_acts_add_keys (OcRecordScreen *self)
{
    GtkEventController *keys = gtk_shortcut_controller_new ();

    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
    add_key (keys, GDK_KEY_n, on_add_key_cb);
    add_key (keys, GDK_KEY_s, on_save_key_cb);
    gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

void
oc_record_acts_discard (OcRecordScreen *self)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    oc_record_screen_reset (self);
    oc_screen_refresh (OC_SCREEN (self));
    oc_screen_start (OC_SCREEN (self));
}

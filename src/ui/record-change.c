/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of a record. */
#include "ui/record-change.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "ui/present-error.h"
#include "ui/record-conflict.h"
#include "ui/record.h"
#include "ui/setting-change.h"

/* Somebody came first ---------------------------------------------------------------------------------------------- */

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
    g_autoptr(OcFields) mine = oc_form_read (oc_record_screen_get_form (self));

    if (!keep_mine) {
        oc_record_screen_show (self, conflict->theirs);
        oc_screen_refresh (OC_SCREEN (self));
    } else if (conflict->theirs == NULL) {
        oc_record_screen_begin (self, mine);
    } else {
        oc_record_screen_rebase (self, oc_fields_get (conflict->theirs, "row_version"));
        gtk_widget_activate_action (GTK_WIDGET (self), "record.save", NULL);
    }
}

static void
show_conflict (OcRecordScreen *self, const OcSaved *saved)
{
    OcForm *form = oc_record_screen_get_form (self);
    g_autoptr(OcFields) mine = oc_record_screen_read (self);
    g_autoptr(OcFields) mine_lines = oc_form_describe (form, mine);
    g_autoptr(OcFields) their_lines = NULL;
    Conflict *conflict = g_new0 (Conflict, 1);

    conflict->screen = g_object_ref (self);
    if (oc_rows_count (saved->row) > 0) {
        conflict->theirs = oc_record_of_row (saved->row, 0);
        their_lines = oc_form_describe (form, conflict->theirs);
    }
    oc_record_conflict_present (GTK_WIDGET (self), &(OcConflict){ saved->conflict->message, mine_lines, their_lines },
        on_conflict_decided_cb, conflict, (GDestroyNotify) conflict_free);
}

/* The answer ------------------------------------------------------------------------------------------------------- */

static void
refuse (OcRecordScreen *self, const GError *error)
{
    const char *field = oc_error_get_field (error);

    if (field == NULL || !oc_form_show_error (oc_record_screen_get_form (self), field, error->message))
        oc_present_error (GTK_WIDGET (self), error);
}

static void
tell_changed (OcRecordScreen *self, OcSettingVerb verb, gint64 change)
{
    g_autofree char *text = NULL;

    if (verb == OC_SETTING_UNDO) {
        oc_record_screen_tell (self, _("Taken back: it is again as it was before."), 0);
        return;
    }
    /* Translators: %s is the name of a record. */
    text = g_strdup_printf (verb == OC_SETTING_SAVE ? _("Saved: %s") : _("Deleted: %s"),
        oc_record_screen_get_heading (self));
    oc_record_screen_tell (self, text, change);
}

/* The form shows what is there now, so nothing in it is a change any more. */
static void
take_saved (OcRecordScreen *self, OcSettingVerb verb, const OcSaved *saved)
{
    g_autoptr(OcFields) now = oc_rows_count (saved->row) > 0 ? oc_record_of_row (saved->row, 0) : NULL;

    if (verb != OC_SETTING_DELETE)
        oc_record_screen_show (self, now);
    tell_changed (self, verb, saved->change);
    if (verb == OC_SETTING_DELETE)
        oc_record_screen_show (self, NULL);
    oc_record_screen_want (self, saved->id);
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

/* The question ----------------------------------------------------------------------------------------------------- */

static void
change_record (OcRecordScreen *self, OcSettingAsk *ask)
{
    const OcFields *record = oc_record_screen_get_record (self);

    ask->kind = OC_RECORD_SCREEN_GET_CLASS (self)->kind;
    if (ask->verb != OC_SETTING_UNDO && record != NULL) {
        ask->id = oc_record_id (record);
        ask->row_version = oc_record_version (record);
    }
    oc_setting_change_ask (OC_SCREEN (self), ask, on_changed_cb);
}

void
oc_record_change_save (OcRecordScreen *self, const OcFields *more, const char *password)
{
    g_autoptr(OcFields) fields = NULL;

    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    fields = oc_form_read (oc_record_screen_get_form (self));
    for (guint i = 0; more != NULL && i < oc_fields_count (more); i++)
        oc_fields_set (fields, oc_fields_name (more, i), oc_fields_value (more, i));
    change_record (self, &(OcSettingAsk){ .verb = OC_SETTING_SAVE, .fields = fields, .password = password });
}

void
oc_record_change_send (OcRecordScreen *self, OcFields *fields)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self) && fields != NULL);
    change_record (self, &(OcSettingAsk){ .verb = OC_SETTING_SAVE, .fields = fields });
}

void
oc_record_change_delete (OcRecordScreen *self)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    change_record (self, &(OcSettingAsk){ .verb = OC_SETTING_DELETE });
}

void
oc_record_change_undo (OcRecordScreen *self, gint64 change)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    change_record (self, &(OcSettingAsk){ .verb = OC_SETTING_UNDO, .id = change });
}

void
oc_record_change_done (OcRecordScreen *self, const char *text, const GError *error)
{
    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    if (error != NULL) {
        refuse (self, error);
        return;
    }
    oc_record_screen_tell (self, text, 0);
    oc_screen_refresh (OC_SCREEN (self));
}

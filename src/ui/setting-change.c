/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of settings. */
#include "ui/setting-change.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "ui/approval.h"

#define NEEDS_APPROVAL "OC117"

typedef struct {
    grefcount refs;
    OcScreen *screen;
    OcBusy *busy;
    OcSettingAsk ask; /* strings are ours */
    OcSettingChanged changed;
} Change;

static void
change_unref (Change *self)
{
    if (!g_ref_count_dec (&self->refs))
        return;
    g_clear_pointer (&self->ask.fields, oc_fields_unref);
    g_free ((char *) self->ask.request_id);
    g_free ((char *) self->ask.kind);
    g_object_unref (self->screen);
    g_free (self);
}

static void ask (Change *self, const char *password);

static void
on_approved_cb (gpointer data)
{
    Change *self = data;

    if (oc_screen_is_shown (self->screen)) {
        g_ref_count_inc (&self->refs);
        ask (self, NULL);
    }
}

static void
on_changed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Change *self = data;
    g_autoptr(OcBusy) busy = g_steal_pointer (&self->busy);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSaved) saved = oc_setting_change_finish (OC_DESK (source), result, &error);

    if (oc_busy_get_screen (busy) == NULL) {
        change_unref (self);
    } else if (g_strcmp0 (oc_error_get_code (error), NEEDS_APPROVAL) == 0) {
        oc_approval_present (GTK_WIDGET (self->screen), OC_DESK (source), error, on_approved_cb, self,
            (GDestroyNotify) change_unref);
    } else {
        self->changed (self->screen, &self->ask, saved, error);
        change_unref (self);
    }
}

static const char *
words_of (OcSettingVerb verb)
{
    switch (verb) {
    case OC_SETTING_DELETE:
        return _("Deleting");
    case OC_SETTING_UNDO:
        return _("Taking back");
    case OC_SETTING_SAVE:
        break;
    }
    return _("Saving");
}

static void
ask (Change *self, const char *password)
{
    OcSettingAsk now = self->ask;

    now.password = password;
    self->busy = oc_screen_busy (self->screen, words_of (now.verb));
    oc_setting_change_async (oc_screen_get_desk (self->screen), &now, oc_busy_get_cancellable (self->busy), on_changed_cb, self);
}

void
oc_setting_change_ask (OcScreen *screen, const OcSettingAsk *wanted, OcSettingChanged changed)
{
    Change *self = g_new0 (Change, 1);

    g_return_if_fail (OC_IS_SCREEN (screen));
    g_ref_count_init (&self->refs);
    self->screen = g_object_ref (screen);
    self->ask = *wanted;
    self->ask.request_id = oc_request_id ();
    self->ask.kind = g_strdup (wanted->kind);
    self->ask.fields = wanted->fields != NULL ? oc_fields_ref (wanted->fields) : NULL;
    self->ask.password = NULL;
    self->changed = changed;
    ask (self, wanted->password);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading. */
#include "ui/record-load.h"

#include <glib/gi18n-lib.h>

#include "ui/present-error.h"

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
        oc_present_load_error (OC_SCREEN (self), error);
    else if (load->list == NULL)
        oc_record_screen_take_rows (self, rows);
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

    load->busy = oc_screen_busy (OC_SCREEN (self), oc_record_screen_get_rows (self) == NULL ? _("Asking the database") : NULL);
    load->list = list;
    cancellable = oc_busy_get_cancellable (load->busy);
    if (list != NULL)
        oc_list_async (desk, list, cancellable, on_list_cb, load);
    else
        oc_setting_list_async (desk, klass->kind, 0, cancellable, on_list_cb, load);
}

/* The lane answers in this order: what is chosen from is there before the records are. */
void
oc_record_load (OcRecordScreen *self)
{
    OcRecordScreenClass *klass = OC_RECORD_SCREEN_GET_CLASS (self);

    g_return_if_fail (OC_IS_RECORD_SCREEN (self));
    for (guint i = 0; klass->lists != NULL && klass->lists[i] != NULL; i++)
        ask_list (self, klass->lists[i]);
    ask_list (self, NULL);
}

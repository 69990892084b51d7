/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Four lists, asked for at once. */
#include "ui/meter-lists.h"

#include "ops/ops.h"
#include "ui/present-error.h"

typedef struct {
    OcBusy *busy;
    OcMeterLists *lists; /* in the screen: there as long as the busy has a screen, as is the owner */
    OcRows **place;
    OcMeterListsLoaded loaded;
    gpointer owner;
} Load;

gboolean
oc_meter_lists_are_there (const OcMeterLists *lists)
{
    return lists->slots != NULL && lists->meter_models != NULL && lists->user_types != NULL && lists->prices != NULL;
}

static void
on_list_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree Load *load = data;
    g_autoptr(OcBusy) busy = load->busy;
    OcScreen *screen = oc_busy_get_screen (busy);
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_list_finish (OC_DESK (source), result, &error);

    if (screen == NULL)
        return;
    if (rows == NULL) {
        oc_present_load_error (screen, error);
        return;
    }
    g_set_object (load->place, rows);
    if (oc_meter_lists_are_there (load->lists))
        load->loaded (load->owner);
}

void
oc_meter_lists_load (OcMeterLists *lists, OcScreen *screen, OcMeterListsLoaded loaded, gpointer owner)
{
    const struct {
        const char *name;
        OcRows **place;
    } all[] = {
        { "slots", &lists->slots }, { "meter_models", &lists->meter_models }, { "user_types", &lists->user_types },
        { "prices", &lists->prices },
    };

    for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
        Load *load = g_new (Load, 1);
        *load = (Load){ oc_screen_busy (screen, NULL), lists, all[i].place, loaded, owner };
        oc_list_async (oc_screen_get_desk (screen), all[i].name, oc_busy_get_cancellable (load->busy), on_list_cb, load);
    }
}

GStrv
oc_meter_names (OcRows *rows, const char *meter_type)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

    for (guint i = 0; i < oc_rows_count (rows); i++)
        if (oc_rows_bool (rows, i, "active") && g_str_equal (oc_rows_text (rows, i, "meter_type"), meter_type))
            g_strv_builder_add (names, oc_rows_text (rows, i, "name"));
    return g_strv_builder_end (names);
}

void
oc_meter_lists_clear (OcMeterLists *lists)
{
    g_clear_object (&lists->slots);
    g_clear_object (&lists->meter_models);
    g_clear_object (&lists->user_types);
    g_clear_object (&lists->prices);
}

OcMeterLists
oc_meter_lists_ref (const OcMeterLists *lists)
{
    return (OcMeterLists){ g_object_ref (lists->slots), g_object_ref (lists->meter_models), g_object_ref (lists->user_types),
        g_object_ref (lists->prices) };
}

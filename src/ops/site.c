/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the site uses, asked once and again when settings changed: without it every reading would have to look into
 * every directory that a card may have. */
#include <string.h>

#include "ops/desk-private.h"

static gboolean
has_cpu_model (OcRows *models, const char *meter_type)
{
    for (guint i = 0; i < oc_rows_count (models); i++)
        if (strcmp (oc_rows_text (models, i, "family"), "cpu") == 0
            && strcmp (oc_rows_text (models, i, "meter_type"), meter_type) == 0)
            return TRUE;

    return FALSE;
}

/* The first meter of type t is in DF0t, further ones in DFts (cards.md 2); @slots are in the order of their number. */
static char **
directories_of (OcRows *slots, OcRows *models)
{
    g_autoptr(GStrvBuilder) first = g_strv_builder_new ();
    g_autoptr(GPtrArray) further = g_ptr_array_new_with_free_func (g_free);
    guint seen = 0;

    for (guint i = 0; i < oc_rows_count (slots); i++) {
        const char *meter_type = oc_rows_text (slots, i, "meter_type");
        int type = (int) (oc_rows_int (slots, i, "sub_meter") / 10);

        if (!has_cpu_model (models, meter_type))
            continue;
        if (seen & (1u << type)) {
            g_ptr_array_add (further, g_strdup_printf ("DF%d", (int) oc_rows_int (slots, i, "sub_meter")));
        } else {
            g_autofree char *df = g_strdup_printf ("DF0%d", type);

            g_strv_builder_add (first, df);
            seen |= 1u << type;
        }
    }
    for (guint i = 0; i < further->len; i++)
        g_strv_builder_add (first, further->pdata[i]);

    return g_strv_builder_end (first);
}

/* Names of the CPU cards' layouts that any meter model has, each once. */
static char **
layouts_of (OcRows *models)
{
    g_autoptr(GStrvBuilder) found = g_strv_builder_new ();
    g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

    for (guint i = 0; i < oc_rows_count (models); i++) {
        const char *layout = oc_rows_text (models, i, "layout");

        if (strcmp (oc_rows_text (models, i, "family"), "cpu") == 0 && g_hash_table_add (seen, (gpointer) layout))
            g_strv_builder_add (found, layout);
    }

    return g_strv_builder_end (found);
}

static char *
logo_of (OcRows *unit)
{
    g_autoptr(GBytes) logo = oc_rows_bytes (unit, 0, "logo");

    return logo && g_bytes_get_size (logo) > 0 ? g_base64_encode (g_bytes_get_data (logo, NULL), g_bytes_get_size (logo)) : NULL;
}

OcSite *
oc_site_load (OcDesk *desk, GError **error)
{
    g_autoptr(OcRows) slots = NULL;
    g_autoptr(OcRows) models = NULL;
    g_autoptr(OcRows) unit = NULL;
    OcSite *self;

    if (!oc_desk_ask_args (desk, "slots", NULL, 0, &slots, NULL, error)
        || !oc_desk_ask_args (desk, "meter_models", NULL, 0, &models, NULL, error)
        || !oc_desk_ask_args (desk, "unit", NULL, 0, &unit, NULL, error))
        return NULL;
    self = g_new0 (OcSite, 1);
    g_atomic_ref_count_init (&self->refs);
    self->directories = directories_of (slots, models);
    self->layouts = layouts_of (models);
    self->models = g_steal_pointer (&models);
    self->logo = logo_of (unit);

    return self;
}

OcSite *
oc_site_ref (OcSite *self)
{
    g_atomic_ref_count_inc (&self->refs);

    return self;
}

void
oc_site_unref (OcSite *self)
{
    if (!g_atomic_ref_count_dec (&self->refs))
        return;
    g_object_unref (self->models);
    g_strfreev (self->directories);
    g_strfreev (self->layouts);
    g_free (self->logo);
    g_free (self);
}

const char *
oc_site_chip_of (OcSite *self, const char *model)
{
    for (guint i = 0; model && i < oc_rows_count (self->models); i++)
        if (strcmp (oc_rows_text (self->models, i, "name"), model) == 0)
            return oc_rows_text (self->models, i, "chip");

    return NULL;
}

int
oc_site_ratio_of (OcSite *self, const char *model, const char *column)
{
    for (guint i = 0; model && i < oc_rows_count (self->models); i++)
        if (strcmp (oc_rows_text (self->models, i, "name"), model) == 0)
            return (int) oc_rows_int (self->models, i, column);

    return 1;
}

OcSite *
oc_desk_get_site (OcDesk *self, GError **error)
{
    OcSite *site;

    g_mutex_lock (&self->lock);
    site = self->site ? oc_site_ref (self->site) : NULL;
    g_mutex_unlock (&self->lock);
    if (site || !(site = oc_site_load (self, error)))
        return site;
    oc_desk_set_site (self, oc_site_ref (site));

    return site;
}

void
oc_desk_set_site (OcDesk *self, OcSite *site)
{
    OcSite *old;

    g_mutex_lock (&self->lock);
    old = self->site;
    self->site = site;
    g_mutex_unlock (&self->lock);
    if (old)
        oc_site_unref (old);
}

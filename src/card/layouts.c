/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layouts that came with the program and the site's own, and finding one's way in a layout. */
#include "card/layout.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define FOLDER "/onecard/cards/"

static gpointer
load_all (gpointer unused)
{
    GPtrArray *all = g_ptr_array_new ();
    g_auto(GStrv) names = g_resources_enumerate_children (FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_strconcat (FOLDER, names[i], NULL);
        g_autoptr(GBytes) json = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        g_autoptr(GError) error = NULL;
        OcLayout *layout = oc_layout_parse (json, &error);

        if (layout == NULL)
            g_error ("%s: %s", names[i], error->message);
        g_ptr_array_add (all, layout);
    }
    return all;
}

static GPtrArray *
all_layouts (void)
{
    static GOnce once = G_ONCE_INIT;

    return g_once (&once, load_all, NULL);
}

const GPtrArray *
oc_layouts (void)
{
    return all_layouts ();
}

static int
by_name (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
is_taken (const GPtrArray *layouts, guint n, const char *name)
{
    for (guint i = 0; i < n; i++)
        if (g_str_equal (((const OcLayout *) g_ptr_array_index (layouts, i))->name, name))
            return TRUE;
    return FALSE;
}

/* How many came with the program. */
static guint
n_built_in (void)
{
    static gsize n;

    if (g_once_init_enter (&n))
        g_once_init_leave (&n, all_layouts ()->len);
    return (guint) n;
}

OcLayout *
oc_layout_read (const char *path, char **text, GError **error)
{
    g_autofree char *content = NULL;
    g_autoptr(GBytes) json = NULL;
    g_autoptr(OcLayout) layout = NULL;
    gsize size;

    if (!g_file_get_contents (path, &content, &size, error))
        return NULL;
    json = g_bytes_new (content, size);
    if (!(layout = oc_layout_parse (json, error))) {
        g_prefix_error (error, "%s: ", path);
        return NULL;
    }
    if (is_taken (oc_layouts (), n_built_in (), layout->name)) {
        g_set_error (error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID, _("%s: there is another layout “%s”"), path, layout->name);
        return NULL;
    }
    if (text != NULL)
        *text = g_steal_pointer (&content);
    return g_steal_pointer (&layout);
}

GPtrArray *
oc_layout_files (const char *folder)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
    g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        if (g_str_has_suffix (name, ".json"))
            g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
    g_ptr_array_sort (paths, by_name);
    return paths;
}

static gboolean
add_file (const char *path, GError **error)
{
    g_autoptr(OcLayout) layout = oc_layout_read (path, NULL, error);

    if (layout == NULL)
        return FALSE;
    if (is_taken (oc_layouts (), oc_layouts ()->len, layout->name)) {
        g_set_error (error, OC_LAYOUT_ERROR, OC_LAYOUT_ERROR_INVALID, _("%s: there is another layout “%s”"), path, layout->name);
        return FALSE;
    }
    g_ptr_array_add (all_layouts (), g_steal_pointer (&layout));
    return TRUE;
}

gboolean
oc_layouts_add_folder (const char *folder, GError **error)
{
    static GHashTable *folders; /* that were taken: a process may have several desks */
    g_autofree char *real = g_canonicalize_filename (folder, NULL);
    g_autoptr(GPtrArray) paths = oc_layout_files (real);
    g_autoptr(GError) first = NULL;

    n_built_in ();
    if (folders == NULL)
        folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    if (!g_hash_table_add (folders, g_steal_pointer (&real)))
        return TRUE;
    for (guint i = 0; i < paths->len; i++)
        add_file (g_ptr_array_index (paths, i), first == NULL ? &first : NULL);
    if (first == NULL)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&first));
    return FALSE;
}

const OcLayout *
oc_layout_find (const char *name)
{
    const GPtrArray *all = oc_layouts ();

    for (guint i = 0; i < all->len; i++) {
        const OcLayout *layout = g_ptr_array_index (all, i);

        if (g_str_equal (layout->name, name))
            return layout;
    }
    return NULL;
}

const OcLayout *
oc_layout_for_family (const char *family, const char *meter_type)
{
    const GPtrArray *all = oc_layouts ();

    for (guint i = 0; i < all->len; i++) {
        const OcLayout *layout = g_ptr_array_index (all, i);

        if (g_str_equal (layout->family, family) && (meter_type == NULL || oc_layout_serves (layout, meter_type)))
            return layout;
    }
    return NULL;
}

/* DF0t for the first meter of a type, DFts for further ones. */
const char *
oc_layout_directory_type (const char *directory)
{
    static const char *const types[] = { NULL, "electricity", "cold-water", "gas", "hot-water", "heat" };
    guint id = (guint) g_ascii_strtoull (directory, NULL, 16); /* up to the slash */
    guint type = (id >> 4 & 15) != 0 ? id >> 4 & 15 : id & 15;

    return id >> 8 == 0xDF && type < G_N_ELEMENTS (types) ? types[type] : NULL;
}

GPtrArray *
oc_layouts_of_directory (const char *directory, const char *const *names)
{
    const char *type = oc_layout_directory_type (directory);
    const GPtrArray *all = oc_layouts ();
    GPtrArray *found = g_ptr_array_new ();

    for (guint i = 0; type != NULL && i < all->len; i++) {
        OcLayout *layout = g_ptr_array_index (all, i);

        if (g_str_equal (layout->family, "cpu") && oc_layout_serves (layout, type)
            && (names == NULL || g_strv_contains (names, layout->name)))
            g_ptr_array_add (found, layout);
    }
    return found;
}

gboolean
oc_layout_serves (const OcLayout *self, const char *meter_type)
{
    return *self->meter_types == NULL || g_strv_contains ((const char *const *) self->meter_types, meter_type);
}

const OcLayoutArea *
oc_layout_role (const OcLayout *self, OcRole role)
{
    for (guint i = 0; i < self->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (self->areas, i);

        if (area->role == role)
            return area;
    }
    return NULL;
}

const OcLayoutField *
oc_layout_field (const OcLayoutArea *area, const char *name)
{
    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        if (g_str_equal (field->name, name))
            return field;
    }
    return NULL;
}

const OcLayoutArea *
oc_layout_area (const OcLayout *self, const char *name)
{
    for (guint i = 0; i < self->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (self->areas, i);

        if (g_str_equal (area->name, name))
            return area;
    }
    return NULL;
}

const OcLayoutArea *
oc_layout_area_of (const OcLayout *self, const char *image_area)
{
    const char *slash = strchr (image_area, '/');
    guint64 sfi = slash != NULL ? g_ascii_strtoull (slash + 1, NULL, 16) : 0;
    char kind = slash != NULL ? 0 : g_ascii_toupper (*image_area);

    for (guint i = 0; i < self->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (self->areas, i);

        if (slash != NULL ? area->sfi != 0 && area->sfi == sfi : area->kind != 0 && area->kind == kind)
            return area;
    }
    return NULL;
}

const OcLayoutChip *
oc_layout_chip (const OcLayout *self, const char *chip)
{
    for (guint i = 0; i < self->chips->len; i++) {
        const OcLayoutChip *found = g_ptr_array_index (self->chips, i);

        if (g_str_equal (found->name, chip))
            return found;
    }
    return NULL;
}

guint
oc_layout_chip_slots (const OcLayout *self, const OcLayoutChip *chip)
{
    return MIN (8, (chip->size - chip->first) / chip->stride);
}

guint
oc_layout_offset (const OcLayoutArea *area, const OcLayoutChip *chip, guint slot, guint copy)
{
    const guint *copies = area->copies;

    if (area->kind == 'H')
        return area->copies[0];
    /* The wider places where the slots have room for them: then no two copies share a page. */
    if (area->wide_copies[area->n_copies - 1] + area->size <= chip->stride)
        copies = area->wide_copies;
    return chip->first + (slot - 1) * chip->stride + copies[copy];
}

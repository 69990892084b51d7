/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/keys.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "seal/bytes.h"
#include "sim/card-file.h"

void
oc_sim_keys_init (OcSimKeys *self)
{
    *self = (OcSimKeys){ .psc = { 0xff, 0xff, 0xff } };
}

void
oc_sim_keys_clear (OcSimKeys *self)
{
    oc_wipe (self, sizeof *self);
}

static gboolean
take (guint8 *out, gsize room, GBytes *secret, const char *purpose, GError **error)
{
    gsize size;
    const guint8 *data = g_bytes_get_data (secret, &size);

    if (size != room) {
        g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_USE, _("Key %s must have %u bytes."), purpose, (guint) room);
        return FALSE;
    }
    memcpy (out, data, room);
    return TRUE;
}

gboolean
oc_sim_keys_set (OcSimKeys *self, const char *purpose, GBytes *secret, GError **error)
{
    static const char *const masters[] = { "cpu-internal", "cpu-external", "cpu-mac" };
    guint8 *places[] = { self->internal, self->external, self->mac };

    for (guint i = 0; i < G_N_ELEMENTS (masters); i++) {
        if (!g_str_equal (purpose, masters[i]))
            continue;
        if (!take (places[i], 16, secret, purpose, error))
            return FALSE;
        self->have |= 1u << i;
        self->cpu = self->have == 7;
        return TRUE;
    }
    if (g_str_equal (purpose, "memory-psc"))
        return take (self->psc, sizeof self->psc, secret, purpose, error);
    if (g_str_equal (purpose, "memory-area")) {
        gsize size = g_bytes_get_size (secret);

        if (size != 16 && size != 32) {
            g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_USE, _("Key %s must have 16 or 32 bytes."), purpose);
            return FALSE;
        }
        self->area_len = size;
        return take (self->area, size, secret, purpose, error);
    }
    g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_USE, _("There is no key for the purpose “%s”."), purpose);
    return FALSE;
}

gboolean
oc_sim_keys_load (OcSimKeys *self, const char *path, GError **error)
{
    g_autoptr(JsonParser) parser = json_parser_new ();
    g_autoptr(GList) names = NULL;
    JsonNode *root;
    JsonObject *object;

    if (!json_parser_load_from_file (parser, path, error))
        return FALSE;
    root = json_parser_get_root (parser);
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
        g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FORMAT, _("“%s” isn't an object of keys."), path);
        return FALSE;
    }
    object = json_node_get_object (root);
    names = json_object_get_members (object);
    for (GList *l = names; l != NULL; l = l->next) {
        const char *hex = json_object_get_string_member_with_default (object, l->data, "");
        g_autoptr(GBytes) secret = oc_unhex (hex);

        if (secret == NULL) {
            g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FORMAT, _("Key %s isn't hexadecimal."), (char *) l->data);
            return FALSE;
        }
        if (!oc_sim_keys_set (self, l->data, secret, error))
            return FALSE;
    }
    return TRUE;
}

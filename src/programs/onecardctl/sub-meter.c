/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/onecardctl/sub-meter.h"

#include <glib/gi18n.h>
#include <string.h>

static void
meter_clear (gpointer data)
{
    OcOpenMeter *meter = data;
    const char *const texts[] = { meter->model, meter->meter, meter->user_type, meter->price, meter->price_2, meter->switch_at };

    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        g_free ((char *) texts[i]);
}

/* At commas that no backslash stands before. Caller frees. */
static GPtrArray *
split (const char *text)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
    GString *part = g_string_new (NULL);

    for (const char *p = text; *p; p++) {
        if (*p == '\\' && (p[1] == ',' || p[1] == '\\'))
            g_string_append_c (part, *++p);
        else if (*p == ',') {
            g_ptr_array_add (parts, g_string_free (part, FALSE));
            part = g_string_new (NULL);
        } else
            g_string_append_c (part, *p);
    }
    g_ptr_array_add (parts, g_string_free (part, FALSE));

    return parts;
}

static gboolean
take_number (const char *value, int *number)
{
    gint64 n;

    if (!g_ascii_string_to_signed (value, 10, 0, 999999, &n, NULL))
        return FALSE;
    *number = (int) n;

    return TRUE;
}

static void
take_text (const char **place, const char *value)
{
    g_free ((char *) *place);
    *place = g_strdup (value);
}

/* FALSE: no such key, or no number; an amount that can't be is *error. */
static gboolean
take (OcOpenMeter *meter, const char *key, const char *value, GError **error)
{
    const struct {
        const char *key;
        const char **place;
    } texts[] = {
        { "model", &meter->model }, { "meter", &meter->meter }, { "user-type", &meter->user_type }, { "price", &meter->price },
        { "price-2", &meter->price_2 }, { "switch", &meter->switch_at },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        if (strcmp (texts[i].key, key) == 0) {
            take_text (texts[i].place, value);
            return TRUE;
        }
    if (strcmp (key, "slot") == 0)
        return take_number (value, &meter->slot);
    if (strcmp (key, "ct") == 0)
        return take_number (value, &meter->ct);
    if (strcmp (key, "vt") == 0)
        return take_number (value, &meter->vt);
    if (strcmp (key, "amount") == 0)
        return oc_money_parse (value, "amount", &meter->amount, error);
    if (strcmp (key, "quantity") == 0)
        return meter->by_quantity = oc_quantity_parse (value, "quantity", &meter->quantity, error);

    return FALSE;
}

static int
parse_one (Ctl *ctl, const char *text, OcOpenMeter *meter)
{
    g_autoptr(GPtrArray) parts = split (text);

    for (guint i = 0; i < parts->len; i++) {
        g_autoptr(GError) error = NULL;
        char *part = parts->pdata[i];
        char *equals = strchr (part, '=');

        if (equals)
            *equals = '\0';
        if (equals && take (meter, part, equals + 1, &error))
            continue;

        return error ? ctl_fail (ctl, error) : ctl_wrong_use (ctl, _("“%s” in --sub-meter is not understood."), part);
    }

    return CTL_DONE;
}

int
ctl_parse_sub_meters (Ctl *ctl, char **texts, GArray **meters)
{
    *meters = g_array_new (FALSE, TRUE, sizeof (OcOpenMeter));
    g_array_set_clear_func (*meters, meter_clear);
    if (texts == NULL)
        return ctl_wrong_use (ctl, _("--sub-meter is needed."));
    for (gsize i = 0; texts[i]; i++) {
        int status;

        g_array_set_size (*meters, (guint) i + 1);
        if ((status = parse_one (ctl, texts[i], &g_array_index (*meters, OcOpenMeter, i))))
            return status;
    }

    return CTL_DONE;
}

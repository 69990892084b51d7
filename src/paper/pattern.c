/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling places. No formulas: what a receipt says was computed in the database. */
#include "paper/pattern.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/column.h"

static const struct {
    const char *name;
    OcColumnKind kind;
} formats[] = {
    { "text", OC_COLUMN_TEXT },
    { "money", OC_COLUMN_MONEY },
    { "quantity", OC_COLUMN_QUANTITY },
    { "time", OC_COLUMN_TIME },
    { "date", OC_COLUMN_DATE },
    { "word", OC_COLUMN_STATE },
    { "sub-meter", OC_COLUMN_SUB_METER },
};

typedef struct {
    char *name;
    OcColumnKind kind;
    const char *open, *end; /* the '{' and what comes after the '}' */
} Place;

static void
place_clear (Place *place)
{
    g_clear_pointer (&place->name, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

gboolean
oc_pattern_is_name (const char *name)
{
    return g_ascii_islower (*name) && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen (name);
}

/* The next place from @text on. FALSE at the end of the pattern, or, with a place without name, where one is broken. */
static gboolean
next_place (const char *text, Place *place)
{
    const char *close;
    g_autofree char *inside = NULL;
    char *colon;

    place_clear (place);
    place->open = strpbrk (text, "{}");
    if (place->open == NULL)
        return FALSE;
    close = *place->open == '{' ? strpbrk (place->open + 1, "{}") : NULL;
    if (close == NULL || *close == '{')
        return TRUE;

    inside = g_strndup (place->open + 1, close - place->open - 1);
    place->end = close + 1;
    place->kind = OC_COLUMN_TEXT;
    if ((colon = strchr (inside, ':'))) {
        gsize i;

        *colon = '\0';
        for (i = 0; i < G_N_ELEMENTS (formats) && !g_str_equal (formats[i].name, colon + 1); i++)
            ;
        if (i == G_N_ELEMENTS (formats))
            return TRUE;
        place->kind = formats[i].kind;
    }
    if (oc_pattern_is_name (inside))
        place->name = g_steal_pointer (&inside);

    return TRUE;
}

char *
oc_pattern_complain (const char *pattern)
{
    g_auto(Place) place = { NULL };

    for (const char *text = pattern; next_place (text, &place); text = place.end)
        if (place.name == NULL) /* translators: %s is a piece of a receipt template, like "{due:money}" */
            return g_strdup_printf (_("“%s” is not a place: write {field} or {field:format}"), place.open);

    return NULL;
}

char *
oc_pattern_fill (const char *pattern, const OcFields *fields)
{
    g_auto(Place) place = { NULL };
    GString *out = g_string_new (NULL);
    gboolean any_place = FALSE, any_value = FALSE;
    const char *text = pattern;

    while (next_place (text, &place) && place.name) {
        const char *value = oc_fields_get (fields, place.name);
        g_autofree char *readable = oc_format_value (place.kind, value ? value : "");

        g_string_append_len (out, text, place.open - text);
        g_string_append (out, readable);
        any_place = TRUE;
        any_value |= *readable != '\0';
        text = place.end;
    }
    g_string_append (out, text);
    if (any_place && !any_value)
        g_string_truncate (out, 0);

    return g_string_free (out, out->len == 0);
}

gboolean
oc_pattern_condition (const char *when, const OcFields *fields)
{
    gboolean negated = when && *when == '!';
    const char *value;

    if (when == NULL)
        return TRUE;

    value = oc_fields_get (fields, when + negated);

    return (value && *value) != negated;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table is read once from the program's resources: lines of 64 letters, by the code of the first character. */
#include "core/text.h"

#include <gio/gio.h>
#include <string.h>

#define RESOURCE "/onecard/pinyin-initials.txt"
#define A_LINE 64
#define N_LINES (0x10000 / A_LINE) /* what lies beyond has no reading in the table */

static const char *lines[N_LINES]; /* into the resource; NULL: none of its characters has one */

static gpointer
read_lines (gpointer unused)
{
    g_autoptr(GBytes) bytes = g_resources_lookup_data (RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    const char *at = bytes ? g_bytes_get_data (bytes, NULL) : NULL;
    const char *end = bytes ? at + g_bytes_get_size (bytes) : NULL;

    g_assert (bytes != NULL); /* part of every program, and so are the lines */
    for (; at < end; at = (const char *) memchr (at, '\n', (gsize) (end - at)) + 1) {
        char *letters;
        guint64 code;

        if (*at == '#')
            continue;
        code = g_ascii_strtoull (at, &letters, 16);
        g_assert (code / A_LINE < N_LINES && letters + 1 + A_LINE < end);
        lines[code / A_LINE] = letters + 1;
    }

    return NULL;
}

static char
initial_of (gunichar character)
{
    const char *line;

    if (character < 0x80)
        return g_ascii_isalnum ((char) character) ? g_ascii_tolower ((char) character) : '\0';
    line = character / A_LINE < N_LINES ? lines[character / A_LINE] : NULL;

    return line && line[character % A_LINE] != '-' ? line[character % A_LINE] : '\0';
}

char *
oc_text_initials (const char *text)
{
    static GOnce once = G_ONCE_INIT;
    GString *initials = g_string_new (NULL);

    g_return_val_if_fail (text != NULL && g_utf8_validate (text, -1, NULL), NULL);
    g_once (&once, read_lines, NULL);
    for (; *text; text = g_utf8_next_char (text)) {
        char letter = initial_of (g_utf8_get_char (text));

        if (letter)
            g_string_append_c (initials, letter);
    }

    return g_string_free (initials, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text is decoded once and cut into cells where it lies: a cell is never longer than what it was read from. */
#include "core/csv.h"

#include <string.h>

#include "core/error.h"

#define BOM "\xef\xbb\xbf"

typedef struct {
    guint line;
    guint first;  /* index into cells */
    guint n;
} Row;

struct _OcCsv {
    char *text;
    const char *encoding;
    char *separator;
    GArray *cells; /* gsize: where in text */
    GArray *rows;
};

/* What is still to be read, and where the next cell is written. */
typedef struct {
    const char *at, *end;
    char *out;
    guint line;
} Cursor;

void
oc_csv_free (OcCsv *self)
{
    if (self == NULL)
        return;
    g_free (self->text);
    g_free (self->separator);
    g_array_unref (self->cells);
    g_array_unref (self->rows);
    g_free (self);
}

/* Decoding ------------------------------------------------------------------------------------------------------- */

static char *
convert (const char *bytes, gsize length, const char *from, gsize *size)
{
    char *text = g_convert (bytes, (gssize) length, "UTF-8", from, NULL, size, NULL);

    if (text && memchr (text, '\0', *size)) /* no text has these */
        g_clear_pointer (&text, g_free);

    return text;
}

static char *
decode (const char *bytes, gsize length, const char **encoding, gsize *size)
{
    *encoding = "UTF-8";
    if (g_utf8_validate_len (bytes, length, NULL)) {
        *size = length;
        return g_strndup (bytes, length);
    }
    *encoding = "UTF-16"; /* without its mark nobody would know */
    if (length >= 2 && (memcmp (bytes, "\xff\xfe", 2) == 0 || memcmp (bytes, "\xfe\xff", 2) == 0))
        return convert (bytes, length, "UTF-16", size);
    *encoding = "GB18030";

    return convert (bytes, length, "GB18030", size);
}

/* Cutting -------------------------------------------------------------------------------------------------------- */

static const char *
find_separator (const char *text, const char *end)
{
    static const char *const candidates[] = { ",", ";", "\t", "|", "，" };
    const char *best = candidates[0];
    guint most = 0;

    for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++) {
        gboolean quoted = FALSE;
        guint n = 0;

        for (const char *p = text; p < end && (quoted || (*p != '\n' && *p != '\r')); p++) {
            if (*p == '"')
                quoted = !quoted;
            else if (!quoted && g_str_has_prefix (p, candidates[i]))
                n++;
        }
        if (n > most) {
            most = n;
            best = candidates[i];
        }
    }

    return best;
}

/* Moves over the end of a line, however it is written. */
static gboolean
take_line_end (Cursor *cursor)
{
    if (cursor->at == cursor->end || (*cursor->at != '\n' && *cursor->at != '\r'))
        return FALSE;
    cursor->at += cursor->at[0] == '\r' && cursor->at + 1 < cursor->end && cursor->at[1] == '\n' ? 2 : 1;
    cursor->line++;

    return TRUE;
}

/* Behind an opening quote, up to the closing one; "" is a quote. */
static gboolean
take_quoted (Cursor *cursor)
{
    while (cursor->at < cursor->end) {
        if (*cursor->at == '"') {
            cursor->at++;
            if (cursor->at == cursor->end || *cursor->at != '"')
                return TRUE;
        } else if (*cursor->at == '\n')
            cursor->line++;
        *cursor->out++ = *cursor->at++;
    }

    return FALSE;
}

/* One cell with the separator or the line's end behind it, whose place its own end takes. FALSE: a quote is never closed. */
static gboolean
take_cell (OcCsv *self, Cursor *cursor, gboolean *more)
{
    gsize width = strlen (self->separator);
    gsize start = (gsize) (cursor->out - self->text);

    g_array_append_val (self->cells, start);
    if (cursor->at < cursor->end && *cursor->at == '"') {
        cursor->at++;
        if (!take_quoted (cursor))
            return FALSE;
    }
    while (cursor->at < cursor->end && *cursor->at != '\n' && *cursor->at != '\r'
           && strncmp (cursor->at, self->separator, width) != 0)
        *cursor->out++ = *cursor->at++;
    *more = cursor->at < cursor->end && *cursor->at != '\n' && *cursor->at != '\r';
    if (*more)
        cursor->at += width;
    else
        take_line_end (cursor);
    *cursor->out++ = '\0';

    return TRUE;
}

static gboolean
take_row (OcCsv *self, Cursor *cursor)
{
    Row row = { cursor->line, self->cells->len, 0 };
    gboolean more = TRUE;

    while (more)
        if (!take_cell (self, cursor, &more))
            return FALSE;
    row.n = self->cells->len - row.first;
    g_array_append_val (self->rows, row);

    return TRUE;
}

static gboolean
cut (OcCsv *self, gsize size, GError **error)
{
    Cursor cursor = { self->text, self->text + size, self->text, 1 };

    if (g_str_has_prefix (self->text, BOM))
        cursor.at += strlen (BOM);
    if (self->separator == NULL)
        self->separator = g_strdup (find_separator (cursor.at, cursor.end));
    while (cursor.at < cursor.end) {
        guint line = cursor.line;

        if (take_line_end (&cursor))
            continue;
        if (!take_row (self, &cursor)) {
            g_autofree char *where = g_strdup_printf ("%u", line);

            return oc_error_set (error, "OC151", "line", where, NULL);
        }
    }

    return TRUE;
}

OcCsv *
oc_csv_parse (GBytes *bytes, const char *separator, GError **error)
{
    g_autoptr(OcCsv) self = g_new0 (OcCsv, 1);
    gsize length, size;
    const char *data = g_bytes_get_data (bytes, &length);

    g_return_val_if_fail (separator == NULL || g_utf8_strlen (separator, -1) == 1, NULL);

    self->cells = g_array_new (FALSE, FALSE, sizeof (gsize));
    self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
    self->separator = g_strdup (separator);
    self->text = decode (data ? data : "", length, &self->encoding, &size);
    if (self->text == NULL) {
        oc_error_set (error, "OC150", NULL);
        return NULL;
    }

    return cut (self, size, error) ? g_steal_pointer (&self) : NULL;
}

/* Reading -------------------------------------------------------------------------------------------------------- */

const char *
oc_csv_encoding (const OcCsv *self)
{
    return self->encoding;
}

const char *
oc_csv_separator (const OcCsv *self)
{
    return self->separator;
}

guint
oc_csv_n_rows (const OcCsv *self)
{
    return self->rows->len;
}

guint
oc_csv_n_cells (const OcCsv *self, guint row)
{
    g_return_val_if_fail (row < self->rows->len, 0);

    return g_array_index (self->rows, Row, row).n;
}

const char *
oc_csv_cell (const OcCsv *self, guint row, guint column)
{
    const Row *at;

    g_return_val_if_fail (row < self->rows->len, "");
    at = &g_array_index (self->rows, Row, row);

    return column < at->n ? self->text + g_array_index (self->cells, gsize, at->first + column) : "";
}

guint
oc_csv_line (const OcCsv *self, guint row)
{
    g_return_val_if_fail (row < self->rows->len, 0);

    return g_array_index (self->rows, Row, row).line;
}

/* A title without what people write differently. Caller frees. */
static char *
plain_title (const char *title)
{
    g_autofree char *folded = g_utf8_casefold (title, -1);
    GString *plain = g_string_new (NULL);

    for (const char *p = folded; *p; p = g_utf8_next_char (p)) {
        gunichar character = g_utf8_get_char (p);

        if (g_unichar_isalnum (character))
            g_string_append_unichar (plain, character);
    }

    return g_string_free (plain, FALSE);
}

static gboolean
goes_by (const OcCsvField *field, const char *title)
{
    g_auto(GStrv) titles = g_strsplit (field->titles, "|", -1);

    for (gsize i = 0; titles[i]; i++) {
        g_autofree char *plain = plain_title (titles[i]);

        if (strcmp (plain, title) == 0)
            return TRUE;
    }

    return FALSE;
}

void
oc_csv_map (const OcCsv *self, const OcCsvField *fields, guint n, guint *columns)
{
    guint n_titles = self->rows->len > 0 ? oc_csv_n_cells (self, 0) : 0;

    for (guint i = 0; i < n; i++)
        columns[i] = OC_CSV_ABSENT;
    for (guint column = 0; column < n_titles; column++) {
        g_autofree char *title = plain_title (oc_csv_cell (self, 0, column));

        for (guint i = 0; i < n; i++)
            if (columns[i] == OC_CSV_ABSENT && goes_by (&fields[i], title)) {
                columns[i] = column;
                break;
            }
    }
}

/* Writing -------------------------------------------------------------------------------------------------------- */

static gboolean
is_number (const char *text)
{
    text += *text == '-' || *text == '+';

    return *text && strspn (text, "0123456789.,") == strlen (text);
}

static void
append_cell (GString *file, const char *cell)
{
    gboolean formula = *cell && strchr ("=+-@\t\r", *cell) && !is_number (cell);

    if (!formula && strpbrk (cell, ",;\t\"\r\n") == NULL) {
        g_string_append (file, cell);
        return;
    }
    g_string_append (file, formula ? "\"'" : "\"");
    for (; *cell; cell++) {
        if (*cell == '"')
            g_string_append_c (file, '"');
        g_string_append_c (file, *cell);
    }
    g_string_append_c (file, '"');
}

void
oc_csv_append (GString *file, const char *const *cells, guint n)
{
    if (file->len == 0)
        g_string_append (file, BOM);
    for (guint i = 0; i < n; i++) {
        if (i > 0)
            g_string_append_c (file, ',');
        append_cell (file, cells[i] ? cells[i] : "");
    }
    g_string_append (file, "\r\n");
}

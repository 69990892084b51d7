/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pre-registered customers from a CSV file: all of its lines or none. A check is the same import, given up at its end. */
#include <glib/gi18n-lib.h>

#include "core/csv.h"
#include "core/error.h"
#include "db/transaction.h"
#include "ops/desk-private.h"

#define BATCH 1000

enum { NAME, ADDRESS, PHONE, ID_KIND, ID_NUMBER, DISTRICT, HOUSEHOLD, PERMANENT_NUMBER, NOTE, N_FIELDS };

static const OcCsvField fields[N_FIELDS] = {
    { "name", "name|customer|customer name|姓名|用户姓名|用户名称|户名" },
    { "address", "address|地址|用户地址|住址" },
    { "phone", "phone|telephone|mobile|电话|联系电话|手机|手机号|电话号码" },
    { "id_kind", "id kind|kind of paper|kind of identity paper|证件类型|证件种类" },
    { "id_number", "id number|identity number|number of identity paper|证件号码|证件号|身份证号|身份证" },
    { "district", "district|片区|片区编号" },
    { "household", "household|persons|家庭人口|人口|人口数" },
    { "permanent_number", "permanent number|永久编号" },
    { "note", "note|remark|备注" },
};

struct _OcImportCount {
    gint done, total;
};

typedef struct {
    OcDesk *desk;
    OcDb *db;
    const OcImportAsk *ask;
    OcCsv *csv;
    guint columns[N_FIELDS];
    OcImported *result;
    char *id;
} Import;

static void
import_clear (Import *self)
{
    g_clear_pointer (&self->csv, oc_csv_free);
    g_clear_pointer (&self->result, oc_imported_free);
    g_free (self->id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

OcImportCount *
oc_import_count_new (void)
{
    return g_atomic_rc_box_new0 (OcImportCount);
}

void
oc_import_count_unref (OcImportCount *self)
{
    g_atomic_rc_box_release (self);
}

void
oc_import_count_get (OcImportCount *self, guint *done, guint *total)
{
    *done = (guint) g_atomic_int_get (&self->done);
    *total = (guint) g_atomic_int_get (&self->total);
}

void
oc_imported_free (OcImported *self)
{
    if (self == NULL)
        return;
    g_clear_object (&self->faults);
    g_clear_object (&self->sample);
    g_free (self->separator);
    g_free (self);
}

/* The file ------------------------------------------------------------------------------------------------------- */

#define N_SAMPLE 20

static const char *
cell (const Import *self, guint row, int field)
{
    return self->columns[field] == OC_CSV_ABSENT ? "" : oc_csv_cell (self->csv, row, self->columns[field]);
}

/* The first lines as they were understood: what a person looks at before he imports. */
static OcRows *
make_sample (const Import *self)
{
    const char *names[N_FIELDS + 2] = { "line" };
    OcRows *rows;

    for (int i = 0; i < N_FIELDS; i++)
        names[i + 1] = fields[i].field;
    rows = oc_rows_new (names);
    for (guint row = 1; row < oc_csv_n_rows (self->csv) && row <= N_SAMPLE; row++) {
        g_autofree char *line = g_strdup_printf ("%u", oc_csv_line (self->csv, row));
        const char *cells[N_FIELDS + 1] = { line };

        for (int i = 0; i < N_FIELDS; i++)
            cells[i + 1] = cell (self, row, i);
        oc_rows_append (rows, cells);
    }

    return rows;
}

static gboolean
read_file (Import *self, GError **error)
{
    if (!(self->csv = oc_csv_parse (self->ask->file, self->ask->separator, error)))
        return FALSE;
    if (oc_csv_n_rows (self->csv) < 2)
        return oc_error_set (error, "OC166", NULL);
    oc_csv_map (self->csv, fields, N_FIELDS, self->columns);
    if (self->columns[NAME] == OC_CSV_ABSENT || self->columns[ADDRESS] == OC_CSV_ABSENT)
        return oc_error_set (error, "OC165", NULL);
    self->result = g_new0 (OcImported, 1);
    self->result->n_lines = oc_csv_n_rows (self->csv) - 1;
    self->result->encoding = oc_csv_encoding (self->csv);
    self->result->separator = g_strdup (oc_csv_separator (self->csv));
    self->result->sample = make_sample (self);
    self->result->faults = oc_rows_new ((const char *const[]){ "line", "field", "code", "message", "name", "address", NULL });

    return TRUE;
}

/* The lines into the database ------------------------------------------------------------------------------------ */

/* The row of that line among those from @first on. */
static guint
row_of_line (const Import *self, guint first, guint line)
{
    while (oc_csv_line (self->csv, first) != line)
        first++;

    return first;
}

/* What the database said of one line, as a sentence. */
static void
add_fault (Import *self, guint first, OcRows *answers, guint i)
{
    g_auto(GStrv) lines = g_strsplit (oc_rows_text (answers, i, "params"), "\n", -1);
    g_autoptr(GArray) params = g_array_new (TRUE, TRUE, sizeof (OcErrorParam));
    g_autoptr(GError) fault = NULL;
    guint row = row_of_line (self, first, (guint) oc_rows_int (answers, i, "line"));

    for (gsize k = 0; lines[k]; k++) {
        char *value = strchr (lines[k], '=');

        if (value) {
            *value++ = '\0';
            g_array_append_val (params, ((OcErrorParam){ lines[k], value }));
        }
    }
    fault = oc_error_new_code (oc_rows_text (answers, i, "code"), (const OcErrorParam *) (void *) params->data);
    oc_rows_append (self->result->faults, (const char *const[]){ oc_rows_text (answers, i, "line"), oc_error_get_field (fault),
        oc_error_get_code (fault), fault->message, cell (self, row, NAME), cell (self, row, ADDRESS) });
}

static gboolean
send_batch (Import *self, guint first, guint n, GCancellable *cancellable, GError **error)
{
    const char *texts[N_FIELDS][BATCH];
    gint64 lines[BATCH];
    g_autoptr(OcRows) answers = NULL;

    for (guint row = 0; row < n; row++) {
        lines[row] = oc_csv_line (self->csv, first + row);
        for (int i = 0; i < N_FIELDS; i++)
            texts[i][row] = cell (self, first + row, i);
    }

    const OcArg args[] = {
        oc_uuid (self->id), oc_ints (lines, n), oc_texts (texts[NAME], n), oc_texts (texts[ADDRESS], n), oc_texts (texts[PHONE], n),
        oc_texts (texts[ID_KIND], n), oc_texts (texts[ID_NUMBER], n), oc_texts (texts[DISTRICT], n), oc_texts (texts[HOUSEHOLD], n),
        oc_texts (texts[PERMANENT_NUMBER], n), oc_texts (texts[NOTE], n),
    };

    if (!oc_desk_call_args (self->desk, "pre_registered_import", args, G_N_ELEMENTS (args), &answers, cancellable, error))
        return FALSE;
    for (guint i = 0; i < oc_rows_count (answers); i++)
        add_fault (self, first, answers, i);

    return TRUE;
}

static gboolean
send_all (Import *self, GCancellable *cancellable, GError **error)
{
    guint n_rows = oc_csv_n_rows (self->csv);
    OcImportCount *count = self->ask->count;

    if (count)
        g_atomic_int_set (&count->total, (gint) self->result->n_lines);
    for (guint first = 1; first < n_rows; first += BATCH) {
        guint n = MIN (BATCH, n_rows - first);

        if (!send_batch (self, first, n, cancellable, error))
            return FALSE;
        if (count)
            g_atomic_int_add (&count->done, (gint) n);
    }

    return TRUE;
}

/* Whether the answer to a commit that was lost was yes. */
static gboolean
is_there (Import *self, GError **error)
{
    g_autoptr(OcRows) rows = NULL;

    return oc_desk_ask (self->desk, "pre_registered_imported", &rows, NULL, error, oc_uuid (self->id))
        && oc_rows_int (rows, 0, "lines") > 0;
}

static gboolean
commit (Import *self, GError **error)
{
    g_autoptr(GError) failure = NULL;

    if (oc_db_commit (self->db, &failure))
        return TRUE;
    oc_desk_pin_db (self->desk, FALSE);
    if (g_error_matches (failure, OC_DB_ERROR, OC_DB_ERROR_LOST) && is_there (self, NULL))
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&failure));

    return FALSE;
}

/* From begin to end on one connection, whoever signs out. */
static gboolean
run_transaction (Import *self, GCancellable *cancellable, GError **error)
{
    gboolean sent;

    if (!(self->db = oc_desk_db (self->desk, error)) || !oc_db_begin (self->db, error))
        return FALSE;
    sent = send_all (self, cancellable, error) && !g_cancellable_set_error_if_cancelled (cancellable, error);
    if (sent && oc_rows_count (self->result->faults) == 0 && !self->ask->check)
        return self->result->imported = commit (self, error);
    oc_db_rollback (self->db);

    return sent;
}

OcImported *
oc_pre_registered_import (OcDesk *desk, const OcImportAsk *ask, GCancellable *cancellable, GError **error)
{
    g_auto(Import) self = { .desk = desk, .ask = ask };
    gboolean done;

    if (!read_file (&self, error))
        return NULL;
    self.id = g_uuid_string_random ();
    oc_desk_pin_db (desk, TRUE);
    done = run_transaction (&self, cancellable, error);
    oc_desk_pin_db (desk, FALSE);
    if (!done)
        return NULL;
    if (self.result->imported)
        oc_desk_emit (desk, "customers");

    return g_steal_pointer (&self.result);
}

static OcImportAsk *
copy_ask (const OcImportAsk *ask)
{
    OcImportAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->file = g_bytes_ref (ask->file);
    copy->separator = g_strdup (ask->separator);
    if (ask->count)
        g_atomic_rc_box_acquire (ask->count);

    return copy;
}

static void
free_ask (OcImportAsk *ask)
{
    g_bytes_unref (ask->file);
    g_free ((char *) ask->separator);
    if (ask->count)
        oc_import_count_unref (ask->count);
    g_free (ask);
}

OC_DEFINE_OP (oc_pre_registered_import, OcImported, OcImportAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_imported_free)

/* Faults as a file ----------------------------------------------------------------------------------------------- */

GBytes *
oc_imported_faults_csv (const OcImported *self)
{
    GString *file = g_string_new (NULL);
    const char *const titles[] = { _("Line"), _("What is wrong"), _("Name"), _("Address") };
    static const char *const names[] = { "line", "message", "name", "address" };

    oc_csv_append (file, titles, G_N_ELEMENTS (titles));
    for (guint row = 0; row < oc_rows_count (self->faults); row++) {
        const char *cells[G_N_ELEMENTS (names)];

        for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
            cells[i] = oc_rows_text (self->faults, row, names[i]);
        oc_csv_append (file, cells, G_N_ELEMENTS (cells));
    }

    return g_string_free_to_bytes (file);
}

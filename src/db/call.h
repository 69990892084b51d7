/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call: the name of a function in schema api, typed arguments in, OcRows out. The client contains no SQL;
 * what is sent is always  select columns from api.<name>($1, …)  with bound values.
 *
 *   g_autoptr(OcRows) rows = NULL;
 *   if (!oc_db_call (db, "job_renew", &rows, error, oc_uuid (job), oc_int (attempt)))
 *       return FALSE;
 *
 * Blocks; only on the thread that owns @db (asserted). A refusal of the database (SQLSTATE OC0nn) becomes the
 * OC_ERROR of that code; everything else is an OC_DB_ERROR. */
#pragma once

#include "core/rows.h"
#include "db/connection.h"

G_BEGIN_DECLS

typedef enum {
    OC_ARG_TEXT, OC_ARG_INT, OC_ARG_BOOL, OC_ARG_NUMERIC, OC_ARG_UUID, OC_ARG_BYTES, OC_ARG_TIME,
    OC_ARG_TEXTS, OC_ARG_INTS, OC_ARG_NUMERICS, OC_ARG_BYTESS, OC_ARG_TIMES, OC_ARG_JSON,
} OcArgType;

typedef struct {
    OcArgType type;
    const char *text;      /* TEXT, UUID, JSON, TIME (ISO 8601); NULL is SQL null */
    gint64 number;         /* INT, BOOL; NUMERIC in 1/10000 */
    gboolean null;         /* INT, NUMERIC, BOOL that are SQL null */
    const void *list;      /* const char *const * | const gint64 * | GBytes *const * ; borrowed */
    gsize n;
} OcArg;

static inline OcArg oc_text (const char *text) { return (OcArg){ .type = OC_ARG_TEXT, .text = text }; }
static inline OcArg oc_uuid (const char *uuid) { return (OcArg){ .type = OC_ARG_UUID, .text = uuid }; }
static inline OcArg oc_json (const char *json) { return (OcArg){ .type = OC_ARG_JSON, .text = json }; }
static inline OcArg oc_time (const char *iso8601) { return (OcArg){ .type = OC_ARG_TIME, .text = iso8601 }; }
static inline OcArg oc_int (gint64 n) { return (OcArg){ .type = OC_ARG_INT, .number = n }; }
static inline OcArg oc_bool (gboolean b) { return (OcArg){ .type = OC_ARG_BOOL, .number = !!b }; }
static inline OcArg oc_money (OcMoney m) { return (OcArg){ .type = OC_ARG_NUMERIC, .number = m.units }; }
static inline OcArg oc_quantity (OcQuantity q) { return (OcArg){ .type = OC_ARG_NUMERIC, .number = q.units }; }
static inline OcArg oc_null (OcArgType type) { return (OcArg){ .type = type, .null = TRUE }; }
static inline OcArg oc_bytes (GBytes *const *one) { return (OcArg){ .type = OC_ARG_BYTES, .list = one, .n = 1 }; }
/* Arrays: a NULL element is SQL null. texts may have NULL elements, so n is given. */
static inline OcArg oc_texts (const char *const *texts, gsize n) { return (OcArg){ .type = OC_ARG_TEXTS, .list = texts, .n = n }; }
static inline OcArg oc_times (const char *const *texts, gsize n) { return (OcArg){ .type = OC_ARG_TIMES, .list = texts, .n = n }; }
static inline OcArg oc_ints (const gint64 *ints, gsize n) { return (OcArg){ .type = OC_ARG_INTS, .list = ints, .n = n }; }
/* In 1/10000; G_MININT64 is SQL null. */
static inline OcArg oc_numerics (const gint64 *units, gsize n) { return (OcArg){ .type = OC_ARG_NUMERICS, .list = units, .n = n }; }
static inline OcArg oc_bytess (GBytes *const *bytes, gsize n) { return (OcArg){ .type = OC_ARG_BYTESS, .list = bytes, .n = n }; }

/* SQL types by position: text, bigint, boolean, numeric, uuid, bytea, timestamptz, text[], bigint[], numeric[],
 * bytea[], timestamptz[], jsonb. Functions in api use exactly these (bigint for every integer). */
#define oc_db_call(db, name, rows, error, ...) \
    oc_db_call_args (db, name, (const OcArg[]){ __VA_ARGS__ }, \
        sizeof ((const OcArg[]){ __VA_ARGS__ }) / sizeof (OcArg), rows, error)

/* @name: "function" (schema api), or "admin.function" on the owner's connection. @rows may be NULL. */
gboolean oc_db_call_args (OcDb *db, const char *name, const OcArg *args, gsize n_args, OcRows **rows,
    GError **error);
gboolean oc_db_call0 (OcDb *db, const char *name, OcRows **rows, GError **error);

G_END_DECLS

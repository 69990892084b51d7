/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What administrators keep: one list and one form a kind. What a kind is and may be is the database's; here is only which function lists
 * it, and how a form becomes the object that is sent. */
#include <string.h>

#include "core/error.h"
#include "ops/desk-private.h"
#include "ops/setting-form.h"

typedef struct {
    const char *kind;
    const char *list;   /* function of api */
    gboolean of_parent; /* it takes the parent's id */
} Kind;

static const Kind kinds[] = {
    { "parameters", "parameters", FALSE }, { "unit", "unit", FALSE }, { "sub-meters", "sub_meters", FALSE },
    { "meter-models", "meter_models", FALSE }, { "user-types", "user_types", FALSE }, { "price-items", "price_items", FALSE },
    { "prices", "prices", FALSE }, { "price-versions", "price_versions", TRUE }, { "price-tiers", "price_version_tiers", TRUE },
    { "branches", "branches", FALSE }, { "roles", "roles", FALSE }, { "operators", "operators", FALSE },
};

static const Kind *
find_kind (const char *kind, GError **error)
{
    for (gsize i = 0; kind && i < G_N_ELEMENTS (kinds); i++)
        if (strcmp (kinds[i].kind, kind) == 0)
            return &kinds[i];
    oc_error_set (error, "OC121", "name", kind ? kind : "", "field", "kind", NULL);

    return NULL;
}

gboolean
oc_setting_is_kind (const char *kind)
{
    return find_kind (kind, NULL) != NULL;
}

/* Lists -------------------------------------------------------------------------------------------------------- */

OcRows *
oc_setting_list (OcDesk *desk, const char *kind, gint64 parent, GCancellable *cancellable, GError **error)
{
    const Kind *found = find_kind (kind, error);
    const OcArg arg = oc_int (parent);
    OcRows *rows = NULL;

    return found && oc_desk_ask_args (desk, found->list, &arg, found->of_parent ? 1 : 0, &rows, cancellable, error) ? rows : NULL;
}

typedef struct {
    char *kind;
    gint64 parent;
} ListAsk;

static void
list_ask_free (ListAsk *ask)
{
    g_free (ask->kind);
    g_free (ask);
}

static gpointer
list_on_lane (gpointer desk, gpointer data, GCancellable *cancellable, GError **error)
{
    ListAsk *ask = data;

    return oc_setting_list (desk, ask->kind, ask->parent, cancellable, error);
}

void
oc_setting_list_async (OcDesk *desk, const char *kind, gint64 parent, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    ListAsk *ask = g_new (ListAsk, 1);

    *ask = (ListAsk){ g_strdup (kind), parent };
    oc_lane_push (oc_desk_lane (desk, OC_DESK_QUERY), desk, list_on_lane, ask, (GDestroyNotify) list_ask_free, g_object_unref, cancellable,
        cb, data);
}

OcRows *
oc_setting_list_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return oc_lane_finish (result, error);
}

/* Changes ------------------------------------------------------------------------------------------------------ */

void
oc_saved_free (OcSaved *self)
{
    if (self == NULL)
        return;
    g_clear_object (&self->row);
    g_clear_error (&self->conflict);
    g_free (self);
}

/* The kind's list, of this id alone. */
static OcRows *
row_of (OcDesk *desk, const char *kind, gint64 id, GError **error)
{
    g_autoptr(OcRows) all = oc_setting_list (desk, kind, 0, NULL, error);
    g_autofree const char **cells = NULL;
    OcRows *row;
    guint n;

    if (all == NULL)
        return NULL;
    n = oc_rows_n_columns (all);
    cells = g_new0 (const char *, n + 1);
    for (guint column = 0; column < n; column++)
        cells[column] = oc_rows_column_name (all, column);
    row = oc_rows_new (cells);
    for (guint i = 0; i < oc_rows_count (all); i++) {
        if (oc_rows_int (all, i, "id") != id)
            continue;
        for (guint column = 0; column < n; column++) {
            const char *name = oc_rows_column_name (all, column);

            cells[column] = oc_rows_is_null (all, i, name) ? NULL : oc_rows_text (all, i, name);
        }
        oc_rows_append (row, cells);
    }

    return row;
}

void
oc_setting_set_logo (OcFields *fields, GBytes *picture)
{
    gsize size = 0;
    const guint8 *data = picture ? g_bytes_get_data (picture, &size) : NULL;
    g_autofree char *text = data ? g_base64_encode (data, size) : NULL;

    g_return_if_fail (fields != NULL);

    oc_fields_set (fields, "logo", text);
}

/* The form as the database takes it; NULL with an error. Caller frees. */
static char *
form_of (OcDesk *desk, const OcSettingAsk *ask, GError **error)
{
    g_autoptr(JsonNode) form = ask->json ? json_from_string (ask->json, NULL) : oc_setting_form_new (ask->fields);
    g_autofree char *verifier = NULL;
    JsonObject *object;
    gint64 number = 0;

    if (form == NULL || !JSON_NODE_HOLDS_OBJECT (form)) {
        oc_error_set (error, "OC121", "name", ask->json, NULL);
        return NULL;
    }
    object = json_node_get_object (form);
    if (strcmp (ask->kind, "operators") == 0 && ask->id == 0) {
        if (json_object_has_member (object, "operator") && JSON_NODE_HOLDS_VALUE (json_object_get_member (object, "operator"))) {
            g_autofree char *text = json_to_string (json_object_get_member (object, "operator"), FALSE);

            number = g_ascii_strtoll (text + (*text == '"'), NULL, 10);
        }
        if (!(verifier = oc_desk_make_verifier (desk, number, ask->password, error)))
            return NULL;
        json_object_set_string_member (object, "verifier", verifier);
    }

    return oc_setting_form_text (form);
}

static gboolean
call_change (OcDesk *desk, const OcSettingAsk *ask, const char *request, OcRows **answer, GCancellable *cancellable, GError **error)
{
    const OcArg version = ask->row_version ? oc_int (ask->row_version) : oc_null (OC_ARG_INT);
    g_autofree char *form = NULL;

    switch (ask->verb) {
    case OC_SETTING_DELETE: {
        const OcArg args[] = { oc_uuid (request), oc_text (ask->kind), oc_int (ask->id), version };

        return oc_desk_call_through (desk, "setting_delete", args, G_N_ELEMENTS (args), FALSE, answer, NULL, cancellable, error);
    }
    case OC_SETTING_UNDO: {
        const OcArg args[] = { oc_uuid (request), oc_int (ask->id), oc_text (ask->fields ? oc_fields_get (ask->fields, "confirm") : NULL) };

        return oc_desk_call_through (desk, "setting_undo", args, G_N_ELEMENTS (args), FALSE, answer, NULL, cancellable, error);
    }
    case OC_SETTING_SAVE:
        break;
    }
    if (!(form = form_of (desk, ask, error)))
        return FALSE;

    const OcArg args[] = { oc_uuid (request), oc_text (ask->kind), ask->id ? oc_int (ask->id) : oc_null (OC_ARG_INT), oc_json (form), version };

    return oc_desk_call_through (desk, "setting_save", args, G_N_ELEMENTS (args), FALSE, answer, NULL, cancellable, error);
}

/* Nobody comes in any more before the sessions are ended and the login goes. Locking is a change, too: the version that @ask is of
 * grows by it. Whoever comes second locks nobody; the deletion tells him. */
static gboolean
shut_out (OcDesk *desk, OcSettingAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(OcRows) now = NULL;

    if (ask->verb != OC_SETTING_DELETE || strcmp (ask->kind, "operators") != 0)
        return TRUE;
    if (ask->row_version && !(now = row_of (desk, ask->kind, ask->id, error)))
        return FALSE;
    if (now && (oc_rows_count (now) == 0 || oc_rows_int (now, 0, "row_version") != ask->row_version))
        return TRUE;
    if (ask->row_version)
        ask->row_version++;

    return oc_operator_change (desk, &(OcOperatorAsk){ .verb = OC_OPERATOR_LOCK, .number = ask->id }, cancellable, error);
}

/* Somebody was first: what he left. */
static OcSaved *
conflict_of (OcDesk *desk, const OcSettingAsk *ask, GError *refusal, GError **error)
{
    g_autoptr(OcSaved) saved = g_new0 (OcSaved, 1);

    saved->conflict = refusal;
    saved->id = ask->id;
    if (!(saved->row = row_of (desk, ask->kind, ask->id, error)))
        return NULL;

    return g_steal_pointer (&saved);
}

OcSaved *
oc_setting_change (OcDesk *desk, const OcSettingAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autofree char *request = ask->request_id ? g_strdup (ask->request_id) : oc_request_id ();
    g_autoptr(OcSaved) saved = g_new0 (OcSaved, 1);
    g_autoptr(OcRows) answer = NULL;
    g_autoptr(GError) refusal = NULL;
    const char *kind = ask->kind;
    OcSettingAsk now = *ask;

    if (ask->verb != OC_SETTING_UNDO && !find_kind (kind, error))
        return NULL;
    if (!shut_out (desk, &now, cancellable, error))
        return NULL;
    if (!call_change (desk, &now, request, &answer, cancellable, &refusal)) {
        if (ask->verb != OC_SETTING_UNDO && g_strcmp0 (oc_error_get_code (refusal), "OC113") == 0)
            return conflict_of (desk, ask, g_steal_pointer (&refusal), error);
        g_propagate_error (error, g_steal_pointer (&refusal));
        return NULL;
    }
    if (ask->verb == OC_SETTING_UNDO)
        kind = oc_rows_text (answer, 0, "kind");
    saved->id = ask->verb == OC_SETTING_DELETE ? ask->id : oc_rows_int (answer, 0, "id");
    saved->change = oc_rows_int (answer, 0, "change");
    if (!(saved->row = row_of (desk, kind, saved->id, error)))
        return NULL;

    return g_steal_pointer (&saved);
}

static OcSettingAsk *
copy_ask (const OcSettingAsk *ask)
{
    OcSettingAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->request_id = g_strdup (ask->request_id);
    copy->kind = g_strdup (ask->kind);
    copy->fields = ask->fields ? oc_fields_ref (ask->fields) : NULL;
    copy->json = g_strdup (ask->json);
    copy->password = ask->password ? oc_secret_dup (ask->password) : NULL;

    return copy;
}

static void
free_ask (OcSettingAsk *ask)
{
    g_free ((char *) ask->request_id);
    g_free ((char *) ask->kind);
    g_clear_pointer (&ask->fields, oc_fields_unref);
    g_free ((char *) ask->json);
    oc_secret_free ((char *) ask->password);
    g_free (ask);
}

OC_DEFINE_OP (oc_setting_change, OcSaved, OcSettingAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_saved_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What administrators keep: listed, saved and deleted by kind; a second person's approval where it is wanted. */
#include <glib/gi18n.h>
#include <string.h>

#include "core/error.h"
#include "programs/onecardctl/ctl.h"

/* FALSE after telling. */
static gboolean
check_kind (Ctl *ctl, const char *kind)
{
    if (oc_setting_is_kind (kind))
        return TRUE;
    ctl_wrong_use (ctl, _("There are no settings “%s”. “onecardctl --help” lists them."), kind);

    return FALSE;
}

static int
run_list (Ctl *ctl, int argc, char **argv)
{
    gint64 parent = 0;
    const GOptionEntry entries[] = {
        { "of", 0, 0, G_OPTION_ARG_INT64, &parent, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 1, &status))
        return status;
    if (!check_kind (ctl, argv[1]))
        return CTL_USAGE;
    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (!(rows = oc_setting_list (ctl->desk, argv[1], parent, NULL, &error)))
        return ctl_fail (ctl, error);
    ctl_print_list (ctl, rows, NULL);

    return CTL_DONE;
}

static int
print_saved (Ctl *ctl, OcSaved *saved)
{
    JsonBuilder *builder;

    if (saved->conflict)
        return ctl_fail (ctl, saved->conflict);
    if (!ctl->json) {
        ctl_print_list (ctl, saved->row, NULL);
        return CTL_DONE;
    }
    builder = json_builder_new ();
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "id");
    json_builder_add_int_value (builder, saved->id);
    json_builder_set_member_name (builder, "change");
    json_builder_add_int_value (builder, saved->change);
    json_builder_set_member_name (builder, "row");
    if (oc_rows_count (saved->row) > 0)
        ctl_add_row (builder, saved->row, 0);
    else
        json_builder_add_null_value (builder);
    json_builder_end_object (builder);
    ctl_print_json (builder);

    return CTL_DONE;
}

int
ctl_change_setting (Ctl *ctl, OcSettingAsk *ask)
{
    g_autofree char *request = oc_request_id ();
    g_autoptr(GError) refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcSaved) saved = NULL;
    int status;

    ask->request_id = request;
    if ((saved = oc_setting_change (ctl->desk, ask, NULL, &refusal)))
        return print_saved (ctl, saved);
    if ((status = ctl_approve (ctl, refusal)))
        return status;
    saved = oc_setting_change (ctl->desk, ask, NULL, &error);

    return saved ? print_saved (ctl, saved) : ctl_fail (ctl, error);
}

static gint64
take_int (JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member (object, name);
    gint64 value = node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;

    json_object_remove_member (object, name);

    return value;
}

/* A row of the list may come back changed: its id and row_version say which one it was. */
static int
run_save (Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) form = NULL;
    g_autofree char *json = NULL;
    OcSettingAsk ask = { .verb = OC_SETTING_SAVE };
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 2, &status))
        return status;
    if (!check_kind (ctl, argv[1]))
        return CTL_USAGE;
    if (!(form = json_from_string (argv[2], &error)) || !JSON_NODE_HOLDS_OBJECT (form))
        return ctl_wrong_use (ctl, _("“%s” is no JSON object."), argv[2]);
    if (json_object_has_member (json_node_get_object (form), "password"))
        return ctl_wrong_use (ctl, _("A password is not given on the command line. Set %s."), "ONECARD_NEW_PASSWORD");
    ask.kind = argv[1];
    ask.id = take_int (json_node_get_object (form), "id");
    ask.row_version = take_int (json_node_get_object (form), "row_version");
    ask.json = json = json_to_string (form, FALSE);
    ask.password = g_getenv ("ONECARD_NEW_PASSWORD");
    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;

    return ctl_change_setting (ctl, &ask);
}

static int
run_by_number (Ctl *ctl, int argc, char **argv, OcSettingVerb verb, const char *kind, int at)
{
    OcSettingAsk ask = { .verb = verb, .kind = kind };
    int status;

    if (kind && !check_kind (ctl, kind))
        return CTL_USAGE;
    if (!g_ascii_string_to_signed (argv[at], 10, 1, G_MAXINT64, &ask.id, NULL))
        return ctl_wrong_use (ctl, _("“%s” is no number."), argv[at]);
    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;

    return ctl_change_setting (ctl, &ask);
}

static int
run_delete (Ctl *ctl, int argc, char **argv)
{
    int status;

    return ctl_parse (ctl, NULL, &argc, &argv, 2, &status) ? run_by_number (ctl, argc, argv, OC_SETTING_DELETE, argv[1], 2) : status;
}

static int
run_undo (Ctl *ctl, int argc, char **argv)
{
    int status;

    return ctl_parse (ctl, NULL, &argc, &argv, 1, &status) ? run_by_number (ctl, argc, argv, OC_SETTING_UNDO, NULL, 1) : status;
}

const CtlCommand ctl_setting_commands[] = {
    { "settings list", "KIND [--of ID]", N_("KIND: parameters, sub-meters, meter-models, user-types, unit, price-items, prices, price-versions, "
            "price-tiers, branches, roles, operators"), run_list },
    { "settings save", "KIND JSON", N_("A new one, or with its id a change; with row_version only if nobody else changed it"), run_save },
    { "settings delete", "KIND ID", N_("What nothing refers to"), run_delete },
    { "settings undo", "CHANGE", N_("Takes back what “settings save” or “settings delete” answered as change"), run_undo },
    { NULL },
};

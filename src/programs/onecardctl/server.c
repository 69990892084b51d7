/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The database itself: made, started, stopped, checked, filled. */
#include <glib/gi18n.h>
#include <string.h>

#include "programs/onecardctl/ctl.h"

/* {"done": true} for scripts; nothing for people. */
static int
say_done (Ctl *ctl, const char *text)
{
    JsonBuilder *builder;

    if (!ctl->json) {
        g_print ("%s\n", text);
        return CTL_DONE;
    }
    builder = json_builder_new ();
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "done");
    json_builder_add_boolean_value (builder, TRUE);
    json_builder_end_object (builder);
    ctl_print_json (builder);

    return CTL_DONE;
}

static int
run_init (Ctl *ctl, int argc, char **argv)
{
    gboolean demo = FALSE;
    const GOptionEntry entries[] = {
        { "demo", 0, 0, G_OPTION_ARG_NONE, &demo, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (!oc_upkeep_init (ctl->data, demo, &error))
        return ctl_fail (ctl, error);

    return say_done (ctl, demo ? _("The demo is ready. Operators are 1001 (password 1001) and 1002 (password 1002).")
                               : _("The database is ready. The first operator is 1001, password 1001."));
}

static int
run_server (Ctl *ctl, int argc, char **argv)
{
    const char *verb = strrchr (argv[0], ' ') + 1;
    g_autoptr(GError) error = NULL;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 0, &status))
        return status;
    if (!oc_upkeep_server (ctl->data, verb, &error))
        return ctl_fail (ctl, error);

    return say_done (ctl, strcmp (verb, "stop") == 0 ? _("Stopped.") : _("Running."));
}

static int
run_status (Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcFields) fields = NULL;
    g_auto(OcOwnerAsk) owner = { 0 };
    JsonBuilder *builder;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 0, &status))
        return status;
    if (!ctl_owner (ctl, &owner))
        return CTL_USAGE;
    if (!(fields = oc_upkeep_status (&owner, &error)))
        return ctl_fail (ctl, error);
    if (!ctl->json) {
        for (guint i = 0; i < oc_fields_count (fields); i++)
            g_print ("%-12s %s\n", oc_fields_name (fields, i), oc_fields_value (fields, i));
        return CTL_DONE;
    }
    builder = json_builder_new ();
    json_builder_begin_object (builder);
    for (guint i = 0; i < oc_fields_count (fields); i++)
        ctl_add_member (builder, oc_fields_name (fields, i), oc_fields_value (fields, i));
    json_builder_end_object (builder);
    ctl_print_json (builder);

    return CTL_DONE;
}

static int
run_upgrade (Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_auto(OcOwnerAsk) owner = { 0 };
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 0, &status))
        return status;
    if (!ctl_owner (ctl, &owner))
        return CTL_USAGE;
    if (!oc_upkeep_upgrade (&owner, &error))
        return ctl_fail (ctl, error);

    return say_done (ctl, _("The database is of this version."));
}

static int
run_create (Ctl *ctl, int argc, char **argv)
{
    g_autofree char *server = NULL;
    g_autofree char *name = NULL;
    g_autofree char *time_zone = NULL;
    const GOptionEntry entries[] = {
        { "server", 0, 0, G_OPTION_ARG_FILENAME, &server, NULL, NULL },
        { "name", 0, 0, G_OPTION_ARG_FILENAME, &name, NULL, NULL },
        { "time-zone", 0, 0, G_OPTION_ARG_FILENAME, &time_zone, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autofree char *owner = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (server == NULL || name == NULL)
        return ctl_wrong_use (ctl, _("--server and --name are needed."));
    if (!(owner = ctl_ask_secret (ctl, "ONECARD_OWNER_PASSWORD", NULL, _("New password of the database's owner:"))))
        return CTL_USAGE;
    if (!oc_upkeep_create (&(OcCreateAsk){ server, g_getenv ("PGUSER"), g_getenv ("PGPASSWORD"), name, owner, time_zone }, &error))
        return ctl_fail (ctl, error);

    return say_done (ctl, _("The database is ready. The first operator is 1001, password 1001."));
}

static int
run_fill (Ctl *ctl, int argc, char **argv)
{
    gint64 customers = 0, trades = 0, seed = 1;
    const GOptionEntry entries[] = {
        { "customers", 0, 0, G_OPTION_ARG_INT64, &customers, NULL, NULL },
        { "trades", 0, 0, G_OPTION_ARG_INT64, &trades, NULL, NULL },
        { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    g_auto(OcOwnerAsk) owner = { 0 };
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (customers < 1 || trades < 0)
        return ctl_wrong_use (ctl, _("--customers and --trades are needed."));
    if (!ctl_owner (ctl, &owner))
        return CTL_USAGE;
    if (!(rows = oc_upkeep_fill (&owner, customers, trades, seed, &error)))
        return ctl_fail (ctl, error);
    ctl_print_list (ctl, rows, NULL);

    return CTL_DONE;
}

static int
run_check (Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    g_auto(OcOwnerAsk) owner = { 0 };
    gboolean broken = FALSE;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 0, &status))
        return status;
    if (!ctl_owner (ctl, &owner))
        return CTL_USAGE;
    if (!(rows = oc_upkeep_check (&owner, &error)))
        return ctl_fail (ctl, error);
    for (guint i = 0; i < oc_rows_count (rows); i++) {
        broken = broken || oc_rows_int (rows, i, "broken") > 0;
        if (!ctl->json)
            g_print ("%6" G_GINT64_FORMAT "  %s%s%s\n", oc_rows_int (rows, i, "broken"), oc_rows_text (rows, i, "invariant"),
                *oc_rows_text (rows, i, "sample") ? ": " : "", oc_rows_text (rows, i, "sample"));
    }
    if (ctl->json)
        ctl_print_list (ctl, rows, NULL);

    return broken ? CTL_REFUSED : CTL_DONE;
}

const CtlCommand ctl_server_commands[] = {
    { "init", "[--demo]", N_("Makes the private database and the first operator; --demo: with the manual's data"), run_init },
    { "server start", NULL, N_("Starts the private server"), run_server },
    { "server stop", NULL, N_("Stops it"), run_server },
    { "server status", NULL, N_("Whether it runs"), run_server },
    { "db create", "--server URI --name DB [--time-zone ZONE]",
        N_("Makes a database on a shared server, as its administrator (PGUSER, PGPASSWORD)"), run_create },
    { "db upgrade", NULL, N_("Brings the database to this program's version"), run_upgrade },
    { "db status", NULL, N_("Versions, size, connections, time zone, and the uri for psql"), run_status },
    { "db check", NULL, N_("Every invariant of the ledger, over the whole database"), run_check },
    { "db fill", "--customers N --trades M [--seed S]", N_("Reproducible data for trials and benchmarks"), run_fill },
    { NULL },
};

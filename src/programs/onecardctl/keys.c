/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card keys: what there is, and loading a version by two people. */
#include <glib/gi18n.h>
#include <string.h>

#include "programs/onecardctl/ctl.h"
#include "seal/bytes.h"

static int
run_status (Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 0, &status) || (status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (!(rows = oc_list (ctl->desk, "key_status", NULL, &error)))
        return ctl_fail (ctl, error);
    ctl_print_list (ctl, rows, NULL);

    return CTL_DONE;
}

static void
print_text (OcRows *rows)
{
    const char *mine = oc_rows_text (rows, 0, "component_check");
    const char *whole = oc_rows_text (rows, 0, "check_value");

    if (*mine != '\0')
        /* Translators: six hexadecimal digits by which people see that they mean the same bytes */
        g_print (_("Check value of your component: %s\n"), mine);
    if (oc_rows_is_null (rows, 0, "version")) {
        g_print (_("The first component is kept. Another operator gives the second with the same command.\n"));
        return;
    }
    if (*whole != '\0')
        g_print (_("Check value of the key: %s\n"), whole);
    /* Translators: %1$s a number, %2$s a time */
    g_print (_("Version %1$s is loaded, in force from %2$s.\n"), oc_rows_text (rows, 0, "version"), oc_rows_text (rows, 0, "in_force_at"));
}

static int
run_load (Ctl *ctl, int argc, char **argv)
{
    g_autofree char *from = NULL;
    const GOptionEntry entries[] = {
        { "from", 0, 0, G_OPTION_ARG_FILENAME, &from, NULL, NULL },
        { NULL },
    };
    g_autofree char *component = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 1, &status) || (status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (!(component = ctl_ask_secret (ctl, "ONECARD_KEY_COMPONENT", NULL, _("Your component, in hexadecimal digits:"))))
        return CTL_USAGE;
    rows = oc_key_component (ctl->desk, &(OcKeyAsk){ argv[1], component, from }, NULL, &error);
    oc_wipe (component, strlen (component));
    if (rows == NULL)
        return ctl_fail (ctl, error);
    if (ctl->json) {
        JsonBuilder *builder = json_builder_new ();

        ctl_add_row (builder, rows, 0);
        ctl_print_json (builder);
    } else {
        print_text (rows);
    }

    return CTL_DONE;
}

const CtlCommand ctl_key_commands[] = {
    { "keys load", N_("KEY [--from TIME]"),
        N_("Gives one of the two components of a key's next version: cpu-internal, cpu-external, cpu-mac, memory-area, memory-psc"), run_load },
    { "keys status", NULL, N_("The keys that are loaded: versions, check values, since when"), run_status },
    { NULL },
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operators, and one's own password. */
#include <glib/gi18n.h>
#include <string.h>

#include "programs/onecardctl/ctl.h"

static int
answer (Ctl *ctl, gboolean done, const GError *error)
{
    if (!done)
        return ctl_fail (ctl, error);
    if (ctl->json)
        g_print ("{\"done\": true}\n");

    return CTL_DONE;
}

static int
run_passwd (Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *password = NULL;
    gboolean done;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 0, &status) || (status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (!(password = ctl_ask_secret (ctl, "ONECARD_NEW_PASSWORD", NULL, _("New password:"))))
        return CTL_USAGE;
    done = oc_change_password (ctl->desk, password, NULL, &error);

    return answer (ctl, done, error);
}

static int
run_create (Ctl *ctl, int argc, char **argv)
{
    static const char *const names[] = { "branch", "role", "name", "sex", "phone" };
    g_autoptr(OcFields) fields = oc_fields_new (NULL);
    char *values[G_N_ELEMENTS (names)] = { NULL };
    GOptionEntry entries[G_N_ELEMENTS (names) + 1] = { 0 };
    g_autofree char *password = NULL;
    OcSettingAsk ask = { .verb = OC_SETTING_SAVE, .kind = "operators", .fields = fields };
    gint64 number;
    int status;

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        entries[i] = (GOptionEntry){ names[i], 0, 0, G_OPTION_ARG_FILENAME, &values[i], NULL, NULL };
    if (!ctl_parse (ctl, entries, &argc, &argv, 1, &status))
        return status;
    oc_fields_set (fields, "operator", argv[1]);
    oc_fields_set (fields, "branch", "1001");
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        if (values[i])
            oc_fields_set (fields, names[i], values[i]);
        g_free (values[i]);
    }
    if (!ctl_parse_operator (ctl, argv[1], &number))
        return CTL_USAGE;
    if (!oc_fields_get (fields, "role") || !oc_fields_get (fields, "name"))
        return ctl_wrong_use (ctl, _("--role and --name are needed."));
    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (!(password = ctl_ask_secret (ctl, "ONECARD_NEW_PASSWORD", NULL, _("The operator's first password:"))))
        return CTL_USAGE;
    ask.password = password;

    return ctl_change_setting (ctl, &ask);
}

static int
run_delete (Ctl *ctl, int argc, char **argv)
{
    OcSettingAsk ask = { .verb = OC_SETTING_DELETE, .kind = "operators" };
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 1, &status))
        return status;
    if (!ctl_parse_operator (ctl, argv[1], &ask.id))
        return CTL_USAGE;

    return (status = ctl_open_desk (ctl, FALSE)) ? status : ctl_change_setting (ctl, &ask);
}

static int
run_change (Ctl *ctl, int argc, char **argv)
{
    static const char *const verbs[] = { "lock", "unlock", "reset-password" };
    const char *word = strrchr (argv[0], ' ') + 1;
    g_autoptr(GError) error = NULL;
    g_autofree char *password = NULL;
    OcOperatorAsk ask = { 0 };
    gboolean done;
    int status;

    while (strcmp (verbs[ask.verb], word) != 0)
        ask.verb++;
    if (!ctl_parse (ctl, NULL, &argc, &argv, 1, &status))
        return status;
    if (!ctl_parse_operator (ctl, argv[1], &ask.number))
        return CTL_USAGE;
    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (ask.verb == OC_OPERATOR_RESET_PASSWORD
        && !(ask.password = password = ctl_ask_secret (ctl, "ONECARD_NEW_PASSWORD", NULL, _("The operator's new password:"))))
        return CTL_USAGE;
    done = oc_operator_change (ctl->desk, &ask, NULL, &error);

    return answer (ctl, done, error);
}

const CtlCommand ctl_operator_commands[] = {
    { "passwd", NULL, N_("One's own password (ONECARD_NEW_PASSWORD)"), run_passwd },
    { "operators create", "N --role R --name … [--branch N --sex male|female --phone …]", N_("A new operator"), run_create },
    { "operators lock", "N", N_("Nobody signs in with this number; sessions end"), run_change },
    { "operators unlock", "N", N_("The number may sign in again"), run_change },
    { "operators delete", "N", N_("Ends the operator; the number is never used again"), run_delete },
    { "operators reset-password", "N", N_("A new password, to be changed at the next login"), run_change },
    { NULL },
};

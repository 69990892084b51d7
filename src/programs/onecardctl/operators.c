/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operators, and one's own password. */
#include <glib/gi18n.h>
#include <string.h>

#include "programs/onecardctl/ctl.h"

static gboolean
parse_number (Ctl *ctl, const char *text, gint64 *number)
{
    if (g_ascii_string_to_signed (text, 10, 1001, 999999, number, NULL))
        return TRUE;
    ctl_wrong_use (ctl, _("“%s” is no operator number."), text);

    return FALSE;
}

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
    g_autofree char *role = NULL;
    g_autofree char *name = NULL;
    g_autofree char *sex = NULL;
    g_autofree char *phone = NULL;
    g_autofree char *password = NULL;
    gint64 branch = 1001;
    const GOptionEntry entries[] = {
        { "branch", 0, 0, G_OPTION_ARG_INT64, &branch, NULL, NULL },
        { "role", 0, 0, G_OPTION_ARG_FILENAME, &role, NULL, NULL },
        { "name", 0, 0, G_OPTION_ARG_FILENAME, &name, NULL, NULL },
        { "sex", 0, 0, G_OPTION_ARG_FILENAME, &sex, NULL, NULL },
        { "phone", 0, 0, G_OPTION_ARG_FILENAME, &phone, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    OcOperatorAsk ask = { 0 };
    gboolean done;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 1, &status))
        return status;
    if (!parse_number (ctl, argv[1], &ask.number))
        return CTL_USAGE;
    if (role == NULL || name == NULL)
        return ctl_wrong_use (ctl, _("--role and --name are needed."));
    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (!(password = ctl_ask_secret (ctl, "ONECARD_NEW_PASSWORD", NULL, _("The operator's first password:"))))
        return CTL_USAGE;
    ask.branch = branch;
    ask.role = role;
    ask.name = name;
    ask.sex = sex;
    ask.phone = phone;
    ask.password = password;
    done = oc_operator_create (ctl->desk, &ask, NULL, &error);

    return answer (ctl, done, error);
}

static int
run_change (Ctl *ctl, int argc, char **argv)
{
    static const struct {
        const char *verb;
        gboolean (*act) (OcDesk *desk, gint64 number, GCancellable *cancellable, GError **error);
    } verbs[] = {
        { "lock", oc_operator_lock }, { "unlock", oc_operator_unlock }, { "delete", oc_operator_delete },
    };
    const char *verb = strrchr (argv[0], ' ') + 1;
    g_autoptr(GError) error = NULL;
    g_autofree char *password = NULL;
    gboolean done = FALSE;
    gint64 number;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 1, &status))
        return status;
    if (!parse_number (ctl, argv[1], &number))
        return CTL_USAGE;
    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (strcmp (verb, "reset-password") == 0) {
        if (!(password = ctl_ask_secret (ctl, "ONECARD_NEW_PASSWORD", NULL, _("The operator's new password:"))))
            return CTL_USAGE;
        done = oc_operator_reset_password (ctl->desk, number, password, NULL, &error);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
        if (strcmp (verbs[i].verb, verb) == 0)
            done = verbs[i].act (ctl->desk, number, NULL, &error);

    return answer (ctl, done, error);
}

const CtlCommand ctl_operator_commands[] = {
    { "passwd", NULL, N_("One's own password (ONECARD_NEW_PASSWORD)"), run_passwd },
    { "operators create", "N --role R --name … [--branch N --sex male|female --phone …]", N_("A new operator"), run_create },
    { "operators lock", "N", N_("Nobody signs in with this number; sessions end"), run_change },
    { "operators unlock", "N", N_("The number may sign in again"), run_change },
    { "operators delete", "N", N_("Ends the operator; the number is never used again"), run_change },
    { "operators reset-password", "N", N_("A new password, to be changed at the next login"), run_change },
    { NULL },
};

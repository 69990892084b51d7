/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists: customers, the figures of the home screen. */
#include <glib/gi18n.h>

#include "programs/onecardctl/ctl.h"

static int
run_customers_find (Ctl *ctl, int argc, char **argv)
{
    int limit = 50;
    const GOptionEntry entries[] = {
        { "limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 1, &status) || (status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (!(rows = oc_customers_find (ctl->desk, argv[1], limit, NULL, &error)))
        return ctl_fail (ctl, error);
    ctl_print_list (ctl, rows, NULL);

    return CTL_DONE;
}

static int
print_named_list (Ctl *ctl, const char *list)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    int status;

    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (!(rows = oc_list (ctl->desk, list, NULL, &error)))
        return ctl_fail (ctl, error);
    ctl_print_list (ctl, rows, NULL);

    return CTL_DONE;
}

static int
run_home (Ctl *ctl, int argc, char **argv)
{
    int status;

    return ctl_parse (ctl, NULL, &argc, &argv, 0, &status) ? print_named_list (ctl, "home") : status;
}

const CtlCommand ctl_list_commands[] = {
    { "customers find", "TEXT [--limit N]", N_("Customers by number, name, address, telephone, meter or card"), run_customers_find },
    { "home", NULL, N_("Today's figures"), run_home },
    { NULL },
};

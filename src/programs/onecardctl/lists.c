/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists: the figures of the home screen, the trail of changes. */
#include <glib/gi18n.h>

#include "programs/onecardctl/ctl.h"

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

/* The trail of changes; --fields: what one of them changed. */
static int
run_query_audit (Ctl *ctl, int argc, char **argv)
{
    OcTrailAsk ask = { 0 };
    gint64 id = 0;
    const GOptionEntry entries[] = {
        { "from", 0, 0, G_OPTION_ARG_FILENAME, &ask.from, NULL, NULL },
        { "to", 0, 0, G_OPTION_ARG_FILENAME, &ask.to, NULL, NULL },
        { "text", 0, 0, G_OPTION_ARG_FILENAME, &ask.text, NULL, NULL },
        { "limit", 0, 0, G_OPTION_ARG_INT, &ask.limit, NULL, NULL },
        { "fields", 0, 0, G_OPTION_ARG_INT64, &id, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    int status;

    if (ctl_parse (ctl, entries, &argc, &argv, 0, &status) && !(status = ctl_open_desk (ctl, FALSE))) {
        rows = id ? oc_trail_fields (ctl->desk, id, NULL, &error) : oc_trail (ctl->desk, &ask, NULL, &error);
        if (rows)
            ctl_print_list (ctl, rows, NULL);
        status = rows ? CTL_DONE : ctl_fail (ctl, error);
    }
    g_free ((char *) ask.from);
    g_free ((char *) ask.to);
    g_free ((char *) ask.text);

    return status;
}

static int
run_home (Ctl *ctl, int argc, char **argv)
{
    int status;

    return ctl_parse (ctl, NULL, &argc, &argv, 0, &status) ? print_named_list (ctl, "home") : status;
}

const CtlCommand ctl_list_commands[] = {
    { "query audit", "[--from T --to T --text T --limit N] [--fields ID]", N_("Who changed what; --fields: what one change was, field by field"), run_query_audit },
    { "home", NULL, N_("Today's figures"), run_home },
    { NULL },
};

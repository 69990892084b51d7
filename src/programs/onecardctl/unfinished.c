/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card writes whose outcome is not proven. */
#include <glib/gi18n.h>
#include <string.h>

#include "programs/onecardctl/money.h"

static int
run_unfinished_list (Ctl *ctl, int argc, char **argv)
{
    static const char *const totals[] = { "received", NULL };
    gboolean all = FALSE;
    const GOptionEntry entries[] = {
        { "all", 0, 0, G_OPTION_ARG_NONE, &all, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status) || (status = ctl_open_desk (ctl, FALSE)))
        return status;
    if (!(rows = oc_unfinished_list (ctl->desk, all, NULL, &error)))
        return ctl_fail (ctl, error);
    ctl_print_list (ctl, rows, totals);

    return CTL_DONE;
}

/* A job's number -> its id, which stays as it is. */
static int
find_job (Ctl *ctl, char **job)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;

    if (g_uuid_string_is_valid (*job))
        return CTL_DONE;
    if (!(rows = oc_unfinished_list (ctl->desk, FALSE, NULL, &error)))
        return ctl_fail (ctl, error);
    for (guint row = 0; row < oc_rows_count (rows); row++)
        if (strcmp (oc_rows_text (rows, row, "number"), *job) == 0) {
            g_free (*job);
            *job = g_strdup (oc_rows_text (rows, row, "job"));
            return CTL_DONE;
        }

    return ctl_wrong_use (ctl, _("“%s” is no card job: “unfinished list” gives their numbers."), *job);
}

static int
run_unfinished_settle (Ctl *ctl, int argc, char **argv)
{
    g_autofree char *job = NULL;
    g_autofree char *receipt = NULL;
    gboolean undo = FALSE;
    const GOptionEntry entries[] = {
        { "job", 0, 0, G_OPTION_ARG_FILENAME, &job, NULL, NULL },
        { "undo", 0, 0, G_OPTION_ARG_NONE, &undo, NULL, NULL },
        { "receipt", 0, 0, G_OPTION_ARG_FILENAME, &receipt, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (job && !g_uuid_string_is_valid (job) && !g_ascii_string_to_unsigned (job, 10, 1, G_MAXINT64, NULL, NULL))
        return ctl_wrong_use (ctl, _("“%s” is no card job: “unfinished list” gives their numbers."), job);
    if ((status = ctl_open_desk (ctl, TRUE)) || (job && (status = find_job (ctl, &job))))
        return status;
    if (!(outcome = oc_unfinished_settle (ctl->desk, &(OcSettleAsk){ job, undo }, NULL, &error)))
        return ctl_fail (ctl, error);
    ctl_print_outcome (ctl, outcome, receipt);

    return CTL_DONE;
}

static int
run_unfinished_decide (Ctl *ctl, int argc, char **argv)
{
    g_autofree char *decision = NULL;
    g_autofree char *note = NULL;
    g_autofree char *request = NULL;
    gint64 conflict = 0;
    const GOptionEntry entries[] = {
        { "conflict", 0, 0, G_OPTION_ARG_INT64, &conflict, NULL, NULL },
        { "decision", 0, 0, G_OPTION_ARG_STRING, &decision, NULL, NULL },
        { "note", 0, 0, G_OPTION_ARG_STRING, &note, NULL, NULL },
        { "request", 0, 0, G_OPTION_ARG_STRING, &request, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 0, &status))
        return status;
    if (conflict == 0 || decision == NULL || note == NULL)
        return ctl_wrong_use (ctl, _("Give --conflict N, --decision and --note."));
    if (request == NULL)
        request = oc_request_id ();
    if (!g_uuid_string_is_valid (request))
        return ctl_wrong_use (ctl, _("“%s” is no request id: a UUID is needed."), request);
    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;

    const OcConflictAsk ask = { request, conflict, decision, note };

    if (!(rows = oc_conflict_decide (ctl->desk, &ask, NULL, &refusal))) {
        if ((status = ctl_approve (ctl, refusal)))
            return status;
        if (!(rows = oc_conflict_decide (ctl->desk, &ask, NULL, &error)))
            return ctl_fail (ctl, error);
    }
    ctl_print_list (ctl, rows, NULL);

    return CTL_DONE;
}

const CtlCommand ctl_unfinished_commands[] = {
    { "unfinished list", "[--all]", N_("Card writes whose outcome is not proven"), run_unfinished_list },
    { "unfinished settle", "[--job N] [--undo] [--receipt F]", N_("Settles the one of the card in the reader"), run_unfinished_settle },
    { "unfinished decide", "--conflict N --decision release|withhold|dismiss --note T [--request UUID]", N_("Decides what does not fit, with a second person"),
        run_unfinished_decide },
    { NULL },
};

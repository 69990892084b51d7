/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this station remembers for itself. */
#include <glib/gi18n.h>
#include <string.h>

#include "programs/onecardctl/ctl.h"
#include "programs/reader-spec.h"

#define ANY "any"

static int
print_reader (Ctl *ctl)
{
    g_autofree char *spec = oc_station_get_reader (ctl->data);
    JsonBuilder *builder;

    if (!ctl->json) {
        g_print ("%s\n", spec ? spec : ANY);
        return CTL_DONE;
    }
    builder = json_builder_new ();
    json_builder_begin_object (builder);
    ctl_add_member (builder, "reader", spec ? spec : ANY);
    json_builder_end_object (builder);
    ctl_print_json (builder);

    return CTL_DONE;
}

static int
run_reader (Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, -1, &status))
        return status;
    if (argc > 2)
        return ctl_wrong_use (ctl, _("“%s” is too much."), argv[2]);
    if (argc == 2 && strcmp (argv[1], ANY) != 0 && !g_str_has_prefix (argv[1], "pcsc:"))
        return ctl_wrong_use (ctl, _("“%s” is no reader. Give pcsc:NAME or “any”."), argv[1]);
    if (argc == 2 && !oc_station_set_reader (ctl->data, strcmp (argv[1], ANY) == 0 ? NULL : argv[1], &error))
        return ctl_fail (ctl, error);

    return print_reader (ctl);
}

const CtlCommand ctl_station_commands[] = {
    { "station reader", "[pcsc:NAME[,acs|omnikey|plain] | any]", N_("The reader that this station uses where --reader names none"), run_reader },
    { NULL },
};

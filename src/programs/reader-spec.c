/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/reader-spec.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ops/ops.h"
#include "sim/reader.h"

/* Cuts the command set off @spec's end; NULL: none is named. */
static const char *
cut_commands (char *spec)
{
    static const char *const sets[] = { "acs", "omnikey", OC_READER_PLAIN };
    char *comma = strrchr (spec, ',');

    for (gsize i = 0; comma != NULL && i < G_N_ELEMENTS (sets); i++)
        if (strcmp (comma + 1, sets[i]) == 0) {
            *comma = '\0';
            return sets[i];
        }
    return NULL;
}

OcReader *
oc_reader_from_spec (const char *spec, const char *data_dir, const char *faults, GError **error)
{
    g_autofree char *own = spec != NULL ? g_strdup (spec) : oc_station_get_reader (data_dir);
    const char *commands = own != NULL ? cut_commands (own) : NULL;
    OcReader *reader = NULL;

    if (own == NULL)
        return oc_pcsc_reader_new (NULL);
    if (g_str_has_prefix (own, "pcsc:"))
        reader = oc_pcsc_reader_new (own + strlen ("pcsc:"));
    else if (g_str_has_prefix (own, "sim:"))
        reader = oc_sim_reader_new (own + strlen ("sim:"), g_strcmp0 (commands, "omnikey") == 0 ? OC_SIM_READER_OMNIKEY : OC_SIM_READER_ACS,
            faults, error);
    else
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("“%s” is no reader. Give sim:FILE or pcsc:NAME."), own);
    if (reader != NULL)
        oc_reader_set_commands (reader, commands);
    return reader;
}

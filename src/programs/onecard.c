/* SPDX-License-Identifier: GPL-3.0-or-later */
/* onecard: the desktop program. Makes reader, desk and, for the demo, the card tray, and gives them to the window. */
#include <glib/gi18n.h>
#include <string.h>

#include "card/reader.h"
#include "db/cluster.h"
#include "ops/ops.h"
#include "programs/locale-dir.h"
#include "programs/reader-spec.h"
#include "programs/sim-keys.h"
#include "sim/reader.h"
#include "tray/tray.h"
#include "ui/application.h"
#include "ui/style.h"

typedef struct {
    gboolean demo;
    char *data_dir;
    char *profile;
    char *screen;
    char *reader;
    char *demo_dir; /* of the demo that is open: whose keys the tray's cards get */
} Options;

/* Profiles ------------------------------------------------------------------------------------------------------- */

static void
add_profile (GPtrArray *profiles, const char *id, const char *title, char *data_dir, char *uri)
{
    OcProfile *profile = g_new0 (OcProfile, 1);

    profile->id = g_strdup (id);
    profile->title = g_strdup (title);
    profile->data_dir = data_dir;
    profile->uri = uri;
    profile->demo = g_str_equal (id, "demo");
    if (data_dir != NULL) {
        g_autoptr(OcCluster) cluster = oc_cluster_open (data_dir, NULL);
        profile->missing = cluster == NULL || !oc_cluster_exists (cluster);
    }
    g_ptr_array_add (profiles, profile);
}

/* An address that can't be read stays in the list as it is: signing in tells what is wrong with it. */
static void
add_shared (GPtrArray *profiles)
{
    g_autoptr(OcRows) servers = oc_servers ();

    for (guint i = 0; i < oc_rows_count (servers); i++) {
        const char *name = oc_rows_text (servers, i, "name");
        char *uri = oc_server_uri (name, NULL);

        add_profile (profiles, name, oc_rows_text (servers, i, "title"), NULL, uri ? uri : g_strdup (oc_rows_text (servers, i, "uri")));
    }
}

static GPtrArray *
list_profiles (gpointer data)
{
    Options *options = data;
    GPtrArray *profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) oc_profile_free);
    g_autofree char *standard = oc_cluster_default_data_dir ();
    const char *given = options->data_dir;

    add_profile (profiles, "private", _("This computer"), g_strdup (given != NULL && !options->demo ? given : standard), NULL);
    add_shared (profiles);
    add_profile (profiles, "demo", _("Demo"),
        given != NULL && options->demo ? g_strdup (given) : g_strconcat (standard, "-demo", NULL), NULL);
    return profiles;
}

/* The desk --------------------------------------------------------------------------------------------------------- */

static OcReader *
open_reader (const char *spec, const char *data_dir)
{
    g_autoptr(GError) error = NULL;
    OcReader *reader = oc_reader_from_spec (spec, data_dir, NULL, &error);

    if (reader == NULL)
        g_printerr ("%s\n", error->message);
    return reader;
}

static gboolean
demo_keys (OcSimKeys *keys, gpointer data, GError **error)
{
    return oc_sim_keys_from_database (keys, ((Options *) data)->demo_dir, error);
}

static GtkWidget *
open_tray (const OcProfile *profile, OcSimSlot *slot, Options *options)
{
    g_autofree char *folder = g_build_filename (profile->data_dir, "tray", NULL);

    g_free (options->demo_dir);
    options->demo_dir = g_strdup (profile->data_dir);
    return oc_tray_new (folder, slot, demo_keys, options);
}

static OcDesk *
open_desk (const OcProfile *profile, GtkWidget **tray, gpointer data)
{
    Options *options = data;
    g_autoptr(OcSimSlot) slot = NULL;
    OcDeskOptions desk = { .data_dir = profile->data_dir, .uri = profile->uri, .demo = profile->demo, .create = profile->uri == NULL };

    if (profile->demo && options->reader == NULL) {
        slot = oc_sim_slot_new (OC_SIM_READER_ACS, NULL);
        desk.reader = oc_sim_slot_reader (slot);
        *tray = open_tray (profile, slot, options);
    } else {
        desk.reader = open_reader (options->reader, profile->data_dir);
    }
    return oc_desk_new (&desk);
}

/* Command line ------------------------------------------------------------------------------------------------------ */

static gboolean
parse (int *argc, char ***argv, Options *options, gboolean *version)
{
    GOptionEntry entries[] = {
        { "demo", 0, 0, G_OPTION_ARG_NONE, &options->demo, N_("Open the demo, with simulated cards and meters"), NULL },
        { "data", 0, 0, G_OPTION_ARG_FILENAME, &options->data_dir, N_("Folder of the private database"), N_("DIR") },
        { "profile", 0, 0, G_OPTION_ARG_STRING, &options->profile, N_("Connection to begin with"), N_("NAME") },
        { "screen", 0, 0, G_OPTION_ARG_STRING, &options->screen, N_("Screen to begin with"), N_("ID") },
        { "reader", 0, 0, G_OPTION_ARG_STRING, &options->reader, N_("Card reader: pcsc:NAME or sim:FILE"), N_("SPEC") },
        { "version", 0, 0, G_OPTION_ARG_NONE, version, N_("Print the version"), NULL },
        { NULL }
    };
    g_autoptr(GOptionContext) context = g_option_context_new (NULL);
    g_autoptr(GError) error = NULL;

    g_option_context_set_summary (context, _("Prepaid energy on IC cards"));
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
    if (!g_option_context_parse (context, argc, argv, &error)) {
        g_printerr ("%s\n", error->message);
        return FALSE;
    }
    if (options->reader != NULL && !g_str_has_prefix (options->reader, "sim:") && !g_str_has_prefix (options->reader, "pcsc:")) {
        g_printerr ("%s\n", _("A reader is given as pcsc:NAME or sim:FILE."));
        return FALSE;
    }
    return TRUE;
}

int
main (int argc, char **argv)
{
    Options options = { 0 };
    gboolean version = FALSE;
    g_autoptr(OcApplication) application = NULL;

    oc_style_prepare ();
    oc_application_init_language ();
    oc_locale_dir_bind ();
    g_set_prgname ("onecard");
    if (!parse (&argc, &argv, &options, &version))
        return 2;
    if (version) {
        g_print ("onecard %s\n", ONECARD_VERSION);
        return 0;
    }
    application = oc_application_new (&(OcApplicationParts){ list_profiles, open_desk, &options },
        options.demo ? "demo" : options.profile, options.screen);
    return g_application_run (G_APPLICATION (application), 1, argv);
}

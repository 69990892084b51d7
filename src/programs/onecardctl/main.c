/* SPDX-License-Identifier: GPL-3.0-or-later */
/* onecardctl: every act of ops.h without a window, for scripts, for IT, for tests. */
#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#include "programs/locale-dir.h"
#include "programs/onecardctl/ctl.h"

static const CtlCommand *const groups[] = {
    ctl_server_commands, ctl_card_commands, ctl_sale_commands, ctl_account_commands, ctl_card_act_commands, ctl_meter_commands,
    ctl_unfinished_commands, ctl_customer_commands, ctl_list_commands, ctl_setting_commands, ctl_operator_commands, ctl_key_commands, ctl_station_commands, ctl_layout_commands,
};

static gboolean show_version;
static gboolean show_help;

/* Texts as bytes: what isn't UTF-8 is refused by name, whatever the locale. */
static GOptionEntry *
common_entries (Ctl *ctl)
{
    const GOptionEntry entries[] = {
        { "data", 0, 0, G_OPTION_ARG_FILENAME, &ctl->data, N_("Where the private database and the settings live"), "DIR" },
        { "profile", 0, 0, G_OPTION_ARG_FILENAME, &ctl->profile, N_("A shared server instead of the private one"), "NAME" },
        { "operator", 0, 0, G_OPTION_ARG_FILENAME, &ctl->operator_number, N_("Operator number (or ONECARD_OPERATOR)"), "N" },
        { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &ctl->password_file, N_("File with the password (or ONECARD_PASSWORD)"), "FILE" },
        { "reader", 0, 0, G_OPTION_ARG_FILENAME, &ctl->reader, N_("sim:FILE, a simulated card; pcsc:NAME, a reader whose name begins so"), "SPEC" },
        { "approve", 0, 0, G_OPTION_ARG_FILENAME, &ctl->approve, N_("A second person's operator number, where one must approve"), "N" },
        { "fault", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &ctl->fault, N_("Faults of a simulated card"), "SPEC" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &ctl->json, N_("One JSON object on standard output"), NULL },
        { NULL },
    };

    return g_memdup2 (entries, sizeof entries);
}

gboolean
ctl_parse (Ctl *ctl, const GOptionEntry *entries, int *argc, char ***argv, int n_arguments, int *status)
{
    g_autoptr(GOptionContext) context = g_option_context_new (NULL);
    g_autoptr(GError) error = NULL;

    g_option_context_set_help_enabled (context, FALSE);
    if (entries)
        g_option_context_add_main_entries (context, entries, NULL);
    *status = CTL_USAGE;
    for (int i = 1; i < *argc; i++)
        if (!g_utf8_validate ((*argv)[i], -1, NULL)) {
            ctl_wrong_use (ctl, _("Argument %d is not UTF-8 text."), i);
            return FALSE;
        }
    if (!g_option_context_parse (context, argc, argv, &error)) {
        ctl_wrong_use (ctl, "%s", error->message);
        return FALSE;
    }
    if (*argc > 1 && strcmp ((*argv)[1], "--") == 0) {
        memmove (*argv + 1, *argv + 2, (size_t) (*argc - 1) * sizeof (char *));
        (*argc)--;
    }
    if (n_arguments >= 0 && *argc != n_arguments + 1) {
        ctl_wrong_use (ctl, *argc > n_arguments + 1 ? _("“%s” is too much.") : _("Something is missing after “%s”."),
            (*argv)[*argc > n_arguments + 1 ? n_arguments + 1 : *argc - 1]);
        return FALSE;
    }

    return TRUE;
}

static void
print_help (void)
{
    g_print ("%s\n  onecardctl [%s] %s\n\n%s\n", _("Usage:"), _("OPTION…"), _("COMMAND …"), _("Options:"));
    g_print ("  --data DIR            %s\n", _("Where the private database and the settings live"));
    g_print ("  --profile NAME        %s\n", _("A shared server instead of the private one"));
    g_print ("  --operator N          %s\n", _("Operator number (or ONECARD_OPERATOR)"));
    g_print ("  --password-file FILE  %s\n", _("File with the password (or ONECARD_PASSWORD)"));
    g_print ("  --reader SPEC         %s\n", _("sim:FILE, a simulated card; pcsc:NAME, a reader whose name begins so"));
    g_print ("  --approve N           %s\n", _("A second person's operator number, where one must approve"));
    g_print ("  --json                %s\n", _("One JSON object on standard output"));
    g_print ("\n%s\n", _("Commands:"));
    for (gsize g = 0; g < G_N_ELEMENTS (groups); g++)
        for (const CtlCommand *command = groups[g]; command->words; command++)
            g_print ("  %s %s\n      %s\n", command->words, command->arguments ? _(command->arguments) : "",
                _(command->summary));
}

/* How many of @argv's first words are the command's; 0: it is another one. */
static int
match (const CtlCommand *command, int argc, char **argv)
{
    g_auto(GStrv) words = g_strsplit (command->words, " ", -1);
    int n = (int) g_strv_length (words);

    for (int i = 0; i < n; i++)
        if (i + 1 >= argc || strcmp (words[i], argv[i + 1]) != 0)
            return 0;

    return n;
}

static int
run_command (Ctl *ctl, int argc, char **argv)
{
    for (gsize g = 0; g < G_N_ELEMENTS (groups); g++)
        for (const CtlCommand *command = groups[g]; command->words; command++) {
            int n = match (command, argc, argv);

            if (n == 0)
                continue;
            argv[n] = (char *) command->words;
            return command->run (ctl, argc - n, argv + n);
        }
    if (argc < 2)
        return ctl_wrong_use (ctl, _("A command is missing. “onecardctl --help” lists them."));

    return ctl_wrong_use (ctl, _("There is no command “%s”. “onecardctl --help” lists them."), argv[1]);
}

static int
run (Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new (NULL);
    g_autofree GOptionEntry *common = common_entries (ctl);
    g_autoptr(GError) error = NULL;
    const GOptionEntry general[] = {
        { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, NULL, NULL },
        { "help", 'h', 0, G_OPTION_ARG_NONE, &show_help, NULL, NULL },
        { NULL },
    };

    g_option_context_set_help_enabled (context, FALSE);
    g_option_context_set_ignore_unknown_options (context, TRUE); /* they are the command's */
    g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
    g_option_context_add_main_entries (context, general, NULL);
    if (!g_option_context_parse (context, &argc, &argv, &error))
        return ctl_wrong_use (ctl, "%s", error->message);
    if (show_version) {
        g_print ("onecardctl %s\n", ONECARD_VERSION);
        return CTL_DONE;
    }
    if (show_help) {
        print_help ();
        return CTL_DONE;
    }

    return run_command (ctl, argc, argv);
}

int
main (int argc, char **argv)
{
    Ctl ctl = { 0 };
    int status;

    setlocale (LC_ALL, "");
    oc_locale_dir_bind ();

    g_autofree char **copy = g_memdup2 (argv, (gsize) (argc + 1) * sizeof (char *)); /* GOption moves them about */

    status = run (&ctl, argc, copy);
    if (ctl.desk) {
        oc_desk_close (ctl.desk, FALSE);
        g_object_unref (ctl.desk);
    }
    g_free (ctl.data);
    g_free (ctl.profile);
    g_free (ctl.operator_number);
    g_free (ctl.password_file);
    g_free (ctl.reader);
    g_free (ctl.fault);
    g_free (ctl.approve);

    return status;
}

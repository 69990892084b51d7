/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who, where and with which reader: makes the desk that a command works at. */
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "card/reader.h"
#include "core/error.h"
#include "programs/onecardctl/ctl.h"
#include "programs/reader-spec.h"
#include "seal/bytes.h"

static char *
read_line (FILE *file)
{
    char buffer[1024];

    if (!fgets (buffer, sizeof buffer, file))
        return NULL;
    buffer[strcspn (buffer, "\r\n")] = '\0';

    return g_strdup (buffer);
}

static char *
prompt_secret (const char *prompt)
{
    struct termios was, quiet;
    char *secret;

    if (tcgetattr (STDIN_FILENO, &was) != 0)
        return NULL;
    quiet = was;
    quiet.c_lflag &= (tcflag_t) ~ECHO;
    fprintf (stderr, "%s ", prompt);
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
    secret = read_line (stdin);
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &was);
    fputc ('\n', stderr);

    return secret;
}

char *
ctl_ask_secret (Ctl *ctl, const char *variable, const char *file, const char *prompt)
{
    const char *given = g_getenv (variable);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    char *secret;

    if (given)
        return g_strdup (given);
    if (file) {
        if (!g_file_get_contents (file, &text, NULL, &error)) {
            ctl_wrong_use (ctl, "%s", error->message);
            return NULL;
        }
        text[strcspn (text, "\r\n")] = '\0';
        return g_steal_pointer (&text);
    }
    if ((secret = prompt_secret (prompt)))
        return secret;
    ctl_wrong_use (ctl, _("There is no password. Set %s, or give --password-file."), variable);

    return NULL;
}

gboolean
ctl_profile_uri (Ctl *ctl, char **uri)
{
    g_autoptr(GError) error = NULL;

    *uri = ctl->profile ? oc_server_uri (ctl->profile, &error) : NULL;
    if (error)
        ctl_wrong_use (ctl, "%s", error->message);

    return error == NULL;
}

gboolean
ctl_owner (Ctl *ctl, OcOwnerAsk *ask)
{
    char *uri;

    *ask = (OcOwnerAsk){ .data_dir = ctl->data };
    if (!ctl_profile_uri (ctl, &uri))
        return FALSE;
    ask->uri = uri;
    if (uri)
        ask->password = ctl_ask_secret (ctl, "ONECARD_OWNER_PASSWORD", NULL, _("Password of the database's owner:"));

    return uri == NULL || ask->password != NULL;
}

void
ctl_owner_clear (OcOwnerAsk *ask)
{
    if (ask->password)
        oc_wipe ((char *) ask->password, strlen (ask->password));
    g_free ((char *) ask->password);
    g_free ((char *) ask->uri);
}

/* The reader of --reader; NULL with *status when it can't be had. */
static OcReader *
make_reader (Ctl *ctl, int *status)
{
    g_autoptr(GError) error = NULL;
    OcReader *reader = oc_reader_from_spec (ctl->reader, ctl->data, ctl->fault, &error);

    if (reader == NULL && error->domain == G_OPTION_ERROR) {
        *status = ctl_wrong_use (ctl, "%s", error->message);
    } else if (reader == NULL) {
        ctl_fail (ctl, error);
        *status = CTL_NO_CARD;
    }

    return reader;
}

gboolean
ctl_parse_operator (Ctl *ctl, const char *text, gint64 *number)
{
    if (g_ascii_string_to_signed (text, 10, 1001, 999999, number, NULL))
        return TRUE;
    ctl_wrong_use (ctl, _("“%s” is no operator number."), text);

    return FALSE;
}

static gboolean
parse_oneself (Ctl *ctl, gint64 *number)
{
    const char *text = ctl->operator_number ? ctl->operator_number : g_getenv ("ONECARD_OPERATOR");

    if (text)
        return ctl_parse_operator (ctl, text, number);
    ctl_wrong_use (ctl, _("Who are you? Give --operator N or set ONECARD_OPERATOR."));

    return FALSE;
}

int
ctl_approve (Ctl *ctl, const GError *error)
{
    g_autofree char *password = NULL;
    g_autoptr(GError) failure = NULL;
    OcApproveAsk ask = { .wanted = error };
    gboolean done;

    if (ctl->approve == NULL || oc_error_get_param (error, "digest") == NULL)
        return ctl_fail (ctl, error);
    if (!ctl_parse_operator (ctl, ctl->approve, &ask.number)
        || !(password = ctl_ask_secret (ctl, "ONECARD_APPROVE_PASSWORD", NULL, _("Password of who approves:"))))
        return CTL_USAGE;
    ask.password = password;
    done = oc_approve (ctl->desk, &ask, NULL, &failure);
    oc_wipe (password, strlen (password));

    return done ? CTL_DONE : ctl_fail (ctl, failure);
}

int
ctl_open_desk (Ctl *ctl, gboolean with_reader)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *password = NULL;
    g_autofree char *uri = NULL;
    OcReader *reader = NULL;
    int status = CTL_USAGE;
    gboolean signed_in;
    gint64 number;

    if (!parse_oneself (ctl, &number) || !ctl_profile_uri (ctl, &uri)
        || !(password = ctl_ask_secret (ctl, "ONECARD_PASSWORD", ctl->password_file, _("Password:")))
        || (with_reader && !(reader = make_reader (ctl, &status))))
        return status;

    ctl->desk = oc_desk_new (&(OcDeskOptions){ .data_dir = ctl->data, .uri = uri, .reader = reader });
    oc_desk_use_here (ctl->desk);
    signed_in = oc_sign_in (ctl->desk, &(OcSignInAsk){ number, password }, NULL, &error);
    oc_wipe (password, strlen (password));

    return signed_in ? CTL_DONE : ctl_fail (ctl, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of onecardctl share: the options that every command has, and how answers and errors are printed. */
#pragma once

#include <json-glib/json-glib.h>

#include "ops/ops.h"

G_BEGIN_DECLS

/* Exit status. */
enum {
    CTL_DONE,
    CTL_REFUSED,     /* by a rule */
    CTL_USAGE,
    CTL_UNPROVEN,    /* begun and not proven: listed as unfinished */
    CTL_NO_DATABASE,
    CTL_NO_CARD,     /* no card or reader, or a card that can't be used */
};

typedef struct {
    char *data, *profile, *operator_number, *password_file, *reader, *fault, *approve;
    gboolean json;
    OcDesk *desk;    /* ctl_open_desk () */
} Ctl;

typedef struct {
    const char *words;     /* "card read" */
    const char *arguments; /* "[OPTION…]", N_() */
    const char *summary;   /* N_() */
    int (*run) (Ctl *ctl, int argc, char **argv); /* argv[0]: the command's words */
} CtlCommand;

extern const CtlCommand ctl_server_commands[], ctl_card_commands[], ctl_sale_commands[], ctl_account_commands[],
    ctl_card_act_commands[], ctl_meter_commands[], ctl_unfinished_commands[], ctl_list_commands[], ctl_operator_commands[], ctl_setting_commands[],
    ctl_key_commands[], ctl_station_commands[], ctl_layout_commands[], ctl_customer_commands[]; /* each ends with an empty row */

/* main.c: parses a command's own options; @n_arguments words must be left (-1: any number). On FALSE *status is the exit
 * status and everything was said. */
gboolean ctl_parse (Ctl *ctl, const GOptionEntry *entries, int *argc, char ***argv, int n_arguments, int *status);

/* open.c: a desk with the reader (@with_reader) and the operator signed in. 0, or an exit status after telling why. */
int ctl_open_desk (Ctl *ctl, gboolean with_reader);
/* An operator's number; FALSE after telling. */
gboolean ctl_parse_operator (Ctl *ctl, const char *text, gint64 *number);
/* Asks for a secret: @variable of the environment, else @file, else the terminal; NULL after telling. Caller frees. */
char *ctl_ask_secret (Ctl *ctl, const char *variable, const char *file, const char *prompt);
/* Lets the person of --approve (ONECARD_APPROVE_PASSWORD) approve what was refused with @error. 0: ask again; else an exit status after
 * telling why not, or what @error says. */
int ctl_approve (Ctl *ctl, const GError *error);
/* settings.c: does it, with an approval where one is wanted and given, and prints the answer. */
int ctl_change_setting (Ctl *ctl, OcSettingAsk *ask);
/* libpq keywords of --profile, NULL for the private server; FALSE after telling. Caller frees. */
gboolean ctl_profile_uri (Ctl *ctl, char **uri);
/* Which database the owner's commands are about; ctl_owner_clear () afterwards. */
gboolean ctl_owner (Ctl *ctl, OcOwnerAsk *ask);
void ctl_owner_clear (OcOwnerAsk *ask);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OcOwnerAsk, ctl_owner_clear)

/* print.c ------------------------------------------------------------------------------------------------------ */

/* Tells why something failed, and gives the exit status that stands for it. */
int ctl_fail (Ctl *ctl, const GError *error);
int ctl_wrong_use (Ctl *ctl, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Adds a member in the form that its name asks for: integers as numbers, truth as true and false, amounts and
 * quantities as exact texts. NULL is null. */
void ctl_add_member (JsonBuilder *builder, const char *name, const char *value);
void ctl_add_row (JsonBuilder *builder, OcRows *rows, guint row); /* an object */
void ctl_add_rows (JsonBuilder *builder, OcRows *rows);           /* an array of objects */
/* Prints and frees. */
void ctl_print_json (JsonBuilder *builder);
/* A list's answer, as JSON or as a table. @totals: names of columns to sum, NULL-terminated, may be NULL. */
void ctl_print_list (Ctl *ctl, OcRows *rows, const char *const *totals);
/* The form of a value that is shown: what ctl_add_member gives, without quotes. Caller frees. */
char *ctl_show (const char *name, const char *value);

G_END_DECLS

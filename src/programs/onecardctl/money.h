/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands that move money have in common: their options, the act itself with a second person's word where one is wanted, and what is
 * told of its outcome. */
#pragma once

#include "programs/onecardctl/ctl.h"

G_BEGIN_DECLS

typedef struct {
    char *request, *pay, *reference, *receipt;
    char *received_text, *expected_text;
    OcMoney received; /* 0: exactly what is due */
    OcMoney expected; /* due, as it was quoted; units < 0 when not even that was given */
    gboolean quoted;  /* it was */
} CtlMoney;
void ctl_money_clear (CtlMoney *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CtlMoney, ctl_money_clear)

/* What an act without money has of it. */
#define CTL_REQUEST_ENTRIES(m) \
    { "request", 0, 0, G_OPTION_ARG_FILENAME, &(m).request, NULL, NULL }, \
    { "receipt", 0, 0, G_OPTION_ARG_FILENAME, &(m).receipt, NULL, NULL }
/* Of money that only goes out. */
#define CTL_PAY_ENTRIES(m) \
    { "pay", 0, 0, G_OPTION_ARG_FILENAME, &(m).pay, NULL, NULL }, \
    { "reference", 0, 0, G_OPTION_ARG_FILENAME, &(m).reference, NULL, NULL }, \
    { "expected-due", 0, 0, G_OPTION_ARG_FILENAME, &(m).expected_text, NULL, NULL }, \
    CTL_REQUEST_ENTRIES (m)
#define CTL_MONEY_ENTRIES(m) \
    { "received", 0, 0, G_OPTION_ARG_FILENAME, &(m).received_text, NULL, NULL }, \
    CTL_PAY_ENTRIES (m)

/* Reads what was typed; a fresh request unless one is repeated. @signed_due: what is due may be below zero, and then goes back. 0, or an exit
 * status after telling why. */
int ctl_money_check (Ctl *ctl, CtlMoney *self, gboolean signed_due);

typedef OcOutcome *(*CtlAct) (OcDesk *desk, const void *ask, GError **error);
/* An act of ops.h as a CtlAct. */
#define CTL_DEFINE_ACT(op) \
    static OcOutcome *op##_act (OcDesk *desk, const void *ask, GError **error) { return op (desk, ask, NULL, error); }

/* Does it at the open desk, with an approval where one is wanted and given, and prints the outcome. An exit status. */
int ctl_carry_out (Ctl *ctl, CtlAct act, const void *ask, const CtlMoney *money);

/* outcome.c: prints what an act ended with; @receipt: the PDF to write, may be NULL. */
void ctl_print_outcome (Ctl *ctl, OcOutcome *outcome, const char *receipt);

G_END_DECLS

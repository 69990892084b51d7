/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The till: what is sold line by line, the part where it is paid, and the one button whose words say what Enter does now. What
 * is due was quoted by the database. A child of type "input" in .ui stands at its top. Signals "proceed": the button, or Enter in
 * what was received; "staged": the stage was set. Main thread. */
#pragma once

#include "ui/pay-part.h"

G_BEGIN_DECLS

#define OC_TYPE_TILL (oc_till_get_type ())
G_DECLARE_FINAL_TYPE (OcTill, oc_till, OC, TILL, GtkWidget)

typedef enum {
    OC_TILL_CLOSED,  /* nothing can be sold now */
    OC_TILL_INPUT,   /* what is sold is typed */
    OC_TILL_PAY,     /* received is typed */
    OC_TILL_RUNNING, /* the act is under way */
    OC_TILL_DONE,
    OC_TILL_DOUBT,   /* begun and not proven */
} OcTillStage;

OcTillStage oc_till_get_stage (OcTill *self);
/* Going to PAY fills what was received with what is due, selects it and puts the caret there; without cash the button has it. */
void oc_till_set_stage (OcTill *self, OcTillStage stage);
/* The button's words while it is typed ("Take the money") and while it is paid ("Write the card"). */
void oc_till_set_words (OcTill *self, const char *input, const char *pay);

/* Nothing is paid here: only the button and what has happened. */
void oc_till_set_free (OcTill *self, gboolean free);
/* Puts the caret on the button. */
void oc_till_focus (OcTill *self);

/* NULL: not known (yet). Below 0 it is paid out. */
void oc_till_set_due (OcTill *self, const OcMoney *due);
/* What a purchase is put together from, above the sum. @detail may be NULL. */
void oc_till_clear_lines (OcTill *self);
void oc_till_add_line (OcTill *self, const char *name, const char *detail, const char *amount);
/* What the pay part says and takes: see there. */
void oc_till_show_error (OcTill *self, const char *field, const char *text);
gboolean oc_till_get_payment (OcTill *self, OcPayment *out);
void oc_till_show_payment (OcTill *self, OcMoney due, OcMoney tendered);
/* "booked", "written", "checked", "printed". */
void oc_till_tick (OcTill *self, const char *step);
/* For the next customer: lines, due, received, means of payment and ticks go. */
void oc_till_clear (OcTill *self);

G_END_DECLS

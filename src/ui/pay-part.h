/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a screen where something is paid, or paid out: due, received, change, means of payment (one, or a second one that takes a part), payment
 * reference. It computes nothing but the first one's share and the change; what may be paid how is the database's. Signal "proceed":
 * Enter where nothing more has to be typed. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "core/money.h"

G_BEGIN_DECLS

#define OC_TYPE_PAY_PART (oc_pay_part_get_type ())
G_DECLARE_FINAL_TYPE (OcPayPart, oc_pay_part, OC, PAY_PART, GtkWidget)

typedef enum {
    OC_PAY_CLOSED,  /* nothing can be changed */
    OC_PAY_CHOOSE,  /* how it is paid */
    OC_PAY_RECEIVE, /* and what is received */
    OC_PAY_TAKEN,   /* it is being booked as it was typed */
    OC_PAY_DONE,    /* the change stands out, the means are gone */
} OcPayState;

/* As the acts of ops.h want it. */
typedef struct {
    OcMoney due, tendered; /* tendered: 0 where nothing is received */
    const char *pay;       /* "cash", "wechat=40.00,cash"; this and the reference borrowed until it is typed again */
    const char *reference;
} OcPayment;

/* Coming to RECEIVE from before fills what was received with what is due. */
void oc_pay_part_set_state (OcPayPart *self, OcPayState state);
/* NULL: not known (yet). Below 0: that much is paid out, and nothing is received. */
void oc_pay_part_set_due (OcPayPart *self, const OcMoney *due);
/* Puts the caret where something is left to be typed; FALSE: nowhere, it can go on. */
gboolean oc_pay_part_focus (OcPayPart *self);
/* What is wrong with @field ("tendered", "pay", "reference"; NULL: none of them); NULL @text: nothing. */
void oc_pay_part_show_error (OcPayPart *self, const char *field, const char *text);
/* FALSE when a part or what was received is not a number, or too much or too little: it has been said at the field. */
gboolean oc_pay_part_get (OcPayPart *self, OcPayment *out);
/* What was paid, of an act that is done. */
void oc_pay_part_show_paid (OcPayPart *self, OcMoney due, OcMoney tendered);
/* For the next customer: one means, cash. */
void oc_pay_part_clear (OcPayPart *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What card.c asks of each family of cards. For the card layer only. */
#pragma once

#include "card/card.h"
#include "card/layout.h"

G_BEGIN_DECLS

/* A step on its way: what is on the card as far as is known, and whether anything was sent. */
typedef struct {
    const OcCardStep *step;
    const OcLayoutArea *area;
    guint at;        /* memory cards: offset on the chip */
    GBytes *now;     /* NULL: not read */
    gboolean sent;
} OcCardWork;

/* One OcCardWork a step of @ticket, in order, with the area's layout; with ticket->fresh what is there is what was read
 * before. NULL where an area is none of the layout. */
GPtrArray *oc_card_work_new (const OcCardTicket *ticket, GError **error);
gboolean oc_card_work_differs (const OcCardWork *work);
/* Is @work in a state that its job could have left? CHANGED otherwise. */
gboolean oc_card_work_check (const OcCardWork *work, gboolean erased, GError **error);
/* Puts what is known of every step into ticket->after. */
void oc_card_work_publish (GPtrArray *works, OcCardTicket *ticket);

gboolean oc_card_is_blank (const guint8 *data, gsize size);
/* Calls ticket->renew, and notes that something is being sent. */
gboolean oc_card_before_write (OcCardTicket *ticket, GError **error);

/* @is_cpu: whether a CPU card answered at all. */
OcImage *oc_card_read_cpu (OcCardLink *link, const OcCardPlan *plan, gboolean *is_cpu, GError **error);
gboolean oc_card_write_cpu (OcCardLink *link, OcCardTicket *ticket, GError **error);

OcImage *oc_card_read_memory (OcCardLink *link, const OcCardPlan *plan, GError **error);
gboolean oc_card_write_memory (OcCardLink *link, OcCardTicket *ticket, GError **error);
/* UNREADABLE where the reader has no commands for memory cards. */
const struct _OcMemoryCommands *oc_card_memory_commands (OcCardLink *link, GError **error);

G_END_DECLS

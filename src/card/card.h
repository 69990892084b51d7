/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card of any family inside an exchange: reading its image, and carrying out a ticket (what the database
 * handed out for one card job). Knows no rule of money; decides nothing but the order of bytes. */
#pragma once

#include "card/card-service.h"
#include "card/image.h"
#include "card/layout.h"

G_BEGIN_DECLS

/* What to look for. Strings and arrays borrowed. */
typedef struct {
    const char *const *directories; /* CPU: "DF01", "DF14", …: those this site uses; NULL-terminated */
    const char *chip;               /* memory card to expect when the card is blank: "24c04"; NULL: 24c16-sized probe */
    gboolean whole;                 /* also read the files of directories that are not in use (opening) */
    const char *const *layouts;     /* CPU: names of those this site uses; NULL: all */
} OcCardPlan;

/* Reads the card: CPU: serial, then of each directory in use (its parameters not blank) every file of its layout, or of
 * each layout that it may be of, as long as the longest of them; a directory that is not there is left out. Memory: header and every slot that has any byte other than FF and 00
 * (with plan->whole: all slots). A card that no layout knows: UNREADABLE. */
OcImage *oc_card_read (OcCardLink *link, const OcCardPlan *plan, GError **error);

/* The layout that what was read of an area's directory fits best; memory cards have one for all. NULL: there is none for its
 * type of meter. */
const OcLayout *oc_card_layout_of (const OcImage *image, const char *area);

/* One area on its way from before to target, in the order of writing. */
typedef struct {
    char *area;
    GBytes *before; /* what the job expects on the card */
    GBytes *target; /* NULL: only read back */
} OcCardStep;

/* What one CPU directory needs. All wiped at free. */
typedef struct {
    char *df;                 /* "DF01" */
    const OcLayout *layout;   /* NULL: this station doesn't have it */
    guint8 internal_kid, external_kid, mac_kid;
    GBytes *challenge;        /* 8, from the database */
    GBytes *check;            /* SHA-256 of the answer that the true card gives */
    GBytes *external_key;     /* 16, of this card; NULL: nothing is to be written here */
    GBytes *mac_key;          /* 16 */
    GBytes *proof;            /* out: the card's answer, for the database */
} OcCardDirectory;

typedef struct {
    char *family, *chip;
    GBytes *serial;          /* CPU serial / memory card id (of the target on an opening) */
    gboolean blank;          /* opening: the card has no id of its own yet */
    GPtrArray *steps;        /* OcCardStep */
    GPtrArray *directories;  /* OcCardDirectory; empty for memory cards */
    GBytes *psc;             /* SLE4442: 3, the issuer's code; NULL: nothing is to be written */
    guint psc_tries;         /* … presented only while the card grants so many */
    gboolean fresh;          /* in: the card was not out since the image was read: before is not read again */
    gboolean (*renew) (gpointer data, GError **error); /* called before each writing command */
    gpointer renew_data;
    gboolean sent;           /* out: a command that may have changed the card was sent */
    gboolean sent_mac;       /* out: memory cards: a page with a record's MAC was sent */
    OcImage *after;          /* out: what was read back, NULL if it could not be */
} OcCardTicket;

OcCardTicket *oc_card_ticket_new (const char *family, const char *chip);
void oc_card_ticket_add_step (OcCardTicket *self, const char *area, GBytes *before, GBytes *target);
OcCardDirectory *oc_card_ticket_add_directory (OcCardTicket *self, const char *df);
void oc_card_ticket_free (OcCardTicket *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcCardTicket, oc_card_ticket_free)

/* Checks that it is the ticket's card (serial; CHANGED otherwise, nothing written), proves the directories (INTERNAL
 * AUTHENTICATE against check before anything that could cost a try), authenticates, brings every step from what is
 * on the card to its target: only what differs is sent, areas in the order of the steps, bytes of an area in
 * ascending order; then reads every step's area back into ticket->after. Without ticket->fresh the areas are read
 * first: where an area is neither before nor target nor between the two (memory: page by page; CPU: anything
 * outside the bytes that change), nothing is written and after is what was read (CHANGED). On any fault it still tries to
 * read back, so that after is as much as can be known; FALSE with the first fault. */
gboolean oc_card_write (OcCardLink *link, OcCardTicket *ticket, GError **error);

G_END_DECLS

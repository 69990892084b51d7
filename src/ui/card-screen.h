/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card shape: a card is read by itself -> what it says -> input -> till -> write -> receipt. The base holds banner,
 * reading, till and the order of steps; a subclass supplies what is read for, the input and the act. In a subclass's
 * template a child of type "body" stands on the left, one of type "input" at the top of the till. Main thread. */
#pragma once

#include "ops/ops.h"
#include "ui/card-banner.h"
#include "ui/reading-words.h"
#include "ui/screen.h"
#include "ui/till.h"

G_BEGIN_DECLS

#define OC_TYPE_CARD_SCREEN (oc_card_screen_get_type ())
G_DECLARE_DERIVABLE_TYPE (OcCardScreen, oc_card_screen, OC, CARD_SCREEN, OcScreen)

struct _OcCardScreenClass {
    OcScreenClass parent_class;

    gboolean till;  /* FALSE: nothing is sold here; the body has the whole width */
    gboolean free;  /* TRUE: nothing is paid, Enter starts the act at once */
    gboolean whole; /* TRUE: reads also what is not in use */
    OcCardWanted wanted;     /* which card it works on */
    const char *blank_words; /* what a blank card is good for here; msgid */
    const char *kind;        /* of the act's outcome: "purchase" */

    /* A card was read (@reading), or there is none or it could not be (NULL): show what it says. */
    void (*show_reading) (OcCardScreen *self, OcReading *reading);
    /* Whether all that is typed is quoted, so that due is what it costs. With @tell what is wrong is said at its field,
     * and the caret goes there. A quote that is on its way: FALSE, then oc_card_screen_quoted () when it is there. */
    gboolean (*check) (OcCardScreen *self, gboolean tell);
    /* Starts the act; ends with oc_card_screen_ended (). */
    void (*run) (OcCardScreen *self, const OcPayment *payment, OcBusy *busy);
    /* The database named the field that is wrong: TRUE if it is one of this screen's and has been shown there. */
    gboolean (*show_field_error) (OcCardScreen *self, const char *field, const GError *error);
    /* Asks for the quote once more; also when the database is back and what is typed has none. */
    void (*quote) (OcCardScreen *self);
    /* Puts the caret where the input begins. */
    void (*focus_input) (OcCardScreen *self);
    /* Whether anything is typed; forgets what is typed. */
    gboolean (*is_typed) (OcCardScreen *self);
    void (*clear) (OcCardScreen *self);
};

OcCardBanner *oc_card_screen_get_banner (OcCardScreen *self);
OcTill *oc_card_screen_get_till (OcCardScreen *self);
/* What lies on the reader, NULL when nothing that was read; borrowed. */
OcReading *oc_card_screen_get_reading (OcCardScreen *self);
/* The request that is under way, from its first try until it is done: an act that a second person had to approve is asked again
 * with the same one. Borrowed. */
const char *oc_card_screen_get_request (OcCardScreen *self);
/* Whether it is the kind of card that this screen works on, and nothing speaks against it. */
gboolean oc_card_screen_is_fitting (OcCardScreen *self);
/* Whether input makes sense now: a fitting card, nothing under way. */
gboolean oc_card_screen_can_work (OcCardScreen *self);
/* For Enter and the till's button: from input to the till, from the till to the act. */
void oc_card_screen_proceed (OcCardScreen *self);
/* What was typed has changed: back from the till to the input, what was due is not known any more. */
void oc_card_screen_edited (OcCardScreen *self);
/* A quote came: what is due now (NULL: it can't be sold so), and an Enter that waited for it counts. */
void oc_card_screen_quoted (OcCardScreen *self, const OcMoney *due);
/* The act that run () started has ended: @outcome is taken over, NULL with @error; @busy as well. */
void oc_card_screen_ended (OcBusy *busy, OcOutcome *outcome, const GError *error);

G_END_DECLS

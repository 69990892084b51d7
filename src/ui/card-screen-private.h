/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What card-screen.c (the card and what was read of it) and card-screen-act.c (from what is typed to what is done) share. Main thread. */
#pragma once

#include "ui/card-screen.h"

G_BEGIN_DECLS

typedef struct {
    OcCardBanner *banner;
    GtkWidget *body;
    GtkWidget *till_pane;
    GtkWidget *done_bar;
    OcTill *till;
    OcReading *reading;
    OcOutcome *outcome;  /* of the act that is done; prints */
    char *request;       /* that is under way, or waits for a second person */
    guint generation;    /* of the insertion that was read, or tried to; 0: none */
    guint settled;       /* generation whose unfinished write was tried to settle here */
    gboolean reading_now;
    gboolean unread;     /* the card could not be read because the database was away */
    gboolean away;       /* the database was, when it was last looked at */
    gboolean in_doubt;   /* this screen's last act was not proven, and its card was not seen since */
    gboolean own_done;   /* what is done was typed here: it goes with the card */
    gboolean enter_waits; /* Enter came before the quote */
    gboolean act_failed; /* keep the words at the top through the next reading */
} OcCardScreenPrivate;

OcCardScreenPrivate *oc_card_screen_get_private (OcCardScreen *self);

/* The till's stage; the caret leaves what becomes insensitive. */
void oc_card_screen_set_stage (OcCardScreen *self, OcTillStage stage);
/* What was read, or what is at the reader, in the banner. */
void oc_card_screen_show_banner (OcCardScreen *self);
/* Settles the unfinished write of the card that was read. */
void oc_card_screen_start_settling (OcCardScreen *self);
/* Prints what is done, if anything is. */
void oc_card_screen_print (OcCardScreen *self);

G_END_DECLS

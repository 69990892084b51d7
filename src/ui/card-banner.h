/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The banner over a card screen: what is on the reader and what to do with it now. Never by colour alone: each state
 * has an icon and words of its own. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define OC_TYPE_CARD_BANNER (oc_card_banner_get_type ())
G_DECLARE_FINAL_TYPE (OcCardBanner, oc_card_banner, OC, CARD_BANNER, GtkWidget)

typedef enum {
    OC_BANNER_EMPTY,    /* place a card */
    OC_BANNER_TROUBLE,  /* no reader, no service, no answer from the card */
    OC_BANNER_READING,
    OC_BANNER_READY,    /* a customer's card */
    OC_BANNER_BLANK,    /* nobody's card */
    OC_BANNER_UNREAD,   /* a customer's card with a purchase that no meter has taken */
    OC_BANNER_BARRED,   /* a customer's card that sells nothing */
    OC_BANNER_FOREIGN,  /* unreadable, or somebody else's */
    OC_BANNER_SERVED,   /* another station is at it */
    OC_BANNER_WRITING,
    OC_BANNER_DONE,
    OC_BANNER_IN_DOUBT,
    OC_N_BANNERS,
} OcBannerState;

/* @title NULL: the state's own words; @detail (second line) and @note (third, amber) may be NULL. */
void oc_card_banner_set (OcCardBanner *self, OcBannerState state, const char *title, const char *detail,
    const char *note);
OcBannerState oc_card_banner_get_state (OcCardBanner *self);

/* The button at the right end: shows the screen @id. NULL: no button. */
void oc_card_banner_offer_screen (OcCardBanner *self, const char *id, const char *label);

G_END_DECLS

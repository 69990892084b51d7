/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The base of every screen: a page of the window's stack that holds the desk, shows what it is busy with after half a
 * second (with Cancel), and shows at its top an error that no field can carry. A subclass's template has one child, the
 * content. Screens are made once and keep their state while another one is shown. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "ops/desk.h"

G_BEGIN_DECLS

#define OC_TYPE_SCREEN (oc_screen_get_type ())
G_DECLARE_DERIVABLE_TYPE (OcScreen, oc_screen, OC, SCREEN, GtkWidget)

struct _OcScreenClass {
    GtkWidgetClass parent_class;

    /* Asks the database again. Called when the screen is shown, and while it is shown and not busy when the desk's
     * "trades", "unfinished", "settings" or "database" changed. */
    void (*refresh) (OcScreen *self);
    /* F5. Default: refresh; card screens read the card again. */
    void (*again) (OcScreen *self);
    /* Enables and disables the screen's actions; called when busy, presence or session changed. */
    void (*update_actions) (OcScreen *self);
    /* Esc: one step back; TRUE if there was one. Default: FALSE (an error shown goes first, then the home screen). */
    gboolean (*back) (OcScreen *self);
    /* The card or the reader changed while the screen is shown, or it is shown now. */
    void (*card_changed) (OcScreen *self);
    /* Works on this customer, whom another screen chose. NULL: it works on no customer. */
    void (*show_customer) (OcScreen *self, gint64 customer);
    /* Puts the caret where work begins. Default: the first widget that takes the focus. */
    void (*start) (OcScreen *self);
};

/* Never NULL after construction; owned by the screen. */
OcDesk *oc_screen_get_desk (OcScreen *self);
/* Whether it is the one that is seen. */
gboolean oc_screen_is_shown (OcScreen *self);
gboolean oc_screen_is_busy (OcScreen *self);
/* Whether something runs that a person waits for: it has words. Lists that come anew have none. */
gboolean oc_screen_is_working (OcScreen *self);
/* Whether something runs that can't be cancelled any more: a card is being written. */
gboolean oc_screen_is_final (OcScreen *self);

/* Call the vfuncs; for the window and for the screens themselves. */
void oc_screen_refresh (OcScreen *self);
void oc_screen_again (OcScreen *self);
void oc_screen_update_actions (OcScreen *self);
gboolean oc_screen_back (OcScreen *self);
void oc_screen_start (OcScreen *self);
void oc_screen_show_customer (OcScreen *self, gint64 customer);

/* Shows another screen by its id, if this operator may see it. */
void oc_screen_open (OcScreen *self, const char *id);
/* The same, for this customer. */
void oc_screen_open_for (OcScreen *self, const char *id, gint64 customer);

/* The bar at the top. Use oc_present_error () for errors. @style: "error", "warning", "success". NULL text hides it. */
void oc_screen_show_message (OcScreen *self, const char *style, const char *text);

/* The message that is shown now is about the database that is away: it goes when that is reached again. */
void oc_screen_keep_until_reached (OcScreen *self);

/* A button in the bar, beside the message that is shown now; @action is one of the screen's. */
void oc_screen_offer (OcScreen *self, const char *label, const char *action);

/* Busy guard: exists as long as something runs; keeps the screen alive. It travels as the callback's data:
 *
 *   OcBusy *busy = oc_screen_busy (OC_SCREEN (self), _("Reading the card"));
 *   oc_read_card_async (desk, &ask, oc_busy_get_cancellable (busy), on_read_cb, busy);
 *   ...
 *   g_autoptr(OcBusy) busy = data;
 *   OcPurchaseScreen *self = oc_busy_get_screen (busy);   // NULL: disposed meanwhile
 *   ... finish; if (self == NULL) return; ...
 *
 * Guards nest; the newest that has a text is shown. */
typedef struct _OcBusy OcBusy;

/* @what: the words beside the spinner, NULL: show nothing (the screen shows it itself). Hides the message at the top
 * when @what is not NULL. */
OcBusy *oc_screen_busy (OcScreen *self, const char *what);
void oc_busy_free (OcBusy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcBusy, oc_busy_free)

/* The screen, NULL when it was disposed; borrowed from the guard. */
gpointer oc_busy_get_screen (OcBusy *self);
GCancellable *oc_busy_get_cancellable (OcBusy *self);
/* From now on it can't be cancelled: Cancel goes, @what ("Writing, do not remove the card") stays; NULL as above. */
void oc_busy_set_final (OcBusy *self, const char *what);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THE TABLE OF CONTENTS: every business act, documented and declared.
 *
 * An act is one synchronous C function that reads top to bottom in one file: check what a form can know, call or card
 * job, answer. The plain form blocks and runs on a lane's thread (or in a program without windows on the only
 * thread there is, after oc_desk_use_here ()); the _async form copies its ask, runs it on the lane and comes back on the
 * main thread. Rules of money and permission are the database's. Every error is one of oc_trouble_of ().
 * Money and quantities are exact (core). Strings of an ask may be NULL where the api has a default. */
#pragma once

#include "core/money.h"
#include "core/quantity.h"
#include "ops/desk.h"

G_BEGIN_DECLS

/* Lets the calling thread run the plain forms itself: onecardctl and tests. Not together with the _async forms. */
void oc_desk_use_here (OcDesk *desk);

/* What an act ended with. */
typedef struct {
    char *kind;         /* "purchase", "open", … */
    OcFields *fields;   /* what the receipt template is fed with (names in data/paper) */
    OcRows *trades;     /* rows of job_finish, part 'trade' */
    char *job;          /* uuid of the card job */
} OcOutcome;
void oc_outcome_free (OcOutcome *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcOutcome, oc_outcome_free)

/* sign-in.c ---------------------------------------------------------------------------------------------------- */

typedef struct {
    gint64 number;        /* operator number */
    const char *password; /* wiped in the copy after use */
} OcSignInAsk;

/* Starts the private server when needed, connects both lanes as that operator and says hello. With must_change in the
 * session only oc_change_password () works. After each wrong password in a row the station waits longer. */
gboolean oc_sign_in (OcDesk *desk, const OcSignInAsk *ask, GCancellable *cancellable, GError **error);
void oc_sign_in_async (OcDesk *desk, const OcSignInAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
gboolean oc_sign_in_finish (OcDesk *desk, GAsyncResult *result, GError **error);
void oc_sign_out (OcDesk *desk);

/* At least 4 characters (OC081). */
gboolean oc_change_password (OcDesk *desk, const char *password, GCancellable *cancellable, GError **error);
void oc_change_password_async (OcDesk *desk, const char *password, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
gboolean oc_change_password_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* read-card.c -------------------------------------------------------------------------------------------------- */

/* A card as it was read, with all that the ledger says of it. Immutable; refcounted. */
typedef struct _OcReading OcReading;
OcReading *oc_reading_ref (OcReading *self);
void oc_reading_unref (OcReading *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcReading, oc_reading_unref)

guint oc_reading_generation (OcReading *self);
/* The word for the banner: "current" (a customer's), "blank", "foreign", "other-area", "dead", "lost", "damaged",
 * "unreadable", "in-doubt" (an unfinished write of this card), "ahead". */
const char *oc_reading_state (OcReading *self);
/* One row: customer, name, address, phone, note, balance, household, state, reason_code (OC0nn why nothing can be
 * sold, "" if it can), reason_params…, pending_job, serving_operator, serving_branch. */
OcRows *oc_reading_card (OcReading *self);
/* A row a sub-meter: sub_meter, slot, meter_type, unit, model, by_money, step, meter, user_type, alarm_1, alarm_2,
 * hoarding, purchase_limit, presale, ct, vt, price_1, price_2, unit_price, tiered, switch_at, purchase_count,
 * last_purchase, last_purchase_at, unread (amount still on the card, 0 if none), return_time, remaining, overdraft,
 * return_count, reason_code and reason_text (why this one can't buy, "" if it can). */
OcRows *oc_reading_meters (OcReading *self);
/* The customer's last ten trades: trade, at, kind, sub_meter, quantity, card_amount, received, state. */
OcRows *oc_reading_trades (OcReading *self);
/* Groups for the read-card screen, from the layout alone: an array of OcFields with titles, labels, raw bytes and the
 * ledger's values (differences marked). */
GPtrArray *oc_reading_groups (OcReading *self);
/* Why nothing can be sold on this card, as the error a sale would meet; NULL when it can. Caller frees. */
GError *oc_reading_refusal (OcReading *self);

typedef struct {
    gboolean whole;       /* also what is not in use: before an opening */
    const char *chip;     /* the memory chip to expect on a blank card, NULL: not known */
    gboolean settle;      /* settle an unfinished write of this card first (the normal way) */
} OcReadAsk;

OcReading *oc_read_card (OcDesk *desk, const OcReadAsk *ask, GCancellable *cancellable, GError **error);
void oc_read_card_async (OcDesk *desk, const OcReadAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcReading *oc_read_card_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* quote.c ------------------------------------------------------------------------------------------------------ */

/* Rows of api.quote: tier, item_name, quantity, unit_price, amount, total_quantity, total_amount, due, left_over,
 * card_amount; for an opening also presale, presale_cost, opening_fee, due_total. Query lane. */
typedef struct {
    gint64 customer;      /* purchase */
    int sub_meter;
    const char *user_type, *model, *price; /* opening, where customer is 0 */
    int household;
    gboolean first;       /* opening: the opening fee is in it */
    OcMoney amount;
    OcQuantity quantity;
    gboolean by_quantity; /* which of the two was typed */
} OcQuoteAsk;
OcRows *oc_quote (OcDesk *desk, const OcQuoteAsk *ask, GCancellable *cancellable, GError **error);
void oc_quote_async (OcDesk *desk, const OcQuoteAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcRows *oc_quote_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* purchase.c --------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *request_id;  /* made when the operator confirms */
    OcReading *reading;      /* the card it is for; must be the one still in the reader */
    int sub_meter;           /* code: 11 */
    OcMoney amount;
    OcQuantity quantity;
    gboolean by_quantity;
    OcMoney expected_due;    /* what the operator saw; units < 0: not quoted (scripts) */
    OcMoney tendered;        /* 0: exactly what is due */
    const char *pay;         /* "cash", "bankcard", "wechat", "alipay", "transfer" */
    const char *reference;
} OcPurchaseAsk;

/* Sells on a card. UNPROVEN: begun and not proven, listed, settles itself when the card is shown again. */
OcOutcome *oc_purchase (OcDesk *desk, const OcPurchaseAsk *ask, GCancellable *cancellable, GError **error);
void oc_purchase_async (OcDesk *desk, const OcPurchaseAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcOutcome *oc_purchase_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* open-account.c ----------------------------------------------------------------------------------------------- */

typedef struct {
    int slot;
    const char *model, *meter, *user_type, *price, *price_2; /* price_2 NULL: price */
    const char *switch_at;   /* ISO 8601, NULL: now */
    int ct, vt;              /* 0: the model's */
    OcMoney amount;
    OcQuantity quantity;
    gboolean by_quantity;
} OcOpenMeter;

typedef struct {
    const char *request_id;
    const char *name, *address, *phone, *id_kind, *id_number, *district, *permanent_number, *note;
    int household;
    const OcOpenMeter *meters;
    guint n_meters;
    OcMoney expected_due;    /* units < 0: not quoted */
    OcMoney tendered;
    const char *pay, *reference;
} OcOpenAsk;

/* Opens an account on a blank card in the reader (read here, whole). */
OcOutcome *oc_open_account (OcDesk *desk, const OcOpenAsk *ask, GCancellable *cancellable, GError **error);
void oc_open_account_async (OcDesk *desk, const OcOpenAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcOutcome *oc_open_account_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* "booked", "written", "checked" as an act goes on; on the main context; for the till's ticks. NULL removes it. */
typedef void (*OcProgress) (const char *step, gpointer data);
void oc_desk_set_progress (OcDesk *desk, OcProgress progress, gpointer data);

/* unfinished.c ------------------------------------------------------------------------------------------------- */

/* Rows of api.unfinished. @all: every branch. Query lane. */
OcRows *oc_unfinished_list (OcDesk *desk, gboolean all, GCancellable *cancellable, GError **error);
void oc_unfinished_list_async (OcDesk *desk, gboolean all, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcRows *oc_unfinished_list_finish (OcDesk *desk, GAsyncResult *result, GError **error);

typedef struct {
    const char *job;   /* NULL: that of the card in the reader; needed where a memory card says nothing of itself */
    gboolean undo;     /* do not write again if nothing was written and the card can prove it */
} OcSettleAsk;

/* Settles the unfinished write of the card in the reader. An outcome whose fields have "state" "undone" means: nothing
 * is on the card, hand the money back. */
OcOutcome *oc_unfinished_settle (OcDesk *desk, const OcSettleAsk *ask, GCancellable *cancellable, GError **error);
void oc_unfinished_settle_async (OcDesk *desk, const OcSettleAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcOutcome *oc_unfinished_settle_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* lists.c: what forms choose from, and the home screen. Query lane. ------------------------------------------------ */

/* @list: "slots", "meter_models", "user_types", "prices", "home", "unit", "parameters", "branches",
 * "roles", "operators"; the columns are the api function's. */
OcRows *oc_list (OcDesk *desk, const char *list, GCancellable *cancellable, GError **error);
void oc_list_async (OcDesk *desk, const char *list, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcRows *oc_list_finish (OcDesk *desk, GAsyncResult *result, GError **error);

OcRows *oc_customers_find (OcDesk *desk, const char *text, int limit, GCancellable *cancellable, GError **error);
void oc_customers_find_async (OcDesk *desk, const char *text, int limit, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcRows *oc_customers_find_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* operators.c ---------------------------------------------------------------------------------------------------- */

typedef struct {
    gint64 number, branch;
    const char *role, *name, *sex, *phone; /* sex: "male", "female" or NULL */
    const char *password;                  /* the first one; must be changed at the first login */
} OcOperatorAsk;
gboolean oc_operator_create (OcDesk *desk, const OcOperatorAsk *ask, GCancellable *cancellable, GError **error);
gboolean oc_operator_reset_password (OcDesk *desk, gint64 number, const char *password, GCancellable *cancellable, GError **error);
/* Commits that nobody comes in, then ends the sessions. */
gboolean oc_operator_lock (OcDesk *desk, gint64 number, GCancellable *cancellable, GError **error);
gboolean oc_operator_unlock (OcDesk *desk, gint64 number, GCancellable *cancellable, GError **error);
gboolean oc_operator_delete (OcDesk *desk, gint64 number, GCancellable *cancellable, GError **error);

/* upkeep.c: the owner's commands, on a connection of their own; block; no operator needed. ------------------------- */

/* Makes the private cluster, schema and first operator (demo: the manual's data and operators 1001, 1002). */
gboolean oc_upkeep_init (const char *data_dir, gboolean demo, GError **error);
/* On a shared server, as its administrator: @server is libpq keywords, @user NULL: postgres. */
gboolean oc_upkeep_create (const char *server, const char *user, const char *password, const char *name,
    const char *owner_password, GError **error);
/* Which database, as its owner. */
typedef struct {
    const char *data_dir; /* of the private cluster, which knows its owner's password */
    const char *uri;      /* a shared database: libpq keywords; NULL: the private one */
    const char *password; /* of the shared one's owner */
} OcOwnerAsk;
gboolean oc_upkeep_upgrade (const OcOwnerAsk *owner, GError **error);
OcRows *oc_upkeep_check (const OcOwnerAsk *owner, GError **error);  /* invariant, broken, sample */
OcRows *oc_upkeep_fill (const OcOwnerAsk *owner, gint64 customers, gint64 trades, gint64 seed, GError **error);
OcFields *oc_upkeep_status (const char *data_dir, GError **error);               /* server, schema, size, connections, uri */
gboolean oc_upkeep_server (const char *data_dir, const char *verb, GError **error); /* "start", "stop", "status" */

G_END_DECLS

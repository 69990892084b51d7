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
/* Why the last session ended by somebody else's hand (OC087 … OC089: a sentence to show at the login), NULL when it did not.
 * The desk signs out by itself then and emits "session". Caller frees. Main thread. */
GError *oc_desk_dup_end (OcDesk *desk);

/* Whether it is the password of who is signed in: asks nobody. For a locked window. Any thread. */
gboolean oc_desk_is_password (OcDesk *desk, const char *password);

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
/* Whether a meter model of @family and @chip (columns of list "meter_models") can be on this card. */
gboolean oc_reading_carries (OcReading *self, const char *family, const char *chip);
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
 * card_amount; for an opening also presale, presale_quantity, presale_cost, opening_fee, due_total. Query lane. */
typedef struct {
    gint64 customer;      /* purchase */
    int sub_meter;
    const char *user_type, *model, *price; /* opening, where customer is 0; or a meter that is added to his */
    int household;
    gboolean first;       /* opening: the opening fee is in it */
    OcQuantity already;   /* opening, adding: what meters of the type with lower slots buy in it, total_quantity and presale_quantity */
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
    const char *pay;         /* "cash", "bankcard", "wechat", "alipay", "transfer"; or several, "wechat=40,cash=60" or "wechat=40,cash" */
    const char *reference;   /* of the payment service */
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
    gint64 pre_registered;   /* whose account it is: what is NULL or 0 below comes from there; 0: nobody's */
    const char *name, *address, *phone, *id_kind, *id_number, *district, *permanent_number, *note;
    int household;
    const OcOpenMeter *meters;
    guint n_meters;
    OcMoney expected_due;    /* units < 0: not quoted */
    OcMoney tendered;
    const char *pay, *reference;
} OcOpenAsk;

/* What it would cost, sold as the sale itself sells: rows of oc_quote () by slot, with the column "slot" before them. @due (may
 * be NULL): of all together, with the opening fee. No card is needed. */
OcRows *oc_open_account_quote (OcDesk *desk, const OcOpenAsk *ask, OcMoney *due, GCancellable *cancellable, GError **error);

/* Opens an account on a blank card in the reader (read here, whole). An error about one of the meters has its slot as the
 * parameter "slot". */
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

/* station.c: what this station keeps for itself, beside the settings. @data_dir NULL: the default one. ------------------- */

/* Which reader is used where none is named, as a --reader spec; NULL: any. Caller frees. */
char *oc_station_get_reader (const char *data_dir);
/* Remembers it, a name without the numbers behind it. NULL: any. */
gboolean oc_station_set_reader (const char *data_dir, const char *spec, GError **error);

/* keys.c: card keys. Status: list "key_status". Query lane. --------------------------------------------------------- */

typedef struct {
    const char *purpose;     /* "cpu-internal", "cpu-external", "cpu-mac", "memory-area", "memory-psc" */
    const char *component;   /* as it was typed: hexadecimal digits, blanks between them or not */
    const char *in_force_at; /* ISO 8601; NULL: at once */
} OcKeyAsk;

/* One of the two components of the next version of a key; another operator gives the other one. The row of api.key_component. */
OcRows *oc_key_component (OcDesk *desk, const OcKeyAsk *ask, GCancellable *cancellable, GError **error);

/* lists.c: what forms choose from, and the home screen. Query lane. ------------------------------------------------ */

/* @list: "slots", "meter_models", "user_types", "price_items", "prices", "home", "unit", "parameters", "branches",
 * "roles", "operators", "permissions", "card_layouts", "key_status", "blacklist"; the columns are the api function's. */
OcRows *oc_list (OcDesk *desk, const char *list, GCancellable *cancellable, GError **error);
void oc_list_async (OcDesk *desk, const char *list, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcRows *oc_list_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* customers.c: daily work on customers ---------------------------------------------------------------------------- */

/* An act on the query or counter lane whose ask is a struct: blocking, started, ended. */
#define OC_DECLARE_OP(name, Result, Ask) \
    Result *name (OcDesk *desk, const Ask *ask, GCancellable *cancellable, GError **error); \
    void name##_async (OcDesk *desk, const Ask *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data); \
    Result *name##_finish (OcDesk *desk, GAsyncResult *result, GError **error)

typedef struct {
    const char *text; /* one field: number, name, pinyin initials, telephone, address, card, meter; "": the newest */
    int limit;
    int days;         /* suspects: no purchase for so long */
} OcFindAsk;
OC_DECLARE_OP (oc_customers_find, OcRows, OcFindAsk);
OC_DECLARE_OP (oc_pre_registered_find, OcRows, OcFindAsk); /* who waits for an account */
OC_DECLARE_OP (oc_blacklist_suspects, OcRows, OcFindAsk);  /* of blacklist_suspects; the list itself is oc_list "blacklist" */

typedef struct {
    gint64 number;      /* of the customer; of the pre-registered one, 0: a new one */
    gint64 row_version; /* that the form was filled from; 0: whatever it is */
    OcFields *form;     /* name, address, phone, id_kind, id_number, district, household, permanent_number, note; absent stays */
} OcCustomerAsk;
OC_DECLARE_OP (oc_customer, OcRows, OcCustomerAsk);        /* one row of api.customer */
OC_DECLARE_OP (oc_customer_meters, OcRows, OcCustomerAsk); /* a row a meter */
OC_DECLARE_OP (oc_customer_save, OcRows, OcCustomerAsk);   /* row_version */
OC_DECLARE_OP (oc_pre_registered_save, OcRows, OcCustomerAsk); /* pre_registered, row_version */
OC_DECLARE_OP (oc_pre_registered_delete, OcRows, OcCustomerAsk);
OC_DECLARE_OP (oc_card_lost, OcRows, OcCustomerAsk);       /* the customer's card, until it is found or replaced */
OC_DECLARE_OP (oc_card_found, OcRows, OcCustomerAsk);

typedef struct {
    gint64 customer;
    int sub_meter;                              /* change: its code */
    const char *user_type, *price, *price_2, *switch_at; /* change: NULL stays; the card carries it from its next write on */
    const char *meter;                          /* blacklist: number; NULL: all of the customer's */
    const char *reason;                         /* blacklist */
} OcMeterAsk;
OC_DECLARE_OP (oc_meter_change, OcRows, OcMeterAsk);
OC_DECLARE_OP (oc_blacklist_add, OcRows, OcMeterAsk);
OC_DECLARE_OP (oc_blacklist_remove, OcRows, OcMeterAsk);

/* balance.c ------------------------------------------------------------------------------------------------------ */

typedef struct {
    const char *request_id;
    gint64 customer;
    gboolean out;             /* paid out of the balance, else into it */
    OcMoney amount, tendered; /* tendered 0: exactly the amount */
    const char *pay, *reference;
} OcBalanceAsk;
OC_DECLARE_OP (oc_balance, OcOutcome, OcBalanceAsk);

/* conflict.c ----------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *request_id;
    gint64 conflict;      /* of oc_unfinished_list () */
    const char *decision; /* "release" or "withhold" where money is contested (reason "held"), else "dismiss" */
    const char *note;     /* why */
} OcConflictAsk;
/* Decides what does not fit and so bars a meter, once and for good. OC183: a second person must approve it, always. */
OC_DECLARE_OP (oc_conflict_decide, OcRows, OcConflictAsk);

/* replace-card.c, re-purchase.c, close-account.c: the other card acts. docs/card-acts.md has their rules. ------------------ */

typedef struct {
    const char *request_id;
    gint64 customer;
    OcMoney expected_due;     /* units < 0: not quoted */
    OcMoney tendered;
    const char *pay, *reference;
} OcReplaceAsk;
/* A new card for a customer whose card is gone: the blank one in the reader, which is read here, whole. The old one is dead from
 * then on; its unread purchases are on the new one, and an unfinished write of it is carried over. */
OC_DECLARE_OP (oc_replace_card, OcOutcome, OcReplaceAsk);
/* Rows of api.replace_card_quote: a row a meter with what is carried over; due: the fee; job: of the unfinished write. Query lane. */
OC_DECLARE_OP (oc_replace_card_quote, OcRows, OcReplaceAsk);

typedef struct {
    const char *request_id;
    OcReading *reading;       /* the card it is for; quote: NULL */
    gint64 customer;          /* quote */
    int sub_meter;
    OcMoney amount;           /* 0: the purchase is taken back altogether */
    OcQuantity quantity;
    gboolean by_quantity;
    gboolean quoted;
    OcMoney expected_due;     /* what the operator saw, where quoted; below 0: goes back */
    OcMoney tendered;
    const char *pay, *reference;
    gboolean pay_out;         /* what goes back is paid out now, else held in the balance until the meter has answered */
} OcRepurchaseAsk;
/* Takes the last purchase back, which was not put in the meter, and sells the right amount. OC168, OC172: a second person must
 * approve (oc_approve ()); then the same ask again. */
OC_DECLARE_OP (oc_repurchase, OcOutcome, OcRepurchaseAsk);
/* Rows of api.repurchase_quote. Query lane. */
OC_DECLARE_OP (oc_repurchase_quote, OcRows, OcRepurchaseAsk);

typedef struct {
    const char *request_id;
    OcReading *reading;       /* the card, read whole */
    gint64 customer;          /* close: whose it must be; 0: whose ever it is */
    OcMoney expected;         /* close: that is paid out, as the operator saw it; units < 0: not quoted */
    const char *pay, *reference;
} OcCloseAsk;
/* Pays the balance and what is unread on the card out, clears the card, ends the customer. OC168, OC172 as above. */
OC_DECLARE_OP (oc_close_account, OcOutcome, OcCloseAsk);
/* Rows of api.close_quote: the balance, then a row an unread purchase. Query lane. */
OC_DECLARE_OP (oc_close_account_quote, OcRows, OcCloseAsk);
/* Makes a card blank: one that was replaced, or one without an unread purchase that is handed back. */
OC_DECLARE_OP (oc_clear_card, OcOutcome, OcCloseAsk);

/* add-meter.c, replace-meter.c ------------------------------------------------------------------------------------ */

typedef struct {
    const char *request_id;
    OcReading *reading;       /* the card it is for; quote: NULL */
    gint64 customer;          /* quote */
    const OcOpenMeter *meters;
    guint n_meters;
    OcMoney expected_due;     /* units < 0: not quoted */
    OcMoney tendered;
    const char *pay, *reference;
} OcAddMeterAsk;
/* Adds sub-meters to a card in use, as at an opening but without its fee. An error about one of them has its slot as the parameter
 * "slot". The card is read here once more, whole. */
OC_DECLARE_OP (oc_add_meter, OcOutcome, OcAddMeterAsk);
/* As oc_open_account_quote (), with what the customer bought before in the tiers; due_total of each slot's rows is due. Query lane. */
OC_DECLARE_OP (oc_add_meter_quote, OcRows, OcAddMeterAsk);

typedef struct {
    const char *request_id;
    OcReading *reading;       /* the card it is for; quote: NULL */
    gint64 customer;          /* quote */
    int sub_meter;
    const char *meter;        /* the new one's number; quote: NULL: not typed yet */
    const char *model, *user_type, *price, *price_2; /* NULL: as it was */
    int ct, vt;               /* 0: as it was; of another model, the model's */
    gboolean by_return;       /* remaining is what the old meter last returned */
    OcQuantity remaining;     /* else what it shows, in its own unit: yuan or a quantity; below 0: overdraft */
    OcMoney expected_due;     /* units < 0: not quoted */
    OcMoney tendered;
    const char *pay, *reference;
} OcReplaceMeterAsk;
/* A new meter in the old one's place: what remains in the old one, and what was not put in it, is carried to the new one. */
OC_DECLARE_OP (oc_replace_meter, OcOutcome, OcReplaceMeterAsk);
/* Rows of api.replace_meter_quote: a row a tier and item of what is charged as presale, one without a tier where nothing is. Query lane. */
OC_DECLARE_OP (oc_replace_meter_quote, OcRows, OcReplaceMeterAsk);

/* import.c: pre-registered customers from a CSV file, all of its lines or none ---------------------------------------- */

/* How far it is; any thread. */
typedef struct _OcImportCount OcImportCount;
OcImportCount *oc_import_count_new (void);
void oc_import_count_unref (OcImportCount *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcImportCount, oc_import_count_unref)
void oc_import_count_get (OcImportCount *self, guint *done, guint *total);

typedef struct {
    GBytes *file;
    const char *separator; /* NULL: found out */
    gboolean check;        /* only say what is wrong */
    OcImportCount *count;  /* NULL: nobody looks */
} OcImportAsk;

typedef struct {
    guint n_lines;         /* without the line of titles */
    gboolean imported;
    OcRows *faults;        /* line, field, code, message, name, address: with any, nothing was imported */
    OcRows *sample;        /* the first lines as they were understood: line and the form's names */
    const char *encoding;
    char *separator;
} OcImported;
void oc_imported_free (OcImported *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcImported, oc_imported_free)
/* The faults as a file for whoever corrects the lines; caller unrefs. */
GBytes *oc_imported_faults_csv (const OcImported *self);
OC_DECLARE_OP (oc_pre_registered_import, OcImported, OcImportAsk);

/* settings.c: everything that administrators keep, by one list and one form a kind ------------------------------------ */

/* Each row of a list has "id" and "row_version". A save sends the fields of the form by the same names, as they were typed;
 * those that are not sent stay as they are. What is wrong is refused with the field's name (oc_error_get_field ()).
 *
 *   kind            parent   fields of the form (and columns of the list, which may have more)
 *   "parameters"    -        card_family ("24c", "4442", "cpu"), area_number, opening_fee, replacement_fee, meter_change_fee,
 *                            allow_balance, lease_seconds, approval_percent (price changes above it want a second person, "": none),
 *                            approval_amount (so does money out of a balance, from it on);
 *                            confirm: the number of cards in use (column "cards"), where family or area number change under
 *                            them (OC115). One row, id 1. A save signs everybody out, this station too.
 *   "unit"          -        name, address, phone, email, tax_number, logo (oc_setting_set_logo ()). One row, id 1.
 *   "sub-meters"    -        slot, meter_type ("": none). Eight rows, id is the slot; column "in_use": meters (then fixed).
 *   "meter-models"  -        name, meter_type, layout, chip (list "card_layouts" has both), step, bore, ct, vt, active
 *   "user-types"    -        name, meter_type, alarm_1, alarm_2, hoarding, presale, purchase_limit, active
 *   "price-items"   -        name, meter_type, active
 *   "prices"        -        name, meter_type, active; and for one version at a time: version (0: a new one), starts_at ("": now),
 *                            tiered, period ("month", "year"), base_persons, per_person, and the table "tiers" with a row a tier:
 *                            upper_limit ("" in the last) and the table "items" with rows of item, unit_price.
 *                            drop_version: a version that has not begun goes. A refusal of a cell names it "tiers.2.upper_limit"
 *                            or "tiers.2.NAME OF THE ITEM".
 *   "price-versions" price   list only: id (for version), starts_at, state ("future": can still be changed, "current",
 *                            "past"), tiered, period, base_persons, per_person, tiers, unit_price
 *   "price-tiers"   version  list only: tier, upper_limit, item, unit_price; a row an item of a tier
 *   "branches"      -        number, name, active. id is the number.
 *   "roles"         -        name, administrator, permissions (codes with blanks between; list "permissions": code, grp)
 *   "operators"     -        operator, branch (number), role (name), name, sex ("male", "female", ""), phone; a new one needs
 *                            the ask's password. Delete ends the login; the number is never given again. id is the number.
 *
 * Truth is "true" or "false". meter_type is a word of the api ("cold-water"), shown by oc_word (). */

gboolean oc_setting_is_kind (const char *kind);
/* Rows of a kind. @parent: 0, or of which price or version. Query lane. */
OcRows *oc_setting_list (OcDesk *desk, const char *kind, gint64 parent, GCancellable *cancellable, GError **error);
void oc_setting_list_async (OcDesk *desk, const char *kind, gint64 parent, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcRows *oc_setting_list_finish (OcDesk *desk, GAsyncResult *result, GError **error);

typedef enum { OC_SETTING_SAVE, OC_SETTING_DELETE, OC_SETTING_UNDO } OcSettingVerb;
typedef struct {
    OcSettingVerb verb;
    const char *request_id;  /* made when the person confirms, kept for the repetition after an approval; NULL: a fresh one */
    const char *kind;        /* save, delete */
    gint64 id;               /* save: 0 makes a new one; undo: the change (OcSaved) to be taken back */
    gint64 row_version;      /* save, delete: of the row the form was filled from; 0: whatever it is now */
    OcFields *fields;        /* save; undo of parameters: confirm. Not changed by anybody until the act has ended */
    const char *json;        /* save, instead of fields: one object (scripts) */
    const char *password;    /* save of a new operator: the first one, to be changed at the first login */
} OcSettingAsk;

/* What became of it. Another person's change meanwhile is no error but an answer: nothing was saved, @conflict says so and
 * @row is what is there now, to be shown beside the form; saving again with its row_version overwrites it. */
typedef struct {
    OcRows *row;       /* the kind's list, of this one alone; without rows after a delete */
    gint64 id;
    gint64 change;     /* for OC_SETTING_UNDO; 0: nothing was saved */
    GError *conflict;  /* NULL: done */
} OcSaved;
void oc_saved_free (OcSaved *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcSaved, oc_saved_free)

/* OC117: a second person must approve (oc_approve ()); then the same ask again. */
OcSaved *oc_setting_change (OcDesk *desk, const OcSettingAsk *ask, GCancellable *cancellable, GError **error);
void oc_setting_change_async (OcDesk *desk, const OcSettingAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcSaved *oc_setting_change_finish (OcDesk *desk, GAsyncResult *result, GError **error);
/* The picture of a file as the field "logo"; NULL: none. */
void oc_setting_set_logo (OcFields *fields, GBytes *picture);

/* prices.c: what a price that is being typed would sell; nothing is written. Rows of oc_quote (). Query lane. */
typedef struct {
    OcFields *fields;     /* of "prices": meter_type, tiered, base_persons, per_person, tiers */
    OcMoney amount;
    OcQuantity quantity;
    gboolean by_quantity;
    int household;
    OcQuantity used;      /* bought before in the period */
    gboolean by_money;    /* a meter that is sold by the yuan */
    const char *step;     /* of a meter that is sold by quantity; NULL: 0.01 */
} OcPreviewAsk;
OcRows *oc_price_preview (OcDesk *desk, const OcPreviewAsk *ask, GCancellable *cancellable, GError **error);
void oc_price_preview_async (OcDesk *desk, const OcPreviewAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcRows *oc_price_preview_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* trail.c: who changed what. Query lane. */
typedef struct {
    const char *from, *to; /* ISO 8601, NULL: open; to is not in it */
    const char *text;      /* anywhere in what, name, who and the values */
    const char *before;    /* time of the last row of the page above, NULL: the newest page */
    gint64 below;          /* its id */
    int limit;             /* 0: 500 */
} OcTrailAsk;
/* id, time, operator, operator_name, station, act ("save", "delete", "undo", "lock", "unlock", "reset-password", "password"), kind, setting,
 * name, approved_by, approved_name, undoes; newest first. Words of the api for oc_word (); operator null: the database's owner. */
OcRows *oc_trail (OcDesk *desk, const OcTrailAsk *ask, GCancellable *cancellable, GError **error);
void oc_trail_async (OcDesk *desk, const OcTrailAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcRows *oc_trail_finish (OcDesk *desk, GAsyncResult *result, GError **error);
/* One change: field (for oc_field_format ()), before, after; a row a field that differs. */
OcRows *oc_trail_fields (OcDesk *desk, gint64 id, GCancellable *cancellable, GError **error);
void oc_trail_fields_async (OcDesk *desk, gint64 id, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcRows *oc_trail_fields_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* approval.c --------------------------------------------------------------------------------------------------------- */

/* The second person's word, by number and password at this station, for the act that was refused with @wanted (OC117); on a
 * short connection of its own. Within five minutes the act is asked again, the same. */
typedef struct {
    const GError *wanted;
    gint64 number;
    const char *password;
} OcApproveAsk;
gboolean oc_approve (OcDesk *desk, const OcApproveAsk *ask, GCancellable *cancellable, GError **error);
void oc_approve_async (OcDesk *desk, const OcApproveAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
gboolean oc_approve_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* operators.c: what is no form. Made, saved and deleted are operators as settings. ------------------------------------- */

typedef enum { OC_OPERATOR_LOCK, OC_OPERATOR_UNLOCK, OC_OPERATOR_RESET_PASSWORD } OcOperatorVerb;
typedef struct {
    OcOperatorVerb verb;
    gint64 number;
    const char *password; /* of a reset; to be changed at the next login */
} OcOperatorAsk;
/* Locks (nobody comes in, then the sessions end), unlocks, or gives a new password (the sessions end too). */
gboolean oc_operator_change (OcDesk *desk, const OcOperatorAsk *ask, GCancellable *cancellable, GError **error);
void oc_operator_change_async (OcDesk *desk, const OcOperatorAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
gboolean oc_operator_change_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* servers.c: connection profiles, the shared servers that can be chosen at the login. Files, no desk, any thread; only the test asks the
 * network. -------------------------------------------------------------------------------------------------------------- */

/* name, title, uri, own ("t": this person's file, which alone is written). */
OcRows *oc_servers (void);
/* libpq keywords to connect with: encrypted and checked (verify-full) unless the profile says otherwise. Caller frees. */
char *oc_server_uri (const char *name, GError **error);
/* The form of one: host (several with commas), port, dbname, sslmode, sslrootcert, whatever else the address has. */
OcFields *oc_server_fields (const char *uri, GError **error);
/* Fields as above and title; a new name makes a new one. */
gboolean oc_server_save (const char *name, const OcFields *fields, GError **error);
gboolean oc_server_delete (const char *name, GError **error);

typedef struct {
    OcFields *fields;      /* as typed */
    const char *uri;       /* of the profile as it was, NULL: a new one */
    gint64 number;         /* operator; 0: as far as it goes without one */
    const char *password;
} OcServerTestAsk;
/* A row a step, in order: step ("address", "name", "server", "tls", "login", "database", "version"), ok ("t", "f", null: not
 * reached), text (what is wrong and what to do). Query lane. */
OcRows *oc_server_test (OcDesk *desk, const OcServerTestAsk *ask, GCancellable *cancellable, GError **error);
void oc_server_test_async (OcDesk *desk, const OcServerTestAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
OcRows *oc_server_test_finish (OcDesk *desk, GAsyncResult *result, GError **error);

/* upkeep.c: the owner's commands, on a connection of their own; block; no operator needed. ------------------------- */

/* Makes the private cluster, schema and first operator (demo: the manual's data and operators 1001, 1002). */
gboolean oc_upkeep_init (const char *data_dir, gboolean demo, GError **error);
/* On a shared server, as its administrator: @server is libpq keywords, @user NULL: postgres. May be repeated: with another
 * @owner_password or @time_zone. */
typedef struct {
    const char *server, *user, *password;
    const char *name, *owner_password;
    const char *time_zone; /* of the place: tiers and switch times go by it; NULL: what the database has, at first the server's */
} OcCreateAsk;
gboolean oc_upkeep_create (const OcCreateAsk *ask, GError **error);
/* Which database, as its owner. */
typedef struct {
    const char *data_dir; /* of the private cluster, which knows its owner's password */
    const char *uri;      /* a shared database: libpq keywords; NULL: the private one */
    const char *password; /* of the shared one's owner */
} OcOwnerAsk;
gboolean oc_upkeep_upgrade (const OcOwnerAsk *owner, GError **error);
OcRows *oc_upkeep_check (const OcOwnerAsk *owner, GError **error);  /* invariant, broken, sample */
OcRows *oc_upkeep_fill (const OcOwnerAsk *owner, gint64 customers, gint64 trades, gint64 seed, GError **error);
OcFields *oc_upkeep_status (const OcOwnerAsk *owner, GError **error); /* server, schema, size, connections, time_zone, uri */
gboolean oc_upkeep_server (const char *data_dir, const char *verb, GError **error); /* "start", "stop", "status" */

G_END_DECLS

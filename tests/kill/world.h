/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small world to break: one database, two stations with a simulated reader each, customers with a card and a meter.
 * Everything is real but the plastic. Runs acts on the calling thread. Failures of the world itself abort. */
#pragma once

#include "ops/ops.h"
#include "sim/meter.h"
#include "sim/reader.h"
#include "support/pg-cluster.h"

G_BEGIN_DECLS

/* A kind of card with what is sold on it, and the kind of reader that it is in. */
typedef struct {
    const char *name;   /* "cpu", "24c04", "4442-omnikey" */
    const char *title;  /* in tables */
    const char *family; /* of the simulated card */
    OcSimReaderKind reader;
    const char *layout, *type; /* of its meter */
    gint64 presale, hoarding;  /* preset in it */
    int sub_meter;
    int second; /* code of one more of its kind that the card has room for; 0: none */
    const char *model, *user_type, *price;
} Plastic;

/* By name; the first one's, when NULL. Aborts when there is none. */
const Plastic *plastic_find (const char *name);

typedef struct {
    OcDesk *desk;
    OcSimSlot *slot;
    char *dir;         /* its station file */
} Station;

typedef struct {
    OcTestDb *db;
    OcDb *owner;
    char *dir;
    char *cards;       /* the folder of cards and meters; the same, if nobody changes it */
    OcSimKeys keys;
    Station stations[2]; /* operators 1001 and 1002: two branches */
    guint n_customers, n_copies;
} World;

/* A customer's belongings, before and after the account is opened. */
typedef struct {
    gboolean cpu;
    char *card, *meter; /* files */
    char *old_card;     /* one that was lost; NULL: none */
    char *next_meter;   /* one that is not on the card yet; NULL: none */
    char number[13];    /* of the meter */
    gint64 in_ledger;   /* the customer's number there; 0: not known, or none yet */
    int sub_meter;
    const char *model; /* NULL: the usual one */
    const Plastic *plastic; /* NULL: the usual one of a CPU card or not */
} Customer;

/* A site of this one CPU meter model: every further one makes each reading longer. RT-dt otherwise. */
void world_set_model (const char *model);
World *world_new (void);
/* The newest keys of the world's database. */
void world_keys (World *self, OcSimKeys *keys);
/* The stations made from now on have a reader of this kind; ACS otherwise. */
void world_set_reader (OcSimReaderKind kind);
void world_free (World *self);

/* A station at this uri (NULL: the world's), signed in as @operator. For the world and for processes of their own. */
void station_open (Station *self, const char *dir, const char *uri, int operator_number);
void station_close (Station *self);
/* Closes and opens one of the world's stations, as this operator. */
void world_station_anew (World *self, int i, int operator_number);
/* From now on the calling thread acts there. */
void station_take_over (Station *self);
/* Puts the card in and waits until the desk has seen it; takes it out and waits. */
void station_insert (Station *self, const Customer *customer);
/* A card that is open already; station_take () gives it back open. */
void station_insert_card (Station *self, OcSimCard *card);
OcSimCard *station_take (Station *self);
void station_remove (Station *self);

Customer *world_customer (World *self, gboolean cpu);
Customer *world_customer_of (World *self, const Plastic *plastic);
/* One more meter, to be added or to take the other one's place, and its number. */
void customer_get_next_meter (World *world, Customer *self);
void customer_next_number (const Customer *self, char out[13]);
void customer_free (Customer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Customer, customer_free)

/* Customers that share one card: a sub-meter of one household each, opened together. */
GPtrArray *world_household (World *self, gboolean cpu, const int *sub_meters, guint n);
/* Another file with the same bytes; caller frees. */
char *world_copy_card (World *self, const char *path);
gboolean same_card (const char *path, const char *other); /* byte for byte */
/* Puts any card in, by its file. */
void station_insert_file (Station *self, const char *path);

/* The two acts, as an operator does them: open an account (paid: presale, fee and @yuan), read and buy for @yuan. */
OcOutcome *act_open (Station *station, const Customer *customer, int yuan, GError **error);
/* Opens one account for all of a household: @yuan for the first, twice as much for the second … */
OcOutcome *act_open_all (Station *station, GPtrArray *household, int yuan, GError **error);
OcOutcome *act_purchase (Station *station, const Customer *customer, int yuan, GError **error);
typedef OcOutcome *(*ActFunc) (Station *station, const Customer *customer, int yuan, GError **error);
/* Settles the unfinished write of this customer's meter, which there must be, with the card that is in. */
OcOutcome *act_settle (World *self, Station *station, const Customer *customer, gboolean undo, GError **error);

/* Asserts that @error is the database's refusal @code; frees it. */
void expect_code (GError **error, const char *code);

/* Lets the lease of every pending job run out, as a minute does. */
void world_expire_leases (World *self);
/* The unfinished write of the customer who has or had this meter, NULL when there is none; caller frees. */
char *world_pending_job (World *self, const Customer *customer);
/* "open", "pending", "void" … of the customer's newest meter row of that number; "" when there is none. */
char *world_meter_state (World *self, const Customer *customer);
/* Shows the card at @station until nothing of it is unfinished. Asserts that it ends. */
void world_settle (World *self, Station *station, const Customer *customer);
/* The customer goes home: the meter gets the card, uses a little, and must hold exactly what was paid for: what it
 * credited is the sum of effective trades, its count is the ledger's, and the whole ledger checks clean. */
void world_check (World *self, const Customer *customer);
/* The meter's part of it: the card is in no reader. */
void world_check_meter (World *self, const Customer *customer);
/* Puts any card in the customer's meter, as people do at home: out of every reader first. */
OcSimMeterReport world_put_in_meter (World *self, const Customer *customer, const char *card);
/* Asserts that admin.check finds nothing. */
void world_check_ledger (World *self);

G_END_DECLS

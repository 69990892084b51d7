/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The desk: one operator's counter. Holds the card service, the connections, who is signed in and what the site
 * uses; opaque (its insides are in desk-private.h, for ops only). Re-exports what a window needs of the card.
 * "changed" (topic: "card", "reader", "session", "trades", "unfinished", "settings", "roles", "operators",
 * "database") comes on the default main context. */
#pragma once

#include <gio/gio.h>

#include "core/fields.h"
#include "core/rows.h"

G_BEGIN_DECLS

#define OC_TYPE_DESK (oc_desk_get_type ())
G_DECLARE_FINAL_TYPE (OcDesk, oc_desk, OC, DESK, GObject)

struct _OcReader;

typedef struct {
    const char *data_dir;  /* private cluster and station file; NULL: the default place */
    const char *uri;       /* a shared server: libpq keywords without user and password; NULL: the private cluster */
    gboolean demo;         /* the private cluster is made with the demo's data when there is none */
    gboolean create;       /* the private cluster is made, or brought to this version, when that is needed */
    const char *role_prefix; /* what the operators' roles begin with; NULL: the database's name */
    struct _OcReader *reader; /* taken over; NULL: none */
} OcDeskOptions;

OcDesk *oc_desk_new (const OcDeskOptions *options);
/* Ends lanes, card service and connections; stops the private server if this desk started it, nobody else is
 * connected and @stop_server. Blocks shortly. */
void oc_desk_close (OcDesk *self, gboolean stop_server);

/* Presence of a card, for banners and status bars. Any thread. */
typedef enum {
    OC_DESK_NO_SERVICE, OC_DESK_NO_READER, OC_DESK_NO_CARD, OC_DESK_UNRESPONSIVE, OC_DESK_CARD,
} OcDeskPresence;
OcDeskPresence oc_desk_get_presence (OcDesk *self);
char *oc_desk_dup_reader_name (OcDesk *self);          /* NULL when none */
guint oc_desk_get_card_generation (OcDesk *self);      /* another number: another insertion */
gboolean oc_desk_is_reader_stuck (OcDesk *self);

/* Who is signed in and what hello told; NULL when nobody. Names as in api.hello: "operator", "operator_name",
 * "branch", "branch_name", "unit_name", "unit_address", "unit_phone", "database", "must_change", … Main thread. */
OcFields *oc_desk_get_session (OcDesk *self);
gboolean oc_desk_may (OcDesk *self, const char *permission);
gboolean oc_desk_is_demo (OcDesk *self);
/* Whether the database is reached, as the last call or the listener found it; "database" when that changes. Any thread. */
gboolean oc_desk_is_online (OcDesk *self);

/* What kind of trouble an error is, so that programs and windows need not know the layers below. */
typedef enum {
    OC_TROUBLE_REFUSED,   /* OC_ERROR: a rule or a field */
    OC_TROUBLE_UNPROVEN,  /* begun, not proven */
    OC_TROUBLE_DATABASE,
    OC_TROUBLE_CARD,
    OC_TROUBLE_CANCELLED,
    OC_TROUBLE_OTHER,
} OcTrouble;
OcTrouble oc_trouble_of (const GError *error);

/* A fresh request id (UUID text); caller frees. */
char *oc_request_id (void);

G_END_DECLS

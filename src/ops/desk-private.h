/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The insides of the desk, for the files of ops alone: which thread may use which connection, who is signed in, what
 * the site uses, and how a call is made from an act. */
#pragma once

#include "card/card-service.h"
#include "card/image.h"
#include "db/call.h"
#include "db/cluster.h"
#include "db/listener.h"
#include "ops/desk.h"
#include "ops/lane.h"
#include "ops/ops.h"

G_BEGIN_DECLS

#define OC_API_VERSION 1
#define OC_MIN_PASSWORD 4

typedef enum { OC_DESK_COUNTER, OC_DESK_QUERY, OC_DESK_N_LANES } OcDeskLane;

/* What the site uses, as far as cards and receipts need it. Immutable; under the desk's lock only while it is replaced. */
typedef struct {
    gatomicrefcount refs;
    OcRows *models;      /* api.meter_models */
    char **directories;  /* of CPU cards, those that slots and models allow */
    char **layouts;      /* of CPU cards, those that models name */
    char *logo;          /* the charging unit's, a PNG in base64; NULL: none */
} OcSite;

struct _OcDesk {
    GObject parent_instance;

    /* set once */
    char *data_dir, *uri, *role_prefix;
    gboolean create, demo;
    char *process;       /* uuid: who holds a job's lease */
    char *station, *station_name;
    OcCardService *cards; /* NULL: no reader */
    gulong cards_changed;
    OcLane *lanes[OC_DESK_N_LANES];
    GThread *here;       /* the thread that runs acts itself; then there are no lanes */

    /* each its own lane's alone */
    OcDb *dbs[OC_DESK_N_LANES];
    guint db_logins[OC_DESK_N_LANES];
    gboolean db_pinned[OC_DESK_N_LANES];
    OcRows *hello[OC_DESK_N_LANES];

    /* the counter's alone */
    OcCluster *cluster;
    gboolean prepared;
    gint64 wrong_number; /* operator of the last wrong password, and how many there were in a row */
    guint n_wrong;

    GMutex lock; /* for what follows */
    char *user, *password; /* NULL: nobody */
    guint n_logins;      /* another number: another login; connections of the old one end */
    OcFields *session;
    GPtrArray *past_sessions; /* handed out; kept to the end */
    OcSite *site;
    OcListener *listener;
    char *ended;         /* how this login was said to have ended: "locked", "password", "deleted"; NULL: nobody said */
    GError *end;         /* why somebody else ended the last session; NULL: nobody did */
    gboolean online;
    OcProgress progress;
    gpointer progress_data;
    OcPresence last_presence;
    guint last_generation;
};

/* desk.c ------------------------------------------------------------------------------------------------------- */

/* Emits "changed" on the default main context; at once where there are no lanes. Any thread. */
void oc_desk_emit (OcDesk *self, const char *topic);
/* Tells the till how far it is. Any thread. */
void oc_desk_step (OcDesk *self, const char *step);
/* Makes @fields (NULL: nobody) who is signed in; takes them over. Any thread. */
void oc_desk_set_session (OcDesk *self, OcFields *fields);
void oc_desk_set_online (OcDesk *self, gboolean online);
OcLane *oc_desk_lane (OcDesk *self, OcDeskLane lane);

/* A copy of a secret, and its end. */
char *oc_secret_dup (const char *secret);
void oc_secret_free (char *secret);

/* desk-db.c ---------------------------------------------------------------------------------------------------- */

/* The calling lane's connection, made when there is none; asserts that the thread may run acts. */
OcDb *oc_desk_db (OcDesk *self, GError **error);
/* While pinned the calling lane keeps its connection, even if somebody signs out: a job goes to its end. */
void oc_desk_pin_db (OcDesk *self, gboolean pin);
/* What api.hello last told on the calling lane's connection; borrowed. */
OcRows *oc_desk_hello (OcDesk *self);
/* A short connection of somebody else's, on the calling thread; the lane's own stays. Wrong passwords count as at sign-in. */
OcDb *oc_desk_open_as (OcDesk *self, gint64 number, const char *password, GCancellable *cancellable, GError **error);
/* Whether @number is who is signed in. */
gboolean oc_desk_is_me (OcDesk *self, gint64 number);
/* The uri to connect to; caller frees. */
char *oc_desk_dup_uri (OcDesk *self, GError **error);
/* Drops the calling lane's connection. */
void oc_desk_drop_db (OcDesk *self);
/* The private server runs afterwards, whoever stopped it; nothing to do for a shared one. Counter lane. */
gboolean oc_desk_prepare_server (OcDesk *self, GError **error);

/* oc_db_call () on the calling lane's connection, with @cancellable heeded while it waits. */
#define oc_desk_call(desk, name, rows, cancellable, error, ...) \
    oc_desk_call_args (desk, name, (const OcArg[]){ __VA_ARGS__ }, \
        sizeof ((const OcArg[]){ __VA_ARGS__ }) / sizeof (OcArg), rows, cancellable, error)
gboolean oc_desk_call_args (OcDesk *self, const char *name, const OcArg *args, gsize n_args, OcRows **rows,
    GCancellable *cancellable, GError **error);

/* The same for calls that only look: where the connection was lost, once more on a new one. */
#define oc_desk_ask(desk, name, rows, cancellable, error, ...) \
    oc_desk_ask_args (desk, name, (const OcArg[]){ __VA_ARGS__ }, \
        sizeof ((const OcArg[]){ __VA_ARGS__ }) / sizeof (OcArg), rows, cancellable, error)
gboolean oc_desk_ask_args (OcDesk *self, const char *name, const OcArg *args, gsize n_args, OcRows **rows,
    GCancellable *cancellable, GError **error);

/* For calls that may be repeated with the same ids: while the connection is lost, or (with @begun) not to be had or
 * busy, connects anew and repeats, for some seconds. When that was in vain the error stays what it was and @unknown
 * (may be NULL) says whether the call may have been carried out. */
gboolean oc_desk_call_through (OcDesk *self, const char *name, const OcArg *args, gsize n_args, gboolean begun,
    OcRows **rows, gboolean *unknown, GCancellable *cancellable, GError **error);

/* upkeep.c: the first data of a private database; the demo's or just the first operator. May be repeated. */
gboolean oc_upkeep_begin (OcCluster *cluster, gboolean demo, GError **error);

/* session-watch.c ------------------------------------------------------------------------------------------------- */

/* The row of api.hello as names and values. */
OcFields *oc_desk_fields_of_hello (OcRows *rows);
/* Takes over why the session ended; NULL: it did not. */
void oc_desk_set_end (OcDesk *self, GError *end);
/* From the main context's next turn on what others change is heard of, until the end. */
void oc_desk_listen (OcDesk *self);
void oc_desk_stop_listening (OcDesk *self);

/* operators.c: the verifier of an operator's password, made here; NULL with OC081 where it is too short. Caller frees. */
char *oc_desk_make_verifier (OcDesk *desk, gint64 number, const char *password, GError **error);

/* station.c: the station's id (made at first use, kept in data_dir/station.ini) and the machine's name. */
gboolean oc_station_load (const char *data_dir, char **id, char **name, GError **error);

/* read-card.c: the card in the reader; @generation gets its insertion. */
OcImage *oc_desk_read_image (OcDesk *desk, gboolean whole, const char *chip, guint *generation, GCancellable *cancellable,
    GError **error);

/* site.c ------------------------------------------------------------------------------------------------------- */

OcSite *oc_site_load (OcDesk *desk, GError **error);
OcSite *oc_site_ref (OcSite *self);
void oc_site_unref (OcSite *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcSite, oc_site_unref)
/* The desk's, loaded when there is none yet. */
OcSite *oc_desk_get_site (OcDesk *self, GError **error);
void oc_desk_set_site (OcDesk *self, OcSite *site); /* takes over; NULL: load again when needed */
const char *oc_site_chip_of (OcSite *self, const char *model); /* NULL when unknown */
int oc_site_ratio_of (OcSite *self, const char *model, const char *column); /* "ct", "vt" of a model */

/* Asynchronous forms of an act whose ask is a struct: @copy and @ask_free of that struct. */
#define OC_DEFINE_OP(name, Result, Ask, lane, copy, ask_free, result_free) \
    static gpointer name##_on_lane (gpointer desk, gpointer ask, GCancellable *cancellable, GError **error) \
    { \
        return name (desk, ask, cancellable, error); \
    } \
    void name##_async (OcDesk *desk, const Ask *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data) \
    { \
        oc_lane_push (oc_desk_lane (desk, lane), desk, name##_on_lane, copy (ask), (GDestroyNotify) ask_free, \
            (GDestroyNotify) result_free, cancellable, cb, data); \
    } \
    Result *name##_finish (OcDesk *desk, GAsyncResult *result, GError **error) \
    { \
        return oc_lane_finish (result, error); \
    }

/* The same for an act that answers only whether it was done. */
#define OC_DEFINE_CHECK(name, Ask, lane, copy, ask_free) \
    static gpointer name##_on_lane (gpointer desk, gpointer ask, GCancellable *cancellable, GError **error) \
    { \
        return GINT_TO_POINTER (name (desk, ask, cancellable, error)); \
    } \
    void name##_async (OcDesk *desk, const Ask *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data) \
    { \
        oc_lane_push (oc_desk_lane (desk, lane), desk, name##_on_lane, copy (ask), (GDestroyNotify) ask_free, NULL, cancellable, \
            cb, data); \
    } \
    gboolean name##_finish (OcDesk *desk, GAsyncResult *result, GError **error) \
    { \
        return GPOINTER_TO_INT (oc_lane_finish (result, error)); \
    }

/* own-layouts.c: the site's own card layouts, in the folder "cards" of @data_dir (NULL: the default). For this process; a broken
 * one is told in the log and left out. */
void oc_own_layouts_take (const char *data_dir);
/* Their documents as texts; NULL with file, line and reason where one is broken. Caller unrefs. */
GPtrArray *oc_own_layouts_read (const char *data_dir, GError **error);
gboolean oc_own_layouts_install (OcDb *owner, GPtrArray *documents, GError **error);

G_END_DECLS

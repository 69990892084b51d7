/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The desk's public face: what it is made of, who is signed in, where the card is, and its one signal. */
#include "ops/desk-private.h"

#include <string.h>

#include "core/error.h"
#include "seal/bytes.h"

G_DEFINE_FINAL_TYPE (OcDesk, oc_desk, G_TYPE_OBJECT)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

typedef struct {
    OcDesk *desk;
    char *topic;
} Emission;

static void
emission_free (Emission *self)
{
    g_object_unref (self->desk);
    g_free (self->topic);
    g_free (self);
}

static gboolean
on_emission_cb (gpointer data)
{
    Emission *self = data;

    g_signal_emit (self->desk, signals[CHANGED], g_quark_from_string (self->topic), self->topic);

    return G_SOURCE_REMOVE;
}

void
oc_desk_emit (OcDesk *self, const char *topic)
{
    Emission *emission;

    if (self->here) {
        g_signal_emit (self, signals[CHANGED], g_quark_from_string (topic), topic);
        return;
    }
    emission = g_new0 (Emission, 1);
    emission->desk = g_object_ref (self);
    emission->topic = g_strdup (topic);
    g_idle_add_full (G_PRIORITY_DEFAULT, on_emission_cb, emission, (GDestroyNotify) emission_free);
}

static gboolean
on_step_cb (gpointer data)
{
    Emission *self = data;
    OcProgress progress;
    gpointer user;

    g_mutex_lock (&self->desk->lock);
    progress = self->desk->progress;
    user = self->desk->progress_data;
    g_mutex_unlock (&self->desk->lock);
    if (progress)
        progress (self->topic, user);

    return G_SOURCE_REMOVE;
}

void
oc_desk_step (OcDesk *self, const char *step)
{
    Emission *emission = g_new0 (Emission, 1);

    emission->desk = g_object_ref (self);
    emission->topic = g_strdup (step);
    if (self->here) {
        on_step_cb (emission);
        emission_free (emission);
        return;
    }
    g_idle_add_full (G_PRIORITY_DEFAULT, on_step_cb, emission, (GDestroyNotify) emission_free);
}

void
oc_desk_set_progress (OcDesk *desk, OcProgress progress, gpointer data)
{
    g_return_if_fail (OC_IS_DESK (desk));

    g_mutex_lock (&desk->lock);
    desk->progress = progress;
    desk->progress_data = data;
    g_mutex_unlock (&desk->lock);
}

void
oc_desk_set_session (OcDesk *self, OcFields *fields)
{
    g_mutex_lock (&self->lock);
    if (self->session)
        g_ptr_array_add (self->past_sessions, self->session);
    self->session = fields;
    g_mutex_unlock (&self->lock);
    oc_desk_emit (self, "session");
}

void
oc_desk_set_online (OcDesk *self, gboolean online)
{
    gboolean was;

    g_mutex_lock (&self->lock);
    was = self->online;
    self->online = online;
    g_mutex_unlock (&self->lock);
    if (was != online)
        oc_desk_emit (self, "database");
}

OcLane *
oc_desk_lane (OcDesk *self, OcDeskLane lane)
{
    g_assert (self->here == NULL);
    if (self->lanes[lane] == NULL)
        self->lanes[lane] = oc_lane_new (lane == OC_DESK_COUNTER ? "counter" : "query");

    return self->lanes[lane];
}

static void
on_cards_changed_cb (OcDesk *self)
{
    OcPresence presence = oc_card_service_get_presence (self->cards, NULL);
    guint generation = oc_card_service_get_generation (self->cards);
    gboolean card = presence != self->last_presence || generation != self->last_generation;
    gboolean reader = presence != self->last_presence || presence == OC_PRESENCE_NO_CARD;

    self->last_presence = presence;
    self->last_generation = generation;
    if (reader)
        oc_desk_emit (self, "reader");
    if (card)
        oc_desk_emit (self, "card");
}

static void
oc_desk_finalize (GObject *object)
{
    OcDesk *self = OC_DESK (object);

    g_clear_pointer (&self->session, oc_fields_unref);
    g_clear_error (&self->end);
    g_free (self->ended);
    g_ptr_array_unref (self->past_sessions);
    g_clear_pointer (&self->site, oc_site_unref);
    g_clear_pointer (&self->cluster, oc_cluster_free);
    g_clear_object (&self->cards);
    g_free (self->data_dir);
    g_free (self->uri);
    g_free (self->role_prefix);
    g_free (self->process);
    g_free (self->station);
    g_free (self->station_name);
    g_mutex_clear (&self->lock);

    G_OBJECT_CLASS (oc_desk_parent_class)->finalize (object);
}

static void
oc_desk_class_init (OcDeskClass *klass)
{
    G_OBJECT_CLASS (klass)->finalize = oc_desk_finalize;
    signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL,
        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
oc_desk_init (OcDesk *self)
{
    g_mutex_init (&self->lock);
    self->past_sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) oc_fields_unref);
    self->process = g_uuid_string_random ();
}

OcDesk *
oc_desk_new (const OcDeskOptions *options)
{
    OcDesk *self;

    g_return_val_if_fail (options != NULL, NULL);

    self = g_object_new (OC_TYPE_DESK, NULL);
    self->data_dir = options->data_dir ? g_strdup (options->data_dir) : oc_cluster_default_data_dir ();
    oc_own_layouts_take (self->data_dir);
    self->uri = g_strdup (options->uri);
    self->role_prefix = options->role_prefix || !options->uri ? g_strdup (options->role_prefix) : oc_db_uri_dbname (options->uri);
    if (self->role_prefix == NULL)
        self->role_prefix = g_strdup (OC_CLUSTER_DATABASE);
    self->demo = options->demo;
    self->create = options->create || options->demo;
    if (options->reader) {
        self->cards = oc_card_service_new (options->reader);
        self->cards_changed = g_signal_connect_swapped (self->cards, "changed", G_CALLBACK (on_cards_changed_cb), self);
    }

    return self;
}

void
oc_desk_use_here (OcDesk *desk)
{
    g_return_if_fail (OC_IS_DESK (desk));
    g_assert (desk->lanes[OC_DESK_COUNTER] == NULL && desk->lanes[OC_DESK_QUERY] == NULL);

    desk->here = g_thread_self ();
}

void
oc_desk_close (OcDesk *self, gboolean stop_server)
{
    g_return_if_fail (OC_IS_DESK (self));

    if (self->cards) {
        g_clear_signal_handler (&self->cards_changed, self->cards);
        oc_card_service_stop (self->cards); /* an act that waits for the reader ends */
    }
    for (int i = 0; i < OC_DESK_N_LANES; i++) {
        oc_lane_free (self->lanes[i]); /* what runs there asks which lane it is on */
        self->lanes[i] = NULL;
    }
    oc_sign_out (self);
    for (int i = 0; i < OC_DESK_N_LANES; i++) {
        g_clear_pointer (&self->dbs[i], oc_db_free);
        g_clear_object (&self->hello[i]);
    }
    if (self->cluster && stop_server && oc_cluster_was_started_here (self->cluster))
        oc_cluster_stop_if_idle (self->cluster, NULL);
    g_clear_pointer (&self->cluster, oc_cluster_free);
}

OcDeskPresence
oc_desk_get_presence (OcDesk *self)
{
    g_return_val_if_fail (OC_IS_DESK (self), OC_DESK_NO_SERVICE);

    if (self->cards == NULL)
        return OC_DESK_NO_READER;
    switch (oc_card_service_get_presence (self->cards, NULL)) {
    case OC_PRESENCE_NO_SERVICE:
        return OC_DESK_NO_SERVICE;
    case OC_PRESENCE_NO_READER:
        return OC_DESK_NO_READER;
    case OC_PRESENCE_NO_CARD:
        return OC_DESK_NO_CARD;
    case OC_PRESENCE_UNRESPONSIVE:
        return OC_DESK_UNRESPONSIVE;
    case OC_PRESENCE_CARD:
        return OC_DESK_CARD;
    }
    g_assert_not_reached ();
}

char *
oc_desk_dup_reader_name (OcDesk *self)
{
    char *name = NULL;

    g_return_val_if_fail (OC_IS_DESK (self), NULL);
    if (self->cards)
        oc_card_service_get_presence (self->cards, &name);

    return name;
}

guint
oc_desk_get_card_generation (OcDesk *self)
{
    g_return_val_if_fail (OC_IS_DESK (self), 0);

    return self->cards ? oc_card_service_get_generation (self->cards) : 0;
}

gboolean
oc_desk_is_reader_stuck (OcDesk *self)
{
    g_return_val_if_fail (OC_IS_DESK (self), FALSE);

    return self->cards && oc_card_service_is_stuck (self->cards);
}

OcFields *
oc_desk_get_session (OcDesk *self)
{
    OcFields *session;

    g_return_val_if_fail (OC_IS_DESK (self), NULL);
    g_mutex_lock (&self->lock);
    session = self->session; /* stays valid: past_sessions keeps it */
    g_mutex_unlock (&self->lock);

    return session;
}

gboolean
oc_desk_may (OcDesk *self, const char *permission)
{
    OcFields *session = oc_desk_get_session (self);
    const char *all = session ? oc_fields_get (session, "permissions") : NULL;
    g_auto(GStrv) codes = g_strsplit (all ? all : "", " ", -1);

    return session && (permission == NULL || g_strv_contains ((const char *const *) codes, permission));
}

gboolean
oc_desk_is_demo (OcDesk *self)
{
    g_return_val_if_fail (OC_IS_DESK (self), FALSE);

    return self->demo;
}

gboolean
oc_desk_is_online (OcDesk *self)
{
    gboolean online;

    g_return_val_if_fail (OC_IS_DESK (self), FALSE);
    g_mutex_lock (&self->lock);
    online = self->online;
    g_mutex_unlock (&self->lock);

    return online;
}

OcTrouble
oc_trouble_of (const GError *error)
{
    g_return_val_if_fail (error != NULL, OC_TROUBLE_OTHER);

    if (error->domain == OC_ERROR)
        return error->code == OC_ERROR_UNPROVEN ? OC_TROUBLE_UNPROVEN : OC_TROUBLE_REFUSED;
    if (error->domain == OC_DB_ERROR)
        return OC_TROUBLE_DATABASE;
    if (error->domain == OC_CARD_ERROR)
        return OC_TROUBLE_CARD;

    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? OC_TROUBLE_CANCELLED : OC_TROUBLE_OTHER;
}

char *
oc_secret_dup (const char *secret)
{
    return g_strdup (secret ? secret : "");
}

void
oc_secret_free (char *secret)
{
    if (secret)
        oc_wipe (secret, strlen (secret));
    g_free (secret);
}

char *
oc_request_id (void)
{
    return g_uuid_string_random ();
}

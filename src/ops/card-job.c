/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The heart. Three steps, of which the outer two are one call each and the middle one is one exchange with the card.
 * Nothing here decides whether a sale holds: what was read back goes to the database, and the images decide there. */
#include "ops/card-job.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/card.h"
#include "core/error.h"
#include "seal/bytes.h"

typedef struct {
    OcDesk *desk;
    OcDb *db;              /* the lane's; lent to the card's thread while the lane waits */
    char *id, *number, *state;
    gint64 attempt;
    gint64 lease_us;       /* length of the lease, and when it ends (monotonic) */
    gint64 lease_end;
    gboolean was_out;      /* the card was taken out after its image was read */
    OcCardTicket *ticket;
} Job;

static void
job_clear (Job *job)
{
    g_free (job->id);
    g_free (job->number);
    g_free (job->state);
    g_clear_pointer (&job->ticket, oc_card_ticket_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

void
oc_image_args_init (OcImageArgs *self, const OcImage *image)
{
    self->n = oc_image_count (image);
    self->areas = g_new0 (const char *, self->n + 1);
    self->bytes = g_new0 (GBytes *, self->n + 1);
    for (guint i = 0; i < self->n; i++) {
        self->areas[i] = oc_image_area (image, i);
        self->bytes[i] = oc_image_bytes (image, i);
    }
    self->serial = oc_image_serial (image);
}

void
oc_image_args_clear (OcImageArgs *self)
{
    g_free (self->areas);
    g_free (self->bytes);
}

static GBytes *
secret_cell (OcRows *rows, guint i, const char *column)
{
    g_autoptr(GBytes) cell = oc_rows_bytes (rows, i, column);

    return cell ? oc_secret_bytes (g_bytes_get_data (cell, NULL), g_bytes_get_size (cell)) : NULL;
}

static void
take_directory (OcCardTicket *ticket, OcRows *rows, guint i)
{
    OcCardDirectory *directory = oc_card_ticket_add_directory (ticket, oc_rows_text (rows, i, "directory"));

    directory->layout = oc_layout_find (oc_rows_text (rows, i, "layout"));
    directory->internal_kid = (guint8) oc_rows_int (rows, i, "kid_internal");
    directory->external_kid = (guint8) oc_rows_int (rows, i, "kid_external");
    directory->mac_kid = (guint8) oc_rows_int (rows, i, "kid_mac");
    directory->challenge = oc_rows_bytes (rows, i, "challenge");
    directory->check = oc_rows_bytes (rows, i, "proof_check");
    directory->external_key = secret_cell (rows, i, "key_external");
    directory->mac_key = secret_cell (rows, i, "key_mac");
}

static void
take_code (OcCardTicket *ticket, OcRows *rows, guint i)
{
    ticket->psc = secret_cell (rows, i, "key_code");
    ticket->psc_tries = (guint) oc_rows_int (rows, i, "code_tries");
}

static void
take_step (OcCardTicket *ticket, OcRows *rows, guint i)
{
    g_autoptr(GBytes) before = oc_rows_bytes (rows, i, "before");
    g_autoptr(GBytes) target = oc_rows_bytes (rows, i, "target");

    oc_card_ticket_add_step (ticket, oc_rows_text (rows, i, "area"), before, target);
}

/* rules.job_row -> the job and its ticket. */
static void
take_job (Job *job, OcRows *rows)
{
    g_assert (oc_rows_count (rows) > 0 && strcmp (oc_rows_text (rows, 0, "part"), "job") == 0);
    job->id = g_strdup (oc_rows_text (rows, 0, "job"));
    job->number = g_strdup (oc_rows_text (rows, 0, "number"));
    job->state = g_strdup (oc_rows_text (rows, 0, "state"));
    job->attempt = oc_rows_int (rows, 0, "attempt");
    job->lease_us = oc_rows_int (rows, 0, "lease_seconds") * G_TIME_SPAN_SECOND;
    job->lease_end = g_get_monotonic_time () + job->lease_us;
    job->ticket = oc_card_ticket_new (oc_rows_text (rows, 0, "family"), oc_rows_text (rows, 0, "chip"));
    job->ticket->serial = oc_rows_bytes (rows, 0, "serial");
    job->ticket->blank = oc_rows_bool (rows, 0, "blank");
    for (guint i = 1; i < oc_rows_count (rows); i++) {
        const char *part = oc_rows_text (rows, i, "part");

        if (strcmp (part, "directory") == 0)
            take_directory (job->ticket, rows, i);
        else if (strcmp (part, "code") == 0)
            take_code (job->ticket, rows, i);
        else if (strcmp (part, "step") == 0)
            take_step (job->ticket, rows, i);
    }
}

/* Before each writing command, on the card's thread, while the lane waits for it. Where the database can't be reached
 * the lease that is left still holds. */
static gboolean
renew (gpointer data, GError **error)
{
    Job *job = data;
    g_autoptr(GError) failure = NULL;
    g_autoptr(OcRows) rows = NULL;
    gint64 left = job->lease_end - g_get_monotonic_time ();

    if (left > job->lease_us / 2)
        return TRUE;
    oc_db_adopt (job->db);
    if (oc_db_call (job->db, "job_renew", &rows, &failure, oc_uuid (job->id), oc_int (job->attempt))) {
        job->lease_end = g_get_monotonic_time () + oc_rows_int (rows, 0, "lease_seconds") * G_TIME_SPAN_SECOND;
        return TRUE;
    }
    if (failure->domain == OC_DB_ERROR && left > job->lease_us / 6)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&failure));

    return FALSE;
}

static gboolean
write_exchange (OcCardLink *link, gpointer data, GError **error)
{
    Job *job = data;

    return oc_card_write (link, job->ticket, error);
}

/* Writes and reads back. What came of it is in the ticket; @error is why it stopped, if it did: never a verdict. */
static void
write_and_read_back (Job *job, guint generation, GError **error)
{
    g_autoptr(GError) failure = NULL;
    OcCardService *cards = job->desk->cards;
    guint seen = generation;

    job->ticket->fresh = generation != 0;
    job->ticket->renew = renew;
    job->ticket->renew_data = job;
    if (!oc_card_service_exchange (cards, write_exchange, job, &seen, NULL, &failure)
        && g_error_matches (failure, OC_CARD_ERROR, OC_CARD_ERROR_CHANGED) && job->ticket->after == NULL
        && !job->ticket->sent && generation != 0) {
        /* A card was put in anew since: it may be the same one, and is looked at before anything is written. It may have been
         * at another branch, and this machine asleep meanwhile: whether the lease still holds is asked, not counted. */
        job->was_out = TRUE;
        job->ticket->fresh = FALSE;
        job->lease_end = g_get_monotonic_time ();
        g_clear_error (&failure);
        oc_card_service_exchange (cards, write_exchange, job, NULL, NULL, &failure);
    }
    oc_db_adopt (job->db);
    if (failure)
        g_propagate_error (error, g_steal_pointer (&failure));
}

/* Nothing that could be the new state went to the card, and it was not out: on a card that anybody can copy only this
 * lets a sale be undone. Memory records count from the page with their MAC on. */
static gboolean
nothing_sent (const Job *job)
{
    gboolean memory = job->ticket->directories->len == 0;

    return !job->was_out && !(memory ? job->ticket->sent_mac : job->ticket->sent);
}

static gboolean
finish (Job *job, gboolean undo, OcRows **rows, GError **error)
{
    g_auto(OcImageArgs) after = { 0 };
    g_autoptr(GPtrArray) names = g_ptr_array_new ();
    g_autoptr(GPtrArray) proofs = g_ptr_array_new ();
    gboolean seen = job->ticket->after != NULL && oc_image_count (job->ticket->after) > 0;

    if (seen)
        oc_image_args_init (&after, job->ticket->after);
    for (guint i = 0; i < job->ticket->directories->len; i++) {
        OcCardDirectory *directory = job->ticket->directories->pdata[i];

        g_ptr_array_add (names, directory->df);
        g_ptr_array_add (proofs, directory->proof);
    }

    const OcArg args[] = {
        oc_uuid (job->id), oc_int (job->attempt),
        seen ? oc_texts (after.areas, after.n) : oc_null (OC_ARG_TEXTS),
        seen ? oc_bytess (after.bytes, after.n) : oc_null (OC_ARG_BYTESS),
        oc_texts ((const char *const *) names->pdata, names->len), oc_bytess ((GBytes *const *) proofs->pdata, proofs->len),
        oc_bool (nothing_sent (job)), oc_bool (undo),
    };

    return oc_desk_call_through (job->desk, "job_finish", args, G_N_ELEMENTS (args), TRUE, rows, NULL, NULL, error);
}

static gboolean
refuse_as_unproven (const char *number, GError **error)
{
    return oc_error_set (error, "OC031", "job", number, NULL);
}

/* Ended without a sale: says why the card was not written, and that nothing is owed. */
static OcOutcome *
refuse_as_undone (GError *card_error, GError **error)
{
    if (card_error == NULL)
        card_error = g_error_new_literal (OC_CARD_ERROR, OC_CARD_ERROR_CHANGED, _("The card was not written."));
    g_prefix_error (&card_error, "%s ", _("Nothing was sold and nothing is owed."));
    g_propagate_error (error, card_error);

    return NULL;
}

static void
announce (OcDesk *desk)
{
    oc_desk_emit (desk, "trades");
    oc_desk_emit (desk, "unfinished");
}

/* A receipt without its logo is better than none: whatever keeps it away is told nobody. */
static OcOutcome *
make_outcome (OcDesk *desk, OcRows *rows)
{
    OcOutcome *outcome = oc_outcome_new (rows);
    g_autoptr(OcSite) site = oc_desk_get_site (desk, NULL);

    oc_fields_set (outcome->fields, "unit_logo", site ? site->logo : NULL);

    return outcome;
}

/* What the database said in the end. @wants_undone: an undone job is the wanted end, not a failure. */
static OcOutcome *
conclude (OcDesk *desk, OcRows *rows, gboolean wants_undone, GError *card_error, GError **error)
{
    g_autoptr(GError) cause = card_error;
    const char *state = oc_rows_text (rows, 0, "state");

    announce (desk);
    if (strcmp (state, "done") == 0 || (wants_undone && strcmp (state, "undone") == 0)) {
        oc_desk_step (desk, "checked");
        return make_outcome (desk, rows);
    }
    if (strcmp (state, "undone") == 0)
        return refuse_as_undone (g_steal_pointer (&cause), error);
    if (strcmp (state, "conflict") == 0)
        oc_error_set (error, "OC032", NULL);
    else if (wants_undone && strcmp (oc_rows_text (rows, 0, "verdict"), "unseen") != 0)
        oc_error_set (error, "OC035", NULL);
    else
        refuse_as_unproven (oc_rows_text (rows, 0, "number"), error);
    if (cause && error && *error)
        g_info ("card job %s stays pending: %s", oc_rows_text (rows, 0, "number"), cause->message);

    return NULL;
}

/* The job of an earlier call that ended meanwhile. */
static OcOutcome *
tell_outcome (OcDesk *desk, const char *id, gboolean wants_undone, GError **error)
{
    const OcArg args[] = { oc_uuid (id) };
    g_autoptr(OcRows) rows = NULL;

    if (!oc_desk_call_through (desk, "job_outcome", args, 1, TRUE, &rows, NULL, NULL, error))
        return NULL;

    return conclude (desk, rows, wants_undone, NULL, error);
}

/* The job is begun; from here on it goes to its end, whatever happens. */
static OcOutcome *
carry_out_pinned (Job *job, guint generation, gboolean undo, gboolean wants_undone, GError **error)
{
    OcDesk *desk = job->desk;
    g_autoptr(GError) card_error = NULL;
    g_autoptr(GError) failure = NULL;
    g_autoptr(OcRows) finished = NULL;

    if (strcmp (job->state, "pending") != 0)
        return tell_outcome (desk, job->id, wants_undone, error);
    oc_desk_step (desk, "booked");
    job->db = oc_desk_db (desk, NULL); /* begin just answered on it */
    g_assert (job->db != NULL);
    if (wants_undone)
        for (guint i = 0; i < job->ticket->steps->len; i++)
            g_clear_pointer (&((OcCardStep *) job->ticket->steps->pdata[i])->target, g_bytes_unref);
    write_and_read_back (job, generation, &card_error);
    if (card_error == NULL)
        oc_desk_step (desk, "written");

    if (!finish (job, undo, &finished, &failure)) {
        g_info ("card job %s: finish: %s", job->number, failure->message);
        announce (desk);
        refuse_as_unproven (job->number, error);
        return NULL;
    }

    return conclude (desk, finished, wants_undone, g_steal_pointer (&card_error), error);
}

static OcOutcome *
carry_out (OcDesk *desk, OcRows *begun, guint generation, gboolean undo, gboolean wants_undone, GError **error)
{
    g_auto(Job) job = { .desk = desk };
    OcOutcome *outcome;

    take_job (&job, begun);
    oc_desk_pin_db (desk, TRUE);
    outcome = carry_out_pinned (&job, generation, undo, wants_undone, error);
    oc_desk_pin_db (desk, FALSE);

    return outcome;
}

OcOutcome *
oc_card_job_run (OcDesk *desk, const OcJobAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(OcRows) begun = NULL;
    g_autoptr(GError) failure = NULL;
    gboolean unknown = FALSE;

    if (!oc_desk_call_through (desk, ask->name, ask->args, ask->n_args, FALSE, &begun, &unknown, cancellable, &failure)) {
        if (unknown)
            oc_error_set (error, "OC039", NULL);
        else
            g_propagate_error (error, g_steal_pointer (&failure));
        return NULL;
    }

    /* A card that is as before lets the sale be undone at once, where the database agrees. */
    return carry_out (desk, begun, ask->generation, TRUE, FALSE, error);
}

OcOutcome *
oc_card_job_resume (OcDesk *desk, const char *id, const OcImage *image, guint generation, gboolean undo, GError **error)
{
    g_auto(OcImageArgs) now = { 0 };
    g_autoptr(OcRows) begun = NULL;
    g_autoptr(GError) failure = NULL;
    gboolean unknown = FALSE;

    oc_image_args_init (&now, image);

    const OcArg args[] = {
        oc_uuid (id), oc_text (oc_image_family (image)), oc_text (oc_image_chip (image)), oc_bytes (&now.serial),
        oc_texts (now.areas, now.n), oc_bytess (now.bytes, now.n),
    };

    /* Repeating it takes the job over once more: no harm, nothing was written in between. */
    if (!oc_desk_call_through (desk, "job_resume", args, G_N_ELEMENTS (args), FALSE, &begun, &unknown, NULL, &failure)) {
        if (unknown)
            oc_error_set (error, "OC039", NULL);
        else
            g_propagate_error (error, g_steal_pointer (&failure));
        return NULL;
    }

    return carry_out (desk, begun, generation, undo, undo, error);
}

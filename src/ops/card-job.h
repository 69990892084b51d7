/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card job: the one way in which a card is written. Begin (committed: trades pending), write and read back, finish
 * (proof: trades effective, or void). Whatever fails in between, the job stays on the list of unfinished writes and the
 * card's next reading settles it (ledger.md's promise). */
#pragma once

#include "ops/desk-private.h"

G_BEGIN_DECLS

/* A call that begins a job: answers rules.job_row. Repeated with the same content it gives the same answer. */
typedef struct {
    const char *name;        /* "purchase_begin" */
    const OcArg *args;
    gsize n_args;
    const char *request_id;  /* the job's id */
    guint generation;        /* the insertion whose image is in args */
} OcJobAsk;

/* Begins, writes, finishes. NULL with an error: refused and nothing begun; or OC_ERROR_UNPROVEN: begun, listed; or
 * the card's error, and what was begun is undone: nothing is on the card, nothing is owed. */
OcOutcome *oc_card_job_run (OcDesk *desk, const OcJobAsk *ask, GCancellable *cancellable, GError **error);

/* Takes over the pending job @id with the card of @image in the reader, and completes it. @undo: not if the card is as
 * before and can prove it: then the outcome's state is "undone". */
OcOutcome *oc_card_job_resume (OcDesk *desk, const char *id, const OcImage *image, guint generation, gboolean undo,
    GError **error);

/* outcome.c: rules.finish_row -> what receipts and screens are fed with. */
OcOutcome *oc_outcome_new (OcRows *rows);

/* An image as arguments of a call: arrays of names and bytes that live as long as self. */
typedef struct {
    const char **areas;
    GBytes **bytes;
    gsize n;
    GBytes *serial;
} OcImageArgs;
void oc_image_args_init (OcImageArgs *self, const OcImage *image);
void oc_image_args_clear (OcImageArgs *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OcImageArgs, oc_image_args_clear)

/* What every begin is told first: which request, which card, and what is on it (@card: an OcImageArgs of @image). */
#define OC_CARD_ARGS(request_id, image, card) \
    oc_uuid (request_id), oc_text (oc_image_family (image)), oc_text (oc_image_chip (image)), oc_bytes (&(card).serial), \
        oc_texts ((card).areas, (card).n), oc_bytess ((card).bytes, (card).n)
/* Of what a form may leave out: units < 0, "not quoted"; 0, "exactly what is due"; NULL. */
#define OC_EXPECTED_ARG(money) ((money).units < 0 ? oc_null (OC_ARG_NUMERIC) : oc_money (money))
#define OC_TENDERED_ARG(money) ((money).units == 0 ? oc_null (OC_ARG_NUMERIC) : oc_money (money))
#define OC_PAY_ARG(pay) oc_text ((pay) ? (pay) : "cash")
#define OC_REFERENCE_ARG(reference) oc_text ((reference) ? (reference) : "")

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a card: one exchange, one call. An unfinished write of this card is settled on the way, so that the normal
 * life of a card at the counter heals by itself. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/card.h"
#include "ops/card-job.h"
#include "ops/reading.h"

typedef struct {
    const OcCardPlan *plan;
    OcImage *image;
    GBytes *atr;
} Exchange;

static gboolean
read_exchange (OcCardLink *link, gpointer data, GError **error)
{
    Exchange *exchange = data;
    gsize len;
    const guint8 *atr = oc_card_link_atr (link, &len);

    g_clear_pointer (&exchange->atr, g_bytes_unref); /* tried again */
    exchange->atr = g_bytes_new (atr, len);
    return (exchange->image = oc_card_read (link, exchange->plan, error)) != NULL;
}

/* @atr: set where a card answered, whether it can be read or not; caller unrefs. */
static OcImage *
read_image (OcDesk *desk, const OcReadAsk *ask, guint *generation, GBytes **atr, GCancellable *cancellable, GError **error)
{
    g_autoptr(OcSite) site = NULL;
    Exchange exchange = { 0 };
    gboolean done;

    *generation = 0;
    if (desk->cards == NULL) {
        g_set_error_literal (error, OC_CARD_ERROR, OC_CARD_ERROR_NO_READER, _("There is no card reader. Plug one in."));
        return NULL;
    }
    if (!(site = oc_desk_get_site (desk, error)))
        return NULL;
    exchange.plan = &(OcCardPlan){ (const char *const *) site->directories, ask->chip, ask->whole, (const char *const *) site->layouts };
    done = oc_card_service_exchange (desk->cards, read_exchange, &exchange, generation, cancellable, error);
    *atr = exchange.atr;
    if (!done)
        g_clear_pointer (&exchange.image, oc_image_free);

    return exchange.image;
}

OcImage *
oc_desk_read_image (OcDesk *desk, gboolean whole, const char *chip, guint *generation, GCancellable *cancellable,
    GError **error)
{
    const OcReadAsk ask = { .whole = whole, .chip = chip };
    g_autoptr(GBytes) atr = NULL;

    return read_image (desk, &ask, generation, &atr, cancellable, error);
}

static OcReading *
read_once (OcDesk *desk, const OcReadAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(OcImage) image = NULL;
    g_autoptr(OcRows) rows = NULL;
    g_auto(OcImageArgs) args = { 0 };
    g_autoptr(GBytes) atr = NULL;
    guint generation;

    if (!(image = read_image (desk, ask, &generation, &atr, cancellable, &failure))) {
        if (g_error_matches (failure, OC_CARD_ERROR, OC_CARD_ERROR_UNREADABLE))
            return oc_reading_new_unreadable (failure, oc_card_service_get_generation (desk->cards), atr);
        g_propagate_error (error, g_steal_pointer (&failure));
        return NULL;
    }
    oc_image_args_init (&args, image);
    if (!oc_desk_ask (desk, "card_read", &rows, cancellable, error, oc_text (oc_image_family (image)),
            oc_text (oc_image_chip (image)), oc_bytes (&args.serial), oc_texts (args.areas, args.n),
            oc_bytess (args.bytes, args.n)))
        return NULL;

    return oc_reading_new (g_steal_pointer (&image), rows, generation);
}

/* Whether this station may settle it now: nobody else is at it. */
static gboolean
can_settle (OcReading *reading)
{
    OcRows *card = oc_reading_card (reading);

    return oc_rows_count (card) == 1 && !oc_rows_is_null (card, 0, "pending_job")
        && oc_rows_is_null (card, 0, "serving_operator");
}

OcReading *
oc_read_card (OcDesk *desk, const OcReadAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(OcReading) reading = read_once (desk, ask, cancellable, error);
    g_autoptr(OcOutcome) outcome = NULL;
    g_autoptr(GError) failure = NULL;

    if (reading == NULL || !ask->settle || !can_settle (reading))
        return g_steal_pointer (&reading);

    outcome = oc_card_job_resume (desk, oc_rows_text (oc_reading_card (reading), 0, "pending_job"), reading->image,
        reading->generation, FALSE, &failure);
    if (outcome == NULL)
        g_info ("an unfinished write was not settled: %s", failure->message);

    /* Settled or not, the card is not what it was. */
    return read_once (desk, ask, cancellable, error);
}

static OcReadAsk *
copy_ask (const OcReadAsk *ask)
{
    OcReadAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->chip = g_strdup (ask->chip);

    return copy;
}

static void
free_ask (OcReadAsk *ask)
{
    g_free ((char *) ask->chip);
    g_free (ask);
}

OC_DEFINE_OP (oc_read_card, OcReading, OcReadAsk, OC_DESK_COUNTER, copy_ask, free_ask, oc_reading_unref)

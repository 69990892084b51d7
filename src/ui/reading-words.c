/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the api's word for a card to the banner's look, and one sentence beside it. */
#include "ui/reading-words.h"

#include <glib/gi18n-lib.h>

#include "core/column.h"

/* Whose card it is, in one line: what is empty leaves no gap. */
static char *
customer_line (OcRows *card)
{
    static const char *const columns[] = { "address", "phone" };
    g_autoptr(GString) line = g_string_new (NULL);

    /* Translators: the customer's number */
    g_string_append_printf (line, _("No. %s"), oc_rows_text (card, 0, "customer"));
    for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
        const char *text = oc_rows_text (card, 0, columns[i]);
        if (*text != '\0')
            g_string_append_printf (line, " · %s", text);
    }
    if (oc_rows_money (card, 0, "balance").units != 0) {
        g_autofree char *balance = oc_money_format (oc_rows_money (card, 0, "balance"));
        g_string_append (line, " · ");
        /* Translators: the customer's balance in yuan */
        g_string_append_printf (line, _("Balance %s"), balance);
    }
    return g_string_free (g_steal_pointer (&line), FALSE);
}

static gboolean
has_unread (OcReading *reading)
{
    OcRows *meters = oc_reading_meters (reading);

    for (guint i = 0; i < oc_rows_count (meters); i++)
        if (oc_rows_quantity (meters, i, "unread").units > 0)
            return TRUE;
    return FALSE;
}

static void
show_customer (OcReading *reading, OcCardBanner *banner, OcBannerState state, const char *why)
{
    OcRows *card = oc_reading_card (reading);
    g_autofree char *line = customer_line (card);
    const char *note = oc_rows_text (card, 0, "note");
    g_autofree char *both = why != NULL && *note != '\0' ? g_strdup_printf ("%s\n%s", why, note) : NULL;

    oc_card_banner_set (banner, state, oc_rows_text (card, 0, "name"), line,
        both != NULL ? both : why != NULL ? why : note);
}

/* A card that is somebody's: sold on, unless something speaks against it. */
static void
show_known (OcReading *reading, OcCardBanner *banner, gboolean want_blank)
{
    g_autoptr(GError) refusal = oc_reading_refusal (reading);

    if (want_blank) {
        show_customer (reading, banner, OC_BANNER_BARRED,
            _("This is a customer's card. Put a blank card on the reader."));
    } else if (refusal != NULL) {
        show_customer (reading, banner, OC_BANNER_BARRED, refusal->message);
    } else if (has_unread (reading)) {
        show_customer (reading, banner, OC_BANNER_UNREAD,
            _("The last purchase has not been put into the meter yet."));
    } else {
        show_customer (reading, banner, OC_BANNER_READY, NULL);
    }
}

void
oc_reading_show_in_banner (OcReading *reading, OcCardBanner *banner, gboolean want_blank)
{
    g_autoptr(GError) refusal = oc_reading_refusal (reading);
    OcRows *card = oc_reading_card (reading);
    const char *state = oc_reading_state (reading);
    const char *why = refusal != NULL ? refusal->message : NULL;

    if (oc_rows_count (card) == 0) {
        oc_card_banner_set (banner, OC_BANNER_FOREIGN, oc_word (state), why, NULL);
        oc_card_banner_offer_screen (banner, "read-card", _("Read card"));
    } else if (!oc_rows_is_null (card, 0, "serving_operator")) {
        g_autofree char *who = g_strdup_printf (
            /* Translators: an operator's name, a branch's name */
            _("%s at %s is serving this card. Wait until that is finished, then press F5."),
            oc_rows_text (card, 0, "serving_operator"), oc_rows_text (card, 0, "serving_branch"));
        oc_card_banner_set (banner, OC_BANNER_SERVED, NULL, who, NULL);
    } else if (g_str_equal (state, "in-doubt")) {
        oc_card_banner_set (banner, OC_BANNER_IN_DOUBT, NULL, why, NULL);
        oc_card_banner_offer_screen (banner, "unfinished", _("Unfinished writes (F8)"));
    } else if (g_str_equal (state, "blank")) {
        oc_card_banner_set (banner, OC_BANNER_BLANK, NULL,
            want_blank ? _("An account can be opened on it.") : _("Nobody's card yet: open an account first."), NULL);
        if (!want_blank)
            oc_card_banner_offer_screen (banner, "open-account", _("Open account (F3)"));
    } else if (oc_rows_is_null (card, 0, "customer")) {
        oc_card_banner_set (banner, OC_BANNER_FOREIGN, oc_word (state), why, NULL);
        oc_card_banner_offer_screen (banner, "read-card", _("Read card"));
    } else {
        show_known (reading, banner, want_blank);
    }
}

void
oc_reading_show_failure_in_banner (const GError *error, OcCardBanner *banner)
{
    if (oc_trouble_of (error) == OC_TROUBLE_CANCELLED)
        oc_card_banner_set (banner, OC_BANNER_TROUBLE, _("Reading was stopped"), _("Press F5 to read the card again."),
            NULL);
    else
        oc_card_banner_set (banner, OC_BANNER_FOREIGN, _("The card could not be read"), error->message, NULL);
}

static const char *
field (const OcOutcome *outcome, const char *name)
{
    const char *value = oc_fields_get (outcome->fields, name);

    return value != NULL ? value : "";
}

void
oc_outcome_show_in_banner (const OcOutcome *outcome, OcCardBanner *banner, gboolean settled)
{
    OcMoney change = { 0 };
    g_autofree char *detail = NULL;

    if (oc_money_from_decimal (field (outcome, "change"), &change) && change.units > 0) {
        g_autofree char *text = oc_money_format (change);
        /* Translators: the customer's name, number, and the change to hand back */
        detail = g_strdup_printf (_("%s, no. %s · hand back %s"), field (outcome, "name"), field (outcome, "customer"),
            text);
    } else {
        /* Translators: the customer's name and number */
        detail = g_strdup_printf (_("%s, no. %s"), field (outcome, "name"), field (outcome, "customer"));
    }
    oc_card_banner_set (banner, OC_BANNER_DONE, settled ? _("Settled: the card holds what was paid") : NULL, detail,
        NULL);
}

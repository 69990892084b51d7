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

gboolean
oc_reading_fits (OcReading *reading, OcCardWanted wanted)
{
    static const char *const ours[] = { "current", "dead", "lost", NULL };
    g_autoptr(GError) refusal = oc_reading_refusal (reading);
    const char *state = oc_reading_state (reading);

    switch (wanted) {
    case OC_CARD_CUSTOMERS:
        return refusal == NULL && g_str_equal (state, "current");
    case OC_CARD_BLANK:
        return g_str_equal (state, "blank");
    case OC_CARD_OURS:
        return g_strv_contains (ours, state);
    default:
        g_assert_not_reached ();
    }
}

/* A card that is somebody's: sold on, unless something speaks against it. */
static void
show_known (OcReading *reading, OcCardBanner *banner, OcCardWanted wanted)
{
    g_autoptr(GError) refusal = oc_reading_refusal (reading);

    if (wanted == OC_CARD_BLANK) {
        show_customer (reading, banner, OC_BANNER_BARRED,
            _("This is a customer's card. Put a blank card on the reader."));
    } else if (wanted == OC_CARD_OURS && oc_reading_fits (reading, wanted)) {
        show_customer (reading, banner, OC_BANNER_READY, NULL);
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
oc_reading_show_in_banner (OcReading *reading, OcCardBanner *banner, OcCardWanted wanted, const char *blank_words)
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
            wanted == OC_CARD_BLANK ? blank_words
            : wanted == OC_CARD_OURS ? _("Nobody's card: there is nothing to clear.") : _("Nobody's card yet: open an account first."),
            NULL);
        if (wanted == OC_CARD_CUSTOMERS)
            oc_card_banner_offer_screen (banner, "open-account", _("Open account (F3)"));
    } else if (oc_rows_is_null (card, 0, "customer")) {
        oc_card_banner_set (banner, OC_BANNER_FOREIGN, oc_word (state), why, NULL);
        oc_card_banner_offer_screen (banner, "read-card", _("Read card"));
    } else {
        show_known (reading, banner, wanted);
    }
}

void
oc_presence_show_in_banner (OcDeskPresence presence, OcCardBanner *banner)
{
    switch (presence) {
    case OC_DESK_NO_SERVICE:
        oc_card_banner_set (banner, OC_BANNER_TROUBLE, _("The card reader service is not running"),
            _("It is tried again by itself."), NULL);
        break;
    case OC_DESK_NO_READER:
        oc_card_banner_set (banner, OC_BANNER_TROUBLE, _("No card reader"), _("Plug a reader in; it is found by itself."), NULL);
        break;
    case OC_DESK_UNRESPONSIVE:
        oc_card_banner_set (banner, OC_BANNER_TROUBLE, _("The card does not answer"), _("Turn it over, or clean its contacts."),
            NULL);
        break;
    case OC_DESK_NO_CARD:
    case OC_DESK_CARD:
        oc_card_banner_set (banner, OC_BANNER_EMPTY, NULL, NULL, NULL);
        break;
    default:
        g_assert_not_reached ();
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

/* What else is different from now on; NULL: nothing. */
static const char *
note_of (const char *kind)
{
    static const struct {
        const char *kind, *note;
    } notes[] = {
        { "replace-card", N_("The old card is dead: it buys nothing, and its meters refuse it once this one was inserted.") },
        { "replace-meter", N_("Put the card in the new meter: it brings what the old one held. The old meter is history.") },
        { "clear-card", N_("This card is blank now.") },
        { "close", N_("This card is blank now, and the account has ended.") },
    };

    for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
        if (g_str_equal (notes[i].kind, kind))
            return _(notes[i].note);
    return NULL;
}

void
oc_outcome_show_in_banner (const OcOutcome *outcome, OcCardBanner *banner, gboolean settled)
{
    OcMoney change = { 0 };
    OcMoney due = { 0 };
    g_autofree char *detail = NULL;

    if (oc_money_from_decimal (field (outcome, "due"), &due) && due.units < 0) {
        g_autofree char *text = oc_money_format ((OcMoney){ -due.units });
        /* Translators: the customer's name, number, and the money to pay out */
        detail = g_strdup_printf (_("%s, no. %s · pay out %s"), field (outcome, "name"), field (outcome, "customer"), text);
    } else if (oc_money_from_decimal (field (outcome, "change"), &change) && change.units > 0) {
        g_autofree char *text = oc_money_format (change);
        /* Translators: the customer's name, number, and the change to hand back */
        detail = g_strdup_printf (_("%s, no. %s · hand back %s"), field (outcome, "name"), field (outcome, "customer"),
            text);
    } else {
        /* Translators: the customer's name and number */
        detail = g_strdup_printf (_("%s, no. %s"), field (outcome, "name"), field (outcome, "customer"));
    }
    oc_card_banner_set (banner, OC_BANNER_DONE, settled ? _("Settled: the card holds what was paid") : NULL, detail,
        note_of (outcome->kind));
}

void
oc_outcome_show_in_till (const OcOutcome *outcome, OcTill *till)
{
    GPtrArray *lines = oc_fields_get_rows (outcome->fields, "lines");
    OcMoney due = { 0 };
    OcMoney tendered = { 0 };

    if (!oc_money_from_decimal (field (outcome, "due"), &due))
        return;
    if (!oc_money_from_decimal (field (outcome, "tendered"), &tendered))
        tendered = due;
    oc_till_clear_lines (till);
    for (guint i = 0; lines != NULL && i < lines->len; i++) {
        OcMoney amount = { 0 };
        g_autofree char *words = NULL;
        oc_money_from_decimal (oc_fields_get (lines->pdata[i], "amount"), &amount);
        words = oc_money_format (amount);
        oc_till_add_line (till, oc_fields_get (lines->pdata[i], "name"), NULL, words);
    }
    oc_till_show_payment (till, due, tendered);
}

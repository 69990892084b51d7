/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row per code: what happened, then what to do. {name} is replaced by the parameter of that name; values that are
 * words of the api are translated. The texts are plain msgids, so that a translator sees whole sentences. */
#include "core/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/column.h"

typedef struct {
    char code[6];
    char *field;        /* NULL: none */
    GHashTable *params; /* as they came; NULL: none */
} OcErrorPrivate;

static void
oc_error_private_init (OcErrorPrivate *self)
{
    self->code[0] = '\0';
    self->field = NULL;
    self->params = NULL;
}

static void
oc_error_private_copy (const OcErrorPrivate *from, OcErrorPrivate *to)
{
    *to = *from;
    to->field = g_strdup (from->field);
    if (from->params)
        g_hash_table_ref (to->params); /* never changed any more */
}

static void
oc_error_private_clear (OcErrorPrivate *self)
{
    g_free (self->field);
    g_clear_pointer (&self->params, g_hash_table_unref);
}

G_DEFINE_EXTENDED_ERROR (OcError, oc_error)

typedef struct {
    const char *code;
    OcErrorKind kind;
    const char *field; /* a parameter "field" goes before it */
    const char *text;
} Row;

static const Row rows[] = {
    { "OC001", OC_ERROR_PERMISSION, NULL,
        N_("You may not do this. Ask the administrator for the permission, or let a colleague do it.") },
    { "OC002", OC_ERROR_PERMISSION, NULL,
        N_("This operator is locked. Ask the administrator to unlock it.") },
    { "OC003", OC_ERROR_REFUSED, NULL,
        N_("The password must be changed first. Choose a new password.") },
    { "OC004", OC_ERROR_PERMISSION, NULL,
        N_("Program and database do not fit together. Ask the administrator to bring both to the same version.") },
    { "OC005", OC_ERROR_INTERNAL, NULL,
        N_("This request was already sent with other contents. Read the card again and look at what was booked before "
           "you begin anew.") },

    { "OC010", OC_ERROR_FIELD, "amount",
        N_("This is not an amount greater than zero. Type it in digits, for example 100 or 25.50.") },
    { "OC011", OC_ERROR_FIELD, "amount",
        N_("This is more than may be bought at once. Type {limit} at the most.") },
    { "OC012", OC_ERROR_FIELD, "amount",
        N_("With {held} still held, this goes over the hoarding limit of {limit}. Type less.") },
    { "OC013", OC_ERROR_FIELD, "amount",
        N_("This buys less than the meter's smallest step of {step}, which costs {price}. Type more.") },
    { "OC014", OC_ERROR_FIELD, "amount",
        N_("An amount has at most two decimals. Type it without parts of a fen.") },
    { "OC015", OC_ERROR_FIELD, "quantity",
        N_("The meter counts in steps of {step}. Type a quantity that is a multiple of it.") },
    { "OC016", OC_ERROR_FIELD, "amount",
        N_("This is too large. Type {limit} at the most.") },
    { "OC017", OC_ERROR_FIELD, "price",
        N_("This card can't carry the tiered price “{price}”. Choose a flat price.") },
    { "OC018", OC_ERROR_FIELD, "price",
        N_("No version of the price “{price}” is in force now. Choose another price, or ask the administrator for its "
           "start time.") },
    { "OC019", OC_ERROR_FIELD, "quantity",
        N_("This is not a quantity greater than zero. Type it in digits, with at most four decimals.") },

    { "OC020", OC_ERROR_REFUSED, NULL,
        N_("This card is not known here. Use the customer's own card; Read card shows what is on this one.") },
    { "OC021", OC_ERROR_REFUSED, NULL,
        N_("This card belongs to area {area}, this system to area {own}. Send the customer to the company that issued "
           "the card.") },
    { "OC022", OC_ERROR_REFUSED, NULL,
        N_("This card was replaced or reported lost. Ask the customer for the newest card.") },
    { "OC023", OC_ERROR_REFUSED, NULL,
        N_("The last purchase of {amount} is still on the card (bought {time}). Put the card into the meter first.") },
    { "OC024", OC_ERROR_REFUSED, NULL,
        N_("This card is not blank. Put a blank card on the reader.") },
    { "OC025", OC_ERROR_REFUSED, NULL,
        N_("The card's data are damaged or were altered. Nothing was sold; replace the card.") },
    { "OC026", OC_ERROR_REFUSED, NULL,
        N_("The card counts {card} purchases, the ledger only {ledger}. Nothing can be sold; ask the administrator.") },
    { "OC027", OC_ERROR_REFUSED, NULL,
        N_("The card holds an older state ({card}) than the ledger ({ledger}): an old image was put back on it. Nothing "
           "was sold; replace the card.") },
    { "OC028", OC_ERROR_REFUSED, NULL,
        N_("This meter is barred from buying: {reason}. Ask the administrator.") },
    { "OC029", OC_ERROR_FIELD, "sub_meter",
        N_("There is no sub-meter {sub_meter} on this card. Choose one of those shown.") },
    { "OC030", OC_ERROR_SERVED, NULL,
        N_("{operator} at {branch} is serving this card or meter. Wait until that is finished, then read the card "
           "again.") },
    { "OC031", OC_ERROR_UNPROVEN, NULL,
        N_("Card job {job} was begun and is not proven. Present the card again; do not take money twice.") },
    { "OC032", OC_ERROR_UNPROVEN, NULL,
        N_("Another station took over this write. Read the card again to see how it ended.") },
    { "OC033", OC_ERROR_REFUSED, NULL,
        N_("This is another card than the one that was begun with. Put that one back on the reader.") },
    { "OC034", OC_ERROR_REFUSED, NULL,
        N_("The card could not prove that it is genuine. Nothing was written; use another card.") },
    { "OC035", OC_ERROR_REFUSED, NULL,
        N_("This write can't be undone any more, it may be on the card already. Present the card to complete it.") },
    { "OC036", OC_ERROR_REFUSED, NULL,
        N_("A card of type {expected} is needed, this one is {family}. Use another card.") },
    { "OC037", OC_ERROR_FIELD, "amount",
        N_("What is due has changed meanwhile: it is {due} now. Look at it and confirm again.") },
    { "OC038", OC_ERROR_REFUSED, NULL,
        N_("Card and ledger contradict each other at this meter. Nothing can be sold until the administrator has settled "
           "it.") },
    { "OC039", OC_ERROR_UNPROVEN, NULL,
        N_("The connection broke before the answer came: how far this write got is not known. Present the card again; do "
           "not take money twice.") },

    { "OC040", OC_ERROR_FIELD, "name", N_("The name is missing. Type the customer's name.") },
    { "OC041", OC_ERROR_FIELD, "address", N_("The address is missing. Type the customer's address.") },
    { "OC042", OC_ERROR_FIELD, NULL,
        N_("This text is too long or holds characters that can't be kept. Type at most {max} characters on one "
           "line.") },
    { "OC043", OC_ERROR_FIELD, "household",
        N_("The price has tiers, which go by the size of the household. Type how many persons live there.") },
    { "OC044", OC_ERROR_FIELD, "meter",
        N_("This is not a meter number. Type the one to twelve digits on the meter.") },
    { "OC045", OC_ERROR_FIELD, "meter",
        N_("Customer {customer} already has the meter with this number. Check the number on the meter.") },
    { "OC046", OC_ERROR_FIELD, "slot",
        N_("Sub-meter {slot} is not set up or is chosen twice. Choose another one.") },
    { "OC047", OC_ERROR_FIELD, NULL,
        N_("There is no {what} “{name}” to choose any more. Choose another one from the list.") },
    { "OC048", OC_ERROR_FIELD, "model",
        N_("Meter model “{model}” does not belong to the meter type of sub-meter {slot}. Choose a model of that "
           "type.") },
    { "OC049", OC_ERROR_REFUSED, NULL,
        N_("This card has room for {max} sub-meters at the most. Use a larger card or choose fewer.") },
    { "OC050", OC_ERROR_FIELD, "customer",
        N_("There is no customer with this number. Look the customer up by name or address.") },
    { "OC051", OC_ERROR_REFUSED, NULL,
        N_("This account is closed. Open a new account for the customer.") },
    { "OC052", OC_ERROR_FIELD, "ct",
        N_("CT and VT ratios are whole numbers from 1 to 999999. Type the ones on the meter.") },
    { "OC053", OC_ERROR_FIELD, "household",
        N_("A household has 1 to 99 persons. Correct the number.") },
    { "OC054", OC_ERROR_FIELD, "pay",
        N_("“{pay}” is not a means of payment. Choose one from the list.") },
    { "OC055", OC_ERROR_FIELD, "tendered",
        N_("What was received is less than the {due} due. Type what the customer handed over.") },
    { "OC056", OC_ERROR_FIELD, "sub_meter",
        N_("There is nothing to sell: no sub-meter is chosen, or its price is zero. Choose a sub-meter and a price that "
           "costs something.") },
    { "OC057", OC_ERROR_REFUSED, NULL,
        N_("The meter's card has no room for such a value of “{what}”: it takes {limit} at the most. Type less, or ask the "
           "administrator to change the settings.") },

    { "OC060", OC_ERROR_INTERNAL, NULL,
        N_("The card layout does not fit this database. Call support.") },
    { "OC070", OC_ERROR_PERMISSION, NULL,
        N_("Cards with the present keys are in use, so the keys can't be replaced. Recall the cards first.") },
    { "OC071", OC_ERROR_PERMISSION, NULL,
        N_("The database has no card keys. Ask the administrator to load them.") },
    { "OC072", OC_ERROR_FIELD, "component",
        N_("“{purpose}” is no key, or its component does not have {bytes} bytes. Type all of its digits.") },
    { "OC073", OC_ERROR_FIELD, "component",
        N_("This key is loaded already, as version {version}. Make another one.") },
    { "OC074", OC_ERROR_FIELD, "component",
        N_("Both components are the same, so there is no key. Each person types a component of his own.") },
    { "OC076", OC_ERROR_FIELD, "component",
        N_("A component is typed in hexadecimal digits, 0 to 9 and A to F. Type it again.") },
    { "OC080", OC_ERROR_FIELD, "operator",
        N_("There is no operator with this number. Choose one from the list.") },
    { "OC081", OC_ERROR_FIELD, "password",
        N_("The password is too short. Choose at least {min} characters.") },
    { "OC084", OC_ERROR_FIELD, "operator",
        N_("Nobody can lock, delete or demote himself. Ask another administrator to do it.") },
    { "OC085", OC_ERROR_FIELD, "operator",
        N_("This is the last administrator. Make another operator an administrator first.") },
    { "OC086", OC_ERROR_FIELD, "role",
        N_("This operator or role may do more than you, so you can't give or change it. Ask an administrator.") },
    { "OC087", OC_ERROR_REFUSED, NULL,
        N_("You were signed out: {operator} changed the system parameters. Sign in again.") },
    { "OC088", OC_ERROR_PERMISSION, NULL,
        N_("You were signed out: an administrator locked or deleted this operator. Ask the administrator.") },
    { "OC089", OC_ERROR_PERMISSION, NULL,
        N_("You were signed out: an administrator reset your password. Ask for the new one and sign in with it.") },
    { "OC090", OC_ERROR_PERMISSION, NULL,
        N_("You were signed out: your password does not hold any more. An administrator reset it, or deleted this operator. Ask the "
           "administrator.") },
    { "OC099", OC_ERROR_INTERNAL, NULL,
        N_("The database met something that should not happen. Nothing was changed; call support.") },

    { "OC100", OC_ERROR_FIELD, NULL, N_("This must not be empty. Fill it in.") },
    { "OC101", OC_ERROR_FIELD, NULL,
        N_("This is not a whole number from {min} to {max}. Type it in digits.") },
    { "OC102", OC_ERROR_FIELD, NULL,
        N_("This is not a number from {min} to {max}. Type it in digits, with at most {decimals} decimals.") },
    { "OC103", OC_ERROR_FIELD, "name",
        N_("“{name}” is there already, or was. Choose another one.") },
    { "OC105", OC_ERROR_FIELD, "alarm_2",
        N_("Alarm 2 must be less than alarm 1, which is {alarm_1}. Correct one of them.") },
    { "OC106", OC_ERROR_FIELD, "purchase_limit",
        N_("This is more than the hoarding limit of {hoarding}. Correct one of them.") },
    { "OC107", OC_ERROR_FIELD, "tiers",
        N_("Tier {tier} must end above {limit}, and only the last tier has no end. Correct the limits.") },
    { "OC108", OC_ERROR_FIELD, "starts_at",
        N_("The start time is in the past. Choose one after {now}.") },
    { "OC109", OC_ERROR_FIELD, "starts_at",
        N_("This version of the price has begun and stays as it is. Add a version that begins later.") },
    { "OC110", OC_ERROR_REFUSED, NULL,
        N_("It is in use or was, so it can't be deleted. Switch it off, then nobody can choose it any more.") },
    { "OC111", OC_ERROR_FIELD, NULL,
        N_("It is in use ({count}), so this can't be changed any more. Add a new one instead.") },
    { "OC112", OC_ERROR_FIELD, "layout",
        N_("The card layout {layout} is for another type of meter. Choose one of the list.") },
    { "OC113", OC_ERROR_REFUSED, NULL,
        N_("{operator} changed this meanwhile ({time}). Nothing was saved; compare both versions, then save again.") },
    { "OC114", OC_ERROR_REFUSED, NULL,
        N_("This was deleted meanwhile. Nothing was saved; look at the list again.") },
    { "OC115", OC_ERROR_FIELD, "confirm",
        N_("{cards} cards are in use and carry the present card family and area number; with others they can't be read any "
           "more. Type {cards} here if that is what you want.") },
    { "OC116", OC_ERROR_FIELD, "logo",
        N_("The logo is not a PNG picture of at most {max} KiB and 4096 dots a side. Choose another file.") },
    { "OC117", OC_ERROR_REFUSED, NULL,
        N_("This changes the price by more than {limit} %. Let a second person approve it.") },
    { "OC118", OC_ERROR_FIELD, "approver",
        N_("There is nothing to approve any more, or the second person is yourself. Begin again.") },
    { "OC119", OC_ERROR_REFUSED, NULL,
        N_("This can't be taken back any more: it was changed since, or has taken effect. Change it by hand.") },
    { "OC120", OC_ERROR_REFUSED, NULL,
        N_("This belongs to the system and stays.") },
    { "OC121", OC_ERROR_FIELD, NULL,
        N_("There is no field or kind “{name}”. Correct the name.") },
    { "OC122", OC_ERROR_FIELD, "email",
        N_("This is not an e-mail address. Type it as name@company.") },
    { "OC123", OC_ERROR_FIELD, "tiers",
        N_("A price needs one tier, a tiered one up to seven, each with its items, and the last one must cost something. "
           "Complete the table.") },
    { "OC124", OC_ERROR_FIELD, NULL,
        N_("This is not a time. Type it as 2026-01-31 08:00.") },

    { "OC150", OC_ERROR_REFUSED, NULL,
        N_("This file is no text in UTF-8, UTF-16 or GB18030. Save it anew as CSV.") },
    { "OC151", OC_ERROR_REFUSED, NULL,
        N_("A quotation mark of line {line} is never closed. Correct the line in the file.") },
    { "OC152", OC_ERROR_REFUSED, NULL,
        N_("{operator} changed this meanwhile ({time}). Look at it again, then make your change.") },
    { "OC153", OC_ERROR_FIELD, "address",
        N_("This name and address are already pre-registered, with number {number}. Change that one instead.") },
    { "OC154", OC_ERROR_FIELD, "pre_registered",
        N_("There is no pre-registered customer {number} any more: an account was opened from it, or it was deleted. Choose "
           "another one.") },
    { "OC155", OC_ERROR_REFUSED, NULL,
        N_("This customer has no card in use that could be lost. Look at the customer's cards.") },
    { "OC156", OC_ERROR_REFUSED, NULL,
        N_("No card of this customer is lost, or another one replaced it. Use the customer's newest card.") },
    { "OC157", OC_ERROR_FIELD, "address",
        N_("Line {line} has the same name and address. Keep one of the two.") },
    { "OC158", OC_ERROR_FIELD, "pay",
        N_("The parts of the payment make {sum}, but {due} is due. Correct one of the parts.") },
    { "OC159", OC_ERROR_FIELD, "amount",
        N_("Only {free} can be paid out: the balance, without what an unfinished write counts on. Type less.") },
    { "OC160", OC_ERROR_REFUSED, NULL,
        N_("No balance is kept here. Ask the administrator to allow it in the system parameters.") },
    { "OC161", OC_ERROR_FIELD, "reason",
        N_("The reason is missing. Type why, so that a colleague can tell the customer.") },
    { "OC162", OC_ERROR_FIELD, "meter",
        N_("This customer has no meter {meter} in use. Choose one of the customer's meters.") },
    { "OC163", OC_ERROR_REFUSED, NULL,
        N_("This is barred already. Release it first if the reason has changed.") },
    { "OC164", OC_ERROR_REFUSED, NULL,
        N_("This is not barred. Look at the blacklist for what is.") },
    { "OC165", OC_ERROR_REFUSED, NULL,
        N_("The first line of the file names no column for name and address. Give each column its title there.") },
    { "OC166", OC_ERROR_REFUSED, NULL,
        N_("The file has no lines to import. Choose another file.") },
    { "OC168", OC_ERROR_REFUSED, NULL,
        N_("From {limit} on, paying money out needs a second person. Let one approve it.") },
    { "OC170", OC_ERROR_REFUSED, NULL,
        N_("The last purchase was put in the meter already. It can't be sold anew; sell another one.") },
    { "OC171", OC_ERROR_FIELD, "amount",
        N_("This is what is on the card already. Enter the right amount, or 0 to take the purchase back.") },
    { "OC172", OC_ERROR_REFUSED, NULL,
        N_("Whether this purchase was used can't be proven by the card. Keep the money in the balance until the meter "
           "has answered, or let a second person approve that it is paid out.") },
    { "OC173", OC_ERROR_REFUSED, NULL,
        N_("The card holds a purchase that was not put in meter {meter}. Put it in the meter, or take it back with Re-purchase, "
           "then clear the card.") },
    { "OC174", OC_ERROR_REFUSED, NULL,
        N_("This purchase was sold anew 15 times. Put the card in the meter, then sell another one.") },
    { "OC175", OC_ERROR_REFUSED, NULL,
        N_("This customer has no meter in use that a card could be for.") },
    { "OC176", OC_ERROR_FIELD, "remaining",
        N_("The old meter can't hold more than {limit}, by its last return data. Type what it shows, "
           "{limit} at the most.") },
    { "OC177", OC_ERROR_FIELD, "remaining",
        N_("This is not what a meter can show. Type it in digits, with at most four decimals, below zero for an overdraft.") },
    { "OC178", OC_ERROR_FIELD, "model",
        N_("The old meter's value can't be carried to the model “{model}”: one of them counts money, the other a quantity. "
           "Choose a model that counts as the old one does.") },
    { "OC179", OC_ERROR_REFUSED, NULL,
        N_("What is on the card was carried over from the old meter and was not bought. Put the card in the new meter, then "
           "sell another purchase.") },
    { "OC180", OC_ERROR_REFUSED, NULL,
        N_("This is not open any more: somebody has decided it. Look at the list again.") },
    { "OC181", OC_ERROR_FIELD, "decision",
        N_("This decision does not go with it: contested money is released or withheld, anything else is dismissed.") },
    { "OC182", OC_ERROR_REFUSED, NULL,
        N_("The meter has taken {card} purchases and the ledger knows {ledger}: that can't be dismissed. Find the sales that the "
           "ledger lacks first.") },
    { "OC183", OC_ERROR_REFUSED, NULL,
        N_("Deciding this needs a second person. Let one approve it.") },
};

static const Row *
find_row (const char *code)
{
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        if (g_str_equal (rows[i].code, code))
            return &rows[i];

    return NULL;
}

static const char *
find_param (const OcErrorParam *params, const char *name, gsize length)
{
    for (; params && params->name; params++)
        if (strlen (params->name) == length && strncmp (params->name, name, length) == 0)
            return params->value;

    return NULL;
}

/* Whether the api says a word of its own in this parameter: names of people and things stay as they are. */
static gboolean
is_word (const char *name, gsize length)
{
    static const char *const names[] = { "what", "family", "expected", "reason" };

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        if (strlen (names[i]) == length && strncmp (names[i], name, length) == 0)
            return TRUE;

    return FALSE;
}

/* A parameter as people read it; caller frees. */
static char *
shown (const char *name, gsize length, const char *value)
{
    if (value == NULL || *value == '\0')
        return g_strdup ("?");
    if (length == strlen ("time") && strncmp (name, "time", length) == 0)
        return oc_time_format (value);

    return g_strdup (is_word (name, length) ? oc_word (value) : value);
}

/* @text with its places filled; caller frees. */
static char *
fill (const char *text, const OcErrorParam *params)
{
    GString *out = g_string_new (NULL);

    while (*text) {
        const char *open = strchr (text, '{');
        const char *close = open ? strchr (open, '}') : NULL;
        g_autofree char *value = NULL;
        gsize length;

        if (close == NULL)
            break;
        g_string_append_len (out, text, open - text);
        length = (gsize) (close - open - 1);
        value = shown (open + 1, length, find_param (params, open + 1, length));
        g_string_append (out, value);
        text = close + 1;
    }
    g_string_append (out, text);

    return g_string_free (out, FALSE);
}

GError *
oc_error_new_code (const char *code, const OcErrorParam *params)
{
    const Row *row = find_row (code);
    const char *field = find_param (params, "field", strlen ("field"));
    g_autofree char *text = NULL;
    OcErrorPrivate *private;
    GError *error;

    if (row)
        text = fill (_(row->text), params);
    else /* translators: %s is the code of an error that this version of the program does not know */
        text = g_strdup_printf (_("The database refused this with code %s, which this program does not know. Call "
                                  "support."), code);

    error = g_error_new_literal (OC_ERROR, row ? (int) row->kind : OC_ERROR_INTERNAL, text);
    private = oc_error_get_private (error);
    g_strlcpy (private->code, code, sizeof private->code);
    if (row && row->kind == OC_ERROR_FIELD)
        private->field = g_strdup (field ? field : row->field);
    private->params = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    for (; params && params->name; params++)
        g_hash_table_insert (private->params, g_strdup (params->name), g_strdup (params->value));

    return error;
}

gboolean
oc_error_set (GError **error, const char *code, ...)
{
    g_autoptr(GArray) params = g_array_new (TRUE, TRUE, sizeof (OcErrorParam));
    OcErrorParam param;
    va_list args;

    va_start (args, code);
    while ((param.name = va_arg (args, const char *))) {
        param.value = va_arg (args, const char *);
        g_array_append_val (params, param);
    }
    va_end (args);

    g_propagate_error (error, oc_error_new_code (code, (const OcErrorParam *) (void *) params->data));

    return FALSE;
}

const char *
oc_error_get_code (const GError *error)
{
    return error && error->domain == OC_ERROR ? oc_error_get_private (error)->code : NULL;
}

const char *
oc_error_get_field (const GError *error)
{
    return error && error->domain == OC_ERROR ? oc_error_get_private (error)->field : NULL;
}

const char *
oc_error_get_param (const GError *error, const char *name)
{
    g_return_val_if_fail (name != NULL, NULL);

    return error && error->domain == OC_ERROR ? g_hash_table_lookup (oc_error_get_private (error)->params, name) : NULL;
}

const char *const *
oc_error_codes (void)
{
    static const char *codes[G_N_ELEMENTS (rows) + 1];
    static gsize once = 0;

    if (g_once_init_enter (&once)) {
        for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
            codes[i] = rows[i].code;
        g_once_init_leave (&once, 1);
    }

    return codes;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the api in the user's language, and the names of what was changed. */
#include "core/word.h"

#include <glib/gi18n-lib.h>

/* Everything that the api says in words of its own and a person may meet. */
static const struct {
    const char *word;
    const char *text;
} words[] = {
    /* kinds of trades and of card jobs */
    { "open", NC_("word", "Account opened") },
    { "purchase", NC_("word", "Purchase") },
    { "add-meter", NC_("word", "Sub-meter added") },
    { "replace-card", NC_("word", "Card replaced") },
    { "re-purchase", NC_("word", "Re-purchase") },
    { "replace-meter", NC_("word", "Meter replaced") },
    { "clear-card", NC_("word", "Card cleared") },
    { "close", NC_("word", "Account closed") },
    { "balance", NC_("word", "Balance") },
    /* states of trades, card jobs, customers, cards and meters */
    { "pending", NC_("word", "Unfinished") },
    { "effective", NC_("word", "Effective") },
    { "void", NC_("word", "Void") },
    { "done", NC_("word", "Done") },
    { "undone", NC_("word", "Undone") },
    { "conflict", NC_("word", "Conflict") },
    { "closed", NC_("word", "Closed") },
    { "current", NC_("word", "In use") },
    { "dead", NC_("word", "Replaced") },
    { "lost", NC_("word", "Reported lost") },
    { "cleared", NC_("word", "Cleared") },
    { "replaced", NC_("word", "Replaced") },
    { "blank", NC_("word", "Blank") },
    { "foreign", NC_("word", "Not of this system") },
    { "other-area", NC_("word", "Other area") },
    { "damaged", NC_("word", "Damaged") },
    { "unreadable", NC_("word", "Unreadable") },
    { "in-doubt", NC_("word", "In doubt") },
    { "ahead", NC_("word", "Ahead of the ledger") },
    { "valid", NC_("word", "Valid") },
    { "stale", NC_("word", "Written by two stations") },
    { "active", NC_("word", "Active") },
    { "locked", NC_("word", "Locked") },
    { "deleted", NC_("word", "Deleted") },
    { "settled", NC_("word", "Settled") },
    /* what a read-back says of a write */
    { "old", NC_("word", "Not written") },
    { "new", NC_("word", "Written") },
    { "torn", NC_("word", "Partly written") },
    { "used", NC_("word", "Used in the meter") },
    { "unseen", NC_("word", "Not seen") },
    /* means of payment, and where money goes */
    { "cash", NC_("word", "Cash") },
    { "bankcard", NC_("word", "Bank card") },
    { "wechat", NC_("word", "WeChat Pay") },
    { "alipay", NC_("word", "Alipay") },
    { "transfer", NC_("word", "Transfer") },
    { "item", NC_("word", "Price item") },
    { "presale", NC_("word", "Presale") },
    { "held", NC_("word", "Held in the balance") },
    { "opening-fee", NC_("word", "Opening fee") },
    { "replacement-fee", NC_("word", "Replacement-card fee") },
    { "meter-change-fee", NC_("word", "Meter-change fee") },
    { "withheld", NC_("word", "Withheld for what was used") },
    /* what is decided where card and ledger do not fit */
    { "release", NC_("word", "Release: the money is the customer's again") },
    { "withhold", NC_("word", "Withhold: the customer used what was paid back") },
    { "dismiss", NC_("word", "Dismiss: looked at, nothing is to be done") },
    /* meter types */
    { "electricity", NC_("word", "Electricity") },
    { "cold-water", NC_("word", "Cold water") },
    { "hot-water", NC_("word", "Hot water") },
    { "gas", NC_("word", "Gas") },
    { "heat", NC_("word", "Heat") },
    /* card families and chips */
    { "24c", NC_("word", "24C series") },
    { "24c01", NC_("word", "24C01") },
    { "24c02", NC_("word", "24C02") },
    { "24c04", NC_("word", "24C04") },
    { "24c08", NC_("word", "24C08") },
    { "24c16", NC_("word", "24C16") },
    { "24c32", NC_("word", "24C32") },
    { "24c64", NC_("word", "24C64") },
    { "4442", NC_("word", "4442 card") },
    { "cpu", NC_("word", "CPU card") },
    /* what an error says is unknown */
    { "meter model", NC_("word", "meter model") },
    { "user type", NC_("word", "user type") },
    { "price", NC_("word", "price") },
    { "branch", NC_("word", "branch") },
    { "role", NC_("word", "role") },
    { "sex", NC_("word", "sex") },
    { "meter type", NC_("word", "meter type") },
    { "card layout", NC_("word", "card layout") },
    { "card family", NC_("word", "card family") },
    { "chip", NC_("word", "chip") },
    { "sampling step", NC_("word", "sampling step") },
    { "price item", NC_("word", "price item") },
    { "period", NC_("word", "period") },
    { "permission", NC_("word", "permission") },
    { "choice", NC_("word", "choice") },
    { "server", NC_("word", "server") },
    /* periods of a tiered price, truth */
    { "month", NC_("word", "Month") },
    { "year", NC_("word", "Year") },
    { "yes", NC_("word", "Yes") },
    { "no", NC_("word", "No") },
    /* what makes a meter suspect */
    { "no-purchase", NC_("word", "No purchase for long") },
    { "not-inserted", NC_("word", "Last purchase never inserted") },
    { "remaining", NC_("word", "More remains than was bought") },
    { "credited", NC_("word", "More credited than was sold") },
    { "gap", NC_("word", "A purchase the meter never answered") },
    /* people */
    { "male", NC_("word", "Male") },
    { "female", NC_("word", "Female") },
    /* kinds of settings, and their tables */
    { "parameters", NC_("word", "System parameters") },
    { "unit", NC_("word", "Charging unit") },
    { "sub-meters", NC_("word", "Sub-meters") },
    { "meter-models", NC_("word", "Meter models") },
    { "user-types", NC_("word", "User types") },
    { "price-items", NC_("word", "Price items") },
    { "prices", NC_("word", "Prices") },
    { "branches", NC_("word", "Branches") },
    { "roles", NC_("word", "Roles") },
    { "operators", NC_("word", "Operators") },
    { "customers", NC_("word", "Customers") },
    { "meters", NC_("word", "Meters") },
    { "conflicts", NC_("word", "Conflicts") },
    { "database", NC_("word", "Database") },
    { "database-owner", NC_("word", "Database owner") },
    { "price_version", NC_("word", "Version") },
    { "price_tier", NC_("word", "Tier") },
    { "price_tier_item", NC_("word", "Price item") },
    { "role_permission", NC_("word", "Permissions") },
    /* what was done to one */
    { "insert", NC_("word", "Added") },
    { "save", NC_("word", "Saved") },
    { "delete", NC_("word", "Deleted") },
    { "undo", NC_("word", "Taken back") },
    { "lock", NC_("word", "Locked") },
    { "unlock", NC_("word", "Unlocked") },
    { "reset-password", NC_("word", "Password reset") },
    { "password", NC_("word", "Own password changed") },
    /* groups of permissions, permissions */
    { "card", NC_("word", "Card business") },
    { "shared", NC_("word", "Shared business") },
    { "query", NC_("word", "Queries") },
    { "settings", NC_("word", "System settings") },
    { "read-card", NC_("word", "Read card") },
    { "open-account", NC_("word", "Open account") },
    { "close-account", NC_("word", "Close account") },
    { "unfinished", NC_("word", "Unfinished writes") },
    { "unfinished-all", NC_("word", "Unfinished writes of all branches") },
    { "pre-registered", NC_("word", "Pre-registered customers") },
    { "templates", NC_("word", "Receipt templates") },
    { "reprint", NC_("word", "Reprint receipt") },
    { "settlement", NC_("word", "Settlement") },
    { "query-all", NC_("word", "Queries of all branches") },
    { "see-identity", NC_("word", "See identity numbers") },
    { "edit-customer", NC_("word", "Edit customers") },
    { "blacklist", NC_("word", "Blacklist") },
    { "backup", NC_("word", "Backup") },
    { "keys", NC_("word", "Card keys") },
    { "approve", NC_("word", "Approve as second person") },
    /* fields of forms */
    { "card_family", NC_("word", "Card family") },
    { "area_number", NC_("word", "Area number") },
    { "opening_fee", NC_("word", "Opening fee") },
    { "replacement_fee", NC_("word", "Replacement-card fee") },
    { "meter_change_fee", NC_("word", "Meter-change fee") },
    { "allow_balance", NC_("word", "Allow balance") },
    { "lease_seconds", NC_("word", "Lease of a card write, in seconds") },
    { "approval_percent", NC_("word", "Price change to be approved, in percent") },
    { "approval_amount", NC_("word", "Payment out to be approved") },
    { "name", NC_("word", "Name") },
    { "address", NC_("word", "Address") },
    { "phone", NC_("word", "Telephone") },
    { "email", NC_("word", "E-mail") },
    { "tax_number", NC_("word", "Tax number") },
    { "logo", NC_("word", "Logo") },
    { "slot", NC_("word", "Sub-meter") },
    { "meter_type", NC_("word", "Meter type") },
    { "layout", NC_("word", "Card layout") },
    { "step", NC_("word", "Sampling step") },
    { "bore", NC_("word", "Bore") },
    { "ct", NC_("word", "CT ratio") },
    { "vt", NC_("word", "VT ratio") },
    { "alarm_1", NC_("word", "Alarm 1") },
    { "alarm_2", NC_("word", "Alarm 2") },
    { "hoarding", NC_("word", "Hoarding limit") },
    { "purchase_limit", NC_("word", "Purchase limit") },
    { "versions", NC_("word", "Version") },
    { "version", NC_("word", "Number of the version") },
    { "starts_at", NC_("word", "Start time") },
    { "tiered", NC_("word", "Tiered") },
    { "base_persons", NC_("word", "Persons in the base") },
    { "per_person", NC_("word", "Added by each further person") },
    { "tiers", NC_("word", "Tier") },
    { "upper_limit", NC_("word", "Upper limit") },
    { "items", NC_("word", "Price item") },
    { "unit_price", NC_("word", "Unit price") },
    { "number", NC_("word", "Number") },
    { "administrator", NC_("word", "Administrator") },
    { "permissions", NC_("word", "Permissions") },
    { "operator", NC_("word", "Operator number") },
    { "state", NC_("word", "State") },
    { "household", NC_("word", "Household") },
    { "district", NC_("word", "District") },
    { "id_kind", NC_("word", "Kind of identity paper") },
    { "id_number", NC_("word", "Identity number") },
    { "permanent_number", NC_("word", "Permanent number") },
    { "note", NC_("word", "Note") },
    { "user_type", NC_("word", "User type") },
    { "price_1", NC_("word", "Price set 1") },
    { "price_2", NC_("word", "Price set 2") },
    { "switch_at", NC_("word", "Switch time") },
    { "barred", NC_("word", "Barred") },
    { "time_zone", NC_("word", "Time zone") },
};

const char *
oc_word (const char *word)
{
    g_return_val_if_fail (word != NULL, "");

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (g_str_equal (words[i].word, word))
            return g_dpgettext2 (GETTEXT_PACKAGE, "word", words[i].text);

    return word;
}

char *
oc_field_format (const char *path)
{
    g_auto(GStrv) parts = g_strsplit (path, ".", -1);

    for (gsize i = 0; parts[i]; i++) {
        char *part = parts[i];

        parts[i] = g_strdup (oc_word (part));
        g_free (part);
    }

    return g_strjoinv (" ", parts);
}

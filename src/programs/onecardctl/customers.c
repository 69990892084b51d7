/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Customers: found, edited, registered before they have an account, imported; their cards lost and found; barred. */
#include <glib/gi18n.h>
#include <string.h>

#include "programs/onecardctl/ctl.h"

/* The texts of a customer's form, as options of the same names. */
enum { NAME, ADDRESS, PHONE, ID_KIND, ID_NUMBER, DISTRICT, HOUSEHOLD, PERMANENT, NOTE, N_TEXTS };
static const char *const form_names[N_TEXTS] = { "name", "address", "phone", "id_kind", "id_number", "district", "household",
    "permanent_number", "note" };

typedef struct {
    char *texts[N_TEXTS];
} Form;

static void
form_clear (Form *self)
{
    for (int i = 0; i < N_TEXTS; i++)
        g_free (self->texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Form, form_clear)

#define FORM_ENTRIES(f) \
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &(f).texts[NAME], NULL, NULL }, \
    { "address", 0, 0, G_OPTION_ARG_FILENAME, &(f).texts[ADDRESS], NULL, NULL }, \
    { "phone", 0, 0, G_OPTION_ARG_FILENAME, &(f).texts[PHONE], NULL, NULL }, \
    { "id-kind", 0, 0, G_OPTION_ARG_FILENAME, &(f).texts[ID_KIND], NULL, NULL }, \
    { "id-number", 0, 0, G_OPTION_ARG_FILENAME, &(f).texts[ID_NUMBER], NULL, NULL }, \
    { "district", 0, 0, G_OPTION_ARG_FILENAME, &(f).texts[DISTRICT], NULL, NULL }, \
    { "household", 0, 0, G_OPTION_ARG_FILENAME, &(f).texts[HOUSEHOLD], NULL, NULL }, \
    { "permanent-number", 0, 0, G_OPTION_ARG_FILENAME, &(f).texts[PERMANENT], NULL, NULL }, \
    { "note", 0, 0, G_OPTION_ARG_FILENAME, &(f).texts[NOTE], NULL, NULL }

/* What was given; the rest stays. Caller unrefs. */
static OcFields *
form_fields (const Form *self)
{
    OcFields *fields = oc_fields_new (NULL);

    for (int i = 0; i < N_TEXTS; i++)
        if (self->texts[i])
            oc_fields_set (fields, form_names[i], self->texts[i]);

    return fields;
}

static gboolean
parse_number (Ctl *ctl, const char *text, gint64 *number, int *status)
{
    if (g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, number, NULL))
        return TRUE;
    *status = ctl_wrong_use (ctl, _("“%s” is no number of a customer."), text);

    return FALSE;
}

/* Prints what an act answered, or why it failed; takes @rows over. */
static int
answer (Ctl *ctl, OcRows *rows, const GError *error)
{
    g_autoptr(OcRows) owned = rows;

    if (owned == NULL)
        return ctl_fail (ctl, error);
    ctl_print_list (ctl, owned, NULL);

    return CTL_DONE;
}

/* Finding -------------------------------------------------------------------------------------------------------- */

typedef OcRows *(*Find) (OcDesk *desk, const OcFindAsk *ask, GCancellable *cancellable, GError **error);

static int
run_find (Ctl *ctl, int argc, char **argv, int n_arguments, Find find)
{
    OcFindAsk ask = { .limit = 50, .days = 180 };
    const GOptionEntry entries[] = {
        { "limit", 0, 0, G_OPTION_ARG_INT, &ask.limit, NULL, NULL },
        { "days", 0, 0, G_OPTION_ARG_INT, &ask.days, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    OcRows *rows;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, n_arguments < 0 && argc == 1 ? 0 : n_arguments < 0 ? -1 : n_arguments, &status)
        || (status = ctl_open_desk (ctl, FALSE)))
        return status;
    ask.text = argc > 1 ? argv[1] : "";
    rows = find (ctl->desk, &ask, NULL, &error);

    return answer (ctl, rows, error);
}

static int
run_customers_find (Ctl *ctl, int argc, char **argv)
{
    return run_find (ctl, argc, argv, 1, oc_customers_find);
}

static int
run_pre_registered_list (Ctl *ctl, int argc, char **argv)
{
    return run_find (ctl, argc, argv, -1, oc_pre_registered_find);
}

static int
run_suspects (Ctl *ctl, int argc, char **argv)
{
    return run_find (ctl, argc, argv, 0, oc_blacklist_suspects);
}

/* A customer by number ------------------------------------------------------------------------------------------- */

typedef OcRows *(*Act) (OcDesk *desk, const OcCustomerAsk *ask, GCancellable *cancellable, GError **error);

static int
run_act (Ctl *ctl, int argc, char **argv, Act act)
{
    OcCustomerAsk ask = { 0 };
    g_autoptr(GError) error = NULL;
    OcRows *rows;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 1, &status) || !parse_number (ctl, argv[1], &ask.number, &status)
        || (status = ctl_open_desk (ctl, FALSE)))
        return status;
    rows = act (ctl->desk, &ask, NULL, &error);

    return answer (ctl, rows, error);
}

static int
run_show (Ctl *ctl, int argc, char **argv)
{
    return run_act (ctl, argc, argv, oc_customer);
}

static int
run_meters (Ctl *ctl, int argc, char **argv)
{
    return run_act (ctl, argc, argv, oc_customer_meters);
}

static int
run_lost (Ctl *ctl, int argc, char **argv)
{
    return run_act (ctl, argc, argv, oc_card_lost);
}

static int
run_found (Ctl *ctl, int argc, char **argv)
{
    return run_act (ctl, argc, argv, oc_card_found);
}

static int
run_pre_registered_delete (Ctl *ctl, int argc, char **argv)
{
    return run_act (ctl, argc, argv, oc_pre_registered_delete);
}

/* @with_number: the first word is one; without, it may be left out and a new one is made. */
static int
run_save (Ctl *ctl, int argc, char **argv, gboolean with_number, Act save)
{
    g_auto(Form) form = { 0 };
    OcCustomerAsk ask = { 0 };
    const GOptionEntry entries[] = {
        FORM_ENTRIES (form),
        { "row-version", 0, 0, G_OPTION_ARG_INT64, &ask.row_version, NULL, NULL },
        { NULL },
    };
    g_autoptr(OcFields) fields = NULL;
    g_autoptr(GError) error = NULL;
    OcRows *rows;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, with_number ? 1 : -1, &status)
        || (argc > 1 && !parse_number (ctl, argv[1], &ask.number, &status)) || (status = ctl_open_desk (ctl, FALSE)))
        return status;
    ask.form = fields = form_fields (&form);
    rows = save (ctl->desk, &ask, NULL, &error);

    return answer (ctl, rows, error);
}

static int
run_edit (Ctl *ctl, int argc, char **argv)
{
    return run_save (ctl, argc, argv, TRUE, oc_customer_save);
}

static int
run_pre_registered_save (Ctl *ctl, int argc, char **argv)
{
    return run_save (ctl, argc, argv, FALSE, oc_pre_registered_save);
}

/* A meter -------------------------------------------------------------------------------------------------------- */

typedef OcRows *(*MeterAct) (OcDesk *desk, const OcMeterAsk *ask, GCancellable *cancellable, GError **error);

static int
run_meter_act (Ctl *ctl, int argc, char **argv, MeterAct act)
{
    g_autofree char *meter = NULL;
    g_autofree char *reason = NULL;
    g_autofree char *user_type = NULL;
    g_autofree char *price = NULL;
    g_autofree char *price_2 = NULL;
    g_autofree char *switch_at = NULL;
    OcMeterAsk ask = { 0 };
    const GOptionEntry entries[] = {
        { "sub-meter", 0, 0, G_OPTION_ARG_INT, &ask.sub_meter, NULL, NULL },
        { "user-type", 0, 0, G_OPTION_ARG_FILENAME, &user_type, NULL, NULL },
        { "price", 0, 0, G_OPTION_ARG_FILENAME, &price, NULL, NULL },
        { "price-2", 0, 0, G_OPTION_ARG_FILENAME, &price_2, NULL, NULL },
        { "switch-at", 0, 0, G_OPTION_ARG_FILENAME, &switch_at, NULL, NULL },
        { "meter", 0, 0, G_OPTION_ARG_FILENAME, &meter, NULL, NULL },
        { "reason", 0, 0, G_OPTION_ARG_FILENAME, &reason, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    OcRows *rows;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 1, &status) || !parse_number (ctl, argv[1], &ask.customer, &status)
        || (status = ctl_open_desk (ctl, FALSE)))
        return status;
    ask.user_type = user_type;
    ask.price = price;
    ask.price_2 = price_2;
    ask.switch_at = switch_at;
    ask.meter = meter;
    ask.reason = reason;
    rows = act (ctl->desk, &ask, NULL, &error);

    return answer (ctl, rows, error);
}

static int
run_change_meter (Ctl *ctl, int argc, char **argv)
{
    return run_meter_act (ctl, argc, argv, oc_meter_change);
}

static int
run_blacklist_add (Ctl *ctl, int argc, char **argv)
{
    return run_meter_act (ctl, argc, argv, oc_blacklist_add);
}

static int
run_blacklist_remove (Ctl *ctl, int argc, char **argv)
{
    return run_meter_act (ctl, argc, argv, oc_blacklist_remove);
}

static int
run_blacklist_list (Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    OcRows *rows;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 0, &status) || (status = ctl_open_desk (ctl, FALSE)))
        return status;
    rows = oc_list (ctl->desk, "blacklist", NULL, &error);

    return answer (ctl, rows, error);
}

/* Import --------------------------------------------------------------------------------------------------------- */

static void
print_imported_json (const OcImported *imported)
{
    JsonBuilder *builder = json_builder_new ();

    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "lines");
    json_builder_add_int_value (builder, imported->n_lines);
    json_builder_set_member_name (builder, "imported");
    json_builder_add_boolean_value (builder, imported->imported);
    ctl_add_member (builder, "encoding", imported->encoding);
    ctl_add_member (builder, "separator", imported->separator);
    json_builder_set_member_name (builder, "errors");
    ctl_add_rows (builder, imported->faults);
    json_builder_end_object (builder);
    ctl_print_json (builder);
}

static void
print_imported_text (const OcImported *imported)
{
    guint n_faults = oc_rows_count (imported->faults);

    for (guint row = 0; row < n_faults; row++)
        /* Translators: a line of a file, and what is wrong with it. */
        g_print (_("Line %s: %s\n"), oc_rows_text (imported->faults, row, "line"), oc_rows_text (imported->faults, row, "message"));
    if (imported->imported)
        g_print (ngettext ("%u line was imported.\n", "%u lines were imported.\n", imported->n_lines), imported->n_lines);
    else if (n_faults == 0)
        g_print (ngettext ("%u line, and it is right.\n", "%u lines, all right.\n", imported->n_lines), imported->n_lines);
}

static int
run_import (Ctl *ctl, int argc, char **argv)
{
    g_autofree char *separator = NULL;
    g_autofree char *errors = NULL;
    OcImportAsk ask = { 0 };
    const GOptionEntry entries[] = {
        { "check", 0, 0, G_OPTION_ARG_NONE, &ask.check, NULL, NULL },
        { "separator", 0, 0, G_OPTION_ARG_FILENAME, &separator, NULL, NULL },
        { "errors", 0, 0, G_OPTION_ARG_FILENAME, &errors, NULL, NULL },
        { NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GMappedFile) mapped = NULL;
    g_autoptr(GBytes) file = NULL;
    g_autoptr(OcImported) imported = NULL;
    int status;

    if (!ctl_parse (ctl, entries, &argc, &argv, 1, &status))
        return status;
    if (separator && g_utf8_strlen (separator, -1) != 1)
        return ctl_wrong_use (ctl, _("“%s” is no separator: a single character is needed."), separator);
    if (!(mapped = g_mapped_file_new (argv[1], FALSE, &error)))
        return ctl_wrong_use (ctl, "%s", error->message);
    if ((status = ctl_open_desk (ctl, FALSE)))
        return status;
    ask.file = file = g_mapped_file_get_bytes (mapped);
    ask.separator = separator;
    if (!(imported = oc_pre_registered_import (ctl->desk, &ask, NULL, &error)))
        return ctl_fail (ctl, error);

    if (errors && oc_rows_count (imported->faults) > 0) {
        g_autoptr(GBytes) csv = oc_imported_faults_csv (imported);

        if (!g_file_set_contents (errors, g_bytes_get_data (csv, NULL), (gssize) g_bytes_get_size (csv), &error))
            return ctl_wrong_use (ctl, "%s", error->message);
    }
    if (ctl->json)
        print_imported_json (imported);
    else
        print_imported_text (imported);

    return oc_rows_count (imported->faults) > 0 ? CTL_REFUSED : CTL_DONE;
}

#define FORM_HELP "--name … --address … [--phone --id-kind --id-number --district --household N --permanent-number --note] [--row-version N]"

const CtlCommand ctl_customer_commands[] = {
    { "customers find", "TEXT [--limit N]", N_("Customers by number, name, pinyin initials, address, telephone, meter or card"), run_customers_find },
    { "customers show", "N", N_("A customer with balance, card and what he is barred for"), run_show },
    { "customers meters", "N", N_("A customer's meters"), run_meters },
    { "customers import", "FILE.csv [--check] [--separator C] [--errors FILE.csv]", N_("Pre-registered customers from a file: all lines or none"), run_import },
    { "edit-customer", "N " FORM_HELP, N_("Changes what is given of a customer"), run_edit },
    { "change-meter", "N --sub-meter S [--user-type T] [--price P] [--price-2 P] [--switch-at TIME]",
        N_("Another user type or price, from the card's next write on"), run_change_meter },
    { "lost", "N", N_("The customer's card buys nothing until it is found or replaced"), run_lost },
    { "found", "N", N_("The customer's lost card is there again"), run_found },
    { "blacklist list", NULL, N_("Who may not buy"), run_blacklist_list },
    { "blacklist add", "N [--meter M] --reason T", N_("Bars a customer, or one meter, from buying"), run_blacklist_add },
    { "blacklist remove", "N [--meter M] --reason T", N_("Lets him buy again"), run_blacklist_remove },
    { "blacklist suspects", "[--days N] [--limit N]", N_("Meters without a purchase for so long, or whose return data do not fit"), run_suspects },
    { "pre-registered list", "[TEXT] [--limit N]", N_("Customers registered before they have an account"), run_pre_registered_list },
    { "pre-registered save", "[N] " FORM_HELP, N_("Registers one, or changes number N"), run_pre_registered_save },
    { "pre-registered delete", "N", N_("Takes one off the list"), run_pre_registered_delete },
    { NULL },
};

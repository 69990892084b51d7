/* SPDX-License-Identifier: GPL-3.0-or-later */
/* onecard-sim: simulated cards and meters in files, and a card behind a real pcscd. */
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#include "card/layout.h"
#include "db/connection.h"
#include "programs/locale-dir.h"
#include "programs/sim-keys.h"
#include "programs/sim-show.h"
#include "seal/bytes.h"
#include "sim/meter.h"
#include "sim/vpcd.h"

/* As onecardctl's. */
enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USE = 2, EXIT_DATABASE = 4, EXIT_CARD = 5 };

static struct {
    char *family, *keys_from, *keys, *serial, *layout, *number, *type, *presale, *hoarding, *card, *quantity, *reader, *fault;
    int port;
    gboolean overdraw, upside_down, json, version;
} opt = { .port = OC_SIM_VPCD_PORT };

static const GOptionEntry entries[] = {
    { "family", 0, 0, G_OPTION_ARG_STRING, &opt.family, N_("Kind of card: 24c01 … 24c64, 4442, cpu"), "FAMILY" },
    { "keys-from", 0, 0, G_OPTION_ARG_FILENAME, &opt.keys_from, N_("Take keys and card layouts from the data in this folder"), "DIR" },
    { "keys", 0, 0, G_OPTION_ARG_FILENAME, &opt.keys, N_("Take the keys from this file (for trials)"), "FILE" },
    { "serial", 0, 0, G_OPTION_ARG_STRING, &opt.serial, N_("Serial of a new CPU card, 16 hexadecimal digits"), "HEX" },
    { "layout", 0, 0, G_OPTION_ARG_STRING, &opt.layout, N_("Card layout of a new meter"), "LAYOUT" },
    { "number", 0, 0, G_OPTION_ARG_STRING, &opt.number, N_("Number of a new meter, 12 digits"), "NUMBER" },
    { "type", 0, 0, G_OPTION_ARG_STRING, &opt.type, N_("Type of a new meter: electricity, cold-water, hot-water, gas, heat"), "TYPE" },
    { "presale", 0, 0, G_OPTION_ARG_STRING, &opt.presale, N_("Preset in a new meter"), "X" },
    { "hoarding", 0, 0, G_OPTION_ARG_STRING, &opt.hoarding, N_("Hoarding limit of a new meter"), "X" },
    { "card", 0, 0, G_OPTION_ARG_FILENAME, &opt.card, N_("The card to put into the meter"), "CARD" },
    { "quantity", 0, 0, G_OPTION_ARG_STRING, &opt.quantity, N_("How much to use, in kWh or cubic metres"), "Q" },
    { "overdraw", 0, 0, G_OPTION_ARG_NONE, &opt.overdraw, N_("Go on when nothing is left"), NULL },
    { "port", 0, 0, G_OPTION_ARG_INT, &opt.port, N_("Port of vpcd (35963)"), "PORT" },
    { "reader", 0, 0, G_OPTION_ARG_STRING, &opt.reader, N_("Whose commands a memory card understands: acs, omnikey"), "KIND" },
    { "upside-down", 0, 0, G_OPTION_ARG_NONE, &opt.upside_down, N_("The card lies in the reader the wrong way round"), NULL },
    { "fault", 0, 0, G_OPTION_ARG_STRING, &opt.fault,
        N_("What goes wrong at APDU N: pull@N, lost@N, torn@N, sw@N=6581, gone@N, kill@N, killed@N; slow@MS"), "FAULT" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_("One JSON object on standard output"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &opt.version, N_("Show the version"), NULL },
    { NULL },
};

static gboolean
use_error (GError **error, const char *text)
{
    g_set_error_literal (error, OC_SIM_ERROR, OC_SIM_ERROR_USE, text);
    return FALSE;
}

static gboolean
amount (const char *text, gint64 *units, GError **error)
{
    OcQuantity q = { 0 };

    if (text != NULL && (!oc_quantity_from_decimal (text, &q) || q.units < 0))
        return use_error (error, _("An amount is a number such as 12.5, not below zero."));
    *units = q.units;
    return TRUE;
}

/* The site's own layouts lie beside the database that the keys come from. */
static gboolean
take_layouts (GError **error)
{
    g_autofree char *folder = opt.keys_from != NULL ? g_build_filename (opt.keys_from, "cards", NULL) : NULL;

    return folder == NULL || oc_layouts_add_folder (folder, error);
}

static gboolean
get_keys (OcSimKeys *keys, GError **error)
{
    oc_sim_keys_init (keys);
    if (opt.keys != NULL)
        return oc_sim_keys_load (keys, opt.keys, error);
    if (opt.keys_from != NULL)
        return oc_sim_keys_from_database (keys, opt.keys_from, error);
    return TRUE;
}

static void
print_json (JsonNode *node)
{
    g_autofree char *text = json_to_string (node, TRUE);

    g_print ("%s\n", text);
}

/* Amounts are texts, exact; what is counted is a number. */
static gboolean
is_counted (const char *name)
{
    static const char *const names[] = { "error", "count", "alarm", "illegal_insertions", NULL };

    return g_strv_contains (names, name);
}

static void
print_fields (const OcFields *fields)
{
    g_autoptr(JsonBuilder) b = json_builder_new ();
    g_autoptr(JsonNode) root = NULL;

    json_builder_begin_object (b);
    for (guint i = 0; i < oc_fields_count (fields); i++) {
        const char *value = oc_fields_value (fields, i);

        if (!opt.json) {
            g_print ("%-20s %s\n", oc_fields_name (fields, i), value);
            continue;
        }
        json_builder_set_member_name (b, oc_fields_name (fields, i));
        if (g_str_equal (value, "true") || g_str_equal (value, "false"))
            json_builder_add_boolean_value (b, g_str_equal (value, "true"));
        else if (is_counted (oc_fields_name (fields, i)))
            json_builder_add_int_value (b, g_ascii_strtoll (value, NULL, 10));
        else
            json_builder_add_string_value (b, value);
    }
    json_builder_end_object (b);
    root = json_builder_get_root (b);
    if (opt.json)
        print_json (root);
}

static gboolean
card_new (const char *path, int *status, GError **error)
{
    g_auto(OcSimKeys) keys = { 0 };
    g_autoptr(GBytes) serial = NULL;

    if (opt.family == NULL)
        return use_error (error, _("card new needs --family."));
    if (opt.serial != NULL && (!(serial = oc_unhex (opt.serial)) || g_bytes_get_size (serial) != 8))
        return use_error (error, _("A serial has 16 hexadecimal digits."));
    if (!get_keys (&keys, error))
        return FALSE;
    if (!oc_sim_card_make (path, opt.family, &keys, serial != NULL ? g_bytes_get_data (serial, NULL) : NULL, error))
        return FALSE;
    if (opt.json)
        g_print ("{\"card\": \"new\"}\n");
    return TRUE;
}

static void
print_area (JsonObject *areas, const char *name, JsonNode *node, gpointer unused)
{
    JsonObject *area = json_node_get_object (node);
    JsonObject *fields;
    g_autoptr(GList) names = NULL;

    g_print ("%s  %s\n", name, json_object_get_string_member (area, "hex"));
    if (!json_object_has_member (area, "fields"))
        return;
    if (!json_object_get_boolean_member (area, "valid"))
        g_print ("    %s\n", _("(constants, length or checksum are wrong)"));
    fields = json_object_get_object_member (area, "fields");
    names = json_object_get_members (fields);
    for (GList *l = names; l != NULL; l = l->next)
        g_print ("    %-20s %s\n", (char *) l->data, json_object_get_string_member (fields, l->data));
}

static gboolean
card_show (const char *path, int *status, GError **error)
{
    g_autoptr(OcSimCard) card = oc_sim_card_peek (path, error);
    g_autoptr(JsonNode) node = NULL;
    JsonObject *object;

    if (card == NULL)
        return FALSE;
    node = oc_sim_card_describe (card);
    if (opt.json) {
        print_json (node);
        return TRUE;
    }
    object = json_node_get_object (node);
    g_print ("%s %s\n", json_object_get_string_member (object, "family"),
        json_object_get_string_member_with_default (object, "serial", ""));
    json_object_foreach_member (json_object_get_object_member (object, "areas"), print_area, NULL);
    return TRUE;
}

static gboolean
meter_new (const char *path, int *status, GError **error)
{
    g_auto(OcSimKeys) keys = { 0 };
    OcSimMeterMake make = { .layout = opt.layout, .number = opt.number, .type = opt.type, .keys = &keys };

    if (opt.layout == NULL || opt.number == NULL)
        return use_error (error, _("meter new needs --layout and --number."));
    if (!amount (opt.presale, &make.presale, error) || !amount (opt.hoarding, &make.hoarding, error) || !get_keys (&keys, error))
        return FALSE;
    if (!oc_sim_meter_make (path, &make, error))
        return FALSE;
    if (opt.json)
        g_print ("{\"meter\": \"new\"}\n");
    return TRUE;
}

static gboolean
meter_show (const char *path, int *status, GError **error)
{
    g_autoptr(OcSimMeter) meter = oc_sim_meter_peek (path, error);
    g_autoptr(OcFields) fields = NULL;

    if (meter == NULL)
        return FALSE;
    fields = oc_sim_meter_describe (meter);
    print_fields (fields);
    return TRUE;
}

static gboolean
meter_insert (const char *path, int *status, GError **error)
{
    g_autoptr(OcSimMeter) meter = NULL;
    g_autoptr(OcFields) fields = oc_fields_new (NULL);
    g_autofree char *text = NULL, *purchase = NULL, *remaining = NULL, *count = NULL, *number = NULL;
    OcSimMeterReport report;

    if (opt.card == NULL)
        return use_error (error, _("meter insert needs --card."));
    if (!(meter = oc_sim_meter_open (path, error)) || !oc_sim_meter_insert (meter, opt.card, opt.fault, &report, error))
        return FALSE;
    text = oc_sim_meter_report_text (meter, &report);
    *status = report.error == OC_METER_OK ? EXIT_DONE : EXIT_REFUSED;
    if (!opt.json) {
        g_print ("%s\n", text);
        return TRUE;
    }
    purchase = oc_quantity_to_decimal ((OcQuantity){ report.purchase });
    remaining = oc_quantity_to_decimal ((OcQuantity){ report.remaining });
    count = g_strdup_printf ("%" G_GUINT64_FORMAT, report.count);
    number = g_strdup_printf ("%d", report.error);
    oc_fields_set (fields, "error", number);
    oc_fields_set (fields, "message", text);
    oc_fields_set (fields, "credited", report.credited ? "true" : "false");
    oc_fields_set (fields, "purchase", purchase);
    oc_fields_set (fields, "parameters", report.parameters ? "true" : "false");
    oc_fields_set (fields, "returned", report.returned ? "true" : "false");
    oc_fields_set (fields, "count", count);
    oc_fields_set (fields, "remaining", remaining);
    print_fields (fields);
    return TRUE;
}

static gboolean
meter_use (const char *path, int *status, GError **error)
{
    g_autoptr(OcSimMeter) meter = NULL;
    g_autoptr(OcFields) fields = NULL;
    g_autofree char *text = NULL;
    OcQuantity quantity, flowed;

    if (opt.quantity == NULL)
        return use_error (error, _("meter use needs --quantity."));
    if (!amount (opt.quantity, &quantity.units, error) || !(meter = oc_sim_meter_open (path, error))
        || !oc_sim_meter_use (meter, quantity, opt.overdraw, &flowed, error))
        return FALSE;
    fields = oc_sim_meter_describe (meter);
    text = oc_quantity_to_decimal (flowed);
    oc_fields_set (fields, "flowed", text);
    print_fields (fields);
    *status = flowed.units == quantity.units ? EXIT_DONE : EXIT_REFUSED; /* the valve closed */
    return TRUE;
}

static gboolean
meter_learn (const char *path, int *status, GError **error)
{
    g_autoptr(OcSimMeter) meter = NULL;
    g_auto(OcSimKeys) keys = { 0 };

    if (opt.keys == NULL && opt.keys_from == NULL)
        return use_error (error, _("meter keys needs --keys-from or --keys."));
    return get_keys (&keys, error) && (meter = oc_sim_meter_open (path, error)) != NULL && oc_sim_meter_learn (meter, &keys, error);
}

static gboolean
meter_set_broken (const char *path, gboolean broken, GError **error)
{
    g_autoptr(OcSimMeter) meter = oc_sim_meter_open (path, error);

    return meter != NULL && oc_sim_meter_set_broken (meter, broken, error);
}

static gboolean
meter_break (const char *path, int *status, GError **error)
{
    return meter_set_broken (path, TRUE, error);
}

static gboolean
meter_repair (const char *path, int *status, GError **error)
{
    return meter_set_broken (path, FALSE, error);
}

static void
on_connected_cb (gpointer path)
{
    g_print (_("“%s” is in the reader.\n"), (char *) path);
}

static gboolean
serve (const char *path, int *status, GError **error)
{
    g_autoptr(OcSimSlot) slot = NULL;
    OcSimReaderKind kind = OC_SIM_READER_ACS;

    if (g_strcmp0 (opt.reader, "omnikey") == 0)
        kind = OC_SIM_READER_OMNIKEY;
    else if (opt.reader != NULL && !g_str_equal (opt.reader, "acs"))
        return use_error (error, _("A reader is acs or omnikey."));
    if (opt.port < 1 || opt.port > 65535)
        return use_error (error, _("A port is a number between 1 and 65535."));
    slot = oc_sim_slot_new (kind, NULL);
    if (!oc_sim_slot_set_faults (slot, opt.fault, error) || !oc_sim_slot_insert (slot, path, opt.upside_down, error))
        return FALSE;
    return oc_sim_vpcd_run (slot, (guint16) opt.port, on_connected_cb, (gpointer) path, NULL, error);
}

static const struct {
    const char *noun, *verb; /* verb NULL: the noun is the command */
    gboolean (*run) (const char *path, int *status, GError **error);
    const char *help;
} commands[] = {
    { "card", "new", card_new, N_("FILE --family F [--keys-from DIR]: a blank card as it comes from the issuer") },
    { "card", "show", card_show, N_("FILE: what is on the card") },
    { "meter", "new", meter_new, N_("FILE --layout L --number M --keys-from DIR [--type T --presale X --hoarding X]") },
    { "meter", "show", meter_show, N_("FILE: what the meter holds") },
    { "meter", "insert", meter_insert, N_("FILE --card CARD: put the card in and say what the meter did") },
    { "meter", "use", meter_use, N_("FILE --quantity Q [--overdraw]: let it flow") },
    { "meter", "keys", meter_learn, N_("FILE --keys-from DIR: take the newest keys beside those it has") },
    { "meter", "break", meter_break, N_("FILE: the meter does nothing any more") },
    { "meter", "repair", meter_repair, N_("FILE: it works again") },
    { "serve", NULL, serve, N_("CARD [--port P] [--reader acs|omnikey]: the card behind pcscd's virtual reader") },
};

static int
exit_status_of (const GError *error)
{
    if (error->domain == OC_DB_ERROR)
        return EXIT_DATABASE;
    if (g_error_matches (error, OC_SIM_ERROR, OC_SIM_ERROR_USE))
        return EXIT_USE;
    return EXIT_CARD;
}

static int
fail (const GError *error)
{
    if (opt.json) {
        g_autoptr(JsonBuilder) b = json_builder_new ();
        g_autoptr(JsonNode) root = NULL;

        json_builder_begin_object (b);
        json_builder_set_member_name (b, "error");
        json_builder_begin_object (b);
        json_builder_set_member_name (b, "message");
        json_builder_add_string_value (b, error->message);
        json_builder_end_object (b);
        json_builder_end_object (b);
        root = json_builder_get_root (b);
        print_json (root);
    }
    g_printerr ("onecard-sim: %s\n", error->message);
    return exit_status_of (error);
}

static char *
make_summary (void)
{
    GString *text = g_string_new (_("Simulated cards, meters and readers."));

    g_string_append_c (text, '\n');
    for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
        g_string_append_printf (text, "\n  %s%s%s %s", commands[i].noun, commands[i].verb != NULL ? " " : "",
            commands[i].verb != NULL ? commands[i].verb : "", _(commands[i].help));
    return g_string_free (text, FALSE);
}

int
main (int argc, char **argv)
{
    g_autoptr(GOptionContext) context = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *summary = NULL;

    setlocale (LC_ALL, "");
    oc_locale_dir_bind ();
    context = g_option_context_new ("COMMAND FILE");
    summary = make_summary ();
    g_option_context_set_summary (context, summary);
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
    if (!g_option_context_parse (context, &argc, &argv, &error)) {
        g_printerr ("onecard-sim: %s\n", error->message);
        return EXIT_USE;
    }
    if (opt.version) {
        g_print ("onecard-sim %s\n", ONECARD_VERSION);
        return EXIT_DONE;
    }
    for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
        int words = commands[i].verb != NULL ? 2 : 1, status = EXIT_DONE;

        if (argc != words + 2 || strcmp (argv[1], commands[i].noun) != 0 || (words == 2 && strcmp (argv[2], commands[i].verb) != 0))
            continue;
        return take_layouts (&error) && commands[i].run (argv[words + 1], &status, &error) ? status : fail (error);
    }
    g_printerr (_("onecard-sim: no such command; see onecard-sim --help\n"));
    return EXIT_USE;
}

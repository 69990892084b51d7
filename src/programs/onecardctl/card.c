/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking: readers, and what is on the card. */
#include <glib/gi18n.h>
#include <string.h>

#include "card/reader.h"
#include "core/column.h"
#include "programs/onecardctl/ctl.h"

static int
run_readers (Ctl *ctl, int argc, char **argv)
{
    static const char *const columns[] = { "reader", "card", "atr", NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) states = NULL;
    g_autoptr(OcRows) rows = NULL;
    OcReader *reader;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 0, &status))
        return status;
    reader = oc_pcsc_reader_new (NULL);
    states = reader->klass->list (reader, &error);
    oc_reader_free (reader);
    if (states == NULL)
        return ctl_fail (ctl, error);
    rows = oc_rows_new (columns);
    for (guint i = 0; i < states->len; i++) {
        const OcReaderState *state = states->pdata[i];
        g_autoptr(GString) atr = g_string_new (NULL);

        for (gsize k = 0; k < state->atr_len; k++)
            g_string_append_printf (atr, "%02X", state->atr[k]);
        oc_rows_append (rows, (const char *[]){ state->name,
            state->unresponsive ? "unresponsive" : state->present ? "present" : "none", atr->str });
    }
    ctl_print_list (ctl, rows, NULL);

    return CTL_DONE;
}

/* A group's first two fields are its area, with all bytes, and whether it is sound; the rest are the layout's. */
static void
add_group (JsonBuilder *builder, OcFields *group, guint *differences)
{
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "title");
    json_builder_add_string_value (builder, oc_fields_get_title (group) ? _(oc_fields_get_title (group)) : "");
    ctl_add_member (builder, "area", oc_fields_get (group, "area"));
    ctl_add_member (builder, "raw", oc_fields_count (group) ? oc_fields_raw (group, 0) : "");
    ctl_add_member (builder, "content", oc_fields_get (group, "valid"));
    json_builder_set_member_name (builder, "fields");
    json_builder_begin_array (builder);
    for (guint i = 2; i < oc_fields_count (group); i++) {
        json_builder_begin_object (builder);
        json_builder_set_member_name (builder, "name");
        json_builder_add_string_value (builder, oc_fields_name (group, i));
        json_builder_set_member_name (builder, "label");
        json_builder_add_string_value (builder, oc_fields_label (group, i) ? _(oc_fields_label (group, i)) : "");
        json_builder_set_member_name (builder, "value");
        json_builder_add_string_value (builder, oc_fields_value (group, i));
        json_builder_set_member_name (builder, "raw");
        json_builder_add_string_value (builder, oc_fields_raw (group, i) ? oc_fields_raw (group, i) : "");
        json_builder_set_member_name (builder, "ledger");
        if (oc_fields_ledger_value (group, i))
            json_builder_add_string_value (builder, oc_fields_ledger_value (group, i));
        else
            json_builder_add_null_value (builder);
        json_builder_set_member_name (builder, "differs");
        json_builder_add_boolean_value (builder, oc_fields_differs (group, i));
        *differences += oc_fields_differs (group, i) ? 1 : 0;
        json_builder_end_object (builder);
    }
    json_builder_end_array (builder);
    json_builder_end_object (builder);
}

static void
print_json (OcReading *reading)
{
    JsonBuilder *builder = json_builder_new ();
    g_autoptr(GError) refusal = oc_reading_refusal (reading);
    GPtrArray *all = oc_reading_groups (reading);
    guint differences = 0;

    json_builder_begin_object (builder);
    ctl_add_member (builder, "state", oc_reading_state (reading));
    ctl_add_member (builder, "reason", refusal ? refusal->message : "");
    json_builder_set_member_name (builder, "card");
    if (oc_rows_count (oc_reading_card (reading)))
        ctl_add_row (builder, oc_reading_card (reading), 0);
    else
        json_builder_add_null_value (builder);
    json_builder_set_member_name (builder, "meters");
    ctl_add_rows (builder, oc_reading_meters (reading));
    json_builder_set_member_name (builder, "trades");
    ctl_add_rows (builder, oc_reading_trades (reading));
    json_builder_set_member_name (builder, "groups");
    json_builder_begin_array (builder);
    for (guint i = 0; i < all->len; i++)
        add_group (builder, all->pdata[i], &differences);
    json_builder_end_array (builder);
    json_builder_set_member_name (builder, "differences");
    json_builder_add_int_value (builder, differences);
    json_builder_end_object (builder);
    ctl_print_json (builder);
}

static gboolean
is_zero (const char *value)
{
    return strspn (value, "0.") == strlen (value);
}

static void
print_group (OcFields *group)
{
    g_print ("\n%s  %s\n", oc_fields_get (group, "area"), oc_fields_get_title (group) ? _(oc_fields_get_title (group)) : "");
    g_print ("  %s\n", oc_fields_raw (group, 0));
    if (g_strcmp0 (oc_fields_get (group, "valid"), "blank") == 0)
        return;
    for (guint i = 2; i < oc_fields_count (group); i++) {
        const char *label = oc_fields_label (group, i);
        g_autofree char *ledger = NULL;

        /* Sixty-three rates, of which one is in use. */
        if (g_str_has_prefix (oc_fields_name (group, i), "rate") && is_zero (oc_fields_value (group, i)))
            continue;
        if (oc_fields_differs (group, i))
            ledger = g_strdup_printf (_("  ≠ %s in the ledger"), oc_fields_ledger_value (group, i));
        g_print ("  %s: %s%s\n", label ? _(label) : oc_fields_name (group, i), oc_fields_value (group, i), ledger ? ledger : "");
    }
}

static void
print_text (OcReading *reading)
{
    g_autoptr(GError) refusal = oc_reading_refusal (reading);
    GPtrArray *all = oc_reading_groups (reading);
    OcRows *card = oc_reading_card (reading);
    OcRows *meters = oc_reading_meters (reading);

    g_print ("%s", oc_word (oc_reading_state (reading)));
    if (oc_rows_count (card) && oc_rows_int (card, 0, "customer") != 0)
        g_print ("  %s %s, %s", oc_rows_text (card, 0, "customer"), oc_rows_text (card, 0, "name"),
            oc_rows_text (card, 0, "address"));
    g_print ("\n");
    if (refusal)
        g_print ("%s\n", refusal->message);
    for (guint i = 0; i < oc_rows_count (meters); i++) {
        g_autofree char *code = oc_sub_meter_format (oc_rows_int (meters, i, "sub_meter"));

        g_print ("%s  %s %s\n", code, oc_rows_text (meters, i, "model"), oc_rows_text (meters, i, "meter"));
        if (*oc_rows_text (meters, i, "reason_text"))
            g_print ("  %s\n", oc_rows_text (meters, i, "reason_text"));
    }
    for (guint i = 0; i < all->len; i++)
        print_group (all->pdata[i]);
}

static int
run_read (Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcReading) reading = NULL;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 0, &status) || (status = ctl_open_desk (ctl, TRUE)))
        return status;
    if (!(reading = oc_read_card (ctl->desk, &(OcReadAsk){ 0 }, NULL, &error)))
        return ctl_fail (ctl, error);
    if (strcmp (oc_reading_state (reading), "unreadable") == 0) {
        g_autoptr(GError) refusal = oc_reading_refusal (reading);
        GPtrArray *groups = oc_reading_groups (reading);

        for (guint i = 0; i < groups->len && !ctl->json; i++)
            print_group (groups->pdata[i]); /* how it answered tells what it may be */
        return ctl_fail (ctl, refusal);
    }
    if (ctl->json)
        print_json (reading);
    else
        print_text (reading);

    return CTL_DONE;
}

const CtlCommand ctl_card_commands[] = {
    { "card readers", NULL, N_("The readers that are connected"), run_readers },
    { "card read", NULL, N_("Everything on the card, beside what the ledger says"), run_read },
    { NULL },
};

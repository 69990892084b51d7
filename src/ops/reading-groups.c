/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the read-card screen shows: every area of the image decoded by its layout, valid or not, with its raw bytes and,
 * where the ledger knows the same thing, the ledger's value. */
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "card/card.h"
#include "card/engine.h"
#include "core/quantity.h"
#include "ops/reading.h"
#include "seal/bytes.h"

/* What a file is for (a record: its area), its field, and the column of a meter's row that says the same. */
static const struct {
    const char *area, *field, *column;
} ledger_columns[] = {
    { "parameters", "meter", "meter" }, { "parameters", "customer", "customer" }, { "parameters", "alarm_1", "alarm_1" },
    { "parameters", "alarm_2", "alarm_2" }, { "parameters", "ct", "ct" }, { "parameters", "vt", "vt" },
    { "parameters", "hoarding", "hoarding" }, { "parameters", "sub_meter", "sub_meter" }, { "parameters", "purchase", "last_purchase" },
    { "parameters", "count", "purchase_count" },
    { "wallet", "purchase", "last_purchase" }, { "wallet", "count", "purchase_count" },
    { "return", "meter", "meter" }, { "return", "customer", "customer" }, { "return", "remaining", "remaining" },
    { "return", "count", "return_count" },
    { "sale", "count", "purchase_count" }, { "sale", "purchase", "last_purchase" }, { "sale", "meter", "meter" },
    { "sale", "alarm_1", "alarm_1" }, { "sale", "alarm_2", "alarm_2" }, { "sale", "hoarding", "hoarding" },
    { "header", "customer", "customer" },
};

/* The row of the meter that an area belongs to; -1: the whole card's, or none known. */
static int
meter_of (const char *area, OcRows *meters)
{
    for (guint i = 0; i < oc_rows_count (meters); i++) {
        const char *directory = oc_rows_text (meters, i, "directory");

        if (*directory ? g_str_has_prefix (area, directory)
                       : (area[0] == 'V' || area[0] == 'R') && area[1] - '0' == oc_rows_int (meters, i, "slot"))
            return (int) i;
    }

    return -1;
}

/* The ledger's, else the one that fits best. */
static const OcLayout *
layout_of (const OcImage *image, const char *area, OcRows *meters, int meter)
{
    const OcLayout *known = meter >= 0 ? oc_layout_find (oc_rows_text (meters, (guint) meter, "layout")) : NULL;

    return known ? known : oc_card_layout_of (image, area);
}

/* A file on the card may be longer than its layout says. Caller unrefs. */
static GBytes *
cut (GBytes *data, const OcLayoutArea *area)
{
    return area != NULL && g_bytes_get_size (data) > area->size ? g_bytes_new_from_bytes (data, 0, area->size)
                                                                : g_bytes_ref (data);
}

/* The step that a record counts in: the ledger's, else the record's own. */
static gint64
step_of (const OcLayoutArea *area, GBytes *data, OcRows *meters, int meter)
{
    g_autoptr(OcFields) own = NULL;
    const char *text;
    OcQuantity step = { 0 };

    if (meter >= 0)
        return oc_rows_quantity (meters, (guint) meter, "step").units;
    own = oc_engine_decode (area, data, 10000, NULL);
    text = oc_fields_get (own, "step");

    return text && oc_quantity_from_decimal (text, &step) && step.units > 0 ? step.units : 10000;
}

/* Equal as numbers, or as texts of digits: then the same text, so that it isn't marked. Caller frees. */
static char *
ledger_text (const char *value, const char *ledger)
{
    OcQuantity a, b;

    if (oc_quantity_from_decimal (value, &a) && oc_quantity_from_decimal (ledger, &b))
        return a.units == b.units ? g_strdup (value) : oc_quantity_to_decimal (b);

    return g_strdup (ledger);
}

static const char *
kind_of (const OcLayoutArea *area)
{
    switch (area->role) {
    case OC_ROLE_PARAMETERS:
        return "parameters";
    case OC_ROLE_WALLET:
        return "wallet";
    case OC_ROLE_RETURN:
        return "return";
    default:
        return area->name;
    }
}

static char *
ledger_value (const OcLayoutArea *area, const char *field, const char *value, OcRows *card, OcRows *meters, int meter)
{
    for (gsize i = 0; i < G_N_ELEMENTS (ledger_columns); i++) {
        const char *column = ledger_columns[i].column;
        OcRows *rows = strcmp (column, "customer") == 0 ? card : meters;
        guint row = rows == card ? 0 : (guint) MAX (meter, 0);

        if (strcmp (ledger_columns[i].area, kind_of (area)) != 0 || strcmp (ledger_columns[i].field, field) != 0)
            continue;
        if ((rows == meters && meter < 0) || oc_rows_count (rows) == 0 || oc_rows_is_null (rows, row, column))
            return NULL;
        if (*value == '-' && strcmp (field, "remaining") == 0)
            return NULL; /* the ledger has it as an overdraft */
        return ledger_text (value, oc_rows_text (rows, row, column));
    }

    return NULL;
}

/* Of the two copies of a record only the newer one can agree with the ledger. */
static gboolean
is_older_copy (const OcImage *image, const OcLayoutArea *area, const char *name, const OcFields *fields, gint64 step)
{
    g_autofree char *other = g_strdup (name);
    g_autoptr(OcFields) others = NULL;
    GBytes *data;
    const char *mine = oc_fields_get (fields, "count");
    const char *theirs;

    if (area->n_copies < 2)
        return FALSE;
    other[2] = name[2] == 'A' ? 'B' : 'A';
    if (!(data = oc_image_get (image, other)))
        return FALSE;
    others = oc_engine_decode (area, data, step, NULL);
    theirs = oc_fields_get (others, "count");

    return mine && theirs && strtol (theirs, NULL, 10) > strtol (mine, NULL, 10) && strtol (theirs, NULL, 10) != 0xffff;
}

static OcFields *
group_of (const OcImage *image, guint i, OcRows *card, OcRows *meters)
{
    const char *name = oc_image_area (image, i);
    int meter = meter_of (name, meters);
    const OcLayout *layout = layout_of (image, name, meters, meter);
    const OcLayoutArea *area = layout ? oc_layout_area_of (layout, name) : NULL;
    g_autoptr(GBytes) data = cut (oc_image_bytes (image, i), area);
    OcFields *group = oc_fields_new (area ? area->title : NULL);
    g_autofree char *hex = oc_hex (g_bytes_get_data (data, NULL), g_bytes_get_size (data));
    g_autoptr(OcFields) fields = NULL;
    OcAreaCheck check = { 0 };
    gboolean compare;
    gint64 step;

    oc_fields_set_full (group, "area", N_("Area"), name, hex, NULL);
    if (area == NULL)
        return group;
    step = step_of (area, data, meters, meter);
    fields = oc_engine_decode (area, data, step, &check);
    oc_fields_set_full (group, "valid", N_("Content"), check.blank ? "blank" : check.valid ? "valid" : "damaged", NULL, NULL);
    compare = check.valid && !check.blank && !is_older_copy (image, area, name, fields, step);
    for (guint f = 0; f < oc_fields_count (fields); f++) {
        const char *field = oc_fields_name (fields, f);
        g_autofree char *ledger = compare ? ledger_value (area, field, oc_fields_value (fields, f), card, meters, meter) : NULL;

        oc_fields_set_full (group, field, oc_fields_label (fields, f), oc_fields_value (fields, f), oc_fields_raw (fields, f),
            ledger);
    }

    return group;
}

/* A file of another layout that serves the same type of meter is read too; nobody misses it while nothing is in it. */
static gboolean
is_shown (const OcImage *image, guint i, OcRows *meters)
{
    const char *name = oc_image_area (image, i);
    const OcLayout *layout = layout_of (image, name, meters, meter_of (name, meters));
    gsize size;
    const guint8 *data = g_bytes_get_data (oc_image_bytes (image, i), &size);

    if (layout && oc_layout_area_of (layout, name))
        return TRUE;
    for (gsize k = 0; k < size; k++)
        if (data[k] != 0 && data[k] != 0xFF)
            return TRUE;

    return FALSE;
}

GPtrArray *
oc_reading_make_groups (const OcImage *image, OcRows *card, OcRows *meters)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify) oc_fields_unref);

    for (guint i = 0; i < oc_image_count (image); i++)
        if (is_shown (image, i, meters))
            g_ptr_array_add (groups, group_of (image, i, card, meters));

    return groups;
}

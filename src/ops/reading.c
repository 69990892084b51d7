/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card as it was read: the rows of api.card_read taken apart. */
#include "ops/reading.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/reader.h"
#include "core/error.h"
#include "db/call.h"
#include "ops/desk-private.h"
#include "seal/bytes.h"

/* The columns of each part; "sub_meter" and the like appear in several. */
static const char *const card_columns[] = {
    "customer", "name", "address", "phone", "note", "balance", "household", "id_masked", "issue", "state", "reason_code",
    "reason_params", "pending_job", "serving_operator", "serving_branch", NULL,
};
static const char *const meter_columns[] = {
    "sub_meter", "slot", "directory", "meter_type", "unit", "model", "layout", "by_money", "step", "meter", "user_type", "alarm_1",
    "alarm_2", "hoarding", "purchase_limit", "presale", "ct", "vt", "price_1", "price_2", "unit_price", "tiered", "switch_at",
    "purchase_count", "last_purchase", "last_purchase_at", "unread", "return_time", "remaining", "overdraft", "return_count",
    "state", "reason_code", "reason_params", "reason_text", NULL,
};
static const char *const trade_columns[] = {
    "trade", "at", "kind", "sub_meter", "quantity", "card_amount", "received", "state", NULL,
};

/* The sentence of a refusal; NULL for none. */
static GError *
refusal_of (OcRows *rows, guint row)
{
    const char *code = oc_rows_text (rows, row, "reason_code");
    g_auto(GStrv) lines = NULL;
    g_autoptr(GArray) params = NULL;

    if (*code == '\0')
        return NULL;
    lines = g_strsplit (oc_rows_text (rows, row, "reason_params"), "\n", -1);
    params = g_array_new (TRUE, TRUE, sizeof (OcErrorParam));
    for (gsize i = 0; lines[i]; i++) {
        char *equals = strchr (lines[i], '=');
        OcErrorParam param;

        if (equals == NULL)
            continue;
        *equals = '\0';
        param = (OcErrorParam){ lines[i], equals + 1 };
        g_array_append_val (params, param);
    }

    return oc_error_new_code (code, (const OcErrorParam *) (void *) params->data);
}

/* The cell behind a column of a part: some have another name or are made here. */
static const char *
cell_of (OcRows *rows, guint row, const char *column, const char *part, const GError *refusal)
{
    if (strcmp (column, "reason_text") == 0)
        return refusal ? refusal->message : "";
    if (strcmp (column, "state") == 0 && strcmp (part, "card") == 0)
        column = "card_state";

    return oc_rows_is_null (rows, row, column) ? NULL : oc_rows_text (rows, row, column);
}

static OcRows *
pick (OcRows *rows, const char *part, const char *const *columns)
{
    g_autofree const char **cells = g_new0 (const char *, g_strv_length ((char **) columns) + 1);
    OcRows *picked = oc_rows_new (columns);

    for (guint row = 0; row < oc_rows_count (rows); row++) {
        g_autoptr(GError) refusal = NULL;

        if (strcmp (oc_rows_text (rows, row, "part"), part) != 0)
            continue;
        refusal = refusal_of (rows, row);
        for (gsize i = 0; columns[i]; i++)
            cells[i] = cell_of (rows, row, columns[i], part, refusal);
        oc_rows_append (picked, cells);
    }

    return picked;
}

/* One meter of a card that is the ledger's own makes the whole card "ahead" for the banner. */
static const char *
state_of (OcRows *card, OcRows *meters)
{
    const char *state = oc_rows_text (card, 0, "state");

    if (strcmp (state, "current") != 0)
        return state;
    for (guint i = 0; i < oc_rows_count (meters); i++)
        if (strcmp (oc_rows_text (meters, i, "reason_code"), "OC026") == 0)
            return "ahead";

    return state;
}

OcReading *
oc_reading_new (OcImage *image, OcRows *rows, guint generation)
{
    OcReading *self = g_new0 (OcReading, 1);

    g_atomic_ref_count_init (&self->refs);
    self->generation = generation;
    self->image = image;
    self->card = pick (rows, "card", card_columns);
    self->meters = pick (rows, "meter", meter_columns);
    self->trades = pick (rows, "trade", trade_columns);
    self->state = g_strdup (state_of (self->card, self->meters));
    self->groups = oc_reading_make_groups (image, self->card, self->meters);

    return self;
}

/* In the form of an area of the card, for whoever has to find out what it is. */
static OcFields *
atr_group (GBytes *atr)
{
    OcFields *group = oc_fields_new (N_("Answer to reset"));
    g_autofree char *hex = oc_hex (g_bytes_get_data (atr, NULL), g_bytes_get_size (atr));

    oc_fields_set_full (group, "area", N_("Area"), "ATR", hex, NULL);
    oc_fields_set_full (group, "valid", N_("Content"), "unreadable", NULL, NULL);
    oc_fields_set_full (group, "atr", N_("Answer to reset"), hex, hex, NULL);

    return group;
}

OcReading *
oc_reading_new_unreadable (const GError *why, guint generation, GBytes *atr)
{
    OcReading *self = g_new0 (OcReading, 1);

    g_atomic_ref_count_init (&self->refs);
    self->generation = generation;
    self->state = g_strdup ("unreadable");
    self->card = oc_rows_new (card_columns);
    self->meters = oc_rows_new (meter_columns);
    self->trades = oc_rows_new (trade_columns);
    self->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) oc_fields_unref);
    if (atr != NULL && g_bytes_get_size (atr) > 0)
        g_ptr_array_add (self->groups, atr_group (atr));
    self->unreadable = g_error_copy (why);

    return self;
}

OcReading *
oc_reading_ref (OcReading *self)
{
    g_atomic_ref_count_inc (&self->refs);

    return self;
}

void
oc_reading_unref (OcReading *self)
{
    if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
        return;
    g_free (self->state);
    g_clear_pointer (&self->image, oc_image_free);
    g_clear_object (&self->card);
    g_clear_object (&self->meters);
    g_clear_object (&self->trades);
    g_ptr_array_unref (self->groups);
    g_clear_error (&self->unreadable);
    g_free (self);
}

guint
oc_reading_generation (OcReading *self)
{
    return self->generation;
}

const char *
oc_reading_state (OcReading *self)
{
    return self->state;
}

OcRows *
oc_reading_card (OcReading *self)
{
    return self->card;
}

OcRows *
oc_reading_meters (OcReading *self)
{
    return self->meters;
}

OcRows *
oc_reading_trades (OcReading *self)
{
    return self->trades;
}

GPtrArray *
oc_reading_groups (OcReading *self)
{
    return self->groups;
}

/* A blank memory card does not say which chip it has. */
gboolean
oc_reading_carries (OcReading *self, const char *family, const char *chip)
{
    const char *own = oc_image_chip (self->image);

    return strcmp (oc_image_family (self->image), family) == 0 && (own == NULL || strcmp (own, chip) == 0);
}

GError *
oc_reading_refusal (OcReading *self)
{
    if (self->unreadable)
        return g_error_copy (self->unreadable);
    if (strcmp (self->state, "blank") == 0)
        return oc_error_new_code ("OC020", NULL);

    return refusal_of (self->card, 0);
}

gboolean
oc_reading_is_present (OcReading *self, OcDesk *desk, GError **error)
{
    if (self->image == NULL) {
        g_propagate_error (error, oc_reading_refusal (self));
        return FALSE;
    }
    if (desk->cards && oc_card_service_get_generation (desk->cards) == self->generation
        && oc_card_service_get_presence (desk->cards, NULL) == OC_PRESENCE_CARD)
        return TRUE;
    g_set_error_literal (error, OC_CARD_ERROR, OC_CARD_ERROR_CHANGED,
        _("The card was taken out since it was read. Nothing was booked; read the card again."));

    return FALSE;
}

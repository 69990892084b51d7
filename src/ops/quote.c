/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sale would cost: the database's answer, computed as the sale itself will be. */
#include "core/error.h"
#include "ops/desk-private.h"

OcRows *
oc_quote (OcDesk *desk, const OcQuoteAsk *ask, GCancellable *cancellable, GError **error)
{
    OcArg amount = ask->by_quantity || ask->amount.units == 0 ? oc_null (OC_ARG_NUMERIC) : oc_money (ask->amount);
    OcArg quantity = ask->by_quantity ? oc_quantity (ask->quantity) : oc_null (OC_ARG_NUMERIC);
    OcRows *rows = NULL;
    gboolean done;

    if (ask->customer != 0 && ask->model != NULL)
        done = oc_desk_ask (desk, "add_meter_quote", &rows, cancellable, error, oc_int (ask->customer), oc_text (ask->user_type),
            oc_text (ask->model), oc_text (ask->price), amount, quantity, oc_quantity (ask->already));
    else if (ask->customer != 0)
        done = oc_desk_ask (desk, "quote", &rows, cancellable, error, oc_int (ask->sub_meter), oc_int (ask->customer), amount,
            quantity);
    else
        done = oc_desk_ask (desk, "quote_open", &rows, cancellable, error, oc_text (ask->user_type), oc_text (ask->model),
            oc_text (ask->price), ask->household ? oc_int (ask->household) : oc_null (OC_ARG_INT), amount, quantity,
            oc_bool (ask->first), oc_quantity (ask->already));

    return done ? rows : NULL;
}

/* New meters, one by one ---------------------------------------------------------------------------------------------- */

static int
by_slot (gconstpointer a, gconstpointer b)
{
    return (*(const OcOpenMeter *const *) a)->slot - (*(const OcOpenMeter *const *) b)->slot;
}

/* In the order in which the sale prices them. Caller unrefs. */
static GPtrArray *
meters_by_slot (const OcOpenMeter *all, guint n)
{
    GPtrArray *meters = g_ptr_array_new ();

    for (guint i = 0; i < n; i++)
        g_ptr_array_add (meters, (gpointer) &all[i]);
    g_ptr_array_sort (meters, by_slot);

    return meters;
}

/* @sub_meter / 10, which is the same for meters of one type; -1: no such slot. */
static int
type_of_slot (OcRows *slots, int slot)
{
    for (guint i = 0; i < oc_rows_count (slots); i++)
        if (oc_rows_int (slots, i, "slot") == slot)
            return (int) (oc_rows_int (slots, i, "sub_meter") / 10);

    return -1;
}

/* @quote's rows behind "slot". @all NULL: made with these columns. */
static void
append_rows (OcRows **all, OcRows *quote, int slot)
{
    guint n = oc_rows_n_columns (quote);
    g_autofree char *slot_text = g_strdup_printf ("%d", slot);
    g_autofree const char **names = g_new0 (const char *, n + 2);
    g_autofree const char **cells = g_new0 (const char *, n + 2);

    names[0] = "slot";
    cells[0] = slot_text;
    for (guint i = 0; i < n; i++)
        names[i + 1] = oc_rows_column_name (quote, i);
    if (*all == NULL)
        *all = oc_rows_new (names);
    for (guint row = 0; row < oc_rows_count (quote); row++) {
        for (guint i = 0; i < n; i++)
            cells[i + 1] = oc_rows_is_null (quote, row, names[i + 1]) ? NULL : oc_rows_text (quote, row, names[i + 1]);
        oc_rows_append (*all, cells);
    }
}

/* Adds what this meter buys to @already, and its cost to @due. */
static gboolean
add_up (OcRows *quote, OcQuantity *already, OcMoney *due)
{
    return oc_quantity_add (*already, oc_rows_quantity (quote, 0, "total_quantity"), already)
        && oc_quantity_add (*already, oc_rows_quantity (quote, 0, "presale_quantity"), already)
        && oc_money_add (*due, oc_rows_money (quote, 0, "due_total"), due);
}

/* One's quote after the other's, as they are sold. @customer 0: a new one, of @household persons. */
static OcRows *
quote_meters (OcDesk *desk, gint64 customer, int household, GPtrArray *meters, OcMoney *due, GCancellable *cancellable, GError **error)
{
    g_autoptr(GHashTable) already = g_hash_table_new_full (NULL, NULL, NULL, g_free);
    g_autoptr(OcRows) slots = NULL;
    g_autoptr(OcRows) all = NULL;

    if (meters->len == 0) {
        oc_error_set (error, "OC056", NULL);
        return NULL;
    }
    if (!oc_desk_ask_args (desk, "slots", NULL, 0, &slots, cancellable, error))
        return NULL;
    for (guint i = 0; i < meters->len; i++) {
        const OcOpenMeter *meter = meters->pdata[i];
        gpointer type = GINT_TO_POINTER (type_of_slot (slots, meter->slot));
        OcQuantity *bought = g_hash_table_lookup (already, type);
        g_autoptr(OcRows) quote = NULL;

        if (bought == NULL)
            g_hash_table_insert (already, type, bought = g_new0 (OcQuantity, 1));
        const OcQuoteAsk one = {
            .customer = customer, .user_type = meter->user_type, .model = meter->model ? meter->model : "", .price = meter->price,
            .household = household, .first = i == 0, .already = *bought, .amount = meter->amount, .quantity = meter->quantity,
            .by_quantity = meter->by_quantity,
        };
        if (!(quote = oc_quote (desk, &one, cancellable, error)))
            return NULL;
        append_rows (&all, quote, meter->slot);
        if (!add_up (quote, bought, due)) {
            oc_error_set (error, "OC016", "limit", "9999999.99", NULL);
            return NULL;
        }
    }

    return g_steal_pointer (&all);
}

OcRows *
oc_open_account_quote (OcDesk *desk, const OcOpenAsk *ask, OcMoney *due, GCancellable *cancellable, GError **error)
{
    g_autoptr(GPtrArray) meters = meters_by_slot (ask->meters, ask->n_meters);
    OcMoney total = { 0 };
    OcRows *rows = quote_meters (desk, 0, ask->household, meters, &total, cancellable, error);

    if (rows && due)
        *due = total;

    return rows;
}

OcRows *
oc_add_meter_quote (OcDesk *desk, const OcAddMeterAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(GPtrArray) meters = meters_by_slot (ask->meters, ask->n_meters);
    OcMoney total = { 0 };

    return quote_meters (desk, ask->customer, 0, meters, &total, cancellable, error);
}

/* In the background -------------------------------------------------------------------------------------------------- */

static OcQuoteAsk *
copy_ask (const OcQuoteAsk *ask)
{
    OcQuoteAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->user_type = g_strdup (ask->user_type);
    copy->model = g_strdup (ask->model);
    copy->price = g_strdup (ask->price);

    return copy;
}

static void
free_ask (OcQuoteAsk *ask)
{
    g_free ((char *) ask->user_type);
    g_free ((char *) ask->model);
    g_free ((char *) ask->price);
    g_free (ask);
}

OC_DEFINE_OP (oc_quote, OcRows, OcQuoteAsk, OC_DESK_QUERY, copy_ask, free_ask, g_object_unref)

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions of ops.h and desk.h that card screens call, and the two of the window. */
#include "till-desk.h"

#include "core/error.h"
#include "ui/window.h"

struct _OcDesk {
    GObject parent_instance;
    OcFields *session;
    OcProgress progress;
};
G_DEFINE_FINAL_TYPE (OcDesk, oc_desk, G_TYPE_OBJECT)

struct _OcReading {
    gatomicrefcount refs;
    char *state;
    OcRows *card, *meters, *trades;
    GPtrArray *groups;
};

TillWorld till_world;
static guint changed_signal;

static void
oc_desk_class_init (OcDeskClass *klass)
{
    changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL,
        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
oc_desk_init (OcDesk *self)
{
    self->session = oc_fields_new (NULL);
    oc_fields_set (self->session, "opening_fee", "10");
}

OcDesk *
till_desk_new (void)
{
    till_world = (TillWorld){ .reason = "" };
    return g_object_new (OC_TYPE_DESK, NULL);
}

static void
emit_card (OcDesk *desk)
{
    till_world.generation++;
    g_signal_emit (desk, changed_signal, g_quark_from_string ("card"), "card");
}

void
till_desk_put (OcDesk *desk, const char *state, gint64 customer)
{
    till_world.state = state;
    till_world.customer = customer;
    emit_card (desk);
}

void
till_desk_take (OcDesk *desk)
{
    till_world.state = NULL;
    emit_card (desk);
}

void
till_desk_set_away (OcDesk *desk, gboolean away)
{
    till_world.away = away;
    g_signal_emit (desk, changed_signal, g_quark_from_string ("database"), "database");
}

/* desk.h ---------------------------------------------------------------------------------------------------------- */

OcDeskPresence
oc_desk_get_presence (OcDesk *self)
{
    return till_world.state != NULL ? OC_DESK_CARD : OC_DESK_NO_CARD;
}

guint
oc_desk_get_card_generation (OcDesk *self)
{
    return till_world.generation;
}

gboolean
oc_desk_is_online (OcDesk *self)
{
    return !till_world.away;
}

OcFields *
oc_desk_get_session (OcDesk *self)
{
    return self->session;
}

gboolean
oc_desk_may (OcDesk *self, const char *permission)
{
    return TRUE;
}

OcTrouble
oc_trouble_of (const GError *error)
{
    if (error->domain == G_IO_ERROR)
        return error->code == G_IO_ERROR_CANCELLED ? OC_TROUBLE_CANCELLED : OC_TROUBLE_DATABASE;
    return error->code == OC_ERROR_UNPROVEN ? OC_TROUBLE_UNPROVEN : OC_TROUBLE_REFUSED;
}

char *
oc_request_id (void)
{
    return g_uuid_string_random ();
}

void
oc_desk_set_progress (OcDesk *desk, OcProgress progress, gpointer data)
{
    desk->progress = progress;
}

/* window.h --------------------------------------------------------------------------------------------------------- */

OcWindow *
oc_window_of (GtkWidget *widget)
{
    return NULL;
}

void
oc_window_set_last_outcome (OcWindow *self, const OcOutcome *outcome)
{
    g_assert_not_reached ();
}

/* Reading ------------------------------------------------------------------------------------------------------------ */

static OcRows *
make_rows (const char *const *names, const char *const *cells)
{
    OcRows *rows = oc_rows_new (names);

    if (cells != NULL)
        oc_rows_append (rows, cells);
    return rows;
}

static OcRows *
make_card (gboolean known)
{
    static const char *const names[] = { "customer", "name", "address", "phone", "note", "balance", "household", "state",
        "reason_code", "reason_params", "pending_job", "serving_operator", "serving_branch", NULL };
    g_autofree char *customer = g_strdup_printf ("%" G_GINT64_FORMAT, till_world.customer);
    gboolean doubt = g_str_equal (till_world.state, "in-doubt");
    const char *const cells[] = { known ? customer : NULL, known ? "吴敏" : NULL, known ? "没有地方" : NULL, NULL, NULL,
        known ? "0" : NULL, "3", till_world.state, doubt ? "OC031" : "", "", doubt ? "7a1e" : NULL, NULL, NULL };

    return make_rows (names, cells);
}

static OcRows *
make_meters (void)
{
    static const char *const names[] = { "sub_meter", "slot", "meter_type", "unit", "model", "by_money", "step", "meter",
        "user_type", "alarm_1", "alarm_2", "hoarding", "purchase_limit", "presale", "ct", "vt", "price_1", "price_2",
        "unit_price", "tiered", "switch_at", "purchase_count", "last_purchase", "last_purchase_at", "unread",
        "return_time", "remaining", "overdraft", "return_count", "state", "reason_code", "reason_text", NULL };
    const char *const electric[] = { "11", "1", "electricity", "kWh", "RT-dt", "t", "0.01", "000000000007", "居民用电",
        "100", "10", "1000", "500", "100", "1", "1", "居民电价", "居民电价", "0.4885", "f", "2015-03-13 00:00:00+08", "1",
        "100", "2015-03-13 12:44:00+08", till_world.unread ? "100" : "0", "2015-03-13 12:45:00+08", "110.5", "0", "1",
        "open", *till_world.reason != '\0' ? "OC023" : "", till_world.reason };
    static const char *const water[] = { "22", "2", "cold-water", "m³", "24C04接触式冷水表", "f", "0.1", "000000000008",
        "居民用水", "10", "5", "2000", "1000", "3", "1", "1", "居民水价", "居民水价", "4", "f", "2015-03-13 00:00:00+08",
        "1", "25", "2015-03-12 12:44:00+08", "0", "2015-03-13 12:45:00+08", "12.5", "0", "1", "open", "", "" };
    OcRows *rows = make_rows (names, electric);

    oc_rows_append (rows, water);
    return rows;
}

static OcReading *
make_reading (void)
{
    static const char *const trade_names[] = { "trade", "at", "kind", "sub_meter", "quantity", "card_amount", "received",
        "state", NULL };
    static const char *const trade[] = { "2", "2015-03-13 12:44:00+08", "purchase", "11", "204.7083", "100", "200",
        "effective" };
    gboolean known = till_world.customer != 0;
    OcReading *self = g_new0 (OcReading, 1);

    g_atomic_ref_count_init (&self->refs);
    self->state = g_strdup (till_world.state);
    self->card = make_card (known);
    self->meters = make_meters ();
    self->trades = make_rows (trade_names, trade);
    self->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) oc_fields_unref);
    g_ptr_array_add (self->groups, oc_fields_new ("Wallet"));
    oc_fields_set_full (self->groups->pdata[0], "purchase", "Purchase amount", "100.00", "00002710", "100");
    oc_fields_set_full (self->groups->pdata[0], "count", "Purchase count", "1", "00000001", "2");
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
    if (!g_atomic_ref_count_dec (&self->refs))
        return;
    g_free (self->state);
    g_object_unref (self->card);
    g_object_unref (self->meters);
    g_object_unref (self->trades);
    g_ptr_array_unref (self->groups);
    g_free (self);
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

gboolean
oc_reading_carries (OcReading *self, const char *family, const char *chip)
{
    return TRUE;
}

GError *
oc_reading_refusal (OcReading *self)
{
    if (g_str_equal (self->state, "current"))
        return NULL;
    return oc_error_new_code (g_str_equal (self->state, "in-doubt") ? "OC031" : g_str_equal (self->state, "dead") ? "OC022"
        : "OC020", NULL);
}

/* Acts ---------------------------------------------------------------------------------------------------------------- */

static GTask *
make_task (OcDesk *desk, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    return g_task_new (desk, cancellable, cb, data);
}

static gpointer
finish (GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer (G_TASK (result), error);
}

static void
return_away (GTask *task)
{
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "The database is not reached.");
}

void
oc_read_card_async (OcDesk *desk, const OcReadAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    g_autoptr(GTask) task = make_task (desk, cancellable, cb, data);

    till_world.n_reads++;
    if (till_world.away)
        return_away (task);
    else if (till_world.state != NULL)
        g_task_return_pointer (task, make_reading (), (GDestroyNotify) oc_reading_unref);
    else
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "gone");
}

OcReading *
oc_read_card_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return finish (result, error);
}

/* One line at 0.5 a unit; an opening has a presale of 100 beside it. */
static OcRows *
make_quote (const OcQuoteAsk *ask)
{
    static const char *const names[] = { "tier", "item_name", "quantity", "unit_price", "amount", "total_quantity",
        "total_amount", "due", "left_over", "card_amount", "presale", "presale_quantity", "presale_cost", "opening_fee", "due_total", NULL };
    OcMoney amount = ask->by_quantity ? (OcMoney){ ask->quantity.units / 2 } : ask->amount;
    OcQuantity quantity = ask->by_quantity ? ask->quantity : (OcQuantity){ ask->amount.units * 2 };
    g_autofree char *a = oc_money_to_decimal (amount);
    g_autofree char *q = oc_quantity_to_decimal (quantity);
    const char *const cells[] = { amount.units > 0 ? "1" : NULL, "电费", q, "0.5", a, q, a, a, "0", a, "100", "200", "100", "0", a };

    return make_rows (names, cells);
}

static gboolean
on_quote_cb (gpointer data)
{
    g_autoptr(GTask) task = data;
    OcRows *rows = g_task_get_task_data (task);

    if (!g_task_return_error_if_cancelled (task))
        g_task_return_pointer (task, g_object_ref (rows), g_object_unref);
    return G_SOURCE_REMOVE;
}

void
oc_quote_async (OcDesk *desk, const OcQuoteAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    GTask *task = make_task (desk, cancellable, cb, data);

    till_world.n_quotes++;
    till_world.already = ask->already;
    if (till_world.away) {
        return_away (task);
        g_object_unref (task);
        return;
    }
    if (ask->amount.units > 500 * OC_MONEY_UNITS) {
        g_task_return_error (task, oc_error_new_code ("OC011", (OcErrorParam[]){ { "limit", "500" }, { NULL, NULL } }));
        g_object_unref (task);
        return;
    }
    g_task_set_task_data (task, make_quote (ask), g_object_unref);
    g_timeout_add (till_world.quote_ms, on_quote_cb, task);
}

OcRows *
oc_quote_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return finish (result, error);
}

void
oc_outcome_free (OcOutcome *self)
{
    if (self == NULL)
        return;
    g_free (self->kind);
    oc_fields_unref (self->fields);
    g_clear_object (&self->trades);
    g_free (self->job);
    g_free (self);
}

static OcOutcome *
make_outcome (const char *kind)
{
    OcOutcome *self = g_new0 (OcOutcome, 1);

    self->kind = g_strdup (kind);
    self->fields = oc_fields_new (NULL);
    oc_fields_set (self->fields, "name", "吴敏");
    oc_fields_set (self->fields, "customer", "1");
    oc_fields_set (self->fields, "change", "0");
    oc_fields_set (self->fields, "state", "done");
    return self;
}

static void
end_act (OcDesk *desk, const char *kind, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    g_autoptr(GTask) task = make_task (desk, cancellable, cb, data);

    till_world.n_acts++;
    if (desk->progress != NULL)
        desk->progress ("booked", NULL);
    switch (till_world.act) {
    case TILL_ACT_DONE:
        g_task_return_pointer (task, make_outcome (kind), (GDestroyNotify) oc_outcome_free);
        break;
    case TILL_ACT_UNPROVEN:
        g_task_return_error (task, oc_error_new_code ("OC031", NULL));
        break;
    case TILL_ACT_REFUSED:
        g_task_return_error (task, oc_error_new_code ("OC012", NULL));
        break;
    case TILL_ACT_DUE_CHANGED:
        g_task_return_error (task, oc_error_new_code ("OC037", NULL));
        break;
    case TILL_ACT_NO_DATABASE:
        return_away (task);
        break;
    case TILL_ACT_METER_REFUSED:
        g_task_return_error (task, oc_error_new_code ("OC045",
            (OcErrorParam[]){ { "customer", "1" }, { "slot", "4" }, { NULL, NULL } }));
        break;
    default:
        g_assert_not_reached ();
    }
}

void
oc_purchase_async (OcDesk *desk, const OcPurchaseAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    g_assert_nonnull (ask->request_id);
    g_assert_nonnull (ask->reading);
    till_world.sold = ask->by_quantity ? (OcMoney){ ask->quantity.units } : ask->amount;
    till_world.by_quantity = ask->by_quantity;
    till_world.tendered = ask->tendered;
    till_world.sub_meter = ask->sub_meter;
    g_free (till_world.pay);
    till_world.pay = g_strdup (ask->pay);
    g_free (till_world.reference);
    till_world.reference = g_strdup (ask->reference);
    end_act (desk, "purchase", cancellable, cb, data);
}

OcOutcome *
oc_purchase_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return finish (result, error);
}

void
oc_open_account_async (OcDesk *desk, const OcOpenAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    till_world.n_meters_opened = ask->n_meters;
    till_world.tendered = ask->expected_due;
    g_free (till_world.opened_name);
    till_world.opened_name = g_strdup (ask->name);
    end_act (desk, "open", cancellable, cb, data);
}

OcOutcome *
oc_open_account_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return finish (result, error);
}

void
oc_unfinished_settle_async (OcDesk *desk, const OcSettleAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    g_autoptr(GTask) task = make_task (desk, cancellable, cb, data);

    g_assert_cmpstr (ask->job, ==, "7a1e");
    till_world.n_settles++;
    till_world.state = "current";
    g_task_return_pointer (task, make_outcome ("purchase"), (GDestroyNotify) oc_outcome_free);
}

OcOutcome *
oc_unfinished_settle_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return finish (result, error);
}

/* Lists --------------------------------------------------------------------------------------------------------------- */

static OcRows *
make_list (const char *list)
{
    static const char *const slot_names[] = { "slot", "meter_type", "unit", "sub_meter", NULL };
    static const char *const slot_cells[] = { "1", "electricity", "kWh", "11" };
    static const char *const slot_cells_2[] = { "2", "cold-water", "m³", "22" };
    static const char *const slot_cells_4[] = { "4", "electricity", "kWh", "14" };
    static const char *const model_names[] = { "name", "meter_type", "family", "chip", "ct", "vt", "active", NULL };
    static const char *const model_cells[] = { "RT-dt", "electricity", "cpu", "cpu", "1", "1", "t" };
    static const char *const type_names[] = { "name", "meter_type", "alarm_1", "alarm_2", "hoarding", "presale",
        "purchase_limit", "active", NULL };
    static const char *const type_cells[] = { "居民用电", "electricity", "100", "10", "1000", "100", "500", "t" };
    static const char *const price_names[] = { "name", "meter_type", "tiered", "active", NULL };
    const char *const price_cells[] = { "居民电价", "electricity", till_world.tiered ? "t" : "f", "t" };
    OcRows *rows;

    if (g_str_equal (list, "meter_models"))
        return make_rows (model_names, model_cells);
    if (g_str_equal (list, "user_types"))
        return make_rows (type_names, type_cells);
    if (g_str_equal (list, "prices"))
        return make_rows (price_names, price_cells);
    rows = make_rows (slot_names, slot_cells);
    oc_rows_append (rows, slot_cells_2);
    oc_rows_append (rows, slot_cells_4);
    return rows;
}

void
oc_list_async (OcDesk *desk, const char *list, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    g_autoptr(GTask) task = make_task (desk, cancellable, cb, data);

    g_task_return_pointer (task, make_list (list), g_object_unref);
}

OcRows *
oc_list_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return finish (result, error);
}

void
oc_pre_registered_find_async (OcDesk *desk, const OcFindAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    g_assert_not_reached (); /* the test opens accounts of people who are new */
}

OcRows *
oc_pre_registered_find_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    g_assert_not_reached ();
}

void
oc_customers_find_async (OcDesk *desk, const OcFindAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    g_assert_not_reached (); /* the test opens accounts of people who are new */
}

OcRows *
oc_customers_find_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    g_assert_not_reached ();
}

/* A second person ---------------------------------------------------------------------------------------------------- */

void
oc_approve_async (OcDesk *desk, const OcApproveAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
    GTask *task = make_task (desk, cancellable, cb, data);

    till_world.n_approvals++;
    g_task_return_boolean (task, TRUE);
    g_object_unref (task);
}

gboolean
oc_approve_finish (OcDesk *desk, GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean (G_TASK (result), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Daily work on customers: found, looked at, edited; their meters' user types and prices; their cards lost and found; barred and released.
 * Each act is one call; the rules are the database's. */
#include <string.h>

#include "core/error.h"
#include "ops/desk-private.h"

/* Finding -------------------------------------------------------------------------------------------------------- */

static OcFindAsk *
copy_find (const OcFindAsk *ask)
{
    OcFindAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->text = g_strdup (ask->text);

    return copy;
}

static void
free_find (OcFindAsk *ask)
{
    g_free ((char *) ask->text);
    g_free (ask);
}

static OcRows *
find (OcDesk *desk, const char *name, const OcFindAsk *ask, GCancellable *cancellable, GError **error)
{
    const OcArg args[] = { oc_text (ask->text), oc_int (ask->limit) };
    OcRows *rows = NULL;

    return oc_desk_ask_args (desk, name, args, G_N_ELEMENTS (args), &rows, cancellable, error) ? rows : NULL;
}

OcRows *
oc_customers_find (OcDesk *desk, const OcFindAsk *ask, GCancellable *cancellable, GError **error)
{
    return find (desk, "customers_find", ask, cancellable, error);
}

OcRows *
oc_pre_registered_find (OcDesk *desk, const OcFindAsk *ask, GCancellable *cancellable, GError **error)
{
    return find (desk, "pre_registered_find", ask, cancellable, error);
}

OC_DEFINE_OP (oc_customers_find, OcRows, OcFindAsk, OC_DESK_QUERY, copy_find, free_find, g_object_unref)
OC_DEFINE_OP (oc_pre_registered_find, OcRows, OcFindAsk, OC_DESK_QUERY, copy_find, free_find, g_object_unref)

/* One customer --------------------------------------------------------------------------------------------------- */

static OcCustomerAsk *
copy_customer (const OcCustomerAsk *ask)
{
    OcCustomerAsk *copy = g_memdup2 (ask, sizeof *ask);

    if (ask->form)
        oc_fields_ref (copy->form);

    return copy;
}

static void
free_customer (OcCustomerAsk *ask)
{
    g_clear_pointer (&ask->form, oc_fields_unref);
    g_free (ask);
}

static OcRows *
look (OcDesk *desk, const char *name, const OcCustomerAsk *ask, GCancellable *cancellable, GError **error)
{
    const OcArg args[] = { oc_int (ask->number) };
    OcRows *rows = NULL;

    return oc_desk_ask_args (desk, name, args, 1, &rows, cancellable, error) ? rows : NULL;
}

OcRows *
oc_customer (OcDesk *desk, const OcCustomerAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(OcRows) rows = look (desk, "customer", ask, cancellable, error);

    if (rows && oc_rows_count (rows) == 0) {
        oc_error_set (error, "OC050", NULL);
        return NULL;
    }

    return g_steal_pointer (&rows);
}

OcRows *
oc_customer_meters (OcDesk *desk, const OcCustomerAsk *ask, GCancellable *cancellable, GError **error)
{
    return look (desk, "customer_meters", ask, cancellable, error);
}

/* The form's household, 0 for none. */
static gboolean
parse_household (const OcFields *form, gint64 *persons, GError **error)
{
    const char *text = oc_fields_get (form, "household");

    *persons = 0;

    return text == NULL || *text == '\0' || g_ascii_string_to_signed (text, 10, 1, 99, persons, NULL)
        || oc_error_set (error, "OC053", NULL);
}

/* Changes; who shows customers looks again. */
static OcRows *
change (OcDesk *desk, const char *name, const OcArg *args, gsize n, GCancellable *cancellable, GError **error)
{
    OcRows *rows = NULL;

    if (!oc_desk_call_args (desk, name, args, n, &rows, cancellable, error))
        return NULL;
    oc_desk_emit (desk, "customers");

    return rows;
}

static OcRows *
save (OcDesk *desk, const char *name, const OcCustomerAsk *ask, GCancellable *cancellable, GError **error)
{
    gint64 household;

    if (!parse_household (ask->form, &household, error))
        return NULL;

    const OcArg args[] = {
        ask->number ? oc_int (ask->number) : oc_null (OC_ARG_INT), ask->row_version ? oc_int (ask->row_version) : oc_null (OC_ARG_INT),
        oc_text (oc_fields_get (ask->form, "name")), oc_text (oc_fields_get (ask->form, "address")),
        oc_text (oc_fields_get (ask->form, "phone")), oc_text (oc_fields_get (ask->form, "id_kind")),
        oc_text (oc_fields_get (ask->form, "id_number")), oc_text (oc_fields_get (ask->form, "district")),
        household ? oc_int (household) : oc_null (OC_ARG_INT), oc_text (oc_fields_get (ask->form, "permanent_number")),
        oc_text (oc_fields_get (ask->form, "note")),
    };

    return change (desk, name, args, G_N_ELEMENTS (args), cancellable, error);
}

OcRows *
oc_customer_save (OcDesk *desk, const OcCustomerAsk *ask, GCancellable *cancellable, GError **error)
{
    return save (desk, "customer_edit", ask, cancellable, error);
}

OcRows *
oc_pre_registered_save (OcDesk *desk, const OcCustomerAsk *ask, GCancellable *cancellable, GError **error)
{
    return save (desk, "pre_registered_save", ask, cancellable, error);
}

OcRows *
oc_pre_registered_delete (OcDesk *desk, const OcCustomerAsk *ask, GCancellable *cancellable, GError **error)
{
    const OcArg args[] = { oc_int (ask->number), ask->row_version ? oc_int (ask->row_version) : oc_null (OC_ARG_INT) };

    return change (desk, "pre_registered_delete", args, G_N_ELEMENTS (args), cancellable, error);
}

OcRows *
oc_card_lost (OcDesk *desk, const OcCustomerAsk *ask, GCancellable *cancellable, GError **error)
{
    const OcArg args[] = { oc_int (ask->number) };

    return change (desk, "card_lost", args, 1, cancellable, error);
}

OcRows *
oc_card_found (OcDesk *desk, const OcCustomerAsk *ask, GCancellable *cancellable, GError **error)
{
    const OcArg args[] = { oc_int (ask->number) };

    return change (desk, "card_found", args, 1, cancellable, error);
}

OC_DEFINE_OP (oc_customer, OcRows, OcCustomerAsk, OC_DESK_QUERY, copy_customer, free_customer, g_object_unref)
OC_DEFINE_OP (oc_customer_meters, OcRows, OcCustomerAsk, OC_DESK_QUERY, copy_customer, free_customer, g_object_unref)
OC_DEFINE_OP (oc_customer_save, OcRows, OcCustomerAsk, OC_DESK_COUNTER, copy_customer, free_customer, g_object_unref)
OC_DEFINE_OP (oc_pre_registered_save, OcRows, OcCustomerAsk, OC_DESK_COUNTER, copy_customer, free_customer, g_object_unref)
OC_DEFINE_OP (oc_pre_registered_delete, OcRows, OcCustomerAsk, OC_DESK_COUNTER, copy_customer, free_customer, g_object_unref)
OC_DEFINE_OP (oc_card_lost, OcRows, OcCustomerAsk, OC_DESK_COUNTER, copy_customer, free_customer, g_object_unref)
OC_DEFINE_OP (oc_card_found, OcRows, OcCustomerAsk, OC_DESK_COUNTER, copy_customer, free_customer, g_object_unref)

/* One meter ------------------------------------------------------------------------------------------------------ */

static OcMeterAsk *
copy_meter (const OcMeterAsk *ask)
{
    OcMeterAsk *copy = g_memdup2 (ask, sizeof *ask);

    copy->meter = g_strdup (ask->meter);
    copy->reason = g_strdup (ask->reason);
    copy->user_type = g_strdup (ask->user_type);
    copy->price = g_strdup (ask->price);
    copy->price_2 = g_strdup (ask->price_2);
    copy->switch_at = g_strdup (ask->switch_at);

    return copy;
}

static void
free_meter (OcMeterAsk *ask)
{
    g_free ((char *) ask->meter);
    g_free ((char *) ask->reason);
    g_free ((char *) ask->user_type);
    g_free ((char *) ask->price);
    g_free ((char *) ask->price_2);
    g_free ((char *) ask->switch_at);
    g_free (ask);
}

OcRows *
oc_meter_change (OcDesk *desk, const OcMeterAsk *ask, GCancellable *cancellable, GError **error)
{
    const OcArg args[] = {
        oc_int (ask->customer), oc_int (ask->sub_meter), oc_text (ask->user_type), oc_text (ask->price), oc_text (ask->price_2),
        oc_time (ask->switch_at),
    };

    return change (desk, "meter_change", args, G_N_ELEMENTS (args), cancellable, error);
}

OcRows *
oc_blacklist_add (OcDesk *desk, const OcMeterAsk *ask, GCancellable *cancellable, GError **error)
{
    const OcArg args[] = { oc_int (ask->customer), oc_text (ask->meter), oc_text (ask->reason) };

    return change (desk, "blacklist_add", args, G_N_ELEMENTS (args), cancellable, error);
}

OcRows *
oc_blacklist_remove (OcDesk *desk, const OcMeterAsk *ask, GCancellable *cancellable, GError **error)
{
    const OcArg args[] = { oc_int (ask->customer), oc_text (ask->meter), oc_text (ask->reason) };

    return change (desk, "blacklist_remove", args, G_N_ELEMENTS (args), cancellable, error);
}

OcRows *
oc_blacklist_suspects (OcDesk *desk, const OcFindAsk *ask, GCancellable *cancellable, GError **error)
{
    OcRows *rows = NULL;

    return oc_desk_ask (desk, "blacklist_suspects", &rows, cancellable, error, oc_int (ask->days), oc_int (ask->limit)) ? rows : NULL;
}

OC_DEFINE_OP (oc_meter_change, OcRows, OcMeterAsk, OC_DESK_COUNTER, copy_meter, free_meter, g_object_unref)
OC_DEFINE_OP (oc_blacklist_add, OcRows, OcMeterAsk, OC_DESK_COUNTER, copy_meter, free_meter, g_object_unref)
OC_DEFINE_OP (oc_blacklist_remove, OcRows, OcMeterAsk, OC_DESK_COUNTER, copy_meter, free_meter, g_object_unref)
OC_DEFINE_OP (oc_blacklist_suspects, OcRows, OcFindAsk, OC_DESK_QUERY, copy_find, free_find, g_object_unref)

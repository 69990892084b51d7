/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "seal/bytes.h"
#include "sim/meter-private.h"

static const struct {
    const char *name;
    guint code;
} types[] = { { "electricity", 1 }, { "cold-water", 2 }, { "gas", 3 }, { "hot-water", 4 }, { "heat", 5 } };

static guint
find_type (const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
        if (g_strcmp0 (types[i].name, name) == 0)
            return types[i].code;
    }
    return 0;
}

static void
add_text (JsonBuilder *b, const char *member, const char *value)
{
    json_builder_set_member_name (b, member);
    json_builder_add_string_value (b, value);
}

static void
add_number (JsonBuilder *b, const char *member, gint64 value)
{
    json_builder_set_member_name (b, member);
    json_builder_add_int_value (b, value);
}

static void
add_boolean (JsonBuilder *b, const char *member, gboolean value)
{
    json_builder_set_member_name (b, member);
    json_builder_add_boolean_value (b, value);
}

static void
add_numbers (JsonBuilder *b, const char *member, const gint64 *values, guint n)
{
    json_builder_set_member_name (b, member);
    json_builder_begin_array (b);
    for (guint i = 0; i < n; i++)
        json_builder_add_int_value (b, values[i]);
    json_builder_end_array (b);
}

static void
add_parameters (JsonBuilder *b, const MeterParameters *p)
{
    add_number (b, "step", p->step);
    add_number (b, "hoarding", p->hoarding);
    add_number (b, "overdraft_limit", p->overdraft_limit);
    add_number (b, "alarm_1", p->alarm_1);
    add_number (b, "alarm_2", p->alarm_2);
    add_number (b, "pulse_constant", p->pulse_constant);
    add_text (b, "user_type", p->user_type);
    add_text (b, "billing", p->billing);
    add_text (b, "switch_time", p->switch_time);
    add_text (b, "ct", p->ct);
    add_text (b, "vt", p->vt);
    json_builder_set_member_name (b, "prices");
    json_builder_begin_array (b);
    for (guint i = 0; i < G_N_ELEMENTS (p->prices); i++) {
        json_builder_begin_object (b);
        add_number (b, "rate", p->prices[i].rate);
        add_numbers (b, "price", p->prices[i].price, METER_TIERS);
        add_numbers (b, "limit", p->prices[i].limit, METER_TIERS);
        add_text (b, "settlement", p->prices[i].settlement);
        json_builder_end_object (b);
    }
    json_builder_end_array (b);
}

/* By version: the newest, and the one before it. */
static const char *const key_members[2][5] = {
    { "key-internal", "key-external", "key-mac", "key-area", "psc" },
    { "key-internal-before", "key-external-before", "key-mac-before", "key-area-before", "psc-before" },
};

static void
add_keys (JsonBuilder *b, const OcSimMeter *self, const OcSimKeys *keys, guint version)
{
    const char *const *names = key_members[version];

    if (self->is_cpu) {
        oc_sim_json_add_bytes (b, names[0], keys->internal, 16);
        oc_sim_json_add_bytes (b, names[1], keys->external, 16);
        oc_sim_json_add_bytes (b, names[2], keys->mac, 16);
    } else {
        oc_sim_json_add_bytes (b, names[3], keys->area, keys->area_len);
        oc_sim_json_add_bytes (b, names[4], keys->psc, sizeof keys->psc);
    }
}

static JsonBuilder *
to_json (const OcSimMeter *self)
{
    JsonBuilder *b = json_builder_new ();

    json_builder_begin_object (b);
    add_text (b, "onecard-sim", "meter");
    add_number (b, "version", 1);
    add_text (b, "layout", self->layout);
    add_text (b, "type", self->type);
    add_text (b, "number", self->number);
    add_keys (b, self, &self->keys, 0);
    if (self->has_before)
        add_keys (b, self, &self->before, 1);
    add_boolean (b, "opened", self->opened);
    add_text (b, "customer", self->customer);
    add_text (b, "card", self->card);
    json_builder_set_member_name (b, "retired");
    json_builder_begin_array (b);
    for (guint i = 0; i < self->retired->len; i++)
        json_builder_add_string_value (b, g_ptr_array_index (self->retired, i));
    json_builder_end_array (b);
    add_number (b, "issue", self->issue);
    add_number (b, "count", (gint64) self->count);
    add_number (b, "remaining", self->remaining);
    add_number (b, "credited", self->credited);
    add_number (b, "used", self->used);
    add_number (b, "purchase", self->purchase);
    add_text (b, "month", self->month);
    add_text (b, "year", self->year);
    add_number (b, "period_used", self->period_used);
    add_numbers (b, "months", self->months, METER_MONTHS);
    add_parameters (b, &self->in_force);
    add_boolean (b, "acknowledged", self->acknowledged);
    add_boolean (b, "broken", self->broken);
    add_number (b, "illegal_insertions", self->illegal_insertions);
    json_builder_end_object (b);
    return b;
}

static void
get_text (JsonObject *o, const char *member, char *out, gsize room)
{
    g_strlcpy (out, json_object_get_string_member_with_default (o, member, ""), room);
}

static gint64
get_number (JsonObject *o, const char *member)
{
    return json_object_get_int_member_with_default (o, member, 0);
}

static JsonArray *
get_array (JsonObject *o, const char *member)
{
    JsonNode *node = json_object_get_member (o, member);

    return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static void
get_numbers (JsonObject *o, const char *member, gint64 *values, guint n)
{
    JsonArray *array = get_array (o, member);

    for (guint i = 0; array != NULL && i < MIN (n, json_array_get_length (array)); i++)
        values[i] = json_array_get_int_element (array, i);
}

static void
get_parameters (JsonObject *o, MeterParameters *p)
{
    JsonArray *prices = get_array (o, "prices");

    p->step = get_number (o, "step");
    p->hoarding = get_number (o, "hoarding");
    p->overdraft_limit = get_number (o, "overdraft_limit");
    p->alarm_1 = get_number (o, "alarm_1");
    p->alarm_2 = get_number (o, "alarm_2");
    p->pulse_constant = get_number (o, "pulse_constant");
    get_text (o, "user_type", p->user_type, sizeof p->user_type);
    get_text (o, "billing", p->billing, sizeof p->billing);
    get_text (o, "switch_time", p->switch_time, sizeof p->switch_time);
    get_text (o, "ct", p->ct, sizeof p->ct);
    get_text (o, "vt", p->vt, sizeof p->vt);
    for (guint i = 0; prices != NULL && i < MIN (G_N_ELEMENTS (p->prices), json_array_get_length (prices)); i++) {
        JsonNode *node = json_array_get_element (prices, i);

        if (!JSON_NODE_HOLDS_OBJECT (node))
            continue;
        p->prices[i].rate = get_number (json_node_get_object (node), "rate");
        get_numbers (json_node_get_object (node), "price", p->prices[i].price, METER_TIERS);
        get_numbers (json_node_get_object (node), "limit", p->prices[i].limit, METER_TIERS);
        get_text (json_node_get_object (node), "settlement", p->prices[i].settlement, sizeof p->prices[i].settlement);
    }
}

static gboolean
get_keys (JsonObject *o, const OcSimMeter *self, OcSimKeys *keys, guint version)
{
    const char *area = json_object_get_string_member_with_default (o, key_members[version][3], "");

    if (self->is_cpu) {
        keys->cpu = oc_sim_json_bytes (o, key_members[version][0], keys->internal, 16)
            && oc_sim_json_bytes (o, key_members[version][1], keys->external, 16)
            && oc_sim_json_bytes (o, key_members[version][2], keys->mac, 16);
        return keys->cpu;
    }
    keys->area_len = strlen (area) == 32 ? 16 : 32;
    return oc_sim_json_bytes (o, key_members[version][3], keys->area, keys->area_len)
        && oc_sim_json_bytes (o, key_members[version][4], keys->psc, sizeof keys->psc);
}

static gboolean
keys_from_json (OcSimMeter *self, JsonObject *o)
{
    self->has_before = json_object_has_member (o, key_members[1][self->is_cpu ? 0 : 3]);
    return get_keys (o, self, &self->keys, 0) && (!self->has_before || get_keys (o, self, &self->before, 1));
}

static gboolean
from_json (OcSimMeter *self, JsonObject *o)
{
    JsonArray *retired = json_object_has_member (o, "retired") ? json_object_get_array_member (o, "retired") : NULL;

    get_text (o, "layout", self->layout, sizeof self->layout);
    if ((self->plan = oc_layout_find (self->layout)) == NULL)
        return FALSE;
    self->is_cpu = g_str_equal (self->plan->family, "cpu");
    get_text (o, "type", self->type, sizeof self->type);
    self->type_code = find_type (self->type);
    get_text (o, "number", self->number, sizeof self->number);
    get_text (o, "customer", self->customer, sizeof self->customer);
    get_text (o, "card", self->card, sizeof self->card);
    for (guint i = 0; retired != NULL && i < json_array_get_length (retired); i++)
        g_ptr_array_add (self->retired, g_strdup (json_array_get_string_element (retired, i)));
    self->opened = json_object_get_boolean_member_with_default (o, "opened", FALSE);
    self->issue = (guint) get_number (o, "issue");
    self->count = (guint64) get_number (o, "count");
    self->remaining = get_number (o, "remaining");
    self->credited = get_number (o, "credited");
    self->used = get_number (o, "used");
    self->purchase = get_number (o, "purchase");
    get_text (o, "month", self->month, sizeof self->month);
    get_text (o, "year", self->year, sizeof self->year);
    self->period_used = get_number (o, "period_used");
    get_numbers (o, "months", self->months, METER_MONTHS);
    get_parameters (o, &self->in_force);
    self->acknowledged = json_object_get_boolean_member_with_default (o, "acknowledged", FALSE);
    self->broken = json_object_get_boolean_member_with_default (o, "broken", FALSE);
    self->illegal_insertions = (guint) get_number (o, "illegal_insertions");
    return self->type_code != 0 && strlen (self->number) == METER_NUMBER && keys_from_json (self, o);
}

static OcSimMeter *
meter_alloc (void)
{
    OcSimMeter *self = g_new0 (OcSimMeter, 1);

    oc_sim_keys_init (&self->keys);
    self->retired = g_ptr_array_new_with_free_func (g_free);
    return self;
}

static gboolean
refuse_make (GError **error, const char *text)
{
    g_set_error_literal (error, OC_SIM_ERROR, OC_SIM_ERROR_USE, text);
    return FALSE;
}

gboolean
oc_sim_meter_make (const char *path, const OcSimMeterMake *make, GError **error)
{
    g_autoptr(OcSimMeter) self = meter_alloc ();
    g_autoptr(JsonBuilder) content = NULL;
    const OcLayout *layout = make->layout != NULL ? oc_layout_find (make->layout) : NULL;
    gboolean cpu = layout != NULL && g_str_equal (layout->family, "cpu");
    const char *type = make->type != NULL ? make->type : layout == NULL || *layout->meter_types == NULL ? "cold-water" : *layout->meter_types;

    if (layout == NULL)
        return refuse_make (error, _("There is no such card layout. A site's own are in the folder “cards” of its data."));
    if (make->number == NULL || strlen (make->number) != METER_NUMBER
        || strspn (make->number, "0123456789") != METER_NUMBER)
        return refuse_make (error, _("A meter number has 12 digits."));
    if (find_type (type) == 0 || !oc_layout_serves (layout, type))
        return refuse_make (error, _("This layout has no such meter type."));
    if (make->keys == NULL || (cpu ? !make->keys->cpu : make->keys->area_len == 0))
        return refuse_make (error, _("A meter needs the keys of its layout."));
    if (make->presale < 0 || make->hoarding < 0)
        return refuse_make (error, _("Presale and hoarding limit can't be negative."));
    g_strlcpy (self->layout, make->layout, sizeof self->layout);
    g_strlcpy (self->type, type, sizeof self->type);
    g_strlcpy (self->number, make->number, sizeof self->number);
    self->is_cpu = cpu;
    self->keys = *make->keys;
    self->remaining = make->presale;
    self->in_force = (MeterParameters){ .hoarding = make->hoarding, .user_type = "00", .billing = "00", .switch_time = "0000000000",
        .ct = "000001", .vt = "000001", .pulse_constant = 10000 };
    for (guint i = 0; i < G_N_ELEMENTS (self->in_force.prices); i++)
        g_strlcpy (self->in_force.prices[i].settlement, "010100", sizeof self->in_force.prices[i].settlement);
    g_strlcpy (self->customer, "000000000000", sizeof self->customer);
    content = to_json (self);
    return oc_sim_file_create (path, content, error);
}

static OcSimMeter *
open_meter (const char *path, gboolean lock, GError **error)
{
    g_autoptr(OcSimMeter) self = meter_alloc ();
    g_autoptr(JsonObject) root = NULL;

    if (!(self->file = oc_sim_file_open (path, "meter", lock, &root, error)))
        return NULL;
    if (!from_json (self, root)) {
        g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_FORMAT, _("“%s”: the simulated meter is damaged."), path);
        return NULL;
    }
    return g_steal_pointer (&self);
}

OcSimMeter *
oc_sim_meter_open (const char *path, GError **error)
{
    return open_meter (path, TRUE, error);
}

OcSimMeter *
oc_sim_meter_peek (const char *path, GError **error)
{
    return open_meter (path, FALSE, error);
}

void
oc_sim_meter_free (OcSimMeter *self)
{
    oc_sim_file_free (self->file);
    oc_sim_keys_clear (&self->keys);
    oc_sim_keys_clear (&self->before);
    g_ptr_array_unref (self->retired);
    g_free (self);
}

gboolean
meter_save (OcSimMeter *self, GError **error)
{
    g_autoptr(JsonBuilder) content = to_json (self);

    return oc_sim_file_replace (self->file, content, error);
}

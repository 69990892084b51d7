/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Customers as schema api keeps them, after the two stories of sale.sql. */
#include "fixture.h"

#include "core/text.h"

static OcTestDb *base;

/* The database's letters are the program's, for every character that there is. */
static void
test_initials (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autoptr(OcRows) rows = api_rows (owner,
        "select chr(c) as character, onecard.initials(chr(c)) as initials from generate_series(1, 66000) c where c not between 55296 and 57343");

    g_assert_cmpuint (oc_rows_count (rows), >, 60000);
    for (guint i = 0; i < oc_rows_count (rows); i++) {
        g_autofree char *initials = oc_text_initials (oc_rows_text (rows, i, "character"));

        if (g_strcmp0 (initials, oc_rows_text (rows, i, "initials")) != 0)
            g_test_fail_printf ("%s: “%s”, not “%s”", oc_rows_text (rows, i, "character"), oc_rows_text (rows, i, "initials"), initials);
    }
}

/* A name gets its initials whoever writes it, and anew when the table of letters changed. */
static void
test_initials_follow (void)
{
    g_autoptr(OcTestDb) db = api_demo_new ();
    g_autoptr(OcDb) owner = oc_test_db_owner (db);

    oc_test_sql (owner, "insert into onecard.customer (name, address, branch, operator) values ('单雄信', '街', 1001, 1001)");
    api_expect_value (owner, "select initials from onecard.customer", "sxx");
    oc_test_sql (owner, "update onecard.customer set name = 'Zoë 李'");
    api_expect_value (owner, "select initials from onecard.customer", "zol");
    oc_test_sql (owner, "update onecard.pinyin_initial set letters = repeat('q', 64) where block = ascii('李') / 64; update onecard.customer set name = name");
    api_expect_value (owner, "select initials from onecard.customer", "zoq");
    oc_test_sql (owner, "select rules.load_initials((select string_agg(to_hex(block * 64) || ' ' || case block when ascii('李') / 64 then"
        " overlay(letters placing 'l' from ascii('李') % 64 + 1) else letters end, chr(10)) from onecard.pinyin_initial))");
    api_expect_value (owner, "select initials from onecard.customer", "zol");
}

/* Editing --------------------------------------------------------------------------------------------------------- */

#define EDIT(version, name, household, note) "select row_version::text from api.customer_edit(2, " version ", " name ", null, null, null, null, null, " \
    household ", null, " note ")"
/* Puts an end to the sales that sale.sql has begun. */
#define UNDO "update onecard.card_job_meter set pending = false; update onecard.card_job set state = 'undone', finished_at = now() where state = 'pending';" \
    " update onecard.trade set state = 'void' where state = 'pending'"
#define READ "api.card_read('cpu', null, '\\x1122334455667788', test.areas('cpu'), test.bytes('cpu'))"
#define SELL(n) "select test.purchase('cpu', '00000000-0000-4000-8000-0000000000f" n "', false)"

typedef struct {
    OcTestDb *db;
    OcDb *owner, *clerk, *administrator;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
    self->db = api_demo_new ();
    api_script (self->db, "sale.sql");
    self->owner = oc_test_db_owner (self->db);
    self->clerk = api_operator (self->db, 1002);
    self->administrator = api_operator (self->db, 1001);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    g_autofree char *broken = api_broken (self->owner);

    if (data == NULL)
        g_assert_cmpstr (broken, ==, "");
    oc_db_free (self->owner);
    oc_db_free (self->clerk);
    oc_db_free (self->administrator);
    oc_test_db_free (self->db);
}

static void
test_edit (Fixture *self, gconstpointer data)
{
    api_expect_value (self->clerk, "select concat_ws('|', row_version, name, address, id_number, household, note, card_state) from api.customer(2)",
        "1|吴敏|没有地方|**************1234|3||current");
    oc_test_sql (self->owner, "delete from onecard.role_permission where permission = 'edit-customer'");
    api_expect (self->clerk, EDIT ("1", "'吴明'", "5", "'狗'"), "OC001");
    oc_test_sql (self->owner, "insert into onecard.role_permission select id, 'edit-customer' from onecard.role where name = '营业员'");
    api_expect_value (self->clerk, EDIT ("1", "' 吴明 '", "5", "'狗'"), "2");
    api_expect_value (self->clerk, "select concat_ws('|', row_version, name, address, id_number, household, note) from api.customer(2)",
        "2|吴明|没有地方|**************1234|5|狗");
    api_expect_value (self->owner, "select id_number || ' ' || initials from onecard.customer where number = 2", "510102199001011234 wm");
    api_expect_value (self->owner, "select string_agg(concat_ws(' ', operator, what, key, before ->> 'name', after ->> 'name'), '; ') from onecard.audit"
        " where what = 'customer'", "onecard_1002 customer 2 吴敏 吴明");
    /* somebody else was there before */
    api_expect (self->clerk, EDIT ("1", "'吴三'", "null", "null"), "OC152");
    api_expect_value (self->clerk, EDIT ("null", "'吴三'", "null", "''"), "3");
    /* nothing changed, but it was saved */
    api_expect_value (self->clerk, EDIT ("3", "'吴三'", "null", "null"), "4");
    api_expect_value (self->owner, "select count(*)::text from onecard.audit where what = 'customer'", "2");
}

/* Every field of the form with what it refuses; the same rules for both ways in. */
static void
test_bad_input (Fixture *self, gconstpointer data)
{
    static const struct {
        const char *name, *address, *phone, *household, *note, *code;
    } cases[] = {
        { "''", "'a'", "''", "null", "''", "OC040" }, { "'  '", "'a'", "''", "null", "''", "OC040" },
        { "repeat('吴', 101)", "'a'", "''", "null", "''", "OC042" }, { "E'a\\nb'", "'a'", "''", "null", "''", "OC042" },
        { "'a'", "' '", "''", "null", "''", "OC041" }, { "'a'", "repeat('x', 201)", "''", "null", "''", "OC042" },
        { "'a'", "'b'", "repeat('1', 51)", "null", "''", "OC042" }, { "'a'", "'b'", "E'1\\t2'", "null", "''", "OC042" },
        { "'a'", "'b'", "''", "0", "''", "OC053" }, { "'a'", "'b'", "''", "100", "''", "OC053" }, { "'a'", "'b'", "''", "-1", "''", "OC053" },
        { "'a'", "'b'", "''", "null", "repeat('n', 501)", "OC042" },
        { "'a'", "'b'", "'<b>&\"\\'", "99", "repeat('n', 500)", "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *edit = g_strdup_printf ("select api.customer_edit(1, null, %s, %s, %s, '', '', '', %s, '', %s)", cases[i].name, cases[i].address,
            cases[i].phone, cases[i].household, cases[i].note);
        g_autofree char *save = g_strdup_printf ("select api.pre_registered_save(null, null, %s, %s, %s, '', '', '', %s, '', %s)", cases[i].name,
            cases[i].address, cases[i].phone, cases[i].household, cases[i].note);

        api_expect (self->administrator, edit, cases[i].code);
        api_expect (self->administrator, save, cases[i].code);
    }
    api_expect (self->administrator, "select api.customer_edit(99, null, 'a', 'b', '', '', '', '', null, '', '')", "OC050");
    api_expect (self->administrator, "select api.customer_edit(null, null, 'a', 'b', '', '', '', '', null, '', '')", "OC050");
}

static void
test_meter_change (Fixture *self, gconstpointer data)
{
    OcDb *administrator = self->administrator;

    oc_test_sql (self->owner, "insert into onecard.user_type (name, meter_type, alarm_1, alarm_2, hoarding, purchase_limit) values ('商业用电', 1, 9, 1, 900, 90);"
        " select admin.flat_price(1, '商业电价', '电价', 0.9)");
    api_expect (administrator, "select api.meter_change(2, 11, '居民用水', null, null, null)", "OC047");
    api_expect (administrator, "select api.meter_change(2, 11, null, '居民水价', null, null)", "OC047");
    api_expect (administrator, "select api.meter_change(2, 22, null, null, null, null)", "OC029");
    api_expect (administrator, "select api.meter_change(2, null, null, null, null, null)", "OC029");
    api_expect (administrator, "select api.meter_change(99, 11, null, null, null, null)", "OC050");
    api_expect (administrator, "select api.meter_change(2, 11, '商业用电', '商业电价', null, '2030-01-01 00:00:30+08')", "");
    api_expect_value (administrator, "select concat_ws('|', meter, user_type, price_1, price_2, switch_at = '2030-01-01 00:00+08') from api.customer_meters(2)",
        "000000000007|商业用电|商业电价|居民电价|t");
    api_expect_value (self->owner, "select count(*)::text from onecard.audit where what = 'meter'", "1");
}

/* Lost and found ---------------------------------------------------------------------------------------------------- */

static void
test_lost (Fixture *self, gconstpointer data)
{
    OcDb *clerk = self->clerk;

    api_expect (clerk, "select api.card_lost(2)", "OC030"); /* a sale on it is begun, by another process */
    oc_test_sql (self->owner, "update onecard.card_job set lease_until = now() where state = 'pending'");
    api_expect (clerk, "select api.card_lost(2)", "OC031");
    oc_test_sql (self->owner, UNDO);
    api_expect (clerk, "select api.card_found(2)", "OC156");
    api_expect_value (clerk, "select card from api.card_lost(2)", "1122334455667788");
    api_expect (clerk, "select api.card_lost(2)", "OC155");
    api_expect_value (clerk, "select string_agg(distinct reason_code, ' ') from " READ " where reason_code <> ''", "OC022");
    api_expect (clerk, SELL ("1"), "OC022");
    api_expect_value (clerk, "select card from api.card_found(2)", "1122334455667788");
    api_expect (clerk, SELL ("2"), "");
    api_expect_value (self->owner, "select string_agg((before ->> 'state') || '-' || (after ->> 'state'), ' ' order by id) from onecard.audit where what = 'card'",
        "current-lost lost-current");
    api_expect (clerk, "select api.card_lost(99)", "OC050");
}

/* Blacklist ---------------------------------------------------------------------------------------------------------- */

static void
test_blacklist (Fixture *self, gconstpointer data)
{
    OcDb *clerk = self->clerk, *administrator = self->administrator;

    oc_test_sql (self->owner, UNDO);
    api_expect (clerk, "select api.blacklist_add(2, null, '欠费')", "OC001");
    api_expect (administrator, "select api.blacklist_add(2, null, ' ')", "OC161");
    api_expect (administrator, "select api.blacklist_add(2, null, repeat('x', 201))", "OC042");
    api_expect (administrator, "select api.blacklist_add(2, '22', '欠费')", "OC162");
    api_expect (administrator, "select api.blacklist_add(99, null, '欠费')", "OC050");
    api_expect (administrator, "select api.blacklist_add(2, '7', '拆表')", "");
    api_expect (administrator, "select api.blacklist_add(2, '7', '拆表')", "OC163");
    api_expect (administrator, "select api.blacklist_add(2, null, '欠费')", "");
    api_expect_value (clerk, "select string_agg(concat_ws(' ', customer, name, sub_meter, meter, reason, operator), '; ' order by entry) from api.blacklist()",
        "2 吴敏 11 000000000007 拆表 1001; 2 吴敏  欠费 1001");
    api_expect_value (clerk, "select reason_params from " READ " where part = 'meter'", "reason=拆表");
    api_expect (clerk, SELL ("1"), "OC028");
    /* released, the other reason still holds */
    api_expect (administrator, "select api.blacklist_remove(2, '7', '装好')", "");
    api_expect (administrator, "select api.blacklist_remove(2, '7', '装好')", "OC164");
    api_expect (clerk, SELL ("2"), "OC028");
    /* a meter that comes later is barred from the beginning */
    oc_test_sql (self->owner, "insert into onecard.meter (number, model, customer, slot, sub_meter, user_type, price_1, price_2)"
        " select '000000000099', model, customer, 4, 14, user_type, price_1, price_2 from onecard.meter where number = '000000000007'");
    api_expect_value (self->owner, "select barred from onecard.meter where number = '000000000099'", "欠费");
    oc_test_sql (self->owner, "delete from onecard.meter where number = '000000000099'");
    api_expect (administrator, "select api.blacklist_remove(2, null, '付清')", "");
    api_expect_value (self->owner, "select coalesce(string_agg(barred, ' '), '') from onecard.meter", "");
    api_expect (clerk, SELL ("3"), "");
    api_expect (self->owner, "delete from onecard.blacklist", "P0001");
}

static void
test_suspects (Fixture *self, gconstpointer data)
{
    static const struct {
        const char *change, *causes;
    } cases[] = {
        { "update onecard.meter set last_purchase_at = now(), return_count = purchase_count", "" },
        { "update onecard.meter set last_purchase_at = now() - interval '31 days' where customer = 2", "2 no-purchase" },
        { "update onecard.meter set return_count = purchase_count - 1 where customer = 2", "2 not-inserted" },
        { "update onecard.meter set barred = 'x' where customer = 2", "" },
        { "update onecard.meter set return_count = purchase_count + 1 where customer = 1", "1 ahead" },
        { "update onecard.meter set return_count = purchase_count, return_remaining = total_bought + presale + 0.01 where customer = 1", "1 remaining" },
        { "update onecard.meter set return_remaining = 1, return_credited = total_bought + presale + 1 where customer = 1", "1 credited" },
        { "update onecard.meter set return_credited = null where customer = 1", "" },
        { "insert into onecard.observation (meter, operator, branch, count, raw) select id, 1001, 1001, 9, '' from onecard.meter where customer = 1", "1 gap" },
    };

    api_expect (self->clerk, "select api.blacklist_suspects(30, 10)", "OC001");
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        oc_test_sql (self->owner, cases[i].change);
        api_expect_value (self->administrator,
            "select coalesce(string_agg(customer || ' ' || cause, '; ' order by customer), '') from api.blacklist_suspects(30, 10)", cases[i].causes);
    }
}

#define ADD(name, f, data) g_test_add ("/api/customers/" name, Fixture, data, set_up, f, tear_down)

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    g_test_add_func ("/api/customers/initials", test_initials);
    g_test_add_func ("/api/customers/initials-follow", test_initials_follow);
    ADD ("bad-input", test_bad_input, NULL);
    ADD ("blacklist", test_blacklist, NULL);
    ADD ("edit", test_edit, NULL);
    ADD ("lost", test_lost, NULL);
    ADD ("meter-change", test_meter_change, NULL);
    ADD ("suspects", test_suspects, "the tables were altered by hand");
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

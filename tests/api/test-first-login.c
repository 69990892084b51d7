/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new site: operator 1001 with password 1001 may do nothing but choose another password. The demo needs none of that. */
#include "fixture.h"

#include "core/error.h"

static void
test_basic (void)
{
    g_autoptr(OcTestDb) db = oc_test_db_new ();
    g_autoptr(OcDb) owner = oc_test_db_owner (db);
    g_autoptr(OcDb) operator = NULL;
    g_autoptr(OcDb) again = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *change = g_strdup_printf ("select api.change_password('%s')", api_verifier);

    oc_test_sql (owner, "select admin.init_basic()");
    oc_test_sql (owner, "select admin.init_basic()");
    operator = api_operator (db, 1001);
    api_expect_value (operator, "select must_change::text from api.hello(1, null, '', null)", "true");
    api_expect (operator, "select * from api.hello(2, null, '', null)", "OC004");
    api_expect (operator, "select * from api.home()", "OC003");
    api_expect (operator, "select * from api.operators()", "OC003");
    api_expect (operator, "select api.change_password('secret-1')", "22023");
    api_expect (operator, change, "");
    api_expect (operator, "select * from api.home()", "");
    api_expect_value (operator, "select must_change::text from api.hello(1, null, '', null)", "false");

    again = oc_test_db_operator (db, 1001, "1001", &error);
    g_assert_null (again);
    g_assert_error (error, OC_DB_ERROR, OC_DB_ERROR_WRONG_PASSWORD);
    g_clear_error (&error);
    again = oc_test_db_operator (db, 1001, "secret-1", &error);
    g_assert_no_error (error);
    api_expect_value (again, "select operator_name from api.hello(1, null, '', null)", "管理员");
    api_expect_value (owner, "select count(*)::text from onecard.card_key", "5");
    api_expect_value (owner, "select coalesce(string_agg(invariant, ','), '') from admin.check() where broken > 0", "");
    /* back to the password that the next database of this cluster begins with */
    oc_test_sql (owner, "select roles.drop_login(1001)");
}

static void
test_demo (void)
{
    g_autoptr(OcTestDb) db = oc_test_db_new ();
    g_autoptr(OcDb) owner = oc_test_db_owner (db);
    g_autoptr(OcDb) administrator = NULL;
    g_autoptr(OcDb) clerk = NULL;
    g_autofree char *keys = NULL;

    oc_test_sql (owner, "select admin.init_demo()");
    keys = oc_test_sql_value (owner, "select md5(string_agg(secret::text, '' order by purpose)) from onecard.card_key");
    oc_test_sql (owner, "select admin.init_demo()");
    api_expect_value (owner, "select md5(string_agg(secret::text, '' order by purpose)) from onecard.card_key", keys);
    administrator = api_operator (db, 1001);
    clerk = api_operator (db, 1002);
    api_expect_value (administrator, "select must_change::text || administrator::text from api.hello(1, null, '', null)", "falsetrue");
    api_expect_value (clerk, "select branch_name || ' ' || operator_name || ' ' || role from api.hello(1, null, '', null)",
        "1号营业厅 无名 营业员");
    api_expect_value (clerk, "select string_agg(sub_meter::text, ' ' order by slot) from api.slots()", "11 22 23 14 45 36 57 28");
    api_expect_value (clerk, "select string_agg(name || ':' || chip || ':' || slots, ' ' order by name) from api.meter_models()"
        " where name in ('RT-dt', '24C04接触式冷水表', '24C16接触式冷水表')",
        "24C04接触式冷水表:24c04:5 24C16接触式冷水表:24c16:8 RT-dt:cpu:8");
    api_expect_value (clerk, "select concat_ws(' ', alarm_1, alarm_2, hoarding, presale, purchase_limit) from api.user_types() where name = '居民用水'",
        "10.00 5.00 2000.00 3.00 1000.00");
    api_expect_value (clerk, "select concat_ws(' ', alarm_1, alarm_2, hoarding, presale, purchase_limit) from api.user_types() where name = '居民用电'",
        "100.00 10.00 1000.00 100.00 500.00");
    api_expect_value (clerk, "select string_agg(name || ' ' || unit_price, ', ' order by name) from api.prices()"
        " where name in ('居民水价', '居民电价', '居民阶梯水价')", "居民水价 4.0000, 居民电价 0.4885, 居民阶梯水价 3.4300");
    api_expect_value (clerk, "select concat_ws(' ', card_family, area_number, opening_fee, replacement_fee, meter_change_fee, allow_balance)"
        " from api.parameters()", "24c 0 10.00 10.00 100.00 t");
    api_expect_value (clerk, "select count(*)::text from api.price_tiers('居民阶梯水价')", "6");
    api_expect_value (owner, "select coalesce(string_agg(invariant, ','), '') from admin.check() where broken > 0", "");
}

/* Keys may be made anew while no card was issued. */
static void
test_keys (void)
{
    g_autoptr(OcTestDb) db = oc_test_db_new ();
    g_autoptr(OcDb) owner = oc_test_db_owner (db);

    oc_test_sql (owner, "select admin.init_demo(); select admin.make_keys()");
    api_expect_value (owner, "select string_agg(purpose || version || ' ' || length(secret), ', ' order by purpose) from admin.sim_keys()",
        "cpu-external2 16, cpu-internal2 16, cpu-mac2 16, memory-area2 32, memory-psc2 3");
    api_expect_value (owner, "select (count(distinct secret) = count(*))::text from onecard.card_key", "true");
    api_script (db, "sale.sql");
    api_expect (owner, "select admin.make_keys()", "OC070");
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/api/first-login/basic", test_basic);
    g_test_add_func ("/api/first-login/demo", test_demo);
    g_test_add_func ("/api/first-login/keys", test_keys);
    failed = g_test_run ();
    oc_test_cluster_end ();

    return failed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Customers registered before they have an account: one by one, a file of them, and the account that takes one off the list. */
#include "fixture.h"

#define ID(n) "00000000-0000-4000-8000-0000000000" n
#define SAVE(number, version, name, address) "select concat_ws(' ', pre_registered, row_version) from api.pre_registered_save(" number ", " version ", " \
    name ", " address ", '13800000000', '身份证', '510102199001011234', null, 5, null, '有狗')"
#define FIND(text) "select coalesce(string_agg(pre_registered::text, ' ' order by pre_registered), '') from api.pre_registered_find(" text ", 10)"
#define OPEN(id, serial, meter, name, from) "select count(*)::text from api.open_begin('" ID (id) "', 'cpu', 'cpu', '\\x" serial "'," \
    " test.areas('new'), test.bytes('new'), " name ", null, null, null, null, null, null, null, null, '{1}', '{RT-dt}', '{" meter "}', '{居民用电}'," \
    " '{居民电价}', '{null}', '{null}', '{null}', '{null}', '{100}', '{null}', null, 300, 'cash', null, " from ")"

typedef struct {
    OcTestDb *db;
    OcDb *owner, *clerk;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
    self->db = api_demo_new ();
    self->owner = oc_test_db_owner (self->db);
    self->clerk = api_operator (self->db, 1002);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    g_autofree char *broken = api_broken (self->owner);

    g_assert_cmpstr (broken, ==, "");
    oc_db_free (self->owner);
    oc_db_free (self->clerk);
    oc_test_db_free (self->db);
}

static void
test_save (Fixture *self, gconstpointer data)
{
    OcDb *clerk = self->clerk;

    api_expect_value (clerk, SAVE ("null", "null", "'吴敏'", "'一街1号'"), "1 1");
    api_expect_value (clerk, SAVE ("null", "null", "'吴敏'", "'一街2号'"), "2 1");
    api_expect (clerk, SAVE ("null", "null", "' 吴敏'", "'一街2号 '"), "OC153");
    api_expect (clerk, SAVE ("1", "1", "'吴敏'", "'一街2号'"), "OC153");
    api_expect_value (clerk, SAVE ("1", "1", "'吴明'", "null"), "1 2");
    api_expect (clerk, SAVE ("1", "1", "'吴三'", "null"), "OC152");
    api_expect (clerk, SAVE ("9", "null", "'吴三'", "null"), "OC154");
    api_expect_value (clerk, "select concat_ws('|', name, address, phone, id_number, household, note, branch) from api.pre_registered_find('1', 1)",
        "吴明|一街1号|13800000000|**************1234|5|有狗|1002");
    api_expect (clerk, "select api.pre_registered_delete(1, 1)", "OC152");
    api_expect (clerk, "select api.pre_registered_delete(1, 2)", "");
    api_expect (clerk, "select api.pre_registered_delete(1, 2)", "OC154");
    api_expect_value (self->owner, "select string_agg(concat_ws('-', before ->> 'name', after ->> 'name'), ' ' order by id) from onecard.audit where what = 'pre_registered'",
        "吴敏 吴敏 吴敏-吴明 吴明");
    oc_test_sql (self->owner, "delete from onecard.role_permission where permission = 'pre-registered'");
    api_expect (clerk, SAVE ("null", "null", "'吴五'", "'一街3号'"), "OC001");
    api_expect (clerk, "select api.pre_registered_delete(2, null)", "OC001");
    api_expect (clerk, "select api.pre_registered_import(gen_random_uuid(), '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')", "OC001");
    api_expect_value (clerk, FIND ("''"), "2"); /* who opens accounts looks them up */
}

static void
test_find (Fixture *self, gconstpointer data)
{
    static const struct {
        const char *text, *found;
    } cases[] = {
        { "''", "1 2 3" }, { "null", "1 2 3" }, { "'1'", "1" }, { "'吴'", "1 2" }, { "'吴敏'", "1" }, { "'wm'", "1 2" }, { "'zl'", "3" },
        { "'二街'", "3" }, { "'3800'", "1 2 3" }, { "'明'", "" }, { "'%'", "" }, { "'99999999999999999'", "" },
    };

    api_expect_value (self->clerk, SAVE ("null", "null", "'吴敏'", "'一街1号'"), "1 1");
    api_expect_value (self->clerk, SAVE ("null", "null", "'吴明'", "'一街2号'"), "2 1");
    api_expect_value (self->clerk, SAVE ("null", "null", "'张李'", "'二街2号'"), "3 1");
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *sql = g_strdup_printf (FIND ("%s"), cases[i].text);

        api_expect_value (self->clerk, sql, cases[i].found);
    }
}

/* The account takes what the form does not say, and the customer off the list; one that came to nothing puts him back. */
static void
test_open (Fixture *self, gconstpointer data)
{
    OcDb *clerk = self->clerk;
    g_autoptr(OcDb) superuser = oc_test_db_superuser (self->db);

    api_script (self->db, "sale.sql");
    oc_test_sql (superuser, "insert into test.card select 'new', area, decode(repeat('00', length(bytes)), 'hex'), ord from test.card where name = 'cpu'");
    api_expect (clerk, "select * from api.hello(1, '" ID ("0a") "', 'test', '" ID ("0b") "')", "");
    api_expect_value (clerk, SAVE ("null", "null", "'吴明'", "'一街1号'"), "1 1");
    api_expect (clerk, OPEN ("a0", "AA00000000000001", "000000000101", "null", "9"), "OC154");
    api_expect (clerk, OPEN ("a0", "AA00000000000001", "000000000101", "null", "null"), "OC040");
    api_expect_value (clerk, OPEN ("a1", "AA00000000000001", "000000000101", "'吴小明'", "1"), "7");
    api_expect_value (clerk, OPEN ("a1", "AA00000000000001", "000000000101", "'吴小明'", "1"), "7"); /* the same again */
    api_expect_value (self->owner, "select concat_ws('|', name, address, phone, id_number, household, note) from onecard.customer order by number desc limit 1",
        "吴小明|一街1号|13800000000|510102199001011234|5|有狗");
    api_expect_value (clerk, FIND ("''"), "");
    api_expect (clerk, OPEN ("a2", "AA00000000000002", "000000000102", "null", "1"), "OC154");
    api_expect (clerk, SAVE ("1", "null", "'吴明'", "null"), "OC154");
    oc_test_sql (self->owner, "select rules.make_void(j), (select count(*) from onecard.card_job) from onecard.card_job j where id = '" ID ("a1") "';"
        " update onecard.card_job_meter set pending = false where job = '" ID ("a1") "';"
        " update onecard.card_job set state = 'undone', finished_at = now() where id = '" ID ("a1") "'");
    api_expect_value (clerk, FIND ("''"), "1");
    api_expect_value (clerk, OPEN ("a3", "AA00000000000003", "000000000103", "null", "1"), "7");
    api_expect_value (self->owner, "select name from onecard.customer order by number desc limit 1", "吴明");
}

#define IMPORT(lines, names, addresses, households) "select coalesce(string_agg(concat_ws(' ', line, code, nullif(params, '')), '; ' order by line), '')" \
    " from api.pre_registered_import('" ID ("b1") "', " lines ", " names ", " addresses ", array_fill(''::text, array[cardinality(" names ")])," \
    " array_fill(''::text, array[cardinality(" names ")]), array_fill(''::text, array[cardinality(" names ")])," \
    " array_fill(''::text, array[cardinality(" names ")]), " households ", array_fill(''::text, array[cardinality(" names ")])," \
    " array_fill(''::text, array[cardinality(" names ")]))"

static void
test_import (Fixture *self, gconstpointer data)
{
    OcDb *clerk = self->clerk;

    api_expect_value (clerk, SAVE ("null", "null", "'吴敏'", "'一街1号'"), "1 1");
    api_expect_value (clerk, IMPORT ("'{2,3,4,5,6,7,8}'", "'{吴敏,张三,\"\",李四,张三,王五,赵六}'::text[]", "'{一街1号,二街,三街,\"\",二街,五街,六街}'", "'{3,\"\",\"\",1,2,x,0}'"),
        "2 OC153 number=1; 4 OC040; 5 OC041; 6 OC157 line=3; 7 OC053; 8 OC053");
    /* further lines of the same file */
    api_expect_value (clerk, IMPORT ("'{9,10}'", "'{张三,陈七}'::text[]", "'{二街,七街}'", "'{3,99}'"), "9 OC157 line=3");
    api_expect_value (clerk, "select lines::text from api.pre_registered_imported('" ID ("b1") "')", "2");
    api_expect_value (clerk, "select lines::text from api.pre_registered_imported('" ID ("b2") "')", "0");
    api_expect_value (clerk, "select string_agg(concat_ws(' ', name, household), '; ' order by pre_registered) from api.pre_registered_find('', 9)",
        "吴敏 5; 张三; 陈七 99");
    api_expect_value (clerk, IMPORT ("'{}'", "'{}'::text[]", "'{}'", "'{}'"), "");
}

#define ADD(name, f) g_test_add ("/api/pre-registered/" name, Fixture, NULL, set_up, f, tear_down)

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    ADD ("find", test_find);
    ADD ("import", test_import);
    ADD ("open", test_open);
    ADD ("save", test_save);
    failed = g_test_run ();
    oc_test_cluster_end ();

    return failed;
}

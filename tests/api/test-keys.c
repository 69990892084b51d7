/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading keys by two people: what each gives, what comes of it, who learns what, and what is refused. */
#include <string.h>

#include "fixture.h"

#define ONES "'\\x11111111111111111111111111111111'"
#define TWOS "'\\x22222222222222222222222222222222'"

static OcTestDb *base;

typedef struct {
    OcDb *first, *second, *owner;
} People;

static void
people_clear (People *self)
{
    oc_db_free (self->first);
    oc_db_free (self->second);
    oc_db_free (self->owner);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (People, people_clear)

static People
people (gboolean may)
{
    People self = { .owner = oc_test_db_owner (base) };

    if (may)
        api_expect (self.owner, "insert into onecard.role_permission select id, 'keys' from onecard.role where name = '营业员'"
            " on conflict do nothing", "");
    self.first = api_operator (base, 1001);
    self.second = api_operator (base, 1002);
    return self;
}

static void
test_permission (void)
{
    g_auto(People) p = people (FALSE);

    api_expect (p.second, "select * from api.key_status()", "OC001");
    api_expect (p.second, "select * from api.key_component('cpu-mac', " ONES ", null)", "OC001");
}

/* 3DES of zeros under 11…11, 22…22 and their sum, by another program (openssl). */
static void
test_two_people (void)
{
    g_auto(People) p = people (TRUE);

    api_expect_value (p.first, "select component_check || ' ' || coalesce(version, 0) from api.key_component('cpu-mac', " ONES ", null)", "82E136 0");
    api_expect_value (p.first, "select given_by::text from api.key_status() where purpose = 'cpu-mac'", "1001");
    /* the same person's again is no second component */
    api_expect_value (p.first, "select coalesce(version, 0)::text from api.key_component('cpu-mac', " ONES ", null)", "0");
    api_expect_value (p.owner, "select count(*)::text from onecard.card_key where purpose = 'cpu-mac'", "1");
    api_expect (p.second, "select * from api.key_component('cpu-mac', " ONES ", null)", "OC074");
    api_expect_value (p.second, "select component_check || ' ' || version || ' ' || check_value from api.key_component('cpu-mac', " TWOS ", null)",
        "00962B 2 ADC67D");
    api_expect_value (p.owner, "select encode(secret, 'hex') from onecard.card_key where purpose = 'cpu-mac' and version = 2",
        "33333333333333333333333333333333");
    api_expect_value (p.owner, "select count(*)::text from onecard.card_key_part", "0");
    api_expect_value (p.first, "select string_agg(version || state, ' ' order by version) from api.key_status() where purpose = 'cpu-mac'",
        "1old 2in-force");
    /* the same key is not loaded twice */
    api_expect (p.second, "select * from api.key_component('cpu-mac', " TWOS ", null)", "");
    api_expect (p.first, "select * from api.key_component('cpu-mac', " ONES ", null)", "OC073");
    /* who gave what is known; the key is not */
    api_expect_value (p.owner, "select string_agg(what, ' ' order by id) from onecard.audit where what in ('key_component', 'card_key') and operator ~ '1001'",
        "key_component key_component");
    api_expect_value (p.owner, "select (after ->> 'version') || (after ->> 'by') from onecard.audit where what = 'card_key'", "2[1001, 1002]");
    api_expect_value (p.owner, "select count(*)::text from onecard.audit where after::text ~* '(11111111|22222222|33333333)'", "0");
}

static void
test_refused (void)
{
    g_auto(People) p = people (TRUE);

    api_expect (p.first, "select * from api.key_component('cpu-everything', " ONES ", null)", "OC072");
    api_expect (p.first, "select * from api.key_component('memory-area', " ONES ", null)", "OC072");
    api_expect (p.first, "select * from api.key_component('cpu-mac', '\\x11', null)", "OC072");
    api_expect (p.first, "select * from api.key_component('cpu-mac', null, null)", "OC072");
    api_expect (p.first, "select * from onecard.card_key_part", "42501");
    api_expect (p.first, "select * from onecard.card_key", "42501");
}

/* A version that is not in force yet is told as waiting, and nothing is made with it. */
static void
test_later (void)
{
    g_auto(People) p = people (TRUE);

    api_expect (p.first, "select * from api.key_component('memory-area', decode(repeat('11', 32), 'hex'), now() + interval '1 day')", "");
    api_expect (p.second, "select * from api.key_component('memory-area', decode(repeat('22', 32), 'hex'), null)", "");
    api_expect_value (p.first, "select string_agg(version || state, ' ' order by version) from api.key_status() where purpose = 'memory-area'",
        "1in-force 2waiting");
    api_expect_value (p.owner, "select length(rules.memory_key('\\x0102030405060708', 1))::text", "16");
    api_expect_value (p.owner, "select version::text from admin.sim_keys() where purpose = 'memory-area'", "1");
    api_expect (p.owner, "update onecard.card_key set in_force_at = now() where version = 2", "");
    api_expect_value (p.owner, "select length(rules.memory_key('\\x0102030405060708', 1))::text", "32");
}

/* The code of SLE4442 cards is on every card that was issued: it is not replaced under them. */
static void
test_code (void)
{
    g_auto(People) p = people (TRUE);

    api_expect_value (p.first, "select component_check || '.' from api.key_component('memory-psc', '\\x010203', null)", ".");
    api_expect_value (p.second, "select version || check_value || '.' from api.key_component('memory-psc', '\\x030201', null)", "2.");
    api_expect_value (p.owner, "select encode(rules.secret('memory-psc'), 'hex')", "020002");
    api_expect (p.owner, "insert into onecard.customer (name, address, branch, operator) values ('x', 'y', 1001, 1001)", "");
    api_expect (p.owner, "insert into onecard.card (customer, family, chip, serial) select max(number), '4442', '4442', '\\x0102030405060708'"
        " from onecard.customer", "");
    api_expect (p.first, "select * from api.key_component('memory-psc', '\\x010203', null)", "OC070");
}

int
main (int argc, char **argv)
{
    int status;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    g_test_add_func ("/api/keys/permission", test_permission);
    g_test_add_func ("/api/keys/two-people", test_two_people);
    g_test_add_func ("/api/keys/refused", test_refused);
    g_test_add_func ("/api/keys/later", test_later);
    g_test_add_func ("/api/keys/code", test_code);
    status = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();
    return status;
}

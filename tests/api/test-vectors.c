/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The database's ciphers and images against public vectors: FMCOS with its dummy key, RFC 4493, and the manual's own card. */
#include "fixture.h"

static OcTestDb *base;

static void
test_ciphers (void)
{
    static const struct {
        const char *expression;
        const char *hex;
    } cases[] = {
        { "rules.cpu_key_of('\\x000102030405060708090a0b0c0d0e0f', '\\x1122334455667788')", "56be32f01e736d0d9de242c440fcaabb" },
        { "rules.des3('\\x56be32f01e736d0d9de242c440fcaabb', '\\x0102030405060708')", "19aa2bb8db1aa24c" },
        { "rules.cmac('\\x2b7e151628aed2a6abf7158809cf4f3c', '')", "bb1d6929e95937287fa37d129b756746" },
        { "rules.cmac('\\x2b7e151628aed2a6abf7158809cf4f3c', '\\x6bc1bee22e409f96e93d7e117393172a')", "070a16b46b4d4144f79bdd9dd04a287c" },
        { "rules.cmac('\\x2b7e151628aed2a6abf7158809cf4f3c', '\\x6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
          "30c81c46a35ce411')", "dfa66747de9ae63030ca32611497c827" },
        { "rules.cmac('\\x2b7e151628aed2a6abf7158809cf4f3c', '\\x6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
          "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710')", "51f0bebf7e3b9d92fc49741779363cfe" },
    };
    g_autoptr(OcDb) owner = oc_test_db_owner (base);

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *sql = g_strdup_printf ("select encode(%s, 'hex')", cases[i].expression);

        api_expect_value (owner, sql, cases[i].hex);
    }
}

/* The manual's card is a replacement (card type 03); ours was opened in sale.sql, with the same meter and settings. */
static void
test_manual_card (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);

    oc_test_sql (owner, "create temp table image as select x.area, x.bytes from onecard.card_job j, unnest(j.after_area, j.after_bytes) x(area, bytes)"
        " where j.kind = 'open' and j.family = 'cpu'");
    api_expect_value (owner, "select string_agg(area, ' ') from image", "DF01/01 DF01/03 DF01/04 DF01/02 DF01/05");
    api_expect_value (owner, "select encode(bytes, 'hex') from image where area = 'DF01/01'",
        "680100270283000000001503130000630001000000001000000001000001000000000007000000000002015816");
    api_expect_value (owner, "select encode(rules.encode_area('cpu-electricity-63', 'parameters', rules.decode_area('cpu-electricity-63', 'parameters', bytes, null)"
        " || jsonb_build_object('card_type', '03', 'customer', '000000000001'), null), 'hex') from image where area = 'DF01/01'",
        "680100270283000000001503130000630001000000001000000001000001000000000007000000000001035916");
    api_expect_value (owner, "select encode(bytes, 'hex') from image where area = 'DF01/02'", "0000271000000001");
    api_expect_value (owner, "select (encode(bytes, 'hex') = '680100fc00004885' || repeat('00', 248) || 'ca16')::text from image where area = 'DF01/03'",
        "true");
}

/* What decodes, encodes to the same bytes; a changed byte of a frame does not decode. */
static void
test_round_trip (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);

    api_expect_value (owner, "select coalesce(string_agg(j.number || ' ' || x.area, ', '), '')"
        " from onecard.card_job j, unnest(j.after_area, j.after_bytes) x(area, bytes)"
        " cross join lateral (select case right(x.area, 2) when '01' then 'parameters' when '02' then 'wallet' end as name) a"
        " where j.family = 'cpu' and a.name is not null"
        " and rules.encode_area('cpu-electricity-63', a.name, rules.decode_area('cpu-electricity-63', a.name, x.bytes, null), null) <> x.bytes", "");
    api_expect_value (owner, "select count(*)::text from generate_series(0, 44) i"
        " where rules.decode_area('cpu-electricity-63', 'parameters', set_byte("
        "'\\x680100270283000000001503130000630001000000001000000001000001000000000007000000000001035916'::bytea, i,"
        " get_byte('\\x680100270283000000001503130000630001000000001000000001000001000000000007000000000001035916', i) # 1), null) is not null", "0");
}

/* One area with a field of every encoding, and a record of the kind of the 24C's; what the engine of the stations knows, tests/card proves. */
static const char every_encoding[] =
    "{\"layout\": \"every\", \"version\": 1, \"family\": \"cpu\", \"billing\": \"money\", \"authentication\": true, \"tiered\": false,"
    " \"keys\": {}, \"chips\": [], \"areas\": [{\"area\": \"all\", \"sfi\": 1, \"size\": 44, \"writer\": \"seller\", \"order\": 1,"
    " \"frame\": {\"payload\": 3, \"size\": 39}, \"fields\": ["
    "{\"name\": \"start\", \"at\": 0, \"length\": 1, \"encoding\": \"const\", \"value\": \"68\"},"
    "{\"name\": \"length\", \"at\": 1, \"length\": 2, \"encoding\": \"length\"},"
    "{\"name\": \"byte\", \"at\": 3, \"length\": 1, \"encoding\": \"u8\"},"
    "{\"name\": \"word\", \"at\": 4, \"length\": 2, \"encoding\": \"u16\", \"decimals\": 1},"
    "{\"name\": \"three\", \"at\": 6, \"length\": 3, \"encoding\": \"u24\", \"scale\": \"step\"},"
    "{\"name\": \"four\", \"at\": 9, \"length\": 4, \"encoding\": \"u32\", \"decimals\": 2},"
    "{\"name\": \"signed\", \"at\": 13, \"length\": 4, \"encoding\": \"i32\", \"scale\": \"step\"},"
    "{\"name\": \"money\", \"at\": 17, \"length\": 4, \"encoding\": \"bcd\", \"decimals\": 2},"
    "{\"name\": \"rate\", \"at\": 21, \"length\": 1, \"encoding\": \"bcd\", \"repeat\": 3},"
    "{\"name\": \"number\", \"at\": 24, \"length\": 3, \"encoding\": \"digits\"},"
    "{\"name\": \"when\", \"at\": 27, \"length\": 5, \"encoding\": \"time\"},"
    "{\"name\": \"minute\", \"at\": 32, \"length\": 3, \"encoding\": \"minutes\"},"
    "{\"name\": \"step\", \"at\": 35, \"length\": 1, \"encoding\": \"step\"},"
    "{\"name\": \"flags\", \"at\": 36, \"length\": 2, \"encoding\": \"hex\"},"
    "{\"name\": \"spare\", \"at\": 38, \"length\": 4, \"encoding\": \"reserved\"},"
    "{\"name\": \"sum\", \"at\": 42, \"length\": 1, \"encoding\": \"sum\"},"
    "{\"name\": \"end\", \"at\": 43, \"length\": 1, \"encoding\": \"const\", \"value\": \"16\"}]}]}";

static void
test_encodings (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);
    g_autofree char *load = g_strdup_printf ("select rules.load_layout('%s')", every_encoding);
    static const char *const values = "'{\"byte\": 255, \"word\": 6553.5, \"three\": 70000.1, \"four\": 40000000.01, \"signed\": -12.3, \"money\": 123456.78,"
        " \"rate1\": 7, \"rate3\": 99, \"number\": 123456, \"when\": \"2026-02-28 23:59\", \"step\": 0.1, \"flags\": \"a1F0\"}'";
    g_autofree char *encode = g_strdup_printf ("select encode(rules.encode_area('every', 'all', %s, 0.1), 'hex')", values);
    g_autofree char *decode = g_strdup_printf ("select rules.decode_area('every', 'all', rules.encode_area('every', 'all', %s, 0.1), null)::text", values);
    static const char *const misfits[] = { "{\"byte\": 256}", "{\"byte\": -1}", "{\"word\": 0.05}", "{\"word\": 6553.6}", "{\"three\": 0.05}", "{\"four\": 42949672.96}",
        "{\"signed\": -214748364.9}", "{\"money\": 1000000}", "{\"money\": 0.001}", "{\"money\": -1}", "{\"number\": 1000000}", "{\"flags\": \"00\"}", "{\"step\": 5}",
        "{\"byte\": null}", "{\"minute\": null, \"word\": null}" };

    oc_test_sql (owner, load);
    oc_test_sql (owner, load);
    api_expect_value (owner, encode,
        "680027" "ff" "ffff" "0aae61" "ee6b2801" "ffffff85" "12345678" "070099" "123456" "2602282359" "000000" "01" "a1f0" "00000000" "ef" "16");
    api_expect_value (owner, decode,
        "{\"byte\": \"255\", \"four\": \"40000000.01\", \"step\": \"0.1\", \"when\": \"2026-02-28 23:59\", \"word\": \"6553.5\", \"flags\": \"A1F0\","
        " \"money\": \"123456.78\", \"rate1\": \"7\", \"rate2\": \"0\", \"rate3\": \"99\","
        " \"three\": \"70000.1\", \"minute\": \"\", \"number\": \"123456\", \"signed\": \"-12.3\"}");
    api_expect_value (owner, "select encode(rules.encode_area('every', 'all', '{}', null), 'hex')",
        "680027" "000000000000000000000000000000000000000000000000000000000000000000000000000000" "27" "16");
    api_expect_value (owner, "select rules.decode_area('every', 'all', rules.encode_area('every', 'all', '{}', null), 10, '{money,three,absent}')::text",
        "{\"money\": \"0.00\", \"three\": \"0\", \"absent\": null}");
    api_expect_value (owner, "select rules.decode_area('every', 'all', set_byte(set_byte(rules.encode_area('every', 'all', '{}', null), 34, 61), 42, 100),"
        " 1, '{minute}') ->> 'minute'",
        "2020-01-01 01:01");
    for (gsize i = 0; i < G_N_ELEMENTS (misfits); i++) {
        g_autofree char *sql = g_strdup_printf ("select rules.encode_area('every', 'all', '%s', 0.1)", misfits[i]);

        api_expect (owner, sql, "OC057");
    }
    /* not these bytes: constant, length, digits, sum, an unknown step, one byte too few, nothing */
    api_expect_value (owner, "select count(*)::text from (values (0, 0), (2, 0), (17, 10), (24, 175), (31, 202), (42, 0), (35, 4), (43, 0)) x(at, value)"
        " cross join lateral (select set_byte(rules.encode_area('every', 'all', '{}', null), at, value) as b) y"
        " cross join lateral (select case when at in (42, 43, 0) then b else set_byte(b, 42, rules.sum_of(b, 1, 41)) end as b) z"
        " where rules.decode_area('every', 'all', z.b, null) is not null", "0");
    api_expect_value (owner, "select count(rules.decode_area('every', 'all', b, 1))::text from (values ('\\x'::bytea), (null),"
        " (substring(rules.encode_area('every', 'all', '{}', null) for 43))) x(b)", "0");
}

/* A day is one exactly where the calendar has it. */
static void
test_days (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);

    oc_test_sql (owner, "create function pg_temp.day(p_text text) returns text language plpgsql as $$ begin perform p_text::timestamp; return p_text;"
        " exception when others then return ''; end $$");
    api_expect_value (owner, "select count(*)::text from generate_series(0, 99) y, generate_series(0, 14) m, generate_series(0, 33) d"
        " cross join lateral (select lpad(y::text, 2, '0') as y, lpad(m::text, 2, '0') as m, lpad(d::text, 2, '0') as d) t"
        " where rules.time_of(t.y || t.m || t.d || '1245') <> pg_temp.day('20' || t.y || '-' || t.m || '-' || t.d || ' 12:45')", "0");
    api_expect_value (owner, "select count(*)::text from generate_series(0, 26) h, generate_series(0, 62) m"
        " cross join lateral (select lpad(h::text, 2, '0') as h, lpad(m::text, 2, '0') as m) t"
        " where rules.time_of('260313' || t.h || t.m) <> pg_temp.day('2026-03-13 ' || t.h || ':' || t.m)", "0");
}

/* A meter with a broken clock: the day is unknown, the rest counts. */
static void
test_impossible_day (void)
{
    g_autoptr(OcDb) owner = oc_test_db_owner (base);

    oc_test_sql (owner, "create temp table r as select rules.encode_area('cpu-electricity-63', 'return', '{\"meter\": \"7\", \"count\": 3,"
        " \"remaining\": 1, \"return_time\": \"2026-03-13 12:45\"}', null) as bytes;"
        " update r set bytes = set_byte(set_byte(bytes, 43, 153), 47, (get_byte(bytes, 47) + 153 - 3) % 256)");
    api_expect_value (owner, "select concat_ws(' ', d ->> 'count', '[' || (d ->> 'return_time') || ']')"
        " from r, rules.decode_area('cpu-electricity-63', 'return', bytes, null) d", "3 []");
}

/* No image that a reader can deliver makes the database fail: it answers what the card is. */
static void
test_any_image (void)
{
    g_autoptr(OcDb) clerk = api_operator (base, 1002);
    g_autoptr(OcDb) superuser = oc_test_db_superuser (base);

    /* nothing unfinished, so that the readings go all the way */
    oc_test_sql (superuser, "update onecard.trade set state = 'void' where state = 'pending'; update onecard.card_job_meter set pending = false;"
        " update onecard.card_job set state = 'undone', finished_at = now() where state = 'pending'");
    api_expect_value (clerk, "select card_state || ' ' || reason_code from api.card_read('cpu', 'cpu', '\\x1122334455667788', test.areas('cpu'),"
        " test.bytes('cpu')) where part = 'card'", "current ");
    /* of the two cards of sale.sql, one byte at a time, and frames whose sum fits again */
    oc_test_sql (superuser, "create function test.bent(p_name text, p_n int) returns bytea[] language sql as $$"
        " select array_agg(case when p_n % 34 + 1 = ord or p_n % 3 = 0 and length(bytes) > 8 then"
        "   case when p_n % 2 = 0 and get_byte(bytes, 0) = 104 and length(bytes) in (45, 49) then"
        "     set_byte(x.b, length(bytes) - 2, (select sum(get_byte(x.b, i)) % 256 from generate_series(1, length(bytes) - 3) i)::int)"
        "   else x.b end else bytes end order by ord)"
        " from test.card c cross join lateral (select set_byte(c.bytes, (p_n * 7 + c.ord) % length(c.bytes), (p_n * 31 + c.ord) % 256) as b) x"
        " where name = p_name $$;"
        " grant execute on function test.bent(text, int) to public");
    api_expect (clerk, "select count(*) from generate_series(1, 600) n cross join lateral api.card_read('24c', '24c04', null, test.areas('24c'), test.bent('24c', n))", "");
    api_expect (clerk, "select count(*) from generate_series(1, 600) n cross join lateral"
        " api.card_read('cpu', 'cpu', '\\x1122334455667788', test.areas('cpu'), test.bent('cpu', n))", "");
    api_expect (clerk, "select count(*) from generate_series(1, 300) n cross join lateral api.card_read('24c', '24c04', null, test.areas('24c'),"
        " (select array_agg(substring(decode(repeat(md5(n || a.a), 2), 'hex') for case when a.a ~ '^R' then 16 else 32 end) order by o)"
        " from unnest(test.areas('24c')) with ordinality a(a, o)))", "");
}

int
main (int argc, char **argv)
{
    int failed;

    g_test_init (&argc, &argv, NULL);
    base = api_demo_new ();
    api_script (base, "sale.sql");
    g_test_add_func ("/api/vectors/ciphers", test_ciphers);
    g_test_add_func ("/api/vectors/manual-card", test_manual_card);
    g_test_add_func ("/api/vectors/round-trip", test_round_trip);
    g_test_add_func ("/api/vectors/encodings", test_encodings);
    g_test_add_func ("/api/vectors/days", test_days);
    g_test_add_func ("/api/vectors/impossible-day", test_impossible_day);
    g_test_add_func ("/api/vectors/any-image", test_any_image);
    failed = g_test_run ();
    oc_test_db_free (base);
    oc_test_cluster_end ();

    return failed;
}

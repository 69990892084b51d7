-- SPDX-License-Identifier: GPL-3.0-or-later
-- Two accounts with a purchase each, as stations make them: a 24C04 and a CPU card, without any card. What a station does between
-- the calls (write, read back, have the card prove itself) is played here. Superuser; leaves schema test.
create schema test;
grant usage on schema test to public;
grant usage on schema rules to public;
create table test.card (name text, area text, bytes bytea, ord int);
grant all on test.card to public;
insert into test.card
select '24c', a.area, decode(repeat('ff', case when a.area ~ '^R' then 16 else 32 end), 'hex'), row_number() over ()
from (
    select 'header' as area
    union all
    select k || s || c from (values ('V'), ('R')) k(k), generate_series(1, 5) s, (values ('A'), ('B')) c(c)) a;
insert into test.card
select 'cpu', 'DF01/' || f, decode(repeat('00', z), 'hex'), o
from unnest(array['01', '02', '03', '04', '05'], array[45, 8, 258, 258, 49]) with ordinality x(f, z, o);

create function test.areas(p_name text) returns text[] language sql as $$
    select array_agg(area order by ord) from test.card where name = p_name
$$;
create function test.bytes(p_name text) returns bytea[] language sql as $$
    select array_agg(bytes order by ord) from test.card where name = p_name
$$;
create function test.write(p_name text, p_rows rules.job_row[]) returns void language sql as $$
    update test.card c
    set bytes = x.target
    from unnest(p_rows) x
    where x.part = 'step' and x.area = c.area and x.target is not null and c.name = p_name
$$;
-- As the acts do it: test-plans.c counts.
create function test.proof(p_challenge bytea) returns bytea
language sql security definer set search_path = onecard, rules, ext, pg_temp set enable_seqscan = off as $$
    select rules.des3(rules.cpu_key('cpu-internal', '\x1122334455667788'), p_challenge)
$$;

-- The meter takes the card and writes its return data.
create function test.insert_card(p_name text, p_remaining numeric) returns void
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    m meter;
    k card;
    n int;
begin
    select * into m from meter where state = 'open' and (directory <> '') = (p_name = 'cpu') order by id desc limit 1;
    select * into k from card where customer = m.customer and state = 'current';
    if p_name = 'cpu' then
        select rules.get_number(bytes, 4, 4) into n from test.card where name = 'cpu' and area = 'DF01/02';
        update test.card
        set bytes = rules.encode_area('cpu-electricity-63', 'return', jsonb_build_object('user_type', '02', 'ct', 1, 'vt', 1, 'meter', m.number,
            'customer', lpad(m.customer::text, 12, '0'), 'remaining', p_remaining, 'count', n, 'overdraft', 0, 'return_time', '2026-03-13 12:45'), null)
        where name = 'cpu' and area = 'DF01/05';
    else
        update test.card
        set bytes = rules.seal_record(rules.memory_key(k.serial, k.customer), 'R', m.slot, 0, k.serial, m.number,
            rules.encode_area('mem-24c', 'return', jsonb_build_object('count', m.purchase_count, 'remaining', p_remaining, 'credited', m.total_bought), 0.1), 3)
        where name = '24c' and area = 'R' || m.slot || 'A';
    end if;
end $$;

create function test.finish(p_name text, p_job uuid, p_rows rules.job_row[]) returns text language plpgsql as $$
declare
    ch bytea := (select challenge from unnest(p_rows) where part = 'directory');
begin
    return (select state from api.job_finish(p_job, 1, test.areas(p_name), test.bytes(p_name), array['DF01'], array[test.proof(ch)], false, false)
        where part = 'job');
end $$;

create function test.open(p_name text, p_job uuid) returns text language plpgsql as $$
declare
    r rules.job_row[];
    mem boolean := p_name = '24c';
begin
    r := array(select x from api.open_begin(p_job, p_name, case when mem then '24c04' else 'cpu' end, case when not mem then '\x1122334455667788'::bytea end,
        test.areas(p_name), test.bytes(p_name), '吴敏', '没有地方', '18612345678', '身份证', '510102199001011234', null, 3, null, null,
        array[case when mem then 2 else 1 end], array[case when mem then '24C04接触式冷水表' else 'RT-dt' end],
        array[case when mem then '000000000022' else '000000000007' end], array[case when mem then '居民用水' else '居民用电' end],
        array[case when mem then '居民水价' else '居民电价' end], array[null::text], array['2015-03-13 00:00'::timestamptz],
        array[null::bigint], array[null::bigint], array[case when mem then 100.30 else 100 end], array[null::numeric], null, 300, 'cash', null) x);
    perform test.write(p_name, r);
    return test.finish(p_name, p_job, r);
end $$;

create function test.purchase(p_name text, p_job uuid, p_finish boolean) returns text language plpgsql as $$
declare
    r rules.job_row[];
    mem boolean := p_name = '24c';
begin
    r := array(select x from api.purchase_begin(p_job, p_name, case when mem then '24c04' else 'cpu' end,
        case when not mem then '\x1122334455667788'::bytea end, test.areas(p_name), test.bytes(p_name), case when mem then 22 else 11 end,
        50, null, null, 50, 'wechat', 'ref') x);
    if not p_finish then
        return 'begun';
    end if;
    perform test.write(p_name, r);
    return test.finish(p_name, p_job, r);
end $$;
grant execute on all functions in schema test to public;

-- read, then a purchase that is proven, then one that is begun only
create function test.story(p_name text, p_ids text) returns void language plpgsql as $$
declare
    state text;
begin
    state := test.open(p_name, (p_ids || '1')::uuid);
    assert state = 'done', 'open: ' || state;
    perform test.insert_card(p_name, 20);
    assert (select count(*) from api.card_read(p_name, null, case when p_name = 'cpu' then '\x1122334455667788'::bytea end,
        test.areas(p_name), test.bytes(p_name))) = 4, 'read';
    state := test.purchase(p_name, (p_ids || '2')::uuid, true);
    assert state = 'done', 'purchase: ' || state;
    perform test.insert_card(p_name, 30);
    perform test.purchase(p_name, (p_ids || '3')::uuid, false);
end $$;
set session authorization onecard_1002;
select count(*) from api.hello(1, '00000000-0000-4000-8000-000000000001', 'test', '00000000-0000-4000-8000-000000000002');
select test.story('24c', '00000000-0000-4000-8000-00000000002');
select test.story('cpu', '00000000-0000-4000-8000-00000000001');
reset session authorization;

-- SPDX-License-Identifier: GPL-3.0-or-later
-- `onecardctl db fill`: reproducible customers and trades, fast, for trials and benchmarks. Everything follows from the seed by
-- hashing, nothing from the order in which rows are made.

-- Before what takes long: the connection's time limit is for counters.
create function admin.no_time_limit() returns void
language sql set search_path = pg_catalog, pg_temp as $$
    select set_config('statement_timeout', '0', false)
$$;

-- 0 … p_below - 1, from a number, what it is for, and the seed.
create function admin.dice(p_n bigint, p_for int, p_seed bigint, p_below int) returns int
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select ((hashint8extended(p_n * 16 + p_for, p_seed) & 9223372036854775807) % p_below)::int
$$;

-- Takes indexes, foreign keys and guards away from what is filled and answers the statements that lay them again: made once over everything
-- they cost seconds, row by row minutes. The guards' own rules are what admin.check looks at.
create function admin.take_guards(p_tables regclass[]) returns text[]
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
declare
    again text[] := '{}';
    k record;
    t regclass;
begin
    for k in
        select i.indexrelid::regclass as rel, pg_get_indexdef(i.indexrelid) as def
        from pg_index i
        where i.indrelid = any (p_tables) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
        order by i.indexrelid
    loop
        again := again || k.def;
        execute format('drop index %s', k.rel);
    end loop;
    for k in
        select c.conrelid::regclass as rel, c.conname, pg_get_constraintdef(c.oid) as def
        from pg_constraint c
        where c.contype = 'f' and c.conrelid = any (p_tables)
        order by c.oid
    loop
        again := again || format('alter table %s add constraint %I %s', k.rel, k.conname, k.def);
        execute format('alter table %s drop constraint %I', k.rel, k.conname);
    end loop;
    foreach t in array p_tables loop
        execute format('alter table %s disable trigger user', t);
        again := again || format('alter table %s enable trigger user', t);
    end loop;
    return again;
end $$;

-- p_customers accounts, each with one meter, and p_trades trades in all, but at least two a customer: the fee and a purchase.
-- Every second customer has electricity on a CPU card, the others cold water on a 24C04.
create function admin.fill(p_customers bigint, p_trades bigint, p_seed bigint) returns table (customers bigint, trades bigint)
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
declare
    n constant bigint := greatest(coalesce(p_customers, 0), 1);
    total constant bigint := greatest(coalesce(p_trades, 0), 2 * n);
    seed constant bigint := coalesce(p_seed, 1);
    from_day constant timestamptz := '2024-01-01 00:00:00+08';
    span constant interval := interval '700 days';
    surnames constant text := '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗';
    given constant text := '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国';
    surname_initials constant text := onecard.initials(surnames);
    given_initials constant text := onecard.initials(given);
    streets constant text[] := array['人民路', '解放路', '中山路', '花园路', '和平街', '建设路', '滨河路', '学院路'];
    c0 bigint;
    k0 bigint;
    m0 bigint;
    t0 bigint;
    again text[];
    statement text;
begin
    perform admin.init_demo();
    create temp table fill_kind on commit drop as
    select y.by_money, m.id as model, m.layout, m.chip, y.family, m.meter_type, m.ct, m.vt, u.id as user_type, u.presale, p.id as price, p.name as price_name,
        v.id as version, i.item, i.unit_price, s.slot, m.meter_type * 10 + s.slot as sub_meter
    from (values ('RT-dt', '居民用电', '居民电价'), ('24C04接触式冷水表', '居民用水', '居民水价')) x(model, user_type, price)
    join meter_model m on m.name = x.model
    join card_layout y on y.name = m.layout
    join user_type u on u.name = x.user_type
    join price p on p.name = x.price
    join lateral (select id from price_version where price = p.id order by starts_at limit 1) v on true
    join price_tier_item i on i.version = v.id and i.tier = 1
    join lateral (select slot from sub_meter_slot where meter_type = m.meter_type order by slot limit 1) s on true;
    if (select count(*) from fill_kind) <> 2 then
        raise exception 'the settings of the demo are not there: nothing to fill with';
    end if;
    -- 4096 different purchases: water by 0.1 m³, electricity by 50 yuan
    create temp table fill_sale on commit drop as
    select f.by_money, x.ord, case when f.by_money then x.money else x.cubic end as card_amount,
        case when f.by_money then trunc(x.money / f.unit_price, 4) else x.cubic end as quantity,
        case when f.by_money then x.money else round(x.cubic * f.unit_price, 2) end as money
    from fill_kind f
    cross join (
        select ord, (50 * (1 + admin.dice(ord, 8, seed, 6)))::numeric as money, (50 + admin.dice(ord, 9, seed, 300)) / 10.0 as cubic
        from generate_series(0, 4095) ord) x;
    create temp table fill_operator on commit drop as
    select number, branch, row_number() over (order by number) - 1 as ord, count(*) over () as of_all from operator where state = 'active';

    again := admin.take_guards(array['onecard.customer', 'onecard.card', 'onecard.meter', 'onecard.card_job', 'onecard.card_job_meter',
        'onecard.trade', 'onecard.trade_line', 'onecard.observation']::regclass[]);
    select coalesce(max(number), 0) into c0 from customer;
    select coalesce(max(id), 0) into k0 from card;
    select coalesce(max(id), 0) into m0 from meter;
    select coalesce(max(number), 0) into t0 from trade;

    analyze pg_temp.fill_sale;
    create temp table fill_customer on commit drop as
    select i, c0 + i as customer, md5('fill ' || seed || ' ' || c0 + i)::uuid as job, (total - 2 * n) / n + 1 + ((total - 2 * n) % n >= i)::int as counts,
        o.number as operator, o.branch, f.*
    from generate_series(1, n) i
    join fill_kind f on f.by_money = (i % 2 = 1)
    join fill_operator o on o.ord = admin.dice(i, 0, seed, o.of_all::int);

    analyze pg_temp.fill_customer;
    insert into customer (number, name, initials, address, phone, household, permanent_number, state, branch, operator, created_at, opened_at)
    select c.customer,
        substr(surnames, a, 1) || substr(given, b, 1) || substr(given, d, 1), substr(surname_initials, a, 1) || substr(given_initials, b, 1) || substr(given_initials, d, 1),
        streets[1 + admin.dice(i, 5, seed, 8)] || (1 + i / 200) || '号' || (1 + i / 20 % 10) || '-' || (100 * (1 + i % 6) + 1 + i % 4),
        '13' || lpad(admin.dice(i, 6, seed, 1000000000)::text, 9, '0'), 1 + admin.dice(i, 7, seed, 6), c.customer::text,
        'open', c.branch, c.operator, from_day, from_day
    from fill_customer c
    cross join lateral (
        select 1 + admin.dice(i, 1, seed, length(surnames)) as a, 1 + admin.dice(i, 2, seed, length(given)) as b,
            case when admin.dice(i, 3, seed, 3) > 0 then 1 + admin.dice(i, 4, seed, length(given)) else 1000 end as d) x;
    insert into card (id, customer, family, chip, serial, state, created_at)
    select k0 + i, c.customer, c.family, c.chip, convert_to('FILL', 'UTF8') || int4send((k0 + i)::int), 'current', from_day
    from fill_customer c;
    insert into card_job (id, digest, kind, customer, card, family, chip, state, blank, before_area, before_bytes, after_area, after_bytes, challenge,
        holder, holder_operator, lease_until, operator, branch, begun_at, finished_at, finished_attempt)
    select c.job, '\x00', 'fill', c.customer, k0 + i, c.family, c.chip, 'done', true, '{}', '{}', '{}', '{}', '\x0000000000000000',
        c.job, c.operator, from_day, c.operator, c.branch, from_day, from_day, 1
    from fill_customer c;

    -- The fees come first, then one round of purchases after the other: trade numbers rise with time.
    insert into trade (number, kind, state, request_id, job, customer, card, due, received, operator, branch, at)
    select t0 + i, 'open', 'effective', c.job, c.job, c.customer, k0 + i, p.opening_fee, p.opening_fee, c.operator, c.branch, from_day + span * (i::float8 / total)
    from fill_customer c, parameters p;
    insert into trade_line (trade, line, account, amount)
    select t0 + c.i, x.line, x.account, x.amount
    from fill_customer c, parameters p, lateral (values (1, 'cash', -p.opening_fee), (2, 'opening-fee', p.opening_fee)) x(line, account, amount)
    where p.opening_fee <> 0;

    insert into trade (number, kind, state, request_id, job, customer, card, meter, sub_meter, purchase_count, quantity, card_amount, presale, due, received,
        price_version, price_name, operator, branch, at)
    select t0 + n + x, 'purchase', 'effective', c.job, c.job, c.customer, k0 + i, m0 + i, c.sub_meter, x / n + 1 - (x % n = 0)::int,
        s.quantity + coalesce(pre.quantity, 0), s.card_amount, coalesce(pre.money, 0), s.money + coalesce(pre.money, 0), s.money + coalesce(pre.money, 0),
        c.version, c.price_name, c.operator, c.branch, from_day + span * ((n + x)::float8 / total)
    from generate_series(1, total - n) x
    join fill_customer c on c.i = (x - 1) % n + 1
    join fill_sale s on s.by_money = c.by_money and s.ord = hashint8extended(x, seed) & 4095
    left join lateral (
        select case when c.by_money then trunc(c.presale / c.unit_price, 4) else c.presale end as quantity,
            case when c.by_money then c.presale else round(c.presale * c.unit_price, 2) end as money) pre on x <= n and c.presale > 0
    order by x;
    insert into trade_line (trade, line, account, item, tier, quantity, unit_price, amount)
    select t.number, x.line, x.account, x.item, x.tier, x.quantity, x.unit_price, x.amount
    from trade t
    join fill_customer c on c.customer = t.customer
    cross join lateral (values
        (1, (array['cash', 'cash', 'wechat', 'alipay'])[1 + (hashint8extended(t.number, seed + 1) & 3)], null::int, null::int, null::numeric, null::numeric, -t.due),
        (2, 'item', c.item, 1, case when c.by_money then trunc(t.card_amount / c.unit_price, 4) else t.card_amount end, c.unit_price, t.due - t.presale),
        (3, 'presale', c.item, 1, case when c.by_money then trunc(c.presale / c.unit_price, 4) else c.presale end, c.unit_price, t.presale)
        ) x(line, account, item, tier, quantity, unit_price, amount)
    where t.number > t0 + n and x.amount <> 0;

    insert into meter (id, number, model, customer, slot, sub_meter, directory, user_type, price_1, price_2, switch_at, ct, vt, state, purchase_count,
        last_purchase, last_purchase_at, total_bought, presale, return_count, return_remaining, return_overdraft, return_credited, return_time, return_seen_at,
        opened_at)
    select m0 + c.i, lpad((900000000000 + m0 + c.i)::text, 12, '0'), c.model, c.customer, c.slot, c.sub_meter, case when c.family = 'cpu' then 'DF01' else '' end,
        c.user_type, c.price, c.price, from_day, c.ct, c.vt, 'open', c.counts,
        l.card_amount, l.at, s.total, c.presale, c.counts, round(l.card_amount / 2, 1), 0, case when c.by_money then null else s.total end,
        l.at + interval '1 day', l.at + interval '20 days', from_day
    from fill_customer c
    join (select customer, sum(card_amount) as total from trade where number > t0 + n group by customer) s on s.customer = c.customer
    join trade l on l.number = t0 + n + (c.counts - 1) * n + c.i;
    insert into card_job_meter (job, meter, slot, directory, count, amount, pending)
    select c.job, m.id, m.slot, m.directory, m.purchase_count, m.last_purchase, false
    from fill_customer c
    join meter m on m.id = m0 + c.i;
    insert into observation (meter, card, at, operator, branch, count, remaining, overdraft, credited, return_time, raw)
    select m.id, k0 + c.i, m.return_seen_at, c.operator, c.branch, m.return_count, m.return_remaining, m.return_overdraft, m.return_credited, m.return_time, '\x'
    from fill_customer c
    join meter m on m.id = m0 + c.i;

    perform setval(pg_get_serial_sequence('onecard.customer', 'number'), c0 + n),
        setval(pg_get_serial_sequence('onecard.card', 'id'), k0 + n),
        setval(pg_get_serial_sequence('onecard.meter', 'id'), m0 + n),
        setval(pg_get_serial_sequence('onecard.trade', 'number'), t0 + total);
    foreach statement in array again loop
        execute statement;
    end loop;
    analyze onecard.customer, onecard.card, onecard.meter, onecard.card_job, onecard.card_job_meter, onecard.trade, onecard.trade_line, onecard.observation;
    return query select n, total;
end $$;

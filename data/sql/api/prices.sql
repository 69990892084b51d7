-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a quantity costs and what an amount buys: the one engine behind quotes and sales. Source: ledger.md, Tariff rules.
-- Money is rounded to the fen, half up, once per tier; the items of a tier share it by largest remainder.

-- The version of a price in force at a time; OC018 when none is.
create function rules.price_version_at(p_price int, p_at timestamptz) returns int
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
declare
    v int;
begin
    select id into v from price_version where price = p_price and starts_at <= p_at order by starts_at desc limit 1;
    if v is null then
        perform rules.refuse('OC018', 'price', coalesce((select name from price where id = p_price), ''));
    end if;
    return v;
end $$;

-- Bought by a customer for a meter type since the period began: pending sales count, void and reversed ones don't.
create function rules.bought(p_customer bigint, p_meter_type int, p_period text) returns numeric
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
begin
    return (
        select coalesce(sum(t.quantity), 0)
        from trade t
        where t.customer = p_customer and t.at >= date_trunc(p_period, now()) and t.state <> 'void'
            and t.sub_meter / 10 = p_meter_type
            and not exists (select from trade r where r.reverses = t.number and r.state <> 'void'));
end $$;

-- A version's tiers as one sale meets them: what is left of each after what was bought before.
create type rules.tier_room as (tier int, room numeric, price numeric);   -- room null: no limit

create function rules.tier_rooms(p_version int, p_household int, p_used numeric) returns setof rules.tier_room
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
begin
    return query
    select t.tier,
        case when t.ends is not null then greatest(0, t.ends - greatest(p_used, coalesce(lag(t.ends) over (order by t.tier), 0))) end,
        t.price
    from (
        select pt.tier, pt.upper_limit + v.per_person * greatest(0, coalesce(p_household, 0) - v.base_persons) as ends,
            (select coalesce(sum(unit_price), 0) from price_tier_item i where i.version = pt.version and i.tier = pt.tier) as price
        from price_tier pt
        join price_version v on v.id = pt.version
        where pt.version = p_version) t
    order by t.tier;
end $$;

create function rules.cost(p_rooms rules.tier_room[], p_quantity numeric) returns numeric
language plpgsql immutable set search_path = onecard, rules, pg_temp as $$
declare
    t tier_room;
    left_of numeric := p_quantity;
    q numeric;
    total numeric := 0;
begin
    foreach t in array p_rooms loop
        q := least(left_of, coalesce(t.room, left_of));
        total := total + round(q * t.price, 2);
        left_of := left_of - q;
    end loop;
    return total;
end $$;

-- The largest quantity on the step that costs no more than p_money. In the tier where the money ends, a quantity fits while its
-- cost stays below the money left plus half a fen.
create function rules.quantity_for(p_rooms rules.tier_room[], p_money numeric, p_step numeric) returns numeric
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
declare
    t tier_room;
    money numeric := p_money;
    before numeric := 0;
    k numeric;
begin
    foreach t in array p_rooms loop
        if t.room is not null and round(t.room * t.price, 2) <= money then
            money := money - round(t.room * t.price, 2);
            before := before + t.room;
            continue;
        end if;
        if t.price = 0 then
            perform rules.refuse('OC056');   -- an amount buys no certain quantity of what is free
        end if;
        k := floor((before + (money + 0.005) / t.price) / p_step);
        -- the division above is inexact by its last digit, and the bound itself is not reached
        while k > 0 and rules.cost(p_rooms, k * p_step) > p_money loop
            k := k - 1;
        end loop;
        return k * p_step;
    end loop;
    return floor(before / p_step) * p_step;
end $$;

-- The tariff engine. Exactly one of p_amount (yuan) and p_quantity is given; p_already: bought in the same act, before the ledger
-- knows it. Rows by tier and item; the totals are the same in each row.
-- Quantity meters: p_balance is used; what is left over goes to the balance where allowed, else due is less than the amount.
-- Money meters: the amount goes onto the card; the quantity is what it is worth now, cut to four decimals.
create function rules.quote(p_meter_type int, p_version int, p_customer bigint, p_household int, p_by_money boolean, p_step numeric,
    p_amount numeric, p_quantity numeric, p_balance numeric, p_allow_balance boolean, p_already numeric)
returns table (tier int, item int, item_name text, quantity numeric, unit_price numeric, amount numeric,
    total_quantity numeric, total_amount numeric, due numeric, left_over numeric, card_amount numeric)
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
#variable_conflict use_column
declare
    v price_version;
    rooms tier_room[];
    t tier_room;
    q numeric[] := '{}';
    a numeric[] := '{}';
    n int[] := '{}';
    want numeric;
    money numeric;
    part numeric;
begin
    select * into v from price_version where id = p_version;
    rooms := array(select r from rules.tier_rooms(p_version, p_household,
        case when v.tiered then rules.bought(p_customer, p_meter_type, v.period) else 0 end + coalesce(p_already, 0)) r);

    if p_by_money then
        money := coalesce(p_amount, rules.cost(rooms, p_quantity));
        if p_amount is null and money = 0 then
            perform rules.refuse('OC056');
        end if;
        want := money;
        foreach t in array rooms loop
            exit when want = 0;
            if t.room is null and t.price = 0 then
                perform rules.refuse('OC056');
            end if;
            part := case when t.room is null then want else least(want, round(t.room * t.price, 2)) end;
            n := n || t.tier;
            a := a || part;
            q := q || case when t.price = 0 then t.room else least(t.room, trunc(part / t.price, 4)) end;
            want := want - part;
        end loop;
        total_quantity := coalesce(p_quantity, (select sum(x) from unnest(q) x));
        total_amount := money;
        due := money;
        left_over := 0;
        card_amount := money;
    else
        if p_quantity is not null and mod(p_quantity, p_step) <> 0 then
            perform rules.refuse('OC015', 'step', trim_scale(p_step)::text);
        end if;
        total_quantity := coalesce(p_quantity, rules.quantity_for(rooms, p_amount + p_balance, p_step));
        if total_quantity = 0 then
            perform rules.refuse('OC013', 'step', trim_scale(p_step)::text, 'price', trim_scale(rules.cost(rooms, p_step))::text);
        end if;
        want := total_quantity;
        foreach t in array rooms loop
            exit when want = 0;
            part := least(want, coalesce(t.room, want));
            n := n || t.tier;
            q := q || part;
            a := a || round(part * t.price, 2);
            want := want - part;
        end loop;
        total_amount := (select sum(x) from unnest(a) x);
        if p_amount is not null and p_allow_balance then
            due := p_amount;
        else
            due := greatest(0, total_amount - p_balance);
        end if;
        left_over := due + p_balance - total_amount;
        card_amount := total_quantity;
    end if;
    if total_quantity > 99999999 or total_amount > 9999999.99 then
        perform rules.refuse('OC016', 'limit', '9999999.99');
    end if;

    return query
    with share as (
        select s.tier, s.quantity, s.amount, i.item, i.unit_price, floor(x.exact * 100) / 100 as base, x.exact
        from unnest(n, q, a) as s(tier, quantity, amount)
        join price_tier_item i on i.version = p_version and i.tier = s.tier
        cross join lateral (
            select sum(y.unit_price) as price from price_tier_item y where y.version = p_version and y.tier = s.tier) whole
        cross join lateral (
            select case when whole.price = 0 then 0 else s.amount * i.unit_price / whole.price end as exact) x
        where s.quantity > 0 or s.amount > 0
    ), ranked as (
        select share.*, row_number() over (partition by share.tier order by share.exact - share.base desc, share.item) as rank,
            (share.amount - sum(share.base) over (partition by share.tier)) * 100 as missing
        from share
    )
    select r.tier, r.item, pi.name, r.quantity, r.unit_price, round(r.base + case when r.rank <= r.missing then 0.01 else 0 end, 2),
        total_quantity, total_amount, due, left_over, card_amount
    from ranked r
    join price_item pi on pi.id = r.item
    order by r.tier, r.item;
end $$;

-- What a person typed, before any price is asked: OC010, OC014, OC016, OC019.
create function rules.check_amount(p_amount numeric, p_quantity numeric, p_by_money boolean) returns void
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
begin
    if (p_amount is null) = (p_quantity is null) or p_amount = 'NaN' or p_amount <= 0 then
        perform rules.refuse('OC010');
    end if;
    if p_quantity = 'NaN' or p_quantity <= 0 or scale(trim_scale(p_quantity)) > 4 then
        perform rules.refuse('OC019');
    end if;
    if p_amount > 9999999.99 or p_quantity > 9999999.99 then
        perform rules.refuse('OC016', 'limit', '9999999.99');
    end if;
    if scale(trim_scale(p_amount)) > 2 then
        perform rules.refuse('OC014');
    end if;
end $$;

-- p_amount in the meter's own unit; p_held: what it is known to hold already. OC011, OC012.
create function rules.check_limits(p_user_type onecard.user_type, p_amount numeric, p_held numeric) returns void
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
begin
    if p_amount > p_user_type.purchase_limit then
        perform rules.refuse('OC011', 'limit', trim_scale(p_user_type.purchase_limit)::text);
    end if;
    if p_amount + coalesce(p_held, 0) > p_user_type.hoarding then
        perform rules.refuse('OC012', 'limit', trim_scale(p_user_type.hoarding)::text, 'held', trim_scale(coalesce(p_held, 0))::text);
    end if;
end $$;

-- What a purchase would cost now, under the same rules as purchase_begin; nothing is written.
create function api.quote(p_sub_meter bigint, p_customer bigint, p_amount numeric, p_quantity numeric)
returns table (tier bigint, item_name text, quantity numeric, unit_price numeric, amount numeric,
    total_quantity numeric, total_amount numeric, due numeric, left_over numeric, card_amount numeric)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    m meter;
    c customer;
    mm meter_model;
    ut user_type;
    money boolean;
    q record;
begin
    perform rules.need('purchase');
    select * into c from customer where number = p_customer and state = 'open';
    if c.number is null then
        perform rules.refuse('OC050');
    end if;
    select * into m from meter where customer = p_customer and sub_meter = p_sub_meter and state = 'open';
    if m.id is null then
        perform rules.refuse('OC029', 'sub_meter', coalesce(p_sub_meter, 0)::text);
    end if;
    select * into mm from meter_model where id = m.model;
    select * into ut from user_type where id = m.user_type;
    select by_money into money from card_layout where name = mm.layout;
    perform rules.check_amount(p_amount, p_quantity, money);
    for q in
        select * from rules.quote(mm.meter_type, rules.price_version_at(m.price_1, now()), m.customer, c.household, money, mm.step,
            p_amount, p_quantity, c.balance, (select allow_balance from parameters), 0)
    loop
        perform rules.check_limits(ut, q.card_amount, coalesce(m.return_remaining, m.presale));
        return query select q.tier::bigint, q.item_name, q.quantity, q.unit_price, q.amount, q.total_quantity, q.total_amount,
            q.due, q.left_over, q.card_amount;
    end loop;
end $$;

-- What opening one sub-meter would cost: its presale, priced first, then the purchase (p_amount and p_quantity null: none, one row
-- without a tier), with the opening fee where it is the first.
create function api.quote_open(p_user_type text, p_model text, p_price text, p_household bigint, p_amount numeric, p_quantity numeric, p_first boolean)
returns table (tier bigint, item_name text, quantity numeric, unit_price numeric, amount numeric,
    total_quantity numeric, total_amount numeric, due numeric, left_over numeric, card_amount numeric,
    presale numeric, presale_cost numeric, opening_fee numeric, due_total numeric)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    mm meter_model;
    ut user_type;
    y card_layout;
    version int;
    p_id int;
    pre_quantity numeric := 0;
    pre_cost numeric := 0;
    fee numeric := 0;
    q record;
begin
    perform rules.need('open-account');
    select * into mm from meter_model where name = p_model and active;
    if mm.id is null then
        perform rules.refuse('OC047', 'what', 'meter model', 'name', coalesce(p_model, ''), 'field', 'model');
    end if;
    select * into y from card_layout where name = mm.layout;
    select * into ut from user_type where name = p_user_type and meter_type = mm.meter_type and active;
    if ut.id is null then
        perform rules.refuse('OC047', 'what', 'user type', 'name', coalesce(p_user_type, ''), 'field', 'user_type');
    end if;
    select id into p_id from price where name = p_price and meter_type = mm.meter_type and active;
    if p_id is null then
        perform rules.refuse('OC047', 'what', 'price', 'name', coalesce(p_price, ''), 'field', 'price');
    end if;
    version := rules.price_version_at(p_id, now());
    perform rules.check_price(y, p_id);
    if exists (select from price_version where id = version and tiered) then
        if p_household is null then
            perform rules.refuse('OC043');
        end if;
    end if;
    if p_household not between 1 and 99 then
        perform rules.refuse('OC053');
    end if;
    if p_first then
        fee := (select p.opening_fee from parameters p);
    end if;
    if ut.presale > 0 then
        for q in
            select * from rules.quote(mm.meter_type, version, null, p_household::int, y.by_money, mm.step,
                case when y.by_money then ut.presale end, case when not y.by_money then ut.presale end, 0, false, 0)
        loop
            pre_quantity := q.total_quantity;
            pre_cost := q.total_amount;
        end loop;
    end if;
    if coalesce(p_amount, 0) = 0 and p_quantity is null then
        return query select null::bigint, null, 0::numeric, null::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric,
            ut.presale::numeric, pre_cost, fee, pre_cost + fee;
        return;
    end if;
    perform rules.check_amount(p_amount, p_quantity, y.by_money);
    for q in
        select * from rules.quote(mm.meter_type, version, null, p_household::int, y.by_money, mm.step,
            p_amount, p_quantity, 0, (select allow_balance from parameters), pre_quantity)
    loop
        perform rules.check_limits(ut, q.card_amount, ut.presale);
        return query select q.tier::bigint, q.item_name, q.quantity, q.unit_price, q.amount, q.total_quantity, q.total_amount,
            q.due, q.left_over, q.card_amount, ut.presale::numeric, pre_cost, fee, q.due + pre_cost + fee;
    end loop;
end $$;

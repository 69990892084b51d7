-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a quantity costs and what an amount buys: the one engine behind quotes and sales. Source: ledger.md, Tariff rules.
-- Money is rounded to the fen, half up, once per tier; the items of a tier share it by largest remainder.

-- The version of a price in force at a time; OC018 when none is.
create function rules.price_version_at(p_price int, p_at timestamptz) returns onecard.price_version
language plpgsql stable as $$
declare
    v price_version;
begin
    select * into v from price_version where price = p_price and starts_at <= p_at order by starts_at desc limit 1;
    if v.id is null then
        perform rules.refuse('OC018', 'price', coalesce((select name from price where id = p_price), ''));
    end if;
    return v;
end $$;

-- Bought by a customer for a meter type since the period of p_at began, in the site's own time zone: a session can't shift it. Pending sales
-- count, void and reversed ones don't.
create function rules.bought(p_customer bigint, p_meter_type int, p_period text, p_at timestamptz default now()) returns numeric
language plpgsql stable as $$
begin
    return (
        select coalesce(sum(t.quantity), 0)
        from trade t
        where t.customer = p_customer and t.at >= date_trunc(p_period, p_at, (select time_zone from meta)) and t.state <> 'void'
            and t.sub_meter / 10 = p_meter_type
            and not exists (select from trade r where r.reverses = t.number and r.state <> 'void'));
end $$;

-- What a version, or a draft of one, costs: one row a tier and item, in the order of tiers; upper_limit null: the last tier.
create type rules.tier_item as (tier int, upper_limit numeric, item int, name text, unit_price numeric);

create function rules.tier_items(p_version int) returns rules.tier_item[]
language plpgsql stable as $$
begin
    return array(
        select row(t.tier, t.upper_limit, x.item, i.name, coalesce(x.unit_price, 0))::tier_item
        from price_tier t
        left join price_tier_item x on x.version = t.version and x.tier = t.tier
        left join price_item i on i.id = x.item
        where t.version = p_version
        order by t.tier, x.item);
end $$;

-- What each limit grows by: each person above the base adds p_per_person.
create function rules.added_by_household(p_base int, p_per_person numeric, p_household int) returns numeric
language plpgsql immutable as $$
begin
    return p_per_person * greatest(0, coalesce(p_household, 0) - p_base);
end $$;

-- Tiers as one sale meets them: what is left of each after what was bought before, and what a unit costs there.
create type rules.tier_room as (tier int, room numeric, price numeric);   -- room null: no limit

-- p_added: what the size of the household adds to each limit.
create function rules.tier_rooms(p_items rules.tier_item[], p_added numeric, p_used numeric) returns rules.tier_room[]
language plpgsql immutable as $$
declare
    i tier_item;
    rooms tier_room[] := '{}';
    r tier_room;
    n int := 0;
    below numeric := 0;
begin
    foreach i in array p_items loop
        if n > 0 and rooms[n].tier = i.tier then
            rooms[n].price := rooms[n].price + i.unit_price;
            continue;
        end if;
        r.tier := i.tier;
        r.price := i.unit_price;
        r.room := greatest(0, i.upper_limit + p_added - greatest(p_used, below));
        if i.upper_limit is null then
            r.room := null;
        end if;
        below := i.upper_limit + p_added;
        n := n + 1;
        rooms[n] := r;
    end loop;
    return rooms;
end $$;

create function rules.cost(p_rooms rules.tier_room[], p_quantity numeric) returns numeric
language plpgsql immutable as $$
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
language plpgsql stable as $$
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

-- The tariff engine, over the tiers of a version or of a draft. Exactly one of p_amount (yuan) and p_quantity is given; p_used: bought in the
-- period before. Rows by tier and item; the totals are the same in each row.
-- Quantity meters: p_balance is used; what is left over goes to the balance where allowed, else due is less than the amount.
-- Money meters: the amount goes onto the card; the quantity is what it is worth now, cut to four decimals.
create function rules.quote_items(p_items rules.tier_item[], p_added numeric, p_used numeric, p_by_money boolean, p_step numeric,
    p_amount numeric, p_quantity numeric, p_balance numeric, p_allow_balance boolean)
returns table (tier int, item int, item_name text, quantity numeric, unit_price numeric, amount numeric,
    total_quantity numeric, total_amount numeric, due numeric, left_over numeric, card_amount numeric)
language plpgsql stable as $$
#variable_conflict use_column
declare
    rooms constant tier_room[] := rules.tier_rooms(p_items, p_added, p_used);
    t tier_room;
    q numeric[] := '{}';
    a numeric[] := '{}';
    n int[] := '{}';
    prices numeric[] := '{}';
    want numeric;
    money numeric;
    part numeric;
begin
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
            prices := prices || t.price;
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
            prices := prices || t.price;
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
        select s.tier, s.quantity, s.amount, i.item, i.name, i.unit_price, x.exact, floor(x.exact * 100) / 100 as base
        from unnest(n, q, a, prices) as s(tier, quantity, amount, price)
        join unnest(p_items) as i(tier, upper_limit, item, name, unit_price) on i.tier = s.tier and i.item is not null
        cross join lateral (select case when s.price = 0 then 0 else s.amount * i.unit_price / s.price end as exact) x
        where s.quantity > 0 or s.amount > 0
    ), ranked as (
        select share.*, row_number() over (partition by share.tier order by share.exact - share.base desc, share.item) as rank,
            (share.amount - sum(share.base) over (partition by share.tier)) * 100 as missing
        from share
    )
    select r.tier, r.item, r.name, r.quantity, r.unit_price, round(r.base + case when r.rank <= r.missing then 0.01 else 0 end, 2),
        total_quantity, total_amount, due, left_over, card_amount
    from ranked r
    order by r.tier, r.item;
end $$;

-- The same for a version that is kept, and a customer (null: a new one) of so many persons. p_already: bought in the same act, before the
-- ledger knows it.
create function rules.quote(p_meter_type int, p_version int, p_customer bigint, p_household int, p_by_money boolean, p_step numeric,
    p_amount numeric, p_quantity numeric, p_balance numeric, p_allow_balance boolean, p_already numeric)
returns table (tier int, item int, item_name text, quantity numeric, unit_price numeric, amount numeric,
    total_quantity numeric, total_amount numeric, due numeric, left_over numeric, card_amount numeric)
language plpgsql stable as $$
declare
    v price_version;
begin
    select * into v from price_version where id = p_version;
    return query
    select q.tier, q.item, q.item_name, q.quantity, q.unit_price, q.amount, q.total_quantity, q.total_amount, q.due, q.left_over, q.card_amount
    from rules.quote_items(rules.tier_items(p_version), rules.added_by_household(v.base_persons, v.per_person, p_household),
        case when v.tiered then rules.bought(p_customer, p_meter_type, v.period) else 0 end + coalesce(p_already, 0), p_by_money, p_step,
        p_amount, p_quantity, p_balance, p_allow_balance) q;
end $$;

-- What a person typed, before any price is asked: OC010, OC014, OC016, OC019.
create function rules.check_amount(p_amount numeric, p_quantity numeric, p_by_money boolean) returns void
language plpgsql stable as $$
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
language plpgsql stable as $$
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
        select * from rules.quote(mm.meter_type, (rules.price_version_at(m.price_1, now())).id, m.customer, c.household, money, mm.step,
            p_amount, p_quantity, rules.free_balance(c), (select allow_balance from parameters), 0)
    loop
        perform rules.check_limits(ut, q.card_amount, coalesce(m.return_remaining, m.presale));
        return query select q.tier::bigint, q.item_name, q.quantity, q.unit_price, q.amount, q.total_quantity, q.total_amount,
            q.due, q.left_over, q.card_amount;
    end loop;
end $$;

-- What so much would buy of a price that is being typed (the form of api.setting_save, one version's fields): by the same engine, for a
-- household that bought p_used before. Nothing is written.
create function api.price_preview(p_form jsonb, p_amount numeric, p_quantity numeric, p_household bigint, p_used numeric, p_by_money boolean,
    p_step numeric)
returns table (tier bigint, item_name text, quantity numeric, unit_price numeric, amount numeric,
    total_quantity numeric, total_amount numeric, due numeric, left_over numeric, card_amount numeric)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    tiered boolean;
    items tier_item[];
begin
    perform rules.need('prices');
    perform rules.check_amount(p_amount, p_quantity, coalesce(p_by_money, false));
    tiered := rules.truth_field(p_form, 'tiered', false);
    items := array(select i from rules.tiers_of_form(p_form, tiered, rules.meter_type_field(p_form, null)) i);
    return query
    select q.tier::bigint, q.item_name, q.quantity, q.unit_price, q.amount, q.total_quantity, q.total_amount, q.due, q.left_over, q.card_amount
    from rules.quote_items(items,
        rules.added_by_household(rules.number_field(p_form, 'base_persons', 0, 0, 99, true, 0)::int,
            rules.number_field(p_form, 'per_person', 4, 0, 999999, true, 0), p_household::int),
        coalesce(p_used, 0), coalesce(p_by_money, false), coalesce(p_step, 0.01), p_amount, p_quantity, 0,
        (select allow_balance from parameters)) q;
end $$;

-- SPDX-License-Identifier: GPL-3.0-or-later
-- A meter that a customer has not had yet, sold to for the first time: what an opening and an added sub-meter have in common. Sources:
-- ledger.md, Tariff rules; cards.md 2 and 3.

-- What was asked for one sub-meter. Null: price_2 as price, switch_at now, ct and vt the model's, amount and quantity the presale only.
create type rules.new_meter as (
    slot bigint, model text, meter text, user_type text, price text, price_2 text, switch_at timestamptz, ct bigint, vt bigint, amount numeric, quantity numeric
);

-- An act's parallel arrays, one element a sub-meter, in the order of their slots. OC056: none.
create function rules.new_meters(p_slot bigint[], p_model text[], p_meter text[], p_user_type text[], p_price text[], p_price_2 text[], p_switch_at timestamptz[],
    p_ct bigint[], p_vt bigint[], p_amount numeric[], p_quantity numeric[])
returns rules.new_meter[]
language plpgsql stable as $$
begin
    if coalesce(cardinality(p_slot), 0) = 0 then
        perform rules.refuse('OC056');
    end if;
    return array(
        select row(p_slot[i], p_model[i], p_meter[i], p_user_type[i], p_price[i], p_price_2[i], p_switch_at[i], p_ct[i], p_vt[i],
            nullif(p_amount[i], 0), p_quantity[i])::rules.new_meter
        from generate_series(1, cardinality(p_slot)) i
        order by p_slot[i]);
end $$;

-- By name, of those that can be chosen; OC047.
create function rules.model_for(p_name text) returns onecard.meter_model
language plpgsql stable as $$
declare
    mm meter_model;
begin
    select * into mm from meter_model where name = p_name and active;
    if mm.id is null then
        perform rules.refuse('OC047', 'what', 'meter model', 'name', coalesce(p_name, ''), 'field', 'model');
    end if;
    return mm;
end $$;

create function rules.user_type_for(p_name text, p_meter_type int) returns onecard.user_type
language plpgsql stable as $$
declare
    ut user_type;
begin
    select * into ut from user_type where name = p_name and meter_type = p_meter_type and active;
    if ut.id is null then
        perform rules.refuse('OC047', 'what', 'user type', 'name', coalesce(p_name, ''), 'field', 'user_type');
    end if;
    return ut;
end $$;

-- A price of that meter type which the meter's card can carry; OC017, OC018, OC047.
create function rules.price_for(p_name text, p_meter_type int, p_layout onecard.card_layout, p_field text) returns int
language plpgsql stable as $$
declare
    p int;
begin
    select id into p from price where name = p_name and meter_type = p_meter_type and active;
    if p is null then
        perform rules.refuse('OC047', 'what', 'price', 'name', coalesce(p_name, ''), 'field', p_field);
    end if;
    perform rules.check_price(p_layout, rules.price_version_at(p, now()));
    return p;
end $$;

-- What a person read from the meter, as the ledger writes it. OC044; OC045, OC030: somebody has it.
create function rules.meter_number_for(p_number text) returns text
language plpgsql stable as $$
declare
    n constant text := btrim(coalesce(p_number, ''));
begin
    if n !~ '^[0-9]{1,12}$' or n ~ '^0+$' then
        perform rules.refuse('OC044');
    end if;
    perform rules.check_meter_free(lpad(n, 12, '0'));
    return lpad(n, 12, '0');
end $$;

create function rules.check_ratios(p_ct bigint, p_vt bigint) returns void
language plpgsql stable as $$
begin
    if p_ct not between 1 and 999999 or p_vt not between 1 and 999999 then
        perform rules.refuse('OC052');
    end if;
end $$;

-- The directory of a CPU card that the next meter of a type gets: DF0t, for further ones DFts. p_on: the meters that are on the card.
create function rules.directory_for(p_meter_type int, p_slot bigint, p_on onecard.meter[]) returns text
language plpgsql immutable as $$
declare
    first constant text := 'DF0' || p_meter_type;
begin
    return case when first in (select x.directory from unnest(p_on) x) then 'DF' || p_meter_type || p_slot else first end;
end $$;

-- Refuses a card on which a meter's directory has no room for its layout's files: OC049.
create function rules.check_directory(p_layout text, p_directory text, p_on int, p_area text[], p_bytes bytea[]) returns void
language plpgsql stable as $$
begin
    if exists (select from card_area a where a.layout = p_layout and length(rules.file_bytes(a, p_directory, p_area, p_bytes)) is distinct from a.size) then
        perform rules.refuse('OC049', 'max', p_on::text);
    end if;
end $$;

-- The meter as it will be, or why it can't be. p_on: those that are on the card or come onto it before; p_chip null: whichever chip it wants;
-- p_household null: not said. OC010-019, OC030, OC036, OC043-049, OC052.
create function rules.check_new_meter(p_new rules.new_meter, p_on onecard.meter[], p_family text, p_chip text, p_household int, p_area text[], p_bytes bytea[])
returns onecard.meter
language plpgsql stable as $$
declare
    m meter;
    mm meter_model;
    y card_layout;
    ut user_type;
    mtype int;
    slots int;
begin
    select meter_type into mtype from sub_meter_slot where slot = p_new.slot;
    if mtype is null or p_new.slot in (select x.slot from unnest(p_on) x) then
        perform rules.refuse('OC046', 'slot', coalesce(p_new.slot, 0)::text);
    end if;
    mm := rules.model_for(p_new.model);
    if mm.meter_type <> mtype then
        perform rules.refuse('OC048', 'model', mm.name);
    end if;
    select * into y from card_layout where name = mm.layout;
    if y.family <> p_family then
        perform rules.refuse('OC036', 'family', p_family, 'expected', y.family);
    end if;
    if mm.chip <> p_chip then
        perform rules.refuse('OC036', 'family', mm.chip, 'expected', p_chip);
    end if;
    select cc.slots into slots from card_chip cc where cc.layout = y.name and cc.chip = mm.chip;
    if p_new.slot > coalesce(slots, 8) then
        perform rules.refuse('OC049', 'max', slots::text);
    end if;
    m.number := rules.meter_number_for(p_new.meter);
    ut := rules.user_type_for(p_new.user_type, mtype);
    m.price_1 := rules.price_for(p_new.price, mtype, y, 'price');
    m.price_2 := rules.price_for(coalesce(p_new.price_2, p_new.price), mtype, y, 'price_2');
    if p_household is null and (rules.price_version_at(m.price_1, now())).tiered then
        perform rules.refuse('OC043');
    end if;
    m.ct := coalesce(p_new.ct, mm.ct);
    m.vt := coalesce(p_new.vt, mm.vt);
    perform rules.check_ratios(m.ct, m.vt);
    if p_new.amount is not null or p_new.quantity is not null then
        perform rules.check_amount(p_new.amount, p_new.quantity, y.by_money);
    end if;
    m.model := mm.id;
    m.slot := p_new.slot;
    m.sub_meter := mtype * 10 + p_new.slot;
    m.directory := '';
    m.user_type := ut.id;
    m.switch_at := date_trunc('minute', coalesce(p_new.switch_at, now()));
    m.presale := ut.presale;
    if y.family = 'cpu' then
        m.directory := rules.directory_for(mtype, p_new.slot, p_on);
        perform rules.check_directory(y.name, m.directory, cardinality(p_on), p_area, p_bytes);
    end if;
    return m;
end $$;

-- The meter as a row of its own, unfinished, the customer's.
create function rules.add_meter(p_meter onecard.meter, p_customer bigint) returns onecard.meter
language plpgsql as $$
declare
    m meter;
begin
    insert into meter (number, model, customer, slot, sub_meter, directory, user_type, price_1, price_2, switch_at, ct, vt, presale)
    values (p_meter.number, p_meter.model, p_customer, p_meter.slot, p_meter.sub_meter, p_meter.directory, p_meter.user_type, p_meter.price_1,
        p_meter.price_2, p_meter.switch_at, p_meter.ct, p_meter.vt, p_meter.presale)
    returning * into m;
    return m;
exception when unique_violation then
    perform rules.check_meter_free(p_meter.number);
    perform rules.met_itself();   -- whoever had it gave it up just now
end $$;

-- Sells to it for the first time: the meter, its part of the job, its trade. The opening card's records of it, and what is due. p_paid: what
-- the job's trades before it took of the payment.
create function rules.sell_new_meter(p_job onecard.card_job, p_card onecard.card, p_meter onecard.meter, p_new rules.new_meter, p_household int,
    p_pay text, p_paid numeric, p_tendered numeric, p_reference text, out due numeric, out area text[], out bytes bytea[])
language plpgsql as $$
declare
    m constant meter := rules.add_meter(p_meter, p_card.customer);
    s sale;
begin
    s := rules.price_sale(m, p_household, p_new.amount, p_new.quantity, m.presale, 0, p_pay, p_paid);
    perform rules.check_limits((select u from user_type u where u.id = m.user_type), s.card_amount, m.presale);
    due := s.due;
    select i.area, i.bytes into area, bytes from rules.sale_image(m, p_card, '01', 1, 0, s.card_amount, p_job.before_area, p_job.before_bytes) i;
    insert into card_job_meter (job, meter, slot, directory, count, revision, amount)
    values (p_job.id, m.id, m.slot, m.directory, 1, 0, s.card_amount);
    perform rules.add_trade(p_job, 'purchase', m, 1, 0, s, p_tendered, p_reference);
end $$;

-- All of an act's new meters, after each other: one's sale counts into the next one's tiers. p_fee: what the job's trades before them took of
-- the payment; due has it too. OC037, OC055, OC158.
create function rules.sell_new_meters(p_job onecard.card_job, p_card onecard.card, p_meters onecard.meter[], p_new rules.new_meter[], p_household int,
    p_pay text, p_fee numeric, p_expected numeric, p_tendered numeric, p_reference text, out area text[], out bytes bytea[])
language plpgsql as $$
declare
    total numeric := p_fee;
    sold record;
begin
    area := '{}';
    bytes := '{}';
    for i in 1 .. cardinality(p_new) loop
        perform rules.about_slot(p_new[i].slot);
        sold := rules.sell_new_meter(p_job, p_card, p_meters[i], p_new[i], p_household, p_pay, total, p_tendered, p_reference);
        total := total + sold.due;
        area := area || sold.area;
        bytes := bytes || sold.bytes;
    end loop;
    perform rules.about_slot(null);
    perform rules.check_due(total, p_expected, p_tendered);
    perform rules.check_paid(p_pay, total);
end $$;

-- What selling to a new meter would cost: a row a tier and item of the purchase, one without a tier where nothing but the presale is sold. The
-- columns behind card_amount are the same in each row.
create type rules.new_meter_quote as (
    tier bigint, item_name text, quantity numeric, unit_price numeric, amount numeric,
    total_quantity numeric, total_amount numeric, due numeric, left_over numeric, card_amount numeric,
    presale numeric, presale_quantity numeric, presale_cost numeric, opening_fee numeric, due_total numeric
);

-- As rules.sell_new_meter will: the presale, priced first, then the purchase (p_amount and p_quantity null: none). p_customer null: a new one.
-- p_already: what counts into the tiers beside what the ledger has; p_fee: what is due for the opening.
create function rules.quote_new_meter(p_customer bigint, p_household int, p_user_type text, p_model text, p_price text, p_amount numeric, p_quantity numeric,
    p_already numeric, p_fee numeric)
returns setof rules.new_meter_quote
language plpgsql stable as $$
declare
    mm constant meter_model := rules.model_for(p_model);
    ut constant user_type := rules.user_type_for(p_user_type, mm.meter_type);
    already constant numeric := coalesce(p_already, 0);
    y card_layout;
    version price_version;
    r new_meter_quote;
    q record;
begin
    select * into y from card_layout where name = mm.layout;
    version := rules.price_version_at(rules.price_for(p_price, mm.meter_type, y, 'price'), now());
    if p_household is null and version.tiered then
        perform rules.refuse('OC043');
    end if;
    if already not between 0 and 99999999 then
        perform rules.refuse('OC019');
    end if;
    r.presale := ut.presale;
    r.presale_quantity := 0;
    r.presale_cost := 0;
    r.opening_fee := p_fee;
    if ut.presale > 0 then
        for q in
            select * from rules.quote(mm.meter_type, version.id, p_customer, p_household, y.by_money, mm.step,
                case when y.by_money then ut.presale end, case when not y.by_money then ut.presale end, 0, false, already)
        loop
            r.presale_quantity := q.total_quantity;
            r.presale_cost := q.total_amount;
        end loop;
    end if;
    r.due_total := r.presale_cost + p_fee;
    if coalesce(p_amount, 0) = 0 and p_quantity is null then
        r.quantity := 0;
        r.amount := 0;
        r.total_quantity := 0;
        r.total_amount := 0;
        r.due := 0;
        r.left_over := 0;
        r.card_amount := 0;
        return next r;
        return;
    end if;
    perform rules.check_amount(p_amount, p_quantity, y.by_money);
    for r.tier, r.item_name, r.quantity, r.unit_price, r.amount, r.total_quantity, r.total_amount, r.due, r.left_over, r.card_amount in
        select x.tier, x.item_name, x.quantity, x.unit_price, x.amount, x.total_quantity, x.total_amount, x.due, x.left_over, x.card_amount
        from rules.quote(mm.meter_type, version.id, p_customer, p_household, y.by_money, mm.step,
            p_amount, p_quantity, 0, (select allow_balance from parameters), already + r.presale_quantity) x
    loop
        perform rules.check_limits(ut, r.card_amount, ut.presale);
        r.due_total := r.due + r.presale_cost + p_fee;
        return next r;
    end loop;
end $$;

-- What opening one sub-meter would cost, with the opening fee where it is the first. p_already: the quantity that meters of the same type with a
-- lower slot buy in the same opening, their presale with it: it counts into the tiers, as api.open_begin counts it. Null: none.
create function api.quote_open(p_user_type text, p_model text, p_price text, p_household bigint, p_amount numeric, p_quantity numeric, p_first boolean,
    p_already numeric)
returns setof rules.new_meter_quote
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.need('open-account');
    if p_household not between 1 and 99 then
        perform rules.refuse('OC053');
    end if;
    return query
    select * from rules.quote_new_meter(null, p_household::int, p_user_type, p_model, p_price, p_amount, p_quantity, p_already,
        case when p_first then (select opening_fee from parameters) else 0 end);
end $$;

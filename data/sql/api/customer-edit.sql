-- SPDX-License-Identifier: GPL-3.0-or-later
-- Daily work on a customer: what is wrong with a form, edits, other user types and prices, cards lost and found.

-- What is wrong with a customer's data, as {code, name=value lines}; null: nothing. p_household null: not said.
create function rules.customer_fault(p_name text, p_address text, p_phone text, p_id_kind text, p_id_number text, p_district text,
    p_household bigint, p_permanent_number text, p_note text)
returns text[]
language plpgsql immutable as $$
declare
    fields constant text[] := array['name', 'address', 'phone', 'id_kind', 'id_number', 'district', 'permanent_number', 'note'];
    longest constant int[] := array[100, 200, 50, 50, 50, 50, 50, 500];
    texts constant text[] := array[p_name, p_address, p_phone, p_id_kind, p_id_number, p_district, p_permanent_number, p_note];
begin
    if btrim(coalesce(p_name, '')) = '' then
        return array['OC040', ''];
    end if;
    if btrim(coalesce(p_address, '')) = '' then
        return array['OC041', ''];
    end if;
    for i in 1 .. cardinality(fields) loop
        if length(texts[i]) > longest[i] or texts[i] ~ '[\x01-\x1f\x7f]' then
            return array['OC042', 'max=' || longest[i] || chr(10) || 'field=' || fields[i]];
        end if;
    end loop;
    if p_household not between 1 and 99 then
        return array['OC053', ''];
    end if;
    return null;
end $$;

create function rules.check_customer(p_name text, p_address text, p_phone text, p_id_kind text, p_id_number text, p_district text,
    p_household bigint, p_permanent_number text, p_note text)
returns void
language plpgsql stable as $$
declare
    fault constant text[] := rules.customer_fault(p_name, p_address, p_phone, p_id_kind, p_id_number, p_district, p_household, p_permanent_number, p_note);
begin
    if fault is not null then
        perform rules.refuse_lines(fault[1], fault[2]);
    end if;
end $$;

-- The customer, locked: one with an account (OC050 none, OC051 closed).
create function rules.customer_for_change(p_customer bigint) returns onecard.customer
language plpgsql as $$
declare
    c customer;
begin
    select * into c from customer where number = p_customer for update;
    if c.number is null or c.state in ('pending', 'void') then
        perform rules.refuse('OC050');
    end if;
    if c.state = 'closed' then
        perform rules.refuse('OC051');
    end if;
    return c;
end $$;

-- OC152 when the form was filled from another version than there is now; p_what and p_key name it in the audit.
create function rules.check_version(p_mine bigint, p_now bigint, p_what text, p_key text) returns void
language plpgsql stable as $$
declare
    a record;
begin
    if p_mine is null or p_mine = p_now then
        return;
    end if;
    select coalesce(o.name, u.operator) as operator, u.at::text as at
    into a
    from audit u
    left join operator o on role_prefix() || '_' || o.number = u.operator
    where u.what = p_what and u.key = p_key
    order by u.id desc
    limit 1;
    perform rules.refuse('OC152', 'operator', a.operator, 'time', a.at);
end $$;

-- A customer as a form shows him. Identity numbers are masked without see-identity.
create function api.customer(p_customer bigint)
returns table (
    customer bigint, row_version bigint, name text, address text, phone text, id_kind text, id_number text, district text, household bigint,
    permanent_number text, note text, balance numeric, state text, opened_at timestamptz, branch bigint, branch_name text, card text, card_state text,
    barred text)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    sees boolean;
begin
    perform rules.need_any('query', 'edit-customer', 'balance', 'replace-card', 'blacklist');
    sees := rules.may('see-identity');
    return query
    select c.number, c.row_version, c.name, c.address, c.phone, c.id_kind, case when sees then c.id_number else rules.masked(c.id_number) end,
        c.district, c.household::bigint, c.permanent_number, c.note, c.balance, c.state, c.opened_at, b.number::bigint, b.name,
        encode(k.serial, 'hex'), k.state, onecard.barred_by(c.number, null)
    from onecard.customer c
    join onecard.branch b on b.number = c.branch
    left join lateral (
        select x.serial, x.state
        from onecard.card x
        where x.customer = c.number and x.state in ('pending', 'current', 'lost')
        order by x.id desc
        limit 1) k on true
    where c.number = p_customer and c.state <> 'void';
end $$;

-- Saves what is not null. p_row_version: what the form was filled from, null: whatever it is. Answers the new version. OC152: somebody else
-- saved meanwhile.
create function api.customer_edit(p_customer bigint, p_row_version bigint, p_name text, p_address text, p_phone text, p_id_kind text, p_id_number text,
    p_district text, p_household bigint, p_permanent_number text, p_note text)
returns table (row_version bigint)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    c onecard.customer;
begin
    perform rules.need('edit-customer');
    c := rules.customer_for_change(p_customer);
    perform rules.check_version(p_row_version, c.row_version, 'customer', c.number::text);
    c.name := btrim(coalesce(p_name, c.name));
    c.address := btrim(coalesce(p_address, c.address));
    c.phone := btrim(coalesce(p_phone, c.phone));
    c.id_kind := btrim(coalesce(p_id_kind, c.id_kind));
    c.id_number := btrim(coalesce(p_id_number, c.id_number));
    c.district := btrim(coalesce(p_district, c.district));
    c.permanent_number := btrim(coalesce(p_permanent_number, c.permanent_number));
    c.note := btrim(coalesce(p_note, c.note));
    perform rules.check_customer(c.name, c.address, c.phone, c.id_kind, c.id_number, c.district, p_household, c.permanent_number, c.note);
    return query
    update onecard.customer x
    set name = c.name, address = c.address, phone = c.phone, id_kind = c.id_kind, id_number = c.id_number, district = c.district,
        household = coalesce(p_household, x.household), permanent_number = c.permanent_number, note = c.note
    where x.number = c.number
    returning x.row_version;
end $$;

-- The customer's meters, in the order of their slots; those that were replaced or closed come last.
create function api.customer_meters(p_customer bigint)
returns table (
    sub_meter bigint, meter text, meter_type text, unit text, model text, user_type text, price_1 text, price_2 text, switch_at timestamptz,
    state text, purchase_count bigint, last_purchase numeric, last_purchase_at timestamptz, total_bought numeric, barred text)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
begin
    perform rules.need_any('query', 'edit-customer', 'blacklist');
    return query
    select m.sub_meter::bigint, m.number, t.name, t.unit, mm.name, u.name, p1.name, p2.name, m.switch_at,
        m.state, m.purchase_count::bigint, m.last_purchase, m.last_purchase_at, m.total_bought, m.barred
    from onecard.meter m
    join meter_model mm on mm.id = m.model
    join meter_type t on t.code = mm.meter_type
    join onecard.user_type u on u.id = m.user_type
    join onecard.price p1 on p1.id = m.price_1
    join onecard.price p2 on p2.id = m.price_2
    where m.customer = p_customer and m.state <> 'void'
    order by m.state not in ('pending', 'open'), m.slot, m.id desc;
end $$;

-- Another user type or price for a meter in use; null stays. The card carries it from its next write on.
create function api.meter_change(p_customer bigint, p_sub_meter bigint, p_user_type text, p_price text, p_price_2 text, p_switch_at timestamptz)
returns void
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    c customer;
    m meter;
    mtype int;
    y card_layout;
begin
    perform rules.need('edit-customer');
    c := rules.customer_for_change(p_customer);
    select * into m from meter where customer = c.number and sub_meter = p_sub_meter and state = 'open' for update;
    if m.id is null then
        perform rules.refuse('OC029', 'sub_meter', coalesce(p_sub_meter, 0)::text);
    end if;
    select mm.meter_type into mtype from meter_model mm where mm.id = m.model;
    select l.* into y from meter_model mm join card_layout l on l.name = mm.layout where mm.id = m.model;
    if p_user_type is not null then
        m.user_type := (rules.user_type_for(p_user_type, mtype)).id;
    end if;
    if p_price is not null then
        m.price_1 := rules.price_for(p_price, mtype, y, 'price');
    end if;
    if p_price_2 is not null then
        m.price_2 := rules.price_for(p_price_2, mtype, y, 'price_2');
    end if;
    update meter
    set user_type = m.user_type, price_1 = m.price_1, price_2 = m.price_2, switch_at = coalesce(date_trunc('minute', p_switch_at), m.switch_at)
    where id = m.id;
end $$;

-- The card is lost: it buys nothing until it is found or replaced. Answers its serial. OC155: none is in use.
create function api.card_lost(p_customer bigint) returns table (card text)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    c customer;
    k onecard.card;
begin
    perform rules.need('replace-card');
    c := rules.customer_for_change(p_customer);
    select * into k from onecard.card x where x.customer = c.number and x.state in ('pending', 'current') for update;
    if k.id is null then
        perform rules.refuse('OC155');
    end if;
    perform rules.check_served(k.id);
    update onecard.card x set state = 'lost' where x.id = k.id;
    return query select encode(k.serial, 'hex');
end $$;

-- The lost card was found, and none replaced it meanwhile (OC156).
create function api.card_found(p_customer bigint) returns table (card text)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    c customer;
    k onecard.card;
begin
    perform rules.need('replace-card');
    c := rules.customer_for_change(p_customer);
    select * into k from onecard.card x where x.customer = c.number and x.state in ('pending', 'current', 'lost') order by x.id desc limit 1 for update;
    if k.id is null or k.state <> 'lost' then
        perform rules.refuse('OC156');
    end if;
    update onecard.card x set state = 'current' where x.id = k.id;
    return query select encode(k.serial, 'hex');
end $$;

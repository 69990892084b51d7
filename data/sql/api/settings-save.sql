-- SPDX-License-Identifier: GPL-3.0-or-later
-- Saving, deleting and taking back settings: one pair of functions for every kind. A form says which row_version it was filled from; who comes
-- second is told (OC113) and sees what is there now. What one kind is and may be is in rules.save_… of its own.

create type rules.setting_kind as (kind text, tab text, key text, permission text);

-- The kinds there are; OC121 for another word.
create function rules.kind_of(p_kind text) returns rules.setting_kind
language plpgsql immutable as $$
declare
    k setting_kind;
begin
    select * into k
    from (values
        ('parameters', 'parameters', 'one::int', 'settings'),
        ('unit', 'unit', 'one::int', 'settings'),
        ('sub-meters', 'sub_meter_slot', 'slot', 'settings'),
        ('meter-models', 'meter_model', 'id', 'settings'),
        ('user-types', 'user_type', 'id', 'settings'),
        ('price-items', 'price_item', 'id', 'prices'),
        ('prices', 'price', 'id', 'prices'),
        ('branches', 'branch', 'number', 'branches'),
        ('roles', 'role', 'id', 'roles'),
        ('operators', 'operator', 'number', 'operators')) x(kind, tab, key, permission)
    where x.kind = p_kind;
    if k.kind is null then
        perform rules.refuse('OC121', 'field', 'kind', 'name', coalesce(p_kind, ''));
    end if;
    return k;
end $$;

-- The row's version, locked against others; null: there is none.
create function rules.lock_setting(p_kind rules.setting_kind, p_id bigint) returns bigint
language plpgsql as $$
declare
    v bigint;
begin
    execute format('select row_version from onecard.%I where %s = $1 for update', p_kind.tab, p_kind.key) into v using p_id;
    return v;
end $$;

-- A setting as its form sends it, null when there is none: what a change was before and after, and what undo sends again.
create function rules.setting_document(p_kind text, p_id bigint) returns jsonb
language plpgsql stable as $$
begin
    return case p_kind
    when 'parameters' then (
        select jsonb_build_object('card_family', p.card_family, 'area_number', p.area_number, 'opening_fee', p.opening_fee,
            'replacement_fee', p.replacement_fee, 'meter_change_fee', p.meter_change_fee, 'allow_balance', p.allow_balance,
            'lease_seconds', p.lease_seconds, 'approval_percent', p.approval_percent, 'approval_amount', p.approval_amount)
        from parameters p)
    when 'unit' then (
        select jsonb_build_object('name', u.name, 'address', u.address, 'phone', u.phone, 'email', u.email, 'tax_number', u.tax_number,
            'logo', coalesce(translate(encode(u.logo, 'base64'), E'\n', ''), ''))
        from unit u)
    when 'sub-meters' then (
        select jsonb_build_object('slot', s.slot, 'meter_type', t.name)
        from sub_meter_slot s
        join meter_type t on t.code = s.meter_type
        where s.slot = p_id)
    when 'meter-models' then (
        select jsonb_build_object('name', m.name, 'meter_type', t.name, 'layout', m.layout, 'chip', m.chip, 'step', m.step, 'bore', m.bore,
            'ct', m.ct, 'vt', m.vt, 'active', m.active)
        from meter_model m
        join meter_type t on t.code = m.meter_type
        where m.id = p_id)
    when 'user-types' then (
        select jsonb_build_object('name', u.name, 'meter_type', t.name, 'alarm_1', u.alarm_1, 'alarm_2', u.alarm_2, 'hoarding', u.hoarding,
            'presale', u.presale, 'purchase_limit', u.purchase_limit, 'active', u.active)
        from user_type u
        join meter_type t on t.code = u.meter_type
        where u.id = p_id)
    when 'price-items' then (
        select jsonb_build_object('name', i.name, 'meter_type', t.name, 'active', i.active)
        from price_item i
        join meter_type t on t.code = i.meter_type
        where i.id = p_id)
    when 'prices' then rules.price_document(p_id)
    when 'branches' then (
        select jsonb_build_object('number', b.number, 'name', b.name, 'active', b.active)
        from branch b
        where b.number = p_id)
    when 'roles' then (
        select jsonb_build_object('name', r.name, 'administrator', r.is_administrator, 'permissions', rules.permissions_of(r.id))
        from role r
        where r.id = p_id)
    when 'operators' then (
        select jsonb_build_object('operator', o.number, 'branch', o.branch, 'role', r.name, 'name', o.name, 'sex', o.sex, 'phone', o.phone,
            'state', o.state)
        from operator o
        join role r on r.id = o.role
        where o.number = p_id)
    end;
end $$;

-- Writes down what somebody did to a setting; answers the number that takes it back.
create function rules.note_change(p_act text, p_kind text, p_id bigint, p_before jsonb, p_request uuid default null, p_digest bytea default null,
    p_undoes bigint default null) returns bigint
language plpgsql as $$
declare
    is_now constant jsonb := rules.setting_document(p_kind, p_id);
    n bigint;
begin
    insert into change (request, digest, operator, station, act, kind, setting, name, before, after, row_version, approved_by, undoes)
    values (p_request, p_digest, (rules.me()).number, rules.my_station(), p_act, p_kind, p_id,
        coalesce(is_now ->> 'name', p_before ->> 'name', is_now ->> 'slot', p_before ->> 'slot', ''), p_before, is_now,
        rules.lock_setting(rules.kind_of(p_kind), p_id), rules.approved_by(p_request, p_digest), p_undoes)
    returning id into n;
    return n;
end $$;

-- Kinds ----------------------------------------------------------------------------------------------------------
-- Each takes the id (null: a new one) and the form, and answers the id. What the form does not hold stays as it was.

-- Card family and area number are on every card: with cards in use they change only when their number is typed as "confirm".
-- Everybody is signed out: what stations show and compute with is what they were told at sign-in.
create function rules.save_parameters(p_id bigint, p_form jsonb) returns bigint
language plpgsql as $$
declare
    was parameters;
    f parameters;
    cards constant bigint := rules.cards_in_use();
begin
    perform rules.check_fields(p_form, '{card_family,area_number,opening_fee,replacement_fee,meter_change_fee,allow_balance,lease_seconds,approval_percent,approval_amount,confirm}', '{cards}');
    select * into was from parameters;
    f := was;
    f.card_family := rules.choice_field(p_form, 'card_family', 'card family', '{24c,4442,cpu}', was.card_family);
    f.area_number := rules.number_field(p_form, 'area_number', 0, 0, 65535, true, was.area_number);
    f.opening_fee := rules.number_field(p_form, 'opening_fee', 2, 0, 99999.99, true, was.opening_fee);
    f.replacement_fee := rules.number_field(p_form, 'replacement_fee', 2, 0, 99999.99, true, was.replacement_fee);
    f.meter_change_fee := rules.number_field(p_form, 'meter_change_fee', 2, 0, 99999.99, true, was.meter_change_fee);
    f.allow_balance := rules.truth_field(p_form, 'allow_balance', was.allow_balance);
    f.lease_seconds := rules.number_field(p_form, 'lease_seconds', 0, 5, 600, true, was.lease_seconds);
    f.approval_percent := rules.number_field(p_form, 'approval_percent', 2, 0.01, 9999, false, was.approval_percent);
    f.approval_amount := rules.number_field(p_form, 'approval_amount', 2, 0.01, 9999999, false, was.approval_amount);
    if (f.card_family <> was.card_family or f.area_number <> was.area_number) and cards > 0
        and btrim(coalesce(p_form ->> 'confirm', '')) <> cards::text then
        perform rules.refuse('OC115', 'cards', cards::text);
    end if;
    update parameters
    set card_family = f.card_family, area_number = f.area_number, opening_fee = f.opening_fee, replacement_fee = f.replacement_fee,
        meter_change_fee = f.meter_change_fee, allow_balance = f.allow_balance, lease_seconds = f.lease_seconds,
        approval_percent = f.approval_percent, approval_amount = f.approval_amount;
    perform rules.sign_everybody_out('parameters');
    return 1;
end $$;

-- Every station learns it by the version of 'sessions', also one that is away now.
create function rules.sign_everybody_out(p_reason text) returns void
language plpgsql as $$
declare
    v bigint;
begin
    update state set version = version + 1 where topic = 'sessions' returning version into v;
    insert into sign_out (version, operator, reason) values (v, (rules.me()).name, p_reason);
    perform rules.notify('sessions');
end $$;

-- A PNG that receipts can draw: at most 4096 dots wide and high.
create function rules.is_png(p_bytes bytea) returns boolean
language sql immutable as $$
    select length(p_bytes) > 24 and substring(p_bytes from 1 for 8) = '\x89504e470d0a1a0a'::bytea
        and substring(p_bytes from 13 for 4) = 'IHDR'::bytea
        and ('x' || encode(substring(p_bytes from 17 for 4), 'hex'))::bit(32)::bigint between 1 and 4096
        and ('x' || encode(substring(p_bytes from 21 for 4), 'hex'))::bit(32)::bigint between 1 and 4096;
$$;

-- The logo: PNG as base64, at most 256 KiB; empty: none.
create function rules.logo_field(p_form jsonb, p_was bytea) returns bytea
language plpgsql stable as $$
declare
    t constant text := p_form ->> 'logo';
    max_size constant int := 262144;
    b bytea;
begin
    if not p_form ? 'logo' then
        return p_was;
    end if;
    if btrim(coalesce(t, '')) = '' then
        return null;
    end if;
    if length(t) <= max_size * 3 / 2 then
        begin
            b := decode(t, 'base64');
        exception
            when invalid_parameter_value then
                b := null;
        end;
    end if;
    if b is null or length(b) > max_size or not rules.is_png(b) then
        perform rules.refuse('OC116', 'max', (max_size / 1024)::text);
    end if;
    return b;
end $$;

create function rules.save_unit(p_id bigint, p_form jsonb) returns bigint
language plpgsql as $$
declare
    f unit;
begin
    perform rules.check_fields(p_form, '{name,address,phone,email,tax_number,logo}');
    select * into f from unit;
    f.name := rules.text_field(p_form, 'name', 100, true, f.name);
    f.address := rules.text_field(p_form, 'address', 200, false, f.address);
    f.phone := rules.text_field(p_form, 'phone', 50, false, f.phone);
    f.email := rules.text_field(p_form, 'email', 100, false, f.email);
    f.tax_number := rules.text_field(p_form, 'tax_number', 50, false, f.tax_number);
    f.logo := rules.logo_field(p_form, f.logo);
    if f.email <> '' and f.email !~ '^[^@[:space:]]+@[^@[:space:]]+$' then
        perform rules.refuse('OC122');
    end if;
    update unit
    set name = f.name, address = f.address, phone = f.phone, email = f.email, tax_number = f.tax_number, logo = f.logo;
    return 1;
end $$;

-- id: the slot; a meter_type that is empty clears it.
create function rules.save_sub_meter(p_id bigint, p_form jsonb) returns bigint
language plpgsql as $$
declare
    n int;
    was sub_meter_slot;
    is_now int;
begin
    perform rules.check_fields(p_form, '{slot,meter_type}', '{in_use}');
    n := rules.number_field(p_form, 'slot', 0, 1, 8, true, p_id);
    if p_id is not null and n <> p_id then
        perform rules.refuse('OC111', 'field', 'slot', 'count', '1');
    end if;
    select * into was from sub_meter_slot where slot = n for update;
    if btrim(coalesce(p_form ->> 'meter_type', '')) <> '' or not p_form ? 'meter_type' then
        is_now := rules.meter_type_field(p_form, was.meter_type);
    end if;
    perform rules.check_unused('meter_type', is_now is distinct from was.meter_type,
        (select count(*) from meter where slot = n and state in ('pending', 'open')));
    if is_now is null then
        delete from sub_meter_slot where slot = n;
    else
        insert into sub_meter_slot (slot, meter_type) values (n, is_now)
        on conflict (slot) do update set meter_type = excluded.meter_type;
    end if;
    return n;
end $$;

-- The layout says family and billing. What is written on cards counts in steps, so nothing of that changes once meters have the model.
create function rules.save_meter_model(p_id bigint, p_form jsonb) returns bigint
language plpgsql as $$
declare
    was meter_model;
    f meter_model;
    y card_layout;
    chips text[];
    n int;
    meters bigint := 0;
begin
    perform rules.check_fields(p_form, '{name,meter_type,layout,chip,step,bore,ct,vt,active}', '{unit,family,slots,by_money,tiered}');
    select * into was from meter_model where id = p_id;
    f := was;
    f.meter_type := rules.meter_type_field(p_form, was.meter_type);
    f.name := rules.text_field(p_form, 'name', 100, true, was.name);
    f.layout := rules.choice_field(p_form, 'layout', 'card layout', array(select name from card_layout), was.layout);
    select * into y from card_layout where name = f.layout;
    if y.meter_types <> '{}' and f.meter_type <> all (y.meter_types) then
        perform rules.refuse('OC112', 'layout', f.layout);
    end if;
    chips := array(select chip from card_chip where layout = f.layout);
    if chips = '{}' then
        chips := array[y.family];
    end if;
    f.chip := rules.choice_field(p_form, 'chip', 'chip', chips,
        case when was.layout = f.layout then was.chip when array_length(chips, 1) = 1 then chips[1] end);
    f.step := rules.number_field(p_form, 'step', 2, 0.01, 10, true, coalesce(was.step, 0.01));
    if f.step not in (0.01, 0.1, 1, 10) then
        perform rules.refuse_choice('step', 'sampling step', trim_scale(f.step)::text);
    end if;
    f.bore := rules.number_field(p_form, 'bore', 0, 1, 9999, false, was.bore);
    f.ct := rules.number_field(p_form, 'ct', 0, 1, 999999, true, coalesce(was.ct, 1));
    f.vt := rules.number_field(p_form, 'vt', 0, 1, 999999, true, coalesce(was.vt, 1));
    f.active := rules.truth_field(p_form, 'active', coalesce(was.active, true));
    if f.meter_type not in (2, 3, 4) then
        f.bore := null;
    end if;
    if f.meter_type <> 1 then
        f.ct := 1;
        f.vt := 1;
    end if;
    if p_id is null then
        insert into meter_model (meter_type, name, layout, chip, step, bore, ct, vt, active)
        values (f.meter_type, f.name, f.layout, f.chip, f.step, f.bore, f.ct, f.vt, f.active)
        returning id into n;
        return n;
    end if;
    if (f.meter_type, f.layout, f.chip, f.step) is distinct from (was.meter_type, was.layout, was.chip, was.step) then
        meters := (select count(*) from meter where model = p_id and state <> 'void');
    end if;
    perform rules.check_unused('meter_type', f.meter_type <> was.meter_type, meters);
    perform rules.check_unused('layout', f.layout <> was.layout, meters);
    perform rules.check_unused('chip', f.chip <> was.chip, meters);
    perform rules.check_unused('step', f.step <> was.step, meters);
    update meter_model
    set meter_type = f.meter_type, name = f.name, layout = f.layout, chip = f.chip, step = f.step, bore = f.bore, ct = f.ct, vt = f.vt,
        active = f.active
    where id = p_id;
    return p_id;
end $$;

create function rules.save_user_type(p_id bigint, p_form jsonb) returns bigint
language plpgsql as $$
declare
    was user_type;
    f user_type;
    most constant numeric := 999999.99;   -- what a card's fields hold
    n int;
begin
    perform rules.check_fields(p_form, '{name,meter_type,alarm_1,alarm_2,hoarding,presale,purchase_limit,active}');
    select * into was from user_type where id = p_id;
    f := was;
    f.name := rules.text_field(p_form, 'name', 100, true, was.name);
    f.meter_type := rules.meter_type_field(p_form, was.meter_type);
    f.alarm_1 := rules.number_field(p_form, 'alarm_1', 2, 0, most, true, was.alarm_1);
    f.alarm_2 := rules.number_field(p_form, 'alarm_2', 2, 0, most, true, was.alarm_2);
    f.hoarding := rules.number_field(p_form, 'hoarding', 2, 0.01, most, true, was.hoarding);
    f.presale := rules.number_field(p_form, 'presale', 2, 0, most, true, coalesce(was.presale, 0));
    f.purchase_limit := rules.number_field(p_form, 'purchase_limit', 2, 0.01, most, true, was.purchase_limit);
    f.active := rules.truth_field(p_form, 'active', coalesce(was.active, true));
    if f.alarm_2 >= f.alarm_1 then
        perform rules.refuse('OC105', 'alarm_1', trim_scale(f.alarm_1)::text);
    end if;
    if f.presale > f.hoarding then
        perform rules.refuse('OC106', 'field', 'presale', 'hoarding', trim_scale(f.hoarding)::text);
    end if;
    if f.purchase_limit > f.hoarding then
        perform rules.refuse('OC106', 'field', 'purchase_limit', 'hoarding', trim_scale(f.hoarding)::text);
    end if;
    if p_id is null then
        insert into user_type (name, meter_type, alarm_1, alarm_2, hoarding, presale, purchase_limit, active)
        values (f.name, f.meter_type, f.alarm_1, f.alarm_2, f.hoarding, f.presale, f.purchase_limit, f.active)
        returning id into n;
        return n;
    end if;
    if f.meter_type <> was.meter_type then
        perform rules.check_unused('meter_type', true, (select count(*) from meter where user_type = p_id and state <> 'void'));
    end if;
    update user_type
    set name = f.name, meter_type = f.meter_type, alarm_1 = f.alarm_1, alarm_2 = f.alarm_2, hoarding = f.hoarding, presale = f.presale,
        purchase_limit = f.purchase_limit, active = f.active
    where id = p_id;
    return p_id;
end $$;

create function rules.save_price_item(p_id bigint, p_form jsonb) returns bigint
language plpgsql as $$
declare
    was price_item;
    f price_item;
    n int;
begin
    perform rules.check_fields(p_form, '{name,meter_type,active}');
    select * into was from price_item where id = p_id;
    f := was;
    f.meter_type := rules.meter_type_field(p_form, was.meter_type);
    f.name := rules.text_field(p_form, 'name', 50, true, was.name);
    f.active := rules.truth_field(p_form, 'active', coalesce(was.active, true));
    if p_id is null then
        insert into price_item (meter_type, name, active) values (f.meter_type, f.name, f.active) returning id into n;
        return n;
    end if;
    if f.meter_type <> was.meter_type then
        perform rules.check_unused('meter_type', true, (select count(distinct version) from price_tier_item where item = p_id));
    end if;
    update price_item set meter_type = f.meter_type, name = f.name, active = f.active where id = p_id;
    return p_id;
end $$;

-- A branch keeps its number; 1001 is the default one and stays.
create function rules.save_branch(p_id bigint, p_form jsonb) returns bigint
language plpgsql as $$
declare
    was branch;
    f branch;
begin
    perform rules.check_fields(p_form, '{number,name,active}');
    select * into was from branch where number = p_id;
    f := was;
    f.number := rules.number_field(p_form, 'number', 0, case when p_id = 1001 then 1001 else 1002 end, 9999, true, p_id);
    f.name := rules.text_field(p_form, 'name', 100, true, was.name);
    f.active := rules.truth_field(p_form, 'active', coalesce(was.active, true));
    if p_id = 1001 and not f.active then
        perform rules.refuse('OC120');
    end if;
    if p_id is null then
        insert into branch (number, name, active) values (f.number, f.name, f.active);
        return f.number;
    end if;
    perform rules.check_unused('number', f.number <> p_id, 1);
    update branch set name = f.name, active = f.active where number = p_id;
    return p_id;
end $$;

create function rules.save_setting(p_kind text, p_id bigint, p_form jsonb, p_request uuid, p_digest bytea) returns bigint
language plpgsql as $$
begin
    return case p_kind
        when 'parameters' then rules.save_parameters(p_id, p_form)
        when 'unit' then rules.save_unit(p_id, p_form)
        when 'sub-meters' then rules.save_sub_meter(p_id, p_form)
        when 'meter-models' then rules.save_meter_model(p_id, p_form)
        when 'user-types' then rules.save_user_type(p_id, p_form)
        when 'price-items' then rules.save_price_item(p_id, p_form)
        when 'prices' then rules.save_price(p_id, p_form, p_request, p_digest)
        when 'branches' then rules.save_branch(p_id, p_form)
        when 'roles' then rules.save_role(p_id, p_form)
        when 'operators' then rules.save_operator(p_id, p_form)
    end;
end $$;

create function rules.delete_setting(p_kind text, p_id bigint) returns void
language plpgsql as $$
declare
    k constant setting_kind := rules.kind_of(p_kind);
begin
    if p_kind in ('parameters', 'unit') or (p_kind = 'branches' and p_id = 1001) then
        perform rules.refuse('OC120');
    end if;
    case p_kind
    when 'operators' then
        perform rules.delete_operator(p_id);
    when 'sub-meters' then
        perform rules.save_sub_meter(p_id, '{"meter_type": ""}');
    when 'prices' then
        perform rules.delete_price(p_id);
    else
        if p_kind = 'roles' then
            perform rules.check_above(p_id::int);
        end if;
        execute format('delete from onecard.%I where %s = $1', k.tab, k.key) using p_id;
    end case;
end $$;

-- Acts -----------------------------------------------------------------------------------------------------------

-- The answer that this request already has: its change; null: it is new. OC005: it was another one.
create function rules.change_of_request(p_request uuid, p_digest bytea) returns onecard.change
language plpgsql stable as $$
declare
    c change;
begin
    select * into c from change where request = p_request;
    if c.id is not null and (c.digest <> p_digest or c.operator <> (rules.me()).number) then
        perform rules.refuse('OC005');
    end if;
    return c;
end $$;

-- Locks the setting; OC114 when it is gone, OC113 when it is not what p_version was any more (null: whatever it is). A place on the card
-- that is not set up has no row yet.
create function rules.check_version(p_kind rules.setting_kind, p_id bigint, p_version bigint) returns void
language plpgsql as $$
declare
    v constant bigint := rules.lock_setting(p_kind, p_id);
    c change;
begin
    if v is null and p_kind.kind = 'sub-meters' then
        return;
    end if;
    if v is null then
        perform rules.refuse('OC114');
    end if;
    if v <> p_version then
        select * into c from change where kind = p_kind.kind and setting = p_id order by id desc limit 1;
        perform rules.refuse('OC113', 'operator', coalesce((select name from operator where number = c.operator), '?'),
            'time', coalesce(c.at, now())::text);
    end if;
end $$;

-- The one way in which a form changes a setting. Refusals about names that are taken come from the tables' own constraints, so that two
-- at the same time can't both have one.
create function rules.change_setting(p_act text, p_request uuid, p_digest bytea, p_kind text, p_id bigint, p_form jsonb, p_version bigint,
    p_undoes bigint)
returns onecard.change
language plpgsql as $$
declare
    k constant setting_kind := rules.kind_of(p_kind);
    c change;
    was jsonb;
    n bigint := case
        when p_kind in ('parameters', 'unit') then 1
        when p_kind = 'sub-meters' and p_id is null and p_form ->> 'slot' ~ '^[1-8]$' then (p_form ->> 'slot')::int
        else p_id end;
    broken text;
    taken text;
    noted bigint;
begin
    perform rules.need(k.permission);
    if n is not null then
        perform rules.check_version(k, n, p_version);
        was := rules.setting_document(p_kind, n);
    end if;
    c := rules.change_of_request(p_request, p_digest);
    if c.id is not null then
        return c;
    end if;
    begin
        if p_form is null then
            perform rules.delete_setting(p_kind, n);
        else
            n := rules.save_setting(p_kind, n, p_form, p_request, p_digest);
        end if;
    exception
        when unique_violation then
            get stacked diagnostics broken = constraint_name;
            taken := case broken when 'branch_pkey' then 'number' when 'operator_pkey' then 'operator' when 'price_version_price_starts_at_key' then 'starts_at'
                else 'name' end;
            perform rules.refuse('OC103', 'field', taken, 'name', p_form ->> taken);
        when foreign_key_violation then
            perform rules.refuse('OC110');
    end;
    noted := rules.note_change(p_act, p_kind, n, was, p_request, p_digest, p_undoes);
    select * into c from change where id = noted;
    return c;
end $$;

-- Saves what a form of p_kind holds; p_id null: a new one. p_version: the row_version it was filled from; null: whatever it is now.
-- change: for api.setting_undo. The same request again is answered as at first.
create function api.setting_save(p_request uuid, p_kind text, p_id bigint, p_form jsonb, p_version bigint)
returns table (id bigint, row_version bigint, change bigint)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    c onecard.change;
    dig constant bytea := digest(jsonb_build_array('setting-save', p_kind, p_id, p_form, p_version)::text, 'sha256');
begin
    perform rules.need_any('settings', 'prices', 'branches', 'roles', 'operators');
    if p_form is null then
        perform rules.refuse('OC121', 'field', '', 'name', '');
    end if;
    c := rules.change_of_request(p_request, dig);
    if c.id is null then
        c := rules.change_setting('save', p_request, dig, p_kind, p_id, p_form, p_version, null);
    end if;
    return query select c.setting, c.row_version, c.id;
end $$;

-- Deletes what nothing refers to (OC110 else). An operator stays in the history and loses the login.
create function api.setting_delete(p_request uuid, p_kind text, p_id bigint, p_version bigint) returns table (change bigint)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    c onecard.change;
    dig constant bytea := digest(jsonb_build_array('setting-delete', p_kind, p_id, p_version)::text, 'sha256');
begin
    perform rules.need_any('settings', 'prices', 'branches', 'roles', 'operators');
    c := rules.change_of_request(p_request, dig);
    if c.id is null then
        if p_id is null then
            perform rules.refuse('OC114');
        end if;
        c := rules.change_setting('delete', p_request, dig, p_kind, p_id, null, p_version, null);
    end if;
    return query select c.id;
end $$;

-- Takes a change back by making the opposite one, under the same rules: only the newest of its setting (OC119). p_confirm as in the form of
-- the parameters. Operators' logins are not undone.
create function api.setting_undo(p_request uuid, p_change bigint, p_confirm text)
returns table (kind text, id bigint, row_version bigint, change bigint)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    u onecard.change;
    c onecard.change;
    dig constant bytea := digest(jsonb_build_array('setting-undo', p_change, p_confirm)::text, 'sha256');
    form jsonb;
begin
    perform rules.need_any('settings', 'prices', 'branches', 'roles', 'operators');
    c := rules.change_of_request(p_request, dig);
    if c.id is null then
        select * into u from onecard.change x where x.id = p_change;
        if u.id is null or u.act not in ('save', 'delete', 'undo') or (u.kind = 'operators' and (u.before is null or u.act = 'delete'))
            or (u.kind = 'prices' and u.after is null)
            or exists (select from onecard.change x where x.kind = u.kind and x.setting = u.setting and x.id > u.id) then
            perform rules.refuse('OC119');
        end if;
        form := u.before;
        if u.kind = 'prices' and form is not null and u.after is not null then
            form := rules.price_form_back(u.before, u.after);
        elsif u.kind = 'parameters' then
            form := form || jsonb_build_object('confirm', coalesce(p_confirm, ''));
        elsif u.kind = 'operators' then
            form := form - 'operator' - 'state';
        elsif u.kind = 'sub-meters' then
            form := coalesce(form, jsonb_build_object('slot', u.setting, 'meter_type', ''));
        end if;
        c := rules.change_setting('undo', p_request, dig, u.kind, case when u.after is not null or u.kind = 'sub-meters' then u.setting end, form,
            u.row_version, u.id);
    end if;
    return query select c.kind, c.setting, c.row_version, c.id;
end $$;

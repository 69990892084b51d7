-- SPDX-License-Identifier: GPL-3.0-or-later
-- Prices as administrators keep them: a price has versions, a version begins at a moment and is not changed once it has begun.
--
-- The form of a price: name, meter_type, active; and, for one version at a time, version (its id; absent: a new one), starts_at (absent:
-- now), tiered, period, base_persons, per_person and tiers, a list of {upper_limit, items}, where items is an object of name and price or
-- a list of {item, unit_price}. Without version and tiers no version is touched. drop_version takes one back that has not begun. Fields of refusals: "tiers.2.upper_limit", "tiers.2.污水处理费".

create function rules.price_version_document(p_version int) returns jsonb
language plpgsql stable as $$
begin
    return (
        select jsonb_build_object('version', v.id, 'starts_at', v.starts_at, 'tiered', v.tiered, 'period', v.period,
            'base_persons', v.base_persons, 'per_person', v.per_person,
            'tiers', (
                select jsonb_agg(jsonb_build_object('upper_limit', t.upper_limit, 'items', (
                    select jsonb_agg(jsonb_build_object('item', i.name, 'unit_price', x.unit_price) order by i.id)
                    from price_tier_item x
                    join price_item i on i.id = x.item
                    where x.version = t.version and x.tier = t.tier)) order by t.tier)
                from price_tier t
                where t.version = v.id))
        from price_version v
        where v.id = p_version);
end $$;

create function rules.price_document(p_id bigint) returns jsonb
language plpgsql stable as $$
begin
    return (
        select jsonb_build_object('name', p.name, 'meter_type', t.name, 'active', p.active,
            'versions', coalesce((
                select jsonb_agg(rules.price_version_document(v.id) order by v.starts_at)
                from price_version v
                where v.price = p.id), '[]'))
        from price p
        join meter_type t on t.code = p.meter_type
        where p.id = p_id);
end $$;

-- The form that makes p_after into p_before: the name, and the one version that differs.
create function rules.price_form_back(p_before jsonb, p_after jsonb) returns jsonb
language plpgsql immutable as $$
declare
    form jsonb := p_before - 'versions';
    was jsonb;
    is_now jsonb;
begin
    select x, y into was, is_now
    from jsonb_array_elements(p_before -> 'versions') x
    full join jsonb_array_elements(p_after -> 'versions') y on y ->> 'version' = x ->> 'version'
    where x is distinct from y
    limit 1;
    if was is null and is_now is not null then
        return form || jsonb_build_object('drop_version', is_now -> 'version');
    end if;
    if is_now is null and was is not null then
        was := was - 'version';
    end if;
    return form || coalesce(was, '{}');
end $$;

create function rules.items_of_form(p_tier jsonb) returns table (item text, unit_price jsonb)
language plpgsql immutable as $$
begin
    if jsonb_typeof(p_tier -> 'items') = 'object' then
        return query select e.key, jsonb_build_object(e.key, e.value) from jsonb_each(p_tier -> 'items') e;
    elsif jsonb_typeof(p_tier -> 'items') = 'array' then
        return query
        select coalesce(e ->> 'item', ''), jsonb_build_object(coalesce(e ->> 'item', ''), e -> 'unit_price')
        from jsonb_array_elements(p_tier -> 'items') with ordinality x(e, n)
        order by n;
    end if;
end $$;

-- A version as its form says it: OC123 no tiers, too many, or nothing that costs anything in the last; OC107 limits that do not ascend; OC047 no such item.
create function rules.tiers_of_form(p_form jsonb, p_tiered boolean, p_meter_type int) returns setof rules.tier_item
language plpgsql stable as $$
declare
    tiers constant jsonb := p_form -> 'tiers';
    n constant int := case when jsonb_typeof(tiers) = 'array' then jsonb_array_length(tiers) else 0 end;
    r tier_item;
    below numeric := 0;
    total numeric;
    seen text[];
    x record;
begin
    if n = 0 or n > 7 or (n > 1 and not p_tiered) then
        perform rules.refuse('OC123', 'field', 'tiers');
    end if;
    for t in 1 .. n loop
        r.tier := t;
        r.upper_limit := rules.number_field(tiers -> (t - 1), 'upper_limit', 4, 0, 999999999, t < n, null, 'tiers.' || t || '.');
        if (t < n) <> (r.upper_limit is not null) or r.upper_limit <= below then
            perform rules.refuse('OC107', 'field', 'tiers.' || t || '.upper_limit', 'tier', t::text, 'limit', trim_scale(below)::text);
        end if;
        below := r.upper_limit;
        total := 0;
        seen := '{}';
        for x in select i.item, i.unit_price from rules.items_of_form(tiers -> (t - 1)) i loop
            r.name := btrim(x.item);
            if r.name = any (seen) then
                perform rules.refuse('OC103', 'field', 'tiers.' || t || '.' || r.name, 'name', r.name);
            end if;
            seen := seen || r.name;
            select id into r.item from price_item where meter_type = p_meter_type and name = r.name;
            if r.item is null then
                perform rules.refuse_choice('tiers.' || t || '.' || r.name, 'price item', r.name);
            end if;
            r.unit_price := rules.number_field(x.unit_price, x.item, 4, 0, 9999.9999, true, null, 'tiers.' || t || '.');
            total := total + r.unit_price;
            return next r;
        end loop;
        if seen = '{}' or (t = n and total = 0) then
            perform rules.refuse('OC123', 'field', 'tiers.' || t);
        end if;
    end loop;
end $$;

-- What one unit more costs after p_used were bought.
create function rules.marginal_price(p_version int, p_used numeric) returns numeric
language plpgsql stable as $$
begin
    return (
        select (select sum(i.unit_price) from price_tier_item i where i.version = t.version and i.tier = t.tier)
        from price_tier t
        where t.version = p_version and (t.upper_limit is null or t.upper_limit > p_used)
        order by t.tier
        limit 1);
end $$;

-- By how many percent the price of a unit changes at most, at any quantity.
create function rules.price_change(p_old int, p_new int) returns numeric
language plpgsql stable as $$
begin
    return (
        select max(case when old.price = new.price then 0 when old.price = 0 then 9999999 else abs(new.price / old.price - 1) * 100 end)
        from (
            select 0::numeric as used
            union
            select upper_limit from price_tier where version in (p_old, p_new) and upper_limit is not null) q
        cross join lateral (select rules.marginal_price(p_old, q.used) as price) old
        cross join lateral (select rules.marginal_price(p_new, q.used) as price) new);
end $$;

-- One that has begun stays as it is (OC109); one that begins within the minute counts as begun, so that no sale can be under way by it.
create function rules.version_to_change(p_price int, p_version numeric) returns onecard.price_version
language plpgsql stable as $$
declare
    v price_version;
begin
    select * into v from price_version where id = p_version and price = p_price;
    if v.id is null then
        perform rules.refuse('OC114');
    end if;
    if v.starts_at < clock_timestamp() + interval '1 minute' then
        perform rules.refuse('OC109');
    end if;
    return v;
end $$;

create function rules.drop_price_version(p_version int) returns void
language plpgsql as $$
begin
    delete from price_tier_item where version = p_version;
    delete from price_tier where version = p_version;
    delete from price_version where id = p_version;
end $$;

-- Makes the new version, or the one that was there anew. A start within the present minute is now; before it, it is the past (OC108). Where
-- a unit's price changes by more than the parameters' approval_percent, a second person must have approved this very request (OC117).
create function rules.save_price_version(p_price onecard.price, p_form jsonb, p_request uuid, p_digest bytea) returns void
language plpgsql as $$
declare
    v price_version;
    starts timestamptz := rules.time_field(p_form, 'starts_at');
    limit_percent constant numeric := (select approval_percent from parameters);
    before_it int;
    wanted constant numeric := rules.number_field(p_form, 'version', 0, 0, 2147483647, false, null);
begin
    if wanted > 0 then
        v := rules.version_to_change(p_price.id, wanted);
    end if;
    if starts < date_trunc('minute', now()) then
        perform rules.refuse('OC108', 'now', now()::text);
    end if;
    v.starts_at := greatest(coalesce(starts, v.starts_at, now()), now());
    v.tiered := rules.truth_field(p_form, 'tiered', coalesce(v.tiered, false));
    v.period := rules.choice_field(p_form, 'period', 'period', '{month,year}', coalesce(v.period, 'year'));
    v.base_persons := rules.number_field(p_form, 'base_persons', 0, 0, 99, true, coalesce(v.base_persons, 0));
    v.per_person := rules.number_field(p_form, 'per_person', 4, 0, 999999, true, coalesce(v.per_person, 0));
    if v.id is not null and not p_form ? 'tiers' then
        update price_version
        set starts_at = v.starts_at, tiered = v.tiered, period = v.period, base_persons = v.base_persons, per_person = v.per_person
        where id = v.id;
        perform rules.tiers_of_form(rules.price_version_document(v.id), v.tiered, p_price.meter_type);
    else
        if v.id is null then
            insert into price_version (price, starts_at, tiered, period, base_persons, per_person)
            values (p_price.id, v.starts_at, v.tiered, v.period, v.base_persons, v.per_person)
            returning id into v.id;
        else
            delete from price_tier_item where version = v.id;
            delete from price_tier where version = v.id;
            update price_version
            set starts_at = v.starts_at, tiered = v.tiered, period = v.period, base_persons = v.base_persons, per_person = v.per_person
            where id = v.id;
        end if;
        with item as materialized (
            select t.tier, t.upper_limit, t.item, t.unit_price from rules.tiers_of_form(p_form, v.tiered, p_price.meter_type) t
        ), tier as (
            insert into price_tier (version, tier, upper_limit) select distinct v.id, i.tier, i.upper_limit from item i
        )
        insert into price_tier_item (version, tier, item, unit_price) select v.id, i.tier, i.item, i.unit_price from item i;
    end if;
    select id into before_it from price_version where price = p_price.id and id <> v.id and starts_at <= v.starts_at order by starts_at desc limit 1;
    if before_it is not null and rules.price_change(before_it, v.id) > limit_percent then
        perform rules.need_approval(p_request, p_digest, trim_scale(limit_percent)::text);
    end if;
end $$;

create function rules.save_price(p_id bigint, p_form jsonb, p_request uuid, p_digest bytea) returns bigint
language plpgsql as $$
declare
    f price;
    meter_type int;
    dropped numeric;
begin
    perform rules.check_fields(p_form, '{name,meter_type,active,version,starts_at,tiered,period,base_persons,per_person,tiers,drop_version}', '{unit,unit_price}');
    select * into f from price where id = p_id;
    meter_type := rules.meter_type_field(p_form, f.meter_type);
    f.name := rules.text_field(p_form, 'name', 100, true, f.name);
    f.active := rules.truth_field(p_form, 'active', coalesce(f.active, true));
    if p_id is null then
        insert into price (meter_type, name, active) values (meter_type, f.name, f.active) returning id, price.meter_type into f.id, f.meter_type;
    else
        perform rules.check_unused('meter_type', meter_type <> f.meter_type, 1);
        update price set name = f.name, active = f.active where id = p_id;
    end if;
    dropped := rules.number_field(p_form, 'drop_version', 0, 1, 2147483647, false, null);
    if dropped is not null then
        perform rules.drop_price_version((rules.version_to_change(f.id, dropped)).id);
    end if;
    if p_id is null or p_form ?| '{version,tiers}' then
        perform rules.save_price_version(f, p_form, p_request, p_digest);
    end if;
    return f.id;
end $$;

-- One that no meter has and nobody paid by.
create function rules.delete_price(p_id bigint) returns void
language plpgsql as $$
begin
    if exists (select from meter where price_1 = p_id or price_2 = p_id)
        or exists (select from trade t join price_version v on v.id = t.price_version where v.price = p_id) then
        perform rules.refuse('OC110');
    end if;
    perform rules.drop_price_version(id) from price_version where price = p_id;
    delete from price where id = p_id;
end $$;

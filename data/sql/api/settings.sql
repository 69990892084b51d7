-- SPDX-License-Identifier: GPL-3.0-or-later
-- What forms choose from, and what the settings' screens list: id and row_version are for api.setting_save. Elsewhere names are shown
-- and sent, never ids; meter types go by their English name, which the client translates. Reading needs no permission.

-- The sub-meter slots of a card, 1 to 8; sub_meter is the slot's code (11: electricity in slot 1).
create function api.slots() returns table (slot bigint, meter_type text, unit text, sub_meter bigint)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query
    select s.slot::bigint, t.name, t.unit, (t.code * 10 + s.slot)::bigint
    from sub_meter_slot s
    join meter_type t on t.code = s.meter_type
    order by s.slot;
end $$;

-- The eight places of a card for the screen that sets them up: meter_type null: none. in_use: how many meters are there.
create function api.sub_meters() returns table (id bigint, row_version bigint, slot bigint, meter_type text, in_use bigint)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query
    select n::bigint, coalesce(s.row_version, 0), n::bigint, t.name,
        (select count(*) from meter m where m.slot = n and m.state in ('pending', 'open'))
    from generate_series(1, 8) n
    left join sub_meter_slot s on s.slot = n
    left join meter_type t on t.code = s.meter_type
    order by n;
end $$;

-- The card layouts that a meter model can have, a row for each type of meter that a layout serves; meter_type null: any. chips: with a space between, in the order of their size.
create function api.card_layouts() returns table (name text, title text, family text, meter_type text, by_money boolean, tiered boolean, chips text)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query
    select y.name, y.document ->> 'title', y.family, t.name, y.by_money, y.tiered,
        coalesce((select string_agg(c.chip, ' ' order by c.size, c.chip) from card_chip c where c.layout = y.name), y.family)
    from card_layout y
    left join meter_type t on t.code = any (y.meter_types)
    order by y.name, t.code;
end $$;

-- by_money: sold by the yuan, else by the quantity, in steps. slots: how many sub-meters its card can carry.
create function api.meter_models()
returns table (
    id bigint, row_version bigint, name text, meter_type text, unit text, layout text, family text, chip text, slots bigint, by_money boolean,
    tiered boolean, step numeric, bore bigint, ct bigint, vt bigint, active boolean)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query
    select m.id::bigint, m.row_version, m.name, t.name, t.unit, m.layout, y.family, m.chip, coalesce(c.slots, 8)::bigint, y.by_money, y.tiered,
        m.step, m.bore::bigint, m.ct::bigint, m.vt::bigint, m.active
    from meter_model m
    join meter_type t on t.code = m.meter_type
    join card_layout y on y.name = m.layout
    left join card_chip c on c.layout = m.layout and c.chip = m.chip
    order by t.code, m.id;
end $$;

-- Alarms, limits and presale are in the meter's own unit: yuan where it is sold by money.
create function api.user_types()
returns table (
    id bigint, row_version bigint, name text, meter_type text, alarm_1 numeric, alarm_2 numeric, hoarding numeric, presale numeric, purchase_limit numeric,
    active boolean)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query
    select u.id::bigint, u.row_version, u.name, t.name, u.alarm_1, u.alarm_2, u.hoarding, u.presale, u.purchase_limit, u.active
    from user_type u
    join meter_type t on t.code = u.meter_type
    order by t.code, u.name;
end $$;

-- Prices with the version that is in force now; starts_at null: none is yet. unit_price: all items of the first tier.
create function api.prices()
returns table (
    id bigint, row_version bigint, name text, meter_type text, unit text, tiered boolean, period text, unit_price numeric, starts_at timestamptz,
    active boolean)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query
    select p.id::bigint, p.row_version, p.name, t.name, t.unit, coalesce(v.tiered, false), case when v.tiered then v.period end,
        (select sum(i.unit_price) from price_tier_item i where i.version = v.id and i.tier = 1), v.starts_at, p.active
    from price p
    join meter_type t on t.code = p.meter_type
    left join lateral (
        select x.id, x.tiered, x.period, x.starts_at
        from price_version x
        where x.price = p.id and x.starts_at <= now()
        order by x.starts_at desc
        limit 1) v on true
    order by t.code, p.name;
end $$;

-- Tiers and items of the version in force, a row an item of a tier. limit_from and limit_to are for a household up to base_persons.
create function api.price_tiers(p_price text)
returns table (
    version bigint, starts_at timestamptz, tiered boolean, period text, base_persons bigint, per_person numeric,
    tier bigint, limit_from numeric, limit_to numeric, item_name text, unit_price numeric)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query
    select v.id::bigint, v.starts_at, v.tiered, v.period, v.base_persons::bigint, v.per_person,
        t.tier::bigint, coalesce((select b.upper_limit from price_tier b where b.version = v.id and b.tier = t.tier - 1), 0), t.upper_limit,
        i.name, x.unit_price
    from (
        select pv.id, pv.starts_at, pv.tiered, pv.period, pv.base_persons, pv.per_person
        from price p
        join price_version pv on pv.price = p.id and pv.starts_at <= now()
        where p.name = p_price
        order by pv.starts_at desc
        limit 1) v
    join price_tier t on t.version = v.id
    join price_tier_item x on x.version = t.version and x.tier = t.tier
    join price_item i on i.id = x.item
    order by t.tier, i.id;
end $$;

-- The cost items of prices (water, sewage …), by meter type.
create function api.price_items() returns table (id bigint, row_version bigint, meter_type text, name text, active boolean)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query
    select i.id::bigint, i.row_version, t.name, i.name, i.active
    from price_item i
    join meter_type t on t.code = i.meter_type
    order by t.code, i.id;
end $$;

-- The versions of a price, newest start first. state: 'future' (can still be changed), 'current', 'past'. unit_price: all items of the first tier.
create function api.price_versions(p_price bigint)
returns table (
    id bigint, row_version bigint, starts_at timestamptz, state text, tiered boolean, period text, base_persons bigint, per_person numeric,
    tiers bigint, unit_price numeric)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query
    select v.id::bigint, p.row_version, v.starts_at,
        case when v.starts_at > now() then 'future'
            when v.starts_at = max(v.starts_at) filter (where v.starts_at <= now()) over () then 'current'
            else 'past' end,
        v.tiered, v.period, v.base_persons::bigint, v.per_person,
        (select count(*) from price_tier t where t.version = v.id),
        (select sum(i.unit_price) from price_tier_item i where i.version = v.id and i.tier = 1)
    from price p
    join price_version v on v.price = p.id
    where p.id = p_price
    order by v.starts_at desc;
end $$;

-- What one version costs, a row an item of a tier; upper_limit null: the last tier. Items that it does not have are not there.
create function api.price_version_tiers(p_version bigint)
returns table (tier bigint, upper_limit numeric, item text, unit_price numeric)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query
    select t.tier::bigint, t.upper_limit, i.name, x.unit_price
    from price_tier t
    join price_tier_item x on x.version = t.version and x.tier = t.tier
    join price_item i on i.id = x.item
    where t.version = p_version
    order by t.tier, i.id;
end $$;

create function api.unit()
returns table (id bigint, row_version bigint, name text, address text, phone text, email text, tax_number text, logo bytea)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query select 1::bigint, u.row_version, u.name, u.address, u.phone, u.email, u.tax_number, u.logo from onecard.unit u;
end $$;

create function rules.cards_in_use() returns bigint
language plpgsql stable as $$
begin
    return (select count(*) from card where state in ('pending', 'current', 'lost'));
end $$;

-- cards: how many are in use; while there are any, family and area number change only with that number as "confirm".
create function api.parameters()
returns table (
    id bigint, row_version bigint, card_family text, area_number bigint, opening_fee numeric, replacement_fee numeric, meter_change_fee numeric,
    allow_balance boolean, lease_seconds bigint, approval_percent numeric, approval_amount numeric, cards bigint)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query
    select 1::bigint, p.row_version, p.card_family, p.area_number::bigint, p.opening_fee, p.replacement_fee, p.meter_change_fee, p.allow_balance,
        p.lease_seconds::bigint, p.approval_percent, p.approval_amount, rules.cards_in_use()
    from onecard.parameters p;
end $$;

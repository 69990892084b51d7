-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a sale puts on a card: the values that the ledger has for a meter, under the names of the layouts' fields (docs/layouts.md),
-- and the areas that a card's layout makes of them. Sources: cards.md 2 and 3.

-- The files of a meter's CPU directory as they must be after a sale, in their layout's order of writing. docs/layouts.md lists the
-- values. Update flags: all of them, but at a purchase only those whose values differ from what the meter last confirmed.
create function rules.directory_image(p_meter onecard.meter, p_card_type text, p_count int, p_amount numeric, out area text[], out bytes bytea[])
language plpgsql stable as $$
declare
    y card_layout;
    f card_area;
    parameters card_area;
    version price_version;
    vals jsonb;
    price_1 jsonb;
    price_2 jsonb;
    prices jsonb;
    at int;
    has jsonb;
    bit int;
    flags int := 0;
begin
    select l.* into y from meter_model mm join card_layout l on l.name = mm.layout where mm.id = p_meter.model;
    version := rules.price_version_at(p_meter.price_1, now());
    price_1 := rules.price_values(y, version, p_meter.customer);
    price_2 := case when p_meter.price_2 = p_meter.price_1 then price_1
        else rules.price_values(y, rules.price_version_at(p_meter.price_2, now()), p_meter.customer) end;
    prices := price_1 || (select coalesce(jsonb_object_agg('next_' || key, value), '{}') from jsonb_each(price_2));
    vals := rules.sale_values(p_meter, y, version.tiered, p_card_type, p_count, p_amount);
    area := '{}';
    bytes := '{}';
    for f in select * from card_area ca where ca.layout = y.name order by ca.ord loop
        area := area || rules.file(p_meter.directory, f.sfi);
        if f.role = 'return' then
            bytes := bytes || decode(repeat('00', f.size), 'hex');
            continue;
        end if;
        bytes := bytes || rules.encode_record(f, vals || f.fixed || case f.price_set when 1 then price_1 when 2 then price_2 else prices end, null);
        if f.role = 'parameters' then
            at := array_length(bytes, 1);
            parameters := f;
        end if;
    end loop;
    if p_card_type <> '02' or p_meter.confirmed is null or not 'update_flags' = any (parameters.names) then
        return;
    end if;
    has := rules.parameters_of(y.name, p_meter.directory, area, bytes);
    foreach bit in array y.flag_bits loop
        if has ->> bit::text is distinct from p_meter.confirmed ->> bit::text then
            flags := flags | (1 << bit);
        end if;
    end loop;
    bytes[at] := rules.summed(parameters, set_byte(bytes[at], parameters.ats[array_position(parameters.names, 'update_flags')], flags));
end $$;

-- Every update flag of a layout, of the bits that it knows.
create function rules.all_flags(p_bits int[]) returns int
language plpgsql immutable as $$
declare
    bit int;
    flags int := 0;
begin
    foreach bit in array p_bits loop
        flags := flags | (1 << bit);
    end loop;
    return flags;
end $$;

-- What a sale writes beside prices, under the names of the layouts' fields.
create function rules.sale_values(p_meter onecard.meter, p_layout onecard.card_layout, p_tiered boolean, p_card_type text, p_count int, p_amount numeric)
returns jsonb
language plpgsql stable as $$
declare
    x record;
begin
    select mm.meter_type, mm.step, ut.alarm_1, ut.alarm_2, ut.hoarding into x
    from meter_model mm
    cross join user_type ut
    where mm.id = p_meter.model and ut.id = p_meter.user_type;
    return jsonb_build_object('meter', p_meter.number, 'customer', lpad(p_meter.customer::text, 12, '0'), 'card_type', p_card_type,
        'sub_meter', p_meter.sub_meter, 'meter_kind', lpad(x.meter_type::text, 2, '0'),
        'user_type', case when p_tiered then '03' else '01' end,
        'billing', case when not p_layout.by_money then '01' when p_tiered then '03' else '02' end,
        'update_flags', lpad(to_hex(rules.all_flags(p_layout.flag_bits)), 2, '0'),
        'purchase', p_amount, 'count', p_count, 'alarm_1', x.alarm_1, 'alarm_2', x.alarm_2, 'hoarding', x.hoarding, 'overdraft_limit', 0,
        'pulse_constant', greatest(1, trunc(1 / x.step)), 'ct', p_meter.ct, 'vt', p_meter.vt,
        'switch_time', coalesce(to_char(p_meter.switch_at, 'YYYY-MM-DD HH24:MI'), ''));
end $$;

-- Refuses a price that this layout's cards can't carry to a meter that computes with it: OC017.
create function rules.check_price(p_layout onecard.card_layout, p_version onecard.price_version) returns void
language plpgsql stable as $$
begin
    if not p_version.tiered then
        return;
    end if;
    -- a meter without settlement days counts the steps of a year
    if not p_layout.tiered or p_layout.by_money and (
        (select count(*) from price_tier where version = p_version.id) - 1
            > (select count(*) from card_field where layout = p_layout.name and base = 'limit' group by area order by count(*) limit 1)
        or p_version.period = 'month' and not exists (select from card_field where layout = p_layout.name and base = 'settlement_day')) then
        perform rules.refuse('OC017', 'price', (select name from price where id = p_version.price));
    end if;
end $$;

-- A price as it goes onto a card: the sum of the items. A meter that knows rates and tiers adds both, so that a flat price is a
-- rate and a tiered one has the rate zero. Nothing for a meter that counts quantity.
create function rules.price_values(p_layout onecard.card_layout, p_version onecard.price_version, p_customer bigint) returns jsonb
language plpgsql stable as $$
declare
    rates boolean;
    vals jsonb;
    rooms tier_room[];
    t tier_room;
    added numeric := 0;
    ends numeric := 0;
begin
    if not p_layout.by_money then
        return '{}';
    end if;
    perform rules.check_price(p_layout, p_version);
    rates := exists (select from card_area where layout = p_layout.name and names && '{rate,rate1}');
    if p_version.per_person > 0 then
        added := rules.added_by_household(p_version.base_persons, p_version.per_person, (select household from customer where number = p_customer));
    end if;
    rooms := rules.tier_rooms(rules.tier_items(p_version.id), added, 0);
    vals := jsonb_build_object('tiers', cardinality(rooms));
    foreach t in array rooms loop
        if rates and not p_version.tiered then
            vals := vals || jsonb_build_object('rate1', t.price);
        else
            vals := vals || jsonb_build_object('price' || t.tier, t.price);
        end if;
        if t.room is not null then
            ends := ends + t.room;
            vals := vals || jsonb_build_object('limit' || t.tier, ends);
        end if;
    end loop;
    -- the steps of a year begin on its first day; without a settlement day they are those of a month
    if p_version.tiered and p_version.period = 'year' then
        vals := vals || jsonb_build_object('settlement_day1', '010100');
    end if;
    -- a field that stands alone has no number
    return vals || jsonb_strip_nulls(jsonb_build_object('rate', vals -> 'rate1', 'price', vals -> 'price1', 'limit', vals -> 'limit1',
        'settlement_day', vals -> 'settlement_day1'));
end $$;

-- The seller's record of a meter in one copy ('A', 'B') of its slot on a memory card.
create function rules.sale_record(p_meter onecard.meter, p_card onecard.card, p_card_type text, p_count int, p_revision int, p_amount numeric, p_copy text)
returns bytea
language plpgsql stable as $$
declare
    mm meter_model;
    ut user_type;
    va card_area;
begin
    select * into mm from meter_model where id = p_meter.model;
    select * into ut from user_type where id = p_meter.user_type;
    select * into va from card_area where layout = mm.layout and kind = 'V';
    return rules.seal_record(rules.memory_key(p_card.serial, p_card.customer), 'V', p_meter.slot, (p_copy = 'B')::int, p_card.serial, p_meter.number,
        rules.encode_area(mm.layout, va.area, jsonb_build_object('count', p_count, 'card_type', p_card_type, 'flags', lpad(to_hex(p_revision * 16), 2, '0'),
            'purchase', p_amount, 'total', p_meter.total_bought + p_amount, 'alarm_1', trunc(ut.alarm_1), 'alarm_2', trunc(ut.alarm_2),
            'hoarding', trunc(ut.hoarding / mm.step) * mm.step, 'meter', p_meter.number, 'step', mm.step), mm.step), va.mac_length);
end $$;

-- The copy of a meter's slot that a new record goes to: the one that is not in force.
create function rules.free_copy(p_meter onecard.meter, p_card onecard.card, p_area text[], p_bytes bytea[]) returns text
language plpgsql stable as $$
begin
    return case when (rules.view_slot(p_meter, (select layout from meter_model where id = p_meter.model), rules.memory_key(p_card.serial, p_card.customer),
        p_card.serial, p_area, p_bytes)).in_force = 'A' then 'B' else 'A' end;
end $$;

-- The areas of one meter as they must be after a sale, in the order of writing (cards.md 2 and 3).
-- p_card_type: 01 opening, 02 purchase, 03 replacement. p_amount: what goes onto the card.
create function rules.sale_image(p_meter onecard.meter, p_card onecard.card, p_card_type text, p_count int, p_revision int, p_amount numeric,
    p_area text[], p_bytes bytea[], out area text[], out bytes bytea[])
language plpgsql stable as $$
declare
    c text;
begin
    if p_meter.directory <> '' then
        select i.area, i.bytes into area, bytes from rules.directory_image(p_meter, p_card_type, p_count, p_amount) i;
        return;
    end if;
    c := rules.free_copy(p_meter, p_card, p_area, p_bytes);
    area := array['V' || p_meter.slot || c];
    bytes := array[rules.sale_record(p_meter, p_card, p_card_type, p_count, p_revision, p_amount, c)];
end $$;

-- The areas of a meter that takes another one's place, in the order of writing: at no moment does the card hold the value for both, nor an older
-- count for the new one. The parameters name the meter, so they come last before the return file. On a memory card the spare copy goes first, which
-- would be in force again, perhaps with the amount before it was sold anew; then the new record takes the place of the one in force.
create function rules.change_image(p_old onecard.meter, p_new onecard.meter, p_card onecard.card, p_amount numeric, p_area text[], p_bytes bytea[],
    out area text[], out bytes bytea[])
language plpgsql stable as $$
declare
    c text;
    used text;
begin
    if p_new.directory <> '' then
        select array_agg(i.area order by x.rank, i.ord), array_agg(i.bytes order by x.rank, i.ord)
        into area, bytes
        from rules.directory_image(p_new, '01', 1, p_amount) d,
            unnest(d.area, d.bytes) with ordinality as i(area, bytes, ord)
        join card_area a on a.layout = (select layout from meter_model where id = p_new.model) and rules.file(p_new.directory, a.sfi) = i.area
        cross join lateral (select case a.role when 'parameters' then 1 when 'return' then 2 else 0 end as rank) x;
        return;
    end if;
    c := rules.free_copy(p_old, p_card, p_area, p_bytes);
    used := case c when 'A' then 'B' else 'A' end;
    area := array['V' || p_new.slot || c, 'V' || p_new.slot || used];
    bytes := array[decode(repeat('00', length(rules.area(p_area, p_bytes, area[1]))), 'hex'), rules.sale_record(p_new, p_card, '01', 1, 0, p_amount, used)];
end $$;

-- The header of a memory card, which makes it this customer's.
create function rules.header_record(p_card onecard.card, p_layout text) returns bytea
language plpgsql stable as $$
begin
    return rules.seal_record(rules.memory_key(p_card.serial, p_card.customer), 'H', 0, 0, p_card.serial, '000000000000',
        rules.encode_area(p_layout, 'header', jsonb_build_object('chip', (select encode(code, 'hex') from card_chip where layout = p_layout and chip = p_card.chip),
            'area_number', (select area_number from parameters), 'issue', p_card.issue, 'card_id', encode(p_card.serial, 'hex'),
            'customer', lpad(p_card.customer::text, 12, '0')), null), 4);
end $$;

-- What a card that is cleared must hold: nothing, in every area where it holds anything, the header first. A memory card keeps its id, which
-- is nobody's without the header's mark: by it an unfinished clearing is found again.
create function rules.cleared_image(p_family text, p_area text[], p_bytes bytea[], out area text[], out bytes bytea[])
language plpgsql immutable as $$
begin
    select coalesce(array_agg(x.area order by x.rank, x.ord), '{}'), coalesce(array_agg(case when x.area = 'header'
            then overlay(x.zeros placing substring(x.bytes from 9 for 8) from 9) else x.zeros end order by x.rank, x.ord), '{}')
    into area, bytes
    from (
        select i.area, i.bytes, i.ord, decode(repeat('00', length(i.bytes)), 'hex') as zeros,
            case when p_family = 'cpu' then 0 when i.area = 'header' then 1 when i.area like 'R%' then 2 else 3 end as rank
        from unnest(p_area, p_bytes) with ordinality as i(area, bytes, ord)
        where not rules.blank(i.bytes)) x;
end $$;

-- SPDX-License-Identifier: GPL-3.0-or-later
-- The layout engine: bytes <-> values, from the same documents as the station's. Sources: cards.md 1 to 3.

-- The smallest functions are one expression, returned in SQL, which takes the place of its call. All others are plpgsql: in plain SQL they cost
-- ten times as much to start.

-- Takes a layout document apart into card_layout, card_area, card_field, card_chip. The document was checked by the
-- station's reader of layouts; loading the same one again makes the same rows.
create function rules.load_layout(p_document jsonb) returns void
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
declare
    l text := p_document ->> 'layout';
    a jsonb;
    f jsonb;
    n int;
    i int;
    copy_count int;
begin
    insert into card_layout (name, version, family, meter_types, by_money, authentic, tiered, kid_internal, kid_external, kid_mac, document)
    values (l, (p_document ->> 'version')::int, p_document ->> 'family',
        array(select code from meter_type where p_document -> 'meter_types' ? name order by code),
        p_document ->> 'billing' = 'money', (p_document ->> 'authentication')::boolean, (p_document ->> 'tiered')::boolean,
        (p_document #>> '{keys,internal}')::int, (p_document #>> '{keys,external}')::int, (p_document #>> '{keys,mac}')::int, p_document)
    on conflict (name) do update
    set version = excluded.version, family = excluded.family, meter_types = excluded.meter_types, by_money = excluded.by_money,
        authentic = excluded.authentic, tiered = excluded.tiered, kid_internal = excluded.kid_internal,
        kid_external = excluded.kid_external, kid_mac = excluded.kid_mac, document = excluded.document;
    delete from card_area where layout = l;
    delete from card_chip where layout = l;
    for a in select value from jsonb_array_elements(p_document -> 'chips') loop
        insert into card_chip (layout, chip, code, size, page, first, stride, slots)
        values (l, a ->> 'chip', decode(a ->> 'code', 'hex'), (a ->> 'size')::int, (a ->> 'page')::int, (a ->> 'first')::int,
            (a ->> 'stride')::int, least(8, ((a ->> 'size')::int - (a ->> 'first')::int) / (a ->> 'stride')::int));
    end loop;
    for a in select value from jsonb_array_elements(p_document -> 'areas') loop
        insert into card_area (layout, area, sfi, kind, size, by_meter, ord, payload_at, payload_size, mac_length,
            role, price_set, empty, fixed, mask, digits, blank, names, encodings, ats, lengths, units)
        values (l, a ->> 'area', coalesce((a ->> 'sfi')::int, 0), coalesce(a ->> 'kind', ''), (a ->> 'size')::int,
            a ->> 'writer' = 'meter', (a ->> 'order')::int, coalesce((a #>> '{frame,payload}')::int, 0),
            coalesce((a #>> '{frame,size}')::int, 0),
            coalesce((select (value ->> 'length')::int from jsonb_array_elements(a -> 'fields') where value ->> 'encoding' = 'mac'), 0),
            coalesce(a ->> 'role', ''), (a ->> 'set')::int, array(select jsonb_array_elements_text(a -> 'empty')),
            coalesce((select jsonb_object_agg(value ->> 'name', value ->> 'fixed') from jsonb_array_elements(a -> 'fields') where value ? 'fixed'), '{}'),
            '', '{}', '', '{}', '{}', '{}', '{}', '{}');
        n := 0;
        for f in select value from jsonb_array_elements(a -> 'fields') loop
            copy_count := coalesce((f ->> 'repeat')::int, 1);
            for i in 1 .. copy_count loop
                n := n + 1;
                insert into card_field (layout, area, seq, base, name, at, length, encoding, decimals, in_steps, constant)
                values (l, a ->> 'area', n, f ->> 'name', (f ->> 'name') || case when copy_count > 1 then i::text else '' end,
                    (f ->> 'at')::int + (i - 1) * (f ->> 'length')::int, (f ->> 'length')::int, f ->> 'encoding',
                    coalesce((f ->> 'decimals')::int, 0), coalesce(f ->> 'scale' = 'step', false), decode(f ->> 'value', 'hex'));
            end loop;
        end loop;
    end loop;
    -- a flag follows fields of its own file, fields of another ("ladder.price"), or a whole file
    insert into card_update_bit (layout, bit, ord, area, field)
    select l, (b.value ->> 'bit')::int, o.ord,
        case when o.name like '%.%' then split_part(o.name, '.', 1)
            when exists (select from card_area where layout = l and area = o.name) then o.name
            else x.value ->> 'area' end,
        case when o.name like '%.%' then split_part(o.name, '.', 2)
            when exists (select from card_area where layout = l and area = o.name) then ''
            else o.name end
    from jsonb_array_elements(p_document -> 'areas') x
    cross join jsonb_array_elements(x.value -> 'fields') y
    cross join jsonb_array_elements(y.value -> 'bits') b
    cross join jsonb_array_elements_text(b.value -> 'of') with ordinality o(name, ord);
    perform rules.prepare_areas(l);
    perform rules.prepare_flags(l);
end $$;

-- Draws from card_field what decode_area and encode_area need of each area of a layout.
create function rules.prepare_areas(p_layout text) returns void
language plpgsql as $$
begin
    update card_area a
    set mask = x.mask, digits = x.digits, sum_at = x.sum_at, step_at = x.step_at, blank = decode(replace(x.mask, '_', '0'), 'hex'),
        names = x.names, encodings = x.encodings, ats = x.ats, lengths = x.lengths, units = x.units
    from (
        select y.area,
            string_agg(coalesce(encode(y.bytes, 'hex'), repeat('_', y.length * 2)), '' order by y.at) as mask,
            coalesce((
                -- fields of digits that follow each other are one run
                select array_agg(array[r.at * 2 + 1, r.length * 2] order by r.at)
                from (
                    select min(z.at) as at, sum(z.length)::int as length
                    from (
                        select f.at, f.length, f.at - sum(f.length) over (order by f.at) as run
                        from card_field f
                        where f.layout = p_layout and f.area = y.area and f.encoding in ('bcd', 'digits', 'time')) z
                    group by z.run) r), '{}') as digits,
            min(y.at) filter (where y.encoding = 'sum') as sum_at,
            min(y.at) filter (where y.encoding = 'step') as step_at,
            coalesce(array_agg(y.name order by y.seq) filter (where y.holds), '{}') as names,
            coalesce(array_agg(y.encoding order by y.seq) filter (where y.holds), '{}') as encodings,
            coalesce(array_agg(y.at order by y.seq) filter (where y.holds), '{}') as ats,
            coalesce(array_agg(y.length order by y.seq) filter (where y.holds), '{}') as lengths,
            coalesce(array_agg(case when not y.in_steps then round(10::numeric ^ -y.decimals, y.decimals) end order by y.seq) filter (where y.holds), '{}') as units
        from (
            select f.area, f.seq, f.name, f.at, f.length, f.encoding, f.decimals, f.in_steps,
                f.encoding not in ('const', 'length', 'sum', 'reserved', 'mac') as holds,
                case f.encoding when 'const' then f.constant
                    when 'length' then substring(int8send(ca.payload_size) from 9 - f.length for f.length) end as bytes
            from card_field f
            join card_area ca on ca.layout = f.layout and ca.area = f.area
            where f.layout = p_layout) y
        group by y.area) x
    where a.layout = p_layout and a.area = x.area;
end $$;

-- Draws from card_update_bit what parameters_of needs: a repeated field is one range.
create function rules.prepare_flags(p_layout text) returns void
language plpgsql as $$
begin
    update card_layout y
    set flag_bits = x.bits, flag_sfis = x.sfis, flag_ats = x.ats, flag_lengths = x.lengths
    from (
        select coalesce(array_agg(r.bit order by r.bit, r.ord, r.seq), '{}') as bits,
            coalesce(array_agg(r.sfi order by r.bit, r.ord, r.seq), '{}') as sfis,
            coalesce(array_agg(r.at order by r.bit, r.ord, r.seq), '{}') as ats,
            coalesce(array_agg(r.length order by r.bit, r.ord, r.seq), '{}') as lengths
        from (
            select z.bit, z.ord, z.sfi, min(z.seq) as seq, min(z.at) as at, sum(z.length)::int as length
            from (
                select u.bit, u.ord, a.sfi, f.seq, coalesce(f.at, 0) as at, coalesce(f.length, a.size) as length,
                    coalesce(f.at, 0) - sum(coalesce(f.length, a.size)) over (partition by u.bit, u.ord order by f.seq) as run
                from card_update_bit u
                join card_area a on a.layout = u.layout and a.area = u.area
                left join card_field f on f.layout = u.layout and f.area = u.area and f.base = u.field
                where u.layout = p_layout) z
            group by z.bit, z.ord, z.sfi, z.run) r) x
    where y.name = p_layout;
end $$;

create function rules.get_number(p_bytes bytea, p_at int, p_length int) returns bigint
language sql immutable parallel safe
return ('x' || lpad(encode(substring(p_bytes from p_at + 1 for p_length), 'hex'), 16, '0'))::bit(64)::bigint;

create function rules.sum_of(p_bytes bytea, p_from int, p_to int) returns int
language plpgsql immutable parallel safe as $$
declare
    total int := 0;
begin
    for i in p_from .. p_to loop
        total := total + get_byte(p_bytes, i);
    end loop;
    return total & 255;
end $$;

create function rules.blank(p_bytes bytea) returns boolean
language sql immutable parallel safe
return p_bytes is null or encode(p_bytes, 'hex') ~ '^(0*|f*)$';

-- Sampling steps as one byte: 0 = 0.01, 1 = 0.1, 2 = 1, 3 = 10 (ours).
create function rules.step_of(p_code int) returns numeric
language sql immutable parallel safe
return case p_code when 0 then 0.01 when 1 then 0.1 when 2 then 1 when 3 then 10 end;

-- A time as a card has it, 'YYMMDDhhmm' or 'YYYYMMDDhhmmss', to read. A meter whose clock is wrong wrote a day that is none: it is
-- unknown, '', like no time.
create function rules.time_of(p_digits text) returns text
language plpgsql immutable parallel safe as $$
declare
    t constant text := case length(p_digits) when 10 then '20' || p_digits || '00' else p_digits end;
    year constant int := substr(t, 1, 4)::int;
    month constant int := substr(t, 5, 2)::int;
    day constant int := substr(t, 7, 2)::int;
    clock constant int := substr(t, 9, 4)::int;
begin
    if year = 0 or month not between 1 and 12 or day = 0 or clock > 2400 or clock % 100 > 59
        or substr(t, 13, 2)::int > 59 or clock = 2400 and substr(t, 13, 2)::int > 0
        or day > 28 and day > extract(day from make_date(year, month, 1) + interval '1 month - 1 day') then
        return '';
    end if;
    return substr(t, 1, 4) || '-' || substr(t, 5, 2) || '-' || substr(t, 7, 2) || ' ' || substr(t, 9, 2) || ':' || substr(t, 11, 2)
        || case length(p_digits) when 10 then '' else ':' || substr(t, 13, 2) end;
end $$;

-- The values of one area, or null where its constants, length, digits or sum are wrong. MACs are checked by rules.mac_fits.
-- p_step null: taken from the record's own step field. p_names: what is wanted of it, null: all but the rates.
create function rules.decode_area(p_layout text, p_area text, p_bytes bytea, p_step numeric, p_names text[] default null) returns jsonb
language plpgsql stable as $$
declare
    a card_area;
begin
    select * into a from card_area where layout = p_layout and area = p_area;
    return rules.decode_record(a, p_bytes, p_step, p_names);
end $$;

-- The same, for who knows the area.
create function rules.decode_record(a onecard.card_area, p_bytes bytea, p_step numeric, p_names text[] default null) returns jsonb
language plpgsql stable as $$
declare
    step numeric := p_step;
    hex constant text := encode(p_bytes, 'hex');
    wanted text[] := p_names;
    name text;
    i int;
    v text;
    vals text[] := '{}';
begin
    if hex is null or length(hex) <> length(a.mask) or hex not like a.mask then
        return null;
    end if;
    for i in 1 .. cardinality(a.digits) / 2 loop
        if ltrim(substr(hex, a.digits[i][1], a.digits[i][2]), '0123456789') <> '' then
            return null;
        end if;
    end loop;
    if a.sum_at is not null and get_byte(p_bytes, a.sum_at) <> rules.sum_of(p_bytes, 1, a.payload_at + a.payload_size - 1) then
        return null;
    end if;
    if step is null and a.step_at is not null then
        step := rules.step_of(get_byte(p_bytes, a.step_at));
        if step is null then
            return null;
        end if;
    end if;
    if wanted is null then
        wanted := a.names;
    end if;
    foreach name in array wanted loop
        i := array_position(a.names, name);
        v := substr(hex, a.ats[i] * 2 + 1, a.lengths[i] * 2);
        vals := array_append(vals, case a.encodings[i]
            when 'bcd' then (v::numeric * a.units[i])::text
            when 'digits' then v
            when 'hex' then upper(v)
            when 'time' then rules.time_of(v)
            when 'step' then step::text
            when 'i32' then (('x' || v)::bit(32)::int * coalesce(a.units[i], step))::text
            when 'minutes' then case when v ~ '^0*$' then ''
                else to_char(timestamp '2020-01-01' + ('x' || lpad(v, 16, '0'))::bit(64)::bigint * interval '1 minute', 'YYYY-MM-DD HH24:MI') end
            else (('x' || lpad(v, 16, '0'))::bit(64)::bigint * coalesce(a.units[i], step))::text end);
    end loop;
    return jsonb_object(wanted, vals);
end $$;

-- Refuses a value that its field has no room for: OC057.
create function rules.refuse_value(p_layout text, p_area text, p_name text, p_step numeric) returns void
language plpgsql stable as $$
declare
    f card_field;
    label text;
    most numeric;
begin
    select * into f from card_field where layout = p_layout and area = p_area and name = p_name;
    most := case
        when f.encoding in ('bcd', 'digits') then 100::numeric ^ f.length - 1
        when f.encoding = 'i32' then 2147483647
        when f.encoding in ('u8', 'u16', 'u24', 'u32') then 256::numeric ^ f.length - 1 end;
    select e.value ->> 'label' into label
    from card_layout y, jsonb_array_elements(y.document -> 'areas') x, jsonb_array_elements(x.value -> 'fields') e
    where y.name = p_layout and x.value ->> 'area' = p_area and e.value ->> 'name' = f.base;
    perform rules.refuse('OC057', 'what', coalesce(label, p_name),
        'limit', coalesce(trim_scale(most * case when f.in_steps then p_step else 10::numeric ^ -f.decimals end)::text, ''));
end $$;

-- A record with its sum filled in, where its area has one.
create function rules.summed(a onecard.card_area, p_bytes bytea) returns bytea
language sql immutable parallel safe
return case when a.sum_at is null then p_bytes
    else set_byte(p_bytes, a.sum_at, rules.sum_of(p_bytes, 1, a.payload_at + a.payload_size - 1)) end;

-- The bytes of one area: absent values are zero; constants, length and sum are filled in, MAC bytes stay zero.
create function rules.encode_area(p_layout text, p_area text, p_values jsonb, p_step numeric) returns bytea
language plpgsql stable as $$
declare
    a card_area;
begin
    select * into a from card_area where layout = p_layout and area = p_area;
    return rules.encode_record(a, p_values, p_step);
end $$;

-- The same, for who knows the area.
create function rules.encode_record(a onecard.card_area, p_values jsonb, p_step numeric) returns bytea
language plpgsql stable as $$
declare
    names constant text[] := a.names;
    b bytea := a.blank;
    k text;
    v text;
    n numeric;
    part bytea;
begin
    for i in 1 .. cardinality(names) loop
        if not p_values ? names[i] then
            continue;
        end if;
        k := names[i];
        v := p_values ->> k;
        if a.encodings[i] in ('u8', 'u16', 'u24', 'u32', 'i32') then
            n := v::numeric / coalesce(a.units[i], p_step);
            if n <> trunc(n) or n >= 1::bigint << a.lengths[i] * 8 - (a.encodings[i] = 'i32')::int
                or n < (case when a.encodings[i] = 'i32' then -2147483648 else 0 end) then
                perform rules.refuse_value(a.layout, a.area, k, p_step);
            end if;
            part := substring(int8send(n::bigint) from 9 - a.lengths[i] for a.lengths[i]);
        elsif a.encodings[i] in ('bcd', 'digits') then
            n := v::numeric / a.units[i];
            if n <> trunc(n) or n < 0 or length(trunc(n)::text) > a.lengths[i] * 2 then
                perform rules.refuse_value(a.layout, a.area, k, p_step);
            end if;
            part := decode(lpad(trunc(n)::text, a.lengths[i] * 2, '0'), 'hex');
        elsif a.encodings[i] = 'time' then
            part := decode(case when v = '' then repeat('00', a.lengths[i])
                else to_char(v::timestamp, case a.lengths[i] when 7 then 'YYYYMMDDHH24MISS' else 'YYMMDDHH24MI' end) end, 'hex');
        elsif a.encodings[i] = 'step' then
            part := decode(case v::numeric when 0.01 then '00' when 0.1 then '01' when 1 then '02' when 10 then '03' end, 'hex');
        elsif a.encodings[i] = 'hex' then
            part := decode(v, 'hex');
        else
            continue;
        end if;
        if part is null or length(part) <> a.lengths[i] then
            perform rules.refuse_value(a.layout, a.area, k, p_step);
        end if;
        b := overlay(b placing part from a.ats[i] + 1);
    end loop;
    return rules.summed(a, b);
end $$;
